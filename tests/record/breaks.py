"""How each rule is broken: one case for every assertion of `case.sch` and every rule in Python, and nothing else wrong.

``python -m tests.record.breaks`` writes those that are rejected to ``samples/rejected`` and the others to
``tests/record/data/warned``; the tests prove that the files are what this module makes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zlib import crc32

from tests.record.cases import (
    CITY,
    HOUSING,
    MARKET,
    RULE,
    WATER,
    accusation,
    assigned,
    chain,
    claim,
    day,
    duty,
    enclosed,
    event,
    guided,
    objected,
    old,
    opinion,
    referred,
    refused,
    registered,
    secret,
    then,
    to,
    until,
    visit,
    without,
)
from xfdocs.record.codes import (
    Agreement,
    Channel,
    Conclusion,
    EvaluationOf,
    HearingStage,
    IdentType,
    Material,
    NoticeManner,
    Purpose,
    Repeat,
    ReplyKind,
    ReviewOutcome,
    Satisfaction,
    SuggestionKind,
    SupervisionForm,
)
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import (
    Acceptance,
    Basis,
    Closure,
    Evaluation,
    Hearing,
    NoFurtherAcceptance,
    Notice,
    Objection,
    ObjectionDecision,
    Refusal,
    Reply,
    Suggestion,
    Supervision,
    Transfer,
)
from xfdocs.record.findings import Severity
from xfdocs.record.model import Case, Counts, Ident, Secret
from xfdocs.record.writer import write_case

ROOT = Path(__file__).resolve().parents[2]
REJECTED = ROOT / "samples" / "rejected"
WARNED = Path(__file__).parent / "data" / "warned"
LOCAL = Path(__file__).parent / "data" / "local"
"""Broken under local rules only, which the sample office does not have."""
LETTER = "附件/来信.txt"
LETTER_TEXT = "请求解决小区供水水压不足的问题。\n"


def own_id(case_id: str, name: str) -> str:
    """A 编号 of its own for a sample, so that a folder of them has no two of one number (C18)."""
    return f"{case_id}-{crc32(name.encode()):08X}"


@dataclass(frozen=True)
class Break:
    """One way to break one rule."""

    rule: str
    """Name of the function, or id of the assertion, that notices."""
    code: str
    words: str
    """What is wrong, for the file's name."""
    make: Callable[[], Case]
    severity: Severity = Severity.ERROR
    procedure_list: bool = True
    """Whether the office names the 法定途径清单 it uses."""
    profile: str = "national"
    """Which local rules apply."""

    @property
    def folder(self) -> Path:
        if self.profile != "national":
            return LOCAL
        return REJECTED if self.severity is Severity.ERROR else WARNED

    @property
    def file(self) -> Path:
        return self.folder / f"{self.code}-{self.words}.xml"

    @property
    def bytes(self) -> bytes:
        """The case as its file stands in the folder, with a comment for whoever opens it."""
        verb = "违反" if self.severity is Severity.ERROR else "引起提示"
        case = self.make()
        written = write_case(case).replace(case.id.encode(), own_id(case.id, self.file.stem).encode())
        head, body = written.split(b"\n", 1)
        return (
            head
            + f"\n<!-- {verb} {self.code}：{self.words}。其余各处合乎要求；人和事都是虚构的。 -->\n".encode()
            + body
        )


def _opinions(case: Case, seq: int, *opinions: object) -> Case:
    return event(case, seq, opinions=opinions)


def _first(case: Case, seq: int, **changes: object) -> Case:
    reply = next(e for e in case.events if e.seq == seq)
    assert isinstance(reply, Reply)
    return event(case, seq, opinions=(replace(reply.opinions[0], **changes), *reply.opinions[1:]))


def _claim(case: Case, **changes: object) -> Case:
    return replace(case, claims=(replace(case.claims[0], **changes), *case.claims[1:]))


def _person(case: Case, **changes: object) -> Case:
    return replace(case, petitioners=(replace(case.petitioners[0], **changes), *case.petitioners[1:]))


def _issued(case: Case, at: int, **changes: object) -> Case:
    issued = list(case.issued)
    issued[at] = replace(issued[at], **changes)
    return replace(case, issued=tuple(issued))


def _notice(case: Case, **changes: object) -> Case:
    return event(case, 1, **changes)


