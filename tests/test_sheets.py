"""Workbooks: closed by a row of totals, added up over all their sheets, and left alone once somebody has worked on them."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xfdocs import sheets
from xfdocs.errors import BookTouched
from xfdocs.sheets import Column, untouched, writing

MARK = "由测试写出"
COLUMNS: tuple[Column[Any], ...] = (
    Column("甲", 12, itemgetter(0)),
    Column("人次", 6, itemgetter(1), sum=True),
    Column("日期", 11, itemgetter(2)),
)


def write(path: Path, *rows: tuple[Any, ...], unit: str | None = "件", name: str = "簿") -> Any:
    with writing(path, title="题", mark=MARK) as book:
        table = book.sheets(name, COLUMNS, title="题", unit=unit)
        for row in rows:
            table.add(row)
    return openpyxl.load_workbook(path)


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_a_table_is_closed_by_how_many_there_are_and_what_they_add_up_to(tmp_path):
    workbook = write(tmp_path / "a.xlsx", ("一", 3, dt.date(2026, 9, 1)), ("二", None, None), ("三", 4, None))
    assert values(workbook["簿"])[-1] == ("合计", "3件", "=SUM(C2:C4)", None)
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    assert values(shown["簿"])[-1] == ("合计", "3件", 7, None), "a reader that does not calculate sees it too"
    assert workbook["簿"].auto_filter.ref == "A1:D4", "the totals are not filtered away"


def test_a_total_adds_up_all_sheets_of_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_ROWS", 4)
    workbook = write(tmp_path / "a.xlsx", *((str(n), n, None) for n in range(1, 6)), name="甲 簿")
    assert workbook.sheetnames == ["甲 簿", "甲 簿（2）", "甲 簿（3）"]
    assert [row[0] for sheet in workbook for row in values(sheet)[1:]] == [1, 2, 3, 4, 5, "合计"]
    assert values(workbook["甲 簿（3）"])[-1][2] == "=SUM('甲 簿'!C2:C3,'甲 簿（2）'!C2:C3,C2)"
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    assert values(shown["甲 簿（3）"])[-1][2] == 15


def test_an_empty_table_says_none(tmp_path):
    assert values(write(tmp_path / "a.xlsx")["簿"])[1:] == [("合计", "无", 0, None)]


def test_without_a_unit_there_is_no_closing_row(tmp_path):
    assert values(write(tmp_path / "a.xlsx", ("一", 3, None), unit=None)["簿"])[1:] == [(1, "一", 3, None)]


def test_the_same_rows_give_the_same_bytes_and_the_latest_day_is_that_of_the_file(tmp_path):
    rows = [("一", 3, dt.date(2026, 9, 1)), ("二", 3, dt.date(2026, 9, 3))]
    workbook = write(tmp_path / "a.xlsx", *rows)
    write(tmp_path / "b.xlsx", *rows)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert workbook.properties.created == dt.datetime(2026, 9, 3)  # noqa: DTZ001 - in no zone


def test_a_file_of_another_mark_or_that_somebody_saved_is_left_alone(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, ("一", 3, None))
    assert untouched(path, MARK)
    assert not untouched(path, "由别的写出")
    with pytest.raises(BookTouched), writing(path, title="题", mark="由别的写出"):
        pytest.fail("it is found before anything is written")
    workbook = openpyxl.load_workbook(path)
    workbook["簿"]["B2"] = "改了"
    workbook.save(path)
    before = path.read_bytes()
    with pytest.raises(BookTouched):
        write(path, ("一", 3, None))
    assert path.read_bytes() == before


def test_a_book_that_fails_midway_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, ("一", 3, None))
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), writing(path, title="题", mark=MARK) as book:
        book.sheets("簿", COLUMNS, title="题").add(("二", 1 // 0, None))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
