"""`report book` and `report books`, as somebody at a desk types them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.runs import tree, xfdocs
from tests.engines import printed_by
from tests.render.pdfs import fonts
from tests.reports.shelf import sheet
from tests.samples.corpus import SAMPLES, TODAY
from xfdocs.pdf_by import PdfBy


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(SAMPLES / "office", folder)
    fonts()
    return folder


def book(office: Path, *words: object) -> object:
    return xfdocs("report", "book", *words, "--office", office, "--on", TODAY)


@pytest.mark.parametrize("by", PdfBy)
def test_a_book_lies_in_the_folder_of_its_period(by, office):
    done = book(office, "来访登记簿", "2026Q2", "--pdf-engine", by)
    assert done.code == 0, done.err
    folder = office / "reports" / "2026Q2"
    assert sorted(file.name for file in folder.iterdir()) == ["来访登记簿.pdf", "来访登记簿.xlsx"]
    assert printed_by(folder / "来访登记簿.pdf") is by
    rows = len(sheet(folder / "来访登记簿.xlsx")) - 1
    assert f"来访登记簿，2026年第二季度：{rows} 批，人次合计 " in done.out
    assert str(folder / "来访登记簿.pdf") in done.out


def test_what_is_told_to_programs_is_what_was_written(office, tmp_path):
    done = book(office, "visits", "2026-05", "-o", tmp_path / "out", "--format", "xlsx", "--json")
    assert done.code == 0, done.err
    told = done.json
    *body, closing = sheet(tmp_path / "out" / "来访登记簿.xlsx")
    assert (told["book"], told["title"], told["rows"]) == ("visits", "来访登记簿", len(body))
    assert told["sums"] == {"人次": sum(row["人次"] for row in body)}
    assert told["period"] == {"name": "2026年5月", "first": "2026-05-01", "last": "2026-05-31"}
    assert told["files"] == [str(tmp_path / "out" / "来访登记簿.xlsx")]
    assert told["left_out"] == []
    assert closing["序号"] == "合计"
    assert "来访登记簿，2026年5月" in done.err


def test_records_that_are_not_accepted_are_named_and_the_rest_is_written(office):
    shutil.copy(SAMPLES / "rejected" / "R09-延期四十五日.xml", office / "cases" / "坏.xml")
    done = book(office, "来信", "2026", "--format", "xlsx", "--json")
    assert done.code == 1
    (left_out,) = done.json["left_out"]
    assert "坏.xml" in left_out
    assert f"登记簿里没有这一件：{left_out}" in done.err
    assert done.json["rows"] > 20


def test_an_empty_period_says_so(office):
    done = book(office, "来电", "2016-02", "--format", "xlsx")
    assert done.code == 0
    assert "来电登记簿，2016年2月：没有应当登记的，写明“无”。" in done.out


def test_whoever_may_see_it_asks_for_all_of_it(office, tmp_path):
    for folder, words in (("甲", ()), ("乙", ("--full",))):
        assert book(office, "来信", "2026-04", "-o", tmp_path / folder, "--format", "xlsx", *words).code == 0
    hidden, full = (
        [row["来信人"] for row in sheet(tmp_path / folder / "来信登记簿.xlsx")] for folder in ("甲", "乙")
    )
    assert "（保密）" in hidden
    assert "（保密）" not in full


def test_the_book_of_letters_can_be_had_here_too(office):
    done = book(office, "收发文登记簿", "2026")
    assert done.code == 0, done.err
    exported = xfdocs("register", "export", "--period", "2026", "-o", office / "x.xlsx", "--office", office)
    assert exported.code == 0, exported.err
    ours = office / "reports" / "2026" / "收发文登记簿.xlsx"
    assert ours.read_bytes() == (office / "x.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("来信簿", "2026"), 2, "没有名为“来信簿”的登记簿。是不是：来信登记簿"),
        (("登记", "2026"), 2, "全部登记簿请看 `xfdocs report books`"),
        (("来信", "2026-13"), 2, "“2026-13”不是一段时间"),
        (("来信", "2026Q5"), 2, "“2026Q5”不是一段时间"),
        (("来信", "2027"), 2, "2027年还没有开始"),
        (("来信", "2026", "--format", "docx"), 2, "应为 xlsx、pdf 之一"),
        (("来信",), 2, "缺少参数 时间"),
    ],
)
def test_a_slip_is_told_and_nothing_is_written(words, code, said, office):
    before = tree(office)
    done = book(office, *words)
    assert done.code == code
    assert said in done.err
    assert tree(office) == before


def test_a_fault_in_a_book_of_the_offices_own_is_told_before_anything_is_read(office):
    (office / "books").mkdir()
    text = 'title = "我的"\nof = "信访件"\nwindow = "登记日期"\n[[column]]\nhead = "甲"\nwidth = 9\nvalue = "{{ 登记.事油 }}"\n'
    (office / "books" / "mine.toml").write_text(text, "utf-8")
    before = tree(office)
    done = book(office, "来信", "2026")
    assert done.code == 2
    assert "mine.toml 有误：[column 第1项] 栏目“甲”：“登记”里没有“事油”这一项。是不是“事由”？" in done.err
    assert tree(office) == before


def test_somebodys_book_is_not_overwritten(office):
    assert book(office, "来电", "2026", "--format", "xlsx").code == 0
    file = office / "reports" / "2026" / "来电登记簿.xlsx"
    file.write_bytes(b"mine")
    done = book(office, "来电", "2026")
    assert done.code == 1
    assert "没有覆盖" in done.err
    assert file.read_bytes() == b"mine"
    assert not file.with_suffix(".pdf").exists()


def test_the_books_there_are_are_listed(office):
    (office / "books").mkdir()
    shutil.copy(SAMPLES.parent / "schemas" / "books" / "calls.toml", office / "books" / "mine.toml")
    text = (office / "books" / "mine.toml").read_text("utf-8").replace('"来电登记簿"', '"电话登记簿"')
    (office / "books" / "mine.toml").write_text(text, "utf-8")
    shown = xfdocs("report", "books", "--office", office)
    assert shown.code == 0
    told = xfdocs("report", "books", "--office", office, "--json").lines
    assert {"来信登记簿", "收发文登记簿", "电话登记簿"} <= {one["title"] for one in told}
    assert all(one["title"] in shown.out for one in told)
    assert all(one["columns"] for one in told)
