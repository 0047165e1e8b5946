"""检举控告 and 密级: what must never leave the office, and whom nothing may reach (R14–R16).

条例22 30·3: 不得将信访人的检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位.  Whoever drafts or issues
a document asks `accusation_conflicts` first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from xfdocs.record.codes import Material
from xfdocs.record.events import (
    Assignment,
    Event,
    Feedback,
    Investigation,
    Reply,
    Service,
    Submission,
    Suggestion,
    Supervision,
    Transfer,
    Urging,
)
from xfdocs.record.events import Recusal as RecusalEvent
from xfdocs.record.model import Case, Claim
from xfdocs.record.rules.bodies import reaches, same_person_or_body
from xfdocs.record.rules.matter import CaseView
from xfdocs.record.rules.rule import ERROR, WARNING, Hit, listed, rule

_SECRECY = "《信访工作条例》第三十条第三款、第四十六条第五项；《信访条例》第二十三条、第四十四条第一款"


def nothing_reaches_those_reported(m: CaseView) -> Iterator[Hit]:
    """No destination, copy, target, server of notice, informant or investigator is one of those reported."""
    if not m.protected:
        return
    for event in m.case.events:
        claims = m.protected if _goes_whole(m, event) else secret_claims(m, event)
        reported = tuple(dict.fromkeys(m.respondents(claims)))
        if not reported:
            continue
        for part, at, name, what in _recipients(event):
            hit = next((r for r in reported if reaches(name, r)), None)
            if hit is not None:
                same = "" if same_person_or_body(name, hit) else f"（被反映的是“{hit}”）"
                text = f"{what}“{name}”是被检举控告的单位或者人员{same}。检举控告的材料和情况不得透露、转给被检举的人员或者单位，请改为有管理权限的机关。"
                yield Hit(part, at, text)


def _goes_whole(m: CaseView, event: Event) -> bool:
    """Whether an event shows its receiver the accusation whichever claims it is about.

    A letter is one sheet: its original or copy tells all it says. A case protected as a whole has one
    subject for all its claims, and the subject is printed.
    """
    confidential = m.case.confidentiality
    whole = confidential is not None and bool(confidential.protection)
    return isinstance(event, Transfer | Assignment) and (whole or event.material is not Material.ABSTRACT)


def secret_claims(m: CaseView, event: Event) -> tuple[Claim, ...]:
    """The protected claims that an event may betray."""
    if isinstance(event, Transfer | Assignment | Reply):
        concerned = {claim.seq for claim in m.concerned(event)}
    elif isinstance(event, Supervision | Feedback | Service) and (before := _referred_to(m, event)):
        return secret_claims(m, before)
    else:
        concerned = set(m.claims)
        open_claims = concerned - {claim.seq for claim in m.protected}
        if open_claims and isinstance(event, Urging | Supervision | Suggestion | Submission):
            # In a mixed matter, whoever lawfully deals with the other claims may be written to about them.
            known = {
                d.organ
                for e in m.case.events
                if isinstance(e, Transfer | Assignment) and not {c.seq for c in m.concerned(e)} - open_claims
                for d in e.destinations
            }
            if any(name in known for _, _, name, _ in _recipients(event)):
                return ()
    return tuple(claim for claim in m.protected if claim.seq in concerned)


def _referred_to(m: CaseView, event: Supervision | Feedback | Service) -> Event | None:
    """The event that one says it is about; an earlier one, as C05 demands: references may go in a circle else."""
    found = m.by_seq.get(event.of) if event.of is not None else None
    return found if found is not None and found.seq < event.seq else None


def _recipients(event: Event) -> Iterator[tuple[object, str, str, str]]:
    """Part, field, name and role of everybody an event tells something."""
    if isinstance(event, Transfer | Assignment):
        for destination in event.destinations:
            yield destination, "机关", destination.organ, "去向"
    for kinds, at, field in _TOLD:
        if isinstance(event, kinds):
            value = getattr(event, field)
            for name in value if isinstance(value, tuple) else (value,):
                if name:
                    yield event, at, name, "抄送机关" if at == "抄送" else at


_TOLD: tuple[tuple[tuple[type[Event], ...], str, str], ...] = (
    ((Transfer, Assignment, Reply), "抄送", "copies"),
    ((Assignment,), "责任人", "responsible"),
    ((Assignment,), "督办领导", "supervisor"),
    ((Supervision, Urging), "对象", "target"),
    ((Submission, Suggestion), "对象", "recipient"),
    ((Feedback,), "单位", "unit"),
    ((Service,), "受送达人", "recipient"),
    ((Service,), "签收人", "receiver"),
    ((Investigation,), "调查人", "investigators"),
)
"""Classes of events, the record's name of the field, the field: who is told something."""


def only_an_abstract_leaves(m: CaseView) -> Iterator[Hit]:
    """The original shows the hand, the envelope and the name; what goes out is an abstract."""
    if not m.protected:
        return
    secret = list(_sent_out(m))
    sent: list[Transfer | Assignment] = [*m.of(Transfer), *m.of(Assignment)]
    for event in sent:
        if event not in secret and event.material is Material.ABSTRACT:
            continue
        if event not in secret:
            text = f"来件中还有检举控告，转送{event.material}会透露它。请把“材料”改为“摘要”，摘要只写所转的诉求。"
            yield Hit(event, "材料", text)
        elif event.material is not Material.ABSTRACT:
            yield Hit(
                event,
                "材料",
                f"检举控告只能转送内容摘要，不能转送{event.material}。请把“材料”改为“摘要”，并填写摘要。",
            )
        elif not event.abstract:
            yield Hit(event, "", "检举控告只转送内容摘要，但没有填写“摘要”。")


