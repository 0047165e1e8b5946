"""A copy of a text for reading, whichever engine sets it: every line as it stands, nothing cut off, PDF/A, the same on any day."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from tests.archive.copies import NOTHING, copied, pdf_of
from tests.judge import complaints
from tests.render import pdfs
from xfdocs.archive.access import Tools
from xfdocs.pdf_by import PdfBy

TEXT = "供暖不足\r\n\r\n    第二段，前面空四格\t<表> & {{ 字段 }} # | *\r\n\f另起一页\r\n"
LEFT, RIGHT, LINE = 25 * 72 / 25.4, (210 - 22) * 72 / 25.4, 18
"""Margins and lines, in points."""


@pytest.fixture(scope="module")
def tools(each_engine: PdfBy) -> Tools:
    pdfs.fonts()
    return Tools(setter=pdfs.engine)


def places(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """Every character of each page, with how far from the left it begins and how high its line is."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for page in document:
            text = page.get_textpage()
            boxes = [
                (text.get_text_range(at, 1), text.get_charbox(at, loose=True))
                for at in range(text.count_chars())
            ]
            found.append([(char, box[0], box[1]) for char, box in boxes if char.strip()])
        return found
    finally:
        document.close()


def place(pdf: bytes, char: str) -> tuple[float, float]:
    """Where the first such character of the first page is."""
    return next((left, height) for one, left, height in places(pdf)[0] if one == char)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_set_as_it_stands_whatever_its_encoding(encoding, tools, tmp_path):
    pdf = pdf_of(tmp_path, "说明.txt", TEXT.encode(encoding), tools)
    opened = pypdfium2.PdfDocument(pdf)
    said = [opened[number].get_textpage().get_text_range() for number in range(len(opened))]
    opened.close()
    assert len(said) == 2
    assert re.sub(r"\s+", "", said[0]).replace("—1—", "") == re.sub(
        r"\s+", "", TEXT.split("\f", maxsplit=1)[0]
    )
    assert "另起一页" in said[1]
    (tmp_path / "a.pdf").write_bytes(pdf)
    assert complaints([tmp_path / "a.pdf"], "3a") == {}


def test_a_text_no_font_can_print_or_nobody_can_decode_has_no_copy(tools, tmp_path):
    private = copied(tmp_path, "a.txt", "名字\ue123\n".encode(), tools)
    assert "U+E123" in private.why
    assert "编码" in copied(tmp_path, "a.txt", "größer\nÄrger\n".encode("latin-1"), tools).why
    assert "控制字符" in copied(tmp_path, "a.txt", b"a\x1b[1mb\n", tools).why
    assert "KB" in copied(tmp_path, "a.txt", b"words\n" * 50000, tools).why
    assert "字体" in copied(tmp_path, "a.txt", b"words\n", NOTHING).why


def test_a_line_begins_where_it_begins_and_empty_lines_are_kept(tools, tmp_path):
    pdf = pdf_of(tmp_path, "a.txt", "甲\n 乙\n    丙\n　　丁\n\n\n    \n戊".encode(), tools)
    first, one, four, wide, last = (place(pdf, char) for char in "甲乙丙丁戊")
    assert first[0] == pytest.approx(LEFT, abs=1.5)
    assert four[0] - first[0] == pytest.approx(4 * (one[0] - first[0]), abs=2)
    assert wide[0] - first[0] == pytest.approx(24, abs=1)
    assert first[1] - last[1] == pytest.approx(7 * LINE, abs=9)


def test_tabs_stand_under_each_other(tools, tmp_path):
    pdf = pdf_of(tmp_path, "a.txt", "a\t甲\nabcde\t乙\n\t丙\n12345\t6\t丁\n\t\t戊".encode(), tools)
    first, *others = (place(pdf, char)[0] for char in "甲乙丙")
    assert others == pytest.approx([first, first], abs=1.5)
    assert place(pdf, "丁")[0] == pytest.approx(place(pdf, "戊")[0], abs=1.5)
    assert place(pdf, "丁")[0] - LEFT == pytest.approx(2 * (first - LEFT), abs=2)


@pytest.mark.parametrize(
    "line",
    ["字" * 300, "x" * 300, "." * 400, "！" * 200, "……" * 100, "—" * 200, "Ж" * 200, "a/" * 150, "1-" * 150, "）" * 99,
     "甲 " * 150, "word " * 90, "姓名" + "." * 300 + "1", "https://example.gov.cn/?q=" + "%E4%BA%91" * 30],
)  # fmt: skip
def test_a_line_too_long_is_turned_and_whole(line, tools, tmp_path):
    pdf = pdf_of(tmp_path, "a.txt", f"前\n{line}\n后".encode(), tools)
    found = [(char, left) for page in places(pdf) for char, left, height in page if height > 60]
    assert "".join(char for char, _ in found) == f"前{line.replace(' ', '')}后"
    assert all(LEFT - 1.5 < left < RIGHT for _, left in found)


def test_long_texts_have_numbered_pages(tools, tmp_path):
    pdf = pdf_of(tmp_path, "a.txt", "\n".join(f"第{n}行" for n in range(100)).encode(), tools)
    assert len(places(pdf)) == 3
    for number, page in enumerate(places(pdf), start=1):
        foot = [(char, left) for char, left, height in page if height < 65]
        assert "".join(char for char, _ in foot) == f"—{number}—"
        assert (foot[0][1] > 300) == (number % 2 == 1), "odd at the right, even at the left"


def test_a_form_feed_is_a_page_even_where_nothing_follows(tools, tmp_path):
    assert len(places(pdf_of(tmp_path, "a.txt", "甲\n\f\f丁".encode(), tools))) == 3


def test_a_copy_of_a_text_is_the_same_on_any_day(tools, tmp_path):
    first = pdf_of(tmp_path, "d.txt", TEXT.encode(), tools)
    assert pdf_of(tmp_path, "d.txt", TEXT.encode(), tools) == first
    assert not re.search(rb"20[23]\d-?\d\d-?\d\d", first)
