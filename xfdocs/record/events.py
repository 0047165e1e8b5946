"""What happened to a case, event by event (办理): append-only, the truth everything else is derived from.

Each event names its day, the organ that acted where that is not the registering one, and who
handled it.  ``seq`` is the event's own number in the record; other events and issued documents
refer to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xfdocs.record.codes import (
    Agreement,
    Conclusion,
    EvaluationOf,
    HearingStage,
    Lead,
    Material,
    MediationForm,
    NoticeManner,
    ReplyKind,
    ReviewOutcome,
    Satisfaction,
    ServiceMethod,
    SuggestionKind,
    SupervisionForm,
    UrgingMethod,
)
from xfdocs.record.schema import attribute, element


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One dated act in the handling of a case."""

    seq: int = attribute("序")
    date: dt.date = attribute("日期")
    organ: str | None = attribute("机关", default=None)
    handler: str | None = attribute("经办人", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """依据: a cited provision."""

    name: str = element("名称")
    provision: str | None = element("条款", default=None)
    content: str | None = element("内容", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """去向: an organ a matter goes to."""

    organ: str = element("机关")
    lead: Lead = element("主协")
    received: dt.date | None = element("收到日期", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Event):
    """转送 (条例22 22·1(一)(二))."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    destinations: tuple[Destination, ...] = element("去向")
    material: Material = element("材料")
    abstract: str | None = element("摘要", default=None)
    copies: tuple[str, ...] = element("抄送", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Event):
    """交办 (条例22 22·1(三))."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    destinations: tuple[Destination, ...] = element("去向")
    deadline: dt.date | None = element("办理期限", default=None)
    responsible: str | None = element("责任人", default=None)
    supervisor: str | None = element("督办领导", default=None)
    demands: tuple[str, ...] = element("要求", default=())
    material: Material = element("材料")
    abstract: str | None = element("摘要", default=None)
    copies: tuple[str, ...] = element("抄送", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Event):
    """报请 (条例22 22·1(一))."""

    recipient: str = element("对象")
    proposal: str = element("建议")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(Event):
    """受理 (条例22 23, 31(六), 34)."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    responsible: str | None = element("责任人", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureGuidance:
    """途径程序: guidance into a statutory procedure (条例22 23, 31(一)–(五))."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    procedure: str = element("途径")
    organ: str | None = element("机关", default=None)
    bases: tuple[Basis, ...] = element("依据", default=())
    list_version: str | None = element("清单版本", default=None)
    forwarded: dt.date | None = element("转入日期", default=None)
    term: str | None = element("办理期限", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetentOrgan:
    """向有权机关提出: the matter belongs to another organ (条例22 23·1 末句)."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    organ: str = element("机关")
    explanation: str | None = element("说明", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonAcceptance:
    """不予受理: refusal on a statutory ground (条例22 19·3)."""

    claims: tuple[int, ...] = attribute("诉求", default=())
    ground: str = element("理由")
    pending_organ: str | None = element("在办机关", default=None)
    pending_number: str | None = element("在办编号", default=None)
    competent: str | None = element("有权机关", default=None)
    explanation: str | None = element("说明", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFurtherAcceptance:
    """不再受理: the three levels are exhausted (条例22 36·3)."""

    ground: str = element("理由")
    recheck_organ: str | None = element("复核机关", default=None)
    recheck_number: str | None = element("复核文号", default=None)
    recheck_date: dt.date | None = element("复核日期", default=None)
    explanation: str | None = element("说明", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """去向告知: tells where the matter went (条例22 23·1)."""

    event: int = attribute("事件")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Event):
    """告知 (条例22 23)."""

    manner: NoticeManner = element("方式")
    procedures: tuple[ProcedureGuidance, ...] = element("途径程序", default=())
    competents: tuple[CompetentOrgan, ...] = element("向有权机关提出", default=())
    refusal: NonAcceptance | None = element("不予受理", default=None)
    exhausted: NoFurtherAcceptance | None = element("不再受理", default=None)
    whereabouts: Whereabouts | None = element("去向告知", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecision:
    """决定: what the transferring organ decided on an objection."""

    outcome: Agreement = element("结果")
    date: dt.date = element("日期")
    explanation: str | None = element("说明", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(Event):
    """异议 (条例22 23·3)."""

    against: int | None = attribute("事件", default=None)
    reason: str | None = element("理由", default=None)
    decision: ObjectionDecision | None = element("决定", default=None)
    returned: dt.date | None = element("交还日期", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Event):
    """延期 (条例22 34)."""

    days: int = element("天数")
    reason: str | None = element("理由", default=None)
    approver: str | None = element("批准人", default=None)
    approver_post: str | None = element("批准人职务", default=None)
    approved: dt.date | None = element("批准日期", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation(Event):
    """调查 (条例22 31(六))."""

    method: str = element("方式")
    investigators: tuple[str, ...] = element("调查人", default=())
    findings: str = element("情况")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing(Event):
    """听证 (条例22 31(六), 36·2)."""

    stage: HearingStage = element("阶段")
    ended: dt.date | None = element("结束日期", default=None)
    published: bool | None = element("公示", default=None)
    findings: str | None = element("结论", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation(Event):
    """调解 (条例22 33)."""

    form: MediationForm = element("方式")
    agreed: bool = element("达成协议")
    content: str | None = element("内容", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """意见: the answer to one claim (条例22 32)."""

    claim: int = attribute("诉求")
    findings: str | None = element("认定", default=None)
    conclusion: Conclusion = element("结论")
    bases: tuple[Basis, ...] = element("依据", default=())
    explanation: str | None = element("说明", default=None)
    executor: str | None = element("执行单位", default=None)
    execute_by: dt.date | None = element("执行期限", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Event):
    """答复 (条例22 29, 31(五), 32)."""

    kind: ReplyKind = element("种类")
    opinions: tuple[Opinion, ...] = element("意见")
    review_organ: str | None = element("复查机关", default=None)
    signer: str | None = element("签发人", default=None)
    copies: tuple[str, ...] = element("抄送", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest(Event):
    """复查申请 (条例22 35)."""

    posted: dt.date | None = element("交邮日期", default=None)
    request: str | None = element("请求", default=None)
    against: str | None = element("针对文号", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Event):
    """复查 (条例22 35)."""

    outcome: ReviewOutcome = element("结论")
    opinion: str = element("意见")
    bases: tuple[Basis, ...] = element("依据", default=())
    number: str | None = element("文号", default=None)
    recheck_organ: str | None = element("复核机关", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRequest(Event):
    """复核申请 (条例22 36·1)."""

    posted: dt.date | None = element("交邮日期", default=None)
    request: str | None = element("请求", default=None)
    against: str | None = element("针对文号", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck(Event):
    """复核 (条例22 36)."""

    outcome: ReviewOutcome = element("结论")
    opinion: str = element("意见")
    bases: tuple[Basis, ...] = element("依据", default=())
    number: str | None = element("文号", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision(Event):
    """督办 (条例22 40·1; 05·36)."""

    of: int | None = attribute("事件", default=None)
    form: SupervisionForm = element("形式")
    target: str = element("对象")
    grounds: tuple[str, ...] = element("情形")
    original_number: str | None = element("原件文号", default=None)
    original_date: dt.date | None = element("原件日期", default=None)
    was_due: dt.date | None = element("应办结日期", default=None)
    findings: str | None = element("情况", default=None)
    demands: tuple[str, ...] = element("要求", default=())
    advice: str | None = element("改进建议", default=None)
    feedback_due: dt.date | None = element("反馈期限", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urging(Event):
    """催办."""

    target: str = element("对象")
    method: UrgingMethod = element("方式")
    content: str = element("内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(Event):
    """建议 (条例22 40)."""

    kind: SuggestionKind = element("类别")
    recipient: str = element("对象")
    content: str = element("内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Event):
    """反馈 (条例22 22·1(三), 40·4)."""

    of: int = attribute("事件")
    unit: str = element("单位")
    report: bool | None = element("办结报告", default=None)
    content: str = element("内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """拒收: the recipient would not sign."""

    reason: str | None = element("事由", default=None)
    witnesses: tuple[str, ...] = element("见证人", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Event):
    """送达."""

    of: int = attribute("事件")
    recipient: str = element("受送达人")
    method: ServiceMethod = element("方式")
    place: str | None = element("地点", default=None)
    servers: tuple[str, ...] = element("送达人", default=())
    tracking: str | None = element("邮件号", default=None)
    received: dt.date | None = element("收到日期", default=None)
    receiver: str | None = element("签收人", default=None)
    relation: str | None = element("关系", default=None)
    refusal: Refusal | None = element("拒收", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution(Event):
    """执行 (条例22 32 末款)."""

    of: int = attribute("事件")
    unit: str = element("单位")
    content: str = element("内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Event):
    """评价 (条例22 21·2)."""

    of: EvaluationOf = element("对象")
    result: Satisfaction = element("结果")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Event):
    """回访."""

    method: str = element("方式")
    consented: bool = element("同意")
    content: str | None = element("内容", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal(Event):
    """回避 (条例22 28·3)."""

    person: str = element("人员")
    reason: str = element("事由")
    replacement: str | None = element("接替人", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Event):
    """撤回."""

    content: str | None = element("说明", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Event):
    """结案."""

    manner: str = element("方式")
    content: str | None = element("说明", default=None)


EVENT_KINDS: dict[str, type[Event]] = {
    "转送": Transfer,
    "交办": Assignment,
    "报请": Submission,
    "受理": Acceptance,
    "告知": Notice,
    "异议": Objection,
    "延期": Extension,
    "调查": Investigation,
    "听证": Hearing,
    "调解": Mediation,
    "答复": Reply,
    "复查申请": ReviewRequest,
    "复查": Review,
    "复核申请": RecheckRequest,
    "复核": Recheck,
    "督办": Supervision,
    "催办": Urging,
    "建议": Suggestion,
    "反馈": Feedback,
    "送达": Service,
    "执行": Execution,
    "评价": Evaluation,
    "回访": FollowUp,
    "回避": Recusal,
    "撤回": Withdrawal,
    "结案": Closure,
}
"""Element name of an event in the record → its class."""
