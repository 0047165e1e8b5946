"""The words of a document: how a date is written, and all of them for checks that must see every one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xfdocs.document.model import Block, Document, Figure, Heading, Paragraph, Table


def date_text(day: date) -> str:
    """2026年3月5日: Arabic, the whole year, no leading zero (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def block_texts(block: Block) -> Iterator[str]:
    """The texts of a block as printed, paragraph by paragraph."""
    if isinstance(block, Paragraph | Heading):
        yield block.text
    elif isinstance(block, Table):
        yield block.caption
        yield block.unit
        for row in block.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    yield paragraph.text
    else:
        yield block.text


def all_text(document: Document) -> str:
    """Every text a document carries, whatever its place and printed or not, one a line."""
    parts = [
        document.head,
        document.title,
        document.number,
        *document.addressees,
        *(text for block in document.body for text in block_texts(block)),
        *(block.alt for block in document.body if isinstance(block, Figure)),
        *document.attachments,
        document.signatory,
        document.signer,
        document.note,
        *document.colophon.copies_to,
        document.colophon.printer,
    ]
    return "\n".join(part for part in parts if part)
