"""What had happened to a case by a day: questions that clocks and rules put to its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from xfdocs.office import Office, Organ
from xfdocs.record.codes import Agreement, HearingStage, ReviewOutcome, ServiceMethod
from xfdocs.record.derived import actor_of, concerned
from xfdocs.record.events import (
    Assignment,
    Event,
    Feedback,
    Hearing,
    Objection,
    Recheck,
    Reply,
    Review,
    Service,
    Transfer,
)
from xfdocs.record.model import Case, Claim

E = TypeVar("E", bound=Event)

_LONGEST_HEARING = 366
"""Days; a longer one is a slip in a date."""


def quashes(event: Event) -> bool:
    """Whether an event quashes the opinion before it: nothing of that is left to carry out, and it is made anew."""
    return isinstance(event, Review | Recheck) and event.outcome is ReviewOutcome.QUASHED


def served_on(events: Iterable[Event], answer: Event) -> dt.date | None:
    """The day a petitioner had the document of an event, from which their limits run (条例22 35, 36·1); None if not recorded.

    Left with one who refuses it, it is served the day it is left (by analogy 民事诉讼法 89).  Of several services
    the first to arrive counts: from that day the answer was in hand.
    """
    days = (_arrived(e) for e in events if isinstance(e, Service) and e.of == answer.seq)
    return min((day for day in days if day is not None), default=None)


def _arrived(service: Service) -> dt.date | None:
    left = service.method is ServiceMethod.LEFT or service.refusal is not None
    return service.received or (service.date if left else None)


def named_above(answer: Event) -> str | None:
    """The organ that an answer names for whoever disputes it: 复查机关 of a reply, 复核机关 of a review."""
    if isinstance(answer, Reply):
        return answer.review_organ
    return answer.recheck_organ if isinstance(answer, Review) else None


def hearing_days(events: Iterable[Event]) -> Iterator[dt.date]:
    """The days taken by hearings of the 复核, which do not count (条例22 36·2)."""
    for event in events:
        if isinstance(event, Hearing) and event.stage is HearingStage.RECHECK:
            last = event.ended or event.date
            length = min((last - event.date).days + 1, _LONGEST_HEARING)
            yield from (event.date + dt.timedelta(days=n) for n in range(length))


class History:
    """The events of one case up to a day; later ones are not known yet."""

    def __init__(self, case: Case, office: Office, on: dt.date) -> None:
        self.case = case
        self.office = office
        self.on = on
        self.events = tuple(event for event in case.events if event.date <= on)

    def organ(self, name: str | None) -> Organ:
        """The organ of that name, the registering one for None."""
        return self.office.organ_called(name or self.case.registration.organ)

    def actor(self, event: Event) -> str:
        """The full name of the organ that acted."""
        return actor_of(self.case, event)

    def every(self, kind: type[E]) -> Sequence[E]:
        """The events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def any_of(self, kind: type[Event]) -> bool:
        """Whether there is an event of that kind."""
        return any(isinstance(event, kind) for event in self.events)

    def after(self, event: Event) -> Iterator[Event]:
        """The events after one."""
        return (other for other in self.events if other.seq > event.seq)

    def unanswered(
        self, organ: str, sent: Transfer | Assignment | None, answers: tuple[type[Event], ...]
    ) -> tuple[Claim, ...]:
        """The claims of what was *sent* to an organ, or of the whole case, that it has not dealt with yet.

        *answers* are the kinds of act that deal with a claim: telling, accepting, replying, passing on.  An
        objection that stands sends everything back.  Of several organs that lead together each has its
        part: what one of them has taken up, another that has acted too no longer owes.
        """
        claims = concerned(self.case, sent)
        together = {organ} if sent is None else {organ, *(d.organ for d in sent.destinations)}
        dealt: dict[str, set[int]] = {}
        for event in self.events if sent is None else self.after(sent):
            actor = self.actor(event)
            if isinstance(event, answers):
                dealt.setdefault(actor, set()).update(claim.seq for claim in concerned(self.case, event))
            elif actor == organ and isinstance(event, Objection) and not self.refused(event):
                return ()
        if organ not in dealt:
            return claims
        done = {seq for actor in together for seq in dealt.get(actor, ())}
        return tuple(claim for claim in claims if claim.seq not in done)

    def refused(self, objection: Objection) -> bool:
        """Whether an objection was turned down: the matter stays where it was, and its clocks go on."""
        decision = objection.decision
        return decision is not None and decision.outcome is Agreement.NOT_AGREED and decision.date <= self.on

    def fed_back(self, event: Event, unit: str) -> bool:
        """Whether a unit has reported back on an event."""
        return any(isinstance(e, Feedback) and e.of == event.seq and e.unit == unit for e in self.events)

    def served(self, answer: Event) -> dt.date | None:
        """The day the petitioner had the document of an event."""
        return served_on(self.events, answer)

    def reviewer(self, request: Event) -> str:
        """The organ that decides on a request for 复查 or 复核: named, or the superior of the one that answered."""
        if request.organ:
            return request.organ
        for event in reversed(self.events):
            if event.seq < request.seq and isinstance(event, Reply | Review):
                return named_above(event) or self.organ(self.actor(event)).superior or self.actor(event)
        return self.case.registration.organ
