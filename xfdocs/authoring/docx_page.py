"""The page of the docx layouts: the sheet with its grid, headers and footers, red rules, the package.

All positions are those of GB/T 9704-2012 as one measures them with a ruler on the printed sheet.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from xfdocs.authoring.docx_styles import LINE, RED, XML, font_table_xml, settings_xml, styles_xml, theme_xml
from xfdocs.render.measures import ACROSS
from xfdocs.render.ooxml import CHARACTER, TWIPS_PER_MM, W, emu, twips

if TYPE_CHECKING:
    from collections.abc import Mapping

# Paper and 版心 (GB/T 9704 5.1, 5.2.1). The box that a word processor fills is higher than the ink by what
# its lines keep free above and below the characters (GB/T 33476.2 has 34.58 and 32.58 mm for lines with
# the characters in the middle; here they stand lower, see `ABOVE`).
WIDTH, HEIGHT = 11906, 16838
LEFT, RIGHT = twips(28), WIDTH - twips(28) - 28 * CHARACTER
TOP: Final = twips(33.5)
BOTTOM: Final = HEIGHT - TOP - 22 * LINE - 5
CHAR_SPACE: Final = -847
"""28 × (16 pt − 847/4096 pt) = 442.2 pt = 156 mm (ECMA-376 17.6.5; GB/T 9704 5.2.3)."""
HEADER: Final = twips(15)
FOOTER: Final = twips(24.7)
"""Puts the dashes of the page number 7 mm below the 版心 (GB/T 9704 7.5)."""

BASELINE: Final = 0.8
"""Where a line of exact height has its baseline, in Word as in LibreOffice."""
INK: Final = (0.805, 0.94)
"""Of a Chinese character in its own size: ink above the baseline, and the whole height of the ink.

Between the faces of offices and those of open fonts, whose ink stands up to 0.04 higher or lower.
"""
ABOVE: Final = (BASELINE * LINE - INK[0] * 320) / TWIPS_PER_MM
"""From the top of a line of text to the ink of its 三号 characters, in mm."""
BELOW: Final = (LINE - BASELINE * LINE + (INK[0] - INK[1]) * 320) / TWIPS_PER_MM
"""From that ink to the foot of the line."""

_NAMESPACES: Final = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def line(style: str, text: str = "", properties: str = "") -> str:
    """A paragraph of the template: *text*, with its tags, in a named style."""
    words = (
        '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">' + text + "</w:t></w:r>"
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{words if text else ""}</w:p>'


def order(tag: str) -> str:
    """A paragraph that only steers, such as ``{%p if 主送 %}``; nothing of it is printed."""
    return line("模板指令", tag.replace("<", "&lt;"))


def frame(*, y: float, width: float, x: float | None = None, height: float = 0.0, align: str = "left") -> str:
    """``w:framePr``: the paragraph stands *y* mm from the top of the sheet, out of the flow of text.

    With a *height*, no text stands beside the frame: the flow begins below it.
    """
    across = (
        f'w:hAnchor="page" w:x="{twips(x)}"' if x is not None else f'w:hAnchor="margin" w:xAlign="{align}"'
    )
    high = f'w:h="{twips(height)}" w:hRule="exact" w:wrap="notBeside"' if height else 'w:wrap="around"'
    return f'<w:framePr w:w="{twips(width)}" {high} w:vAnchor="page" {across} w:y="{twips(y)}"/>'


def bar(number: int, name: str, *, y: float, height: float, x: float = 20, width: float = 170) -> str:
    """A red bar by the millimetre on the sheet, in a run; for Word, WPS and what came before them."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="1" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{emu(y)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{emu(width)}" cy="{emu(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:wrapNone/><wp:docPr id="{number}" name="{name}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{emu(width)}" cy="{emu(height)}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{RED}"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:rect id="{name}" style="position:absolute;margin-left:{x}mm;margin-top:{y}mm;width:{width}mm;'
        f'height:{height}mm;z-index:-1;mso-position-horizontal-relative:page;mso-position-vertical-relative:page" '
        f'fillcolor="#{RED}" stroked="f"/></w:pict></mc:Fallback></mc:AlternateContent></w:r>'
    )


