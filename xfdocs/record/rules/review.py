"""复查、复核和送达 (R13, R18–R21, R28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import SequenceMatcher

from xfdocs.errors import RegulationMissing
from xfdocs.record.codes import WITH_REMEDY, HearingStage
from xfdocs.record.derived import can_be_told
from xfdocs.record.events import (
    Closure,
    Event,
    Hearing,
    Notice,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
)
from xfdocs.record.history import hearing_days, named_above, quashes
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import ERROR, INFO, WARNING, Hit, rule
from xfdocs.rules import together

_LAPSED = "R2"
"""逾期未申请复查、复核: a ground of some local regulations (北京 37(三), 山东 46(二), 浙江 25(二)), not of the national one."""
_SAME = 0.9
"""From this share of common text on, two opinions are worth comparing by eye."""
_COMPARED = 2000
"""So much of two opinions is compared, in characters; the time grows with the square."""
_REVIEW = "《信访工作条例》第三十五条；《信访条例》第三十四条"
_RECHECK = "《信访工作条例》第三十六条第一款；《信访条例》第三十五条第一款"


@rule("R18", "请求复查应当在收到书面答复之日起 30 日内", INFO, _REVIEW, about=(ReviewRequest,))
def review_requested_in_time(m: Matter) -> Iterator[Hit]:
    """The petitioner's own delay: whether to take it up is for the reviewing organ to say."""
    for request in m.of(ReviewRequest):
        yield from _requested_late(m, request, "review-request", "复查")


@rule("R19", "请求复核应当在收到书面答复之日起 30 日内", INFO, _RECHECK, about=(RecheckRequest,))
def recheck_requested_in_time(m: Matter) -> Iterator[Hit]:
    """As R18, one level up."""
    for request in m.of(RecheckRequest):
        yield from _requested_late(m, request, "recheck-request", "复核")


def _requested_late(
    m: Matter, request: ReviewRequest | RecheckRequest, limit_id: str, act: str
) -> Iterator[Hit]:
    answer = _disputed(m, request)
    served = m.served(answer) if answer is not None else None
    if served is None:
        return
    # 民事诉讼法 85·4, by analogy: posted before the end is in time.
    asked = request.posted or request.date
    late = m.missed(limit_id, served, asked)
    if late is not None:
        period, days = late
        text = f"信访人 {served} 收到书面答复，{asked} 请求{act}，超过 {period.text}期限 {days} 日。是否受理由{act}机关决定。"
        yield Hit(request, "交邮日期" if request.posted else "日期", text)


@rule(
    "R13",
    "以逾期未申请复查、复核为由的，先要有送达记录，期限确已届满",
    ERROR,
    "《信访工作条例》第三十五条、第三十六条第一款；有此规定的地方条例",
    about=(Notice,),
)
def lapse_is_shown(m: Matter) -> Iterator[Hit]:
    """The local ground R2 says that thirty days ran out: they run from receipt of the answer, and from nothing else."""
    for notice in m.of(Notice):
        for part in (notice.refusal, notice.exhausted):
            if part is None or part.ground != _LAPSED:
                continue
            try:
                basis = together(m.law.ground(_LAPSED, notice.date).basis)
            except RegulationMissing:
                continue  # R12 says that it is no ground here
            fault = _not_lapsed(m, notice, part.explanation)
            if fault:
                yield Hit(part, "理由", fault, basis)


def _not_lapsed(m: Matter, notice: Notice, explanation: str | None) -> str:
    """Why it does not follow from the record that the time to seek 复查 or 复核 ran out; empty if it does."""
    answers = [e for e in (_reply_before(m, notice), _review_before(m, notice)) if e is not None]
    if not answers:
        lacking = "以逾期未申请复查、复核为由，应当写明是哪一份意见、信访人哪一天收到。请登记原“答复”和“送达”；原件另案登记的，写在“说明”中。"
        return "" if explanation else lacking
    answer = max(answers, key=lambda e: e.seq)
    act, limit_id = ("复核", "recheck-request") if isinstance(answer, Review) else ("复查", "review-request")
    served = m.served(answer)
    if served is None:
        return f"没有登记信访人收到 {answer.date} 的书面答复的日期，请求{act}的期限没有起算，不能以逾期为由。请登记“送达”。"
    if m.missed(limit_id, served, notice.date) is None:
        return f"信访人 {served} 收到书面答复，到 {notice.date} 请求{act}的期限还没有届满，不能以逾期为由。"
    for request in m.after(answer):
        if isinstance(request, ReviewRequest | RecheckRequest) and request.seq < notice.seq:
            asked = request.posted or request.date
            if m.missed(limit_id, served, asked) is None:
                return f"信访人已在期限内（{asked}）请求{act}，不能以逾期为由。"
    return ""


