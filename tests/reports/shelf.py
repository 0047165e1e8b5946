"""Books written from records, for the tests of books."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import sqlalchemy as sa

from tests.render import pdfs
from tests.samples.corpus import TODAY
from xfdocs.office import Office
from xfdocs.reports.book_files import Written, write_book, write_correspondence
from xfdocs.reports.book_rows import Changed, Row, rows_of
from xfdocs.reports.books import book_called
from xfdocs.reports.reporting import index_of
from xfdocs.rules.period import Period


@contextmanager
def index(office: Office, on: dt.date = TODAY) -> Iterator[sa.Connection]:
    with index_of(office, on=on) as (connection, _):
        yield connection


def rows(office: Office, name: str, period: str, **more: Any) -> list[dict[str, Any]]:
    """The rows of a book by the heads of their columns."""
    book = book_called(name, office)
    heads = [column.head for column in book.columns]
    with index(office) as connection:
        found: list[Row | Changed] = list(
            rows_of(book, Period.parse(period), TODAY, office, connection, **more)
        )
    assert not [one for one in found if isinstance(one, Changed)]
    return [dict(zip(heads, row, strict=True)) for row in found if isinstance(row, tuple)]


def write(office: Office, name: str, period: str, folder: Path, **more: Any) -> Written:
    """The files of a book, printed with the engine that makes the examples."""
    office = office.printing_with(pdfs.current())
    book, span = book_called(name, office), Period.parse(period)
    if book.correspondence:
        return write_correspondence(book, span, folder, office, **more)
    with index(office) as connection:
        return write_book(book, span, folder, office, connection, on=TODAY, **more)


def sheet(path: Path) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet, its closing row too."""
    head, *body = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def pages(path: Path) -> list[str]:
    """The text of each page, without blanks."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()
