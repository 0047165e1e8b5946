"""Issuing: from XML on disk to numbered files on disk, rows in SQLite and `<文书>` in the records.

    python -m bench.issue docx 10000 1000     # one core, then two processes; memory at both sizes
    python -m bench.issue pdf 200
    python -m bench.issue pdf 5400 300 --pdf-engine typst --rounds 1

The whole command `xfdocs issue all cases` is timed, start of Python included.  One process is held to one core;
two processes may use two.  Rounds take turns, since the machine is shared; the best round of each counts.  Memory is
the greatest resident size of the parent process (VmHWM).  Every round begins with a fresh office, and all rounds must
leave the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.records import generate
from xfdocs.pdf_by import PdfBy
from xfdocs.resources import shipped

ROUNDS = 2


@dataclass(frozen=True)
class Round:
    """What one run took and left."""

    seconds: float
    parent_mb: float
    documents: int
    digest: str


def run(records: Path, jobs: int, fmt: str, engine: str) -> Round:
    """Issue everything in a fresh office, which stays until the end: ext4 spends time on not using deleted inodes again."""
    office = Path(tempfile.mkdtemp(dir=records.parent))
    shutil.copy(shipped("samples", "office", "xfdocs.toml"), office)
    shutil.copytree(records, office / "cases")
    os.sync()
    command = [Path(sys.executable).with_name("xfdocs"), "issue", "all", office / "cases"]
    cores = sorted(os.sched_getaffinity(0))[: max(jobs, 1)]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--format", fmt, "--pdf-engine", engine, "--jobs", str(jobs), "-q"],
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509 - no threads here
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _high_water(process.pid))
        time.sleep(0.05)
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"issue ended with {process.returncode}")
    files = sorted(path for path in (office / "issued").glob("*/*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(office)} ".encode() + path.read_bytes())
    return Round(seconds, peak / 1024, len(files), digest.hexdigest())


def _high_water(pid: int) -> int:
    """Greatest resident size of a process so far, in KB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Time the issuing of generated records.")
    parser.add_argument("format", choices=("docx", "pdf"))
    parser.add_argument("records", type=int)
    parser.add_argument("smaller", type=int, nargs="?", help="a second size, for the memory of the parent")
    parser.add_argument("--pdf-engine", choices=[by.value for by in PdfBy], default=PdfBy.WEASYPRINT.value)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peaks: dict[tuple[int, int], float] = {}
        for size in filter(None, (given.records, given.smaller)):
            records = Path(folder) / f"records-{size}"
            generate(size, 7, records)
            rounds = [
                (jobs, run(records, jobs, given.format, given.pdf_engine))
                for _ in range(given.rounds)
                for jobs in (1, 2)
            ]
            if len({one.digest for _, one in rounds}) != 1:
                raise SystemExit("the rounds left different files")
            best = {
                jobs: min((r for j, r in rounds if j == jobs), key=lambda r: r.seconds) for jobs in (1, 2)
            }
            for jobs, one in best.items():
                peaks[size, jobs] = max(r.parent_mb for j, r in rounds if j == jobs)
                print(
                    f"{size} records, {one.documents} documents, {jobs} process(es): {one.seconds:.1f} s, "
                    f"{one.documents / one.seconds:.0f} documents/s, parent {peaks[size, jobs]:.0f} MB"
                )
            print(f"two processes: {best[1].seconds / best[2].seconds:.2f} times one")
        if given.smaller:
            for jobs in (1, 2):
                growth = peaks[given.records, jobs] / peaks[given.smaller, jobs] - 1
                print(
                    f"parent's memory from {given.smaller} to {given.records}, {jobs} process(es): {growth:+.1%}"
                )


if __name__ == "__main__":
    main()
