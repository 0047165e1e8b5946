"""Cases to start from: each keeps every rule, and is made broken one way at a time.

People, places and numbers are invented.  All of it happened before 2026-11-23, the day the tests ask on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from xfdocs.record.codes import (
    Agreement,
    AttachmentKind,
    Channel,
    Checked,
    Conclusion,
    IdentType,
    Lead,
    Material,
    NoticeManner,
    PetitionerKind,
    Purpose,
    Repeat,
    ReplyKind,
    RespondentKind,
    ReviewOutcome,
    SecrecyLevel,
    ServiceMethod,
    SourceKind,
)
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Basis,
    Closure,
    Destination,
    Event,
    Execution,
    Extension,
    Feedback,
    NonAcceptance,
    Notice,
    Objection,
    ObjectionDecision,
    Opinion,
    ProcedureGuidance,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
    Service,
    Transfer,
)
from xfdocs.record.model import (
    Attachment,
    Case,
    Claim,
    Confidentiality,
    Counts,
    Ident,
    Issued,
    OralRecord,
    Petitioner,
    Registration,
    Respondent,
    Secret,
    Source,
)

ON = dt.date(2026, 11, 23)
"""The day on which the tests ask."""

OFFICE = "云州市信访局"
WATER = "云州市水务局"
HOUSING = "云州市住房和城乡建设局"
MARKET = "云州市市场监督管理局"
CITY = "云州市人民政府"
PROVINCE = "江北省人民政府"
DISCIPLINE = "中共云州市纪律检查委员会"
LABOUR = "云州市人力资源和社会保障局"


def day(text: str) -> dt.date:
    """A day of 2026 by ``月-日``, or any day in full."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def registration(organ: str = OFFICE, received: str = "03-02", **more: Any) -> Registration:
    values: dict[str, Any] = {
        "channel": Channel.LETTER,
        "presented": day(received),
        "received": day(received),
        "registered": day(received),
        "organ": organ,
        "registrar": "梁书涵",
        "subject": "小区供水水压不足问题",
        "first": Repeat.FIRST,
    }
    return Registration(**(values | more))


PERSON = Petitioner(
    kind=PetitionerKind.CITIZEN,
    name="李清和",
    address="云州市东湖区柳荫街5号2单元301室",
    phones=("19900002001",),
)


def claim(seq: int = 1, path: ClaimPath | None = ClaimPath.PETITION, **more: Any) -> Claim:
    values: dict[str, Any] = {
        "seq": seq,
        "purpose": Purpose.CLAIM,
        "path": path,
        "request": f"请求解决第{seq}个问题。",
        "facts": "今年以来每天晚上没有水。",
        "reasons": "按时交了水费。",
    }
    return Claim(**(values | more))


def to(organ: str, received: str | None = None, lead: Lead = Lead.LEAD) -> Destination:
    return Destination(organ=organ, lead=lead, received=day(received) if received else None)


RULE = Basis(name="云州市城市供水管理办法", provision="第十二条")


def opinion(claim: int, **more: Any) -> Opinion:
    values: dict[str, Any] = {
        "claim": claim,
        "findings": f"经查，第{claim}个问题属实。",
        "conclusion": Conclusion.SUPPORT,
        "bases": (RULE,),
        "explanation": f"由供水企业解决第{claim}个问题。",
        "executor": "云州市自来水有限公司",
        "execute_by": day("12-31"),
    }
    return Opinion(**(values | more))


def chain() -> Case:
    """A letter transferred, accepted, extended, answered, reviewed, rechecked and closed."""
    return Case(
        id="YZ-20260302-0001",
        registration=registration(),
        petitioners=(PERSON,),
        claims=(claim(1), claim(2)),
        events=(
            Transfer(seq=1, date=day("03-05"), destinations=(to(WATER, "03-06"),), material=Material.COPY),
            Acceptance(seq=2, date=day("03-10"), organ=WATER, handler="傅晓岚"),
            Extension(
                seq=3,
                date=day("04-28"),
                organ=WATER,
                days=20,
                reason="需要委托检测管网压力",
                approver="陆行舟",
                approver_post="局长",
                approved=day("04-27"),
            ),
            Service(
                seq=4, date=day("04-29"), organ=WATER, of=3, recipient="李清和", method=ServiceMethod.POST
            ),
            Reply(
                seq=5,
                date=day("05-20"),
                organ=WATER,
                handler="傅晓岚",
                kind=ReplyKind.OPINION,
                opinions=(
                    opinion(1),
                    opinion(
                        2,
                        conclusion=Conclusion.REJECT,
                        explanation="没有多收，不予支持。",
                        executor=None,
                        execute_by=None,
                    ),
                ),
                review_organ=CITY,
                signer="陆行舟",
            ),
            Service(
                seq=6,
                date=day("05-21"),
                organ=WATER,
                of=5,
                recipient="李清和",
                method=ServiceMethod.DIRECT,
                received=day("05-21"),
                receiver="李清和",
            ),
            ReviewRequest(seq=7, date=day("06-10"), organ=CITY, against="云水信意字〔2026〕3号"),
            Review(
                seq=8,
                date=day("07-03"),
                organ=CITY,
                outcome=ReviewOutcome.UPHELD,
                opinion="原处理意见事实清楚，予以维持。",
                bases=(Basis(name="信访工作条例", provision="第三十五条"),),
                number="云政信复查字〔2026〕1号",
                recheck_organ=PROVINCE,
            ),
            Service(
                seq=9,
                date=day("07-06"),
                organ=CITY,
                of=8,
                recipient="李清和",
                method=ServiceMethod.POST,
                received=day("07-08"),
            ),
            Execution(seq=10, date=day("07-08"), organ=WATER, of=5, unit=WATER, content="已更换水泵。"),
            RecheckRequest(seq=11, date=day("07-20"), organ=PROVINCE),
            Recheck(
                seq=12,
                date=day("08-10"),
                organ=PROVINCE,
                outcome=ReviewOutcome.UPHELD,
                opinion="复查意见正确，予以维持。",
                number="江政信复核字〔2026〕2号",
            ),
            Closure(seq=13, date=day("08-14"), manner="复核终结"),
        ),
        issued=(
            Issued(event=3, kind="延长办理期限告知书", number="云水信延字〔2026〕1号", date=day("04-28")),
            Issued(event=5, kind="处理意见书", number="云水信意字〔2026〕3号", date=day("05-20")),
        ),
    )


