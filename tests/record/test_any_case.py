"""Whatever the schema lets through, the rules answer: no case whatever makes validation fall over."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.test_roundtrip import claims_numbered, parts
from tests.record.test_rules import office
from xfdocs.record.findings import Severity, State
from xfdocs.record.model import Case
from xfdocs.record.rules import RULES, accusation_conflicts
from xfdocs.record.schematron import assertions
from xfdocs.record.validation import validate
from xfdocs.record.writer import write_case

KNOWN = {(rule.code, rule.severity) for rule in RULES} | {(a.code, a.severity) for a in assertions()}
KNOWN |= {("R30", Severity.ERROR), ("R27", Severity.ERROR)}


@given(
    st.deferred(lambda: parts(Case, "信访事项")).map(claims_numbered),
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
