"""Validating records: structure, Schematron, every rule and the files on disk, against ``xmllint --schema`` alone.

    python -m bench.validate [records]

Records of an office come from `bench.records`; all are validated on one core by one process each way, one after
the other, the best of five rounds counts.  xmllint (Debian: libxml2-utils) only checks the schema; it starts
once for as many files as fit on a command line.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.records import SEEN
from xfdocs.office import Office
from xfdocs.record.files import record_files
from xfdocs.record.validation import validate_paths
from xfdocs.resources import shipped

ROUNDS = 5


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of the rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main(records: int = 2000) -> None:
    """Print what both reach."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, the children too
    office = Office.open(shipped("samples", "office"))
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "bench.records", str(records), folder], check=True, stdout=sys.stderr
        )
        files = record_files([cases])
        size = sum(file.stat().st_size for file in files)
        verdicts = Counter(report.verdict.value for report in validate_paths([cases], office, on=SEEN))
        ours = best(lambda: [report.verdict for report in validate_paths([cases], office, on=SEEN)])
        print(f"{len(files)} records, {size / len(files) / 1000:.1f} kB each: {dict(verdicts)}")
        print(
            f"xfdocs, all steps      {len(files) / ours:8.0f} records/s  {ours / len(files) * 1e6:6.0f} µs each"
        )
        if shutil.which("xmllint") is None:
            print("xmllint is not on this machine (Debian: apt-get install libxml2-utils)")
            return
        command = ["xmllint", "--noout", "--nonet", "--schema", str(shipped("schemas", "case.xsd"))]
        batches = [files[i : i + 1000] for i in range(0, len(files), 1000)]

        def peer() -> None:
            for batch in batches:
                subprocess.run([*command, *batch], check=True, stderr=subprocess.DEVNULL)

        theirs = best(peer)
        print(
            f"xmllint, schema only   {len(files) / theirs:8.0f} records/s  {theirs / len(files) * 1e6:6.0f} µs each"
        )
        one = best(lambda: subprocess.run([*command, files[0]], check=True, stderr=subprocess.DEVNULL))
        print(f"xmllint, one process a record {1 / one:8.0f} records/s  {one * 1e6:6.0f} µs each")
        print(
            f"ratio of xfdocs to xmllint (many files a process): {ours / theirs:.2f}; to a process a record: {ours / len(files) / one:.2f}"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
