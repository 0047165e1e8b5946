"""Reckoning with days in SQL, as each database does it; SQLite keeps days as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class DaysBetween(GenericFunction[int]):
    """Days from one day to another."""

    type = sa.Integer()
    inherit_cache = True
    name = "days_between"


class DaysEarlier(GenericFunction[dt.date]):
    """The day so many days before one."""

    type = sa.Date()
    inherit_cache = True
    name = "days_earlier"


def _parts(element: Any, compiler: Any, **kw: Any) -> tuple[str, str]:
    one, other = (compiler.process(part, **kw) for part in element.clauses)
    return one, other


@compiles(DaysBetween, "postgresql")
def _between_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    since, until = _parts(element, compiler, **kw)
    return f"({until} - {since})"


@compiles(DaysBetween)
def _between(element: Any, compiler: Any, **kw: Any) -> str:
    since, until = _parts(element, compiler, **kw)
    return f"CAST(julianday({until}) - julianday({since}) AS INTEGER)"


@compiles(DaysEarlier, "postgresql")
def _earlier_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = _parts(element, compiler, **kw)
    return f"({day} - CAST({days} AS INTEGER))"


@compiles(DaysEarlier)
def _earlier(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = _parts(element, compiler, **kw)
    return f"date({day}, '-' || {days} || ' days')"
