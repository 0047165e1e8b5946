"""Regulations from TOML: ``schemas/regulations/*.toml``, ``local/*.toml``, and an office's own beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from xfdocs.errors import LawDataInvalid, RegulationMissing
from xfdocs.resources import shipped
from xfdocs.rules.law import NATIONAL, Law
from xfdocs.rules.limits import Unit
from xfdocs.rules.regulations import (
    Actor,
    Article,
    Circumstance,
    Cited,
    Contents,
    Ground,
    KindBasis,
    LimitRule,
    Path,
    Provision,
    Regulation,
    Start,
    SupervisionGround,
)
from xfdocs.tables import Table

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable

    from xfdocs.rules.citation import Citation

_BY = ("path", "ground", "supervision")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Sections:
    """Reads the sections of one file; citations are checked against the file's own articles."""

    shape: Regulation

    def _cite(self, table: Table, text: str) -> Citation:
        try:
            return self.shape.cite_place(text)
        except ValueError:
            raise table.wrong(f"“{text}”不是条款的写法，应如“第三十一条第六项”") from None
        except RegulationMissing as missing:
            raise table.wrong(str(missing)) from None

    def _basis(self, table: Table, key: str = "basis") -> Citation | None:
        text = table.take(key, str, "")
        return self._cite(table, text) if text else None

    def _must(self, table: Table) -> Citation:
        return self._cite(table, table.take("basis", str))

    def _list(self, table: Table, key: str) -> tuple[Citation, ...]:
        return tuple(self._cite(table, text) for text in table.texts(key, []))

    def _verified(self, table: Table) -> bool:
        return table.take("verified", bool, self.shape.verified)

    def _source(self, table: Table) -> str:
        return table.take("source", str, self.shape.source)

    def limit(self, name: str, table: Table) -> LimitRule:
        length = table.take("length", int) if "length" in table else None
        rule = LimitRule(
            id=name,
            name=table.take("name", str),
            of=table.take("of", str, name),
            start=table.choice("start", Start),
            actor=table.choice("actor", Actor),
            unit=table.choice("unit", Unit) if length is not None else Unit.DAYS,
            length=length,
            basis=self._basis(table),
            source=self._source(table),
            verified=self._verified(table),
            when=table.take("when", str, ""),
            maximum=table.take("maximum", bool, False),
            excludes_hearing=table.take("excludes_hearing", bool, False),
            note=table.take("note", str, ""),
        )
        if length is not None and length < 1:
            raise table.wrong(f"length 应为正整数，现为 {length}")
        if (rule.of != name) != bool(rule.when):
            raise table.wrong("of 和 when 应当同时写明：只用于某种情形的期限，写明它是哪一期限的变通")
        if rule.basis is None and not self.shape.local:
            raise table.wrong("缺少 basis")
        return rule

    def citation(self, name: str, table: Table) -> KindBasis:
        def cited(row: Table) -> Cited:
            circumstances = map(Circumstance, row.some_of("circumstances", tuple(Circumstance)))
            result = Cited(frozenset(circumstances), self._list(row, "basis"))
            row.close()
            return result

        return KindBasis(
            kind=name,
            title=table.take("title", str),
            always=self._list(table, "basis"),
            when=tuple(map(cited, table.rows("when"))),
            by=table.some_of("by", _BY, []),
            remedy=self._basis(table, "remedy"),
            note=table.take("note", str, ""),
        )

    def ground(self, name: str, table: Table) -> Ground:
        return Ground(
            code=name,
            title=table.take("title", str),
            text=table.take("text", str),
            kind=table.take("kind", str),
            basis=self._list(table, "basis"),
            local=self.shape.local,
            verified=self._verified(table),
            note=table.take("note", str, ""),
        )

    def supervision(self, name: str, table: Table) -> SupervisionGround:
        return SupervisionGround(
            code=name,
            title=table.take("title", str),
            text=table.take("text", str),
            basis=self._basis(table),
            note=table.take("note", str, ""),
        )

    def path(self, name: str, table: Table) -> Path:
        return Path(
            code=name,
            title=table.take("title", str),
            text=table.take("text", str),
            basis=self._must(table),
            kind=table.take("kind", str, ""),
            handling_clock=table.take("handling_clock", bool),
            remedy=table.take("remedy", bool),
        )

    def contents(self, name: str, table: Table) -> Contents:
        return Contents(
            kind=name,
            parts=table.texts("parts"),
            basis=self._must(table),
            verified=self._verified(table),
            note=table.take("note", str, ""),
        )

    def provision(self, name: str, table: Table) -> Provision:
        return Provision(
            id=name,
            name=table.take("name", str),
            text=table.take("text", str),
            basis=self._basis(table),
            source=self._source(table),
            verified=self._verified(table),
            number=table.take("number", int) if "number" in table else None,
            note=table.take("note", str, ""),
        )


