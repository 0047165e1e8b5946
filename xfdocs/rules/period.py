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
    rf"(?P<year>[0-9]{{4}})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>[0-9]{{1,2}}))?|(?P<first>{_DAY})\.\.(?P<last>{_DAY})"
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the day *first* to the day *last*, both included."""

    first: dt.date
    last: dt.date
    name: str
    """As people read it, e.g. 2026年第三季度."""
    months: int = 0
    """1 for a month, 3 for a quarter, 12 for a year; 0 for days named one by one."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period of ``2026``, ``2026H1``, ``2026Q3``, ``2026-10`` or ``2026-10-01..2026-10-31``.

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
            if match["half"]:
                half = int(match["half"])
                return cls._months(year, 6 * half - 5, 6 * half, f"{year}年{'上下'[half - 1]}半年")
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
        return cls(dt.date(year, first, 1), dt.date(year, last, days), name, last - first + 1)

    @property
    def code(self) -> str:
        """As it is typed, and as folders are named: 2026, 2026Q3, 2026-09, 2026-09-01..2026-09-15."""
        year = f"{self.first.year:04d}"
        if self.months == _YEAR:
            return year
        if self.months == _QUARTER:
            return f"{year}Q{(self.first.month + 2) // 3}"
        if self.months == _HALF:
            return f"{year}H{1 if self.first.month == 1 else 2}"
        return f"{year}-{self.first.month:02d}" if self.months else f"{self.first}..{self.last}"

    @property
    def unit(self) -> str:
        """月, 季度 or 年; 期 for days named one by one."""
        return {1: "月", _QUARTER: "季度", _HALF: "半年", _YEAR: "年"}.get(self.months, "期")

    def before(self) -> Self:
        """The period of the same length just before (环比). Raises `ValueError` before the year 1."""
        if self.months:
            return self._named(self.first.year * 12 + self.first.month - 1 - self.months)
        length = self.last - self.first + _ONE_DAY
        return self._between(self.first - length, self.last - length)

    def year_before(self) -> Self:
        """The same period of the year before (同比); of 29 February the 28th. Raises `ValueError` in the year 1."""
        if self.months:
            return self._named((self.first.year - 1) * 12 + self.first.month - 1)
        return self._between(_last_year(self.first), _last_year(self.last))

    def so_far(self) -> Self:
        """From the first day of the year in which it ends to its end (累计)."""
        return type(self)(self.last.replace(month=1, day=1), self.last, f"{self.last.year}年累计")

    def _named(self, month: int) -> Self:
        """The period of this length that begins with a month, counted from January of the year 0."""
        year, first = divmod(month, 12)
        if self.months == _YEAR:
            return self.parse(f"{year:04d}")
        if self.months == _HALF:
            return self.parse(f"{year:04d}H{first // _HALF + 1}")
        if self.months == _QUARTER:
            return self.parse(f"{year:04d}Q{first // 3 + 1}")
        return self.parse(f"{year:04d}-{first + 1:02d}")


_ONE_DAY = dt.timedelta(days=1)
_QUARTER, _HALF, _YEAR = 3, 6, 12


def _last_year(day: dt.date) -> dt.date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
