"""告知、不予受理、不再受理、异议 (R05, R12, R13, R41)."""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.errors import RegulationMissing
from xfdocs.record.codes import Agreement, Purpose
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.derived import receipt_of
from xfdocs.record.events import Notice, Objection, Recheck
from xfdocs.record.rules.matter import Matter, in_2022
from xfdocs.record.rules.rule import ERROR, WARNING, Hit, rule

_REFUSAL, _EXHAUSTED = "non-acceptance-notice", "no-further-acceptance-notice"


@rule(
    "R05",
    "异议在收到之日起 5 个工作日内提出",
    WARNING,
    "《信访工作条例》第二十三条第三款",
    about=(Objection,),
)
def objected_in_time(m: Matter) -> Iterator[Hit]:
    """23·3: 5 working days by the official calendar."""
    for objection in m.of(Objection):
        receipt = receipt_of(m.case, m.organ(objection), before=objection)
        if receipt.direct or not receipt.received_known:
            continue
        late = m.missed("objection", receipt.received, objection.date)
        if late is not None:
            period, days = late
            text = f"{receipt.received} 收到转送、交办，{objection.date} 才提出异议，超过 {period.text}期限 {days} 日（应不迟于 {period.due}）。"
            yield Hit(objection, "日期", text)


@rule(
    "R05",
    "异议只针对其他机关转送、交办来的事项",
    ERROR,
    "《信访工作条例》第二十三条第三款",
    about=(Objection,),
)
def objection_has_a_transfer(m: Matter) -> Iterator[Hit]:
    """Nobody objects to what came directly."""
    for objection in m.of(Objection):
        if receipt_of(m.case, m.organ(objection), before=objection).direct:
            text = "本机关没有收到转送、交办，不能提出异议。不属于本机关职权范围的，应当告知信访人向有权处理的机关提出。"
            yield Hit(objection, "", text)


@rule("R05", "异议的决定、交还有先后", ERROR, "《信访工作条例》第二十三条第三款", about=(Objection,))
def objection_in_order(m: Matter) -> Iterator[Hit]:
    """Raised, decided, returned, in this order."""
    for objection in m.of(Objection):
        decision = objection.decision
        if decision is not None and decision.date < objection.date:
            yield Hit(
                decision, "日期", f"决定日期 {decision.date} 早于提出异议的日期 {objection.date}，请核对。"
            )
        agreed = decision is not None and decision.outcome is Agreement.AGREED
        if objection.returned and decision and agreed and objection.returned < decision.date:
            text = f"交还日期 {objection.returned} 早于核实同意的日期 {decision.date}，应当先核实同意再交还材料。"
            yield Hit(objection, "交还日期", text)


@rule(
    "R12",
    "不予受理、不再受理要有法定理由；“重复信访”本身不是理由",
    ERROR,
    "《信访工作条例》第十九条第三款、第三十六条第三款",
    about=(Notice,),
)
def grounds_are_statutory(m: Matter) -> Iterator[Hit]:
    """The ground is one the law of the day or the local rules know, and leads to this kind of notice."""
    for notice in m.of(Notice):
        for part, kind, act in (
            (notice.refusal, _REFUSAL, "不予受理"),
            (notice.exhausted, _EXHAUSTED, "不再受理"),
        ):
            if part is None:
                continue
            try:
                ground = m.law.ground(part.ground, notice.date)
            except RegulationMissing:
                usable = _grounds(m, notice, kind)
                text = f"“{part.ground}”不是{act}的法定理由。可用的理由：{usable}。“重复信访”本身不是理由。"
                yield Hit(part, "理由", text)
                continue
            if ground.kind != kind:
                other = m.law.kind_basis(ground.kind, notice.date).title
                text = f"按 {notice.date} 适用的规定，“{ground.title}”（{ground.code}）不是{act}的理由，应当制作{other}。"
                yield Hit(part, "理由", text)


@rule(
    "R12",
    "以正在办理为由不予受理，限于向上级机关又提出的",
    ERROR,
    "《信访工作条例》第十九条第三款；《信访条例》第十六条",
    about=(Notice,),
)
def pending_with_another(m: Matter) -> Iterator[Hit]:
    """19·3 speaks to the superior organ; a matter that the organ itself has in hand is a repetition, and no ground."""
    for notice in m.of(Notice):
        part = notice.refusal
        if part is not None and part.ground == "N1" and part.pending_organ == m.organ(notice):
            text = "在办机关就是本机关。本机关正在办理的，不能不予受理，应当并入原件继续办理；第十九条第三款只适用于向上级机关又提出的。"
            yield Hit(part, "在办机关", text)


def _grounds(m: Matter, notice: Notice, kind: str) -> str:
    found = [g for r in m.law.governing(notice.date) for g in r.grounds.values() if g.kind == kind]
    return "、".join(f"{g.code}（{g.title}）" for g in found) or "无"


@rule(
    "R13",
    "不再受理要写明复核意见的机关、文号和日期",
    ERROR,
    "《信访工作条例》第三十六条第三款；《信访条例》第三十五条第三款",
    about=(Notice,),
)
def exhausted_names_the_recheck(m: Matter) -> Iterator[Hit]:
    """36·3: only after a recheck; the record says which, or holds it."""
    for notice in m.of(Notice):
        part = notice.exhausted
        if part is None or part.ground != "R1":
            continue
        held = [e for e in m.of(Recheck) if e.seq < notice.seq and e.number]
        if not held and not (part.recheck_organ and part.recheck_number and part.recheck_date):
            text = "不再受理应当以已有复核意见为前提，请写全“复核机关”“复核文号”“复核日期”。"
            yield Hit(part, "", text)
        if part.recheck_date and part.recheck_date > notice.date:
            text = f"复核日期 {part.recheck_date} 晚于不再受理告知的日期 {notice.date}，请核对。"
            yield Hit(part, "复核日期", text)


@rule("R41", "31 条第六项的事项不用途径程序告知", ERROR, "《信访工作条例》第三十一条", about=(Notice,))
def guidance_fits_the_path(m: Matter) -> Iterator[Hit]:
    """31(六) is what remains when no other procedure is open; it is accepted, not guided elsewhere."""
    for notice in m.of(Notice):
        if not in_2022(notice.date):
            continue
        for part in notice.procedures:
            for claim in m.case.claims:
                if part.claims and claim.seq not in part.claims:
                    continue
                if claim.path is ClaimPath.PETITION:
                    text = f"第 {claim.seq} 项诉求的办理路径是第三十一条第六项（信访程序），应当受理，不能导入“{part.procedure}”。请核对办理路径，或者写明这一途径涉及哪几项诉求。"
                    yield Hit(part, "途径", text)
                elif claim.path is None and claim.purpose is Purpose.CLAIM:
                    text = f"告知了处理途径和程序，但第 {claim.seq} 项诉求没有填写办理路径，不知道依据第三十一条哪一项。"
                    yield Hit(claim, "", text)


@rule("R41", "告知途径程序应当注明法定途径清单版本", WARNING, "《信访工作条例》第三十一条", about=(Notice,))
def guidance_names_the_list(m: Matter) -> Iterator[Hit]:
    """The list the office uses, if not the record's own, is in its settings."""
    if m.office.procedure_list:
        return
    for notice in m.of(Notice):
        for part in notice.procedures:
            if part.list_version is None:
                yield Hit(
                    part,
                    "",
                    "没有注明法定途径清单版本。请填写“清单版本”，或者在 xfdocs.toml 中写明 procedure_list。",
                )
