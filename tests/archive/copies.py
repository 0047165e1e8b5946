"""Copies for reading, for the tests of them."""

from __future__ import annotations

from pathlib import Path

from xfdocs.archive.access import AccessCopy, Tools, access_copy
from xfdocs.archive.identify import examine

NOTHING = Tools()
"""A machine that has nothing."""


def copied(folder: Path, name: str, data: bytes, tools: Tools = NOTHING) -> AccessCopy:
    """What becomes of a file; it stays as it is."""
    path = folder / name
    path.write_bytes(data)
    made = access_copy(path, examine(path), tools)
    assert path.read_bytes() == data
    return made


def pdf_of(folder: Path, name: str, data: bytes, tools: Tools = NOTHING) -> bytes:
    """The copy of a file that has one."""
    made = copied(folder, name, data, tools)
    assert made.why == ""
    assert made.pdf is not None
    return made.pdf
