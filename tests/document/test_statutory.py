"""Every document of every sample has what the law says it must have, and nothing it must not have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pytest

from tests.samples.corpus import REGIME_2022, cases, office, words
from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.words import all_text, date_text
from xfdocs.record.codes import Conclusion, Purpose
from xfdocs.record.codes import Path as ClaimPath
from xfdocs.record.derived import concerned, receipt_of
from xfdocs.record.events import Acceptance, Assignment, Event, Extension, Reply, Supervision
from xfdocs.record.model import Case
from xfdocs.rules import citations_in
from xfdocs.rules.of_office import calendar_of, law_of
from xfdocs.rules.regulations import Start


@dataclass(frozen=True)
class Made:
    """One document of one sample."""

    case: Case
    kind: Kind
    event: Event | None
    document: Document

    @property
    def said(self) -> str:
        return all_text(self.document)

    @property
    def paragraphs(self) -> list[str]:
        return self.said.splitlines()

    @property
    def day(self) -> date:
        return self.event.date if self.event else self.case.registration.received

    @property
    def new(self) -> bool:
        """Whether the regulation of 2022 governs it."""
        return self.day >= REGIME_2022

    def __str__(self) -> str:
        return f"{self.case.id}-{self.event.seq if self.event else 0}-{self.kind.title}"


@cache
def everything() -> tuple[Made, ...]:
    return tuple(
        Made(case, kind, event, compose(kind, case, office(), event=event))
        for case in cases()
        for kind, event in catalogue_of(office()).called_for(case, office())
    )


def of(*titles: str) -> list[Made]:
    found = [made for made in everything() if made.kind.title in titles]
    assert found, f"no sample has a {titles}"
    return found


def about(*titles: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("made", of(*titles), ids=str)


PETITIONERS_LETTERS = tuple(
    kind.title for kind in catalogue_of(office()).kinds.values() if kind.layout == "notice"
)
REGULATIONS = ("信访工作条例", "信访条例")


# --- of all documents -----------------------------------------------------------------------------------


def test_every_kind_is_made_from_some_sample():
    assert {made.kind.title for made in everything()} == {
        k.title for k in catalogue_of(office()).kinds.values() if k.call.by_record
    }


@pytest.mark.parametrize("made", everything(), ids=str)
def test_a_document_keeps_to_the_law_of_its_day_and_to_the_forms_of_writing(made):
    said = made.said
    wrong = "信访条例" if made.new else "信访工作条例"
    assert f"《{wrong}》" not in said, "the other regulation is not cited"
    for citation in citations_in(said):
        if citation.regulation in REGULATIONS:
            regulation = law_of(office()).regulation_titled(citation.regulation)
            assert regulation.exists(citation.article, citation.paragraph, citation.item), citation.text
    assert not re.search(r"年0\d月|月0\d日|\d年0|\d{4}-\d{2}-\d{2}", said), (
        "dates without leading zeros (GB/T 9704 7.3.5.4)"
    )
    assert not re.search(r"[\[【（(]\d{4}[\]】）)]\s*\d*号", said), "六角括号 (GB/T 9704 7.2.5)"
    assert not re.search(r"〔\d{4}〕(?:第|0)", said), "no 第, no leading zeros (GB/T 9704 7.2.5)"
    for word in ("刁民", "缠访", "闹访", "无理访", "非访", "重点人员", "稳控", "劝返"):
        assert word not in said, word
    assert not re.search(r"。。|，，|；。|，。|、、|：。|（）|“”|《》|None|Absent|undefined", said)
    for mark in ("{{", "{%", "**", "<p>"):
        assert mark not in said or any(mark in text for text in words(made.case)), mark
    assert not any("\U000f0000" <= character <= "\U000ffffd" for character in said), "no token is left"
    assert "  " not in said.replace("\u3000", "")


@pytest.mark.parametrize("made", everything(), ids=str)
def test_a_citation_is_made_once_in_a_sentence(made):
    for paragraph in made.paragraphs:
        for sentence in re.split("[。；]", paragraph):
            found = [c.text for c in citations_in(sentence) if c.regulation in REGULATIONS]
            assert len(found) == len(set(found)), sentence


@pytest.mark.parametrize("made", everything(), ids=str)
def test_a_number_has_the_year_of_the_day_and_room_for_the_rest(made):
    if made.document.number:
        assert re.fullmatch(rf".+字〔{made.day.year}〕\u3000\u3000号", made.document.number)
    assert bool(made.document.number) is bool(made.kind.series)


def test_letters_to_petitioners_name_the_matter_and_who_to_ask():
    for made in of(*PETITIONERS_LETTERS):
        assert f"信访件编号：{made.case.id}" in made.said, made
        organ = office().organs[made.document.issuer]
        assert organ.inquiry in made.said or organ.phone in made.said, f"{made}: 条例22 18·1"
        assert made.document.signatory == made.document.issuer
        assert made.paragraphs[-1 - len(made.document.colophon.copies_to) - bool(made.document.note) - 1] in (
            "特此告知。",
            "特此答复。",
        ), made


def test_a_letter_says_when_the_writer_received_the_matter_and_from_whom():
    for made in of("受理告知书", "处理意见书", "答复意见书", "不予受理告知书"):
        receipt = receipt_of(made.case, made.document.issuer, made.event)
        assert f"本机关于{date_text(receipt.received)}收到" in made.said, made
        assert (receipt.sender in made.said) if receipt.sender else ("转送）" not in made.said), made


def test_a_letter_to_a_petitioner_offers_no_remedy_the_law_does_not_give():
    """复查 follows 处理意见 and 答复意见 only (条例22 35, 05·34)."""
    for made in of(*PETITIONERS_LETTERS):
        if made.kind.title not in ("处理意见书", "答复意见书"):
            assert "请求复查" not in made.said, str(made)
            assert "救济途径" not in made.said, str(made)


def test_forms_that_stay_in_the_office_are_not_signed():
    for made in of("来信登记表"):
        assert made.document.signatory == ""
        assert made.document.addressees == ()


# --- 受理告知书 ------------------------------------------------------------------------------------------


@about("受理告知书")
def test_an_acceptance_says_from_which_day_and_until_which_day(made):
    assert isinstance(made.event, Acceptance)
    assert f"自{date_text(made.event.date)}起受理" in made.said
    run = (
        law_of(office())
        .clock("handling", made.event.date)
        .run({Start.ACCEPTED: made.event.date}, calendar_of(office()))
    )
    assert run is not None
    assert run.planning.due == made.event.date + timedelta(days=60), "条例22 34, 05·33"
    assert date_text(run.planning.due) in made.said
    assert "60日" in made.said
    assert "延长" in made.said
    assert ("第三十四条" if made.new else "第三十三条") in made.said


@about("受理告知书")
def test_an_acceptance_cites_the_paragraph_by_which_the_matter_came(made):
    direct = receipt_of(made.case, made.document.issuer, made.event).direct
    new = "第二十三条第一款" if direct else "第二十三条第三款"
    old = "第二十二条" if direct else "第二十一条第二款"
    assert (new if made.new else old) in made.said


@about("受理告知书")
def test_only_matters_of_the_petition_procedure_are_accepted_so(made):
    if made.new:
        assert all(c.path is ClaimPath.PETITION for c in concerned(made.case, made.event))
        assert "第三十一条第六项" in made.said


# --- 处理意见书, 答复意见书 -------------------------------------------------------------------------------


@about("处理意见书", "答复意见书")
def test_an_opinion_has_the_parts_article_32_asks_for_and_the_remedy(made):
    assert isinstance(made.event, Reply)
    heads = [line for line in made.paragraphs if re.match("[一二三四五]、", line)]
    assert heads == ["一、投诉请求", "二、查明的事实和理由", "三、处理意见及依据", "四、救济途径"]
    assert ("《信访工作条例》第三十一条第六项" if made.new else "《信访条例》第三十二条") in made.said
    remedy = made.paragraphs[made.paragraphs.index("四、救济途径") + 1]
    review = made.event.review_organ or office().organs[made.document.issuer].superior
    assert f"自收到本{made.kind.title}之日起30日内" in remedy
    assert f"向{review}书面请求复查" in remedy
    assert ("《信访工作条例》第三十五条" if made.new else "《信访条例》第三十四条") in remedy
    assert review != made.document.issuer


@about("处理意见书", "答复意见书")
def test_an_opinion_answers_each_claim_it_takes_up(made):
    lines = made.paragraphs
    asked, found, answered, remedy = (
        lines.index(h) for h in ("一、投诉请求", "二、查明的事实和理由", "三、处理意见及依据", "四、救济途径")
    )
    conclusions = {
        Conclusion.SUPPORT: "予以支持",
        Conclusion.PARTIAL: "对该部分予以支持",
        Conclusion.EXPLAIN: "缺乏法律依据",
        Conclusion.REJECT: "不予支持",
    }
    parts = ("\n".join(lines[a:b]) for a, b in ((asked, found), (found, answered), (answered, remedy)))
    requests, facts, opinions = parts
    for opinion in made.event.opinions:
        claim = next(c for c in made.case.claims if c.seq == opinion.claim)
        assert claim.request.splitlines()[0].rstrip("。；") in requests
        assert opinion.findings.splitlines()[0].rstrip("。；") in facts
        assert conclusions[opinion.conclusion] in opinions
        for basis in opinion.bases:
            assert f"《{basis.name.strip('《》')}》{basis.provision or ''}" in opinions
        if opinion.execute_by:
            assert f"{date_text(opinion.execute_by)}前执行完毕" in opinions
            assert opinion.executor in opinions


@about("处理意见书", "答复意见书")
def test_an_opinion_cites_the_item_of_each_conclusion(made):
    items = {
        Conclusion.SUPPORT: "第一项",
        Conclusion.PARTIAL: "第一项",
        Conclusion.EXPLAIN: "第二项",
        Conclusion.REJECT: "第三项",
    }
    opening = made.paragraphs[made.paragraphs.index("一、投诉请求") - 1]
    cited = {c.text[-3:] for c in citations_in(opening) if c.article == 32}
    assert cited == {items[o.conclusion] for o in made.event.opinions}


# --- the other notices ----------------------------------------------------------------------------------


@about("延长办理期限告知书")
def test_an_extension_says_why_how_long_and_until_when(made):
    assert isinstance(made.event, Extension)
    assert made.event.reason.rstrip("。") in made.said
    assert f"延长{made.event.days}日" in made.said
    assert made.event.days <= 30, "条例22 34, 05·33"
    taken = [
        e
        for e in made.case.events
        if isinstance(e, Acceptance) and e.organ == made.event.organ and e.seq < made.event.seq
    ]
    assert date_text(taken[-1].date + timedelta(days=60)) in made.said
    assert date_text(taken[-1].date + timedelta(days=60 + made.event.days)) in made.said
    assert "负责人" in made.said
    assert made.event.date <= taken[-1].date + timedelta(days=60)


@about("不予受理告知书")
def test_a_refusal_rests_on_a_ground_of_the_law_and_says_where_to_turn(made):
    ground = made.event.refusal.ground
    articles = {
        ("N1", True): "第十九条第三款",
        ("N1", False): "第十六条",
        ("N2", False): "第十四条第二款、第二十一条第一款第一项",
    }
    assert articles[ground, made.new] in made.said
    turn = made.event.refusal.pending_organ or made.event.refusal.competent
    assert f"向{turn}" in made.said
    assert "重复信访" not in made.said, "repetition alone is no ground"


@about("不再受理告知书")
def test_a_final_refusal_names_the_recheck_it_rests_on(made):
    final = made.event.exhausted
    assert (
        f"{final.recheck_organ}于{date_text(final.recheck_date)}作出复核意见（{final.recheck_number}）"
        in made.said
    )
    assert ("第三十六条第三款" if made.new else "第三十五条第三款") in made.said
    assert "新的事实和理由" in made.said


@about("处理途径和程序告知书")
def test_a_notice_of_procedure_says_which_item_which_way_and_to_whom(made):
    items = {"31-1": "第三十一条第一项", "31-2": "第三十一条第二项", "31-3": "第三十一条第三项", "31-4": "第三十一条第四项", "31-5": "第三十一条第五项", "29": "第二十九条第一款"}  # fmt: skip
    for guidance in made.event.procedures:
        assert guidance.procedure in made.said
        if guidance.organ != made.document.issuer:
            assert f"向{guidance.organ}提出" in made.said
        for claim in concerned(made.case, guidance):
            if claim.path is not None:
                assert items[claim.path.value] in made.said
            else:
                assert claim.purpose is Purpose.INQUIRY
    for other in made.event.competents:
        assert f"向有权处理的{other.organ}提出" in made.said


@about("处理途径和程序告知书")
def test_a_petition_office_does_not_cite_the_article_of_the_others(made):
    """条例22 23·1: 党委和政府信访部门以外的其他机关、单位."""
    own = office().organs[made.document.issuer].nature.value == "信访部门"
    assert ("第二十三条" in made.said) is (made.new and not own)


@about("转送（交办）去向告知书")
def test_a_notice_of_whereabouts_says_where_and_when(made):
    sent = next(e for e in made.case.events if e.seq == made.event.whereabouts.event)
    for destination in sent.destinations:
        assert destination.organ in made.said
    assert date_text(sent.date) in made.said


# --- letters to organs ----------------------------------------------------------------------------------


@about("转送函", "交办函")
def test_a_letter_to_an_organ_tells_the_matter_and_the_duties_of_its_receiver(made):
    said = made.said
    assert made.document.addressees == tuple(d.organ for d in made.event.destinations)
    assert "特此函告。" in made.paragraphs
    claims = concerned(made.case, made.event)
    plain = all(c.purpose is not Purpose.REPORT and c.path is not ClaimPath.JUDICIAL for c in claims)
    sorted_there = all(
        d.organ in office().organs and office().organs[d.organ].nature.value == "信访部门"
        for d in made.event.destinations
    )
    if plain:
        assert "15日" in said
        assert ("5个工作日内提出异议" in said) is (made.new and not sorted_there), "05 knows no objection"


@about("交办函")
def test_an_assignment_names_the_day_and_asks_for_a_report(made):
    """条例22 22·1(三), 05·21·1(四): 要求其在指定办理期限内反馈结果，提交办结报告."""
    assert isinstance(made.event, Assignment)
    assert f"{date_text(made.event.deadline)}前" in made.said
    assert "反馈结果" in made.said
    assert "办结报告" in made.said
    assert ("第二十二条第一款第三项" if made.new else "第二十一条第一款第四项") in made.said


@about("督办函", "督办单")
def test_a_supervision_says_what_was_found_what_is_asked_and_by_when(made):
    assert isinstance(made.event, Supervision)
    assert made.event.target in made.said
    for demand in made.event.demands:
        assert demand.rstrip("。") in made.said
    if made.event.feedback_due:
        assert f"{date_text(made.event.feedback_due)}前" in made.said
    if made.new:
        assert "第四十条第一款" in made.said
    else:
        grounds = {
            "S1": "第一项",
            "S2": "第二项",
            "S3": "第三项",
            "S4": "第四项",
            "S5": "第五项",
            "S6": "第六项",
        }
        assert all(grounds[g] in made.said for g in made.event.grounds)
    assert "书面反馈" in made.said, "条例22 40·4, 05·36·2"


def test_a_report_is_sent_on_as_an_abstract_only():
    reports = [
        m for m in of("转送函") if any(c.purpose is Purpose.REPORT for c in concerned(m.case, m.event))
    ]
    assert len(reports) >= 3
    for made in reports:
        assert made.event.abstract.rstrip("。") in made.said
        assert made.document.attachments == ()
        assert "不得将检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位" in made.said
        for claim in made.case.claims:
            for respondent in claim.respondents:
                assert respondent.name not in made.said


def test_a_slip_has_a_part_to_be_sent_back():
    for made in of("督办单"):
        kinds = [type(block).__name__ for block in made.document.body]
        assert kinds.count("Table") == 2
        assert kinds.index("TearLine") == kinds.index("Table") + 1


@about("送达回证")
def test_a_receipt_says_what_to_whom_how_and_when(made):
    event = made.event
    assert event.recipient in made.said
    assert event.method.value in made.said
    assert date_text(event.date) in made.said
    if event.received:
        assert date_text(event.received) in made.said
    of_event = next(e for e in made.case.events if e.seq == event.of)
    titles = {
        kind.title for kind, e in catalogue_of(office()).called_for(made.case, office()) if e is of_event
    }
    served = [t for t in made.paragraphs if t in titles]
    assert served or not titles, "the document that was served is named"
