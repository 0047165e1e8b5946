"""The case index: one row a record, read again only when the record, its attachments or the rules have changed.

It is a cache in the register's database.  Nothing official rests on it, the journal does not know of it, and
deleting its rows costs time only.  What stands in it, and what never does: `xfdocs.register.index_tables`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from xfdocs.errors import RecordUnreadable, XfdocsError
from xfdocs.office import Office
from xfdocs.progress import Progress, Silent
from xfdocs.record.files import record_files
from xfdocs.record.findings import Finding, Report, Verdict
from xfdocs.record.model import Case
from xfdocs.record.obligation import Obligation
from xfdocs.record.obligations import obligations_of
from xfdocs.record.quiet import quiet_from
from xfdocs.record.reader import build_case, expect_to_read, parse_tree, read_bytes
from xfdocs.record.rules import Matter
from xfdocs.record.validation import Validator, not_unique
from xfdocs.register.database import Database
from xfdocs.register.index_facts import NO_FACTS, Facts, Values, facts_of
from xfdocs.register.index_fill import give_room, make_up_indexes, put_off_indexes
from xfdocs.register.index_stamp import FileStamp, attached_in, attachments_digest, rules_digest
from xfdocs.register.index_tables import PARTS, RECORDS
from xfdocs.register.rows import pieces

CHUNK = 1000
"""Records between two commits: a second's work that an interruption may cost.  With fewer a big index is written several times over."""
_READ_AS = ("sha256", "rules", "attached", "attachments", "verdict", "case_id", "quiet_from")
"""Columns that stay the same while a record, its attachments and the rules do."""
_KNOWN = sa.select(*(RECORDS.c[name] for name in ("path", "size", "mtime_ns", "settled", *_READ_AS)))
Known = sa.RowMapping
"""A row of `_KNOWN`, by the names of its columns."""
_ID = re.compile(r"[A-Za-z0-9-]{1,38}")
"""信访件编号, as the schema has it; what else stands there in a broken record may be anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of one record after a refresh."""

    path: Path
    """As it was named."""
    case_id: str
    """编号; empty if nobody can say."""
    verdict: Verdict
    sha256: str
    """Of its bytes; empty if they could not be read."""
    quiet_from: dt.date | None
    """From this day on no clock runs in it; None where one may."""
    report: Report | None = None
    """What validation said just now; None where the record was known, and not rejected."""
    case: Case | None = None
    """The case, if it was read just now and is one by the schema."""

    def without_case(self) -> Seen:
        """The same without what only a closer look needs: the case, and the report on a record that was not rejected."""
        if self.case is None:
            return self
        return replace(self, case=None, report=self.report if self.verdict is Verdict.REJECTED else None)

    def quiet_on(self, day: dt.date) -> bool:
        """Whether no clock runs on a day, and nothing else is to be said of the record."""
        return self.verdict is not Verdict.REJECTED and self.quiet_from is not None and self.quiet_from <= day


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _News:
    """What a chunk changes in the index."""

    read: dict[str, tuple[Row, Facts | None]] = field(default_factory=dict)
    """Path → its row and what the record says."""
    touched: list[Row] = field(default_factory=list)
    """Files that look different, and say the same."""
    gone: list[str] = field(default_factory=list)


class _Unread(NamedTuple):
    """A record that must be validated."""

    file: Path
    name: str
    """As the index calls it."""
    known: Known | None
    stamp: FileStamp
    data: bytes
    sha256: str
    """Empty if the bytes could not be read."""


