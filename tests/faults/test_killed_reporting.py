"""Sheets of the circular that are killed on their way, and made again, end as if nothing had happened."""

from __future__ import annotations

import hashlib
import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.faults.runs import KILLED, Server, everything, faults, not_broken, nothing_half, strictly
from tests.production.desks import office_in
from tests.tools import STRICT
from xfdocs.office import Office
from xfdocs.register.faults import Trouble

CASES = ("YZ-20260622-0017", "YZ-20260706-0012", "YZ-20260914-0025")
"""Three records, of three units."""
UNITS = 3
REPORT = ("report", "quarterly", "2026Q3", "--per-unit", "--on", "2026-11-23", "--format", "docx", "--jobs", "1", "--json")  # fmt: skip
TWICE = ("print", "write", "half", "durable", "rename", "name", "register", "confirm")
"""Steps that come at least twice when sheets go one by one."""
POINTS = [
    *(f"{step}:{when}:1" for step in ("begin", "reserve", "end") for when in ("before", "after")),
    *(f"{step}:before:1" for step in TWICE),
    *(f"{step}:after:2" for step in TWICE),
    *strictly(*(f"{step}:{when}" for step in TWICE for when in ("before:2", "after:1"))),
]
STRIDE = 1 if STRICT else 9


@pytest.fixture(scope="module")
def indexed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose records have been read, and nothing issued."""
    office = office_in(tmp_path_factory.mktemp("indexed") / "office", CASES)
    ended = server.run(office, "report", "quarterly", "2026Q3", "--on", "2026-11-23", "--json")
    assert ended.code == 0, ended.said
    return office.folder


def copied(indexed: Path, folder: Path) -> Office:
    shutil.copytree(indexed, folder)
    return Office.open(folder)


@pytest.fixture
def office(indexed: Path, tmp_path: Path) -> Office:
    return copied(indexed, tmp_path / "office")


def left(office: Office) -> dict[str, object]:
    """What runs leave behind, the kept data too."""
    data = {
        path.relative_to(office.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((office.folder / "reports").rglob("*"))
        if path.is_file()
    }
    return {**everything(office), "data": data}


def written(office: Office) -> dict[Path, int]:
    """When each file of documents and of their data was written."""
    paths = (path for place in ("issued", "reports") for path in (office.folder / place).glob("*/**/[!.]*"))
    return {path: path.stat().st_mtime_ns for path in paths if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(server: Server, indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run leaves that nothing happened to."""
    office = copied(indexed, tmp_path_factory.mktemp("undisturbed") / "office")
    ended = server.run(office, *REPORT, chunk=1)
    assert ended.code == 0, ended.said
    assert ended.out.count('"state": "issued"') == UNITS
    assert faults(office) == []
    expected = left(office)
    assert len(expected["data"]) == UNITS  # type: ignore[arg-type]
    return expected


def survived(server: Server, office: Office, expected: dict[str, object]) -> str:
    not_broken(office)
    nothing_half(office, expected)
    ended = server.run(office, *REPORT, chunk=1)
    assert ended.code == 0, ended.said
    assert left(office) == expected
    assert faults(office) == []
    return ended.said


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_and_run_again_every_unit_has_one_sheet_with_its_number(
    server, office, undisturbed, point
):
    assert server.run(office, *REPORT, at=point, chunk=1).code == KILLED
    survived(server, office, undisturbed)


def test_killed_at_any_touch_of_the_disk_and_run_again_ends_the_same(server, indexed, tmp_path, undisturbed):
    for nth in count(1, STRIDE):
        office = copied(indexed, tmp_path / f"office{nth}")
        if server.run(office, *REPORT, at=f"touch:before:{nth}", chunk=1).code != KILLED:
            assert left(office) == undisturbed
            break
        survived(server, office, undisturbed)
    assert nth > 20


def test_killed_again_and_again_no_number_is_lost_and_none_is_given_twice(server, office, undisturbed):
    for point in ("reserve:after:1", "half:before:2", "name:after:1", "register:before:1", "confirm:before:2", "end:before:1"):  # fmt: skip
        assert server.run(office, *REPORT, at=point, chunk=1).code == KILLED, point
        not_broken(office)
    survived(server, office, undisturbed)


def test_what_was_broken_off_is_told_and_is_finished_by_report(server, office):
    assert server.run(office, *REPORT, at="register:after:1", chunk=1).code == KILLED
    troubles = {fault.trouble: fault.what for fault in faults(office)}
    assert "再运行一次 report，就用这个号接着做" in troubles[Trouble.RESERVED]
    assert "再运行一次 report 即可" in troubles[Trouble.UNCONFIRMED]


def test_the_run_after_the_second_touches_nothing(server, office, undisturbed):
    server.run(office, *REPORT, at="register:after:2", chunk=1)
    survived(server, office, undisturbed)
    times = written(office)
    assert len(times) == 2 * UNITS
    assert f"新制发 0 份，已有 {UNITS} 份，未制发 0 份" in survived(server, office, undisturbed)
    assert written(office) == times


@pytest.mark.parametrize("point", ["void:before:1", "statements:after:1", "void:after:1"])
def test_voiding_a_sheet_is_done_or_not_done_and_a_new_number_follows(server, office, undisturbed, point):
    void = ("register", "void", "云信单通字〔2026〕2号", "--why", "数字有误")
    assert server.run(office, *REPORT, chunk=1).code == 0
    assert server.run(office, *void, at=point).code == KILLED
    assert faults(office) == []
    again = server.run(office, *void)
    assert again.code == (1 if point == "void:after:1" else 0), again.said
    ended = server.run(office, *REPORT, chunk=1)
    assert ended.code == 0, ended.said
    assert "云信单通字〔2026〕4号" in ended.out
    assert faults(office) == []
    files = left(office)["files"]
    assert undisturbed["files"].items() <= files.items()  # the void one lies where it lay
    assert "issued/报表2026Q3/02-单位信访工作情况通报（2）.docx" in files
