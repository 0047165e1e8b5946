"""Document → PDF/A-3a through Typst.

What documents share is prepared once: a folder of layouts and fonts (`xfdocs.render.typst_project`) and a compiler that
keeps the fonts in memory.  A document reaches its layout as JSON.  Nothing reads a clock, a
font of the system or a file outside that folder, and the same document gives the same bytes on any day.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, cast

from xfdocs.document.xml import document_xml
from xfdocs.errors import LayoutInvalid, LibraryMissing, RenderWarned
from xfdocs.render.glyphs import check_glyphs, check_texts
from xfdocs.render.pdf import NO_DATE, SOURCE_NAME, VARIANT
from xfdocs.render.pictures import pictures
from xfdocs.render.typst_data import DATA, as_data, document_data
from xfdocs.render.typst_project import Project
from xfdocs.resources import shipped

try:
    import typst
except ImportError as error:
    raise LibraryMissing(
        library="typst", what="用 Typst 生成 PDF", mend="请运行 `pip install 'xfdocs[typst]'`。"
    ) from error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from xfdocs.document.model import Document
    from xfdocs.render.fonts import FontBook
    from xfdocs.render.glyphs import Printed


_UTF8_NAME = f"<{SOURCE_NAME.encode().hex()}>".upper().encode()
_ASCII_NAME = f"<{b'wenshu.xml'.hex()}>".upper().encode()
"""The name of the attachment for old readers: Typst writes UTF-8 where they read no such thing; this one is as long."""

_REMEMBERED: Final = 11
"""Typst remembers what it worked out in so many runs, in case the next is much the same."""


class TypstEngine:
    """The Typst engine, see `xfdocs.render.pdf.PdfEngine`.

    *templates* are the folders that may hold ``<kind>/layout.typ`` and ``_layouts/<layout>/layout.typ``, an
    office's own before the shipped one; each file is taken from the first that has it.
    """

    format = "pdf"
    maker = f"typst {version('typst')}"

    def __init__(self, fonts: FontBook, templates: Sequence[Path] = ()) -> None:
        self._fonts = fonts
        self._templates = tuple(templates)

    def render(self, document: Document) -> bytes:
        """*document* as PDF/A-3a; see `Engine.render` for the errors."""
        check_glyphs(document, self._fonts)
        pictures(document)
        layout = self._project.layout(document.kind, f"_layouts/{document.layout}")
        day = document.date or NO_DATE
        data = document_data(document, day, document_xml(document).decode())
        return self._write(layout, data, day, f"{document.case} 的{document.kind_title}")

    def typeset(
        self, layout: str, facts: Mapping[str, Any], texts: Sequence[Printed], *, day: date, what: str
    ) -> bytes:
        """Pages that are no Document, see `xfdocs.render.pdf.PdfEngine.typeset`."""
        check_texts(texts, self._fonts, what)
        path = self._project.layout(f"_layouts/{layout}")
        pdf = self._write(path, as_data(facts, day), day, what)
        self._forget()
        return pdf

    def _forget(self) -> None:
        """Give back what Typst remembers of long pages: 200 MB of each volume of a book."""
        for _ in range(_REMEMBERED):
            self._compiler.compile(input=b"")

    def _write(self, layout: Path, data: str, day: date, what: str) -> bytes:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        # Files in memory, which the type hints of typst do not know.  What is handed over as ``sys.inputs`` costs
        # 1.6 ms a document more: Typst builds its library anew for it.
        files: Any = {"main.typ": f'#include "/{self._name(layout)}"'.encode(), DATA: data.encode()}
        try:
            pdf, warnings = self._compiler.compile_with_warnings(
                input=files, format="pdf", pdf_standards=[VARIANT], timestamp=moment
            )
        except typst.TypstError as fault:
            raise LayoutInvalid(file=self._name(layout), what=self._said(fault)) from fault
        if warnings:
            raise RenderWarned(what=what, warning="；".join(dict.fromkeys(one.message for one in warnings)))
        return cast("bytes", pdf).replace(_UTF8_NAME, _ASCII_NAME)

    # --- what documents share ---------------------------------------------------------------------

    @cached_property
    def _project(self) -> Project:
        return Project(self._fonts, self._templates, shipped("templates"))

    @cached_property
    def _compiler(self) -> typst.Compiler:
        nowhere = self._project.root / "none"  # no layout gets to ask for a package; there would be none
        return typst.Compiler(
            root=self._project.root,
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=list(self._project.fonts),
            ),
            ignore_system_fonts=True,
            package_path=nowhere,
            package_cache_path=nowhere,
        )

    def _name(self, layout: Path) -> str:
        return layout.relative_to(self._project.root).as_posix()

    def _said(self, fault: typst.TypstError) -> str:
        """What Typst found wrong, and in which line of which layout."""
        root = self._project.root
        where = re.findall(rf"┌─ .*{re.escape(root.name)}/(.*)", fault.diagnostic)
        return "；".join([fault.message.replace(f"{root}/", ""), *where[:1], *fault.hints])
