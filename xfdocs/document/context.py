"""The names a wording may use beside the record's own: who writes, to whom, on which ground, by when.

Everything here is derived from the case as it stood at the event the document carries; nothing looks
at a clock, so the same record always says the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from xfdocs.document.catalogue import RECIPIENT_ORGAN, Kind, catalogue_of
from xfdocs.document.fields import Absent, event_name, event_view, view_of
from xfdocs.document.language import one_line, phrase
from xfdocs.document.names import ANY, PLAIN, Shape, record_names
from xfdocs.errors import RegulationMissing
from xfdocs.office import Nature, Office, Organ
from xfdocs.record.codes import Path
from xfdocs.record.derived import (
    Receipt,
    accuses,
    actor_of,
    addressed,
    concerned,
    extensions_of,
    is_discipline,
    is_report,
    named,
    pronoun,
    receipt_of,
)
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Event,
    Extension,
    NoFurtherAcceptance,
    NonAcceptance,
    Notice,
    Reply,
    Service,
    Supervision,
    Transfer,
)
from xfdocs.record.model import Case, Claim
from xfdocs.record.schema import plan_of
from xfdocs.rules import Circumstance, Law, Limit, Regulation, Start, together
from xfdocs.rules.citation import in_order
from xfdocs.rules.of_office import calendar_of, law_of


def context_of(
    kind: Kind, case: Case, event: Event | None, organ: Organ, office: Office, day: dt.date, number: str
) -> dict[str, Any]:
    """All names of one wording for one case; *case* is the case as of *event*."""
    law = law_of(office)
    receipt = receipt_of(case, organ.name, event)
    return {
        **names_of(case, event, organ, office, day),
        "事由": _subject(kind, case, event),
        "条例": f"《{law.regulation_on(day).title}》",
        "依据": _basis(kind, case, event, law, day, circumstances(case, event, organ, office, receipt)),
        "救济依据": _remedy(law, kind, day),
        "新条例": law.regulation_on(day).id == "2022",
        "期限": _limits(case, event, organ, office, receipt, law),
        "文种": kind.title,
        "成文日期": day,
        "文号": number,
        "清单版本": office.procedure_list or Absent("xfdocs.toml 的 procedure_list"),
    }


def names_of(case: Case, event: Event | None, organ: Organ, office: Office, day: dt.date) -> dict[str, Any]:
    """The names that say what is so, whatever is written about it: the record's own, and what follows from them.

    *organ* acts, *day* is the day by whose law codes are spelled out.
    """
    law = law_of(office)
    view = view_of(case)
    claims = concerned(case, event)
    return {
        **{slot.zh: getattr(view, slot.zh) for slot in plan_of(Case).slots},
        "事件": Absent("事件") if event is None else event_view(event),
        "所涉诉求": tuple(view_of(claim, f"诉求[{claim.seq}]") for claim in claims),
        "第几项诉求": lambda seq: view_of(next(c for c in case.claims if c.seq == seq), f"诉求[{seq}]"),
        "单位": _organ(organ),
        "本局": _organ(office.organ),
        "机关": lambda name: _organ(office.organ_called(name)),
        "受文": addressed(case) or Absent("信访人.姓名"),
        "受文人": "" if not named(case) else addressed(case, salutation=False),
        "称呼": pronoun(case),
        "收到": _receipt(receipt_of(case, organ.name, event)),
        "路径": lambda code: _path(law, code, day),
        "理由": lambda code: law.ground(code, day).text.replace("您（你们）", pronoun(case)),
        "督办情形": lambda code: law.supervision_ground(code, day).text,
        "检举控告": accuses(case, event),
        "所转事件": _referred(case, event),
        "所送文书": _served(case, event, office),
        "提出方式": _CHANNELS[case.registration.channel.value],
    }


@cache
def known_names() -> Mapping[str, Shape]:
    """What may be asked of each of `names_of`, for whoever checks a template before there is a record.

    事件 is left to whoever knows which events there are.
    """
    organ = Shape(parts=dict.fromkeys(_ORGAN, PLAIN))
    receipt = ("日期", "直接", "机关", "转来日期", "方式", "文号")
    return {
        **record_names(Case),
        "所涉诉求": Shape(many=True, each=(Claim,)),
        "单位": organ,
        "本局": organ,
        "收到": Shape(parts=dict.fromkeys(receipt, PLAIN)),
        "所转事件": Shape(parts={"名称": PLAIN, "内容": ANY}),
        "所送文书": Shape(parts=dict.fromkeys(("名称", "文号"), PLAIN)),
        **dict.fromkeys(("第几项诉求", "机关", "路径", "理由", "督办情形"), ANY),
        **dict.fromkeys(("受文", "受文人", "称呼", "检举控告", "提出方式"), PLAIN),
    }


def _subject(kind: Kind, case: Case, event: Event | None) -> str:
    """The subject as it stands after 关于, even where the record has said 关于……的信访事项 itself.

    A letter to an organ about the other claims of a case that also accuses names those claims only: the
    subject of the whole would tell of the accusation (条例22 30·3).
    """
    if kind.recipient == RECIPIENT_ORGAN and any(map(is_report, case.claims)) and not accuses(case, event):
        return "；".join(phrase(one_line(claim.request)) for claim in concerned(case, event))
    subject = case.registration.subject
    short = subject.removeprefix("关于").removesuffix("信访事项").removesuffix("的")
    return short or subject


_CHANNELS = {"来信": "来信", "来访": "走访", "网上": "网上信访", "来电": "电话", "传真": "传真"}


def _basis(
    kind: Kind, case: Case, event: Event | None, law: Law, day: dt.date, held: frozenset[Circumstance]
) -> Any:
    """The articles to print; where the law lets the kind cite none, printing them is an error that says why."""
    try:
        chosen = _selectors(case, event, law.regulation_on(day), held)
        cited = in_order(c for one in chosen for c in law.basis(kind.slug, day, held, **one))
        return together(cited) if cited else Absent("依据（没有可以引用的条款）")
    except RegulationMissing as missing:
        return Absent(f"依据（{missing}）")


_ORGAN = {
    "名称": "name",
    "性质": "nature",
    "上一级": "superior",
    "联系人": "contact",
    "电话": "phone",
    "地址": "address",
    "邮编": "postcode",
    "查询方式": "inquiry",
}


def _organ(organ: Organ) -> SimpleNamespace:
    values = {zh: str(getattr(organ, name)) for zh, name in _ORGAN.items()}
    return SimpleNamespace(
        **{zh: value or Absent(f"{organ.name}的{zh}（xfdocs.toml）") for zh, value in values.items()}
    )


def _receipt(receipt: Receipt) -> SimpleNamespace:
    return SimpleNamespace(
        日期=receipt.received,
        直接=receipt.direct,
        机关=receipt.sender or Absent("来源.机关"),
        转来日期=receipt.sent or Absent("来源.日期"),
        方式=receipt.manner.value if receipt.manner else Absent("来源.类别"),
        文号=receipt.number or Absent("来源.文号"),
    )


def _path(law: Law, code: str, day: dt.date) -> SimpleNamespace:
    path = law.path(code, day)
    return SimpleNamespace(名称=path.title, 内容=path.text, 条款=path.basis.text)


def _remedy(law: Law, kind: Kind, day: dt.date) -> Any:
    try:
        citation = law.kind_basis(kind.slug, day).remedy
    except RegulationMissing:
        citation = None
    return citation.text if citation else Absent("救济依据")


def circumstances(
    case: Case, event: Event | None, organ: Organ, office: Office, receipt: Receipt
) -> frozenset[Circumstance]:
    """What decides which paragraph a document cites (条例22 22, 23)."""
    found = {
        Circumstance.DIRECT if receipt.direct else Circumstance.REFERRED,
        Circumstance.PETITION_OFFICE if organ.nature is Nature.PETITION_OFFICE else Circumstance.OTHER_ORGAN,
    }
    act = _referral(case, event)
    claims = concerned(case, act)
    accused = any(is_report(claim) for claim in claims)
    to = [d.organ for d in act.destinations] if isinstance(act, Transfer | Assignment) else []
    if accused:
        found.add(Circumstance.ACCUSATION)
    # 22·2 is a rule of its own for 政法部门 and 纪检监察机关; the two of 22·1 are for all others.
    if any(claim.path is Path.JUDICIAL for claim in claims):
        found.add(Circumstance.LITIGATION)
    elif accused and any(map(is_discipline, to)):
        found.add(Circumstance.DISCIPLINE)
    else:
        found |= {_level(name, organ, office) for name in to}
    if not accused and Circumstance.LITIGATION not in found:
        found.add(Circumstance.ORDINARY)
    if isinstance(event, Reply):
        conclusions = {"支持": Circumstance.SUPPORTED, "部分支持": Circumstance.SUPPORTED}
        conclusions |= {"解释说明": Circumstance.EXPLAINED, "不支持": Circumstance.REFUSED}
        found |= {conclusions[opinion.conclusion.value] for opinion in event.opinions}
    return frozenset(found)


def _referral(case: Case, event: Event | None) -> Event | None:
    """The transfer or assignment an event is, or tells of."""
    if isinstance(event, Notice) and event.whereabouts is not None:
        return next((e for e in case.events if e.seq == event.whereabouts.event), None)
    return event


def _referred(case: Case, event: Event | None) -> Any:
    """The event that a notice, a supervision or a service is about, as the wording sees it."""
    target = event.whereabouts.event if isinstance(event, Notice) and event.whereabouts else None
    if isinstance(event, Supervision | Service):
        target = event.of
    found = next((e for e in case.events if e.seq == target), None)
    return (
        Absent("事件")
        if found is None
        else SimpleNamespace(名称=event_name(type(found)), 内容=event_view(found))
    )


def _served(case: Case, event: Event | None, office: Office) -> Any:
    """The document a service delivers: its title, and its number if it was issued."""
    if not isinstance(event, Service):
        return Absent("所送文书")
    issued = next((i for i in reversed(case.issued) if i.event == event.of and i.void is None), None)
    called = (
        kind.title
        for kind, act in catalogue_of(office).called_for(case, office)
        if act and act.seq == event.of
    )
    act = next((e for e in case.events if e.seq == event.of), None)
    title = issued.kind if issued else next(called, event_name(type(act)) if act else "")
    return SimpleNamespace(
        名称=title or Absent("送达.事件"), 文号=(issued.number if issued else "") or Absent("文书.文号")
    )


_BELOW = re.compile(r"^[^局委办院厅部会中站]{1,6}?(?:区|县|旗|镇|(?<!城)乡|街道)")
_GOVERNMENTS = ("人民政府", "街道办事处", "管理委员会")


def _level(name: str, organ: Organ, office: Office) -> Circumstance:
    """Whether an organ is of the level of *organ* (条例22 22·1(一)) or of a place below it (22·1(二)).

    A department under the same government is of the same level; so is what the office's list does not
    place and whose name names no smaller place inside ours.
    """
    other = office.organs.get(name)
    if other is not None and other.superior == organ.superior and not name.endswith(_GOVERNMENTS):
        return Circumstance.SAME_LEVEL
    ours = organ.name if organ.name.endswith("人民政府") else organ.superior
    place = ours.removesuffix("人民政府")
    inside = name.removeprefix(place) if place and name != ours else ""
    return Circumstance.LOWER_LEVEL if _BELOW.match(inside) else Circumstance.SAME_LEVEL


def _selectors(
    case: Case, event: Event | None, regulation: Regulation, held: frozenset[Circumstance]
) -> list[dict[str, Any]]:
    """Which paths, grounds or findings of supervision a document rests on, one after the other."""
    if isinstance(event, Supervision):
        return [{"supervision": ground} for ground in event.grounds]
    if isinstance(event, Notice):
        act: NonAcceptance | NoFurtherAcceptance | None = event.refusal or event.exhausted
        if act is not None:
            return [{"ground": act.ground}]
        claims = [claim for guidance in event.procedures for claim in concerned(case, guidance)]
        paths = dict.fromkeys(claim.path.value for claim in claims if claim.path is not None)
        found: list[dict[str, Any]] = [{"path": path} for path in paths]
        if event.competents:
            # 23·1 末句 binds all but the 信访部门; where the regulation has paths, these are under 22 instead.
            office = Circumstance.PETITION_OFFICE in held and regulation.paths
            found.append({"inquiry": True} if office else {"ground": "N4"})
        found += [{"inquiry": True} for claim in claims if claim.path is None]
        return found or [{}]
    return [{}]


def _limits(
    case: Case, event: Event | None, organ: Organ, office: Office, receipt: Receipt, law: Law
) -> Mapping[str, Any]:
    """Last days that a letter names, each counted from its event by the law of that day."""
    calendar = calendar_of(office)

    def last(limit_id: str, starts: Mapping[Start, dt.date], day: dt.date) -> Limit | None:
        run = law.clock(limit_id, day).run(starts, calendar)
        return run.planning if run else None

    own = [e for e in case.events if actor_of(case, e) == organ.name]
    accepted = next((e for e in reversed(own) if isinstance(e, Acceptance)), None)
    handling = (
        last("handling", {Start.ACCEPTED: accepted.date, Start.RECEIVED: receipt.received}, accepted.date)
        if accepted
        else None
    )
    granted = [e.days for e in extensions_of(case, accepted, own)] if accepted else []
    extended = handling
    if handling is not None and granted:
        extended = handling.extended(sum(granted), calendar)
        if before := sum(granted[:-1] if isinstance(event, Extension) else granted):
            handling = handling.extended(before, calendar)
    return SimpleNamespace(  # type: ignore[return-value]
        受理日期=accepted.date if accepted else Absent("办理.受理.日期"),
        办结=handling.due if handling else Absent("期限.办结"),
        办结天数=handling.text if handling else Absent("期限.办结天数"),
        地方依据=_local_basis(law, accepted.date) if accepted else "",
        # A local rule may count from the receipt (河南26), and a letter has to say which day it means.
        办结起算="受理" if accepted and handling and handling.start == accepted.date else "收到",
        延长后=extended.due if extended else Absent("期限.延长后"),
    )


def _local_basis(law: Law, day: dt.date) -> str:
    """The article of the local regulation that promises to be done sooner than 条例22 34; empty where none does."""
    clock = law.clock("handling", day)
    local, national = clock.local, clock.national
    if local is None or local.basis is None or national is None:
        return ""
    sooner = local.unit is national.unit and (local.length or 0) < (national.length or 0)
    return local.basis.text if sooner else ""
