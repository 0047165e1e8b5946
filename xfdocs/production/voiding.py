"""Declare an issued document void: its number stays used, its files stay, the record says so."""

from __future__ import annotations

import hashlib

from xfdocs.errors import EntryVoid, RecordFault, XfdocsError
from xfdocs.office import Office
from xfdocs.production.recording import ToRecord, record_all
from xfdocs.record.events import Service
from xfdocs.record.reader import read_bytes
from xfdocs.record.validation import read_case
from xfdocs.record.writeback import facts_digest
from xfdocs.register.entry import Entry, EntryState
from xfdocs.register.recorded import belongs_in_record
from xfdocs.register.register import Register
from xfdocs.register.rows import called


def void(register: Register, office: Office, entry: Entry, why: str) -> XfdocsError | None:
    """Void a document for a reason and tell its record; the trouble if the record could not be told.

    A document that was voided before, but whose record was not told, is told now, with the reason of then.

    Raises:
        EntryVoid: it is void, and its record says so.
        UsageFault: no reason was given.
    """
    if entry.state is EntryState.VOID:
        if entry.recorded or not belongs_in_record(entry):
            raise EntryVoid(name=called(entry), why=entry.why)
    else:
        register.void(entry.id, why)
    return tell_record(register, office, entry)


def naming(register: Register, office: Office, entry: Entry) -> list[Entry]:
    """The proofs of service in force that print the number of a document."""
    try:
        events = read_case(office.folder / entry.record).events
    except XfdocsError:
        return []  # the record is not there to ask; whoever voids is told so by `void`
    services = {event.seq for event in events if isinstance(event, Service) and event.of == entry.event}
    known = register.entries_of([entry.case])[entry.case] if entry.number else ()
    return [one for one in known if one.event in services and one.state is EntryState.ISSUED]


def tell_record(register: Register, office: Office, entry: Entry) -> XfdocsError | None:
    """Write into the record of an entry everything that was issued for its case; the trouble if it could not be done."""
    entries = tuple(filter(belongs_in_record, register.entries_of([entry.case]).get(entry.case, ())))
    if not entries:
        return None
    path = office.folder / entry.record
    with register.database.exclusive("records"):
        try:
            data = read_bytes(path)
            facts = facts_digest(data)
        except XfdocsError:
            return RecordFault(message=f"{path} 读不出来，没有写回。放回以后再运行一次。")
        item = ToRecord(path, hashlib.sha256(data).hexdigest(), facts, entries)
        troubles = record_all([item])
    if path not in troubles:
        register.confirm([entry.id for entry in entries if not entry.recorded])
    return troubles.get(path)
