"""The engines of an office, each prepared once in a process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.render.engine import Engine

if TYPE_CHECKING:
    from xfdocs.render.fonts import FontBook
    from xfdocs.render.pdf import PdfEngine


def engine_of(office: Office, fmt: str) -> Engine:
    """The engine that makes a format for an office, prepared once in a process.

    Raises:
        FontsMissing, LibraryMissing: the machine lacks what it needs.
    """
    return _docx_engine(office) if fmt == "docx" else pdf_engine_of(office)


def check_engines(office: Office, formats: Iterable[str]) -> None:
    """Before a number is taken: are the engines for these formats there? Raises as `engine_of`."""
    for fmt in formats:
        engine_of(office, fmt)


def pdf_engine_of(office: Office, by: PdfBy | None = None) -> PdfEngine:
    """The engine for PDF of an office: that of its choice, or *by*; prepared once in a process. Raises as `engine_of`."""
    return _pdf_engine(office, by or office.pdf_by)


def engine_again(office: Office, fmt: str, maker: str) -> Engine:
    """The engine that *maker* was when it made a file of that format, in the version that is here now. Raises as `engine_of`."""
    return pdf_engine_of(office, PdfBy.of(maker)) if fmt == "pdf" else engine_of(office, fmt)


@lru_cache(maxsize=8)
def _docx_engine(office: Office) -> Engine:
    from xfdocs.render.docx import DocxEngine

    return DocxEngine(_templates(office), fonts_of(office))


@lru_cache(maxsize=8)
def _pdf_engine(office: Office, by: PdfBy) -> PdfEngine:
    from xfdocs.render.pdf import pdf_engine

    return pdf_engine(by, fonts_of(office), _templates(office))


def _templates(office: Office) -> tuple[Path, ...]:
    return (office.folder / "templates",)


@lru_cache(maxsize=8)
def fonts_of(office: Office) -> FontBook:
    """The fonts an office's documents are printed with. Raises `FontsMissing` if they are not prepared."""
    from xfdocs.render.fonts import FontBook

    return FontBook.find(office.fonts)
