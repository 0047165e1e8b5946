"""A case → the rows of the index.  Every value is picked by hand here: what is not named does not get in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from xfdocs.record import events as ev
from xfdocs.record.codes import Lead
from xfdocs.record.derived import headcount, named
from xfdocs.record.events import Event
from xfdocs.record.history import served_on
from xfdocs.record.model import Case
from xfdocs.record.obligation import Obligation
from xfdocs.record.status import status_of
from xfdocs.record.writer import EVENT_NAMES
from xfdocs.register import index_tables as t

Values = tuple[Any, ...]
"""Values of a row in the order of its table's columns.  Days are written out: SQLite keeps them so, PostgreSQL reads them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the index keeps of one case."""

    case: Values
    """Columns of `index_tables.RECORDS` from *received* on."""
    parts: tuple[list[Values], ...]
    """Rows of each of `index_tables.PARTS`, without the column *record*."""


_COLUMNS = t.RECORDS.columns.keys()
_FACTS = tuple(_COLUMNS[_COLUMNS.index("received") :])
_in_order: Callable[[dict[str, Any]], Values] = itemgetter(*_FACTS)
NO_FACTS: Values = (None,) * len(_FACTS)
"""The columns of a file that is no case."""


def facts_of(case: Case, obligations: Iterable[Obligation]) -> Facts:
    """What reports may ask about a case, without anything that tells who petitioned or what was written.

    *obligations* are those it has had, none where nobody can say.
    """
    own = case.registration.organ
    destinations: list[Values] = []
    opinions: list[Values] = []
    for event in case.events:
        if isinstance(event, ev.Transfer | ev.Assignment):
            destinations += [
                (event.seq, seq, to.organ, to.lead.value, _iso(to.received))
                for seq, to in enumerate(event.destinations, start=1)
            ]
        elif isinstance(event, ev.Reply):
            opinions += [
                (event.seq, seq, one.claim, one.conclusion.value, _iso(one.execute_by))
                for seq, one in enumerate(event.opinions, start=1)
            ]
    # as `index_tables.PARTS`
    return Facts(
        _case_row(case),
        (
            [(one.seq, one.purpose.value, _code(one.path), one.category, one.locus) for one in case.claims],
            [
                (
                    seq,
                    one.kind.value,
                    one.organ,
                    one.number,
                    _iso(one.date),
                    _iso(one.received),
                    _iso(one.feedback_due),
                )
                for seq, one in enumerate(case.registration.sources, start=1)
            ],
            list(enumerate(case.registration.related, start=1)),
            [_event_row(event, own) for event in case.events],
            destinations,
            opinions,
            [
                (seq, one.event, one.kind, one.number, _iso(one.date), one.copies, one.void is not None)
                for seq, one in enumerate(case.issued, start=1)
            ],
            [
                (
                    seq,
                    one.ground.limit,
                    one.ground.national,
                    one.actor,
                    _iso(one.start),
                    _iso(one.counted.due),
                    _iso(one.met),
                    _iso(one.ended),
                    one.event,
                )
                for seq, one in enumerate(obligations, start=1)
            ],
        ),
    )


def _case_row(case: Case) -> Values:
    arrival, counts, kept = case.registration, case.counts, case.confidentiality
    known = named(case)
    first = _First(case)
    claim = min(case.claims, key=lambda one: one.seq)
    reply = first.event(ev.Reply)
    return _in_order(
        {
            "received": arrival.received.isoformat(),
            "registered": _iso(arrival.registered),
            "entered": (arrival.registered or arrival.received).isoformat(),
            "presented": _iso(arrival.presented),
            "postmark": _iso(arrival.postmark),
            "opened": _iso(arrival.opened),
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
            "claims": len(case.claims),
            "purpose": claim.purpose.value,
            "way": _code(claim.path),
            "category": claim.category,
            "locus": claim.locus,
            "unit": _first_unit(case),
            "status": status_of(case).value,
            "sent": first.day_of_any(ev.Transfer, ev.Assignment, ev.Submission),
            "told": first.day_of_any(ev.Notice, ev.Acceptance, ev.Reply),
            "accepted": first.day(ev.Acceptance),
            "extended": first.day(ev.Extension),
            "replied": first.day(ev.Reply),
            "served": _iso(served_on(case.events, reply)) if reply is not None else None,
            "review_requested": first.day(ev.ReviewRequest),
            "reviewed": first.day(ev.Review),
            "recheck_requested": first.day(ev.RecheckRequest),
            "rechecked": first.day(ev.Recheck),
            "closed": first.day(ev.Closure),
            "withdrawn": first.day(ev.Withdrawal),
        }
    )


def _first_unit(case: Case) -> str:
    """The organ that leads in the first 转送 or 交办; empty if there is none.  Later ones do not change whose matter it is."""
    for event in case.events:
        if isinstance(event, ev.Transfer | ev.Assignment):
            return next((to.organ for to in event.destinations if to.lead is Lead.LEAD), "")
    return ""


