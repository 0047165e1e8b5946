"""The register of an office: numbers are taken here, and what was issued is known here."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from xfdocs.errors import (
    EntryAmbiguous,
    EntryNotOurs,
    EntryUnknown,
    EntryVoid,
    RegisterAbsent,
    UsageFault,
)
from xfdocs.office import Office
from xfdocs.register import journal, lost, mark, reasons
from xfdocs.register.database import PATIENCE, Database
from xfdocs.register.entry import Entry, EntryState, Made, Reservation, Wanted
from xfdocs.register.journal import Action, Change, Line, lines_about
from xfdocs.register.lookup import found
from xfdocs.register.reserving import Reserving, voided
from xfdocs.register.restoring import check_entries, restore_entries
from xfdocs.register.rows import PAGE, called, entries_where, file_row, pieces
from xfdocs.register.runs import LOCKS, Run, lock_of, record_begin, record_end, record_interrupted
from xfdocs.register.tables import DOCUMENTS, FILES, HEAD

LONGEST_REASON = 500
"""Characters of a reason: it goes into the record, as one line of text (c:短文本)."""


class Register:
    """The open register of an office.  Use it as a context manager, or `close` it.

    Every method that changes something does it in one transaction, and writes it into the journal.

    Raises, in every method:
        RegisterUnreachable: the database cannot be used now; nothing was changed.
        RegisterBroken: it is damaged, or contradicts itself.
    """

    def __init__(self, office: Office, database: Database, clock: Callable[[], str]) -> None:
        self.office = office
        self.database = database
        self._clock = clock

    @classmethod
    def open(
        cls,
        office: Office,
        *,
        create: bool = True,
        patience: float = PATIENCE,
        clock: Callable[[], str] = journal.clock,
    ) -> Self:
        """The register of an office; *patience* in seconds, *clock* tells the time of day.

        Raises:
            RegisterAbsent: there is none, and *create* is false.
            RegisterBroken: it is empty, or not there, though the office has issued documents: it was lost.
            RegisterNewer, LibraryMissing, OfficeInvalid: as `Database.open`.
        """
        try:
            database = Database.open(office, create=create, patience=patience)
        except RegisterAbsent:
            lost.check_absent(office)
            raise
        try:
            register = cls(office, database, clock)
            lost.check_present(database, office)
        except BaseException:
            database.close()
            raise
        return register

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- runs -------------------------------------------------------------------------------------------

    def begin_run(self, templates: Mapping[str, str]) -> Run:
        """Begin to make documents; *templates* are the digests of what they are made with.

        The run lives until it ends or its process does; `Run.before` tells of one that was broken off.
        """
        run = secrets.token_hex(8)
        locks = self.database.locks
        held = locks.hold(lock_of(run))
        try:
            with self._changing() as change:
                before = record_interrupted(change, locks)
                record_begin(change, run, templates)
        except BaseException:
            held.release()
            locks.forget(lock_of(run))
            raise
        locks.tidy(LOCKS)
        return Run(run, before, held, self._end_run)

    def _end_run(self, run: str) -> None:
        with self._changing() as change:
            record_end(change, run)
        self.database.locks.forget(lock_of(run))

    def alive(self, run: str) -> bool:
        """Whether a run is at work now, in whatever process on whatever machine."""
        with self.database.reading() as connection:
            return self.database.locks.held(lock_of(run), connection)

    # --- what is issued ---------------------------------------------------------------------------------

    def reserve(self, run: Run, wanted: Sequence[Wanted]) -> list[Reservation]:
        """An answer for each wanted document, in order; those that have no number get the next one.

        Two that are the same document get the same answer.

        Raises:
            NumberTaken: another form of number has written the same one before.
            OfficeInvalid: ``[numbers.used]`` contradicts where a series began.
        """
        if not wanted:
            return []
        run.check()
        with self._changing() as change:
            known: dict[str, bool] = {}

            def alive(other: str) -> bool:
                if other not in known:
                    known[other] = self.database.locks.held(lock_of(other), change.connection)
                return known[other]

            return Reserving(change, self.office, self.database.where, run.id, alive).answer(wanted)

    def issue(self, run: Run, made: Sequence[Made]) -> None:
        """The files of reserved documents are there, whole: from now on they are issued.

        What is known already, exactly so, is passed over.

        Raises:
            EntryUnknown, EntryVoid: one of them is none of the register's, or has been declared void.
            EntryNotOurs: one belongs to another run by now, or was issued with other files.
        """
        if not made:
            return
        run.check()
        with self._changing(marked=True) as change:
            known = self._by_id(change, [one.id for one in made])
            new = [one for one in made if self._to_issue(run, known[one.id], one)]
            if not new:
                return
            rows = []
            for one in new:
                values = {
                    "state": EntryState.ISSUED.value,
                    "record_sha256": one.record_sha256,
                    "issued_at": change.at,
                }
                files = [file_row(one.id, file) for file in one.files]
                change.add(Action.ISSUE, {**values, "files": files}, one.id)
                rows.append({**values, "its_id": one.id})
            here = DOCUMENTS.c.id == bindparam("its_id")
            change.connection.execute(update(DOCUMENTS).where(here), rows)
            change.connection.execute(
                insert(FILES), [file_row(one.id, file) for one in new for file in one.files]
            )

    @staticmethod
    def _to_issue(run: Run, entry: Entry, made: Made) -> bool:
        """Whether a document is to become issued now; no if it is, in exactly this way."""
        if entry.state is EntryState.VOID:
            raise EntryVoid(name=called(entry), why=entry.why)
        if entry.state is EntryState.ISSUED:
            same = set(entry.files) == set(made.files) and entry.record_sha256 == made.record_sha256
            if not same:
                raise EntryNotOurs(name=called(entry), why="它已经制发，文件与这一次制作的不同。")
            return False
        if entry.run != run.id:
            raise EntryNotOurs(name=called(entry), why="它已经由另一次运行接着制发。")
        if not made.files:
            raise ValueError(f"document {entry.id} without files")
        return True

    def add_files(self, run: Run, made: Sequence[Made]) -> None:
        """Further formats of issued documents are there, whole; their records have to tell of them.

        A format that is known already, exactly so, is passed over.

        Raises:
            EntryUnknown, EntryVoid: one of them is none of the register's, or has been declared void.
            EntryNotOurs: one is not issued, or has another file of that format.
        """
        if not made:
            return
        run.check()
        with self._changing(marked=True) as change:
            known = self._by_id(change, [one.id for one in made])
            rows = []
            for one in made:
                entry = known[one.id]
                if entry.state is EntryState.VOID:
                    raise EntryVoid(name=called(entry), why=entry.why)
                have = {file.format: file for file in entry.files}
                if entry.state is not EntryState.ISSUED or any(
                    have.get(file.format, file) != file for file in one.files
                ):
                    raise EntryNotOurs(name=called(entry), why="它还没有制发，或者已有另一个这种格式的文件。")
                new = [file_row(one.id, file) for file in one.files if file.format not in have]
                if new:
                    files = [*(file_row(one.id, file) for file in entry.files), *new]
                    change.add(Action.ADD, {"recorded": False, "files": files}, one.id)
                    rows += new
            if rows:
                change.connection.execute(insert(FILES), rows)
                for some in pieces({row["document"] for row in rows}):
                    here = DOCUMENTS.c.id.in_(some)
                    change.connection.execute(update(DOCUMENTS).where(here).values(recorded=False))

    def restore(self, run: Run, entries: Sequence[Entry]) -> int:
        """Documents that came back from a package of the archive; how many of them were not there.

        Raises `RestoreInTheWay` if the register has another one in the place or with the number of one of them.
        """
        run.check()
        with self._changing(marked=True) as change:
            return restore_entries(change, run.id, entries, self.database.where)

    def check_restore(self, entries: Sequence[Entry]) -> None:
        """Raise what `restore` would raise of these documents; nothing is changed."""
        with self.database.reading() as connection:
            check_entries(connection, entries, self.database.where)

    def confirm(self, ids: Collection[int]) -> None:
        """The records of these documents are known to say what the register says.

        Raises:
            EntryUnknown: one of them is none of the register's.
        """
        if not ids:
            return
        with self._changing() as change:
            known = self._by_id(change, ids).values()
            if any(entry.state is EntryState.RESERVED for entry in known):
                raise ValueError("no record tells of a document that is not there yet")
            new = [entry for entry in known if not entry.recorded]
            for entry in new:
                change.add(Action.CONFIRM, {"recorded": True}, entry.id)
            for some in pieces(entry.id for entry in new):
                here = DOCUMENTS.c.id.in_(some)
                change.connection.execute(update(DOCUMENTS).where(here).values(recorded=True))

    def void(self, document: int, why: str) -> Entry:
        """Declare a document void, for a reason; its number stays used and its record has to say so.

        A number that came to no document is told by no record.

        Raises:
            UsageFault: no reason, or one that does not fit into a line.
            EntryUnknown, EntryVoid: there is none, or it is void.
            EntryNotOurs: a run is making it at this moment.
        """
        why = " ".join(why.split())
        if not why or len(why) > LONGEST_REASON or not why.isprintable():
            raise UsageFault(message=f"作废要写明理由：一行文字，不超过 {LONGEST_REASON} 字。")
        with self._changing(marked=True) as change:
            entry = self._by_id(change, [document])[document]
            if entry.state is EntryState.VOID:
                raise EntryVoid(name=called(entry), why=entry.why)
            if entry.state is EntryState.RESERVED and self.database.locks.held(
                lock_of(entry.run), change.connection
            ):
                raise EntryNotOurs(name=called(entry), why="正在制发。请等这一次运行结束。")
            void = voided(entry, why, change.at)
            values = {
                "state": void.state.value,
                "why": why,
                "voided_at": void.voided_at,
                "recorded": void.recorded,
            }
            change.add(Action.VOID, values, document)
            change.connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == document).values(values))
            return void

    # --- what is known ----------------------------------------------------------------------------------

    def entries_of(self, cases: Iterable[str]) -> dict[str, tuple[Entry, ...]]:
        """All entries of some cases, void ones too, by 登记号; a case without any has an empty tuple."""
        known: dict[str, list[Entry]] = {case: [] for case in cases}
        with self.database.reading() as connection:
            for some in pieces(known):
                for entry in entries_where(connection, DOCUMENTS.c.case_id.in_(some), self.database.where):
                    known[entry.case].append(entry)
        return {case: tuple(entries) for case, entries in known.items()}

    def entries(
        self,
        *,
        kind: str | None = None,
        first: dt.date | None = None,
        last: dt.date | None = None,
        case: str | None = None,
        state: EntryState | None = None,
    ) -> Iterator[Entry]:
        """The entries by 登记号, a page at a time: of a kind (slug), dated from *first* to *last*, …"""
        wanted: list[sa.ColumnElement[bool]] = []
        if kind is not None:
            wanted.append(DOCUMENTS.c.kind == kind)
        if first is not None:
            wanted.append(DOCUMENTS.c.date >= first.isoformat())
        if last is not None:
            wanted.append(DOCUMENTS.c.date <= last.isoformat())
        if case is not None:
            wanted.append(DOCUMENTS.c.case_id == case)
        if state is not None:
            wanted.append(DOCUMENTS.c.state == state.value)
        return self._pages(sa.and_(sa.true(), *wanted))

    def unconfirmed(self) -> Iterator[Entry]:
        """Documents, issued or void, whose record is not known to say so."""
        return self._pages(sa.not_(DOCUMENTS.c.recorded) & (DOCUMENTS.c.state != EntryState.RESERVED.value))

    def find(self, name: str) -> list[Entry]:
        """The entries called so: by 文号, 登记号, or the 编号 of their case.

        Raises `EntryUnknown`, with names that look like it.
        """
        with self.database.reading() as connection:
            return found(connection, name, self.database.where)

    def find_one(self, name: str) -> Entry:
        """The one entry called so.

        Raises:
            EntryUnknown: there is none.
            EntryAmbiguous: there are several, and which they are.
        """
        entries = self.find(name)
        if len(entries) > 1:
            which = "、".join(f"登记号 {e.id}（{e.number or e.kind_title}，{e.state.zh}）" for e in entries)
            raise EntryAmbiguous(name=name, count=len(entries), which=which)
        return entries[0]

    def history(self, document: int) -> list[Line]:
        """What the journal tells of a document, by 登记号, in order."""
        with self.database.reading() as connection:
            return lines_about(connection, document)

    def count(self) -> int:
        """How many documents there are, void ones too."""
        with self.database.reading() as connection:
            return connection.execute(select(sa.func.count()).select_from(DOCUMENTS)).scalar_one()

    def head(self) -> tuple[int, str]:
        """The last line of the journal: its number and hash. Who notes them down can prove later that nothing before was changed."""
        with self.database.reading() as connection:
            row = connection.execute(select(HEAD)).one()
            return row.seq, row.hash

    # --- inside -----------------------------------------------------------------------------------------

    def _pages(self, where: sa.ColumnElement[bool]) -> Iterator[Entry]:
        """Page by page, each in a transaction of its own: who reads slowly keeps nobody from writing."""
        last = 0
        while True:
            with self.database.reading() as connection:
                page = entries_where(
                    connection, where & (DOCUMENTS.c.id > last), self.database.where, limit=PAGE
                )
            if not page:
                return
            yield from page
            last = page[-1].id

    @contextmanager
    def _changing(self, *, marked: bool = False) -> Iterator[Change]:
        """One transaction; *marked*: it is about documents, so it leaves its mark beside them."""
        with self.database.writing() as connection:
            change = Change(connection, self._clock(), self.database.where)
            yield change
            change.finish()
        if marked:
            with reasons.of_files(self.database.where):
                mark.leave(self.office.folder / self.office.issued, *change.head)

    def _by_id(self, change: Change, ids: Iterable[int]) -> dict[int, Entry]:
        known: dict[int, Entry] = {}
        for some in pieces(ids):
            entries = entries_where(change.connection, DOCUMENTS.c.id.in_(some), self.database.where)
            known |= {entry.id: entry for entry in entries}
            if missing := sorted(set(some) - known.keys()):
                raise EntryUnknown(name=f"登记号 {missing[0]}", hint="")
        return known
