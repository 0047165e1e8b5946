"""PDF/A-3a: what both engines that make it have in common, and which of them an office prints with.

WeasyPrint prints layouts of HTML and CSS, and is the default.  Typst prints layouts of its own, several times as fast and
without a library of the system.  A document comes out of both with the same words in the same places, its
XML inside it; only where a line or page ends may differ.
"""

from __future__ import annotations

from contextlib import contextmanager, redirect_stdout
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, Protocol

from xfdocs.errors import LibraryMissing
from xfdocs.pdf_by import PdfBy
from xfdocs.render.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xfdocs.render.fonts import FontBook
    from xfdocs.render.glyphs import Printed

NO_DATE: Final = date(1980, 1, 1)
"""Stands for the date of a document without 成文日期, as in the docx package."""
VARIANT: Final = "a-3a"
SOURCE_NAME: Final = "文书.xml"
SOURCE_ABOUT: Final = "本文书的 XML，供程序读取"


NO_PANGO: Final = (
    "请安装：sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0；"
    "或者改用 Typst：运行 `pip install 'xfdocs[typst]'`，并在 xfdocs.toml 的 [render] 一节写 pdf_engine = \"typst\"，"
    "只用一次的，在命令后面加 --pdf-engine typst。"
)


class PdfEngine(Engine, Protocol):
    """An engine for PDF: documents, and pages that are none."""

    def typeset(
        self, layout: str, facts: Mapping[str, Any], texts: Sequence[Printed], *, day: date, what: str
    ) -> bytes:
        """Pages that are no Document: *facts* fill ``_layouts/<layout>/``, *texts* are all they print.

        *day* is the day they bear, *what* names them in errors; see `Engine.render` for those.
        """
        ...


def pdf_engine(by: PdfBy, fonts: FontBook, templates: Sequence[Path] = ()) -> PdfEngine:
    """An engine of that make; *templates* are the office's own folders of layouts.

    Raises:
        LibraryMissing: it is not installed, or lacks a library of the system.
    """
    if by is PdfBy.TYPST:
        from xfdocs.render.typst_engine import TypstEngine

        return TypstEngine(fonts, templates)
    with importing_weasyprint():
        from xfdocs.render.weasyprint_engine import WeasyPrintEngine
    return WeasyPrintEngine(fonts, templates)


@contextmanager
def importing_weasyprint() -> Iterator[None]:
    """WeasyPrint is imported in the block; what it would print on standard output of a library it lacks is an error instead.

    Raises:
        LibraryMissing: it lacks one.
    """
    try:
        with redirect_stdout(StringIO()):
            yield
    except OSError as error:
        raise LibraryMissing(library="Pango", what="用 WeasyPrint 生成 PDF", mend=NO_PANGO) from error
