"""Working days are what the State Council published, and nothing is known of a year that was not."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.errors import CalendarMissing, LawDataInvalid
from xfdocs.rules import load_calendar
from xfdocs.rules.calendar import calendar_of

CALENDAR = load_calendar()
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
KNOWN_DAYS = st.dates(FIRST, LAST)
YEAR_2027 = """
year = 2027
source = ["https://example.gov.cn/2027"]
off = [{ date = 2026-12-31, name = "元旦" }, { date = 2027-01-01, name = "元旦" }]
work = [{ date = 2026-12-27, name = "元旦" }]
"""


def office_with(tmp_path, year, text):
    (tmp_path / "calendars").mkdir(exist_ok=True)
    (tmp_path / "calendars" / f"{year}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_years_2015_to_2026_are_loaded_each_with_the_address_of_its_notice():
    assert CALENDAR.years == frozenset(range(2015, 2027))
    assert CALENDAR.loaded == "2015—2026"
    for year, addresses in CALENDAR.sources.items():
        assert addresses
        assert all("gov.cn/zhengce/zhengceku/" in address for address in addresses), year


# Measured on all 4383 days: both packages agree with the notices throughout, so no day is excepted.


def test_every_day_of_the_twelve_years_agrees_with_chinesecalendar():
    assert len(EVERY_DAY) == 4383
    assert [d for d in EVERY_DAY if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)] == []


def test_every_day_of_the_twelve_years_agrees_with_holidays():
    china = holidays.country_holidays("CN", years=range(2014, 2028))
    assert [d for d in EVERY_DAY if CALENDAR.is_workday(d) != china.is_working_day(d)] == []


def test_the_six_made_up_weekends_of_2026_are_the_published_ones():
    weekends = [d for d in EVERY_DAY if d.year == 2026 and d.weekday() >= 5 and CALENDAR.is_workday(d)]
    assert [(d.month, d.day) for d in weekends] == [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2015, 9, 3), False),  # the victory holiday of the notice of May 2015
        (date(2015, 9, 6), True),  # a Sunday made up for it
        (date(2018, 12, 29), True),  # a Saturday: told in the notice for 2019
        (date(2018, 12, 31), False),  # a Monday: told in the notice for 2019
        (date(2019, 5, 3), False),  # the amendment of March 2019
        (date(2020, 1, 31), False),  # spring festival prolonged by the notice of January 2020
        (date(2020, 2, 1), False),
        (date(2020, 2, 3), True),
        (date(2022, 12, 31), False),
    ],
)
def test_amended_and_year_crossing_notices_are_in_force(day, worked):
    assert CALENDAR.is_workday(day) is worked


def test_a_holiday_is_told_by_its_name():
    assert CALENDAR.name(date(2026, 2, 17)) == "春节"
    assert CALENDAR.name(date(2026, 2, 14)) == "春节"
    assert CALENDAR.name(date(2026, 3, 5)) == ""


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2027, 1, 1), date(2027, 3, 3)])
def test_a_day_of_a_year_that_is_not_loaded_is_never_guessed(day):
    with pytest.raises(CalendarMissing) as missing:
        CALENDAR.is_workday(day)
    assert missing.value.facts == {"year": day.year, "loaded": "2015—2026"}
    assert str(day.year) in str(missing.value)


def test_rolling_out_of_the_loaded_years_is_refused_too():
    short = calendar_of([])
    with pytest.raises(CalendarMissing):
        short.next_workday(date(2026, 3, 5))
    with pytest.raises(CalendarMissing):
        CALENDAR.add_workdays(date(2026, 12, 31), 1)


@pytest.mark.parametrize(
    ("nominal", "held"),
    [
        (date(2026, 2, 15), date(2026, 2, 24)),
        (date(2026, 3, 15), date(2026, 3, 16)),
        (date(2026, 8, 15), date(2026, 8, 17)),
        (date(2026, 11, 15), date(2026, 11, 16)),
    ],
)
def test_a_reception_day_on_the_fifteenth_gives_way_to_the_next_working_day(nominal, held):
    assert CALENDAR.next_workday(nominal) == held


def test_the_other_reception_days_of_2026_stay_on_the_fifteenth():
    stay = [m for m in range(1, 13) if CALENDAR.next_workday(date(2026, m, 15)).day == 15]
    assert stay == [1, 4, 5, 6, 7, 9, 10, 12]


@pytest.mark.parametrize(
    ("month", "first", "third_calendar_day", "third_working_day"),
    [
        (1, date(2026, 1, 4), date(2026, 1, 7), date(2026, 1, 7)),
        (5, date(2026, 5, 6), date(2026, 5, 9), date(2026, 5, 9)),
        (10, date(2026, 10, 8), date(2026, 10, 11), date(2026, 10, 12)),
    ],
)
def test_both_readings_of_a_report_due_three_days_after_the_first_working_day(
    month, first, third_calendar_day, third_working_day
):
    assert CALENDAR.next_workday(date(2026, month, 1)) == first
    assert first + timedelta(days=3) == third_calendar_day
    assert CALENDAR.add_workdays(first, 3) == third_working_day


@given(KNOWN_DAYS.filter(lambda d: d < date(2026, 12, 20)))
def test_the_next_working_day_is_worked_and_no_day_before_it_is(day):
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    assert not any(CALENDAR.is_workday(day + timedelta(days=n)) for n in range((found - day).days))


@given(st.dates(FIRST, date(2026, 6, 1)), st.integers(1, 60))
def test_counting_working_days_passes_exactly_that_many(start, count):
    end = CALENDAR.add_workdays(start, count)
    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_workday, passed)) == count
    assert CALENDAR.is_workday(end)


def test_a_count_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive"):
        CALENDAR.add_workdays(date(2026, 3, 5), 0)


def test_an_office_adds_a_year_and_its_notice_also_decides_the_december_before(tmp_path):
    calendar = load_calendar(office_with(tmp_path, 2027, YEAR_2027))
    assert calendar.loaded == "2015—2027"
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2026, 12, 27))
    assert calendar.is_workday(date(2027, 1, 4))
    assert CALENDAR.is_workday(date(2026, 12, 31)), "the shipped calendar is untouched"


def test_where_two_notices_speak_of_a_december_day_the_later_one_decides(tmp_path):
    office_with(
        tmp_path,
        2026,
        'year = 2026\nsource = ["x"]\noff = [{ date = 2026-10-01, name = "国庆节" }]\n'
        'work = [{ date = 2026-12-26, name = "旧" }]\n',
    )
    assert load_calendar(tmp_path).is_workday(date(2026, 12, 26))
    (tmp_path / "later").mkdir()
    both = [tmp_path / "calendars" / "2026.toml", tmp_path / "later" / "2027.toml"]
    both[1].write_text(YEAR_2027.replace("2026-12-31", "2026-12-26"), encoding="utf-8")
    for files in (both, both[::-1]):
        calendar = calendar_of(files)
        assert not calendar.is_workday(date(2026, 12, 26))
        assert calendar.name(date(2026, 12, 26)) == "元旦"


def test_an_offices_table_replaces_the_shipped_year_whole(tmp_path):
    text = 'year = 2026\nsource = ["x"]\noff = [{ date = 2026-03-05, name = "本地" }]\nwork = []\n'
    calendar = load_calendar(office_with(tmp_path, 2026, text))
    assert not calendar.is_workday(date(2026, 3, 5))
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2025, 10, 1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (YEAR_2027 + "wrok = []", "不认识的项目：wrok"),
        (YEAR_2027.replace("2027-01-01", "2027-02-30"), "不是 UTF-8 编码的 TOML"),
        (YEAR_2027.replace("2027-01-01", "2028-01-01"), "不属于 2027 年"),
        (YEAR_2027.replace("2026-12-31", "2026-11-30"), "不属于 2027 年"),
        (YEAR_2027.replace("2026-12-27", "2026-12-28"), "不是周末"),
        (
            YEAR_2027.replace("2026-12-27", "2027-01-02").replace("2026-12-31", "2027-01-02"),
            "既列为放假又列为上班",
        ),
        (YEAR_2027.replace("2026-12-31", "2027-01-01"), "重复"),
        (YEAR_2027.replace("year = 2027", "year = 2026"), "与文件名不符"),
        (YEAR_2027.replace('"https://example.gov.cn/2027"', ""), "source 为空"),
        (YEAR_2027.replace("date = 2027-01-01", 'date = "2027-01-01"'), "date 应为日期"),
        ('year = 2027\nsource = ["x"]\noff = []\nwork = []', "尚未公布"),
    ],
)
def test_a_table_with_a_mistake_is_refused_with_its_reason(tmp_path, text, says):
    with pytest.raises(LawDataInvalid) as refused:
        load_calendar(office_with(tmp_path, 2027, text))
    assert says in str(refused.value)
    assert "2027.toml" in str(refused.value)


def test_gaps_between_loaded_years_are_told(tmp_path):
    folder = office_with(
        tmp_path,
        2029,
        YEAR_2027.replace("2027", "2029").replace("2026-12-27", "2028-12-30").replace("2026-12", "2028-12"),
    )
    assert load_calendar(folder).loaded == "2015—2026、2029"


def test_a_calendar_goes_to_another_process_unchanged():
    assert pickle.loads(pickle.dumps(CALENDAR)) == CALENDAR