@rule("R18", "复查机关收到请求之日起 30 日内提出复查意见", WARNING, _REVIEW, about=(ReviewRequest,))
def reviewed_in_time(m: Matter) -> Iterator[Hit]:
    """30 days from the request's arrival."""
    for request in m.of(ReviewRequest):
        done = next((e for e in m.after(request) if isinstance(e, Review)), None)
        yield from _decided_late(m, request, done, "review", "复查", ())


@rule(
    "R19",
    "复核机关收到请求之日起 30 日内提出复核意见，听证时间不计",
    WARNING,
    _RECHECK,
    about=(RecheckRequest,),
)
def rechecked_in_time(m: Matter) -> Iterator[Hit]:
    """30 days, hearing days excluded (36·2)."""
    for request in m.of(RecheckRequest):
        done = next((e for e in m.after(request) if isinstance(e, Recheck)), None)
        yield from _decided_late(m, request, done, "recheck", "复核", tuple(hearing_days(m.case.events)))


def _decided_late(
    m: Matter, request: Event, done: Event | None, limit_id: str, act: str, excluded: tuple[dt.date, ...]
) -> Iterator[Hit]:
    late = m.missed(limit_id, request.date, done.date, excluded=excluded) if done is not None else None
    if done is not None and late is not None:
        period, days = late
        besides = f"（已扣除听证 {len(period.excluded)} 日）" if period.excluded else ""
        text = f"{request.date} 收到{act}请求，{done.date} 才作出{act}意见，超过 {period.text}期限 {days} 日{besides}。"
        yield Hit(done, "日期", text)


@rule("R19", "复核阶段的听证在复核申请之后", ERROR, "《信访工作条例》第三十六条第二款", about=(Hearing,))
def hearing_in_the_recheck(m: Matter) -> Iterator[Hit]:
    """A hearing whose days are taken off the recheck's period lies in it."""
    for hearing in m.of(Hearing):
        if hearing.stage is HearingStage.RECHECK and not any(
            isinstance(e, RecheckRequest) for e in m.before(hearing)
        ):
            yield Hit(hearing, "阶段", "还没有复核申请，听证的阶段不能是“复核”；办理过程中的听证请填“办理”。")


@rule("R20", "复查、复核由上一级机关、单位决定", ERROR, f"{_REVIEW}；{_RECHECK}", about=(Review, Recheck))
def decided_by_the_superior(m: Matter) -> Iterator[Hit]:
    """The organ above the one whose opinion is disputed, as the record or the office's map names it."""
    for decision in (*m.of(Review), *m.of(Recheck)):
        answer = _disputed(m, decision)
        if answer is None:
            continue
        replier, decider = m.organ(answer), m.organ(decision)
        above = [organ for organ in (named_above(answer), m.superior(replier)) if organ]
        act = "复查" if isinstance(decision, Review) else "复核"
        if decider == replier:
            yield Hit(decision, "机关", f"{act}机关与原机关都是{replier}。{act}应当由上一级机关、单位作出。")
        elif above and decider not in above:
            text = f"{act}由{decider}作出，但{replier}的上一级机关是{'、'.join(dict.fromkeys(above))}。请核对“机关”。"
            yield Hit(decision, "机关", text)


@rule("R20", "写明的复查机关与单位配置一致", WARNING, _REVIEW, about=(Reply,))
def review_organ_as_mapped(m: Matter) -> Iterator[Hit]:
    """Departments may have two superiors (本级政府, 上级主管部门); the clerk decides."""
    for reply in m.of(Reply):
        above = m.superior(m.organ(reply))
        if reply.review_organ and above and reply.review_organ not in {above, m.organ(reply)}:
            text = f"复查机关写的是{reply.review_organ}，单位配置中{m.organ(reply)}的上一级机关是{above}，请确认。"
            yield Hit(reply, "复查机关", text)


