"""Files of documents: what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from xfdocs.document.catalogue import Kind

FORMATS = ("docx", "pdf")


def in_order(formats: Iterable[str]) -> tuple[str, ...]:
    """Formats as the register has them, however they were asked for: each once, in the order of their names."""
    return tuple(sorted(set(formats)))


def file_base(kind: Kind, event: int, ordinal: int = 1) -> str:
    """Base name of a document's files: the number of its event (0: none) and the kind, e.g. ``03-受理告知书``.

    *ordinal* tells apart the one that was made again after the first was voided: ``03-受理告知书（2）``.
    Built from our own names only; nothing of a record's text becomes part of a path.
    """
    title = "".join(c for c in kind.title if c not in '/\\:*?"<>|').replace("（", "").replace("）", "")
    again = f"（{ordinal}）" if ordinal > 1 else ""
    return f"{event:02d}-{title}{again}"
