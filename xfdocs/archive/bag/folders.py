"""A bag in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken
from xfdocs.archive.bag.stores import Broken, Member, read_span, why, write_all


class FolderSink:
    """Writes the files of a bag below a folder that is there."""

    def __init__(self, place: Path, _base: str, time: int) -> None:
        self._place = place
        self._time = time
        self._made = {place}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, name: str, _size: int, chunks: Iterable[memoryview]) -> None:
        """A file, and the folders it needs."""
        path = self._place / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        with path.open("xb", buffering=0) as file:
            for chunk in chunks:
                write_all(file.fileno(), chunk)
            os.utime(file.fileno(), (self._time, self._time))

    def reserve(self, name: str, size: int) -> None:
        """Nothing: a file of a folder can be written when its bytes are known."""

    def fill(self, name: str, data: bytes) -> None:
        """Write it now."""
        self.add(name, len(data), [memoryview(data)])

    def finish(self) -> None:
        """Nothing is left to do."""


class FolderStore:
    """Reads a folder; symbolic links are never followed, pipes and devices never opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        members: list[Member] = []
        flaws: list[BagFinding] = []
        empty: list[str] = []
        waiting = [("", path)]
        while waiting:
            prefix, folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                flaws.append(broken(BagFlaw.UNREADABLE, f"文件夹读不出来：{why(error)}", prefix))
                continue
            if not entries and prefix:
                empty.append(prefix.removesuffix("/"))
            for entry in entries:
                name = prefix + entry.name
                try:
                    about = entry.stat(follow_symlinks=False)
                except OSError as error:
                    flaws.append(broken(BagFlaw.UNREADABLE, f"读不出来：{why(error)}", name))
                    continue
                if stat.S_ISDIR(about.st_mode):
                    waiting.append((f"{name}/", Path(entry)))
                elif stat.S_ISREG(about.st_mode):
                    members.append(Member(name=name, size=about.st_size, packed=about.st_size))
                else:
                    what = "符号链接" if stat.S_ISLNK(about.st_mode) else "设备或管道"
                    flaws.append(broken(BagFlaw.SPECIAL, f"不是普通文件，是{what}，没有读它", name))
        self.members = tuple(members)
        self.flaws = tuple(flaws)
        self.folders = tuple(empty)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def chunks(self, member: Member) -> Iterator[memoryview]:
        """The bytes of a file, as many as it had when the folder was listed."""
        try:
            handle = os.open(
                self._path / member.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            )
        except OSError as error:
            raise Broken(broken(BagFlaw.UNREADABLE, f"读不出来：{why(error)}", member.name)) from error
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Broken(broken(BagFlaw.SPECIAL, "不是普通文件，没有读它", member.name))
            got = 0
            for chunk in read_span(handle, 0, member.size):
                got += len(chunk)
                yield chunk
            if got != member.size or os.fstat(handle).st_size != member.size:
                raise Broken(broken(BagFlaw.UNREADABLE, "读的时候文件的大小变了", member.name))
        except OSError as error:
            raise Broken(broken(BagFlaw.UNREADABLE, f"读不出来：{why(error)}", member.name)) from error
        finally:
            os.close(handle)

    def form(self, _wanted: tuple[str, ...]) -> list[BagFinding]:
        """A folder has no bytes outside its files."""
        return []
