"""Document → docx through docxtpl layouts.

A layout is compiled once, see `xfdocs.render.docx_layout`.  A render fills it and joins the result
to the unchanged parts, which stay packed as they lie in the layout file.  Nothing reads a clock, and
what is new is stored unpacked, so the same document gives the same bytes on any day and machine.
"""

from __future__ import annotations

import zipfile
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING, Final

from markupsafe import escape

from xfdocs.errors import LayoutInvalid
from xfdocs.render.docx_context import context, relation
from xfdocs.render.docx_layout import Layout
from xfdocs.render.pictures import pictures
from xfdocs.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xfdocs.document.model import Document
    from xfdocs.render.fonts import FontBook

_OPTIONAL: Final = frozenset({"文种", "机关标志"})
"""Names a layout may leave out although the document has a value for them."""
_INSTEAD: Final = {"署名": ("落款",), "成文日期": ("落款",), "落款": ("署名", "成文日期")}
"""What prints a value under another name."""


class DocxEngine:
    """The docx engine, see `xfdocs.render.engine.Engine`.

    *templates* are the folders that may hold ``<kind>/layout.docx`` and ``_layouts/<layout>/``, an
    office's own before the shipped one. With *fonts*, a character that none of them can print is
    refused as it is for PDF; without, what can be printed is left to the machine that opens the file.
    """

    format = "docx"
    maker = f"docxtpl {version('docxtpl')}"

    def __init__(self, templates: Sequence[Path] = (), fonts: FontBook | None = None) -> None:
        self._folders = (*templates, shipped("templates"))
        self._fonts = fonts
        self._layouts: dict[tuple[str, str], Layout] = {}

    def render(self, document: Document) -> bytes:
        """*document* as docx.

        Raises:
            GlyphMissing: a character that no font has.
            LayoutInvalid: the layout has a fault, or no place for something the document says.
            RenderFault: a control character, a table whose cells do not fit together, a picture that is
                missing or larger than a page.
        """
        if self._fonts is not None:
            from xfdocs.render.glyphs import check_glyphs  # fonts only where they are asked for

            check_glyphs(document, self._fonts)
        drawn = {relation(figure): figure.png for figure in pictures(document)}
        layout = self.layout(document.kind, document.layout)
        values = context(document, layout.styles)
        for name in layout.unused:
            stands_in = any(other not in layout.unused for other in _INSTEAD.get(name, ()))
            if values[name] and name not in _OPTIONAL and not stands_in:
                raise LayoutInvalid(
                    file=layout.path,
                    what=f"{document.case} 的{document.kind_title}有“{name}”，版式里没有印它的地方。",
                )
        return layout.fill(values, core_xml(document), drawn)

    def layout(self, kind: str, name: str) -> Layout:
        """The compiled layout of a kind: its own if it has one, else the common one of that name."""
        key = kind, name
        if key not in self._layouts:
            places = [
                folder / part / "layout.docx"
                for part in (kind, f"_layouts/{name}")
                for folder in self._folders
            ]
            found = next((path for path in places if path.is_file()), places[-1])
            self._layouts[key] = Layout(found)
        return self._layouts[key]


def core_xml(document: Document) -> bytes:
    """``core.xml``: title, issuing organ, and the date of the document instead of a clock's."""
    moment = f"{document.date.isoformat()}T00:00:00Z" if document.date else ""
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
        if moment
    )
    return (
        f"{_CORE_HEAD}<dc:title>{_words(document.title)}</dc:title>"
        f"<dc:subject>{_words(document.kind_title)}</dc:subject>"
        f"<dc:creator>{_words(document.signatory or document.issuer)}</dc:creator>"
        f"<dc:language>{_words(document.language)}</dc:language>{dates}</cp:coreProperties>"
    ).encode()


def untouched(content: bytes) -> bool:
    """Whether a docx is as it was rendered: Word, WPS and LibreOffice write a ``core.xml`` of their own on saving."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            core = package.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
    return core.startswith(_CORE_HEAD.encode()) and b"lastModifiedBy" not in core


_CORE_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def _words(value: str) -> str:
    return str(escape(" ".join(value.split())))
