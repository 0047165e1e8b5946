"""A period as people write it, and the days it is."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.errors import PeriodInvalid
from xfdocs.rules.period import Period


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026年"),
        ("2026Q1", "2026-01-01", "2026-03-31", "2026年第一季度"),
        ("2026q4", "2026-10-01", "2026-12-31", "2026年第四季度"),
        ("２０２６Ｑ３", "2026-07-01", "2026-09-30", "2026年第三季度"),
        ("2026-10", "2026-10-01", "2026-10-31", "2026年10月"),
        ("2026-2", "2026-02-01", "2026-02-28", "2026年2月"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2026-10-01..2026-10-31", "2026-10-01", "2026-10-31", "2026-10-01至2026-10-31"),
        (" 2026-10-08 .. 2026-10-08 ", "2026-10-08", "2026-10-08", "2026-10-08至2026-10-08"),
    ],
)
def test_a_period_is_the_days_people_mean(text, first, last, name):
    period = Period.parse(text)
    assert (period.first, period.last, period.name) == (
        dt.date.fromisoformat(first),
        dt.date.fromisoformat(last),
        name,
    )


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026Q5", "2026Q0", "2026-13", "2026-00", "2026-10-01", "0000", "十月", "2026-10-01..", "..",
     "2026-02-01..2026-02-30", "2026-10-31..2026-10-01", "2026..2027", "2026-10-01...2026-10-31", "20260101..20261231"],
)  # fmt: skip
def test_what_is_no_period_is_refused_and_told_how_to_write_one(text):
    with pytest.raises(PeriodInvalid, match=r"2026Q3（一个季度）"):
        Period.parse(text)


@given(st.integers(1, 9999))
def test_a_year_is_its_quarters_and_its_months_without_gap_or_overlap(year):
    whole = Period.parse(f"{year:04d}")
    for parts in (
        [Period.parse(f"{year:04d}Q{n}") for n in range(1, 5)],
        [Period.parse(f"{year:04d}-{n:02d}") for n in range(1, 13)],
    ):
        assert (parts[0].first, parts[-1].last) == (whole.first, whole.last)
        for one, other in itertools.pairwise(parts):
            assert other.first - one.last == dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "before", "year_before", "so_far"),
    [
        ("2026-01", "2025-12", "2025-01", "2026-01-01..2026-01-31"),
        ("2026Q1", "2025Q4", "2025Q1", "2026-01-01..2026-03-31"),
        ("2026H1", "2025H2", "2025H1", "2026-01-01..2026-06-30"),
        ("2026H2", "2026H1", "2025H2", "2026-01-01..2026-12-31"),
        ("2026", "2025", "2025", "2026-01-01..2026-12-31"),
        (
            "2026-03-01..2026-03-10",
            "2026-02-19..2026-02-28",
            "2025-03-01..2025-03-10",
            "2026-01-01..2026-03-10",
        ),
        (
            "2024-02-29..2024-03-01",
            "2024-02-27..2024-02-28",
            "2023-02-28..2023-03-01",
            "2024-01-01..2024-03-01",
        ),
    ],
)
def test_a_period_knows_what_it_is_compared_with(text, before, year_before, so_far):
    period = Period.parse(text)
    assert period.code == text
    assert period.before().code == before
    assert period.year_before().code == year_before
    assert period.so_far().code == so_far


@given(st.integers(2, 9999), st.sampled_from(["", "Q1", "Q4", "H1", "H2", "-01", "-07", "-12"]))
def test_periods_of_one_kind_follow_one_another_without_gap(year, rest):
    period = Period.parse(f"{year:04d}{rest}")
    assert Period.parse(period.code) == period
    assert period.before().last + dt.timedelta(days=1) == period.first
    assert period.before().months == period.months
    assert period.year_before().first.replace(year=year) == period.first
