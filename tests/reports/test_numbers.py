"""Numbers as reports print them, and the windows they are counted over."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.errors import PeriodAhead, TotalsDiffer
from xfdocs.reports.model import Column, Line, Number, Part, Place, Sum, Table, rounded
from xfdocs.reports.reporting import check_totals
from xfdocs.reports.tabulate import change_of
from xfdocs.reports.windows import BEFORE, NOW, SO_FAR, YEAR_BEFORE, Windows
from xfdocs.rules.period import Period

DAY = dt.date(2026, 11, 23)


def windows(text, on=DAY, known_from=dt.date(2017, 8, 15)):
    return Windows.of(Period.parse(text), on, known_from)


def span(window):
    return (str(window.first), str(window.last), str(window.as_of))


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=999), st.integers(0, 4))
def test_numbers_are_rounded_half_up_as_the_decimal_standard_does(value, digits):
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    expected = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert Decimal(rounded(value, digits)) == expected
    assert not rounded(value, digits).startswith("-0") or Decimal(rounded(value, digits)) != 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(value=0, unit="件"), "0"),
        (Number(value=None, unit="件"), "—"),
        (Number(value=Fraction(39, 40), unit="%", digits=2), "97.50%"),
        (Number(value=Fraction(1, 3), unit="%", digits=2), "33.33%"),
        (Number(value=Fraction(2, 3), unit="%", digits=2), "66.67%"),
        (Number(value=Fraction(-1, 800), unit="%", digits=2), "-0.13%"),
        (Number(value=Fraction(99999, 100000), unit="%", digits=2), "100.00%"),
        (Number(value=Fraction(37, 3), unit="天", digits=1), "12.3"),
        (Number(value=2, unit="件", hidden=True), "＊"),
        (Number(value=Fraction(1), unit="%", words="不低于100%"), "不低于100%"),
    ],
)
def test_a_number_is_printed_as_the_field_prints_it(number, text):
    assert number.text == text


def test_a_month_is_compared_with_the_month_before_and_that_of_last_year_as_each_stood_at_its_end():
    one = windows("2026-01")
    assert span(one.window(NOW)) == ("2026-01-01", "2026-01-31", "2026-01-31")
    assert span(one.window(BEFORE)) == ("2025-12-01", "2025-12-31", "2025-12-31")
    assert span(one.window(YEAR_BEFORE)) == ("2025-01-01", "2025-01-31", "2025-01-31")
    assert [one.head(name) for name in (NOW, BEFORE, YEAR_BEFORE, SO_FAR)] == [
        "本月",
        "上月",
        "去年同月",
        "本年累计",
    ]


def test_a_quarter_accumulates_from_january():
    assert span(windows("2026Q3").window(SO_FAR)) == ("2026-01-01", "2026-09-30", "2026-09-30")


def test_a_period_that_is_not_over_is_looked_at_as_of_the_day_of_the_run():
    one = windows("2026-11")
    assert one.as_of == DAY
    assert span(one.window(NOW)) == ("2026-11-01", "2026-11-30", "2026-11-23")
    assert span(one.window(BEFORE)) == ("2026-10-01", "2026-10-31", "2026-10-31")


def test_a_period_that_has_not_begun_has_no_report():
    with pytest.raises(PeriodAhead, match="2026年12月还没有开始"):
        windows("2026-12")


def test_of_a_time_before_the_first_record_nothing_is_known_which_is_not_zero():
    one = windows("2018-08", known_from=dt.date(2017, 8, 15))
    assert one.window(YEAR_BEFORE) is not None  # the month of the first record
    assert windows("2018-07", known_from=dt.date(2017, 8, 15)).window(YEAR_BEFORE) is None
    assert windows("2026-09", known_from=None).window(NOW) is None


def test_the_first_year_of_all_has_nothing_before_it():
    assert windows("0001", known_from=dt.date(1, 1, 1)).window(BEFORE) is None


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (6, 4, "50.00%"),
        (4, 6, "-33.33%"),
        (0, 4, "-100.00%"),
        (4, 0, "—"),
        (0, 0, "—"),
        (None, 3, "—"),
        (3, None, "—"),
        (5, 5, "0.00%"),
    ],
)
def test_a_change_over_nothing_says_nothing(now, before, text):
    assert change_of(Number(value=now, unit="件"), Number(value=before, unit="件")).text == text


def table(total, *parts):
    lines = [
        Line(key=str(n), head=str(n), numbers=(Number(value=part, unit="件"),))
        for n, part in enumerate(parts)
    ]
    lines.append(Line(key="合计", head="合计", numbers=(Number(value=total, unit="件"),), part=Part.TOTAL))
    places = tuple(Place(str(n), NOW) for n in range(len(parts)))
    return Table(
        id="t",
        title="试",
        head="项",
        columns=(Column(key=NOW, head="本月"),),
        lines=tuple(lines),
        sums=(Sum(Place("合计", NOW), places),),
    )


def test_a_total_that_is_not_the_sum_of_its_parts_is_not_printed():
    check_totals([table(6, 1, 2, 3), table(None, None, None)])
    with pytest.raises(TotalsDiffer, match="合计、本期是 7，各部分之和是 6"):
        check_totals([table(7, 1, 2, 3)])
