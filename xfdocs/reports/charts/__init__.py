"""Charts as data → figures of a document: one picture as SVG and as PNG, and its numbers in words.

A chart is read in black and white, by people who want the numbers: every value is written beside its mark or
below it, series differ by pattern and marker, and nothing is drawn that says nothing.  No data is a gap, never
a zero; a number that a public version keeps back comes in as no data.  The same chart gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from xfdocs.document.model import Figure
from xfdocs.reports.model import DASH, rounded

if TYPE_CHECKING:
    from xfdocs.office import Office
    from xfdocs.render.fonts import FontBook

PERCENT = "%"


class Kind(StrEnum):
    """How a chart is drawn; the value is what the alternative text calls it."""

    LINE = "折线图"
    """One or several series over periods, in the order of time."""
    BARS = "条形图"
    """One series over units or kinds."""
    STACKED = "堆积条形图"
    """Parts of a whole over units: 按期, 超期, 未办结."""
    PAIRED = "对比条形图"
    """Two series side by side: 本期, 去年同期."""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind, one for each label of the chart; None where there is nothing to show."""

    name: str
    values: tuple[int | Fraction | None, ...]
    unit: str = ""
    """Where it is not the chart's: 批 beside 件."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says. ``labels`` and series stand in the order given, never by size.

    A rate has the unit %, and 97.5 % is the value 39/40.
    Raises `ValueError` for what cannot be drawn: no label, a series of another length, a number below zero,
    a kind with too few or too many series.
    """

    kind: Kind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    digits: int = 0
    """Decimals, as the tables print them."""

    def __post_init__(self) -> None:
        least, most = _SERIES[self.kind]
        if not least <= len(self.series) <= most:
            raise ValueError(f"{self.kind.name} has {least} to {most} series, not {len(self.series)}")
        if not self.labels or any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError("a chart has labels, and a value for each in every series")
        if any(value is not None and value < 0 for series in self.series for value in series.values):
            raise ValueError("a chart shows counts and rates, none below zero")

    def unit_of(self, series: Series) -> str:
        """The unit a series is counted in."""
        return series.unit or self.unit

    @property
    def common_unit(self) -> str:
        """The unit of all series; empty if they differ."""
        units = {self.unit_of(series) for series in self.series}
        return units.pop() if len(units) == 1 else ""

    def figures(self, series: Series, value: int | Fraction | None) -> str:
        """A value as it is written in the picture: — for none, with % for a rate, without any other unit."""
        if value is None:
            return DASH
        if self.unit_of(series) == PERCENT:
            return f"{rounded(Fraction(value) * 100, self.digits)}%"
        return rounded(Fraction(value), self.digits)

    def total(self, place: int) -> int | Fraction | None:
        """The sum of the series at a label; None if one of them is missing, for then nobody may add up."""
        values = [series.values[place] for series in self.series]
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None


_SERIES = {Kind.LINE: (1, 5), Kind.BARS: (1, 1), Kind.STACKED: (2, 5), Kind.PAIRED: (2, 2)}
"""How many series a kind may have: as many as can be told apart without colours."""


def alt_text(chart: Chart) -> str:
    """The chart said in words: its numbers, label by label."""
    said = "；".join(f"{label}：{_values(chart, place)}" for place, label in enumerate(chart.labels))
    return f"{chart.kind.value}：{chart.title}。{said}。"


def _values(chart: Chart, place: int) -> str:
    parts = [f"{series.name}{_with_unit(chart, series, series.values[place])}" for series in chart.series]
    if chart.kind is Kind.STACKED:
        parts.append(f"合计{_with_unit(chart, chart.series[0], chart.total(place))}")
    return "，".join(parts)


def _with_unit(chart: Chart, series: Series, value: int | Fraction | None) -> str:
    unit = "" if value is None or chart.unit_of(series) == PERCENT else chart.unit_of(series)
    return chart.figures(series, value) + unit


def figures_of(chart: Chart, fonts: FontBook | Office) -> tuple[Figure, ...]:
    """The figures of a chart: one, or as many as its rows need pages, all to the same scale.

    *fonts* are the faces it is written in, or the office whose documents they are for.

    Raises:
        FontsMissing: the fonts are not prepared.
        GlyphMissing: a character that none of them has.
    """
    from xfdocs.reports.charts.drawing import draw, parts  # matplotlib only where something is drawn
    from xfdocs.reports.charts.letters import letters_of

    letters = letters_of(fonts)
    letters.check(chart)
    pieces = parts(chart, letters)
    made = []
    for count, piece in enumerate(pieces, start=1):
        paper = draw(piece, letters, chart)
        title = chart.title + (f"（{count}/{len(pieces)}）" if len(pieces) > 1 else "")
        made.append(
            Figure(
                svg=paper.svg(),
                png=paper.png(),
                width=paper.width,
                height=paper.height,
                alt=alt_text(replace(piece, title=title)),
                caption=title,
            )
        )
    return tuple(made)


def figure_of(chart: Chart, fonts: FontBook | Office) -> Figure:
    """The figure of a chart that fits on one page; see `figures_of`. Raises `ValueError` for a longer one."""
    figures = figures_of(chart, fonts)
    if len(figures) != 1:
        raise ValueError(f"“{chart.title}” needs {len(figures)} figures")
    return figures[0]
