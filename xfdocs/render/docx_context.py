"""What a docx layout sees of a Document: the elements by their Chinese names, see `NAMES`.

A name that the document has no value for is empty, and so false in ``{%p if … %}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from xfdocs.document.model import Align, Figure, Heading, Paragraph, Table, TearLine
from xfdocs.document.words import date_text
from xfdocs.render import text as wording
from xfdocs.render.docx_table import STYLES as TABLE_STYLES
from xfdocs.render.docx_table import kept_together, table_xml
from xfdocs.render.head import narrowed
from xfdocs.render.measures import twips_of
from xfdocs.render.ooxml import CHARACTER, CHARACTER_STYLES, escaped, paragraph, picture, run, runs
from xfdocs.render.signature import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xfdocs.document.model import Block, Document

NAMES: Final[Mapping[str, str]] = {
    "标题": "标题，已按词意分行",
    "文种": "文书种类，如“受理告知书”",
    "机关标志": "发文机关标志，写作 {{r 机关标志 }}，长名自动压窄",
    "发文字号": "发文字号；草稿的序号处是空白",
    "份号": "份号",
    "密级": "密级和保密期限",
    "紧急程度": "紧急程度",
    "签发人": "签发人姓名，只有上行文有",
    "主送": "主送机关或者信访人，带冒号",
    "正文": "正文各段；每段有样式、文字（写作 {{r 段.文字 }}）和表格或者图（写作 {{p 段.表格 }}）",
    "附件说明": "各附件；每个有序号（只有一个附件时为空）和名称",
    "落款": "署名和成文日期，按 GB/T 9704 7.3.5 排好，写作 {{p 落款 }}",
    "署名": "发文机关署名，供自行排版",
    "成文日期": "成文日期，供自行排版",
    "附注": "附注，带圆括号",
    "抄送": "抄送机关，带句号",
    "印发机关": "印发机关，只有文件格式有",
    "印发日期": "印发日期，带“印发”二字",
    "草稿": "是草稿时为真",
}
"""Every name a layout may use, and what it holds."""

USES: Final[Mapping[str, tuple[str, ...]]] = {
    "正文": (*TABLE_STYLES, *CHARACTER_STYLES.values(), "间隔", "图", "图题"),
    "落款": ("署名", "成文日期"),
    "机关标志": ("发文机关标志",),
}
"""Styles that the program itself names, by the layout name that brings them in."""

_LEVELS: Final = ("", "一级标题", "二级标题", "三级标题", "四级标题")
_ALIGNED: Final = {Align.BODY: "正文", Align.FLUSH: "顶格", Align.CENTER: "居中", Align.RIGHT: "居右"}
_NOTHING: Final = Markup()


@dataclass(frozen=True, slots=True)
class Styles:
    """What the program needs to know of a layout's styles."""

    ids: Mapping[str, str]
    """Id by name; Word gives styles new ids when it saves."""
    head_size: float
    """Of the 发文机关标志, in points."""


@dataclass(frozen=True, slots=True)
class Segment:
    """段: one block of the body."""

    样式: str
    文字: Markup = _NOTHING
    表格: Markup = _NOTHING
    """A table or a figure, with its paragraphs."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: one line of the 附件说明."""

    序号: Markup
    名称: Markup


def context(document: Document, styles: Styles) -> dict[str, Any]:
    """The names and values of *document* for a layout with *styles*; every text is escaped."""
    printer, printed = wording.printed_text(document)
    day = date_text(document.date) if document.date else ""
    signed = document.layout == "upward"
    return {
        "标题": Markup('</w:t><w:br/><w:t xml:space="preserve">').join(
            escaped(line) for line in wording.title_lines(document)
        ),
        "文种": escaped(document.kind_title),
        "机关标志": _head(document.head, styles.head_size),
        "发文字号": escaped(document.number),
        "份号": escaped(document.copy_number),
        "密级": escaped(document.secrecy),
        "紧急程度": escaped(document.urgency),
        "签发人": escaped(document.signer if signed else ""),
        "主送": escaped(wording.addressee_text(document)),
        "正文": _segments(document, styles.ids),
        "附件说明": [
            Attachment(escaped(n), escaped(name)) for _, n, name in wording.attachment_texts(document)
        ],
        "落款": _signature(document.signatory, day, styles.ids),
        "署名": escaped(document.signatory),
        "成文日期": escaped(day),
        "附注": escaped(wording.note_text(document)),
        "抄送": escaped(wording.copies_text(document)),
        "印发机关": escaped(printer),
        "印发日期": escaped(printed),
        "草稿": document.draft,
    }


