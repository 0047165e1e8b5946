"""Documents that come back from packages of the archive, into a register that has lost them or never had them.

What is there already, exactly so, is passed over.  A number that came back is used and never given again: where a series is
not in use here yet, it begins behind the highest that came back, and those before it need not all be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from xfdocs.errors import RestoreInTheWay
from xfdocs.register.entry import Entry
from xfdocs.register.journal import Action, Change
from xfdocs.register.recorded import case_named, of_volume
from xfdocs.register.rows import called, entries_where, file_row, row_of
from xfdocs.register.tables import DOCUMENTS, FILES, SERIES

_OWN = ("id", "run", "recorded")
"""What another register may have had otherwise."""


def restore_entries(change: Change, run: str, entries: Sequence[Entry], where: str) -> int:
    """Put entries in as they were, with new 登记号; how many were not there. Raises `RestoreInTheWay`."""
    new = check_entries(change.connection, entries, where)
    for entry in new:
        _begin_series_behind(change, entry)
        mine = replace(entry, id=change.new_id(), run=run, recorded=True)
        row = row_of(mine)
        files = [file_row(mine.id, file) for file in mine.files]
        change.connection.execute(insert(DOCUMENTS), row)
        if files:
            change.connection.execute(insert(FILES), files)
        change.add(Action.RESTORE, {**row, "files": files}, mine.id)
    return len(new)


def check_entries(connection: Connection, entries: Sequence[Entry], where: str) -> list[Entry]:
    """Those of the entries that are not there. Raises `RestoreInTheWay` if another one stands in the place of one."""
    new = []
    for entry in entries:
        here = (
            (DOCUMENTS.c.case_id == entry.case)
            & (DOCUMENTS.c.kind == entry.kind)
            & (DOCUMENTS.c.event == entry.event)
        )
        known = entries_where(connection, here, where)
        there = next((one for one in known if one.ordinal == entry.ordinal), None)
        if there is None:
            _number_free(connection, entry)
            _series_open(connection, entry)
            new.append(entry)
        elif _alike(there) != _alike(entry):
            raise RestoreInTheWay(what=f"登记库里的 {called(there)}（登记号 {there.id}）")
    return new


def _alike(entry: Entry) -> dict[str, object]:
    # When a package came back is not when it was made.
    own = (*_OWN, "issued_at") if of_volume(entry) else _OWN
    return {name: value for name, value in row_of(entry).items() if name not in own} | {
        "files": set(entry.files)
    }


def _number_free(connection: Connection, entry: Entry) -> None:
    if not entry.n:
        return
    question = select(DOCUMENTS.c.case_id).where(DOCUMENTS.c.number == entry.number)
    if (case := connection.execute(question).scalar()) is not None:
        raise RestoreInTheWay(what=f"{entry.number} 在登记库里是 {case_named(case)} 的")


def _series_open(connection: Connection, entry: Entry) -> None:
    """A series in use must have given a number that comes back; one nobody has taken from since need not."""
    standing = _standing(connection, entry)
    if standing is not None and entry.n > standing.last >= standing.first:
        raise RestoreInTheWay(what=f"{entry.number} 比登记库里这一序列用到的第 {standing.last} 号还大")


def _standing(connection: Connection, entry: Entry) -> Any:
    here = (SERIES.c.form == entry.form) & (SERIES.c.year == entry.date.year)
    return connection.execute(select(SERIES.c.first, SERIES.c.last).where(here)).one_or_none()


def _begin_series_behind(change: Change, entry: Entry) -> None:
    """A series nobody has taken from since begins behind this number."""
    standing = _standing(change.connection, entry)
    if not entry.n or (standing is not None and entry.n <= standing.last):
        return
    series = {"form": entry.form, "year": entry.date.year}
    values = {"first": entry.n + 1, "last": entry.n}
    change.add(Action.SERIES, {**series, "first": entry.n + 1})
    if standing is None:
        change.connection.execute(insert(SERIES), series | values)
    else:
        here = (SERIES.c.form == entry.form) & (SERIES.c.year == entry.date.year)
        change.connection.execute(update(SERIES).where(here).values(values))
