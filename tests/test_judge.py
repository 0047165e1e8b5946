"""The judge itself: veraPDF accepts what is valid, names the clause of what is not, and never guesses."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.judge import complaints, verapdf
from tests.render.examples import EXAMPLES
from tests.render.pdfs import pdf


@pytest.fixture(scope="module")
def valid(tmp_path_factory) -> Path:
    """One of our own letters."""
    file: Path = tmp_path_factory.mktemp("judge") / "valid.pdf"
    file.write_bytes(pdf(next(iter(EXAMPLES))))
    return file


def test_a_valid_file_is_accepted_after_many_checks(valid):
    (verdict,) = verapdf([valid])
    assert verdict.compliant
    assert verdict.failures == ()
    assert verdict.assertions > 100


@pytest.mark.parametrize(
    ("key", "clause"),
    [("/MarkInfo", "6.7.2.2"), ("/StructTreeRoot", "6.7.3.3"), ("/Metadata", "6.6.2.1")],
)
def test_a_file_without_what_the_standard_asks_is_rejected_by_its_clause(valid, tmp_path, key, clause):
    spoiled = tmp_path / "spoiled.pdf"
    with pikepdf.open(valid) as opened:
        del opened.Root[key]
        opened.save(spoiled)
    (verdict,) = verapdf([spoiled])
    assert not verdict.compliant
    assert clause in {failure.clause for failure in verdict.failures}
    assert any(clause in words for words in complaints([valid, spoiled])["spoiled.pdf"])


def test_one_process_judges_many_files_in_order_and_by_the_flavour_asked_for(valid, tmp_path):
    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(plain)
    verdicts = verapdf([valid, plain, valid])
    assert [verdict.compliant for verdict in verdicts] == [True, False, True]
    assert not verapdf([valid], "2b")[0].compliant  # it says of itself that it is part 3


def test_what_cannot_be_read_gets_no_verdict(tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_text("no PDF at all")
    with pytest.raises(RuntimeError, match="cannot judge"):
        verapdf([broken])
    with pytest.raises(RuntimeError, match="NoSuchFile"):
        verapdf([tmp_path / "absent.pdf"])
