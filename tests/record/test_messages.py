"""A file that is no record, or breaks the schema, gets one finding that says what to do."""

from __future__ import annotations

import re

import pytest

from tests.record.malformed import MALFORMED, Malformed
from tests.record.test_rules import office
from xfdocs.record.findings import State, Verdict
from xfdocs.record.reader import UNREADABLE
from xfdocs.record.schema_messages import CODES
from xfdocs.record.validation import validate

EACH = pytest.mark.parametrize("one", MALFORMED, ids=lambda one: f"{one.code}-{one.words}")


@EACH
def test_one_finding_with_the_code_that_the_file_is_named_for(one: Malformed) -> None:
    report = validate(one.file, office())
    assert [f.code for f in report.findings] == [one.code]
    assert report.verdict is Verdict.REJECTED


@EACH
def test_the_message_names_the_mend_and_the_place(one: Malformed) -> None:
    [finding] = validate(one.file, office()).findings
    assert one.told in finding.message
    assert finding.path.endswith(one.path)
    if one.code.startswith("S"):
        lines = one.file.read_text(encoding="utf-8").split("\n")
        name = one.path.rpartition("/")[2].lstrip("@").partition("[")[0]
        assert name in lines[finding.line - 1]


@EACH
def test_the_message_is_chinese_and_speaks_no_schema(one: Malformed) -> None:
    [finding] = validate(one.file, office()).findings
    if one.code.startswith("S"):
        for jargon in ("Element", "facet", "pattern", "{urn:", "atomic type"):
            assert jargon not in finding.message
    assert re.search(r"[\u4e00-\u9fff]", finding.message)


@EACH
def test_nothing_is_half_read(one: Malformed) -> None:
    steps = validate(one.file, office()).steps
    failed = [step.state for step in steps].index(State.FAILED)
    assert all(step.state is State.PASSED for step in steps[:failed])
    assert all(step.state is State.SKIPPED for step in steps[failed + 1 :])


def test_every_code_of_reading_and_structure_has_a_sample_or_a_test_of_its_own() -> None:
    shown = {one.code for one in MALFORMED}
    assert set(UNREADABLE) - shown == {"X01", "X02"}  # made by the tests: test_reading.py
    assert set(CODES) - shown == {"S08"}  # what libxml2 may say one day and nobody has seen
