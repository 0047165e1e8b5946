"""The engines of an office, each prepared once in a process."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xfdocs.office import Office
from xfdocs.render.engine import Engine

if TYPE_CHECKING:
    from xfdocs.render.fonts import FontBook


@lru_cache(maxsize=8)
def engine_of(office: Office, fmt: str) -> Engine:
    """The engine that makes a format for an office, prepared once in a process.

    Raises:
        FontsMissing, LibraryMissing: the machine lacks what it needs.
    """
    fonts = fonts_of(office)
    templates = (office.folder / "templates",)
    if fmt == "docx":
        from xfdocs.render.docx import DocxEngine

        return DocxEngine(templates, fonts)
    from xfdocs.render.pdf import PdfEngine

    return PdfEngine(fonts, templates)


@lru_cache(maxsize=8)
def fonts_of(office: Office) -> FontBook:
    """The fonts an office's documents are printed with. Raises `FontsMissing` if they are not prepared."""
    from xfdocs.render.fonts import FontBook

    return FontBook.find(office.fonts)
