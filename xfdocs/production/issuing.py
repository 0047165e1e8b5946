"""Issue: number, render, register, write back — for one record or a hundred thousand.

A chunk of records goes through six steps: survey (may it be made?), reserve (its number), make (files),
register (issued, with digests), record (``<文书>`` in the record), confirm.  Surveying and making is done
by workers, the rest here.  Numbers are taken chunk by chunk in the order of the records.  Each step
leaves something that the next run can go on from, so after a kill at any point running again ends as if
nothing had happened.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from xfdocs.document.catalogue import Kind
from xfdocs.errors import XfdocsError
from xfdocs.office import Office
from xfdocs.production.chunk import Chunk, Known, chunk_size, same, says
from xfdocs.production.desk import Order, stamp_of
from xfdocs.production.fingerprint import fingerprints
from xfdocs.production.interrupts import ended, first_ended
from xfdocs.production.making import Finished, Job, MakeTask, make
from xfdocs.production.naming import FORMATS, in_order
from xfdocs.production.opening import Opened, Workplace, opened_run, signer_named
from xfdocs.production.outcome import Outcome, refused_record
from xfdocs.production.recording import ToRecord, record_all
from xfdocs.production.strangers import OwnNumbers
from xfdocs.production.surveying import Surveyed, SurveyTask, register_path, survey
from xfdocs.production.telling import Teller
from xfdocs.production.workshop import Casualty, gather
from xfdocs.progress import Progress, Silent
from xfdocs.record.files import record_files
from xfdocs.record.validation import not_unique
from xfdocs.register.entry import Entry, EntryState, Reservation, Standing
from xfdocs.register.recorded import belongs_in_record
from xfdocs.register.rows import pieces


def issue(
    kinds: Sequence[Kind] | None,
    paths: Iterable[Path],
    office: Office,
    *,
    on: dt.date,
    formats: Sequence[str] = FORMATS,
    signer: str = "",
    jobs: int | None = 1,
    dask: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Issue what records call for and do not have: an outcome for each document, in the order of the records.

    *kinds* limits what is made; None makes every kind.  *on* is the day of the run; it decides about
    warnings only: a document's date is the day of its act.  *jobs* processes work, None for as many as there
    are processors; *dask* is the address of a cluster, *executor* any other place for the work.  *tell*
    gets sentences that are about the run and not about a document.

    Raises:
        NothingThere: a path has no records.
        RegisterUnreachable, RegisterBroken: the register cannot be used.
        MachineLacks, UsageFault: nothing can be made at all; *signer* is none that a record can name.
        WordingInvalid, KindInvalid, LayoutInvalid, LawDataInvalid: a template or the law as data has a fault.
        WorkersGone: the workers died and could not be replaced.
    """
    named = [Path(path) for path in paths]
    signer = signer_named(signer)
    files = record_files(named)
    prints = fingerprints(office)
    order = Order(
        office.folder,
        stamp_of(prints),
        on,
        None if kinds is None else tuple(kind.slug for kind in kinds),
        in_order(formats),
        office.pdf_by,
        signer,
    )
    size = chunk_size(order)
    work = Workplace(jobs, dask, executor)
    with opened_run(office, prints, work, many=len(files) > size, tell=tell) as opened:
        issuing = _Issuing(office, opened, order, files, frozenset(named), kinds, progress or Silent())
        yield from issuing.outcomes(size)


def _one_file(one: Path, other: Path) -> bool:
    """Whether two names are of one file; not if one of them is gone meanwhile."""
    with suppress(OSError):
        return one.samefile(other)
    return False


