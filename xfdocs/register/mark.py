"""The mark beside the issued documents: how far the journal had come when the latest of them was registered.

A register restored from a backup that is older than the documents would give their numbers again.  The mark
lies with the documents, so it gives such a register away; restored together with them it says nothing.
"""

from __future__ import annotations

from pathlib import Path

from xfdocs.files import write_whole

NAME = ".journal"


def left(folder: Path) -> tuple[int, str] | None:
    """The line of the journal noted among the documents in *folder*: its number and hash; None if none is."""
    try:
        seq, _, digest = (folder / NAME).read_text("ascii").strip().partition(":")
        return int(seq), digest
    except (OSError, ValueError):
        return None


def leave(folder: Path, seq: int, digest: str) -> None:
    """Note a line of the journal among the documents in *folder*."""
    write_whole(folder / NAME, f"{seq}:{digest}\n".encode(), durable=False)
