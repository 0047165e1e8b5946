"""An event into a record's file: typed, checked by all the rules, written whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xfdocs.errors import EventRefused, EventRepeated, RecordRejected, RecordTouched
from xfdocs.files import Staging, SweptAway
from xfdocs.office import Office
from xfdocs.record.appending import add_event
from xfdocs.record.clocks import Running, running_clocks
from xfdocs.record.events import Event
from xfdocs.record.findings import Finding, Verdict
from xfdocs.record.items import event_in
from xfdocs.record.model import Case
from xfdocs.record.reader import parse_tree, read_bytes
from xfdocs.record.validation import Validator


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a record by one more event."""

    case: Case
    """With the event."""
    event: Event
    findings: tuple[Finding, ...]
    """What validation says now and did not say before: none of it forbids the event."""
    clocks: tuple[Running, ...]
    """What runs now and did not run before."""


def add_to_record(file: Path, name: str, items: Sequence[str], office: Office, today: dt.date) -> Added:
    """Append the event *name* to a record, as its *items* tell (`items`).

    The file is replaced by a whole one, and only if it is still what was read.

    Raises:
        RecordUnreadable, RecordRejected: there is no record, or one that breaks the schema.
        EventInvalid: the event is not told as it must be.
        EventRepeated: the very same event stands there already: the command was given twice.
        EventRefused: the record would break a rule that it did not break before.
        RecordTouched: somebody has changed the file meanwhile.
    """
    data = read_bytes(file)
    event = event_in(parse_tree(data, file), name, items, file, day=today.isoformat())
    new = add_event(data, event, file)
    validator = Validator(office, on=today)
    before, was = validator.examine_bytes(data, file)
    after, case = validator.examine_bytes(new, file)
    if case is None:
        raise RecordRejected(file=file, count=len(after.errors), first=after.errors[0].message)
    *others, added = case.events
    if same := next((e for e in others if replace(e, seq=added.seq) == added), None):
        raise EventRepeated(event=name, file=file, seq=same.seq)
    findings = _new(before.findings, after.findings)
    errors = [finding for finding in findings if finding in after.errors]
    # A rule that nobody can judge, for want of a calendar, is no reason to keep a fact out of the record.
    if errors and after.verdict is Verdict.REJECTED:
        told = " ".join(f"{e.code} {e.message}{f'（{e.basis}）' if e.basis else ''}" for e in errors)
        raise EventRefused(event=name, file=file, count=len(errors), what=told)
    ran = running_clocks(was, office, today) if was is not None else []
    clocks = tuple(row for row in running_clocks(case, office, today) if row not in ran)
    _replace(file, data, new)
    return Added(case, added, findings, clocks)


def _new(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that are new; that the lines and places of the others have moved is nothing new."""
    known = Counter((finding.code, finding.message) for finding in before)
    new = []
    for finding in after:
        key = finding.code, finding.message
        if known[key]:
            known[key] -= 1
        else:
            new.append(finding)
    return tuple(new)


def _replace(file: Path, before: bytes, after: bytes) -> None:
    path = file.resolve()  # a link stays a link: the file it points to is replaced
    try:
        with Staging() as staging:
            staging.put(path, after)
            refused = staging.commit(lambda place: read_bytes(place) == before)
    except SweptAway as error:  # a run of issue told the record of something meanwhile
        raise RecordTouched(file=file) from error
    if refused:
        raise RecordTouched(file=file)
