"""A packing run that is killed, whenever and wherever, and run again ends as if nothing had happened."""

from __future__ import annotations

import hashlib
import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.archive.offices import CLOSED, archive_office, issued, record_of
from tests.faults.runs import KILLED, Server, faults, not_broken, strictly
from tests.production.desks import entries
from tests.tools import STRICT
from xfdocs.archive.bag import Bag, check_bag
from xfdocs.archive.shelf import packages_at
from xfdocs.office import Office
from xfdocs.register import mark

PACK = ("archive", "pack", "cases", "--on", "2027-11-23", "--jobs", "1", "--json")
CLOCK = {"DEADLY_STILL": "2027-11-23T01:00:00Z"}
"""What is packed bears the time at which its number was taken: two runs are compared at one time."""
STEPS = ("reserve", "bag", "bag-name", "write", "half", "durable", "rename", "name", "register", "confirm", "tell-record")  # fmt: skip
POINTS = [
    *(f"{step}:{when}:1" for step in ("begin", "end") for when in ("before", "after")),
    *(f"{step}:before:1" for step in STEPS),
    *(f"{step}:after:2" for step in STEPS if step != "half"),
    *strictly(*(f"{step}:{when}" for step in STEPS if step != "half" for when in ("before:2", "after:1"))),
]
STRIDE = 7 if STRICT else 29


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose documents are issued, and nothing packed."""
    office = archive_office(tmp_path_factory.mktemp("ready") / "office", CLOSED)
    issued(office)
    return office.folder


def copied(ready: Path, folder: Path) -> Office:
    shutil.copytree(ready, folder)
    return Office.open(folder)


@pytest.fixture
def office(ready: Path, tmp_path: Path) -> Office:
    return copied(ready, tmp_path / "office")


def left(office: Office) -> dict[str, object]:
    """Every file, the hidden ones too, and what the register says."""
    files = {
        path.relative_to(office.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(office.folder.rglob("*"))
        if path.is_file()
        and path.name != mark.NAME
        and "register" not in path.relative_to(office.folder).parts
    }
    locks = sorted(path.name for path in (office.folder / "register").glob("runs/*"))
    return {"files": files, "entries": entries(office), "locks": locks}


@pytest.fixture(scope="module")
def undisturbed(server: Server, ready: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run leaves that nothing happened to."""
    office = copied(ready, tmp_path_factory.mktemp("undisturbed") / "office")
    ended = server.run(office, *PACK, chunk=1, env=CLOCK)
    assert ended.code == 0, ended.said
    assert ended.out.count('"state": "packed"') == len(CLOSED)
    assert faults(office) == []
    return left(office)


def survived(server: Server, office: Office, expected: dict[str, object]) -> str:
    """Check what a killed run has left, run again, and check the end; what the second run said."""
    not_broken(office)
    nothing_half(office)
    ended = server.run(office, *PACK, chunk=1, env=CLOCK)
    assert ended.code == 0, ended.said
    assert left(office) == expected
    assert faults(office) == []
    return ended.said


def nothing_half(office: Office) -> None:
    """Whatever bears the name of a package is whole."""
    folder = office.folder / "archive"
    for path in packages_at([folder]) if any(folder.glob("*/[!.]*/bagit.txt")) else []:
        assert not check_bag(Bag.open(path)), path


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_and_run_again_every_case_has_one_package_with_its_number(
    server, office, undisturbed, point
):
    assert server.run(office, *PACK, at=point, chunk=1, env=CLOCK).code == KILLED
    survived(server, office, undisturbed)


def test_killed_at_any_touch_of_the_disk_and_run_again_ends_the_same(server, ready, tmp_path, undisturbed):
    for nth in count(1, STRIDE):
        office = copied(ready, tmp_path / f"office{nth}")
        if server.run(office, *PACK, at=f"touch:before:{nth}", chunk=1, env=CLOCK).code != KILLED:
            assert left(office) == undisturbed
            break
        survived(server, office, undisturbed)
    assert nth > 100


def test_killed_again_and_again_no_number_is_lost_and_none_is_given_twice(server, office, undisturbed):
    for point in ("reserve:after:1", "bag:after:1", "register:before:1", "register:after:1", "confirm:before:1", "bag:before:1", "end:before:1"):  # fmt: skip
        assert server.run(office, *PACK, at=point, chunk=1, env=CLOCK).code == KILLED, point
        not_broken(office)
    survived(server, office, undisturbed)


def test_what_was_broken_off_is_told_and_is_finished_by_archive_pack(server, office, undisturbed):
    assert server.run(office, *PACK, at="register:after:1", chunk=1, env=CLOCK).code == KILLED
    assert "<归档>" not in record_of(office, CLOSED[0]).read_text("utf-8")
    told = "".join(fault.what for fault in faults(office))
    assert "再运行一次 archive pack 即可" in told
    survived(server, office, undisturbed)
    assert "<归档>" in record_of(office, CLOSED[0]).read_text("utf-8")
