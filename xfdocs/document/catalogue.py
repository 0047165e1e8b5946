"""The catalogue of document kinds: ``templates/<slug>/kind.toml``, and which events call for which.

A kind is named by its slug or by its Chinese title everywhere.  An office's ``templates/<slug>/``
overrides piece by piece: what it lacks is taken from the shipped folder.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Self

from xfdocs.document.fields import View, event_name, event_view, view_of
from xfdocs.errors import KindInvalid, KindUnknown, OfficeInvalid
from xfdocs.office import CONFIG, Nature, Office
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.derived import actor_of, concerned, named
from xfdocs.record.events import EVENT_KINDS, Event
from xfdocs.record.model import Case, Registration
from xfdocs.record.schema import plan_of
from xfdocs.resources import shipped
from xfdocs.rules.law import Law
from xfdocs.rules.of_office import law_of
from xfdocs.tables import Table

PETITIONER = "信访人"
"""A kind whose recipient is this cannot be addressed when no name is known (条例22 23·2)."""
RECIPIENT_ORGAN = "机关"
ARCHIVE = "存档"
"""Recipient of the forms that stay in the office; they may name everybody."""
_RECIPIENTS = (PETITIONER, RECIPIENT_ORGAN, ARCHIVE)


@dataclass(frozen=True, slots=True)
class Call:
    """What calls for a document: an event of a kind, or the registration, under conditions."""

    event: str = ""
    """Name of the event, e.g. 受理; empty: the registration calls for it."""
    report: bool = False
    """Nothing in a record calls for it: it tells of a period (`xfdocs report`)."""
    archive: bool = False
    """Nothing in a record calls for it: it tells of a package for the archive (`xfdocs archive`)."""
    has: tuple[str, ...] = ()
    """Fields of which the event has at least one, e.g. 途径程序."""
    equals: tuple[tuple[str, str], ...] = ()
    """Fields and the value each must have, e.g. 形式 = 督办单."""
    natures: tuple[str, ...] = ()
    """What the acting organ must be; empty: any."""
    paths: tuple[str, ...] = ()
    """办理路径 of which a claim concerned has one, or none yet; empty: any."""

    @property
    def by_record(self) -> bool:
        """Whether something in a record calls for it."""
        return not (self.report or self.archive)

    @property
    def cause(self) -> str:
        """What calls for it, as people say it."""
        return "报表" if self.report else "归档" if self.archive else self.event or "登记"

    def answers(self, view: View) -> bool:
        """Whether an event or registration calls for the document."""
        if any(getattr(view, name) != value for name, value in self.equals):
            return False
        return not self.has or any(getattr(view, name) for name in self.has)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of document."""

    slug: str
    title: str
    """文种, e.g. 受理告知书."""
    code: str = ""
    """Its place in the list of the field (A1, B1 …)."""
    aliases: tuple[str, ...] = ()
    """Other names people call it."""
    about: str = ""
    """One sentence for `xfdocs kinds`."""
    layout: str
    """Its page family, or the one the office has settled for it."""
    series: str = ""
    """What distinguishes its number series, between 机关代字 and 字: 告 in 云信告字; empty: no number."""
    recipient: str = ""
    """信访人, 机关 or 存档."""
    copies: int = 1
    call: Call = Call()
    wording: Path
    """Its wording.md."""
    folders: tuple[Path, ...] = ()
    """Where its own pieces lie, the office's first."""


