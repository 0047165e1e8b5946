"""交办反馈、受理、办理期限和延期 (R06–R09, R43, R44)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from xfdocs.record.codes import WITH_REMEDY, ReplyKind
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.derived import extensions_of, receipt_of
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Closure,
    Extension,
    Feedback,
    Mediation,
    Reply,
    Suggestion,
    Withdrawal,
)
from xfdocs.record.history import quashes
from xfdocs.record.rules.matter import Matter, in_2022
from xfdocs.record.rules.rule import ERROR, INFO, WARNING, Hit, listed, rule
from xfdocs.resources import shipped
from xfdocs.rules import Start

_ELSEWHERE = {ClaimPath.JUDICIAL, ClaimPath.ARBITRATION, ClaimPath.PARTY, ClaimPath.ADMINISTRATIVE}
"""Paths that lead into another procedure (条例22 31(一)–(四))."""
_BY_PATH = {
    ReplyKind.OPINION: (ClaimPath.PETITION, "第三十一条第六项"),
    ReplyKind.DUTY: (ClaimPath.DUTY, "第三十一条第五项"),
    ReplyKind.ADVICE: (ClaimPath.ADVICE, "第二十九条"),
}


@rule(
    "R06",
    "交办应当按期反馈结果并提交办结报告",
    WARNING,
    "《信访工作条例》第二十二条第一款第三项；《信访条例》第二十一条第一款第四项",
    about=(Assignment,),
)
def assignment_fed_back(m: Matter) -> Iterator[Hit]:
    """22·1(三): each leading organ reports within the time set."""
    for assignment in m.of(Assignment):
        came = [f for f in m.of(Feedback) if f.of == assignment.seq]
        for feedback in came:
            if feedback.report is not True:
                yield Hit(feedback, "办结报告", "反馈交办结果没有提交办结报告，请补交后填写“办结报告”。")
            if assignment.deadline is not None and feedback.date > assignment.deadline:
                days = (feedback.date - assignment.deadline).days
                text = f"{feedback.unit} {feedback.date} 才反馈，超过指定的办理期限 {assignment.deadline} 共 {days} 日。"
                yield Hit(feedback, "日期", text)


@rule(
    "R43",
    "三项建议应当书面反馈采纳情况",
    INFO,
    "《信访工作条例》第四十条第四款；《信访条例》第三十六条第二款",
    about=(Suggestion,),
)
def suggestion_answered(m: Matter) -> Iterator[Hit]:
    """40·4 sets no number of days; 05·36 sets 30."""
    for suggestion in m.of(Suggestion):
        if any(f.of == suggestion.seq for f in m.of(Feedback)):
            continue
        yield Hit(suggestion, "", f"向{suggestion.recipient}提出的{suggestion.kind}建议还没有书面反馈。")


@rule(
    "R07",
    "答复种类符合答复日期适用的条例",
    ERROR,
    "《信访工作条例》第三十二条；《信访条例》第三十二条",
    about=(Reply,),
)
def reply_fits_the_day(m: Matter) -> Iterator[Hit]:
    """处理意见书 exists since 2022-05-01, 答复意见书 until then."""
    for reply in m.of(Reply):
        if reply.kind is ReplyKind.OPINION and not in_2022(reply.date):
            text = f"{reply.date} 适用《信访条例》（2005 年），应当出具答复意见书，种类请填“答复意见”。"
            yield Hit(reply, "种类", text, "《信访条例》第三十二条")
        if reply.kind is ReplyKind.REPLY and in_2022(reply.date):
            text = f"{reply.date} 适用《信访工作条例》，应当出具信访处理意见书，种类请填“处理意见”。"
            yield Hit(reply, "种类", text, "《信访工作条例》第三十一条第六项")


@rule(
    "R07",
    "答复种类符合诉求的办理路径：只有第三十一条第六项的事项出具处理意见书",
    ERROR,
    "《信访工作条例》第三十一条、第二十九条",
    about=(Reply,),
)
def reply_fits_the_path(m: Matter) -> Iterator[Hit]:
    """31(六) ⇔ 处理意见书; 31(五) is answered by 履职答复, 29 by 建议回复."""
    for reply in m.of(Reply):
        if reply.kind not in _BY_PATH or not in_2022(reply.date):
            continue
        path, article = _BY_PATH[reply.kind]
        for opinion in reply.opinions:
            claim = m.claims.get(opinion.claim)
            if claim is None or claim.path is path:
                continue
            if claim.path is None:
                if reply.kind is not ReplyKind.ADVICE:
                    text = f"第 {claim.seq} 项诉求没有填写办理路径。“{reply.kind}”只用于{article}的事项，请先确定办理路径。"
                    yield Hit(opinion, "诉求", text)
            else:
                text = f"第 {claim.seq} 项诉求的办理路径是 {claim.path}，不能用“{reply.kind}”答复；它只用于{article}的事项。"
                yield Hit(opinion, "诉求", text)


@rule(
    "R07",
    "第三十一条第一项至第四项的事项不受理，导入相应程序",
    ERROR,
    "《信访工作条例》第三十一条第一项至第四项",
    about=(Acceptance,),
)
def acceptance_fits_the_path(m: Matter) -> Iterator[Hit]:
    """Accepting such a claim would start a 60-day clock the law does not know."""
    for acceptance in m.of(Acceptance):
        if not in_2022(acceptance.date):
            continue
        wrong = [claim.seq for claim in m.concerned(acceptance) if claim.path in _ELSEWHERE]
        if wrong:
            text = f"第 {listed(wrong)} 项诉求应当导入其他法定程序，不能按信访程序受理。请改为告知途径程序，并在受理的“诉求”中只写其余各项。"
            yield Hit(acceptance, "诉求", text)


@rule(
    "R07",
    "建议意见不按信访程序受理，研究后回复",
    ERROR,
    "《信访工作条例》第二十九条第一款",
    about=(Acceptance,),
)
def advice_is_not_accepted(m: Matter) -> Iterator[Hit]:
    """29·1 knows a reply to advice, but no acceptance, no 60 days and no 处理意见书."""
    for acceptance in m.of(Acceptance):
        advice = [c.seq for c in m.concerned(acceptance) if c.path is ClaimPath.ADVICE]
        if advice and in_2022(acceptance.date):
            text = f"第 {listed(advice)} 项诉求是建议意见，应当研究论证、予以回复，不按信访程序受理。请在受理的“诉求”中只写其余各项。"
            yield Hit(acceptance, "诉求", text)


@rule("R07", "受理前确定办理路径", WARNING, "《信访工作条例》第三十一条", about=(Acceptance,))
def acceptance_knows_the_path(m: Matter) -> Iterator[Hit]:
    """Which path a claim takes decides whether the 60 days run."""
    for acceptance in m.of(Acceptance):
        unknown = (
            [c.seq for c in m.concerned(acceptance) if c.path is None] if in_2022(acceptance.date) else []
        )
        if unknown:
            yield Hit(acceptance, "诉求", f"受理了第 {listed(unknown)} 项诉求，但没有填写办理路径，请补填。")


@rule(
    "R07",
    "受理的第三十一条第六项事项结案前应当答复",
    WARNING,
    "《信访工作条例》第三十一条第六项",
    about=(Closure,),
)
def closed_with_an_answer(m: Matter) -> Iterator[Hit]:
    """Closed without an opinion, a withdrawal or an agreement."""
    closures = m.of(Closure)
    if not closures or m.of(Withdrawal) or any(mediation.agreed for mediation in m.of(Mediation)):
        return
    accepted = {c.seq for a in m.of(Acceptance) for c in m.concerned(a)}
    answered = {o.claim for reply in m.of(Reply) for o in reply.opinions}
    if open_claims := sorted(accepted - answered):
        yield Hit(
            closures[0],
            "",
            f"已结案，但受理的第 {listed(open_claims)} 项诉求没有答复，也没有撤回或者达成协议。",
        )


@rule(
    "R08", "处理意见以受理为前提", ERROR, "《信访工作条例》第三十四条；《信访条例》第三十三条", about=(Reply,)
)
def reply_after_acceptance(m: Matter) -> Iterator[Hit]:
    """The 60 days count from the day of acceptance; without one there is no limit to keep."""
    for reply in m.of(Reply):
        if reply.kind not in WITH_REMEDY:
            continue
        before = {c.seq for e in m.of(Acceptance) if e.seq < reply.seq for c in m.concerned(e)}
        lacking = sorted({o.claim for o in reply.opinions if o.claim in m.claims} - before)
        if lacking:
            yield Hit(
                reply,
                "",
                f"第 {listed(lacking)} 项诉求没有受理就作了答复。办理期限从受理之日起算，请先登记受理。",
            )


@rule(
    "R08",
    "自受理之日起 60 日内办结",
    WARNING,
    "《信访工作条例》第三十四条；《信访条例》第三十三条",
    about=(Acceptance,),
)
def handled_in_time(m: Matter) -> Iterator[Hit]:
    """60 days from acceptance, and what an extension added."""
    for acceptance in m.of(Acceptance):
        claims = {
            c.seq
            for c in m.concerned(acceptance)
            if not in_2022(acceptance.date) or c.path is ClaimPath.PETITION
        }
        if not claims:
            continue
        replies = (r for r in m.of(Reply) if r.seq > acceptance.seq)
        reply = next((r for r in replies if any(o.claim in claims for o in r.opinions)), None)
        if reply is None:
            continue
        more = sum(e.days for e in extensions_of(m.case, acceptance, m.of(Extension)))
        late = m.missed("handling", acceptance.date, reply.date, more=more)
        if late is not None:
            period, days = late
            text = f"{acceptance.date} 受理，{reply.date} 才答复，超过 {period.text}期限 {days} 日（应不迟于 {period.due}）。"
            yield Hit(reply, "日期", text, m.basis("handling", acceptance.date))


@rule(
    "R09",
    "延期不超过 30 日，只延一次",
    ERROR,
    "《信访工作条例》第三十四条；《信访条例》第三十三条",
    about=(Extension,),
)
def extension_within_bounds(m: Matter) -> Iterator[Hit]:
    """≤30 days; "延长期限不得超过30日" leaves room for one extension."""
    seen: dict[tuple[str, int], Extension] = {}
    for extension in m.of(Extension):
        clock = m.clock("extension", extension.date)
        most = clock.national.length if clock is not None and clock.national is not None else None
        if most is not None and extension.days > most:
            yield Hit(extension, "天数", f"延期 {extension.days} 日，超过上限 {most} 日。")
        organ = m.organ(extension)
        begun = [*_accepted(m, extension), *filter(quashes, m.before(extension))]
        key = (organ, len(begun))
        if key in seen:
            first = seen[key].date
            yield Hit(extension, "", f"{organ}已在 {first} 延期一次，不能再延。")
        seen.setdefault(key, extension)


@rule(
    "R09",
    "只有受理并适用办理期限的事项才能延期",
    ERROR,
    "《信访工作条例》第三十四条；《信访条例》第三十三条",
    about=(Extension,),
)
def extension_has_a_clock(m: Matter) -> Iterator[Hit]:
    """There is nothing to extend where no 60 days run."""
    for extension in m.of(Extension):
        accepted = _accepted(m, extension)
        if not accepted:
            yield Hit(extension, "", f"{m.organ(extension)}没有受理这一事项，没有办理期限可以延长。")
        elif in_2022(extension.date) and not any(
            c.path in {ClaimPath.PETITION, None} for e in accepted for c in m.concerned(e)
        ):
            yield Hit(
                extension,
                "",
                "60 日办理期限只适用于第三十一条第六项的事项；受理的诉求都不属于这一项，不能据此延期。",
            )


@rule(
    "R09",
    "延期由本机关、单位负责人批准，先批准后告知",
    ERROR,
    "《信访工作条例》第三十四条；《信访条例》第三十三条",
    about=(Extension,),
)
def extension_approved(m: Matter) -> Iterator[Hit]:
    """Approved by a head of the organ, not of a section, and before it was told."""
    for extension in m.of(Extension):
        post = extension.approver_post
        if post is not None and not is_head(post, m.organ(extension)):
            text = f"批准人职务“{post}”不是本机关、单位负责人。延期应当经本机关、单位负责人批准。"
            yield Hit(extension, "批准人职务", text)
        if extension.approved is not None and extension.approved > extension.date:
            text = f"批准日期 {extension.approved} 晚于延期告知的日期 {extension.date}，应当先批准、后告知。"
            yield Hit(extension, "批准日期", text)


@rule(
    "R09",
    "延期应当在原办理期限届满前批准并告知",
    WARNING,
    "《信访工作条例》第三十四条；《信访条例》第三十三条",
    about=(Extension,),
)
def extension_in_time(m: Matter) -> Iterator[Hit]:
    """After the limit there is nothing left to extend."""
    for extension in m.of(Extension):
        accepted = _accepted(m, extension)
        if not accepted:
            continue
        late = m.missed("handling", accepted[-1].date, extension.date)
        if late is not None:
            period, days = late
            text = f"原办理期限到 {period.due} 届满，{extension.date} 才延期，迟了 {days} 日。"
            yield Hit(extension, "日期", text)
        else:
            yield from _after_the_local_limit(m, extension, accepted[-1])


def _accepted(m: Matter, extension: Extension) -> list[Acceptance]:
    """The acceptances before an extension by the organ that extends."""
    organ = m.organ(extension)
    return [e for e in m.before(extension) if isinstance(e, Acceptance) and m.organ(e) == organ]


def _after_the_local_limit(m: Matter, extension: Extension, acceptance: Acceptance) -> Iterator[Hit]:
    """A shorter local limit is a promise; extended after it ran out, it was broken, and no clock shows it any more."""
    clock = m.clock("handling", acceptance.date)
    rule = clock.local if clock is not None else None
    if rule is None:
        return
    received = receipt_of(m.case, m.organ(acceptance), before=acceptance).received
    start = {Start.ACCEPTED: acceptance.date, Start.RECEIVED: received}.get(rule.start)
    late = m.late(rule, start, extension.date) if start is not None else None
    if late is not None:
        period, days = late
        doubt = m.law.doubt(rule)
        text = (
            f"地方规定的办理期限（{period.text}）到 {period.due} 届满，{extension.date} 才延期，迟了 {days} 日；"
            f"全国规定的期限没有超过。{doubt and f'{doubt}。'}"
        )
        yield Hit(extension, "日期", text, rule.basis_text)


def is_head(post: str, organ: str) -> bool:
    """Whether a post is that of a head of *organ* (`schemas/posts.toml`)."""
    posts = _posts()
    for section in posts["section"]:
        if section["post"] in post:
            body = section["body"]
            return bool(body) and organ.endswith(body)
    return any(word in post for word in posts["heads"])


@cache
def _posts() -> dict[str, Any]:
    return tomllib.loads(shipped("schemas", "posts.toml").read_text(encoding="utf-8"))
