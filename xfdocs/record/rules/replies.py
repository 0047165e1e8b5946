"""处理意见书和其他答复的内容、救济和执行 (R10, R11, R22, R42)."""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.record.codes import WITH_REMEDY, Conclusion
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import Acceptance, Mediation, Opinion, Recheck, Reply, Review
from xfdocs.record.history import quashes
from xfdocs.record.rules.matter import Matter, in_2022
from xfdocs.record.rules.rule import ERROR, WARNING, Hit, listed, rule

_SUPPORTING = {Conclusion.SUPPORT, Conclusion.PARTIAL}


@rule(
    "R10",
    "处理意见写明认定的事实、依据和具体意见",
    ERROR,
    "《信访工作条例》第三十二条；《信访条例》第三十二条",
    about=(Reply,),
)
def opinion_is_complete(m: Matter) -> Iterator[Hit]:
    """32: 投诉请求、事实和理由、处理意见及其法律法规依据."""
    for reply in m.of(Reply):
        for opinion in reply.opinions:
            which = f"对第 {opinion.claim} 项诉求的意见"
            if reply.kind not in WITH_REMEDY:
                if not (opinion.findings or opinion.explanation):
                    yield Hit(opinion, "", f"{which}没有内容，请填写“认定”或者“说明”。")
                continue
            if not opinion.findings:
                yield Hit(opinion, "", f"{which}没有写明查明的事实和理由，请填写“认定”。")
            if not opinion.bases and not (opinion.conclusion is Conclusion.EXPLAIN and opinion.explanation):
                text = f"{which}没有依据，请填写“依据”；请求合理但缺乏法律依据的，结论为“解释说明”，并在“说明”中写明。"
                yield Hit(opinion, "", text)
            if not _decides(opinion):
                text = f"{which}只有结论“{opinion.conclusion}”，没有具体意见，请在“说明”中写明怎样处理、理由是什么。"
                yield Hit(opinion, "", text)


def _decides(opinion: Opinion) -> bool:
    return bool(opinion.explanation) or (opinion.conclusion is Conclusion.SUPPORT and bool(opinion.executor))


@rule(
    "R10",
    "受理的每一项诉求都要答复，且只答复一次",
    ERROR,
    "《信访工作条例》第三十二条；《信访条例》第三十二条",
    about=(Reply,),
)
def every_claim_answered(m: Matter) -> Iterator[Hit]:
    """Each claim accepted together is answered, once in a reply."""
    replies = [r for r in m.of(Reply) if r.kind in WITH_REMEDY]
    for reply in m.of(Reply):
        answered = [o.claim for o in reply.opinions]
        if len(set(answered)) == len(answered):
            continue
        for opinion in reply.opinions:
            if answered.count(opinion.claim) > 1 and answered.index(opinion.claim) == reply.opinions.index(
                opinion
            ):
                yield Hit(opinion, "诉求", f"同一答复中对第 {opinion.claim} 项诉求答复了不止一次，请合并。")
    settled = any(
        mediation.agreed for mediation in m.of(Mediation)
    )  # an agreement may have taken the place of an answer
    for acceptance in m.of(Acceptance):
        due = {c.seq for c in m.concerned(acceptance) if c.path in {ClaimPath.PETITION, None}}
        touching = [r for r in replies if r.seq > acceptance.seq and due & {o.claim for o in r.opinions}]
        if not touching:
            continue
        left = sorted(due - {o.claim for r in replies for o in r.opinions})
        if left and not settled:
            text = f"受理的第 {listed(left)} 项诉求没有答复。几项诉求应当逐项答复，请补上对应的“意见”。"
            yield Hit(touching[-1], "意见", text)


