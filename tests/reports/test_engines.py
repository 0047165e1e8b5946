"""Every report by the engine that is not the usual one: the same words, valid PDF/A."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from tests.cli.runs import xfdocs
from tests.judge import complaints
from tests.render.pdfs import fonts, once
from tests.render.tags import tagged_text
from xfdocs.document.xml import read_document_xml
from xfdocs.render.geometry import printed_text
from xfdocs.render.text import document_text
from xfdocs.resources import shipped

REPORTS = (
    ("monthly", "2026-09"),
    ("quarterly", "2026Q3", "--per-unit"),
    ("annual", "2025"),
    ("special", "2026H1"),
    ("return", "2026-09"),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample office."""
    fonts()
    folder = tmp_path_factory.mktemp("engines") / "office"
    shutil.copytree(shipped("samples", "office"), folder)
    return folder


@pytest.mark.parametrize("words", REPORTS, ids=lambda words: words[0])
def test_a_report_says_its_document_in_tags_and_on_paper_and_is_valid(office, words):
    before = set(office.rglob("*.pdf"))
    done = xfdocs("report", *words, "--pdf-engine", "typst", cwd=office)
    assert done.code == 0, done.err
    made = sorted(set(office.rglob("*.pdf")) - before)
    assert made
    for path in made:
        content = path.read_bytes()
        with pikepdf.open(io.BytesIO(content)) as file:
            assert str(file.docinfo.Creator).startswith("Typst")
            document = read_document_xml(file.Root.AF[0].EF.F.read_bytes())
            said = tagged_text(file)
        assert once(said, document) == document_text(document), path
        assert not Counter(said) - Counter(printed_text(content)), (
            path
        )  # head rows are printed again, not tagged
    assert complaints(made) == {}
