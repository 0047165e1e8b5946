"""The record files that paths stand for, each once and in a stable order, however many there are."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import overload

from xfdocs.errors import NothingThere

_Run = tuple[str, list[str]]
"""A folder, and names of files in it."""


class RecordFiles(Sequence[Path]):
    """Paths of record files.  What is kept is their names: a million paths take a hundred megabytes, not a thousand."""

    def __init__(self, runs: Iterable[_Run]) -> None:
        self._runs = [run for run in runs if run[1]]
        self._ends = list(accumulate(len(names) for _, names in self._runs))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Path]:
        for folder, names in self._runs:
            for name in names:
                yield Path(folder, name)

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> list[Path]: ...
    def __getitem__(self, index: int | slice) -> Path | list[Path]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        run = bisect_right(self._ends, at)
        folder, names = self._runs[run]
        return Path(folder, names[at - self._ends[run]])


def record_files(paths: Iterable[Path | str]) -> RecordFiles:
    """The record files that paths stand for: files as they are, folders with every ``*.xml`` below them, sorted by their parts.

    Each file once, under the name it comes by first; hidden folders and files are left out, links to folders not
    followed.  Raises `NothingThere` for a folder without any.
    """
    places = [Path(path) for path in paths]
    runs: list[_Run] = []
    for place in places:
        if not place.is_dir():
            runs.append((str(place.parent), [place.name]))
            continue
        inside = [run for run in _below(str(place)) if run[1]]
        if not inside:
            raise NothingThere(where=place)
        runs += inside
    return RecordFiles(runs if len(places) == 1 else _once(runs))


def _below(folder: str) -> Iterator[_Run]:
    """Runs of names in a folder and those below it, in the order of their paths' parts."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((e for e in found if not e.name.startswith(".")), key=lambda e: e.name)
    except OSError:  # a folder that may not be read, or is gone: as if it were empty
        return
    names: list[str] = []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield folder, names
            names = []
            yield from _below(entry.path)
        elif entry.name.endswith(".xml") and _is_file(entry):
            names.append(entry.name)
    yield folder, names


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A file or a link to one; the folder itself knows of most, without a look at each."""
    return entry.is_file(follow_symlinks=False) or Path(entry.path).is_file()


def _once(runs: Iterable[_Run]) -> Iterator[_Run]:
    """The runs without files that came before, under whichever name of their folder."""
    seen: dict[str, set[str]] = {}
    for folder, names in runs:
        before = seen.setdefault(os.path.realpath(folder), set())
        new = [name for name in names if name not in before]
        before.update(new)
        yield folder, new
