"""Files of documents: what they are called, and how they come to be whole or absent."""

from __future__ import annotations

import os
from pathlib import Path

from xfdocs.document.catalogue import Kind
from xfdocs.record.events import Event

FORMATS = ("docx", "pdf")


def file_base(kind: Kind, event: Event | None) -> str:
    """Base name of a document's files: the number of its event and the kind, e.g. ``03-受理告知书``.

    Built from our own names only; nothing of a record's text becomes part of a path.
    """
    title = "".join(c for c in kind.title if c not in '/\\:*?"<>|').replace("（", "").replace("）", "")
    return f"{event.seq if event is not None else 0:02d}-{title}"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either whole or absent: temporary name, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