@dataclass(frozen=True, slots=True)
class Page:
    """What differs between the layouts."""

    body: str
    """The paragraphs of the template."""
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Styles that are otherwise in this layout: by name, the fields of `Style`."""
    first_header: str = ""
    """Follows the draft mark on page one; then page one has no number (GB/T 9704 10.1)."""
    numbered: bool = True
    """A label, a cover has no page number."""
    across: bool = False
    """The sheet lies across: a table of many columns."""

    def docx(self) -> bytes:
        """The whole layout file."""
        return package(self._parts())

    def _parts(self) -> dict[str, str]:
        kinds = ["default", "even"] + (["first"] if self.first_header else [])
        empty = '<w:p><w:pPr><w:pStyle w:val="header"/></w:pPr></w:p>'
        mark = (
            order("{%p if 草稿 %}")
            + line("草稿标记", "草稿")
            + order("{%p else %}")
            + empty
            + order("{%p endif %}")
        )
        headers = dict.fromkeys(kinds, mark)
        nothing = '<w:p><w:pPr><w:pStyle w:val="footer"/></w:pPr></w:p>'
        footers = {"default": _number("页码"), "even": _number("页码（双页）")}
        if not self.numbered:
            footers = dict.fromkeys(footers, nothing)
        if self.first_header:
            headers["first"] += self.first_header
            footers["first"] = nothing
        edges = {f"header{n}.xml": _root("hdr", headers[kind]) for n, kind in enumerate(kinds, 1)}
        edges |= {f"footer{n}.xml": _root("ftr", footers[kind]) for n, kind in enumerate(kinds, 1)}
        parts = {
            "[Content_Types].xml": _content_types(list(edges)),
            "_rels/.rels": _relations(
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
            ),
            "docProps/app.xml": f"{XML}<Properties "
            'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            "<Application>xfdocs</Application></Properties>",
            "docProps/core.xml": f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>版式</dc:title></cp:coreProperties>',
            "word/document.xml": _root(
                "document", f"<w:body>{self.body}{_section(kinds, across=self.across)}</w:body>"
            ),
            "word/_rels/document.xml.rels": _relations(
                *((f"{_OFFICE}/{part}", target) for part, target in _FIXED),
                *((f"{_OFFICE}/{name[:6]}", name) for name in edges),
            ),
            "word/styles.xml": styles_xml(self.changes),
            "word/settings.xml": settings_xml(),
            "word/fontTable.xml": font_table_xml(),
            "word/theme/theme1.xml": theme_xml(),
        }
        return parts | {f"word/{name}": xml for name, xml in edges.items()}


_FIXED = (
    ("styles", "styles.xml"),
    ("settings", "settings.xml"),
    ("fontTable", "fontTable.xml"),
    ("theme", "theme/theme1.xml"),
)


def _root(name: str, content: str) -> str:
    return f"{XML}<w:{name} {_NAMESPACES}>{content}</w:{name}>"


def _number(style: str) -> str:
    """— 1 —: a dash on each side of a real page-number field (GB/T 9704 7.5)."""
    pieces = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(f"<w:r>{piece}</w:r>" for piece in pieces)}</w:p>'


def _section(kinds: list[str], *, across: bool) -> str:
    first = len(_FIXED) + 1
    references = "".join(
        f'<w:{edge}Reference w:type="{kind}" r:id="rId{first + shift * len(kinds) + n}"/>'
        for shift, edge in enumerate(("header", "footer"))
        for n, kind in enumerate(kinds)
    )
    size = f'<w:pgSz w:w="{WIDTH}" w:h="{HEIGHT}"/>'
    top, right, bottom, left = TOP, RIGHT, BOTTOM, LEFT
    if across:
        size = f'<w:pgSz w:w="{HEIGHT}" w:h="{WIDTH}" w:orient="landscape"/>'
        left = twips((297 - ACROSS) / 2)
        top, right, bottom = twips(28), HEIGHT - left - twips(ACROSS), twips(27)
    return (
        f"<w:sectPr>{references}{size}"
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{HEADER}" '
        f'w:footer="{twips(15) if across else FOOTER}" w:gutter="0"/><w:cols w:space="425"/>{"<w:titlePg/>" if "first" in kinds else ""}'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{CHAR_SPACE}"/></w:sectPr>'
    )


def _relations(*pairs: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs, 1)
    )
    return f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _content_types(edges: list[str]) -> str:
    named = [
        ("word/document.xml", f"{_MAIN}.document.main+xml"),
        ("word/styles.xml", f"{_MAIN}.styles+xml"),
        ("word/settings.xml", f"{_MAIN}.settings+xml"),
        ("word/fontTable.xml", f"{_MAIN}.fontTable+xml"),
        ("word/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
        *((f"word/{name}", f"{_MAIN}.{name[:6]}+xml") for name in edges),
    ]
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in named)
    return (
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def package(parts: dict[str, str]) -> bytes:
    """A zip of *parts* in their order, with the date Word itself writes: no clock in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            file.writestr(entry, xml.encode())
    return target.getvalue()
