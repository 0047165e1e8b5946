"""OLE2 compound files ([MS-CFB]): what doc, xls, ppt, WPS and Outlook files are made of."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from xfdocs.archive.formats import Formats, Identified, Rule, Trait
from xfdocs.archive.peek import Peek

_FREE = 0xFFFFFFF0
"""Sector numbers from here on are marks."""
_ENTRIES = 8192
"""More streams than an office file has."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream or a storage."""

    name: str
    kind: int
    """1 a storage, 2 a stream, 5 the root."""
    start: int
    size: int


class Compound:
    """The directory of a compound file, and how its streams begin; of a damaged one, what can be read."""

    def __init__(self, file: Peek) -> None:
        self._file = file
        head = file.head[:512].ljust(512, b"\0")
        shift, self._mini = struct.unpack_from("<HH", head, 30)
        self._sector = 1 << min(shift, 12) if shift >= 7 else 512
        directory, self._cutoff = struct.unpack_from("<I4xI", head, 48)
        self._fat = struct.unpack_from("<109I", head, 76)
        self._chained, _ = struct.unpack_from("<II", head, 68)
        self.entries = self._read_directory(directory)
        self.names = {entry.name for entry in self.entries}

    def _place(self, sector: int) -> int:
        return (sector + 1) * self._sector

    def _next(self, sector: int) -> int:
        """The sector after *sector*, by the allocation table; a mark at the end of a chain."""
        per = self._sector // 4
        block = sector // per
        if block < len(self._fat):
            table = self._fat[block]
        else:  # a file of more than 7 MB: the rest of the table is listed in a chain of its own
            table = self._chained
            hops, at = divmod(block - len(self._fat), per - 1)
            for _ in range(min(hops, 4096)):
                table = self._number(self._place(table) + (per - 1) * 4) if table < _FREE else _FREE
            table = self._number(self._place(table) + at * 4) if table < _FREE else _FREE
        return self._number(self._place(table) + sector % per * 4) if table < _FREE else _FREE

    def _number(self, place: int) -> int:
        data = self._file.read(place, 4)
        return int.from_bytes(data, "little") if len(data) == 4 else _FREE

    def _read_directory(self, sector: int) -> list[Stream]:
        found: list[Stream] = []
        seen: set[int] = set()
        while sector < _FREE and sector not in seen and len(found) < _ENTRIES:
            seen.add(sector)
            data = self._file.read(self._place(sector), self._sector)
            for at in range(0, len(data) - 127, 128):
                length, kind = struct.unpack_from("<HB", data, at + 64)
                if kind in {1, 2, 5} and 2 <= length <= 64:
                    name = data[at : at + length - 2].decode("utf-16-le", "replace")
                    start, size = struct.unpack_from("<II", data, at + 116)
                    found.append(Stream(name, kind, start, size))
            sector = self._next(sector)
        return found

    def start(self, name: str, length: int = 64) -> bytes:
        """How the stream *name* begins, up to the end of its first sector; nothing if it is not there."""
        for entry in self.entries:
            if entry.kind == 2 and entry.name == name:
                length = min(length, entry.size)
                if entry.size >= self._cutoff:
                    return self._file.read(self._place(entry.start), min(length, self._sector))
                return self._small(entry.start, min(length, 64))
        return b""

    def _small(self, start: int, length: int) -> bytes:
        """From the small sectors, which stand one after the other in the stream of the root."""
        root = next((entry for entry in self.entries if entry.kind == 5), None)
        if root is None or start >= _FREE:
            return b""
        hops, inside = divmod(start * 64, self._sector)
        sector = root.start
        for _ in range(min(hops, 4096)):
            if sector >= _FREE:
                return b""
            sector = self._next(sector)
        return self._file.read(self._place(sector) + inside, length) if sector < _FREE else b""


# --- what it is -------------------------------------------------------------------------------------------


def compound(file: Peek, formats: Formats, rule: Rule) -> Identified:
    """Which program's file it is, by the names of its streams."""
    inside = Compound(file)
    if not any(entry.kind == 5 for entry in inside.entries):
        return Identified(rule, rule.version(), frozenset({Trait.CUT}))
    key, version, locked = _kind(inside)
    traits = {Trait.ENCRYPTED} if locked else set()
    if inside.names & {"Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}:
        traits.add(Trait.MACROS)
    return formats.found(key, version, *traits)


def _kind(inside: Compound) -> tuple[str, str, bool]:
    """Key, version, and whether it is encrypted."""
    for names, decide in _KINDS:
        if names & inside.names:
            return decide(inside)
    if any(
        entry.name and ord(entry.name[0]) >= 0x3800 for entry in inside.entries
    ):  # how MSI packs its names
        return "msi", "", False
    return "compound", "", False


def _word(inside: Compound) -> tuple[str, str, bool]:
    start = inside.start("WordDocument", 32)
    late = int.from_bytes(start[2:4], "little") >= 0xC1  # nFib: Word 97 and later
    locked = len(start) > 11 and bool(start[11] & 1)  # fEncrypted, [MS-DOC] 2.5.2
    return "doc", "97-2003" if late else "", locked


def _excel(inside: Compound) -> tuple[str, str, bool]:
    name = "Workbook" if "Workbook" in inside.names else "Book"
    return "xls", "8" if name == "Workbook" else "5/95", _filepass(inside.start(name, 512))


def _filepass(start: bytes) -> bool:
    """Whether a workbook begins with the record FILEPASS ([MS-XLS] 2.4.117), after BOF and at most a few others."""
    at = 0
    for _ in range(8):
        kind, length = struct.unpack_from("<HH", start, at) if at + 4 <= len(start) else (0, 0)
        if kind == 0x2F:
            return True
        at += 4 + length
    return False


def _slides(inside: Compound) -> tuple[str, str, bool]:
    token = inside.start("Current User", 16)[12:16]  # headerToken, [MS-PPT] 2.3.2
    return "ppt", "", token == b"\xdf\xc4\xd1\xf3" or "EncryptedSummary" in inside.names


_KINDS: tuple[tuple[frozenset[str], Callable[[Compound], tuple[str, str, bool]]], ...] = (
    (frozenset({"EncryptedPackage"}), lambda _: ("locked", "", True)),
    (frozenset({"WordDocument"}), _word),
    (frozenset({"Workbook", "Book"}), _excel),
    (frozenset({"PowerPoint Document"}), _slides),
    (frozenset({"__properties_version1.0"}), lambda _: ("msg", "", False)),
)
"""Streams that only files of one kind have."""
