"""Prove that the register, the files and the records still say what they said.

First the database by itself, in one unchanging view of it; then, case by case, the files on disk and what
the records say; last, the files nobody knows.  Faults come as they are found, and memory stays flat.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath

from lxml import etree
from sqlalchemy import or_, select

from xfdocs.errors import RecordUnreadable, RegisterBroken
from xfdocs.office import Office
from xfdocs.progress import Progress, Silent
from xfdocs.record.model import Issued
from xfdocs.record.reader import build_part, read_tree
from xfdocs.record.schema import plan_of, qualified
from xfdocs.record.writeback import identity
from xfdocs.register import mark
from xfdocs.register.entry import Entry, EntryState, FileEntry
from xfdocs.register.faults import Fault, Gravity, Trouble, broken
from xfdocs.register.recorded import belongs_in_record, has_data, issued_of, of_report, of_volume
from xfdocs.register.register import Register
from xfdocs.register.replay import check_journal, check_rows, check_series
from xfdocs.register.rows import PAGE, called, entries_where, pieces
from xfdocs.register.tables import DOCUMENTS, FILES, JOURNAL


def verify(register: Register, office: Office, *, progress: Progress | None = None) -> Iterator[Fault]:
    """Everything that is not as it should be; *progress* advances by one a document.

    The register may be in use meanwhile: what a run that is alive has not finished is only a notice.
    """
    told = progress or Silent()
    with register.database.reading() as connection:
        yield from check_journal(connection)
        yield from check_rows(connection)
        yield from check_series(connection)
    yield from _check_unfinished(register)
    try:
        for path, entries in groupby(_by_case(register), key=lambda entry: (entry.case, entry.record)):
            yield from _check_case(register, office, path[1], list(entries), told)
    except RegisterBroken as error:
        yield broken(Trouble.UNCHECKED, f"文件和案件记录没有全部核对：{error}")
    yield from _foreign(register, office)


def check_noted(register: Register, seq: int, digest: str) -> Iterator[Fault]:
    """Whether line *seq* of the journal is still what somebody noted: *digest* is the beginning of its hash.

    Who can rewrite the whole database can rewrite the whole chain; what was noted elsewhere gives it away.
    """
    with register.database.reading() as connection:
        found = connection.execute(select(JOURNAL.c.hash).where(JOURNAL.c.seq == seq)).scalar()
    if found is None:
        yield broken(Trouble.HEAD, f"流水里没有记下的第 {seq} 行：登记库不是原来的，或者恢复了旧的备份。")
    elif not found.startswith(digest):
        yield broken(Trouble.HEAD, f"流水第 {seq} 行与记下的不同：登记库被整个改写过，或者不是原来的。")


def _by_case(register: Register) -> Iterator[Entry]:
    """All entries, those of a case one after another."""
    case, last = "", 0
    while True:
        after = or_(DOCUMENTS.c.case_id > case, (DOCUMENTS.c.case_id == case) & (DOCUMENTS.c.id > last))
        with register.database.reading() as connection:
            page = entries_where(
                connection,
                after,
                register.database.where,
                order=(DOCUMENTS.c.case_id, DOCUMENTS.c.id),
                limit=PAGE,
            )
        if not page:
            return
        yield from page
        case, last = page[-1].case, page[-1].id


# --- what was broken off --------------------------------------------------------------------------------


def _check_unfinished(register: Register) -> Iterator[Fault]:
    alive: dict[str, bool] = {}

    def gravity(entry: Entry) -> Gravity:
        if entry.run not in alive:
            alive[entry.run] = register.alive(entry.run)
        return Gravity.NOTICE if alive[entry.run] else Gravity.UNFINISHED

    for entry in register.entries(state=EntryState.RESERVED):
        what = f"{called(entry)} 已经取号，还没有制发（{entry.case}）。"
        if (grave := gravity(entry)) is Gravity.NOTICE:
            yield Fault(Trouble.RESERVED, grave, f"{what}一次运行正在做。")
        else:
            again = f"再运行一次 {_command(entry)}，就用这个号接着做；不再需要的，请作废。"
            yield Fault(Trouble.RESERVED, grave, f"{what}{again}")
    for entry in register.unconfirmed():
        state = "已经作废" if entry.state is EntryState.VOID else "已经制发"
        lacking = "还没有与依据核对" if has_data(entry) else f"案件记录 {entry.record} 还没有写明"
        what = f"{called(entry)} {state}，{lacking}。"
        if (grave := gravity(entry)) is Gravity.UNFINISHED:
            what += f"再运行一次 {_command(entry)} 即可。"
        yield Fault(Trouble.UNCONFIRMED, grave, what)


def _command(entry: Entry) -> str:
    """What makes a document, and finishes what was broken off."""
    return "report" if of_report(entry) else "archive pack" if of_volume(entry) else "issue"


# --- files and records ----------------------------------------------------------------------------------


def _check_case(
    register: Register, office: Office, record: str, entries: list[Entry], told: Progress
) -> Iterator[Fault]:
    for entry in entries:
        for file in entry.files:
            if what := _file_fault(office.folder / file.path, file):
                yield broken(Trouble.FILE, f"{called(entry)} 的文件 {file.path} {what}")
        if has_data(entry) and entry.files and (what := _data_fault(office.folder / record, entry)):
            yield broken(Trouble.RECORD, f"{called(entry)} 的依据 {record} {what}")
        told.advance(note=entry.number)
    telling = [entry for entry in entries if entry.recorded and belongs_in_record(entry)]
    if telling:
        for fault in _record_faults(register, office, record, telling):
            if fault.gravity is not Gravity.BROKEN or _unchanged(register, telling):
                yield fault


def _unchanged(register: Register, entries: list[Entry]) -> bool:
    """Whether nobody has changed these entries of a case, and so its record, since they were read."""
    case = entries[0].case
    now = {entry.id: entry for entry in register.entries_of([case])[case]}
    return [now.get(entry.id) for entry in entries] == entries


def _file_fault(path: Path, file: FileEntry) -> str:
    """What is wrong with a file on disk; empty if nothing is."""
    return _digest_fault(path, file.sha256, file.size)


def _data_fault(path: Path, entry: Entry) -> str:
    """What is wrong with the data file of a report; empty if nothing is."""
    return _digest_fault(path, entry.record_sha256, None)


def _digest_fault(path: Path, sha256: str, length: int | None) -> str:
    """What is wrong with a file that has this digest and, where it is known, this length; empty if nothing is."""
    try:
        with path.open("rb") as data:
            size = os.fstat(data.fileno()).st_size
            digest = hashlib.file_digest(data, "sha256").hexdigest() if length in {None, size} else ""
    except FileNotFoundError:
        return "不在了。请从备份恢复。"
    except OSError as error:
        return f"读不出来（{error.strerror}），不能核对。"
    if digest != sha256:
        return "与制发时不同，已被改动。请从备份恢复。"
    return ""


def _record_faults(register: Register, office: Office, record: str, entries: list[Entry]) -> Iterator[Fault]:
    """What a record does not say as the register does."""
    path = office.folder / record
    if not path.exists():
        what = f"案件记录 {record} 不在，没有核对它写明的 {len(entries)} 份文书。"
        yield Fault(Trouble.RECORD, Gravity.NOTICE, what)
        return
    try:
        nodes = list(read_tree(path).iterchildren(qualified("文书")))
    except RecordUnreadable as error:
        yield broken(Trouble.RECORD, f"案件记录 {record} 不能核对：{error.facts['what']}")
        return
    said = [issued for node in nodes if (issued := _issued(node)) is not None]
    for entry in entries:
        wanted = issued_of(entry)
        same = [issued for issued in said if identity(issued) == identity(wanted)]
        if not same:
            what = f"案件记录 {record} 里没有 {called(entry)}。"
        elif wanted not in same:
            names = [
                slot.zh
                for slot in plan_of(Issued).slots
                if getattr(same[0], slot.field) != getattr(wanted, slot.field)
            ]
            what = f"案件记录 {record} 写的 {called(entry)} 与登记库不一致：{'、'.join(names)}。"
        elif len(same) > 1:
            what = f"案件记录 {record} 里有 {len(same)} 份 {called(entry)}。"
        else:
            continue
        yield broken(Trouble.RECORD, what)
    strange = {issued.number for issued in said if issued.number} - {entry.number for entry in entries}
    for other in _others(register, entries[0].case, strange):
        what = f"案件记录 {record} 写着 {called(other)}，而它是 {other.case} 的{other.kind_title}：两份文书不能用一个文号。"
        yield broken(Trouble.RECORD, what)


def _others(register: Register, case: str, numbers: set[str]) -> Iterator[Entry]:
    """The documents of other cases that have one of these numbers."""
    for some in pieces(sorted(numbers)):
        with register.database.reading() as connection:
            here = DOCUMENTS.c.number.in_(some) & (DOCUMENTS.c.case_id != case)
            yield from entries_where(connection, here, register.database.where)


def _issued(node: etree._Element) -> Issued | None:
    """A ``<文书>``, which somebody may have edited; None if it is none any more."""
    try:
        issued = build_part(Issued, node)
    except (KeyError, ValueError, TypeError):
        return None
    # Records written before formats had an order may name the PDF first; that is no difference.
    return replace(issued, files=tuple(sorted(issued.files, key=lambda file: file.format)))


# --- files nobody knows ---------------------------------------------------------------------------------


def _foreign(register: Register, office: Office) -> Iterator[Fault]:
    """Files among the issued ones that the register does not know: made and not yet registered, or put there."""
    top = office.folder / office.issued
    found = (PurePosixPath(path.relative_to(office.folder)) for path in _files(top))
    for paths in pieces(found):
        with register.database.reading() as connection:
            question = select(FILES.c.path).where(FILES.c.path.in_([str(path) for path in paths]))
            known = set(connection.execute(question).scalars())
        for path in paths:
            if str(path) in known:
                continue
            what = f"{path} 不是登记过的文书：可能是制发中断留下的，也可能是别人放进去的。"
            yield Fault(Trouble.FOREIGN, Gravity.NOTICE, what)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, one folder at a time."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name != mark.NAME or Path(place) != folder:
                yield Path(place) / name
