"""The words of a document as they are printed: what stands around its values, and in which order.

Both renderers take their wording from here, and `document_text` is the judge of both: the characters
of a finished docx or PDF, spaces removed, are the characters of this sequence.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xfdocs.document.model import Heading, Paragraph, Table, TearLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xfdocs.document.model import Block, Document

RED_HEADED = frozenset({"redhead", "upward"})
"""Layouts with a 版头 above the title and a 版记 with printer and rules (GB/T 9704 7.2, 7.4)."""
TITLE_FIRST = frozenset({"notice", "form"})
"""Layouts whose number stands below the title."""

DRAFT_MARK = "草稿"


def date_text(day: date) -> str:
    """2026年3月5日: Arabic, the whole year, no leading zero (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def addressee_text(document: Document) -> str:
    """The addressees with their full-width colon (GB/T 9704 7.3.2); empty without addressees."""
    return "、".join(document.addressees) + "：" if document.addressees else ""


def attachment_texts(document: Document) -> tuple[tuple[str, str, str], ...]:
    """The lines of the 附件说明 as (附件：, 1., name); numbered if there are several (GB/T 9704 7.3.4)."""
    several = len(document.attachments) > 1
    return tuple(
        ("" if place > 1 else "附件：", f"{place}." if several else "", name)
        for place, name in enumerate(document.attachments, start=1)
    )


def note_text(document: Document) -> str:
    """The 附注 in its brackets (GB/T 9704 7.3.6); empty without one."""
    return f"（{document.note}）" if document.note else ""


def copies_label() -> str:
    """What stands before the list of 抄送机关 (GB/T 9704 7.4.2)."""
    return "抄送："


def copies_text(document: Document) -> str:
    """The 抄送机关, ended with a full stop (GB/T 9704 7.4.2); empty without any."""
    copies = document.colophon.copies_to
    return "，".join(copies) + "。" if copies else ""


def printed_text(document: Document) -> tuple[str, str]:
    """印发机关 and 印发日期, which only the red-headed layouts carry (GB/T 9704 7.4.3, 10.1)."""
    colophon = document.colophon
    if document.layout not in RED_HEADED or not colophon.printer:
        return "", ""
    return colophon.printer, f"{date_text(colophon.printed)}印发" if colophon.printed else ""


def signer_text(document: Document) -> tuple[str, str]:
    """签发人： and the name, on 上行文 only (GB/T 9704 7.2.6)."""
    return ("签发人：", document.signer) if document.layout == "upward" and document.signer else ("", "")


def document_text(document: Document) -> str:
    """Every character of the finished document in reading order, without any white space.

    Page numbers, the draft mark and rules are furniture of the page and not part of it.
    """
    return "".join("".join(_pieces(document)).split())


def _pieces(document: Document) -> Iterator[str]:
    corner = (document.copy_number, document.secrecy, document.urgency)
    if document.layout in RED_HEADED:
        yield from (*corner, document.head, document.number, *signer_text(document), document.title)
    elif document.layout in TITLE_FIRST:
        yield from (*corner, document.title, document.number)
    else:
        yield from (document.head, *corner, document.number, document.title)
    yield addressee_text(document)
    for block in document.body:
        yield from _block(block)
    for line in attachment_texts(document):
        yield from line
    yield document.signatory
    if document.date:
        yield date_text(document.date)
    yield note_text(document)
    if copies := copies_text(document):
        yield from (copies_label(), copies)
    yield from printed_text(document)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Heading() | TearLine():
            yield block.text
        case Table():
            yield block.caption
            for row in block.rows:
                for cell in row.cells:
                    yield from (paragraph.text for paragraph in cell.paragraphs)
