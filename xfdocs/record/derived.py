"""Facts that follow from a case's events: who received it when, who is addressed, what is concerned.

Events are the truth; nothing here is stored (DESIGN §4).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from xfdocs.record.codes import Channel, PetitionerKind, Purpose, SourceKind
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import Assignment, Event, Extension, Notice, Reply, Transfer
from xfdocs.record.model import Case, Claim, Petitioner


@dataclass(frozen=True, slots=True)
class Receipt:
    """How an organ came to a case."""

    received: dt.date
    """The day from which its limits count."""
    received_known: bool = True
    """False if the organ's own receipt was not recorded and the day of sending stands for it."""
    sender: str = ""
    """The organ that transferred or assigned it; empty if the petitioner came directly."""
    sent: dt.date | None = None
    manner: SourceKind | None = None
    number: str = ""
    """文号 of the transferring letter, if recorded."""
    event: Event | None = None
    """The transfer or assignment in this record that brought it, if one did."""

    @property
    def direct(self) -> bool:
        """Whether the petitioner came to this organ directly (条例22 23·1)."""
        return not self.sender


def actor_of(case: Case, event: Event | None) -> str:
    """The full name of the organ that acted: the one the event names, else the one that registered the case."""
    return (event.organ if event is not None else None) or case.registration.organ


def receipt_of(case: Case, organ: str, before: Event | None = None) -> Receipt:
    """How *organ* came to the case, as known up to the event *before*.

    The latest transfer or assignment that names the organ counts; for the registering organ, the
    latest of its 来源; otherwise the petitioner came directly.
    """
    registration = case.registration
    for event in reversed(case.events):
        if (
            isinstance(event, Transfer | Assignment)
            and event is not before
            and (before is None or event.seq <= before.seq)
        ):
            for destination in event.destinations:
                if destination.organ == organ:
                    return Receipt(
                        received=destination.received or event.date,
                        received_known=destination.received is not None,
                        sender=actor_of(case, event),
                        sent=event.date,
                        manner=SourceKind.TRANSFER if isinstance(event, Transfer) else SourceKind.ASSIGNMENT,
                        event=event,
                    )
    if organ == registration.organ:
        return arrival_of(case)
    return Receipt(received=registration.received)


def arrival_of(case: Case) -> Receipt:
    """How the organ that registered a case came to it: by the latest of its 来源, or directly from the petitioner."""
    registration = case.registration
    if not registration.sources:
        return Receipt(received=registration.received)
    source = registration.sources[-1]
    return Receipt(
        received=source.received or registration.received,
        sender=source.organ,
        sent=source.date,
        manner=source.kind,
        number=source.number or "",
    )


def events_until(case: Case, event: Event | None) -> tuple[Event, ...]:
    """The events of the record up to and including *event*; all of them for None."""
    if event is None:
        return case.events
    return tuple(e for e in case.events if e.seq <= event.seq)


def extensions_of(case: Case, accepted: Event, events: Iterable[Event]) -> tuple[Extension, ...]:
    """Those of the *events* by which the organ that accepted has lengthened its time since (条例22 34)."""
    organ = actor_of(case, accepted)
    later = (e for e in events if isinstance(e, Extension) and e.seq > accepted.seq)
    return tuple(e for e in later if actor_of(case, e) == organ)


def as_of(case: Case, event: Event | None) -> Case:
    """The case as it stood when *event* had happened: later events did not exist yet."""
    return case if event is None else replace(case, events=events_until(case, event))


def concerned(case: Case, act: object) -> tuple[Claim, ...]:
    """The claims an event, or a part of one, is about: those it names, or all of them."""
    if isinstance(act, Reply):
        wanted = {opinion.claim for opinion in act.opinions}
    elif isinstance(act, Notice):
        wanted = _told(act)
    else:
        wanted = set(getattr(act, "claims", ()))
    return tuple(claim for claim in case.claims if claim.seq in wanted) if wanted else case.claims


