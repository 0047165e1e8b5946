"""Tables of a report → tables as documents print them."""

from __future__ import annotations

from itertools import count
from unicodedata import east_asian_width

from xfdocs.document import model as printed
from xfdocs.document.blocks import MEASURE
from xfdocs.document.model import Align, Block, Cell, Paragraph, Row, Run
from xfdocs.reports.model import DASH, Line, Part, Table

_CHARACTER = 3.75
"""mm: a 汉字 in 五号, with a little room."""
_PADDING = 4.6
_FIRST = (26.0, 70.0)
"""mm: the first column takes what is left, within these."""


class Blocks:
    """Tables of one report on their way to paper; counts them: 表1, 表2 …"""

    def __init__(self, measure: float = MEASURE) -> None:
        self._measure = measure
        self._numbers = count(1)

    def caption(self, title: str) -> str:
        """A title with the number of the table that comes next."""
        return f"表{next(self._numbers)}　{title}"

    def of(self, table: Table) -> tuple[Block, ...]:
        """A table with its title above and its notes below."""
        caption = self.caption(f"{table.title}")
        head = Row((_head(table.head), *(_head(column.head) for column in table.columns)), head=True)
        rows = [head, *(_row(line) for line in table.lines)]
        if not table.lines:
            rows.append(Row((_cell("无"), *(_cell(DASH) for _ in table.columns))))
        body = printed.Table(
            rows=tuple(rows), widths=self._widths(table), caption=caption, unit=_unit(table), small=True
        )
        notes = [Paragraph((Run(f"注：{note}"),), Align.FLUSH) for note in table.notes]
        return (body, *notes)

    def _widths(self, table: Table) -> tuple[float, ...]:
        """Columns as wide as their numbers need, so that none is broken; heads may take two lines."""
        needs = []
        for at, column in enumerate(table.columns):
            texts = [_wide(line.numbers[at].text) for line in table.lines if not line.numbers[at].words]
            worded = 4.0 if any(line.numbers[at].words for line in table.lines) else 0.0
            needs.append(max([*texts, _wide(column.head) / 2, 2.0, worded]) * _CHARACTER + _PADDING)
        least, most = _FIRST
        heads = max([_wide(line.head) for line in table.lines], default=0.0) * _CHARACTER + _PADDING
        first = min(max(self._measure - sum(needs), least), max(least, min(heads, most)))
        factor = (self._measure - first) / sum(needs) if needs else 1.0
        return (round(first, 2), *(round(need * factor, 2) for need in needs))


def _wide(text: str) -> float:
    """Width of a text in 汉字."""
    return sum(1.0 if east_asian_width(c) in "WF" else 0.6 for c in text)


def _unit(table: Table) -> str:
    """单位：件 where everything counted is counted in one unit; a rate says its own."""
    counted = (number for line in table.lines for number in line.numbers if number.source is not None)
    units = {number.unit for number in counted} - {"%"}
    return f"单位：{units.pop()}" if len(units) == 1 and "" not in units else ""


def _row(line: Line) -> Row:
    head = f"其中：{line.head}" if line.part is Part.OF_WHICH else line.head
    align = Align.CENTER if line.part is Part.TOTAL else Align.FLUSH
    return Row((_cell(head, align), *(_cell(number.text) for number in line.numbers)))


def _head(text: str) -> Cell:
    return Cell((Paragraph((Run(text),), Align.CENTER),), header=True)


def _cell(text: str, align: Align = Align.CENTER) -> Cell:
    return Cell((Paragraph((Run(text),), align),) if text else ())
