"""The public version of a report on the samples: protected, and its files free of everything personal."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xfdocs.errors import PersonalValueFound, SmallNumberExposed
from xfdocs.office import Office
from xfdocs.record.files import record_files
from xfdocs.record.model import Case
from xfdocs.record.validation import read_case
from xfdocs.reports import public
from xfdocs.reports.audit import exposed
from xfdocs.reports.definitions import measures_of
from xfdocs.reports.model import HIDDEN, Report
from xfdocs.reports.public import NOTE, check_files, public_version, words_by_right
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.reports.workbook import write_workbook
from xfdocs.resources import shipped
from xfdocs.rules.period import Period


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("公开") / "单位"
    shutil.copytree(shipped("samples", "office"), folder)
    return Office.open(folder)


@pytest.fixture(scope="module")
def report(office: Office) -> Report:
    with desk_of(office, on=dt.date(2026, 11, 23)) as desk:
        return report_of(desk, "monthly-statistics", Period.parse("2026-09"))


@pytest.fixture(scope="module")
def version(office: Office, report: Report) -> Report:
    return public_version(report, office)


def cases(office: Office) -> Iterator[Case]:
    return map(read_case, record_files([office.folder / office.cases]))


def test_the_report_of_a_month_betrays_nobody(office: Office, report: Report, version: Report) -> None:
    measures = measures_of(office)
    assert exposed(report.tables, measures)
    assert exposed(version.tables, measures) == []
    assert version.public
    assert version.left_out == ()
    assert version.notes[-1] == NOTE


def test_numbers_that_are_the_same_by_their_definitions_are_protected_together(
    office: Office, report: Report
) -> None:
    """重复 in one table is the numerator of 重复信访率 in another: only the definitions say so."""
    measures = measures_of(office)
    assert exposed(public.suppressed(report.tables), measures)
    assert exposed(public.suppressed(report.tables, measures), measures) == []


def test_most_noughts_and_large_numbers_stay(report: Report, version: Report) -> None:
    pairs = [
        (old, new)
        for one, other in zip(report.tables, version.tables, strict=True)
        for line, known in zip(one.lines, other.lines, strict=True)
        for column, new in zip(other.columns, known.numbers, strict=True)
        for old in (line.numbers[[c.key for c in one.columns].index(column.key)],)
    ]
    assert not any(new.hidden for old, new in pairs if old.value == 0 and old.unit != "%")
    large = [new for old, new in pairs if isinstance(old.value, int) and old.value > 20]
    assert sum(new.hidden for new in large) < len(large) / 2


def test_a_number_left_unprotected_stops_the_publication(
    office: Office, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "suppressed", lambda tables, measures: tables)
    with pytest.raises(SmallNumberExposed, match="表“总量”"):
        public_version(report, office)


def test_the_workbook_of_a_public_version_is_free_of_everything_personal(
    office: Office, version: Report, tmp_path: Path
) -> None:
    path = tmp_path / "月报.xlsx"
    write_workbook(version, path)
    check_files([path], version, office, cases(office))


def test_a_name_in_a_note_of_a_table_is_found(office: Office, version: Report, tmp_path: Path) -> None:
    table = replace(version.tables[0], notes=("沈玉兰的来信没有计入。",))
    path = tmp_path / "月报.xlsx"
    write_workbook(replace(version, tables=(table, *version.tables[1:])), path)
    with pytest.raises(PersonalValueFound, match="信访人姓名"):
        check_files([path], version, office, cases(office))


def test_what_was_found_in_a_record_is_no_word_by_right(office: Office, version: Report) -> None:
    words = set(words_by_right(version, office))
    assert "云州市水务局" in words
    assert "登记信访件" in words
    assert (
        "中共云州市纪律检查委员会" not in words
    )  # no organ of the office's list, though a line is headed by it
    assert HIDDEN not in words
