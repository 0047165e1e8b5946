"""What sets PDF is the office's choice, or that of one run: wherever the work is done, and whatever the machine lacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import distributed
import pytest

from tests.engines import MAKERS, printed_by, take_away
from tests.production.desks import CASES, entries, issued, office_in, state
from xfdocs.errors import LibraryMissing
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.production import fingerprint, issuing, making
from xfdocs.production.engines import engine_of, pdf_engine_of
from xfdocs.production.fingerprint import COMMON, changed, fingerprints
from xfdocs.production.making import further
from xfdocs.production.outcome import Outcome
from xfdocs.register.entry import Entry, EntryState
from xfdocs.register.register import Register
from xfdocs.resources import shipped


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office", CASES[:2])


def settled(office: Office, by: PdfBy) -> Office:
    """The same office, as it has settled what prints its PDF."""
    path = office.folder / "xfdocs.toml"
    path.write_text(f'[render]\npdf_engine = "{by}"\n\n{path.read_text("utf-8")}', "utf-8")
    return Office.open(office.folder)


def again(office: Office, by: PdfBy = PdfBy.WEASYPRINT) -> Office:
    """The same office as another process would open it."""
    return Office.open(office.folder).printing_with(by)


def known(office: Office) -> list[Entry]:
    with Register.open(office) as register:
        return sorted(register.entries(), key=lambda entry: entry.id)


def makers(office: Office) -> set[str]:
    """What made the PDF, by the register, and whether the files say the same."""
    files = [file for entry in known(office) for file in entry.files if file.format == "pdf"]
    for file in files:
        assert printed_by(office.folder / file.path) is PdfBy.of(file.maker)
    return {file.maker for file in files}


# --- whose choice it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", list(PdfBy))
def test_an_office_prints_with_what_it_has_settled_and_the_register_keeps_it(office, by):
    office = settled(office, by)
    issued(office, formats=("docx", "pdf"))
    assert makers(office) == {MAKERS[by]}
    docx = {file.maker for entry in known(office) for file in entry.files if file.format == "docx"}
    assert docx == {f"docxtpl {version('docxtpl')}"}


def test_an_engine_is_prepared_once_and_another_office_has_its_own(office):
    other = office.printing_with(PdfBy.TYPST)
    assert engine_of(office, "pdf") is pdf_engine_of(office)
    assert engine_of(other, "pdf") is pdf_engine_of(other)
    assert [engine_of(one, "pdf").maker for one in (office, other)] == list(MAKERS.values())


# --- wherever the work is done ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What one process leaves that was told to print with Typst, in an office that has settled nothing."""
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office", CASES[:2])
    issued(office.printing_with(PdfBy.TYPST), formats=("pdf",))
    assert makers(office) == {MAKERS[PdfBy.TYPST]}
    return state(office)


def test_the_choice_of_one_run_reaches_its_processes(office, undisturbed, monkeypatch):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: 1)
    issued(office.printing_with(PdfBy.TYPST), formats=("pdf",), jobs=2)
    assert state(office) == undisturbed


def test_the_choice_of_one_run_reaches_a_cluster(office, undisturbed):
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        where = cluster.scheduler_address
        issued(office.printing_with(PdfBy.TYPST), formats=("pdf",), jobs=None, dask=where)
    assert state(office) == undisturbed


# --- what it is made with --------------------------------------------------------------------------------


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str | None]]:
    """Versions of packages as this machine would tell them; None: it has none."""
    own: dict[str, str | None] = {}

    def told(package: str) -> str:
        found = own.get(package, version(package))
        if found is None:
            raise PackageNotFoundError(package)
        return found

    monkeypatch.setattr(fingerprint, "version", told)
    return own


def test_another_engine_or_version_of_it_makes_other_documents_and_that_of_the_other_does_not_matter(
    office, versions
):
    other = office.printing_with(PdfBy.TYPST)
    web, typst = fingerprints(office), fingerprints(other)
    assert web[COMMON] != typst[COMMON]
    (name,) = changed(web, typst, office)
    assert "排版程序" in name
    versions |= {"weasyprint": "71.0", "pydyf": None}
    assert fingerprints(other) == typst
    assert fingerprints(office) != web
    versions |= {"weasyprint": version("weasyprint"), "pydyf": version("pydyf"), "typst": "0.16.0"}
    assert fingerprints(office) == web
    assert fingerprints(other) != typst


