"""Labels: tables of exact measures, in whose cells text is set as large as it fits.

A label is stamped, stuck or folded where there is so much room and no more; so it is not the cell that grows with the
text, as in a form, but the text that is set smaller.  The sizes are worked out from widths of characters alone, the
same for every format, with something to spare: no two faces are quite alike.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from xfdocs.render.grid import placed
from xfdocs.render.signature import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xfdocs.document.model import Cell, Table

PADDING: Final = 0.8
"""mm kept free at the left and right of a cell, its line included."""
LEADING: Final = 1.25
"""Height of a line in the size of its letters."""
_ABOVE: Final = 0.5
"""mm kept free above and below."""
_PT: Final = 25.4 / 72
_USUAL, _LARGE, _SMALLEST = 14.0, 26.0, 2.0
"""Points: 四号 and 一号 at most; and what no text in a cell of a label needs to fall below."""
_READABLE: Final = 6.5
"""Points: down to this a code stands on one line; one that does not fit then is broken like other text."""
_STEP: Final = 0.5
_ROOM: Final = 0.97
"""Share of the width that is counted on: faces differ."""


def sizes(table: Table) -> list[list[float]]:
    """The size of the letters in every cell, in points, by row; of a cell that only goes on, 0."""
    heights = [row.height for row in table.rows]
    found = []
    for number, cells in enumerate(placed(table)):
        line = []
        for column, span, cell, goes_on in cells:
            across = sum(table.widths[column : column + span])
            down = sum(heights[number : number + cell.rowspan])
            line.append(0.0 if goes_on else letters(cell, across, down))
        found.append(line)
    return found


def letters(cell: Cell, across: float, down: float) -> float:
    """The size in points in which the text of a cell fits into *across* by *down* mm."""
    texts = [part.text for part in cell.paragraphs]
    points = _LARGE if cell.large else _USUAL
    whole = True
    while points > _SMALLEST:
        if points < _READABLE:
            whole = False
        if _fits(texts, points, across, down, vertical=cell.vertical, whole=whole):
            return points
        points -= _STEP
    return _SMALLEST


def _fits(
    texts: Sequence[str], points: float, across: float, down: float, *, vertical: bool, whole: bool
) -> bool:
    room = (across - 2 * PADDING) * _ROOM / (points * _PT)  # in squares
    lines = (down - 2 * _ABOVE) / (points * _PT * LEADING)
    if vertical:
        return room >= 1 and sum(map(len, texts)) <= lines
    if room < 2 and any(_width(text) > room for text in texts):
        return False
    return sum(_lines(text, room, whole=whole) for text in texts) <= lines


def _lines(text: str, room: float, *, whole: bool) -> float:
    """How many lines a text takes; no end if it is a code and would have to be broken though it shall stay *whole*."""
    wide = _width(text)
    if wide <= room:
        return 1
    if whole and _is_code(text):
        return float("inf")
    return ceil(wide / (room - 1))  # something is lost at the end of a line


def _width(text: str) -> float:
    """The width in squares, with the quarter that some programs put between Chinese and Latin characters."""
    seams = sum((one < "\u2e80") != (other < "\u2e80") for one, other in pairwise(text))
    return width(text) + 0.25 * seams


def _is_code(text: str) -> bool:
    """Whether a text is a number or a code: it is read in one piece."""
    return not any("\u3400" <= char <= "\u9fff" or char > "\uffff" for char in text)
