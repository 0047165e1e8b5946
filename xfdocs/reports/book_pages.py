"""The pages of a book, a volume at a time: rows come in, finished volumes go out, and nothing is kept of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xfdocs.document.cells import Value
from xfdocs.errors import BookTouched
from xfdocs.files import Staging
from xfdocs.office import Office
from xfdocs.production.engines import pdf_engine_of
from xfdocs.render.ledger import Ledger, LedgerCell, LedgerRow, print_ledger, untouched
from xfdocs.reports.book_rows import Changed, Row
from xfdocs.rules.citation import numeral
from xfdocs.rules.period import Period

MARK = "由 xfdocs report book 写出"
"""Tells books of ours from other files."""
VOLUME = 1000
"""Rows of a printed volume: some fifty pages, which is what can be bound and what stands in memory."""
_NUMBER = ("序号", 7)
_NEVER = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a book, whatever it is written as."""

    head: str
    width: int
    """In characters half as wide as a 汉字."""
    sum: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a book."""

    title: str
    unit: str
    heads: list[Head]
    rows: Iterator[Row | Changed]
    notes: tuple[str, ...] = ()


def may_replace(path: Path, mark: str = MARK) -> bool:
    """Whether a file may give way to a new book: there is none, or one under our *mark* that nobody has touched."""
    return not path.exists() or untouched(path.read_bytes(), mark)


def volumes_in(folder: Path, title: str) -> list[Path]:
    """The printed volumes of a book that lie in a folder."""
    name = re.compile(rf"{re.escape(title)}(?:（[一二三四五六七八九十百千〇]+）)?\.pdf")
    return sorted(path for path in folder.glob("*.pdf") if name.fullmatch(path.name))


class Pages:
    """The pages of one part, a volume at a time."""

    def __init__(
        self,
        part: Part,
        period: Period,
        folder: Path,
        office: Office,
        staging: Staging,
        mark: str = MARK,
    ) -> None:
        self._part = part
        self._mark = mark
        self._period = period
        self._folder = folder
        self._office = office
        self._staging = staging
        self._waiting: list[Row] = []
        self._done: list[Path] = []
        self._before = 0
        """Rows in the volumes before this one."""
        self._sums = [0] * len(part.heads)
        """What they add up to."""

    def add(self, row: Row) -> None:
        """One more row; a full volume is printed when another row shows that there is a next one."""
        if len(self._waiting) == VOLUME:
            self._print(last=False)
        self._waiting.append(row)

    def close(self) -> list[Path]:
        """Everything is in; the files, and no volumes of a longer book of before."""
        self._print(last=True)
        return self._done

    def _print(self, *, last: bool) -> None:
        volume = f"（{numeral(len(self._done) + 1)}）" if self._done or not last else ""
        path = self._folder / f"{self._part.title}{volume}.pdf"
        if not may_replace(path, self._mark):
            raise BookTouched(file=path)
        begun, carried = self._before, list(self._sums)
        rows = tuple(self._rows())
        closing = []
        if volume:
            own = [now - before for now, before in zip(self._sums, carried, strict=True)]
            closing.append(self._closing("本册", self._before - begun, own))
        if last:
            closing.append(self._closing("合计", self._before, self._sums))
        heads = [_NUMBER, *((head.head, head.width) for head in self._part.heads)]
        days = [value for row in self._waiting for value in row if isinstance(value, dt.date)]
        ledger = Ledger(
            title=f"{self._office.organ.name}{self._part.title}",
            volume=volume,
            organ=self._office.organ.name,
            unit=self._part.unit,
            period=self._period.name,
            days=self._days(),
            heads=tuple(head for head, _ in heads),
            widths=tuple(width for _, width in heads),
            rows=rows,
            closing=tuple(closing),
            notes=self._part.notes if last else (),
            mark=self._mark,
            day=max(days, default=_NEVER),
        )
        self._staging.put(path, print_ledger(ledger, pdf_engine_of(self._office)))
        self._done.append(path)
        self._waiting = []

    def _days(self) -> str:
        """From which day to which, where the name of the period does not say."""
        return f"（{self._period.first}至{self._period.last}）" if self._period.months else ""

    def _rows(self) -> Iterator[LedgerRow]:
        unit = self._part.unit
        if not self._waiting:
            empty = tuple(
                LedgerCell("无" if at == 1 else "", True) for at in range(len(self._part.heads) + 1)
            )
            yield LedgerRow(empty, f"本页0{unit}，", f"累计0{unit}")
        for row in self._waiting:
            carried = f"承前{self._before}{unit}{self._told(self._sums)}；" if self._before else ""
            self._before += 1
            for at, head in enumerate(self._part.heads):
                value = row[at]
                self._sums[at] += value if head.sum and isinstance(value, int) else 0
            cells = (LedgerCell(str(self._before), True), *(_cell(value) for value in row))
            ends = f"至{self._before}{unit}，累计{self._before}{unit}{self._told(self._sums)}"
            yield LedgerRow(cells, f"{carried}本页第{self._before}", ends)

    def _told(self, sums: list[int]) -> str:
        told = [
            f"{head.head if not head.unit else ''}{total}{head.unit}"
            for head, total in zip(self._part.heads, sums, strict=True)
            if head.sum
        ]
        return f"（{'，'.join(told)}）" if told else ""

    def _closing(self, name: str, count: int, sums: Sequence[int]) -> tuple[str, ...]:
        """A row of totals: how many, and each sum in its column."""
        cells = [str(total) if head.sum else "" for head, total in zip(self._part.heads, sums, strict=True)]
        if not self._part.heads[0].sum:
            cells[0] = f"{count}{self._part.unit}"
        return (name, *cells)


def _cell(value: Value) -> LedgerCell:
    if isinstance(value, dt.date):
        return LedgerCell(value.isoformat(), True)
    return LedgerCell(str(value), True) if isinstance(value, int) else LedgerCell(value or "")
