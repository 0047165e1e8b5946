"""Periods are counted as the Civil Code counts them, and both last days are told."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.errors import CalendarMissing
from xfdocs.rules import Unit, limit, load_calendar
from xfdocs.rules.limits import add_months

CALENDAR = load_calendar()
STARTS = st.dates(date(2015, 1, 1), date(2026, 3, 1))
LENGTHS = st.integers(1, 200)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "length", "due", "rolled"),
    [
        ("2026-01-16", 15, "2026-01-31", "2026-02-02"),
        ("2026-02-02", 15, "2026-02-17", "2026-02-24"),
        ("2025-12-20", 60, "2026-02-18", "2026-02-24"),
        ("2026-03-05", 60, "2026-05-04", "2026-05-06"),
        ("2026-09-01", 30, "2026-10-01", "2026-10-08"),
        ("2025-09-17", 15, "2025-10-02", "2025-10-09"),
        ("2026-07-24", 60, "2026-09-22", "2026-09-22"),
    ],
)
def test_calendar_days_end_plainly_and_roll_over_days_of_rest(start, length, due, rolled):
    counted = limit(day(start), length, Unit.DAYS, CALENDAR)
    assert (counted.due, counted.rolled) == (day(due), day(rolled))
    assert counted.last_day(CALENDAR) == day(rolled)
    assert counted.text == f"{length}日"
    assert counted.note == ""


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-02-10", "2026-02-24"),
        ("2026-02-13", "2026-02-27"),
        ("2026-04-29", "2026-05-09"),
        ("2026-09-28", "2026-10-10"),
        ("2025-12-30", "2026-01-07"),
    ],
)
def test_five_working_days_count_made_up_weekends_and_skip_holidays(start, end):
    counted = limit(day(start), 5, Unit.WORKDAYS, CALENDAR)
    assert counted.due == counted.rolled == day(end)
    assert counted.text == "5个工作日"


def test_five_working_days_into_2027_are_refused_and_never_guessed():
    with pytest.raises(CalendarMissing) as missing:
        limit(date(2026, 12, 28), 5, Unit.WORKDAYS, CALENDAR)
    assert missing.value.facts["year"] == 2027
    assert "没有 2027 年的工作日安排" in str(missing.value)


def test_three_working_days_that_stay_within_2026_are_told():
    assert limit(date(2026, 12, 28), 3, Unit.WORKDAYS, CALENDAR).due == date(2026, 12, 31)


def test_sixty_days_into_2027_have_their_plain_end_but_no_rolled_one():
    counted = limit(date(2026, 12, 1), 60, Unit.DAYS, CALENDAR)
    assert counted.due == date(2027, 1, 30)
    assert counted.rolled is None
    assert counted.unpublished == 2027
    assert counted.note == "2027年工作日安排未发布，顺延日待定"
    with pytest.raises(CalendarMissing):
        counted.last_day(CALENDAR)


def test_even_a_weekday_of_2027_is_not_called_a_working_day():
    counted = limit(date(2026, 12, 1), 35, Unit.DAYS, CALENDAR)
    assert counted.due == date(2027, 1, 5)
    assert counted.rolled is None


def test_once_the_year_is_published_the_same_limit_can_tell_its_last_day(tmp_path):
    counted = limit(date(2026, 12, 1), 60, Unit.DAYS, CALENDAR)
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.toml").write_text(
        'year = 2027\nsource = ["x"]\noff = [{ date = 2027-01-01, name = "元旦" }]\nwork = []\n',
        encoding="utf-8",
    )
    assert counted.last_day(load_calendar(tmp_path)) == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2026-03-05", 3, "2026-06-05"),
        ("2025-10-15", 3, "2026-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(start, months, due):
    assert limit(day(start), months, Unit.MONTHS, CALENDAR).due == day(due)


def test_a_month_that_ends_on_a_day_of_rest_rolls_too():
    counted = limit(date(2026, 7, 1), 3, Unit.MONTHS, CALENDAR)
    assert (counted.due, counted.rolled) == (date(2026, 10, 1), date(2026, 10, 8))
    assert counted.text == "3个月"


def test_hearing_days_lengthen_the_period_day_by_day():
    hearing = [date(2026, 3, 20), date(2026, 3, 10), date(2026, 3, 9)]
    counted = limit(date(2026, 3, 5), 30, Unit.DAYS, CALENDAR, hearing)
    assert counted.due == date(2026, 4, 4) + timedelta(days=3)
    assert counted.excluded == (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 20))


def test_a_hearing_day_in_the_added_days_counts_out_as_well():
    hearing = [
        date(2026, 4, 3),
        date(2026, 4, 5),
    ]  # the plain end is 4 April; the 5th is reached only by the first
    assert limit(date(2026, 3, 5), 30, Unit.DAYS, CALENDAR, hearing).due == date(2026, 4, 6)


def test_hearing_days_outside_the_period_change_nothing():
    outside = [date(2026, 3, 5), date(2026, 3, 1), date(2026, 4, 5)]
    counted = limit(date(2026, 3, 5), 30, Unit.DAYS, CALENDAR, outside)
    assert counted.due == date(2026, 4, 4)
    assert counted.excluded == ()


def test_an_extension_runs_on_from_the_plain_end():
    counted = limit(date(2026, 3, 5), 60, Unit.DAYS, CALENDAR).extended(30, CALENDAR)
    assert counted.due == date(2026, 6, 3)
    assert counted.length == 90


def test_days_left_are_counted_to_the_planning_day():
    counted = limit(date(2026, 3, 5), 15, Unit.DAYS, CALENDAR)
    assert counted.days_left(date(2026, 3, 5)) == 15
    assert counted.days_left(counted.due) == 0
    assert counted.days_left(counted.due + timedelta(days=2)) == -2


def test_a_period_of_nothing_is_refused():
    for unit in Unit:
        with pytest.raises(ValueError, match="positive"):
            limit(date(2026, 3, 5), 0, unit, CALENDAR)


@given(STARTS, LENGTHS)
def test_the_first_day_never_counts_and_the_last_always_does(start, length):
    counted = limit(start, length, Unit.DAYS, CALENDAR)
    assert (counted.due - start).days == length
    assert counted.rolled is not None
    assert CALENDAR.is_workday(counted.rolled)
    assert counted.rolled >= counted.due
    assert all(
        not CALENDAR.is_workday(counted.due + timedelta(days=n))
        for n in range((counted.rolled - counted.due).days)
    )


@given(STARTS, LENGTHS, st.lists(st.integers(-5, 230), max_size=30))
def test_the_counted_days_of_a_period_are_exactly_its_length(start, length, offsets):
    hearing = {start + timedelta(days=n) for n in offsets}
    counted = limit(start, length, Unit.DAYS, CALENDAR, hearing)
    period = {start + timedelta(days=n) for n in range(1, (counted.due - start).days + 1)}
    assert len(period - hearing) == length
    assert counted.due not in hearing
    assert set(counted.excluded) == period & hearing


@given(STARTS, st.integers(1, 40), st.lists(st.integers(-5, 60), max_size=10))
def test_the_counted_working_days_of_a_period_are_exactly_its_length(start, length, offsets):
    hearing = {start + timedelta(days=n) for n in offsets}
    counted = limit(start, length, Unit.WORKDAYS, CALENDAR, hearing)
    period = (start + timedelta(days=n) for n in range(1, (counted.due - start).days + 1))
    assert sum(CALENDAR.is_workday(d) and d not in hearing for d in period) == length
    assert CALENDAR.is_workday(counted.due)
    assert counted.rolled == counted.due


@given(STARTS, st.integers(1, 24), LENGTHS)
def test_a_longer_period_never_ends_sooner(start, months, length):
    assert add_months(start, months) < add_months(start, months + 1)
    for unit in (Unit.DAYS, Unit.WORKDAYS):
        shorter = limit(start, min(length, 150), unit, CALENDAR)
        assert shorter.due < limit(start, min(length, 150) + 1, unit, CALENDAR).due


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_a_month_end_keeps_its_day_of_the_month_where_the_month_has_it(start, months):
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
