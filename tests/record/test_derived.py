"""What follows from a case's events: who received it, whom a letter addresses, what it is about."""

from __future__ import annotations

import pytest

from tests.builders import DISTRICT, OFFICE, WATER, a_case, an, claim, day, person, source, to, transfer
from xfdocs.record import codes
from xfdocs.record.derived import (
    accuses,
    actor_of,
    addressed,
    as_of,
    concerned,
    extensions_of,
    headcount,
    is_report,
    named,
    pronoun,
    receipt_of,
)
from xfdocs.record.events import Acceptance, Extension
from xfdocs.record.model import Case, Confidentiality, Counts
from xfdocs.record.search import texts, where_is

CHAIN = (
    transfer("2026-07-03", to(DISTRICT, "2026-07-06")),
    transfer("2026-07-08", to(WATER, "2026-07-09"), organ=DISTRICT),
    an(Acceptance, "2026-07-15", WATER),
)


def company(name: str = "云州锦程包装有限公司", **facts):
    return person(name, **({"kind": codes.PetitionerKind.LEGAL_PERSON} | facts))


# --- how an organ came to it ----------------------------------------------------------------------------


def test_the_registering_organ_has_it_directly_from_the_petitioner():
    receipt = receipt_of(a_case("2026-07-01"), OFFICE)
    assert (receipt.received, receipt.direct, receipt.sender) == (day("2026-07-01"), True, "")


def test_a_source_makes_it_transferred_and_gives_its_day_and_number():
    above = source("江北省信访局", "2026-06-25", number="江信转字〔2026〕3号", received=day("2026-06-29"))
    receipt = receipt_of(a_case("2026-06-30", registration={"sources": (above,)}), OFFICE)
    assert (receipt.direct, receipt.sender, receipt.number) == (False, "江北省信访局", "江信转字〔2026〕3号")
    assert (receipt.sent, receipt.received) == (day("2026-06-25"), day("2026-06-29"))


def test_each_organ_of_a_chain_has_it_from_the_one_before():
    case = a_case("2026-07-01", *CHAIN)
    assert receipt_of(case, DISTRICT).sender == OFFICE
    receipt = receipt_of(case, WATER)
    assert (receipt.sender, receipt.sent, receipt.received) == (
        DISTRICT,
        day("2026-07-08"),
        day("2026-07-09"),
    )
    assert receipt.manner is codes.SourceKind.TRANSFER


def test_a_transfer_is_not_its_own_receipt_nor_is_a_later_one():
    case = a_case("2026-07-01", *CHAIN)
    assert receipt_of(case, DISTRICT, case.events[0]).direct
    assert receipt_of(case, WATER, case.events[0]).direct


def test_a_receipt_that_was_not_recorded_is_taken_for_the_day_of_sending():
    receipt = receipt_of(a_case("2026-07-01", transfer("2026-07-03", to(WATER))), WATER)
    assert (receipt.received, receipt.received_known) == (day("2026-07-03"), False)


# --- as it stood ----------------------------------------------------------------------------------------


def test_as_of_an_event_later_ones_do_not_exist():
    case = a_case("2026-07-01", *CHAIN)
    assert as_of(case, case.events[1]).events == case.events[:2]
    assert as_of(case, None) is case


def test_an_act_concerns_the_claims_it_names_or_all():
    case = a_case("2026-07-01", claims=(claim(1), claim(2), claim(3)))
    one = an(Acceptance, "2026-07-02", claims=(3, 1))
    assert [c.seq for c in concerned(case, one)] == [1, 3]
    assert [c.seq for c in concerned(case, an(Acceptance, "2026-07-02"))] == [1, 2, 3]


# --- what it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{"purpose": codes.Purpose.REPORT}, {"path": codes.Path.REPORT}])
def test_an_act_accuses_where_a_claim_it_is_about_is_a_report_by_purpose_or_by_path(facts):
    assert is_report(claim(**facts))
    case = a_case("2026-07-01", claims=(claim(1), claim(2, **facts)))
    assert accuses(case, None)
    assert accuses(case, an(Acceptance, "2026-07-02", claims=(1, 2)))
    assert not accuses(case, an(Acceptance, "2026-07-02", claims=(1,)))


