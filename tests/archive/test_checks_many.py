"""An archive checked as a whole: side by side as one by one, and gone on with after a kill."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.archive.checked import NUMBER, ON, Bench, a_copy, checked, the_package
from xfdocs.archive.checks import many
from xfdocs.archive.checks.items import checklist
from xfdocs.archive.checks.many import verify_many
from xfdocs.archive.checks.model import By, Known, Result, Terms, Verdict, worst
from xfdocs.archive.checks.reporting import Summary
from xfdocs.errors import OfficeNotFound
from xfdocs.resources import shipped

ROOT = shipped("templates").parent
WEEK = dt.timedelta(days=7)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    return Bench().written(tmp_path_factory.mktemp("good"))


def an_archive(good: Path, folder: Path, count: int) -> list[Path]:
    """So many packages; every seventh has a file changed, every eleventh is no package at all."""
    paths = []
    for n in range(count):
        path = folder / f"p{n:03}"
        paths.append(path)
        if n % 11 == 10:
            path.write_bytes(b"nothing")
            continue
        shutil.copytree(good, path, copy_function=os.link)
        if n % 7 == 3:
            note = path / "data/documentation/说明.txt"
            data = note.read_bytes()
            note.unlink()  # the others hold the same file
            note.write_bytes(data[::-1])
    return paths


def told(found):
    return [one.as_json() for one in found]


def run(paths, **more):
    return list(verify_many(paths, **{"on": ON, **more}))


@pytest.fixture
def opened(monkeypatch) -> list[Path]:
    """The packages that are really opened."""
    seen: list[Path] = []
    real = many.verify_package

    def look(path, **more):
        seen.append(path)
        return real(path, **more)

    monkeypatch.setattr(many, "verify_package", look)
    return seen


# --- order and agreement ----------------------------------------------------------------------------------


def test_two_hundred_packages_side_by_side_are_as_one_by_one(good, tmp_path):
    paths = an_archive(good, tmp_path, 200)
    side_by_side = run(paths, jobs=2, terms=Terms(office=ROOT / "samples" / "office"))
    assert [one.package for one in side_by_side] == paths
    some = paths[:15]
    assert told(side_by_side[:15]) == told(checked(path) for path in some)
    verdicts = [one.verdict for one in side_by_side]
    for n, verdict in enumerate(verdicts):
        wanted = Verdict.UNDETERMINED if n % 11 == 10 else Verdict.BROKEN if n % 7 == 3 else Verdict.INTACT
        assert verdict is wanted or (n % 11 == 10 and verdict is Verdict.BROKEN), n
    assert worst(verdicts) is Verdict.BROKEN


def test_a_package_on_which_its_worker_dies_is_told_and_the_others_are_checked(good, tmp_path):
    paths = [a_copy(good, tmp_path, f"p{n}") for n in range(6)]
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, sys
            from pathlib import Path
            from xfdocs.archive.checks import many
            real = many.verify_package
            def look(path, **more):
                if path.name == "p3":
                    os._exit(9)
                return real(path, **more)
            many.verify_package = look
            if __name__ == "__main__":
                import datetime as dt
                on = dt.datetime(2026, 11, 23, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
                for one in many.verify_many([Path(p) for p in sys.argv[1:]], on=on, jobs=2):
                    print(one.package.name, one.verdict.value, flush=True)
            """
        ),
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, script, *paths], capture_output=True, text=True, check=True, cwd=ROOT, timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    verdicts = dict(line.split() for line in done.stdout.splitlines())
    assert verdicts == {f"p{n}": "undetermined" if n == 3 else "intact" for n in range(6)}


def test_a_package_that_could_not_be_opened_passes_nothing(good, tmp_path):
    (nothing,) = run([tmp_path / "absent"])
    assert nothing.of(Result.PASS) == ()
    assert nothing.verdict is Verdict.UNDETERMINED
    by_program = {item.id for item in checklist().items if item.by is By.PROGRAM}
    assert {one.id for one in nothing.checks if one.prevented} >= by_program


def test_the_office_is_asked_for_before_anything_is_opened(good, tmp_path, opened):
    with pytest.raises(OfficeNotFound):
        run([good], terms=Terms(office=tmp_path))
    assert opened == []


# --- 档号 against all others ------------------------------------------------------------------------------


def of_another_case() -> Bench:
    return Bench(replace(the_package(), case="YZ-20260511-0099"))


def unique(found) -> Result:
    return next(one.result for one in found.checks if one.id == "ZS-11")


def test_two_cases_with_one_number_are_found_in_one_run_versions_of_a_case_are_not(good, tmp_path):
    again, other = a_copy(good, tmp_path, "again"), of_another_case().written(tmp_path, "other")
    first, second, third = run([good, again, other])
    assert [unique(one) for one in (first, second, third)] == [
        Result.NOT_CHECKED, Result.NOT_CHECKED, Result.FAIL,
    ]  # fmt: skip
    assert third.verdict is Verdict.BROKEN


def test_with_all_numbers_known_each_package_is_held_against_them(good):
    mine, theirs = {NUMBER: "YZ-20260511-0003"}, {NUMBER: "YZ-20260511-0099"}
    assert unique(run([good], numbers=mine)[0]) is Result.PASS
    assert unique(run([good], numbers={})[0]) is Result.PASS
    assert unique(run([good], numbers=theirs)[0]) is Result.FAIL


