"""Every clock that runs in a case on a day: how long, on which ground, until when, and who must act.

A clock runs while an obligation is owed and neither met nor fallen away (`xfdocs.record.obligations`).  Office limits
are planned by the plain last day; the day after 民法典 203 is shown beside it where it differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xfdocs.office import Office
from xfdocs.record.model import Case
from xfdocs.record.obligation import Obligation
from xfdocs.record.obligations import obligations_of


class State(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    """It runs, but from a day that was not recorded, or to a day whose calendar is not published."""


@dataclass(frozen=True, slots=True)
class Running:
    """One running clock of one case."""

    case: str
    limit: str
    """What must be done, e.g. 办理期限."""
    basis: str
    """The article, as printed."""
    start: dt.date | None
    due: dt.date | None
    rolled: dt.date | None
    """The next working day where ``due`` is a day off; equals ``due`` otherwise; None if unknown."""
    days_left: int | None
    """Days from the day asked about to ``due``: 0 on the last day, negative after it."""
    state: State
    actor: str
    """The organ that must act, or 信访人."""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The row of ``xfdocs due --json`` (DESIGN §6)."""
        return {
            "case": self.case,
            "limit": self.limit,
            "basis": self.basis,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "due_rolled": self.rolled.isoformat() if self.rolled else None,
            "days_left": self.days_left,
            "state": str(self.state),
            "actor": self.actor,
            "note": self.note,
        }


def running_clocks(case: Case, office: Office, on: dt.date) -> list[Running]:
    """Every clock of *case* that runs on the day *on*, the most urgent first; what happened later is not known.

    Raises as `obligations_of` does.
    """
    return clocks_of(case.id, obligations_of(case, office, on), on)


def clocks_of(case: str, obligations: Iterable[Obligation], on: dt.date) -> list[Running]:
    """`running_clocks` of the case of that 编号, from its obligations as known on the day *on*."""
    rows = [_row(case, one, on) for one in obligations if one.runs_on(on)]
    return sorted(rows, key=lambda row: (row.due or dt.date.max, row.limit, row.actor))


def _row(case: str, one: Obligation, on: dt.date) -> Running:
    counted, last = one.counted, one.last
    left = (last - on).days if last is not None else None
    state = State.UNKNOWN if left is None else State.RUNNING if left >= 0 else State.OVERDUE
    said = (counted.remark,) if last is None else (one.about, _remark(one, on))
    return Running(
        case=case,
        limit=one.ground.name,
        basis=one.basis,
        start=one.start,
        due=counted.due,
        rolled=counted.rolled,
        days_left=left,
        state=state,
        actor=one.actor,
        note="；".join(words for words in (*said, counted.caveat) if words),
    )


def _remark(one: Obligation, on: dt.date) -> str:
    if one.limit == "objection" and one.due is not None and one.due < on:
        return "提出异议的期限已过；属于职权范围的应当书面告知信访人"
    return one.counted.remark or one.remark
