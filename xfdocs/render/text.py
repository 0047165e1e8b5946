"""The words of a document as they are printed: what stands around its values, and in which order.

Both renderers take their wording from here, and `document_text` is the judge of both: the characters
of a finished docx or PDF, spaces removed, are the characters of this sequence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xfdocs.document.model import RED_HEADED
from xfdocs.document.words import block_texts, date_text
from xfdocs.render.titles import break_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xfdocs.document.model import Document

TITLE_FIRST = frozenset({"notice", "form", "wide", "label"})
"""Layouts whose number stands below the title."""

DRAFT_MARK = "草稿"
_TITLE_LINE: Final = 20
"""Characters of 二号 in a line of title: 20 × 22 pt = 155 mm of 156 (GB/T 9704 5.2.1, 7.3.1)."""


def title_lines(document: Document) -> tuple[str, ...]:
    """The title in its lines; the names of the issuing body and of the signatory stay whole (GB/T 9704 7.3.1)."""
    return break_title(document.title, _TITLE_LINE, (document.issuer, document.signatory))


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
        yield from block_texts(block)
    for line in attachment_texts(document):
        yield from line
    yield document.signatory
    if document.date:
        yield date_text(document.date)
    yield note_text(document)
    if copies := copies_text(document):
        yield from (copies_label(), copies)
    yield from printed_text(document)
