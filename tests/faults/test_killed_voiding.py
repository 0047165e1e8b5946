"""A document is declared void and the process is killed: the same command again finishes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.runs import ISSUE, KILLED, Server, everything, faults, not_broken
from tests.production.desks import office_in
from xfdocs.office import Office
from xfdocs.register.faults import Trouble

NUMBER = "云人社信受字〔2026〕1号"
VOID = ("register", "void", NUMBER, "--why", "答复时限写错")
CASES = ("YZ-20260914-0025", "YZ-20260916-0008")
POINTS = [
    *(f"{step}:{when}:1" for step in ("void", "half", "name", "write-back", "confirm") for when in ("before", "after")),
    *(f"statements:after:{nth}" for nth in (1, 2)),
]  # fmt: skip
TOLD = {"confirm:before:1"}
"""The record says it, and the register does not know that it does."""


@pytest.fixture(scope="module")
def issued(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which everything has been issued."""
    office = office_in(tmp_path_factory.mktemp("issued") / "office", CASES)
    assert server.run(office).code == 0
    return office.folder


@pytest.fixture
def office(issued: Path, tmp_path: Path) -> Office:
    shutil.copytree(issued, tmp_path / "office")
    return Office.open(tmp_path / "office")


@pytest.fixture(scope="module")
def undisturbed(
    server: Server, issued: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, object]]:
    """What is left when it is void, and when it has been issued again after that."""
    folder = tmp_path_factory.mktemp("undisturbed") / "office"
    shutil.copytree(issued, folder)
    office = Office.open(folder)
    left = []
    for words in (VOID, ISSUE):
        assert server.run(office, *words).code == 0
        assert faults(office) == []
        left.append(everything(office))
    return left


@pytest.mark.parametrize("point", POINTS)
def test_voiding_again_finishes_what_was_broken_off(server, office, undisturbed, point):
    assert server.run(office, *VOID, at=point).code == KILLED
    not_broken(office)
    done = everything(office) == undisturbed[0]
    assert done is (point == "confirm:after:1")
    ended = server.run(office, *VOID)
    if done:
        assert ended.code == 1
        assert "已经作废" in ended.said
    else:
        assert ended.code == 0, ended.said
    assert everything(office) == undisturbed[0]
    assert faults(office) == []


@pytest.mark.parametrize("point", ["void:after:1", "half:after:1", "confirm:before:1"])
def test_who_issues_again_instead_of_voiding_again_ends_in_the_same_place(server, office, undisturbed, point):
    assert server.run(office, *VOID, at=point).code == KILLED
    (fault,) = (fault for fault in faults(office) if fault.trouble is not Trouble.FOREIGN)
    assert fault.trouble is Trouble.UNCONFIRMED
    if point not in TOLD:  # one run tells the record of what is void, and the second makes what it then lacks
        ended = server.run(office)
        assert ended.code == 1
        assert f"{NUMBER}：已经作废，记录里刚刚写明。再运行一次 issue，就用新号重新制发。" in ended.said
    assert server.run(office).code == 0
    assert everything(office) == undisturbed[1]
    assert faults(office) == []


def test_another_reason_the_second_time_does_not_change_the_first(server, office, undisturbed):
    assert server.run(office, *VOID, at="write-back:before:1").code == KILLED
    assert server.run(office, *VOID[:-1], "收件人写错").code == 0
    assert everything(office) == undisturbed[0]