_MM: Final = 72 / 25.4
"""Points in a millimetre."""


def _head(head: str, size: float) -> Markup:
    """The 发文机关标志 as runs. *size* in points; the space between characters is not after the last."""
    if not head:
        return _NOTHING
    narrow, gap = narrowed(head, size / _MM)
    pieces = ((head[:-1], f'<w:spacing w:val="{gap * _MM * 20:.0f}"/>' if gap else ""), (head[-1:], ""))
    return Markup(  # noqa: S704
        "".join(
            f'<w:r><w:rPr>{spacing}<w:w w:val="{narrow * 100:.0f}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escaped(piece)}</w:t></w:r>'
            for piece, spacing in pieces
            if piece
        )
    )


_SLIP_ROWS: Final = 12
"""A return slip has no more rows; a longer table below a tear line runs over pages."""


def _segments(document: Document, ids: Mapping[str, str]) -> list[Segment]:
    measure = twips_of(document.layout)
    segments = [
        _segment(block, ids, place_, measure) for place_, block in enumerate(document.body, start=_OURS)
    ]
    if not segments:
        return segments
    for place_, (block, after) in enumerate(zip(document.body, (*document.body[1:], None), strict=True)):
        # A table needs a paragraph after it, or it grows into the next table (ECMA-376 17.4.37).
        if isinstance(block, Table) and (after is None or isinstance(after, Table)):
            gap = Markup(paragraph("", ids["间隔"]))  # noqa: S704
            segments[place_] = Segment("表格", 表格=segments[place_].表格 + gap)
        if isinstance(block, TearLine) and isinstance(after, Table) and len(after.rows) <= _SLIP_ROWS:
            slip = Markup(kept_together(str(segments[place_ + 1].表格)))  # noqa: S704
            segments[place_ + 1] = Segment("表格", 表格=slip)
    if document.signatory and segments[-1].样式 == "正文":
        segments[-1] = Segment("末段", segments[-1].文字)  # a signature never stands alone (7.3.5.5)
    return segments


_OURS: Final = 10_001
"""Numbers of drawings from here on are ours: higher than those of a layout."""


def _segment(block: Block, ids: Mapping[str, str], place_: int, measure: int) -> Segment:
    match block:
        case Paragraph():
            return Segment(_ALIGNED[block.align], Markup(runs(block.runs, ids)))  # noqa: S704
        case Heading():
            number = run(block.number) if block.number else ""
            return Segment(_LEVELS[block.level], Markup(number + runs(block.runs, ids)))  # noqa: S704
        case Table():
            return Segment("表格", 表格=Markup(table_xml(block, ids, measure)))  # noqa: S704
        case TearLine():
            return Segment("裁切线", escaped(block.text))
        case Figure():
            return Segment("表格", 表格=Markup(_figure(block, ids, place_)))  # noqa: S704


def _figure(figure: Figure, ids: Mapping[str, str], number: int) -> str:
    """The picture, kept with its caption below."""
    drawn = picture(relation(figure), number, width=figure.width, height=figure.height, alt=figure.alt)
    caption = paragraph(run(figure.text), ids["图题"]) if figure.text else ""
    kept = "<w:keepNext/>" if caption else ""
    return paragraph(drawn, ids["图"], kept) + caption


def relation(figure: Figure) -> str:
    """The name under which a docx refers to the picture of *figure*; like no name of a word processor's own."""
    return f"xfdocs-{figure.digest[:16]}"


def _signature(signatory: str, day: str, ids: Mapping[str, str]) -> Markup:
    """署名 and 成文日期 as paragraphs indented from the right (GB/T 9704 7.3.5.1)."""
    if not signatory and not day:
        return _NOTHING
    where = place(signatory, day)
    lines = ((signatory, "署名", where.signatory), (day, "成文日期", where.date))
    return Markup(  # noqa: S704
        "".join(paragraph(run(value), ids[style], _right(indent)) for value, style, indent in lines if value)
    )


def _right(characters: float) -> str:
    return f'<w:ind w:right="{characters * CHARACTER:.0f}"/>'
