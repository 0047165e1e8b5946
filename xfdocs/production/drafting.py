"""Drafts: documents without a number, marked 草稿.

Each file is written under a temporary name and then renamed, so a file that is there is whole.  A
record that is refused is set aside with its findings and the rest go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.errors import UsageFault, XfdocsError
from xfdocs.files import write_whole
from xfdocs.office import Office
from xfdocs.production.engines import engine_of
from xfdocs.production.naming import FORMATS, file_base
from xfdocs.production.outcome import Outcome, refusal, refused, rejected
from xfdocs.progress import Progress, Silent
from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.validation import examine_paths


def draft(
    kinds: Sequence[Kind] | None,
    paths: Iterable[Path],
    office: Office,
    target: Path,
    *,
    formats: Sequence[str] = FORMATS,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Draft the documents that records call for, into one folder a case under *target*.

    *kinds* limits what is made; None makes every kind.  A record in a folder that calls for none of them
    is passed over; of a record that was named itself, with kinds named too, that is an outcome of its own.

    Raises:
        NothingThere: a path has no records.
        MachineLacks, UsageFault: nothing can be made at all.
        WordingInvalid, KindInvalid, LayoutInvalid, LawDataInvalid: a template or the law as data has a fault.
    """
    told = progress or Silent()
    paths = [Path(path) for path in paths]
    for report, case in examine_paths(paths, office):
        if case is None or not report.accepted:
            yield rejected(report)
        else:
            outcomes = _draft_case(kinds, case, office, target, formats)
            made = next(outcomes, None)
            if made is not None:
                yield made
                yield from outcomes
            elif kinds and report.file in paths:
                titles = "、".join(kind.title for kind in kinds)
                yield refused(case.id, kinds[0], f"办理过程中没有需要制作{titles}的事件，没有生成。")
        told.advance(note=report.file.stem)


def _draft_case(
    kinds: Sequence[Kind] | None, case: Case, office: Office, target: Path, formats: Sequence[str]
) -> Iterator[Outcome]:
    calls = [
        (kind, event)
        for wanted in (kinds if kinds is not None else (None,))
        for kind, event in catalogue_of(office).called_for(case, office, wanted)
    ]
    for kind, event in calls:
        try:
            document = compose(kind, case, office, event=event)
            files = {fmt: engine_of(office, fmt).render(document) for fmt in formats}
        except XfdocsError as error:
            yield refusal(error, case, kind)
        else:
            yield _written(document, kind, event, files, target)


def _written(
    document: Document, kind: Kind, event: Event | None, files: dict[str, bytes], target: Path
) -> Outcome:
    folder = target / document.case
    base = file_base(kind, event.seq if event is not None else 0)
    paths = {fmt: folder / f"{base}.{fmt}" for fmt in files}
    if "docx" in paths and (edited := _edited(paths["docx"])):
        return refused(document.case, kind, edited)
    for fmt, data in files.items():
        write_whole(paths[fmt], data)
    return Outcome(
        case=document.case,
        kind=kind.slug,
        kind_title=kind.title,
        number="" if document.draft else document.number,
        date=document.date.isoformat() if document.date else "",
        files=paths,
        sha256={fmt: hashlib.sha256(data).hexdigest() for fmt, data in files.items()},
        state="draft",
    )


def _edited(path: Path) -> str:
    """Why an older draft must not be overwritten: somebody has worked on it; empty if nobody has."""
    from xfdocs.render.docx import untouched

    if not path.is_file() or untouched(path.read_bytes()):
        return ""
    return f"草稿 {path} 已经有人修改过，没有覆盖。请把修改过的另存到别处，或者删去后再生成。"


def kinds_named(names: Sequence[str], office: Office) -> list[Kind] | None:
    """The kinds of those names; None for ``all``. Raises `KindUnknown`, and `UsageFault` for a kind of report."""
    if list(names) == ["all"]:
        return None
    kinds = [catalogue_of(office).kind(name) for name in names]
    if reports := [kind.title for kind in kinds if kind.call.report]:
        message = f"{'、'.join(reports)}是报表，不由案件记录引起。请用 `xfdocs report` 制作。"
        raise UsageFault(message=message)
    if labels := [kind.title for kind in kinds if kind.call.archive]:
        message = f"{'、'.join(labels)}是归档时用的，不由案件记录引起。请用 `xfdocs archive` 制作。"
        raise UsageFault(message=message)
    return kinds