def _told(notice: Notice) -> set[int]:
    """The claims that a notice names in all its parts; empty if one part is about the whole matter."""
    named = [part.claims for part in notice.procedures] + [part.claims for part in notice.competents]
    named += [notice.refusal.claims] if notice.refusal is not None else []
    return {seq for seqs in named for seq in seqs} if all(named) else set()


def accuses(case: Case, act: object) -> bool:
    """Whether what *act* is about is 检举控告, or the case asks that all of it be protected as one (条例22 30·3)."""
    protected = case.confidentiality is not None and bool(case.confidentiality.protection)
    return protected or any(is_report(claim) for claim in concerned(case, act))


def is_report(claim: Claim) -> bool:
    """Whether a claim is a 检举控告."""
    return claim.purpose is Purpose.REPORT or claim.path is ClaimPath.REPORT


_DISCIPLINE = re.compile(r"纪委|纪律检查|监委|监察委|纪检")
_POLITICAL_AND_LEGAL = re.compile(r"政法委|人民法院|人民检察院|公安|司法局|司法厅|司法部")


@lru_cache(maxsize=4096)  # the same few organs again and again
def is_discipline(organ: str) -> bool:
    """Whether an organ is a 纪检监察机关, by its name."""
    return _DISCIPLINE.search(organ) is not None


def tells_by_own_rules(organ: str, claims: Iterable[Claim]) -> bool:
    """Whether an organ tells petitioners of these claims under rules of its own (条例22 23·4).

    Both must hold: a 政法部门 *and* matters of litigation, a 纪检监察机关 *and* accusations. A 公安局 that is asked
    for a certificate, or a department that looks into its own staff, tells as everybody does.
    """
    if is_discipline(organ):
        return all(map(is_report, claims))
    return _is_political_and_legal(organ) and all(claim.path is ClaimPath.JUDICIAL for claim in claims)


@lru_cache(maxsize=4096)
def _is_political_and_legal(organ: str) -> bool:
    return _POLITICAL_AND_LEGAL.search(organ) is not None


def named(case: Case) -> tuple[Petitioner, ...]:
    """The petitioners whose name is known, representatives first."""
    known = [p for p in case.petitioners if p.name and not p.name_unclear]
    return tuple(sorted(known, key=lambda p: not p.representative))


def can_be_told(case: Case) -> bool:
    """Whether there is a petitioner whom the organs owe a written notice (条例22 23·2 但书).

    Only a name or an address that is marked as unclear releases them: one that was not filled in is a gap in
    our record, and no gap of ours may cost the petitioner the notice.
    """
    return any(not (p.name_unclear or p.address_unclear) for p in case.petitioners)


def headcount(case: Case) -> int:
    """How many persons petition: signatories or visitors if counted, else those listed."""
    counts = case.counts
    listed = len(case.petitioners)
    if counts is None:
        return max(listed, 1)
    together = counts.visitors if case.registration.channel is Channel.VISIT else counts.signatories
    return max(listed, together or 0, 1)


def addressed(case: Case, *, salutation: bool = True) -> str:
    """The petitioner as a letter addresses them: 李清和, 李清和等12人, 某某公司; empty if no name is known.

    先生 or 女士 only where the petitioner gave it, and only when speaking to them (*salutation*).
    """
    people = named(case)
    if not people:
        return ""
    first = f"{people[0].name}{(salutation and people[0].salutation) or ''}"
    count = headcount(case)
    if count == 1 or people[0].kind is not PetitionerKind.CITIZEN:
        return first if count == 1 else f"{first}等{count}个信访人"
    return f"{people[0].name}等{count}人"


def pronoun(case: Case) -> str:
    """您 to one citizen, 你们 to several, 贵单位 to an organisation."""
    people = named(case)
    if people and people[0].kind is not PetitionerKind.CITIZEN:
        return "贵单位" if headcount(case) == 1 else "你们"
    return "您" if headcount(case) == 1 else "你们"
