"""The letters that brought matters here, from the case index: what the book of incoming letters is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from xfdocs.record.status import Status
from xfdocs.register.database import Database
from xfdocs.register.index_tables import RECORDS, SOURCES
from xfdocs.register.rows import PAGE
from xfdocs.rules.period import Period


@dataclass(frozen=True, slots=True)
class Incoming:
    """One letter by which another organ sent a matter here."""

    received: dt.date
    """The day on which it was received here."""
    sender: str
    """来文机关."""
    kind: str
    """转送, 交办 or 督办."""
    number: str
    """Its own 文号; empty if it has none."""
    date: dt.date
    """The day it is dated."""
    feedback_due: dt.date | None
    """By when the sender wants to hear of the outcome."""
    case: str
    """编号 of the case."""
    organ: str
    """The organ that registered it."""
    handler: str
    """首办责任人; empty if there is none yet."""
    status: Status
    """How far the case has come."""


def incoming_letters(database: Database, period: Period | None = None) -> Iterator[Incoming]:
    """The letters of all indexed records by the day of receipt, those of a period only if one is given.

    A record names every letter of the chain by which it came (来源, the first one first).  The last of them came
    here, on its own 收到日期 or, where that was not noted, on that of the record; an earlier one did only if it
    has a 收到日期 of its own.  Of files with one 编号 the first counts.
    """
    later = SOURCES.alias("later")
    last = ~sa.exists().where(later.c.record == SOURCES.c.record, later.c.seq > SOURCES.c.seq)
    received = sa.func.coalesce(
        SOURCES.c.received, sa.case((last, RECORDS.c.received)), type_=RECORDS.c.received.type
    ).label("received")
    question = (
        sa.select(
            received,
            SOURCES.c.organ.label("sender"),
            SOURCES.c.kind,
            SOURCES.c.number,
            SOURCES.c.date,
            SOURCES.c.feedback_due,
            RECORDS.c.case_id,
            RECORDS.c.organ,
            RECORDS.c.first_handler,
            RECORDS.c.status,
        )
        .join(RECORDS, RECORDS.c.id == SOURCES.c.record)
        .where(RECORDS.c.twin == "", received.is_not(None))
        .order_by(received, RECORDS.c.case_id, SOURCES.c.seq)
    )
    if period is not None:
        question = question.where(received.between(period.first, period.last))
    with database.reading() as connection:
        for row in connection.execute(question.execution_options(yield_per=PAGE)):
            yield Incoming(
                received=row.received,
                sender=row.sender,
                kind=row.kind,
                number=row.number or "",
                date=row.date,
                feedback_due=row.feedback_due,
                case=row.case_id,
                organ=row.organ,
                handler=row.first_handler or "",
                status=Status(row.status),
            )
