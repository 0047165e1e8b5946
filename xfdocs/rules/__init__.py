"""The law as data: which regulation governs a day, what it gives each document to cite, and how time runs.

    law = load_law(profile="浙江")
    calendar = load_calendar()
    law.regulation_on(date(2026, 3, 5)).cite(31, item=6).text      # 《信访工作条例》第三十一条第六项
    limit(date(2026, 3, 5), 60, Unit.DAYS, calendar).rolled        # 2026-05-06

Everything that a change of law changes stands in ``schemas/regulations`` and ``schemas/calendars``.
"""

from xfdocs.rules.calendar import WorkCalendar, load_calendar
from xfdocs.rules.citation import Citation, citations_in, in_order, together
from xfdocs.rules.law import NATIONAL, Clock, ClockRun, Law, Standing
from xfdocs.rules.limits import Limit, Unit, limit
from xfdocs.rules.loading import load_law
from xfdocs.rules.regulations import Actor, Circumstance, Regulation, Start

__all__ = [
    "NATIONAL",
    "Actor",
    "Circumstance",
    "Citation",
    "Clock",
    "ClockRun",
    "Law",
    "Limit",
    "Regulation",
    "Standing",
    "Start",
    "Unit",
    "WorkCalendar",
    "citations_in",
    "in_order",
    "limit",
    "load_calendar",
    "load_law",
    "together",
]
