"""Counting: a definition, a window and conditions → numbers, and the cases behind each of them.

A number and the list of its cases come from one and the same conditions, so that every number can be traced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from xfdocs.register import index_tables as t
from xfdocs.reports.definitions import Conditions, How, Measure, sql_of
from xfdocs.reports.model import Number, Source
from xfdocs.reports.populations import Population, populations, seen_on


class DaysBetween(GenericFunction[int]):
    """Days from one day to another; SQLite keeps days as text."""

    type = sa.Integer()
    inherit_cache = True
    name = "days_between"


@compiles(DaysBetween, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    since, until = (compiler.process(part, **kw) for part in element.clauses)
    return f"({until} - {since})"


@compiles(DaysBetween)
def _days(element: Any, compiler: Any, **kw: Any) -> str:
    since, until = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(julianday({until}) - julianday({since}) AS INTEGER)"


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a period, both included, and the day as of which it is looked at."""

    first: dt.date
    last: dt.date
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: of a rate or a mean the two numbers it is made of."""

    above: int
    below: int | None = None
    """Denominator; None for a plain count."""

    @property
    def value(self) -> int | Fraction | None:
        """The number; None for a rate or a mean over nothing (R37)."""
        if self.below is None:
            return self.above
        return Fraction(self.above, self.below) if self.below else None


NOTHING = Tally(0)


class Counter:
    """Counts over the index of an open register."""

    def __init__(self, connection: sa.Connection, measures: Mapping[str, Measure]) -> None:
        self._connection = connection
        self._measures = measures

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

    def tallies(
        self, measure: Measure, window: Window, where: Conditions = (), by: str = ""
    ) -> dict[str, Tally]:
        """The tallies of a count, sum, rate or mean; *by* a field: one for each value it has, else one under ""."""
        population = populations()[measure.population]
        members = self._members(measure, population, window, where)
        columns = _columns(measure, population)
        group = [population.fields[by].expression.label("grouped")] if by else []
        question = sa.select(*group, *columns).select_from(population.rows).where(*members)
        if group:
            question = question.group_by(group[0])
        rows = self._connection.execute(question, seen_on(window.as_of, window.last))
        words = {code: word for word, code in population.fields[by].codes.items()} if by else {}
        return {
            words.get(row[0], row[0]) if group else "": _tally(measure, tuple(row)[len(group) :])
            for row in rows
        }

    def cases(
        self, measure: Measure, window: Window, where: Conditions = (), *, above: bool = False
    ) -> Iterator[str]:
        """编号 of the cases behind a number, in order; *above*: only those of a rate's numerator."""
        population = populations()[measure.population]
        members = self._members(measure, population, window, where)
        if above:
            members += sql_of(measure.numerator, population)
        if measure.how is How.MEAN:
            members.append(_both(measure, population))
        case = t.RECORDS.c.case_id
        question = sa.select(case).distinct().select_from(population.rows).where(*members).order_by(case)
        yield from self._connection.execute(question, seen_on(window.as_of, window.last)).scalars()

    def _members(
        self, measure: Measure, population: Population, window: Window, where: Conditions
    ) -> list[sa.ColumnElement[Any]]:
        day = population.fields[measure.window].expression
        return [
            population.known,
            day.between(window.first, window.last),
            *sql_of(measure.where, population),
            *sql_of(where, population),
        ]

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


def _columns(measure: Measure, population: Population) -> list[sa.ColumnElement[Any]]:
    fields = population.fields
    if measure.how is How.SUM:
        return [sa.func.coalesce(sa.func.sum(fields[measure.adds].expression), 0)]
    if measure.how is How.RATE:
        inside = sa.case((sa.and_(*sql_of(measure.numerator, population)), 1), else_=0)
        return [sa.func.coalesce(sa.func.sum(inside), 0), sa.func.count()]
    if measure.how is How.MEAN:
        days = DaysBetween(fields[measure.since].expression, fields[measure.until].expression)
        both = _both(measure, population)
        return [
            sa.func.coalesce(sa.func.sum(sa.case((both, days), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((both, 1), else_=0)), 0),
        ]
    if measure.unit == "件" and population.rows is not t.RECORDS:
        return [sa.func.count(sa.distinct(population.record))]
    return [sa.func.count()]


def _both(measure: Measure, population: Population) -> sa.ColumnElement[bool]:
    """Members of which both days of a mean are known."""
    since, until = (population.fields[name].expression for name in (measure.since, measure.until))
    return sa.and_(since.is_not(None), until.is_not(None))


def _tally(measure: Measure, values: tuple[Any, ...]) -> Tally:
    if measure.how in {How.RATE, How.MEAN}:
        return Tally(int(values[0]), int(values[1]))
    return Tally(int(values[0]))
