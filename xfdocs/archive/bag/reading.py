"""A bag as it lies, opened without unpacking it."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final, Self

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken
from xfdocs.archive.bag.folders import FolderStore
from xfdocs.archive.bag.stores import Broken, Container, Member, Store, container_of
from xfdocs.archive.bag.tars import TarStore
from xfdocs.archive.bag.texts import (
    AGENT,
    DECLARATION,
    INFO,
    Manifest,
    manifest_kind,
    manifest_name,
    read_manifest,
    read_tags,
    value_of,
)
from xfdocs.archive.bag.zips import ZipStore
from xfdocs.archive.names import path_flaws
from xfdocs.errors import PackageUnreadable

_TAG_LIMIT: Final = 64 << 20
"""Bytes of a tag file; 400 000 files have a manifest of so many."""
_STORES: Final[Mapping[Container, Callable[[Path], Store]]] = {
    Container.FOLDER: FolderStore,
    Container.ZIP: ZipStore,
    Container.TAR: TarStore,
}


class Bag:
    """A bag in a folder, a zip or a tar. Close it, or use it in a ``with``.

    Opening never fails for what is broken inside: that is in `flaws`, and `check_bag` tells everything.
    """

    def __init__(self, path: Path, container: Container | None, store: Store | None) -> None:
        self.path = path
        self.container: Final = container
        self._store = store
        found = list(store.flaws) if store else []
        if store is None:
            found.append(broken(BagFlaw.NOT_A_BAG, "不是文件夹，也不是 zip 或 tar"))
        self.base: Final = _base(store.members) if store and container is not Container.FOLDER else ""
        """The folder of the bag inside a zip or tar, with the slash at its end."""
        self._members: dict[str, Member] = {}
        for member in store.members if store else ():
            name = member.name.removeprefix(self.base)
            unsafe = [flaw for flaw in path_flaws(member.name) if flaw.unsafe]
            if unsafe:
                found.append(
                    broken(BagFlaw.PATH_UNSAFE, f"路径不安全（{'、'.join(unsafe)}），没有读它", member.name)
                )
            elif not member.name.startswith(self.base):
                found.append(broken(BagFlaw.STRAY, "不在归档包的文件夹里", member.name))
            elif name in self._members:
                found.append(broken(BagFlaw.DUPLICATE, "同名的文件出现两次，只读了第一个", name))
            else:
                self._members[name] = member
        self.flaws: Final = tuple(replace(flaw, path=flaw.path.removeprefix(self.base)) for flaw in found)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The bag at *path*. Raises `OSError` if nothing is there, or it may not be read."""
        container = container_of(path)
        return cls(path, container, _STORES[container](path) if container else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._store is not None:
            self._store.__exit__()

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders that hold nothing."""
        return self._store.folders if self._store else ()

    def names(self) -> tuple[str, ...]:
        """Every file that can be read, below the folder of the bag, sorted: ``bagit.txt``, ``data/METS.xml`` …"""
        return tuple(sorted(self._members))

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Bytes of a file as they are declared. Raises `PackageUnreadable` if it is not there."""
        return self._member(name).size

    def read(self, name: str) -> BinaryIO:
        """The bytes of a file as a stream; where it is broken, or not there, `PackageUnreadable` is raised."""
        self._member(name)
        return io.BufferedReader(_Stream(self, name), 1 << 16)

    def chunks(self, name: str) -> Iterator[memoryview]:
        """The bytes of a file in pieces, each good until the next. Raises `Broken`."""
        if self._store is None or name not in self._members:
            raise Broken(broken(BagFlaw.MISSING, "文件不在包里", name))
        return self._store.chunks(self._members[name])

    def text(self, name: str) -> bytes | None:
        """A tag file, whole; None if it is not there, cannot be read, or is far too big for one."""
        if name not in self._members or self._members[name].size > _TAG_LIMIT:
            return None
        try:
            return b"".join(bytes(chunk) for chunk in self.chunks(name))
        except Broken:
            return None

    @cached_property
    def info(self) -> tuple[tuple[str, str], ...]:
        """The labels and values of bag-info.txt in their order."""
        return read_tags(INFO, self.text(INFO) or b"")[0]

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        """The manifests of payload and tag files by their file names."""
        return {
            name: read_manifest(name, self.text(name) or b"")
            for name in self.names()
            if "/" not in name and manifest_kind(name)
        }

    @cached_property
    def digest(self) -> str:
        """The identity: SHA-256 of the tag manifest, hexadecimal; empty if it has none."""
        data = self.text(manifest_name("sha256", tags=True))
        return "" if data is None else hashlib.sha256(data).hexdigest()

    @property
    def ours(self) -> bool:
        """Whether it says that `write_bag` wrote it, so that every byte of its form can be compared."""
        return value_of(self.info, AGENT[0]) == AGENT[1]

    def form(self, wanted: tuple[str, ...]) -> list[BagFinding]:
        """What differs, outside the files, from what we would write of *wanted*, in this order."""
        if self._store is None:
            return []
        found = self._store.form(tuple(self.base + name for name in wanted))
        return [replace(flaw, path=flaw.path.removeprefix(self.base)) for flaw in found]

    def _member(self, name: str) -> Member:
        if name not in self._members:
            raise PackageUnreadable(package=self.path, file=name, why="包里没有这个文件")
        return self._members[name]


class _Stream(io.RawIOBase):
    """The chunks of a member as a file."""

    def __init__(self, bag: Bag, name: str) -> None:
        self._bag, self._name = bag, name
        self._chunks = bag.chunks(name)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Some bytes; 0 at the end."""
        try:
            while not self._left:
                self._left = next(self._chunks)
        except StopIteration:
            return 0
        except Broken as error:
            raise PackageUnreadable(
                package=self._bag.path, file=self._name, why=error.finding.message
            ) from error
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _base(members: tuple[Member, ...]) -> str:
    """The folder in which the bag lies: that of its bagit.txt, or the one in which most files are."""
    firsts = Counter(
        first
        for member in members
        if (first := member.name.partition("/")[0]) != member.name and not path_flaws(first)
    )
    names = {member.name for member in members}
    if DECLARATION in names:
        return ""
    bags = [first for first in sorted(firsts) if f"{first}/{DECLARATION}" in names]
    if len(bags) == 1:
        return f"{bags[0]}/"
    return f"{firsts.most_common(1)[0][0]}/" if firsts else ""
