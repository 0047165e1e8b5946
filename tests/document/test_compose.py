"""A document as of its event: who writes, to whom, under which law, with which number; later events change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import (
    CITY,
    DISTRICT,
    OFFICE,
    TOWN,
    WATER,
    a_case,
    an,
    assignment,
    claim,
    day,
    office_in,
    opinion,
    person,
    reply,
    service,
    source,
    to,
    transfer,
)
from tests.samples.corpus import cases
from tests.samples.corpus import office as samples
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.words import all_text
from xfdocs.errors import DocumentRefused, FieldMissing, KindUnknown
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.derived import as_of
from xfdocs.record.events import Acceptance, Extension, Hearing
from xfdocs.record.model import Case, Confidentiality, Counts, Secret

SENT = transfer("2026-07-03", to(WATER, "2026-07-06"))
TAKEN = an(Acceptance, "2026-07-10", WATER)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_in(tmp_path_factory.mktemp("office"))


def text(document: Document) -> str:
    return all_text(document)


# --- as of the event ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_no_later_event_changes_an_earlier_document(case: Case):
    """Made when only its own past is known, and made today: the same document."""
    for kind, event in catalogue_of(samples()).called_for(case, samples()):
        if event is None:
            continue
        then = as_of(case, event)
        assert compose(kind, then, samples(), event=event) == compose(kind, case, samples(), event=event)


def test_two_acceptances_make_two_notices_each_of_its_own_day(office):
    two = (claim(1), claim(2))
    first = an(Acceptance, "2026-07-10", WATER, claims=(1,))
    second = an(Acceptance, "2026-07-15", WATER, claims=(2,))
    case = a_case("2026-07-01", SENT, first, second, claims=two)
    one, other = (compose("受理告知书", case, office, event=e) for e in case.events[1:])
    assert "2026年7月10日起受理" in text(one)
    assert "2026年9月8日" in text(one)
    assert "2026年7月15日起受理" in text(other)
    assert "2026年9月13日" in text(other)


# --- the law of the day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "cited", "not_cited"),
    [("2022-04-30", "《信访条例》", "《信访工作条例》"), ("2022-05-01", "《信访工作条例》", "《信访条例》")],
)
def test_the_day_of_the_act_decides_the_regulation(office, on, cited, not_cited):
    case = a_case("2022-04-20", transfer("2022-04-21", to(WATER, "2022-04-22")), an(Acceptance, on, WATER))
    said = text(compose("受理告知书", case, office))
    assert cited in said
    assert not_cited not in said


def test_a_day_of_its_own_moves_the_document_into_the_law_of_that_day(office):
    case = a_case(
        "2022-04-20", transfer("2022-04-21", to(WATER, "2022-04-22")), an(Acceptance, "2022-04-28", WATER)
    )
    document = compose("受理告知书", case, office, day=day("2022-05-05"))
    assert document.date == day("2022-05-05")
    assert "《信访工作条例》" in text(document)


# --- to whom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("petitioners", "counts", "addressee", "you"),
    [
        ((person("陆晚晴"),), None, "陆晚晴", "您于"),
        ((person("陆晚晴", salutation=codes.Salutation.MS),), None, "陆晚晴女士", "您于"),
        ((person("陆晚晴"), person("钟灵")), None, "陆晚晴等2人", "你们于"),
        ((person("陆晚晴"),), Counts(signatories=38), "陆晚晴等38人", "你们于"),
        (
            (person("云州锦程包装有限公司", kind=codes.PetitionerKind.LEGAL_PERSON),),
            None,
            "云州锦程包装有限公司",
            "贵单位于",
        ),
    ],
)
def test_a_notice_addresses_one_or_many_or_an_organisation(office, petitioners, counts, addressee, you):
    case = a_case(
        "2026-07-01",
        SENT,
        TAKEN,
        petitioners=petitioners,
        counts=counts,
        registration={"presented": day("2026-06-28")},
    )
    document = compose("受理告知书", case, office)
    assert document.addressees == (addressee,)
    assert text(document).count(you) == 1
    assert document.body[0].text.startswith(you)


def test_a_letter_goes_to_every_organ_it_is_sent_to_and_copies_to_the_others(office):
    sent = assignment(
        "2026-07-03", to(WATER), to(DISTRICT), deadline=day("2026-09-30"), copies=("云州市青溪区信访局",)
    )
    document = compose("交办函", a_case("2026-07-01", sent), office)
    assert document.addressees == (WATER, DISTRICT)
    assert document.colophon.copies_to == ("云州市青溪区信访局",)
    assert "分别反馈" in text(document)


def test_urgency_is_told_to_organs_and_not_to_petitioners(office):
    case = a_case("2026-07-01", SENT, TAKEN, registration={"urgency": codes.Urgency.SPECIAL})
    assert compose("转送函", case, office).urgency == "特急"
    assert compose("受理告知书", case, office).urgency == ""


# --- who writes -----------------------------------------------------------------------------------------


def test_the_organ_that_acted_writes_signs_and_numbers(office):
    case = a_case("2026-07-01", SENT, TAKEN)
    letter, notice = compose("转送函", case, office), compose("受理告知书", case, office)
    assert (letter.issuer, letter.signatory, letter.head) == (OFFICE, OFFICE, OFFICE)
    assert (notice.issuer, notice.signatory, notice.head) == (WATER, WATER, "")
    assert "19900000003" in text(notice), "the writer's own telephone"
    assert "19900000001" not in text(notice)


def test_an_organ_we_do_not_print_for_is_refused_by_name(office):
    case = a_case("2026-07-01", an(Acceptance, "2026-07-10", "云州市体育局"))
    with pytest.raises(DocumentRefused, match="云州市体育局"):
        compose("受理告知书", case, office, event=case.events[0])


def test_the_way_a_matter_came_is_told_from_the_writers_side(office):
    above = source("江北省信访局", "2026-06-25", received=day("2026-06-29"))
    case = a_case("2026-06-30", SENT, TAKEN, registration={"sources": (above,)})
    assert "2026年6月29日，本机关收到江北省信访局转送的" in text(compose("转送函", case, office))
    assert "本机关于2026年7月6日收到（云州市信访局于2026年7月3日转送）" in text(
        compose("受理告知书", case, office)
    )


def test_review_goes_to_the_organ_named_or_to_the_superior(office):
    basis = a_case("2026-07-01", SENT, TAKEN, reply("2026-08-20", WATER))
    assert f"向{CITY}书面请求复查" in text(compose("处理意见书", basis, office))
    named = a_case("2026-07-01", SENT, TAKEN, reply("2026-08-20", WATER, review_organ="江北省水利厅"))
    assert "向江北省水利厅书面请求复查" in text(compose("处理意见书", named, office))


def test_a_hearing_is_told_by_the_organ_that_held_it(office):
    held = an(Hearing, "2026-08-03", DISTRICT, stage=codes.HearingStage.HANDLING)
    mine = an(Hearing, "2026-08-04", WATER, stage=codes.HearingStage.HANDLING)
    for hearing, told in ((held, False), (mine, True)):
        case = a_case("2026-07-01", SENT, TAKEN, hearing, reply("2026-08-20", WATER))
        assert ("举行了听证" in text(compose("处理意见书", case, office))) is told


# --- limits ---------------------------------------------------------------------------------------------


def test_an_extension_says_the_old_and_the_new_last_day(office):
    longer = an(
        Extension,
        "2026-09-01",
        WATER,
        days=30,
        reason="需要检测",
        approver="于海",
        approved=day("2026-08-31"),
    )
    said = text(compose("延长办理期限告知书", a_case("2026-07-01", SENT, TAKEN, longer), office))
    assert "2026年7月10日受理，原定于2026年9月8日前办结" in said
    assert "延长30日" in said
    assert "不迟于2026年10月8日" in said


def test_an_extension_without_an_acceptance_by_that_organ_lacks_its_day(office):
    longer = an(Extension, "2026-09-01", WATER, days=30, reason="需要检测")
    case = a_case("2026-07-01", SENT, an(Acceptance, "2026-07-10"), longer)
    with pytest.raises(FieldMissing, match="受理"):
        compose("延长办理期限告知书", case, office)


def test_a_local_limit_that_counts_from_receipt_is_told_so(tmp_path):
    """河南2012·26: thirty days from receipt on 07-06 end on 08-05."""
    local = office_in(tmp_path, profile="henan")
    said = text(compose("受理告知书", a_case("2026-07-01", SENT, TAKEN), local))
    assert "自收到之日起30日内" in said
    assert "2026年8月5日" in said


# --- numbers --------------------------------------------------------------------------------------------


def test_a_drafts_number_has_its_series_and_year_and_a_blank(office):
    case = a_case("2026-07-01", SENT, TAKEN)
    assert compose("转送函", case, office).number == "云信转字〔2026〕　　号"
    assert compose("受理告知书", case, office).number == "云水信受字〔2026〕　　号"
    assert (
        compose("受理告知书", case, office, number="云水信受字〔2026〕7号").number == "云水信受字〔2026〕7号"
    )


def test_a_form_for_the_archive_has_no_number_and_no_signature(office):
    document = compose("来信登记表", a_case("2026-07-01"), office)
    assert (document.number, document.signatory, document.date) == ("", "", None)


def test_an_office_may_write_its_numbers_its_own_way(tmp_path):
    own = office_in(tmp_path, '[kinds.transfer-letter]\nnumber = "云信转函〔{year}〕{n}号"\n')
    case = a_case("2026-07-01", SENT, TAKEN)
    assert compose("转送函", case, own).number == "云信转函〔2026〕　　号"
    assert compose("受理告知书", case, own).number == "云水信受字〔2026〕　　号", (
        "an organ's own series stays"
    )


# --- elements of the page -------------------------------------------------------------------------------


def test_another_layout_brings_its_own_elements(tmp_path):
    own = office_in(tmp_path, '[kinds.transfer-letter]\nlayout = "redhead"\n')
    document = compose("转送函", a_case("2026-07-01", SENT), own)
    assert (document.layout, document.head) == ("redhead", "云州市信访局文件")
    assert (document.colophon.printer, document.colophon.printed) == (OFFICE, day("2026-07-03"))


def test_a_secrecy_mark_needs_its_legal_ground(office):
    def case(ground: str | None) -> Case:
        secret = Secret(level=codes.SecrecyLevel.SECRET, years=5, ground=ground)
        return a_case("2026-07-01", SENT, confidentiality=Confidentiality(secret=secret))

    assert compose("转送函", case("《某国家秘密范围目录》第3项"), office).secrecy == "秘密★5年"
    with pytest.raises(DocumentRefused, match="定密依据"):
        compose("转送函", case(None), office)


def test_nobody_makes_up_a_secrecy_mark(office):
    assert compose("转送函", a_case("2026-07-01", SENT), office).secrecy == ""


def test_a_draft_is_marked_and_an_issued_document_is_not(office):
    case = a_case("2026-07-01", SENT)
    assert compose("转送函", case, office).draft
    assert not compose("转送函", case, office, draft=False).draft


def test_an_unknown_kind_is_named(office):
    with pytest.raises(KindUnknown, match="表扬信"):
        compose("表扬信", a_case("2026-07-01"), office)


def test_each_claim_is_answered_in_its_place(office):
    claims = (claim(1, request="请求通水"), claim(2, request="请求退费"), claim(3, request="请求道歉"))
    answers = (
        opinion(
            1, codes.Conclusion.SUPPORT, findings="水管断裂", executor=WATER, execute_by=day("2026-09-30")
        ),
        opinion(2, codes.Conclusion.EXPLAIN, findings="没有标准", explanation="规定中没有退费的标准"),
        opinion(3, codes.Conclusion.REJECT, findings="没有过错"),
    )
    case = a_case("2026-07-01", SENT, TAKEN, reply("2026-08-20", WATER, *answers), claims=claims)
    said = [block.text for block in compose("处理意见书", case, office).body]
    asked, found, answered = (
        said.index(head) for head in ("一、投诉请求", "二、查明的事实和理由", "三、处理意见及依据")
    )
    assert said[asked + 1 : found] == ["1.请求通水。", "2.请求退费。", "3.请求道歉。"]
    assert said[found + 1 : answered] == ["1.经查，水管断裂。", "2.经查，没有标准。", "3.经查，没有过错。"]
    first, second, third = said[answered + 1 : answered + 4]
    assert first.startswith("1.关于第一项请求")
    assert "予以支持" in first
    assert "2026年9月30日前执行完毕" in first
    assert "缺乏法律依据" in second
    assert "不予支持" in third


def test_a_single_claim_is_not_numbered(office):
    case = a_case("2026-07-01", SENT, TAKEN, reply("2026-08-20", WATER))
    said = [block.text for block in compose("处理意见书", case, office).body]
    assert said[said.index("一、投诉请求") + 1] == "请求解决第1个问题。"


@pytest.mark.parametrize(
    ("where", "item"),
    [
        (WATER, "第一项"),
        (DISTRICT, "第二项"),
        (TOWN, "第二项"),
        ("云州市体育局", "第一项"),
        ("云州市青溪区民政局", "第二项"),
    ],
)
def test_a_transfer_within_the_level_or_below_cites_its_own_item(office, where, item):
    """条例22 22·1(一), (二)."""
    case = a_case("2026-07-01", transfer("2026-07-03", to(where)))
    assert f"《信访工作条例》第二十二条第一款{item}" in text(compose("转送函", case, office))


def test_a_petition_office_we_do_not_list_is_asked_to_sort_what_it_gets_not_to_accept_it(office):
    """条例22 22·1 binds every 信访部门, 23·3 none of them."""
    case = a_case("2026-07-01", transfer("2026-07-03", to("云州市东湖区信访局")))
    said = text(compose("转送函", case, office))
    assert "依照《信访工作条例》第二十二条第一款转送、交办有权处理的机关、单位" in said
    assert "提出异议" not in said


def test_a_matter_for_a_court_goes_there_by_22_2_and_asks_nothing_of_23(office):
    court = claim(path=codes.Path.JUDICIAL)
    case = a_case("2026-07-01", transfer("2026-07-03", to("云州市中级人民法院")), claims=(court,))
    said = text(compose("转送函", case, office))
    assert "《信访工作条例》第二十二条第二款的规定" in said
    assert "15日" not in said
    assert "5个工作日" not in said


def test_line_breaks_of_a_value_make_paragraphs(office):
    case = a_case(
        "2026-07-01", SENT, TAKEN, reply("2026-08-20", WATER, opinion(findings="水压不足。\n水管老化。"))
    )
    said = [block.text for block in compose("处理意见书", case, office).body]
    assert "经查，水压不足。" in said
    assert "水管老化。" in said


def test_a_record_full_of_marks_says_them_all(office):
    wild = "# 甲 | 乙 *丙* 1. 丁 --- <b>戊</b> & {{ 己 }} ]]>"
    case = a_case(
        "2026-07-01",
        SENT,
        TAKEN,
        reply("2026-08-20", WATER),
        claims=(claim(1, request=wild, facts=wild),),
        subject=wild,
    )
    for kind in ("来信登记表", "转送函", "受理告知书", "处理意见书"):
        assert wild in text(compose(kind, case, office))


def test_what_served_says_which_document_it_was(office):
    case = a_case("2026-07-01", SENT, TAKEN, service(2, "2026-07-11", "2026-07-12"))
    said = text(compose("送达回证", case, office))
    assert "受理告知书" in said
    assert "2026年7月12日" in said
    posted = replace(case, events=(*case.events[:2], replace(case.events[2], received=None)))
    assert "2026年7月12日" not in text(compose("送达回证", posted, office))


def test_words_that_the_record_has_said_already_are_not_said_twice(office):
    case = a_case(
        "2026-07-01",
        SENT,
        TAKEN,
        an(Extension, "2026-08-10", WATER, days=20, reason="因涉及三个单位，情况复杂"),
        reply("2026-08-20", WATER, opinion(findings="经查，水泵老化。")),
        subject="关于水压不足问题的信访事项",
    )
    said = "".join(text(compose(kind, case, office)) for kind in ("受理告知书", "延期告知书", "处理意见书"))
    assert "关于水压不足问题的信访事项" in said
    for twice in ("关于关于", "的信访事项的信访事项", "因因", "经查，经查", "情况复杂，情况复杂"):
        assert twice not in said


def test_accepting_what_a_special_law_governs_calls_for_no_letter_that_promises_sixty_days(office):
    duty = replace(claim(1), path=codes.Path.DUTY)
    case = a_case("2026-07-01", SENT, TAKEN, claims=(duty,))
    assert "受理告知书" not in {kind.title for kind, _ in catalogue_of(office).called_for(case, office)}
    both = a_case("2026-07-01", SENT, TAKEN, claims=(duty, claim(2)))
    assert "受理告知书" in {kind.title for kind, _ in catalogue_of(office).called_for(both, office)}


def test_a_letter_about_the_other_claims_does_not_tell_that_there_is_an_accusation(office):
    report = replace(claim(1), purpose=codes.Purpose.REPORT, path=codes.Path.REPORT)
    other = replace(claim(2), request="请求修复村口道路。")
    sent = replace(
        transfer("2026-07-03", to(WATER, "2026-07-06")), claims=(2,), material=codes.Material.ABSTRACT
    )
    case = a_case("2026-07-01", sent, claims=(report, other), subject="道路失修以及收受礼品问题")
    said = text(compose("转送函", case, office))
    assert "关于请求修复村口道路的信访事项" in said
    assert "收受礼品" not in said
