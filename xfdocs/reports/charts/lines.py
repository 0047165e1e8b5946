"""Lines over periods: the numbers of one series at its points, those of several in a table below.

Where there is no number the line breaks off; it never runs over a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from xfdocs.reports.charts import Chart
from xfdocs.reports.charts.keys import LINE_KEY, MEASURE, STROKES, head, head_height, name_of
from xfdocs.reports.charts.paper import HAIR, SMALL, TEXT, THICK, THIN, Fill, Paper, pitch
from xfdocs.reports.charts.scale import Scale, scale_of

if TYPE_CHECKING:
    from xfdocs.reports.charts.letters import Letters

_HIGH: Final = 50.0
"""Of the plot in mm."""
_NOTHING: Final = "没有可以显示的数据"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Measures in mm."""

    left: float
    """Where the plot begins: right of the scale, and of the names in the table."""
    slot: float
    """From one period to the next."""
    labels: tuple[tuple[str, ...], ...]
    """The labels in lines; empty for those left out where there is no room for all."""
    table: bool
    size: float
    """Of the labels, and of the numbers below them."""

    def middle(self, place: int) -> float:
        return self.left + (place + 0.5) * self.slot


def lines(chart: Chart, letters: Letters) -> Paper:
    """The drawing."""
    scale = scale_of(chart)
    layout = _layout(chart, letters, scale)
    keys = not layout.table and (len(chart.series) > 1 or chart.series[0].name not in chart.title)
    above = head_height(chart, letters, LINE_KEY if keys else None) + (1.5 if layout.table else 4.0)
    floor = above + _HIGH
    under = floor + max(map(len, layout.labels)) * pitch(layout.size) + 1.6
    row = pitch(TEXT) + 1.0
    end = under + (len(chart.series) * row if layout.table else 0.0)
    paper = Paper(MEASURE, round(end + 0.8, 1), letters)
    head(paper, chart, letters, LINE_KEY if keys else None)
    _frame(paper, layout, scale, floor)
    if not any(value is not None for series in chart.series for value in series.values):
        paper.text((layout.left + MEASURE) / 2, above + _HIGH / 2, _NOTHING, align=0.5)
    for number in reversed(range(len(chart.series))):  # the first lies above the others
        _line(paper, chart, number, layout, scale, floor)
    if len(chart.series) == 1 and _numbers_fit(chart, letters, layout):
        _numbers(paper, chart, letters, layout, scale, floor)
    for place, label in enumerate(layout.labels):
        y = floor + 0.8 + len(label) * pitch(layout.size) / 2
        half = letters.widest(label, layout.size) / 2
        x = min(max(layout.middle(place), half), MEASURE - half)
        paper.texts(x, y, label, layout.size, align=0.5)
    if layout.table:
        _table(paper, chart, layout, under, row)
    return paper


def _layout(chart: Chart, letters: Letters, scale: Scale) -> _Layout:
    ticks = letters.widest([text for _, text in scale.ticks()], SMALL) + 1.6
    names = letters.widest([name_of(chart, series) for series in chart.series], SMALL)
    texts = [chart.figures(series, value) for series in chart.series for value in series.values]
    if len(chart.series) > 1:
        left = max(ticks, names + LINE_KEY.length + 3.4)
        slot = (MEASURE - left) / len(chart.labels)
        for size, most in ((TEXT, 2), (SMALL, 3)):
            labels = tuple(letters.wrapped(label, size, slot - 0.8) for label in chart.labels)
            if letters.widest(texts, size) + 0.8 <= slot and max(map(len, labels)) <= most:
                return _Layout(left, slot, labels, table=True, size=size)
    slot = (MEASURE - ticks) / len(chart.labels)
    every = 1
    while True:
        # A label at the edge of the paper is moved in, towards the next one.
        measure = min(slot * every - 0.8, slot * (every + 0.5) / 1.5 - 0.8)
        labels = tuple(
            letters.wrapped(label, SMALL, measure) if place % every == 0 else ()
            for place, label in enumerate(chart.labels)
        )
        if max(map(len, labels)) <= 2 or every >= len(labels):
            return _Layout(ticks, slot, labels, table=False, size=SMALL)
        every += 1


def _frame(paper: Paper, layout: _Layout, scale: Scale, floor: float) -> None:
    for share, text in scale.ticks():
        y = floor - share * _HIGH
        if share:
            paper.line([(layout.left, y), (MEASURE, y)], HAIR, grey=0.7)
        paper.text(layout.left - 1.2, y, text, SMALL, align=1.0)
    paper.line([(layout.left, floor), (MEASURE, floor)], THIN)


def _line(paper: Paper, chart: Chart, number: int, layout: _Layout, scale: Scale, floor: float) -> None:
    mark, filled, dashes = STROKES[number]
    for run in _runs(chart.series[number].values):
        points = [(layout.middle(place), floor - scale.share(value) * _HIGH) for place, value in run]
        if len(points) > 1:
            paper.line(points, THICK, dashes=dashes)
        for x, y in points:
            paper.mark(x, y, mark, filled=filled)


def _runs(values: Sequence[int | Fraction | None]) -> Iterator[list[tuple[int, int | Fraction]]]:
    """Stretches without a gap, as (place, value)."""
    run: list[tuple[int, int | Fraction]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _numbers_fit(chart: Chart, letters: Letters, layout: _Layout) -> bool:
    series = chart.series[0]
    texts = [chart.figures(series, value) for value in series.values]
    return letters.widest(texts, SMALL) + 0.6 <= layout.slot


def _numbers(
    paper: Paper, chart: Chart, letters: Letters, layout: _Layout, scale: Scale, floor: float
) -> None:
    """Each number at its point: below one that lies deeper than its neighbours, else above."""
    series = chart.series[0]
    values = series.values
    for place, value in enumerate(values):
        if value is None:
            continue
        around = [
            v for v in (values[place - 1] if place else None, *values[place + 1 : place + 2]) if v is not None
        ]
        y = floor - scale.share(value) * _HIGH
        valley = bool(around) and all(other > value for other in around) and floor - y > pitch(SMALL) + 1.6
        middle = y + 2.6 if valley else y - 2.6
        text = chart.figures(series, value)
        width = letters.width(text, SMALL)
        x = layout.middle(place)
        paper.box(x - width / 2, middle - SMALL * 0.45, width, SMALL * 0.9, Fill.PAPER)
        paper.text(x, middle, text, SMALL, align=0.5)


def _table(paper: Paper, chart: Chart, layout: _Layout, top: float, row: float) -> None:
    """The numbers under their periods, each series with its key."""
    paper.line([(0, top), (MEASURE, top)], HAIR, grey=0.4)
    for number, series in enumerate(chart.series):
        y = top + (number + 0.5) * row
        LINE_KEY.draw(paper, number, 0, y)
        paper.text(LINE_KEY.length + 1.4, y, name_of(chart, series), SMALL)
        for place, value in enumerate(series.values):
            paper.text(layout.middle(place), y, chart.figures(series, value), layout.size, align=0.5)
        paper.line([(0, y + row / 2), (MEASURE, y + row / 2)], HAIR, grey=0.4)
