"""A span of days as an office names it: a year, a quarter, a month, or from one day to another."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from xfdocs.errors import PeriodInvalid

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = re.compile(
    rf"(?P<year>[0-9]{{4}})(?:Q(?P<quarter>[1-4])|-(?P<month>[0-9]{{1,2}}))?|(?P<first>{_DAY})\.\.(?P<last>{_DAY})"
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the day *first* to the day *last*, both included."""

    first: dt.date
    last: dt.date
    name: str
    """As people read it, e.g. 2026年第三季度."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period of ``2026``, ``2026Q3``, ``2026-10`` or ``2026-10-01..2026-10-31``.

        Raises `PeriodInvalid`, which says what is allowed.
        """
        typed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        match = _SPAN.fullmatch(typed)
        if match is None:
            raise PeriodInvalid(text=text, why="")
        try:
            if match["first"]:
                return cls._between(
                    dt.date.fromisoformat(match["first"]), dt.date.fromisoformat(match["last"])
                )
            year = int(match["year"])
            if match["quarter"]:
                quarter = int(match["quarter"])
                return cls._months(
                    year, 3 * quarter - 2, 3 * quarter, f"{year}年第{'一二三四'[quarter - 1]}季度"
                )
            if match["month"]:
                month = int(match["month"])
                return cls._months(year, month, month, f"{year}年{month}月")
            return cls._months(year, 1, 12, f"{year}年")
        except ValueError as error:
            raise PeriodInvalid(text=text, why="历法里没有这一天或者这个月。") from error

    @classmethod
    def _between(cls, first: dt.date, last: dt.date) -> Self:
        if last < first:
            raise PeriodInvalid(text=f"{first}..{last}", why="后一天早于前一天。")
        return cls(first, last, f"{first}至{last}")

    @classmethod
    def _months(cls, year: int, first: int, last: int, name: str) -> Self:
        _, days = calendar.monthrange(year, last)
        return cls(dt.date(year, first, 1), dt.date(year, last, days), name)
