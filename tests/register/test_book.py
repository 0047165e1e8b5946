"""The book of letters sent and received: read back with another library, it says what the register says."""

from __future__ import annotations

import datetime as dt
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
import pytest

from tests.register.offices import FORM, wanted
from xfdocs import sheets
from xfdocs.errors import BookTouched
from xfdocs.record.status import Status
from xfdocs.register.book import INCOMING, OUTGOING, write_book
from xfdocs.register.entry import Entry, EntryState, FileEntry
from xfdocs.register.incoming import Incoming

ORGAN = "云州市信访局"
LETTER = Incoming(
    received=dt.date(2026, 10, 9),
    sender="江北省信访局",
    kind="交办",
    number="江信交字〔2026〕118号",
    date=dt.date(2026, 9, 30),
    feedback_due=None,
    case="YZ-20261009-0014",
    organ=ORGAN,
    handler="",
    status=Status.ACCEPTED,
)


def day(*date: int) -> dt.datetime:
    """A date as openpyxl reads it."""
    return dt.datetime(*date)  # noqa: DTZ001 - in no zone


def entry(n: int = 1, **facts: Any) -> Entry:
    known = {name: getattr(wanted(n), name) for name in wanted().__dataclass_fields__}
    number = FORM.format(year=2026, n=n)
    own = {"id": n, "n": n, "number": number, "state": EntryState.ISSUED}
    return Entry(**(known | own | facts))


def written(folder: Path, *entries: Entry, letters: tuple[Incoming, ...] = (), **more: Any) -> Any:
    path = folder / "簿.xlsx"
    write_book(path, entries, letters, organ=more.pop("organ", ORGAN), **more)
    return openpyxl.load_workbook(path)


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


# --- what it says -----------------------------------------------------------------------------------------


def test_the_book_says_of_every_document_what_the_register_says(tmp_path):
    void = entry(2, state=EntryState.VOID, why="印错了编号", recipients=("陆晚晴", "云州市水务局"))
    workbook = written(tmp_path, entry(1), void)
    first, second = rows(workbook["发文登记簿"])
    assert first == {
        "序号": 1,
        "文号": "云信受字〔2026〕1号",
        "文种": "受理告知书",
        "标题": "云州市信访局信访事项受理告知书",
        "成文日期": day(2026, 3, 1),
        "发文机关": ORGAN,
        "主送、抄送": "陆晚晴",
        "份数": 2,
        "签发人": "卓清扬",
        "信访件编号": "YZ-20260301-0001",
        "状态": "已制发",
        "作废理由": None,
        "登记号": 1,
        "制作程序": None,
    }
    assert (second["序号"], second["状态"], second["作废理由"]) == (2, "已作废", "印错了编号")
    assert second["主送、抄送"] == "陆晚晴、云州市水务局"


def test_the_book_says_what_made_the_files_of_every_document(tmp_path):
    docx = FileEntry("docx", PurePosixPath("a.docx"), "", 1, "docxtpl 0.20.2")
    pdf = FileEntry("pdf", PurePosixPath("a.pdf"), "", 1, "typst 0.15.2")
    old = replace(pdf, maker="")
    told = written(tmp_path, *(entry(1, files=files) for files in ((docx, pdf), (old,), (docx, old))))
    makers = [row["制作程序"] for row in rows(told["发文登记簿"])]
    assert makers == ["docxtpl 0.20.2、typst 0.15.2", None, "docxtpl 0.20.2"]


def test_the_book_says_of_every_letter_received_who_sent_it(tmp_path):
    due = replace(LETTER, feedback_due=dt.date(2026, 12, 25), handler="秦越")
    workbook = written(tmp_path, letters=(LETTER, due))
    first, second = rows(workbook["收文登记簿"])
    assert list(first) == ["序号", *(column.head for column in INCOMING)]
    assert first["收到日期"] == day(2026, 10, 9)
    assert (first["来文机关"], first["类别"], first["文号"]) == (
        "江北省信访局",
        "交办",
        "江信交字〔2026〕118号",
    )
    assert (first["反馈期限"], first["首办责任人"], first["办理情况"]) == (None, None, "办理中")
    assert (second["反馈期限"], second["首办责任人"]) == (day(2026, 12, 25), "秦越")


def test_dates_are_dates_and_are_shown_as_such(tmp_path):
    sheet = written(tmp_path, entry())["发文登记簿"]
    cell = sheet.cell(2, 1 + 1 + [c.head for c in OUTGOING].index("成文日期"))
    assert cell.is_date
    assert cell.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+8613",
        "@SUM(A1)",
        "-1",
        "2026-10-08",
        "007",
        "http://x.cn",
        "{=A1}",
    ],
)
def test_a_text_stays_a_text_whatever_it_begins_with(text, tmp_path):
    sheet = written(tmp_path, entry(signer=text, title=text, recipients=(text,)))["发文登记簿"]
    (row,) = rows(sheet)
    assert (row["签发人"], row["标题"], row["主送、抄送"]) == (text, text, text)
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n", "d"}, "no formula"
    assert {cell.hyperlink for cell in sheet[2]} == {None}


