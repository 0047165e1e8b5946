"""A million records: made, indexed, interrupted half way, reported, and counted a second time.

    python -m bench.report 1000000 [--folder DIR] [--db URL] [--check]

Records come from `bench.records`.  Every step is a process of its own, so that its greatest resident size is its own; indexing is
held to one core.  The first indexing is killed (SIGKILL) when half the records are in the register, and a second one goes on.
A folder that has been used before is used again: what is there is not made twice.  With ``--check`` the numbers of
the reports are counted again in plain Python over the XML (`bench.agreement`).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.agreement import agreements
from bench.reading import read_all
from bench.records import SEEN, generate
from xfdocs.garbage import collect_rarely
from xfdocs.office import CONFIG, Office
from xfdocs.record.validation import Validator
from xfdocs.register.database import Database
from xfdocs.register.index import CaseIndex
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

REPORTS = (("circular", "2026Q3"), ("monthly-statistics", "2026-09"), ("annual-report", "2025"))
_TOLD = 5_000
"""An indexing process tells how far it is after so many records."""


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def _say(what: str, seconds: float, more: str) -> None:
    print(f"{what:<46} {seconds:9.2f} s  {more}", flush=True)


# --- steps, each in a process of its own ------------------------------------------------------------------


def index(folder: Path, *, telling: bool = False) -> None:
    """Bring the index up to date as ``xfdocs report`` does, telling how far it is to whoever means to kill it."""
    collect_rarely()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    office = Office.open(folder)
    start, busy = time.perf_counter(), time.process_time()
    with Database.open(office) as database:
        seen = CaseIndex(database, office).refresh(
            [folder / office.cases], cases=False, validator=Validator(office, on=SEEN)
        )
        for number, _ in enumerate(seen, start=1):
            if telling and number % _TOLD == 0:
                print(number, flush=True)
    seconds = time.perf_counter() - start
    busy = time.process_time() - busy
    rate = f"{number} records, {number / seconds:.0f} records/s ({number / busy:.0f} by CPU time)"
    _say("index", seconds, f"{rate}, {_peak()}")


def reports(folder: Path) -> None:
    """The tables of the reports from an index that is up to date."""
    office = Office.open(folder)
    start = time.perf_counter()
    with desk_of(office, on=SEEN) as desk:
        _say("desk: nothing has changed", time.perf_counter() - start, f"{desk.counted} records, {_peak()}")
        for slug, code in REPORTS:
            start = time.perf_counter()
            report = report_of(desk, slug, Period.parse(code))
            numbers = sum(len(line.numbers) for table in report.tables for line in table.lines)
            _say(f"tables: {slug} {code}", time.perf_counter() - start, f"{numbers} numbers, {_peak()}")


def check(folder: Path) -> None:
    """The same numbers counted again."""
    office = Office.open(folder)
    start = time.perf_counter()
    wanted = [(slug, Period.parse(code)) for slug, code in REPORTS]
    with desk_of(office, on=SEEN) as desk:
        found = agreements(desk, wanted, read_all([folder / office.cases]), keep=False)
        for (slug, code), one in zip(REPORTS, found, strict=True):
            told = f"{one.numbers} numbers, {len(one.differences)} differences"
            _say(f"counted again: {slug} {code}", time.perf_counter() - start, told)
            for difference in one.differences:
                print(f"    {difference}", flush=True)


# --- all of them ------------------------------------------------------------------------------------------


def _step(name: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "bench.report", "--step", name, "--folder", folder], check=True)


def _killed_half_way(folder: Path, records: int) -> None:
    """Index until half is done, and be killed."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.report", "--step", "telling", "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.strip().isdigit() and int(line) >= records // 2:
                process.send_signal(signal.SIGKILL)
                _say("index, killed half way", time.perf_counter() - start, f"after {line.strip()} records")
                return
        print("index: it was done before it could be killed")


def run(records: int, folder: Path, url: str, *, checked: bool) -> None:
    """Everything, in a folder that becomes an office."""
    cases = folder / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    config = (shipped("samples", "office") / CONFIG).read_text(encoding="utf-8")
    (folder / CONFIG).write_text(config + (f'\n[register]\nurl = "{url}"\n' if url else ""), encoding="utf-8")
    if not cases.exists():
        start = time.perf_counter()
        generate(records, 1, cases, jobs=len(os.sched_getaffinity(0)))
        _say("records written", time.perf_counter() - start, f"{records} records")
        for file in cases.rglob("*.xml"):  # lain still, as the records of an office have
            os.utime(file, (1_700_000_000, 1_700_000_000))
        _killed_half_way(folder, records)
    _step("index", folder)
    _step("index", folder)
    _step("reports", folder)
    if checked:
        _step("check", folder)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Index and report many records.")
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("--folder", type=Path, help="where records and register go, and stay")
    parser.add_argument("--db", default="", help="address of a register")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--step", choices=("index", "telling", "reports", "check"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        steps: dict[str, Callable[[Path], None]] = {
            "index": index,
            "telling": partial(index, telling=True),
            "reports": reports,
            "check": check,
        }
        steps[given.step](given.folder)
        return
    folder = given.folder or Path(tempfile.mkdtemp())
    try:
        run(given.records, folder, given.db, checked=given.check)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
