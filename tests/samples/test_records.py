"""The sample records as a whole: accepted, in step with their table, invented, and written in decent words."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.samples.corpus import FOLDER, REGIME_2022, SAMPLES, TODAY, actor, acts, cases, files, office, words
from xfdocs.record.codes import Conclusion, IdentType, ReplyKind
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Closure,
    Evaluation,
    Event,
    Extension,
    Feedback,
    Notice,
    RecheckRequest,
    Reply,
    ReviewRequest,
    Service,
    Transfer,
)
from xfdocs.record.findings import Verdict
from xfdocs.record.model import Case
from xfdocs.record.validation import validate
from xfdocs.record.writer import write_case
from xfdocs.rules.of_office import calendar_of

EVERY = pytest.mark.parametrize("case", cases(), ids=[case.id for case in cases()])


def test_there_are_at_least_45_records() -> None:
    assert len(files()) >= 45


@pytest.mark.parametrize("file", files(), ids=[file.stem for file in files()])
def test_the_rules_accept_it_on_the_day_and_years_later(file) -> None:
    for day in (TODAY, TODAY + timedelta(days=30)):
        report = validate(file, office(), on=day)
        assert report.verdict is Verdict.ACCEPTED, report.findings


@EVERY
def test_the_file_is_named_by_the_case_and_is_exactly_what_the_writer_writes(case: Case) -> None:
    assert (FOLDER / f"{case.id}.xml").read_bytes() == write_case(case)


def test_the_table_in_the_readme_names_each_record_once_and_with_its_subject() -> None:
    rows = re.findall(
        r"^\| (\S+) \| (.+?) \| .+ \|$", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.M
    )
    told = {number: subject.replace("`", "") for number, subject in rows if number not in {"编号", "---"}}
    assert told == {case.id: case.registration.subject for case in cases()}


def test_the_readme_says_that_everything_is_invented() -> None:
    assert "一切都是虚构的" in (SAMPLES / "README.md").read_text(encoding="utf-8")


# --- people are invented -----------------------------------------------------------------------------


@EVERY
def test_every_telephone_number_is_from_the_invented_range(case: Case) -> None:
    everything = "\n".join(words(case))
    assert all(re.fullmatch(r"1990000\d{4}", p) for person in case.petitioners for p in person.phones)
    assert not [n for n in re.findall(r"(?<!\d)1\d{10}(?!\d)", everything) if not n.startswith("1990000")]
    assert not re.search(r"(?<!\d)0\d{2,3}-\d{7,8}", everything)


@EVERY
def test_every_mail_address_is_of_the_reserved_domain(case: Case) -> None:
    found = re.findall(r"[\w.+-]+@[\w.-]+", "\n".join(words(case)))
    assert all(address.endswith("@example.org") for address in found)


@EVERY
def test_places_of_the_code_list_are_the_invented_district(case: Case) -> None:
    assert {claim.locus for claim in case.claims} <= {"990000", None}
    assert {person.postcode for person in case.petitioners} <= {"990000", None}


def test_nobody_shares_a_telephone() -> None:
    seen: dict[str, str] = {}
    for case in cases():
        for person in case.petitioners:
            for number in person.phones:
                assert number not in seen
                seen[number] = case.id


def test_identity_numbers_stand_in_two_or_three_records_only_and_their_checksums_hold() -> None:
    idents = [p.ident for case in cases() for p in case.petitioners if p.ident]
    assert 2 <= len(idents) <= 3
    residents = [i.number for i in idents if i.type is IdentType.RESIDENT]
    companies = [i.number for i in idents if i.type is IdentType.USCC]
    assert residents
    assert companies
    for number in residents:
        assert number.startswith("990000")
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
        assert (
            number[17] == "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11]
        )
    for code in companies:
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100
        weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
        assert code[2:8] == "990000"
        total = sum(alphabet.index(c) * w for c, w in zip(code, weights, strict=False))
        assert code[17] == alphabet[(31 - total % 31) % 31]


# --- what no sample says -------------------------------------------------------------------------------

FORBIDDEN = [
    "劝返",
    "稳控",
    "重点人员",
    "缠访",
    "闹访",
    "缠闹",
    "非访",
    "无理访",
    "越级访",
    "越级上访",
    "老户",
    "老上访",
    "刁民",
    "失信",
    "扬言",
    "接访劝返",
    "拦截",
    "截访",
    "维稳",
    "黑名单",
    "管控",
    "稳控",
    "精神病",
    "无理取闹",
    "上访专业户",
    "缠诉",
    "挂账",
    "进京",
]


@EVERY
def test_no_word_labels_watches_or_predicts_a_petitioner(case: Case) -> None:
    everything = "\n".join(words(case))
    assert not [word for word in FORBIDDEN if word in everything]


@EVERY
def test_nobody_marks_a_sample_as_a_state_secret(case: Case) -> None:
    assert case.confidentiality is None or case.confidentiality.secret is None


# --- true to the law and to the trade -----------------------------------------------------------------


@EVERY
def test_offices_act_on_working_days_only(case: Case) -> None:
    calendar = calendar_of(office())
    registered = case.registration.registered
    assert registered is not None
    assert calendar.is_workday(registered)
    by_the_petitioner = (Evaluation, ReviewRequest, RecheckRequest)
    off = [e for e in case.events if not isinstance(e, by_the_petitioner) and not calendar.is_workday(e.date)]
    assert not off


@EVERY
def test_nothing_happens_after_the_day_of_the_samples_nor_before_the_receipt(case: Case) -> None:
    days = [event.date for event in case.events]
    assert all(case.registration.received <= day <= TODAY for day in days)
    assert days == sorted(days)


@EVERY
def test_the_acting_organ_is_one_the_office_prints_for(case: Case) -> None:
    assert {case.registration.organ} <= office().names
    strangers = {e.organ for e in case.events if e.organ} - office().names
    assert not strangers


@EVERY
def test_a_document_is_served_after_it_was_made_and_received_after_it_was_sent(case: Case) -> None:
    by_seq = {event.seq: event for event in case.events}
    for service in acts(case, Service):
        made = by_seq[service.of]
        assert made.date <= service.date
        assert service.received is None or service.date <= service.received


@EVERY
def test_what_is_supported_names_who_does_it_and_by_when(case: Case) -> None:
    for reply in acts(case, Reply):
        for opinion in reply.opinions:
            if opinion.conclusion is Conclusion.SUPPORT and reply.kind is not ReplyKind.DUTY:
                assert opinion.executor
                assert opinion.execute_by


@EVERY
def test_each_answer_tells_what_was_found_and_on_which_ground(case: Case) -> None:
    for reply in acts(case, Reply):
        for opinion in reply.opinions:
            assert opinion.findings
            assert opinion.explanation
            if opinion.conclusion is not Conclusion.EXPLAIN:
                assert opinion.bases
            if reply.kind is not ReplyKind.ADVICE:
                assert re.search(r"证实|原件|报告|文件|规定|计划|项目目录|现行", opinion.findings)


@EVERY
def test_articles_of_the_petition_regulations_are_cited_by_the_regulation_of_the_day(case: Case) -> None:
    for event in case.events:
        for basis in getattr(event, "bases", ()):
            if basis.name == "信访条例":
                assert event.date < REGIME_2022
            if basis.name == "信访工作条例":
                assert event.date >= REGIME_2022


@EVERY
def test_the_superior_organ_reviews(case: Case) -> None:
    for reply in acts(case, Reply):
        if reply.kind in {ReplyKind.OPINION, ReplyKind.REPLY}:
            assert reply.review_organ == office().organs[actor(case, reply)].superior


@EVERY
def test_attachments_are_there_with_their_true_digest(case: Case) -> None:
    for attachment in case.attachments:
        if attachment.file:
            path = FOLDER / attachment.file
            assert sha256(path.read_bytes()).hexdigest() == attachment.sha256


def test_no_attachment_file_lies_about_that_no_record_names() -> None:
    named = {FOLDER / a.file for case in cases() for a in case.attachments if a.file}
    there = {path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".xml"}
    assert there == named


# --- every letter of the first issue -------------------------------------------------------------------


def _accepted(case: Case) -> list[Event]:
    competent = [
        e for e in acts(case, Acceptance) if office().organs[actor(case, e)].nature == "有权处理机关"
    ]
    return list(competent)


def _procedures(case: Case) -> list[Event]:
    return [n for n in acts(case, Notice) if n.procedures or n.competents]


def _of(kind: type[Event], condition=lambda e: True):
    return lambda case: [e for e in acts(case, kind) if condition(e)]


LETTERS = {
    "受理告知书": _accepted,
    "处理途径和程序告知书": _procedures,
    "不予受理告知书": _of(Notice, lambda n: n.refusal is not None),
    "不再受理告知书": _of(Notice, lambda n: n.exhausted is not None),
    "转送（交办）去向告知书": _of(Notice, lambda n: n.whereabouts is not None),
    "延长办理期限告知书": _of(Extension),
    "转送函": lambda case: [e for e in acts(case, Transfer) if actor(case, e).endswith("信访局")],
    "交办函": _of(Assignment),
    "督办函": lambda case: [e for e in case.events if getattr(e, "form", None) == "督办函"],
    "督办单": lambda case: [e for e in case.events if getattr(e, "form", None) == "督办单"],
    "处理意见书": _of(Reply, lambda r: r.kind is ReplyKind.OPINION),
    "答复意见书": _of(Reply, lambda r: r.kind is ReplyKind.REPLY),
    "送达回证": _of(Service),
}


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_the_issue_is_called_for_in_several_records(letter: str) -> None:
    calling = [case.id for case in cases() if LETTERS[letter](case)]
    assert len(calling) >= 2, calling


def test_letters_that_came_in_have_the_facts_of_their_register_form() -> None:
    letters = [c.registration for c in cases() if c.registration.channel == "来信"]
    assert len(letters) >= 10
    assert sum(1 for r in letters if r.postmark and r.opened) >= 10
    assert any(r.proposal and r.enclosures for r in letters)


def test_no_case_is_closed_and_then_acted_upon() -> None:
    for case in cases():
        closures = acts(case, Closure)
        assert len(closures) <= 1
        if closures:
            assert case.events[-1] is closures[0]


def test_every_feedback_refers_to_what_asked_for_it() -> None:
    for case in cases():
        for feedback in acts(case, Feedback):
            asked = next(e for e in case.events if e.seq == feedback.of)
            assert type(asked).__name__ in {"Assignment", "Supervision", "Suggestion"}
