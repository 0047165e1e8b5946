"""A run that is killed, whenever and wherever, and run again ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.faults.runs import KILLED, Server, everything, faults, not_broken, nothing_half, strictly
from tests.production.desks import office_in
from tests.tools import STRICT
from xfdocs.office import Office

TWICE = ("survey", "reserve", "render", "write", "half", "durable", "rename", "name", "register", "write-back", "confirm")  # fmt: skip
"""Steps that come at least twice when four records go two by two."""
POINTS = [
    *(f"{step}:{when}:1" for step in ("schema", "begin", "end") for when in ("before", "after")),
    *(f"{step}:before:1" for step in TWICE),
    *(f"{step}:after:2" for step in TWICE),
    *strictly(*(f"{step}:{when}" for step in TWICE for when in ("before:2", "after:1"))),
]
SMALL = ("YZ-20260914-0025", "YZ-20260916-0008")
"""Three documents and one."""
STRIDE = 1 if STRICT else 4
PDF = ("issue", "all", "cases", "--jobs", "1")
"""Both formats."""


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, object]]:
    """What a run leaves that nothing happened to."""
    known: dict[object, dict[str, object]] = {}

    def left(*words: str, cases: tuple[str, ...] = (), chunk: int = 2) -> dict[str, object]:
        if (words, cases) not in known:
            office = office_in(tmp_path_factory.mktemp("undisturbed") / "office", *filter(None, [cases]))
            assert server.run(office, *words, chunk=chunk).code == 0
            assert faults(office) == []
            known[words, cases] = everything(office)
        return known[words, cases]

    return left


def survived(server: Server, office: Office, expected: dict[str, object], *words: str, chunk: int = 2) -> str:
    """Check what a killed run has left, run again, and check the end; what the second run said."""
    not_broken(office)
    nothing_half(office, expected)
    ended = server.run(office, *words, chunk=chunk)
    assert ended.code == 0, ended.said
    assert everything(office) == expected
    assert faults(office) == []
    return ended.said


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_and_run_again_ends_as_if_nothing_had_happened(server, office, undisturbed, point):
    assert server.run(office, at=point).code == KILLED
    said = survived(server, office, undisturbed())
    begun = point.split(":")[0] not in {"schema", "begin"} and point != "end:after:1"
    assert ("从断开的地方接着做" in said) is (begun or point == "begin:after:1")
    assert said.count("从断开的地方接着做") <= 1


def test_killed_at_every_touch_of_the_disk_and_run_again_ends_as_if_nothing_had_happened(
    server, tmp_path, undisturbed
):
    """Whatever the next trace on the disk would have been: half a file, a name, a commit …"""
    expected = undisturbed(cases=SMALL, chunk=1)
    for nth in count(1, STRIDE):
        office = office_in(tmp_path / f"office{nth}", SMALL)
        if server.run(office, at=f"touch:before:{nth}", chunk=1).code != KILLED:
            assert everything(office) == expected
            break
        survived(server, office, expected, chunk=1)
    assert nth > 40


def test_killed_again_and_again_a_run_still_ends_as_if_nothing_had_happened(server, office, undisturbed):
    """Each run comes a little further than the one before, and none begins anew."""
    for point in (
        "reserve:after:1", "half:before:3", "name:after:4", "register:after:1", "name:after:1", "begin:after:1", "reserve:before:2", "commit:before:6",
    ):  # fmt: skip
        assert server.run(office, at=point).code == KILLED, point
        not_broken(office)
    said = survived(server, office, undisturbed())
    assert "已有 " in said


@pytest.mark.parametrize("point", ["render:after:2", "half:before:2", "name:after:1", "register:before:1"])
def test_killed_between_two_formats_of_a_document_both_are_there_in_the_end(
    server, tmp_path, undisturbed, point
):
    """A letter as docx and PDF: never the one from this run and the other from nowhere."""
    one = SMALL[1:]
    office = office_in(tmp_path / "office", one)
    if point.startswith("render"):
        one = SMALL[:1]
        office = office_in(tmp_path / "other", one)
    expected = undisturbed(*PDF, cases=one)
    assert server.run(office, *PDF, at=point).code == KILLED
    survived(server, office, expected, *PDF)


def test_a_run_after_the_second_issues_nothing_and_touches_nothing(server, office, undisturbed):
    server.run(office, at="register:after:2")
    survived(server, office, undisturbed())
    times = {path: path.stat().st_mtime_ns for path in Path(office.folder).glob("[ci]*/**/*")}
    assert "没有需要新制发的文书，已有 10 份" in survived(server, office, undisturbed())
    assert {path: path.stat().st_mtime_ns for path in Path(office.folder).glob("[ci]*/**/*")} == times
