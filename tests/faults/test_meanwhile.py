"""Between two runs of one batch the clock goes back, or templates, settings or formats change."""

from __future__ import annotations

import pytest

from tests.faults.runs import KILLED, Server, everything, faults, not_broken, strictly
from tests.production.desks import entries, office_in
from xfdocs.office import Office
from xfdocs.resources import shipped

BROKEN_OFF = "name:after:3"
"""Three of ten documents have their names, and none is registered."""
HALF_DONE = "reserve:before:2"
"""The first two records are done, the others not begun."""
BOTH = ("issue", "all", "cases", "--jobs", "1")


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office")
    assert server.run(office).code == 0
    return everything(office)


def documents(office: Office) -> dict[str, str]:
    files: dict[str, str] = everything(office)["files"]  # type: ignore[assignment]
    return {name: sha256 for name, sha256 in files.items() if name.startswith("issued/")}


# --- the clock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["", BROKEN_OFF, HALF_DONE])
def test_a_clock_that_runs_backwards_decides_nothing(server, office, undisturbed, point):
    """Every reading is an hour before the last one, and on the second run's day nothing has happened yet."""
    if point:
        assert server.run(office, at=point, env={"DEADLY_CLOCK": "2026-11-23T10:00:00"}).code == KILLED
        not_broken(office)
    ended = server.run(office, env={"DEADLY_CLOCK": "1999-12-31T10:00:00", "DEADLY_TODAY": "1999-12-31"})
    assert ended.code == 0, ended.said
    assert ("没有做完，从断开的地方接着做" in ended.said) is bool(point)
    assert everything(office) == undisturbed
    assert faults(office) == []


# --- templates and settings -----------------------------------------------------------------------------


def reworded(office: Office, kind: str = "acceptance-notice") -> None:
    """The office begins to use a wording of its own."""
    own = office.folder / "templates" / kind
    own.mkdir(parents=True)
    text = (shipped("templates") / kind / "wording.md").read_text("utf-8")
    (own / "wording.md").write_text(f"{text}\n特此说明。\n", "utf-8")


def signed_by_another(office: Office) -> None:
    """The office moves to another street."""
    settings = office.folder / "xfdocs.toml"
    settings.write_text(settings.read_text("utf-8").replace("和平路1号", "和平路2号"), "utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (reworded, "“受理告知书”的模板有改动"),
        (signed_by_another, "版式、规定、配置、字体、排版程序或者程序版本有改动"),
    ],
)
@pytest.mark.parametrize("point", [HALF_DONE, "register:after:1"])
def test_what_documents_are_made_with_has_changed_since_and_it_is_said(server, office, change, named, point):
    assert server.run(office, at=point).code == KILLED
    issued = {e["files"]: e["number"] for e in entries(office) if e["state"] == "issued"}
    before = documents(office)
    change(office)
    ended = server.run(office)
    assert ended.code == 0, ended.said
    assert f"那一次以后，{named}：已经制发的不变，其余按现在的制作。" in ended.said
    after = documents(office)
    assert before.items() <= after.items()
    assert issued.items() <= {e["files"]: e["number"] for e in entries(office)}.items()
    assert faults(office) == []
    assert "有改动" not in server.run(office).said  # told once


def test_what_was_made_and_not_registered_is_made_anew_from_the_changed_template(server, office, tmp_path):
    """Nobody has seen it yet: it is as if the template had been so from the beginning."""
    assert server.run(office, at="register:before:1", chunk=4).code == KILLED
    reworded(office)
    assert server.run(office).code == 0
    other = office_in(tmp_path / "other")
    reworded(other)
    assert server.run(other).code == 0
    assert documents(office) == documents(other)
    assert faults(office) == []


def test_nothing_is_said_of_a_change_that_no_run_was_in_the_middle_of(server, office):
    assert server.run(office).code == 0
    reworded(office)
    ended = server.run(office)
    assert ended.code == 0
    assert "改动" not in ended.said
    assert "没有需要新制发的文书" in ended.said


# --- formats --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "point",
    ["name:after:1", "name:before:4", *strictly("half:before:1", "statements:after:3", "confirm:before:1")],
)
def test_killed_while_a_format_is_added_and_run_again_both_are_there(server, tmp_path, point):
    cases = ("YZ-20260916-0008", "YZ-20261102-0018")
    office, expected = (office_in(tmp_path / name, cases) for name in ("office", "expected"))
    for one in (office, expected):
        assert server.run(one).code == 0
    assert server.run(expected, *BOTH).code == 0
    assert server.run(office, *BOTH, at=point).code == KILLED
    not_broken(office)
    ended = server.run(office, *BOTH)
    assert ended.code == 0, ended.said
    assert everything(office) == everything(expected)
    assert faults(office) == []


def test_killed_with_one_format_and_run_again_with_another_each_document_is_whole(server, office):
    """What has only its number is made as it is wanted now; what was issued is added to."""
    assert server.run(office, at=HALF_DONE).code == KILLED
    assert server.run(office, *BOTH).code == 0
    formats = {
        tuple(sorted(name.rsplit(".")[-1] for name in documents(office) if name.startswith(f"{base}.")))
        for base in {name.rpartition(".")[0] for name in documents(office)}
    }
    assert formats == {("docx", "pdf")}
    assert faults(office) == []
