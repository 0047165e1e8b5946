"""The journal: every change of the register, in order, each line carrying the hash of the one before it.

What a line sets stands in its payload, so the tables can be made again from the journal alone, and a
row that was changed or taken away behind the program's back is found (`xfdocs.register.verify`).
The order is that of ``seq``; the time of day is for people, and a clock set back changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from xfdocs.errors import RegisterBroken
from xfdocs.register.tables import HEAD, JOURNAL

GENESIS = "0" * 64
"""What the first line carries as the hash of the one before it."""


class Action(StrEnum):
    """What a line of the journal tells."""

    RUN = "run"
    """A run began."""
    END = "end"
    """A run ended well."""
    INTERRUPTED = "interrupted"
    """A run was found to have been broken off."""
    SERIES = "series"
    """The first number of a series and year."""
    RESERVE = "reserve"
    """A number was taken for a document."""
    TAKE_OVER = "take-over"
    """A document that another run left, or whose record has changed since, is ours with what is wanted now."""
    ISSUE = "issue"
    """The files of a document are there."""
    ADD = "add"
    """An issued document has got a further format."""
    CONFIRM = "confirm"
    """The record says what the register says."""
    RESTORE = "restore"
    """A document came back from a package of the archive, with all that was known of it."""
    VOID = "void"
    """A document, or a number that came to none, is void."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal."""

    seq: int
    at: str
    action: str
    document: int
    """登记号; 0 if the line is about none."""
    payload: str
    """Canonical JSON."""
    previous: str
    hash: str

    def reckoned(self) -> str:
        """The hash this line must have."""
        return line_hash(self.seq, self.at, self.action, self.document, self.payload, self.previous)


def canonical(value: Any) -> str:
    """JSON that is the same for the same value, everywhere and always."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def line_hash(seq: int, at: str, action: str, document: int, payload: str, previous: str) -> str:
    """SHA-256 of a line and of the hash before it."""
    whole = canonical([seq, at, action, document, payload, previous])
    return hashlib.sha256(whole.encode()).hexdigest()


def clock() -> str:
    """The time of day as the journal writes it: UTC, to the second."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(at: str) -> dt.datetime:
    """A time of day of the journal at this desk. Raises `ValueError` if it is none."""
    return dt.datetime.fromisoformat(at).astimezone()


def lines_about(connection: Connection, document: int) -> list[Line]:
    """What the journal tells of one document, in order."""
    question = select(JOURNAL).where(JOURNAL.c.document == document).order_by(JOURNAL.c.seq)
    return [Line(**row._mapping) for row in connection.execute(question)]


class Change:
    """What one transaction does to the register: it gathers the lines, and `finish` writes them.

    It begins by locking the head of the journal, so those who change the register do it one after another
    on PostgreSQL too (SQLite lets only one write anyway).
    """

    def __init__(self, connection: Connection, at: str, where: str) -> None:
        self.connection = connection
        self.at = at
        """The one clock reading of this transaction."""
        row = connection.execute(select(HEAD).with_for_update()).one_or_none()
        if row is None:
            raise RegisterBroken(where=where, what="流水的末端没有了。请恢复最近的备份。")
        self._seq, self._hash, self._documents = row.seq, row.hash, row.documents
        self._lines: list[dict[str, Any]] = []

    @property
    def head(self) -> tuple[int, str]:
        """The last line so far: its number and hash."""
        return self._seq, self._hash

    def new_id(self) -> int:
        """The next 登记号."""
        self._documents += 1
        return int(self._documents)

    def add(self, action: Action, payload: Mapping[str, Any], document: int = 0) -> int:
        """Append a line; its number."""
        self._seq += 1
        text = canonical(payload)
        hashed = line_hash(self._seq, self.at, action, document, text, self._hash)
        self._lines.append(
            {
                "seq": self._seq,
                "at": self.at,
                "action": action.value,
                "document": document,
                "payload": text,
                "previous": self._hash,
                "hash": hashed,
            }
        )
        self._hash = hashed
        return int(self._seq)

    def finish(self) -> None:
        """Write the lines and the new head; nothing if nothing was changed."""
        if not self._lines:
            return
        self.connection.execute(insert(JOURNAL), self._lines)
        head = {"seq": self._seq, "hash": self._hash, "documents": self._documents}
        self.connection.execute(update(HEAD).values(head))
        self._lines = []
