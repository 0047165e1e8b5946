"""What a bag lies in: a folder, a zip or a tar, each written and read without the other two knowing.

Writing goes to a `Sink`, which is given the files in order, and at the end what was not known before.
Reading goes through a `Store`, which lists what is there and never raises for what is broken.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from xfdocs.archive.bag.findings import BagFinding

CHUNK = 1 << 20
"""Bytes that are read at once."""
_FAR = 1 << 62
"""No file reaches so far; who says so is broken."""


class Container(StrEnum):
    """What a bag lies in."""

    FOLDER = "folder"
    ZIP = "zip"
    TAR = "tar"

    @property
    def suffix(self) -> str:
        """What the name of such a package ends in."""
        return "" if self is Container.FOLDER else f".{self.value}"


class Broken(Exception):
    """A member cannot be read as it was declared. Stays inside the bag's rooms; for users it becomes a finding or an error."""

    def __init__(self, finding: BagFinding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in a store."""

    name: str
    """With the folder of the bag, in zip and tar; below it, in a folder."""
    size: int
    """Bytes as declared."""
    offset: int = 0
    """Where its header begins."""
    start: int = 0
    """Where its bytes begin."""
    packed: int = 0
    """How many bytes it takes in the container."""
    method: int = 0
    """Zip's number of the compression; 0 is none."""
    crc: int | None = None
    """CRC-32 as declared."""


class Sink(Protocol):
    """Where a bag is written to."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def add(self, name: str, size: int, chunks: Iterable[memoryview], /) -> None:
        """The next file, of *size* bytes that come in *chunks*."""

    def reserve(self, name: str, size: int) -> None:
        """The next file; its bytes are known later."""

    def fill(self, name: str, data: bytes) -> None:
        """The bytes of a reserved file, as many as were said."""

    def finish(self) -> None:
        """Everything was added and filled."""


class Store(Protocol):
    """Where a bag is read from."""

    members: tuple[Member, ...]
    """Regular files in the order in which they lie, whatever their names."""
    flaws: tuple[BagFinding, ...]
    """What was found while listing them."""
    folders: tuple[str, ...]
    """Folders that hold nothing."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def chunks(self, member: Member) -> Iterator[memoryview]:
        """The bytes of a member; each chunk is good until the next. Raises `Broken`."""

    def form(self, wanted: tuple[str, ...], /) -> list[BagFinding]:
        """Every byte outside the members that is not what we write, if the members were *wanted*, in this order."""


def read_span(handle: int, start: int, size: int) -> Iterator[memoryview]:
    """So many bytes of an open file, from a place; fewer, if it ends before."""
    if not 0 <= start < _FAR:
        return
    view = memoryview(bytearray(min(CHUNK, max(size, 1))))
    while size > 0:
        got = os.preadv(handle, [view[: min(len(view), size)]], start)
        if not got:
            return
        yield view[:got]
        start += got
        size -= got


def write_all(handle: int, data: memoryview) -> None:
    """All of it: the system may take less at once."""
    while data:
        data = data[os.write(handle, data) :]


def read_bytes(handle: int, start: int, size: int) -> bytes:
    """A small span at once."""
    return b"".join(bytes(chunk) for chunk in read_span(handle, start, size))


_WHY = {
    errno.EIO: "介质或磁盘出错",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件不见了",
    errno.ELOOP: "变成了符号链接",
}


def why(error: OSError) -> str:
    """What the system says, in Chinese where it is one of the usual troubles of reading."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


def container_of(path: Path) -> Container | None:
    """What lies at *path*, by its content; None if it is neither a folder nor a zip nor a tar."""
    if path.is_dir():
        return Container.FOLDER
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would keep us waiting
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        head = read_bytes(handle, 0, 512)
    finally:
        os.close(handle)
    if head[257:262] == b"ustar":
        return Container.TAR
    if head.startswith(b"PK"):
        return Container.ZIP
    return {".zip": Container.ZIP, ".tar": Container.TAR}.get(path.suffix.lower())
