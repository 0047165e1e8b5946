"""Rendered examples, each made once per test run, and what the tests ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from tests.render.examples import EXAMPLES
from tests.tools import needs
from xfdocs.document.model import Document, Table
from xfdocs.errors import FontsMissing
from xfdocs.render.fonts import PREPARE, FontBook
from xfdocs.render.geometry import PageGeometry, measure
from xfdocs.render.pdf import PdfBy, PdfEngine, pdf_engine

_by = [PdfBy.WEASYPRINT]


@contextmanager
def made_by(by: PdfBy) -> Iterator[None]:
    """The engine that makes the examples while the block runs; before and after it is the usual one."""
    _by.append(by)
    try:
        yield
    finally:
        _by.pop()


@cache
def fonts() -> FontBook:
    try:
        return FontBook.find()
    except FontsMissing:
        needs("fonts", found=False, why=f"Run {PREPARE} --fetch.")
        raise


def current() -> PdfBy:
    """The engine that makes the examples now."""
    return _by[-1]


def engine() -> PdfEngine:
    return _engine(current())


def pdf(name: str) -> bytes:
    return _pdf(name, current())


def pages(name: str) -> tuple[PageGeometry, ...]:
    return _pages(name, current())


@cache
def _engine(by: PdfBy) -> PdfEngine:
    return pdf_engine(by, fonts())


@cache
def _pdf(name: str, by: PdfBy) -> bytes:
    return _engine(by).render(EXAMPLES[name])


@cache
def _pages(name: str, by: PdfBy) -> tuple[PageGeometry, ...]:
    return measure(_pdf(name, by))


def once(text: str, document: Document) -> str:
    """*text* with the head rows of tables only where they stand first: on later pages they repeat."""
    for block in document.body:
        if isinstance(block, Table):
            head = "".join(
                "".join(paragraph.text.split())
                for row in block.rows
                if row.head
                for cell in row.cells
                for paragraph in cell.paragraphs
            )
            before, found, after = text.partition(head) if head else (text, "", "")
            text = before + found + after.replace(head, "") if head else text
    return text
