"""An office folder: `xfdocs.toml` → Office, frozen.  An unknown key is an error, not a wish.

The folder holds ``xfdocs.toml``; ``cases/``, one record a case with its attachments beside it;
``templates/<slug>/``, the office's own wording or layout of a kind, piece by piece;
``regulations/``, its own limits and grounds; ``calendars/``, official working-day tables that came
after this release; ``issued/`` and ``register/``, what was issued and the book of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from xfdocs.errors import OfficeInvalid, OfficeNotFound
from xfdocs.pdf_by import PdfBy
from xfdocs.tables import Table

CONFIG = "xfdocs.toml"
_PETITION_OFFICES = ("信访局", "信访办公室", "信访办", "信访工作办公室", "信访中心")
"""How the names of 党委和政府信访部门 end."""


class Nature(StrEnum):
    """What the law asks of an organ differs by what it is (条例22 22, 23)."""

    PETITION_OFFICE = "信访部门"
    """党委和政府信访部门 (22)."""
    COMPETENT = "有权处理机关"
    """Any other organ (23)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """An organ in whose name this office prints documents, or to which matters go."""

    name: str
    """机关全称, as it signs; never an internal section."""
    nature: Nature = Nature.COMPETENT
    code: str = ""
    """机关代字, the beginning of its document numbers, e.g. 云信."""
    superior: str = ""
    """上一级机关、单位: decides on 复查 of its opinions (条例22 35)."""
    contact: str = ""
    """联系人."""
    phone: str = ""
    address: str = ""
    """Where letters and visits go."""
    postcode: str = ""
    inquiry: str = ""
    """How a petitioner asks about progress (条例22 18·1), a whole phrase."""
    head: str = ""
    """发文机关标志, where it is not the full name."""
    vertical: bool = False
    """垂直管理: 复查 goes to the superior department."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSetting:
    """What an office settles about one document kind."""

    layout: str = ""
    """Another layout than the kind's own, e.g. ``redhead`` for 督办函."""
    number: str = ""
    """Form of the number, with ``{year}`` and ``{n}``, e.g. ``云信告字〔{year}〕{n}号``."""
    copies: int = 0
    """份数."""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSetting:
    """What an office settles about its reports."""

    monthly_due: int = 5
    """统计月报: the day of the next month by which it is due."""
    return_due: int = 3
    """信访工作月报告登记表: likewise."""
    targets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Targets by the id of an indicator: I03 → ``>=100%``; words without a number are printed, not compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSetting:
    """What an office settles about its archive; without a 全宗号 nothing can be packed."""

    fonds: str = ""
    """全宗号, given by the archives authority."""
    fonds_name: str = ""
    """全宗名称; empty: the office's full name."""
    model: str = "案卷"
    """案卷 (专业档案, 一案一卷) or 件 (文书档案, DA/T 22-2015)."""
    number: str = ""
    """Form of the 档号; empty: that of the model."""
    unit: str = ""
    """机构（问题）代码 in the 档号."""
    order: str = "results-first"
    """Order inside a volume: a file of ``schemas/archive/orders`` or of the office's own ``archive-orders``."""
    pages: int = 200
    """A volume has at most so many pages."""
    container: str = "folder"
    """folder, zip or tar."""
    sha512: bool = False
    """Digests by SHA-512 beside those by SHA-256."""
    access: bool = True
    """Make copies for reading (PDF/A) of pictures and office files."""
    used: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The last 件号 or 案卷号 used before this program, by the beginning of the 档号: ``J021-ZY·XF·2026·D30-`` → 57."""

    signing: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """``[archive.signing]`` as it stands; `xfdocs.archive.credentials` reads it when something is to be signed."""

    @property
    def form(self) -> str:
        """Form of the 档号."""
        return self.number or _ARCHIVE_FORMS[self.model]


_ARCHIVE_FORMS = {
    "案卷": "{fonds}-ZY·XF·{year}·{retention}-{n:4}",
    "件": "{fonds}-WS·{year}-{retention}-{unit}-{n:4}",
}
"""专业档案 by the example of domain rules of local archives; DA/T 22-2015 5.4.2."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Office:
    """Everything an office has settled. Two of them are equal only if they are one: so they can key caches."""

    folder: Path
    organ: Organ
    """The office itself."""
    organs: Mapping[str, Organ]
    """Every organ it prints for, itself included, by full name."""
    profile: str = "national"
    """Which local rules apply beside the national ones: a file of ``schemas/regulations/local``."""
    kinds: Mapping[str, KindSetting] = field(default_factory=lambda: MappingProxyType({}))
    """Settings by slug of a kind."""
    fonts: tuple[Path, ...] = ()
    """Font files of the office's own, tried first."""
    pdf_by: PdfBy = PdfBy.WEASYPRINT
    """What sets its PDF."""
    cases: str = "cases"
    """Folder of the records, inside the office folder."""
    issued: str = "issued"
    """Folder of the issued documents, inside the office folder, one folder a case."""
    register: str = ""
    """URL of the register's database, as SQLAlchemy writes it; empty: SQLite in the office's folder ``register``."""
    numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Forms of the office's own numbers by what distinguishes the series: 受 → ``云信受字〔{year}〕{n}号``."""
    used: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The last number used before this program, by series and year: ``云信受字〔2026〕`` → 57."""
    reports: ReportSetting = ReportSetting()
    archive: ArchiveSetting = ArchiveSetting()
    procedure_list: str = ""
    """Version of the 法定途径清单 in use (R41), e.g. ``2026年版``."""

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """The office of a folder that has an `xfdocs.toml`.

        Raises:
            OfficeNotFound: there is none.
            OfficeInvalid: it is not TOML, names an unknown key or lacks a needed one.
        """
        folder = Path(folder).resolve()
        path = folder / CONFIG
        if not path.is_file():
            raise OfficeNotFound(where=folder)
        return cls(folder=folder, **_read(Table.read(path, OfficeInvalid)))

    @classmethod
    def nearest(cls, start: Path) -> Self:
        """The office of *start* or of the nearest folder above it."""
        try:
            start = start.resolve()
        except RuntimeError as error:  # until Python 3.13: links that lead in a circle
            raise OfficeNotFound(where=start) from error
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls.open(folder)
        raise OfficeNotFound(where=start)

    @cached_property
    def names(self) -> frozenset[str]:
        """Full names of all organs the office prints for."""
        return frozenset(self.organs)

    def printing_with(self, by: PdfBy) -> Self:
        """This office, as it is if *by* sets its PDF anyway; else another one that differs in nothing more."""
        return self if by is self.pdf_by else replace(self, pdf_by=by)

    def setting(self, slug: str) -> KindSetting:
        """What the office has settled about a kind; the defaults if nothing."""
        return self.kinds.get(slug, _DEFAULT_SETTING)

    def acting(self, organ: str) -> Organ | None:
        """The organ of that full name if the office prints for it; None for a stranger."""
        return self.organs.get(organ)

    def organ_called(self, name: str) -> Organ:
        """The organ of that full name: as the office's list has it; of a stranger, what the name alone tells.

        A 信访局 is one whether it stands in the list or not: what it owes is 条例22 22, never 23.
        """
        known = self.organs.get(name)
        if known is not None:
            return known
        stranger = Nature.PETITION_OFFICE if name.endswith(_PETITION_OFFICES) else Nature.COMPETENT
        return Organ(name=name, nature=stranger)

    def piece(self, *parts: str) -> Path | None:
        """A file of the office's own that takes the place of a shipped one, if it is there."""
        path = self.folder.joinpath(*parts)
        return path if path.exists() else None


