"""Reports issued with numbers: the same states as for a document of a case, and the same register.

Reserve → make → files durable → issued → confirmed.  A report is about a period and, where it is sent to one unit alone,
that unit; both together are issued once.  A killed run is gone on with by running it again; what was issued is
never made anew, and whoever asks is told if the records say something else by now.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from xfdocs.document.assemble import number_form
from xfdocs.document.catalogue import Kind
from xfdocs.document.model import Document
from xfdocs.errors import PeriodOpen, XfdocsError
from xfdocs.office import Office
from xfdocs.production.chunk import chunk_size
from xfdocs.production.desk import Desk, Order, desk_for, stamp_of
from xfdocs.production.fingerprint import fingerprints
from xfdocs.production.naming import FORMATS, in_order
from xfdocs.production.opening import Opened, Workplace, opened_run, signer_named
from xfdocs.production.outcome import (
    BUSY,
    Outcome,
    kept,
    not_made,
    outcome_of,
    raise_unless_refusal,
    refused,
)
from xfdocs.production.printing import Print, Printed, PrintTask, print_documents
from xfdocs.production.surveying import check_printable
from xfdocs.production.workshop import Casualty, gather
from xfdocs.progress import Progress, Silent
from xfdocs.register.entry import Entry, EntryState, Reservation, Standing, Wanted
from xfdocs.register.recorded import report_case
from xfdocs.register.rows import pieces
from xfdocs.reports.composing import document_of
from xfdocs.reports.keeping import Paper, Stored, stored

_ANEW = "要改用现在的数字，请用 `xfdocs register void` 作废，再运行一次。"


def issue_reports(
    papers: Sequence[Paper],
    office: Office,
    *,
    on: dt.date,
    formats: Sequence[str] = FORMATS,
    signer: str = "",
    jobs: int | None = 1,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Issue the reports of one period: an outcome for each, in their order.

    *on* is the day of the run; it becomes the 成文日期 of what is made now, for a report is dated when it goes out.
    *jobs* processes work.  *tell* gets sentences about the run.

    Raises:
        PeriodOpen: the period is not over; its numbers are not final.
        RegisterUnreachable, RegisterBroken: the register cannot be used.
        WordingInvalid, LayoutInvalid: a template has a fault.
        FontsMissing, LibraryMissing: the machine lacks what is needed.
    """
    if not papers:
        return
    for paper in papers:
        if not paper.report.over:
            raise PeriodOpen(period=paper.report.period, last=paper.report.last)
    signer = signer_named(signer)
    prints = fingerprints(office)
    order = Order(office.folder, stamp_of(prints), on, None, in_order(formats), office.pdf_by, signer)
    size = chunk_size(order)
    with opened_run(office, prints, Workplace(jobs), many=len(papers) > size, tell=tell) as opened:
        issuing = _Issuing(desk_for(order), order, opened, report_case(papers[0].report.code))
        yield from issuing.outcomes(papers, size, progress or Silent())


@dataclass
class _Sheet:
    """A report on its way."""

    paper: Paper
    kind: Kind
    event: int
    refusal: Outcome | None = None
    """It cannot be made."""
    wanted: Wanted | None = None
    entry: Entry | None = None
    standing: Standing | None = None
    why: str = ""
    """Of one that exists: what is not in order with it."""
    further: bool = False
    """It exists, and lacks a format that is wanted now."""

    @property
    def reserved(self) -> Entry:
        """Its entry, once it has one."""
        if self.entry is None:
            raise ValueError("no number was asked for")
        return self.entry


