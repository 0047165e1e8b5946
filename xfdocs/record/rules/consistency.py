"""记录前后一致 (C04…): references, dates inside an event, what goes together and what does not.

C01–C03 stand in `schemas/case.sch`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from xfdocs.errors import RegulationMissing
from xfdocs.record.codes import Channel, NoticeManner, Purpose, Repeat
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    CompetentOrgan,
    Evaluation,
    Event,
    Execution,
    Extension,
    Feedback,
    Hearing,
    Mediation,
    Notice,
    Objection,
    ProcedureGuidance,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
    Service,
    Suggestion,
    Supervision,
    Transfer,
)
from xfdocs.record.model import Counts
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import ERROR, INFO, WARNING, Hit, listed, rule

_SENT = (Transfer, Assignment)
_REFERENCES: dict[type[Event], tuple[str, tuple[type[Event], ...], str]] = {
    Objection: ("against", _SENT, "转送、交办"),
    Supervision: ("of", _SENT, "转送、交办"),
    Feedback: ("of", (Assignment, Supervision, Suggestion), "交办、督办、建议"),
    Service: (
        "of",
        (Acceptance, Notice, Extension, Reply, Review, Recheck, Hearing, Mediation, *_SENT),
        "受理、告知、延期、答复、复查、复核等制发了文书的",
    ),
    Execution: ("of", (Reply, Review, Recheck, Mediation), "答复、复查、复核、调解"),
}
"""Event → field that refers to another, classes it may refer to, and how to say so."""


@rule("C04", "办理事件不早于收到日期", ERROR)
def nothing_before_receipt(m: Matter) -> Iterator[Hit]:
    """Nobody acts on what has not arrived."""
    received = m.case.registration.received
    for event in m.case.events:
        if event.date < received:
            yield Hit(event, "日期", f"事件日期 {event.date} 早于收到日期 {received}，请核对。")


@rule("C05", "事件引用的是前面已有的、种类相符的事件", ERROR)
def references_hold(m: Matter) -> Iterator[Hit]:
    """``事件`` names an earlier event of a fitting kind."""
    for event in m.case.events:
        if type(event) in _REFERENCES:
            name, kinds, words = _REFERENCES[type(event)]
            yield from _reference(m, event, event, getattr(event, name), kinds, words)
        elif isinstance(event, Notice) and event.whereabouts is not None:
            yield from _reference(m, event, event.whereabouts, event.whereabouts.event, _SENT, "转送、交办")
    for issued in m.case.issued:
        if issued.event is not None and issued.event not in m.by_seq:
            yield Hit(issued, "事件", f"文书对应的事件 {issued.event} 不存在，请核对。")


def _reference(
    m: Matter, event: Event, part: object, seq: int | None, kinds: tuple[type[Event], ...], words: str
) -> Iterator[Hit]:
    if seq is None:
        return
    target = m.by_seq.get(seq)
    if target is None:
        yield Hit(part, "事件", f"引用的事件 {seq} 不存在，请核对。")
    elif target.seq >= event.seq:
        yield Hit(part, "事件", f"引用的事件 {seq} 不在本事件之前，请核对。")
    elif not isinstance(target, kinds):
        yield Hit(part, "事件", f"引用的事件 {seq} 种类不对，应当是{words}事件。")


@rule("C06", "引用的诉求序号存在", ERROR)
def claims_exist(m: Matter) -> Iterator[Hit]:
    """``诉求`` names claims of this record."""
    for part, seqs in _claims_named(m.case.events):
        if unknown := [seq for seq in seqs if seq not in m.claims]:
            yield Hit(part, "诉求", f"没有第 {listed(unknown)} 项诉求，请核对。")


def _claims_named(events: Iterable[Event]) -> Iterator[tuple[object, tuple[int, ...]]]:
    """The parts of events that say which claims they are about, and which."""
    for event in events:
        if isinstance(event, Transfer | Assignment | Acceptance):
            yield event, event.claims
        elif isinstance(event, Reply):
            for opinion in event.opinions:
                yield opinion, (opinion.claim,)
        elif isinstance(event, Notice):
            parts: tuple[ProcedureGuidance | CompetentOrgan, ...] = (*event.procedures, *event.competents)
            for part in parts:
                yield part, part.claims
            if event.refusal is not None:
                yield event.refusal, event.refusal.claims


@rule("C07", "告知要有内容，内容不自相矛盾", ERROR, "《信访工作条例》第二十三条", about=(Notice,))
def notice_says_something(m: Matter) -> Iterator[Hit]:
    """A written notice tells at least one thing; 不再受理 stands alone."""
    for notice in m.of(Notice):
        contents = [
            zh
            for zh, present in (
                ("途径程序", notice.procedures),
                ("向有权机关提出", notice.competents),
                ("不予受理", notice.refusal),
                ("不再受理", notice.exhausted),
                ("去向告知", notice.whereabouts),
            )
            if present
        ]
        if not contents and notice.manner is not NoticeManner.ORAL:
            text = "告知没有内容。请填写途径程序、向有权机关提出、不予受理、不再受理、去向告知之一；受理的，登记“受理”。"
            yield Hit(notice, "", text)
        if notice.exhausted is not None and len(contents) > 1:
            others = listed(c for c in contents if c != "不再受理")
            yield Hit(notice, "", f"不再受理是对整个事项的，不能与{others}写在同一个告知里，请分开登记。")


@rule(
    "C07",
    "同一项诉求不能既不予受理又告知途径程序或者受理",
    ERROR,
    "《信访工作条例》第二十三条",
    about=(Notice,),
)
def no_claim_both_refused_and_taken(m: Matter) -> Iterator[Hit]:
    """Refused is refused: by the same organ no acceptance beside it."""
    for notice in m.of(Notice):
        if notice.refusal is None:
            continue
        refused = set(notice.refusal.claims) or set(m.claims)
        for acceptance in m.of(Acceptance):
            both = refused & {c.seq for c in m.concerned(acceptance)}
            if both and m.organ(acceptance) == m.organ(notice):
                text = f"第 {listed(sorted(both))} 项诉求既不予受理又受理，互相矛盾，请核对。"
                yield Hit(notice.refusal, "诉求", text)


_FITTING = {
    Purpose.ADVICE: {ClaimPath.ADVICE},
    Purpose.REPORT: {ClaimPath.REPORT, ClaimPath.DUTY},
    Purpose.CLAIM: set(ClaimPath) - {ClaimPath.ADVICE, ClaimPath.REPORT},
}
"""Purpose → the paths it may take; any other purpose may take any."""


@rule("C08", "信访目的与办理路径相符", ERROR, "《信访工作条例》第二十九条、第三十条、第三十一条")
def purpose_fits_the_path(m: Matter) -> Iterator[Hit]:
    """29 is for advice, 30 for reports, 31 for claims."""
    for claim in m.case.claims:
        if claim.path is None:
            continue
        fitting = _FITTING.get(claim.purpose)
        if fitting is not None and claim.path not in fitting:
            text = f"信访目的是“{claim.purpose}”，办理路径却是 {claim.path}，请核对。建议意见为 29，检举控告为 30，申诉求决为 31-1 至 31-6。"
            yield Hit(claim, "办理路径", text)


@rule("C09", "同一部分中的日期先后合理", ERROR)
def dates_in_order(m: Matter) -> Iterator[Hit]:
    """Received after sent, ended after begun, due after set."""
    for source in m.case.registration.sources:
        if source.received and source.received < source.date:
            yield Hit(
                source, "收到日期", f"收到日期 {source.received} 早于转送、交办日期 {source.date}，请核对。"
            )
    for event, part, at, later in _later_dates(m.case.events):
        if later is not None and later < event.date:
            yield Hit(part, at, f"“{at}” {later} 早于事件日期 {event.date}，请核对。")


def _later_dates(events: Iterable[Event]) -> Iterator[tuple[Event, object, str, dt.date | None]]:
    """What cannot lie before the day of its event: event, part, field, day."""
    for event in events:
        if isinstance(event, Transfer | Assignment):
            for destination in event.destinations:
                yield event, destination, "收到日期", destination.received
        elif isinstance(event, Service):
            yield event, event, "收到日期", event.received
        elif isinstance(event, Hearing):
            yield event, event, "结束日期", event.ended
        elif isinstance(event, Supervision):
            yield event, event, "反馈期限", event.feedback_due
        elif isinstance(event, Reply):
            for opinion in event.opinions:
                yield event, opinion, "执行期限", opinion.execute_by


@rule("C03", "送达不早于所送达的文书", ERROR, about=(Service,))
def service_after_its_document(m: Matter) -> Iterator[Hit]:
    """A service may be recorded late, behind later events; but nothing is served before it is made."""
    for service in m.of(Service):
        served = m.by_seq.get(service.of)
        if served is not None and service.date < served.date:
            text = f"“送达”的日期 {service.date} 早于所送达文书的日期 {served.date}，请核对。"
            yield Hit(service, "日期", text)


@rule("C10", "日期不在今天之后", WARNING)
def nothing_in_the_future(m: Matter) -> Iterator[Hit]:
    """A day that has not come is most often a slip."""
    registration = m.case.registration
    if registration.received > m.on:
        yield Hit(
            registration, "收到日期", f"收到日期 {registration.received} 在今天（{m.on}）之后，请核对。"
        )
    for event in m.case.events:
        if event.date > m.on:
            yield Hit(event, "日期", f"事件日期 {event.date} 在今天（{m.on}）之后，请核对。")


@rule(
    "C11",
    "信访人写明姓名（名称）、住址，不清的要标明",
    WARNING,
    "《信访工作条例》第十九条第一款、第二十三条第二款",
)
def petitioner_can_be_found(m: Matter) -> Iterator[Hit]:
    """19·1; what is unclear is marked, because then no written notice is due."""
    for person in m.case.petitioners:
        if not person.name and not person.name_unclear:
            yield Hit(person, "", '没有填写姓名（名称）。确实不清的，请标明 姓名不清="true"。')
        if not person.address and not person.address_unclear and not person.name_unclear and not person.email:
            yield Hit(person, "", '没有填写住址。确实不清的，请标明 住址不清="true"。')


@rule(
    "C12",
    "复查、复核先有申请，申请先有意见",
    ERROR,
    "《信访工作条例》第三十五条、第三十六条",
    about=(Review, Recheck, ReviewRequest, RecheckRequest),
)
def review_follows_request(m: Matter) -> Iterator[Hit]:
    """Opinion, request, review, request, recheck: in this order."""
    for decision, request, act in (
        *((e, ReviewRequest, "复查") for e in m.of(Review)),
        *((e, RecheckRequest, "复核") for e in m.of(Recheck)),
    ):
        if not any(isinstance(e, request) for e in m.before(decision)):
            yield Hit(decision, "", f"作出{act}意见前没有登记{act}申请，请补登“{act}申请”。")
    for review_request in m.of(ReviewRequest):
        yield from _against(m, review_request, review_request.against, Reply, "答复")
    for recheck_request in m.of(RecheckRequest):
        yield from _against(m, recheck_request, recheck_request.against, Review, "复查")


def _against(m: Matter, asked: Event, number: str | None, answer: type[Event], words: str) -> Iterator[Hit]:
    if not number and not any(isinstance(e, answer) for e in m.before(asked)):
        yield Hit(asked, "", f"不知道针对哪一份{words}意见。请登记原“{words}”，或者填写“针对文号”。")


@rule(
    "C13",
    "督办情形在代码表中",
    ERROR,
    "《信访工作条例》第四十条第一款；《信访条例》第三十六条第一款",
    about=(Supervision,),
)
def supervision_grounds_known(m: Matter) -> Iterator[Hit]:
    """The ground is printed in the letter."""
    for supervision in m.of(Supervision):
        for ground in supervision.grounds:
            try:
                m.law.supervision_ground(ground, supervision.date)
            except RegulationMissing:
                known = m.law.regulation_on(supervision.date).supervision.values()
                usable = "、".join(f"{g.code}（{g.title}）" for g in known)
                yield Hit(supervision, "情形", f"“{ground}”不是督办情形代码。可用：{usable}。")


@rule("C14", "受理、告知、答复的机关收到过这一事项", WARNING, about=(Acceptance, Reply))
def actors_received_it(m: Matter) -> Iterator[Hit]:
    """Whoever accepts or answers has it from the petitioner or by a transfer in this record."""
    own = m.case.registration.organ
    for event in m.case.events:
        if not isinstance(event, Acceptance | Reply):
            continue
        organ = m.organ(event)
        if organ != own and m.receipt(organ, event).direct:
            text = f"记录中没有把这一事项转送、交办给{organ}，请核对机关名称或者补登转送。"
            yield Hit(event, "机关", text)


@rule("C15", "人数与信访形式、代表相符", WARNING, about=(Counts,))
def counts_fit(m: Matter) -> Iterator[Hit]:
    """Visitors come in person; representatives are among them."""
    counts = m.case.counts
    if counts is None or counts.visitors is None:
        return
    if m.case.registration.channel is not Channel.VISIT:
        yield Hit(counts, "来访人数", f"信访形式是“{m.case.registration.channel}”，不应填写来访人数。")
    representatives = sum(1 for p in m.case.petitioners if p.representative)
    if representatives > counts.visitors:
        yield Hit(counts, "来访人数", f"来访 {counts.visitors} 人，代表却有 {representatives} 人，请核对。")


@rule("C16", "来电应当有口头记录", WARNING, "《信访工作条例》第十九条第一款")
def calls_are_written_down(m: Matter) -> Iterator[Hit]:
    """What is said on the telephone is written down faithfully."""
    registration = m.case.registration
    if registration.channel is Channel.CALL and registration.oral is None:
        yield Hit(registration, "", "来电提出的信访事项应当如实记录，请填写“口头记录”。")


@rule("C17", "关联编号不是本件编号，重复件写明关联编号", WARNING)
def related_is_another(m: Matter) -> Iterator[Hit]:
    """A matter is not its own predecessor."""
    registration = m.case.registration
    if m.case.id in registration.related:
        yield Hit(registration, "关联编号", "关联编号就是本件编号，请改为另一件的编号。")
    if registration.first is Repeat.AGAIN and not registration.related:
        yield Hit(registration, "初次重复", "登记为重复，但没有写明与哪一件重复，请填写“关联编号”。")


@rule(
    "R45",
    "初次信访事项才评价满意度，检举控告不评价",
    INFO,
    "国家信访局信访事项满意度评价办法（以现行规定为准）",
    about=(Evaluation,),
)
def evaluation_in_scope(m: Matter) -> Iterator[Hit]:
    """As the evaluation rules have it."""
    for evaluation in m.of(Evaluation):
        if m.case.registration.first is Repeat.AGAIN or m.protected:
            yield Hit(evaluation, "", "满意度评价一般只用于初次信访事项，检举控告和不宜公开的除外，请核对。")
