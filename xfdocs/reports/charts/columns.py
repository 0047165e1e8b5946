"""Upright bars over a few short labels, each with its number on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xfdocs.reports.charts import Chart, Kind
from xfdocs.reports.charts.keys import BOX_KEY, FILLS, MEASURE, head, head_height
from xfdocs.reports.charts.paper import SMALL, TEXT, THIN, Paper, pitch
from xfdocs.reports.charts.scale import length_scale

if TYPE_CHECKING:
    from xfdocs.reports.charts.letters import Letters

_HIGH: Final = 46.0
"""The longest bar in mm."""
_SLOT: Final = 34.0
_BAR: Final = 13.0
_MOST: Final = 12
_LINES: Final = 2
"""Lines a label may take below its bars; longer ones stand beside bars that lie (`rows`)."""


def columns_fit(chart: Chart, letters: Letters) -> bool:
    """Whether the labels, and the numbers on top of the bars, have room beside each other."""
    if chart.kind not in (Kind.BARS, Kind.PAIRED) or len(chart.labels) > _MOST:
        return False
    slot = _slot(chart)
    numbers = (_widest_number(chart, letters) + 0.5) * len(chart.series)
    lines = [letters.wrapped(label, TEXT, slot - 2) for label in chart.labels]
    return numbers <= slot and all(
        len(found) <= _LINES and (len(found) == 1 or min(map(len, found)) > 1) for found in lines
    )


def _widest_number(chart: Chart, letters: Letters) -> float:
    texts = [chart.figures(series, value) for series in chart.series for value in series.values]
    return letters.widest(texts, SMALL)


def _slot(chart: Chart) -> float:
    return min(_SLOT, MEASURE / len(chart.labels))


def columns(chart: Chart, letters: Letters) -> Paper:
    """The drawing."""
    paired = chart.kind is Kind.PAIRED
    slot = _slot(chart)
    labels = [letters.wrapped(label, TEXT, slot - 2) for label in chart.labels]
    below = max(map(len, labels)) * pitch(TEXT) + 2.0
    above = head_height(chart, letters, BOX_KEY if paired else None) + pitch(SMALL) + 1.0
    paper = Paper(MEASURE, round(above + _HIGH + below, 1), letters)
    head(paper, chart, letters, BOX_KEY if paired else None)
    floor = above + _HIGH
    scale = length_scale(chart)
    left = (MEASURE - slot * len(labels)) / 2
    bar = min(_BAR, slot * (0.8 if paired else 0.6) / len(chart.series))
    tight = _widest_number(chart, letters) + 0.5 > bar
    for place, lines in enumerate(labels):
        middle = left + (place + 0.5) * slot
        paper.texts(middle, floor + 1.2 + len(lines) * pitch(TEXT) / 2, lines, align=0.5)
        for number, series in enumerate(chart.series):
            value = series.values[place]
            x = middle + (number - len(chart.series) / 2) * bar
            high = _HIGH * scale.share(value) if value is not None else 0.0
            paper.box(x, floor - high, bar, high, FILLS[number])
            text = chart.figures(series, value)
            # A number wider than its bar takes half of the slot's room instead.
            aside = (number - 0.5) * slot / 2 if paired and tight else x + bar / 2 - middle
            paper.text(middle + aside, floor - high - pitch(SMALL) / 2, text, SMALL, align=0.5)
    paper.line([(left, floor), (MEASURE - left, floor)], THIN)
    return paper