def test_weasyprint_is_not_imported_where_typst_prints(office, tmp_path):
    office = settled(office, PdfBy.TYPST)
    code = (
        "import sys\nsys.modules['weasyprint'] = None\n"
        "sys.path.insert(0, sys.argv.pop(1))\nfrom xfdocs.cli import main\nmain()"
    )
    words = [sys.executable, "-c", code, str(shipped("templates").parent)]
    for command in (
        ("issue", "all", "cases", "--format", "pdf", "--jobs", "1"),
        ("report", "monthly", "2026-07"),
        ("report", "book", "来信登记簿", "2026"),
    ):
        done = subprocess.run(
            [*words, *command], cwd=office.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert makers(office) == {MAKERS[PdfBy.TYPST]}
    assert len(list((office.folder / "reports").rglob("*.pdf"))) == 2


# --- what the machine lacks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "said"),
    [(PdfBy.TYPST, r"缺少 typst.*pip install 'xfdocs\[typst\]'"), (PdfBy.WEASYPRINT, "缺少 Pango.*apt-get install")],
)  # fmt: skip
def test_without_its_engine_no_number_is_taken(office, by, said, monkeypatch):
    take_away(by, monkeypatch)
    with pytest.raises(LibraryMissing, match=said):
        issued(office.printing_with(by), formats=("docx", "pdf"))
    assert entries(office) == []
    assert not list((office.folder / "issued").glob("*/*"))
    assert {outcome.state for outcome in issued(again(office, by))} == {"issued"}, "docx needs neither"


# --- after a change of mind ------------------------------------------------------------------------------


def test_what_one_engine_printed_gets_its_docx_when_the_office_prints_with_the_other(office):
    first = issued(office, formats=("pdf",))
    both = issued(again(office, PdfBy.TYPST), formats=("docx", "pdf"))
    assert {(o.state, o.added, o.why) for o in both} == {("existing", ("docx",), "")}
    assert [o.sha256["pdf"] for o in both] == [o.sha256["pdf"] for o in first]
    assert makers(office) == {MAKERS[PdfBy.WEASYPRINT]}


def test_what_an_engine_printed_that_is_gone_is_left_as_it_is_and_nothing_else_stops(office, monkeypatch):
    issued(office, formats=("pdf",))
    more = office_in(office.folder.parent / "more", CASES[2:])
    for path in (more.folder / "cases").iterdir():
        path.rename(office.folder / "cases" / path.name)
    take_away(PdfBy.WEASYPRINT, monkeypatch)
    outcomes = issued(again(office, PdfBy.TYPST), formats=("docx", "pdf"))
    assert {outcome.state for outcome in outcomes} == {"issued", "existing"}
    for outcome in outcomes:
        assert set(outcome.files) == ({"docx", "pdf"} if outcome.state == "issued" else {"pdf"})
        assert outcome.why == (
            ""
            if outcome.state == "issued"
            else f"照现在的记录和模板制作，不能与已经制发的{outcome.number or outcome.kind_title}核对"
            f"（它由 {MAKERS[PdfBy.WEASYPRINT]} 制作，这台机器缺少 Pango），没有补制别的格式。"
        )


@pytest.fixture
def one(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, Entry, making.Document]:
    """An issued document: its entry and what it says."""
    documents: list[making.Document] = []
    real = making.compose
    monkeypatch.setattr(making, "compose", lambda *a, **k: documents.append(real(*a, **k)) or documents[-1])
    outcomes: list[Outcome] = issued(office, formats=("pdf",))
    assert outcomes
    entry = known(office)[0]
    assert entry.state is EntryState.ISSUED
    return office, entry, documents[0]


def test_what_was_printed_before_makers_were_kept_was_printed_by_the_only_engine_there_was(one):
    office, entry, document = one
    old = replace(entry, files=tuple(replace(file, maker="") for file in entry.files))
    files = further(old, ("docx", "pdf"), document, again(office, PdfBy.TYPST))
    assert isinstance(files, dict)
    assert set(files) == {"docx"}


def test_a_file_that_another_version_made_otherwise_is_told_with_both_versions(one):
    office, entry, document = one
    for maker, note in (
        ("weasyprint 69.0", f"（它由 weasyprint 69.0 制作，现在是 {MAKERS[PdfBy.WEASYPRINT]}）"),
        (MAKERS[PdfBy.WEASYPRINT], ""),
        ("", ""),
    ):
        file = replace(entry.files[0], sha256="ab" * 32, maker=maker)
        said = further(replace(entry, files=(file,)), ("docx",), document, office)
        assert said == f"与已经制发的{entry.number or entry.kind_title}不一致{note}"
