"""Working days as the State Council arranges them: one table a year, and no answer where there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from xfdocs.errors import CalendarMissing, LawDataInvalid
from xfdocs.resources import shipped
from xfdocs.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of the years whose arrangement is loaded.

    A day follows its weekday unless a notice of the State Council's General Office says otherwise:
    ``off`` are days of rest it gives, ``work`` are weekend days made up for. Every question about a
    day in another year raises `CalendarMissing`: a guessed date is worse than none (R30).

    The last days of December may still be rearranged by the notice for the *next* year, as
    2018-12-29…31 were; where that notice is not loaded they are told as their own year's notice has them.
    """

    years: frozenset[int]
    off: Mapping[date, str] = field(default_factory=dict, hash=False)
    """Day of rest → the holiday it belongs to."""
    work: Mapping[date, str] = field(default_factory=dict, hash=False)
    """Weekend day that is worked → the holiday it makes up for."""
    sources: Mapping[int, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Year → addresses of its notices."""

    def is_workday(self, day: date) -> bool:
        """Whether offices work on *day*. Raises `CalendarMissing`."""
        if day.year not in self.years:
            raise CalendarMissing(year=day.year, loaded=self.loaded)
        if day.weekday() < _SATURDAY:
            return day not in self.off
        return day in self.work

    def next_workday(self, day: date) -> date:
        """*day* itself if offices work on it, else the first day after it on which they do. Raises `CalendarMissing`."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def add_workdays(self, start: date, count: int) -> date:
        """The *count*-th working day after *start*; day 1 is the first working day after it.

        *start* itself never counts and may lie outside the loaded years. Raises `CalendarMissing`,
        and `ValueError` if *count* is not positive.
        """
        if count < 1:
            raise ValueError(f"count must be positive, not {count}")
        day = start
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def name(self, day: date) -> str:
        """The holiday that makes *day* a day of rest or a made-up working day, e.g. 春节; else empty."""
        return self.off.get(day) or self.work.get(day, "")

    @property
    def loaded(self) -> str:
        """The loaded years as people write them, e.g. ``2015—2026``."""
        spans: list[list[int]] = []
        for year in sorted(self.years):
            if spans and year == spans[-1][1] + 1:
                spans[-1][1] = year
            else:
                spans.append([year, year])
        return "、".join(f"{first}—{last}" if last > first else f"{first}" for first, last in spans) or "无"


@dataclass(frozen=True, slots=True)
class _Notice:
    year: int
    sources: tuple[str, ...]
    off: dict[date, str]
    work: dict[date, str]


def _days(table: Table, key: str, year: int) -> dict[date, str]:
    days: dict[date, str] = {}
    for row in table.rows(key):
        day, name = row.take("date", date), row.take("name", str)
        row.close()
        # A notice speaks of one year's holidays; New Year's reaches back into the December before.
        if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
            raise table.wrong(f"{key} 中的 {day} 不属于 {year} 年")
        if day in days:
            raise table.wrong(f"{key} 中 {day} 重复")
        if key == "work" and day.weekday() < _SATURDAY:
            raise table.wrong(f"work 中的 {day} 不是周末，无须列为调休上班")
        days[day] = name
    return days


def _read(file: Path) -> _Notice:
    table = Table.read(file, LawDataInvalid)
    year = table.take("year", int)
    if not 1 < year < MAXYEAR or file.stem != str(year):
        raise table.wrong(f"year 为 {year}，与文件名不符")
    sources = table.texts("source")
    off, work = _days(table, "off", year), _days(table, "work", year)
    table.close()
    if not sources:
        raise table.wrong("source 为空，请写明通知的地址")
    if not any(day.year == year for day in off):
        raise table.wrong(f"没有 {year} 年的放假日；通知尚未公布的年份不要建立文件")
    both = sorted(off.keys() & work.keys())
    if both:
        raise table.wrong(f"{both[0]} 既列为放假又列为上班")
    return _Notice(year, sources, off, work)


def calendar_of(files: Iterable[Path]) -> WorkCalendar:
    """The calendar that these yearly tables make together; of two tables for one year the later in order stands.

    Where a notice and the next year's both speak of a December day, the later notice decides.
    Raises `LawDataInvalid`.
    """
    notices = {notice.year: notice for notice in map(_read, files)}
    off: dict[date, str] = {}
    work: dict[date, str] = {}
    for year in sorted(notices):
        notice = notices[year]
        for day in notice.off.keys() | notice.work.keys():
            off.pop(day, None)
            work.pop(day, None)
        off |= notice.off
        work |= notice.work
    return WorkCalendar(
        years=frozenset(notices),
        off=off,
        work=work,
        sources={year: notices[year].sources for year in sorted(notices)},
    )


@lru_cache(maxsize=16)
def load_calendar(*offices: Path) -> WorkCalendar:
    """The shipped years, and those in ``calendars/*.toml`` of each office folder.

    An office's table for a year replaces the shipped one whole. Read once in a process for the same
    folders. Raises `LawDataInvalid`.
    """
    folders = [shipped("schemas", "calendars"), *(office / "calendars" for office in offices)]
    return calendar_of(file for folder in folders for file in sorted(folder.glob("*.toml")))
