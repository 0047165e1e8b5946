"""Files that appear together: written under temporary names, made durable, then renamed.

A file that bears its name is whole and on the disk.  A process that is killed leaves hidden temporary
files at most; `sweep` takes them away before the same files are written again.
"""

from __future__ import annotations

import glob
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_SUFFIX = ".part"
_ONE_BY_ONE = 8
"""Up to so many files each is made durable by itself; more are by one order to the whole system, which is faster."""


class Staging:
    """Files on their way. Leaving the block without `commit` takes them away again."""

    def __init__(self) -> None:
        self._staged: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for temporary, _ in self._staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        self._staged.clear()

    def put(self, path: Path, data: bytes, *, mode: int | None = None) -> None:
        """Write *data* for *path* under a temporary name beside it; *mode* are its permissions, if not the usual ones."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}")
        self._staged.append((temporary, path))
        with temporary.open("xb") as file:
            file.write(data)
        if mode is not None:
            temporary.chmod(mode)

    def commit(self, may_replace: Callable[[Path], bool] = lambda _: True) -> list[Path]:
        """Make what was put durable, give it its names, and make the names durable.

        *may_replace* is asked about each path at the last moment; the paths it refused are left as they
        are and returned.
        """
        _make_durable([temporary for temporary, _ in self._staged])
        refused = []
        for temporary, path in self._staged:
            if may_replace(path):
                temporary.replace(path)
            else:
                temporary.unlink()
                refused.append(path)
        _make_durable({path.parent for _, path in self._staged})
        self._staged.clear()
        return refused


def _make_durable(places: Iterable[Path]) -> None:
    """Files and folders, on the disk when this returns."""
    places = list(places)
    if len(places) > _ONE_BY_ONE:
        os.sync()
        return
    for place in places:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, base: str) -> None:
    """Take away what a killed process left half written of the files called *base* (without extension)."""
    for path in folder.glob(f".{glob.escape(base)}.*{_SUFFIX}"):
        path.unlink(missing_ok=True)
