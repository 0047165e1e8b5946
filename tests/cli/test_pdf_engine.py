"""``--pdf-engine``: every command that makes PDF makes it with what was asked for, on a machine without Pango too."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click
import pytest

from tests.archive.offices import archive_office
from tests.cli.runs import Run, xfdocs
from tests.engines import MAKERS, printed_by, take_away
from xfdocs.archive.numbering import VOLUME
from xfdocs.cli import cli
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.register.register import Register

COMMANDS = (
    ("draft", "all", "cases", "-o", "草稿"),
    ("issue", "all", "cases", "--jobs", 1),
    ("report", "monthly", "2026-02"),
    ("report", "bulletin", "2026-02", "-o", "通报"),
    ("report", "quarterly", "2026Q1", "--issue", "--jobs", 1),
    ("report", "annual", "2025"),
    ("report", "special", "2026H1"),
    ("report", "special", "2026H1", "--public", "-o", "公开"),
    ("report", "return", "2026-02", "-o", "月报"),
    ("report", "book", "来信登记簿", "2026"),
    ("archive", "pack", "cases", "--jobs", 1, "--on", "2027-11-23"),
    ("archive", "verify", "--report", "检测"),
    ("archive", "catalogue", "2026"),
    ("archive", "form", "移交清单", "archive"),
)
"""One after another in one office, those that need what an earlier one made after it."""
_ELSEWHERE = {"demo"}
"""Tried where demos are."""


def commands(group: click.Group, *above: str) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
        else:
            found.append(((*above, name), command))
    return found


def test_every_command_that_can_be_asked_is_asked_here():
    asked = {" ".join(map(str, words[: 1 if words[0] in {"draft", "issue"} else 2])) for words in COMMANDS}
    able = {
        " ".join(name)
        for name, command in commands(cli)
        if any("--pdf-engine" in parameter.opts for parameter in command.params)
    }
    assert able == asked | _ELSEWHERE


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has settled nothing about PDF, with two cases that may go to the archive."""
    return archive_office(tmp_path_factory.mktemp("typst") / "单位")


def pdfs(folder: Path) -> set[Path]:
    return set(folder.rglob("*.pdf"))


@pytest.fixture(scope="module")
def printed(office: Office) -> dict[tuple[object, ...], tuple[Run, set[Path]]]:
    """What each command said, and the PDF that it made."""
    done = {}
    with pytest.MonkeyPatch.context() as patch:
        take_away(PdfBy.WEASYPRINT, patch)
        for words in COMMANDS:
            before = pdfs(office.folder)
            run = xfdocs(*words, "--pdf-engine", "typst", cwd=office.folder)
            done[words] = run, pdfs(office.folder) - before
    return done


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(map(str, words)))
def test_what_a_command_prints_is_printed_by_what_was_asked_for(printed, words):
    run, new = printed[words]
    assert run.code == 0, run.out + run.err
    assert new
    assert {printed_by(pdf) for pdf in new} == {PdfBy.TYPST}


def test_the_register_knows_what_printed_everything_that_was_issued_and_packed(printed, office):
    with Register.open(office) as register:
        files = [(entry.kind, file) for entry in register.entries() for file in entry.files]
    assert {kind for kind, _ in files} > {"acceptance-notice", "circular", VOLUME}
    made = {file.format: {f.maker for _, f in files if f.format == file.format} for _, file in files}
    assert made == {
        "pdf": {MAKERS[PdfBy.TYPST]},
        "docx": {f"docxtpl {version('docxtpl')}"},
        "bag": {f"xfdocs {version('xfdocs')}"},
    }


def test_without_pango_whoever_asks_for_nothing_is_told_of_the_other_engine(office, monkeypatch):
    take_away(PdfBy.WEASYPRINT, monkeypatch)
    run = xfdocs("draft", "all", "cases", "-o", "另一处", cwd=office.folder)
    assert run.code == 3
    assert "libpango-1.0-0" in run.err
    assert 'pdf_engine = "typst"' in run.err
    assert not (office.folder / "另一处").exists()


def test_an_engine_there_is_not_is_a_slip(office):
    run = xfdocs("draft", "all", "cases", "-o", "另一处", "--pdf-engine", "word", cwd=office.folder)
    assert run.code == 2
    assert "选项 --pdf-engine 不对：应为 weasyprint、typst 之一。" in run.err


def test_what_one_run_was_asked_is_not_kept_for_the_next(office):
    for engine in (("--pdf-engine", "typst"), ()):
        place = f"草稿{len(engine)}"
        assert (
            xfdocs("draft", "来信登记表", "cases", "-o", place, *engine, "--format", "pdf", cwd=office.folder).code == 0
        )  # fmt: skip
        by = {printed_by(pdf) for pdf in pdfs(office.folder / place)}
        assert by == {PdfBy.TYPST if engine else PdfBy.WEASYPRINT}