def _articles(table: Table) -> dict[int, Article]:
    articles: dict[int, Article] = {}
    for key, entry in table.tables("article"):
        if not key.isdecimal() or str(int(key)) != key or key == "0":
            raise entry.wrong("条的序号应为正整数")
        items = entry.numbers("items")
        if not items:
            raise entry.wrong("items 应写明每一款的项数，没有项的款写 0")
        articles[int(key)] = Article(int(key), items, entry.take("heading", str, ""))
        entry.close()
    return articles


def read_regulation(file: pathlib.Path, *, local: bool) -> Regulation:
    """One regulation from its file. Raises `LawDataInvalid`: unknown keys, and articles cited that it does not have."""
    table = Table.read(file, LawDataInvalid)
    ended, ended_verified = None, True
    if "ended" in table:
        row = table.section("ended")
        ended, ended_verified = row.take("date", date), row.take("verified", bool)
        row.take("note", str, "")
        row.close()
    shape = Regulation(
        id=table.take("id", str),
        title=table.take("title", str),
        issuer=table.take("issuer", str),
        local=local,
        source=table.take("source", str),
        verified=table.take("verified", bool),
        effective=table.take("effective", date) if not local or "effective" in table else None,
        issued=table.take("issued", date) if "issued" in table else None,
        ended=ended,
        ended_verified=ended_verified,
        in_force_checked=table.take("in_force_checked", bool),
        name=table.take("name", str) if local else "",
        note=table.take("note", str, ""),
        articles=_articles(table),
    )
    if file.stem != shape.id or shape.id == NATIONAL:
        raise table.wrong(f"id 为 {shape.id}，应与文件名相同，且不能是 {NATIONAL}")
    if shape.effective and shape.ended and shape.ended <= shape.effective:
        raise table.wrong("ended 不晚于 effective")
    read = _Sections(shape)
    regulation = replace(
        shape,
        limits=_section(table, "limit", read.limit),
        citations=_section(table, "citation", read.citation),
        grounds=_section(table, "ground", read.ground),
        supervision=_section(table, "supervision", read.supervision),
        paths=_section(table, "path", read.path),
        contents=_section(table, "contents", read.contents),
        provisions=_section(table, "provision", read.provision),
    )
    table.close()
    return regulation


def _section(table: Table, section: str, read: Callable[[str, Table], T]) -> dict[str, T]:
    entries: dict[str, T] = {}
    for name, entry in table.tables(section):
        entries[name] = read(name, entry)
        entry.close()
    return entries


def _newest(folders: Iterable[pathlib.Path]) -> list[pathlib.Path]:
    """The TOML files of the folders; of two with one name, the one from the later folder."""
    return list({file.name: file for folder in folders for file in sorted(folder.glob("*.toml"))}.values())


@lru_cache(maxsize=16)
def _load(folders: tuple[pathlib.Path, ...]) -> Law:
    places = [shipped("schemas", "regulations"), *(folder / "regulations" for folder in folders)]
    national = [read_regulation(file, local=False) for file in _newest(places)]
    local = []
    for file in _newest(place / "local" for place in places):
        rules = read_regulation(file, local=True)
        clocks = rules.limits.keys() | {limit_id for regulation in national for limit_id in regulation.limits}
        for rule in rules.limits.values():
            if rule.of not in clocks:
                raise LawDataInvalid(file=file, what=f"[limit.{rule.id}] 的 of 写明的期限 {rule.of} 不存在")
        local.append(rules)
    national.sort(key=lambda regulation: regulation.effective or date.min)
    return Law(tuple(national), {regulation.id: regulation for regulation in local})


def load_law(folders: tuple[pathlib.Path, ...] = (), profile: str = NATIONAL) -> Law:
    """The shipped regulations, and those in ``regulations/`` and ``regulations/local/`` of each office folder.

    An office's file replaces the shipped one of the same name whole; another name adds a regulation or
    a profile. *profile* is the id or the short name of a local one. Read once in a process for the
    same folders. Raises `LawDataInvalid`, and `RegulationMissing` for an unknown profile.
    """
    return _load(tuple(folders)).with_profile(profile)
