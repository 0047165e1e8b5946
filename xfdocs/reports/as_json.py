"""A report as JSON: every number with its definition, window and conditions, and the cases behind it.

The cases are for inside use: a public version has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from xfdocs.reports.asking import Window
from xfdocs.reports.counting import Counter
from xfdocs.reports.definitions import How, Measure
from xfdocs.reports.model import Number, Report, Source, Table


def as_json(report: Report, counter: Counter | None) -> dict[str, Any]:
    """The report; with a *counter* each counted number names its cases, which a public version never does."""
    traced = None if report.public else counter
    measures = counter.measures if counter is not None else {}
    return {
        "report": report.kind,
        "title": report.title,
        "organ": report.organ,
        "period": {
            "code": report.code,
            "name": report.period,
            "first": str(report.first),
            "last": str(report.last),
        },
        "as_of": str(report.as_of),
        "over": report.over,
        "public": report.public,
        "tables": [_table(table, report, traced) for table in report.tables],
        "indicators": list(_indicators(report, measures, traced)),
        "notes": list(report.notes),
        "left_out": [] if report.public else list(report.left_out),
    }


def _table(table: Table, report: Report, counter: Counter | None) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "columns": [{"key": c.key, "head": c.head, "unit": c.unit} for c in table.columns],
        "lines": [
            {
                "key": line.key,
                "head": line.head,
                "part": str(line.part),
                "numbers": {
                    column.key: _number(number, report, counter)
                    for column, number in zip(table.columns, line.numbers, strict=True)
                },
            }
            for line in table.lines
        ],
        "notes": list(table.notes),
    }


def _number(number: Number, report: Report, counter: Counter | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "value": None if number.hidden else plain(number.value),
        "text": number.text,
        "unit": number.unit,
    }
    if number.hidden:
        told["hidden"] = True
        return told
    if number.denominator is not None:
        told |= {"numerator": number.numerator, "denominator": number.denominator}
    if number.source is not None:
        told["source"] = _source(number.source)
        if counter is not None:
            told["cases"] = list(cases_behind(number.source, report, counter))
    return told


def _source(source: Source) -> dict[str, Any]:
    return {
        "measure": source.measure,
        "version": source.version,
        "window": [str(source.first), str(source.last)],
        "where": {one.field: list(one.told) for one in source.where},
    }


def _indicators(report: Report, measures: Any, counter: Counter | None) -> Iterator[dict[str, Any]]:
    """Every rate and mean of the report once, with all that a reader needs to judge it (R37)."""
    told = set()
    for table in report.tables:
        for line in table.lines:
            for number in line.numbers:
                if number.source is None or number.denominator is None or number.source in told:
                    continue
                told.add(number.source)
                measure: Measure | None = measures.get(number.source.measure)
                yield {
                    "id": number.source.measure,
                    "name": measure.name if measure else "",
                    **_number(number, report, counter),
                    "window": [str(number.source.first), str(number.source.last)],
                    "filter": measure.words if measure else "",
                    "definition": measure.words if measure else "",
                    "basis": measure.source if measure else "",
                    "verified": measure.verified if measure else None,
                }


def cases_behind(
    source: Source, report: Report, counter: Counter, *, above: bool | None = None
) -> Iterator[str]:
    """编号 of the cases behind a number; *above*: of a rate's numerator only."""
    measure = counter.measures[source.measure]
    if measure.how is How.PRODUCT:
        return iter(())
    ended = report.over or source.last < report.as_of
    window = Window(source.first, source.last, min(report.as_of, source.last), ended)
    return counter.cases(measure, window, source.where, above=above)


def plain(value: int | Fraction | None) -> int | float | None:
    """A number as JSON has it."""
    return value if value is None or isinstance(value, int) else round(float(value), 6)
