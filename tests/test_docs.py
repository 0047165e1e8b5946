"""What the documents say is so: their commands run, their files exist, their lists agree with the code.

How a document is written so that it can be run: a fenced ``sh`` block is run as it stands; in a
``console`` block the lines after ``$`` are run and the other lines are found, in their order, in what
comes out (``……`` stands for anything); a block whose language is followed by a path is written to that
path.  The blocks of one document follow one another in one place, as a reader goes through them.  A
command leaves with 0 unless the words before its block say 退出码是 N.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import click
import pytest

from xfdocs.archive.checks.model import Verdict
from xfdocs.archive.credentials import SigningSetting
from xfdocs.archive.orders import orders
from xfdocs.archive.retention import CONDITIONS
from xfdocs.authoring.reference import references
from xfdocs.cli import cli
from xfdocs.document import forms, language
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.context import context_of
from xfdocs.document.wording import ELEMENTS
from xfdocs.errors import ExitCode
from xfdocs.office import ArchiveSetting, KindSetting, Office, Organ
from xfdocs.pdf_by import PdfBy
from xfdocs.record import codes, events, model
from xfdocs.record.schema import plan_of
from xfdocs.record.validation import read_case
from xfdocs.register.faults import Gravity
from xfdocs.render.docx_context import NAMES as LAYOUT_NAMES
from xfdocs.render.fontfiles import Role, catalogue
from xfdocs.reports.books import OWN_NAMES, PARTS, books_of
from xfdocs.resources import shipped
from xfdocs.rules import load_law

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "samples" / "README.md", *ROOT.glob("docs/*.md")],
    key=str,
)
RUN = [page for page in PAGES if re.search(r"^```(?:sh|console)", page.read_text("utf-8"), re.MULTILINE)]

EXEMPT = {
    "make": "sets up the whole machine",
    ". .venv/bin/activate": "the commands are on the path here",
    "python3 -m venv": "installs",
    ".venv/bin/pip": "installs",
    ".venv/bin/python -m xfdocs.render.fontsetup": "installs",
    "python -m xfdocs.render.fontsetup": "prepares the fonts of the whole machine",
}
"""Commands that are not run here, and why."""


@dataclass(frozen=True)
class Fence:
    """A fenced block of a page."""

    language: str
    path: str
    text: str
    code: int
    """Exit code that the words before it announce."""


def fences(page: Path) -> Iterator[Fence]:
    """The fenced blocks of a page, each with the words between it and the block before."""
    text = page.read_text("utf-8")
    before = 0
    for match in re.finditer(r"^```(\w*)[ ]?([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        said = re.search(r"退出码是 (\d+)", text[before : match.start()])
        yield Fence(match[1], match[2].strip(), match[3], int(said[1]) if said else 0)
        before = match.end()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A place to work in that looks like a checkout, with nothing of ours in danger."""
    for name in ("samples", "templates", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def run(command: str, desk: Path) -> tuple[int, str]:
    """The exit code and the output, both streams, of a shell command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=desk,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def exempt(command: str) -> bool:
    """Whether a command is one of `EXEMPT`."""
    return any(command == start or command.startswith(f"{start} ") for start in EXEMPT)


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_every_command_a_page_shows_runs_as_written(page: Path, desk: Path) -> None:
    for fence in fences(page):
        if fence.path:
            place = desk / fence.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(fence.text, "utf-8")
        elif fence.language == "sh":
            commands = [line for line in fence.text.splitlines() if not exempt(line.strip())]
            code, output = run("\n".join(commands), desk)
            assert code == fence.code, f"{page.name}: {fence.text}\n{output}"
        elif fence.language == "console":
            for command, shown in dialogue(fence.text):
                code, output = run(command, desk)
                assert code == fence.code, f"{page.name}: {command}\n{output}"
                missing = first_missing(shown, output)
                assert missing is None, f"{page.name}: {command}\n没有印出：{missing}\n{output}"


def dialogue(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def first_missing(shown: list[str], output: str) -> str | None:
    """The first of the lines *shown* that *output* does not have, in their order; None if it has all.

    Lines follow one another unless ``……`` alone stands between them; spaces count as one.
    """
    lines = [" ".join(line.split()) for line in output.splitlines()]
    place, free = 0, False
    for line in shown:
        if line.strip() == "……":
            free = True
            continue
        parts = (re.escape(" ".join(part.split())) for part in line.split("……"))
        wanted = re.compile(r"\s*.*?\s*".join(parts) + r"\s*")
        while place < len(lines) and not wanted.fullmatch(lines[place]):
            if not free:
                return line
            place += 1
        if place == len(lines):
            return line
        place, free = place + 1, False
    return None


def test_an_excerpt_that_differs_is_noticed() -> None:
    assert first_missing(["a", "……", "c"], "a\nb\nc\n") is None
    assert first_missing(["a", "c"], "a\nb\nc\n") == "c"
    assert first_missing(["a …… d"], "a b c d\n") is None
    assert first_missing(["……", "d"], "a\nb\n") == "d"


def test_every_exemption_is_needed() -> None:
    lines = {line.strip() for page in RUN for fence in fences(page) for line in fence.text.splitlines()}
    for start in EXEMPT:
        assert any(line == start or line.startswith(f"{start} ") for line in lines), start


# --- files and links -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_fences(page)):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name} → {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{page.name} → {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+?)\s*$", without_fences(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def without_fences(page: Path) -> str:
    """A page's text outside its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


_NAMED = re.compile(r"`((?:samples|schemas|templates|docs|tests|bench|xfdocs|\.ci)/[\w./·-]+)`")
"""A file or folder of this project, as pages name it."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page: Path) -> None:
    for name in _NAMED.findall(without_fences(page)):
        assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_nothing_is_promised_that_does_not_exist() -> None:
    """A command is named in a page only if the program has it."""
    named = re.compile(r"(?:^|`|\$ )(?:\.venv/bin/)?xfdocs ([a-z]+)", re.MULTILINE)
    for page in PAGES:
        for name in named.findall(page.read_text("utf-8")):
            assert name in cli.commands, f"{page.name}: xfdocs {name}"


# --- the command line ----------------------------------------------------------------------------------


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """The commands of a group and of the groups in it, by the words that call them."""
    for word, command in group.commands.items():
        yield f"{above}{word}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{word} ")


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_for_itself_and_each_option(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{name} {param.opts}"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_stands_in_a_handbook(name: str) -> None:
    books = ("README.md", *(f"docs/{book}.md" for book in ("办案人员", "统计", "档案", "模板作者", "管理员")))
    assert any(f"xfdocs {name}" in (ROOT / book).read_text("utf-8") for book in books)


def test_every_exit_code_stands_in_the_handbook() -> None:
    section = section_of(ROOT / "docs/管理员.md", "退出码")
    assert {int(code) for code, *_ in rows(section)} == {int(code) for code in ExitCode}


# --- references and lists ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(references()))
def test_a_reference_is_as_the_program_writes_it(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == references()[name], (
        "python -m xfdocs.authoring.reference"
    )


def section_of(page: Path, title: str) -> str:
    """The text below the heading *title*, down to the next heading of its level or above."""
    text = page.read_text("utf-8")
    start = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert start is not None, f"{page.name}: {title}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(section: str) -> list[list[str]]:
    """The cells of every table row in a section, heads left out."""
    found = []
    for table in re.findall(r"(?:^\|.*\|$\n?)+", section, re.MULTILINE):
        lines = (re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines()[2:])
        found.extend([cell.strip() for cell in cells] for cells in lines)
    return found


def ticked(cells: list[str]) -> list[str]:
    """What stands between backticks in some cells."""
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


AUTHORS = ROOT / "docs/模板作者.md"


def named_in(section: str) -> set[str]:
    """The names in the first column of a section's tables, what is in brackets left out."""
    return {name.partition("(")[0] for row in rows(section) for name in ticked(row[:1])}


def test_the_filters_told_to_authors_are_those_there_are() -> None:
    assert named_in(section_of(AUTHORS, "过滤器")) == set(language.make_environment().filters)


def test_the_elements_told_to_authors_are_those_there_are() -> None:
    assert named_in(section_of(AUTHORS, "先写要素，再写正文")) == set(ELEMENTS)


ARCHIVISTS = ROOT / "docs/档案.md"


def test_the_settings_told_to_archivists_are_those_there_are() -> None:
    told = named_in(section_of(ARCHIVISTS, "设置"))
    own = {field.name for field in fields(ArchiveSetting)} - {"used", "signing"}
    assert told == own | {"[archive.used]", "[archive.signing]"}


def test_the_settings_for_signing_told_to_archivists_are_those_there_are() -> None:
    told = {name for row in rows(section_of(ARCHIVISTS, "签名")) for name in ticked(row[:1])}
    assert told == {field.name for field in fields(SigningSetting)}


def test_the_orders_told_to_archivists_are_those_there_are() -> None:
    assert named_in(section_of(ARCHIVISTS, "卷内排列")) == set(orders())


def test_the_conditions_of_retention_told_to_archivists_are_those_there_are() -> None:
    section = section_of(ARCHIVISTS, "保管期限表")
    assert set(CONDITIONS) <= set(ticked([section.partition("条件有")[2]]))


def test_the_verdicts_told_to_archivists_are_those_there_are() -> None:
    told = {(row[0], row[2]) for row in rows(section_of(ARCHIVISTS, "四性检测")) if len(row) == 3}
    assert told == {(verdict.zh, str(int(verdict.exit_code))) for verdict in Verdict}


STATISTICIANS = ROOT / "docs/统计.md"


def test_the_books_told_to_statisticians_are_those_there_are() -> None:
    table = section_of(STATISTICIANS, "登记簿（台账）").partition("### ")[0]
    shipped_books = books_of(Office.open(shipped("samples", "office")))
    assert {row[0]: row[1].strip("`") for row in rows(table)} == {
        book.title: book.slug for book in shipped_books.values()
    }


def test_what_a_book_may_say_is_told_to_statisticians() -> None:
    section = section_of(STATISTICIANS, "加一本登记簿")
    items, _, own = section.partition("还有：")
    block = next(f for f in fences(STATISTICIANS) if f.path.endswith("evaluations.toml"))
    known = {*tomllib.loads(block.text), *tomllib.loads(block.text)["column"][0], "order", "sum"} - {"column"}
    assert named_in(items) - {"[[column]]"} == known
    assert named_in(own) == {*PARTS.values(), *OWN_NAMES} - {""}
    assert {name for row in rows(items) if row[0] == "`of`" for name in ticked(row[1:])} == set(PARTS)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """The names of one wording for one case."""
    office = Office.open(shipped("samples", "office"))
    case = read_case(office.folder / "cases" / "YZ-20260706-0012.xml")
    kind = catalogue_of(office).kind("受理告知书")
    event = next(event for event in case.events if isinstance(event, events.Acceptance))
    return context_of(kind, case, event, office.organ, office, event.date, "")


def test_the_names_told_to_authors_are_those_there_are(names: dict[str, Any]) -> None:
    section = section_of(AUTHORS, "除记录以外还能用的名称")
    record = {slot.zh for slot in plan_of(model.Case).slots}
    assert named_in(section) == set(names) - record
    assert record <= set(ticked([section]))


def test_the_parts_of_those_names_are_told_too(names: dict[str, Any]) -> None:
    told = {
        row[0].strip("`").partition("(")[0]: ticked(row[1:])
        for row in rows(section_of(AUTHORS, "除记录以外还能用的名称"))
    }
    names = {**names, "机关": names["机关"]("云州市水务局"), "路径": names["路径"]("31-6")}
    for name, value in names.items():
        if isinstance(value, SimpleNamespace):
            like = (
                "单位"
                if "与 `单位` 相同" in section_of(AUTHORS, "除记录以外还能用的名称")
                and name in {"本局", "机关"}
                else name
            )
            assert set(vars(value)) <= set(told[like]), name


def test_the_tags_of_a_form_told_to_authors_are_those_there_are() -> None:
    section = section_of(AUTHORS, "表格和表单")
    tags = set(re.findall(r"<(\w+)", section))
    attributes = set(re.findall(r'(\w+)="', section))
    assert tags == set(forms._ALLOWED)
    assert attributes == set().union(*forms._ALLOWED.values())


def test_the_names_told_for_layouts_are_those_there_are() -> None:
    tables = section_of(AUTHORS, "docx").partition("版式里能用的名称：")[2]
    assert named_in(tables) == set(LAYOUT_NAMES)


def test_the_items_of_a_kind_told_to_authors_are_those_the_program_reads() -> None:
    from xfdocs.document.catalogue import Call, Kind

    section = section_of(AUTHORS, "加一种新的文书").partition("`kind.toml` 里能写的：")[2]
    read = {f.name for f in fields(Kind)} - {"slug", "wording", "folders", "call"}
    call = {f.name for f in fields(Call)}
    assert named_in(section) - {"[call]"} == read | call


def test_the_layouts_told_to_authors_are_those_there_are() -> None:
    section = section_of(AUTHORS, "一份文书由什么组成").partition("版式（页面的样子）")[2]
    assert named_in(section) == {p.name for p in shipped("templates").glob("_layouts/[!_]*")}


ADMINISTRATORS = ROOT / "docs/管理员.md"


OFFICE_ONLY = {"profile", "cases", "issued", "procedure_list"}
"""What [office] has and an organ has not."""


def test_the_settings_told_to_administrators_are_those_the_program_reads() -> None:
    section = section_of(ADMINISTRATORS, "单位配置")
    read = {f.name for f in fields(Organ)} | {f.name for f in fields(KindSetting)}
    assert named_in(section) == read | OFFICE_ONLY
    block = next(f for f in fences(ADMINISTRATORS) if f.path == "例/xfdocs.toml")
    table = tomllib.loads(block.text)
    assert {f.name for f in fields(Organ)} | OFFICE_ONLY == set(table["office"])
    assert {f.name for f in fields(KindSetting)} == set(next(iter(table["kinds"].values())))


def test_the_engines_told_to_administrators_are_those_there_are() -> None:
    section = section_of(ADMINISTRATORS, "用哪个程序制作 PDF")
    assert named_in(section) == set(PdfBy)
    (settings,) = re.findall(r"^```toml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert tomllib.loads(settings) == {"render": {"pdf_engine": PdfBy.TYPST}}


def test_the_series_told_to_administrators_are_those_there_are() -> None:
    section = section_of(ADMINISTRATORS, "文号怎样编")
    (told,) = re.findall(r"文种字是：(.*?)。", section, re.DOTALL)
    series = {kind.series for kind in catalogue_of(Office.open(shipped("samples", "office"))).kinds.values()}
    assert set(re.findall(r"([^、\s]+)（", told)) == series - {""}
    assert {name.strip("[]") for name in named_in(section)} == {"numbers", "numbers.used", "register"}
    office = tomllib.loads(next(f for f in fences(ADMINISTRATORS) if f.path == "文号/xfdocs.toml").text)
    assert set(office["numbers"]) - {"used"} <= series


def test_the_words_verify_begins_with_are_those_told_to_administrators() -> None:
    told = {row[0]: int(row[2]) for row in rows(section_of(ADMINISTRATORS, "核对"))}
    assert told == {f"`{g.zh}`": code for g, code in zip(Gravity, (4, 1, 0), strict=True)}


def test_the_limits_and_profiles_told_to_administrators_are_those_there_are() -> None:
    law = load_law()
    section = section_of(ADMINISTRATORS, "规定")
    limits = {name for regulation in law.regulations for name in regulation.limits}
    assert named_in(section) == limits | set(law.profiles)
    short = {row[0].strip("`"): row[1] for row in rows(section) if row[0].strip("`") in law.profiles}
    assert short == {name: profile.name for name, profile in law.profiles.items()}


def test_the_faces_told_to_administrators_are_those_looked_for() -> None:
    known = catalogue()
    told = {
        row[0]: re.split("、", row[2]) + re.split("、", row[3])
        for row in rows(section_of(ADMINISTRATORS, "字体"))
    }
    assert {role: [face for face in faces if face] for role, faces in told.items()} == {
        role.value: list(known.roles[role].faces) for role in Role
    }


def test_every_term_of_the_record_stands_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    told = {name: row for row in rows(glossary) for name in ticked(row)}
    for module in (model, events, codes):
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", "") == module.__name__
            if own and isinstance(thing, type) and (is_dataclass(thing) or issubclass(thing, Enum)):
                assert name in told, name
    for zh, kind in events.EVENT_KINDS.items():
        assert zh in told[kind.__name__][0], zh
