"""Case → Document: the wording of a kind, said about one event of one case."""

from __future__ import annotations

import datetime as dt

from xfdocs.document.assemble import assemble, blank_number
from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.document.context import context_of
from xfdocs.document.guard import refuse_if_harmful
from xfdocs.document.model import Document
from xfdocs.document.wording import wording_of
from xfdocs.errors import DocumentRefused, NotCalledFor
from xfdocs.office import Office
from xfdocs.record.derived import actor_of, as_of
from xfdocs.record.events import Event
from xfdocs.record.model import Case


def compose(
    kind: str | Kind,
    case: Case,
    office: Office,
    *,
    event: Event | None = None,
    number: str = "",
    day: dt.date | None = None,
    draft: bool = True,
) -> Document:
    """The document of a kind for a case: for *event*, or for the latest event that calls for it.

    *number* is the 文号; without one the place of its figure stays blank.  *day* is the 成文日期, the
    day of the event if not given; the regulation follows it.

    Raises:
        KindUnknown: no such kind.
        NotCalledFor: nothing in the case calls for it.
        DocumentRefused: the law forbids it (检举控告, 密级 without a ground).
        FieldMissing: the record lacks something the wording needs.
        WordingInvalid: the wording itself has a fault.
        RegulationMissing: no regulation known governed that day.
    """
    found = kind if isinstance(kind, Kind) else catalogue_of(office).kind(kind)
    if event is None:
        calls = [e for _, e in catalogue_of(office).called_for(case, office, found)]
        if not calls:
            raise NotCalledFor(case=case.id, event=found.call.event or "登记", kind=found.title)
        event = calls[-1]
    registration = case.registration
    acting = actor_of(case, event)
    organ = office.acting(acting)
    if organ is None:
        raise DocumentRefused(
            case=case.id, kind=found.title, why=f"“{acting}”不在 xfdocs.toml 的机关名单中。"
        )
    when = day or date_of(case, event)
    known = as_of(case, event)
    shown = number or blank_number(found, organ, office, when)
    text = wording_of(found.wording, found.title).say(
        context_of(found, known, event, organ, office, when, shown), case.id
    )
    document = assemble(
        found,
        text,
        organ,
        when,
        case=case.id,
        number=shown,
        secrecy=_secrecy(case, found),
        urgency=registration.urgency.value if registration.urgency and found.recipient == "机关" else "",
        draft=draft,
    )
    refuse_if_harmful(document, found, case, event)
    return document


def date_of(case: Case, event: Event | None) -> dt.date:
    """成文日期 of the document for an event, or for the registration: the day of the act itself."""
    registration = case.registration
    return event.date if event is not None else registration.registered or registration.received


def _secrecy(case: Case, kind: Kind) -> str:
    """密级★期限 (GB/T 9704 7.2.2); never without its legal ground (保密法 22)."""
    secret = case.confidentiality.secret if case.confidentiality else None
    if secret is None:
        return ""
    if not secret.ground:
        raise DocumentRefused(
            case=case.id,
            kind=kind.title,
            why="没有写明定密依据，不得作出国家秘密标志（《保守国家秘密法》第二十二条第三款）。",
        )
    return f"{secret.level}★{secret.years}年"
