"""From every sample record to every document it calls for: made once, by the pipeline itself, and then looked at.

What is asked of each: docx and PDF say the document character for character; the PDF is PDF/A-3a with
its own XML inside; another process on another day makes the same bytes.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pikepdf
import pytest

from tests.judge import complaints
from tests.render.docxs import body_text, parts
from tests.render.pdfs import once
from tests.render.tags import tagged_text
from tests.samples.corpus import FOLDER, cases, office
from tests.tools import needs
from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.xml import read_document_xml
from xfdocs.errors import FontsMissing
from xfdocs.pdf_by import PdfBy
from xfdocs.production.drafting import draft
from xfdocs.production.naming import FORMATS, file_base
from xfdocs.production.outcome import Outcome
from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.render.fonts import PREPARE, FontBook
from xfdocs.render.geometry import measure, printed_text
from xfdocs.render.text import DRAFT_MARK, document_text
from xfdocs.resources import shipped


@dataclass(frozen=True)
class Expected:
    """A document that a sample calls for."""

    case: Case
    kind: Kind
    event: Event | None

    @cached_property
    def document(self) -> Document:
        return compose(self.kind, self.case, office(), event=self.event)

    @property
    def stem(self) -> str:
        return f"{self.case.id}/{file_base(self.kind, self.event.seq if self.event is not None else 0)}"

    def __str__(self) -> str:
        return self.stem


EXPECTED = tuple(
    Expected(case, kind, event)
    for case in cases()
    for kind, event in catalogue_of(office()).called_for(case, office())
)


@dataclass(frozen=True)
class Made:
    """The folder of drafts, and what the pipeline said of each."""

    by: PdfBy
    folder: Path
    outcomes: tuple[Outcome, ...]

    def file(self, expected: Expected, suffix: str) -> Path:
        return self.folder / f"{expected.stem}.{suffix}"

    def said(self, expected: Expected) -> str:
        """What a PDF says, from page to page; by Typst in the order of its tags, for it draws a cell of two rows after both."""
        content = self.file(expected, "pdf").read_bytes()
        if self.by is PdfBy.WEASYPRINT:
            return printed_text(content)
        text = _tagged(content)
        assert sorted(printed_text(content)) == sorted(text)
        return text


def _tagged(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as file:
        return tagged_text(file)


@pytest.fixture(scope="module", params=list(PdfBy), ids=str)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every document of every sample, made once with each engine."""
    try:
        FontBook.find(office().fonts)
    except FontsMissing:
        needs("fonts", found=False, why=f"Run {PREPARE} --fetch.")
    folder = tmp_path_factory.mktemp("drafts")
    outcomes = draft(None, [FOLDER], office().printing_with(request.param), folder)
    return Made(request.param, folder, tuple(outcomes))


each = pytest.mark.parametrize("expected", EXPECTED, ids=str)


# --- what is made ---------------------------------------------------------------------------------------


def test_every_document_that_is_called_for_is_made_in_both_formats_and_nothing_else(made):
    found = {str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()}
    assert found == {f"{expected.stem}.{suffix}" for expected in EXPECTED for suffix in FORMATS}
    assert len(EXPECTED) > 250


def test_nothing_is_refused(made):
    assert [outcome.why or outcome.findings for outcome in made.outcomes if outcome.state != "draft"] == []
    assert len(made.outcomes) == len(EXPECTED)


def test_every_kind_that_a_case_calls_for_is_among_them(made):
    kinds = catalogue_of(office()).kinds
    assert {outcome.kind for outcome in made.outcomes} == {
        s for s, kind in kinds.items() if kind.call.by_record
    }


def test_what_the_pipeline_says_of_a_file_is_so(made):
    import hashlib

    for outcome in made.outcomes:
        for suffix, path in outcome.files.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == outcome.sha256[suffix]


# --- what they say --------------------------------------------------------------------------------------


