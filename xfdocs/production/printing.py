"""Documents that were composed by whoever asks, made on the disk by workers: reports, which come from no record.

What a document says is kept beside it in a data file: the two are durable before the register says that it is issued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from xfdocs.document.model import Document
from xfdocs.errors import XfdocsError
from xfdocs.files import Staging, sweep
from xfdocs.production.desk import Desk, Order, desk_for
from xfdocs.production.making import further, rendered, staged, unless_swept
from xfdocs.production.naming import file_base
from xfdocs.production.outcome import raise_unless_refusal
from xfdocs.register.entry import Entry, EntryState, Made


@dataclass(frozen=True, slots=True)
class Print:
    """One document to be made, or to be given further formats."""

    entry: Entry
    document: Document
    data: bytes
    """What it says, for the data file that the entry names in ``record``."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was made of one document."""

    entry: Entry
    made: Made | None = None
    """Its files; of one that was issued before, the formats added."""
    why: str = ""
    """Why it could not be made."""
    differs: str = ""
    """How what was issued is not what would be made now, as `further` tells it: nothing was added."""


@dataclass(frozen=True, slots=True)
class PrintTask:
    """A chunk of documents that have their numbers."""

    order: Order
    items: tuple[Print, ...]


def print_documents(task: PrintTask) -> Sequence[Printed]:
    """Make the documents of a chunk; when this returns, their files are whole and on the disk."""
    return unless_swept(lambda: _printed(task))


def _printed(task: PrintTask) -> Sequence[Printed]:
    desk = desk_for(task.order)
    with Staging() as staging:
        printed = [_one(desk, task.order, item, staging) for item in task.items]
        staging.commit()
    return printed


def _one(desk: Desk, order: Order, item: Print, staging: Staging) -> Printed:
    entry, office = item.entry, desk.office

    new = entry.state is EntryState.RESERVED
    try:
        if new:
            files: dict[str, bytes] | str = rendered(item.document, office, order.formats)
        else:
            files = further(entry, order.formats, item.document, office)
    except XfdocsError as error:
        raise_unless_refusal(error)
        return Printed(entry, why=str(error))
    if isinstance(files, str):
        return Printed(entry, differs=files)
    if new:
        path = office.folder / entry.record
        sweep(path.parent, path.name)
        staging.put(path, item.data)
    base = file_base(desk.catalogue.kinds[entry.kind], entry.event, entry.ordinal)
    made = staged(staging, office, entry, base, files)
    return Printed(entry, Made(entry.id, hashlib.sha256(item.data).hexdigest(), made))
