"""Workbooks (xlsx) as an office keeps them: long tables with a head row, ready to be filtered and printed.

The same data gives the same bytes on any day: a workbook bears the latest day that stands in it.  Rows are written as
they come, so memory stays flat.  A workbook that somebody has worked on since is told from one as it was written here.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Generic, TypeVar
from unicodedata import east_asian_width
from xml.sax.saxutils import unescape

from xlsxwriter.utility import quote_sheetname, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xfdocs.errors import BookTouched
from xfdocs.files import write_whole

T = TypeVar("T")
Value = str | int | dt.date | None

FONT = "宋体"
LONGEST_NAME = 31
"""Characters the name of a sheet can have."""
BARRED = "[]:*?/\\'"
"""What the name of a sheet cannot hold."""
_ROWS = 1_048_576
"""Rows a sheet can have (ECMA-376, and every program that opens it)."""
_CHARACTERS = 32_767
"""Characters a cell can have."""
_HEADER = 255
"""Characters a printed header can have."""
_LINE, _TALLEST = 15.0, 409.0
"""Points: the height of a line of 11 point text, and of the tallest row there can be."""
_NEVER = dt.date(1980, 1, 1)
"""The day an empty workbook is dated, as an empty docx is."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: its head, its width in characters of half the width of a 汉字, and what stands in it."""

    head: str
    width: int
    value: Callable[[T], Value]
    sum: bool = False
    """Whether the closing row adds it up."""


@contextmanager
def writing(path: Path, *, title: str, mark: str) -> Iterator[Book]:
    """A workbook to fill; when the block ends well it stands at *path*, whole.

    *mark* tells workbooks of one origin from all others; it stands in the properties, as does *title*.

    Raises:
        BookTouched: there is a file already that bears another mark, or that somebody has worked on.
    """
    if path.exists() and not untouched(path, mark):
        raise BookTouched(file=path)
    stream = BytesIO()
    options = {
        "constant_memory": True,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
    }
    with Workbook(stream, options) as workbook:
        book = Book(workbook)
        yield book
        book.close()
        created = _moment(book.latest)
        workbook.set_properties({"title": title, "comments": mark, "author": "", "created": created})
    write_whole(path, stream.getvalue())


def untouched(path: Path, mark: str) -> bool:
    """Whether a file is as it was written here under *mark*: every spreadsheet program notes when it saves."""
    try:
        with zipfile.ZipFile(path) as package:
            core = unescape(package.read("docProps/core.xml").decode("utf-8"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    days = set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core))
    return mark in core and len(days) == 1 and "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