@dataclass(frozen=True)
class Catalogue:
    """Every kind an office can make, by slug."""

    kinds: Mapping[str, Kind]

    @classmethod
    def of(cls, office: Office) -> Self:
        """The shipped kinds, the office's own and its overrides."""
        kinds: dict[str, Kind] = {}
        own = office.folder / "templates"
        slugs = {p.parent.name for root in (shipped("templates"), own) for p in root.glob("[!_]*/kind.toml")}
        slugs |= {p.name for p in own.glob("[!_]*") if p.is_dir()}
        _check_settings(office, slugs)
        series = set()
        for slug in sorted(slugs):
            setting = office.setting(slug)
            if setting.enabled or office.numbers or office.used:
                kind = _load(slug, tuple(f for f in (own / slug, shipped("templates") / slug) if f.is_dir()))
                series.add(kind.series)
                if setting.enabled:
                    kinds[slug] = replace(kind, layout=setting.layout or kind.layout)
        _check_numbers(office, series - {""})
        return cls(MappingProxyType(dict(sorted(kinds.items(), key=lambda item: (item[1].code, item[0])))))

    @cached_property
    def _names(self) -> dict[str, Kind]:
        """Every name that means one kind; a code that two kinds share (督办函, 督办单: C4) names neither."""
        named: dict[str, Kind] = {}
        shared: set[str] = set()
        for kind in self.kinds.values():
            for name in filter(None, (kind.slug, kind.title, kind.code, *kind.aliases)):
                if name in named:
                    shared.add(name)
                named[name] = kind
        return {name: kind for name, kind in named.items() if name not in shared}

    def kind(self, name: str) -> Kind:
        """The kind of that slug, title, code or alias. Raises `KindUnknown` with the nearest names."""
        found = self._names.get(name)
        if found is None:
            near = difflib.get_close_matches(name, self._names, n=3, cutoff=0.4)
            raise KindUnknown(name=name, hint=f"是不是：{'、'.join(near)}？" if near else "")
        return found

    def called_for(
        self, case: Case, office: Office, kind: Kind | None = None
    ) -> Iterator[tuple[Kind, Event | None]]:
        """Every document the case calls for, in the order of its events; only *kind* if given.

        An event of an organ this office does not print for calls for nothing here, and a letter to
        petitioners whose names are not known cannot be addressed (条例22 23·2).
        """
        kinds = (kind,) if kind is not None else tuple(self.kinds.values())
        nameless = not named(case)
        registration = view_of(case.registration, "登记")
        for one in kinds:
            if not one.call.event and one.call.equals and one.call.answers(registration):
                yield one, None
        for event in case.events:
            name, view = event_name(type(event)), event_view(event)
            organ = office.acting(actor_of(case, event))
            if organ is None:
                continue
            for one in kinds:
                if one.call.event != name or (nameless and one.recipient == PETITIONER):
                    continue
                if one.call.natures and organ.nature not in one.call.natures:
                    continue
                if one.call.paths and not _takes(one.call.paths, case, event):
                    continue
                if one.call.answers(view) and lawful(one, event.date, law_of(office)):
                    yield one, event


@lru_cache(maxsize=16)
def catalogue_of(office: Office) -> Catalogue:
    """The kinds an office can make, loaded once."""
    return Catalogue.of(office)


def _takes(paths: tuple[str, ...], case: Case, event: Event) -> bool:
    """Whether a claim that the event is about takes one of the paths, or none has been settled for it yet."""
    return any(claim.path is None or claim.path in paths for claim in concerned(case, event))


def lawful(kind: Kind, day: dt.date, law: Law) -> bool:
    """Whether the regulation of that day knows the kind; kinds no regulation names are the office's own."""
    return kind.slug in law.regulation_on(day).citations or not any(
        kind.slug in r.citations for r in law.regulations
    )


def _check_settings(office: Office, slugs: set[str]) -> None:
    """A setting for a kind or with a layout that does not exist is a slip, not a wish."""
    file = office.folder / CONFIG
    layouts = _layouts({shipped("templates"), office.folder / "templates"})
    for slug, setting in office.kinds.items():
        if slug not in slugs:
            raise OfficeInvalid(
                file=file,
                what=f"[kinds.{slug}] 没有代号为 {slug} 的文书种类。可用：{'、'.join(sorted(slugs))}。",
            )
        if setting.layout and setting.layout not in layouts:
            raise OfficeInvalid(
                file=file,
                what=f"[kinds.{slug}] 没有名为“{setting.layout}”的版式。可用：{'、'.join(layouts)}。",
            )


