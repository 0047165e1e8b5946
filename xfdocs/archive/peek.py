"""Looking into a file here and there, without reading it whole; and lists inside zips."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xfdocs.errors import FileTrouble

HEAD = 64 * 1024
"""Bytes at the beginning that are read in any case."""
_LIST = 16 * 1024 * 1024
"""The longest list of contents of a zip that is read; a longer one is no document's."""

BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    OverflowError,
    MemoryError,
)
"""What zipfile raises for a zip that is damaged or of a kind it does not know."""


class Peek:
    """A file open for looking: where it begins, and any other place."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file = file
        self.size = size
        self.head = self.read(0, HEAD)

    def read(self, at: int, length: int) -> bytes:
        """Up to *length* bytes from *at*; fewer, or none, where the file ends."""
        if at < 0 or length <= 0 or at >= self.size:
            return b""
        self.file.seek(at)
        got = self.file.read(length)
        while len(got) < min(length, self.size - at):  # a raw file may give less than asked
            more = self.file.read(length - len(got))
            if not more:
                break
            got += more
        return got

    def tail(self, length: int) -> bytes:
        """The last *length* bytes."""
        return self.read(max(0, self.size - length), length)


@contextmanager
def peek(source: Path | bytes) -> Iterator[Peek]:
    """Open a file, or bytes, for looking. Raises `FileTrouble` if the file cannot be opened or read."""
    if isinstance(source, bytes):
        yield Peek(io.BytesIO(source), len(source))
        return
    try:
        with source.open("rb", buffering=0) as file:
            yield Peek(file, file.seek(0, io.SEEK_END))
    except OSError as error:
        raise FileTrouble(where=source, why=error.strerror or str(error)) from error


class ListTooLong(zipfile.BadZipFile):
    """A zip of so many files that it is no document; its list is not read."""


class Members:
    """What a zip holds, by its list at the end; small members can be read."""

    def __init__(self, file: Peek) -> None:
        """Raises one of `BAD_ZIP` if there is no list to read, of them `ListTooLong` for one that is not read."""
        end = file.tail(66 * 1024)
        place = end.rfind(b"PK\x05\x06")
        if place < 0 or len(end) - place < 22:
            raise zipfile.BadZipFile("no list at the end")
        length = int.from_bytes(end[place + 12 : place + 16], "little")
        if end[place - 20 : place - 16] == b"PK\x06\x07":  # zip64 says it elsewhere
            record = file.read(int.from_bytes(end[place - 12 : place - 4], "little"), 56)
            length = int.from_bytes(record[40:48], "little")
        if _LIST < length < file.size:
            raise ListTooLong
        self._zip = zipfile.ZipFile(file.file)
        self.infos = {info.filename: info for info in self._zip.infolist()}

    @property
    def locked(self) -> bool:
        """Whether a member is encrypted."""
        return any(info.flag_bits & 1 for info in self.infos.values())

    def __contains__(self, name: str) -> bool:
        return name in self.infos

    def start(self, name: str, length: int = HEAD) -> bytes:
        """The first *length* bytes of a member, unpacked; nothing if it is absent, encrypted or damaged."""
        info = self.infos.get(name)
        if info is None or info.flag_bits & 1:
            return b""
        try:
            with self._zip.open(info) as member:
                return member.read(length)
        except BAD_ZIP:
            return b""

    def damaged(self, most: int) -> str:
        """The first member whose content does not match its checksum; empty if none. Unpacks up to *most* bytes."""
        left = most
        for info in self.infos.values():
            if info.flag_bits & 1 or info.is_dir():
                continue
            try:
                with self._zip.open(info) as member:
                    while left > 0 and (got := member.read(1 << 18)):
                        left -= len(got)
            except BAD_ZIP:
                return info.filename
            if left <= 0:
                break
        return ""
