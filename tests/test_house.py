"""The house rules: rooms know only rooms above them, files stay readable, errors say what to do, nothing names a machine."""

from __future__ import annotations

import ast
import importlib
import os
import pickle
import pkgutil
import re
import string
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import xfdocs
from xfdocs import errors
from xfdocs.errors import ExitCode, XfdocsError
from xfdocs.resources import shipped

PACKAGE = Path(xfdocs.__file__).parent
ROOT = shipped("templates").parent
FILES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "errors", "frames", "garbage", "resources", "files", "progress", "tables", "sheets", "pdf_by", "office", "rules", "record", "document", "render", "register", "production", "reports", "archive", "doctor", "api",
    "authoring", "cli",
)  # fmt: skip
"""DESIGN §3, from the top: a room imports only rooms before it."""
HOUSE = {"__init__"}
"""The front door: it opens `api` when somebody asks."""
LONGEST = 450
"""Lines a file may have; DESIGN says rarely over 400."""


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def imported(file: Path, *, at_once: bool = False) -> set[str]:
    """The modules of ours a file imports; *at_once*: only those it cannot be imported without."""
    nodes = tree(file).body if at_once else list(ast.walk(tree(file)))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide where a name comes from"
            module = node.module or ""
            found |= {module} if module != "xfdocs" else {f"xfdocs.{alias.name}" for alias in node.names}
            found |= {f"{module}.{alias.name}" for alias in node.names if module.startswith("xfdocs.")}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("xfdocs.")}


# --- rooms ----------------------------------------------------------------------------------------------


def test_every_file_stands_in_a_room_of_the_design():
    assert {room_of(file) for file in FILES} <= set(ROOMS) | HOUSE
    assert {room for room in ROOMS if room not in {room_of(file) for file in FILES}} == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_above_it(file):
    room = room_of(file)
    if room in HOUSE or file == PACKAGE / "render" / "__init__.py":
        return  # both lend the public names of `api`, and only when asked
    above = set(ROOMS[: ROOMS.index(room) + 1])
    used = {name.split(".")[1] for name in imported(file)}
    assert used <= above, f"{sorted(used - above)} stand below {room}"


def test_no_module_needs_itself_to_be_imported():
    """Within a room too: the graph of imports at the top of modules has no circle."""
    names = {
        ".".join(("xfdocs", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): file
        for file in FILES
    }
    needed = {
        name: {other for other in imported(file, at_once=True) if other in names}
        for name, file in names.items()
    }
    needed = {name: others - {name} for name, others in needed.items()}
    needed["xfdocs.cli"] = set()  # it takes in its commands at the end of the file, on purpose
    while free := {name for name, others in needed.items() if not others}:
        needed = {name: others - free for name, others in needed.items() if name not in free}
    assert needed == {}


def test_what_draws_does_not_ask_what_a_notice_is():
    """DESIGN §2: a renderer never asks what a 告知书 is, a Document never knows where its facts came from."""
    model = PACKAGE / "document" / "model.py"
    assert not {name for name in imported(model) if ".record" in name or ".office" in name}
    for file in (PACKAGE / "render").rglob("*.py"):
        if file.name != "__init__.py":
            used = {name.split(".")[1] for name in imported(file)}
            assert not used & {"record", "office"}, file
            for kind in shipped("templates").glob("[!_]*/kind.toml"):
                assert f'"{kind.parent.name}"' not in file.read_text("utf-8"), file


def test_nothing_below_the_desk_looks_at_the_clock():
    """The same record makes the same document on any day: only who asks says which day it is.

    The journal notes when a change was made, for people; nothing is decided by it.
    """
    allowed = {"record/validation.py", "cli/base.py", "register/journal.py"}
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Attribute) and node.attr in {"today", "now", "utcnow", "localtime"}:
                assert str(file.relative_to(PACKAGE)) in allowed, f"{file}:{node.lineno}"


def test_importing_the_package_reaches_no_network_and_no_font():
    for file in FILES:
        assert not {"requests", "urllib3", "httpx"} & {
            name
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Import)
            for name in (a.name for a in node.names)
        }


# --- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["xfdocs", "tests", "bench"])
def test_a_file_stays_readable_in_one_sitting(folder):
    limit = LONGEST if folder == "xfdocs" else 2 * LONGEST
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / folder).rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > limit
    }
    assert long == {}


def test_every_module_says_what_it_is():
    assert [str(file) for file in FILES if not ast.get_docstring(tree(file))] == []


FOLDERS = (".ci", "bench", "docs", "samples", "schemas", "templates", "tests", "xfdocs")
"""The folders of the project; whatever else lies beside them was made by tools."""


