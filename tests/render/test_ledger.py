"""A book as it is printed, whichever engine prints it: nothing cut off, no row in two pieces, and ours as long as nobody changes it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.judge import complaints
from tests.render import pdfs
from xfdocs.render.ledger import MEASURE, Ledger, LedgerCell, LedgerRow, print_ledger, untouched

pytestmark = pytest.mark.usefixtures("each_engine")

MARK = "由试验写出"
WIDTHS = (7, 17, 4, 11, 30, 40)
POINTS = 72 / 25.4


def ledger(*texts: tuple[str, ...], **facts: object) -> Ledger:
    """A book whose rows have these texts in the columns after the number."""
    rows = tuple(
        LedgerRow(
            (LedgerCell(str(at), True), *(LedgerCell(text) for text in row), *[LedgerCell("")] * (5 - len(row))),
            f"本页第{at}",
            f"至{at}件",
        )
        for at, row in enumerate(texts, start=1)
    )
    plain = Ledger(
        title="云州市信访局来信登记簿",
        organ="云州市信访局",
        unit="件",
        period="2026年",
        heads=("序号", "编号", "形式", "日期", "来信人", "主要问题"),
        widths=WIDTHS,
        rows=rows,
        closing=(("合计", f"{len(rows)}件", "", "", "", ""),),
        notes=("说明一。",),
        mark=MARK,
        day=date(2026, 3, 2),
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def printed(book: Ledger) -> bytes:
    return print_ledger(book, pdfs.engine())


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without blanks."""
    with opened(pdf) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def column(pdf: bytes, at: int) -> str:
    """What stands between the lines of a column, on all pages."""
    left, right = (
        (15 + MEASURE * sum(WIDTHS[:end]) / sum(WIDTHS)) * POINTS for end in (at, at + 1)
    )
    with opened(pdf) as document:
        return "".join(
            re.sub(r"\s", "", page.get_textpage().get_text_bounded(left=left, right=right, top=560, bottom=50))
            for page in document
        )


def test_a_line_break_in_a_cell_is_one_on_paper():
    with opened(printed(ledger(("甲", "", "", "第一行\n第二行\n\n第四行")))) as document:
        text = document[0].get_textpage()
        tops = []
        for word in ("第一行", "第二行", "第四行"):
            at, _ = text.search(word).get_next()
            tops.append(text.get_charbox(at)[3])
    first, second, fourth = tops
    assert first > second > fourth
    assert first - fourth == pytest.approx(3 * (first - second), abs=2)


@pytest.mark.parametrize(
    "word",
    ["ABCDEFGHIJKL", "2026-03-02-0001-A/17", "https://example.gov.cn/a?b=" + "c" * 60, "！？" * 30, "." * 90, "—" * 40, "Ж" * 40, "12345678"],
)  # fmt: skip
def test_what_has_no_place_to_break_stays_in_its_column(word):
    """Also in the narrowest one, and punctuation that may begin no line."""
    for at in (2, 5):
        row = [""] * 5
        row[at - 1] = word
        inside = column(printed(ledger(tuple(row))), at)
        assert sorted(inside.removeprefix("形式").removeprefix("主要问题")) == sorted(word), (at, inside)


def test_a_row_is_never_in_two_pieces():
    texts = [("首" + str(n) + "。", "", "", "", f"起{n}。" + "反映供暖不足" * (n * 7 % 40) + f"止{n}。") for n in range(1, 60)]
    found = pages(printed(ledger(*texts)))
    assert len(found) > 3
    for n in range(1, 60):
        assert sum(f"首{n}。" in page and f"起{n}。" in page and f"止{n}。" in page for page in found) == 1, n


def test_a_row_longer_than_a_page_goes_on_under_its_head_row_and_every_page_names_it():
    long = "".join(f"第{n}句。" for n in range(1800))
    found = pages(printed(ledger(("甲",), ("乙", "", "", "", long), ("丙",))))
    assert len(found) > 2
    assert "第1799句" in "".join(found)
    for page in found[1:-1]:
        assert "本页第2至2件" in page
        assert "主要问题" in page
    assert "至3件" in found[-1]
    assert "合计3件" in found[-1]


def test_what_a_book_says_of_itself():
    with pikepdf.open(_file(printed(ledger(("甲",), volume="（二）")))) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"] == "云州市信访局来信登记簿（二）（2026年）"
        assert about["dc:description"] == MARK
        assert "云州市信访局" in about["dc:creator"]
        assert pdf.Root.Lang.__str__().startswith("zh")


def test_whoever_has_it_read_aloud_hears_a_table(tmp_path):
    pdf = printed(ledger(*[(f"编号{n}", "", "", f"来信人{n}") for n in range(1, 31)]))
    (tmp_path / "book.pdf").write_bytes(pdf)
    assert complaints([tmp_path / "book.pdf"]) == {}
    kinds: dict[str, int] = {}
    with pikepdf.open(_file(pdf)) as opened_pdf:
        for item in opened_pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem":
                kinds[str(item.S)] = kinds.get(str(item.S), 0) + 1
    assert kinds["/Table"] >= 1
    assert kinds["/TH"] % 6 == 0
    assert kinds["/TD"] == 30 * 6 + 6 + 1, "the rows, the totals, the foot"


def _file(pdf: bytes) -> object:
    import io

    return io.BytesIO(pdf)
