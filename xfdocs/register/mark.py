"""The mark beside the issued documents: how far the journal had come when the latest of them was registered.

A register restored from a backup that is older than the documents would give their numbers again.  The mark
lies with the documents, so it gives such a register away; restored together with them it says nothing.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from pathlib import Path

NAME = ".journal"


def left(folder: Path) -> tuple[int, str] | None:
    """The line of the journal noted among the documents in *folder*: its number and hash; None if none is."""
    try:
        line, _, check = (folder / NAME).read_text("ascii").strip().rpartition(":")
        seq, _, digest = line.partition(":")
        return (int(seq), digest) if check == _check(line) else None
    except (OSError, ValueError):
        return None


def leave(folder: Path, seq: int, digest: str) -> None:
    """Note a line of the journal among the documents in *folder*.

    It is written in place, in one go: a temporary file would be left among the documents by a process that
    is killed. Whoever reads half of it sees that it does not fit its check.
    """
    line = f"{seq}:{digest}"
    data = f"{line}:{_check(line)}\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        os.pwrite(file, data, 0)
        os.ftruncate(file, len(data))
    finally:
        os.close(file)


def _check(line: str) -> str:
    return f"{zlib.crc32(line.encode()):08x}"


def forget(folder: Path) -> None:
    """Take the mark away: it lies there without documents, and its register is another's beginning."""
    with suppress(OSError):  # a folder that can only be read is only being looked at
        (folder / NAME).unlink(missing_ok=True)
