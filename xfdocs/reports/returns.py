"""信访工作月报告登记表: every matter registered in a month, one a row; and the zero report.

A month without data is no zero report (R36): the form with 无 in every cell is made for a month that is over, that lies in
the time of which the office has records, and in which there was nothing; or where somebody declares it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import sqlalchemy as sa

from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.words import date_text
from xfdocs.errors import (
    RecordFault,
    ReturnTooEarly,
    ReturnWithoutData,
    ZeroContradicted,
    ZeroInDoubt,
)
from xfdocs.record.codes import Repeat
from xfdocs.record.model import Case
from xfdocs.record.rules.matter import CaseView
from xfdocs.register import index_tables as t
from xfdocs.reports.book_rows import case_at
from xfdocs.reports.lists import may_be_told
from xfdocs.reports.model import DASH, Report
from xfdocs.reports.populations import PROGRESS, countable, populations, seen_on
from xfdocs.reports.reporting import Desk, names_for
from xfdocs.reports.workbook import MARK
from xfdocs.rules.period import Period
from xfdocs.sheets import Column, fitting, writing

KIND = "monthly-return"
NONE = "无"
PROTECTED, SECRET = "检举控告事项（保密）", "涉密事项（不列）"
MASK = "某某"
"""Stands for whatever tells who a petitioner is."""
RECONSTRUCTED = (
    "原表栏目已失，本表栏目为复原：依据留存的填表说明（报告企业、企业名称、信访方式、零报告填“无”）拟定。"
)
_DONE = frozenset({"已撤回", "已结案", "已复核", "复核中", "已复查", "复查中", "已答复"})
"""Steps of a matter that was answered or closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One matter, as the form says it."""

    序号: str
    报告单位: str
    涉及单位: str
    信访方式: str
    信访时间: str
    信访人数: str
    主要诉求: str
    处理情况: str
    备注: str


HEADS = tuple(field.name for field in fields(Row))
_WIDTHS = dict(zip(HEADS, (7, 24, 24, 10, 12, 10, 36, 14, 26), strict=True))


@dataclass(frozen=True)
class Return:
    """The form of a month."""

    report: Report
    rows: tuple[Row, ...]
    done: int
    """Matters that were answered or closed by the end of the month."""
    declared: bool
    """A zero report that rests on somebody's word alone."""
    names: Mapping[str, Any]
    """What its wording may name."""

    @property
    def zero(self) -> bool:
        """Whether it is a zero report."""
        return not self.rows

    def as_json(self) -> dict[str, object]:
        """For machines inside the office."""
        report = self.report
        return {
            "report": report.kind,
            "title": report.title,
            "organ": report.organ,
            "period": {"code": report.code, "name": report.period, "first": str(report.first), "last": str(report.last)},
            "zero": self.zero,
            "declared": self.declared,
            "rows": [{head: getattr(row, head) for head in HEADS} for row in self.rows],
            "done": self.done,
            "notes": list(report.notes),
            "left_out": list(report.left_out),
        }  # fmt: skip

    def write_workbook(self, path: Path) -> None:
        """The same rows as a workbook. Raises `BookTouched`."""
        columns: tuple[Column[Row], ...] = tuple(
            Column(head, _WIDTHS[head], attrgetter(head))
            for head in HEADS[1:]  # the workbook numbers its rows itself
        )
        report = self.report
        with writing(path, title=report.title, mark=MARK) as book:
            book.notice(report.as_of)
            sheets = book.sheets("登记表", columns, title=report.title, period=report.period, unit="件")
            for row in self.rows:
                sheets.add(row)
            sheets.close()
            sheet = book.workbook.add_worksheet("说明")
            sheet.set_column(0, 0, 100)
            statement = (
                [f"{report.period}零报告{'（经声明）' if self.declared else ''}。"] if self.zero else []
            )
            signs = "填报人：　　　　　审核人：　　　　　报送日期：　　　　　"
            for at, text in enumerate([report.title, *statement, *report.notes, signs]):
                sheet.write_string(at, 0, fitting(text))


def return_of(desk: Desk, period: Period, *, zero: bool = False) -> Return:
    """The form of a month; *zero*: somebody declares that there was nothing.

    Raises:
        ReturnTooEarly: the month is not over.
        ReturnWithoutData: there are no records of that time, and nobody declares anything.
        ZeroInDoubt: there is nothing, but a record that cannot be counted may belong to that month.
        ZeroContradicted: *zero*, and there was something.
    """
    if period.last >= desk.on:
        raise ReturnTooEarly(period=period.name, last=period.last)
    found = list(_rows(desk, period))
    rows = tuple(row for row, _ in found)
    known = desk.known_from is not None and desk.known_from <= period.last
    if rows and zero:
        raise ZeroContradicted(period=period.name, count=len(rows))
    if not rows:
        if doubtful := _doubtful(desk, period):
            raise ZeroInDoubt(period=period.name, count=doubtful)
        if not known and not zero:
            since = f"：最早的案件记录收到于{date_text(desk.known_from)}" if desk.known_from else ""
            raise ReturnWithoutData(period=period.name, since=since)
    done = sum(ended for _, ended in found)
    declared = not rows and not known
    report = _report(desk, period, rows)
    return Return(report, rows, done, declared, MappingProxyType(_names(desk, report, rows, done, declared)))