_DEFAULT_SETTING = KindSetting()


def _read(table: Table) -> dict[str, Any]:
    """The keyword arguments of `Office` in `xfdocs.toml`."""
    if "office" not in table:
        raise table.wrong("缺少 [office] 一节")
    office = table.section("office")
    own = {key: office.take(key, str, default) for key, default in _OWN.items()}
    if not _FOLDER.fullmatch(own["issued"]) or own["issued"] in {own["cases"], *_KEPT_FOLDERS}:
        raise office.wrong(f"issued 是单位文件夹里专放已发文书的一个文件夹的名字，现为“{own['issued']}”")
    organ = _organ(office, Nature.PETITION_OFFICE)
    register = table.section("register")
    reports = _reports(table.section("reports"))
    archive = _archive(table.section("archive"))
    settings = {
        **own,
        "organ": organ,
        "organs": _organs(organ, table),
        "kinds": MappingProxyType({slug: _setting(entry) for slug, entry in table.tables("kinds")}),
        "fonts": _fonts(table.section("fonts")),
        "pdf_by": _pdf_by(table.section("render")),
        **_numbers(table.section("numbers"), archive.used),
        "register": register.take("url", str, ""),
        "reports": reports,
        "archive": archive,
    }
    register.close()
    table.close()
    return settings


