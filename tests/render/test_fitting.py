"""Text in cells that do not grow: set as large as it fits, and never outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.examples import EXAMPLES
from tests.render.pdfs import pages
from xfdocs.document.model import Align, Cell, Paragraph, Run, Table
from xfdocs.render.fitting import letters, sizes
from xfdocs.render.geometry import Rule
from xfdocs.render.signature import width

TEXTS = st.text(st.sampled_from("云州市信访局—、2026J·-𠀀"), max_size=160)
SIDES = st.floats(8, 150)


def of(text: str, *, large: bool = False) -> Cell:
    return Cell((Paragraph((Run(text),), Align.FLUSH),), large=large)


@given(TEXTS, SIDES, SIDES)
def test_what_is_set_takes_no_more_room_than_there_is(text, across, down):
    points = letters(of(text), across, down)
    square = points * 25.4 / 72
    assert points <= 14
    if points > 2:
        assert width(text) * square * square * 1.25 <= across * down


@given(TEXTS, SIDES, SIDES, st.floats(1, 60))
def test_more_room_never_makes_letters_smaller(text, across, down, more):
    assert letters(of(text), across, down + more) >= letters(of(text), across, down)


@given(TEXTS, SIDES, SIDES)
def test_a_large_cell_is_never_set_smaller_than_a_usual_one(text, across, down):
    assert letters(of(text, large=True), across, down) >= letters(of(text), across, down)


def test_a_code_is_set_smaller_before_it_is_broken():
    number = "J021-ZY-XF-01-2026-D30-0001"
    points = letters(of(number), 40, 40)
    assert points < 14
    assert width(number) * points * 25.4 / 72 <= 40


def test_a_cell_that_spans_has_the_room_of_all_it_spans():
    table = EXAMPLES["label"].body[0]
    assert isinstance(table, Table)
    (_, title), *_ = sizes(table)
    assert title == letters(table.rows[0].cells[1], 75, 40)


def test_on_paper_a_label_measures_what_it_says_and_its_text_stays_inside():
    page = pages("label")[0]
    between = page.line("打印时选").baseline
    left, top, right, bottom = box([rule for rule in page.rules if rule.bottom < between])
    assert right - left == pytest.approx(95, abs=1)
    assert bottom - top == pytest.approx(40 + 8 + 8 + 20, abs=1)
    inside = [line for line in page.lines if top < line.baseline < bottom]
    assert len(inside) > 4
    for line in inside:
        assert left < line.ink[0]
        assert line.ink[2] < right
        assert line.ink[3] < bottom
    left, top, right, bottom = box([rule for rule in page.rules if rule.top > between])
    assert right - left == pytest.approx(100, abs=1)
    assert bottom - top == pytest.approx(5, abs=1)


def box(rules: list[Rule]) -> tuple[float, float, float, float]:
    return (
        min(rule.left for rule in rules),
        min(rule.top for rule in rules),
        max(rule.right for rule in rules),
        max(rule.bottom for rule in rules),
    )
