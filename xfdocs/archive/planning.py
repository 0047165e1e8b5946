"""What a case would become in the archive: whether it may go there, for how long, in how many volumes of what.

A plan is made of the record and the files alone; numbers are taken afterwards, and `xfdocs.archive.building` makes the package.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xfdocs.archive.attachments import EMPTY, PROGRAM, look_at
from xfdocs.archive.closing import closed_on, reasons_against
from xfdocs.archive.formats import Formats
from xfdocs.archive.materials import Draft, Source, drafts_of, kept_unnamed
from xfdocs.archive.model import Format
from xfdocs.archive.orders import order_of
from xfdocs.archive.retention import RetentionTable, retention_table
from xfdocs.errors import RecordUnreadable
from xfdocs.office import Office
from xfdocs.production.desk import Desk, Order, desk_for
from xfdocs.record.codes import Retention
from xfdocs.record.derived import named
from xfdocs.record.model import Case
from xfdocs.record.reader import read_bytes
from xfdocs.record.writeback import facts_digest


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found out about a file."""

    format: Format
    pages: int | None
    note: str
    never: tuple[str, ...]
    """What keeps it out of any package."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A draft with what was found out about its files."""

    draft: Draft
    seen: tuple[Seen, ...]
    """One for each of its sources."""

    @property
    def pages(self) -> int | None:
        """Pages of the file to read first; of paper, what the record says."""
        if not self.seen:
            return self.draft.said_pages
        counted = self.seen[0].pages
        return counted if counted is not None else self.draft.said_pages


@dataclass(frozen=True, slots=True)
class Plan:
    """A case for the archive, or why it is none."""

    path: Path
    case: str = ""
    why_not: tuple[str, ...] = ()
    waiting: bool = False
    """Its time has not come: nothing is wrong with it."""
    sha256: str = ""
    """Of the record as it was read."""
    content: str = ""
    """Digest of everything that would be packed: the same as long as nothing of it changes."""
    year: int = 0
    closed: dt.date | None = None
    retention: Retention = Retention.TEN
    ground: str = ""
    item: str = ""
    """件号 that the record has had since before this program; empty if one is to be taken."""
    title: str = ""
    volumes: tuple[tuple[Filed, ...], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Records to be planned."""

    order: Order
    items: tuple[Path, ...]


def plan(task: PlanTask) -> Sequence[Plan]:
    """A plan for each record, in order."""
    desk = desk_for(task.order)
    table = retention_table(desk.office)
    return [plan_of(path, desk, table) for path in task.items]


def plan_of(path: Path, desk: Desk, table: RetentionTable) -> Plan:
    """The plan for one record on the desk's day.

    Raises `ArchiveSettingInvalid`, `FormatsInvalid`: what the office has settled is wrong.
    """
    office = desk.office
    try:
        data = read_bytes(path)
    except RecordUnreadable:
        return Plan(path, why_not=("记录读不出来，见 `xfdocs validate`",))
    report, case = desk.validator.examine_bytes(data, path)
    if case is None or not report.accepted:
        return Plan(path, report.case, ("记录没有通过校验，见 `xfdocs validate`",))
    ended = closed_on(case)
    waiting = tuple(reasons_against(case, office, desk.validator.on))
    if waiting or ended is None:
        return Plan(path, case.id, waiting, waiting=True)
    if reasons := list(_unfit(case, office)):
        return Plan(path, case.id, tuple(reasons))
    drafts = drafts_of(case, office, desk.catalogue, order_of(office), path.parent)
    lacking = [source.name for draft in drafts for source in draft.sources if not source.path.is_file()]
    formats = Formats.load(office.folder)
    filed = [] if lacking else [_filed(draft, formats) for draft in drafts]
    if lacking or (reasons := list(_wrong(filed))):
        return Plan(path, case.id, (f"缺少文件：{'、'.join(lacking)}",) if lacking else tuple(reasons))
    retention, ground = table.of(case)
    return Plan(
        path,
        case.id,
        sha256=hashlib.sha256(data).hexdigest(),
        content=_content(data, filed),
        year=case.archive.year if case.archive is not None else ended.year,
        closed=ended,
        retention=retention,
        ground=ground,
        item=(case.archive.item or "") if case.archive is not None else "",
        title=title_of(case),
        volumes=tuple(divided(filed, office.archive.pages)),
    )


def title_of(case: Case) -> str:
    """题名: who, about what.  Whoever accuses, or asked to be protected, is not named on a cover (条例22 30)."""
    people = named(case)
    who = (people[0].name or "") if people and not kept_unnamed(case) else ""
    more = "等" if who and len(people) > 1 else ""
    return f"{who}{more}关于{case.registration.subject.removeprefix('关于')}的信访案卷"


def divided(filed: Sequence[Filed], limit: int) -> Iterator[tuple[Filed, ...]]:
    """Volumes of at most *limit* pages, nothing torn apart; what is thicker by itself is a volume of its own."""
    volume: list[Filed] = []
    pages = 0
    for one in filed:
        more = one.pages or 0
        if volume and pages + more > limit:
            yield tuple(volume)
            volume, pages = [], 0
        volume.append(one)
        pages += more
    yield tuple(volume)


def _wrong(filed: Sequence[Filed]) -> Iterator[str]:
    """What keeps files out of any package: they are not those of the record, hold nothing, or are programs."""
    for one in filed:
        for source, seen in zip(one.draft.sources, one.seen, strict=True):
            if source.sha256 not in {None, seen.sha256}:
                yield f"{source.name} 与记录中的摘要不一致"
            for message in seen.never:
                yield f"{source.name}：{message}"


def _filed(draft: Draft, formats: Formats) -> Filed:
    return Filed(draft, tuple(_seen(source, formats) for source in draft.sources))


def _seen(source: Source, formats: Formats) -> Seen:
    looked = look_at(source.path, source.name, formats)
    never = tuple(one.message for one in looked.findings if one.code in {EMPTY, PROGRAM})
    return Seen(looked.format, looked.pages, looked.note, never, _digest(source))


def _digest(source: Source) -> str:
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(data: bytes, filed: Sequence[Filed]) -> str:
    """What would be packed, in one digest: the record without what we write into it, and every file with its name."""
    digest = hashlib.sha256(facts_digest(data).encode())
    for one in filed:
        for source, seen in zip(one.draft.sources, one.seen, strict=True):
            digest.update(f"\n{seen.sha256} {source.name}".encode())
    return digest.hexdigest()


def _unfit(case: Case, office: Office) -> Iterator[str]:
    """Nothing to file, or something said of the archive in the record that the office's settings do not say."""
    if not case.attachments and all(one.void is not None for one in case.issued):
        yield "没有文书，也没有附件，没有可以组卷的材料，请先运行 `xfdocs issue all`"
    archive = case.archive
    if archive is None:
        return
    if archive.fonds != office.archive.fonds:
        yield f"记录的归档一节写的全宗号是 {archive.fonds}，单位设置的是 {office.archive.fonds}"
    ended = closed_on(case)
    if ended is not None and not archive.item and archive.year != ended.year:
        yield f"记录的归档一节写的年度是 {archive.year}，而结案在 {ended.year} 年"
