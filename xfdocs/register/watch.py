"""The records of an office in which a clock may run on a day: from the index where that pays, else one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xfdocs.errors import LibraryMissing, OfficeInvalid, RegisterFault
from xfdocs.office import Office
from xfdocs.progress import Progress
from xfdocs.record.findings import Verdict
from xfdocs.record.model import Case
from xfdocs.record.validation import Validator

ENOUGH = 500
"""Records from which the index is used: fewer are read in about the time in which a database is opened."""
PATIENCE = 5.0
"""Seconds to wait for somebody else who writes: reading the records would not take much longer."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One record, looked at for what runs in it."""

    file: Path
    case_id: str
    case: Case | None
    """The case; None where nothing can run in it on that day, and of a refused record."""
    refused: bool = False
    """It is rejected: nobody can say what runs in it."""


def watch(
    paths: Sequence[Path],
    files: Sequence[Path],
    office: Office,
    on: dt.date,
    progress: Progress,
    *,
    tell: Callable[[str], None],
) -> Iterator[Watched]:
    """Every record in turn, with its case where a clock may run on the day *on*; *files* are the `record_files` of *paths*.

    The answer is the same with the index and without.  *tell* hears in a sentence why the index was not
    used where it would have paid.  A register is never made for records outside the office's folder.
    """
    validator = Validator(office, on=on)
    done = 0
    if len(files) >= ENOUGH and not _all_inside(files, office):
        tell("没有使用案件索引，逐件读取：有的记录不在单位文件夹里。")
    elif len(files) >= ENOUGH:
        try:
            for watched in _from_index(paths, files, office, validator, progress):
                yield watched
                done += 1
        except (RegisterFault, LibraryMissing, OfficeInvalid) as fault:
            tell(f"没有使用案件索引，逐件读取：{fault}")
        else:
            return
    for file in files[done:]:
        report, case = validator.examine(file)
        refused = report.verdict is Verdict.REJECTED
        yield Watched(file, report.case, None if refused else case, refused)
        progress.advance(note=file.stem)


def _from_index(
    paths: Sequence[Path], files: Sequence[Path], office: Office, validator: Validator, progress: Progress
) -> Iterator[Watched]:
    from xfdocs.register.database import Database
    from xfdocs.register.index import CaseIndex

    with Database.open(office, patience=PATIENCE) as database:
        index = CaseIndex(database, office)
        for seen in index.refresh(paths, files=files, validator=validator, progress=progress):
            if seen.quiet_on(validator.on):
                yield Watched(seen.path, seen.case_id, None)
                continue
            case = index.case_of(seen, validator)
            yield Watched(seen.path, seen.case_id, case, case is None)


def _all_inside(files: Iterable[Path], office: Office) -> bool:
    return all(folder.resolve().is_relative_to(office.folder) for folder in {file.parent for file in files})
