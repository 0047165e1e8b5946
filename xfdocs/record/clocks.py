"""Every clock that runs in a case: from which day, how long, on which ground, until when, and who must act.

A clock is derived from the events; it stops with the event that answers it.  Office limits are
planned by the plain last day; the day after 民法典 203 is shown beside it where it differs.  A longer local
limit never hides the national one: each rule is a row of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from xfdocs.errors import CalendarMissing, RegulationMissing
from xfdocs.office import Nature, Office
from xfdocs.record.codes import WITH_REMEDY, Lead
from xfdocs.record.derived import (
    Receipt,
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
from xfdocs.record.history import History, hearing_days, quashes
from xfdocs.record.model import Case, Claim
from xfdocs.rules import Law, Limit, Start, WorkCalendar
from xfdocs.rules.of_office import calendar_of, law_of
from xfdocs.rules.regulations import LimitRule

PETITIONER = "信访人"


class State(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    """It runs, but from a day that was not recorded, or to a day whose calendar is not published."""


@dataclass(frozen=True, slots=True)
class Running:
    """One running clock of one case."""

    case: str
    limit: str
    """What must be done, e.g. 办理期限."""
    basis: str
    """The article, as printed."""
    start: dt.date | None
    due: dt.date | None
    rolled: dt.date | None
    """The next working day where ``due`` is a day off; equals ``due`` otherwise; None if unknown."""
    days_left: int | None
    """Days from the day asked about to ``due``: 0 on the last day, negative after it."""
    state: State
    actor: str
    """The organ that must act, or 信访人."""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The row of ``xfdocs due --json`` (DESIGN §6)."""
        return {
            "case": self.case,
            "limit": self.limit,
            "basis": self.basis,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "due_rolled": self.rolled.isoformat() if self.rolled else None,
            "days_left": self.days_left,
            "state": str(self.state),
            "actor": self.actor,
            "note": self.note,
        }


def running_clocks(case: Case, office: Office, on: dt.date) -> list[Running]:
    """Every clock of *case* that runs on the day *on*, the most urgent first."""
    rows = [row for row in _Clocks(case, office, on).rows() if row.start is None or row.start <= on]
    return sorted(rows, key=lambda row: (row.due or dt.date.max, row.limit, row.actor))


_SORTED = (Transfer, Assignment, Submission, Notice, Acceptance, Reply)
"""Acts by which an organ has dealt with a claim that reached it: sorted it, told of it, taken it up."""
_TOLD = (Notice, Acceptance, Reply)
"""Acts by which the petitioner has been told (条例22 23·2)."""