def _rows(desk: Desk, period: Period) -> Iterator[tuple[Row, bool]]:
    """Every matter registered in the month, in the order of registration; and whether it was answered or closed."""
    population = populations()["信访件"]
    r, field = t.RECORDS.c, {name: one.expression for name, one in population.fields.items()}
    registered = field["登记日期"]
    question = (
        sa.select(
            r.path, r.sha256, r.case_id, r.received, r.secrecy, r.headcount,
            field["登记机关"].label("organ"), field["责任单位"].label("unit"), field["形式"].label("channel"),
            field["初次重复"].label("again"), field["进度"].label("progress"),
            sa.case((may_be_told(), 1), else_=0).label("open"),
        )
        .where(population.known, registered.between(period.first, period.last))
        .order_by(registered, r.case_id)
    )  # fmt: skip
    asked = desk.counter.connection.execute(question, seen_on(period.last, over=True))
    for number, row in enumerate(asked, start=1):
        yield (
            (_row(desk, period, number, row) if row.open else _closed_row(number, row)),
            row.progress in _DONE,
        )


def _row(desk: Desk, period: Period, number: int, row: Any) -> Row:
    case = case_at(desk.office, row.path, row.sha256)
    if case is None:
        raise RecordFault(message=f"{row.path} 在统计期间被改动，没有制作。请再运行一次。")
    if CaseView(case).protected:  # by the record's own words, whatever the index says
        return _closed_row(number, row)
    again = "；重复" if row.again == Repeat.AGAIN.value else ""
    return Row(
        序号=str(number),
        报告单位=row.organ or DASH,
        涉及单位=row.unit or DASH,
        信访方式=row.channel or DASH,
        信访时间=_short(row.received, period),
        信访人数=str(row.headcount or 1),
        主要诉求=_without_names(case.registration.subject or DASH, case),
        处理情况=row.progress or PROGRESS[-1],
        备注=f"{row.case_id}{again}",
    )


def _short(day: dt.date, period: Period) -> str:
    """A day of the form's own year without it."""
    return f"{day.month}月{day.day}日" if day.year == period.first.year else date_text(day)


def _closed_row(number: int, row: Any) -> Row:
    """A matter of which nobody may learn more than that there is one (条例22 30·3)."""
    what = SECRET if row.secrecy else PROTECTED
    return Row(str(number), row.organ or DASH, DASH, DASH, DASH, DASH, what, DASH, DASH)


def _without_names(text: str, case: Case) -> str:
    """A subject without anything that tells who petitioned; a clerk may have written a name into it."""
    for _, secret in sorted(CaseView(case).identities, key=lambda one: -len(one[1])):
        text = text.replace(secret, MASK)
    return text


def _doubtful(desk: Desk, period: Period) -> int:
    """Records that are not counted, and may have been registered in the month for all that is known."""
    r = t.RECORDS.c
    day = sa.func.coalesce(r.registered, r.received, type_=sa.Date)
    here = sa.or_(day.is_(None), day.between(period.first, period.last))
    question = sa.select(sa.func.count()).select_from(t.RECORDS).where(sa.not_(countable()), here)
    return int(desk.counter.connection.execute(question).scalar_one())


def _report(desk: Desk, period: Period, rows: tuple[Row, ...]) -> Report:
    office = desk.office
    return Report(
        kind=KIND,
        title=f"{office.organ.name}{period.name}{catalogue_of(office).kind(KIND).title}",
        organ=office.organ.name,
        period=period.name,
        code=period.code,
        first=period.first,
        last=period.last,
        over=True,
        as_of=period.last,
        tables=(),
        notes=tuple(_notes(desk, rows)),
        left_out=desk.left_out,
    )


def _notes(desk: Desk, rows: tuple[Row, ...]) -> Iterator[str]:
    yield RECONSTRUCTED
    if rows:
        yield (
            "逐件列出本月登记的信访事项；报告单位是登记机关，涉及单位是责任单位，处理情况是本月末的，备注是信访件编号。"
        )
        yield "检举控告事项、涉密事项只计一行，内容不列；信访人姓名不列。"
    if desk.left_out:
        yield f"有 {len(desk.left_out)} 份案件记录未通过校验或者编号重复，没有列入。"


def _names(desk: Desk, report: Report, rows: tuple[Row, ...], done: int, declared: bool) -> dict[str, Any]:
    return {
        **names_for(report, desk.office),
        "各行": [SimpleNamespace(**{head: getattr(row, head) for head in HEADS}) for row in rows],
        "空行": [NONE] * len(HEADS),
        "零报告": not rows,
        "经声明": declared,
        "件数": len(rows),
        "办结件数": done,
        "在办件数": len(rows) - done,
    }
