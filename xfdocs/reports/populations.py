"""What can be counted: populations over the case index, with the fields that definitions may name.

A definition (``schemas/indicators``) says in the statistician's words what it counts; here these words become
SQL.  Everything is asked as of a day (`AS_OF`): what happened later is not known.  Rejected records, and
of records with one 编号 all but the first are in no population (R33, C18).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause

from xfdocs.record.codes import Channel, EvaluationOf, Lead, Purpose, Repeat, Satisfaction, SourceKind
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.findings import Verdict
from xfdocs.register import index_tables as t
from xfdocs.reports.sql_days import DaysEarlier

Expression = ColumnElement[Any]

AS_OF: sa.BindParameter[Any] = sa.bindparam("as_of", type_=sa.Date)
"""截止日."""
OVER: sa.BindParameter[Any] = sa.bindparam("over", type_=sa.Date)
"""The last day that is over: what was due on it and was not done is overdue."""
YES, NO = "是", "否"


class Sort(Enum):
    """What a field holds, and thereby what may be asked of it."""

    WORD = "文字"
    YES = "是否"
    NUMBER = "数"
    DAY = "日期"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One thing a definition may ask about the members of a population."""

    sort: Sort
    expression: Expression
    words: tuple[str, ...] = ()
    """The values it can have, in the order of the field's own list; empty: any text."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """What the index writes for a value, where it is not the value itself."""
    columns: tuple[Expression, ...] = ()
    """Of a day that is worked out: the columns one of which it is, so that an index on them may be used."""
    reach: int = 0
    """By so many days at most such a column lies after the day."""


@dataclass(frozen=True, eq=False)
class Population:
    """Something that can be counted."""

    name: str
    unit: str
    """What one member is: 件, 项, 次 …"""
    rows: FromClause
    record: Expression
    """The record it belongs to, as the index numbers it."""
    fields: Mapping[str, Field]
    known: Expression
    """True for the members that are there on `AS_OF`."""


class Outcome(StrEnum):
    """How a limit was kept, as of a day."""

    IN_TIME = "按期"
    LATE = "超期完成"
    OPEN = "超期未完成"
    NOT_DUE = "未到期"
    DROPPED = "不再适用"
    """It fell away before it was due: withdrawn, objected to, closed."""
    UNKNOWN = "起止不明"


def seen_on(as_of: dt.date, *, over: bool) -> dict[str, dt.date]:
    """The parameters of every question as seen on *as_of*; *over*: at the end of that day, else while it is still going on."""
    return {"as_of": as_of, "over": as_of if over else as_of - dt.timedelta(days=1)}


def countable() -> Expression:
    """Records that are counted at all."""
    r = t.RECORDS.c
    return sa.and_(
        r.twin == "", r.case_id != "", r.verdict != Verdict.REJECTED.value, r.received.is_not(None)
    )


def _until(day: Expression) -> Expression:
    """A day if it had come on `AS_OF`, else NULL."""
    return sa.case((day <= AS_OF, day))


def _earlier(one: Expression, other: Expression) -> Expression:
    """The earlier of two days, either of which may be absent."""
    return sa.case((sa.or_(one.is_(None), other < one), other), else_=one)


def _words(kind: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(str(member) for member in kind)


def _word(expression: Expression, kind: Iterable[StrEnum] = ()) -> Field:
    return Field(Sort.WORD, sa.func.coalesce(expression, "", type_=sa.Text), _words(kind))


def _yes(expression: Expression) -> Field:
    return Field(Sort.YES, sa.case((expression, YES), else_=NO), (YES, NO))


def _day(expression: Expression, *columns: Expression) -> Field:
    return Field(Sort.DAY, expression, columns=columns)


def _filled(column: Expression) -> Expression:
    return sa.and_(column.is_not(None), column != "")


@cache
def _registered() -> Expression:
    """登记日期: where it was not noted, the day of receipt, for 收到信访事项应当予以登记 (条例22 22·1)."""
    return t.RECORDS.c.entered


def _of_record() -> dict[str, Field]:
    """What may be asked of every population: the record its members belong to."""
    r = t.RECORDS.c
    stages = {
        "转交日期": r.sent,
        "告知日期": r.told,
        "受理日期": r.accepted,
        "延期日期": r.extended,
        "答复日期": r.replied,
        "送达日期": r.served,
        "复查申请日期": r.review_requested,
        "复查日期": r.reviewed,
        "复核申请日期": r.recheck_requested,
        "复核日期": r.rechecked,
        "结案日期": r.closed,
        "撤回日期": r.withdrawn,
        "办结日期": _earlier(r.replied, r.closed),
    }
    kept = {"办结日期": (r.replied, r.closed)}
    has = {
        "首办责任人": r.first_handler,
        "登记日期": r.registered,
        "内容分类": r.category,
        "属地": r.locus,
        "办理路径": r.way,
    }
    return {
        "收到日期": _day(r.received),
        "登记日期": _day(_registered()),
        **{name: _day(_until(day), *kept.get(name, (day,))) for name, day in stages.items()},
        **{
            f"已{name.removesuffix('日期')}": _yes(sa.and_(day.is_not(None), day <= AS_OF))
            for name, day in stages.items()
        },
        **{f"登记了{name}": _yes(_filled(sa.cast(column, sa.Text))) for name, column in has.items()},
        "形式": _word(r.channel, Channel),
        "细分渠道": _word(r.subchannel),
        "初次重复": _word(r.repeat, Repeat),
        "登记机关": _word(r.organ),
        "责任单位": _word(_unit()),
        "目的": _word(r.purpose, Purpose),
        "办理路径": _word(r.way, ClaimPath),
        "内容分类": _word(r.category),
        "属地": _word(r.locus),
        "人数": Field(Sort.NUMBER, r.headcount),
        "涉及人数": Field(Sort.NUMBER, r.affected),
        "联名人数": Field(Sort.NUMBER, r.signatories),
        "已评价": _yes(_happened("评价")),
        "评价结果": _word(_verdict(), Satisfaction),
        "已回访": _yes(_happened("回访")),
        "匿名": _yes(r.anonymous),
        "住址清楚": _yes(r.reachable),
        "校验结论": _word(r.verdict),
        "进度": Field(Sort.WORD, _progress(stages), PROGRESS),
    }


def _unit() -> Expression:
    """责任单位 as known on `AS_OF`: before a matter is sent on it is with the organ that registered it."""
    r = t.RECORDS.c
    return sa.func.coalesce(sa.case((r.sent <= AS_OF, sa.func.nullif(r.unit, ""))), r.organ)


def _of_each(column: Expression) -> Expression:
    """A column as it is, but hidden from the indexes: what is asked of each record is looked up by the record.

    SQLite would look through all events of the kind instead, for every record again.
    """
    return sa.func.coalesce(column, "", type_=sa.Text)


def _happened(kind: str) -> Expression:
    """Whether a record has an event of a kind on `AS_OF`."""
    event = t.EVENTS.alias()
    return sa.exists().where(
        event.c.record == t.RECORDS.c.id, _of_each(event.c.kind) == kind, event.c.date <= AS_OF
    )


def _verdict() -> Expression:
    """What the petitioner said last of the 责任单位."""
    event = t.EVENTS.alias()
    return (
        sa.select(event.c.code)
        .where(
            event.c.record == t.RECORDS.c.id,
            _of_each(event.c.kind) == "评价",
            event.c.target == EvaluationOf.UNIT.value,
            event.c.date <= AS_OF,
        )
        .order_by(event.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


LIMITS = {
    "转送交办": "disposition",
    "告知": "notice",
    "转来件告知": "notice-after-transfer",
    "异议": "objection",
    "办理": "handling",
    "复查": "review",
    "复核": "recheck",
    "建议反馈": "suggestion-feedback",
    "申请复查": "review-request",
    "申请复核": "recheck-request",
    "交办反馈": "assignment-feedback",
    "来文反馈": "source-feedback",
    "督办反馈": "supervision-feedback",
    "执行": "execution",
}
"""What definitions call the limits a duty may have: those of the regulations, and those whose day an organ names."""
PROGRESS = (
    "已撤回",
    "已结案",
    "已复核",
    "复核中",
    "已复查",
    "复查中",
    "已答复",
    "办理中",
    "已告知",
    "已转送、交办",
    "已登记",
)
"""The farthest step that a matter had come to, the last one first."""


def _progress(stages: Mapping[str, Expression]) -> Expression:
    steps = (
        "撤回日期",
        "结案日期",
        "复核日期",
        "复核申请日期",
        "复查日期",
        "复查申请日期",
        "答复日期",
        "受理日期",
        "告知日期",
        "转交日期",
    )
    come = [(stages[step] <= AS_OF, word) for step, word in zip(steps, PROGRESS, strict=False)]
    return sa.case(*come, else_=PROGRESS[-1])


_REACH = 60
"""Days that the extensions of one limit may come to: once 30, and once again after the opinion was quashed (R09)."""


def _due() -> Expression:
    """The last day of a limit as known on `AS_OF`: an extension that was granted later did not lengthen it yet (条例22 34)."""
    limit, event = t.LIMITS.c, t.EVENTS.alias()
    granted = sa.select(sa.func.coalesce(sa.func.sum(event.c.days), 0)).where(
        event.c.record == limit.record,
        _of_each(event.c.kind) == "延期",
        event.c.date > AS_OF,
        event.c.organ == limit.organ,
        event.c.seq > limit.event,
    )
    lengthened = sa.and_(limit.limit == "handling", limit.national, t.RECORDS.c.extended.is_not(None))
    return sa.case((lengthened, DaysEarlier(limit.due, granted.scalar_subquery())), else_=limit.due)


def _outcome() -> Expression:
    """How a limit stood on `AS_OF`.  A duty kept or fallen away later than it was due was open until then."""
    limit, due = t.LIMITS.c, _due()
    return sa.case(
        (limit.due.is_(None), Outcome.UNKNOWN.value),
        (sa.and_(limit.met <= AS_OF, limit.met <= due), Outcome.IN_TIME.value),
        (limit.met <= AS_OF, Outcome.LATE.value),
        (sa.and_(limit.ended <= AS_OF, limit.ended <= due), Outcome.DROPPED.value),
        (due <= OVER, Outcome.OPEN.value),
        else_=Outcome.NOT_DUE.value,
    )


def _population(
    name: str, unit: str, table: sa.Table | None, own: dict[str, Field], begins: Expression | None = None
) -> Population:
    """A population of parts of records; *begins* is the day from which a member is there."""
    rows: FromClause = t.RECORDS
    known = sa.and_(countable(), _registered() <= AS_OF)
    if table is not None:
        rows = table.join(t.RECORDS, t.RECORDS.c.id == table.c.record)
    if begins is not None:
        known = sa.and_(known, begins <= AS_OF)
    return Population(name, unit, rows, t.RECORDS.c.id, MappingProxyType({**_of_record(), **own}), known)


def _destinations() -> Population:
    d, e = t.DESTINATIONS, t.EVENTS
    rows = d.join(e, sa.and_(e.c.record == d.c.record, e.c.seq == d.c.event)).join(
        t.RECORDS, t.RECORDS.c.id == d.c.record
    )
    own = {
        "事项": _word(e.c.kind),
        "日期": _day(e.c.date),
        "机关": _word(e.c.organ),
        "单位": _word(d.c.organ),
        "主协": _word(d.c.lead, Lead),
    }
    known = sa.and_(countable(), e.c.date <= AS_OF)
    return Population("去向", "件次", rows, t.RECORDS.c.id, MappingProxyType({**_of_record(), **own}), known)


def _repeats() -> Population:
    """重复件 and what had become of the matter it repeats, by 关联编号, when it came."""
    r, link = t.RECORDS, t.RELATED
    first = t.RECORDS.alias("original")
    supervised = sa.exists().where(
        t.EVENTS.c.record == first.c.id, _of_each(t.EVENTS.c.kind) == "督办", t.EVENTS.c.date <= r.c.received
    )
    rows = link.join(r, r.c.id == link.c.record).join(first, first.c.case_id == link.c.other)
    own = {
        "原件已答复": _yes(first.c.replied <= r.c.received),
        "原件已送达": _yes(first.c.served <= r.c.received),
        "原件已督办": _yes(supervised),
        "原件责任单位": _word(sa.func.coalesce(sa.func.nullif(first.c.unit, ""), first.c.organ)),
    }
    known = sa.and_(countable(), r.c.repeat == Repeat.AGAIN.value, first.c.twin == "", _registered() <= AS_OF)
    return Population("重复件", "件", rows, r.c.id, MappingProxyType({**_of_record(), **own}), known)


@cache
def populations() -> Mapping[str, Population]:
    """Every population by name."""
    claim, event, limit, source, issued = (
        table.c for table in (t.CLAIMS, t.EVENTS, t.LIMITS, t.SOURCES, t.ISSUED)
    )
    made = (
        _population("信访件", "件", None, {}),
        _population(
            "诉求",
            "项",
            t.CLAIMS,
            {
                "目的": _word(claim.purpose, Purpose),
                "办理路径": _word(claim.path, ClaimPath),
                "内容分类": _word(claim.category),
                "属地": _word(claim.locus),
            },
        ),
        _population(
            "办理事项",
            "次",
            t.EVENTS,
            {
                "事项": Field(Sort.WORD, event.kind, tuple(EVENT_KINDS)),
                "日期": _day(event.date),
                "机关": _word(event.organ),
                "单位": _word(sa.func.coalesce(event.target, event.organ)),
                "对象": _word(event.target),
                "结果": _word(event.code),
                "方式": _word(event.manner),
                "要求反馈日期": _day(event.due),
                "延长天数": Field(Sort.NUMBER, event.days),
            },
            event.date,
        ),
        _population(
            "期限",
            "项",
            t.LIMITS,
            {
                "期限": Field(Sort.WORD, limit.limit, tuple(LIMITS), LIMITS),
                "国家规定": _yes(limit.national),
                "单位": _word(limit.organ),
                "起算日期": _day(limit.start),
                "到期日期": Field(Sort.DAY, _due(), columns=(limit.due,), reach=_REACH),
                "完成日期": _day(_until(limit.met)),
                "情况": Field(Sort.WORD, _outcome(), _words(Outcome)),
                "已完成": _yes(sa.and_(limit.met.is_not(None), limit.met <= AS_OF)),
            },
            sa.func.coalesce(limit.start, limit.due, t.RECORDS.c.received),
        ),
        _population(
            "来文",
            "件",
            t.SOURCES,
            {
                "类别": _word(source.kind, SourceKind),
                "机关": _word(source.organ),
                "来文日期": _day(source.date),
            },
        ),
        _population(
            "文书",
            "份",
            t.ISSUED,
            {"种类": _word(issued.kind), "日期": _day(issued.date), "作废": _yes(issued.void)},
            issued.date,
        ),
        _destinations(),
        _repeats(),
    )
    return MappingProxyType({population.name: population for population in made})
