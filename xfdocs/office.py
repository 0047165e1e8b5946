"""An office folder: `xfdocs.toml` → Office, frozen.  An unknown key is an error, not a wish.

The folder holds ``xfdocs.toml``; ``cases/``, one record a case with its attachments beside it;
``templates/<slug>/``, the office's own wording or layout of a kind, piece by piece;
``regulations/``, its own limits and grounds; ``calendars/``, official working-day tables that came
after this release; ``issued/`` and ``register/``, what was issued and the book of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from xfdocs.errors import OfficeInvalid, OfficeNotFound

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
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes the mark
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OfficeInvalid(file=path, what=f"不是 UTF-8 编码的 TOML（{error}）。") from error
        return cls(folder=folder, **_read(table, path))

    @classmethod
    def nearest(cls, start: Path) -> Self:
        """The office of *start* or of the nearest folder above it."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls.open(folder)
        raise OfficeNotFound(where=start)

    @cached_property
    def names(self) -> frozenset[str]:
        """Full names of all organs the office prints for."""
        return frozenset(self.organs)

    def setting(self, slug: str) -> KindSetting:
        """What the office has settled about a kind; the defaults if nothing."""
        return self.kinds.get(slug, _DEFAULT_SETTING)

    def acting(self, organ: str | None) -> Organ | None:
        """The organ named by an event, the office itself if the event names none; None if a stranger."""
        return self.organ if organ is None else self.organs.get(organ)

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


def _read(table: dict[str, Any], path: Path) -> dict[str, Any]:
    """The keyword arguments of `Office` in a parsed `xfdocs.toml`."""
    reader = _Reader(path)
    reader.known(table, {"office", "organ", "kinds", "fonts", "numbers", "register"}, "")
    if "office" not in table:
        raise OfficeInvalid(file=path, what="缺少 [office] 一节。")
    own = dict(table["office"])
    extra = {
        "profile": reader.take(own, "profile", str, "national"),
        "cases": reader.take(own, "cases", str, "cases"),
        "issued": reader.take(own, "issued", str, "issued"),
        "procedure_list": reader.take(own, "procedure_list", str, ""),
    }
    own.setdefault("nature", Nature.PETITION_OFFICE.value)
    organ = reader.build(Organ, own, "[office]")
    organs = {organ.name: organ}
    for number, entry in enumerate(table.get("organ", []), start=1):
        other = reader.build(Organ, entry, f"第 {number} 个 [[organ]]")
        if other.name in organs:
            raise OfficeInvalid(file=path, what=f"机关“{other.name}”重复。")
        organs[other.name] = other
    kinds = {
        slug: reader.build(KindSetting, entry, f"[kinds.{slug}]")
        for slug, entry in table.get("kinds", {}).items()
    }
    for slug, setting in kinds.items():
        if setting.number and not setting.number.count("{year}") == setting.number.count("{n}") == 1:
            raise OfficeInvalid(file=path, what=f"[kinds.{slug}] 的 number 应含 {{year}} 和 {{n}}。")
    numbers = reader.section(table, "numbers")
    used = reader.section(numbers, "used")
    for name, form in numbers.items():
        if type(form) is not str or form.count("{year}") != 1 or form.count("{n}") != 1:
            what = f'[numbers] 的“{name}”应为文号的写法，如 "云信受字〔{{year}}〕{{n}}号"。'
            raise OfficeInvalid(file=path, what=what)
    for series, last in used.items():
        if type(last) is not int or last < 1 or not _SERIES.fullmatch(series):
            what = f'[numbers.used] 的“{series}”应写作 "云信受字〔2026〕" = 57：启用本程序以前用到第几号。'
            raise OfficeInvalid(file=path, what=what)
    register = reader.section(table, "register")
    reader.known(register, {"url"}, "[register]")
    fonts = table.get("fonts", {})
    reader.known(fonts, {"files"}, "[fonts]")
    files = tuple(path.parent / name for name in fonts.get("files", []))
    if absent := [str(file) for file in files if not file.is_file()]:
        raise OfficeInvalid(file=path, what=f"[fonts] 写的字体文件不存在：{'、'.join(absent)}。")
    return {
        "organ": organ,
        "organs": MappingProxyType(organs),
        "kinds": MappingProxyType(kinds),
        "fonts": files,
        "numbers": MappingProxyType(numbers),
        "used": MappingProxyType(used),
        "register": reader.take(register, "url", str, ""),
        **extra,
    }


_SERIES = re.compile(r"[^〔〕]+〔[0-9]{4}〕")


class _Reader:
    """Reads tables of one file and says exactly which key is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, table: Mapping[str, Any], names: set[str], where: str) -> None:
        if unknown := sorted(set(table) - names):
            raise OfficeInvalid(
                file=self.path,
                what=f"{where}有不认识的项目：{'、'.join(unknown)}。可用：{'、'.join(sorted(names))}。",
            )

    def section(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        """A section taken out of a table; empty if it is not there."""
        value = table.pop(name, {})
        if not isinstance(value, dict):
            raise OfficeInvalid(file=self.path, what=f"“{name}”应为一节，写作 [{name}]。")
        return dict(value)

    def take(self, table: dict[str, Any], name: str, kind: type, default: Any) -> Any:
        value = table.pop(name, default)
        if not isinstance(value, kind):
            raise OfficeInvalid(file=self.path, what=f"“{name}”的值 {value!r} 类型不对。")
        return value

    def build(self, cls: type, table: Mapping[str, Any], where: str) -> Any:
        if not isinstance(table, Mapping):
            raise OfficeInvalid(file=self.path, what=f"{where}应为一节。")
        self.known(table, {f.name for f in fields(cls)}, where)
        values = dict(self._values(cls, table, where))
        try:
            return cls(**values)
        except TypeError as error:
            raise OfficeInvalid(file=self.path, what=f"{where}缺少必填项 name。") from error

    def _values(self, cls: type, table: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
        for f in fields(cls):
            if f.name not in table:
                continue
            value = table[f.name]
            if f.name == "nature":
                if value not in {n.value for n in Nature}:
                    raise OfficeInvalid(
                        file=self.path, what=f"{where}的 nature 应为“信访部门”或“有权处理机关”。"
                    )
                value = Nature(value)
            elif type(value).__name__ != f.type:
                raise OfficeInvalid(file=self.path, what=f"{where}的 {f.name} 的值 {value!r} 类型不对。")
            yield f.name, value
