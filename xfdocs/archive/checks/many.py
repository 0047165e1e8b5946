"""Checking a whole archive: packages side by side in processes, told in the order they were named.

What was found is kept in a state file as the run goes on, so that a run that was killed is gone on with by running it again,
and a run next week looks only at what was touched since, or not looked at for long enough.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from xfdocs.archive.checks.items import Checklist, checklist
from xfdocs.archive.checks.model import By, Check, Known, Result, Terms, Verified
from xfdocs.archive.checks.numbers import UNIQUE, shared_numbers
from xfdocs.archive.checks.running import verify_package
from xfdocs.archive.checks.state import State, asked_of, print_of
from xfdocs.office import CONFIG, Office
from xfdocs.production.workshop import Casualty, Workshop, gather, open_workshop
from xfdocs.progress import Progress, Silent
from xfdocs.resources import digest_of, shipped

CHUNK = 4
"""Packages a worker takes at a time: a thick one must not keep many thin ones waiting."""


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """Some packages for a worker."""

    items: tuple[tuple[Path, Known | None], ...]
    on: dt.datetime
    terms: Terms


def verify_task(task: VerifyTask) -> Sequence[Verified]:
    """What a worker does."""
    office = _office(task.terms.office, task.on) if task.terms.office is not None else None
    return [
        verify_package(path, on=task.on, known=known, terms=task.terms, office=office)
        for path, known in task.items
    ]


@lru_cache(maxsize=1)
def _office(folder: Path, _run: dt.datetime) -> Office:
    """The office as it is in this run; its law is loaded once."""
    return Office.open(folder)


def verify_many(
    paths: Sequence[Path],
    *,
    on: dt.datetime,
    known: Callable[[Path], Known | None] = lambda _: None,
    numbers: Mapping[str, str] | None = None,
    terms: Terms | None = None,
    jobs: int | None = 1,
    state: Path | None = None,
    age: dt.timedelta = dt.timedelta(0),
    progress: Progress | None = None,
) -> Iterator[Verified]:
    """Check packages, and tell what was found in their order.

    *known* says what the register has of each, *numbers* every 档号 in use → the case it is for; a 档号 that two cases of the
    same run bear is found without it.  *jobs* processes work (None: as many as there are cores).  *state* is the file that keeps
    what was found; a package that was intact not longer than *age* ago, asked the same, and looks as it did, is not opened again.

    Raises:
        OfficeInvalid, OfficeNotFound: the office of *terms* cannot be used.
        WorkersGone: the machine gives no process.
    """
    listed, terms = checklist(), terms or Terms()
    if terms.office is not None:
        Office.open(terms.office)
    kept = State(state, listed) if state is not None else None
    run = _Run(paths, on, known, terms, kept, age, listed)
    shared = dict(numbers or {})
    with open_workshop(jobs if len(paths) > 1 else 1) as workshop:
        for found in run.results(workshop):
            told = replace(found, checks=_unique(found, shared, listed, complete=numbers is not None))
            (progress or Silent()).advance(note=found.package.name)
            yield told
    if kept is not None:
        kept.tidy()


class _Run:
    """One run over an archive."""

    def __init__(
        self,
        paths: Sequence[Path],
        on: dt.datetime,
        known: Callable[[Path], Known | None],
        terms: Terms,
        kept: State | None,
        age: dt.timedelta,
        listed: Checklist,
    ) -> None:
        self._paths = paths
        self._on = on
        self._known = known
        self._terms = terms
        self._kept = kept
        self._age = age
        self._listed = listed
        self._rules = _rules(terms) if kept is not None else ""

    def results(self, workshop: Workshop) -> Iterator[Verified]:
        """Of each package, in order."""
        pieces = self._pieces()
        under_way: deque[tuple[_Piece, VerifyTask, Future[Sequence[Verified]] | None]] = deque()
        while True:
            while len(under_way) <= workshop.width and (piece := next(pieces, None)) is not None:
                task = VerifyTask(tuple(piece.wanted), self._on, self._terms)
                under_way.append((piece, task, workshop.submit(verify_task, task) if task.items else None))
            if not under_way:
                return
            piece, task, future = under_way.popleft()
            results = gather(workshop, verify_task, task, future) if future is not None else []
            yield from self._told(piece, results)

    def _told(
        self, piece: _Piece, results: Sequence[Verified | Casualty[tuple[Path, Known | None]]]
    ) -> list[Verified]:
        new = [self._lost(one) if isinstance(one, Casualty) else one for one in results]
        if self._kept is not None:
            self._kept.keep(
                (found, print_, asked)
                for found, (print_, asked) in zip(new, piece.asked, strict=True)
                if print_ == print_of(found.package)  # nobody touched it while it was being looked at
            )
        fresh = iter(new)
        return [found if found is not None else next(fresh) for found in piece.earlier]

    def _pieces(self) -> Iterator[_Piece]:
        """The packages in pieces of so many that are to be opened, with those in between that are not."""
        piece = _Piece()
        for path in self._paths:
            known = self._known(path)
            known = (
                replace(known, numbers=None) if known is not None else None
            )  # asked here, for all together
            print_ = asked = ""
            found = None
            if self._kept is not None:
                print_ = print_of(path)
                asked = asked_of(self._listed, known, self._terms, self._rules)
                found = self._kept.earlier(path, print_, asked, self._on, self._age)
            piece.earlier.append(found)
            if found is None:
                piece.wanted.append((path, known))
                piece.asked.append((print_, asked))
            if len(piece.wanted) == CHUNK or len(piece.earlier) == CHUNK * CHUNK:
                yield piece
                piece = _Piece()
        if piece.earlier:
            yield piece

    def _lost(self, casualty: Casualty[tuple[Path, Known | None]]) -> Verified:
        """The result for a package that whoever opened it died of."""
        checks = []
        for item in self._listed.items:
            byhand = item.by is By.PERSON
            detail = item.todo if byhand else f"没有检测成：{casualty.why}"
            checks.append(
                Check(item.id, item.nature, item.title, Result.NOT_CHECKED, detail, item.severity, not byhand)
            )
        return Verified(package=casualty.item[0], on=self._on, checks=tuple(checks))


@dataclass(slots=True)
class _Piece:
    """Some packages in order: those that were found intact before, and those a worker is to open."""

    earlier: list[Verified | None] = field(default_factory=list)
    wanted: list[tuple[Path, Known | None]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Of each that is wanted, its print and what it is asked."""


def _unique(
    found: Verified, shared: dict[str, str], listed: Checklist, *, complete: bool
) -> tuple[Check, ...]:
    """The checks of a package, that of its 档号 against all others done anew; its own join the others."""
    item = next(item for item in listed.items if item.id == UNIQUE)
    answer = shared_numbers(found.numbers, found.case, shared) if found.numbers else None
    if answer is not None and answer.result is Result.PASS and not complete:
        answer = None  # nobody said which are in use: that this run knows no other proves nothing
    return tuple(
        Check(one.id, one.nature, one.title, answer.result, answer.detail, item.severity)
        if one.id == UNIQUE and answer is not None
        else one
        for one in found.checks
    )


def _rules(terms: Terms) -> str:
    """Digest of what packages are judged by."""
    places = [("schemas", shipped("schemas"))]
    if terms.office is not None:
        names = (CONFIG, "regulations", "calendars")
        places += [(name, terms.office / name) for name in names]
    return f"{version('xfdocs')} {digest_of(places)}"