def guided() -> Case:
    """A letter to a department that guides the petitioner into a statutory procedure."""
    return Case(
        id="YZ-20260309-0002",
        registration=registration(LABOUR, "03-09"),
        petitioners=(PERSON,),
        claims=(claim(1, ClaimPath.ARBITRATION),),
        events=(
            Notice(
                seq=1,
                date=day("03-16"),
                manner=NoticeManner.WRITTEN,
                procedures=(
                    ProcedureGuidance(
                        procedure="劳动人事争议仲裁",
                        organ="云州市劳动人事争议仲裁委员会",
                        bases=(Basis(name="中华人民共和国劳动争议调解仲裁法", provision="第五条"),),
                        list_version="2026年版",
                    ),
                ),
            ),
        ),
    )


def refused() -> Case:
    """A matter that the lower organ is still dealing with."""
    return Case(
        id="YZ-20260316-0003",
        registration=registration(CITY, "03-16"),
        petitioners=(PERSON,),
        claims=(claim(1),),
        events=(
            Notice(
                seq=1,
                date=day("03-20"),
                manner=NoticeManner.WRITTEN,
                refusal=NonAcceptance(ground="N1", pending_organ=WATER, pending_number="YZ-20260302-0001"),
            ),
        ),
    )


def assigned() -> Case:
    """A matter assigned with a deadline, and reported on."""
    return Case(
        id="YZ-20260323-0004",
        registration=registration(received="03-23"),
        petitioners=(PERSON,),
        claims=(claim(1),),
        events=(
            Assignment(
                seq=1,
                date=day("03-25"),
                destinations=(to(HOUSING, "03-26"),),
                deadline=day("06-30"),
                material=Material.COPY,
            ),
            Acceptance(seq=2, date=day("04-01"), organ=HOUSING),
            Reply(
                seq=3,
                date=day("05-15"),
                organ=HOUSING,
                kind=ReplyKind.OPINION,
                opinions=(
                    opinion(1, conclusion=Conclusion.EXPLAIN, bases=(), executor=None, execute_by=None),
                ),
                signer="沈书宁",
            ),
            Service(
                seq=4,
                date=day("05-18"),
                organ=HOUSING,
                of=3,
                recipient="李清和",
                method=ServiceMethod.DIRECT,
                received=day("05-18"),
            ),
            Feedback(seq=5, date=day("05-20"), of=1, unit=HOUSING, report=True, content="已答复信访人。"),
        ),
    )


def objected() -> Case:
    """A transfer to the wrong department, objected to, and transferred again."""
    return Case(
        id="YZ-20260402-0005",
        registration=registration(received="04-02"),
        petitioners=(PERSON,),
        claims=(claim(1),),
        events=(
            Transfer(seq=1, date=day("04-07"), destinations=(to(WATER, "04-07"),), material=Material.COPY),
            Objection(
                seq=2,
                date=day("04-10"),
                organ=WATER,
                against=1,
                reason="房屋质量问题不属于水务部门职权范围。",
                decision=ObjectionDecision(outcome=Agreement.AGREED, date=day("04-13")),
                returned=day("04-14"),
            ),
            Transfer(seq=3, date=day("04-15"), destinations=(to(HOUSING, "04-16"),), material=Material.COPY),
            Acceptance(seq=4, date=day("04-20"), organ=HOUSING),
            Reply(
                seq=5,
                date=day("06-01"),
                organ=HOUSING,
                kind=ReplyKind.OPINION,
                opinions=(opinion(1, conclusion=Conclusion.REJECT, executor=None, execute_by=None),),
                signer="沈书宁",
            ),
        ),
    )