@pytest.mark.parametrize("text", ["甲\x01乙", "甲_x0041_乙", " 前后 ", "𪚥龘", "<&>\"'", "一行\n两行"])
def test_no_text_breaks_the_book(text, tmp_path):
    (row,) = rows(written(tmp_path, entry(why=text, state=EntryState.VOID))["发文登记簿"])
    assert openpyxl.utils.escape.unescape(row["作废理由"]) == text


def test_what_does_not_fit_into_a_cell_says_so(tmp_path):
    (row,) = rows(written(tmp_path, entry(recipients=("甲" * 40_000,)))["发文登记簿"])
    assert len(row["主送、抄送"]) == 32_767
    assert row["主送、抄送"].endswith("……（共 40000 字，放不下）")


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_ROWS", 4)
    workbook = written(tmp_path, *(entry(n) for n in range(1, 6)))
    assert workbook.sheetnames == ["发文登记簿", "发文登记簿（2）", "收文登记簿"]
    assert [row["序号"] for name in workbook.sheetnames for row in rows(workbook[name])] == [1, 2, 3, 4, 5]


# --- how it looks ---------------------------------------------------------------------------------------------


def test_it_is_ready_to_be_read_and_printed(tmp_path):
    workbook = written(tmp_path, entry(), letters=(LETTER,), period="2026年10月")
    for sheet in workbook:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddHeader.center.text == f"{ORGAN}{sheet.title}"
        assert sheet.oddHeader.right.text == "2026年10月"
        assert "&P" in sheet.oddFooter.center.text
        assert "&N" in sheet.oddFooter.center.text
        assert all(sheet.column_dimensions[cell.column_letter].width > 5 for cell in sheet[1])


def test_a_long_text_makes_its_row_higher(tmp_path):
    sheet = written(tmp_path, entry(1), entry(2, title="云州市信访局" * 12))["发文登记簿"]
    heights = [sheet.row_dimensions[row].height or 15 for row in (2, 3)]
    assert heights[1] == 5 * 15
    assert heights[0] == 15


@pytest.mark.parametrize("organ", ["甲&乙局", "甲" * 300])
def test_any_name_of_an_organ_can_stand_above_the_pages(organ, tmp_path):
    written(tmp_path, entry(), organ=organ)
    with zipfile.ZipFile(tmp_path / "簿.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert ("甲&amp;&amp;乙局发文登记簿" in sheet) == (organ == "甲&乙局")


# --- the same bytes, and nobody's notes lost ---------------------------------------------------------------------


def test_the_same_register_gives_the_same_bytes_on_any_day(tmp_path):
    """What could differ is when and by whom it was made: it bears the latest day in it, and its parts bear none."""
    books = []
    for mask in (0o022, 0o077):
        before = os.umask(mask)
        workbook = written(tmp_path, entry(1), entry(2), letters=(LETTER,))
        os.umask(before)
        books.append((tmp_path / "簿.xlsx").read_bytes())
    assert books[0] == books[1]
    about = workbook.properties
    assert about.created == about.modified == day(2026, 10, 9)
    with zipfile.ZipFile(tmp_path / "簿.xlsx") as package:
        assert {part.date_time[0] for part in package.infolist()} == {1980}


def test_a_book_that_somebody_has_worked_on_is_not_overwritten(tmp_path):
    workbook = written(tmp_path, entry())
    workbook["发文登记簿"]["N2"] = "已归卷"
    workbook.save(tmp_path / "簿.xlsx")
    before = (tmp_path / "簿.xlsx").read_bytes()
    with pytest.raises(BookTouched):
        written(tmp_path, entry(), entry(2))
    assert (tmp_path / "簿.xlsx").read_bytes() == before


@pytest.mark.parametrize("content", [b"", "不是工作簿".encode(), b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_book_of_ours_is_left_alone(content, tmp_path):
    (tmp_path / "簿.xlsx").write_bytes(content)
    with pytest.raises(BookTouched):
        written(tmp_path, entry())
    assert (tmp_path / "簿.xlsx").read_bytes() == content


def test_a_book_that_nobody_has_touched_gives_way_to_a_newer_one(tmp_path):
    written(tmp_path, entry())
    assert len(rows(written(tmp_path, entry(), entry(2))["发文登记簿"])) == 2


def test_an_empty_book_is_a_book(tmp_path):
    workbook = written(tmp_path)
    assert [rows(sheet) for sheet in workbook] == [[], []]


def test_rows_are_not_kept_in_memory(tmp_path):
    def many(count: int) -> Iterator[Entry]:
        one = entry()
        return (replace(one, id=n, n=n, number=f"云信受字〔2026〕{n}号") for n in range(1, count + 1))

    def peak(count: int) -> int:
        tracemalloc.start()
        write_book(tmp_path / f"{count}.xlsx", many(count), (), organ=ORGAN)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(10)  # what is loaded once
    small, size = peak(500), (tmp_path / "500.xlsx").stat().st_size
    more = peak(5000) - small
    grown = (tmp_path / "5000.xlsx").stat().st_size - size
    assert more < 3 * grown + 200_000, "only the finished file, which is packed, stands in memory"
