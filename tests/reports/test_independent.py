"""Every number of the reports is counted a second time, from the words of its definition, in plain Python over the XML."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import contextmanager

import pytest

from bench.agreement import agreements
from bench.reading import read_all
from bench.records import SEEN, generate
from xfdocs.office import Office
from xfdocs.reports.reporting import desk_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

REJECTED = "C04-事件早于收到日期.xml"
WANTED = (
    ("circular", "2026Q3"),
    ("circular", "2026Q2"),
    ("monthly-statistics", "2026-09"),
    ("monthly-statistics", "2026-02"),
    ("annual-report", "2025"),
    ("annual-report", "2023"),
    ("annual-report", "2021"),
    ("annual-report", "2017"),
    ("special-report", "2022H1"),
)
UNFINISHED = (("circular", "2026Q4"), ("monthly-statistics", "2026-11"), ("annual-report", "2026"))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The samples, 400 generated records, one that is rejected, and one whose 编号 another has."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
    cases = folder / "cases"
    generate(400, 20, cases / "made")
    shutil.copy(shipped("samples", "rejected") / REJECTED, cases / "rejected.xml")
    twin = next((cases / "made").rglob("YZ-2026*.xml"))
    (cases / "twins").mkdir()
    shutil.copy(twin, cases / "twins" / "twin.xml")
    return Office.open(folder)


def agreed(office, wanted, on=SEEN):
    """Both counts of some reports as of a day: how many numbers, and which of them differ."""
    cases = office.folder / "cases"
    records = read_all([cases], [cases / "rejected.xml", cases / "twins" / "twin.xml"])
    periods = [(slug, Period.parse(code)) for slug, code in wanted]
    with desk_of(office, on=on) as desk:
        return list(agreements(desk, periods, records, keep=True))


def differences(found):
    return [str(one) for agreement in found for one in agreement.differences]


def test_both_counts_agree_on_every_number_of_periods_that_are_over(office):
    found = agreed(office, WANTED)
    assert differences(found) == []
    assert all(agreement.numbers > 150 for agreement in found)


def test_both_counts_agree_on_every_number_of_periods_that_are_not_over(office):
    assert differences(agreed(office, UNFINISHED)) == []


def test_both_counts_agree_on_the_last_day_of_a_period(office):
    assert differences(agreed(office, [("circular", "2026Q3")], on=dt.date(2026, 9, 30))) == []


def test_both_counts_agree_before_the_first_record_there_is(office):
    assert differences(agreed(office, [("annual-report", "2016"), ("circular", "2017Q1")])) == []


@contextmanager
def counted_by(office, text):
    """As the office counts by a definition of its own."""
    file = office.folder / "indicators" / "own.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    try:
        yield Office.open(office.folder)
    finally:
        shutil.rmtree(file.parent)


OTHER_DAY = """
["已答复"]
name = "作出答复"
of = "信访件"
window = "登记日期"
where = { "已答复" = true }
source = "不是这样数的"
verified = false

["答复已送达"]
name = "已答复、已送达"
of = "信访件"
window = "登记日期"
where = { "已答复" = true, "已送达" = true }
source = "不是这样数的"
verified = false

["答复未送达"]
name = "已答复、没有送达记录"
of = "信访件"
window = "登记日期"
where = { "已答复" = true, "已送达" = false }
source = "不是这样数的"
verified = false
"""


def test_a_definition_that_counts_by_another_day_is_found_out(office):
    with counted_by(office, OTHER_DAY) as changed:
        (found,) = agreed(changed, [("circular", "2026Q3")])
    assert {one.table for one in found.differences} == {"送达"}
    named = [one for one in found.differences if one.only_counted]
    assert named, "the records that differ are named"


def test_a_record_less_is_found_out(office):
    cases = office.folder / "cases"
    left = [*(cases / "twins").glob("*.xml"), cases / "rejected.xml"]
    left.append(max((cases / "made").glob("2026-08*/*.xml")))
    with desk_of(office, on=SEEN) as desk:
        (found,) = agreements(
            desk, [("circular", Period.parse("2026Q3"))], read_all([cases], left), keep=True
        )
    assert {left[-1].stem} == {case for one in found.differences for case in one.only_ours}