@each
def test_docx_and_pdf_say_the_document_character_for_character(made, expected):
    wanted = document_text(expected.document)
    assert body_text(made.file(expected, "docx").read_bytes()) == wanted
    assert once(made.said(expected), expected.document) == wanted


@each
def test_every_page_of_a_draft_is_marked_and_no_line_leaves_the_type_area(made, expected):
    for page in measure(made.file(expected, "pdf").read_bytes()):
        assert DRAFT_MARK in "".join(line.text for line in page.above)
        left, _, right, _ = page.ink
        assert left >= 28 - 1, "GB/T 9704 5.2.1"
        assert right <= 28 + 156 + 1, "GB/T 9704 5.2.1"


# --- PDF/A-3a -------------------------------------------------------------------------------------------


def test_vera_pdf_finds_every_file_valid(made):
    assert complaints(made.file(expected, "pdf") for expected in EXPECTED) == {}


@each
def test_a_pdf_declares_itself_embeds_its_fonts_and_carries_its_own_xml(made, expected):
    content = made.file(expected, "pdf").read_bytes()
    with pikepdf.open(io.BytesIO(content)) as file, file.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert str(file.Root.Lang) == "zh-CN"
        assert file.Root.MarkInfo.Marked
        assert meta["dc:title"] == str(file.docinfo.Title) == expected.document.title
        faces = [
            item
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert faces
        assert all("/FontFile3" in face or "/FontFile2" in face for face in faces)
        (spec,) = file.Root.AF
        assert spec.AFRelationship == "/Source"
        assert read_document_xml(spec.EF.F.read_bytes()) == expected.document


@each
def test_the_xml_inside_is_this_documents_own_words_and_nothing_else_of_the_case(made, expected):
    """DESIGN §5: what is not printed is not carried along either."""
    with pikepdf.open(made.file(expected, "pdf")) as file:
        xml = file.Root.AF[0].EF.F.read_bytes().decode("utf-8")
    said = document_text(expected.document)
    for person in expected.case.petitioners:
        for secret in (
            person.name,
            *person.phones,
            person.address,
            person.ident.number if person.ident else None,
        ):
            if secret and "".join(secret.split()) not in said:
                assert secret not in xml


def test_a_docx_is_named_like_its_document_and_tells_nothing_of_the_machine(made):
    for expected in EXPECTED:
        members = parts(made.file(expected, "docx").read_bytes())
        core = members["docProps/core.xml"].decode("utf-8")
        assert "python-docx" not in core
        for part in members.values():
            assert str(shipped("templates").parent).encode() not in part
            assert str(made.folder).encode() not in part


# --- the same bytes -------------------------------------------------------------------------------------

AGAIN = ("YZ-20260706-0012", "YZ-20260918-0026", "YZ-20200311-0006", "YZ-20260514-0024")
"""Several claims; marks in the text; a slip; a very long name."""


def test_another_process_on_another_day_in_another_place_makes_the_same_bytes(made, tmp_path):
    code = (
        "import sys, time; time.time = lambda: 2e9; sys.path.insert(0, sys.argv.pop(1))\n"
        "from xfdocs.cli import main; main()"
    )
    kept = {key: os.environ[key] for key in ("HOME", "XDG_DATA_HOME", "XFDOCS_FONTS") if key in os.environ}
    environment = kept | {
        "TZ": "America/New_York",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "7",
        "PATH": "/usr/bin:/bin",
    }
    records = [str(FOLDER / f"{case}.xml") for case in reversed(AGAIN)]
    done = subprocess.run(
        [sys.executable, "-c", code, str(shipped("templates").parent), "draft", "all", *records, "-o", "out",
         "--pdf-engine", made.by],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = {
        p.relative_to(tmp_path / "out"): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()
    }
    first = {
        p.relative_to(made.folder): p.read_bytes() for case in AGAIN for p in (made.folder / case).iterdir()
    }
    assert sorted(again) == sorted(first)
    assert [str(path) for path in first if again[path] != first[path]] == []