def _check_numbers(office: Office, series: set[str]) -> None:
    """A series that no kind has is a slip: passed over, its numbers would begin at 1 and be given a second time."""
    file = office.folder / CONFIG
    for name in office.numbers:
        if name not in series:
            what = f"[numbers] 没有文种字“{name}”。可用：{'、'.join(sorted(series))}。"
            raise OfficeInvalid(file=file, what=what)
    codes = {f"{organ.code}{name}字" for organ in office.organs.values() if organ.code for name in series}
    own = (*office.numbers.values(), *(setting.number for setting in office.kinds.values()))
    codes |= {form.partition("〔")[0] for form in own if form}
    for name in office.used.keys() - office.archive.used.keys():  # those are said by the form of 档号
        code, _, year = name.partition("〔")
        if code not in codes:
            near = [f"{other}〔{year}" for other in difflib.get_close_matches(code, sorted(codes), n=3)]
            hint = f"是不是：{'、'.join(near)}？" if near else "请核对机关代字和文种字；不再使用的，请删去。"
            what = f"[numbers.used] 没有“{name}”这一系列，它不起作用，用过的号会重复。{hint}"
            raise OfficeInvalid(file=file, what=what)


def _layouts(roots: set[Path]) -> list[str]:
    """The page families that stand in some template folders."""
    return sorted({path.name for root in roots for path in root.glob("_layouts/[!_]*")})


def _load(slug: str, folders: tuple[Path, ...]) -> Kind:
    path = next((f / "kind.toml" for f in folders if (f / "kind.toml").is_file()), None)
    if path is None:
        raise KindInvalid(file=folders[0], what="新的文书种类要有 kind.toml。")
    wording = next((f / "wording.md" for f in folders if (f / "wording.md").is_file()), None)
    if wording is None:
        raise KindInvalid(file=folders[0], what="缺少文稿 wording.md。")
    table = Table.read(path, KindInvalid)
    layouts = _layouts({shipped("templates"), *(folder.parent for folder in folders)})
    kind = Kind(
        slug=slug,
        title=table.take("title", str),
        code=table.take("code", str, ""),
        aliases=table.texts("aliases", []),
        about=table.take("about", str, ""),
        layout=table.take("layout", str),
        series=table.take("series", str, ""),
        recipient=table.one_of("recipient", _RECIPIENTS, ""),
        copies=table.take("copies", int, 1),
        call=_call(table.section("call")),
        wording=wording,
        folders=folders,
    )
    table.close()
    if kind.layout not in layouts:
        raise table.wrong(f"没有名为“{kind.layout}”的版式。可用：{'、'.join(layouts)}")
    return kind


def _call(table: Table) -> Call:
    call = Call(
        event=table.one_of("event", tuple(EVENT_KINDS), ""),
        report=table.take("report", bool, False),
        archive=table.take("archive", bool, False),
        has=table.texts("has", []),
        equals=tuple(table.section("equals").entries(str).items()),
        natures=table.some_of("natures", tuple(Nature), []),
        paths=table.some_of("paths", tuple(ClaimPath), []),
    )
    table.close()
    if not call.by_record:
        if call not in (Call(report=True), Call(archive=True)):
            name = "report" if call.report else "archive"
            raise table.wrong(f"{call.cause}不由案件记录引起，{name} = true 之外不写别的")
        return call
    if not call.event and not call.equals:
        what = '没有写明由什么引起：写 event = "事件名"，由登记引起的写 equals = { "形式" = "来信" }'
        raise table.wrong(what)
    known = plan_of(EVENT_KINDS[call.event] if call.event else Registration).by_zh
    if unknown := [name for name in (*call.has, *dict(call.equals)) if name not in known]:
        asked = f"has、equals 用到“{call.event or '登记'}”里没有的项目：{'、'.join(unknown)}"
        raise table.wrong(f"{asked}。可用：{'、'.join(known)}")
    return call
