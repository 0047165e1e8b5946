"""With workers: a killed parent leaves nobody behind, a killed worker is not noticed, a deadly record is set aside."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.faults.runs import (
    KILLED,
    LONG,
    Running,
    Server,
    command_of,
    everything,
    family,
    faults,
    not_broken,
    nothing_half,
    numbers,
    state_of,
    strictly,
    within,
)
from tests.production.desks import office_in
from xfdocs.office import Office

TWO = ("issue", "all", "cases", "--format", "docx", "--jobs", "2")
CASES = (
    "YZ-20260414-0018",
    "YZ-20260706-0012",
    "YZ-20260908-0002",
    "YZ-20260914-0025",
    "YZ-20260916-0008",
    "YZ-20261102-0018",
)
"""Three chunks of two."""
POISON = "YZ-20260914-0025"
"""In the middle of them."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office", CASES)


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run in one process leaves; two must leave the same."""
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office", CASES)
    assert server.run(office, chunk=6).code == 0
    assert faults(office) == []
    return everything(office)


def check(office: Office, undisturbed: dict[str, object]) -> None:
    assert everything(office) == undisturbed
    assert faults(office) == []


# --- the parent -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "point",
    [
        "reserve:before:2",
        "register:before:1",
        "write-back:after:2",
        *strictly(
            "begin:after:1", "reserve:after:1", "register:after:1", "name:before:2", "confirm:after:1", "end:before:1",
        ),
    ],
)  # fmt: skip
def test_the_parent_killed_leaves_no_worker_and_the_next_run_ends_as_if_nothing_had_happened(
    server, office, undisturbed, point
):
    running = server.start(office, *TWO, at=point)
    assert running.ended().code == KILLED
    assert within(3, lambda: not family(running.pid))
    not_broken(office)
    nothing_half(office, undisturbed)
    assert server.run(office).code == 0
    check(office, undisturbed)


# --- workers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "point",
    [
        "answer:before:1",
        "survey:after:1",
        "half:before:2",
        "name:after:1",
        *strictly(
            "look:before:2", "render:after:1", "write:after:3", "rename:before:1", "rename:after:1",
        ),
    ],
)  # fmt: skip
def test_a_worker_killed_changes_nothing_about_what_the_run_leaves(server, office, undisturbed, point):
    ended = server.run(office, *TWO, at=point, worker=True, once=True)
    assert ended.code == 0, ended.said
    check(office, undisturbed)


def workers_of(running: Running) -> set[int]:
    """The workers of a run that are alive, or were a moment ago."""
    return {pid for pid in family(running.pid) if b"spawn_main" in command_of(pid)}


def test_a_worker_killed_before_it_has_begun_is_nobodys_fault(server, office, undisturbed):
    """What a machine short of memory does: the second victim is the process that has just been started for the first."""
    running = server.start(office, *TWO, at="look:before:2", worker=True, once=True)
    seen: set[int] = set()
    third: set[int] = set()

    def comes() -> bool:
        nonlocal third
        new = workers_of(running) - seen
        third = new if len(seen) == 2 else third
        if len(seen) < 2:
            seen.update(new)
        return bool(third) or state_of(running.pid) == "Z"

    assert within(LONG, comes)
    for pid in third:
        os.kill(pid, signal.SIGKILL)
    ended = running.ended()
    assert third
    assert ended.code == 0, ended.said
    check(office, undisturbed)


@pytest.mark.parametrize("point", ["render:before:0", *strictly("name:after:0")])
def test_a_record_that_kills_its_worker_every_time_is_set_aside_and_keeps_its_number(
    server, office, undisturbed, point
):
    ended = server.run(office, *TWO, at=f"{point}:{POISON}", worker=True)
    assert ended.code == 1
    lines = [line for line in ended.said.splitlines() if "未制发" in line and POISON in line]
    assert len(lines) == 3, ended.said
    assert all("两次异常退出（信号 SIGKILL）" in line for line in lines)
    assert all("文号 " in line and "保留着" in line for line in lines)
    made = {Path(name).parent.name for name in everything(office)["files"] if name.startswith("issued")}  # type: ignore[attr-defined]
    assert made - {POISON} == set(CASES) - {POISON}
    not_broken(office)
    kept = [number for number in numbers(office) if number in "".join(lines)]
    assert len(kept) == 3
    assert server.run(office).code == 0
    check(office, undisturbed)


def test_a_record_that_nobody_can_even_look_at_gets_no_number(server, office, tmp_path):
    ended = server.run(office, *TWO, at=f"look:before:0:{POISON}", worker=True)
    assert ended.code == 1
    assert f"{POISON}" in ended.said
    assert "两次异常退出" in ended.said
    assert POISON not in str(everything(office)["entries"])
    assert faults(office) == []
    assert server.run(office).code == 0
    assert faults(office) == []
    other = office_in(tmp_path / "other", [case for case in CASES if case != POISON])
    server.run(other)
    shutil.copy(
        office_in(tmp_path / "more", [POISON]).folder / "cases" / f"{POISON}.xml", other.folder / "cases"
    )
    server.run(other)
    assert everything(office) == everything(other)  # as if the record had come a day later
