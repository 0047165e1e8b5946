"""A bag in a tar (POSIX.1-2001 pax interchange format): ustar headers, and a pax header before a long or Chinese name.

`tarfile` makes the headers.  What it reads it believes, and what it cannot read it takes for the end, so
that the walk over the members is ours: a header at a time, never more in memory than that.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Self

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken
from xfdocs.archive.bag.stores import Broken, Member, read_bytes, read_span, why, write_all

_BLOCK: Final = tarfile.BLOCKSIZE
_RECORD: Final = tarfile.RECORDSIZE
_NAMES: Final = 1 << 20
"""Bytes that a pax header or a long name may have."""
_PAX, _PAX_ALL, _GNU_NAME, _GNU_LINK = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


def _header(name: str, size: int, time: int) -> bytes:
    """Everything that stands before the bytes of a file; owner and group are nobody's."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, time, 0o644
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _end(length: int) -> bytes:
    """Two blocks of nothing, and more up to a whole record (POSIX: pax, ustar Interchange Format)."""
    return bytes(2 * _BLOCK + -(length + 2 * _BLOCK) % _RECORD)


class TarSink:
    """Writes a bag into an empty file."""

    def __init__(self, place: Path, base: str, time: int) -> None:
        self._file = place.open("r+b", buffering=0)
        self._base = base
        self._time = time
        self._end = 0
        self._reserved: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, name: str, size: int, chunks: Iterable[memoryview]) -> None:
        """A file."""
        start = self._next(name, size)
        self._file.seek(start)
        for chunk in chunks:
            write_all(self._file.fileno(), chunk)
        write_all(self._file.fileno(), memoryview(_padding(size)))

    def reserve(self, name: str, size: int) -> None:
        """Leave room."""
        self._reserved[name] = (self._next(name, size), size)

    def fill(self, name: str, data: bytes) -> None:
        """Use the room."""
        start, size = self._reserved.pop(name)
        if len(data) != size:
            raise ValueError(f"{name} was to have {size} bytes")
        self._file.seek(start)
        write_all(self._file.fileno(), memoryview(data + _padding(size)))

    def finish(self) -> None:
        """The end of a tar."""
        self._file.seek(self._end)
        write_all(self._file.fileno(), memoryview(_end(self._end)))

    def _next(self, name: str, size: int) -> int:
        """Write the header of the next file; where its bytes begin."""
        header = _header(f"{self._base}/{name}", size, self._time)
        self._file.seek(self._end)
        write_all(self._file.fileno(), memoryview(header))
        start = self._end + len(header)
        self._end = start + size + len(_padding(size))
        return start


