"""What had happened to a case by a day: questions that clocks and rules put to its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from xfdocs.office import Office, Organ
from xfdocs.record.codes import Agreement, HearingStage, ReviewOutcome, ServiceMethod
from xfdocs.record.derived import concerned
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Event,
    Feedback,
    Hearing,
    Notice,
    Objection,
    Recheck,
    Reply,
    Review,
    Service,
    Submission,
    Transfer,
)
from xfdocs.record.model import Case, Claim

E = TypeVar("E", bound=Event)
F = TypeVar("F", bound=Event)

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


Span = tuple[dt.date, dt.date]
"""From a day until, but without, another."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """How far an organ has dealt with the claims that reached it."""

    left: tuple[Claim, ...]
    """The claims that nobody has dealt with yet; all of them while the organ itself has not acted."""
    done: dt.date | None
    """The day on which the last of them was dealt with."""
    objected: dt.date | None
    """The day of the organ's objection (条例22 23·3), if one stands, or is not decided yet."""
    held: tuple[Span, ...]
    """While an objection was undecided that was turned down in the end."""


_ANSWERS = (Transfer, Assignment, Submission, Notice, Acceptance, Reply)
"""Acts by which an organ deals with a claim that reached it: sorts it, tells of it, takes it up."""


class History:
    """The events of one case up to a day; later ones are not known yet."""

    def __init__(self, case: Case, office: Office, on: dt.date = dt.date.max) -> None:
        self.case = case
        self.office = office
        self.on = on
        self.events = tuple([event for event in case.events if event.date <= on])
        self._kinds: dict[type[Event], list[Any]] = {}
        for event in self.events:
            self._kinds.setdefault(type(event), []).append(event)

    def organ(self, name: str | None) -> Organ:
        """The organ of that name, the registering one for None."""
        return self.office.organ_called(name or self.case.registration.organ)

    def actor(self, event: Event) -> str:
        """The full name of the organ that acted."""
        return event.organ or self.case.registration.organ

    def every(self, kind: type[E]) -> Sequence[E]:
        """The events of a kind, in order."""
        return self._kinds.get(kind, ())

    def either(self, kind: type[E], other: type[F]) -> Sequence[E | F]:
        """The events of two kinds, in order."""
        first, second = self.every(kind), self.every(other)
        if first and second:
            return [event for event in self.events if isinstance(event, (kind, other))]
        return first or second

    def first(self, kind: type[Event], after: Event | None = None) -> dt.date | None:
        """The earliest day of an event of a kind, among those that come *after* one in the record if one is named."""
        found = self._kinds.get(kind)
        if not found:
            return None
        return min([e.date for e in found if after is None or e.seq > after.seq], default=None)

    def after(self, event: Event) -> Iterator[Event]:
        """The events after one."""
        return (other for other in self.events if other.seq > event.seq)

    def dealt(
        self,
        organ: str,
        sent: Transfer | Assignment | None,
        answers: frozenset[type[Event]],
        owed: tuple[Claim, ...],
    ) -> Dealt:
        """How *organ* has dealt with what was *sent* to it, or with what arrived for None; *owed* are the claims it owes for.

        *answers* are the kinds of act that deal with a claim: telling, accepting, replying, passing on.  An
        objection that stands sends everything back.  Of several organs that lead together each has its
        part: what one of them has taken up, another that has acted too no longer owes.
        """
        since = 0 if sent is None else sent.seq
        together = (organ,) if sent is None else (organ, *(d.organ for d in sent.destinations))
        acted: dt.date | None = None
        days: dict[int, dt.date] = {}
        for event, actor, claims in self._answers:
            if event.seq > since and actor in together and type(event) in answers:
                day = event.date
                if actor == organ and (acted is None or day < acted):
                    acted = day
                for claim in claims:
                    days[claim.seq] = min(days.get(claim.seq, day), day)
        left, done = concerned(self.case, sent), None
        if acted is not None:
            left = tuple([claim for claim in left if claim.seq not in days])
            if not left or all(claim.seq in days for claim in owed):
                done = max([acted, *(days[claim.seq] for claim in owed)])
        return Dealt(left, done, *self._objected(organ, since))

    @cached_property
    def _answers(self) -> list[tuple[Event, str, tuple[Claim, ...]]]:
        """Every act that may deal with a claim, who acted, and the claims it is about."""
        return [
            (event, self.actor(event), concerned(self.case, event))
            for event in self.events
            if type(event) in _ANSWERS
        ]

    def _objected(self, organ: str, since: int) -> tuple[dt.date | None, tuple[Span, ...]]:
        """The day of the organ's objection that stands, or is not decided yet; and while others were undecided."""
        standing: dt.date | None = None
        held: list[Span] = []
        for event in self.every(Objection):
            if event.seq > since and self.actor(event) == organ:
                decided = self._turned_down(event)
                if decided is None:
                    standing = sooner(standing, event.date)
                elif event.date < decided:
                    held.append((event.date, decided))
        return standing, tuple(held)

    def _turned_down(self, objection: Objection) -> dt.date | None:
        """The day an objection was turned down, from which the matter's clocks go on; None if it stands."""
        decision = objection.decision
        refused = decision is not None and decision.outcome is Agreement.NOT_AGREED
        return decision.date if decision is not None and refused and decision.date <= self.on else None

    def fed_back(self, event: Event, unit: str) -> dt.date | None:
        """The day on which a unit first reported back on an event."""
        told = self.every(Feedback)
        return min([e.date for e in told if e.of == event.seq and e.unit == unit], default=None)

    def served(self, answer: Event) -> dt.date | None:
        """The day the petitioner had the document of an event."""
        return served_on(self.every(Service), answer)

    def reviewer(self, request: Event) -> str:
        """The organ that decides on a request for 复查 or 复核: named, or the superior of the one that answered."""
        if request.organ:
            return request.organ
        for event in reversed(self.events):
            if event.seq < request.seq and isinstance(event, Reply | Review):
                return named_above(event) or self.organ(self.actor(event)).superior or self.actor(event)
        return self.case.registration.organ


def sooner(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    """The earlier of two days, of which either may not have come."""
    if one is None or other is None:
        return one or other
    return min(one, other)
