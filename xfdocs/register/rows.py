"""Entries as rows and rows as entries."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Row, RowMapping, select

from xfdocs.errors import RegisterBroken
from xfdocs.register.entry import Entry, EntryState, FileEntry, Wanted
from xfdocs.register.journal import canonical
from xfdocs.register.tables import DOCUMENTS, FILES

T = TypeVar("T")

PAGE = 500
"""How many rows are read, or values named in a question, at a time."""

WANTED = tuple(f.name for f in fields(Wanted))
_ENTRY = tuple(f.name for f in fields(Entry))
_TEXTUAL = {"case", "date", "recipients", "state", "files"}
_PLAIN = tuple(name for name in _ENTRY if name not in _TEXTUAL)


def row_of(entry: Entry) -> dict[str, Any]:
    """An entry's row of ``documents``; its files stand in a table of their own."""
    row: dict[str, Any] = {name: getattr(entry, name) for name in _PLAIN}
    row["case_id"] = entry.case
    row["year"] = entry.date.year
    row["date"] = entry.date.isoformat()
    row["recipients"] = canonical(entry.recipients)
    row["state"] = entry.state.value
    return row


def entry_of_row(row: Mapping[str, Any]) -> Entry:
    """The entry of a row that was kept elsewhere, with its ``files``. Raises `ValueError`, `KeyError` or `TypeError` if it is none."""
    files = tuple(
        FileEntry(
            one["format"],
            PurePosixPath(one["path"]),
            one["sha256"],
            int(one["size"]),
            str(one.get("maker", "")),
        )
        for one in row["files"]
    )
    return _entry(row, files)


def file_row(document: int, file: FileEntry) -> dict[str, Any]:
    """A file's row of ``files``."""
    return {
        "document": document,
        "format": file.format,
        "path": str(file.path),
        "sha256": file.sha256,
        "size": file.size,
        "maker": file.maker,
    }


def entries_where(
    connection: Connection,
    where: sa.ColumnElement[bool],
    place: str,
    *,
    order: Sequence[sa.ColumnElement[Any]] = (DOCUMENTS.c.id,),
    limit: int | None = None,
) -> list[Entry]:
    """The entries that satisfy a condition, by 登记号 if no other *order* is asked for, with their files.

    Raises `RegisterBroken` if a row holds what no entry can be; *place* names the register in it.
    """
    question = select(DOCUMENTS).where(where).order_by(*order).limit(limit)
    return _with_files(connection, connection.execute(question).all(), place)


def _with_files(connection: Connection, rows: Sequence[Row[Any]], place: str) -> list[Entry]:
    files: defaultdict[int, list[FileEntry]] = defaultdict(list)
    issued = [row.id for row in rows if row.issued_at]  # the others have none
    for ids in pieces(issued):
        question = select(FILES).where(FILES.c.document.in_(ids)).order_by(FILES.c.document, FILES.c.format)
        for file in connection.execute(question):
            files[file.document].append(
                FileEntry(file.format, PurePosixPath(file.path), file.sha256, file.size, file.maker)
            )
    return [_entry_of(row, tuple(files.get(row.id, ())), place) for row in rows]


def _entry_of(row: Row[Any], files: tuple[FileEntry, ...], place: str) -> Entry:
    try:
        return _entry(row._mapping, files)
    except (ValueError, TypeError) as error:
        raise RegisterBroken(
            where=place, what=f"登记号 {row.id} 的内容读不成文书。请运行 `xfdocs register verify` 查明。"
        ) from error


def _entry(row: Mapping[str, Any] | RowMapping, files: tuple[FileEntry, ...]) -> Entry:
    return Entry(
        case=row["case_id"],
        date=dt.date.fromisoformat(row["date"]),
        recipients=tuple(json.loads(row["recipients"])),
        state=EntryState(row["state"]),
        files=files,
        **{name: row[name] for name in _PLAIN},
    )


def pieces(values: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The values in lists of at most *size*: a database takes only so many in one question."""
    left = iter(values)
    while piece := list(islice(left, size)):
        yield piece


def called(entry: Entry) -> str:
    """An entry as a sentence names it."""
    return entry.number or f"登记号 {entry.id}（{entry.kind_title}）"
