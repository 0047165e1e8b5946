"""Making a report: bring the index up to date, count, fill in the tables, say what must be said about them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import sqlalchemy as sa

from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.words import date_text
from xfdocs.errors import CalendarMissing, TotalsDiffer
from xfdocs.office import Office
from xfdocs.progress import Progress
from xfdocs.record.findings import Severity, Verdict
from xfdocs.record.validation import Validator
from xfdocs.register.database import Database
from xfdocs.register.index import CaseIndex, Seen
from xfdocs.register.index_tables import RECORDS
from xfdocs.reports.counting import Counter
from xfdocs.reports.definitions import Measure, measures_of
from xfdocs.reports.forms import Form, forms_of
from xfdocs.reports.model import Report, Table
from xfdocs.reports.populations import countable
from xfdocs.reports.tabulate import Tabulator
from xfdocs.reports.targets import targets_of
from xfdocs.reports.windows import BEFORE, NOW, YEAR_BEFORE, Windows
from xfdocs.rules.of_office import calendar_of
from xfdocs.rules.period import Period


@dataclass(frozen=True)
class Desk:
    """All that reports are made from: an open register whose index is up to date."""

    office: Office
    counter: Counter
    on: dt.date
    """The day of the run."""
    known_from: dt.date | None
    """The day of the first record; None if there is none."""
    counted: int
    """Records that can be counted."""
    digest: str
    """Of all of them: whoever counts the same records gets the same digest."""
    left_out: tuple[str, ...]
    """Files that cannot be counted, and why."""

    def windows(self, period: Period) -> Windows:
        """The windows of a period. Raises `PeriodAhead`."""
        return Windows.of(period, self.on, self.known_from)


@contextmanager
def desk_of(
    office: Office,
    *,
    on: dt.date,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Iterator[Desk]:
    """Bring the index of an office up to date, and open it for counting.

    *paths* are read instead of the office's folder of cases.

    Raises:
        NothingThere: there are no records.
        RegisterFault: the register cannot be used.
        DefinitionInvalid: a definition has a fault; found before anything is read.
    """
    measures = measures_of(office)
    targets_of(office)
    with index_of(office, on=on, paths=paths, progress=progress) as (connection, left_out):
        known_from, counted, digest = _known(connection)
        yield Desk(office, Counter(connection, measures), on, known_from, counted, digest, left_out)


@contextmanager
def index_of(
    office: Office,
    *,
    on: dt.date,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Iterator[tuple[sa.Connection, tuple[str, ...]]]:
    """The case index of an office, brought up to date and open for reading, and what is left out of it and why.

    Raises as `desk_of` does, but for definitions.
    """
    places = paths or (office.folder / office.cases,)
    with Database.open(office) as database:
        index = CaseIndex(database, office)
        seen = index.refresh(
            places, alone=True, cases=False, validator=Validator(office, on=on), progress=progress
        )
        left_out = (*_rejected(seen), *(f"{f.file}：{f.message}" for f in index.twins()))
        with database.reading() as connection:
            yield connection, left_out


def _rejected(seen: Iterable[Seen]) -> Iterator[str]:
    for one in seen:
        if one.verdict is Verdict.REJECTED:
            findings = one.report.findings if one.report is not None else ()
            first = next((f for f in findings if f.severity is Severity.ERROR), None)
            yield f"{one.path}：{first.message if first else '校验没有通过。'}"


def _known(connection: sa.Connection) -> tuple[dt.date | None, int, str]:
    """The first day, the number and the digest of the records that are counted."""
    first, number = connection.execute(
        sa.select(sa.func.min(RECORDS.c.received), sa.func.count()).where(countable())
    ).one()
    question = sa.select(RECORDS.c.case_id, RECORDS.c.sha256).where(countable()).order_by(RECORDS.c.case_id)
    total = hashlib.sha256()
    for case, sha256 in connection.execution_options(yield_per=10_000).execute(question):
        total.update(f"{case} {sha256}\n".encode())
    return first, number, total.hexdigest()[:16]


def report_of(desk: Desk, slug: str, period: Period) -> Report:
    """The report of a kind for a period.

    Raises:
        PeriodAhead: the period has not begun.
        TotalsDiffer: numbers that must add up do not (R35): a definition has a fault.
    """
    office = desk.office
    kind = catalogue_of(office).kind(slug)
    windows = desk.windows(period)
    forms = forms_of(office, kind.slug)
    tabulator = Tabulator(desk.counter, windows, office, targets_of(office))
    tabulator.prepare(forms.values())
    tables = tuple(tabulator.table(form) for form in forms.values())
    check_totals(tables)
    return Report(
        kind=kind.slug,
        title=f"{office.organ.name}{period.name}{kind.title}",
        organ=office.organ.name,
        period=period.name,
        code=period.code,
        first=period.first,
        last=period.last,
        as_of=windows.as_of,
        over=windows.over,
        tables=tables,
        heads=MappingProxyType({f"{name}称": windows.head(name) for name in (NOW, BEFORE, YEAR_BEFORE)}),
        notes=tuple(_notes(desk, windows, forms.values())),
        left_out=desk.left_out,
    )


def check_totals(tables: Iterable[Table]) -> None:
    """R35: what a table says adds up does. Raises `TotalsDiffer`."""
    for table in tables:
        for one in table.sums:
            total = table.number(one.total).value
            parts = [table.number(place).value for place in one.parts]
            known = [part for part in parts if part is not None]
            if total is not None and total != sum(known):
                raise TotalsDiffer(
                    table=table.title,
                    where=f"{one.total.line}、{one.total.column}",
                    total=total,
                    parts=sum(known),
                )


def _notes(desk: Desk, windows: Windows, forms: Iterable[Form]) -> Iterator[str]:
    """附注 (domain: report discipline): how it was counted, from what, with which reservations."""
    period = windows.period
    yield (
        f"统计期为{date_text(period.first)}至{date_text(period.last)}，统计截止日为{date_text(windows.as_of)}，截止日以后的办理不计。"
    )
    if not windows.over:
        yield "统计期尚未结束，以上为截止日的数字；未到期的事项不计入应办数。"
    if desk.known_from is None:
        yield "没有可以统计的案件记录。"
    elif desk.known_from > period.last:
        yield f"最早的案件记录收到于{date_text(desk.known_from)}，统计期内没有资料；没有资料与零不同，印作“—”。"
    elif incomplete := [
        windows.head(name)
        for name in (NOW, BEFORE, YEAR_BEFORE)
        if (one := windows.window(name)) is not None and one.first < desk.known_from
    ]:
        told = "、".join(dict.fromkeys(incomplete))
        yield f"最早的案件记录收到于{date_text(desk.known_from)}，{told}不完整，与之比较只供参考。"
    yield "信访件按登记日期归入统计期，办理事项按发生日期、期限按到期日归入；“—”表示没有资料或者分母为零。"
    if desk.left_out:
        yield f"有 {len(desk.left_out)} 份案件记录未通过校验或者编号重复，没有计入。"
    if names := sorted({m.name for m in _used(forms) if not m.verified}):
        yield f"下列项目的口径没有核实到权威出处，各地做法不一：{'、'.join(names)}。"
    yield (
        f"数据：{desk.counted} 份案件记录，摘要 {desk.digest}；程序 xfdocs {version('xfdocs')}；{_calendar(desk)}"
    )


def _used(forms: Iterable[Form]) -> Iterator[Measure]:
    for form in forms:
        yield from form.rates
        yield from (one.measure for one in form.counted)


def _calendar(desk: Desk) -> str:
    return f"工作日历 {calendar_of(desk.office).loaded} 年。"


_DUE = {"monthly-statistics": "monthly_due", "monthly-return": "return_due"}
"""Kinds of report that are due by a day, and the setting that says which."""


def names_for(report: Report, office: Office) -> dict[str, object]:
    """What the wording of a kind may name beside the numbers: 报送, by when it is due (absent: None)."""
    setting = _DUE.get(report.kind)
    if setting is None:
        return {"报送": None}
    day, rolled = due_day(report.last, getattr(office.reports, setting), office)
    return {"报送": SimpleNamespace(限期=day, 顺延=rolled)}


def due_day(last: dt.date, day: int, office: Office) -> tuple[dt.date, dt.date | None]:
    """By when a report of a period that ended on *last* is due: the *day* of the month after it, and the working day it rolls to.

    The second is None where the calendar of that day is not known: a guessed date is worse than none.
    """
    plain = (last + dt.timedelta(days=1)).replace(day=day)
    try:
        return plain, _rolled(plain, office)
    except CalendarMissing:
        return plain, None


def _rolled(day: dt.date, office: Office) -> dt.date:
    calendar = calendar_of(office)
    return day if calendar.is_workday(day) else calendar.next_workday(day)