class _First:
    """The first event of each kind in a case."""

    def __init__(self, case: Case) -> None:
        self._events: dict[type[Event], Event] = {}
        for event in case.events:
            self._events.setdefault(type(event), event)

    def event(self, kind: type[Event]) -> Event | None:
        return self._events.get(kind)

    def day(self, kind: type[Event]) -> str | None:
        event = self._events.get(kind)
        return None if event is None else event.date.isoformat()

    def day_of_any(self, *kinds: type[Event]) -> str | None:
        days = [event.date for kind in kinds if (event := self._events.get(kind)) is not None]
        return min(days).isoformat() if days else None


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _code(value: str | None) -> str | None:
    """A word of a code list as plain text."""
    return None if value is None else str(value)


# --- events -------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """What an event says beyond its number, kind, day and organ: the other columns of `index_tables.EVENTS`."""

    about: int | None = None
    code: str | None = None
    manner: str | None = None
    ground: str | None = None
    target: str | None = None
    number: str | None = None
    received: str | None = None
    due: str | None = None
    days: int | None = None


_Saying = Callable[[Any], Said]
_SAYINGS: dict[type[Event], _Saying] = {}
"""How to tell it of each kind of event; kinds not here say nothing that is counted."""
_NOTHING = Said()


def _event_row(event: Event, own: str) -> Values:
    kind = type(event)
    saying = _SAYINGS.get(kind)
    said = saying(event) if saying else _NOTHING
    return (event.seq, EVENT_NAMES[kind], event.date.isoformat(), event.organ or own, *said)


def _says(*kinds: type[Event]) -> Callable[[_Saying], _Saying]:
    def bind(saying: _Saying) -> _Saying:
        _SAYINGS.update(dict.fromkeys(kinds, saying))
        return saying

    return bind


@_says(ev.Transfer)
def _transfer(e: ev.Transfer) -> Said:
    return Said(manner=e.material.value)


@_says(ev.Assignment)
def _assignment(e: ev.Assignment) -> Said:
    return Said(manner=e.material.value, due=_iso(e.deadline))


@_says(ev.Notice)
def _notice(e: ev.Notice) -> Said:
    """*code* names the parts it has, as the record does; *ground* why it refuses."""
    parts = {
        "途径程序": e.procedures,
        "向有权机关提出": e.competents,
        "不予受理": e.refusal,
        "不再受理": e.exhausted,
        "去向告知": e.whereabouts,
    }
    refusals = (part.ground for part in (e.refusal, e.exhausted) if part is not None)
    return Said(
        manner=e.manner.value,
        code="、".join(name for name, part in parts.items() if part) or None,
        ground="、".join(refusals) or None,
        about=e.whereabouts.event if e.whereabouts else None,
    )


@_says(ev.Objection)
def _objection(e: ev.Objection) -> Said:
    return Said(
        about=e.against, code=e.decision.outcome.value if e.decision else None, received=_iso(e.returned)
    )


@_says(ev.Extension)
def _extension(e: ev.Extension) -> Said:
    return Said(days=e.days)


@_says(ev.Hearing)
def _hearing(e: ev.Hearing) -> Said:
    return Said(code=e.stage.value)


@_says(ev.Mediation)
def _mediation(e: ev.Mediation) -> Said:
    return Said(manner=e.form.value, code="达成协议" if e.agreed else "未达成协议")


@_says(ev.Reply)
def _reply(e: ev.Reply) -> Said:
    return Said(code=e.kind.value)


@_says(ev.ReviewRequest, ev.RecheckRequest)
def _request(e: ev.ReviewRequest | ev.RecheckRequest) -> Said:
    return Said(number=e.against)


@_says(ev.Review, ev.Recheck)
def _decision(e: ev.Review | ev.Recheck) -> Said:
    return Said(code=e.outcome.value, number=e.number)


@_says(ev.Supervision)
def _supervision(e: ev.Supervision) -> Said:
    return Said(
        about=e.of,
        manner=e.form.value,
        ground="、".join(e.grounds),
        target=e.target,
        number=e.original_number,
        due=_iso(e.feedback_due),
    )


@_says(ev.Urging)
def _urging(e: ev.Urging) -> Said:
    return Said(manner=e.method.value, target=e.target)


@_says(ev.Suggestion)
def _suggestion(e: ev.Suggestion) -> Said:
    return Said(code=e.kind.value, target=e.recipient)


@_says(ev.Feedback)
def _feedback(e: ev.Feedback) -> Said:
    return Said(about=e.of, target=e.unit, code="办结报告" if e.report else None)


@_says(ev.Service)
def _service(e: ev.Service) -> Said:
    return Said(
        about=e.of, manner=e.method.value, received=_iso(e.received), code="拒收" if e.refusal else None
    )


@_says(ev.Execution)
def _execution(e: ev.Execution) -> Said:
    return Said(about=e.of, target=e.unit)


@_says(ev.Evaluation)
def _evaluation(e: ev.Evaluation) -> Said:
    return Said(target=e.of.value, code=e.result.value)


@_says(ev.FollowUp)
def _follow_up(e: ev.FollowUp) -> Said:
    return Said(code="同意" if e.consented else "不同意")
