"""What is to say the same as the register: a record of an entry for its case, a kept data file of a report or a volume.

A report comes from no record, and a volume (案卷) is of a case but no document of it.  What either says is kept in a data
file, which the entry names in ``record``; its digest is ``record_sha256``.
"""

from __future__ import annotations

from xfdocs.record.codes import FileFormat
from xfdocs.record.model import Issued, IssuedFile
from xfdocs.register.entry import Entry, EntryState

_REPORT = "报表"
_VOLUME = "归档"


def report_case(code: str) -> str:
    """What stands for a case in the entries of reports of a period (``2026Q3``): no 编号 of a case can be like it."""
    return f"{_REPORT}{code}"


def of_report(entry: Entry) -> bool:
    """Whether an entry is of a report, not of a case."""
    return entry.case.startswith(_REPORT)


def volume_case(case: str) -> str:
    """What stands for a case in the entries of its volumes in the archive: its documents are told from them by it."""
    return f"{_VOLUME}{case}"


def case_named(case: str) -> str:
    """The 编号 of the case that an entry is of, as people know it."""
    return case.removeprefix(_VOLUME)


def of_volume(entry: Entry) -> bool:
    """Whether an entry is of a volume in the archive."""
    return entry.case.startswith(_VOLUME)


def has_data(entry: Entry) -> bool:
    """Whether an entry rests on a data file, not on a record."""
    return of_report(entry) or of_volume(entry)


def belongs_in_record(entry: Entry) -> bool:
    """Whether a record tells of an entry: of everything that was ever issued for its case, but not of a number that never was."""
    return bool(entry.files) and not has_data(entry)


def issued_of(entry: Entry) -> Issued:
    """What a record says of an entry."""
    return Issued(
        event=entry.event or None,
        kind=entry.kind_title,
        number=entry.number or None,
        date=entry.date,
        copies=entry.copies,
        signer=entry.signer or None,
        void=entry.why if entry.state is EntryState.VOID else None,
        files=tuple(
            IssuedFile(format=FileFormat(file.format), name=file.path.name, sha256=file.sha256)
            for file in entry.files
        ),
    )
