"""Before a number is taken: what a record calls for, and whether it can be made at all.

Everything that can refuse a document refuses it here: validation, the law (检举控告, 密级), fields the
wording needs, characters no font has.  A number is taken only for what has been composed once already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from xfdocs.document.assemble import number_form
from xfdocs.document.catalogue import PETITIONER, Kind
from xfdocs.document.compose import compose, date_of
from xfdocs.document.model import Document
from xfdocs.errors import RecordUnreadable, XfdocsError
from xfdocs.office import Office
from xfdocs.production.desk import Desk, Order, desk_for
from xfdocs.production.engines import check_engines, fonts_of
from xfdocs.production.outcome import Outcome, refusal, refused, refused_record, rejected
from xfdocs.record.derived import actor_of, addressed
from xfdocs.record.events import Event, Service
from xfdocs.record.model import Case, Issued
from xfdocs.record.reader import read_bytes
from xfdocs.record.writeback import facts_digest
from xfdocs.register.entry import Wanted


@dataclass(frozen=True, slots=True)
class Told:
    """A document the record says it has."""

    kind_title: str
    event: int
    number: str
    void: bool
    date: str = ""
    """成文日期, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What was found in one record."""

    path: Path
    case: str = ""
    sha256: str = ""
    """Of the file's bytes."""
    facts: str = ""
    """Of the file's bytes without its ``<文书>``: what documents are made from."""
    wanted: tuple[Wanted, ...] = ()
    """What is to be issued, in the order of the case."""
    present: tuple[Told, ...] = ()
    """What it calls for and says it has already."""
    told: tuple[Told, ...] = ()
    """Everything it says it has."""
    refusals: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """A chunk of records to survey."""

    order: Order
    items: tuple[Path, ...]


def survey(task: SurveyTask) -> Sequence[Surveyed]:
    """Survey a chunk of records, one result a record, in order."""
    desk = desk_for(task.order)
    return [_survey(desk, task.order, path) for path in task.items]


def _survey(desk: Desk, order: Order, path: Path) -> Surveyed:
    try:
        data = read_bytes(path)
    except RecordUnreadable:
        return Surveyed(path, refusals=(rejected(desk.validator.validate(path)),))
    report, case = desk.validator.examine_bytes(data, path)
    if case is None or not report.accepted:
        return Surveyed(path, report.case, refusals=(rejected(report),))
    sha256 = hashlib.sha256(data).hexdigest()
    survey = _Survey(desk, case, order, path)
    for wanted in desk.kinds(order):
        for kind, event in desk.catalogue.called_for(case, desk.office, wanted):
            survey.consider(kind, event)
    if survey.wanted and not _writable(path):
        why = "记录文件或者它所在的文件夹是只读的，制发以后不能写回。请去掉只读，再运行一次。"
        return Surveyed(path, case.id, refusals=(refused_record(path, case.id, why),))
    desk.keep(path, sha256, case)
    return Surveyed(
        path,
        case.id,
        sha256,
        facts_digest(data),
        tuple(survey.wanted),
        tuple(survey.present),
        tuple(map(_told, case.issued)),
        tuple(survey.refusals),
    )


def _writable(path: Path) -> bool:
    """Whether the record may be replaced: an owner's read-only mark counts even for the superuser."""
    try:
        return bool(path.stat().st_mode & 0o222 and path.parent.stat().st_mode & 0o222)
    except OSError:
        return False


def _told(issued: Issued) -> Told:
    return Told(
        issued.kind,
        issued.event or 0,
        issued.number or "",
        issued.void is not None,
        issued.date.isoformat(),
    )


