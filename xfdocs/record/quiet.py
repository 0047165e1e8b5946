"""From which day nothing runs any more in a case, so that nobody need look at it to know what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from xfdocs.record.model import Case
from xfdocs.record.obligation import Obligation
from xfdocs.record.schema import plan_of


def quiet_from(case: Case, obligations: Iterable[Obligation]) -> dt.date | None:
    """A day from which no clock runs in *case*, nor ever will by what the record says today.

    *obligations* are all that the case has had.  It is the last day that the record names, or the day on which
    the petitioner's last right lapses if that comes later: not always the very first such day, which would
    have to be searched for.  None where a clock runs on until somebody acts.
    """
    days = _days(case.registration, set())
    for event in case.events:
        _days(event, days)
    for one in obligations:
        over = one.met or one.ended
        if over is None:
            return None
        days.add(over)
    return max(days)


def _days(part: object, found: set[dt.date]) -> set[dt.date]:
    """Every day that a part of a record names; some mean nothing to a clock, and one too many does no harm."""
    kind: Any = type(part)
    for name in _telling(kind):
        value = getattr(part, name)
        if isinstance(value, dt.date):
            found.add(value)
        elif value is not None:
            for one in value if isinstance(value, tuple) else (value,):
                _days(one, found)
    return found


@cache
def _telling(kind: Any) -> tuple[str, ...]:
    """The fields of a class of the model that hold a day, or parts that may."""
    return tuple(
        slot.field for slot in plan_of(kind).slots if slot.type is dt.date or is_dataclass(slot.type)
    )
