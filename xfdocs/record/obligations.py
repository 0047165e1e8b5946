"""Every duty with a limit that a case has had: by which rule, from when, until when, whose, and on which day it was met.

An obligation is derived from the events, all of them in one place.  It ends with the event that answers it, or
falls away.  Which of them run on a day is asked of `xfdocs.record.clocks`, how they were kept of the case index.
A longer local limit never hides the national one: each rule makes an obligation of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xfdocs.errors import RegulationMissing
from xfdocs.office import Nature, Office
from xfdocs.record.codes import WITH_REMEDY, Lead
from xfdocs.record.derived import (
    arrival_of,
    can_be_told,
    concerned,
    extensions_of,
    receipt_of,
    tells_by_own_rules,
)
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Closure,
    Event,
    Execution,
    Extension,
    Hearing,
    Mediation,
    Notice,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
    Submission,
    Suggestion,
    Supervision,
    Transfer,
    Withdrawal,
)
from xfdocs.record.history import History, earliest, hearing_days, quashes
from xfdocs.record.model import Case, Claim
from xfdocs.record.obligation import NAMED_DAYS, PETITIONER, Fate, Obligation
from xfdocs.record.terms import Counted, Terms, cited, terms_of
from xfdocs.rules import Citation, Start
from xfdocs.rules.of_office import law_of


def obligations_of(case: Case, office: Office, on: dt.date = dt.date.max) -> tuple[Obligation, ...]:
    """Every obligation that *case* has had by the day *on*, in the order of the law; later events are not known yet.

    Raises:
        RegulationMissing: a matter that is open was accepted on a day for which no regulation is loaded.
        LawDataInvalid: the regulations or the calendar cannot be read.
    """
    if case.registration.received > on:
        return ()
    return tuple(_Obligations(case, office, on).all())


_SORTED = frozenset({Transfer, Assignment, Submission, Notice, Acceptance, Reply})
"""Acts by which an organ has dealt with a claim that reached it: sorted it, told of it, taken it up."""
_TOLD = frozenset({Notice, Acceptance, Reply})
"""Acts by which the petitioner has been told (条例22 23·2)."""
_DAY = dt.timedelta(days=1)
_Sent = Transfer | Assignment
_Starts = dict[Start, dt.date]
"""The days from which a limit may be counted; each rule says from which."""


class _Obligations(History):
    """The obligations of one case as known on one day."""

    def __init__(self, case: Case, office: Office, on: dt.date) -> None:
        super().__init__(case, office, on)
        self.law = law_of(office)
        self.withdrawn = self.first(Withdrawal)
        """From then on nothing is owed to anybody."""
        self.closed = earliest((self.withdrawn, self.first(Closure)))
        """From then on nothing is owed but the petitioner's rights and what was granted."""

    def all(self) -> Iterator[Obligation]:
        """In the order of the law."""
        yield from self._arrival()
        for event in self.events:
            if isinstance(event, Transfer | Assignment):
                yield from self._sent(event)
        for accepted in self.every(Acceptance):
            yield from self._handling(accepted)
        for event in self.events:
            if isinstance(event, Supervision):
                yield from self._supervised(event)
            elif isinstance(event, Suggestion):
                yield from self._advised(event, event.recipient)
        yield from self._reviews()
        yield from self._rights()
        for reply in self.every(Reply):
            yield from self._execution(reply)

    # --- in the order of the law -------------------------------------------------------------------------

    def _arrival(self) -> Iterator[Obligation]:
        """条例22 22·1 for a 信访部门, 23·2 and 23·3 for any other organ, and what an assigning organ asked of us.

        If an event of this record brings the matter back to us, `_sent` counts on from there.
        """
        organ = self.organ(None)
        receipt = arrival_of(self.case)
        ends = earliest((self.closed, self._came_back(organ.name)))
        if organ.nature is Nature.PETITION_OFFICE:
            starts = {Start.RECEIVED: receipt.received}
            yield from self._sorting(organ.name, None, starts, ends)
        else:
            limit_id = "notice" if receipt.direct else "notice-after-transfer"
            starts = {Start.REFERRED: receipt.received, Start.RECEIVED: receipt.received}
            yield from self._telling(limit_id, organ.name, None, starts, ends, _TOLD)
        for source in self.case.registration.sources:
            if source.feedback_due:
                basis, fate = self._feedback(source.date), Fate(None, ends)
                yield from self._dated(
                    "source-feedback", source.date, source.feedback_due, organ.name, None, fate, basis
                )

    def _came_back(self, organ: str) -> dt.date | None:
        """The day on which an event of this record first sent the matter to the organ that had registered it."""
        return earliest(
            event.date
            for event in self.events
            if isinstance(event, Transfer | Assignment) and any(d.organ == organ for d in event.destinations)
        )

    def _sent(self, event: Transfer | Assignment) -> Iterator[Obligation]:
        """What each leading organ owes for a matter that was sent to it (条例22 22·1(三), 23·3)."""
        for destination in event.destinations:
            if destination.lead is not Lead.LEAD:
                continue
            organ, received = destination.organ, destination.received or event.date
            starts = {Start.REFERRED: received, Start.RECEIVED: received}
            remark = "" if destination.received else "收到日期未登记，按转送、交办日期起算"
            if self.organ(organ).nature is Nature.PETITION_OFFICE:
                yield from self._sorting(organ, event, starts, self.closed, remark)
            else:
                yield from self._telling(
                    "notice-after-transfer", organ, event, starts, self.closed, _SORTED, remark
                )
            if isinstance(event, Assignment) and event.deadline:
                fate, basis = Fate(self.fed_back(event, organ), self.closed), self._feedback(event.date)
                yield from self._dated(
                    "assignment-feedback", event.date, event.deadline, organ, event, fate, basis
                )

    def _sorting(
        self, organ: str, sent: _Sent | None, starts: _Starts, ends: dt.date | None, remark: str = ""
    ) -> Iterator[Obligation]:
        """A 信访部门 sorts what reached it: sends it on, or tells where it belongs (条例22 22·1)."""
        claims = concerned(self.case, sent)
        if not claims:
            return
        dealt = self.dealt(organ, sent, _SORTED, claims)
        fate = Fate(dealt.done, earliest((ends, dealt.objected)), dealt.held)
        yield from self._statutory(
            "disposition", starts, organ, sent, fate, about=self._which(dealt.left), remark=remark
        )

    def _telling(
        self,
        limit_id: str,
        organ: str,
        sent: _Sent | None,
        starts: _Starts,
        ends: dt.date | None,
        answers: frozenset[type[Event]],
        remark: str = "",
    ) -> Iterator[Obligation]:
        """Any other organ tells the petitioner in 15 days, unless nobody can be told (23·2 但书), or objects (23·3)."""
        owed = tuple(c for c in concerned(self.case, sent) if not tells_by_own_rules(organ, (c,)))
        if not owed:
            return
        dealt = self.dealt(organ, sent, answers, owed)
        about = self._which(dealt.left)
        if can_be_told(self.case):
            fate = Fate(dealt.done, earliest((ends, dealt.objected)), dealt.held)
            yield from self._statutory(limit_id, starts, organ, sent, fate, about=about, remark=remark)
        if sent is not None:  # who takes the matter up has nothing to object to
            fate = Fate(dealt.objected, earliest((ends, dealt.done)), dealt.held)
            yield from self._statutory("objection", starts, organ, sent, fate, about=about, remark=remark)

    def _which(self, left: tuple[Claim, ...]) -> str:
        """Which claims are still open, if not all of them."""
        return "" if len(left) == len(self.case.claims) else f"第{'、'.join(str(c.seq) for c in left)}项诉求"

    def _handling(self, accepted: Acceptance) -> Iterator[Obligation]:
        """60 days from acceptance, longer by what was granted (条例22 34)."""
        try:
            paths = self.law.regulation_on(accepted.date).paths
        except RegulationMissing:
            if self.closed is None:
                raise
            return  # nobody waits for it any more
        wanted = {
            claim.seq
            for claim in concerned(self.case, accepted)
            if claim.path is None or claim.path not in paths or paths[claim.path].handling_clock
        }
        if not wanted:
            return
        organ = self.actor(accepted)
        starts = {
            Start.ACCEPTED: accepted.date,
            Start.RECEIVED: receipt_of(self.case, organ, accepted).received,
        }
        fate = Fate(self._answered(accepted, organ, wanted), self.closed)
        granted = sum(e.days for e in extensions_of(self.case, accepted, self.every(Extension)))
        yield from self._statutory(
            "handling", starts, organ, accepted, fate, day=accepted.date, granted=granted
        )

    def _answered(self, accepted: Acceptance, organ: str, wanted: set[int]) -> dt.date | None:
        """The day on which the last of the *wanted* claims was answered by the organ that had accepted them, or settled."""
        days: dict[int, dt.date] = {}
        for event in self.after(accepted):
            if isinstance(event, Reply) and self.actor(event) == organ:
                answered = {opinion.claim for opinion in event.opinions}
            elif isinstance(event, Mediation) and event.agreed:
                answered = wanted
            else:
                continue
            for seq in answered:
                days[seq] = min(days.get(seq, event.date), event.date)
        return max(days[seq] for seq in wanted) if wanted <= days.keys() else None

    def _supervised(self, event: Supervision) -> Iterator[Obligation]:
        """Feedback that a supervision asked for by a day, and on its advice (条例22 40·4, 05·36)."""
        if event.feedback_due:
            fate = Fate(self.fed_back(event, event.target), self.closed)
            try:
                basis = self.law.supervision_ground(event.grounds[0], event.date).basis or ""
            except RegulationMissing:
                basis = ""
            yield from self._dated(
                "supervision-feedback", event.date, event.feedback_due, event.target, event, fate, basis
            )
        if event.advice:
            yield from self._advised(event, event.target)

    def _advised(self, event: Event, organ: str) -> Iterator[Obligation]:
        """Feedback on a suggestion (05·36); the 2022 regulation names no days for it."""
        fate = Fate(self.fed_back(event, organ), self.closed)
        starts = {Start.SUGGESTION_RECEIVED: event.date}
        yield from self._statutory("suggestion-feedback", starts, organ, event, fate, day=event.date)

    def _reviews(self) -> Iterator[Obligation]:
        """30 days to decide on a request, hearings of a recheck left out (条例22 35, 36)."""
        for request in self.every(ReviewRequest):
            fate, starts = (
                Fate(self.first(Review, request), self.closed),
                {Start.REVIEW_REQUESTED: request.date},
            )
            yield from self._statutory(
                "review", starts, self.reviewer(request), request, fate, day=request.date
            )
        for again in self.every(RecheckRequest):
            fate, starts = (
                Fate(self.first(Recheck, again), self.closed),
                {Start.RECHECK_REQUESTED: again.date},
            )
            heard = tuple(hearing_days(self.every(Hearing)))
            yield from self._statutory(
                "recheck", starts, self.reviewer(again), again, fate, day=again.date, hearing=heard
            )

    def _rights(self) -> Iterator[Obligation]:
        """The petitioner's own 30 days, which run from service only (条例22 35, 36·1)."""
        for reply in self.every(Reply):
            if reply.kind in WITH_REMEDY:
                used = self.first(ReviewRequest, reply)
                yield from self._right("review-request", Start.OPINION_SERVED, reply, used)
        for review in self.every(Review):
            used = self.first(RecheckRequest, review)
            yield from self._right("recheck-request", Start.REVIEW_SERVED, review, used)

    def _right(
        self, limit_id: str, start: Start, answer: Event, used: dt.date | None
    ) -> Iterator[Obligation]:
        """One such period.  Closing does not take it away once it runs; the day after its last one it lapses."""
        served = self.served(answer)
        for terms in terms_of(self.office, limit_id, answer.date):
            if served is None:
                unknown = Counted(None, None, "没有送达记录，起算日未知，请补登送达", terms.doubt)
                yield from self._by_law(terms, None, unknown, PETITIONER, answer, Fate(used, self.closed))
                return
            counted = terms.counted(served) if terms.rule.start is start else None
            if counted is not None:
                last = counted.rolled or counted.due or dt.date.max
                lapses = last + _DAY if last < dt.date.max else None
                fate = Fate(used, earliest((self.withdrawn, lapses)))
                yield from self._by_law(terms, served, counted, PETITIONER, answer, fate)

    def _execution(self, reply: Reply) -> Iterator[Obligation]:
        """支持 is to be carried out (条例22 32·2), unless the opinion is quashed."""
        for opinion in reply.opinions:
            if opinion.execute_by is None:
                continue
            quashed = earliest(e.date for e in self.after(reply) if quashes(e))
            done = earliest(
                e.date
                for e in self.every(Execution)
                if e.of == reply.seq and opinion.executor in {e.unit, None}
            )
            fate = Fate(done, earliest((self.withdrawn, quashed)))
            actor = opinion.executor or self.actor(reply)
            try:
                basis = cited(self.law.provision("enforcement", reply.date))
            except RegulationMissing:
                basis = ""
            yield from self._dated("execution", reply.date, opinion.execute_by, actor, reply, fate, basis)

    # --- making them -------------------------------------------------------------------------------------

    def _feedback(self, day: dt.date) -> Citation | str:
        """What bids an organ report back on a matter that was assigned to it on *day*."""
        terms = terms_of(self.office, "feedback", day)
        return cited(terms[0].rule) if terms else ""

    def _statutory(
        self,
        limit_id: str,
        starts: _Starts,
        actor: str,
        event: Event | None,
        fate: Fate,
        *,
        day: dt.date | None = None,
        granted: int = 0,
        hearing: tuple[dt.date, ...] = (),
        about: str = "",
        remark: str = "",
    ) -> Iterator[Obligation]:
        """One obligation for each rule that sets the limit, national and local, if the law of the *day* has it."""
        for terms in terms_of(self.office, limit_id, day or next(iter(starts.values()))):
            start = starts.get(terms.rule.start)
            counted = None if start is None else terms.counted(start, granted, hearing)
            if counted is not None:
                yield from self._by_law(terms, start, counted, actor, event, fate, about, remark)

    def _by_law(
        self,
        terms: Terms,
        start: dt.date | None,
        counted: Counted,
        actor: str,
        event: Event | None,
        fate: Fate,
        about: str = "",
        remark: str = "",
    ) -> Iterator[Obligation]:
        what = (terms.limit, terms.rule.name, cited(terms.rule), terms.national)
        return self._owed(what, actor, event, start, counted, fate, about, remark)

    def _dated(
        self,
        limit: str,
        start: dt.date,
        due: dt.date,
        actor: str,
        event: Event | None,
        fate: Fate,
        basis: Citation | str,
    ) -> Iterator[Obligation]:
        """A duty whose last day was named by an organ rather than counted; a named day does not roll."""
        what = (limit, NAMED_DAYS[limit], basis, True)
        return self._owed(what, actor, event, start, Counted(due, due, "", ""), fate)

    def _owed(
        self,
        what: tuple[str, str, Citation | str, bool],
        actor: str,
        event: Event | None,
        start: dt.date | None,
        counted: Counted,
        fate: Fate,
        about: str = "",
        remark: str = "",
    ) -> Iterator[Obligation]:
        """The obligation, unless it fell away before it was owed."""
        begins = self.case.registration.received
        if event is not None:
            begins = max(begins, event.date)
        if start is not None:
            begins = max(begins, start)
        met, ended = fate.first()
        if ended is not None and ended < begins:
            return
        limit, name, basis, national = what
        yield Obligation(
            limit,
            name,
            basis,
            national,
            actor,
            None if event is None else event.seq,
            begins,
            start,
            counted.due,
            counted.rolled,
            met,
            ended,
            fate.held,
            about if counted.due else "",
            counted.remark or remark,
            counted.caveat,
        )
