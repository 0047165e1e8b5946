"""A bag in a zip (PKWARE APPNOTE 6.3.10): stored, never compressed.

What takes room in a package — PDF, docx, pictures — is compressed already.  Stored, its bytes lie in the
zip as they are: the same package is the same zip whatever the version of zlib, a flipped bit harms one file
and shows in its digest, and even from half a zip the first half of the files can be taken.  Around the
files every byte is decided by `_local`, `_central` and `_end`, so that it can be compared later.

Reading takes what others compress too (deflate), and believes nothing that is declared.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken
from xfdocs.archive.bag.stores import CHUNK, Broken, Member, read_bytes, read_span, why, write_all

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_PLAIN, _ZIP64 = 20, 45
"""Version needed: 2.0, or 4.5 for more than 4 GB (4.4.3.2)."""
_UNIX: Final = 3 << 8
_FILE: Final = (stat.S_IFREG | 0o644) << 16
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF
_STORED, _DEFLATED = 0, 8
_DIRECTORY: Final = 64 << 20
"""Bytes of a central directory; that of 500 000 files has so many."""
_BIG, _RATIO = 64 << 20, 200
"""A member that unpacks to more than this, and to so many times what it takes, is not unpacked."""

Stamp = tuple[int, int]


def stamp_of(moment: dt.datetime) -> Stamp:
    """Time and date as MS-DOS writes them, in the zone of *moment*; two seconds are one."""
    if not 1980 <= moment.year <= 2107:
        raise ValueError("a zip knows the years 1980 to 2107")
    return (
        moment.hour << 11 | moment.minute << 5 | moment.second // 2,
        (moment.year - 1980) << 9 | moment.month << 5 | moment.day,
    )


def _local(member: Member, stamp: Stamp) -> bytes:
    name = member.name.encode("utf-8", "surrogateescape")
    big = member.size >= _FULL
    extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if big else b""
    size = _FULL if big else member.size
    head = _LOCAL.pack(
        b"PK\x03\x04", _ZIP64 if big else _PLAIN, _UTF8, _STORED, *stamp, member.crc or 0, size, size, len(name), len(extra)
    )  # fmt: skip
    return head + name + extra


def _central(member: Member, stamp: Stamp) -> bytes:
    name = member.name.encode("utf-8", "surrogateescape")
    values = []
    size, offset = member.size, member.offset
    if size >= _FULL:
        values += [size, size]
        size = _FULL
    if offset >= _FULL:
        values.append(offset)
        offset = _FULL
    extra = struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    needed = _ZIP64 if values else _PLAIN
    head = _CENTRAL.pack(
        b"PK\x01\x02", _UNIX | needed, needed, _UTF8, _STORED, *stamp, member.crc or 0, size, size, len(name), len(extra),
        0, 0, 0, _FILE, offset,
    )  # fmt: skip
    return head + name + extra


def _end(count: int, start: int, size: int) -> bytes:
    """The end of the central directory that begins at *start*, in both sizes if one is not enough."""
    big = b""
    if count >= _MANY or start >= _FULL or size >= _FULL:
        big = _END64.pack(
            b"PK\x06\x06", _END64.size - 12, _UNIX | _ZIP64, _ZIP64, 0, 0, count, count, size, start
        )
        big += _LOCATOR.pack(b"PK\x06\x07", 0, start + size, 1)
    count = min(count, _MANY)
    return big + _END.pack(b"PK\x05\x06", 0, 0, count, count, min(size, _FULL), min(start, _FULL), 0)


def _directory(members: Iterable[Member], stamp: Stamp, start: int) -> bytes:
    entries = [_central(member, stamp) for member in members]
    body = b"".join(entries)
    return body + _end(len(entries), start, len(body))


class ZipSink:
    """Writes a bag into an empty file."""

    def __init__(self, place: Path, base: str, stamp: Stamp) -> None:
        self._file = place.open("r+b", buffering=0)
        self._base = base
        self._stamp = stamp
        self._end = 0
        self._members: dict[str, Member] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, name: str, size: int, chunks: Iterable[memoryview]) -> None:
        """A file; the checksum goes into its header afterwards."""
        member = self._next(name, size)
        self._file.seek(member.start)
        crc = 0
        for chunk in chunks:
            crc = zlib.crc32(chunk, crc)
            write_all(self._file.fileno(), chunk)
        self._finish(name, crc)

    def reserve(self, name: str, size: int) -> None:
        """Leave room."""
        self._next(name, size)

    def fill(self, name: str, data: bytes) -> None:
        """Use the room."""
        member = self._members[name]
        if len(data) != member.size:
            raise ValueError(f"{name} was to have {member.size} bytes")
        self._file.seek(member.start)
        write_all(self._file.fileno(), memoryview(data))
        self._finish(name, zlib.crc32(data))

    def finish(self) -> None:
        """The central directory."""
        self._file.seek(self._end)
        write_all(self._file.fileno(), memoryview(_directory(self._members.values(), self._stamp, self._end)))

    def _next(self, name: str, size: int) -> Member:
        member = Member(name=f"{self._base}/{name}", size=size, packed=size, offset=self._end)
        member = replace(member, start=self._end + len(_local(member, self._stamp)))
        self._members[name] = member
        self._end = member.start + size
        return member

    def _finish(self, name: str, crc: int) -> None:
        member = self._members[name] = replace(self._members[name], crc=crc)
        self._file.seek(member.offset)
        write_all(self._file.fileno(), memoryview(_local(member, self._stamp)))


class ZipStore:
    """Reads a zip by its central directory; without one, by what lies at its beginning."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._handle).st_size
        self.folders: tuple[str, ...] = ()
        self._flaws: list[BagFinding] = []
        try:
            with _Careful(os.dup(self._handle)) as file, zipfile.ZipFile(file) as package:
                infos = package.infolist()
        except Exception:  # noqa: BLE001 a broken directory makes zipfile raise nearly anything
            self._flaws.append(
                broken(
                    BagFlaw.CONTAINER,
                    "zip 的目录读不通，可能被截断或损坏；下面只是还找得到的文件",
                )
            )
            self.members = tuple(self._salvaged())
        else:
            self.members = tuple(member for info in infos if (member := self._placed(info)) is not None)
            self._apart()
        self.flaws = tuple(self._flaws)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def chunks(self, member: Member) -> Iterator[memoryview]:
        """The bytes of a member, unpacked; its size and checksum are compared at the end."""
        crc = got = 0
        try:
            for chunk in self._unpacked(member):
                got += len(chunk)
                if got > member.size:
                    raise Broken(broken(BagFlaw.SIZE_LIES, "解出的内容比声明的大，没有再解下去", member.name))
                crc = zlib.crc32(chunk, crc)
                yield chunk
        except OSError as error:
            raise Broken(broken(BagFlaw.UNREADABLE, f"读不出来：{why(error)}", member.name)) from error
        except zlib.error as error:
            raise Broken(broken(BagFlaw.UNREADABLE, "压缩的内容损坏，解不出来", member.name)) from error
        if got < member.size:
            raise Broken(broken(BagFlaw.SIZE_LIES, "内容比声明的短，可能被截断", member.name))
        if member.crc is not None and crc != member.crc:
            raise Broken(broken(BagFlaw.CHECKSUM, "内容与 zip 记载的 CRC-32 不符", member.name))

    def form(self, wanted: tuple[str, ...]) -> list[BagFinding]:
        """Headers, directory, end: everything but the files."""
        flaws = []
        if tuple(member.name for member in self.members) != wanted:
            flaws.append(broken(BagFlaw.FORM, "zip 中文件的次序不是写入时的次序"))
        first = read_bytes(self._handle, 10, 4)
        stamp = struct.unpack("<2H", first) if len(first) == 4 else (0, 0)
        end = 0
        for member in self.members:
            head = _local(member, stamp)
            if member.offset != end or read_bytes(self._handle, member.offset, len(head)) != head:
                flaws.append(broken(BagFlaw.FORM, "zip 中这个文件的头部被改动过", member.name))
            end = member.offset + len(head) + member.packed
        tail = _directory(self.members, stamp, end)
        if self._size != end + len(tail) or read_bytes(self._handle, end, len(tail)) != tail:
            flaws.append(broken(BagFlaw.FORM, "zip 末尾的目录被改动过，或者后面添了东西"))
        return flaws

    def _unpacked(self, member: Member) -> Iterator[memoryview]:
        span = read_span(self._handle, member.start, member.packed)
        if member.method == _STORED:
            yield from span
            return
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        for chunk in span:
            data: bytes | memoryview = chunk
            while data and not engine.eof:
                yield memoryview(engine.decompress(data, CHUNK))
                data = engine.unconsumed_tail
        while not engine.eof and (rest := engine.decompress(b"", CHUNK)):
            yield memoryview(rest)

    def _placed(self, info: zipfile.ZipInfo) -> Member | None:
        """A member of the directory, if it is a file that can be read; else its flaw is noted."""
        name = info.orig_filename
        if name.endswith("/") and not info.file_size:
            return None
        head = read_bytes(self._handle, info.header_offset, _LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            self._flaws.append(broken(BagFlaw.CONTAINER, "目录指的地方不是这个文件，zip 损坏", name))
            return None
        _, _, flags, *_, names, extras = _LOCAL.unpack(head)
        start = info.header_offset + _LOCAL.size
        label = read_bytes(self._handle, start, names)
        method, dense = info.compress_type, info.file_size > _RATIO * info.compress_size
        kind = stat.S_IFMT(info.external_attr >> 16)
        same = label in {_named(info, "utf-8"), _named(info, "cp437")}
        troubles = (
            (
                kind not in {0, stat.S_IFREG, stat.S_IFDIR},
                BagFlaw.SPECIAL,
                "不是普通文件（符号链接等），没有读它",
            ),
            (not same, BagFlaw.CONTAINER, "目录与文件头部的名称不同，zip 损坏或被伪造"),
            ((info.flag_bits | flags) & _ENCRYPTED, BagFlaw.ENCRYPTED, "文件被加密，读不出来"),
            (method not in {_STORED, _DEFLATED}, BagFlaw.METHOD, "压缩方法不认得，读不出来"),
            (info.file_size > _BIG and dense, BagFlaw.DENSE, "解开以后大得不合常理，没有解开"),
        )
        if found := [broken(flaw, what, name) for there, flaw, what in troubles if there]:
            self._flaws += found
            return None
        return Member(
            name=name, size=info.file_size, offset=info.header_offset, start=start + names + extras,
            packed=info.compress_size, method=method, crc=info.CRC,
        )  # fmt: skip

    def _apart(self) -> None:
        """No two members share bytes."""
        end, before = 0, ""
        for member in sorted(self.members, key=lambda one: one.offset):
            if member.offset < end:
                self._flaws.append(
                    broken(BagFlaw.OVERLAP, f"与 {before} 占用同一段内容，zip 损坏或被伪造", member.name)
                )
            end, before = max(end, member.start + member.packed), member.name

    def _salvaged(self) -> Iterator[Member]:
        """What can be found without a directory: stored files one after the other from the beginning."""
        offset = 0
        while True:
            head = read_bytes(self._handle, offset, _LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                return
            _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack(head)
            start = offset + _LOCAL.size + names + extras
            name = read_bytes(self._handle, offset + _LOCAL.size, names)
            extra = read_bytes(self._handle, offset + _LOCAL.size + names, extras)
            if size == packed == _FULL and extra.startswith(b"\x01\x00\x10\x00") and len(extra) >= 20:
                size, packed = struct.unpack_from("<2Q", extra, 4)
            if flags & (_ENCRYPTED | 0x8) or method != _STORED or size != packed or start + size > self._size:
                return
            yield Member(
                name=name.decode("utf-8", "surrogateescape"), size=size, offset=offset, start=start, packed=packed, crc=crc
            )  # fmt: skip
            offset = start + size


class _Careful(io.FileIO):
    """The file as `zipfile` sees it: it reads as much at once as the end of the zip says, which may be the whole of it."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, never more than a directory can have."""
        if size is not None and size > _DIRECTORY:
            raise zipfile.BadZipFile
        return super().read(_DIRECTORY if size is None or size < 0 else size) or b""


def _named(info: zipfile.ZipInfo, encoding: str) -> bytes | None:
    """A name as its bytes stand in the zip."""
    try:
        return info.orig_filename.encode(encoding)
    except UnicodeEncodeError:
        return None