class _Issuing:
    """One run over chunks of records."""

    def __init__(
        self,
        office: Office,
        opened: Opened,
        order: Order,
        files: Sequence[Path],
        named: frozenset[Path],
        kinds: Sequence[Kind] | None,
        progress: Progress,
    ) -> None:
        self.office = office
        self.register = opened.register
        self.run = opened.run
        self.workshop = opened.workshop
        self.order = order
        self.teller = Teller(office, kinds, named)
        self.progress = progress
        self._files = files
        self._seen: dict[str, int] = {}
        """The first file of each 编号 so far, as its place among all: paths would take much room."""
        self._place = count()
        self._own = OwnNumbers(office)

    def outcomes(self, size: int) -> Iterator[Outcome]:
        """Every outcome, chunks of *size* strictly in order: numbers follow the records, however many work on them."""
        chunks = pieces(self._files, size)
        # Enough to keep every worker busy while one chunk is registered; what is under way takes memory.
        window = self.workshop.width + 3 if self.workshop.width > 1 else 1
        under_way: deque[Chunk] = deque()
        while True:
            while len(under_way) < window and (files := next(chunks, None)):
                task = SurveyTask(self.order, tuple(files))
                under_way.append(Chunk(task, self.workshop.submit(survey, task)))
            if not under_way:
                return
            waiting = next((chunk for chunk in under_way if not chunk.reserved), None)
            if waiting is not None and ended(waiting.surveying):
                self._reserve(waiting)
                continue
            head = under_way[0]
            if head.reserved and (head.making is None or ended(head.making)):
                yield from self._finish(under_way.popleft())
                continue
            busy: list[Future[Any]] = [waiting.surveying] if waiting is not None else []
            first_ended([*busy, *([head.making] if head.making is not None else [])])

    # --- reserve -------------------------------------------------------------------------------------

    def _reserve(self, chunk: Chunk) -> None:
        """Take the numbers of a chunk, and send its documents to be made."""
        found = gather(self.workshop, survey, chunk.survey_task, chunk.surveying)
        known = self.register.entries_of(
            [one.case for one in found if isinstance(one, Surveyed) and one.case]
        )
        chunk.surveyed = [self._told_apart(one, next(self._place), known) for one in found]
        able = chunk.able
        answers = iter(self.register.reserve(self.run, [wanted for one in able for wanted in one.wanted]))
        for one in able:
            reservations = [next(answers) for _ in one.wanted]
            entries = {entry.id: entry for entry in known.get(one.case, ())}
            entries |= {r.entry.id: r.entry for r in reservations}
            chunk.reservations[one.path] = reservations
            chunk.known[one.path] = entries
            job = self._job(one, tuple(entries.values()), reservations)
            if job.make or job.compare or job.supplement:
                chunk.jobs.append(job)
        chunk.reserved = True
        if chunk.jobs:
            chunk.make_task = MakeTask(self.order, tuple(chunk.jobs))
            chunk.making = self.workshop.submit(make, chunk.make_task)

    def _told_apart(
        self, one: Surveyed | Casualty[Path], place: int, known: Known
    ) -> Surveyed | Casualty[Path]:
        """Refuse a record whose 编号 another file has (C18): their documents would take each other's place."""
        if isinstance(one, Casualty) or not one.case:
            return one
        first = self._seen.setdefault(one.case, place)
        other = self._files[first] if first != place else one.path
        if other != one.path and _one_file(other, one.path):
            why = f"{one.path} 与 {other} 是同一个文件，只按后一个名称制发。请去掉多余的链接。"
            return Surveyed(one.path, one.case, refusals=(refused_record(one.path, one.case, why),))
        if other == one.path:
            other = self._registered(one, known.get(one.case, ()))
        if other == one.path:
            return self._without_strangers(one, known.get(one.case, ()))
        twin = replace(refused_record(one.path, one.case, ""), findings=(not_unique(one.path, other),))
        return Surveyed(one.path, one.case, refusals=(twin,))

    def _without_strangers(self, one: Surveyed, entries: tuple[Entry, ...]) -> Surveyed:
        """Refuse a record with a number of ours that the register never gave: it might be given again."""
        number = self._own.stranger(one.told, entries)
        if not number:
            return one
        why = (
            f"记录中的文号 {number} 不是登记库发出的。启用本程序以前用过的号，请在 xfdocs.toml 的 [numbers.used] 中"
            "写明用到第几号；登记库丢失的，请恢复备份；写错的，请改正记录。"
        )
        stopped = refused_record(one.path, one.case, why)
        return replace(one, wanted=(), refusals=(*one.refusals, stopped))

    def _registered(self, one: Surveyed, entries: tuple[Entry, ...]) -> Path:
        """The file that has this 编号 according to the register, if it is another one and still there."""
        here = register_path(one.path, self.office)
        for entry in entries:
            other = self.office.folder / entry.record
            if entry.record != here and other.is_file() and not other.samefile(one.path):
                return other
        return one.path

    def _job(self, one: Surveyed, entries: tuple[Entry, ...], reservations: list[Reservation]) -> Job:
        ours = tuple(r.entry.id for r in reservations if r.standing in {Standing.NEW, Standing.RESUMED})
        asked = {r.entry.id for r in reservations if r.standing is Standing.EXISTING}
        issued = [entry for entry in entries if entry.state is EntryState.ISSUED]
        compare = tuple(
            entry.id for entry in issued if not says(one.told, entry) and entry.record_sha256 != one.facts
        )
        supplement = tuple(
            entry.id
            for entry in issued
            if (entry.id in asked or any(same(told, entry) for told in one.present))
            and not {file.format for file in entry.files} >= set(self.order.formats)
        )
        return Job(one.path, one.sha256, one.facts, entries, ours, compare, supplement)

    # --- finish --------------------------------------------------------------------------------------

    def _finish(self, chunk: Chunk) -> Iterator[Outcome]:
        """Register what was made, tell the records, and say what became of everything."""
        if chunk.making is not None and chunk.make_task is not None:
            results = gather(self.workshop, make, chunk.make_task, chunk.making)
            chunk.settle(results)
        done = [one for one in chunk.finished.values() if isinstance(one, Finished)]
        self.register.issue(self.run, [made for one in done for made in one.made])
        self.register.add_files(self.run, [made for one in done for made in one.added])
        troubles = self._record(chunk)
        for one in chunk.surveyed:
            if isinstance(one, Casualty):
                yield refused_record(one.item, "", one.why)
                self.progress.advance(note=one.item.stem)
            else:
                trouble = str(troubles[one.path]) if one.path in troubles else ""
                yield from self.teller.outcomes(one, chunk, trouble)
                self.progress.advance(note=one.path.stem)

    def _record(self, chunk: Chunk) -> dict[Path, XfdocsError]:
        """Write ``<文书>`` where it is lacking, and note that it was done."""
        items = []
        for one in chunk.able:
            differs = chunk.differs(one)
            entries = tuple(
                entry
                for entry in chunk.known[one.path].values()
                if belongs_in_record(entry) and entry.id not in differs
            )
            if not all(entry.recorded and says(one.told, entry) for entry in entries):
                items.append(ToRecord(one.path, one.sha256, one.facts, entries))
        if not items:
            return {}
        with self.register.database.exclusive("records"):
            troubles = record_all(items)
        done_items = [item for item in items if item.path not in troubles]
        self.register.confirm([e.id for item in done_items for e in item.entries if not e.recorded])
        return troubles
