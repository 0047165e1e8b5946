"""Rendered examples, each made once per test run, and what the tests ask of them."""

from __future__ import annotations

from functools import cache

from tests.render.examples import EXAMPLES
from tests.tools import needs
from xfdocs.document.model import Document, Table
from xfdocs.errors import FontsMissing
from xfdocs.render.fonts import PREPARE, FontBook
from xfdocs.render.geometry import PageGeometry, measure
from xfdocs.render.pdf import PdfEngine


@cache
def fonts() -> FontBook:
    try:
        return FontBook.find()
    except FontsMissing:
        needs("fonts", found=False, why=f"Run {PREPARE} --fetch.")
        raise


@cache
def engine() -> PdfEngine:
    return PdfEngine(fonts())


@cache
def pdf(name: str) -> bytes:
    return engine().render(EXAMPLES[name])


@cache
def pages(name: str) -> tuple[PageGeometry, ...]:
    return measure(pdf(name))


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
