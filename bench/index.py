"""The case index: filling it, finding it, and `xfdocs due` with it and without.

    python -m bench.index [records]

Records of an office come from `bench.records`; one core, SQLite.  What is found the second time has lain still, as
the records of an office have.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.records import SEEN, generate
from xfdocs.garbage import collect_rarely
from xfdocs.office import CONFIG, Office
from xfdocs.record.files import record_files
from xfdocs.record.validation import Validator
from xfdocs.register.database import FILE, FOLDER, Database
from xfdocs.register.index import CaseIndex
from xfdocs.resources import shipped


def timed(what: str, records: int, work: Callable[[], object]) -> None:
    """Do it once and say how long it took."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(
        f"{what:<42} {seconds:8.2f} s  {records / seconds:9.0f} records/s  {seconds / records * 1e6:7.0f} µs each"
    )


def main(records: int = 10_000) -> None:
    """Print what is reached."""
    collect_rarely()  # as the command line does
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, the children too
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copy(shipped("samples", "office") / CONFIG, folder)
        cases = folder / "cases"
        generate(records, 1, cases)
        for file in cases.rglob("*.xml"):
            os.utime(file, (1_700_000_000, 1_700_000_000))
        office = Office.open(folder)
        validator = Validator(office, on=SEEN)

        def validate() -> None:
            for _ in validator.examine_all(record_files([cases])):
                pass

        def refresh() -> None:
            with Database.open(office) as database:
                for _ in CaseIndex(database, office).refresh([cases], cases=False, validator=validator):
                    pass

        def due() -> None:
            command = [
                sys.executable,
                "-c",
                "from xfdocs.cli import main; main()",
                "due",
                "--on",
                str(SEEN),
                "--json",
            ]
            subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL)

        timed("validation alone", records, validate)
        timed("index, first time", records, refresh)
        size = (folder / FOLDER / FILE).stat().st_size
        timed("index, nothing has changed", records, refresh)
        print(f"register.db: {size / records / 1000:.1f} kB a record")
        shutil.rmtree(folder / FOLDER)
        timed("xfdocs due, first time", records, due)
        timed("xfdocs due, second time", records, due)
        shutil.rmtree(folder / FOLDER)
        (folder / FOLDER).touch()  # in the way of a register
        timed("xfdocs due, without the index", records, due)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
