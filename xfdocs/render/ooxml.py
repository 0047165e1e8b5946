"""Small pieces of WordprocessingML (ECMA-376 part 1, 17): units, escaped text, runs.

A value goes into a docx as `escaped` text or as a ready piece of XML, and both are `markupsafe.Markup`:
Jinja inserts them as they are and escapes everything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from xfdocs.document.model import Emphasis
from xfdocs.errors import RenderFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xfdocs.document.model import Run

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

TWIPS_PER_MM: Final = 1440 / 25.4
CHARACTER: Final = 316
"""One character of the page's grid in twips: 156 mm / 28 = 15.79 pt (GB/T 9704 5.2.3)."""

_ODD = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff&<>\"']")
_BREAKS: Final = {
    "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
    "\n": '</w:t><w:br/><w:t xml:space="preserve">',
}

CHARACTER_STYLES: Final = {Emphasis.STRONG: "突出（黑体）", Emphasis.KAI: "突出（楷体）"}
"""The names of the character styles of emphasised runs."""


def twips(mm: float) -> int:
    """*mm* in twentieths of a point, the unit of page and paragraph measures."""
    return round(mm * TWIPS_PER_MM)


def emu(mm: float) -> int:
    """*mm* in English metric units, the unit of drawings: 36 000 to the millimetre."""
    return round(mm * 36000)


def escaped(value: str) -> Markup:
    """*value* as the content of a ``w:t``; a tab or line break becomes Word's own.

    Raises:
        RenderFault: it holds a control character, which no XML file can carry.
    """
    return Markup(_content(value))  # noqa: S704


def _content(value: str) -> str:
    if not _SPECIAL.search(value):  # nearly always: a table has hundreds of values
        return value
    return "".join(_part(part, value) for part in re.split(f"({_ODD.pattern})", value))


def _part(part: str, value: str) -> str:
    if not _ODD.fullmatch(part):
        return str(escape(part))
    if part not in _BREAKS:
        raise RenderFault(
            message=f"“{value[:20]!r}”中有不能印出的控制字符 U+{ord(part):04X}，请在案件记录中删去。"
        )
    return _BREAKS[part]


def run(value: str, style: str = "") -> str:
    """A ``w:r`` with *value*, in the character style of that id; nothing for no text."""
    if not value:
        return ""
    if style:
        return f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:t xml:space="preserve">{_content(value)}</w:t></w:r>'
    return f'<w:r><w:t xml:space="preserve">{_content(value)}</w:t></w:r>'


def runs(pieces: Sequence[Run], ids: Mapping[str, str]) -> str:
    """The runs of a paragraph; *ids* are the layout's style ids by name."""
    if len(pieces) == 1 and pieces[0].emphasis is Emphasis.NONE:  # nearly always
        return run(pieces[0].text)
    return "".join(
        [
            run(piece.text)
            if piece.emphasis is Emphasis.NONE
            else run(piece.text, ids[CHARACTER_STYLES[piece.emphasis]])
            for piece in pieces
        ]
    )


def sized(pieces: Sequence[Run], ids: Mapping[str, str], points: float) -> str:
    """The runs of a paragraph in letters of a size of their own."""
    size = f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
    return "".join(
        f"<w:r><w:rPr>{_face(piece, ids)}{size}</w:rPr>"
        f'<w:t xml:space="preserve">{_content(piece.text)}</w:t></w:r>'
        for piece in pieces
        if piece.text
    )


def _face(piece: Run, ids: Mapping[str, str]) -> str:
    if piece.emphasis is Emphasis.NONE:
        return ""
    return f'<w:rStyle w:val="{ids[CHARACTER_STYLES[piece.emphasis]]}"/>'


def paragraph(content: str, style: str, properties: str = "") -> str:
    """A ``w:p`` of ready runs in the paragraph style of that id; *properties* follow ``w:pStyle``."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_PICTURE: Final = f"{_DRAWING}/picture"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(relation: str, number: int, *, width: float, height: float, alt: str) -> str:
    """A ``w:r`` with the picture of that relationship in the line (ECMA-376 part 1, 20.4.2.8).

    *width* and *height* in mm; *number* tells it from the document's other drawings; *alt* is what is
    read to whoever cannot see it.
    """
    size = f'cx="{emu(width)}" cy="{emu(height)}"'
    said = escape(" ".join(alt.split()))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{number}" name="{relation}" descr="{said}"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_PICTURE}"><pic:pic xmlns:pic="{_PICTURE}">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{relation}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{_RELATIONS}" r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
