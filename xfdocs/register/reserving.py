"""Which documents get a number now, and which have one: decided for a whole chunk in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from xfdocs.errors import NumberTaken
from xfdocs.office import Office
from xfdocs.register.entry import Entry, EntryState, Reservation, Standing, Wanted
from xfdocs.register.journal import Action, Change
from xfdocs.register.recorded import belongs_in_record
from xfdocs.register.rows import WANTED, entries_where, pieces, row_of
from xfdocs.register.series import SeriesBook, number_of
from xfdocs.register.tables import DOCUMENTS

Key = tuple[str, str, int]
"""Case, kind, event: what is issued once."""


@dataclass(slots=True)
class Reserving:
    """One `Register.reserve`, inside its transaction."""

    change: Change
    office: Office
    where: str
    run: str
    alive: Callable[[str], bool]
    """Whether a run, named by its id, is still at work."""
    _known: defaultdict[Key, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _new: list[dict[str, Any]] = field(default_factory=list)
    _changed: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, wanted: Sequence[Wanted]) -> list[Reservation]:
        """The answers in the order asked; numbers are taken in that order."""
        for cases in pieces({one.case for one in wanted}):
            for entry in entries_where(self.change.connection, DOCUMENTS.c.case_id.in_(cases), self.where):
                self._known[entry.case, entry.kind, entry.event].append(entry)
        series = SeriesBook(self.change, self.office)
        answers: dict[Key, Reservation] = {}
        for one in wanted:
            key = one.case, one.kind, one.event
            if key not in answers:
                answers[key] = self._answer(one, self._known[key], series)
            elif any(getattr(one, name) != getattr(answers[key].entry, name) for name in WANTED):
                raise ValueError(f"two different wishes for {key}")
        series.finish()
        self._write()
        return [answers[one.case, one.kind, one.event] for one in wanted]

    def _answer(self, one: Wanted, known: list[Entry], series: SeriesBook) -> Reservation:
        standing = next((entry for entry in known if entry.state is not EntryState.VOID), None)
        if standing is None:
            return self._take(one, known, series)
        if standing.state is EntryState.ISSUED:
            return Reservation(standing, Standing.EXISTING)
        if standing.run != self.run and self.alive(standing.run):
            return Reservation(standing, Standing.BUSY)
        if why := _unfit(standing, one):
            self._void(standing, why)
            return self._take(one, known, series)
        return self._resume(standing, one)

    def _take(self, one: Wanted, known: list[Entry], series: SeriesBook) -> Reservation:
        n = series.take(one.form, one.date.year)
        entry = Entry(
            **{name: getattr(one, name) for name in WANTED},
            id=self.change.new_id(),
            ordinal=max((entry.ordinal for entry in known), default=0) + 1,
            n=n,
            number=number_of(one.form, one.date.year, n),
            state=EntryState.RESERVED,
            run=self.run,
            reserved_at=self.change.at,
        )
        row = row_of(entry)
        self._new.append(row)
        self.change.add(Action.RESERVE, row, entry.id)
        return Reservation(entry, Standing.NEW)

    def _resume(self, standing: Entry, one: Wanted) -> Reservation:
        """The number stays; everything else is as it is wanted now."""
        entry = replace(standing, run=self.run, **{name: getattr(one, name) for name in WANTED})
        if entry != standing:
            self._change(standing, entry, Action.TAKE_OVER)
        return Reservation(entry, Standing.RESUMED)

    def _void(self, standing: Entry, why: str) -> None:
        entry = voided(standing, why, self.change.at)
        self._change(standing, entry, Action.VOID)

    def _change(self, before: Entry, after: Entry, action: Action) -> None:
        old, new = row_of(before), row_of(after)
        different = {name: value for name, value in new.items() if old[name] != value}
        self._changed.append(new)
        self.change.add(action, different, after.id)

    def _write(self) -> None:
        connection = self.change.connection
        if self._changed:  # first, so that what was voided no longer stands in the way
            rows = [{**row, "its_id": row["id"]} for row in self._changed]
            connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == bindparam("its_id")), rows)
        if self._new:
            self._unused([row["number"] for row in self._new if row["n"]])
            connection.execute(insert(DOCUMENTS), self._new)

    def _unused(self, numbers: list[str]) -> None:
        """Two forms may write the same number: 〔{year}〕1{n}号 and 〔{year}〕{n}号 do."""
        twins = {number for number in numbers if numbers.count(number) > 1} if _repeats(numbers) else set()
        for some in pieces(numbers):
            question = select(DOCUMENTS.c.number, DOCUMENTS.c.case_id).where(DOCUMENTS.c.number.in_(some))
            for number, case in self.change.connection.execute(question):
                raise NumberTaken(number=number, case=case)
        for row in self._new:
            if row["number"] in twins:
                raise NumberTaken(number=row["number"], case=row["case_id"])


def _repeats(values: list[str]) -> bool:
    return len(set(values)) < len(values)


def voided(entry: Entry, why: str, at: str) -> Entry:
    """An entry declared void; its record has to say so if it told of it, and has nothing to say if not."""
    return replace(entry, state=EntryState.VOID, why=why, voided_at=at, recorded=not belongs_in_record(entry))


def _unfit(standing: Entry, one: Wanted) -> str:
    """Why a number that was taken cannot be this document's; empty if it can."""
    if standing.form != one.form:
        return "制发没有完成，文号的写法已改，另取新号。"
    if one.form and standing.date.year != one.date.year:
        return "制发没有完成，成文日期已改到另一年，另取新号。"
    return ""
