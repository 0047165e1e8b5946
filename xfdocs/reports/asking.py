"""Questions to the index: many tallies in one statement, where they look at the same members in the same window.

A report asks some hundred things of a few populations.  Each thing alone is a look at all members of a window; together they
cost one look for each population, window and field by which lines are told apart.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sqlalchemy as sa

from xfdocs.register import index_tables as t
from xfdocs.reports.definitions import Conditions, How, Measure, sql_of
from xfdocs.reports.model import Condition
from xfdocs.reports.populations import Expression, Population, Sort, populations, seen_on
from xfdocs.reports.sql_days import DaysBetween


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a period, both included, and the day as of which it is looked at."""

    first: dt.date
    last: dt.date
    as_of: dt.date
    over: bool = True
    """Whether all of `as_of` has passed: what was due on it and was not done is overdue."""

    @property
    def seen(self) -> dict[str, dt.date]:
        """The parameters of questions about it."""
        return seen_on(self.as_of, over=self.over)


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


Tallies = dict[str, Tally]
"""By the word of the field by which they are told apart; one under "" if by none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a definition in a window, under further conditions, told apart by a field or not."""

    measure: Measure
    window: Window
    where: Conditions = ()
    by: str = ""

    @property
    def conditions(self) -> Conditions:
        """What its members fulfil."""
        return (*self.measure.where, *self.where)


Together = tuple[str, str, Window, str]
"""What questions must share to be asked together: population, day, window, and the field that tells apart."""


def answers(connection: sa.Connection, asked: Iterable[Asked]) -> dict[Asked, Tallies]:
    """The answers to questions about counts, sums, rates and means."""
    groups: defaultdict[Together, list[Asked]] = defaultdict(list)
    for one in dict.fromkeys(asked):
        groups[one.measure.population, one.measure.window, one.window, one.by].append(one)
    found: dict[Asked, Tallies] = {}
    for group in groups.values():
        found |= _answered(connection, group)
    return found


def members_of(
    population: Population, measure: Measure, window: Window, where: Conditions
) -> list[Expression]:
    """The conditions on the members that a definition counts in a window."""
    field, first, last = population.fields[measure.window], window.first, window.last
    reach = last + dt.timedelta(days=field.reach)
    looked_up = [sa.or_(*(column.between(first, reach) for column in field.columns))] if field.columns else []
    return [population.known, field.expression.between(first, last), *looked_up, *sql_of(where, population)]


def _answered(connection: sa.Connection, group: Sequence[Asked]) -> dict[Asked, Tallies]:
    """Questions of one group, in one statement."""
    first = group[0]
    population = _members(group)
    field = population.fields[first.by] if first.by else None
    columns = [column for one in group for column in _columns(one, population)]
    head = [field.expression.label("grouped")] if field is not None else []
    question = sa.select(*head, *columns).select_from(population.rows)
    if head:
        question = question.group_by(head[0])
    words = {code: word for word, code in field.codes.items()} if field is not None else {}
    found: dict[Asked, Tallies] = {one: {} for one in group}
    for row in connection.execute(question, first.window.seen):
        word = words.get(row[0], row[0]) if head else ""
        at = len(head)
        for one in group:
            members, above, below = row[at : at + _WIDE]
            at += _WIDE
            if members or not head:
                rate = one.measure.how in {How.RATE, How.MEAN}
                found[one][word] = Tally(int(above), int(below)) if rate else Tally(int(above))
    return found


def _members(group: Sequence[Asked]) -> Population:
    """The members that a group asks about, each field that it names worked out once.

    How a limit was kept, whose a matter was: asked of a member in forty columns, it would be worked out forty times.
    """
    first = group[0]
    population = populations()[first.measure.population]
    names = sorted({name for one in group for name in _named(one)})
    columns = {name: population.fields[name].expression.label(f"f{n}") for n, name in enumerate(names)}
    found = (
        sa.select(population.record.label("record"), *columns.values())
        .select_from(population.rows)
        .where(*members_of(population, first.measure, first.window, _shared(group, population)))
        .cte("members")
        .prefix_with("MATERIALIZED")
    )
    fields = {
        name: replace(population.fields[name], expression=found.c[columns[name].name]) for name in names
    }
    return replace(population, rows=found, record=found.c.record, fields=fields)


def _named(one: Asked) -> Iterator[str]:
    """The fields that a question names."""
    yield from (condition.field for condition in (*one.conditions, *one.measure.numerator))
    yield from filter(None, (one.by, one.measure.adds, one.measure.since, one.measure.until))


def _shared(group: Sequence[Asked], population: Population) -> Conditions:
    """What all of them ask of a field in words, so that an index may be used: any of the words that one of them names."""
    named = [{c.field: c.values for c in one.conditions if not c.compares} for one in group]
    return tuple(
        Condition(field, tuple(dict.fromkeys(value for one in named for value in one[field])))
        for field in named[0]
        if population.fields[field].sort is Sort.WORD and all(field in one for one in named)
    )


_WIDE = 3
"""Columns of one answer: whether anything was counted, what, and of a rate or a mean the denominator."""


def _columns(one: Asked, population: Population) -> list[Expression]:
    measure, fields = one.measure, population.fields
    inside = sql_of(one.conditions, population)
    members = _count(inside)
    if measure.how is How.SUM:
        return [members, _sum(inside, fields[measure.adds].expression), sa.null()]
    if measure.how is How.RATE:
        return [members, _count([*inside, *sql_of(measure.numerator, population)]), _count(inside)]
    if measure.how is How.MEAN:
        both = [*inside, both_known(measure, population)]
        days = DaysBetween(fields[measure.since].expression, fields[measure.until].expression)
        return [members, _sum(both, days), _count(both)]
    if measure.unit == "件" and populations()[measure.population].rows is not t.RECORDS:
        record = sa.case((sa.and_(sa.true(), *inside), population.record))
        return [members, sa.func.count(sa.distinct(record)), sa.null()]
    return [members, members, sa.null()]


def _count(inside: Sequence[Expression]) -> Expression:
    return _sum(inside, sa.literal_column("1")) if inside else sa.func.count()


def _sum(inside: Sequence[Expression], what: Expression) -> Expression:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(sa.true(), *inside), what), else_=0)), 0)


def both_known(measure: Measure, population: Population) -> sa.ColumnElement[bool]:
    """Members of which both days of a mean are known."""
    since, until = (population.fields[name].expression for name in (measure.since, measure.until))
    return sa.and_(since.is_not(None), until.is_not(None))
