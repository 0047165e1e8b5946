"""Whatever the schema lets through, the rules answer: no case whatever makes validation fall over."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.record.breaks import BREAKS
from tests.record.cases import BASES, ON, chain, event, objected, until
from tests.record.test_roundtrip import claims_numbered, parts
from tests.record.test_rules import office
from xfdocs.errors import LawFault
from xfdocs.record.clocks import Running
from xfdocs.record.events import Basis, Event, Recheck, Review
from xfdocs.record.findings import Severity, State
from xfdocs.record.model import Attachment, Case, Counts, Issued
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


def told(rules: tuple[Rule, ...], matter: Matter) -> list[str]:
    """What these rules say about a case, each with its name."""
    said = []
    for rule in rules:
        try:
            said += [f"{rule.check.__name__}: {hit.at} {hit.message}" for hit in rule.check(matter)]
        except LawFault as fault:
            said.append(f"{rule.check.__name__}: {fault}")
    return said


def matter_of(case: Case, folder: Path, on: dt.date = ON) -> Matter:
    return Matter(case, office(), law_of(office()), calendar_of(office()), on, folder)


def before_any_law() -> Case:
    """Accepted in 2003: no regulation is known that governed it, so that nobody can say what ran out."""
    case = until(chain(), 2)
    days = (dt.date(2003, 3, 5), dt.date(2003, 3, 10))
    return event(event(case, 1, date=days[0]), 2, date=days[1])


@given(any_case, st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)))
@example(before_any_law(), ON)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_rule_that_is_not_asked_would_have_found_nothing(tmp_path: Path, case: Case, on: dt.date) -> None:
    matter = matter_of(case, tmp_path, on)
    asked = (*rules_about(matter.kinds, disk=False), *rules_about(matter.kinds, disk=True))
    assert told(asked, matter) == told(RULES, matter)


def test_where_nobody_can_say_what_ran_out_every_rule_about_it_says_so(tmp_path: Path) -> None:
    matter = matter_of(before_any_law(), tmp_path)
    asked = [rule for rule in rules_about(matter.kinds, disk=False) if Running in rule.about]
    assert len(asked) == 9
    assert all("没有在该日施行的" in said for said in told(tuple(asked), matter))


NOWHERE = Basis(name="信访工作条例", provision="第九十九条")
TELLING = [
    *(make() for make in BASES),
    *(one.make() for one in BREAKS),
    event(objected(), 2, reason="依据《信访工作条例》第九十九条，不属于本机关职权范围。"),
    *(event(chain(), e.seq, bases=(NOWHERE,)) for e in chain().events if isinstance(e, Review | Recheck)),
]
"""Cases that have something to be found in them, or nearly."""


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.about and Running not in rule.about],
    ids=lambda rule: rule.check.__name__,
)
def test_a_rule_about_something_finds_nothing_where_there_is_none_of_it(rule: Rule, tmp_path: Path) -> None:
    for case in TELLING:
        left = [event for event in case.events if type(event) not in rule.about]
        kept = {
            name: () if kind in rule.about else getattr(case, name)
            for name, kind in (("issued", Issued), ("attachments", Attachment))
        }
        counts = None if Counts in rule.about else case.counts
        for lacking in {Event, *map(type, left)}:
            events = tuple(event for event in left if type(event) is not lacking)
            poorer = replace(case, events=events, counts=counts, **kept)
            assert told((rule,), matter_of(poorer, tmp_path)) == []
