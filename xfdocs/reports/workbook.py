"""A report as a workbook: the same numbers as on paper, totals and rates as formulas over them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xfdocs.reports.model import DASH, Line, Number, Part, Place, Quotient, Report, Sum, Table
from xfdocs.sheets import BARRED, LONGEST_NAME, Book, fitting, lines_of, print_across, writing

MARK = "由 xfdocs report 写出"
_FIRST, _OTHERS = 30, 13
"""Widths in characters of half a 汉字."""
_HEAD = 2
"""Row of the heads, from 0; above it stand title and period."""
_LINE = 15.0


def write_workbook(report: Report, path: Path) -> None:
    """Write a report: a sheet for each table, and one for the notes.

    Raises:
        BookTouched: there is a file already that is none of ours, or that somebody has worked on.
    """
    with writing(path, title=report.title, mark=MARK) as book:
        book.notice(report.as_of)
        names: set[str] = set()
        for table in report.tables:
            _TableSheet(book, report, table, _name(table.title, names)).write()
        _write_notes(book, report)


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: what it may hold, and no other has."""
    plain = "".join(" " if c in BARRED else c for c in title)[: LONGEST_NAME - 3].strip() or "表"
    name = plain
    while name in taken:
        name = f"{plain}{len(taken)}"
    taken.add(name)
    return name


class _TableSheet:
    """One table on its sheet."""

    def __init__(self, book: Book, report: Report, table: Table, name: str) -> None:
        self._book = book
        self._report = report
        self._table = table
        workbook: Workbook = book.workbook
        self._sheet: Worksheet = workbook.add_worksheet(name)
        self._title = workbook.add_format({"bold": True, "font_size": 14, "align": "center"})
        self._styles: dict[tuple[str, bool], object] = {}
        self._sums: Mapping[Place, Sum] = {one.total: one for one in table.sums}
        self._quotients: Mapping[Place, Quotient] = {one.value: one for one in table.quotients}
        self._rows = {line.key: _HEAD + 1 + at for at, line in enumerate(table.lines)}
        self._columns = {column.key: 1 + at for at, column in enumerate(table.columns)}

    def write(self) -> None:
        """Everything, row by row from the top: rows behind cannot be written any more."""
        sheet, table, report, styles = self._sheet, self._table, self._report, self._book.styles
        last = len(table.columns)
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, max(last, 1), _OTHERS)
        print_across(sheet, report.title, "")
        sheet.repeat_rows(_HEAD)
        sheet.freeze_panes(_HEAD + 1, 1)
        sheet.merge_range(0, 0, 0, max(last, 1), table.title, self._title)
        until = "" if report.over else f"（截至 {report.as_of}）"
        sheet.write_string(1, 0, f"{report.organ}　{report.period}{until}")
        sheet.write_string(_HEAD, 0, table.head, styles.head)
        for column in table.columns:
            sheet.write_string(_HEAD, self._columns[column.key], column.head, styles.head)
        for line in table.lines:
            self._line(line)
        row = _HEAD + 1 + len(table.lines)
        for at, note in enumerate(table.notes):
            sheet.write_string(row + at, 0, fitting(f"注：{note}"))

    def _line(self, line: Line) -> None:
        row, styles = self._rows[line.key], self._book.styles
        head = f"其中：{line.head}" if line.part is Part.OF_WHICH else line.head
        lines = lines_of(head, _FIRST)
        if lines > 1:
            self._sheet.set_row(row, lines * _LINE)
        self._sheet.write_string(
            row, 0, fitting(head), styles.total if line.part is Part.TOTAL else styles.text
        )
        for column, number in zip(self._table.columns, line.numbers, strict=True):
            self._number(Place(line.key, column.key), number, line.part is Part.TOTAL)

    def _number(self, place: Place, number: Number, total: bool) -> None:
        row, column = self._rows[place.line], self._columns[place.column]
        style = self._style(number, total)
        if number.hidden or number.words or number.value is None:
            formula = self._quotient(place) if not number.hidden and not number.words else None
            if formula:
                self._sheet.write_formula(row, column, formula, style, DASH)
            else:
                self._sheet.write_string(row, column, number.text, style)
            return
        formula = self._sum(place) or self._quotient(place)
        value = float(number.value) if number.digits or number.unit == "%" else int(number.value)
        if formula:
            self._sheet.write_formula(row, column, formula, style, value)
        else:
            self._sheet.write_number(row, column, value, style)

    def _sum(self, place: Place) -> str | None:
        """The formula of a total, if all its parts are shown."""
        one = self._sums.get(place)
        if one is None or not one.parts:
            return None
        if any(
            self._table.number(part).hidden or self._table.number(part).value is None for part in one.parts
        ):
            return None
        return f"={'+'.join(map(self._cell, one.parts))}"

    def _quotient(self, place: Place) -> str | None:
        one = self._quotients.get(place)
        if one is None or any(self._table.number(part).hidden for part in (one.above, one.below)):
            return None
        above, below = self._cell(one.above), self._cell(one.below)
        inner = f"({above}-{below})/{below}" if one.change else f"{above}/{below}"
        return f'=IF(AND(ISNUMBER({above}),ISNUMBER({below})),IF({below}=0,"{DASH}",{inner}),"{DASH}")'

    def _cell(self, place: Place) -> str:
        name: str = xl_rowcol_to_cell(self._rows[place.line], self._columns[place.column])
        return name

    def _style(self, number: Number, total: bool) -> object:
        """How a number looks: its decimals, and bold in a total."""
        decimals = f"0.{'0' * number.digits}" if number.digits else "0"
        shape = f"{decimals}%" if number.unit == "%" else decimals
        key = (shape, total)
        if key not in self._styles:
            look = {"border": 1, "align": "center", "num_format": shape, "bold": total}
            self._styles[key] = self._book.workbook.add_format(look)
        return self._styles[key]


def _write_notes(book: Book, report: Report) -> None:
    sheet: Worksheet = book.workbook.add_worksheet("附注")
    wrap = book.workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    print_across(sheet, report.title, "")
    notes = [report.title, *report.notes, "填表人：　　　　　审核人：　　　　　报送日期：　　　　　"]
    for row, note in enumerate(notes):
        sheet.set_row(row, lines_of(note, 100) * _LINE)
        sheet.write_string(row, 0, fitting(note), wrap)
