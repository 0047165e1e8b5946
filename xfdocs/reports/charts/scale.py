"""How long a number is on paper: scales that begin at zero and end at a round number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xfdocs.reports.charts import PERCENT
from xfdocs.reports.model import rounded

if TYPE_CHECKING:
    from xfdocs.reports.charts import Chart

_TICKS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Zero to *top* in steps of *step*."""

    top: Fraction
    step: Fraction
    percent: bool

    def share(self, value: int | Fraction) -> float:
        """How far up the scale a value stands, from 0 to 1."""
        return float(Fraction(value) / self.top)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The round numbers of the scale as (how far up, as written)."""
        digits = 0 if self.step.denominator == 1 or self.percent else 1
        count = int(self.top / self.step)
        return tuple(
            (
                n / count,
                f"{rounded(n * self.step * 100, 0)}%" if self.percent else rounded(n * self.step, digits),
            )
            for n in range(count + 1)
        )


def length_scale(chart: Chart, *, stacked: bool = False) -> Scale:
    """The scale of bars that carry their numbers: the longest is as long as there is room; see `scale_of`."""
    largest = _largest(chart, stacked=stacked)
    percent = chart.common_unit == PERCENT
    top = max(largest, Fraction(1)) if percent or not largest else largest
    return Scale(top, top, percent)


def scale_of(chart: Chart) -> Scale:
    """The scale that holds every number of *chart*.

    A rate is never shown on a scale of more than 100 % unless it is more itself.
    """
    percent = chart.common_unit == PERCENT
    largest = _largest(chart)
    if not largest:
        return Scale(Fraction(1), Fraction(1, 5) if percent else Fraction(1), percent)
    least = Fraction(1, 100) if percent else Fraction(1)
    step = _round_step(largest, Fraction(1, 10) if not percent and chart.digits and largest < 2 else least)
    return Scale(-(-largest // step) * step, step, percent)


def _largest(chart: Chart, *, stacked: bool = False) -> Fraction:
    """The largest number, or sum of what is known at a label; 0 where nothing is known."""
    largest = Fraction(0)
    for place in range(len(chart.labels)):
        here = (series.values[place] for series in chart.series)
        known = [Fraction(value) for value in here if value is not None]
        largest = max(largest, sum(known, Fraction(0)) if stacked else max(known, default=Fraction(0)))
    return largest


def _round_step(largest: Fraction, least: Fraction) -> Fraction:
    """The smallest of 1, 2, 5, 10, 20, 50 … times *least* that reaches *largest* in at most five steps."""
    step = least
    while True:
        for times in (1, 2, 5):
            if step * times * _TICKS >= largest:
                return step * times
        step *= 10
