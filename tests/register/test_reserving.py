"""Numbers: from 1, or from where the office stood; unique, without a gap, never twice to one document."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.offices import FORM, issue_all, made, make_office, numbers, wanted
from xfdocs.errors import NumberTaken, OfficeInvalid
from xfdocs.office import Office
from xfdocs.register.entry import EntryState, Standing
from xfdocs.register.register import Register
from xfdocs.register.series import number_of, used_key

# --- what numbers look like -----------------------------------------------------------------------------


def test_numbers_are_taken_in_the_order_asked_from_one_without_leading_zeros(register):
    with register.begin_run({}) as run:
        taken = register.reserve(run, numbers(12))
    assert [r.entry.number for r in taken] == [f"云信受字〔2026〕{n}号" for n in range(1, 13)]
    assert [r.entry.id for r in taken] == list(range(1, 13))
    assert {r.standing for r in taken} == {Standing.NEW}


def test_each_form_and_year_is_a_series_of_its_own(register):
    other = "云信转字〔{year}〕{n}号"
    wishes = [
        wanted(1),
        wanted(2, form=other),
        wanted(3, date=dt.date(2027, 1, 1)),
        wanted(4, form=other),
        wanted(5),
        wanted(6, form=""),
    ]
    with register.begin_run({}) as run:
        taken = [(r.entry.number, r.entry.n) for r in register.reserve(run, wishes)]
    assert taken == [
        ("云信受字〔2026〕1号", 1),
        ("云信转字〔2026〕1号", 1),
        ("云信受字〔2027〕1号", 1),
        ("云信转字〔2026〕2号", 2),
        ("云信受字〔2026〕2号", 2),
        ("", 0),
    ]


def test_a_series_goes_on_where_the_office_stood_before_the_program(url, tmp_path):
    used = {"云信受字〔2026〕": 57, "云信转〔2026〕": 8}
    office = make_office(tmp_path / "office", url=url, used=used)
    wishes = [
        wanted(1),
        wanted(2, form="云信转〔{year}〕第{n}号"),
        wanted(3, form="云信受字〔{year}〕补{n}号"),
        wanted(4, date=dt.date(2027, 5, 1)),
        wanted(5),
    ]
    with Register.open(office) as register, register.begin_run({}) as run:
        taken = [r.entry.number for r in register.reserve(run, wishes)]
    assert taken == [
        "云信受字〔2026〕58号",
        "云信转〔2026〕第9号",
        "云信受字〔2026〕补1号",
        "云信受字〔2027〕1号",
        "云信受字〔2026〕59号",
    ]


def test_the_setting_for_a_series_that_has_begun_cannot_be_changed_unnoticed(office, url):
    with Register.open(office) as register, register.begin_run({}) as run:
        register.reserve(run, [wanted(1)])
    other = make_office(office.folder, url=url, used={"云信受字〔2026〕": 57})
    with Register.open(other) as register, register.begin_run({}) as run:
        with pytest.raises(OfficeInvalid, match="已经从第 1 号开始"):
            register.reserve(run, [wanted(2)])
        assert [r.entry.number for r in register.reserve(run, [wanted(3, form="云信转〔{year}〕{n}号")])]
        assert register.count() == 2


@given(year=st.integers(1949, 2199), n=st.integers(1, 10**8))
@settings(max_examples=50)
def test_year_and_figure_can_be_read_back_from_a_number(year, n):
    assert number_of(FORM, year, n) == f"云信受字〔{year}〕{n}号"
    assert number_of(FORM, year, n).startswith(used_key(FORM, year))


def test_two_forms_that_write_the_same_number_are_refused_and_nothing_is_kept(register):
    with register.begin_run({}) as run:
        register.reserve(run, numbers(11))
        before = register.head()
        with pytest.raises(NumberTaken, match="云信受字〔2026〕11号 已经用于 YZ-20260301-0011"):
            register.reserve(run, [wanted(50), wanted(51, form="云信受字〔{year}〕1{n}号")])
        assert (register.count(), register.head()) == (11, before)
        [next_one] = register.reserve(run, [wanted(50)])
        assert next_one.entry.n == 12


def test_two_forms_that_write_the_same_number_in_one_breath_are_refused(register):
    twins = [wanted(n, form="云信受字〔{year}〕1{n}号") for n in (1,)] + numbers(11, start=2)
    with register.begin_run({}) as run, pytest.raises(NumberTaken):
        register.reserve(run, twins)


# --- once only ------------------------------------------------------------------------------------------


def test_what_was_issued_is_told_and_takes_no_number(register, office):
    with register.begin_run({}) as run:
        [first] = issue_all(register, run, [wanted(1)], office)
    with register.begin_run({}) as run:
        again, new = register.reserve(run, [wanted(1), wanted(2)])
    assert (again.standing, again.entry) == (Standing.EXISTING, first)
    assert again.entry.files == made(first).files
    assert new.entry.n == 2


def test_the_same_document_asked_twice_in_one_breath_gets_one_number(register):
    with register.begin_run({}) as run:
        first, second, third = register.reserve(run, [wanted(1), wanted(1), wanted(2)])
        assert first == second
        assert third.entry.n == 2
        with pytest.raises(ValueError, match="two different wishes"):
            register.reserve(run, [wanted(3), wanted(3, title="另一个标题")])


def test_the_same_kind_for_another_event_is_another_document(register):
    with register.begin_run({}) as run:
        taken = register.reserve(run, [wanted(1), wanted(1, event=3), wanted(1, kind="transfer-letter")])
    assert [r.entry.n for r in taken] == [1, 2, 3]


def test_what_this_run_reserved_before_is_resumed_with_what_is_wanted_now(register):
    with register.begin_run({}) as run:
        [first] = register.reserve(run, [wanted(1)])
        [again] = register.reserve(run, [wanted(1, title="改过的标题", date=dt.date(2026, 3, 2))])
        assert again.standing is Standing.RESUMED
        assert again.entry == replace(first.entry, title="改过的标题", date=dt.date(2026, 3, 2))
        assert list(register.entries()) == [again.entry]
        head = register.head()
        register.reserve(run, [wanted(1, title="改过的标题", date=dt.date(2026, 3, 2))])
        assert register.head() == head, "what does not change is no change"


def test_what_an_ended_run_left_is_taken_over_with_its_number(register):
    with register.begin_run({}) as run:
        left = register.reserve(run, numbers(3))
    with register.begin_run({}) as run:
        taken = register.reserve(run, [wanted(9), *numbers(3)])
    assert [r.entry.n for r in taken] == [4, 1, 2, 3]
    assert [r.standing for r in taken[1:]] == [Standing.RESUMED] * 3
    assert [r.entry for r in taken[1:]] == [replace(r.entry, run=run.id) for r in left]


def test_what_another_living_run_is_making_is_left_to_it(office):
    with (
        Register.open(office) as here,
        Register.open(office) as there,
        here.begin_run({}) as ours,
        there.begin_run({}) as theirs,
    ):
        [mine] = here.reserve(ours, [wanted(1)])
        busy, free = there.reserve(theirs, [wanted(1), wanted(2)])
    assert (busy.standing, busy.entry) == (Standing.BUSY, mine.entry)
    assert (free.standing, free.entry.n) == (Standing.NEW, 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"date": dt.date(2027, 1, 4)}, "成文日期已改到另一年"),
        ({"form": "云信告字〔{year}〕{n}号"}, "文号的写法已改"),
        ({"form": ""}, "文号的写法已改"),
    ],
)
def test_a_number_that_no_longer_fits_is_void_and_a_new_one_is_taken(register, change, why):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
    with register.begin_run({}) as run:
        [new] = register.reserve(run, [wanted(1, **change)])
    old, now = register.entries()
    assert (old.id, old.state, old.number) == (left.entry.id, EntryState.VOID, left.entry.number)
    assert why in old.why
    assert old.recorded, "no record told of it, so none has anything to take back"
    assert now == new.entry
    assert (new.standing, now.ordinal) == (Standing.NEW, 2)


def test_a_document_without_numbers_moves_to_another_year_as_it_is(register):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1, form="")])
        [again] = register.reserve(run, [wanted(1, form="", date=dt.date(2027, 1, 4))])
    assert (again.standing, again.entry.id) == (Standing.RESUMED, left.entry.id)


# --- many at once ---------------------------------------------------------------------------------------

_TAKER = """
import sys
from pathlib import Path
from tests.register.offices import numbers
from xfdocs.office import Office
from xfdocs.register.register import Register

folder, start, count, chunk = sys.argv[1], *map(int, sys.argv[2:])
with Register.open(Office.open(Path(folder))) as register, register.begin_run({}) as run:
    for first in range(start, start + count, chunk):
        taken = register.reserve(run, numbers(chunk, start=first))
        assert [r.standing.value for r in taken] == ["new"] * chunk
        assert [r.entry.n for r in taken] == list(range(taken[0].entry.n, taken[0].entry.n + chunk))
"""


def test_eight_processes_take_ten_thousand_numbers_from_one_series_unique_and_without_a_gap(office: Office):
    """Also the register itself is made by whichever comes first."""
    each, chunk = 1250, 25
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", _TAKER, str(office.folder), str(1 + place * each), str(each), str(chunk)],
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
            text=True,
        )
        for place in range(8)
    ]
    said = [taker.communicate(timeout=120)[1] for taker in takers]
    assert [taker.returncode for taker in takers] == [0] * 8, said
    with Register.open(office) as register:
        entries = list(register.entries())
    assert [entry.n for entry in entries] == list(range(1, 10_001))
    assert len({entry.case for entry in entries}) == 10_000
    assert len({entry.run for entry in entries}) == 8
