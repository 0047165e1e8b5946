"""收发文登记簿: the register and the letters received as a workbook, for people who keep it or print it.

The same register gives the same bytes on any day.  Rows are written as they come, so memory stays flat.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Generic, TypeVar
from unicodedata import east_asian_width
from xml.sax.saxutils import unescape

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xfdocs.errors import BookTouched
from xfdocs.files import write_whole
from xfdocs.register.entry import Entry
from xfdocs.register.incoming import Incoming

T = TypeVar("T")
Value = str | int | dt.date | None

_FONT = "宋体"
_ROWS = 1_048_576
"""Rows a sheet can have (ECMA-376, and every program that opens it)."""
_CHARACTERS = 32_767
"""Characters a cell can have."""
_HEADER = 255
"""Characters a printed header can have."""
_LINE, _TALLEST = 15.0, 409.0
"""Points: the height of a line of 11 point text, and of the tallest row there can be."""
_MARK = "由 xfdocs register export 写出"
"""Tells a workbook of ours from another."""
_NEVER = dt.date(1980, 1, 1)
"""The day an empty book is dated, as an empty docx is."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: its head, its width in characters of half the width of a 汉字, and what stands in it."""

    head: str
    width: int
    value: Callable[[T], Value]


OUTGOING: tuple[Column[Entry], ...] = (
    Column("文号", 25, lambda entry: entry.number),
    Column("文种", 14, lambda entry: entry.kind_title),
    Column("标题", 34, lambda entry: entry.title),
    Column("成文日期", 11, lambda entry: entry.date),
    Column("发文机关", 18, lambda entry: entry.issuer),
    Column("主送、抄送", 20, lambda entry: "、".join(entry.recipients)),
    Column("份数", 6, lambda entry: entry.copies),
    Column("签发人", 9, lambda entry: entry.signer),
    Column("信访件编号", 18, lambda entry: entry.case),
    Column("状态", 8, lambda entry: entry.state.zh),
    Column("作废理由", 15, lambda entry: entry.why),
    Column("登记号", 8, lambda entry: entry.id),
)
"""发文登记簿."""

INCOMING: tuple[Column[Incoming], ...] = (
    Column("收到日期", 11, lambda letter: letter.received),
    Column("来文机关", 30, lambda letter: letter.sender),
    Column("类别", 8, lambda letter: letter.kind),
    Column("文号", 28, lambda letter: letter.number),
    Column("来文日期", 11, lambda letter: letter.date),
    Column("反馈期限", 11, lambda letter: letter.feedback_due),
    Column("信访件编号", 18, lambda letter: letter.case),
    Column("收文机关", 26, lambda letter: letter.organ),
    Column("首办责任人", 11, lambda letter: letter.handler),
    Column("办理情况", 13, lambda letter: letter.status.zh),
)
"""收文登记簿."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows the book has."""

    outgoing: int
    incoming: int


def write_book(
    path: Path, outgoing: Iterable[Entry], incoming: Iterable[Incoming], *, organ: str, period: str = ""
) -> Written:
    """Write the book of an *organ* to *path*; *period* is told in the printed header.

    Raises:
        BookTouched: there is a file already that is no book of ours, or that somebody has worked on.
    """
    if path.exists() and not untouched(path):
        raise BookTouched(file=path)
    stream = BytesIO()
    options = {
        "constant_memory": True,
        "default_format_properties": {"font_name": _FONT, "font_size": 11},
    }
    with Workbook(stream, options) as workbook:
        styles = _Styles(workbook)
        out = _Sheets(workbook, styles, "发文登记簿", OUTGOING, organ, period)
        for entry in outgoing:
            out.add(entry)
        out.close()
        into = _Sheets(workbook, styles, "收文登记簿", INCOMING, organ, period)
        for letter in incoming:
            into.add(letter)
        into.close()
        day = max(out.latest, into.latest)
        created = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day of the data, in no zone
        workbook.set_properties(
            {"title": f"{organ}收发文登记簿", "comments": _MARK, "author": "", "created": created}
        )
    write_whole(path, stream.getvalue())
    return Written(out.count, into.count)


