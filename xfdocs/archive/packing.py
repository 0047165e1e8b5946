"""Cases into the archive: plan → numbers → package → register → record, as one run over any number of records.

The states are those of issuing (DESIGN §7): a 档号 is taken before the package is made, and what a killed run had begun is gone on with
by running it again.  A case that was opened again after it was packed, and closed again, gets a further version of its
package; the one before stays as it is, and the new one names it by its digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from xfdocs.archive.building import (
    Built,
    Numbers,
    archive_of,
    build,
    catalogue_beside,
    is_catalogue,
    place_of,
)
from xfdocs.archive.numbering import VERSION, VOLUME, Candidate
from xfdocs.archive.orders import order_of
from xfdocs.archive.planning import Plan, PlanTask, plan
from xfdocs.archive.registered import BAG, PROGRAM, note_of, note_path
from xfdocs.archive.retention import retention_table
from xfdocs.archive.shelf import note_at
from xfdocs.archive.yearbook import keep_to_the_year
from xfdocs.errors import ArchiveUnset, RecordFault, XfdocsError
from xfdocs.files import Staging, sweep
from xfdocs.office import Office
from xfdocs.production.desk import Order, desk_for, stamp_of
from xfdocs.production.engines import check_engines, pdf_engine_of
from xfdocs.production.fingerprint import fingerprints
from xfdocs.production.naming import FORMATS
from xfdocs.production.opening import Opened, Workplace, opened_run
from xfdocs.production.outcome import raise_unless_refusal
from xfdocs.production.recording import sweep_beside
from xfdocs.production.surveying import register_path
from xfdocs.production.workshop import Casualty, gather
from xfdocs.progress import Progress, Silent
from xfdocs.record.files import record_files
from xfdocs.record.reader import read_bytes
from xfdocs.record.writeback import with_archive
from xfdocs.register.entry import EntryState, FileEntry, Made, Standing
from xfdocs.register.recorded import volume_case
from xfdocs.register.rows import pieces

CHUNK = 8
"""Cases in one task: a package takes a good part of a second."""


class Packing(StrEnum):
    """What became of a case."""

    PACKED = "packed"
    EXISTING = "existing"
    WAITING = "waiting"
    """Its time has not come: it is open, or a clock runs."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record."""

    path: Path
    case: str
    state: Packing
    numbers: tuple[str, ...] = ()
    """档号 of its volumes."""
    package: str = ""
    """Where its newest package lies, relative to the office folder."""
    digest: str = ""
    """SHA-256 of the package's tag manifest."""
    version: int = 0
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """One line of ``archive pack --json``."""
        return {
            "case": self.case,
            "record": str(self.path),
            "state": self.state.value,
            "numbers": list(self.numbers),
            "package": self.package,
            "digest": self.digest,
            "version": self.version,
            "why": self.why,
        }


