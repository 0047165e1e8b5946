"""Numbers: processes that take them from one series at the same time, on SQLite and on PostgreSQL.

    python -m bench.series 10000 8 [URL]

Each process reserves chunks of 25 documents until all numbers are taken.  Afterwards every number from 1 to the last
must be there once.  URL is a database such as ``postgresql+psycopg://user@host/name`` that may be filled; without it
only SQLite is timed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import shutil
import tempfile
import time
from pathlib import Path

from xfdocs.office import Office
from xfdocs.register.entry import Wanted
from xfdocs.register.register import Register
from xfdocs.resources import shipped

CHUNK = 25
DAY = dt.date(2026, 11, 23)


def take(folder: Path, who: int, numbers: int) -> None:
    """Take numbers as one run among several."""
    with Register.open(Office.open(folder)) as register, register.begin_run({}) as run:
        for first in range(0, numbers, CHUNK):
            wanted = [
                Wanted(
                    case=f"P{who}-{n}",
                    kind="transfer-letter",
                    kind_title="转送函",
                    event=1,
                    form="云信转字〔{year}〕{n}号",
                    date=DAY,
                    title="",
                    issuer="云州市信访局",
                    record="",
                )
                for n in range(first, min(first + CHUNK, numbers))
            ]
            register.reserve(run, wanted)
        run.end()


def measure(numbers: int, processes: int, url: str) -> float:
    """Seconds for all of them, after a check that none is missing and none was given twice."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(shipped("samples", "office", "xfdocs.toml"), folder)
        if url:
            with (folder / "xfdocs.toml").open("a", encoding="utf-8") as file:
                file.write(f'\n[register]\nurl = "{url}"\n')
        with Register.open(Office.open(folder)):
            pass
        spawn = multiprocessing.get_context("spawn")
        workers = [
            spawn.Process(target=take, args=(folder, who, numbers // processes)) for who in range(processes)
        ]
        begin = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        seconds = time.perf_counter() - begin
        if any(worker.exitcode for worker in workers):
            raise SystemExit("a process failed")
        with Register.open(Office.open(folder)) as register:
            taken = sorted(entry.n for entry in register.entries())
        if taken != [*range(1, numbers // processes * processes + 1)]:
            raise SystemExit("numbers are missing or double")
        return seconds


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Time the taking of numbers by several processes.")
    parser.add_argument("numbers", type=int)
    parser.add_argument("processes", type=int)
    parser.add_argument("url", nargs="?", default="")
    given = parser.parse_args()
    for name, url in (("SQLite", ""), ("PostgreSQL", given.url)):
        if url or name == "SQLite":
            seconds = measure(given.numbers, given.processes, url)
            print(
                f"{name}: {given.processes} processes, {given.numbers} numbers in {seconds:.1f} s, unique, no gap"
            )


if __name__ == "__main__":
    main()