def untouched(path: Path) -> bool:
    """Whether a file is a book as it was written here: every spreadsheet program notes when it saves."""
    try:
        with zipfile.ZipFile(path) as package:
            core = unescape(package.read("docProps/core.xml").decode("utf-8"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    days = set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core))
    return _MARK in core and len(days) == 1 and "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


class _Styles:
    """How cells look."""

    def __init__(self, workbook: Workbook) -> None:
        cell = {"border": 1, "valign": "top"}
        self.text = workbook.add_format({**cell, "text_wrap": True})
        self.number = workbook.add_format({**cell, "align": "center"})
        self.date = workbook.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd"})
        self.head = workbook.add_format(
            {
                **cell,
                "bold": True,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#E7E6E6",
            }
        )


class _Sheets(Generic[T]):
    """One of the two books: a sheet, and another one whenever a sheet is full."""

    def __init__(
        self,
        workbook: Workbook,
        styles: _Styles,
        name: str,
        columns: tuple[Column[T], ...],
        organ: str,
        period: str,
    ) -> None:
        self._workbook = workbook
        self._styles = styles
        self._name = name
        self._columns = columns
        self._title = f"{organ}{name}"
        self._period = period
        self._sheets = 0
        self._row = 0
        self.count = 0
        self.latest = _NEVER
        """The latest day in it."""
        self._sheet = self._begin()

    def add(self, one: T) -> None:
        """One more row."""
        if self._row + 1 == _ROWS:
            self.close()
            self._sheet = self._begin()
        self._row += 1
        self.count += 1
        values = [column.value(one) for column in self._columns]
        lines = max(_lines(value, column.width) for value, column in zip(values, self._columns, strict=True))
        if lines > 1:  # not every program makes room by itself
            self._sheet.set_row(self._row, min(lines * _LINE, _TALLEST))
        self._sheet.write_number(self._row, 0, self.count, self._styles.number)
        for at, value in enumerate(values, start=1):
            self._write(at, value)

    def close(self) -> None:
        """Everything is in."""
        self._sheet.autofilter(0, 0, self._row, len(self._columns))

    def _write(self, column: int, value: Value) -> None:
        sheet, row, styles = self._sheet, self._row, self._styles
        if isinstance(value, dt.date):
            self.latest = max(self.latest, value)
            moment = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day, in no zone
            sheet.write_datetime(row, column, moment, styles.date)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, styles.number)
        elif value:
            sheet.write_string(row, column, _fitting(value), styles.text)
        else:
            sheet.write_blank(row, column, None, styles.text)

    def _begin(self) -> Worksheet:
        self._sheets += 1
        self._row = 0
        name = self._name if self._sheets == 1 else f"{self._name}（{self._sheets}）"
        sheet: Worksheet = self._workbook.add_worksheet(name)
        heads = [("序号", 7), *((column.head, column.width) for column in self._columns)]
        for at, (_, width) in enumerate(heads):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)  # inches
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(_header(self._title, self._period))
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.set_row(0, 24)
        for at, (head, _) in enumerate(heads):
            sheet.write_string(0, at, head, self._styles.head)
        return sheet


def _lines(value: Value, width: int) -> int:
    """How many lines a value takes in a column: a 汉字 is two characters wide, and something is lost at every end."""
    if not isinstance(value, str):
        return 1
    wide = sum(2 if east_asian_width(c) in "WFA" else 1 for c in value)
    return max(1, math.ceil(wide / (width - 1)))


def _fitting(text: str) -> str:
    """A text as a cell can hold it; one that is cut says so."""
    if len(text) <= _CHARACTERS:
        return text
    note = f"……（共 {len(text)} 字，放不下）"
    return text[: _CHARACTERS - len(note)] + note


def _header(title: str, period: str) -> str:
    """What is printed above every page."""
    title, period = (text.replace("&", "&&") for text in (title, period))
    right = f"&R{period}" if period else ""
    header = f'&C&"{_FONT},Bold"&14 {title}{right}'
    return header if len(header) <= _HEADER else right