@rule(
    "R11", "处理意见写明复查机关", ERROR, "《信访工作条例》第三十五条；《信访条例》第三十四条", about=(Reply,)
)
def remedy_is_known(m: Matter) -> Iterator[Hit]:
    """The citizen must be told where to turn: the record or the office's map names the superior."""
    for reply in m.of(Reply):
        organ = m.organ(reply)
        if reply.kind in WITH_REMEDY and not reply.review_organ and not m.superior(organ):
            text = f"不知道{organ}的上一级机关，无法告知复查途径。请填写“复查机关”，或者在 xfdocs.toml 中写明该机关的 superior。"
            yield Hit(reply, "", text)
        if reply.review_organ == organ:
            yield Hit(reply, "复查机关", f"复查机关应当是{organ}的上一级机关、单位，不能是它自己。")


@rule(
    "R11",
    "履职答复、建议回复不适用复查",
    ERROR,
    "《信访工作条例》第三十一条第五项、第二十九条、第三十五条",
    about=(Reply,),
)
def no_remedy_where_none(m: Matter) -> Iterator[Hit]:
    """复查 is open against a 处理意见 only; a wrong remedy sends the citizen astray."""
    for reply in m.of(Reply):
        if reply.kind not in WITH_REMEDY and reply.review_organ:
            text = f"“{reply.kind}”不适用信访复查，请删去“复查机关”；对履职行为不服的，依法申请行政复议或者提起诉讼。"
            yield Hit(reply, "复查机关", text)


@rule(
    "R22",
    "一项诉求只由一个答复处理，不多头答复",
    ERROR,
    "《信访工作条例》第二十四条、第三十二条",
    about=(Reply,),
)
def one_reply_a_claim(m: Matter) -> Iterator[Hit]:
    """A second reply only after the first was quashed."""
    if len(m.of(Reply)) == 1:
        return
    answered: dict[int, Reply] = {}
    for event in m.case.events:
        if quashes(event):
            answered.clear()
        if not isinstance(event, Reply):
            continue
        again = sorted({o.claim for o in event.opinions} & answered.keys())
        if again:
            first = answered[again[0]]
            text = f"第 {listed(again)} 项诉求已由{m.organ(first)}在 {first.date} 答复，又作出答复。同一诉求不能多头答复；原意见未经复查、复核撤销的，不能重作。"
            yield Hit(event, "意见", text)
        answered |= {o.claim: event for o in event.opinions if o.claim not in answered}


@rule(
    "R42",
    "支持的意见写明执行单位和期限",
    WARNING,
    "《信访工作条例》第三十二条第二款；《信访条例》第三十二条第二款",
    about=(Reply,),
)
def support_is_carried_out(m: Matter) -> Iterator[Hit]:
    """A promise without a name and a day is hard to supervise."""
    quashed = max((e.seq for e in (*m.of(Review), *m.of(Recheck)) if quashes(e)), default=0)
    for reply in m.of(Reply):
        if reply.kind not in WITH_REMEDY or quashed > reply.seq:
            continue
        for opinion in reply.opinions:
            if opinion.conclusion not in _SUPPORTING:
                continue
            if not (opinion.executor and opinion.execute_by):
                text = f"对第 {opinion.claim} 项诉求作出支持的意见，没有写全“执行单位”和“执行期限”，不便督促执行。"
                yield Hit(opinion, "", text)


@rule(
    "R27",
    "2022 年 5 月 1 日起的诉求依《信访工作条例》确定办理路径",
    WARNING,
    "《信访工作条例》第二十九条至第三十一条",
)
def path_belongs_to_2022(m: Matter) -> Iterator[Hit]:
    """办理路径 are those of the 2022 regulation; a matter that ended before it has none."""
    days = [event.date for event in m.case.events] or [m.case.registration.received]
    if any(map(in_2022, days)):
        return
    for claim in m.case.claims:
        if claim.path is not None:
            text = "这一事项在 2022 年 5 月 1 日前办理，适用《信访条例》（2005 年），没有“办理路径”，请删去。"
            yield Hit(claim, "办理路径", text)