class TarStore:
    """Reads a tar from its beginning to its end."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._handle).st_size
        self.folders: tuple[str, ...] = ()
        self._flaws: list[BagFinding] = []
        self._time = 0
        try:
            self.members = tuple(self._walk())
        except OSError as error:
            self.members = ()
            self._flaws.append(broken(BagFlaw.CONTAINER, f"tar 读不出来：{why(error)}"))
        self.flaws = tuple(self._flaws)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def chunks(self, member: Member) -> Iterator[memoryview]:
        """The bytes of a member."""
        got = 0
        try:
            for chunk in read_span(self._handle, member.start, member.size):
                got += len(chunk)
                yield chunk
        except OSError as error:
            raise Broken(broken(BagFlaw.UNREADABLE, f"读不出来：{why(error)}", member.name)) from error
        if got < member.size:
            raise Broken(broken(BagFlaw.SIZE_LIES, "内容比声明的短，tar 被截断", member.name))

    def form(self, wanted: tuple[str, ...]) -> list[BagFinding]:
        """Headers, padding, end: everything but the files."""
        flaws = []
        if tuple(member.name for member in self.members) != wanted:
            flaws.append(broken(BagFlaw.FORM, "tar 中文件的次序不是写入时的次序"))
        end = 0
        for member in self.members:
            head = _header(member.name, member.size, self._time)
            close = _padding(member.size)
            if (
                member.offset != end
                or read_bytes(self._handle, member.offset, len(head)) != head
                or read_bytes(self._handle, member.start + member.size, len(close)) != close
            ):
                flaws.append(broken(BagFlaw.FORM, "tar 中这个文件的头部或尾部被改动过", member.name))
            end = member.start + member.size + len(close)
        tail = _end(end)
        if self._size != end + len(tail) or read_bytes(self._handle, end, len(tail)) != tail:
            flaws.append(broken(BagFlaw.FORM, "tar 的末尾被改动过，或者后面添了东西"))
        return flaws

    def _walk(self) -> Iterator[Member]:
        offset = begin = 0
        more: dict[str, str] = {}
        while offset < self._size:
            block = read_bytes(self._handle, offset, _BLOCK)
            if not any(block) and len(block) == _BLOCK:
                return
            try:
                info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            except tarfile.HeaderError:
                self._flaws.append(broken(BagFlaw.CONTAINER, f"tar 第 {offset} 个字节处的文件头损坏"))
                offset = begin = self._resumed(offset + _BLOCK)
                more = {}
                continue
            start = offset + _BLOCK
            if info.type in {_PAX, _PAX_ALL, _GNU_NAME, _GNU_LINK}:
                more |= self._more(info, start)
                offset = start + max(info.size, 0) + -info.size % _BLOCK
                continue
            name, size = more.get("path", info.name), info.size
            if more.get("size", "").isascii() and more.get("size", "").isdigit():
                size = int(more["size"][:20])
            self._time = self._time or int(info.mtime)
            offset = start + max(size, 0) + -size % _BLOCK
            if size < 0 or start + size > self._size:
                self._flaws.append(broken(BagFlaw.SIZE_LIES, "声明的大小超出整个 tar，tar 被截断", name))
                return
            elif any(key.startswith("GNU.sparse") for key in more) or info.type == tarfile.GNUTYPE_SPARSE:
                self._flaws.append(broken(BagFlaw.SPECIAL, "稀疏文件，没有读它", name))
            elif info.isreg():
                yield Member(name=name, size=size, offset=begin, start=start, packed=size)
            elif not info.isdir():
                self._flaws.append(broken(BagFlaw.SPECIAL, "不是普通文件（链接、设备等），没有读它", name))
            begin, more = offset, {}
        self._flaws.append(broken(BagFlaw.CONTAINER, "tar 没有结尾，可能被截断"))

    def _more(self, info: tarfile.TarInfo, start: int) -> dict[str, str]:
        """What a header says about the next one."""
        if not 0 <= info.size <= _NAMES:
            self._flaws.append(broken(BagFlaw.CONTAINER, "tar 的扩展头部大得不合常理", info.name))
            return {}
        data = read_bytes(self._handle, start, info.size)
        if info.type == _GNU_NAME:
            return {"path": data.rstrip(b"\0").decode("utf-8", "surrogateescape")}
        values = {}
        while info.type in {_PAX, _PAX_ALL} and data:
            length, _, _ = data.partition(b" ")
            count = int(length) if length.isdigit() and len(length) < 10 else 0
            key, equals, value = data[len(length) + 1 : count - 1].partition(b"=")
            if not count or not equals:
                self._flaws.append(broken(BagFlaw.CONTAINER, "tar 的扩展头部损坏", info.name))
                break
            values[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
            data = data[count:]
        return values

    def _resumed(self, offset: int) -> int:
        """Where the next header is that makes sense; the end, if there is none."""
        while offset < self._size:
            block = read_bytes(self._handle, offset, _BLOCK)
            if block[257:262] == b"ustar":
                try:
                    tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
                except tarfile.HeaderError:
                    pass
                else:
                    return offset
            offset += _BLOCK
        return self._size
