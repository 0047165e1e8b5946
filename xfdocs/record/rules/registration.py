"""登记、转送和告知是否及时 (R03, R04, R17).

A missed limit is a fact about the office, not a broken record: the clerk must still be able to register
and finish the matter.  So lateness is a warning that says by how many days.
"""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.office import Nature
from xfdocs.record.codes import Channel, Lead, NoticeManner
from xfdocs.record.derived import can_be_told, tells_by_own_rules
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Event,
    Notice,
    Reply,
    Submission,
    Transfer,
)
from xfdocs.record.model import Counts
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import WARNING, Hit, rule

_DISPOSING = (Transfer, Assignment, Submission, Acceptance, Notice, Reply)
_TELLING = (Acceptance, Notice, Reply)


@rule(
    "R03",
    "信访部门收到信访事项后 15 日内转送、交办或者报请",
    WARNING,
    "《信访工作条例》第二十二条第一款；《信访条例》第二十一条第一款",
    about=_DISPOSING,
)
def disposed_in_time(m: Matter) -> Iterator[Hit]:
    """22·1: a petition office disposes of what it receives within 15 days."""
    registration = m.case.registration
    if m.nature(registration.organ) is not Nature.PETITION_OFFICE:
        return
    done = next(
        (e for e in m.case.events if isinstance(e, _DISPOSING) and m.organ(e) == registration.organ), None
    )
    if done is None:
        return
    received = m.receipt(registration.organ, done).received
    late = m.missed("disposition", received, done.date)
    if late is not None:
        period, days = late
        text = f"{received} 收到，{done.date} 才{_act(done)}，超过 {period.text}期限 {days} 日（应不迟于 {period.due}）。"
        yield Hit(done, "日期", text, m.basis("disposition", received))


@rule(
    "R04",
    "收到后 15 日内书面告知信访人（姓名、住址不清的除外）",
    WARNING,
    "《信访工作条例》第二十三条；《信访条例》第二十一条第二款、第二十二条",
    about=_TELLING,
)
def told_in_time(m: Matter) -> Iterator[Hit]:
    """23·2, 23·3: whoever handles the matter tells the petitioner within 15 days of receipt."""
    if not can_be_told(m.case):
        return
    came = {m.case.registration.organ: m.case.claims}
    told: dict[str, Event] = {}
    for event in m.case.events:
        if isinstance(event, Transfer | Assignment):
            claims = m.concerned(event)
            for destination in event.destinations:
                if destination.received and destination.lead is Lead.LEAD:
                    came[destination.organ] = claims
        elif isinstance(event, _TELLING):
            told.setdefault(m.organ(event), event)
    for organ, claims in came.items():
        if organ in told and m.nature(organ) is Nature.COMPETENT and not tells_by_own_rules(organ, claims):
            yield from _told_late(m, organ, told[organ])


def _told_late(m: Matter, organ: str, told: Event) -> Iterator[Hit]:
    receipt = m.receipt(organ, told)
    limit_id = "notice" if receipt.direct else "notice-after-transfer"
    late = m.missed(limit_id, receipt.received, told.date)
    if late is not None:
        period, days = late
        text = f"{organ} {receipt.received} 收到，{told.date} 才告知信访人，超过 {period.text}期限 {days} 日（应不迟于 {period.due}）。"
        yield Hit(told, "日期", text, m.basis(limit_id, receipt.received))


@rule("R04", "告知应当采用书面形式", WARNING, "《信访工作条例》第二十三条第二款、第三款", about=(Notice,))
def told_in_writing(m: Matter) -> Iterator[Hit]:
    """23·2: in writing, on the spot where possible; local rules may allow word of mouth by consent."""
    if not can_be_told(m.case):
        return
    for notice in m.of(Notice):
        if notice.manner is NoticeManner.ORAL and m.law.local_on(notice.date) is None:
            yield Hit(
                notice,
                "方式",
                "信访人姓名、住址清楚，告知应当采用书面形式；只作了口头告知的，请补发书面告知。",
            )


@rule(
    "R17",
    "多人走访应当推选代表",
    WARNING,
    "《信访工作条例》第二十条第三款；《信访条例》第十八条第二款",
    about=(Counts,),
)
def representatives_chosen(m: Matter) -> Iterator[Hit]:
    """20·3: several people who come together choose representatives."""
    counts = m.case.counts
    if m.case.registration.channel is not Channel.VISIT or counts is None or counts.visitors is None:
        return
    most = m.law.provision("representatives", m.case.registration.received).number
    if most is not None and counts.visitors > most and not any(p.representative for p in m.case.petitioners):
        yield Hit(
            counts,
            "来访人数",
            f"来访 {counts.visitors} 人，没有登记代表。多人走访应当推选不超过 {most} 名代表。",
        )


def _act(event: Event) -> str:
    words = {
        Transfer: "转送",
        Assignment: "交办",
        Submission: "报请",
        Acceptance: "受理",
        Notice: "告知",
        Reply: "答复",
    }
    return words[type(event)]
