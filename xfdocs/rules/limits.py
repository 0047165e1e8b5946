"""Counting a period: from a start to its last day.

The petition regulations say how long, and whether in 日 or in 工作日, but not how to count. The count
here is that of the Civil Code: the first day does not count (民法典 201); a month ends on its
corresponding day, or on the last of the month where there is none (民法典 202); a last day that is a day
of rest gives way to the next working day (民法典 203). The regulations do not say that the last rule
binds an office, so a `Limit` carries both days: an office plans by ``due``, a citizen may rely on ``rolled``.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from xfdocs.errors import CalendarMissing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xfdocs.rules.calendar import WorkCalendar

_DAY = timedelta(days=1)
_MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """What a limit is counted in, written as it must be printed."""

    DAYS = "日"
    """Calendar days."""
    WORKDAYS = "个工作日"
    MONTHS = "个月"


@dataclass(frozen=True, slots=True)
class Limit:
    """One period, counted out."""

    start: date
    """The day it began; does not count."""
    length: int
    unit: Unit
    due: date
    """Last day by plain counting: what an office plans by."""
    rolled: date | None
    """Last day after 民法典 203; equals ``due`` if that is worked, and for working-day limits always.
    None where the calendar that decides it is not loaded: see `unpublished` and `last_day`."""
    excluded: tuple[date, ...] = ()
    """Days of the period that were not counted (听证, 条例 36·2), in order."""
    unpublished: int | None = None
    """The year whose working days are lacking; None where ``rolled`` is known."""

    @property
    def text(self) -> str:
        """The length as the law writes it, e.g. ``5个工作日``."""
        return f"{self.length}{self.unit}"

    @property
    def note(self) -> str:
        """What to say beside ``due`` where ``rolled`` is unknown; else empty."""
        return f"{self.unpublished}年工作日安排未发布，顺延日待定" if self.unpublished is not None else ""

    def last_day(self, calendar: WorkCalendar) -> date:
        """``rolled``, or `CalendarMissing` where *calendar* cannot tell it (R30)."""
        return calendar.next_workday(self.due) if self.rolled is None else self.rolled

    def days_left(self, on: date) -> int:
        """Days from *on* to ``due``: 0 on the last day, negative after it."""
        return (self.due - on).days

    def extended(self, length: int, calendar: WorkCalendar) -> Limit:
        """The same period, longer by *length* of its own unit: 60日 and 30日 are 90日 from the same start."""
        return limit(self.start, self.length + length, self.unit, calendar, self.excluded)


def add_months(start: date, months: int) -> date:
    """The corresponding day *months* later, or the last day of that month where there is none (民法典 202)."""
    years, month = divmod(start.month - 1 + months, _MONTHS_A_YEAR)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _lengthen(start: date, due: date, days_out: frozenset[date]) -> date:
    """Move *due* on by each day after *start* that does not count, those it then passes included."""
    owed = sum(start < day <= due for day in days_out)
    while owed:
        due += _DAY
        owed -= due not in days_out
    return due


def _workdays(start: date, length: int, calendar: WorkCalendar, days_out: frozenset[date]) -> date:
    day = start
    while length:
        day = calendar.add_workdays(day, 1)
        length -= day not in days_out
    return day


def limit(
    start: date,
    length: int,
    unit: Unit,
    calendar: WorkCalendar,
    excluded: Iterable[date] = (),
) -> Limit:
    """The last day of a period that began on *start*.

    The first day does not count (民法典 201). *length* is in *unit*: calendar days, working days or
    months. *excluded* days, in any order, do not count; each that falls within the period lengthens it by one.

    Calendar days and months are arithmetic and need no calendar: ``due`` is always known. Whether it
    rolls (民法典 203) is known only where the official table of working days is loaded; where not,
    ``rolled`` is None, ``unpublished`` names the year, and ``last_day`` raises. A working-day limit
    that needs a year which is not loaded raises `CalendarMissing` here: it has no plain date, and a
    guessed one is worse than none. `ValueError` if *length* is not positive.
    """
    if length < 1:
        raise ValueError(f"length must be positive, not {length}")
    days_out = frozenset(excluded)
    if unit is Unit.WORKDAYS:
        due = _workdays(start, length, calendar, days_out)
    elif unit is Unit.MONTHS:
        due = _lengthen(start, add_months(start, length), days_out)
    else:
        due = _lengthen(start, start + timedelta(days=length), days_out)
    counted_out = tuple(sorted(day for day in days_out if start < day <= due))
    rolled: date | None = due
    unpublished = None
    if unit is not Unit.WORKDAYS:
        try:
            rolled = calendar.next_workday(due)
        except CalendarMissing as missing:
            rolled, unpublished = None, missing.facts["year"]
    return Limit(start, length, unit, due, rolled, counted_out, unpublished)
