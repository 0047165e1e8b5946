"""Limits that run and have passed: what `xfdocs due` shows as overdue, told beside the record too.

The clocks themselves are counted in one place, `xfdocs.record.clocks`.  That something is late today is a fact
about the office, not about the record: a warning, and the only ones that come and go with the day.
"""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.record.clocks import Running
from xfdocs.record.codes import Lead
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Event,
    RecheckRequest,
    Reply,
    ReviewRequest,
    Suggestion,
    Supervision,
    Transfer,
)
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import WARNING, Hit, Rule, rule

_STARTS: dict[str, tuple[type[Event], ...]] = {
    "handling": (Acceptance,),
    "review": (ReviewRequest,),
    "recheck": (RecheckRequest,),
    "feedback": (Assignment,),
    "督办反馈": (Supervision,),
    "suggestion-feedback": (Suggestion, Supervision),
    "执行支持意见": (Reply,),
}
"""Id of a clock, or its name where the record and not the law sets the day → the events it starts from."""


def _overdue(name: str, code: str, words: str, basis: str, *clocks: str) -> Rule:
    """A rule that tells of some clocks when they have run out."""

    def check(m: Matter) -> Iterator[Hit]:
        for clock, row in m.overdue:
            if clock in clocks and code == _code(m, clock, row, code):
                part, at = _place(m, clock, row)
                also = f"（{row.note}）" if row.note else ""
                text = f"{row.actor}的“{row.limit}”应不迟于 {row.due}，已超期 {-(row.days_left or 0)} 日{also}。请尽快办理；已经办理的，请补登。"
                yield Hit(part, at, text, row.basis)

    check.__name__ = name
    return rule(code, words, WARNING, basis, about=(Running,))(check)


def _code(m: Matter, clock: str, row: Running, code: str) -> str:
    """R44 where two units lead one assignment, R06 where one does; the clock is the same."""
    if clock != "feedback":
        return code
    part, _ = _place(m, clock, row)
    several = isinstance(part, Assignment) and sum(d.lead is Lead.LEAD for d in part.destinations) > 1
    return "R44" if several else "R06"


def _place(m: Matter, clock: str, row: Running) -> tuple[object, str]:
    """Where the clock started."""
    kinds = _STARTS.get(clock)
    if kinds is not None:
        at = {Assignment: "办理期限", Supervision: "反馈期限"}
        for event in m.case.events:
            if isinstance(event, kinds) and event.date == row.start:
                return event, at.get(type(event), "日期")
    for event in m.case.events:
        if isinstance(event, Transfer | Assignment):
            for destination in event.destinations:
                if destination.organ == row.actor and (destination.received or event.date) == row.start:
                    return destination, "收到日期"
    return m.case.registration, "收到日期"


R03_OVERDUE = _overdue(
    "overdue_disposition",
    "R03",
    "信访部门收到的事项已转送、交办或者报请",
    "《信访工作条例》第二十二条第一款",
    "disposition",
)
R04_OVERDUE = _overdue(
    "overdue_notice",
    "R04",
    "收到的事项已书面告知信访人",
    "《信访工作条例》第二十三条第二款、第三款",
    "notice",
    "notice-after-transfer",
)
R06_OVERDUE = _overdue(
    "overdue_feedback",
    "R06",
    "交办、督办已按期反馈",
    "《信访工作条例》第二十二条第一款第三项、第四十条",
    "feedback",
    "向交办机关反馈办理结果",
    "督办反馈",
)
R08_OVERDUE = _overdue(
    "overdue_handling", "R08", "受理的事项已办结", "《信访工作条例》第三十四条", "handling"
)
R18_OVERDUE = _overdue(
    "overdue_review", "R18", "复查请求已有复查意见", "《信访工作条例》第三十五条", "review"
)
R19_OVERDUE = _overdue(
    "overdue_recheck", "R19", "复核请求已有复核意见", "《信访工作条例》第三十六条第一款", "recheck"
)
R42_OVERDUE = _overdue(
    "overdue_execution", "R42", "支持的意见已按期执行", "《信访工作条例》第三十二条第二款", "执行支持意见"
)
R43_OVERDUE = _overdue(
    "overdue_suggestion",
    "R43",
    "改进建议已按期书面反馈（2005 年条例 30 日）",
    "《信访条例》第三十六条第二款",
    "suggestion-feedback",
)
R44_OVERDUE = _overdue(
    "overdue_second_feedback",
    "R44",
    "双交办的两个单位都已按期反馈",
    "《信访工作条例》第二十二条第一款第三项",
    "feedback",
)