def test_protection_can_be_asked_for_without_a_report():
    assert not accuses(a_case("2026-07-01"), None)
    assert accuses(a_case("2026-07-01", confidentiality=Confidentiality(protection=True)), None)


# --- whom a letter addresses ----------------------------------------------------------------------------


def group(*people, **counts) -> Case:
    return a_case("2026-07-01", petitioners=people, counts=Counts(**counts) if counts else None)


@pytest.mark.parametrize(
    ("case", "name", "you"),
    [
        (group(person("陆晚晴")), "陆晚晴", "您"),
        (group(person("陆晚晴", salutation=codes.Salutation.MS)), "陆晚晴女士", "您"),
        (group(person("陆晚晴"), person("钟灵")), "陆晚晴等2人", "你们"),
        (group(person("陆晚晴", salutation=codes.Salutation.MS), signatories=38), "陆晚晴等38人", "你们"),
        (group(person("陆晚晴"), person("钟灵", representative=True)), "钟灵等2人", "你们"),
        (group(company()), "云州锦程包装有限公司", "贵单位"),
        (group(company(), company("云州某某包装厂")), "云州锦程包装有限公司等2个信访人", "你们"),
        (group(person("努尔麦麦提江·阿卜杜热合曼")), "努尔麦麦提江·阿卜杜热合曼", "您"),
        (group(person(None, name_unclear=True)), "", "您"),
        (group(person("一名职工", name_unclear=True)), "", "您"),
    ],
)
def test_a_letter_addresses(case, name, you):
    assert (addressed(case), pronoun(case)) == (name, you)


def test_without_salutation_a_name_is_only_a_name():
    case = group(person("陆晚晴", salutation=codes.Salutation.MS))
    assert addressed(case, salutation=False) == "陆晚晴"


def test_visitors_count_in_a_visit_and_signatories_in_a_letter():
    counts = Counts(visitors=23, signatories=40)
    people = (person("陆晚晴"),)
    visit = a_case("2026-07-01", petitioners=people, counts=counts, channel=codes.Channel.VISIT)
    letter = a_case("2026-07-01", petitioners=people, counts=counts)
    assert (headcount(visit), headcount(letter)) == (23, 40)
    assert headcount(a_case("2026-07-01", petitioners=())) == 1


def test_representatives_come_first_and_the_unnamed_not_at_all():
    case = group(person("甲乙"), person("丙丁", representative=True), person("戊己", name_unclear=True))
    assert [p.name for p in named(case)] == ["丙丁", "甲乙"]


# --- finding a text -------------------------------------------------------------------------------------


def test_a_character_is_found_in_the_fields_that_hold_it():
    case = a_case("2026-07-01", claims=(claim(1), claim(2, facts="𠮷水巷")), subject="𠮷水巷积水")
    assert where_is(case, "𠮷") == "登记.事由、诉求[2].事实"
    assert where_is(case, "龘") == ""


def test_an_event_is_named_by_its_kind_and_number():
    case = a_case("2026-07-01", transfer("2026-07-03", to(WATER), abstract="𠮷水巷"))
    assert where_is(case, "𠮷水巷") == "办理.转送[1].摘要"
    assert ("办理.转送[1].去向.机关", WATER) in [(one.path, one.text) for one in texts(case)]


# --- who acted -----------------------------------------------------------------------------------------


def test_the_organ_that_registered_a_case_did_what_no_event_says_another_did():
    case = a_case("2026-07-01", an(Acceptance, "2026-07-02"), an(Acceptance, "2026-07-03", WATER))
    assert [actor_of(case, event) for event in (None, *case.events)] == [OFFICE, OFFICE, WATER]


def test_time_is_lengthened_by_the_organ_that_accepted_and_only_after_it_accepted():
    """Taken up again after a first opinion was quashed, a matter has its sixty days anew."""
    days = {"days": 20, "reason": "情况复杂"}
    case = a_case(
        "2026-07-01",
        an(Acceptance, "2026-07-02", WATER),
        an(Extension, "2026-08-20", WATER, **days),
        an(Acceptance, "2026-10-08", WATER),
        an(Extension, "2026-11-20", DISTRICT, **days),
        an(Extension, "2026-12-01", WATER, **days),
    )
    first, _, again, _, last = case.events
    assert extensions_of(case, again, case.events) == (last,)
    assert extensions_of(case, first, case.events[:4]) == (case.events[1],)