@cache
def kept() -> tuple[Path, ...]:
    """The files of the project, caches left out."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    beside = (path for path in ROOT.iterdir() if path.name not in {".git", ".gitignore"})
    return tuple(
        path for path in sorted({*inside, *beside}) if path.is_file() and "__pycache__" not in path.parts
    )


def test_no_file_names_a_machine_or_a_person_at_it():
    here = [os.fsencode(place) for place in (f"{ROOT}/", f"{Path.home()}/")]
    paths = re.compile(rb"/(?:home|Users)/[A-Za-z]|[A-Z]:\\\\Users")
    own = Path(__file__)
    found = [
        str(path.relative_to(ROOT))
        for path in kept()
        if path != own
        and (any(place in path.read_bytes() for place in here) or paths.search(path.read_bytes()))
    ]
    assert found == []


def test_no_font_and_no_big_file_is_kept():
    fonts = [
        str(path.relative_to(ROOT))
        for path in kept()
        if path.suffix.lower() in {".otf", ".ttf", ".ttc", ".woff", ".woff2"}
    ]
    assert fonts == []
    big = {
        str(path.relative_to(ROOT)): path.stat().st_size for path in kept() if path.stat().st_size > 1_000_000
    }
    assert big == {}


_TEXTS = {".py", ".md", ".toml", ".xml", ".xsd", ".sch", ".css", ".html", ".txt", ".sh", ".svg"}


def test_every_text_is_utf8_and_ends_with_a_line():
    for path in kept():
        broken_on_purpose = {"tests", "rejected"} & set(path.relative_to(ROOT).parts[:2])
        if path.suffix in _TEXTS and not broken_on_purpose:
            text = path.read_text("utf-8")
            assert not text or text.endswith("\n"), path
            assert "\r" not in text, path


def test_nothing_is_left_to_be_done_later():
    words = re.compile(
        r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|pytest\.mark\.skip\b|pytest\.mark\.xfail"
    )
    own = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in kept()
        if path.suffix == ".py" and path != own and (match := words.search(path.read_text("utf-8")))
    ]
    assert found == []


# --- errors ---------------------------------------------------------------------------------------------


def kinds(base: type[XfdocsError] = XfdocsError) -> list[type[XfdocsError]]:
    for module in pkgutil.walk_packages(xfdocs.__path__, "xfdocs."):
        if not module.name.startswith("xfdocs.cli"):
            importlib.import_module(module.name)
    found = [base]
    for kind in found:
        found += [other for other in kind.__subclasses__() if other not in found]
    return found


KINDS = kinds()


def facts(kind: type[XfdocsError]) -> dict[str, str]:
    """A sample fact for every place in the message."""
    return {name: f"某{name}" for _, name, _, _ in string.Formatter().parse(kind.__doc__ or "") if name}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_says_its_facts_in_chinese_and_survives_a_process_pool(kind):
    known = facts(kind)
    error = kind(**known)
    said = str(error)
    assert "{" not in said
    assert all(value in said for value in known.values())
    if known.keys() != {"message"}:
        assert not said.isascii(), said
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), again.facts, again.code, again.exit_code) == (said, known, kind.code, kind.exit_code)


def test_every_error_has_a_code_of_its_own():
    by_code = defaultdict(list)
    for kind in KINDS:
        by_code[kind.code].append(kind.__name__)
    assert {code: names for code, names in by_code.items() if len(names) > 1} == {}
    assert all(re.fullmatch(r"XF-\d{3}", code) for code in by_code)


def test_an_error_is_bound_to_an_exit_code():
    assert {kind.exit_code for kind in KINDS} <= set(ExitCode)
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 130]
    for kind in KINDS:
        if issubclass(kind, errors.UsageFault):
            assert kind.exit_code is ExitCode.USAGE
        if issubclass(kind, errors.MachineLacks):
            assert kind.exit_code is ExitCode.LACKING


def test_all_errors_stand_in_one_room():
    assert {kind.__module__.rpartition(".")[0] for kind in KINDS} == {"xfdocs.errors"}


def test_what_is_raised_for_users_is_one_of_them():
    """A bare exception is for slips of the program, never for what a user did."""
    for file in FILES:
        for node in ast.walk(tree(file)):
            if (
                isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and isinstance(node.exc.func, ast.Name)
            ):
                assert node.exc.func.id not in {"Exception", "BaseException", "RuntimeError"}, (
                    f"{file}:{node.lineno}"
                )


def test_no_failure_is_swallowed_without_a_reason():
    for file in FILES:
        lines = file.read_text("utf-8").splitlines()
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
            ):
                if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
                    continue  # put in order and sent on its way
                _, _, why = lines[node.lineno - 1].partition("noqa: BLE001")
                assert len(why) > 10, f"{file}:{node.lineno}"
