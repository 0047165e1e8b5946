"""What an HTML layout is given: the document and the few numbers that depend on its words."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from xfdocs.document.model import Figure, Heading, Paragraph, Table, TearLine
from xfdocs.document.words import date_text
from xfdocs.render import head, signature, text
from xfdocs.render.fitting import sizes
from xfdocs.render.measures import measure_of
from xfdocs.render.signature import width

if TYPE_CHECKING:
    from xfdocs.document.model import Block, Document

ADVANCE = 15.792
"""Points from one 三号 character to the next: 28 of them fill 156 mm (GB/T 9704 5.2.3)."""
PITCH = 10.4455
"""Millimetres from one line to the next: 22 lines fill 225 mm (GB/T 9704 5.2.3)."""

MARK_INK = 0.92
"""Share of a 小标宋 character's square that is inked, top to bottom."""
MARK_HEIGHT = {"letter": 20.7, "redhead": 16.3, "upward": 16.3}
"""Inked height of the 发文机关标志 in mm. Its size is free (GB/T 9704 7.2.4); these put the title on the page's grid."""
_MARK_NARROWEST = 0.4
"""Least width of its characters as a share of their height: a longer name is set smaller instead."""


_CAPTION = 8.0
"""Height of a figure's caption in mm; ``shared.css`` has it too."""
_AROUND = 3.0
"""Least space around a figure, in mm."""


@dataclass(frozen=True, slots=True)
class Mark:
    """发文机关标志: *size* and *spacing* in mm, *narrow* the width of the characters in per cent."""

    text: str
    size: float
    spacing: float
    narrow: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its kind spelled out for the layout."""

    kind: str
    block: Block
    widths: tuple[float, ...] = ()
    height: float = 0.0
    """Of a figure with its caption, in mm: whole lines, so that what follows stands on the page's grid."""
    sizes: list[list[float]] | None = None
    """Of a label: the letters of every cell, in points, by row; 0 for one that only goes on."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A line of the 附件说明; *left* and *hang* in points, so that turned lines align (GB/T 9704 7.3.4)."""

    text: str
    left: float
    hang: float


@dataclass(frozen=True, slots=True)
class Signed:
    """Signature and date with their right margins in points."""

    signatory: str
    date: str
    signatory_right: float
    date_right: float


def page_facts(document: Document) -> dict[str, Any]:
    """The names a layout may use."""
    return {
        "d": document,
        "pitch": PITCH,
        "mark": _mark(document),
        "corner_rows": sum(map(bool, (document.copy_number, document.secrecy, document.urgency))),
        "title_lines": text.title_lines(document),
        "addressees": text.addressee_text(document),
        "body": tuple(_piece(block, measure_of(document.layout)) for block in document.body),
        "attachments": _attachments(document),
        "signed": _signed(document),
        "note": text.note_text(document),
        "copies_label": text.copies_label(),
        "copies": text.copies_text(document),
        "printed": text.printed_text(document),
        "signer": text.signer_text(document),
    }


def _mark(document: Document) -> Mark | None:
    if not document.head or document.layout not in MARK_HEIGHT:
        return None
    size = min(
        MARK_HEIGHT[document.layout] / MARK_INK, head.MEASURE / (width(document.head) * _MARK_NARROWEST)
    )
    narrow, spacing = head.narrowed(document.head, size)
    return Mark(document.head, round(size, 3), round(spacing, 3), round(100 * narrow, 2))


def _piece(block: Block, measure: float) -> Piece:
    match block:
        case Paragraph():
            return Piece("paragraph", block)
        case Heading():
            return Piece("heading", block)
        case Table() if block.exact:
            return Piece("label", block, block.widths, sizes=sizes(block))
        case Table():
            total = sum(block.widths) or 1.0
            return Piece("table", block, tuple(round(width / total * measure, 3) for width in block.widths))
        case TearLine():
            return Piece("tear", block)
        case Figure():
            caption = _CAPTION if block.text else 0.0
            lines = ceil((block.height + caption + _AROUND) / PITCH)
            return Piece("figure", block, height=round(lines * PITCH, 3))


def _attachments(document: Document) -> tuple[Attachment, ...]:
    lines = []
    for label, number, name in text.attachment_texts(document):
        turned = 0.5 * (len(number) - 1) + 0.28 if number else 0.0  # half-width figures and a full stop
        first = 3.0 if label else 0.0
        lines.append(
            Attachment(
                label + number + name,
                round((5.0 + turned) * ADVANCE, 2),
                round((first + turned) * ADVANCE, 2),
            )
        )
    return tuple(lines)


def _signed(document: Document) -> Signed:
    day = date_text(document.date) if document.date else ""
    where = signature.place(document.signatory, day)
    return Signed(
        document.signatory, day, round(where.signatory * ADVANCE, 2), round(where.date * ADVANCE, 2)
    )
