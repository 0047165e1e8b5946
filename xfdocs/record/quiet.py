"""From which day nothing runs any more in a case, so that nobody need look at it to know what is due.

What stands here knows no clock: it asks `running_clocks`, and only relies on what changes its answer from
one day to the next: a day that the record names, and the end of a petitioner's own period.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from xfdocs.errors import XfdocsError
from xfdocs.office import Office
from xfdocs.record.clocks import PETITIONER, Running, running_clocks
from xfdocs.record.model import Case
from xfdocs.record.schema import plan_of

_DAY = dt.timedelta(days=1)


def quiet_from(case: Case, office: Office) -> dt.date | None:
    """A day from which no clock runs in *case*, nor ever will by what the record says today.

    It is the last day that the record names, or the day after the end of the petitioner's last period if that
    comes later: not always the very first such day, which would have to be searched for.  None where a
    clock runs on until somebody acts, and where nobody can say: no regulation is known, or a day lies
    beyond the calendar of Python.
    """
    try:
        if running_clocks(case, office, dt.date.max):
            return None
        days = _days(case.registration, set())
        for event in case.events:
            _days(event, days)
        last = max(days)
        rows = running_clocks(case, office, last)  # after it nothing changes but that these end by themselves
        return max(map(_end, rows), default=last)
    except (XfdocsError, OverflowError):
        return None


def _end(row: Running) -> dt.date:
    """The day after the last one on which a clock runs if nothing happens; only a petitioner's own ends by itself."""
    last = row.rolled or row.due
    return last + _DAY if row.actor == PETITIONER and last is not None else dt.date.max


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
