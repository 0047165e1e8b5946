"""No □: every character of a document is looked for in the fonts before anything is drawn."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xfdocs.document.model import Emphasis, Figure, Heading, Paragraph, Table, TearLine
from xfdocs.document.words import date_text
from xfdocs.errors import GlyphMissing
from xfdocs.render import text
from xfdocs.render.fonts import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xfdocs.document.model import Block, Document, Run
    from xfdocs.render.fonts import FontBook

FACES = {Emphasis.NONE: Role.FANG, Emphasis.STRONG: Role.HEI, Emphasis.KAI: Role.KAI}
HEADINGS = {1: Role.HEI, 2: Role.KAI, 3: Role.FANG, 4: Role.FANG}
"""GB/T 9704 7.3.3."""


Printed = tuple[Role, str, str]
"""Role of the face, element, text: something that is printed."""


def check_glyphs(document: Document, fonts: FontBook, where: str = "") -> None:
    """Raise `GlyphMissing` for the first character that no font of its role can print.

    The error names the character, its code point and the element it stands in; *where* says which
    document, by default its case and kind.
    """
    check_texts(list(printed_texts(document)), fonts, where or f"{document.case} 的{document.kind_title}")


def check_texts(texts: Sequence[Printed], fonts: FontBook, where: str) -> None:
    """`check_glyphs` for pages that are no document: *texts* are all they print, *where* names them."""
    together: defaultdict[Role, list[str]] = defaultdict(list)
    for role, _, words in texts:
        together[role].append(words)
    lacking = {role: fonts.missing("".join(words), role) for role, words in together.items()}
    if not any(lacking.values()):
        return
    for role, element, words in texts:
        for char in words:
            if char in lacking[role]:
                raise GlyphMissing(
                    character=char, codepoint=f"U+{ord(char):04X}", field=f"{where}，{element}"
                )


def printed_texts(document: Document) -> Iterator[Printed]:
    """Everything that is printed as (role of its face, element, text)."""
    yield Role.XBS, "发文机关标志", document.head
    yield Role.FANG, "份号", document.copy_number
    yield Role.HEI, "密级", document.secrecy
    yield Role.HEI, "紧急程度", document.urgency
    yield Role.FANG, "发文字号", document.number
    label, signer = text.signer_text(document)
    yield Role.FANG, "签发人", label
    yield Role.KAI, "签发人", signer
    yield Role.XBS, "标题", document.title
    yield Role.FANG, "主送", text.addressee_text(document)
    for place, block in enumerate(document.body, start=1):
        yield from _block_texts(block, f"正文第 {place} 段")
    for line in text.attachment_texts(document):
        yield Role.FANG, "附件说明", "".join(line)
    yield Role.FANG, "署名", document.signatory
    yield Role.FANG, "成文日期", date_text(document.date) if document.date else ""
    yield Role.FANG, "附注", text.note_text(document)
    yield Role.FANG, "抄送", text.copies_text(document) and text.copies_label() + text.copies_text(document)
    yield Role.FANG, "印发机关", "".join(text.printed_text(document))
    yield Role.SONG, "页码", "— 0123456789"
    if document.draft:
        yield Role.HEI, "草稿标记", text.DRAFT_MARK


def _block_texts(block: Block, element: str) -> Iterator[tuple[Role, str, str]]:
    match block:
        case Paragraph():
            yield from _runs(block.runs, Role.FANG, element)
        case Heading():
            role = HEADINGS.get(block.level, Role.FANG)
            yield role, element, block.number
            yield from _runs(block.runs, role, element)
        case TearLine():
            yield Role.FANG, element, block.text
        case Figure():
            yield Role.HEI, f"{element}（图题）", block.text
        case Table():
            yield Role.HEI, f"{element}（表题）", block.caption
            yield Role.FANG, f"{element}（表的单位）", block.unit
            for number, row in enumerate(block.rows, start=1):
                for cell in row.cells:
                    face = Role.HEI if cell.header else Role.FANG
                    for paragraph in cell.paragraphs:
                        yield from _runs(paragraph.runs, face, f"{element}（表第 {number} 行）")


def _runs(runs: Iterable[Run], plain: Role, element: str) -> Iterator[tuple[Role, str, str]]:
    for run in runs:
        yield plain if run.emphasis is Emphasis.NONE else FACES[run.emphasis], element, run.text
