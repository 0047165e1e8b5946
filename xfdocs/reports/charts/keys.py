"""What the charts have in common: how series are told apart, the line above the drawing with unit and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xfdocs.reports.charts import PERCENT
from xfdocs.reports.charts.paper import SMALL, THICK, Fill, Mark, pitch

if TYPE_CHECKING:
    from xfdocs.reports.charts import Chart, Series
    from xfdocs.reports.charts.letters import Letters
    from xfdocs.reports.charts.paper import Paper

MEASURE: Final = 156.0
"""Width of every chart in mm: that of the page's type area (GB/T 9704 5.2.1)."""

FILLS: Final = (Fill.DARK, Fill.HATCHED, Fill.LIGHT, Fill.CROSSED, Fill.WHITE)
"""Of the areas of each series, in order."""
STROKES: Final = (
    (Mark.DOT, True, ()),
    (Mark.SQUARE, False, (2.2, 0.9)),
    (Mark.TRIANGLE, True, (0.5, 0.7)),
    (Mark.DIAMOND, False, (2.6, 0.7, 0.5, 0.7)),
    (Mark.NABLA, True, (1.2, 0.6)),
)
"""Of the lines of each series: marker, whether it is filled, dashes in mm."""

_GAP: Final = 1.4
"""Between a key and its name."""
_AFTER: Final = 5.0
_LINE: Final = 4.2
"""From one line of keys to the next."""


@dataclass(frozen=True, slots=True)
class Key:
    """What stands before the name of a series: how long it is in mm, and how it is drawn at a place."""

    length: float
    draw: Callable[[Paper, int, float, float], None]
    """Paper, number of the series, left end, middle."""


def name_of(chart: Chart, series: Series) -> str:
    """The name of a series, with its unit where the units of the chart differ."""
    unit = chart.unit_of(series)
    return series.name if chart.common_unit or not unit else f"{series.name}（{unit}）"


def unit_note(chart: Chart) -> str:
    """单位：件; nothing for rates, whose numbers have their sign, and where units differ."""
    unit = chart.common_unit
    return f"单位：{unit}" if unit not in ("", PERCENT) else ""


def head(paper: Paper, chart: Chart, letters: Letters, key: Key | None) -> float:
    """Draw the line above, the unit at the left and the keys at the right, and give the height it takes."""
    first = pitch(SMALL) / 2 + 0.6
    paper.text(0, first, unit_note(chart), SMALL)
    if key:
        for number, row in enumerate(_key_rows(chart, letters, key)):
            x = MEASURE - sum(width for _, width in row) + _AFTER
            for place, width in row:
                key.draw(paper, place, x, first + number * _LINE)
                words = name_of(chart, chart.series[place])
                paper.text(x + key.length + _GAP, first + number * _LINE, words, SMALL)
                x += width
    return head_height(chart, letters, key)


def head_height(chart: Chart, letters: Letters, key: Key | None) -> float:
    """The height in mm of what `head` draws: keys that do not fit beside each other take several lines."""
    keys = len(_key_rows(chart, letters, key)) * _LINE if key else 0.0
    return max(keys, pitch(SMALL) if unit_note(chart) else 0.0) + 1.6


def _key_rows(chart: Chart, letters: Letters, key: Key) -> list[list[tuple[int, float]]]:
    """The series by the line of keys in which they stand, each with the width it takes."""
    room = MEASURE - letters.width(unit_note(chart), SMALL)
    rows: list[list[tuple[int, float]]] = [[]]
    for place, series in enumerate(chart.series):
        width = key.length + _GAP + letters.width(name_of(chart, series), SMALL) + _AFTER
        if rows[-1] and sum(taken for _, taken in rows[-1]) + width > room:
            rows.append([])
        rows[-1].append((place, width))
    return rows


def _box(paper: Paper, place: int, x: float, y: float) -> None:
    paper.box(x, y - 1.2, BOX_KEY.length, 2.4, FILLS[place])


def _line(paper: Paper, place: int, x: float, y: float) -> None:
    mark, filled, dashes = STROKES[place]
    paper.line([(x, y), (x + LINE_KEY.length, y)], THICK, dashes=dashes)
    paper.mark(x + LINE_KEY.length / 2, y, mark, filled=filled)


BOX_KEY: Final = Key(5.0, _box)
"""The pattern of an area."""
LINE_KEY: Final = Key(9.0, _line)
"""A piece of a line with its marker."""
