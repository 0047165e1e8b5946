"""Filling the case index for the first time: the indexes that reports read by are made when its tables are full.

Kept up to date row by row, they cost a third of the writing, more the bigger they grow.  A run that is
killed leaves them unmade; the next refresh makes them, and until then reports only take longer.
On PostgreSQL they stay: there the tables are on a server that others may be reading.
"""

from __future__ import annotations

import sqlalchemy as sa

from xfdocs.register.database import Database
from xfdocs.register.index_tables import PARTS, RECORDS

MANY = 2_000
"""Records from which that is worth it."""
_ROOM = 64 * 1024
"""KiB of pages that SQLite may keep in memory: enough for what one chunk of the case index touches."""
_INDEXES = tuple(
    index for table in (RECORDS, *PARTS) for index in sorted(table.indexes, key=lambda i: i.name or "")
)


def give_room(connection: sa.Connection) -> None:
    """Let SQLite keep more pages in memory than it usually may; only here, for whoever issues documents needs them for nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_ROOM}")


def put_off_indexes(database: Database, coming: int) -> None:
    """Take the indexes away if *coming* records are many and the index is empty."""
    if database.file is None or coming < MANY:
        return
    with database.writing() as connection:
        if connection.execute(sa.select(RECORDS.c.id).limit(1)).first() is None:
            for index in _INDEXES:
                index.drop(connection, checkfirst=True)


def make_up_indexes(database: Database) -> None:
    """Make the indexes that are not there."""
    if database.file is None:
        return
    with database.reading() as connection:
        there = set(
            connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars()
        )
    lacking = [index for index in _INDEXES if index.name not in there]
    if lacking:
        with database.writing() as connection:
            for index in lacking:
                index.create(connection, checkfirst=True)
