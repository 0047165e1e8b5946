"""File names that every system takes, and names read from a package that none should.

A package is unpacked on systems nobody has thought of yet.  So its names keep the strictest rules at
once: those of Windows (what a name may hold, and names of devices), of macOS (which rewrites names in
another normal form) and of Linux (a name of at most 255 bytes, with room for what tools put behind it).
What comes with a package that somebody else wrote is judged by the same rules, before anything is done with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

LONGEST = 180
"""Bytes of a name of ours, in UTF-8; systems allow 255."""
_LIMIT = 255
"""Bytes of a name on common file systems."""
_LONGEST_EXTENSION = 16
"""A dot and so many bytes at the end are an extension; anything longer is part of the name."""
_NAMELESS = "未命名"

_LOOKALIKE = str.maketrans('<>:"|?*%', "＜＞：＂｜？＊％")
"""Forbidden by Windows; the percent sign by BagIt programs that decode it, or do not (RFC 8493 2.1.3).

A Chinese name reads the same with the full-width form.  A slash becomes no lookalike but a line: it is no part of any name.
"""
_SEPARATORS = str.maketrans("/\\", "__")
_FORBIDDEN = frozenset('<>:"|?*')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
)
"""Names of devices on Windows, with any extension (learn.microsoft.com, Naming Files, Paths, and Namespaces)."""
_END = re.compile(r"[\s.]+$")
"""Windows drops blanks and dots at the end of a name, and BagIt programs any blank at the end of a line."""
_DRIVE = re.compile(r"[A-Za-z]:")


def safe_name(name: str, *, longest: int = LONGEST) -> str:
    """*name*, of a file as somebody sent it, as one name that every system takes; the extension stays.

    The same name gives the same answer, and an answer is its own answer.
    """
    text = unicodedata.normalize("NFC", name).translate(_LOOKALIKE).translate(_SEPARATORS)
    text = unicodedata.normalize("NFC", "".join(c for c in text if not _invisible(c)))
    stem, extension = _cut_in_two(_END.sub("", text.strip()))
    if stem.startswith("."):  # hidden on Unix, and easily lost
        stem = f"_{stem[1:]}"
    stem = stem.strip()
    if _is_device(stem):
        stem = f"_{stem}"
    stem = _shortened(stem, longest - len(extension.encode()))
    return (stem if extension else _END.sub("", stem)) + extension or _NAMELESS


class Names:
    """The names of one folder: each is taken once, whatever a system makes of capitals and accents."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {same_key(name) for name in taken}
        self._last: dict[str, int] = {}
        """How far the numbers of a name have come: ten thousand files of one name need no search."""

    def take(self, name: str, *, longest: int = LONGEST) -> str:
        """`safe_name`, with ``-2``, ``-3`` … before the extension if somebody was here first."""
        wanted = candidate = safe_name(name, longest=longest)
        stem, extension = _cut_in_two(wanted)
        number = self._last.get(same_key(wanted), 1)
        while same_key(candidate) in self._taken:
            number += 1
            end = f"-{number}{extension}"
            candidate = _shortened(stem, longest - len(end.encode())) + end
        self._last[same_key(wanted)] = number
        self._taken.add(same_key(candidate))
        return candidate


def same_key(name: str) -> str:
    """What two names have in common that some system takes for one (Unicode 3.13, D145: canonical caseless match)."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


class PathFlaw(StrEnum):
    """Why a path inside a package cannot be trusted (`unsafe`), or will not do on every system."""

    EMPTY = "空的一段"
    ABSOLUTE = "绝对路径"
    DRIVE = "带盘符"
    PARENT = "含有 .."
    BACKSLASH = "含有反斜杠"
    CONTROL = "含有控制字符或看不见的字符"
    RESERVED = "Windows 的设备名"
    FORBIDDEN = "含有 Windows 不允许的字符"
    ENDING = "以空格或点结尾"
    NOT_NFC = "不是 Unicode NFC 形式"
    LONG = "名称太长"

    @property
    def unsafe(self) -> bool:
        """Whether following it may lead out of the package, or to something else than what one reads."""
        return self in {
            PathFlaw.EMPTY, PathFlaw.ABSOLUTE, PathFlaw.DRIVE, PathFlaw.PARENT, PathFlaw.BACKSLASH, PathFlaw.CONTROL,
        }  # fmt: skip


_ODD = re.compile(
    rf"""(?:^|/)(?:\.{{0,2}}(?:/|$)|(?:{"|".join(map(re.escape, sorted(_DEVICES)))})[ ]*(?:[./]|$))|[\s.](?:/|$)|[\\<>:"|?*]""",
    re.IGNORECASE,
)
"""Something in a path that one has to look at; what has nothing of it is fine, as nearly all are."""