class _Issuing:
    """One run over the reports of a period."""

    def __init__(self, desk: Desk, order: Order, opened: Opened, case: str) -> None:
        self._desk = desk
        self._office = desk.office
        self._order = order
        self._register = opened.register
        self._run = opened.run
        self._workshop = opened.workshop
        self._case = case

    def outcomes(self, papers: Sequence[Paper], size: int, progress: Progress) -> Iterator[Outcome]:
        """Reserve all, then make and register chunk by chunk; outcomes in the order of *papers*."""
        with self._register.database.exclusive("reports"):  # two runs must not give one unit two places
            sheets = self._reserved(papers)
        self._look_at_existing(sheets)
        under_way: deque[tuple[list[_Sheet], PrintTask, Future[Sequence[Printed]] | None]] = deque()
        chunks = pieces(sheets, size)
        window = self._workshop.width + 1
        while True:
            while len(under_way) < window and (chunk := next(chunks, None)):
                task = PrintTask(
                    self._order, tuple(self._print(sheet) for sheet in chunk if _to_print(sheet))
                )
                future = self._workshop.submit(print_documents, task) if task.items else None
                under_way.append((chunk, task, future))
            if not under_way:
                return
            chunk, task, future = under_way.popleft()
            results = gather(self._workshop, print_documents, task, future) if future is not None else []
            for outcome in self._finish(chunk, results):
                yield outcome
                progress.advance(note=outcome.number)

    # --- reserve ----------------------------------------------------------------------------------------

    def _reserved(self, papers: Sequence[Paper]) -> list[_Sheet]:
        """Every report with its number, or with why it gets none."""
        known = self._register.entries_of([self._case])[self._case]
        sheets = list(self._placed(papers, known))
        for sheet in sheets:
            try:
                sheet.wanted = self._wanted(sheet)
            except XfdocsError as error:
                raise_unless_refusal(error)
                sheet.refusal = refused(self._case, sheet.kind, f"{_whose(sheet.paper)}{error}")
        able = [sheet for sheet in sheets if sheet.wanted is not None]
        answers = self._register.reserve(self._run, [sheet.wanted for sheet in able if sheet.wanted])
        for sheet, answer in zip(able, answers, strict=True):
            sheet.entry, sheet.standing = answer.entry, answer.standing
        self._tidy(known, answers)
        return sheets

    def _placed(self, papers: Sequence[Paper], known: Sequence[Entry]) -> Iterator[_Sheet]:
        """The place of each report among those of its kind and period: 0, and from 1 for each unit.

        The register remembers which unit has which place; a unit that comes later gets the next one.
        """
        places = {(entry.kind, entry.recipients[0]): entry.event for entry in known if entry.event}
        for paper in papers:
            kind = self._desk.catalogue.kind(paper.report.kind)
            key = (kind.slug, paper.unit)
            if paper.unit and key not in places:
                used = [event for (slug, _), event in places.items() if slug == kind.slug]
                places[key] = max(used, default=0) + 1
            yield _Sheet(paper, kind, places[key] if paper.unit else 0)

    def _wanted(self, sheet: _Sheet) -> Wanted:
        """What the register must know of a report, after it has been composed with a number like its own."""
        office, kind, paper, day = self._office, sheet.kind, sheet.paper, self._order.on
        form = number_form(kind, office.organ, office)
        document = self._document(paper, form.format(year=day.year, n=1) if form else "", day)
        check_printable(document, office, self._order.formats)
        named = (*document.addressees, *document.colophon.copies_to)
        if paper.unit:  # the first, whatever the wording says: by it the unit's place is known
            named = (paper.unit, *(name for name in named if name != paper.unit))
        return Wanted(
            case=self._case,
            kind=kind.slug,
            kind_title=kind.title,
            event=sheet.event,
            form=form,
            date=day,
            title=document.title,
            issuer=document.issuer,
            recipients=named,
            signer=self._order.signer,
            copies=office.setting(kind.slug).copies or kind.copies,
            record=paper.data_path(sheet.event),
        )

    def _document(self, paper: Paper, number: str, day: dt.date) -> Document:
        return document_of(
            paper.report, self._office, paper.figures, names=paper.names, number=number, day=day
        )

    def _tidy(self, known: Sequence[Entry], answers: Sequence[Reservation]) -> None:
        """Take away the data of what a killed run had begun, and the records no longer say."""
        now = {answer.entry.id: answer.entry for answer in answers}
        in_use = {now.get(entry.id, entry).record for entry in known}
        for entry in known:
            if entry.state is EntryState.RESERVED and entry.record not in in_use:
                with suppress(OSError):
                    self._office.folder.joinpath(PurePosixPath(entry.record)).unlink(missing_ok=True)

    # --- what exists ------------------------------------------------------------------------------------

    def _look_at_existing(self, sheets: Sequence[_Sheet]) -> None:
        """Whether what was issued before is what would be said now; confirm what nobody has confirmed."""
        confirmed = []
        for sheet in sheets:
            entry = sheet.entry
            if entry is None or sheet.standing is not Standing.EXISTING:
                continue
            was = stored(self._office.folder / entry.record, entry.record_sha256)
            if was is None:
                sheet.why = f"它的依据 {entry.record} 不在，或者被改动过，没有核对。请从备份恢复。"
                continue
            if not entry.recorded:
                confirmed.append(entry.id)
            if was.facts != sheet.paper.facts:
                sheet.why = f"照现在的案件记录统计，与已经制发的{entry.number or entry.kind_title}不一致，没有改动。{_ANEW}"
            elif not {file.format for file in entry.files} >= set(self._order.formats):
                sheet.further = True
                sheet.paper = _as_it_was(sheet.paper, was)
        self._register.confirm(confirmed)

    # --- make and register ------------------------------------------------------------------------------

    def _print(self, sheet: _Sheet) -> Print:
        entry = sheet.reserved
        return Print(entry, self._document(sheet.paper, entry.number, entry.date), sheet.paper.data)

    def _finish(
        self, chunk: Sequence[_Sheet], results: Sequence[Printed | Casualty[Print]]
    ) -> Iterator[Outcome]:
        done = [one for one in results if isinstance(one, Printed) and one.made is not None]
        new = [one.made for one in done if one.entry.state is EntryState.RESERVED and one.made]
        added = [one.made for one in done if one.entry.state is EntryState.ISSUED and one.made]
        self._register.issue(self._run, new)
        self._register.add_files(self._run, added)
        self._register.confirm([made.id for made in (*new, *added)])  # their data is durable beside them
        printed = {_entry_of(result).id: result for result in results}
        for sheet in chunk:
            yield self._outcome(sheet, printed)

    def _outcome(self, sheet: _Sheet, printed: dict[int, Printed | Casualty[Print]]) -> Outcome:
        if sheet.refusal is not None:
            return sheet.refusal
        entry = sheet.reserved
        if sheet.standing is Standing.BUSY:
            return not_made(entry, self._office, f"{_whose(sheet.paper)}{BUSY}")
        result = printed.get(entry.id)
        if sheet.standing is Standing.EXISTING:
            return self._existing(sheet, entry, result)
        if isinstance(result, Printed) and result.made is not None:
            made = replace(entry, state=EntryState.ISSUED, files=result.made.files)
            return outcome_of(made, self._office, "issued")
        why = result.why if result is not None else ""
        return not_made(entry, self._office, f"{_whose(sheet.paper)}{why}{kept(entry)}")

    def _existing(self, sheet: _Sheet, entry: Entry, result: Printed | Casualty[Print] | None) -> Outcome:
        why = sheet.why
        added: tuple[str, ...] = ()
        if isinstance(result, Printed) and result.made is not None:
            entry = replace(entry, files=(*entry.files, *result.made.files))
            added = tuple(file.format for file in result.made.files)
        elif isinstance(result, Printed) and result.differs:
            why = f"照现在的模板制作，{result.differs}，没有补制别的格式。"
        elif result is not None:
            why = result.why
        return replace(outcome_of(entry, self._office, "existing", why), added=added)


def _to_print(sheet: _Sheet) -> bool:
    return sheet.further or sheet.standing in {Standing.NEW, Standing.RESUMED}


def _entry_of(result: Printed | Casualty[Any]) -> Entry:
    entry: Entry = result.item.entry if isinstance(result, Casualty) else result.entry
    return entry


def _whose(paper: Paper) -> str:
    return f"{paper.unit}：" if paper.unit else ""


def _as_it_was(paper: Paper, was: Stored) -> Paper:
    """A report with the notes it was issued with: from how many records it was counted then."""
    return replace(paper, report=replace(paper.report, notes=was.notes))
