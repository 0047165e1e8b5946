"""Small offices with cases for the archive, packed on a day on which no clock runs any more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest import mock

from tests.production.desks import office_in
from xfdocs.archive.packing import Outcome, pack
from xfdocs.archive.planning import Plan, plan_of
from xfdocs.archive.retention import retention_table
from xfdocs.office import Office
from xfdocs.production.desk import Order, desk_for, stamp_of
from xfdocs.production.fingerprint import fingerprints
from xfdocs.production.issuing import issue
from xfdocs.register.faults import Fault
from xfdocs.register.register import Register
from xfdocs.register.verify import verify
from xfdocs.resources import shipped

LATER = date(2027, 11, 23)
"""Every right to a 复查 of the samples has lapsed."""
CLOSED = ("YZ-20260226-0008", "YZ-20260309-0021")
"""Closed, two with a 处理意见."""
NOW = "2027-11-23T01:00:00Z"
RETENTION = (shipped("samples", "office", "retention.toml")).read_bytes()


def archive_office(
    folder: Path, cases: Iterable[str] = CLOSED, *, archive: str = "", used: dict[str, int] | None = None
) -> Office:
    """An office with an approved table of retention; *archive* is added to its [archive], *used* is [archive.used]."""
    office = office_in(folder, cases)
    (folder / "retention.toml").write_bytes(RETENTION)
    return with_settings(office, archive, used)


def with_settings(office: Office, archive: str = "", used: dict[str, int] | None = None) -> Office:
    """The office with other settings of its archive."""
    path = office.folder / "xfdocs.toml"
    text = path.read_text("utf-8")
    for line in archive.splitlines():
        key = line.partition("=")[0].strip()
        kept = [old for old in text.splitlines() if old.partition("=")[0].strip() != key or not _archive_key(key)]
        text = "\n".join(kept) + "\n"
    text = text.replace("[archive]\n", f"[archive]\n{archive.strip()}\n", 1)
    if used:
        text += "\n[archive.used]\n" + "".join(f'"{key}" = {last}\n' for key, last in used.items())
    path.write_text(text, "utf-8")
    return Office.open(office.folder)


def _archive_key(key: str) -> bool:
    return key in {"model", "order", "fonds", "fonds_name", "container", "sha512", "pages", "number", "unit"}


@contextmanager
def clock_at(now: str = NOW) -> Iterator[None]:
    """The register's clock stands still, and runs have the same names."""
    defaults = Register.open.__func__.__kwdefaults__  # type: ignore[attr-defined]
    with mock.patch.dict(defaults, clock=lambda: now):
        yield


def issued(office: Office, *, formats: tuple[str, ...] = ("docx",)) -> None:
    """Everything that the records call for."""
    list(issue(None, [office.folder / office.cases], office, on=LATER, formats=formats))


def packed(office: Office, *, on: date = LATER, jobs: int = 1, paths: Iterable[Path] = ()) -> list[Outcome]:
    """Everything that may go to the archive, packed."""
    return list(pack(list(paths) or [office.folder / office.cases], office, on=on, jobs=jobs))


def planned(office: Office, case: str, on: date = LATER) -> Plan:
    """The plan for one case."""
    order = Order(office.folder, stamp_of(fingerprints(office)), on, None, ("pdf",))
    return plan_of(office.folder / office.cases / f"{case}.xml", desk_for(order), retention_table(office))


def record_of(office: Office, case: str) -> Path:
    """The record of a case."""
    return office.folder / office.cases / f"{case}.xml"


def faults(office: Office) -> list[Fault]:
    """What `register verify` says."""
    with Register.open(office) as register:
        return list(verify(register, office))


def files_of(folder: Path) -> dict[str, str]:
    """Every file below a folder and its digest; locks and databases left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "register" not in path.relative_to(folder).parts
    }