def path_flaws(path: str) -> tuple[PathFlaw, ...]:
    """What is wrong with a path (``/`` between its names) that is to lie inside a package; nothing, if it is one of ours."""
    plain = path.isprintable() and len(path) * 4 <= _LIMIT and unicodedata.is_normalized("NFC", path)
    return () if plain and _ODD.search(path) is None else _looked_at(path)


def _looked_at(path: str) -> tuple[PathFlaw, ...]:
    pieces = path.split("/")
    stems = [piece.split(".")[0].rstrip(" ").lower() for piece in pieces]
    found = {
        PathFlaw.ABSOLUTE: path.startswith(("/", "\\")),
        PathFlaw.DRIVE: _DRIVE.match(path) is not None,
        PathFlaw.PARENT: ".." in path.replace("\\", "/").split("/"),
        PathFlaw.EMPTY: any(piece in {"", "."} for piece in pieces[path.startswith("/") :]),
        PathFlaw.BACKSLASH: "\\" in path,
        PathFlaw.CONTROL: not path.isprintable() and any(_invisible(c) for c in path),
        PathFlaw.RESERVED: any(stem in _DEVICES for stem in stems),
        PathFlaw.FORBIDDEN: not _FORBIDDEN.isdisjoint(path),
        PathFlaw.ENDING: any(_END.search(piece) is not None and piece not in {".", ".."} for piece in pieces),
        PathFlaw.NOT_NFC: not unicodedata.is_normalized("NFC", path),
        PathFlaw.LONG: any(len(piece.encode("utf-8", "surrogatepass")) > _LIMIT for piece in pieces),
    }
    return tuple(flaw for flaw in PathFlaw if found[flaw])


def collisions(paths: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different paths that some system takes for one, or where one is a file and a folder for others.

    Each group is sorted, and so are the groups.
    """
    files: dict[str, set[str]] = defaultdict(set)
    folders: dict[str, str] = {}
    """Each folder, and the first file inside."""
    for path in sorted(paths):
        files[same_key(path)].add(path)
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = path
            folder = folder.rpartition("/")[0]
    spellings: dict[str, set[str]] = defaultdict(set)
    for folder in folders:
        spellings[same_key(folder)].add(folder)
    groups = {tuple(sorted(same)) for same in (*files.values(), *spellings.values()) if len(same) > 1}
    for key, same in spellings.items():
        if key in files:
            groups.add(tuple(sorted({*files[key], folders[min(same)]})))
    return sorted(groups)


def shown(path: str) -> str:
    """A path as one can print it: what is no character, or not to be seen, is escaped."""
    if path.isprintable():
        return path
    return "".join(c.encode("unicode_escape").decode() if _invisible(c) else c for c in path)


def _invisible(c: str) -> bool:
    """Control and format characters (that turn text round, or hide), lone surrogates, line separators, no characters at all."""
    if c.isascii():
        return c < " " or c == "\x7f"
    return unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or ord(c) & 0xFFFE == 0xFFFE


def _is_device(name: str) -> bool:
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


def _cut_in_two(name: str) -> tuple[str, str]:
    """A name and its extension with the dot, if it has one."""
    stem, dot, extension = name.rpartition(".")
    if (
        not dot
        or not extension
        or any(map(str.isspace, extension))
        or len(extension.encode()) > _LONGEST_EXTENSION
    ):
        return name, ""
    return stem or _NAMELESS, f".{extension}"


def _shortened(text: str, longest: int) -> str:
    """The beginning of *text* that takes at most so many bytes, whole characters."""
    return (
        text.encode()[: max(longest, 0)].decode("utf-8", "ignore").rstrip()
        if len(text.encode()) > longest
        else text
    )
