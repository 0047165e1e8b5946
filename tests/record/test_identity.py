"""Check digits and characters (R31, R32)."""

from __future__ import annotations

import datetime as dt
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xfdocs.record.rules.identity import _UNSEEN, all_seen, id_fault, uscc_fault

ON = dt.date(2026, 11, 23)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_with_check(first17: str) -> str:
    """By the congruence of ISO 7064 MOD 11-2, not by the weights the program uses."""
    total = 0
    for digit in first17:
        total = (total + int(digit)) * 2 % 11
    check = (12 - total) % 11
    return first17 + ("X" if check == 10 else str(check))


@given(st.dates(dt.date(1900, 1, 1), ON), st.integers(0, 999))
def test_a_number_with_its_check_digit_is_right_and_any_other_digit_is_wrong(born: dt.date, n: int) -> None:
    right = id_with_check(f"990000{born:%Y%m%d}{n:03d}")
    assert id_fault(right, ON) == ""
    for other in "0123456789X":
        assert (id_fault(right[:17] + other, ON) == "") is (other == right[17])


@given(st.dates(dt.date(1900, 1, 1), ON), st.integers(0, 999), st.integers(0, 15), st.data())
def test_two_neighbouring_digits_changed_round_are_noticed(born: dt.date, n: int, at: int, data) -> None:
    right = id_with_check(f"990000{born:%Y%m%d}{n:03d}")
    assume(right[at] != right[at + 1])
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert id_fault(swapped, ON)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("99000019800230001X", "不存在"),
        ("990000289901010011", "不合常理"),
        ("99000019800101001", "18 位"),
        ("99000019800101001x", "18 位"),
        ("99000018991231001X", "不合常理"),
    ],
)
def test_what_is_wrong_is_said(number: str, told: str) -> None:
    assert told in id_fault(number, ON)


def test_the_text_book_number_of_the_standard_is_right() -> None:
    """GB 11643-1999 附录 A shows 11010519491231002X."""
    assert id_fault("11010519491231002X", ON) == ""


@given(st.text(st.sampled_from(USCC), min_size=9, max_size=9))
def test_just_one_check_character_is_right_for_a_social_credit_code(tail: str) -> None:
    first = f"91990000{tail}"
    right = [sign for sign in USCC if uscc_fault(first + sign) == ""]
    assert len(right) == 1


def test_a_known_social_credit_code_is_right() -> None:
    """The example that GB 32100-2015 itself works out."""
    assert uscc_fault("91350100M000100Y43") == ""
    assert uscc_fault("91350100M000100Y44")
    assert "不用 I" in uscc_fault("91350100I000100Y43")


def test_the_quick_look_for_unseen_characters_overlooks_none() -> None:
    unseen = _UNSEEN.findall("".join(map(chr, range(sys.maxunicode + 1))))
    assert len(unseen) > 130_000
    assert [sign for sign in unseen if all_seen(f"李{sign}清\n")] == []
    assert all_seen("宽\u3000空格，行末\n和\tＡＢ·“引号”…—\r\n")
