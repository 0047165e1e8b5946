"""Books are data: what is shipped, what an office adds, and what is refused before anything is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reports.desks import office_with
from tests.samples.corpus import office
from xfdocs.errors import BookInvalid, BookUnknown
from xfdocs.render.ledger import MEASURE
from xfdocs.reports.books import PARTS, Book, book_called, books_of
from xfdocs.reports.populations import populations

TITLES = {
    "来信登记簿", "来访登记簿", "来电登记簿", "网上登记簿", "转送交办登记簿", "督办催办登记簿", "送达登记簿",
    "复查复核登记簿", "收发文登记簿",
}  # fmt: skip

BOOK = """
title = "回访登记簿"
unit = "次"
of = "办理事项"
window = "日期"
where = { "事项" = "回访" }

[[column]]
head = "日期"
width = 11
value = "{{ 事件.日期 }}"

[[column]]
head = "方式"
width = 10
value = "{{ 事件.方式 }}"
"""


def with_book(folder: Any, text: str = BOOK, slug: str = "visits-back") -> dict[str, Book]:
    return dict(books_of(office_with(folder, {f"books/{slug}.toml": text})))


def test_the_books_that_an_office_must_keep_are_there():
    assert {book.title for book in books_of(office()).values()} == TITLES
    assert all(book.about and book.unit for book in books_of(office()).values())


@pytest.mark.parametrize("book", books_of(office()).values(), ids=lambda book: book.slug)
def test_a_book_fits_the_page_so_that_a_day_stands_on_one_line(book):
    """Ten half-width figures of 7 point, the smallest that is printed, in a column of 11."""
    total = 7 + sum(column.width for column in book.columns)
    assert MEASURE * 11 / total > 10 * 3.5 * 25.4 / 72 + 1.4


def test_what_a_row_can_be_is_what_reports_count():
    assert set(PARTS) < set(populations())


def test_a_book_of_the_offices_own_needs_no_program(tmp_path):
    book = with_book(tmp_path)["visits-back"]
    assert (book.title, book.unit, [column.head for column in book.columns]) == (
        "回访登记簿",
        "次",
        ["日期", "方式"],
    )


def test_an_offices_own_book_takes_the_place_of_the_shipped_one(tmp_path):
    books = with_book(tmp_path, BOOK.replace("回访登记簿", "来信登记簿"), "letters")
    assert len(books) == len(TITLES)
    assert len(books["letters"].columns) == 2


def test_a_book_is_called_by_slug_title_or_a_word_that_only_its_title_has():
    for name in ("letters", "来信登记簿", "来信"):
        assert book_called(name, office()).slug == "letters"
    for name in ("登记", "信访台帐", ""):
        with pytest.raises(BookUnknown):
            book_called(name, office())
    with pytest.raises(BookUnknown, match="是不是：letters"):
        book_called("leters", office())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{{ 事件.方式 }}", "{{ 事件.方试 }}", "栏目“方式”：“事件”里没有“方试”这一项。是不是“方式”？"),
        ("{{ 事件.方式 }}", "{{ 事键.方式 }}", "栏目“方式”：没有“事键”这个名称。是不是“事件”？"),
        ("{{ 事件.方式 }}", "{{ 事件.签收人 }}", "栏目“方式”：“事件”里没有“签收人”这一项"),
        ("{{ 事件.方式 }}", "{{ 事件.方式 ", "栏目“方式”：模板语法不对"),
        ("{{ 事件.方式 }}", "{{ 全部('反溃')|count }}", "没有“反溃”这种事件。是不是“反馈”？"),
        ('"办理事项"', '"办理事件"', "of 应为"),
        ('window = "日期"', 'window = "发生日期"', "“发生日期”不是“办理事项”的日期项目。是不是：日期"),
        ('"回访" }', '"回防" }', "“事项”没有“回防”。"),
        ('window = "日期"', 'windows = "日期"', "缺少 window"),
        ('unit = "次"', 'units = "次"', "有不认识的项目：units"),
        ('head = "日期"', 'head = "方式"', "栏目“方式”写了两次"),
        ("width = 10", "width = 3", "width 是栏宽"),
        ("width = 10", 'width = 10\nsum = "是"', "sum 应为 true 或者 false"),
        ("回访登记簿", "../回访", "title 也是文件和工作表的名称"),
        ("回访登记簿", "回" * 28, "title 也是文件和工作表的名称"),
        ("回访登记簿", "来信登记簿", "名称“来信登记簿”在 letters.toml 里已经有了"),
        (BOOK[BOOK.index("[[column]]") :], "", "没有写栏目"),
        ('title = "回访登记簿"', "名称 = 1", "要加引号"),
    ],
)
def test_a_fault_in_a_book_is_told_with_file_and_place_before_anything_is_read(old, new, what, tmp_path):
    assert old in BOOK
    with pytest.raises(BookInvalid) as fault:
        with_book(tmp_path, BOOK.replace(old, new))
    assert what in str(fault.value)
    assert "visits-back.toml" in str(fault.value)


def test_of_events_of_several_kinds_each_may_be_asked_for_what_any_of_them_has(tmp_path):
    text = BOOK.replace('"事项" = "回访"', '"事项" = ["回访", "送达"]').replace("事件.方式", "事件.签收人")
    assert with_book(tmp_path, text)["visits-back"].columns[1].head == "方式"


def test_the_book_of_letters_sent_and_received_has_no_columns_of_its_own(tmp_path):
    with pytest.raises(BookInvalid, match="有不认识的项目"):
        with_book(tmp_path, BOOK.replace("办理事项", "收发文"))
