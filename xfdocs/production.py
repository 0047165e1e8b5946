"""Record → files: the one pipeline that makes documents, for one case or for many.

Here drafts are made: checked, composed, rendered, written.  Each file is written under a temporary
name and then renamed, so a file that is there is whole.  A record that is refused is set aside with
its findings and the rest go on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.errors import DocumentFault, ExitCode, GlyphMissing, LawFault, RenderFault
from xfdocs.office import Office
from xfdocs.progress import Progress, Silent
from xfdocs.record.events import Event
from xfdocs.record.findings import Finding, Report
from xfdocs.record.model import Case
from xfdocs.record.search import where_is
from xfdocs.record.validation import examine_paths
from xfdocs.render.engine import Engine

FORMATS = ("docx", "pdf")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of one record that calls for none."""

    case: str
    kind: str
    """Slug; empty where a record was refused as a whole."""
    kind_title: str
    number: str
    date: str
    files: dict[str, Path]
    """By format."""
    sha256: dict[str, str]
    state: str
    """draft or refused."""
    findings: tuple[Finding, ...] = ()
    why: str = ""
    """One sentence, for a refusal that is no finding of validation."""

    def as_json(self) -> dict[str, object]:
        """The object of DESIGN §6."""
        findings = [finding.as_json() for finding in self.findings]
        if self.why:
            findings.append(
                {"code": "", "severity": "error", "line": 0, "path": "", "message": self.why, "basis": ""}
            )
        return {
            "case": self.case,
            "kind": self.kind,
            "kind_title": self.kind_title,
            "number": self.number,
            "date": self.date,
            "files": {name: str(path) for name, path in self.files.items()},
            "sha256": self.sha256,
            "state": self.state,
            "findings": findings,
        }


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
            yield _set_aside(report)
        else:
            outcomes = _draft_case(kinds, case, office, target, formats)
            made = next(outcomes, None)
            if made is not None:
                yield made
                yield from outcomes
            elif kinds and report.file in paths:
                titles = "、".join(kind.title for kind in kinds)
                yield _refused(case.id, kinds[0], f"办理过程中没有需要制作{titles}的事件，没有生成。")
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
        except GlyphMissing as error:
            where = where_is(case, str(error.facts["character"])) or error.facts["field"]
            yield _refused(case.id, kind, str(GlyphMissing(**{**error.facts, "field": where})))
        except (DocumentFault, RenderFault, LawFault) as error:
            if error.exit_code is not ExitCode.REFUSED:
                raise  # the wording, the layout or the law as data is wrong: not this record's fault
            yield _refused(case.id, kind, str(error))
        else:
            yield _written(document, kind, event, files, target)


def _written(
    document: Document, kind: Kind, event: Event | None, files: dict[str, bytes], target: Path
) -> Outcome:
    folder = target / document.case
    base = file_base(kind, event)
    paths = {fmt: folder / f"{base}.{fmt}" for fmt in files}
    if "docx" in paths and (edited := _edited(paths["docx"])):
        return _refused(document.case, kind, edited)
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


def file_base(kind: Kind, event: Event | None) -> str:
    """Base name of a document's files: the number of its event and the kind, e.g. ``03-受理告知书``.

    Built from our own names only; nothing of a record's text becomes part of a path.
    """
    title = "".join(c for c in kind.title if c not in '/\\:*?"<>|').replace("（", "").replace("）", "")
    return f"{event.seq if event is not None else 0:02d}-{title}"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either whole or absent: temporary name, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@lru_cache(maxsize=8)
def engine_of(office: Office, fmt: str) -> Engine:
    """The engine that makes a format for an office, prepared once in a process.

    Raises:
        FontsMissing, LibraryMissing: the machine lacks what it needs.
    """
    from xfdocs.render.fonts import FontBook

    fonts = FontBook.find(office.fonts)
    templates = (office.folder / "templates",)
    if fmt == "docx":
        from xfdocs.render.docx import DocxEngine

        return DocxEngine(templates, fonts)
    from xfdocs.render.pdf import PdfEngine

    return PdfEngine(fonts, templates)


def _set_aside(report: Report) -> Outcome:
    return Outcome(
        case=report.case,
        kind="",
        kind_title="",
        number="",
        date="",
        files={},
        sha256={},
        state="refused",
        findings=report.findings,
        why="" if report.findings else f"{report.file} 没有通过校验。",
    )


def _refused(case: str, kind: Kind, why: str) -> Outcome:
    return Outcome(case, kind.slug, kind.title, "", "", {}, {}, "refused", (), why)


def kinds_named(names: Sequence[str], office: Office) -> list[Kind] | None:
    """The kinds of those names; None for ``all``. Raises `KindUnknown`."""
    if list(names) == ["all"]:
        return None
    return [catalogue_of(office).kind(name) for name in names]
