"""From the day that `quiet_from` names, no clock runs: for every sample, for generated records, for any case whatever."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.records import records
from tests.builders import CITY, WATER, a_case, an, day, reply, review_request, service, to, transfer
from tests.record.any_course import any_course
from tests.record.test_roundtrip import claims_numbered, parts
from tests.samples.corpus import cases, office
from xfdocs.errors import XfdocsError
from xfdocs.record.clocks import running_clocks
from xfdocs.record.events import Acceptance, Closure
from xfdocs.record.model import Case
from xfdocs.record.obligations import obligations_of
from xfdocs.record.quiet import quiet_from
from xfdocs.record.reader import build_case, parse_tree

DAY = dt.timedelta(days=1)
GENERATED = [
    build_case(parse_tree(text.encode(), Path(name))).case for _, name, text in islice(records(41), 80)
]


def quiet_of(case: Case) -> dt.date | None:
    """As the index asks."""
    try:
        return quiet_from(case, obligations_of(case, office()))
    except XfdocsError:
        return None


@pytest.mark.parametrize("case", [*cases(), *GENERATED], ids=lambda case: case.id)
def test_nothing_runs_on_any_day_from_then_on(case):
    quiet = quiet_of(case)
    if quiet is None:
        assert running_clocks(case, office(), dt.date.max), "a case that nobody need look at is told so"
        return
    for later in range(200):
        assert running_clocks(case, office(), quiet + later * DAY) == []
    assert running_clocks(case, office(), dt.date.max) == []


def test_most_of_an_office_is_quiet_and_some_of_it_is_not():
    quiet = [quiet_of(case) for case in GENERATED]
    assert 0 < sum(day is None for day in quiet) < len(quiet) / 2


ANSWERED = (
    transfer("2026-03-04", to(WATER, "2026-03-05")),
    an(Acceptance, "2026-03-10", WATER),
    reply("2026-04-01", WATER),
    service(3, "2026-04-02", "2026-04-03"),
)


def test_a_closed_case_is_quiet_the_day_after_the_petitioners_last_period():
    """请求复查: thirty days from 2026-04-03 end on 05-03, a day of rest; people work again on 05-06."""
    case = a_case("2026-03-02", *ANSWERED, an(Closure, "2026-04-20", manner="办结"))
    assert quiet_of(case) == day("2026-05-07")
    assert running_clocks(case, office(), day("2026-05-06"))


def test_what_happened_after_that_period_counts_longer():
    case = a_case("2026-03-02", *ANSWERED, an(Closure, "2026-08-20", manner="办结"))
    assert quiet_of(case) == day("2026-08-20")


def test_a_clock_that_only_an_act_stops_leaves_no_day_to_be_quiet():
    case = a_case("2026-03-02", *ANSWERED, review_request("2026-04-20", CITY))
    assert quiet_of(case) is None


def test_an_act_under_a_law_that_nobody_knows_leaves_none_either():
    case = a_case("1990-03-02", an(Acceptance, "1990-03-10", WATER))
    with pytest.raises(XfdocsError):
        running_clocks(case, office(), day("2026-01-01"))
    assert quiet_of(case) is None


@given(
    st.deferred(lambda: parts(Case, "信访事项")).map(claims_numbered),
    st.dates(dt.date(1949, 10, 1), dt.date(9999, 12, 31)),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_whatever_the_schema_lets_through_is_quiet_when_it_says_so(case: Case, on: dt.date) -> None:
    quiet = quiet_of(case)
    if quiet is not None:
        assert running_clocks(case, office(), max(quiet, on)) == []


@given(any_course(), st.integers(0, 400).map(lambda days: days * DAY))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_to_a_case_it_is_quiet_when_it_says_so(case: Case, later: dt.timedelta) -> None:
    quiet = quiet_of(case)
    if quiet is None:
        assert running_clocks(case, office(), dt.date.max)
    else:
        assert running_clocks(case, office(), quiet) == []
        assert running_clocks(case, office(), quiet + later) == []