class Book:
    """A workbook on its way."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.styles = Styles(workbook)
        self.latest = _NEVER
        """The latest day in it."""
        self._open: list[Sheets[Any]] = []

    def sheets(
        self,
        name: str,
        columns: tuple[Column[T], ...],
        *,
        title: str,
        period: str = "",
        unit: str | None = None,
    ) -> Sheets[T]:
        """A table, on as many sheets as it needs; *title* and *period* are printed above its pages.

        With a *unit* (件, 份 …) it is closed by a row that says how many there are, and 无 stands in an empty one.
        """
        sheets = Sheets(self, name, columns, title, period, unit)
        self._open.append(sheets)
        return sheets

    def close(self) -> None:
        """Close what is still open."""
        for sheets in self._open:
            sheets.close()

    def notice(self, day: dt.date) -> None:
        """A day stands in it."""
        self.latest = max(self.latest, day)


class Styles:
    """How cells look."""

    def __init__(self, workbook: Workbook) -> None:
        cell = {"border": 1, "valign": "top"}
        head = {**cell, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        self.text = workbook.add_format({**cell, "text_wrap": True})
        self.number = workbook.add_format({**cell, "align": "center"})
        self.date = workbook.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd"})
        self.head = workbook.add_format({**head, "bg_color": "#E7E6E6"})
        self.total = workbook.add_format({**head, "top": 2})


class Sheets(Generic[T]):
    """One table: a sheet, and another one whenever a sheet is full."""

    def __init__(
        self, book: Book, name: str, columns: tuple[Column[T], ...], title: str, period: str, unit: str | None
    ) -> None:
        self._book = book
        self._name = name
        self._columns = columns
        self._title = title
        self._period = period
        self._unit = unit
        self._full: list[tuple[str, int]] = []
        """The sheets before this one, and the last row of each."""
        self._row = 0
        self._closed = False
        self.count = 0
        self.sums = [0] * len(columns)
        """What each column adds up to; 0 where nothing is added."""
        self._sheet = self._begin()

    def add(self, one: T) -> None:
        """One more row."""
        if self._row + 1 + (self._unit is not None) >= _ROWS:  # a place is kept for the closing row
            self._end_sheet()
            self._sheet = self._begin()
        self._row += 1
        self.count += 1
        values = [column.value(one) for column in self._columns]
        lines = max(
            lines_of(value, column.width) for value, column in zip(values, self._columns, strict=True)
        )
        if lines > 1:  # not every program makes room by itself
            self._sheet.set_row(self._row, min(lines * _LINE, _TALLEST))
        self._sheet.write_number(self._row, 0, self.count, self._book.styles.number)
        for at, value in enumerate(values, start=1):
            self._write(at, value)
            if self._columns[at - 1].sum and isinstance(value, int):
                self.sums[at - 1] += value

    def close(self) -> None:
        """Everything is in."""
        if not self._closed:
            self._closed = True
            self._end_sheet()
            if self._unit is not None:
                self._close_with(self._unit)

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row, len(self._columns))
        self._full.append((self._sheet.get_name(), self._row))

    def _close_with(self, unit: str) -> None:
        """The closing row: how many there are, and what columns add up to."""
        sheet, row, styles = self._sheet, self._row + 1, self._book.styles
        sheet.write_string(row, 0, "合计", styles.total)
        for at, (column, total) in enumerate(zip(self._columns, self.sums, strict=True), start=1):
            if column.sum and self.count:
                sheet.write_formula(row, at, self._adding(at), styles.total, total)
            elif column.sum:
                sheet.write_number(row, at, 0, styles.total)
            elif at == 1:
                sheet.write_string(row, at, f"{self.count}{unit}" if self.count else "无", styles.total)
            else:
                sheet.write_blank(row, at, None, styles.total)

    def _adding(self, at: int) -> str:
        """The formula that adds up a column over all sheets of the table."""
        places = [
            f"{'' if name == self._sheet.get_name() else quote_sheetname(name) + '!'}{xl_range(1, at, last, at)}"
            for name, last in self._full
        ]
        return f"=SUM({','.join(places)})"

    def _write(self, column: int, value: Value) -> None:
        sheet, row, styles = self._sheet, self._row, self._book.styles
        if isinstance(value, dt.date):
            self._book.notice(value)
            sheet.write_datetime(row, column, _moment(value), styles.date)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, styles.number)
        elif value:
            sheet.write_string(row, column, fitting(value), styles.text)
        else:
            sheet.write_blank(row, column, None, styles.text)

    def _begin(self) -> Worksheet:
        self._row = 0
        name = f"{self._name}（{len(self._full) + 1}）" if self._full else self._name
        sheet: Worksheet = self._book.workbook.add_worksheet(name)
        heads = [("序号", 7), *((column.head, column.width) for column in self._columns)]
        for at, (_, width) in enumerate(heads):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
        print_across(sheet, self._title, self._period)
        sheet.repeat_rows(0)
        sheet.set_row(0, 24)
        for at, (head, _) in enumerate(heads):
            sheet.write_string(0, at, head, self._book.styles.head)
        return sheet


def print_across(sheet: Worksheet, title: str, period: str) -> None:
    """Let a sheet be printed on A4 laid across, as wide as the page, with its title above and page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)  # inches
    sheet.fit_to_pages(1, 0)
    sheet.set_header(_header(title, period))
    sheet.set_footer("&C第 &P 页，共 &N 页")


def lines_of(value: Value, width: int) -> int:
    """How many lines a value takes in a column: a 汉字 is two characters wide, and something is lost at every end."""
    if not isinstance(value, str):
        return 1
    wide = sum(2 if east_asian_width(c) in "WFA" else 1 for c in value)
    return max(1, math.ceil(wide / (width - 1)))


def fitting(text: str) -> str:
    """A text as a cell can hold it; one that is cut says so."""
    if len(text) <= _CHARACTERS:
        return text
    note = f"……（共 {len(text)} 字，放不下）"
    return text[: _CHARACTERS - len(note)] + note


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day of the data, in no zone


def _header(title: str, period: str) -> str:
    """What is printed above every page."""
    title, period = (text.replace("&", "&&") for text in (title, period))
    right = f"&R{period}" if period else ""
    header = f'&C&"{FONT},Bold"&14 {title}{right}'
    return header if len(header) <= _HEADER else right
