"""A book as it is printed: one long table across A4 pages, head rows and page totals on every page.

Whoever makes it has worked out every text, those of the page totals too: a row says how the total of a page begins
if it is the first on it, and how it ends if it is the last.
"""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from xfdocs.document.tokens import lines
from xfdocs.render.fonts import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from xfdocs.render.glyphs import Printed
    from xfdocs.render.pdf import PdfEngine

LAYOUT = "_ledger"
MEASURE = 267.0
"""Width of the table in mm: A4 across, 15 mm left and right."""
_LARGEST, _SMALLEST = 10.5, 7.0
"""Points: 五号, and what can still be read."""
_DATE = 11
"""Width of a column of dates in half characters; their ten figures must stand on one line."""
_PADDING = 1.4
"""Millimetres of a cell that hold no text."""
_MM = 25.4 / 72
_FIXED = "填表人：审核人：填表日期：第 页　共0123456789"


@dataclass(frozen=True, slots=True)
class LedgerCell:
    """A cell; *centred* are numbers and dates."""

    text: str
    centred: bool = False

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return lines(self.text)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row with what it contributes to the total of its page."""

    cells: tuple[LedgerCell, ...]
    begins: str
    """Where it is the first of a page: 本页第21"""
    ends: str
    """Where it is the last: 至40件，累计40件."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One book, or one volume of it."""

    title: str
    volume: str = ""
    """（二）; empty if the book has but one."""
    organ: str
    unit: str
    """What its rows are counted in."""
    period: str
    days: str = ""
    """（2026-09-01至2026-09-30）; empty if *period* says so."""
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    """Of the columns, in characters half as wide as a 汉字."""
    rows: tuple[LedgerRow, ...]
    closing: tuple[tuple[str, ...], ...] = ()
    """The rows of totals at its end."""
    notes: tuple[str, ...] = ()
    mark: str
    """Tells books of ours from others."""
    day: date
    """The day it bears: the latest in it."""


def print_ledger(ledger: Ledger, engine: PdfEngine) -> bytes:
    """The book as PDF/A; see `xfdocs.render.engine.Engine.render` for the errors."""
    facts = {"b": ledger, "size": _size(ledger), "widths": _widths(ledger)}
    texts = list(_texts(ledger))
    return engine.typeset(LAYOUT, facts, texts, day=ledger.day, what=f"{ledger.title}{ledger.volume}")


def _widths(ledger: Ledger) -> list[float]:
    total = sum(ledger.widths)
    return [round(MEASURE * width / total, 3) for width in ledger.widths]


def _size(ledger: Ledger) -> float:
    """Size of the letters in points, such that a date fits into a column as wide as dates are given."""
    column = MEASURE * _DATE / sum(ledger.widths)
    fitting = (column - _PADDING) / (10 * 0.5 * _MM)
    return round(max(_SMALLEST, min(_LARGEST, fitting)), 2)


def _texts(ledger: Ledger) -> Iterator[Printed]:
    """Everything that is printed."""
    yield Role.XBS, "标题", ledger.title + ledger.volume
    yield Role.SONG, "页眉", ledger.title + ledger.volume
    yield Role.SONG, "标题下", ledger.period + ledger.days + f"单位：{ledger.unit}"
    yield Role.SONG, "页脚", _FIXED
    for head in ledger.heads:
        yield Role.HEI, "表头", head
    for row in ledger.rows:
        number = row.cells[0].text
        yield Role.SONG, "页脚", row.begins + row.ends
        for head, cell in zip(ledger.heads, row.cells, strict=True):
            yield Role.SONG, f"第 {number} 行“{head}”", cell.text
    for closing in ledger.closing:
        yield Role.HEI, "合计", "".join(closing)
    for note in ledger.notes:
        yield Role.SONG, "附注", note


_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DAYS = re.compile(rb"<xmp:(?:Create|Modify)Date>([^<]*)<")


def untouched(pdf: bytes, mark: str) -> bool:
    """Whether a PDF is a book as it was written here: who marks it up adds to its end, who saves it changes its dates."""
    if pdf.count(b"%%EOF") != 1 or not pdf.rstrip().endswith(b"%%EOF"):
        return False
    about = _about(pdf)
    days = _DAYS.findall(about)
    return f">{escape(mark)}<".encode() in about and len(days) == 2 and len(set(days)) == 1


def _about(pdf: bytes) -> bytes:
    """What a PDF says about itself in XMP, packed or as it stands; empty if nothing."""
    for start in _STREAM.finditer(pdf):
        data = pdf[start.end() : pdf.find(b"endstream", start.end())]
        with suppress(zlib.error):
            data = zlib.decompressobj().decompress(data)
        if b"xmpmeta" in data:
            return data
    return b""
