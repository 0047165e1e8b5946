"""避头尾, and lines that are filled (GB/T 15834-2011 5.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.render.linebreak import CLOSING, NO_END, NO_START, OPENING, fit, may_break, may_stretch

EM = 1000


def widths(text: str) -> list[int]:
    return [EM if ord(char) > 0x2000 else EM // 2 for char in text]


def lines(text: str, measure: int = 10) -> list[str]:
    made = []
    while text:
        line = fit(text, widths(text), 0, measure * EM, anywhere=True)
        made.append(text[: line.count])
        text = text[line.skip :]
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲", "，"),
        ("甲", "。"),
        ("甲", "”"),
        ("“", "甲"),
        ("《", "信"),
        ("甲", "》"),
        ("2", "0"),
        ("第", "3"),
        ("3", "条"),
        ("Y", "Z"),
        ("-", "2"),
        ("—", "—"),
        ("…", "…"),
        ("阿", "·"),
        ("5", "%"),
        ("甲", "—"),
        ("二", "〇"),
    ],
)
def test_a_line_never_ends_here(before, after):
    assert not may_break(before + after, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("甲乙", 1),
        ("甲《", 1),
        ("，甲", 1),
        ("2026年", 4),
        ("甲——乙", 1),
        ("甲——乙", 3),
        ("叫〇", 1),
        ("a b", 2),
    ],
)
def test_a_line_may_end_here(text, place):
    assert may_break(text, place)


def test_a_mark_that_would_begin_a_line_is_drawn_in_when_the_line_has_air_for_it():
    line = fit(text := "一二，四五，七八九十，甲乙丙", widths(text), 0, 10 * EM, anywhere=False)
    assert text[: line.count] == "一二，四五，七八九十，"
    assert line.width == 10 * EM
    taken = sum(sum(cut) for cut in line.cuts.values()) + line.tighter * (line.count - 1)
    assert taken == pytest.approx(EM)
    assert line.cuts[10] == (0.0, 500)  # the half square at the end hangs outside


def test_a_line_without_air_gives_a_character_to_the_next():
    text = "一二三四五六七八九十，乙丙丁"
    line = fit(text, widths(text), 0, 10 * EM, anywhere=False)
    assert text[: line.count] == "一二三四五六七八九"
    assert line.cuts == {}


def test_a_last_line_of_one_character_is_drawn_in_when_it_can_be():
    text = "甲，乙，丙，丁，戊，己。"
    line = fit(text, widths(text), 0, 11 * EM, anywhere=False)
    assert line.count == len(text)


def test_words_and_numbers_stay_whole_unless_they_are_longer_than_the_line():
    assert lines("一二三四五六七八abcdefgh") == ["一二三四五六七八", "abcdefgh"]
    assert lines("信访件编号为YZ20261008") == ["信访件编号为", "YZ20261008"]
    assert all(len(line) <= 8 for line in lines("http://example.invalid/abcdefgh", 4))


def test_a_long_number_is_cut_after_a_hyphen_rather_than_leave_a_hole():
    text = "一二三四五六七八九十信访件编号：YZ-20260316-0041）"
    assert lines(text, 20) == ["一二三四五六七八九十信访件编号：YZ-", "20260316-0041）"]
    assert lines("一二三四五六七八九十信访件编号为：YZ-20260316-0041）", 25)[0].endswith("0316-0041）")


def test_blanks_at_a_break_belong_to_no_line():
    assert lines("abcd efgh ijkl", 5) == ["abcd efgh", "ijkl"]


texts = st.text(st.sampled_from("甲乙丙，。“”《》（）、：；—…0123ab 〇·"), min_size=1, max_size=80)


@given(texts, st.integers(3, 30))
def test_every_character_is_set_once_and_no_line_is_too_wide(text, measure):
    rest, made = text, ""
    while rest:
        line = fit(rest, widths(rest), -13, measure * EM, anywhere=True)
        assert line.count >= 1
        assert line.skip >= line.count
        assert not rest[line.count : line.skip].strip()
        made += rest[: line.count] + rest[line.count : line.skip]
        assert line.width <= measure * EM + 1.0 or line.count == 1
        rest = rest[line.skip :]
    assert made == text


@given(texts, st.integers(8, 30))
def test_punctuation_gives_way_by_half_a_square_at_most(text, measure):
    line = fit(text, widths(text), 0, measure * EM, anywhere=True)
    for place, (before, after) in line.cuts.items():
        assert text[place] in CLOSING | OPENING
        inner = 500 if _beside_a_mark(text, place) else 250
        assert 0 <= before <= inner
        assert 0 <= after <= (500 if place == line.count - 1 else inner)
    assert 0 <= line.tighter <= 20


def _beside_a_mark(text: str, place: int) -> bool:
    return any(
        char in CLOSING | OPENING for char in text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    )


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("甲。《乙", 3.5),
        ("甲：“乙", 3.5),
        ("甲。”乙", 3.5),
        ("（《乙", 2.5),
        ("甲”。（乙", 4),
        ("“甲”", 3),
        ("甲——“", 4),
        ("，", 1),
    ],
)
def test_two_marks_side_by_side_share_one_empty_half(text, width):
    line = fit(text, widths(text), 0, 99 * EM, anywhere=False)
    assert line.width == width * EM
    assert sum(sum(cut) for cut in line.cuts.values()) == len(text) * EM - line.width


def test_a_paragraph_does_not_end_with_a_single_character():
    assert lines("一二三四五六七八九十甲乙。") == ["一二三四五六七八九十", "甲乙。"]
    assert lines("一二三四五六七八九十甲。") == ["一二三四五六七八九", "十甲。"]


def test_a_narrow_column_is_left_as_it_falls():
    assert lines("联名人数", 2) == ["联名", "人数"]
    assert lines("信访人姓名", 4) == ["信访人", "姓名"]
    assert lines("信访人", 2) == ["信访", "人"]


def test_marks_are_either_closing_or_opening():
    assert not CLOSING & OPENING
    assert CLOSING <= NO_START
    assert OPENING <= NO_END


@pytest.mark.parametrize("pair", ["——", "……", "20", "ab"])
def test_spreading_a_line_does_not_tear_dashes_numbers_and_words(pair):
    assert not may_stretch(*pair)
    assert may_stretch("甲", pair[0])
