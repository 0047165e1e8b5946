"""Counting: a definition, a window and conditions → numbers, and the cases behind each of them.

A number and the list of its cases come from one and the same conditions, so that every number can be traced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import sqlalchemy as sa

from xfdocs.register import index_tables as t
from xfdocs.reports.asking import Asked, Tallies, Tally, Window, answers, both_known, members_of
from xfdocs.reports.definitions import Conditions, How, Measure, sql_of
from xfdocs.reports.model import Number, Source
from xfdocs.reports.populations import populations

NOTHING = Tally(0)


class Counter:
    """Counts over the index of an open register."""

    def __init__(self, connection: sa.Connection, measures: Mapping[str, Measure]) -> None:
        self._connection = connection
        self._measures = measures
        self._answers: dict[Asked, Tallies] = {}

    @property
    def connection(self) -> sa.Connection:
        """The open index."""
        return self._connection

    @property
    def measures(self) -> Mapping[str, Measure]:
        """What it can count."""
        return self._measures

    def number(self, measure: Measure, window: Window, where: Conditions = ()) -> Number:
        """One number with its source."""
        if measure.how is How.PRODUCT:
            return self._product(measure, window, where)
        found = self.tallies(measure, window, where)
        return number_of(measure, found.get("", _empty(measure)), window, where)

    def tallies(self, measure: Measure, window: Window, where: Conditions = (), by: str = "") -> Tallies:
        """The tallies of a count, sum, rate or mean; *by* a field: one for each value it has, else one under ""."""
        asked = Asked(measure, window, where, by)
        if asked not in self._answers:
            self.prepare([asked])
        return self._answers[asked]

    def prepare(self, asked: Iterable[Asked]) -> None:
        """Ask many questions at once: those about the same members cost no more than one."""
        wanted = (one for one in asked if one not in self._answers)
        single = (part for one in wanted for part in self._factors(one))
        self._answers |= answers(self._connection, single)

    def _factors(self, asked: Asked) -> Iterator[Asked]:
        if asked.measure.how is not How.PRODUCT:
            yield asked
        for factor in asked.measure.factors:
            yield replace(asked, measure=self._measures[factor])

    def cases(
        self, measure: Measure, window: Window, where: Conditions = (), *, above: bool | None = None
    ) -> Iterator[str]:
        """编号 of the cases behind a number, in order; of a rate: those *above* (in the numerator), or those that are not."""
        population = populations()[measure.population]
        members = members_of(population, measure, window, (*measure.where, *where))
        if above is not None:
            inside = sa.and_(sa.true(), *sql_of(measure.numerator, population))
            members.append(inside if above else sa.not_(inside))
        if measure.how is How.MEAN:
            members.append(both_known(measure, population))
        case = t.RECORDS.c.case_id
        question = sa.select(case).distinct().select_from(population.rows).where(*members).order_by(case)
        yield from self._connection.execute(question, window.seen).scalars()

    def _product(self, measure: Measure, window: Window, where: Conditions) -> Number:
        value: Fraction | None = Fraction(1)
        for factor in measure.factors:
            one = self.number(self._measures[factor], window, where).value
            value = None if one is None or value is None else value * one
        return Number(
            value=value,
            unit=measure.unit,
            digits=measure.digits,
            source=source_of(measure, window, where),
        )


def number_of(measure: Measure, tally: Tally, window: Window, where: Conditions = ()) -> Number:
    """A tally as a report prints it."""
    rate = tally.below is not None
    return Number(
        value=tally.value,
        unit=measure.unit,
        digits=measure.digits,
        source=source_of(measure, window, where),
        numerator=tally.above if rate else None,
        denominator=tally.below,
    )


def source_of(measure: Measure, window: Window, where: Conditions) -> Source:
    """How a number of this definition was counted."""
    return Source(
        measure=measure.id, version=measure.version, first=window.first, last=window.last, where=where
    )


def _empty(measure: Measure) -> Tally:
    return Tally(0, 0) if measure.how in {How.RATE, How.MEAN} else NOTHING
