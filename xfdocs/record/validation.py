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
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from xfdocs.errors import CalendarMissing, LawFault, RecordRejected, RecordUnreadable
from xfdocs.office import Office
from xfdocs.record.files import record_files
from xfdocs.record.findings import Finding, Report, Severity, State, Step, in_reading_order
from xfdocs.record.model import Case
from xfdocs.record.reader import Reading, build_case, parse_tree, place_of, read_bytes
from xfdocs.record.rules import Matter, Rule, rules_about
from xfdocs.record.schema_messages import Trouble, troubles
from xfdocs.record.schematron import breaches
from xfdocs.record.structure import record_schema
from xfdocs.rules.of_office import calendar_of, law_of

READING, STRUCTURE, CROSS_RULES, RULES_STEP, FILES = "读取", "结构", "交叉规则", "办理规则", "附件"
NUMBERS = "编号"
"""Names of the steps."""

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_FOREIGN_ATTRIBUTES = etree.XPath("//*[@*[namespace-uri() != '']]")


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
    return _told_apart(files, map(Validator(office, on=on).examine, files))


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
    found = list(_structure(root, _text(root, data)))
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
        try:
            data = read_bytes(path)
        except RecordUnreadable as error:
            return _unreadable(path, error), None
        return self.examine_bytes(data, path)

    def examine_bytes(self, data: bytes, path: Path) -> tuple[Report, Case | None]:
        """`examine` for the bytes of the file *path* that are already at hand."""
        report, matter = self.look(data, path)
        return report, matter.case if matter is not None else None

    def look(self, data: bytes, path: Path) -> tuple[Report, Matter | None]:
        """`examine_bytes` with all that was found out about the case on the way; None if it is none by its structure."""
        try:
            root = parse_tree(data, path)
        except RecordUnreadable as error:
            return _unreadable(path, error), None
        case_id = root.get("编号", "")
        text = _text(root, data)
        found = [
            Finding(t.code, Severity.ERROR, path, t.place.line, t.place.path, t.message)
            for t in _structure(root, text)
        ]
        if found:
            return _stopped(path, case_id, found, STRUCTURE), None
        reading = build_case(root)
        findings: list[Finding] = []
        steps = [_passed(READING), _passed(STRUCTURE)]
        steps.append(_cross_rules(path, root, findings))
        matter = Matter(reading.case, self.office, self.law, self.calendar, self.on, path.parent, text)
        on_paper, on_disk = (rules_about(matter.kinds, disk=disk) for disk in (False, True))
        steps.append(_ask(RULES_STEP, on_paper, matter, reading, path, findings))
        steps.append(_ask(FILES, on_disk, matter, reading, path, findings))
        return Report(path, case_id, in_reading_order(findings), tuple(steps)), matter


def _unreadable(path: Path, error: RecordUnreadable) -> Report:
    facts = error.facts
    finding = Finding(facts["finding"], Severity.ERROR, path, facts["line"], "", facts["what"])
    return _stopped(path, "", [finding], READING)


def _stopped(path: Path, case_id: str, found: list[Finding], at: str) -> Report:
    """The report on a file that did not get beyond a step."""
    steps = []
    state = State.PASSED
    for name in (READING, STRUCTURE, CROSS_RULES, RULES_STEP, FILES):
        if name == at:
            steps.append(Step(name, State.FAILED))
            state = State.SKIPPED
        else:
            steps.append(Step(name, state, f"“{at}”未通过" if state is State.SKIPPED else ""))
    return Report(path, case_id, in_reading_order(found), tuple(steps))


def _text(root: etree._Element, data: bytes) -> str:
    """The whole of a record as text in which every character stands for itself: no references, no mark at the beginning."""
    encoding = root.getroottree().docinfo.encoding or ""
    # UTF-16 may call itself UTF-8 and be read all the same; its zeros tell.
    if encoding.upper() == "UTF-8" and b"&" not in data and b"\0" not in data:
        return data.decode().lstrip("\ufeff")  # 3 µs; to write the tree anew takes 16
    return etree.tostring(root, encoding="unicode")


def _structure(root: etree._Element, text: str) -> Iterator[Trouble]:
    if (
        _INSTANCE in text
    ):  # xsi:schemaLocation and the like would pass, and are meant to make a validator look elsewhere
        nodes: Any = _FOREIGN_ATTRIBUTES(root)
        for node in nodes:
            name = etree.QName(next(str(a) for a in node.attrib if str(a).startswith("{")))
            what = f"不认识的属性“{name.localname}”（命名空间“{name.namespace}”），请删去。"
            yield Trouble("S01", place_of(node), what)
        if nodes:
            return
    schema = record_schema()
    if not schema.validate(root):
        yield from troubles(root, schema.error_log)


def _cross_rules(path: Path, root: etree._Element, findings: list[Finding]) -> Step:
    state = State.PASSED
    for breach in breaches(root):
        rule, place = breach.assertion, breach.place
        findings.append(
            Finding(rule.code, rule.severity, path, place.line, place.path, breach.message, rule.basis)
        )
        if rule.severity is Severity.ERROR:
            state = State.FAILED
    return Step(CROSS_RULES, state) if state is State.FAILED else _passed(CROSS_RULES)


def _ask(
    name: str, rules: tuple[Rule, ...], matter: Matter, reading: Reading, path: Path, findings: list[Finding]
) -> Step:
    """Ask some rules; one that lacks a calendar or a regulation makes the step one that could not run."""
    failed = False
    lacking = ""
    for rule in rules:
        try:
            for hit in rule.check(matter):
                place = reading.place(hit.part, hit.at)
                findings.append(
                    Finding(
                        rule.code,
                        rule.severity,
                        path,
                        place.line,
                        place.path,
                        hit.message,
                        hit.basis or rule.basis,
                    )
                )
                failed = failed or rule.severity is Severity.ERROR
        except LawFault as fault:
            lacking = str(fault)
            code = "R30" if isinstance(fault, CalendarMissing) else "R27"
            what = f"不能判断“{rule.name}”（{rule.code}）：{fault}"
            findings.append(Finding(code, Severity.ERROR, path, 0, "/信访事项", what, rule.basis))
    if failed:
        return Step(name, State.FAILED)
    return Step(name, State.COULD_NOT_RUN, lacking) if lacking else _passed(name)


@cache
def _passed(name: str) -> Step:
    """A step that found nothing: one object for all records."""
    return Step(name, State.PASSED)
