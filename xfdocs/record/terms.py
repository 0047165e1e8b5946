"""How long one has for an act, by the rules of its day: each rule that sets the limit, counted out.

A thousand records ask the same of the law again and again, so the answers are kept: they hang on nothing but
the office, the limit and the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from xfdocs.errors import CalendarMissing, RegulationMissing
from xfdocs.office import Office
from xfdocs.rules import Citation, WorkCalendar
from xfdocs.rules.of_office import calendar_of, law_of
from xfdocs.rules.regulations import LimitRule, Provision

_KEPT = 4096
"""Answers at hand: some years of days for the few limits there are."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A period counted out, as far as it can be."""

    due: dt.date | None
    """The plain last day; None if nobody can say, and *remark* says why."""
    rolled: dt.date | None
    """The next working day where *due* is a day off (民法典 203); None if unknown."""
    remark: str
    """That it was extended, or why there is no last day."""
    caveat: str
    """What is not certain: the rule itself, or how the last day rolls."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """One rule that sets a limit.  Two of them are equal only if they are one, so that they can key what was counted."""

    limit: str
    """Id of the limit."""
    rule: LimitRule
    national: bool
    doubt: str
    """What nobody has checked about the rule; empty if all was."""
    calendar: WorkCalendar

    def counted(self, start: dt.date, granted: int = 0, hearing: tuple[dt.date, ...] = ()) -> Counted | None:
        """The period from *start*, longer by *granted* days, without those of a *hearing*; None if an organ names its end."""
        return _count(self, start, granted, hearing) if hearing else _count_again(self, start, granted)


@lru_cache(maxsize=_KEPT)
def terms_of(office: Office, limit_id: str, day: dt.date) -> tuple[Terms, ...]:
    """The rules that set a limit for an act of *day*, the national one first; none if the law of that day has no such limit.

    Raises `LawDataInvalid` and `OfficeInvalid` where the law cannot be loaded.
    """
    law, calendar = law_of(office), calendar_of(office)
    try:
        clock = law.clock(limit_id, day)
    except RegulationMissing:
        return ()
    return tuple(
        Terms(limit_id, rule, rule is clock.national, law.doubt(rule), calendar) for rule in clock.rules
    )


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


@lru_cache(maxsize=_KEPT)
def _count_again(terms: Terms, start: dt.date, granted: int) -> Counted | None:
    """`_count` of a period that no hearing interrupts, which many records share."""
    return _count(terms, start, granted, ())