def pack(
    paths: Iterable[Path],
    office: Office,
    *,
    on: dt.date,
    jobs: int | None = 1,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Pack every case that may go to the archive: an outcome for each record, in their order.

    *on* is the day on which it is asked whether a clock runs.  *jobs* processes work.

    Raises:
        ArchiveUnset, RetentionMissing, ArchiveSettingInvalid, OrderDiffers: the office has not settled what it must.
        NothingThere: a path has no records.
        RegisterUnreachable, RegisterBroken: the register cannot be used.
        FontsMissing, LibraryMissing: the machine lacks what labels are printed with; no number is taken.
    """
    if not office.archive.fonds:
        raise ArchiveUnset
    retention_table(office)
    order_of(office)
    files = record_files(paths)
    prints = fingerprints(office)
    order = Order(office.folder, stamp_of(prints), on, None, ("pdf",), office.pdf_by)
    with opened_run(office, prints, Workplace(jobs), many=len(files) > CHUNK, tell=tell) as opened:
        yield from _Packing(office, order, opened).outcomes(files, progress or Silent())


# --- one task ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """A case that has its numbers."""

    plan: Plan
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class JobTask:
    """Packages to be made."""

    order: Order
    items: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that lies on the disk, or why it does not."""

    job: Job
    place: str = ""
    file: FileEntry | None = None
    catalogues: tuple[FileEntry, ...] = ()
    """The 卷内目录 of each volume, laid beside the package for whoever binds the paper."""
    digest: str = ""
    record: bytes = b""
    why: str = ""


def make(task: JobTask) -> Sequence[Packed]:
    """Make the packages of a task, one result each, in order."""
    office = desk_for(task.order).office
    return [_packed(job, office) for job in task.items]


def _packed(job: Job, office: Office) -> Packed:
    try:
        built = build(job.plan, job.numbers, office)
    except XfdocsError as error:
        raise_unless_refusal(error)
        return Packed(job, why=str(error))
    place = built.written.path.relative_to(office.folder).as_posix()
    proof = (
        built.written.path / "tagmanifest-sha256.txt" if built.written.path.is_dir() else built.written.path
    )
    return Packed(
        job,
        place,
        _file_entry(BAG, proof, office, PROGRAM),
        tuple(_catalogues(built, office)),
        built.written.digest,
        built.record,
    )


def _file_entry(name: str, path: Path, office: Office, maker: str) -> FileEntry:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(
        name, PurePosixPath(path.relative_to(office.folder).as_posix()), digest, path.stat().st_size, maker
    )


def _catalogues(built: Built, office: Office) -> Iterator[FileEntry]:
    """Put the 卷内目录 of each volume beside the package, where it can be printed without unpacking anything."""
    found = [part for part in built.package.others if is_catalogue(part)]
    base = place_of(built.package, office)
    sweep(base.parent, *(catalogue_beside(base, part, seq).name for seq, part in enumerate(found, start=1)))
    with Staging() as staging:
        paths = []
        for seq, part in enumerate(found, start=1):
            path = catalogue_beside(base, part, seq)
            staging.put(path, part.source if isinstance(part.source, bytes) else part.source.read_bytes())
            paths.append(path)
        staging.commit()
    maker = pdf_engine_of(office).maker
    yield from (_file_entry("pdf", path, office, maker) for path in paths)


# --- the run ----------------------------------------------------------------------------------------------


class _Packing:
    """One run."""

    def __init__(self, office: Office, order: Order, opened: Opened) -> None:
        self._office = office
        self._order = order
        self._register = opened.register
        self._run = opened.run
        self._workshop = opened.workshop

    def outcomes(self, files: Sequence[Path], progress: Progress) -> Iterator[Outcome]:
        """Chunk by chunk, numbers in the order of the records."""
        sweep_beside(path.resolve() for path in files)
        planned: deque[tuple[PlanTask, Future[Sequence[Plan]]]] = deque()
        making: deque[tuple[list[Candidate], JobTask, Future[Sequence[Packed]] | None]] = deque()
        chunks = pieces(files, CHUNK)
        window = self._workshop.width + 1
        while True:
            while len(planned) < window and (some := next(chunks, None)):
                task = PlanTask(self._order, tuple(some))
                planned.append((task, self._workshop.submit(plan, task)))
            if planned and len(making) < window:
                task, future = planned.popleft()
                plans = gather(self._workshop, plan, task, future)
                making.append(self._begun(plans))
                continue
            if not making:
                return
            cases, jobs, made = making.popleft()
            results = gather(self._workshop, make, jobs, made) if made is not None else []
            for outcome in self._finished(cases, results):
                yield outcome
                progress.advance(note=outcome.path.stem)

    # --- numbers ----------------------------------------------------------------------------------------

    def _begun(
        self, plans: Sequence[Plan | Casualty[Path]]
    ) -> tuple[list[Candidate], JobTask, Future[Sequence[Packed]] | None]:
        cases = [
            Candidate(one if isinstance(one, Plan) else Plan(one.item, why_not=(one.why,))) for one in plans
        ]
        ready = [case for case in cases if not case.plan.why_not]
        known = self._register.entries_of(
            [name for case in ready for name in (case.plan.case, volume_case(case.plan.case))]
        )
        for case in ready:
            case.entries = known[volume_case(case.plan.case)]
            case.documents = known[case.plan.case]
            case.why = self._reason(case)
        able = [case for case in ready if not case.why and not case.done(self._office)]
        if able:
            check_engines(self._office, FORMATS)
        for case in able:
            keep_to_the_year(self._office, case.plan.year)
            case.reserved = tuple(
                self._register.reserve(self._run, list(case.wanted(self._office, self._order.on)))
            )
            if any(one.standing is Standing.BUSY for one in case.reserved):
                case.why = "另一次归档正在做这一件，没有重复做。"
                continue
            case.numbers = case.taken(self._office)
        task = JobTask(self._order, tuple(Job(case.plan, case.numbers) for case in able if case.numbers))
        return cases, task, self._workshop.submit(make, task) if task.items else None

    def _reason(self, case: Candidate) -> str:
        if open_ones := [
            one for one in case.documents if one.state is EntryState.RESERVED or not one.recorded
        ]:
            return f"还有 {len(open_ones)} 份文书没有制发完，请先运行 `xfdocs issue all`。"
        others = {one.record for one in case.documents} - {register_path(case.plan.path, self._office)}
        if any((self._office.folder / other).is_file() for other in others):
            return "登记库里这个编号是另一个文件的，请先查明（见 `xfdocs register show`）。"
        if lost := next((one.record for one in case.packed if not note_at(self._office, one)), ""):
            return f"{lost} 不在了，或者被改动过，不能知道上一次归档了什么。请从备份恢复。"
        if case.volumes and not case.volumes[0].n and not case.plan.item:
            return "案件记录的归档一节里原有的件号没有了，请查明后补上。"
        return ""

    # --- what was made ----------------------------------------------------------------------------------

    def _finished(
        self, cases: Sequence[Candidate], results: Sequence[Packed | Casualty[Job]]
    ) -> Iterator[Outcome]:
        packed = {(one.item if isinstance(one, Casualty) else one.job).plan.case: one for one in results}
        for case in cases:
            yield self._outcome(case, packed.get(case.plan.case) if case.numbers else None)

    def _outcome(self, case: Candidate, packed: Packed | Casualty[Job] | None) -> Outcome:
        plan_ = case.plan
        why = case.why or "；".join(plan_.why_not)
        if why:
            state = Packing.WAITING if plan_.waiting else Packing.REFUSED
            return Outcome(plan_.path, plan_.case, state, why=why)
        if packed is None:
            note = note_at(self._office, case.versions[-1])
            return Outcome(
                plan_.path,
                plan_.case,
                Packing.EXISTING,
                tuple(note["numbers"]),
                note["package"],
                note["digest"],
                note["version"],
                self._told(case, None),
            )
        if isinstance(packed, Casualty) or packed.file is None:
            return Outcome(plan_.path, plan_.case, Packing.REFUSED, why=packed.why)
        why = self._registered(case, packed)
        numbers = packed.job.numbers
        return Outcome(
            plan_.path,
            plan_.case,
            Packing.PACKED,
            numbers.volumes,
            packed.place,
            packed.digest,
            numbers.version,
            why,
        )

    def _registered(self, case: Candidate, packed: Packed) -> str:
        """The note, the register, the record, in this order: whoever is killed in between goes on from there."""
        plan_, numbers = case.plan, packed.job.numbers
        note = note_of(plan_, numbers, self._office, packed.place, packed.digest)
        digest = hashlib.sha256(note).hexdigest()
        path = self._office.folder / note_path(plan_, numbers.version)
        sweep(path.parent, path.name)
        with Staging() as staging:
            staging.put(path, note)
            staging.commit()
        made = []
        for entry in case.new:
            files = [packed.catalogues[entry.event - 1]] if entry.kind == VOLUME else []
            has_bag = entry.kind == VERSION or (numbers.version == 1 and entry.event == 1)
            made.append(
                Made(entry.id, digest, tuple(files + ([packed.file] if has_bag and packed.file else [])))
            )
        self._register.issue(self._run, made)
        return self._told(case, packed.record)

    def _told(self, case: Candidate, record: bytes | None) -> str:
        """Write its place into the record, unless that says it or somebody has changed it meanwhile; why it does not say it."""
        plan_ = case.plan
        try:
            data = read_bytes(plan_.path)
            same = hashlib.sha256(data).hexdigest() == plan_.sha256
            if same and record is None:
                record = with_archive(data, archive_of(plan_, case.item, self._office), plan_.path)
            if not same or (record is not None and record != data and not self._wrote(plan_, record)):
                return f"{plan_.path} 在归档期间被改动，没有写回，改动原样保留。请核对后再运行一次 archive pack。"
        except RecordFault as error:
            return str(error)
        self._register.confirm([entry.id for entry in (*case.packed, *case.new) if not entry.recorded])
        return ""

    def _wrote(self, plan_: Plan, record: bytes) -> bool:
        """Whether the record was still the one that was planned when it was to be written."""
        with self._register.database.exclusive("records"), Staging() as staging:
            staging.put(plan_.path.resolve(), record)  # a link stays a link
            return not staging.commit(
                lambda path: hashlib.sha256(path.read_bytes()).hexdigest() == plan_.sha256
            )
