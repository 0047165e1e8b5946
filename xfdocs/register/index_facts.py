"""A case → the rows of the index.  Every value is picked by hand here: what is not named does not get in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from xfdocs.office import Office
from xfdocs.record import events as ev
from xfdocs.record.derived import headcount, named
from xfdocs.record.events import Event
from xfdocs.record.history import History
from xfdocs.record.model import Case
from xfdocs.record.status import status_of
from xfdocs.record.writer import EVENT_NAMES
from xfdocs.register import index_tables as t

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the index keeps of one case."""

    case: Row
    """Columns of `index_tables.RECORDS` from *received* on."""
    parts: dict[Table, list[Row]] = field(default_factory=dict)
    """Rows of `index_tables.PARTS`, without the column *record*."""


_FACTS = t.RECORDS.columns.keys()
NO_FACTS: Row = dict.fromkeys(_FACTS[_FACTS.index("received") :])
"""The columns of a file that is no case."""


def facts_of(case: Case, office: Office) -> Facts:
    """What reports may ask about a case, without anything that tells who petitioned or what was written."""
    claims = [
        {
            "seq": claim.seq,
            "purpose": claim.purpose.value,
            "path": _code(claim.path),
            "category": claim.category,
            "locus": claim.locus,
        }
        for claim in case.claims
    ]
    sources = [
        {
            "seq": seq,
            "kind": source.kind.value,
            "organ": source.organ,
            "number": source.number,
            "date": source.date,
            "received": source.received,
            "feedback_due": source.feedback_due,
        }
        for seq, source in enumerate(case.registration.sources, start=1)
    ]
    related = [{"seq": seq, "other": other} for seq, other in enumerate(case.registration.related, start=1)]
    documents = [
        {
            "seq": seq,
            "event": issued.event,
            "kind": issued.kind,
            "number": issued.number,
            "date": issued.date,
            "copies": issued.copies,
            "void": issued.void is not None,
        }
        for seq, issued in enumerate(case.issued, start=1)
    ]
    own = case.registration.organ
    events = [_event_row(event, own) for event in case.events]
    destinations = [
        {
            "event": event.seq,
            "seq": seq,
            "organ": destination.organ,
            "lead": destination.lead.value,
            "received": destination.received,
        }
        for event in case.events
        if isinstance(event, ev.Transfer | ev.Assignment)
        for seq, destination in enumerate(event.destinations, start=1)
    ]
    opinions = [
        {
            "event": event.seq,
            "seq": seq,
            "claim": opinion.claim,
            "conclusion": opinion.conclusion.value,
            "execute_by": opinion.execute_by,
        }
        for event in case.events
        if isinstance(event, ev.Reply)
        for seq, opinion in enumerate(event.opinions, start=1)
    ]
    rows = (claims, sources, related, events, destinations, opinions, documents)
    return Facts(_case_row(case, office), dict(zip(t.PARTS, rows, strict=True)))


def _case_row(case: Case, office: Office) -> Row:
    arrival, counts, kept = case.registration, case.counts, case.confidentiality
    known = named(case)
    first = _First(case)
    reply = first.event(ev.Reply)
    served = History(case, office, dt.date.max).served(reply) if reply else None
    return {
        "received": arrival.received,
        "registered": arrival.registered,
        "presented": arrival.presented,
        "postmark": arrival.postmark,
        "opened": arrival.opened,
        "organ": arrival.organ,
        "first_handler": arrival.first_handler,
        "channel": arrival.channel.value,
        "subchannel": arrival.subchannel,
        "repeat": arrival.first.value,
        "urgency": _code(arrival.urgency),
        "petitioners": len(case.petitioners),
        "headcount": headcount(case),
        "visitors": counts.visitors if counts else None,
        "affected": counts.affected if counts else None,
        "signatories": counts.signatories if counts else None,
        "anonymous": not known,
        "reachable": any(p.address and not p.address_unclear for p in known),
        "protected": bool(kept and kept.protection),
        "secrecy": kept.secret.level.value if kept and kept.secret else None,
        "status": status_of(case).value,
        "sent": first.day(ev.Transfer, ev.Assignment, ev.Submission),
        "told": first.day(ev.Notice, ev.Acceptance, ev.Reply),
        "accepted": first.day(ev.Acceptance),
        "extended": first.day(ev.Extension),
        "replied": reply.date if reply else None,
        "served": served,
        "review_requested": first.day(ev.ReviewRequest),
        "reviewed": first.day(ev.Review),
        "recheck_requested": first.day(ev.RecheckRequest),
        "rechecked": first.day(ev.Recheck),
        "closed": first.day(ev.Closure),
        "withdrawn": first.day(ev.Withdrawal),
    }


