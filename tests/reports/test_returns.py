"""The monthly return: what was registered, said so that it betrays nobody; and the zero report that is no missing month."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document as WordDocument

from tests.production.desks import office_in
from tests.reports.desks import office_with
from xfdocs.cli import cli
from xfdocs.errors import NothingThere, ReturnTooEarly, ReturnWithoutData, ZeroContradicted, ZeroInDoubt
from xfdocs.office import Office
from xfdocs.record.validation import read_case
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.reports.returns import HEADS, PROTECTED, RECONSTRUCTED, return_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

TODAY = dt.date(2026, 11, 23)
SEPTEMBER = Period.parse("2026-09")
ONE = "YZ-20260914-0025"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
    return Office.open(folder)


@pytest.fixture
def single(tmp_path):
    """An office with one record, of September."""
    return office_in(tmp_path / "office", [ONE])


def made(office, month="2026-09", on=TODAY, **more):
    with desk_of(office, on=on) as desk:
        return return_of(desk, Period.parse(month), **more)


def asked(office, *words):
    result = CliRunner().invoke(
        cli, ["report", "return", *words, "--office", str(office.folder), "--on", "2026-11-23"]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_as_many_rows_as_the_monthly_report_counts_matters(samples):
    with desk_of(samples, on=TODAY) as desk:
        form = return_of(desk, SEPTEMBER)
        table = report_of(desk, "monthly-statistics", SEPTEMBER).table("总量")
    total = next(line for line in table.lines if line.head.startswith("合计"))
    assert len(form.rows) == total.numbers[0].value == 11
    assert [row.序号 for row in form.rows] == [str(n) for n in range(1, 12)]


def test_an_accusation_is_a_row_that_says_nothing(samples):
    form = made(samples)
    (row,) = (row for row in form.rows if row.主要诉求 == PROTECTED)
    assert {row.涉及单位, row.信访方式, row.信访时间, row.信访人数, row.处理情况, row.备注} == {"—"}
    assert "YZ-20260921-0011" not in repr(form)


def test_nobody_is_named_in_any_month(samples):
    names = {
        text
        for path in (samples.folder / "cases").glob("*.xml")
        for person in read_case(path).petitioners
        for text in (person.name, *person.phones)
        if text and len(text) > 1
    }
    text = "".join(repr(made(samples, f"2026-{month:02d}", zero=False).rows) for month in range(2, 11))
    assert len(text) > 5000
    assert not {name for name in names if name in text}


def test_a_name_that_a_clerk_wrote_into_the_subject_is_not_printed(single):
    path = single.folder / "cases" / f"{ONE}.xml"
    data = path.read_text("utf-8").replace("<事由>", "<事由>秋月朗等人反映的", 1)
    path.write_text(data, "utf-8")
    (row,) = made(single).rows
    assert row.主要诉求.startswith("某某等人反映的职业技能")
    assert row.信访人数 == "28"
    assert row.备注 == ONE


def test_a_month_in_which_there_was_nothing_is_a_zero_report_to_be_signed(single):
    result = asked(single, "2026-10")
    assert result.exit_code == 0, result.output
    folder = single.folder / "reports" / "2026-10"
    word = WordDocument(str(folder / "信访工作月报告登记表.docx"))
    (table,) = word.tables
    assert [cell.text for cell in table.rows[1].cells] == ["无"] * len(HEADS)
    assert [cell.text for cell in table.rows[0].cells] == list(HEADS)
    text = "\n".join(p.text for p in word.paragraphs)
    assert "零报告声明" in text
    assert "经声明" not in text
    assert "单位负责人（签字）" in text
    assert RECONSTRUCTED in text
    assert "2026年11月3日" in text
    sheet = openpyxl.load_workbook(folder / "信访工作月报告登记表.xlsx")["登记表"]
    assert [cell.value for cell in sheet[2]][:2] == ["合计", "无"]
    assert (folder / "信访工作月报告登记表.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2031-01"])
@pytest.mark.parametrize("zero", [False, True])
def test_a_month_that_is_not_over_is_no_zero_report_whatever_anybody_declares(single, month, zero):
    with pytest.raises(ReturnTooEarly):
        made(single, month, zero=zero)


def test_a_month_is_over_on_the_day_after_it(single):
    with pytest.raises(ReturnTooEarly):
        made(single, "2026-10", on=dt.date(2026, 10, 31))
    assert made(single, "2026-10", on=dt.date(2026, 11, 1)).zero


def test_a_month_before_the_first_record_is_not_zero_unless_somebody_declares_it(single):
    with pytest.raises(ReturnWithoutData, match="最早的案件记录收到于2026年9月14日"):
        made(single, "2026-08")
    form = made(single, "2026-08", zero=True)
    assert form.declared
    assert form.zero
    result = asked(single, "2026-08", "--zero", "--format", "docx")
    text = "\n".join(p.text for p in WordDocument(str(single.folder / "reports/2026-08/信访工作月报告登记表.docx")).paragraphs)  # fmt: skip
    assert "经声明为零报告" in text
    assert "经声明" in result.output


def test_nobody_can_declare_away_what_was_registered(single):
    with pytest.raises(ZeroContradicted, match="登记了 1 件"):
        made(single, zero=True)


@pytest.mark.parametrize("zero", [False, True])
def test_a_record_that_cannot_be_read_leaves_the_zero_in_doubt(single, zero):
    (single.folder / "cases" / "YZ-20261005-0001.xml").write_text("<坏", "utf-8")
    with pytest.raises(ZeroInDoubt, match="有 1 份"):
        made(single, "2026-10", zero=zero)


def test_a_rejected_record_of_another_month_does_not(single):
    path = single.folder / "cases" / f"{ONE}.xml"
    data = path.read_text("utf-8")
    (path.parent / "2.xml").write_text(data, "utf-8")  # the same 编号 in two files
    form = made(single, "2026-10")
    assert form.zero
    assert any("没有列入" in note for note in form.report.notes)


def test_json_has_the_rows_and_nothing_is_written(single):
    result = asked(single, "2026-09", "--json")
    told = json.loads(result.stdout)
    assert (told["zero"], told["declared"], len(told["rows"])) == (False, False, 1)
    assert told["rows"][0]["信访人数"] == "28"
    assert not (single.folder / "reports").exists()


def test_the_same_month_gives_the_same_bytes(single):
    names = [f"信访工作月报告登记表.{fmt}" for fmt in ("docx", "pdf", "xlsx")]
    folder = single.folder / "reports" / "2026-09"
    assert asked(single, "2026-09").exit_code == 0
    before = [(folder / name).read_bytes() for name in names]
    assert asked(single, "2026-09").exit_code == 0
    assert [(folder / name).read_bytes() for name in names] == before


def test_an_office_without_records_is_told_so(tmp_path):
    office = office_with(tmp_path)
    with pytest.raises((ReturnWithoutData, NothingThere)):
        made(office)
