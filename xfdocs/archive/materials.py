"""What of a case goes into its volume, in which order: issued documents and attachments as 卷内文件, not yet numbered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xfdocs.archive.orders import Order
from xfdocs.document.catalogue import Catalogue
from xfdocs.office import Office
from xfdocs.record.codes import FileFormat
from xfdocs.record.derived import is_report, named
from xfdocs.record.events import Service
from xfdocs.record.model import Attachment, Case, Issued

PAPER_ONLY = "只有纸质"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that goes into the package."""

    path: Path
    name: str
    """Of a document its file name; of an attachment its path beside the record, as the record has it."""
    sha256: str | None
    """As the record has it."""
    format: FileFormat | None = None
    """Of an issued document; None for an attachment."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A 卷内文件 before it has its number and pages."""

    title: str
    group: str
    number: str
    responsible: str
    date: dt.date | None
    original: str
    secrecy: str
    said_pages: int | None
    """页数 by the record; what can be counted is counted."""
    remark: str
    sources: tuple[Source, ...]
    """Its files, the one to read first; none if it is on paper only."""

    @property
    def attached(self) -> bool:
        """Whether it came from outside."""
        return not self.sources or self.sources[0].format is None


def drafts_of(
    case: Case, office: Office, catalogue: Catalogue, order: Order, folder: Path
) -> tuple[Draft, ...]:
    """Everything of a case that is filed, in the order inside its volume.  *folder* holds the record and its attachments.

    What was declared void is not filed: its number and why stand in the record.  Inside a group documents follow
    their events, a 送达回证 the document that it proves; attachments stand as in the record.
    """
    documents = [
        (order.of_kind(slug), _sequence(case, issued), _document(case, issued, slug, office, order))
        for issued in case.issued
        if issued.void is None
        for slug in [_slug(catalogue, issued.kind)]
    ]
    attached = [
        (order.of_name(one.name), (len(case.events) + 1, n), _attachment(case, one, order, folder))
        for n, one in enumerate(case.attachments)
    ]
    placed = sorted([*_with_their_service(case, documents, order), *attached], key=lambda entry: entry[:2])
    return tuple(draft for *_, draft in placed)


def kept_unnamed(case: Case) -> bool:
    """Whether who petitioned is not to be named on what lies open: accusations, and whoever asked to be protected (条例22 30)."""
    kept = case.confidentiality
    return bool(kept and kept.protection) or any(
        is_report(claim) or claim.respondents for claim in case.claims
    )


_Placed = tuple[int, tuple[int, int], Draft]


def _with_their_service(case: Case, documents: Sequence[_Placed], order: Order) -> Iterator[_Placed]:
    """A 送达回证 stands in the group of what was served, behind it."""
    groups: dict[int, int] = {}
    for place, (event, _), _draft in documents:
        groups.setdefault(event, place)
    served = {event.seq: event.of for event in case.events if isinstance(event, Service)}
    for place, (event, n), draft in documents:
        of = served.get(event)
        if of is None or of not in groups:
            yield place, (event, n), draft
        else:
            group = order.groups[groups[of]].code
            yield groups[of], (of, len(case.issued) + n), replace(draft, group=group)


def _sequence(case: Case, issued: Issued) -> tuple[int, int]:
    return issued.event or 0, case.issued.index(issued)


def _document(case: Case, issued: Issued, slug: str, office: Office, order: Order) -> Draft:
    event = next((one for one in case.events if one.seq == issued.event), None)
    # The PDF is what was sent and lasts; the docx beside it can be worked on.
    files = sorted(issued.files, key=lambda file: file.format is not FileFormat.PDF)
    return Draft(
        title=issued.kind,
        group=order.groups[order.of_kind(slug)].code,
        number=issued.number or "",
        responsible=(event.organ if event is not None else None) or case.registration.organ,
        date=issued.date,
        original="原件",
        secrecy=_secrecy(case),
        said_pages=None,
        remark="" if files else PAPER_ONLY,
        sources=tuple(
            Source(office.folder / office.issued / case.id / file.name, file.name, file.sha256, file.format)
            for file in files
        ),
    )


def _attachment(case: Case, one: Attachment, order: Order, folder: Path) -> Draft:
    place = order.of_name(one.name)
    code = order.groups[place].code
    from_petitioner = code in {"letter", "envelope"} and not kept_unnamed(case)
    people = named(case)
    return Draft(
        title=one.name,
        group=code,
        number="",
        responsible=people[0].name if from_petitioner and people and people[0].name else "",
        date=None,
        original=one.kind.value if one.kind is not None else "",
        secrecy=_secrecy(case),
        said_pages=one.pages,
        remark="" if one.file else PAPER_ONLY,
        sources=(Source(folder / one.file, one.file, one.sha256),) if one.file else (),
    )


def _secrecy(case: Case) -> str:
    kept = case.confidentiality
    return kept.secret.level.value if kept is not None and kept.secret is not None else ""


def _slug(catalogue: Catalogue, title: str) -> str:
    return next((kind.slug for kind in catalogue.kinds.values() if kind.title == title), "")