class _First:
    """The first event of each kind in a case."""

    def __init__(self, case: Case) -> None:
        self._events: dict[type[Event], Event] = {}
        for event in case.events:
            self._events.setdefault(type(event), event)

    def event(self, kind: type[Event]) -> Event | None:
        return self._events.get(kind)

    def day(self, *kinds: type[Event]) -> dt.date | None:
        return min((self._events[kind].date for kind in kinds if kind in self._events), default=None)


def _code(value: str | None) -> str | None:
    """A word of a code list as plain text."""
    return None if value is None else str(value)


# --- events -------------------------------------------------------------------------------------------

_Said = Callable[[Any], Row]
_SAID: dict[type[Event], _Said] = {}
"""What each kind of event says beyond its number, day and organ; kinds not here say nothing that is counted."""
_SILENT: Row = dict.fromkeys(
    ("about", "code", "manner", "ground", "target", "number", "received", "due", "days")
)


def _event_row(event: Event, own: str) -> Row:
    said = _SAID.get(type(event))
    return {
        **_SILENT,
        **(said(event) if said else {}),
        "seq": event.seq,
        "kind": EVENT_NAMES[type(event)],
        "date": event.date,
        "organ": event.organ or own,
    }


def _says(*kinds: type[Event]) -> Callable[[_Said], _Said]:
    def bind(said: _Said) -> _Said:
        _SAID.update(dict.fromkeys(kinds, said))
        return said

    return bind


@_says(ev.Transfer)
def _transfer(e: ev.Transfer) -> Row:
    return {"manner": e.material.value}


@_says(ev.Assignment)
def _assignment(e: ev.Assignment) -> Row:
    return {"manner": e.material.value, "due": e.deadline}


@_says(ev.Notice)
def _notice(e: ev.Notice) -> Row:
    """*code* names the parts it has, as the record does; *ground* why it refuses."""
    parts = {
        "途径程序": e.procedures,
        "向有权机关提出": e.competents,
        "不予受理": e.refusal,
        "不再受理": e.exhausted,
        "去向告知": e.whereabouts,
    }
    refusals = (part.ground for part in (e.refusal, e.exhausted) if part is not None)
    return {
        "manner": e.manner.value,
        "code": "、".join(name for name, part in parts.items() if part) or None,
        "ground": "、".join(refusals) or None,
        "about": e.whereabouts.event if e.whereabouts else None,
    }


@_says(ev.Objection)
def _objection(e: ev.Objection) -> Row:
    return {
        "about": e.against,
        "code": e.decision.outcome.value if e.decision else None,
        "received": e.returned,
    }


@_says(ev.Extension)
def _extension(e: ev.Extension) -> Row:
    return {"days": e.days}


@_says(ev.Hearing)
def _hearing(e: ev.Hearing) -> Row:
    return {"code": e.stage.value}


@_says(ev.Mediation)
def _mediation(e: ev.Mediation) -> Row:
    return {"manner": e.form.value, "code": "达成协议" if e.agreed else "未达成协议"}


@_says(ev.Reply)
def _reply(e: ev.Reply) -> Row:
    return {"code": e.kind.value}


@_says(ev.ReviewRequest, ev.RecheckRequest)
def _request(e: ev.ReviewRequest | ev.RecheckRequest) -> Row:
    return {"number": e.against}


@_says(ev.Review, ev.Recheck)
def _decision(e: ev.Review | ev.Recheck) -> Row:
    return {"code": e.outcome.value, "number": e.number}


@_says(ev.Supervision)
def _supervision(e: ev.Supervision) -> Row:
    return {
        "about": e.of,
        "manner": e.form.value,
        "ground": "、".join(e.grounds),
        "target": e.target,
        "number": e.original_number,
        "due": e.feedback_due,
    }


@_says(ev.Urging)
def _urging(e: ev.Urging) -> Row:
    return {"manner": e.method.value, "target": e.target}


@_says(ev.Suggestion)
def _suggestion(e: ev.Suggestion) -> Row:
    return {"code": e.kind.value, "target": e.recipient}


@_says(ev.Feedback)
def _feedback(e: ev.Feedback) -> Row:
    return {"about": e.of, "target": e.unit, "code": "办结报告" if e.report else None}


@_says(ev.Service)
def _service(e: ev.Service) -> Row:
    return {
        "about": e.of,
        "manner": e.method.value,
        "received": e.received,
        "code": "拒收" if e.refusal else None,
    }


@_says(ev.Execution)
def _execution(e: ev.Execution) -> Row:
    return {"about": e.of, "target": e.unit}


@_says(ev.Evaluation)
def _evaluation(e: ev.Evaluation) -> Row:
    return {"target": e.of.value, "code": e.result.value}


@_says(ev.FollowUp)
def _follow_up(e: ev.FollowUp) -> Row:
    return {"code": "同意" if e.consented else "不同意"}