class CaseIndex:
    """The index of an office's records, in its register."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database = database
        self.office = office
        self.rules = rules_digest(office)
        """What records are read under now; a row that was read under something else is read again."""
        self._folders: dict[Path, str] = {}

    def refresh(
        self,
        paths: Iterable[Path | str],
        *,
        files: Sequence[Path] | None = None,
        alone: bool = False,
        cases: bool = True,
        validator: Validator | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Seen]:
        """Bring the index up to date with records and folders, and tell of each record in the order of `record_files`.

        What has been told of is in the database: an interrupted refresh keeps it, and the next one goes on
        from there.  Rows of files that are gone from the folders go at the end.  A record that was rejected
        is validated again every time, so that its report is at hand.  *files* are the `record_files` of *paths*, for
        who has them already.  *alone*: rows of records elsewhere go too, so that what is counted is these and no other.
        *cases*: whether what is read comes with its case; a chunk of them is held until it is in the database.

        Raises:
            NothingThere: one of the folders holds no record.  The index is left as it was, for a disk that
                is not mounted looks the same.
            RegisterFault: the register cannot be read or written.
        """
        places = [Path(path) for path in paths]
        files = record_files(places) if files is None else files
        validator = validator or Validator(self.office)
        progress = progress or Silent()
        put_off_indexes(self.database, len(files))
        for some in pieces(files, CHUNK):
            yield from self._refresh_chunk(some, validator, progress, cases=cases)
        make_up_indexes(self.database)
        self._forget([place for place in places if place.is_dir()], files, alone=alone)
        self._mark_twins()

    def case_of(self, seen: Seen, validator: Validator) -> Case | None:
        """The case of a record that a refresh told of; None if it is none, or has been spoilt since.

        A record that was known is not validated again.
        """
        if seen.report is not None:
            return seen.case if seen.verdict is not Verdict.REJECTED else None
        try:
            data = read_bytes(seen.path)
        except RecordUnreadable:
            return None
        if _sha256(data) == seen.sha256:
            return build_case(parse_tree(data, seen.path)).case
        report, case = validator.examine_bytes(data, seen.path)
        return case if report.verdict is not Verdict.REJECTED else None

    def twins(self) -> tuple[Finding, ...]:
        """C18 for every indexed record whose 编号 another one had before it, in the order of their paths."""
        with self.database.reading() as connection:
            twins = sa.select(RECORDS.c.path, RECORDS.c.twin).where(RECORDS.c.twin != "")
            rows = connection.execute(twins).all()
        found = sorted((self._file(path), self._file(twin)) for path, twin in rows)
        return tuple(not_unique(path, twin) for path, twin in found)

    # --- reading ----------------------------------------------------------------------------------------

    def _refresh_chunk(
        self, files: Sequence[Path], validator: Validator, progress: Progress, *, cases: bool
    ) -> list[Seen]:
        names = [self._name(file) for file in files]
        with self.database.reading() as connection:
            rows = connection.execute(_KNOWN.where(RECORDS.c.path.in_(names)))
            known: dict[str, Known] = {row.path: row._mapping for row in rows}
        expect_to_read([file for file, name in zip(files, names, strict=True) if name not in known])
        news = _News()
        told: dict[Path, Seen] = {}
        unread: deque[_Unread] = deque()

        def to_read() -> Iterator[tuple[bytes, Path]]:
            for file, name in zip(files, names, strict=True):
                found = self._recall(file, name, known.get(name), validator, news)
                if isinstance(found, Seen):
                    told[file] = found
                    progress.advance(note=file.stem)
                else:
                    unread.append(found)
                    yield found.data, file

        for looked in validator.look_at(to_read()):
            one = unread.popleft()
            seen = self._note(one, *looked, news)
            told[one.file] = seen if cases else seen.without_case()
            progress.advance(note=one.file.stem)
        self._write(news)
        return [told[file] for file in files]

    def _recall(
        self, file: Path, name: str, known: Known | None, validator: Validator, news: _News
    ) -> Seen | _Unread:
        """One record: what is known of it if nothing has changed, else what is to be validated."""
        stamp = FileStamp.of(file)
        if stamp is None:
            news.gone.append(name)
            return _seen(validator.examine(file), "", None)
        good = known is not None and known["rules"] == self.rules and known["verdict"] != Verdict.REJECTED
        same = known is not None and all(known[key] == value for key, value in stamp.columns().items())
        if known is not None and good and same and stamp.settled and not known["attached"]:
            return _recalled(file, known)
        try:
            data = read_bytes(file)
        except RecordUnreadable:
            report, _ = validator.examine(file)
            return self._note(_Unread(file, name, known, stamp, b"", ""), report, None, news)
        sha256 = _sha256(data)
        if known is not None and good and sha256 == known["sha256"] and _lie_the_same(known, data, file):
            if not same:
                news.touched.append({"name": name, **stamp.columns()})
            return _recalled(file, known)
        return _Unread(file, name, known, stamp, data, sha256)

    def _note(self, one: _Unread, report: Report, matter: Matter | None, news: _News) -> Seen:
        """A record that was validated just now; what changes in the index goes to *news*."""
        case = matter.case if matter is not None else None
        owed = _owed(matter) if matter is not None else None
        attached = [a.file for a in case.attachments if a.file] if case is not None else []
        row: Row = {
            "sha256": one.sha256,
            "rules": self.rules,
            "attached": len(attached),
            "attachments": attachments_digest(attached, one.file.parent) if attached else "",
            "verdict": report.verdict.value,
            "case_id": report.case if _ID.fullmatch(report.case) else "",
            "quiet_from": quiet_from(case, owed) if case is not None and owed is not None else None,
        }
        known, looks = one.known, one.stamp.columns()
        if known is None or any(known[key] != value for key, value in row.items()):
            facts = facts_of(case, owed or ()) if case is not None else None
            day = row["quiet_from"]
            kept = {**row, "quiet_from": day.isoformat() if day is not None else None}
            news.read[one.name] = ({"path": one.name, **looks, **kept, "twin": ""}, facts)
        elif any(known[key] != value for key, value in looks.items()):
            news.touched.append({"name": one.name, **looks})
        return _seen((report, case), one.sha256, row["quiet_from"])

    # --- writing ----------------------------------------------------------------------------------------

    def _write(self, news: _News) -> None:
        if not (news.read or news.touched or news.gone):
            return
        with self.database.writing() as connection:
            if connection.dialect.name == "postgresql":  # row numbers are given by whoever writes
                connection.exec_driver_sql(f"LOCK TABLE {RECORDS.name} IN SHARE ROW EXCLUSIVE MODE")
            if news.touched:
                update = sa.update(RECORDS).where(RECORDS.c.path == sa.bindparam("name"))
                connection.execute(update, news.touched)
            if old := [*news.gone, *news.read]:
                connection.execute(sa.delete(RECORDS).where(RECORDS.c.path.in_(old)))
            if news.read:
                give_room(connection)
                last = connection.execute(sa.select(sa.func.max(RECORDS.c.id))).scalar() or 0
                _insert(connection, news.read.values(), last)

    def _forget(self, folders: Sequence[Path], files: Iterable[Path], *, alone: bool) -> None:
        """Take out the rows of files below the folders that are not there any more; *alone*: of all but *files*."""
        if not folders and not alone:
            return
        below = tuple(f"{folder.resolve().as_posix().rstrip('/')}/" for folder in folders)
        there = {self._name(file) for file in files}
        with self.database.reading() as connection:
            names = connection.execute(sa.select(RECORDS.c.path)).scalars()
            gone = [
                n for n in names if n not in there and (alone or self._file(n).as_posix().startswith(below))
            ]
        for some in pieces(gone, CHUNK):
            self._write(_News(gone=some))

    def _mark_twins(self) -> None:
        """Of records with one 编号 the first by path stands, and the others name it."""
        several = (
            sa.select(RECORDS.c.case_id)
            .where(RECORDS.c.case_id != "")
            .group_by(RECORDS.c.case_id)
            .having(sa.func.count() > 1)
        )
        concerned = sa.select(RECORDS.c.path, RECORDS.c.case_id, RECORDS.c.twin).where(
            RECORDS.c.case_id.in_(several) | (RECORDS.c.twin != "")
        )
        with self.database.reading() as connection:
            rows = connection.execute(concerned).all()
        first: dict[str, str] = {}
        changed = []
        for path, case_id, twin in sorted(rows, key=lambda row: PurePosixPath(row.path)):
            other = first.setdefault(case_id, path) if case_id else path
            now = "" if other == path else other
            if now != twin:
                changed.append({"name": path, "other": now})
        if changed:
            update = sa.update(RECORDS).where(RECORDS.c.path == sa.bindparam("name"))
            with self.database.writing() as connection:
                connection.execute(update.values(twin=sa.bindparam("other")), changed)

    # --- names ------------------------------------------------------------------------------------------

    def _name(self, file: Path) -> str:
        """How the index calls a file: relative to the office folder where inside it, else in full."""
        folder = self._folders.get(file.parent)
        if folder is None:
            real = file.parent.resolve()
            inside = real.is_relative_to(self.office.folder)
            folder = (real.relative_to(self.office.folder) if inside else real).as_posix()
            folder = "" if folder == "." else f"{folder.rstrip('/')}/"
            self._folders[file.parent] = folder
        return folder + file.name

    def _file(self, name: str) -> Path:
        return self.office.folder / name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _lie_the_same(known: Known, data: bytes, file: Path) -> bool:
    """Whether the attachments lie as they lay; what was changed just then is equal to nothing."""
    if not known["attached"]:
        return True
    digest = attachments_digest(attached_in(data, file), file.parent)
    return digest != "" and digest == known["attachments"]


def _recalled(file: Path, known: Known) -> Seen:
    return Seen(
        path=file,
        case_id=known["case_id"],
        verdict=Verdict(known["verdict"]),
        sha256=known["sha256"],
        quiet_from=known["quiet_from"],
    )


def _seen(examined: tuple[Report, Case | None], sha256: str, quiet: dt.date | None) -> Seen:
    report, case = examined
    return Seen(
        path=report.file,
        case_id=report.case,
        verdict=report.verdict,
        sha256=sha256,
        quiet_from=quiet,
        report=report,
        case=case,
    )


def _owed(matter: Matter) -> tuple[Obligation, ...] | None:
    """All obligations of a case; None where nobody can say, for no regulation of the day is known."""
    case = matter.case
    latest = max([case.registration.received, *(event.date for event in case.events)])
    try:  # most often what is known today is all there is
        return matter.obligations if latest <= matter.on else obligations_of(case, matter.office)
    except XfdocsError:
        return None


_COLUMNS = RECORDS.columns.keys()
_file_columns = itemgetter(*_COLUMNS[_COLUMNS.index("path") : _COLUMNS.index("received")])
"""Of a row as a dictionary: its columns that tell of the file, in order."""


def _insert(connection: sa.Connection, read: Iterable[tuple[Row, Facts | None]], last: int) -> None:
    """Add records after row number *last*, table by table: a statement for many rows costs as much as for one."""
    records: list[Values] = []
    parts: list[list[Values]] = [[] for _ in PARTS]
    for number, (row, facts) in enumerate(read, start=last + 1):
        if facts is None:
            records.append((number, *_file_columns(row), *NO_FACTS))
            continue
        records.append((number, *_file_columns(row), *facts.case))
        for rows, new in zip(parts, facts.parts, strict=True):
            if new:
                rows += [(number, *values) for values in new]
    for table, rows in zip((RECORDS, *PARTS), (records, *parts), strict=True):
        if rows:
            connection.exec_driver_sql(_insertion(connection.dialect.name, table), rows)


@cache
def _insertion(dialect: str, table: sa.Table) -> str:
    """The statement that adds a row of a table, as the driver takes it.

    Rows go to the driver as they are: SQLAlchemy would look at every value of every one, for longer than SQLite writes.
    """
    if dialect == "sqlite":
        return str(sa.insert(table).compile(dialect=sqlite.dialect(paramstyle="qmark")))
    from sqlalchemy.dialects.postgresql import psycopg

    positional = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    return str(sa.insert(table).compile(dialect=positional))
