"""A run lives as long as its process: whoever comes next takes over what a dead one left, and is told of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.register.offices import issue_all, made, make_office, numbers, wanted
from xfdocs.errors import RegisterUnreachable
from xfdocs.office import Office
from xfdocs.register.entry import EntryState, Standing
from xfdocs.register.register import Register

_HOLDER = """
import sys, time
from pathlib import Path
from tests.register.offices import made, numbers
from xfdocs.office import Office
from xfdocs.register.register import Register

register = Register.open(Office.open(Path(sys.argv[1])))
run = register.begin_run({"acceptance-notice": "old", "": "same"})
taken = register.reserve(run, numbers(3))
register.issue(run, [made(taken[0].entry)])
print(run.id, flush=True)
time.sleep(600)
"""


@contextmanager
def process_in_a_run(office: Office) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that has issued one of three documents and is still at work."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(office.folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def test_the_reservations_of_a_killed_process_are_taken_over_by_the_next_run(office):
    with process_in_a_run(office) as (process, name), Register.open(office) as register:
        assert register.alive(name)
        with register.begin_run({}) as run:
            assert run.before is None
            standings = [r.standing for r in register.reserve(run, numbers(4))]
            assert standings == [Standing.EXISTING, Standing.BUSY, Standing.BUSY, Standing.NEW]
        process.send_signal(signal.SIGKILL)
        process.wait()
        until = time.monotonic() + 20
        while register.alive(name) and time.monotonic() < until:  # a server hears of it a moment later
            time.sleep(0.01)
        with register.begin_run({}) as run:
            assert not register.alive(name)
            assert run.before is not None
            assert (run.before.id, run.before.reserved) == (name, 2)
            assert dict(run.before.templates) == {"acceptance-notice": "old", "": "same"}
            taken = register.reserve(run, numbers(4))
            assert [r.standing for r in taken[1:]] == [Standing.RESUMED] * 3
            assert [r.entry.n for r in taken] == [1, 2, 3, 4]
            register.issue(run, [made(r.entry) for r in taken[1:]])
        assert {entry.state for entry in register.entries()} == {EntryState.ISSUED}


def break_off(register: Register, name: str, wishes: int = 0) -> str:
    """A run that is left by an interrupt; its id."""
    with suppress(KeyboardInterrupt), register.begin_run({"": name}) as run:
        register.reserve(run, numbers(wishes))
        interrupt()
    return run.id


def interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupted_run_is_told_once(register):
    broken_off = break_off(register, "old", 2)
    with register.begin_run({}) as run:
        assert run.before is not None
        assert (run.before.id, run.before.reserved) == (broken_off, 2)
        assert run.before.started_at
    with register.begin_run({}) as run:
        assert run.before is None


def test_of_several_interrupted_runs_the_latest_is_told(office):
    with Register.open(office) as register:
        held = [register.begin_run({"": name}) for name in ("first", "second")]
        for run in held:
            run._leave()  # as if killed
        with register.begin_run({}) as run:
            assert run.before is not None
            assert dict(run.before.templates) == {"": "second"}
        with register.begin_run({}) as run:
            assert run.before is None, "the first is past telling"


def test_an_ended_run_does_nothing_more(register):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
    with pytest.raises(ValueError, match="ended"):
        register.reserve(run, [wanted(2)])
    with pytest.raises(ValueError, match="ended"):
        register.issue(run, [made(left.entry)])


def test_a_run_that_ended_well_is_not_told(register, office):
    with register.begin_run({}) as run:
        issue_all(register, run, [wanted(1)], office)
    run.end()
    with register.begin_run({}) as run:
        assert run.before is None


def test_a_living_run_is_not_told_as_broken_off_also_in_the_same_process(office):
    with Register.open(office) as here, Register.open(office) as there, here.begin_run({}) as first:
        with there.begin_run({}) as second:
            assert second.before is None
            assert here.alive(second.id)
            assert there.alive(first.id)
        assert not here.alive(second.id)


def test_which_run_came_last_is_not_asked_of_the_clock(office):
    times = iter(f"2026-03-0{9 - day}T00:00:00Z" for day in range(9))
    with Register.open(office, clock=lambda: next(times)) as register:
        held = [register.begin_run({"": name}) for name in ("first", "second")]
        for run in held:
            run._leave()  # as if killed
        with register.begin_run({}) as run:
            assert run.before is not None
            assert dict(run.before.templates) == {"": "second"}


def test_no_lock_files_gather(sqlite_office):
    with Register.open(sqlite_office) as register:
        for name in ("first", "second", "third"):
            break_off(register, name)
        with register.begin_run({}):
            pass
    assert list((sqlite_office.folder / "register" / "runs").iterdir()) == []


def test_a_run_that_lost_its_server_may_not_go_on(cluster, tmp_path):
    """Others would take it for dead, and make what it makes."""
    office = make_office(tmp_path / "office", url=cluster.office())
    with Register.open(office) as register:
        run = register.begin_run({})
        [left] = register.reserve(run, [wanted(1)])
        cluster.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'xfdocs'"
        )
        for _ in range(2):
            with pytest.raises(RegisterUnreachable, match="连接"):
                register.issue(run, [made(left.entry)])
        run._leave()
        with register.begin_run({}) as again:
            [taken] = register.reserve(again, [wanted(1)])
            assert taken.standing is Standing.RESUMED


def test_a_section_is_entered_by_one_at_a_time(office):
    """Another process that wants in waits until it is left."""
    code = """
import sys
from pathlib import Path
from xfdocs.office import Office
from xfdocs.register.database import Database
with Database.open(Office.open(Path(sys.argv[1]))) as database:
    print("waiting", flush=True)
    with database.exclusive("records"):
        print("inside", flush=True)
"""
    with Register.open(office) as register:
        with register.database.exclusive("records"), register.database.exclusive("other"):
            other = subprocess.Popen(
                [sys.executable, "-c", code, str(office.folder)],
                cwd=Path(__file__).parents[2],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert other.stdout is not None
            assert other.stdout.readline() == "waiting\n"
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(0.5)
        rest, _ = other.communicate(timeout=30)
    assert (rest, other.returncode) == ("inside\n", 0)
