"""With the number in hand: compose, render, write.

What is made depends on the record, the number and the templates alone, so that making it again after a
broken run gives the same bytes under the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from xfdocs.document.catalogue import Kind
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.errors import LibraryMissing, NotCalledFor, RecordFault, XfdocsError
from xfdocs.files import Staging, SweptAway, sweep
from xfdocs.office import Office
from xfdocs.production.desk import Desk, Order, desk_for
from xfdocs.production.engines import engine_again, engine_of
from xfdocs.production.naming import file_base
from xfdocs.production.outcome import refusal
from xfdocs.production.surveying import Told, with_numbers
from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.reader import build_case, parse_tree, read_bytes
from xfdocs.register.entry import Entry, EntryState, FileEntry, Made


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done for one record."""

    path: Path
    sha256: str
    """Of the bytes that were surveyed."""
    facts: str
    """Of those bytes without ``<文书>``."""
    entries: tuple[Entry, ...]
    """Everything the register knows of this case, the documents to be made included."""
    make: tuple[int, ...]
    """登记号 of what is to be made."""
    compare: tuple[int, ...] = ()
    """登记号 of what was issued from another state of the record: is it still what would be made?"""
    supplement: tuple[int, ...] = ()
    """登记号 of what was issued without a format that is wanted now."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What was done for one record."""

    path: Path
    made: tuple[Made, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    """登记号 and why."""
    differs: tuple[tuple[int, str], ...] = ()
    """登记号 of what the record as it is now would say otherwise, and how, as `further` tells it."""
    added: tuple[Made, ...] = ()
    """Further formats of what was issued before."""


@dataclass(frozen=True, slots=True)
class MakeTask:
    """A chunk of records whose documents have their numbers."""

    order: Order
    items: tuple[Job, ...]


_TRIES = 5
T = TypeVar("T")


def make(task: MakeTask) -> Sequence[Finished]:
    """Make the documents of a chunk; when this returns, their files are whole and on the disk."""
    return unless_swept(lambda: _made(task))


def unless_swept(make_files: Callable[[], T]) -> T:
    """Make files, and once more if another run took them away half made.

    Two runs that add a format to the same documents may take each other for dead.
    """
    for _ in range(_TRIES - 1):
        with suppress(SweptAway):
            return make_files()
    return make_files()


def _made(task: MakeTask) -> Sequence[Finished]:
    desk = desk_for(task.order)
    with Staging() as staging:
        finished = [_Making(desk, task.order, job, staging).run() for job in task.items]
        staging.commit()
    return finished


class _Making:
    """The making of one record's documents."""

    def __init__(self, desk: Desk, order: Order, job: Job, staging: Staging) -> None:
        self.desk = desk
        self.order = order
        self.job = job
        self.staging = staging

    def run(self) -> Finished:
        """Everything the job asks for."""
        job = self.job
        try:
            case = self._case()
        except RecordFault as error:
            return Finished(job.path, refused=tuple((which, str(error)) for which in job.make))
        told = tuple(map(told_of, job.entries))
        case = with_numbers(case, told)
        made: list[Made] = []
        added: list[Made] = []
        refusals: list[tuple[int, str]] = []
        differs: list[tuple[int, str]] = []
        for entry in job.entries:
            if entry.id in job.make:
                kind = self.desk.catalogue.kinds[entry.kind]
                try:
                    document = self._document(entry, kind, case)
                    made.append(self._made(entry, rendered(document, self.desk.office, self.order.formats)))
                except XfdocsError as error:
                    refusals.append((entry.id, refusal(error, case, kind).why))
            elif entry.id in job.compare or entry.id in job.supplement:
                lacking = self._further(entry, case)
                if isinstance(lacking, str):
                    differs.append((entry.id, lacking))
                elif entry.id in job.supplement:
                    added.append(self._made(entry, lacking))
        return Finished(job.path, tuple(made), tuple(refusals), tuple(differs), tuple(added))

    def _case(self) -> Case:
        """The case as it was surveyed. Raises `RecordFault` if the file is not what it was."""
        job = self.job
        kept = self.desk.kept(job.path, job.sha256)
        if kept is not None:
            return kept
        data = read_bytes(job.path)
        if hashlib.sha256(data).hexdigest() != job.sha256:
            raise RecordFault(message=f"{job.path} 在制作期间被改动，没有制发。请再运行一次。")
        return build_case(parse_tree(data, job.path)).case

    def _document(self, entry: Entry, kind: Kind, case: Case) -> Document:
        """What an entry says."""
        event = _event(case, entry.event)
        if entry.event and event is None:
            raise NotCalledFor(case=case.id, event=f"序 {entry.event} 的事件", kind=kind.title)
        return compose(
            kind, case, self.desk.office, event=event, number=entry.number, day=entry.date, draft=False
        )

    def _made(self, entry: Entry, rendered: dict[str, bytes]) -> Made:
        kind = self.desk.catalogue.kinds[entry.kind]
        files = staged(
            self.staging, self.desk.office, entry, file_base(kind, entry.event, entry.ordinal), rendered
        )
        return Made(entry.id, self.job.facts, files)

    def _further(self, entry: Entry, case: Case) -> dict[str, bytes] | str:
        """The wanted formats an issued document lacks, or how what was issued is not what the record says, as `further`."""
        kind = self.desk.catalogue.kinds.get(entry.kind)
        if kind is None:
            return otherwise(entry)
        try:
            return further(entry, self.order.formats, self._document(entry, kind, case), self.desk.office)
        except XfdocsError as error:
            refusal(error, case, kind)  # raises what is not the record's fault
            return otherwise(entry)


def rendered(document: Document, office: Office, formats: Sequence[str]) -> dict[str, bytes]:
    """The files of a document, by format."""
    return {fmt: engine_of(office, fmt).render(document) for fmt in formats}


def staged(
    staging: Staging, office: Office, entry: Entry, base: str, rendered: Mapping[str, bytes]
) -> tuple[FileEntry, ...]:
    """Put the files of a document, by format, on their way to the place it is issued at; *base* as `file_base` has it."""
    folder = PurePosixPath(office.issued) / entry.case
    sweep(office.folder / folder, base)
    files = []
    for fmt, data in rendered.items():
        path = folder / f"{base}.{fmt}"
        staging.put(office.folder / path, data)
        maker = engine_of(office, fmt).maker
        files.append(FileEntry(fmt, path, hashlib.sha256(data).hexdigest(), len(data), maker))
    return tuple(files)


def further(
    entry: Entry, formats: Sequence[str], document: Document, office: Office
) -> dict[str, bytes] | str:
    """The wanted formats that an issued document lacks; or how what was issued is not, byte for byte, *document*.

    Each file is made again by the program that made it, whatever the office prints with now.  Where that is not there,
    nobody can tell; this is an answer too, for one document must not stop all others.
    """
    for file in entry.files:
        try:
            engine = engine_again(office, file.format, file.maker)
        except LibraryMissing as lacking:
            return f"不能与已经制发的{_name(entry)}核对（它由 {file.maker or 'WeasyPrint'} 制作，这台机器缺少 {lacking.facts['library']}）"
        if hashlib.sha256(engine.render(document)).hexdigest() != file.sha256:
            by_another = file.maker and file.maker != engine.maker
            return otherwise(
                entry, f"（它由 {file.maker} 制作，现在是 {engine.maker}）" if by_another else ""
            )
    have = {file.format for file in entry.files}
    return rendered(document, office, [fmt for fmt in formats if fmt not in have])


def otherwise(entry: Entry, note: str = "") -> str:
    """That an issued document would be another one now; part of a sentence."""
    return f"与已经制发的{_name(entry)}不一致{note}"


def _name(entry: Entry) -> str:
    return entry.number or entry.kind_title


def told_of(entry: Entry) -> Told:
    """What a record says of an entry when it has been told."""
    return Told(
        entry.kind_title,
        entry.event,
        entry.number,
        entry.state is EntryState.VOID,
        entry.date.isoformat(),
    )


def _event(case: Case, seq: int) -> Event | None:
    return next((event for event in case.events if event.seq == seq), None)