# --- going on ---------------------------------------------------------------------------------------------


def test_what_was_intact_is_not_opened_again_and_told_the_same(good, tmp_path, opened):
    paths = an_archive(good, tmp_path / "archive", 12)
    state = tmp_path / "state" / "verified.jsonl"
    first = run(paths, state=state, age=WEEK)
    assert opened == paths
    opened.clear()
    second = run(paths, state=state, age=WEEK, on=ON + dt.timedelta(days=2))
    assert told(second) == told(first)
    assert opened == [one.package for one in first if one.verdict is not Verdict.INTACT]
    assert [one.earlier for one in second] == [one.verdict is Verdict.INTACT for one in first]


@pytest.mark.parametrize("what", ["age", "future", "touched", "file", "known", "office", "garbage"])
def test_what_is_old_touched_or_asked_otherwise_is_opened_again(good, tmp_path, opened, what):
    path = a_copy(good, tmp_path)
    state = tmp_path / "verified.jsonl"
    run([path], state=state, age=WEEK)
    run([path], state=state, age=WEEK)
    assert opened == [path]
    more = {"on": ON, "state": state, "age": WEEK}
    if what == "age":
        more["on"] = ON + WEEK + dt.timedelta(seconds=1)
    elif what == "future":
        more["on"] = ON - dt.timedelta(days=1)
    elif what == "touched":
        os.utime(path / "data/METS.xml", (1, 1))
    elif what == "file":
        (path / "data/new.txt").write_bytes(b"x")
    elif what == "known":
        more["known"] = lambda _: Known(identity="0" * 64)
    elif what == "office":
        more["terms"] = Terms(office=ROOT / "samples" / "office")
    else:
        state.write_bytes(b"\xff{}\n[]\n" + state.read_bytes()[:-20])
    run([path], **more)
    assert opened == [path, path]


def test_a_line_that_was_torn_by_a_kill_is_no_line_and_the_next_one_is(good, tmp_path, opened):
    paths = [a_copy(good, tmp_path, name) for name in ("a", "b")]
    state = tmp_path / "verified.jsonl"
    run(paths, state=state, age=WEEK)
    state.write_bytes(state.read_bytes()[:-9])
    opened.clear()
    run(paths, state=state, age=WEEK)
    assert opened == paths[1:]
    opened.clear()
    run(paths, state=state, age=WEEK)
    assert opened == []


def test_what_changes_while_it_is_looked_at_is_not_kept(good, tmp_path, monkeypatch):
    path = a_copy(good, tmp_path)
    real = many.verify_package

    def look(path, **more):
        found = real(path, **more)
        (path / "data/new.txt").write_bytes(b"x")
        return found

    monkeypatch.setattr(many, "verify_package", look)
    run([path], state=tmp_path / "verified.jsonl", age=WEEK)
    assert not (tmp_path / "verified.jsonl").exists()


def test_the_state_does_not_grow_for_ever(good, tmp_path):
    path = a_copy(good, tmp_path)
    state = tmp_path / "verified.jsonl"
    for n in range(12):
        run([path], state=state, age=WEEK, on=ON + n * 2 * WEEK)
    lines = state.read_text("utf-8").splitlines()
    assert len(lines) <= 5
    assert json.loads(lines[-1])["package"] == str(path)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_is_gone_on_with(good, tmp_path, how):
    paths = [Path(shutil.copytree(good, tmp_path / f"p{n:02}", copy_function=os.link)) for n in range(40)]
    state = tmp_path / "verified.jsonl"
    script = textwrap.dedent(
        """
        import datetime as dt, sys
        from pathlib import Path
        from xfdocs.archive.checks.many import verify_many
        if __name__ == "__main__":
            on = dt.datetime(2026, 11, 23, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
            paths = [Path(p) for p in sys.argv[2:]]
            for one in verify_many(paths, on=on, jobs=2, state=Path(sys.argv[1]), age=dt.timedelta(days=7)):
                print(one.package.name, flush=True)
        """
    )
    program = tmp_path / "run.py"
    program.write_text(script, "utf-8")
    process = subprocess.Popen(
        [sys.executable, program, state, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    seen = [process.stdout.readline() for _ in range(5)]
    assert all(seen), process.stderr.read()
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode != 0
    kept = [
        json.loads(line)["package"]
        for line in state.read_text("utf-8").splitlines(True)
        if line.endswith("\n")
    ]
    assert 5 <= len(kept) < 40
    found = run(paths, state=state, age=WEEK)
    assert [one.package for one in found] == paths
    assert sum(one.earlier for one in found) == len(kept)
    assert {one.verdict for one in found} == {Verdict.INTACT}


def test_of_ten_thousand_packages_a_summary_keeps_those_in_trouble(good, tmp_path):
    fine = checked(good)
    bad = checked(tmp_path / "absent")
    summary = Summary()
    began = time.perf_counter()
    for n in range(10_000):
        summary.add(bad if n % 10 == 0 else fine)
    assert time.perf_counter() - began < 20
    assert len(summary.troubled) == 500
    assert summary.as_json()["verdicts"] == {"intact": 9000, "broken": 0, "undetermined": 1000}
