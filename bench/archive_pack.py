"""Packing many small cases: from closed records with their issued documents to registered packages on disk.

    python -m bench.archive_pack 400 [--rounds 2]

Records come from `bench.records`; of those, closed ones are issued (docx) once, and then packed by one process held to one core
and by two processes on two, in copies of the same office, taking turns.  Each round must leave a package for every case.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.records import generate
from xfdocs.archive.closing import reasons_against
from xfdocs.document.catalogue import catalogue_of
from xfdocs.office import Office
from xfdocs.record.files import record_files
from xfdocs.record.validation import read_case
from xfdocs.resources import shipped

ROUNDS = 2


def _xfdocs(office: Path, *arguments: str, cores: int = 2) -> float:
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    begin = time.perf_counter()
    done = subprocess.run(
        [Path(sys.executable).with_name("xfdocs"), *arguments],
        cwd=office,
        stdout=subprocess.DEVNULL,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    if done.returncode:
        raise SystemExit(f"{arguments[0]} ended with {done.returncode}")
    return time.perf_counter() - begin


def _office(folder: Path, cases: int) -> Path:
    """An office of so many closed cases whose documents are issued."""
    office = folder / "office"
    office.mkdir()
    for name in ("xfdocs.toml", "retention.toml"):
        shutil.copy(shipped("samples", "office", name), office)
    generate(cases * 4, 7, folder / "all")
    opened = Office.open(office)
    kept = 0
    for path in record_files([folder / "all"]):
        case = read_case(path)
        closed = not any(reasons_against(case, opened, opened_on()))
        if kept < cases and closed and any(catalogue_of(opened).called_for(case, opened)):
            target = office / "cases" / path.name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
            kept += 1
    if kept < cases:
        raise SystemExit(f"only {kept} closed cases among {cases * 4}")
    _xfdocs(office, "issue", "all", "cases", "--format", "docx", "-q")
    return office


def opened_on() -> dt.date:
    """The day of the run; all generated records lie before it."""
    return dt.date(2026, 11, 23)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Time the packing of small cases.")
    parser.add_argument("cases", type=int, nargs="?", default=200)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = _office(folder, given.cases)
        best = dict.fromkeys((1, 2), float("inf"))
        for turn in range(given.rounds):
            for jobs in best:
                office = folder / f"{turn}-{jobs}"
                shutil.copytree(made, office)
                os.sync()
                arguments = ("archive", "pack", "cases", "--on", "2026-11-23", "--jobs", str(jobs), "-q")
                best[jobs] = min(best[jobs], _xfdocs(office, *arguments, cores=jobs))
                packed = len(list((office / "archive").glob("*/*/bagit.txt")))
                if packed != given.cases:
                    raise SystemExit(f"{packed} packages instead of {given.cases}")
        for jobs, seconds in best.items():
            print(
                f"{given.cases} cases, {jobs} process(es): {seconds:.1f} s, {given.cases / seconds:.1f} cases/s"
            )
        print(f"two processes: {best[1] / best[2]:.2f} times one")
        begin = _xfdocs(office, "archive", "verify", "--jobs", "1", "-q", cores=1)
        print(f"verify, one process: {begin:.1f} s, {given.cases / begin:.1f} packages/s")


if __name__ == "__main__":
    main()
