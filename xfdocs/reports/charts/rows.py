"""Lying bars, one row for each label: for many units, long names, and parts of a whole.

The numbers of a stack stand in columns beside it, under the keys of its parts, so that small ones are read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xfdocs.reports.charts import Chart, Kind
from xfdocs.reports.charts.keys import BOX_KEY, FILLS, MEASURE, head, head_height, name_of, unit_note
from xfdocs.reports.charts.paper import HAIR, SMALL, TEXT, THIN, Paper, pitch
from xfdocs.reports.charts.scale import length_scale

if TYPE_CHECKING:
    from xfdocs.reports.charts.letters import Letters

_HIGHEST: Final = 190.0
"""Of a drawing in mm: the caption, and a line of text, stand on the same page (225 mm)."""
_NAMES: Final = 52.0
"""Widest column of names."""
_ROW: Final = {Kind.BARS: 6.6, Kind.STACKED: 6.6, Kind.PAIRED: 8.6}
_BAR: Final = {Kind.BARS: 3.8, Kind.STACKED: 4.2, Kind.PAIRED: 3.0}
_FOOT: Final = 2.0
"""Free below the last row."""
_TOTAL: Final = "合计"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Measures that the parts of one chart share, in mm."""

    names: float
    """Right edge of the names, where the bars begin."""
    longest: float
    """The longest bar."""
    columns: tuple[float, ...]
    """Middles of the columns of numbers of a stack; the last is that of the totals."""
    above: float


def shared_out(chart: Chart, letters: Letters) -> tuple[slice, ...]:
    """The rows of *chart* on as few pages as hold them, in order, and about as high on each."""
    heights = [_height(chart, letters, label) for label in chart.labels]
    room = _HIGHEST - _layout(chart, letters).above - _FOOT
    fewest = len(_filled(heights, room))
    even = _filled(heights, min(room, sum(heights) / fewest + max(heights) / 2))
    return even if len(even) == fewest else _filled(heights, room)


def _filled(heights: Sequence[float], room: float) -> tuple[slice, ...]:
    """Page after page, each with what goes into *room*, and one row at least."""
    starts, used = [0], 0.0
    for place, height in enumerate(heights):
        if used and used + height > room:
            starts.append(place)
            used = 0.0
        used += height
    return tuple(slice(start, end) for start, end in pairwise([*starts, len(heights)]))


def rows(piece: Chart, letters: Letters, whole: Chart) -> Paper:
    """The drawing of *piece*, a part of *whole* or all of it."""
    layout = _layout(whole, letters)
    heights = [_height(piece, letters, label) for label in piece.labels]
    paper = Paper(MEASURE, round(layout.above + sum(heights) + _FOOT, 1), letters)
    if piece.kind is Kind.STACKED:
        _column_heads(paper, piece, letters, layout)
    else:
        head(paper, piece, letters, BOX_KEY if piece.kind is Kind.PAIRED else None)
    scale = length_scale(whole, stacked=piece.kind is Kind.STACKED)
    top = layout.above
    for place, (label, height) in enumerate(zip(piece.labels, heights, strict=True)):
        middle = top + height / 2
        lines = letters.wrapped(label, TEXT, _NAMES)
        paper.texts(layout.names - 1.6, middle, lines, align=1.0)
        values = [series.values[place] for series in piece.series]
        lengths = [0.0 if value is None else scale.share(value) * layout.longest for value in values]
        if piece.kind is Kind.STACKED:
            _stack(paper, lengths, layout.names, middle)
            texts = [piece.figures(s, v) for s, v in zip(piece.series, values, strict=True)]
            texts.append(piece.figures(piece.series[0], piece.total(place)))
            for x, text in zip(layout.columns, texts, strict=True):
                paper.text(x, middle, text, SMALL, align=0.5)
        else:
            bar = _BAR[piece.kind]
            for number, (series, length) in enumerate(zip(piece.series, lengths, strict=True)):
                y = middle + (number - len(lengths) / 2) * bar
                paper.box(layout.names, y, length, bar, FILLS[number])
                text = piece.figures(series, values[number])
                paper.text(layout.names + length + 1.2, y + bar / 2, text, SMALL)
        if place:
            paper.line([(0, top), (MEASURE, top)], HAIR, grey=0.75)
        top += height
    paper.line([(layout.names, layout.above), (layout.names, top)], THIN)
    return paper


def _height(chart: Chart, letters: Letters, label: str) -> float:
    return max(_ROW[chart.kind], len(letters.wrapped(label, TEXT, _NAMES)) * pitch(TEXT) + 1.6)


def _stack(paper: Paper, lengths: list[float], x: float, middle: float) -> None:
    bar = _BAR[Kind.STACKED]
    for fill, length in zip(FILLS, lengths, strict=False):
        paper.box(x, middle - bar / 2, length, bar, fill)
        x += length


def _layout(chart: Chart, letters: Letters) -> _Layout:
    named = [line for label in chart.labels for line in letters.wrapped(label, TEXT, _NAMES)]
    names = letters.widest(named, TEXT) + 1.6
    texts = [[chart.figures(s, value) for value in s.values] for s in chart.series]
    if chart.kind is not Kind.STACKED:
        numbers = letters.widest([text for one in texts for text in one], SMALL) + 1.6
        above = head_height(chart, letters, BOX_KEY if chart.kind is Kind.PAIRED else None)
        return _Layout(names, MEASURE - names - numbers, (), above)
    texts.append([chart.figures(chart.series[0], chart.total(place)) for place in range(len(chart.labels))])
    heads = [*(name_of(chart, series) for series in chart.series), _TOTAL]
    widths = [
        max(letters.widest([*column, *_head_lines(title, letters)], SMALL), BOX_KEY.length) + 2.4
        for title, column in zip(heads, texts, strict=True)
    ]
    edge = MEASURE - sum(widths)
    middles = tuple(edge + sum(widths[:n]) + width / 2 for n, width in enumerate(widths))
    lines = max(len(_head_lines(title, letters)) for title in heads)
    above = max(3.6 + lines * pitch(SMALL), pitch(SMALL) + 0.6) + 1.0
    return _Layout(names, edge - names - 1.5, middles, above)


_HEAD: Final = 11.0
"""Width of a line of a column's head."""


def _head_lines(title: str, letters: Letters) -> tuple[str, ...]:
    return letters.wrapped(title, SMALL, _HEAD)


def _column_heads(paper: Paper, chart: Chart, letters: Letters, layout: _Layout) -> None:
    """The keys of the parts, each over its column of numbers."""
    paper.text(0, layout.above - 1.0 - pitch(SMALL) / 2, unit_note(chart), SMALL)
    for place, x in enumerate(layout.columns):
        is_part = place < len(chart.series)
        if is_part:
            BOX_KEY.draw(paper, place, x - BOX_KEY.length / 2, 1.8)
        title = name_of(chart, chart.series[place]) if is_part else _TOTAL
        lines = _head_lines(title, letters)
        paper.texts(x, layout.above - 1.0 - len(lines) * pitch(SMALL) / 2, lines, SMALL, align=0.5)
    paper.line([(0, layout.above), (MEASURE, layout.above)], THIN)
