"""Small offices that issue documents, and what is left of them when a run has ended."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from xfdocs.office import Office
from xfdocs.production.issuing import issue
from xfdocs.production.outcome import Outcome
from xfdocs.register import mark
from xfdocs.register.register import Register
from xfdocs.resources import shipped

TODAY = date(2026, 11, 23)
SAMPLES = shipped("samples", "office")
CASES = ("YZ-20260706-0012", "YZ-20260914-0025", "YZ-20260916-0008", "YZ-20261102-0018")
"""Four records: one served opinion, one under way, one just accepted, one just registered."""


def office_in(
    folder: Path,
    cases: Iterable[str] = CASES,
    *,
    forms: Mapping[str, str] | None = None,
    used: Mapping[str, int] | None = None,
) -> Office:
    """An office like the sample one with some of its records; *forms* of its numbers, and what was *used* of them."""
    (folder / "cases").mkdir(parents=True)
    text = (SAMPLES / "xfdocs.toml").read_text("utf-8")
    head, section, rest = text.partition("[numbers.used]")
    own = "".join(f'"{name}" = "{form}"\n' for name, form in (forms or {}).items())
    before = "".join(f'"{series}" = {last}\n' for series, last in (used or {}).items())
    text = f"{head}[numbers]\n{own}\n{section}\n{before}{rest[rest.index(chr(10)) + 1 :]}"
    (folder / "xfdocs.toml").write_text(text, "utf-8")
    for case in cases:
        (folder / "cases" / f"{case}.xml").write_bytes((SAMPLES / "cases" / f"{case}.xml").read_bytes())
        if (attachments := SAMPLES / "cases" / f"{case}-附件").is_dir():
            shutil.copytree(attachments, folder / "cases" / attachments.name)
    return Office.open(folder)


def issued(office: Office, *, formats: tuple[str, ...] = ("docx",), **more: object) -> list[Outcome]:
    """Everything the records call for, issued."""
    return list(issue(None, [office.folder / office.cases], office, on=TODAY, formats=formats, **more))  # type: ignore[arg-type]


def state(office: Office) -> dict[str, object]:
    """What a run leaves: every file of cases and documents, and what the register says of each document."""
    files = {
        path.relative_to(office.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for place in (office.cases, office.issued)
        for path in sorted((office.folder / place).rglob("*"))
        if path.is_file() and path.name != mark.NAME  # it tells of clock readings
    }
    return {"files": files, "entries": entries(office)}


def entries(office: Office) -> list[dict[str, object]]:
    """The rows of the register without clock readings and without whose run it was."""
    with Register.open(office) as register:
        return [
            {
                "number": entry.number,
                "case": entry.case,
                "kind": entry.kind,
                "event": entry.event,
                "ordinal": entry.ordinal,
                "date": entry.date.isoformat(),
                "state": str(entry.state),
                "why": entry.why,
                "recorded": entry.recorded,
                "record_sha256": entry.record_sha256,
                "files": json.dumps(
                    [[f.format, str(f.path), f.sha256, f.size, f.maker] for f in entry.files]
                ),
            }
            for entry in sorted(register.entries(), key=lambda e: e.id)
        ]
