"""What rules ask about a case: its events by number, who acts, which law governs, when a period ended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from xfdocs.errors import LawFault
from xfdocs.office import Nature, Office
from xfdocs.record.clocks import Running, clocks_of
from xfdocs.record.clocks import State as Overdue
from xfdocs.record.derived import Receipt, actor_of, concerned, is_report, receipt_of
from xfdocs.record.events import Event, Service
from xfdocs.record.history import served_on
from xfdocs.record.model import Case, Claim
from xfdocs.record.obligation import Obligation
from xfdocs.record.obligations import obligations_of
from xfdocs.rules import Clock, Law, Limit, Unit, WorkCalendar, limit
from xfdocs.rules.regulations import LimitRule

E = TypeVar("E", bound=Event)

REGIME_2022 = dt.date(2022, 5, 1)
"""《信访工作条例》 in force (第五十条)."""
_EXACT = re.compile(r"[0-9０-９号室组栋幢]")
"""An address that leads to a door; the name of a village alone betrays nobody."""


class CaseView:
    """A case with what can be asked of it alone."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.by_seq = {event.seq: event for event in case.events}
        self.claims = {claim.seq: claim for claim in case.claims}
        self._receipts: dict[tuple[str, int], Receipt] = {}
        self._by_kind: dict[type[Event], list[Any]] = {}
        for event in case.events:
            self._by_kind.setdefault(type(event), []).append(event)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one class, in the order of the record."""
        return self._by_kind.get(kind, [])

    def organ(self, event: Event) -> str:
        """Who acted."""
        return actor_of(self.case, event)

    @cached_property
    def protected(self) -> tuple[Claim, ...]:
        """The claims that must be kept from those reported: all of them where the case asks for protection."""
        confidential = self.case.confidentiality
        if confidential is not None and confidential.protection:
            return self.case.claims
        return tuple(claim for claim in self.case.claims if is_report(claim))

    def concerned(self, event: Event) -> tuple[Claim, ...]:
        """The claims an event is about."""
        return concerned(self.case, event)

    def receipt(self, organ: str, before: Event) -> Receipt:
        """How an organ had come to the case when it did something; asked by several rules, looked up once."""
        key = (organ, before.seq)
        if key not in self._receipts:
            self._receipts[key] = receipt_of(self.case, organ, before=before)
        return self._receipts[key]

    def before(self, event: Event) -> tuple[Event, ...]:
        """The events that stand before one in the record."""
        return tuple(e for e in self.case.events if e.seq < event.seq)

    def after(self, event: Event) -> tuple[Event, ...]:
        """The events that stand after one in the record."""
        return tuple(e for e in self.case.events if e.seq > event.seq)

    def served(self, event: Event) -> dt.date | None:
        """The day the petitioner had the document of an event, if that is recorded."""
        return served_on(self.of(Service), event)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of petitioners and of those who act for them, as far as they can be told from other words."""
        names = []
        for person in self.case.petitioners:
            if person.name and not person.name_unclear:
                names.append(person.name)
            if person.legal_representative:
                names.append(person.legal_representative)
            if person.proxy is not None:
                names.append(person.proxy.name)
        return tuple(name for name in names if len(name) > 1)

    @cached_property
    def identities(self) -> tuple[tuple[str, str], ...]:
        """What betrays who petitioned, with what it is: names, telephones, addresses, numbers of documents."""
        found = [("姓名", name) for name in self.names]
        for person in self.case.petitioners:
            found += [("联系电话", phone) for phone in person.phones]
            found.append(("电子邮箱", person.email or ""))
            found.append(("证件号码", person.ident.number if person.ident else ""))
            found.append(("代理人电话", person.proxy.phone or "" if person.proxy else ""))
            if person.address and _EXACT.search(person.address):
                found.append(("住址", person.address))
        return tuple((what, text) for what, text in found if len(text) > 1)

    def respondents(self, claims: Iterable[Claim]) -> Iterator[str]:
        """Names of those reported in these claims, persons and units."""
        for claim in claims:
            for respondent in claim.respondents:
                yield respondent.name
                if respondent.unit:
                    yield respondent.unit


