"""The steps of validating a record: what each needs of the ones before it, and what it finds.

读取 → 结构 (`case.xsd`) → 交叉规则 (`case.sch`) → 办理规则 (`xfdocs.record.rules`) → 附件.  `xfdocs.record.validation` takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from xfdocs.errors import CalendarMissing, LawFault, RecordUnreadable
from xfdocs.record.findings import Finding, Report, Severity, State, Step, in_reading_order
from xfdocs.record.reader import Reading, build_case, parse_tree, place_of, read_bytes
from xfdocs.record.rules import Matter, rules_about
from xfdocs.record.schema_messages import Trouble, troubles
from xfdocs.record.schematron import breaches
from xfdocs.record.structure import record_schema

READING, STRUCTURE, CROSS_RULES, RULES_STEP, FILES = "读取", "结构", "交叉规则", "办理规则", "附件"
"""Names of the steps."""

_TOGETHER, _LONG = 64, 1_000_000
"""So many records, or bytes of them, are looked at together."""

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_FOREIGN_ATTRIBUTES = etree.XPath("//*[@*[namespace-uri() != '']]")


class Look:
    """One record on its way through the steps; each finds there what the ones before it made."""

    __slots__ = ("data", "findings", "kinds", "matter", "path", "reading", "root", "steps", "stopped", "text")
    text: str
    root: etree._Element
    reading: Reading
    matter: Matter
    kinds: frozenset[type]

    def __init__(self, data: bytes, path: Path, stopped: Report | None = None) -> None:
        self.data = data
        self.path = path
        self.stopped = stopped
        """The report, if a step left the later ones nothing to stand on."""
        self.findings: list[Finding] = []
        self.steps = [_passed(READING), _passed(STRUCTURE)]

    @classmethod
    def at(cls, path: Path) -> Look:
        """The record in a file."""
        try:
            return cls(read_bytes(path), path)
        except RecordUnreadable as error:
            return cls(b"", path, _unreadable(path, error))

    def told(self) -> tuple[Report, Matter | None]:
        """What was found, and the case if it is one."""
        if self.stopped is not None:
            return self.stopped, None
        case_id = self.root.get("编号", "")
        return Report(self.path, case_id, in_reading_order(self.findings), tuple(self.steps)), self.matter


def take_steps(looks: Iterable[Look], know: Callable[[Look], None]) -> Iterator[Look]:
    """Take all steps with records, in order; *know* says what rules may ask of one, and which are to be asked.

    Every step is taken with a portion of the records before the next step.  What a step works with then stays
    close to the processor: a fifth quicker than one record after the other.
    """
    on_the_way = (_read, _check_structure, _build, _ask_cross_rules, know, _ask_paper_rules, _ask_disk_rules)
    for some in _portions(looks):
        for step in on_the_way:
            for one in some:
                if one.stopped is None:
                    step(one)
        yield from some


def _portions(looks: Iterable[Look]) -> Iterator[list[Look]]:
    """The records as many as are best looked at together."""
    some: list[Look] = []
    size = 0
    for one in looks:
        some.append(one)
        size += len(one.data)
        if len(some) == _TOGETHER or size > _LONG:
            yield some
            some, size = [], 0
    if some:
        yield some


def _read(one: Look) -> None:
    try:
        one.root = parse_tree(one.data, one.path)
    except RecordUnreadable as error:
        one.stopped = _unreadable(one.path, error)
    else:
        one.text = text_of(one.root, one.data)


def _check_structure(one: Look) -> None:
    found = [
        Finding(t.code, Severity.ERROR, one.path, t.place.line, t.place.path, t.message)
        for t in structure(one.root, one.text)
    ]
    if found:
        one.stopped = _stopped(one.path, one.root.get("编号", ""), found, STRUCTURE)


def _build(one: Look) -> None:
    one.reading = build_case(one.root)


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


def text_of(root: etree._Element, data: bytes) -> str:
    """The whole of a record as text in which every character stands for itself: no references, no mark at the beginning."""
    encoding = root.getroottree().docinfo.encoding or ""
    # UTF-16 may call itself UTF-8 and be read all the same; its zeros tell.
    if encoding.upper() == "UTF-8" and b"&" not in data and b"\0" not in data:
        return data.decode().lstrip("\ufeff")  # 3 µs; to write the tree anew takes 16
    return etree.tostring(root, encoding="unicode")


def structure(root: etree._Element, text: str) -> Iterator[Trouble]:
    """Where a record, whose whole text is *text*, is not as `case.xsd` has it."""
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


def _ask_cross_rules(one: Look) -> None:
    state = State.PASSED
    for breach in breaches(one.root):
        rule, place = breach.assertion, breach.place
        one.findings.append(
            Finding(rule.code, rule.severity, one.path, place.line, place.path, breach.message, rule.basis)
        )
        if rule.severity is Severity.ERROR:
            state = State.FAILED
    one.steps.append(Step(CROSS_RULES, state) if state is State.FAILED else _passed(CROSS_RULES))


def _ask_paper_rules(one: Look) -> None:
    one.steps.append(_ask(RULES_STEP, one, disk=False))


def _ask_disk_rules(one: Look) -> None:
    one.steps.append(_ask(FILES, one, disk=True))


def _ask(name: str, one: Look, *, disk: bool) -> Step:
    """Ask some rules; one that lacks a calendar or a regulation makes the step one that could not run."""
    failed = False
    lacking = ""
    for rule in rules_about(one.kinds, disk=disk):
        try:
            for hit in rule.check(one.matter):
                place = one.reading.place(hit.part, hit.at)
                basis = hit.basis or rule.basis
                one.findings.append(
                    Finding(rule.code, rule.severity, one.path, place.line, place.path, hit.message, basis)
                )
                failed = failed or rule.severity is Severity.ERROR
        except LawFault as fault:
            lacking = str(fault)
            code = "R30" if isinstance(fault, CalendarMissing) else "R27"
            what = f"不能判断“{rule.name}”（{rule.code}）：{fault}"
            one.findings.append(Finding(code, Severity.ERROR, one.path, 0, "/信访事项", what, rule.basis))
    if failed:
        return Step(name, State.FAILED)
    return Step(name, State.COULD_NOT_RUN, lacking) if lacking else _passed(name)


@cache
def _passed(name: str) -> Step:
    """A step that found nothing: one object for all records."""
    return Step(name, State.PASSED)
