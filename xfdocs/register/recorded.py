"""What a record is to say of an entry: its ``<文书>``."""

from __future__ import annotations

from xfdocs.record.codes import FileFormat
from xfdocs.record.model import Issued, IssuedFile
from xfdocs.register.entry import Entry, EntryState


def belongs_in_record(entry: Entry) -> bool:
    """Whether a record tells of an entry: of everything that was ever issued, but not of a number that never was."""
    return bool(entry.files)


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
