"""How long one has for an act, by the rules of its day: each rule that sets the limit, counted out.

A thousand records ask the same of the law again and again, so its answers are kept.  They hang on nothing but the
regulations in force, and a period on nothing but its rule and its first day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from xfdocs.errors import CalendarMissing, RegulationMissing
from xfdocs.office import Office
from xfdocs.record.obligation import Counted, Ground
from xfdocs.rules import Citation, WorkCalendar
from xfdocs.rules.of_office import calendar_of, law_of
from xfdocs.rules.regulations import LimitRule, Provision


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """One rule that sets a limit.  Two of them are equal only if they are one, so that they can key what was counted."""

    ground: Ground
    rule: LimitRule
    doubt: str
    """What nobody has checked about the rule; empty if all was."""
    calendar: WorkCalendar

    def counted(self, start: dt.date, granted: int = 0, hearing: tuple[dt.date, ...] = ()) -> Counted | None:
        """The period from *start*, longer by *granted* days, without those of a *hearing*; None if an organ names its end."""
        return _count(self, start, granted, hearing) if hearing else _count_again(self, start, granted)


class Book:
    """The rules of an office's law by limit and day."""

    def __init__(self, office: Office) -> None:
        """Raises `LawDataInvalid` and `OfficeInvalid` where the law cannot be loaded."""
        self.law = law_of(office)
        self.calendar = calendar_of(office)
        local = self.law.local
        bounds = {
            day
            for regulation in (*self.law.regulations, *((local,) if local is not None else ()))
            for day in (regulation.effective, regulation.ended)
            if day is not None
        }
        self._turns = sorted(bounds)
        """The days on which the law changes."""
        self._known: dict[tuple[str, int], tuple[Terms, ...]] = {}

    def terms(self, limit_id: str, day: dt.date) -> tuple[Terms, ...]:
        """The rules that set a limit for an act of *day*, the national one first; none if the law of that day has no such limit."""
        key = (limit_id, bisect_right(self._turns, day))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._terms(limit_id, day)
        return found

    def _terms(self, limit_id: str, day: dt.date) -> tuple[Terms, ...]:
        try:
            clock = self.law.clock(limit_id, day)
        except RegulationMissing:
            return ()
        return tuple(
            Terms(
                Ground(limit_id, rule.name, cited(rule), rule is clock.national),
                rule,
                self.law.doubt(rule),
                self.calendar,
            )
            for rule in clock.rules
        )


@lru_cache(maxsize=16)
def book_of(office: Office) -> Book:
    """The rules of an office, made once.  Raises as `Book` does."""
    return Book(office)


def cited(rule: LimitRule | Provision) -> Citation | str:
    """The article of a rule, or its source where there is none."""
    return rule.basis or rule.source


def _count(terms: Terms, start: dt.date, granted: int, hearing: tuple[dt.date, ...]) -> Counted | None:
    try:
        period = terms.rule.run(start, terms.calendar, hearing)
        if period is None:
            return None
        if granted:
            period = period.extended(granted, terms.calendar)
    except CalendarMissing as missing:
        return Counted(None, None, str(missing), terms.doubt)
    except OverflowError:
        return Counted(None, None, "期限的最后一日超出公元9999年，请核对日期", terms.doubt)
    caveat = "；".join(filter(None, (period.note, terms.doubt)))
    return Counted(period.due, period.rolled, f"已延长{granted}日" if granted else "", caveat)


@lru_cache(maxsize=8192)
def _count_again(terms: Terms, start: dt.date, granted: int) -> Counted | None:
    """`_count` of a period that no hearing interrupts, which many records share: a few years of days for a few rules."""
    return _count(terms, start, granted, ())