@dataclass
class _Survey:
    """The survey of one record, as it grows."""

    desk: Desk
    case: Case
    order: Order
    path: Path
    wanted: list[Wanted] = field(default_factory=list)
    present: list[Told] = field(default_factory=list)
    refusals: list[Outcome] = field(default_factory=list)

    @property
    def office(self) -> Office:
        """The office it is for."""
        return self.desk.office

    def consider(self, kind: Kind, event: Event | None) -> None:
        """One document the case calls for: has it already, can be made, or is refused."""
        seq = event.seq if event is not None else 0
        for issued in self.case.issued:
            if (issued.kind, issued.event or 0) == (kind.title, seq) and issued.void is None:
                self.present.append(_told(issued))
                return
        try:
            if missing := self._not_issued_yet(event):
                self.refusals.append(refused(self.case.id, kind, missing))
                return
            self.wanted.append(self._composed(kind, event))
        except XfdocsError as error:
            self.refusals.append(refusal(error, self.case, kind))

    def _composed(self, kind: Kind, event: Event | None) -> Wanted:
        """What the register must know of a document, after it has been composed with a number like its own."""
        organ = self.office.acting(actor_of(self.case, event))
        form = number_form(kind, organ, self.office) if organ is not None else ""
        day = date_of(self.case, event)
        number = form.format(year=day.year, n=1) if form else ""
        document = compose(
            kind, self._with_wanted(), self.office, event=event, number=number, day=day, draft=False
        )
        check_printable(document, self.office, self.order.formats)
        return Wanted(
            case=self.case.id,
            kind=kind.slug,
            kind_title=kind.title,
            event=event.seq if event is not None else 0,
            form=form,
            date=day,
            title=document.title,
            issuer=document.issuer,
            recipients=_recipients(document, kind, self.case),
            signer=self.order.signer,
            copies=self.office.setting(kind.slug).copies or kind.copies,
            record=register_path(self.path, self.office),
        )

    def _with_wanted(self) -> Case:
        """The case with what this run is about to issue: a 送达回证 prints the number of what it delivers."""
        return with_numbers(
            self.case,
            tuple(
                Told(
                    w.kind_title,
                    w.event,
                    w.form.format(year=w.date.year, n=1),
                    void=False,
                    date=w.date.isoformat(),
                )
                for w in self.wanted
                if w.form
            ),
        )

    def _not_issued_yet(self, event: Event | None) -> str:
        """Why a 送达回证 must wait: what it delivers has a number of ours, and has not been issued."""
        if not isinstance(event, Service):
            return ""
        delivered = [
            kind
            for kind, act in self.desk.catalogue.called_for(self.case, self.office)
            if act is not None and act.seq == event.of and kind.series
        ]
        issued = {i.event for i in self.case.issued if i.void is None} | {w.event for w in self.wanted}
        if delivered and event.of not in issued:
            return f"所送达的{'、'.join(kind.title for kind in delivered)}还没有制发，没有文号。请先制发。"
        return ""


def with_numbers(case: Case, told: tuple[Told, ...]) -> Case:
    """The case with documents the register knows of, beside those only the record knows.

    The order does not depend on which of them the record has been told of, so that a letter that names
    another comes out the same whether a run was broken off or not.
    """
    numbers = {t.number for t in told if t.number}
    places = {(t.kind_title, t.event) for t in told}
    own = [
        issued
        for issued in case.issued
        if not (issued.number in numbers if issued.number else (issued.kind, issued.event or 0) in places)
    ]
    ours = [
        Issued(
            event=t.event or None,
            kind=t.kind_title,
            number=t.number or None,
            date=dt.date.fromisoformat(t.date),
        )
        for t in told
        if not t.void
    ]
    return replace(case, issued=(*own, *ours))


def check_printable(document: Document, office: Office, formats: Sequence[str]) -> None:
    """Before a number is taken: can it be printed in these formats?

    Raises:
        GlyphMissing: a character that no font has.
        FontsMissing, LibraryMissing: the machine lacks what it needs.
    """
    from xfdocs.render.glyphs import check_glyphs

    check_glyphs(document, fonts_of(office))
    check_engines(office, formats)


def register_path(path: Path, office: Office) -> str:
    """A record's path as the register keeps it: relative to the office folder if inside it."""
    path = path.resolve()
    with suppress(ValueError):
        return path.relative_to(office.folder).as_posix()
    return path.as_posix()


def _recipients(document: Document, kind: Kind, case: Case) -> tuple[str, ...]:
    named = (*document.addressees, *document.colophon.copies_to)
    if named or kind.recipient != PETITIONER:
        return named
    return tuple(filter(None, (addressed(case, salutation=False),)))
