"""Validation of a record: a list of steps, and a verdict that follows from them.

    report = validate(Path("cases/YZ-20260706-0012.xml"), office)
    report.verdict                                    # accepted, rejected, undetermined

读取 → 结构 (`case.xsd`) → 交叉规则 (`case.sch`) → 办理规则 (`xfdocs.record.rules`) → 附件.  The first two must pass for the
rest to have something to stand on.  A step that could not run never counts as passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xfdocs.errors import RecordRejected
from xfdocs.office import Office
from xfdocs.record.files import record_files
from xfdocs.record.findings import Finding, Report, Severity, State, Step, in_reading_order
from xfdocs.record.model import Case
from xfdocs.record.reader import build_case, parse_tree, read_bytes
from xfdocs.record.rules import Matter
from xfdocs.record.steps import Look, structure, take_steps, text_of
from xfdocs.rules.of_office import calendar_of, law_of

NUMBERS = "编号"
"""Name of the step that compares records with each other; the others: `xfdocs.record.steps`."""


def validate(path: Path | str, office: Office, *, on: dt.date | None = None) -> Report:
    """What is wrong with one record, if anything.

    *on* is the day on which the question is asked, today if not given: it decides which running limits
    have passed, and those are warnings, so that a verdict does not change from day to day.
    """
    return Validator(office, on=on).validate(Path(path))


def validate_paths(
    paths: Iterable[Path | str], office: Office, *, on: dt.date | None = None
) -> Iterator[Report]:
    """A report for each record in files and folders, in a stable order, one at a time.

    Raises `NothingThere`, before anything is read, if one of the folders holds no record.
    """
    return (report for report, _ in examine_paths(paths, office, on=on))


def examine_paths(
    paths: Iterable[Path | str], office: Office, *, on: dt.date | None = None
) -> Iterator[tuple[Report, Case | None]]:
    """As `validate_paths`, each report with the case if reading and structure passed.

    Of records with one 编号 all but the first are rejected (C18): their documents would take each other's place.
    """
    files = record_files(paths)
    return _told_apart(files, Validator(office, on=on).examine_all(files))


def _told_apart(
    files: Sequence[Path], examined: Iterable[tuple[Report, Case | None]]
) -> Iterator[tuple[Report, Case | None]]:
    first: dict[str, int] = {}
    for place, (report, case) in enumerate(examined):
        other = first.setdefault(report.case, place) if report.case else place
        if other == place:
            yield report, case
            continue
        found = not_unique(report.file, files[other])
        steps = (*report.steps, Step(NUMBERS, State.FAILED))
        yield replace(report, findings=in_reading_order([found, *report.findings]), steps=steps), case


def not_unique(file: Path, other: Path) -> Finding:
    """C18: a record has the 编号 of another one."""
    what = f"编号与 {other} 相同。一件一个编号，请改正其中一件。"
    return Finding("C18", Severity.ERROR, file, 0, "/信访事项/@编号", what)


def read_case(path: Path | str) -> Case:
    """The case in a file that the schema accepts; the rules are not asked.

    Raises:
        RecordUnreadable: it is no case record at all.
        RecordRejected: it breaks the schema.
    """
    path = Path(path)
    data = read_bytes(path)
    root = parse_tree(data, path)
    found = list(structure(root, text_of(root, data)))
    if found:
        raise RecordRejected(file=path, count=len(found), first=found[0].message)
    return build_case(root).case


class Validator:
    """Validates any number of records for one office on one day; cheap to make, and reusable."""

    def __init__(self, office: Office, *, on: dt.date | None = None) -> None:
        self.office = office
        self.on = on or dt.date.today()  # noqa: DTZ011 - the office's own day
        self.law = law_of(office)
        self.calendar = calendar_of(office)

    def validate(self, path: Path) -> Report:
        """The report on one file."""
        return self.examine(path)[0]

    def examine(self, path: Path) -> tuple[Report, Case | None]:
        """The report on one file, and its case if reading and structure passed."""
        return next(self.examine_all([path]))

    def examine_all(self, files: Iterable[Path]) -> Iterator[tuple[Report, Case | None]]:
        """`examine` for each of several files, in order; quicker than one after the other."""
        return self._examined(map(Look.at, files))

    def examine_bytes(self, data: bytes, path: Path) -> tuple[Report, Case | None]:
        """`examine` for the bytes of the file *path* that are already at hand."""
        return next(self._examined([Look(data, path)]))

    def look_at(self, records: Iterable[tuple[bytes, Path]]) -> Iterator[tuple[Report, Matter | None]]:
        """`examine_bytes` for each of several, with all that was found out about the case on the way; None if it is none."""
        looks = (Look(data, path) for data, path in records)
        return (one.told() for one in take_steps(looks, self._know))

    def _examined(self, looks: Iterable[Look]) -> Iterator[tuple[Report, Case | None]]:
        for one in take_steps(looks, self._know):
            report, matter = one.told()
            yield report, matter.case if matter is not None else None

    def _know(self, one: Look) -> None:
        """What rules ask about the case, and which of them are to be asked."""
        case, folder = one.reading.case, one.path.parent
        one.matter = Matter(case, self.office, self.law, self.calendar, self.on, folder, one.text)
        one.kinds = one.matter.kinds
