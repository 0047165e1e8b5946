"""What a number counts, however its definition words it: two numbers of one meaning are the same number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from xfdocs.reports.model import Condition, Source

if TYPE_CHECKING:
    from xfdocs.reports.definitions import Measure

Where = frozenset[tuple[str, str, frozenset[str]]]
"""Conditions that all hold: field, comparison of a number or nothing, values."""
_MATTERS = "信访件"
"""The population of which every member is a matter of its own; a matter may be in the others several times."""


class Meaning(NamedTuple):
    """What is counted, however a definition words it: two numbers of one meaning are the same number."""

    of: str
    """The population, and the day by which it is put into a period."""
    adds: str
    """What is added up; empty for a count."""
    where: Where
    first: dt.date
    last: dt.date


def meaning_of(source: Source, role: str, measures: Mapping[str, Measure]) -> Meaning:
    """What a number of that source counts; *role*: ``above`` or ``below``, the numerator or denominator of a rate or mean."""
    where = list(map(_plain, source.where))
    measure = measures.get(source.measure)
    if measure is None or measure.version != source.version or measure.factors:
        of, adds = f"{source.measure}@{source.version}", role
    else:
        once = not role and measure.unit == "件" and measure.population != _MATTERS
        of, adds = f"{measure.population}，{measure.window}{'，按件' * once}", measure.adds
        where += map(_plain, measure.where)
        if measure.since:  # only members of which both days are known are in a mean
            where += [(f"有{name}", "", frozenset({"是"})) for name in (measure.since, measure.until)]
            adds = f"{measure.since}至{measure.until}" if role == "above" else ""
        elif role == "above":
            where += map(_plain, measure.numerator)
    return Meaning(of, adds, _together(where), source.first, source.last)


def _plain(condition: Condition) -> tuple[str, str, frozenset[str]]:
    return condition.field, condition.compares, frozenset(condition.values)


def _together(
    where: Iterable[tuple[str, str, frozenset[str]]],
) -> Where:
    """Conditions that all hold: of two about one field's words only what they share."""
    words: dict[str, frozenset[str]] = {}
    others = set()
    for field, compares, values in where:
        if compares:
            others.add((field, compares, values))
        else:
            words[field] = words.get(field, values) & values
    return frozenset(others | {(field, "", values) for field, values in words.items()})


def implies(narrow: Where, wide: Where) -> bool:
    """Whether whatever fulfils the one conditions fulfils the others."""
    words = {field: values for field, compares, values in narrow if not compares}
    return narrow != wide and all(
        condition in narrow
        or (not condition[1] and words.get(condition[0], condition[2] | {""}) <= condition[2])
        for condition in wide
    )
