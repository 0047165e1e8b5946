"""Whatever the schema lets through, the rules answer: no case whatever makes validation fall over."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.breaks import BREAKS
from tests.record.cases import BASES, ON, chain, event, objected
from tests.record.test_roundtrip import claims_numbered, parts
from tests.record.test_rules import office
from xfdocs.errors import LawFault
from xfdocs.record.events import Basis, Event, Recheck, Review
from xfdocs.record.findings import Severity, State
from xfdocs.record.model import Case
from xfdocs.record.rules import RULES, Matter, accusation_conflicts, rules_about
from xfdocs.record.rules.rule import Rule
from xfdocs.record.schematron import assertions
from xfdocs.record.validation import validate
from xfdocs.record.writer import write_case
from xfdocs.rules.of_office import calendar_of, law_of

KNOWN = {(rule.code, rule.severity) for rule in RULES} | {(a.code, a.severity) for a in assertions()}
KNOWN |= {("R30", Severity.ERROR), ("R27", Severity.ERROR)}


any_case = st.deferred(lambda: parts(Case, "信访事项")).map(claims_numbered)


@given(
    any_case,
    st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
def test_every_case_gets_a_verdict_and_findings_that_can_be_found(
    tmp_path: Path, case: Case, on: dt.date
) -> None:
    file = tmp_path / "x.xml"
    data = write_case(case)
    file.write_bytes(data)
    report = validate(file, office(), on=on)
    lines = data.count(b"\n")
    assert [step.state for step in report.steps][:2] == [State.PASSED, State.PASSED]
    for finding in report.findings:
        assert (finding.code, finding.severity) in KNOWN
        assert 0 <= finding.line <= lines
        assert finding.path.startswith("/信访事项")
        assert re.search(r"[。？]$", finding.message), finding.message
    if any(hit.message for hit in accusation_conflicts(case)):
        assert any(f.code in {"R14", "R15"} for f in report.errors)


def told(rules: tuple[Rule, ...], case: Case, folder: Path, on: dt.date) -> list[str]:
    """What these rules say about a case, each with its name."""
    matter = Matter(case, office(), law_of(office()), calendar_of(office()), on, folder)
    said = []
    for rule in rules:
        try:
            said += [f"{rule.check.__name__}: {hit.at} {hit.message}" for hit in rule.check(matter)]
        except LawFault as fault:
            said.append(f"{rule.check.__name__}: {fault}")
    return said


def nothing_lost(case: Case, folder: Path, on: dt.date) -> None:
    kinds = frozenset(map(type, case.events))
    asked = (*rules_about(kinds, disk=False), *rules_about(kinds, disk=True))
    assert told(asked, case, folder, on) == told(RULES, case, folder, on)


@given(any_case, st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_rule_that_is_not_asked_for_want_of_events_would_have_found_nothing(
    tmp_path: Path, case: Case, on: dt.date
) -> None:
    nothing_lost(case, tmp_path, on)


NOWHERE = Basis(name="信访工作条例", provision="第九十九条")
TELLING = [
    *(make() for make in BASES),
    *(one.make() for one in BREAKS),
    event(objected(), 2, reason="依据《信访工作条例》第九十九条，不属于本机关职权范围。"),
    *(event(chain(), e.seq, bases=(NOWHERE,)) for e in chain().events if isinstance(e, Review | Recheck)),
]
"""Cases that have something to be found in them, or nearly."""


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.about], ids=lambda rule: rule.check.__name__)
def test_a_rule_about_some_events_finds_nothing_where_there_are_none_of_them(
    rule: Rule, tmp_path: Path
) -> None:
    for case in TELLING:
        left = [event for event in case.events if type(event) not in rule.about]
        for lacking in {Event, *map(type, left)}:
            events = tuple(event for event in left if type(event) is not lacking)
            assert told((rule,), replace(case, events=events), tmp_path, ON) == []
