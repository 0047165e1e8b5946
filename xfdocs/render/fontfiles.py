"""Which font files this machine has for which role.

``schemas/fonts.toml`` says what is looked for and where; this module reads the files' own names and
what they may be used for.  It is asked when fonts are prepared and by `xfdocs doctor`, never while
documents are made: opening a thousand fonts takes seconds.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

from xfdocs.resources import shipped

_NAME_IDS = (1, 4, 6, 16)
"""Family, full name, PostScript name, typographic family (OpenType `name`)."""
_RESTRICTED, _NO_SUBSETTING, _BITMAP_ONLY = 0x0002, 0x0100, 0x0200
"""OpenType OS/2 `fsType`."""


class Role(StrEnum):
    """What a face is for; GB/T 9704 names faces by these words."""

    XBS = "小标宋"
    FANG = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    SONG = "宋体"
    RARE = "生僻字"


@dataclass(frozen=True)
class RoleSetting:
    """How a role is served: CSS family, name written into docx, wanted faces in order."""

    css: str
    office: str
    faces: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A face we know by name. *names* are full or PostScript names found in its file."""

    family: str
    names: tuple[str, ...]
    licence: str
    official: bool = False
    package: str = ""
    get: str = ""


@dataclass(frozen=True)
class Catalogue:
    """What ``schemas/fonts.toml`` says."""

    folders: tuple[str, ...]
    roles: dict[Role, RoleSetting]
    faces: dict[str, Wanted]
    packages: dict[str, tuple[str, ...]]
    """Debian package → the files taken from it."""


@dataclass(frozen=True)
class Found:
    """A font in a file: face number *index* of *file*, and what it calls itself."""

    file: Path
    index: int
    family: str
    official: bool = False


@dataclass(frozen=True)
class Refused:
    """A font that was found and cannot be used, and why (Chinese)."""

    file: Path
    why: str


@dataclass(frozen=True)
class Survey:
    """What a search found: per role the usable faces in order of preference."""

    found: dict[Role, tuple[Found, ...]]
    refused: tuple[Refused, ...]


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue of faces."""
    data = tomllib.loads(shipped("schemas", "fonts.toml").read_text("utf-8"))
    return Catalogue(
        folders=tuple(data["folders"]),
        roles={
            Role(name): RoleSetting(t["css"], t["office"], tuple(t["faces"]))
            for name, t in data["roles"].items()
        },
        faces={name: _wanted(name, table) for name, table in data["faces"].items()},
        packages={name: tuple(files) for name, files in data["packages"].items()},
    )


def _wanted(family: str, table: dict[str, Any]) -> Wanted:
    return Wanted(family, names=tuple(table.pop("names")), **table)


def font_folder() -> Path:
    """Where this user's fonts for xfdocs lie, prepared ones included."""
    if own := os.environ.get("XFDOCS_FONTS"):
        return Path(own).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "xfdocs" / "fonts"


def search_folders() -> tuple[Path, ...]:
    """Every folder that is looked into, the user's own first."""
    return (font_folder(), *(Path(name).expanduser() for name in catalogue().folders))


def survey(sources: Iterable[Path], extra: Sequence[Path] = ()) -> Survey:
    """Look for every face of the catalogue in *sources* (folders or files).

    *extra* are font files an office names itself: a face of the catalogue found there goes before
    the same role's others; any other font there serves characters nothing else has.
    The result depends on names and on the order of *sources* alone.
    """
    known = {name: wanted.family for wanted in catalogue().faces.values() for name in wanted.names}
    seen: dict[str, Found] = {}
    own: list[Found] = []
    others: list[Found] = []
    refused: list[Refused] = []
    for from_office, files in ((True, _files(extra)), (False, _files(sources))):
        for file in files:
            for index, names, why in _faces(file, None if from_office else known.keys()):
                family = next((known[name] for name in sorted(names) if name in known), "")
                if why:
                    refused.append(Refused(file, why))
                elif family and family not in seen:
                    seen[family] = Found(file, index, family, catalogue().faces[family].official)
                    if from_office:
                        own.append(seen[family])
                elif not family:
                    others.append(Found(file, index, min(names, default=file.stem)))
    found = {}
    for role, setting in catalogue().roles.items():
        ordered = [seen[family] for family in setting.faces if family in seen]
        ordered.sort(key=lambda face: face not in own)
        found[role] = tuple(ordered if role is not Role.RARE else others + ordered)
    return Survey(found, tuple(refused))


def _files(places: Iterable[Path]) -> Iterator[Path]:
    """Font files in *places*, each once, in an order that does not depend on the file system."""
    seen: set[Path] = set()
    for place in places:
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in inside:
            # What we made ourselves is no source.
            if (
                file.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")
                and "prepared" not in file.parts[-3:-1]
            ):
                real = file.resolve()
                if real not in seen and real.is_file():
                    seen.add(real)
                    yield file


def _faces(file: Path, asked: Set[str] | None) -> Iterator[tuple[int, set[str], str]]:
    """(index, names, why it cannot be used) for the faces of *file* with a name in *asked*, or for all."""
    try:
        with file.open("rb") as opened:
            count = len(TTCollection(opened, lazy=True)) if opened.read(4) == b"ttcf" else 1
            for index in range(count):
                font = TTFont(opened, fontNumber=index, lazy=True)
                names = _names(font)
                if asked is None or names & asked:
                    yield index, names, _objection(font)
    except Exception as fault:  # noqa: BLE001  # a broken font fails in many ways, and one more must do no harm
        if asked is None:
            yield 0, set(), f"读不出：{fault}"


def _names(font: TTFont) -> set[str]:
    names = set()
    for record in font["name"].names:
        if record.nameID in _NAME_IDS:
            try:
                names.add(record.toUnicode())
            except UnicodeDecodeError:  # old Chinese fonts carry names in undeclared encodings
                continue
    return names


def _objection(font: TTFont) -> str:
    """Why the face cannot be embedded in a document, or nothing."""
    if "fvar" in font:
        return "是可变字体，请换用静态字体"
    if "glyf" not in font and "CFF " not in font:
        return "没有轮廓"
    use = font["OS/2"].fsType
    if use & 0xF == _RESTRICTED:
        return "字体许可不允许嵌入文档"
    if use & (_NO_SUBSETTING | _BITMAP_ONLY):
        return "字体许可不允许只嵌入用到的字"
    return ""
