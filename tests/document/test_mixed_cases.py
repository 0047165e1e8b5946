"""Several claims on different ways in one case: every letter speaks of the claims it is about and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import DISCIPLINE, TOWN, WATER, a_case, an, claim, office_in, to, transfer
from xfdocs.document.compose import compose
from xfdocs.document.words import all_text
from xfdocs.errors import DocumentRefused
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.events import NonAcceptance, Notice, Whereabouts
from xfdocs.record.model import Case, Respondent

CLAIMS = (
    claim(1, request="请求返修屋顶"),
    claim(2, request="请求恢复供水"),
    claim(
        3,
        request="请求查处收受礼品",
        purpose=codes.Purpose.REPORT,
        path=codes.Path.REPORT,
        respondents=(Respondent(kind=codes.RespondentKind.PERSON, name="何某", unit=TOWN),),
    ),
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")


def told(**part) -> Notice:
    return an(Notice, "2026-07-06", manner=codes.NoticeManner.WRITTEN, **part)


def mixed(*events) -> Case:
    return a_case("2026-07-01", *events, claims=CLAIMS)


def says(kind: str, case: Case, office: Office) -> str:
    return all_text(compose(kind, case, office, event=case.events[-1]))


def sent(where: str, *claims: int, material=codes.Material.ABSTRACT):
    return transfer("2026-07-03", to(where), claims=claims, material=material, abstract="反映有关问题。")


def test_a_notice_of_whereabouts_names_the_claims_that_went_there(office):
    text = says("去向告知书", mixed(sent(WATER, 2), told(whereabouts=Whereabouts(event=1))), office)
    assert f"其中，“请求恢复供水”的诉求属于{WATER}职权范围" in text
    assert "该事项属于" not in text
    assert "请求返修屋顶" not in text


def test_a_notice_of_whereabouts_of_all_claims_speaks_of_the_matter(office):
    case = a_case(
        "2026-07-01", sent(WATER), told(whereabouts=Whereabouts(event=1)), claims=(claim(1), claim(2))
    )
    assert f"该事项属于{WATER}职权范围" in says("去向告知书", case, office)


def test_that_an_accusation_went_to_the_discipline_commission_is_told_with_its_article(office):
    """条例22 22·2."""
    text = says("去向告知书", mixed(sent(DISCIPLINE, 3), told(whereabouts=Whereabouts(event=1))), office)
    assert "根据《信访工作条例》第二十二条第二款的规定" in text


def test_refusing_one_claim_does_not_refuse_the_others(office):
    refusal = NonAcceptance(claims=(2,), ground="N1", pending_organ=WATER, pending_number="甲1")
    text = says("不予受理告知书", mixed(told(refusal=refusal)), office)
    assert "“请求恢复供水”的诉求" in text
    assert "对上述诉求不予受理" in text
    assert "对该事项不予受理" not in text


def test_a_letter_about_an_ordinary_claim_does_not_tell_that_another_is_an_accusation(office):
    text = says("转送函", mixed(sent(WATER, 2)), office)
    assert "检举" not in text
    assert "自收到之日起15日内书面告知信访人" in text
    assert "检举控告" in says("转送函", mixed(sent(DISCIPLINE, 3)), office)


def test_a_copy_of_a_letter_that_also_accuses_does_not_go_to_the_accused_whatever_it_is_sent_for(office):
    assert says("转送函", mixed(sent(TOWN, 1)), office)
    with pytest.raises(DocumentRefused, match="检举"):
        compose(
            "转送函",
            case := mixed(sent(TOWN, 1, material=codes.Material.COPY)),
            office,
            event=case.events[-1],
        )
