"""Each rule is broken once and kept otherwise; what each finds is what its sample is named for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.record.breaks import BREAKS, ERRORS, LETTER, LETTER_TEXT, LOCAL, REJECTED, WARNED, Break
from tests.record.cases import (
    BASES,
    DISCIPLINE,
    MARKET,
    ON,
    PERSON,
    WATER,
    accusation,
    chain,
    claim,
    day,
    enclosed,
    event,
    identified,
    objected,
    old,
    refused,
    registered,
    then,
    to,
    until,
    visit,
)
from tests.record.malformed import MALFORMED
from xfdocs.office import Office
from xfdocs.record.codes import IdentType, Lead, Material, NoticeManner, ServiceMethod
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Event,
    NoFurtherAcceptance,
    NonAcceptance,
    Notice,
    Service,
    Supervision,
    Transfer,
    Urging,
)
from xfdocs.record.findings import Finding, Report, Severity, State, Verdict
from xfdocs.record.model import Case, Confidentiality, Ident, RespondentKind
from xfdocs.record.rules import RULES, accusation_conflicts
from xfdocs.record.rules.bodies import is_section, reaches
from xfdocs.record.rules.handling import is_head
from xfdocs.record.schematron import assertions
from xfdocs.record.validation import validate
from xfdocs.record.writer import write_case
from xfdocs.resources import shipped

DAYS = (ON, dt.date(2027, 7, 1), dt.date(2035, 1, 1))
"""The day of the tests, and days in years whose calendar nobody has."""


@cache
def office() -> Office:
    return Office.open(shipped("samples", "office"))


def office_of(one: Break) -> Office:
    procedure_list = office().procedure_list if one.procedure_list else ""
    return replace(office(), procedure_list=procedure_list, profile=one.profile)


def report_on(case: Case, folder: Path, on: dt.date = ON) -> Report:
    file = folder / f"{case.id}.xml"
    file.write_bytes(write_case(case))
    return validate(file, office(), on=on)


def codes(findings: tuple[Finding, ...], severity: Severity) -> set[str]:
    return {f.code for f in findings if f.severity is severity}


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: f"{one.code}-{one.words}")
def test_a_broken_rule_is_found_and_nothing_else_is_wrong(one: Break) -> None:
    report = validate(one.file, office_of(one), on=ON)
    assert one.code in codes(report.findings, one.severity)
    if one.severity is Severity.ERROR:
        assert codes(report.findings, Severity.ERROR) == {one.code}
        assert report.verdict is Verdict.REJECTED
    else:
        assert not report.errors
        assert report.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: f"{one.code}-{one.words}")
def test_a_finding_names_a_line_and_an_element_that_are_there(one: Break) -> None:
    report = validate(one.file, office_of(one), on=ON)
    lines = one.file.read_text(encoding="utf-8").split("\n")
    for finding in report.findings:
        assert finding.path.startswith("/信访事项")
        step = finding.path.rpartition("/")[2]
        name = step.lstrip("@").partition("[")[0]
        assert name in lines[finding.line - 1], (finding, lines[finding.line - 1])


@pytest.mark.parametrize("make", BASES, ids=lambda make: make.__name__)
def test_a_case_that_keeps_every_rule_has_no_finding(make, tmp_path: Path) -> None:
    report = report_on(make(), tmp_path)
    assert report.findings == ()
    assert report.verdict is Verdict.ACCEPTED
    assert {step.state for step in report.steps} == {State.PASSED}


def test_every_rule_and_every_assertion_is_broken_by_a_sample() -> None:
    known = {rule.check.__name__: rule.severity for rule in RULES}
    known |= {assertion.id: assertion.severity for assertion in assertions()}
    assert {one.rule for one in BREAKS} == set(known)
    assert all(one.severity is known[one.rule] for one in BREAKS)


def test_the_sample_folders_hold_just_what_the_breaks_make() -> None:
    wanted = {one.file: one.bytes for one in (*BREAKS, *MALFORMED)}
    there = {f: f.read_bytes() for folder in (REJECTED, WARNED, LOCAL) for f in folder.glob("*.xml")}
    assert set(wanted) == set(there)
    assert wanted == there, "Run `python -m tests.record.breaks` and `python -m tests.record.malformed`."
    assert (REJECTED / LETTER).read_text(encoding="utf-8") == LETTER_TEXT


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("make", BASES, ids=lambda make: make.__name__)
def test_what_is_accepted_today_is_accepted_on_any_later_day(make, on: dt.date, tmp_path: Path) -> None:
    assert report_on(make(), tmp_path, on).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("seq", range(1, 14))
def test_a_matter_left_lying_at_any_point_stays_accepted(seq: int, on: dt.date, tmp_path: Path) -> None:
    assert report_on(until(chain(), seq), tmp_path, on).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("one", ERRORS, ids=lambda one: f"{one.code}-{one.words}")
def test_what_is_rejected_today_is_rejected_on_any_later_day(one: Break) -> None:
    for on in DAYS:
        assert codes(validate(one.file, office_of(one), on=on).findings, Severity.ERROR) == {one.code}


# --- clocks ------------------------------------------------------------------------------------------


def test_lateness_tells_the_number_of_days_after_days_of_rest_are_taken_off(tmp_path: Path) -> None:
    """15日 from 2026-02-02 end on 02-17 (春节) and roll to 02-24 (domain §1.6)."""
    case = replace(visit(), registration=replace(visit().registration, received=day("02-02")))
    case = replace(
        case, registration=replace(case.registration, presented=day("02-02"), registered=day("02-02"))
    )
    in_time = report_on(event(case, 1, date=day("02-24")), tmp_path)
    assert in_time.findings == ()
    late = report_on(event(case, 1, date=day("02-25")), tmp_path)
    assert [f.code for f in late.findings] == ["R03"]
    assert "超过 15日期限 1 日（应不迟于 2026-02-17）" in late.findings[0].message
    assert late.findings[0].basis == "《信访工作条例》第二十二条第一款"


@pytest.mark.parametrize(("raised", "late"), [("04-14", False), ("04-15", True)])
def test_five_working_days_leave_weekends_out(raised: str, late: bool, tmp_path: Path) -> None:
    """From Tuesday 2026-04-07 the fifth working day is Tuesday 04-14."""
    case = event(until(objected(), 2), 2, date=day(raised), decision=None, returned=None)
    assert ("R05" in codes(report_on(case, tmp_path).findings, Severity.WARNING)) is late


def test_hearing_days_lengthen_the_recheck(tmp_path: Path) -> None:
    from xfdocs.record.codes import HearingStage
    from xfdocs.record.events import Hearing

    recheck = replace(chain().events[11], seq=13, date=day("08-21"))
    hearing = Hearing(
        seq=12, date=day("08-03"), ended=day("08-04"), stage=HearingStage.RECHECK, organ="江北省人民政府"
    )
    without_hearing = then(until(chain(), 11), recheck)
    with_hearing = then(until(chain(), 11), hearing, recheck)
    assert "R19" in codes(report_on(without_hearing, tmp_path).findings, Severity.WARNING)
    assert "R19" not in codes(report_on(with_hearing, tmp_path).findings, Severity.WARNING)


def test_a_request_posted_in_time_is_in_time_though_it_arrives_late(tmp_path: Path) -> None:
    """服务 2026-05-21, the 30th day is 06-20 (端午), rolled to 06-22."""
    late = event(until(chain(), 7), 7, date=day("06-26"))
    assert "R18" in codes(report_on(late, tmp_path).findings, Severity.INFO)
    posted = event(until(chain(), 7), 7, date=day("06-26"), posted=day("06-19"))
    assert "R18" not in codes(report_on(posted, tmp_path).findings, Severity.INFO)


def test_a_span_without_a_calendar_is_undetermined_and_says_which_year(tmp_path: Path) -> None:
    """2010-03-01 and 15日 end on 03-16; whether 03-17 is late depends on the calendar of 2010 (R30)."""
    base = old()
    case = replace(
        base,
        registration=replace(
            base.registration,
            received=dt.date(2010, 3, 1),
            presented=dt.date(2010, 3, 1),
            registered=dt.date(2010, 3, 1),
        ),
        events=(
            Acceptance(seq=1, date=dt.date(2010, 3, 17)),
            replace(base.events[1], date=dt.date(2010, 4, 20)),
        ),
    )
    report = report_on(case, tmp_path)
    assert report.verdict is Verdict.UNDETERMINED
    assert [f.code for f in report.findings] == ["R30"]
    assert "2010" in report.findings[0].message
    assert State.COULD_NOT_RUN in {step.state for step in report.steps}
    in_time = report_on(event(case, 1, date=dt.date(2010, 3, 16)), tmp_path)
    assert in_time.verdict is Verdict.ACCEPTED


def test_a_real_error_beside_a_missing_calendar_still_rejects(tmp_path: Path) -> None:
    base = old()
    case = replace(
        base,
        registration=replace(
            base.registration, received=dt.date(2010, 3, 1), presented=None, registered=dt.date(2010, 3, 1)
        ),
        events=(
            Acceptance(seq=1, date=dt.date(2010, 3, 17)),
            replace(base.events[1], date=dt.date(2010, 4, 20), signer=None),
        ),
    )
    report = report_on(case, tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert codes(report.findings, Severity.ERROR) == {"R25", "R30"}


def test_an_act_before_any_known_law_is_undetermined(tmp_path: Path) -> None:
    received = dt.date(2003, 3, 3)
    base = old()
    case = replace(
        base,
        registration=replace(base.registration, received=received, presented=received, registered=received),
        events=(Acceptance(seq=1, date=dt.date(2003, 3, 10)),),
    )
    report = report_on(case, tmp_path)
    assert report.verdict is Verdict.UNDETERMINED
    assert "2003-03-03" in report.findings[0].message


# --- telling the petitioner (R04) ------------------------------------------------------------------------


@pytest.mark.parametrize("unclear", ["name_unclear", "address_unclear"])
def test_nobody_whose_name_or_address_is_unclear_need_be_told(unclear: str, tmp_path: Path) -> None:
    late = event(referred_late(), 1, date=day("06-30"))
    assert "R04" in codes(report_on(late, tmp_path).findings, Severity.WARNING)
    exempt = replace(late, petitioners=(replace(PERSON, **{unclear: True}),))
    assert "R04" not in codes(report_on(exempt, tmp_path).findings, Severity.WARNING)


@pytest.mark.parametrize(
    ("organ", "path", "owed"),
    [
        ("云州市公安局", ClaimPath.DUTY, True),
        ("云州市公安局", ClaimPath.JUDICIAL, False),
        (DISCIPLINE, ClaimPath.DUTY, True),
        (MARKET, ClaimPath.JUDICIAL, True),
    ],
)
def test_only_suits_with_the_judiciary_are_told_of_under_rules_of_their_own(
    organ: str, path: ClaimPath, owed: bool, tmp_path: Path
) -> None:
    """条例22 23·4 speaks of an organ and a matter together; clocks and rules read it alike."""
    late = registered(event(referred_late(), 1, date=day("06-30")), organ=organ)
    late = replace(late, claims=(replace(late.claims[0], path=path),))
    assert ("R04" in codes(report_on(late, tmp_path).findings, Severity.WARNING)) is owed


def referred_late() -> Case:
    from tests.record.cases import referred

    return referred()


def test_a_matter_without_a_petitioner_is_complete(tmp_path: Path) -> None:
    report = report_on(replace(refused(), petitioners=()), tmp_path)
    assert report.verdict is Verdict.ACCEPTED
    assert "R04" not in {f.code for f in report.findings}


# --- local limits (R09) ------------------------------------------------------------------------------------


def local_report(case: Case, folder: Path, profile: str) -> Report:
    file = folder / f"{case.id}.xml"
    file.write_bytes(write_case(case))
    return validate(file, replace(office(), profile=profile), on=ON)


@pytest.mark.parametrize(
    ("profile", "due", "days"),
    [("zhejiang", "2026-04-09", 19), ("henan", "2026-04-05", 21), ("shandong", "", 0)],
)
def test_an_extension_after_a_shorter_local_limit_is_told_with_the_local_article(
    profile: str, due: str, days: int, tmp_path: Path
) -> None:
    """Accepted on 03-10 and received on 03-06, extended on 04-28: in time for 条例22 34, not for 浙江 23 and 河南 26 (04-05 rolls to 04-07)."""
    said = [f for f in local_report(chain(), tmp_path, profile).findings if f.code == "R09"]
    assert [f.severity for f in said] == ([Severity.WARNING] if due else [])
    for finding in said:
        assert f"届满，2026-04-28 才延期，迟了 {days} 日；全国规定的期限没有超过" in finding.message
        assert due in finding.message
        assert finding.basis.startswith(("《浙江省信访条例》第二十三条", "《河南省信访条例》第二十六条"))
        assert "是否有效尚未核对" in finding.message


def test_an_extension_within_the_local_limit_is_not_told(tmp_path: Path) -> None:
    early = event(chain(), 3, date=day("04-09"), approved=day("04-08"))
    assert "R09" not in {f.code for f in local_report(early, tmp_path, "zhejiang").findings}


# --- service (R18, R28) ------------------------------------------------------------------------------------


def test_an_answer_left_with_one_who_refused_it_is_served_for_the_rules_as_for_the_clocks(
    tmp_path: Path,
) -> None:
    """Left on 05-21: a request of 06-10 is in time, one of 07-10 late; neither lacks a record of service."""
    left = event(until(chain(), 8), 6, method=ServiceMethod.LEFT, received=None, receiver=None)
    assert not {"R18", "R28"} & {f.code for f in report_on(left, tmp_path).findings}
    late = event(event(left, 7, date=day("07-10")), 8, date=day("07-20"))
    said = [f.message for f in report_on(late, tmp_path).findings if f.code == "R18"]
    assert [text for text in said if "2026-05-21 收到书面答复" in text]


# --- the local ground of lapse (R13) -----------------------------------------------------------------------


def lapsed(*before: Event, on: str = "08-03", explanation: str | None = None) -> Case:
    """不再受理 on the ground that nobody asked for 复查 (or 复核) in time, after what happened *before*."""
    part = NoFurtherAcceptance(ground="R2", explanation=explanation)
    notice = Notice(
        seq=len(before) + 1, date=day(on), organ=WATER, manner=NoticeManner.WRITTEN, exhausted=part
    )
    numbered = tuple(replace(one, seq=n) for n, one in enumerate(before, start=1))
    return replace(chain(), events=(*numbered, notice), issued=())


_EVENTS = chain().events
ANSWER = (*_EVENTS[:3], *_EVENTS[4:5])
"""Transferred, accepted, extended, answered on 05-20."""
SERVED = (*ANSWER, replace(_EVENTS[5], of=4))  # type: ignore[type-var]
"""Received on 05-21: the thirtieth day is 06-20, a Saturday that is off, and 06-22 the first worked day after it."""
ASKED = (*SERVED, replace(_EVENTS[6], date=day("06-22")))
REVIEWED = (*SERVED, *_EVENTS[6:8])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (lapsed(*SERVED), ""),
        (lapsed(*ANSWER), "没有登记信访人收到 2026-05-20 的书面答复的日期，请求复查的期限没有起算"),
        (lapsed(*SERVED, on="06-22"), "到 2026-06-22 请求复查的期限还没有届满"),
        (lapsed(*SERVED, on="06-23"), ""),
        (lapsed(*ASKED), "信访人已在期限内（2026-06-22）请求复查"),
        (lapsed(*SERVED, replace(_EVENTS[6], date=day("06-23"))), ""),
        (
            lapsed(*SERVED, replace(_EVENTS[6], date=day("06-25"), posted=day("06-22"))),
            "（2026-06-22）请求复查",
        ),
        (lapsed(*REVIEWED), "没有登记信访人收到 2026-07-03 的书面答复的日期，请求复核的期限没有起算"),
        (lapsed(explanation="云水信意字〔2025〕3号处理意见书已于2025年5月21日送达。"), ""),
        (lapsed(), "应当写明是哪一份意见、信访人哪一天收到"),
    ],
)
def test_lapse_is_a_ground_only_where_the_thirty_days_are_shown_to_have_run_from_receipt(
    case: Case, said: str, tmp_path: Path
) -> None:
    """浙江 25·1(二): 未在规定期限内申请; the period of 条例22 35 and 36·1 begins with the receipt of the written answer."""
    found = [f for f in local_report(case, tmp_path, "zhejiang").findings if f.code == "R13"]
    assert [f.severity for f in found] == ([Severity.ERROR] if said else [])
    for finding in found:
        assert said in finding.message
        assert finding.basis == "《浙江省信访条例》第二十五条第一款第二项、第二款"


def test_in_beijing_the_same_ground_refuses_and_is_held_to_the_same(tmp_path: Path) -> None:
    """北京 37(三) says 不予受理."""
    part = NonAcceptance(ground="R2")
    notice = Notice(seq=5, date=day("08-03"), organ=WATER, manner=NoticeManner.WRITTEN, refusal=part)
    case = replace(lapsed(*ANSWER), events=(*lapsed(*ANSWER).events[:4], notice))
    said = [f.message for f in local_report(case, tmp_path, "beijing").findings if f.code == "R13"]
    assert len(said) == 1
    assert "没有起算" in said[0]


def test_where_no_local_rule_knows_it_lapse_is_no_ground_at_all(tmp_path: Path) -> None:
    assert codes(report_on(lapsed(*SERVED), tmp_path).findings, Severity.ERROR) == {"R12"}


# --- 检举控告 (R14, R15) ---------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [2, 3])
def test_services_that_refer_to_themselves_or_each_other_are_told_and_go_in_no_circle(
    of: int, tmp_path: Path
) -> None:
    service = Service(
        seq=2,
        date=day("04-20"),
        of=of,
        recipient="云州市水务局",
        method=ServiceMethod.POST,
        received=day("04-21"),
    )
    case = then(accusation(), service, replace(service, seq=3, of=2))
    found = report_on(case, tmp_path).findings
    assert codes(found, Severity.ERROR) == {"C05", "R14"}


def reporting(kind: RespondentKind, name: str, unit: str | None) -> Case:
    from xfdocs.record.model import Respondent

    case = accusation()
    respondent = Respondent(kind=kind, name=name, unit=unit)
    return replace(case, claims=(replace(case.claims[0], respondents=(respondent,)),))


@pytest.mark.parametrize(
    ("recipient", "reported", "reached"),
    [
        ("云州市水务局", "云州市水务局", True),
        ("云州市 水务局", "云州市水务局", True),
        ("云州市水务局供水科", "云州市水务局", True),
        ("云州市水务局", "云州市水务局供水科", True),
        ("云州市水务局纪检监察室", "云州市水务局", True),
        ("云州市纪委监委驻云州市水务局纪检监察组", "云州市水务局", False),
        ("中共云州市纪律检查委员会", "云州市水务局", False),
        ("云州市人民政府", "云州市人民政府办公室", False),
        ("云州市青溪区石桥镇人民政府", "云州市青溪区人民政府", False),
        ("云州市水利局", "云州市水务局", False),
        ("市委", "市委办公室", False),
    ],
)
def test_a_name_reaches_another_where_one_is_part_of_the_other(
    recipient: str, reported: str, reached: bool
) -> None:
    assert reaches(recipient, reported) is reached


@pytest.mark.parametrize(
    "extra",
    [
        Urging(seq=2, date=day("05-20"), target=WATER, method="电话", content="请尽快办理。"),
        Supervision(seq=2, date=day("05-20"), form="督办函", target=WATER, grounds=("S3",)),
        Transfer(
            seq=2,
            date=day("05-20"),
            destinations=(to(DISCIPLINE),),
            material=Material.ABSTRACT,
            abstract="反映违规收费。",
            copies=(WATER,),
        ),
        Assignment(
            seq=2,
            date=day("05-20"),
            destinations=(to(DISCIPLINE),),
            deadline=day("08-20"),
            material=Material.ABSTRACT,
            abstract="反映违规收费。",
            responsible="钱某川",
        ),
        Service(seq=2, date=day("05-20"), of=1, recipient="钱某川", method=ServiceMethod.DIRECT),
    ],
    ids=lambda e: type(e).__name__,
)
def test_no_event_of_any_kind_may_tell_those_reported(extra, tmp_path: Path) -> None:
    case = then(accusation(), extra)
    assert "R14" in codes(report_on(case, tmp_path).findings, Severity.ERROR)
    assert accusation_conflicts(case)


def test_in_a_mixed_matter_the_unit_may_handle_the_claim_that_is_no_report(tmp_path: Path) -> None:
    case = accusation()
    mixed = replace(case, claims=(*case.claims, claim(2)), confidentiality=None)
    lawful = Transfer(
        seq=2,
        date=day("04-17"),
        claims=(2,),
        destinations=(to(WATER),),
        material=Material.ABSTRACT,
        abstract="反映夜间停水。",
    )
    urged = Urging(seq=3, date=day("05-20"), target=WATER, method="电话", content="请尽快办理第二项诉求。")
    mixed = event(mixed, 1, claims=(1,))
    assert report_on(then(mixed, lawful, urged), tmp_path).verdict is Verdict.ACCEPTED
    betrayed = then(mixed, replace(lawful, claims=()))
    assert codes(report_on(betrayed, tmp_path).findings, Severity.ERROR) == {"R14"}
    whole = then(mixed, replace(lawful, material=Material.COPY, abstract=None))  # the same sheet of paper
    assert codes(report_on(whole, tmp_path).findings, Severity.ERROR) == {"R14", "R15"}


def test_with_protection_asked_for_every_claim_is_secret(tmp_path: Path) -> None:
    case = replace(
        visit(),
        claims=(claim(1, respondents=accusation().claims[0].respondents),),
        confidentiality=Confidentiality(protection=True),
    )
    assert {"R14", "R15"} == codes(report_on(case, tmp_path).findings, Severity.ERROR)


def test_consent_lets_the_name_be_told_but_never_the_original(tmp_path: Path) -> None:
    named = replace(
        event(accusation(), 1, abstract="李清和反映市水务局工作人员违规收费。"),
        confidentiality=Confidentiality(protection=True, named=True),
    )
    assert report_on(named, tmp_path).verdict is Verdict.ACCEPTED
    original = event(named, 1, material=Material.ORIGINAL)
    assert codes(report_on(original, tmp_path).findings, Severity.ERROR) == {"R15"}


@pytest.mark.parametrize(
    "secret", ["李清和", "19900002001", "云州市东湖区柳荫街5号2单元301室", "990000198001010012"]
)
def test_nothing_that_identifies_the_reporter_may_stand_in_the_abstract(secret: str, tmp_path: Path) -> None:
    case = replace(event(accusation(), 1, abstract=f"反映人（{secret}）称有人违规收费。"))
    case = replace(case, petitioners=identified().petitioners)
    report = report_on(case, tmp_path)
    assert codes(report.findings, Severity.ERROR) == {"R15"}
    assert all(secret not in finding.message for finding in report.findings)


@pytest.mark.parametrize("written", ["李 清 和", "199-0000-2001", "199 0000 2001", "１９９００００２００１"])
def test_an_identity_written_otherwise_is_the_same_identity(written: str, tmp_path: Path) -> None:
    case = replace(event(accusation(), 1, abstract=f"反映人（{written}）称有人违规收费。"))
    case = replace(case, petitioners=identified().petitioners)
    assert codes(report_on(case, tmp_path).findings, Severity.ERROR) == {"R15"}


def test_the_name_of_a_village_betrays_nobody(tmp_path: Path) -> None:
    case = event(accusation(), 1, abstract="反映云州市青溪区石桥镇清水村有人违规收费。")
    case = replace(case, petitioners=(replace(PERSON, address="云州市青溪区石桥镇清水村"),))
    assert report_on(case, tmp_path).verdict is Verdict.ACCEPTED


def test_an_ordinary_claim_goes_to_the_unit_it_is_about(tmp_path: Path) -> None:
    case = visit()
    about = replace(
        case,
        claims=(claim(1, respondents=reporting(RespondentKind.UNIT, WATER, None).claims[0].respondents),),
    )
    assert report_on(about, tmp_path).verdict is Verdict.ACCEPTED


# --- single points ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "organ", "head"),
    [
        ("局长", "云州市水务局", True),
        ("副局长", "云州市水务局", True),
        ("云州市水务局负责人", "云州市水务局", True),
        ("主任", "云州市发展和改革委员会", True),
        ("镇长", "石桥镇人民政府", True),
        ("院长", "云州学院", True),
        ("党委书记", "云州学院", True),
        ("处长", "云州市湖区管理处", True),
        ("供水处处长", "江北省水利厅", False),
        ("办公室主任", "云州市水务局", False),
        ("供水科科长", "云州市水务局", False),
        ("信访科负责人", "云州市水务局", False),
        ("科员", "云州市水务局", False),
    ],
)
def test_only_a_head_of_the_organ_approves_an_extension(post: str, organ: str, head: bool) -> None:
    assert is_head(post, organ) is head


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("云州市信访局来访接待科", True),
        ("江北省水利厅供水处", True),
        ("云州市水务局办公室", True),
        ("云州市人民政府办公室", False),
        ("云州市人民政府信访办公室", False),
        ("云州市东湖区柳荫街道办事处", False),
        ("云州市湖区管理处", False),
        ("云州市水务局", False),
        ("中共云州市委办公室", False),
    ],
)
def test_a_section_is_told_from_an_organ_by_its_name(name: str, section: bool) -> None:
    assert is_section(name) is section


def test_a_section_that_the_office_lists_as_an_organ_may_act(tmp_path: Path) -> None:
    from xfdocs.office import Organ

    case = replace(visit(), registration=replace(visit().registration, organ="云州大学后勤处"))
    file = tmp_path / "x.xml"
    file.write_bytes(write_case(case))
    assert "R24" in {f.code for f in validate(file, office(), on=ON).findings}
    organs = {**office().organs, "云州大学后勤处": Organ(name="云州大学后勤处")}
    assert "R24" not in {f.code for f in validate(file, replace(office(), organs=organs), on=ON).findings}


def test_a_refused_matter_may_have_another_claim_accepted(tmp_path: Path) -> None:
    case = replace(refused(), claims=(claim(1), claim(2, ClaimPath.DUTY)))
    notice = case.events[0]
    only_first = event(case, 1, refusal=replace(notice.refusal, claims=(1,)))  # type: ignore[attr-defined]
    accepted = then(only_first, Acceptance(seq=2, date=day("03-23"), claims=(2,)))
    assert report_on(accepted, tmp_path).verdict is Verdict.ACCEPTED


def test_an_assisting_unit_need_not_tell_the_petitioner(tmp_path: Path) -> None:
    case = event(
        until(chain(), 3),
        1,
        destinations=(to(WATER, "03-06"), to("云州市住房和城乡建设局", "03-06", Lead.ASSIST)),
    )
    assert "R04" not in {f.code for f in report_on(case, tmp_path).findings}


def test_a_wrong_identity_number_is_told_without_repeating_it(tmp_path: Path) -> None:
    """A message may end up in a log; the number itself stays in the record."""
    number = "990000198001010013"
    case = replace(
        refused(), petitioners=(replace(PERSON, ident=Ident(type=IdentType.RESIDENT, number=number)),)
    )
    [finding] = report_on(case, tmp_path).findings
    assert finding.code == "R31"
    assert number not in finding.message


# --- attachments (R33) -----------------------------------------------------------------------------------


def test_an_attachment_that_matches_its_digest_is_accepted(tmp_path: Path) -> None:
    import hashlib

    (tmp_path / "附件").mkdir()
    (tmp_path / LETTER).write_text(LETTER_TEXT, encoding="utf-8")
    digest = hashlib.sha256(LETTER_TEXT.encode()).hexdigest()
    assert report_on(enclosed(LETTER, digest), tmp_path).findings == ()


def test_an_empty_attachment_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "附件").mkdir()
    (tmp_path / LETTER).touch()
    assert codes(report_on(enclosed(LETTER, "0" * 64), tmp_path).findings, Severity.ERROR) == {"R33"}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    import hashlib

    outside = tmp_path / "秘密.txt"
    outside.write_text("不应读取", encoding="utf-8")
    inside = tmp_path / "cases"
    inside.mkdir()
    (inside / "来信.txt").symlink_to(outside)
    digest = hashlib.sha256("不应读取".encode()).hexdigest()
    report = report_on(enclosed("来信.txt", digest), inside)
    assert "记录所在文件夹之外" in report.errors[0].message
    assert [step.state for step in report.steps][-1] is State.FAILED
