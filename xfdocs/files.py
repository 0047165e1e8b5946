"""Files that are whole or absent: written under a hidden temporary name, then renamed.

A file that bears its name is complete, and, where it was asked for, on the disk.  A process that is
killed leaves hidden temporary files at most; `sweep` takes them away before the same files are written
again.  What fits in memory is put by `Staging`; what does not, and whole folders, by `appearing`.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_SUFFIX = ".part"
_LONGEST = 180
"""Bytes of a name that leave room for what a temporary one has more; file systems allow 255."""
_ONE_BY_ONE = 8
"""Up to so many files each is made durable by itself; more are by one order to the whole system, which is faster."""


class SweptAway(FileNotFoundError):
    """A file on its way is gone: somebody who makes the same one took it for left behind. Making it again is safe."""


class Staging:
    """Files on their way that appear together. Leaving the block without `commit` takes them away again.

    *durable*: they are on the disk before they bear their names, and the names are before `commit` returns.
    """

    def __init__(self, *, durable: bool = True) -> None:
        self._durable = durable
        self._staged: list[tuple[Path, Path]] = []
        self._folders: set[Path] = set()
        """Where names are new: the folders of the files, and those that hold a folder made for them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for temporary, _ in self._staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        self._staged.clear()

    def put(self, path: Path, data: bytes) -> None:
        """Write *data* for *path* under a temporary name beside it; of a file that is there, the permissions stay."""
        folder = path.parent
        self._folders.add(folder)
        if not folder.is_dir():
            self._folders |= {made.parent for made in (folder, *folder.parents) if not made.exists()}
            folder.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(path)
        self._staged.append((temporary, path))
        with _named(path), temporary.open("xb") as file:
            file.write(data)
            with suppress(FileNotFoundError):
                _keep_access(file.fileno(), path.stat())

    def commit(self, may_replace: Callable[[Path], bool] | None = None) -> list[Path]:
        """Make what was put durable, give it its names, and make the names durable.

        *may_replace* is asked about each path at the last moment; the paths it refused are left as they
        are and returned.  Between its answer and the new name no other process of ours writes there.

        Raises `SweptAway` if somebody has taken a temporary file away; some files may have got their names.
        """
        try:
            return self._commit(may_replace)
        except FileNotFoundError as error:
            raise SweptAway(error.errno, error.strerror, error.filename) from error

    def _commit(self, may_replace: Callable[[Path], bool] | None) -> list[Path]:
        if self._durable:
            _make_durable([temporary for temporary, _ in self._staged])
        refused = []
        with ExitStack() as held:
            if may_replace is not None:
                for folder in sorted(
                    {path.parent for _, path in self._staged}
                ):  # in one order: nobody waits in a circle
                    held.enter_context(_alone_in(folder))
            for temporary, path in self._staged:
                if may_replace is None or may_replace(path):
                    temporary.replace(path)
                else:
                    temporary.unlink()
                    refused.append(path)
        if self._durable:
            _make_durable(self._folders)
        self._staged.clear()
        return refused


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write one file so that it is either whole or as it was."""
    with Staging(durable=durable) as staging:
        staging.put(path, data)
        staging.commit()


@contextmanager
def appearing(path: Path, *, folder: bool = False) -> Iterator[Path]:
    """A place beside *path* to build something big: a folder, or an empty file; if the block ends well it becomes *path*.

    What was built is durable before it bears its name, and the name is before this ends.  If the block
    does not end well, it is taken away.  While the block runs, `sweep` leaves it alone.  Raises
    `FileExistsError` if *path* is there at the last moment: what is whole is never written over.
    """
    named = [
        path.parent,
        *(above.parent for above in (path.parent, *path.parent.parents) if not above.exists()),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    with _named(path):
        temporary.mkdir() if folder else temporary.touch(exist_ok=False)
    handle = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield temporary
        _make_durable([temporary, *temporary.rglob("*")] if folder else [temporary])
        with _alone_in(path.parent):
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            temporary.rename(path)
        _make_durable(named)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:  # the system names no file then
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        os.close(handle)
        _take_away(temporary)


def sweep(folder: Path, *bases: str) -> None:
    """Take away what a killed process left half written of the files and folders called *bases* (with or without extension)."""
    ours = tuple(f".{_short(base)}." for base in bases)
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIX) and entry.name.startswith(ours) and not _held(Path(entry)):
                _take_away(Path(entry))


def _held(place: Path) -> bool:
    """Whether somebody who lives is building there (`appearing`)."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    else:
        return False
    finally:
        os.close(handle)


def _take_away(place: Path) -> None:
    """A temporary file or folder, gone; where it cannot be, it stays for the next sweep."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    """A hidden name beside *path* that nobody else has."""
    return path.with_name(f".{_short(path.name)}.{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}")


def _short(name: str) -> str:
    """A name, or, where a temporary one made of it would be too long, what stands for it."""
    data = os.fsencode(name)
    return name if len(data) <= _LONGEST else hashlib.sha256(data).hexdigest()


def _keep_access(file: int, before: os.stat_result) -> None:
    """Give a new file the owner, the group and the permissions of the one whose place it takes."""
    now = os.fstat(file)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        with suppress(PermissionError):  # only a member gives a file to a group, only root to another owner
            os.fchown(file, -1, before.st_gid)
            os.fchown(file, before.st_uid, -1)
    os.fchmod(file, stat.S_IMODE(before.st_mode))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes of ours; where the file system knows no locks, go on without."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Trouble inside is told of *path*: the system names the temporary file, or, of a full disk, none at all."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _make_durable(places: Iterable[Path]) -> None:
    """Files and folders, on the disk when this returns."""
    places = list(places)
    if len(places) > _ONE_BY_ONE:
        os.sync()
        return
    for place in places:
        with _named(place):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
