"""检举控告 never reaches those reported, and no transfer betrays who reported them (条例22 30·3, 46(五))."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import (
    DISCIPLINE,
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
    person,
    reply,
    saved,
    service,
    to,
    transfer,
)
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.words import all_text
from xfdocs.errors import DocumentRefused
from xfdocs.office import Office
from xfdocs.production.drafting import draft
from xfdocs.record import codes
from xfdocs.record.events import Supervision
from xfdocs.record.model import Case, Confidentiality, Respondent

SAFE = "反映某单位维修项目拆分合同。"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")


def against(*names: str, unit: str | None = None, **facts) -> tuple:
    kind = codes.RespondentKind.PERSON if unit else codes.RespondentKind.UNIT
    reported = tuple(Respondent(kind=kind, name=name, unit=unit) for name in names)
    known = {"purpose": codes.Purpose.REPORT, "path": codes.Path.REPORT, "respondents": reported}
    return (claim(1, request="请求查处", facts="拆分合同", **(known | facts)),)


def report(*events, who=WATER, unit=None, **facts) -> Case:
    known = {
        "claims": against(who, unit=unit),
        "petitioners": (person("陆晚晴", address="云州市东湖区梧桐巷7号"),),
    }
    return a_case("2026-07-01", *events, **(known | facts))


def abstract(where: str, text: str = SAFE, **facts):
    return transfer("2026-07-03", to(where), material=codes.Material.ABSTRACT, abstract=text, **facts)


def refused(kind: str, case: Case, office: Office) -> str:
    with pytest.raises(DocumentRefused) as caught:
        compose(kind, case, office, event=case.events[-1])
    return str(caught.value)


# --- not to those reported ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient", [WATER, "云州市水务局办公室", "水务局", "云州市 水务局", "中共云州市水务局党组"]
)
def test_a_letter_to_the_accused_unit_is_refused(office, recipient):
    assert "检举" in refused("转送函", report(abstract(recipient)), office)


def test_a_letter_to_the_accused_persons_unit_is_refused(office):
    case = report(abstract(TOWN), who="何某", unit=TOWN)
    assert "检举" in refused("转送函", case, office)


def test_a_copy_to_the_accused_is_refused(office):
    assert "检举" in refused("转送函", report(abstract(DISCIPLINE, copies=(WATER,))), office)


def test_an_assignment_to_the_accused_is_refused(office):
    given = assignment(
        "2026-07-03", to(WATER), deadline=day("2026-09-01"), material=codes.Material.ABSTRACT, abstract=SAFE
    )
    assert "检举" in refused("交办函", report(given), office)


@pytest.mark.parametrize(
    ("form", "kind"), [(codes.SupervisionForm.LETTER, "督办函"), (codes.SupervisionForm.SLIP, "督办单")]
)
def test_supervising_the_accused_about_it_is_refused_as_a_letter_and_as_a_slip(office, form, kind):
    """A slip has no addressee on its page; whom it is sent to is told by the event."""
    urged = an(Supervision, "2026-07-20", form=form, target=WATER, grounds=("S1",), of=1)
    assert "检举" in refused(kind, report(abstract(DISCIPLINE), urged), office)


def test_serving_the_accused_is_refused(office):
    case = report(
        reply("2026-07-20", DISTRICT, kind=codes.ReplyKind.DUTY), service(1, "2026-07-21", recipient=WATER)
    )
    assert "检举" in refused("送达回证", case, office)


def test_the_discipline_group_posted_in_a_unit_is_not_that_unit(office):
    posted = "中共云州市纪律检查委员会驻云州市水务局纪检监察组"
    assert compose("转送函", report(abstract(posted)), office).addressees == (posted,)


def test_the_government_above_the_accused_may_have_it(office):
    assert compose("转送函", report(abstract(DISTRICT), who="云州市青溪区人民政府办公室"), office)


def test_a_namesake_is_not_the_person(office):
    assert compose("转送函", report(abstract("云州市李明亮工作室"), who="李明"), office)


def test_an_ordinary_complaint_about_a_unit_may_go_to_that_unit(office):
    """A 申诉求决 against an organ is handled by that organ; the rule is for 检举、揭发."""
    ordinary = against(WATER, purpose=codes.Purpose.CLAIM, path=codes.Path.PETITION)
    case = a_case("2026-07-01", transfer("2026-07-03", to(WATER)), claims=ordinary)
    assert compose("转送函", case, office).addressees == (WATER,)


def test_protection_that_was_asked_for_is_kept_like_a_report(office):
    ordinary = against(WATER, purpose=codes.Purpose.CLAIM, path=codes.Path.PETITION)
    case = a_case(
        "2026-07-01",
        transfer("2026-07-03", to(WATER)),
        claims=ordinary,
        confidentiality=Confidentiality(protection=True),
    )
    assert "检举" in refused("转送函", case, office)


# --- not who reported -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret", ["陆晚晴", "19900001999", "云州市东湖区梧桐巷7号", "wanqing@example.org", "990000199001010017"]
)
def test_an_abstract_with_the_accusers_name_phone_address_mail_or_number_is_refused(office, secret):
    ident = codes.IdentType.RESIDENT
    from xfdocs.record.model import Ident

    who = person(
        "陆晚晴",
        address="云州市东湖区梧桐巷7号",
        email="wanqing@example.org",
        ident=Ident(type=ident, number="990000199001010017"),
    )
    case = report(abstract(DISCIPLINE, f"据{secret}反映，{SAFE}"), petitioners=(who,))
    why = refused("转送函", case, office)
    assert secret not in why, "the refusal must not betray it either"


def test_the_subject_of_the_matter_betrays_nobody_either(office):
    refused("转送函", report(abstract(DISCIPLINE), subject="陆晚晴反映的维修项目问题"), office)


def test_a_demand_of_an_assignment_betrays_nobody_either(office):
    given = assignment(
        "2026-07-03", to(DISCIPLINE), deadline=day("2026-09-01"), material=codes.Material.ABSTRACT, abstract=SAFE,
        demands=("向陆晚晴了解情况",),
    )  # fmt: skip
    refused("交办函", report(given), office)


def test_a_transfer_of_a_report_says_only_the_abstract(office):
    said = all_text(compose("转送函", report(abstract(DISCIPLINE)), office))
    assert SAFE in said
    for secret in ("陆晚晴", "19900001999", "梧桐巷", "请求查处"):
        assert secret not in said


def test_the_name_may_be_told_where_the_accuser_agreed_in_writing(office):
    agreed = Confidentiality(protection=True, named=True)
    case = report(abstract(DISCIPLINE), confidentiality=agreed)
    assert "陆晚晴" in all_text(compose("转送函", case, office))


def test_even_then_the_accused_never_gets_it(office):
    agreed = Confidentiality(protection=True, named=True)
    refused("转送函", report(abstract(WATER), confidentiality=agreed), office)


def test_the_original_of_a_report_is_never_sent(office):
    given = transfer("2026-07-03", to(DISCIPLINE), material=codes.Material.ORIGINAL, abstract=SAFE)
    refused("转送函", report(given), office)


def test_the_accuser_themselves_is_written_to_by_name(office):
    case = report(reply("2026-07-20", DISTRICT, kind=codes.ReplyKind.DUTY), service(1, "2026-07-21"))
    assert "陆晚晴" in all_text(compose("送达回证", case, office))


def test_the_card_of_the_letter_stays_in_the_office_and_names_them(office):
    assert "陆晚晴" in all_text(compose("来信登记表", report(abstract(DISCIPLINE)), office))


def test_no_wording_of_an_office_gets_round_it(office):
    path = office.folder / "templates" / "transfer-letter" / "wording.md"
    path.parent.mkdir(parents=True)
    path.write_text("标题：函\n主送：云州市纪委\n抄送：云州市水务局\n---\n转送。\n", "utf-8")
    refused("转送函", report(abstract(DISCIPLINE)), office)
    path.write_text("标题：函\n主送：云州市纪委\n---\n举报人是{{ 信访人.姓名 }}。\n", "utf-8")
    refused("转送函", report(abstract(DISCIPLINE)), Office.open(office.folder))


# --- nothing is written ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [report(abstract(WATER)), report(abstract(DISCIPLINE, f"陆晚晴{SAFE}"))])
def test_nothing_at_all_of_a_refused_letter_is_on_disk(office, tmp_path, case):
    path = saved(case, office.folder / "cases")
    target = tmp_path / "drafts"
    kinds = [catalogue_of(office).kind("转送函")]
    outcomes = list(draft(kinds, [path], office, target))
    assert [outcome.state for outcome in outcomes] == ["refused"]
    assert [p for p in target.rglob("*") if p.is_file()] == []


def test_a_refused_letter_leaves_the_files_of_others_alone(office, tmp_path):
    """The record is refused as a whole; another record's documents are made all the same."""
    bad = saved(report(abstract(WATER)), office.folder / "cases")
    good = saved(
        report(abstract(DISCIPLINE), id="YZ-20260701-0002", confidentiality=Confidentiality(protection=True)),
        office.folder / "cases",
    )
    made = list(draft([catalogue_of(office).kind("转送函")], [bad, good], office, tmp_path / "drafts"))
    assert [outcome.state for outcome in made] == ["refused", "draft"]
    assert {p.parent.name for p in (tmp_path / "drafts").rglob("*") if p.is_file()} == {"YZ-20260701-0002"}


def test_the_office_that_acts_is_never_the_one_reported(office):
    case = report(abstract(DISCIPLINE), who=OFFICE)
    assert compose("转送函", case, office).addressees == (DISCIPLINE,), "it may pass on what was said of it"
