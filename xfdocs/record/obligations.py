"""Every duty with a limit that a case has had: by which rule, from when, until when, whose, and on which day it was met.

An obligation is derived from the events, all of them in one place.  It ends with the event that answers it, or
falls away.  Which of them run on a day is asked of `xfdocs.record.clocks`, how they were kept of the case index.
A longer local limit never hides the national one: each rule makes an obligation of its own.
"""

from __future__ import annotations

import datetime as dt

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
from xfdocs.record.history import History, Span, hearing_days, quashes, sooner
from xfdocs.record.model import Case, Claim
from xfdocs.record.obligation import NAMED_DAYS, PETITIONER, Counted, Ground, Obligation
from xfdocs.record.terms import book_of, cited
from xfdocs.rules import Citation, Start


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
_UNKNOWN_SENDING = "收到日期未登记，按转送、交办日期起算"
_NOT_SERVED = "没有送达记录，起算日未知，请补登送达"
_DAY = dt.timedelta(days=1)
_Sent = Transfer | Assignment
_Starts = dict[Start, dt.date]
"""The days from which a limit may be counted; each rule says from which."""


class _Obligations(History):
    """The obligations of one case as known on one day; each question to the law adds to what was found."""

    def __init__(self, case: Case, office: Office, on: dt.date) -> None:
        super().__init__(case, office, on)
        self.book = book_of(office)
        self.law = self.book.law
        self.withdrawn = self.first(Withdrawal)
        """From then on nothing is owed to anybody."""
        self.closed = sooner(self.withdrawn, self.first(Closure))
        """From then on nothing is owed but the petitioner's rights and what was granted."""
        self._found: list[Obligation] = []

    def all(self) -> list[Obligation]:
        """In the order of the law."""
        self._arrival()
        for sent in self.either(Transfer, Assignment):
            self._reached(sent)
        for accepted in self.every(Acceptance):
            self._handling(accepted)
        for urged in self.either(Supervision, Suggestion):
            self._urged(urged)
        self._reviews()
        self._rights()
        for reply in self.every(Reply):
            self._execution(reply)
        return self._found

    # --- in the order of the law -------------------------------------------------------------------------

    def _arrival(self) -> None:
        """条例22 22·1 for a 信访部门, 23·2 and 23·3 for any other organ, and what an assigning organ asked of us.

        If an event of this record brings the matter back to us, `_reached` counts on from there.
        """
        organ = self.organ(None)
        receipt = arrival_of(self.case)
        ends = self.closed
        for event in self.either(Transfer, Assignment):
            if any(to.organ == organ.name for to in event.destinations):
                ends = sooner(ends, event.date)
        if organ.nature is Nature.PETITION_OFFICE:
            self._sorting(organ.name, None, {Start.RECEIVED: receipt.received}, ends)
        else:
            limit_id = "notice" if receipt.direct else "notice-after-transfer"
            starts = {Start.REFERRED: receipt.received, Start.RECEIVED: receipt.received}
            self._telling(limit_id, organ.name, None, starts, ends, _TOLD)
        for source in self.case.registration.sources:
            if source.feedback_due:
                basis = self._feedback(source.date)
                self._dated(
                    "source-feedback", basis, source.date, source.feedback_due, organ.name, None, None, ends
                )

    def _reached(self, sent: _Sent) -> None:
        """What each leading organ owes for a matter that was sent to it (条例22 22·1(三), 23·3)."""
        for to in sent.destinations:
            if to.lead is not Lead.LEAD:
                continue
            organ, received = to.organ, to.received or sent.date
            starts = {Start.REFERRED: received, Start.RECEIVED: received}
            remark = "" if to.received else _UNKNOWN_SENDING
            if self.organ(organ).nature is Nature.PETITION_OFFICE:
                self._sorting(organ, sent, starts, self.closed, remark)
            else:
                self._telling("notice-after-transfer", organ, sent, starts, self.closed, _SORTED, remark)
            if isinstance(sent, Assignment) and sent.deadline:
                basis, met = self._feedback(sent.date), self.fed_back(sent, organ)
                self._dated(
                    "assignment-feedback", basis, sent.date, sent.deadline, organ, sent, met, self.closed
                )

    def _sorting(
        self, organ: str, sent: _Sent | None, starts: _Starts, ends: dt.date | None, remark: str = ""
    ) -> None:
        """A 信访部门 sorts what reached it: sends it on, or tells where it belongs (条例22 22·1)."""
        claims = concerned(self.case, sent)
        if claims:
            dealt = self.dealt(organ, sent, _SORTED, claims)
            ends, about = sooner(ends, dealt.objected), self._which(dealt.left)
            self._statutory(
                "disposition", starts, organ, sent, dealt.done, ends, dealt.held, about=about, remark=remark
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
    ) -> None:
        """Any other organ tells the petitioner in 15 days, unless nobody can be told (23·2 但书), or objects (23·3)."""
        owed = tuple([c for c in concerned(self.case, sent) if not tells_by_own_rules(organ, (c,))])
        if not owed:
            return
        dealt = self.dealt(organ, sent, answers, owed)
        about = self._which(dealt.left)
        if can_be_told(self.case):
            end = sooner(ends, dealt.objected)
            self._statutory(
                limit_id, starts, organ, sent, dealt.done, end, dealt.held, about=about, remark=remark
            )
        if sent is not None:  # who takes the matter up has nothing to object to
            met, end = dealt.objected, sooner(ends, dealt.done)
            self._statutory(
                "objection", starts, organ, sent, met, end, dealt.held, about=about, remark=remark
            )

    def _which(self, left: tuple[Claim, ...]) -> str:
        """Which claims are still open, if not all of them."""
        return "" if len(left) == len(self.case.claims) else f"第{'、'.join(str(c.seq) for c in left)}项诉求"

    def _handling(self, accepted: Acceptance) -> None:
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
        longer = self.every(Extension)
        granted = sum(e.days for e in extensions_of(self.case, accepted, longer)) if longer else 0
        met = self._answered(accepted, organ, wanted)
        self._statutory("handling", starts, organ, accepted, met, self.closed, granted=granted)

    def _answered(self, accepted: Acceptance, organ: str, wanted: set[int]) -> dt.date | None:
        """The day on which the last of the *wanted* claims was answered by the organ that had accepted them, or settled."""
        days: dict[int, dt.date] = {}
        for event in self.either(Reply, Mediation):
            if event.seq < accepted.seq:
                continue
            if isinstance(event, Mediation):
                answered = wanted if event.agreed else set()
            else:
                answered = {o.claim for o in event.opinions} if self.actor(event) == organ else set()
            for seq in answered:
                days[seq] = min(days.get(seq, event.date), event.date)
        return max([days[seq] for seq in wanted]) if wanted <= days.keys() else None

    def _urged(self, event: Supervision | Suggestion) -> None:
        """Feedback by the day that a supervision named, and on its advice or a suggestion (条例22 40·4, 05·36).

        The 2022 regulation names no days for feedback on a suggestion.
        """
        organ = event.target if isinstance(event, Supervision) else event.recipient
        met = self.fed_back(event, organ)
        if isinstance(event, Supervision):
            if event.feedback_due:
                basis = self._supervision(event)
                self._dated(
                    "supervision-feedback",
                    basis,
                    event.date,
                    event.feedback_due,
                    organ,
                    event,
                    met,
                    self.closed,
                )
            if not event.advice:
                return
        starts = {Start.SUGGESTION_RECEIVED: event.date}
        self._statutory("suggestion-feedback", starts, organ, event, met, self.closed)

    def _reviews(self) -> None:
        """30 days to decide on a request, hearings of a recheck left out (条例22 35, 36)."""
        for request in self.every(ReviewRequest):
            starts, met = {Start.REVIEW_REQUESTED: request.date}, self.first(Review, request)
            self._statutory("review", starts, self.reviewer(request), request, met, self.closed)
        for again in self.every(RecheckRequest):
            starts, met = {Start.RECHECK_REQUESTED: again.date}, self.first(Recheck, again)
            heard = tuple(hearing_days(self.every(Hearing)))
            self._statutory("recheck", starts, self.reviewer(again), again, met, self.closed, hearing=heard)

    def _rights(self) -> None:
        """The petitioner's own 30 days, which run from service only (条例22 35, 36·1)."""
        for reply in self.every(Reply):
            if reply.kind in WITH_REMEDY:
                used = self.first(ReviewRequest, reply)
                self._right("review-request", Start.OPINION_SERVED, reply, used)
        for review in self.every(Review):
            used = self.first(RecheckRequest, review)
            self._right("recheck-request", Start.REVIEW_SERVED, review, used)

    def _right(self, limit_id: str, start: Start, answer: Event, used: dt.date | None) -> None:
        """One such period.  Closing does not take it away once it runs; the day after its last one it lapses."""
        served = self.served(answer)
        for terms in self.book.terms(limit_id, answer.date):
            if served is None:
                unknown = Counted(None, None, _NOT_SERVED, terms.doubt)
                self._owes(terms.ground, PETITIONER, answer, None, unknown, used, self.closed)
                return
            counted = terms.counted(served) if terms.rule.start is start else None
            if counted is not None:
                last = counted.rolled or counted.due or dt.date.max
                lapses = last + _DAY if last < dt.date.max else None
                ends = sooner(self.withdrawn, lapses)
                self._owes(terms.ground, PETITIONER, answer, served, counted, used, ends)

    def _execution(self, reply: Reply) -> None:
        """支持 is to be carried out (条例22 32·2), unless the opinion is quashed."""
        for opinion in reply.opinions:
            if opinion.execute_by is None:
                continue
            quashed = min([e.date for e in self.after(reply) if quashes(e)], default=None)
            carried_out = [
                e.date
                for e in self.every(Execution)
                if e.of == reply.seq and opinion.executor in {e.unit, None}
            ]
            try:
                basis = cited(self.law.provision("enforcement", reply.date))
            except RegulationMissing:
                basis = ""
            actor, met = opinion.executor or self.actor(reply), min(carried_out, default=None)
            ends = sooner(self.withdrawn, quashed)
            self._dated("execution", basis, reply.date, opinion.execute_by, actor, reply, met, ends)

    # --- what they rest on, and adding them --------------------------------------------------------------

    def _feedback(self, day: dt.date) -> Citation | str:
        """What bids an organ report back on a matter that was assigned to it on *day*."""
        terms = self.book.terms("feedback", day)
        return terms[0].ground.cited if terms else ""

    def _supervision(self, event: Supervision) -> Citation | str:
        try:
            return self.law.supervision_ground(event.grounds[0], event.date).basis or ""
        except RegulationMissing:
            return ""

    def _statutory(
        self,
        limit_id: str,
        starts: _Starts,
        actor: str,
        event: Event | None,
        met: dt.date | None,
        ends: dt.date | None,
        held: tuple[Span, ...] = (),
        *,
        granted: int = 0,
        hearing: tuple[dt.date, ...] = (),
        about: str = "",
        remark: str = "",
    ) -> None:
        """One obligation for each rule that sets the limit, national and local; the first of *starts* says by the law of which day."""
        for terms in self.book.terms(limit_id, next(iter(starts.values()))):
            start = starts.get(terms.rule.start)
            counted = None if start is None else terms.counted(start, granted, hearing)
            if counted is not None:
                self._owes(terms.ground, actor, event, start, counted, met, ends, held, about, remark)

    def _dated(
        self,
        limit: str,
        basis: Citation | str,
        start: dt.date,
        due: dt.date,
        actor: str,
        event: Event | None,
        met: dt.date | None,
        ends: dt.date | None,
    ) -> None:
        """A duty whose last day was named by an organ rather than counted; a named day does not roll."""
        ground = Ground(limit, NAMED_DAYS[limit], basis, national=True)
        self._owes(ground, actor, event, start, Counted(due, due), met, ends)

    def _owes(
        self,
        ground: Ground,
        actor: str,
        event: Event | None,
        start: dt.date | None,
        counted: Counted,
        met: dt.date | None,
        ends: dt.date | None,
        held: tuple[Span, ...] = (),
        about: str = "",
        remark: str = "",
    ) -> None:
        """Add one, unless it fell away before it was owed.  Of being met and falling away the first counts."""
        begins = self.case.registration.received
        if event is not None and event.date > begins:
            begins = event.date
        if start is not None and start > begins:
            begins = start
        if met is not None and (ends is None or met <= ends):
            ends = None
        elif ends is not None:
            met = None
            if ends < begins:
                return
        seq = event.seq if event is not None else None
        self._found.append(
            Obligation(ground, actor, seq, begins, start, counted, met, ends, held, about, remark)
        )