_OWN = {"profile": "national", "cases": "cases", "issued": "issued", "procedure_list": ""}
"""What [office] settles beside what every organ has, and what holds where it does not."""


_FOLDER = re.compile(r"[^/\\.\s][^/\\\s]*")
_KEPT_FOLDERS = frozenset(
    {
        "templates",
        "regulations",
        "calendars",
        "register",
        "indicators",
        "books",
        "reports",
        "archive",
        "archive-orders",
    }
)
"""What lies in an office folder under a name of its own."""


def _organ(table: Table, nature: Nature) -> Organ:
    organ = Organ(
        name=table.take("name", str),
        nature=table.choice("nature", Nature, nature.value),
        **_plain(table, Organ, leaving={"name", "nature"}),
    )
    if organ.code and not _is_form(f"{organ.code}字〔{{year}}〕{{n}}号"):
        raise table.wrong(f"code 是机关代字，不含空格、换行和括号，现为“{organ.code}”")
    table.close()
    return organ


def _organs(own: Organ, table: Table) -> Mapping[str, Organ]:
    organs = {own.name: own}
    for entry in table.rows("organ"):
        organ = _organ(entry, Nature.COMPETENT)
        if organ.name in organs:
            raise table.wrong(f"机关“{organ.name}”重复")
        organs[organ.name] = organ
    return MappingProxyType(organs)


def _setting(table: Table) -> KindSetting:
    setting = KindSetting(**_plain(table, KindSetting))
    if setting.number and not _is_form(setting.number):
        raise table.wrong(f"number 应写作{_FORM_SPOKEN}，现为“{setting.number}”")
    if not 0 <= setting.copies <= _MOST_COPIES:
        raise table.wrong(f"copies 应为 1 至 {_MOST_COPIES} 份，现为 {setting.copies}")
    table.close()
    return setting