def _guidance(case: Case, **changes: object) -> Case:
    notice = case.events[0]
    assert isinstance(notice, Notice)
    return event(case, 1, procedures=(replace(notice.procedures[0], **changes),))


def _refusal(case: Case, **changes: object) -> Case:
    notice = case.events[0]
    assert isinstance(notice, Notice)
    assert notice.refusal is not None
    return event(case, 1, refusal=replace(notice.refusal, **changes))


def _exhausted(**changes: object) -> Case:
    values = {
        "ground": "R1",
        "recheck_organ": "江北省人民政府",
        "recheck_number": "江政信复核字〔2025〕9号",
        "recheck_date": day("2025-11-03"),
    }
    part = NoFurtherAcceptance(**(values | changes))  # type: ignore[arg-type]
    return event(refused(), 1, refusal=None, exhausted=part)


def _lapsed() -> Case:
    part = NoFurtherAcceptance(ground="R2")
    notice = Notice(seq=7, date=day("08-03"), organ=WATER, manner=NoticeManner.WRITTEN, exhausted=part)
    return then(without(until(chain(), 6), 6), notice)


def _supervised(**changes: object) -> Case:
    values: dict[str, object] = {
        "seq": 6,
        "date": day("07-02"),
        "of": 1,
        "form": SupervisionForm.LETTER,
        "target": HOUSING,
        "grounds": ("S3",),
        "original_number": "云信交字〔2026〕4号",
    }
    return then(assigned(), Supervision(**(values | changes)))  # type: ignore[arg-type]


def _doubled() -> Case:
    case = assigned()
    return replace(
        event(case, 1, destinations=(to(HOUSING, "03-26"), to(WATER, "03-26"))),
    )


def _quashed() -> Case:
    case = until(chain(), 7)
    review = chain().events[7]
    again = chain().events[4]
    return then(
        case,
        replace(review, outcome=ReviewOutcome.QUASHED),
        replace(
            again, seq=9, date=day("07-20"), opinions=(opinion(1), opinion(2, conclusion=Conclusion.REJECT))
        ),
    )


def _second_reply() -> Case:
    case = until(chain(), 6)
    return then(case, replace(chain().events[4], seq=7, date=day("05-26"), opinions=(opinion(1), opinion(2))))


def _late_objection() -> Case:
    case = event(
        objected(),
        2,
        date=day("04-17"),
        decision=ObjectionDecision(outcome=Agreement.AGREED, date=day("04-20")),
        returned=day("04-20"),
    )
    case = event(case, 3, date=day("04-20"), destinations=(to(HOUSING, "04-21"),))
    return event(case, 4, date=day("04-22"))


def _two_extensions() -> Case:
    first = chain().events[2]
    case = until(chain(), 3)
    second = replace(first, seq=4, date=day("05-06"), days=10, approved=day("05-06"))
    reply = replace(chain().events[4], seq=5)
    return then(case, second, reply)


def _rewritten(before: str, after: str, make: Callable[[], Case]) -> Case:
    """The case with one text of its accusation abstract changed."""
    case = make()
    transfer = case.events[0]
    assert isinstance(transfer, Transfer)
    return event(case, 1, abstract=(transfer.abstract or "").replace(before, after))


