"""Tables of a report → tables as documents print them."""

from __future__ import annotations

from itertools import count

from xfdocs.document import model as printed
from xfdocs.document.blocks import MEASURE
from xfdocs.document.model import Align, Block, Cell, Paragraph, Row, Run
from xfdocs.reports.model import DASH, Line, Part, Table

_NARROWEST, _WIDEST = 26.0, 60.0
"""mm: the first column takes what its longest head needs, within these."""
_CHARACTER = 4.3
"""mm: a 汉字 of the tables' size, with a little room."""
_PADDING = 4.0


class Blocks:
    """Tables of one report on their way to paper; counts them: 表1, 表2 …"""

    def __init__(self, measure: float = MEASURE) -> None:
        self._measure = measure
        self._numbers = count(1)

    def of(self, table: Table) -> tuple[Block, ...]:
        """A table with its title above and its notes below."""
        caption = f"表{next(self._numbers)}　{table.title}{_unit(table)}"
        head = Row((_head(table.head), *(_head(column.head) for column in table.columns)), head=True)
        rows = [head, *(_row(line) for line in table.lines)]
        if not table.lines:
            rows.append(Row((_cell("无"), *(_cell(DASH) for _ in table.columns))))
        first = max((len(line.head) for line in table.lines), default=0) * _CHARACTER + _PADDING
        first = min(max(first, _NARROWEST), _WIDEST)
        rest = (self._measure - first) / max(len(table.columns), 1)
        body = printed.Table(
            rows=tuple(rows), widths=(first, *[round(rest, 2)] * len(table.columns)), caption=caption
        )
        notes = [Paragraph((Run(f"注：{note}"),), Align.FLUSH) for note in table.notes]
        return (body, *notes)


def _unit(table: Table) -> str:
    """（单位：件） where all columns have one unit."""
    units = {number.unit for line in table.lines for number in line.numbers} - {"%", ""}
    return f"（单位：{units.pop()}）" if len(units) == 1 else ""


def _row(line: Line) -> Row:
    head = f"其中：{line.head}" if line.part is Part.OF_WHICH else line.head
    align = Align.CENTER if line.part is Part.TOTAL else Align.FLUSH
    return Row((_cell(head, align), *(_cell(number.text) for number in line.numbers)))


def _head(text: str) -> Cell:
    return Cell((Paragraph((Run(text),), Align.CENTER),), header=True)


def _cell(text: str, align: Align = Align.CENTER) -> Cell:
    return Cell((Paragraph((Run(text),), align),) if text else ())
