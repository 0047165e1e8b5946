"""Which way a chart is drawn, and how long ones are parted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xfdocs.reports.charts import Chart, Kind
from xfdocs.reports.charts.columns import columns, columns_fit
from xfdocs.reports.charts.lines import lines
from xfdocs.reports.charts.rows import rows, shared_out

if TYPE_CHECKING:
    from xfdocs.reports.charts.letters import Letters
    from xfdocs.reports.charts.paper import Paper


def parts(chart: Chart, letters: Letters) -> tuple[Chart, ...]:
    """The chart as charts that each fit on a page: a long one in parts, its labels in order."""
    if chart.kind is Kind.LINE or columns_fit(chart, letters):
        return (chart,)
    return tuple(_part(chart, labels) for labels in shared_out(chart, letters))


def draw(piece: Chart, letters: Letters, whole: Chart) -> Paper:
    """The drawing of a part of *whole*, to the scale of the whole."""
    if piece.kind is Kind.LINE:
        return lines(piece, letters)
    if columns_fit(whole, letters):
        return columns(piece, letters)
    return rows(piece, letters, whole)


def _part(chart: Chart, labels: slice) -> Chart:
    series = tuple(replace(one, values=one.values[labels]) for one in chart.series)
    return replace(chart, labels=chart.labels[labels], series=series)
