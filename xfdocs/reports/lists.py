"""What units are told of single matters: limits they let pass, and answers that did not reach the petitioner.

A list names matters by 编号 and nothing else.  What a unit must not learn of is in no list, whoever handles it:
检举控告, and whatever is kept secret (条例22 30·3; 保守国家秘密法).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from xfdocs.document.model import Align, Block, Cell, Paragraph, Row, Run, Table
from xfdocs.office import Office
from xfdocs.record.codes import Purpose
from xfdocs.record.obligation import NAMED_DAYS, PETITIONER
from xfdocs.record.terms import book_of
from xfdocs.register import index_tables as t
from xfdocs.register.rows import PAGE
from xfdocs.reports.asking import Window
from xfdocs.reports.counting import Counter
from xfdocs.reports.definitions import sql_of
from xfdocs.reports.populations import Outcome, populations

RIGHTS = ("objection",)
"""Limits of what an organ may do, not of what it owes: an objection that was not raised is not overdue."""
UNDELIVERED = "答复未送达"
"""The definition of an answer without a record of its delivery."""
LEFT_OUT = "检举控告事项、涉密事项不列入清单。"
"""Said on every sheet, whether there is such a matter or not: so it tells nothing."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A limit that a unit let pass."""

    unit: str
    case: str
    limit: str
    """Its name, as the law data has it."""
    start: dt.date | None
    due: dt.date
    met: dt.date | None
    """None: not met on 截止日."""
    days: int
    """Days after the last day on which it was met, or 截止日: the last day does not count."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An answer without a record of its delivery on 截止日."""

    unit: str
    case: str
    replied: dt.date


def may_be_told() -> sa.ColumnElement[bool]:
    """Matters that a list for units may name."""
    r = t.RECORDS.c
    reports = sa.exists().where(t.CLAIMS.c.record == r.id, t.CLAIMS.c.purpose == Purpose.REPORT.value)
    return sa.and_(
        sa.func.coalesce(r.protected, sa.false()) == sa.false(),
        sa.func.coalesce(r.secrecy, "") == "",
        sa.func.coalesce(r.purpose, "") != Purpose.REPORT.value,
        ~reports,
    )


def overdue(counter: Counter, window: Window, office: Office) -> Iterator[tuple[bool, Overdue]]:
    """Limits that fell due in a window and were let pass, and (first False) those due earlier and still open.

    By unit, then by the day they fell due.
    """
    population = populations()["期限"]
    limit, fields = t.LIMITS.c, population.fields
    state, unit = fields["情况"].expression, fields["单位"].expression
    met = fields["完成日期"].expression.label("met_by_then")
    missed = [Outcome.LATE.value, Outcome.OPEN.value]
    inside = sa.and_(limit.due.between(window.first, window.last), state.in_(missed))
    before = sa.and_(limit.due < window.first, state == Outcome.OPEN.value)
    question = (
        sa.select(unit.label("unit"), t.RECORDS.c.case_id, limit.limit, limit.national, limit.start, limit.due, met)
        .select_from(population.rows)
        .where(population.known, may_be_told(), sa.or_(inside, before))
        .where(limit.limit.not_in(RIGHTS), unit.not_in(["", PETITIONER]))
        .order_by(unit, limit.due, t.RECORDS.c.case_id, limit.seq)
    )  # fmt: skip
    rows = counter.connection.execution_options(yield_per=PAGE).execute(question, window.seen)
    for row in rows:
        name = limit_name(office, row.limit, row.start or row.due, national=row.national)
        days = ((row.met_by_then or window.as_of) - row.due).days
        one = Overdue(row.unit, row.case_id, name, row.start, row.due, row.met_by_then, days)
        yield row.due >= window.first, one


def undelivered(counter: Counter, window: Window) -> Iterator[Undelivered]:
    """Answers of a window without a record of their delivery, by unit, then by day."""
    measure = counter.measures[UNDELIVERED]
    population = populations()[measure.population]
    unit, day = (population.fields[name].expression for name in ("责任单位", measure.window))
    question = (
        sa.select(unit.label("unit"), t.RECORDS.c.case_id, day.label("replied_by_then"))
        .select_from(population.rows)
        .where(population.known, may_be_told(), day.between(window.first, window.last))
        .where(*sql_of(measure.where, population))
        .order_by(unit, day, t.RECORDS.c.case_id)
    )
    rows = counter.connection.execution_options(yield_per=PAGE).execute(question, window.seen)
    for row in rows:
        yield Undelivered(row.unit, row.case_id, row.replied_by_then)


@lru_cache(maxsize=1024)
def limit_name(office: Office, limit: str, day: dt.date, *, national: bool) -> str:
    """What a limit is called in the rules of a day."""
    if limit in NAMED_DAYS:
        return NAMED_DAYS[limit]
    terms = book_of(office).terms(limit, day)
    name = next((one.ground.name for one in terms if one.ground.national is national), "")
    if not name:  # counted from a day before the rules it was set by
        name = next((one.ground.name for one in terms), limit)
    return name if national else f"{name}（地方规定）"


# --- as tables ------------------------------------------------------------------------------------------


_OVERDUE = (
    ("信访件编号", 36.0),
    ("期限名称", 44.0),
    ("起算日", 21.0),
    ("到期日", 21.0),
    ("完成日", 21.0),
    ("超期天数", 13.0),
)
"""Columns and their widths in mm: a date of ten characters stands on one line."""
_UNDELIVERED = (("信访件编号", 72.0), ("答复日期", 42.0), ("送达", 42.0))


def overdue_table(caption: str, rows: Sequence[Overdue]) -> tuple[Block, ...]:
    """A list of limits let pass."""
    cells = [
        (one.case, one.limit, _day(one.start), _day(one.due), _day(one.met) or "未完成", str(one.days))
        for one in rows
    ]
    return _table(caption, _OVERDUE, cells)


def undelivered_table(caption: str, rows: Sequence[Undelivered]) -> tuple[Block, ...]:
    """A list of answers without a record of their delivery."""
    return _table(caption, _UNDELIVERED, [(one.case, _day(one.replied), "没有记录") for one in rows])


def _table(
    caption: str, columns: tuple[tuple[str, float], ...], rows: Sequence[tuple[str, ...]]
) -> tuple[Block, ...]:
    head = Row(tuple(_cell(text, header=True) for text, _ in columns), head=True)
    body = tuple(Row(tuple(map(_cell, row))) for row in rows)
    return (Table((head, *body), tuple(width for _, width in columns), caption, small=True),)


def _cell(text: str, *, header: bool = False) -> Cell:
    return Cell((Paragraph((Run(text),), Align.CENTER),) if text else (), header=header)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""
