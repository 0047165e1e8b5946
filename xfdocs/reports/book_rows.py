"""The rows of a book for a period: the case index says which records have one, the record says what stands in it.

Names, addresses and words are not in the index, on purpose; so each record that has a row is read.  Rows come one
after another and nothing is kept of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from xfdocs.document.cells import CellFault, Value
from xfdocs.document.context import names_of
from xfdocs.document.fields import event_name, event_view, view_of
from xfdocs.document.names import EVERY
from xfdocs.errors import BookInvalid, RecordUnreadable
from xfdocs.office import Office
from xfdocs.record.derived import actor_of, headcount
from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.reader import build_case, parse_tree, read_bytes
from xfdocs.record.rules.matter import CaseView
from xfdocs.record.status import status_of
from xfdocs.register import index_tables as t
from xfdocs.register.rows import PAGE
from xfdocs.reports.books import PARTS, Book
from xfdocs.reports.definitions import sql_of
from xfdocs.reports.populations import populations, seen_on
from xfdocs.rules.period import Period

HIDDEN = "（保密）"
"""Stands for who reported somebody, and for whom they reported (条例22 30·3)."""
_SEQ = {"诉求": t.CLAIMS, "办理事项": t.EVENTS, "来文": t.SOURCES, "文书": t.ISSUED}
_READ = 64
"""Records kept at hand: events of one case often stand near each other."""

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that was changed after the index had read it; it has no row."""

    path: str

    @property
    def why(self) -> str:
        """As people read it."""
        return f"{self.path}：在登记期间被改动，请再运行一次。"


def count_rows(book: Book, period: Period, as_of: dt.date, connection: sa.Connection) -> int:
    """How many rows a book has for a period."""
    question = sa.select(sa.func.count()).select_from(_keys(book, period).subquery())
    return int(
        connection.execute(question, seen_on(min(as_of, period.last), over=as_of > period.last)).scalar_one()
    )


def rows_of(
    book: Book,
    period: Period,
    as_of: dt.date,
    office: Office,
    connection: sa.Connection,
    *,
    full: bool = False,
) -> Iterator[Row | Changed]:
    """The rows of a book for a period, in its order.

    *as_of*: what happened later puts nothing into the book.  Unless it is *full*, who reported somebody and whom
    they reported is left out.

    Raises:
        BookInvalid: an expression cannot be worked out for a record.
    """
    read = lru_cache(maxsize=_READ)(lambda path, sha256: case_at(office, path, sha256))
    keys = connection.execution_options(yield_per=PAGE).execute(
        _keys(book, period), seen_on(as_of, over=as_of >= period.last)
    )
    for key in keys:
        case: Case | None = read(key.path, key.sha256)
        yield Changed(key.path) if case is None else _row(book, case, key.seq, office, full=full)


def _keys(book: Book, period: Period) -> sa.Select[Any]:
    """Which parts of which records have a row, in order: the same on any machine, however the files lie."""
    population = populations()[book.of]
    parts = _SEQ.get(book.of)
    seq = parts.c.seq if parts is not None else sa.literal(0)
    day = population.fields[book.window].expression
    order = [sa.nulls_first(population.fields[name].expression) for name in book.order]
    return (
        sa.select(t.RECORDS.c.path, t.RECORDS.c.sha256, seq.label("seq"))
        .select_from(population.rows)
        .where(population.known, day.between(period.first, period.last), *sql_of(book.where, population))
        .order_by(*order, t.RECORDS.c.case_id, seq)
    )


def case_at(office: Office, path: str, sha256: str) -> Case | None:
    """The case of a record; None if the file is not what the index has read."""
    file = office.folder / path
    try:
        data = read_bytes(file)
    except RecordUnreadable:
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        return None
    return build_case(parse_tree(data, file)).case


def _row(book: Book, case: Case, seq: int, office: Office, *, full: bool) -> Row:
    names = _names(book, case, seq, office)
    hide = _hiding(case, full=full)
    row = []
    for column in book.columns:
        try:
            value = column.cell.value(names)
        except CellFault as fault:
            what = f"栏目“{column.head}”用于 {case.id} 时：{fault}"
            raise BookInvalid(file=book.file, what=what) from fault
        if column.sum and not (value is None or isinstance(value, int)):
            what = f"栏目“{column.head}”要合计，应为数，{case.id} 的是“{hide(str(value))}”。"
            raise BookInvalid(file=book.file, what=what)
        row.append(hide(value) if isinstance(value, str) else value)
    return tuple(row)


def _names(book: Book, case: Case, seq: int, office: Office) -> dict[str, Any]:
    """What the columns of one row may name."""
    event: Event | None = None
    part: Any = None
    match book.of:
        case "办理事项":
            event = next(one for one in case.events if one.seq == seq)
            part = event_view(event)
        case "诉求":
            part = view_of(next(one for one in case.claims if one.seq == seq), f"诉求[{seq}]")
        case "来文":
            part = view_of(case.registration.sources[seq - 1], f"登记.来源[{seq}]")
        case "文书":
            part = view_of(case.issued[seq - 1], f"文书[{seq}]")
    day = event.date if event is not None else case.registration.received
    return {
        **names_of(case, event, office.organ_called(actor_of(case, event)), office, day),
        **({PARTS[book.of]: part} if part is not None else {}),
        "人次": headcount(case),
        "办理情况": status_of(case).zh,
        EVERY: lambda kind: tuple(event_view(one) for one in case.events if event_name(type(one)) == kind),
        "事件名称": event_name(type(event)) if event is not None else "",
    }


def _hiding(case: Case, *, full: bool) -> Callable[[str], str]:
    """What takes out of a text everything that tells who reported somebody, or whom, in a case of 检举控告."""
    view = CaseView(case)
    if full or not view.protected:
        return str
    texts = [text for _, text in view.identities]
    for person in case.petitioners:
        texts += [person.name or "", person.address or "", person.workplace or ""]
    texts += [respondent.name for claim in case.claims for respondent in claim.respondents]
    secrets = sorted({text for text in texts if text}, key=lambda text: (-len(text), text))

    def hide(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
        return text

    return hide