class _Clocks(History):
    """The clocks of one case as of one day."""

    def __init__(self, case: Case, office: Office, on: dt.date) -> None:
        super().__init__(case, office, on)
        self.law: Law = law_of(office)
        self.calendar: WorkCalendar = calendar_of(office)
        self.withdrawn = self.any_of(Withdrawal)
        self.closed = self.withdrawn or self.any_of(Closure)

    def rows(self) -> Iterator[Running]:
        if self.case.registration.received > self.on or self.withdrawn:
            return
        if not self.closed:
            yield from self._arrival()
            yield from self._destinations()
            yield from self._handling()
            yield from self._supervision()
            yield from self._reviews()
        yield from self._requests()
        yield from self._execution()

    # --- the clocks, in the order of the law -----------------------------------------------------

    def _arrival(self) -> Iterator[Running]:
        """条例22 22·1 for a 信访部门, 23·2 and 23·3 for any other organ, and what an assigning organ asked of us."""
        organ = self.organ(None)
        receipt = receipt_of(self.case, organ.name)
        if receipt.event is not None:
            return  # it came back to us by an event of this record: `_destinations` counts it
        if organ.nature is Nature.PETITION_OFFICE:
            if left := self.unanswered(organ.name, None, _SORTED):
                starts = {Start.RECEIVED: receipt.received}
                yield from self._statutory("disposition", starts, organ.name, about=self._which(left))
        elif (left := self.unanswered(organ.name, None, _TOLD)) and not tells_by_own_rules(organ.name, left):
            yield from self._telling(organ.name, receipt, self._which(left))
        for source in self.case.registration.sources:
            if source.feedback_due:
                basis = self._provision("feedback", source.date)
                yield self._dated(
                    "向交办机关反馈办理结果", basis, source.date, source.feedback_due, organ.name
                )

    def _destinations(self) -> Iterator[Running]:
        """What each leading organ owes for a matter that was sent to it (条例22 22·1(三), 23·3)."""
        for event in self.events:
            if not isinstance(event, Transfer | Assignment):
                continue
            for destination in event.destinations:
                if destination.lead is not Lead.LEAD:
                    continue
                receipt = Receipt(
                    received=destination.received or event.date,
                    received_known=destination.received is not None,
                    sender=self.actor(event),
                    event=event,
                )
                if left := self.unanswered(destination.organ, event, _SORTED):
                    yield from self._received(destination.organ, left, receipt)
                if (
                    isinstance(event, Assignment)
                    and event.deadline
                    and not self.fed_back(event, destination.organ)
                ):
                    basis = self._provision("feedback", event.date)
                    yield self._dated(
                        "交办事项反馈办理结果", basis, event.date, event.deadline, destination.organ
                    )

    def _received(self, organ: str, left: tuple[Claim, ...], receipt: Receipt) -> Iterator[Running]:
        """What an organ must do first with a matter that reached it: a 信访部门 sorts it (22·1), others tell or object (23·3)."""
        starts = {Start.REFERRED: receipt.received, Start.RECEIVED: receipt.received}
        if self.organ(organ).nature is Nature.PETITION_OFFICE:
            yield from self._statutory("disposition", starts, organ, receipt, about=self._which(left))
            return
        if tells_by_own_rules(organ, left):
            return
        yield from self._telling(organ, receipt, self._which(left))
        yield from self._statutory("objection", starts, organ, receipt, about=self._which(left))

    def _which(self, left: tuple[Claim, ...]) -> str:
        """Which claims are still open, if not all of them."""
        return "" if len(left) == len(self.case.claims) else f"第{'、'.join(str(c.seq) for c in left)}项诉求"

    def _telling(self, organ: str, receipt: Receipt, about: str) -> Iterator[Running]:
        """15 日书面告知, unless nobody can be told (条例22 23·2 但书)."""
        if not can_be_told(self.case):
            return
        starts = {Start.REFERRED: receipt.received, Start.RECEIVED: receipt.received}
        limit_id = "notice" if receipt.direct else "notice-after-transfer"
        yield from self._statutory(limit_id, starts, organ, receipt, about=about)

    def _handling(self) -> Iterator[Running]:
        """60 days from acceptance, longer by what was granted (条例22 34)."""
        for accepted in self.every(Acceptance):
            organ = self.actor(accepted)
            paths = self.law.regulation_on(accepted.date).paths
            wanted = {
                claim.seq
                for claim in concerned(self.case, accepted)
                if claim.path is None or claim.path not in paths or paths[claim.path].handling_clock
            }
            for event in self.after(accepted):
                if isinstance(event, Reply) and self.actor(event) == organ:
                    wanted -= {opinion.claim for opinion in event.opinions}
                elif isinstance(event, Mediation) and event.agreed:
                    wanted.clear()
            if wanted:
                granted = sum(e.days for e in extensions_of(self.case, accepted, self.events))
                starts = {
                    Start.ACCEPTED: accepted.date,
                    Start.RECEIVED: receipt_of(self.case, organ, accepted).received,
                }
                yield from self._statutory("handling", starts, organ, day=accepted.date, granted=granted)

    def _supervision(self) -> Iterator[Running]:
        """Feedback that a supervision asked for by a day, and on suggestions (条例22 40·4, 05·36)."""
        for event in self.events:
            if isinstance(event, Supervision) and not self.fed_back(event, event.target):
                if event.feedback_due:
                    basis = self._supervision_basis(event)
                    yield self._dated("督办反馈", basis, event.date, event.feedback_due, event.target)
                if event.advice:
                    starts = {Start.SUGGESTION_RECEIVED: event.date}
                    yield from self._statutory("suggestion-feedback", starts, event.target, day=event.date)
            elif isinstance(event, Suggestion) and not self.fed_back(event, event.recipient):
                starts = {Start.SUGGESTION_RECEIVED: event.date}
                yield from self._statutory("suggestion-feedback", starts, event.recipient, day=event.date)

    def _reviews(self) -> Iterator[Running]:
        """30 days to decide on a request, hearings of a recheck left out (条例22 35, 36)."""
        for request in self.every(ReviewRequest):
            if not any(isinstance(e, Review) for e in self.after(request)):
                yield from self._statutory(
                    "review",
                    {Start.REVIEW_REQUESTED: request.date},
                    self.reviewer(request),
                    day=request.date,
                )
        for again in self.every(RecheckRequest):
            if not any(isinstance(e, Recheck) for e in self.after(again)):
                yield from self._statutory(
                    "recheck",
                    {Start.RECHECK_REQUESTED: again.date},
                    self.reviewer(again),
                    day=again.date,
                    hearing=hearing_days(self.events),
                )

    def _requests(self) -> Iterator[Running]:
        """The petitioner's own 30 days, which run from service only (条例22 35, 36·1)."""
        remedies: tuple[tuple[type[Event], type[Event], str, Start], ...] = (
            (Reply, ReviewRequest, "review-request", Start.OPINION_SERVED),
            (Review, RecheckRequest, "recheck-request", Start.REVIEW_SERVED),
        )
        for answer_kind, request_kind, limit_id, start in remedies:
            for answer in self.every(answer_kind):
                if isinstance(answer, Reply) and answer.kind not in WITH_REMEDY:
                    continue
                if any(isinstance(e, request_kind) for e in self.after(answer)):
                    continue
                served = self.served(answer)
                if served is not None:
                    rows = self._statutory(limit_id, {start: served}, PETITIONER, day=answer.date)
                    yield from (row for row in rows if (row.rolled or row.due or self.on) >= self.on)
                elif not self.closed:
                    rule = self._rule(limit_id, answer.date)
                    if rule is not None:
                        note = "没有送达记录，起算日未知，请补登送达"
                        yield self._row(rule, None, PETITIONER, note)

    def _execution(self) -> Iterator[Running]:
        """支持 is to be carried out (条例22 32·2)."""
        for reply in self.every(Reply):
            if any(map(quashes, self.after(reply))):
                continue
            for opinion in reply.opinions:
                if opinion.execute_by is None or any(
                    isinstance(e, Execution) and e.of == reply.seq and opinion.executor in {e.unit, None}
                    for e in self.events
                ):
                    continue
                actor = opinion.executor or self.actor(reply)
                basis = self._enforcement(reply.date)
                yield self._dated("执行支持意见", basis, reply.date, opinion.execute_by, actor)

    # --- rows ------------------------------------------------------------------------------------

    def _statutory(
        self,
        limit_id: str,
        starts: dict[Start, dt.date],
        actor: str,
        receipt: Receipt | None = None,
        *,
        day: dt.date | None = None,
        granted: int = 0,
        hearing: Iterable[dt.date] = (),
        about: str = "",
    ) -> Iterator[Running]:
        """One row for each rule that sets the limit, national and local; *about* says for which claims."""
        when = day or next(iter(starts.values()))
        try:
            clock = self.law.clock(limit_id, when)
        except RegulationMissing:
            return  # the regulation of that day has no such limit
        hearing = tuple(hearing)
        for rule in clock.rules:
            start = starts.get(rule.start)
            if start is None:
                continue
            note = (
                "收到日期未登记，按转送、交办日期起算"
                if receipt is not None and not receipt.received_known
                else ""
            )
            try:
                counted = rule.run(start, self.calendar, hearing)
            except CalendarMissing as missing:
                yield self._row(rule, start, actor, str(missing))
                continue
            if counted is None:
                continue
            if granted:
                counted = counted.extended(granted, self.calendar)
                note = f"已延长{granted}日"
            if limit_id == "objection" and counted.due < self.on:
                note = "提出异议的期限已过；属于职权范围的应当书面告知信访人"
            yield self._counted(rule, counted, actor, "；".join(filter(None, (about, note))))

    def _counted(self, rule: LimitRule, limit: Limit, actor: str, note: str) -> Running:
        notes = [note, limit.note, self.law.doubt(rule)]
        # An office plans by the plain last day; the petitioner may rely on the next working day (民法典 203).
        last = limit.rolled if actor == PETITIONER and limit.rolled else limit.due
        left = (last - self.on).days
        return Running(
            case=self.case.id,
            limit=rule.name,
            basis=rule.basis_text,
            start=limit.start,
            due=limit.due,
            rolled=limit.rolled,
            days_left=left,
            state=State.RUNNING if left >= 0 else State.OVERDUE,
            actor=actor,
            note="；".join(n for n in notes if n),
        )

    def _row(self, rule: LimitRule, start: dt.date | None, actor: str, note: str) -> Running:
        note = "；".join(n for n in (note, self.law.doubt(rule)) if n)
        return Running(
            self.case.id, rule.name, rule.basis_text, start, None, None, None, State.UNKNOWN, actor, note
        )

    def _dated(self, limit: str, basis: str, start: dt.date, due: dt.date, actor: str) -> Running:
        """A clock whose last day was named by an organ rather than counted; a named day does not roll."""
        left = (due - self.on).days
        state = State.RUNNING if left >= 0 else State.OVERDUE
        return Running(self.case.id, limit, basis, start, due, due, left, state, actor)

    # --- the law ---------------------------------------------------------------------------------

    def _rule(self, limit_id: str, day: dt.date) -> LimitRule | None:
        try:
            return self.law.clock(limit_id, day).rules[0]
        except RegulationMissing:
            return None

    def _provision(self, limit_id: str, day: dt.date) -> str:
        rule = self._rule(limit_id, day)
        return rule.basis_text if rule else ""

    def _enforcement(self, day: dt.date) -> str:
        try:
            return self.law.provision("enforcement", day).basis_text
        except RegulationMissing:
            return ""

    def _supervision_basis(self, event: Supervision) -> str:
        try:
            basis = self.law.supervision_ground(event.grounds[0], event.date).basis
        except RegulationMissing:
            return ""
        return basis.text if basis else ""