def _plain(table: Table, cls: type, leaving: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a class that have a plain default, as the table has them; of the default's type."""
    plain = (f for f in fields(cls) if f.name not in leaving)
    return {f.name: table.take(f.name, type(f.default), f.default) for f in plain}


def _fonts(table: Table) -> tuple[Path, ...]:
    files = tuple(table.file.parent / name for name in table.texts("files", []))
    table.close()
    if absent := [str(file) for file in files if not file.is_file()]:
        raise table.wrong(f"字体文件不存在：{'、'.join(absent)}")
    return files


def _pdf_by(table: Table) -> PdfBy:
    by = table.choice("pdf_engine", PdfBy, Office.pdf_by.value)
    table.close()
    return by


def _reports(table: Table) -> ReportSetting:
    targets = MappingProxyType(table.section("targets").entries(str))
    days = {
        name: table.take(name, int, getattr(_DEFAULT_REPORTS, name)) for name in ("monthly_due", "return_due")
    }
    for name, day in days.items():
        if not 1 <= day <= _LAST_SAFE_DAY:
            raise table.wrong(f"{name} 是次月的第几日，应为 1 至 {_LAST_SAFE_DAY}，现为 {day}")
    table.close()
    return ReportSetting(**days, targets=targets)


_DEFAULT_REPORTS = ReportSetting()
_LAST_SAFE_DAY = 28
"""Every month has it."""


def _archive(table: Table) -> ArchiveSetting:
    used = table.section("used").entries(int)
    chosen: dict[str, Any] = {
        name: table.one_of(name, some, getattr(_DEFAULT_ARCHIVE, name))
        for name, some in _ARCHIVE_CHOICES.items()
    }
    signing = MappingProxyType(table.take("signing", dict, {}))
    plain = _plain(table, ArchiveSetting, leaving={"used", "signing", *chosen})
    setting = ArchiveSetting(**chosen, **plain, used=MappingProxyType(used), signing=signing)
    if not _ARCHIVE_FORM.fullmatch(setting.form) or "{year}" not in setting.form:
        raise table.wrong(
            "number 是档号的写法，写明 {fonds}、{year}、{retention}，末尾是 {n:4}（四位流水号），"
            f"如 {_ARCHIVE_FORMS['案卷']}，现为“{setting.number}”"
        )
    if not 1 <= setting.pages <= _MOST_COPIES:
        raise table.wrong(f"pages 是每卷最多页数，应为 1 至 {_MOST_COPIES}，现为 {setting.pages}")
    for start, last in used.items():
        if not 1 <= last <= _MOST_NUMBERS:
            raise table.wrong(f"[archive.used] 的“{start}”应写启用本程序以前用到第几号，现为 {last}")
        if not re.fullmatch(_archive_start(setting), start):
            what = setting.form.partition("{n")[0].format(
                fonds=setting.fonds, unit=setting.unit, year=2026, retention="D30"
            )
            raise table.wrong(
                f"[archive.used] 的“{start}”不是本单位档号的开头，它不起作用，用过的号会重复；应当如“{what}”"
            )
    table.close()
    return setting


def _archive_start(setting: ArchiveSetting) -> str:
    """The beginnings of the office's 档号, before their figure, as a pattern."""
    known = {"{fonds}": re.escape(setting.fonds), "{unit}": re.escape(setting.unit)}
    known |= {"{year}": "[0-9]{4}", "{retention}": "(?:Y|D30|D10)"}
    pieces = re.split(r"(\{[a-z]+\})", setting.form.partition("{n")[0])
    return "".join(known.get(piece, re.escape(piece)) for piece in pieces)


_DEFAULT_ARCHIVE = ArchiveSetting()
_ARCHIVE_CHOICES = {"model": ("案卷", "件"), "container": ("folder", "zip", "tar")}
_ARCHIVE_FORM = re.compile(r"(?:[^{}\s/\\]|\{(?:fonds|year|retention|unit)\})+\{n:[1-8]\}")


def _numbers(table: Table, archive: Mapping[str, int]) -> dict[str, Mapping[str, Any]]:
    section = table.section("used")
    used, forms = section.entries(int), table.entries(str)
    for series, last in used.items():
        if not 1 <= last <= _MOST_NUMBERS or not _SERIES.fullmatch(series):
            what = f'“{series}”应写作 "云信受字〔2026〕" = 57：启用本程序以前用到第几号'
            raise section.wrong(what)
    for name, form in forms.items():
        if not _is_form(form):
            raise table.wrong(f"“{name}”应写作{_FORM_SPOKEN}，现为“{form}”")
    return {"numbers": MappingProxyType(forms), "used": MappingProxyType({**used, **archive})}


def _is_form(text: str) -> bool:
    """Whether the numbers of this form are written as GB/T 9704-2012 7.2.5 has them, so that R23 accepts them in a record."""
    return bool(_FORM.fullmatch(text)) and text.isprintable()


_FORM = re.compile(r"[^〔〕\[\]［］【】{}\s]*[^〔〕\[\]［］【】{}\s\d第]〔\{year\}〕\{n\}号")
_FORM_SPOKEN = "“代字〔{year}〕{n}号”，不加“第”字（GB/T 9704-2012 7.2.5），如 云信受字〔{year}〕{n}号"
_SERIES = re.compile(r"[^〔〕]+〔[0-9]{4}〕")
_MOST_NUMBERS = 999_999_999
"""More than any database's whole numbers is a slip."""
_MOST_COPIES = 9_999