ERRORS = (
    Break(
        "C01-连续编号",
        "C01",
        "诉求编号不连续",
        lambda: replace(until(chain(), 1), claims=(claim(1), claim(3))),
    ),
    Break(
        "C02-序从小到大", "C02", "事件的序颠倒", lambda: event(event(until(visit(), 2), 1, seq=5), 2, seq=3)
    ),
    Break("C03-日期不倒退", "C03", "事件日期倒退", lambda: event(visit(), 2, date=day("04-21"))),
    Break(
        "service_after_its_document",
        "C03",
        "送达早于文书",
        lambda: event(until(chain(), 4), 4, date=chain().events[2].date - timedelta(days=1)),
    ),
    Break(
        "nothing_before_receipt", "C04", "事件早于收到日期", lambda: event(refused(), 1, date=day("03-10"))
    ),
    Break("references_hold", "C05", "送达了不存在的事件", lambda: event(until(chain(), 4), 4, of=9)),
    Break("references_hold", "C05", "反馈了不是交办的事件", lambda: event(assigned(), 5, of=2)),
    Break("claims_exist", "C06", "受理不存在的诉求", lambda: event(until(chain(), 2), 2, claims=(1, 2, 3))),
    Break("notice_says_something", "C07", "告知没有内容", lambda: _notice(guided(), procedures=())),
    Break(
        "no_claim_both_refused_and_taken",
        "C07",
        "既不予受理又受理",
        lambda: then(
            refused(), Acceptance(seq=2, date=day("03-23")), Closure(seq=3, date=day("03-24"), manner="办结")
        ),
    ),
    Break(
        "purpose_fits_the_path",
        "C08",
        "申诉求决填了建议意见的路径",
        lambda: _claim(visit(), path=ClaimPath.ADVICE),
    ),
    Break("dates_in_order", "C09", "收到早于送出", lambda: event(chain(), 6, received=day("05-20"))),
    Break("review_follows_request", "C12", "没有申请就复查", lambda: without(until(chain(), 8), 7)),
    Break("supervision_grounds_known", "C13", "督办情形不在代码表中", lambda: _supervised(grounds=("S9",))),
    Break("R01-登记", "R01", "没有登记日期", lambda: registered(chain(), registered=None)),
    Break("R02-登记不早于收到", "R02", "登记早于收到", lambda: registered(chain(), registered=day("03-01"))),
    Break("R02-提出不晚于收到", "R02", "提出晚于收到", lambda: registered(chain(), presented=day("03-03"))),
    Break("R02-邮戳不晚于收到", "R02", "邮戳晚于收到", lambda: registered(chain(), postmark=day("03-03"))),
    Break("R05-详细说明理由", "R05", "异议没有理由", lambda: event(objected(), 2, reason=None)),
    Break(
        "R05-核实同意后交还",
        "R05",
        "不同意异议却交还材料",
        lambda: event(
            objected(), 2, decision=ObjectionDecision(outcome=Agreement.NOT_AGREED, date=day("04-13"))
        ),
    ),
    Break(
        "objection_has_a_transfer",
        "R05",
        "对直接收到的事项提出异议",
        lambda: replace(
            referred(),
            registration=replace(referred().registration, sources=()),
            events=(Objection(seq=1, date=day("05-14"), reason="不属于本机关职权范围。"),),
        ),
    ),
    Break(
        "objection_in_order",
        "R05",
        "先交还后同意",
        lambda: event(objected(), 2, returned=day("04-11")),
    ),
    Break("R06-指定办理期限", "R06", "交办没有办理期限", lambda: event(assigned(), 1, deadline=None)),
    Break(
        "R06-期限晚于交办",
        "R06",
        "办理期限早于交办日期",
        lambda: event(until(assigned(), 3), 1, deadline=day("03-20")),
    ),
    Break(
        "reply_fits_the_day", "R07", "2019年出具处理意见书", lambda: event(old(), 2, kind=ReplyKind.OPINION)
    ),
    Break(
        "reply_fits_the_day",
        "R07",
        "2026年出具答复意见书",
        lambda: event(assigned(), 3, kind=ReplyKind.REPLY),
    ),
    Break(
        "reply_fits_the_path",
        "R07",
        "履职事项出具处理意见书",
        lambda: event(duty(), 2, kind=ReplyKind.OPINION),
    ),
    Break(
        "acceptance_fits_the_path",
        "R07",
        "应导入仲裁的事项按信访程序受理",
        lambda: replace(guided(), events=(Acceptance(seq=1, date=day("03-16")),)),
    ),
    Break(
        "advice_is_not_accepted",
        "R07",
        "建议意见按信访程序受理",
        lambda: _claim(until(assigned(), 2), path=ClaimPath.ADVICE, purpose=Purpose.ADVICE),
    ),
    Break("reply_after_acceptance", "R08", "没有受理就出具处理意见书", lambda: without(assigned(), 2)),
    Break("extension_within_bounds", "R09", "延期四十五日", lambda: event(chain(), 3, days=45)),
    Break("extension_within_bounds", "R09", "延期两次", _two_extensions),
    Break(
        "extension_has_a_clock",
        "R09",
        "没有受理就延期",
        lambda: event(without(until(chain(), 4), 2), 3, date=day("04-28")),
    ),
    Break("R09-延期理由", "R09", "延期没有理由", lambda: event(chain(), 3, reason=None)),
    Break("R09-负责人批准", "R09", "延期没有批准人", lambda: event(chain(), 3, approver=None)),
    Break("extension_approved", "R09", "科长批准延期", lambda: event(chain(), 3, approver_post="供水科科长")),
    Break("opinion_is_complete", "R10", "意见没有查明的事实", lambda: _first(chain(), 5, findings=None)),
    Break("opinion_is_complete", "R10", "意见没有依据", lambda: _first(chain(), 5, bases=())),
    Break(
        "opinion_is_complete",
        "R10",
        "不支持却没有理由",
        lambda: _first(
            assigned(), 3, conclusion=Conclusion.REJECT, bases=(Basis(name="物业管理条例"),), explanation=None
        ),
    ),
    Break("every_claim_answered", "R10", "漏答一项诉求", lambda: _opinions(chain(), 5, opinion(1))),
    Break(
        "every_claim_answered",
        "R10",
        "同一诉求答复两次",
        lambda: _opinions(chain(), 5, opinion(1), opinion(2), opinion(1)),
    ),
    Break(
        "remedy_is_known",
        "R11",
        "不知道复查机关",
        lambda: event(
            event(event(assigned(), 3, organ="云州市供销社"), 2, organ="云州市供销社"),
            1,
            destinations=(to("云州市供销社", "03-26"),),
        ),
    ),
    Break("no_remedy_where_none", "R11", "履职答复写了复查机关", lambda: event(duty(), 2, review_organ=CITY)),
    Break(
        "R12-在办机关和编号",
        "R12",
        "没有写明在办机关和编号",
        lambda: _refusal(refused(), pending_number=None),
    ),
    Break("pending_with_another", "R12", "在办机关就是自己", lambda: _refusal(refused(), pending_organ=CITY)),
    Break("grounds_are_statutory", "R12", "以重复信访为由不予受理", lambda: _refusal(refused(), ground="CF")),
    Break(
        "grounds_are_statutory",
        "R12",
        "以应走法定途径为由不予受理",
        lambda: _refusal(refused(), ground="N2"),
    ),
    Break(
        "exhausted_names_the_recheck", "R13", "不再受理没有复核文号", lambda: _exhausted(recheck_number=None)
    ),
    Break("lapse_is_shown", "R13", "没有送达就说逾期未申请复查", _lapsed, profile="zhejiang"),
    Break(
        "nothing_reaches_those_reported",
        "R14",
        "检举材料转给被检举人所在单位",
        lambda: event(accusation(), 1, destinations=(to(WATER),)),
    ),
    Break(
        "nothing_reaches_those_reported",
        "R14",
        "检举材料抄送被检举人所在单位的科室",
        lambda: event(accusation(), 1, copies=("云州市水务局供水科",)),
    ),
    Break(
        "only_an_abstract_leaves",
        "R15",
        "检举材料转了原件",
        lambda: event(accusation(), 1, material=Material.ORIGINAL),
    ),
    Break("only_an_abstract_leaves", "R15", "检举没有摘要", lambda: event(accusation(), 1, abstract=None)),
    Break(
        "abstract_betrays_nobody",
        "R15",
        "摘要写了检举人姓名",
        lambda: _rewritten("反映", "李清和反映", accusation),
    ),
    Break(
        "abstract_betrays_nobody",
        "R15",
        "事由写了检举人电话",
        lambda: registered(accusation(), subject="19900002001来信反映的问题"),
    ),
    Break(
        "R17-代表不超过五人",
        "R17",
        "走访代表六人",
        lambda: replace(
            visit(), petitioners=tuple(replace(p, representative=True) for p in visit().petitioners)
        ),
    ),
    Break(
        "hearing_in_the_recheck",
        "R19",
        "没有复核申请就举行复核听证",
        lambda: then(until(chain(), 8), Hearing(seq=9, date=day("07-10"), stage=HearingStage.RECHECK)),
    ),
    Break(
        "decided_by_the_superior",
        "R20",
        "原办理机关自己复查",
        lambda: event(until(chain(), 8), 8, organ=WATER),
    ),
    Break(
        "decided_by_the_superior",
        "R20",
        "复查机关不是上一级",
        lambda: event(until(chain(), 8), 8, organ=MARKET),
    ),
    Break("one_reply_a_claim", "R22", "对同一诉求多头答复", _second_reply),
    Break(
        "issued_number_well_formed",
        "R23",
        "文号用方括号",
        lambda: _issued(chain(), 0, number="云水信延字[2026]1号"),
    ),
    Break(
        "issued_number_well_formed",
        "R23",
        "文号有前导零",
        lambda: _issued(chain(), 0, number="云水信延字〔2026〕01号"),
    ),
    Break(
        "issued_number_well_formed",
        "R23",
        "文号加了第字",
        lambda: _issued(chain(), 0, number="云水信延字〔2026〕第1号"),
    ),
    Break(
        "issued_number_well_formed",
        "R23",
        "文号年份不符",
        lambda: _issued(chain(), 0, number="云水信延字〔2025〕1号"),
    ),
    Break(
        "issued_numbers_unique",
        "R23",
        "文号重复",
        lambda: _issued(chain(), 0, number="云水信意字〔2026〕3号"),
    ),
    Break(
        "organ_is_no_section",
        "R24",
        "以科室名义登记",
        lambda: registered(visit(), organ="云州市信访局来访接待科"),
    ),
    Break("R25-签发人", "R25", "处理意见没有签发人", lambda: event(chain(), 5, signer=None)),
    Break("R26-定密依据", "R26", "没有定密依据", lambda: _secret(ground=None)),
    Break("R26-定密责任人", "R26", "没有定密责任人", lambda: _secret(officer=None)),
    Break("R26-保密期限", "R26", "秘密级保密期限二十年", lambda: _secret(years=20)),
    Break(
        "bases_exist",
        "R27",
        "2026年引用信访条例",
        lambda: _first(chain(), 5, bases=(Basis(name="信访条例", provision="第三十二条"),)),
    ),
    Break(
        "bases_exist",
        "R27",
        "引用的条款不存在",
        lambda: _first(chain(), 5, bases=(Basis(name="信访工作条例", provision="第三十一条第七项"),)),
    ),
    Break("attachments_are_there", "R33", "附件文件不存在", lambda: enclosed("附件/照片.jpg", "0" * 64)),
    Break("attachments_are_there", "R33", "附件与摘要不符", lambda: enclosed(LETTER, "0" * 64)),
    Break("R41-写明受理机关", "R41", "途径没有写明机关", lambda: _guidance(guided(), organ=None)),
    Break(
        "guidance_fits_the_path",
        "R41",
        "信访程序的事项导入仲裁",
        lambda: _claim(guided(), path=ClaimPath.PETITION),
    ),
)
"""Everything that rejects."""