def abstract_betrays_nobody(m: CaseView) -> Iterator[Hit]:
    """Unless the petitioner agreed in writing that the name is told (实名转送)."""
    confidential = m.case.confidentiality
    if not m.protected or (confidential is not None and confidential.named):
        return
    for event in _sent_out(m):
        texts: list[tuple[str, str]] = [("摘要", event.abstract or "")]
        if isinstance(event, Assignment):
            texts += [("要求", demand) for demand in event.demands]
        for at, text in texts:
            if told := _betrayed(m, text):
                what = f"{at}中出现了检举控告人的{told}。请删去；本人书面同意实名转送的，在“保密”中填写“实名转送”。"
                yield Hit(event, at, what)
    if told := _betrayed(m, m.case.registration.subject):
        text = f"事由中出现了检举控告人的{told}。事由要印在发给其他机关的文书上，请改写。"
        yield Hit(m.case.registration, "事由", text)


def _betrayed(m: CaseView, text: str) -> str:
    """What of the petitioner's a text tells: 姓名, 住址 …; the message names the kind, never the thing itself."""
    close = _close(text)
    return listed(dict.fromkeys(what for what, secret in m.identities if _close(secret) in close))


def _close(text: str) -> str:
    """A text as one says it aloud: full-width as half-width, without the spaces and hyphens that divide a number."""
    return _DIVIDING.sub("", unicodedata.normalize("NFKC", text))


_DIVIDING = re.compile(r"[\s\-‐-―·•]+")


def _sent_out(m: CaseView) -> Iterator[Transfer | Assignment]:
    """The events that send a protected claim to another organ."""
    secret = {claim.seq for claim in m.protected}
    sent: list[Transfer | Assignment] = [*m.of(Transfer), *m.of(Assignment)]
    return (event for event in sent if secret & {claim.seq for claim in m.concerned(event)})


@rule(
    "R14",
    "同一件中另有检举控告的，发给被反映的单位的文书不能由事由透露它",
    WARNING,
    _SECRECY,
    about=(Transfer, Assignment),
)
def subject_tells_nothing(m: CaseView) -> Iterator[Hit]:
    """One case has one subject, and it is printed also on letters about the other claims; a person has to read it."""
    if not m.protected:
        return
    reported = tuple(m.respondents(m.protected))
    for event in (*m.of(Transfer), *m.of(Assignment)):
        if _goes_whole(m, event) or secret_claims(m, event):
            continue  # the errors above see to these
        for part, at, name, what in _recipients(event):
            if any(reaches(name, one) for one in reported):
                text = (
                    f"{what}“{name}”也是同一件中检举控告所反映的单位或者人员。事由要印在发给它的文书上，"
                    "请确认事由没有透露检举控告；透露了的，请改写，或者分开登记。"
                )
                yield Hit(part, at, text)


@rule(
    "R16",
    "经办、调查、审批人员与被反映人同名的，应当回避",
    WARNING,
    "《信访工作条例》第二十八条第三款；《信访条例》第三十条",
)
def nobody_judges_himself(m: CaseView) -> Iterator[Hit]:
    """28·3; a name may be shared by chance, so a person looks at it."""
    reported = {r.name for claim in m.case.claims for r in claim.respondents}
    if not reported:
        return
    recused = {e.person for e in m.of(RecusalEvent)}
    registration = m.case.registration
    if registration.first_handler in reported - recused:
        yield Hit(registration, "首办责任人", _recuse("首办责任人", registration.first_handler or ""))
    for event in m.case.events:
        for at, name in _officers(event):
            if name in reported - recused:
                yield Hit(event, at, _recuse(at, name))


def _officers(event: Event) -> Iterator[tuple[str, str]]:
    for at, field in (
        ("经办人", "handler"),
        ("责任人", "responsible"),
        ("批准人", "approver"),
        ("签发人", "signer"),
    ):
        name = getattr(event, field, None)
        if isinstance(name, str):
            yield at, name
    if isinstance(event, Investigation):
        for name in event.investigators:
            yield "调查人", name


def _recuse(at: str, name: str) -> str:
    return f"{at}“{name}”与被反映人同名。是同一人的，应当回避，请登记“回避”并换人办理。"


_CONFLICTS = (nothing_reaches_those_reported, only_an_abstract_leaves, abstract_betrays_nobody)

R14_NOBODY_REPORTED = rule("R14", "检举控告不得透露、转给被检举的人员和单位", ERROR, _SECRECY)(
    nothing_reaches_those_reported
)
R15_ABSTRACT_ONLY = rule("R15", "检举控告只转摘要，不转原件", ERROR, _SECRECY)(only_an_abstract_leaves)
R15_NO_IDENTITY = rule("R15", "检举控告的摘要不写检举控告人的姓名、住址、电话和证件号码", ERROR, _SECRECY)(
    abstract_betrays_nobody
)


def accusation_conflicts(case: Case) -> list[Hit]:
    """Everything in a case that would take a 检举控告 to those it reports or betray who made it (R14, R15).

    To be asked before a document is drafted or a number is taken; an empty list means none was found.
    """
    view = CaseView(case)
    return [hit for check in _CONFLICTS for hit in check(view)]