@rule(
    "R21",
    "撤销后重作的意见不与原意见基本相同",
    WARNING,
    "《山东省信访条例》第四十五条（参照）",
    about=(Review, Recheck),
)
def redone_opinion_differs(m: Matter) -> Iterator[Hit]:
    """A hint by likeness of text; whether it is the same decision is for people to say."""
    decisions: list[Review | Recheck] = [*m.of(Review), *m.of(Recheck)]
    for decision in decisions:
        if not quashes(decision):
            continue
        old = _reply_before(m, decision)
        if not isinstance(old, Reply):
            continue
        former = {o.claim: f"{o.conclusion}{o.findings or ''}{o.explanation or ''}" for o in old.opinions}
        for reply in (e for e in m.after(decision) if isinstance(e, Reply)):
            for opinion in reply.opinions:
                text = f"{opinion.conclusion}{opinion.findings or ''}{opinion.explanation or ''}"
                if opinion.claim in former and _alike(former[opinion.claim], text):
                    said = (
                        f"原意见已被撤销，对第 {opinion.claim} 项诉求重作的意见与原意见文字基本相同，请核对。"
                    )
                    yield Hit(opinion, "认定", said)
        if isinstance(decision, Review):
            for recheck in (e for e in m.after(decision) if isinstance(e, Recheck)):
                if _alike("".join(o.explanation or "" for o in old.opinions), recheck.opinion):
                    yield Hit(recheck, "意见", "复核意见与已被撤销的处理意见文字基本相同，请核对。")


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    matcher = SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return matcher.real_quick_ratio() >= _SAME and matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


@rule(
    "R28",
    "从收到书面答复起算的期限，先要有送达记录",
    WARNING,
    f"{_REVIEW}；{_RECHECK}",
    about=(ReviewRequest, RecheckRequest, Closure),
)
def served_before_the_clock(m: Matter) -> Iterator[Hit]:
    """Without a recorded receipt nobody knows when the 30 days began."""
    for request in (*m.of(ReviewRequest), *m.of(RecheckRequest)):
        answer = _disputed(m, request)
        if answer is not None and m.served(answer) is None:
            act = "复查" if isinstance(request, ReviewRequest) else "复核"
            text = f"没有登记信访人收到书面答复的日期，{act}请求的 30 日期限起算日未知。请登记“送达”。"
            yield Hit(request, "", text)
    for closure in m.of(Closure) if can_be_told(m.case) else ():
        for reply in m.of(Reply):
            if reply.kind in WITH_REMEDY and m.served(reply) is None:
                yield Hit(closure, "", f"已结案，但 {reply.date} 的答复没有登记送达。请登记“送达”。")


@rule(
    "R28",
    "复查、复核请求不早于收到书面答复",
    WARNING,
    f"{_REVIEW}；{_RECHECK}",
    about=(ReviewRequest, RecheckRequest),
)
def requested_after_service(m: Matter) -> Iterator[Hit]:
    """A request before the answer was in hand: one of the dates is wrong."""
    requests: list[ReviewRequest | RecheckRequest] = [*m.of(ReviewRequest), *m.of(RecheckRequest)]
    for request in requests:
        answer = _disputed(m, request)
        served = m.served(answer) if answer is not None else None
        if served is not None and served > (request.posted or request.date):
            yield Hit(request, "日期", f"请求的日期早于登记的收到书面答复的日期 {served}，请核对。")


def _disputed(m: Matter, act: Event) -> Reply | Review | None:
    """The answer before a request or a decision that it is about: 复查 of a reply, 复核 of a review."""
    return _reply_before(m, act) if isinstance(act, ReviewRequest | Review) else _review_before(m, act)


def _reply_before(m: Matter, event: Event) -> Reply | None:
    found = [e for e in m.before(event) if isinstance(e, Reply) and e.kind in WITH_REMEDY]
    return found[-1] if found else None


def _review_before(m: Matter, event: Event) -> Review | None:
    found = [e for e in m.before(event) if isinstance(e, Review)]
    return found[-1] if found else None
