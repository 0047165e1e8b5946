"""`case.sch` is ISO Schematron, and our quick way of running it finds just what an ISO implementation finds."""

from __future__ import annotations

from functools import cache

import pytest
from lxml import etree, isoschematron

from tests.record.breaks import BREAKS
from tests.record.cases import BASES
from xfdocs.record.schematron import assertions, breaches
from xfdocs.record.writer import write_case
from xfdocs.resources import shipped

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
CASES = [(make.__name__, make) for make in BASES] + [(f"{b.code}-{b.words}", b.make) for b in BREAKS]


@cache
def iso() -> isoschematron.Schematron:
    return isoschematron.Schematron(
        etree.parse(str(shipped("schemas", "case.sch"))),
        store_report=True,
        error_finder=isoschematron.Schematron.ASSERTS_AND_REPORTS,
    )


@pytest.mark.parametrize("make", [make for _, make in CASES], ids=[name for name, _ in CASES])
def test_both_ways_find_the_same_with_the_same_words(make) -> None:
    root = etree.fromstring(write_case(make()))
    iso().validate(root)
    report = iso().validation_report
    theirs = sorted(
        (str(failed.get("id")), "".join("".join(failed.find(f"{SVRL}text").itertext()).split()))
        for failed in report.iter(f"{SVRL}failed-assert")
    )
    ours = sorted((b.assertion.id, "".join(b.message.split())) for b in breaches(root))
    assert ours == theirs


def test_each_assertion_says_its_code_name_and_gravity() -> None:
    found = assertions()
    assert len(found) >= 8
    assert len({a.id for a in found}) == len(found)
    for assertion in found:
        assert assertion.code[0] in "RC"
        assert assertion.code[1:].isdigit()
        assert assertion.name
        assert assertion.basis or assertion.code[0] == "C" or assertion.code == "R02"


def test_the_file_says_so_itself_where_it_breaks_its_own_conventions(tmp_path, monkeypatch) -> None:
    from xfdocs.record import schematron

    text = shipped("schemas", "case.sch").read_text(encoding="utf-8")
    bad = tmp_path / "case.sch"
    monkeypatch.setattr(schematron, "shipped", lambda *_: bad)
    for old, new in (
        ('context="/c:信访事项/c:诉求"', 'context="c:诉求"'),
        ('context="/c:信访事项/c:诉求"', 'context="/c:信访事项/c:诉求 | /c:信访事项/c:登记"'),
        ('<pattern id="诉求">', '<pattern id="诉求"><let name="x" value="1"/>'),
    ):
        bad.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ValueError, match=r"case\.sch"):
            schematron.assertions.__wrapped__()