def _secret(**changes: object) -> Case:
    case = secret()
    assert case.confidentiality is not None
    marking = case.confidentiality.secret
    assert isinstance(marking, Secret)
    return replace(case, confidentiality=replace(case.confidentiality, secret=replace(marking, **changes)))


W, N = Severity.WARNING, Severity.INFO

WARNINGS = (
    Break(
        "nothing_in_the_future",
        "C10",
        "事件在今天之后",
        lambda: event(refused(), 1, date=day("2099-03-20"), manner=NoticeManner.WRITTEN),
        W,
    ),
    Break(
        "petitioner_can_be_found",
        "C11",
        "没有住址也没有标明不清",
        lambda: _person(refused(), address=None),
        W,
    ),
    Break(
        "actors_received_it",
        "C14",
        "受理机关没有收到转送",
        lambda: then(
            _claim(until(visit(), 1), path=ClaimPath.DUTY),
            Acceptance(seq=2, date=day("05-06"), organ=HOUSING),
        ),
        W,
    ),
    Break("counts_fit", "C15", "来信填了来访人数", lambda: replace(refused(), counts=Counts(visitors=3)), W),
    Break(
        "calls_are_written_down",
        "C16",
        "来电没有口头记录",
        lambda: registered(refused(), channel=Channel.CALL),
        W,
    ),
    Break(
        "related_is_another",
        "C17",
        "重复件没有关联编号",
        lambda: registered(refused(), first=Repeat.AGAIN),
        W,
    ),
    Break(
        "disposed_in_time",
        "R03",
        "二十日后才转送",
        lambda: event(without(visit(), 2), 1, date=day("05-12")),
        W,
    ),
    Break(
        "told_in_time", "R04", "收到转送二十日后才受理", lambda: event(referred(), 1, date=day("06-08")), W
    ),
    Break("told_in_writing", "R04", "只作了口头告知", lambda: _notice(guided(), manner=NoticeManner.ORAL), W),
    Break(
        "objected_in_time",
        "R05",
        "第七个工作日才提出异议",
        _late_objection,
        W,
    ),
    Break(
        "subject_tells_nothing",
        "R14",
        "同件检举控告所反映的单位收到另一项诉求",
        lambda: then(
            event(
                replace(
                    accusation(),
                    claims=(*accusation().claims, claim(2)),
                    confidentiality=None,
                ),
                1,
                claims=(1,),
            ),
            Transfer(
                seq=2,
                date=day("04-17"),
                claims=(2,),
                destinations=(to(WATER),),
                material=Material.ABSTRACT,
                abstract="反映桃园路12号院夜间停水。",
            ),
        ),
        W,
    ),
    Break("assignment_fed_back", "R06", "反馈没有办结报告", lambda: event(assigned(), 5, report=None), W),
    Break(
        "acceptance_knows_the_path",
        "R07",
        "受理时没有办理路径",
        lambda: _claim(until(referred(), 1), path=None),
        W,
    ),
    Break(
        "closed_with_an_answer",
        "R07",
        "没有答复就结案",
        lambda: then(until(assigned(), 2), Closure(seq=3, date=day("04-20"), manner="办结")),
        W,
    ),
    Break(
        "handled_in_time",
        "R08",
        "第七十日才答复",
        lambda: event(without(assigned(), 4, 5), 3, date=day("06-10")),
        W,
    ),
    Break(
        "extension_in_time",
        "R09",
        "期限过后才延期",
        lambda: event(event(without(until(chain(), 5), 4), 3, date=day("05-14")), 3, approved=day("05-13")),
        W,
    ),
    Break(
        "nobody_judges_himself",
        "R16",
        "经办人与被反映人同名",
        lambda: event(accusation(), 1, handler="钱某川"),
        W,
    ),
    Break(
        "representatives_chosen",
        "R17",
        "八人来访没有代表",
        lambda: replace(
            visit(), petitioners=tuple(replace(p, representative=None) for p in visit().petitioners)
        ),
        W,
    ),
    Break(
        "review_requested_in_time",
        "R18",
        "逾期请求复查",
        lambda: event(event(until(chain(), 8), 7, date=day("06-25")), 8, date=day("07-15")),
        N,
    ),
    Break(
        "reviewed_in_time",
        "R18",
        "四十日才作出复查意见",
        lambda: event(until(chain(), 8), 8, date=day("07-20")),
        W,
    ),
    Break(
        "recheck_requested_in_time",
        "R19",
        "逾期请求复核",
        lambda: event(
            event(event(chain(), 11, date=day("08-20")), 12, date=day("09-10")), 13, date=day("09-14")
        ),
        N,
    ),
    Break(
        "rechecked_in_time",
        "R19",
        "四十日才作出复核意见",
        lambda: event(event(chain(), 12, date=day("08-31")), 13, date=day("09-02")),
        W,
    ),
    Break(
        "review_organ_as_mapped",
        "R20",
        "复查机关与配置不一致",
        lambda: event(until(chain(), 6), 5, review_organ="江北省水利厅"),
        W,
    ),
    Break("redone_opinion_differs", "R21", "撤销后意见照旧", _quashed, W),
    Break(
        "quoted_number_well_formed",
        "R23",
        "来文文号用了圆括号",
        lambda: registered(
            referred(),
            sources=(replace(referred().registration.sources[0], number="云信转字(2026)8号"),),
        ),
        W,
    ),
    Break(
        "bases_well_written",
        "R27",
        "依据加了书名号",
        lambda: _first(chain(), 5, bases=(Basis(name="《云州市城市供水管理办法》", provision="第十二条"),)),
        W,
    ),
    Break(
        "quotations_exist",
        "R27",
        "文字引用了不存在的条",
        lambda: _first(chain(), 5, explanation="根据《信访工作条例》第五十八条，由供水企业解决。"),
        W,
    ),
    Break(
        "path_belongs_to_2022",
        "R27",
        "2019年的事项填了办理路径",
        lambda: _claim(old(), path=ClaimPath.PETITION),
        W,
    ),
    Break("served_before_the_clock", "R28", "没有送达就请求复查", lambda: without(until(chain(), 8), 6), W),
    Break(
        "requested_after_service",
        "R28",
        "复查请求早于收到答复",
        lambda: event(until(chain(), 8), 6, received=day("06-12")),
        W,
    ),
    Break(
        "R29-拒收事由",
        "R29",
        "拒收没有事由",
        lambda: event(until(chain(), 4), 4, refusal=Refusal(witnesses=("郝连成",))),
        W,
    ),
    Break(
        "R29-见证人",
        "R29",
        "拒收没有见证人",
        lambda: event(until(chain(), 4), 4, refusal=Refusal(reason="不同意延期")),
        W,
    ),
    Break(
        "ident_numbers_check",
        "R31",
        "身份证号码校验码不对",
        lambda: _person(refused(), ident=Ident(type=IdentType.RESIDENT, number="990000198001010013")),
        W,
    ),
    Break(
        "contacts_look_right", "R31", "电话号码少一位", lambda: _person(refused(), phones=("1990000200",)), W
    ),
    Break(
        "names_well_written", "R32", "姓名间隔号不对", lambda: _person(refused(), name="阿依古丽•买买提"), W
    ),
    Break(
        "nothing_unseen",
        "R32",
        "住址里有看不见的字符",
        lambda: _person(refused(), address="云州市东湖区\u202e柳荫街5号"),
        W,
    ),
    Break("attachments_are_described", "R33", "附件没有登记摘要", lambda: enclosed(LETTER), W),
    Break(
        "guidance_names_the_list",
        "R41",
        "没有注明清单版本",
        lambda: _guidance(guided(), list_version=None),
        W,
        procedure_list=False,
    ),
    Break(
        "support_is_carried_out", "R42", "支持却没有执行单位", lambda: _first(chain(), 5, executor=None), W
    ),
    Break(
        "suggestion_answered",
        "R43",
        "建议没有反馈",
        lambda: then(
            visit(),
            Suggestion(
                seq=3,
                date=day("05-08"),
                kind=SuggestionKind.WORK,
                recipient=WATER,
                content="建议公示停水安排。",
            ),
        ),
        N,
    ),
    Break("overdue_second_feedback", "R44", "双交办只有一个单位反馈", _doubled, W),
    Break("overdue_disposition", "R03", "至今没有转送", lambda: without(visit(), 1, 2), W),
    Break("overdue_notice", "R04", "至今没有告知", lambda: replace(guided(), events=()), W),
    Break("overdue_feedback", "R06", "交办至今没有反馈", lambda: without(assigned(), 5), W),
    Break("overdue_handling", "R08", "受理后至今没有答复", lambda: until(chain(), 2), W),
    Break("overdue_review", "R18", "复查请求至今没有答复", lambda: until(chain(), 7), W),
    Break("overdue_recheck", "R19", "复核请求至今没有答复", lambda: until(chain(), 11), W),
    Break(
        "overdue_execution",
        "R42",
        "支持的意见至今没有执行",
        lambda: _first(
            assigned(),
            3,
            conclusion=Conclusion.SUPPORT,
            bases=(RULE,),
            executor="云州市自来水有限公司",
            execute_by=day("06-30"),
        ),
        W,
    ),
    Break(
        "overdue_suggestion",
        "R43",
        "改进建议三十日没有反馈",
        lambda: then(
            old(),
            Suggestion(
                seq=3,
                date=day("2019-05-08"),
                kind=SuggestionKind.WORK,
                recipient=WATER,
                content="建议公示停水安排。",
            ),
        ),
        W,
    ),
    Break(
        "evaluation_in_scope",
        "R45",
        "检举控告作了评价",
        lambda: then(
            accusation(),
            Evaluation(seq=2, date=day("05-08"), of=EvaluationOf.OFFICE, result=Satisfaction.SATISFIED),
        ),
        N,
    ),
)
"""Everything that only warns or tells."""

BREAKS = (*ERRORS, *WARNINGS)


def main() -> None:
    """Write the files."""
    for folder in (REJECTED, WARNED):
        letter = folder / LETTER
        letter.parent.mkdir(parents=True, exist_ok=True)
        letter.write_text(LETTER_TEXT, encoding="utf-8")
    LOCAL.mkdir(parents=True, exist_ok=True)
    for one in BREAKS:
        one.file.write_bytes(one.bytes)


if __name__ == "__main__":
    main()
