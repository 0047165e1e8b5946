"""Offices, wishes and finished documents made in a few words, for tests of the register. All people are invented."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tests.builders import a_case
from xfdocs.office import Office
from xfdocs.record.writeback import with_issued
from xfdocs.record.writer import write_case
from xfdocs.register.entry import Entry, FileEntry, Made, Wanted
from xfdocs.register.recorded import issued_of
from xfdocs.register.register import Register
from xfdocs.register.runs import Run

FORM = "云信受字〔{year}〕{n}号"
DIGEST = "ab" * 32


def make_office(folder: Path, *, url: str = "", used: dict[str, int] | None = None) -> Office:
    """An office with nothing issued; *used* are the last numbers from before the program."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[office]", 'name = "云州市信访局"', 'code = "云信"']
    if url:
        lines += ["[register]", f"url = '{url}'"]
    if used:
        lines += ["[numbers.used]", *(f'"{series}" = {last}' for series, last in used.items())]
    (folder / "xfdocs.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return Office.open(folder)


def wanted(number: int | str = 1, **facts: Any) -> Wanted:
    """An acceptance notice of a case."""
    name = f"YZ-20260301-{number:04d}" if isinstance(number, int) else number
    known: dict[str, Any] = {
        "case": name,
        "kind": "acceptance-notice",
        "kind_title": "受理告知书",
        "event": 2,
        "form": FORM,
        "date": dt.date(2026, 3, 1),
        "title": "云州市信访局信访事项受理告知书",
        "issuer": "云州市信访局",
        "recipients": ("陆晚晴",),
        "signer": "卓清扬",
        "copies": 2,
        "record": f"cases/{name}.xml",
    }
    return Wanted(**(known | facts))


def numbers(count: int, start: int = 1, **facts: Any) -> list[Wanted]:
    """A notice for each of so many cases."""
    return [wanted(start + step, **facts) for step in range(count)]


def made(entry: Entry, office: Office | None = None) -> Made:
    """The files of a document; written to disk too if *office* is given."""
    files = []
    for fmt in ("docx", "pdf"):
        suffix = f"（{entry.ordinal}）" if entry.ordinal > 1 else ""
        path = PurePosixPath("issued") / entry.case / f"{entry.event:02d}-{entry.kind_title}{suffix}.{fmt}"
        data = f"{fmt} of {entry.number}".encode()
        if office is not None:
            (office.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (office.folder / path).write_bytes(data)
        files.append(FileEntry(fmt, path, hashlib.sha256(data).hexdigest(), len(data), f"{fmt} 1.0"))
    return Made(entry.id, DIGEST, tuple(files))


def issue_all(
    register: Register, run: Run, wishes: Sequence[Wanted], office: Office, *, records: bool = False
) -> list[Entry]:
    """Reserve, write files, register; with *records*, write the records too and confirm."""
    ids = [reservation.entry.id for reservation in register.reserve(run, wishes)]
    known = {entry.id: entry for entry in register.entries()}
    register.issue(run, [made(known[one], office) for one in ids])
    issued = [entry for entry in register.entries() if entry.id in ids]
    if records:
        for entry in issued:
            tell_record(office, entry)
        register.confirm(ids)
    return [entry for entry in register.entries() if entry.id in ids]


def tell_record(office: Office, entry: Entry) -> None:
    """Write an entry into its record, which is made if it is not there."""
    path = office.folder / entry.record
    path.parent.mkdir(exist_ok=True)
    data = path.read_bytes() if path.exists() else write_case(a_case("2026-02-25", id=entry.case))
    path.write_bytes(with_issued(data, [issued_of(entry)]))
