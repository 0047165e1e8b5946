"""The windows of a report: its period, what it is compared with, and the day as of which each is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xfdocs.errors import PeriodAhead, PeriodInvalid
from xfdocs.reports.asking import Window
from xfdocs.rules.period import Period

NOW, BEFORE, YEAR_BEFORE, SO_FAR = "本期", "上期", "去年同期", "累计"


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a report by the names that definitions use."""

    period: Period
    as_of: dt.date
    """截止日: the last day of the period if it is over, else the day of the run."""
    over: bool
    """Whether the period had ended on the day of the run: on its last day it still goes on."""
    known_from: dt.date | None
    """The day of the first record there is; nothing is known of a window that ended before it (R36)."""

    @classmethod
    def of(cls, period: Period, on: dt.date, known_from: dt.date | None) -> Windows:
        """The windows of a period as seen on a day. Raises `PeriodAhead` for one that has not begun."""
        if period.first > on:
            raise PeriodAhead(period=period.name)
        return cls(period, min(on, period.last), on > period.last, known_from)

    def window(self, name: str) -> Window | None:
        """The window of that name; None if there is no data for it.

        上期 and 去年同期 are looked at as of their own end, as the reports of that time were; of a
        period that is not over they are as long as in full.
        """
        try:
            period = {
                NOW: lambda: self.period,
                BEFORE: self.period.before,
                YEAR_BEFORE: self.period.year_before,
                SO_FAR: self.period.so_far,
            }[name]()
        except (PeriodInvalid, ValueError, OverflowError):
            return None
        if self.known_from is None or period.last < self.known_from:
            return None
        return Window(
            period.first, period.last, min(self.as_of, period.last), self.over or period.last < self.as_of
        )

    def head(self, name: str) -> str:
        """The head of a column, as people read it: 本月, 上季度, 去年同月, 本年累计 …"""
        unit = self.period.unit
        return {
            NOW: f"本{unit}",
            BEFORE: f"上{unit}",
            YEAR_BEFORE: "上年" if unit == "年" else f"去年同{unit.removesuffix('度')}",
            SO_FAR: "本年累计",
        }.get(name, name)