def duty() -> Case:
    """A request that an organ use its powers (31(五)), answered."""
    return Case(
        id="YZ-20260408-0006",
        registration=registration(MARKET, "04-08"),
        petitioners=(PERSON,),
        claims=(claim(1, ClaimPath.DUTY),),
        events=(
            Acceptance(seq=1, date=day("04-13")),
            Reply(
                seq=2,
                date=day("05-08"),
                kind=ReplyKind.DUTY,
                opinions=(opinion(1, executor=None, execute_by=None),),
                signer="季安",
            ),
        ),
    )


def accusation() -> Case:
    """A named report of a person, sent on to the discipline commission as an abstract."""
    return Case(
        id="YZ-20260413-0007",
        registration=registration(received="04-13", subject="有关人员违规收费问题"),
        petitioners=(PERSON,),
        claims=(
            claim(
                1,
                ClaimPath.REPORT,
                purpose=Purpose.REPORT,
                respondents=(
                    Respondent(kind=RespondentKind.PERSON, name="钱某川", unit="云州市水务局", post="科长"),
                ),
            ),
        ),
        confidentiality=Confidentiality(protection=True),
        events=(
            Transfer(
                seq=1,
                date=day("04-17"),
                destinations=(to(DISCIPLINE, "04-20"),),
                material=Material.ABSTRACT,
                abstract="反映市水务局工作人员违规收费。",
            ),
        ),
    )


def visit() -> Case:
    """Eight people who came in person, with two representatives."""
    people = tuple(
        replace(PERSON, name=name, representative=i < 2, phones=(), address=f"云州市东湖区柳荫街{i}号")
        for i, name in enumerate(("赵青", "孙玉", "周宁", "吴川", "郑和", "王朗"), start=0)
    )
    return Case(
        id="YZ-20260420-0008",
        registration=registration(
            received="04-20",
            channel=Channel.VISIT,
            oral=OralRecord(recorder="丁晓禾", checked=Checked.SIGNED),
        ),
        petitioners=people,
        counts=Counts(visitors=8, affected=30),
        claims=(claim(1),),
        events=(
            Transfer(seq=1, date=day("04-22"), destinations=(to(WATER),), material=Material.ORIGINAL),
            Closure(seq=2, date=day("05-06"), manner="转送"),
        ),
    )


def old() -> Case:
    """A matter of the time of the 2005 regulation."""
    return Case(
        id="YZ-20190304-0009",
        registration=registration(HOUSING, "2019-03-04"),
        petitioners=(PERSON,),
        claims=(claim(1, None),),
        events=(
            Acceptance(seq=1, date=day("2019-03-12")),
            Reply(
                seq=2,
                date=day("2019-04-30"),
                kind=ReplyKind.REPLY,
                opinions=(opinion(1, conclusion=Conclusion.REJECT, executor=None, execute_by=None),),
                signer="沈书宁",
            ),
        ),
    )


def referred() -> Case:
    """A matter that came to a department from above, with a number, and was taken up in time."""
    base = duty()
    return replace(
        base,
        id="YZ-20260511-0010",
        registration=registration(
            MARKET,
            "05-11",
            sources=(
                Source(
                    kind=SourceKind.TRANSFER,
                    organ=OFFICE,
                    number="云信转字〔2026〕8号",
                    date=day("05-08"),
                    received=day("05-11"),
                ),
            ),
        ),
        events=(Acceptance(seq=1, date=day("05-20")),),
    )


def identified() -> Case:
    """A petitioner whose identity card is on record."""
    ident = Ident(type=IdentType.RESIDENT, number="990000198001010012")
    return replace(chain(), petitioners=(replace(PERSON, ident=ident),))


def secret() -> Case:
    """A matter that carries a state-secret marking with its ground."""
    marking = Secret(level=SecrecyLevel.SECRET, years=10, ground="云密定〔2026〕1号", officer="方明远")
    return replace(chain(), confidentiality=Confidentiality(secret=marking))


def enclosed(file: str = "附件/来信.txt", sha256: str | None = None) -> Case:
    """A matter with a file beside its record."""
    attachment = Attachment(name="来信", kind=AttachmentKind.SCAN, file=file, pages=1, sha256=sha256)
    return replace(chain(), attachments=(attachment,))


BASES = (
    chain,
    guided,
    refused,
    assigned,
    objected,
    duty,
    accusation,
    visit,
    old,
    referred,
    identified,
    secret,
)
"""Every case that stands without a file beside it."""


def event(case: Case, seq: int, /, **changes: Any) -> Case:
    """The case with one event changed."""
    return replace(case, events=tuple(replace(e, **changes) if e.seq == seq else e for e in case.events))


def without(case: Case, *seqs: int) -> Case:
    """The case without some events."""
    return replace(case, events=tuple(e for e in case.events if e.seq not in seqs))


def until(case: Case, seq: int) -> Case:
    """The case as it was when an event had just happened, with nothing issued."""
    return replace(case, events=tuple(e for e in case.events if e.seq <= seq), issued=())


def then(case: Case, *events: Event) -> Case:
    """The case with more events at the end."""
    return replace(case, events=(*case.events, *events))


def registered(case: Case, /, **changes: Any) -> Case:
    """The case with its registration changed."""
    return replace(case, registration=replace(case.registration, **changes))