class Matter(CaseView):
    """A case with everything a rule may look at; made once for a record."""

    def __init__(
        self,
        case: Case,
        office: Office,
        law: Law,
        calendar: WorkCalendar,
        on: dt.date,
        folder: Path,
        text: str = "",
    ) -> None:
        super().__init__(case)
        self.office = office
        self.law = law
        self.calendar = calendar
        self.on = on
        """The day on which the question is asked."""
        self.folder = folder
        """Where the record's file lies; attachments are named from there."""
        self.text = text
        """The whole record as it was written, for rules that look for a character anywhere."""

    @property
    def kinds(self) -> frozenset[type]:
        """The classes of what it has that a rule may be about: events, some other parts, limits that have passed."""
        case = self.case
        parts = (*case.issued[:1], *case.attachments[:1], *([case.counts] if case.counts else []))
        kinds = {*self._by_kind, *map(type, parts)}
        try:
            kinds |= {Running} if self.overdue else set()
        except LawFault:
            kinds.add(Running)  # those who ask will say what is lacking
        return frozenset(kinds)

    def nature(self, organ: str) -> Nature:
        """What kind of organ it is."""
        return self.office.organ_called(organ).nature

    def superior(self, organ: str) -> str:
        """上一级机关 as the office knows it; empty if it does not."""
        return self.office.organ_called(organ).superior

    def clock(self, limit_id: str, day: dt.date) -> Clock | None:
        """A clock of the law of that day; None where that law has none of the kind.

        Raises:
            RegulationMissing: no law known governed that day, so that nothing can be said.
        """
        return self.law.known_clock(limit_id, day)

    def missed(
        self,
        limit_id: str,
        start: dt.date,
        act: dt.date,
        *,
        more: int = 0,
        excluded: Iterable[dt.date] = (),
    ) -> tuple[Limit, int] | None:
        """The national period that began on *start* and by how many days *act* missed its last day; None if in time.

        *more* lengthens it (延期); *excluded* days do not count (听证).  Raises as `late` does.
        """
        clock = self.clock(limit_id, start)
        rule = clock.national if clock is not None else None
        return None if rule is None else self.late(rule, start, act, more=more, excluded=excluded)

    def late(
        self,
        rule: LimitRule,
        start: dt.date,
        act: dt.date,
        *,
        more: int = 0,
        excluded: Iterable[dt.date] = (),
    ) -> tuple[Limit, int] | None:
        """The period of one rule, national or local, that began on *start*, and by how many days *act* missed it.

        What is late is late after the last day has rolled over days of rest (民法典 203), the reading most
        lenient to the office. The calendar is asked only where the answer depends on it.

        Raises:
            CalendarMissing: the answer depends on a year that is not loaded (R30).
        """
        if rule.length is None:
            return None
        length = rule.length + more
        if (act - start).days <= length and rule.unit is not Unit.MONTHS:
            return None  # neither working days nor a roll-over can shorten a period
        period = limit(start, length, rule.unit, self.calendar, excluded)
        if act <= period.due:
            return None
        last = period.last_day(self.calendar)
        return (period, (act - last).days) if act > last else None

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """What the case has owed, as known today.  Raises `RegulationMissing` as `obligations_of` does."""
        return obligations_of(self.case, self.office, self.on)

    @cached_property
    def overdue(self) -> tuple[tuple[str, Running], ...]:
        """Clocks that ran out before today, each with its id, or its name where the law has none for it."""
        rows = [
            row for row in clocks_of(self.case.id, self.obligations, self.on) if row.state is Overdue.OVERDUE
        ]
        if not rows:
            return ()
        regulations = (*self.law.regulations, *([self.law.local] if self.law.local else []))
        ids = {rule.name: rule.of for r in regulations for rule in r.limits.values()}
        return tuple((ids.get(row.limit, row.limit), row) for row in rows)

    def basis(self, limit_id: str, day: dt.date) -> str:
        """The provision a clock rests on, as printed."""
        clock = self.clock(limit_id, day)
        return clock.national.basis_text if clock is not None and clock.national is not None else ""


def in_2022(day: dt.date) -> bool:
    """Whether an act of that day is governed by 《信访工作条例》."""
    return day >= REGIME_2022
