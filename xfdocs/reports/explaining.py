"""Explaining a number: its definition, its parts, and the cases behind it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xfdocs.errors import MeasureUnknown
from xfdocs.reports.as_json import plain
from xfdocs.reports.asking import Window
from xfdocs.reports.definitions import How, Measure
from xfdocs.reports.model import Number
from xfdocs.reports.reporting import Desk
from xfdocs.reports.windows import NOW
from xfdocs.rules.period import Period


@dataclass(frozen=True)
class Explanation:
    """One number, explained."""

    measure: Measure
    period: Period
    window: Window | None
    """None: there is no data for that period."""
    number: Number
    cases: tuple[str, ...]
    """编号 of all that were counted; of a rate, of the denominator."""
    above: tuple[str, ...]
    """Of a rate: of the numerator."""
    rest: tuple[str, ...] = ()
    """Of a rate: of the denominator without the numerator; a matter may have something in both."""

    def lines(self) -> Iterator[str]:
        """For a reader at a terminal."""
        one = self.measure
        yield f"{one.id}　{one.name}（第 {one.version} 版）"
        yield f"算法：{one.words}"
        yield f"出处：{one.source}。{'' if one.verified else '（没有核实到权威出处）'}"
        if one.note:
            yield f"说明：{one.note}"
        if self.window is None:
            yield f"{self.period.name}：没有资料。"
            return
        yield f"统计期：{self.window.first} 至 {self.window.last}，截止日 {self.window.as_of}。"
        parts = (
            f"（{self.number.numerator}/{self.number.denominator}）"
            if self.number.denominator is not None
            else ""
        )
        yield f"数字：{self.number.text}{'' if self.number.unit == '%' else self.number.unit}{parts}"
        if one.how is How.RATE:
            yield from _listed("分子", self.above)
            yield from _listed("不在分子的", self.rest)
        elif one.how is not How.PRODUCT:
            yield from _listed("数到的信访件", self.cases)

    def as_json(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "id": self.measure.id,
            "name": self.measure.name,
            "version": self.measure.version,
            "definition": self.measure.words,
            "source": self.measure.source,
            "verified": self.measure.verified,
            "window": [str(self.window.first), str(self.window.last)] if self.window else None,
            "as_of": str(self.window.as_of) if self.window else None,
            "value": plain(self.number.value),
            "text": self.number.text,
            "numerator": self.number.numerator,
            "denominator": self.number.denominator,
            "cases": list(self.cases),
            "cases_above": list(self.above),
            "cases_rest": list(self.rest),
        }


def _listed(what: str, cases: tuple[str, ...]) -> Iterator[str]:
    yield f"{what}：{len(cases)} 件信访事项{'' if cases else '。'}"
    for case in cases:
        yield f"  {case}"


def explanation_of(desk: Desk, period: Period, name: str) -> Explanation:
    """A definition with its number for a period. Raises `MeasureUnknown`, `PeriodAhead`."""
    measures = desk.counter.measures
    if name not in measures:
        near = difflib.get_close_matches(name, measures, n=3, cutoff=0.3)
        raise MeasureUnknown(name=name, hint=f"是不是：{'、'.join(near)}？" if near else "")
    measure = measures[name]
    window = desk.windows(period).window(NOW)
    if window is None:
        return Explanation(measure, period, None, Number(value=None, unit=measure.unit), (), ())
    number = desk.counter.number(measure, window)
    if measure.how is How.PRODUCT:
        return Explanation(measure, period, window, number, (), ())
    cases = tuple(desk.counter.cases(measure, window))
    above = tuple(desk.counter.cases(measure, window, above=True)) if measure.how is How.RATE else ()
    rest = tuple(desk.counter.cases(measure, window, above=False)) if measure.how is How.RATE else ()
    return Explanation(measure, period, window, number, cases, above, rest)
