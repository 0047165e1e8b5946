"""A chunk of records on its way through a run: what was asked, answered and done for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from xfdocs.pdf_by import PdfBy
from xfdocs.production.desk import Order
from xfdocs.production.making import Finished, Job, MakeTask, told_of
from xfdocs.production.surveying import Surveyed, SurveyTask, Told
from xfdocs.production.workshop import Casualty
from xfdocs.register.entry import Entry, EntryState, Reservation

Known = dict[str, tuple[Entry, ...]]
"""What the register knows, by case."""


_DOCX, _PDF = 50, {PdfBy.WEASYPRINT: 4, PdfBy.TYPST: 12}


def chunk_size(order: Order) -> int:
    """Records in a chunk: about half a second of work, so that stopping and starting again costs little."""
    return _PDF[order.pdf_by] if "pdf" in order.formats else _DOCX


@dataclass
class Chunk:
    """A chunk of records on its way."""

    survey_task: SurveyTask
    surveying: Future[Sequence[Surveyed]]
    surveyed: list[Surveyed | Casualty[Path]] = field(default_factory=list)
    reserved: bool = False
    reservations: dict[Path, list[Reservation]] = field(default_factory=dict)
    known: dict[Path, dict[int, Entry]] = field(default_factory=dict)
    """What the register knows of the case in a file, by 登记号, with what this run adds."""
    jobs: list[Job] = field(default_factory=list)
    make_task: MakeTask | None = None
    making: Future[Sequence[Finished]] | None = None
    finished: dict[Path, Finished | Casualty[Job]] = field(default_factory=dict)

    @property
    def able(self) -> list[Surveyed]:
        """The records that passed."""
        return [one for one in self.surveyed if isinstance(one, Surveyed) and one.sha256]

    def settle(self, results: Sequence[Finished | Casualty[Job]]) -> None:
        """Take in what the workers did, one result for each job."""
        for job, done in zip(self.jobs, results, strict=True):
            self.finished[job.path] = done
            if isinstance(done, Casualty):
                continue
            entries = self.known[job.path]
            for made in done.made:
                entries[made.id] = replace(
                    entries[made.id],
                    state=EntryState.ISSUED,
                    files=made.files,
                    record_sha256=made.record_sha256,
                    recorded=False,
                )
            for made in done.added:
                files = sorted((*entries[made.id].files, *made.files), key=lambda file: file.format)
                entries[made.id] = replace(entries[made.id], files=tuple(files), recorded=False)

    def differs(self, one: Surveyed) -> dict[int, str]:
        """登记号 of what was issued for a record and is not what it says now, and how."""
        done = self.finished.get(one.path)
        return dict(done.differs) if isinstance(done, Finished) else {}


def same(told: Told, entry: Entry) -> bool:
    """Whether a record's word and an entry are about the same document."""
    if told.number or entry.number:
        return told.number == entry.number
    return (told.kind_title, told.event) == (entry.kind_title, entry.event)


def says(told: Sequence[Told], entry: Entry) -> bool:
    """Whether a record says what an entry says."""
    return told_of(entry) in told
