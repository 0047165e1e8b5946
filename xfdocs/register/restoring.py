"""Documents that come back from packages of the archive, into a register that has lost them or never had them.

What is there already, exactly so, is passed over.  A number that came back is used and never given again: where a series is
not in use here yet, it begins behind the highest that came back, and those before it need not all be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert, select, update

from xfdocs.errors import RestoreInTheWay
from xfdocs.register.entry import Entry
from xfdocs.register.journal import Action, Change
from xfdocs.register.rows import called, entries_where, file_row, row_of
from xfdocs.register.tables import DOCUMENTS, FILES, SERIES

_OWN = ("id", "run", "recorded")
"""What another register may have had otherwise."""


def restore_entries(change: Change, run: str, entries: Sequence[Entry], where: str) -> int:
    """Put entries in as they were, with new 登记号; how many were not there. Raises `RestoreInTheWay`."""
    added = 0
    for entry in entries:
        here = (
            (DOCUMENTS.c.case_id == entry.case)
            & (DOCUMENTS.c.kind == entry.kind)
            & (DOCUMENTS.c.event == entry.event)
        )
        there = next(
            (one for one in entries_where(change.connection, here, where) if one.ordinal == entry.ordinal),
            None,
        )
        if there is not None:
            if _alike(there) != _alike(entry):
                raise RestoreInTheWay(what=f"登记库里的 {called(there)}（登记号 {there.id}）")
            continue
        _number_free(change, entry)
        _begin_series_behind(change, entry)
        new = replace(entry, id=change.new_id(), run=run, recorded=True)
        row = row_of(new)
        files = [file_row(new.id, file) for file in new.files]
        change.connection.execute(insert(DOCUMENTS), row)
        if files:
            change.connection.execute(insert(FILES), files)
        change.add(Action.RESTORE, {**row, "files": files}, new.id)
        added += 1
    return added


def _alike(entry: Entry) -> dict[str, object]:
    return {name: value for name, value in row_of(entry).items() if name not in _OWN} | {
        "files": set(entry.files)
    }


def _number_free(change: Change, entry: Entry) -> None:
    if not entry.n:
        return
    question = select(DOCUMENTS.c.case_id).where(DOCUMENTS.c.number == entry.number)
    if (case := change.connection.execute(question).scalar()) is not None:
        raise RestoreInTheWay(what=f"{entry.number} 在登记库里是 {case} 的")


def _begin_series_behind(change: Change, entry: Entry) -> None:
    """A series nobody has taken from since begins behind this number; one in use must have given it."""
    if not entry.n:
        return
    form, year = entry.form, entry.date.year
    here = (SERIES.c.form == form) & (SERIES.c.year == year)
    row = change.connection.execute(select(SERIES.c.first, SERIES.c.last).where(here)).one_or_none()
    if row is not None and entry.n <= row.last:
        return
    if row is not None and row.last >= row.first:
        raise RestoreInTheWay(what=f"{entry.number} 比登记库里这一序列用到的第 {row.last} 号还大")
    first = entry.n + 1
    change.add(Action.SERIES, {"form": form, "year": year, "first": first})
    values = {"first": first, "last": entry.n}
    if row is None:
        change.connection.execute(insert(SERIES), {"form": form, "year": year, **values})
    else:
        change.connection.execute(update(SERIES).where(here).values(values))
