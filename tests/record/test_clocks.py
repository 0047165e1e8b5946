"""Which clocks run, from when to when, on which ground, and what stops them.

Every last day here was counted by hand from the regulation and the State Council's calendar, not taken
from the program: 2026-10-01…07 are days of rest, 2026-09-20 and 2026-10-10 are worked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.builders import (
    CITY,
    COURT,
    DISCIPLINE,
    DISTRICT,
    DISTRICT_OFFICE,
    OFFICE,
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
    review_request,
    service,
    source,
    to,
    transfer,
)
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.clocks import Running, State, running_clocks
from xfdocs.record.events import (
    Acceptance,
    Closure,
    CompetentOrgan,
    Execution,
    Extension,
    Feedback,
    Hearing,
    Mediation,
    Notice,
    Objection,
    ObjectionDecision,
    Recheck,
    RecheckRequest,
    Review,
    Suggestion,
    Supervision,
    Withdrawal,
)
from xfdocs.record.model import Case
from xfdocs.resources import shipped


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_in(tmp_path_factory.mktemp("office"))


def rows(case: Case, office: Office, on: str) -> list[Running]:
    return running_clocks(case, office, day(on))


def names(case: Case, office: Office, on: str) -> list[str]:
    return sorted(row.limit for row in rows(case, office, on))


def the(case: Case, office: Office, on: str, limit: str) -> Running:
    (row,) = [row for row in rows(case, office, on) if row.limit == limit]
    return row


def article(row: Running) -> str:
    return row.basis.partition("》")[2]


def accepted(on: str, organ: str = WATER) -> Acceptance:
    return an(Acceptance, on, organ)


def told(on: str, organ: str) -> Notice:
    to_another = CompetentOrgan(organ="某机关", explanation="不属于本机关职权范围")
    return an(Notice, on, organ, manner=codes.NoticeManner.WRITTEN, competents=(to_another,))


SENT = transfer("2026-07-06", to(WATER, "2026-07-07"))


# --- 22·1: fifteen days to register and send on ---------------------------------------------------------


def test_a_petition_office_has_fifteen_days_to_send_a_matter_on(office):
    row = the(a_case("2026-11-16"), office, "2026-11-23", "登记后转送、交办")
    assert (row.start, row.due, row.days_left) == (day("2026-11-16"), day("2026-12-01"), 8)
    assert row.basis == "《信访工作条例》第二十二条第一款"
    assert (row.actor, row.state) == (OFFICE, State.RUNNING)


def test_the_first_day_does_not_count_and_the_last_one_does(office):
    case = a_case("2026-11-02")
    assert the(case, office, "2026-11-17", "登记后转送、交办").days_left == 0
    late = the(case, office, "2026-11-18", "登记后转送、交办")
    assert (late.days_left, late.state) == (-1, State.OVERDUE)


def test_nothing_runs_before_the_matter_arrives(office):
    assert rows(a_case("2026-11-16"), office, "2026-11-15") == []


def test_a_last_day_of_rest_is_shown_beside_the_day_it_rolls_to(office):
    """2026-10-02 lies in the National Day holidays; work begins again on 10-08."""
    row = the(a_case("2026-09-17"), office, "2026-09-21", "登记后转送、交办")
    assert (row.due, row.rolled) == (day("2026-10-02"), day("2026-10-08"))
    assert row.days_left == 11, "the office plans by the plain last day"


@pytest.mark.parametrize(
    "act", [SENT, assignment("2026-07-06", to(WATER, "2026-07-07")), told("2026-07-06", OFFICE)]
)
def test_sending_on_assigning_or_telling_stops_the_fifteen_days(office, act):
    assert "登记后转送、交办" not in names(a_case("2026-07-01", act), office, "2026-07-08")


def test_what_is_done_later_does_not_stop_a_clock_yet(office):
    assert names(a_case("2026-07-01", SENT), office, "2026-07-05") == ["登记后转送、交办"]


def test_a_petition_office_that_a_matter_is_sent_to_sorts_it_in_fifteen_days_too(office):
    """It stands under article 22, not 23: nothing to tell, nothing to object to."""
    case = a_case("2026-07-01", transfer("2026-07-06", to(DISTRICT_OFFICE, "2026-07-07")))
    (row,) = rows(case, office, "2026-07-08")
    assert (row.limit, row.actor, row.due) == ("登记后转送、交办", DISTRICT_OFFICE, day("2026-07-22"))


@pytest.mark.parametrize("stranger", ["云州市东湖区信访局", "云州市东湖区信访办公室"])
def test_a_petition_office_is_one_though_the_office_does_not_list_it(office, stranger):
    """What an organ owes does not hang on our list: 条例22 22 speaks of every 信访部门."""
    assert stranger not in office.names
    case = a_case("2026-07-01", transfer("2026-07-06", to(stranger, "2026-07-07")))
    assert [row.limit for row in rows(case, office, "2026-07-08")] == ["登记后转送、交办"]


# --- 23·2, 23·3: fifteen days to tell the petitioner ----------------------------------------------------


def test_an_organ_tells_who_came_to_it_directly_in_fifteen_days(office):
    row = the(a_case("2026-11-03", organ=WATER), office, "2026-11-10", "书面告知")
    assert (row.due, row.actor, article(row)) == (day("2026-11-18"), WATER, "第二十三条第二款")


def test_an_organ_tells_of_a_transferred_matter_fifteen_days_after_its_own_receipt(office):
    row = the(a_case("2026-07-01", SENT), office, "2026-07-08", "转送、交办件的书面告知")
    assert (row.start, row.due, article(row)) == (day("2026-07-07"), day("2026-07-22"), "第二十三条第三款")


def test_a_receipt_that_was_not_recorded_counts_from_the_sending_and_says_so(office):
    case = a_case("2026-07-01", transfer("2026-07-06", to(WATER)))
    row = the(case, office, "2026-07-08", "转送、交办件的书面告知")
    assert row.start == day("2026-07-06")
    assert "收到日期未登记" in row.note


@pytest.mark.parametrize("act", [accepted("2026-07-10"), told("2026-07-10", WATER)])
def test_acceptance_or_notice_ends_telling_and_objecting(office, act):
    running = names(a_case("2026-07-01", SENT, act), office, "2026-07-11")
    assert not {"转送、交办件的书面告知", "对转送、交办提出异议"} & set(running)


def test_an_answer_of_another_organ_ends_nothing(office):
    case = a_case("2026-07-01", SENT, accepted("2026-07-10", DISTRICT))
    assert "转送、交办件的书面告知" in names(case, office, "2026-07-11")


@pytest.mark.parametrize(
    "who",
    [
        person(None, name_unclear=True),
        person("一名退休教师", name_unclear=True),
        person(address_unclear=True),
        person(address=None, address_unclear=True),
    ],
)
def test_nobody_is_to_be_told_whose_name_or_address_is_unclear(office, who):
    case = a_case("2026-07-01", SENT, petitioners=(who,))
    assert names(case, office, "2026-07-08") == ["对转送、交办提出异议"]


@pytest.mark.parametrize(
    "who", [person(None), person(address=None), person(address=None, email="a@example.cn")]
)
def test_what_was_not_filled_in_is_not_therefore_unclear(office, who):
    """条例22 23·2 但书 releases from the notice where name or address *is* unclear; a gap in our record does not."""
    running = names(a_case("2026-07-01", SENT, petitioners=(who,)), office, "2026-07-08")
    assert "转送、交办件的书面告知" in running


def test_an_anonymous_matter_brought_directly_has_no_one_to_tell(office):
    assert rows(a_case("2026-11-03", organ=WATER, petitioners=()), office, "2026-11-10") == []


@pytest.mark.parametrize(
    ("where", "facts"),
    [
        (COURT, {"path": codes.Path.JUDICIAL}),
        (DISCIPLINE, {"path": codes.Path.REPORT, "purpose": codes.Purpose.REPORT}),
    ],
)
def test_courts_and_discipline_organs_tell_under_rules_of_their_own(office, where, facts):
    """条例22 23·4."""
    sent = transfer("2026-07-06", to(where, "2026-07-07"), abstract="摘要")
    assert rows(a_case("2026-07-01", sent, claims=(claim(**facts),)), office, "2026-07-08") == []


@pytest.mark.parametrize(
    ("where", "facts"),
    [
        ("云州市公安局", {"path": codes.Path.PETITION}),
        (DISCIPLINE, {"path": codes.Path.PETITION}),
        (WATER, {"path": codes.Path.JUDICIAL}),
        (WATER, {"path": codes.Path.REPORT, "purpose": codes.Purpose.REPORT}),
    ],
)
def test_rules_of_their_own_need_both_the_organ_and_the_matter(office, where, facts):
    """条例22 23·4: 政法部门处理涉及诉讼权利救济事项、纪检监察机关处理检举控告事项; everything else is told in fifteen days."""
    sent = transfer("2026-07-06", to(where, "2026-07-07"), abstract="摘要")
    running = names(a_case("2026-07-01", sent, claims=(claim(**facts),)), office, "2026-07-08")
    assert running == ["对转送、交办提出异议", "转送、交办件的书面告知"]


def test_what_came_to_a_discipline_organ_directly_is_told_under_its_own_rules_too(office):
    accused = claim(path=codes.Path.REPORT, purpose=codes.Purpose.REPORT)
    assert rows(a_case("2026-07-01", organ=DISCIPLINE, claims=(accused,)), office, "2026-07-08") == []
    ordinary = a_case("2026-07-01", organ=DISCIPLINE)
    assert names(ordinary, office, "2026-07-08") == ["书面告知"]


def test_an_assisting_organ_owes_the_petitioner_nothing(office):
    sent = transfer("2026-07-06", to(WATER, "2026-07-07"), to(DISTRICT, "2026-07-07", lead=False))
    assert {row.actor for row in rows(a_case("2026-07-01", sent), office, "2026-07-08")} == {WATER}


def test_two_leading_organs_each_have_their_own_clocks(office):
    sent = transfer("2026-07-06", to(WATER, "2026-07-07"), to(DISTRICT, "2026-07-09"))
    told_by = {
        row.actor: row.due
        for row in rows(a_case("2026-07-01", sent), office, "2026-07-10")
        if row.limit == "转送、交办件的书面告知"
    }
    assert told_by == {WATER: day("2026-07-22"), DISTRICT: day("2026-07-24")}


# --- 23·3: five working days to object ------------------------------------------------------------------


def test_an_objection_has_five_working_days_counted_by_the_official_calendar(office):
    """From Monday 2026-09-28: 29, 30, then 10-08, 10-09 and the worked Saturday 10-10."""
    case = a_case("2026-09-24", transfer("2026-09-25", to(WATER, "2026-09-28")))
    row = the(case, office, "2026-09-29", "对转送、交办提出异议")
    assert (row.due, row.rolled) == (day("2026-10-10"), day("2026-10-10"))
    assert article(row) == "第二十三条第三款"


def test_an_objection_stops_the_clocks_while_it_is_undecided(office):
    objected = an(Objection, "2026-07-10", WATER, against=1, reason="不属于本局职权范围")
    assert rows(a_case("2026-07-01", SENT, objected), office, "2026-07-11") == []


def test_an_objection_that_is_agreed_leaves_the_organ_free_even_before_the_papers_go_back(office):
    agreed = ObjectionDecision(outcome=codes.Agreement.AGREED, date=day("2026-07-13"))
    objected = an(Objection, "2026-07-10", WATER, against=1, reason="不属于", decision=agreed)
    assert rows(a_case("2026-07-01", SENT, objected), office, "2026-07-14") == []


def test_an_objection_that_is_turned_down_leaves_the_matter_and_its_fifteen_days_where_they_were(office):
    refused = ObjectionDecision(outcome=codes.Agreement.NOT_AGREED, date=day("2026-07-13"))
    objected = an(Objection, "2026-07-10", WATER, against=1, reason="不属于", decision=refused)
    case = a_case("2026-07-01", SENT, objected)
    assert the(case, office, "2026-07-14", "转送、交办件的书面告知").due == day("2026-07-22")
    assert rows(case, office, "2026-07-12") == [], "on the day before, nothing was decided"


def test_working_days_of_a_year_that_is_not_published_are_unknown_not_guessed(office):
    case = a_case("2026-12-24", transfer("2026-12-25", to(WATER, "2026-12-28")))
    row = the(case, office, "2026-12-29", "对转送、交办提出异议")
    assert (row.state, row.due, row.rolled, row.days_left) == (State.UNKNOWN, None, None, None)
    assert row.start == day("2026-12-28")
    assert "2027" in row.note
    assert the(case, office, "2026-12-29", "转送、交办件的书面告知").due == day("2027-01-12")


def test_a_plain_last_day_in_an_unpublished_year_is_known_and_its_rolling_is_not(office):
    case = a_case("2026-11-01", transfer("2026-11-02", to(WATER, "2026-11-03")), accepted("2026-11-06"))
    row = the(case, office, "2026-11-23", "办理期限")
    assert (row.due, row.rolled, row.state) == (day("2027-01-05"), None, State.RUNNING)
    assert "2027年工作日安排未发布" in row.note


def test_an_office_that_adds_the_calendar_gets_the_answer(tmp_path):
    own = office_in(tmp_path)
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.toml").write_text(
        'year = 2027\nsource = ["https://example.org/2027"]\nwork = []\n'
        'off = [{ date = 2027-01-01, name = "元旦" }]\n',
        "utf-8",
    )
    case = a_case("2026-12-24", transfer("2026-12-25", to(WATER, "2026-12-28")))
    assert the(case, Office.open(own.folder), "2026-12-29", "对转送、交办提出异议").due == day("2027-01-05")


# --- 34: sixty days to handle ---------------------------------------------------------------------------

TAKEN = (SENT, accepted("2026-07-15"))


def test_a_matter_is_handled_in_sixty_days_from_acceptance(office):
    row = the(a_case("2026-07-01", *TAKEN), office, "2026-07-20", "办理期限")
    assert (row.start, row.due, row.actor) == (day("2026-07-15"), day("2026-09-13"), WATER)
    assert (row.rolled, article(row)) == (day("2026-09-14"), "第三十四条")


def test_an_extension_lengthens_the_same_period(office):
    longer = an(Extension, "2026-09-10", WATER, days=30, reason="需要检测")
    row = the(a_case("2026-07-01", *TAKEN, longer), office, "2026-09-20", "办理期限")
    assert (row.due, row.note) == (day("2026-10-13"), "已延长30日")
    assert the(a_case("2026-07-01", *TAKEN, longer), office, "2026-09-09", "办理期限").due == day(
        "2026-09-13"
    )


def test_an_extension_by_another_organ_lengthens_nothing(office):
    longer = an(Extension, "2026-09-10", DISTRICT, days=30, reason="需要检测")
    assert the(a_case("2026-07-01", *TAKEN, longer), office, "2026-09-12", "办理期限").due == day(
        "2026-09-13"
    )


def test_only_an_answer_to_every_claim_stops_the_sixty_days(office):
    two = (claim(1), claim(2))
    first = reply("2026-08-20", WATER, opinion(1))
    second = reply("2026-08-25", WATER, opinion(2))
    assert "办理期限" in names(a_case("2026-07-01", *TAKEN, first, claims=two), office, "2026-08-26")
    assert "办理期限" not in names(
        a_case("2026-07-01", *TAKEN, first, second, claims=two), office, "2026-08-26"
    )


def test_a_settlement_stops_the_sixty_days_and_a_failed_one_does_not(office):
    for agreed in (True, False):
        talk = an(Mediation, "2026-08-01", WATER, form=codes.MediationForm.MEDIATION, agreed=agreed)
        assert ("办理期限" in names(a_case("2026-07-01", *TAKEN, talk), office, "2026-08-02")) is not agreed


def test_sixty_days_are_for_article_31_6_only(office):
    """条例22 34: 对本条例第三十一条第六项规定的信访事项."""
    duty = claim(path=codes.Path.DUTY)
    assert "办理期限" not in names(a_case("2026-07-01", *TAKEN, claims=(duty,)), office, "2026-07-20")
    mixed = a_case(
        "2026-07-01",
        *TAKEN,
        reply("2026-08-01", WATER, opinion(1)),
        claims=(claim(1), claim(2, path=codes.Path.DUTY)),
    )
    assert "办理期限" not in names(mixed, office, "2026-08-02")


def test_under_the_2005_regulation_sixty_days_are_for_every_matter(office):
    case = a_case(
        "2019-03-07",
        transfer("2019-03-14", to(WATER, "2019-03-15")),
        accepted("2019-03-26"),
        claims=(claim(path=None),),
    )
    row = the(case, office, "2019-04-01", "办理期限")
    assert (row.due, row.basis) == (day("2019-05-25"), "《信访条例》第三十三条")


def test_a_matter_accepted_before_the_new_regulation_keeps_the_limit_of_its_day(office):
    case = a_case("2022-04-01", transfer("2022-04-06", to(WATER, "2022-04-07")), accepted("2022-04-28"))
    assert the(case, office, "2022-05-20", "办理期限").basis == "《信访条例》第三十三条"


# --- 22·1(三): what an assigning organ asked for --------------------------------------------------------


def test_an_assigned_organ_reports_back_by_the_named_day_which_does_not_roll(office):
    """2026-10-03 is a Saturday in the holidays, but it was the assigning organ that named it."""
    given = assignment("2026-07-06", to(WATER, "2026-07-07"), deadline=day("2026-10-03"))
    row = the(
        a_case("2026-07-01", given, accepted("2026-07-15")), office, "2026-09-01", "交办事项反馈办理结果"
    )
    assert (row.due, row.rolled, article(row)) == (
        day("2026-10-03"),
        day("2026-10-03"),
        "第二十二条第一款第三项",
    )


def test_each_of_two_assigned_organs_reports_for_itself(office):
    given = assignment(
        "2026-07-06", to(WATER, "2026-07-07"), to(DISTRICT, "2026-07-07"), deadline=day("2026-09-30")
    )
    fed = an(Feedback, "2026-09-20", WATER, of=1, unit=WATER, report=True, content="已办结")
    case = a_case("2026-07-01", given, accepted("2026-07-15"), accepted("2026-07-15", DISTRICT), fed)
    assert [r.actor for r in rows(case, office, "2026-09-21") if r.limit == "交办事项反馈办理结果"] == [
        DISTRICT
    ]


def test_we_report_to_the_organ_that_assigned_to_us(office):
    above = source(
        "江北省信访局", "2026-09-30", kind=codes.SourceKind.ASSIGNMENT, feedback_due=day("2026-12-25")
    )
    case = a_case("2026-10-09", registration={"sources": (above,)})
    row = the(case, office, "2026-10-10", "向交办机关反馈办理结果")
    assert (row.due, row.actor) == (day("2026-12-25"), OFFICE)


# --- 40, 05·36: supervision and suggestions -------------------------------------------------------------


def urged(on: str, **facts) -> Supervision:
    known = {"form": codes.SupervisionForm.LETTER, "target": WATER, "grounds": ("S1",), "of": 1}
    return an(Supervision, on, **(known | facts))


def test_a_supervised_organ_reports_by_the_day_it_was_given(office):
    case = a_case("2026-07-01", *TAKEN, urged("2026-10-28", feedback_due=day("2026-11-13")))
    row = the(case, office, "2026-11-01", "督办反馈")
    assert (row.due, row.actor, article(row)) == (day("2026-11-13"), WATER, "第四十条第一款")
    fed = an(Feedback, "2026-11-02", WATER, of=3, unit=WATER, content="已办结")
    done = a_case("2026-07-01", *TAKEN, urged("2026-10-28", feedback_due=day("2026-11-13")), fed)
    assert "督办反馈" not in names(done, office, "2026-11-03")


def test_the_2005_regulation_gives_thirty_days_to_report_on_a_suggestion(office):
    """05·36·2, whether the suggestion stands by itself or in the letter of supervision."""
    sent = (transfer("2021-06-08", to(WATER, "2021-06-09")), accepted("2021-06-18"))
    advised = urged("2021-08-23", advice="建议对摊位分配形成书面规定")
    alone = an(Suggestion, "2021-08-23", kind=codes.SuggestionKind.WORK, recipient=WATER, content="建议")
    for act in (advised, alone):
        row = the(a_case("2021-06-01", *sent, act), office, "2021-09-01", "书面反馈改进建议")
        assert (row.due, row.basis) == (day("2021-09-22"), "《信访条例》第三十六条第二款")


def test_the_2022_regulation_names_no_days_for_it(office):
    alone = an(Suggestion, "2026-08-23", kind=codes.SuggestionKind.WORK, recipient=WATER, content="建议")
    advised = urged("2026-08-24", advice="建议")
    assert names(a_case("2026-07-01", *TAKEN, alone, advised), office, "2026-09-01") == ["办理期限"]


# --- 35, 36: review and recheck -------------------------------------------------------------------------

ANSWERED = (*TAKEN, reply("2026-08-20", WATER))


def test_the_petitioner_has_thirty_days_from_receipt_and_may_rely_on_the_working_day_after(office):
    """From 2026-09-01 the thirtieth day is 10-01, a day of rest; 10-08 is the first worked day."""
    case = a_case("2026-07-01", *ANSWERED, service(3, "2026-08-31", "2026-09-01"))
    row = the(case, office, "2026-09-02", "请求复查")
    assert (row.start, row.due, row.rolled) == (day("2026-09-01"), day("2026-10-01"), day("2026-10-08"))
    assert (row.actor, article(row), row.days_left) == ("信访人", "第三十五条", 36)
    assert the(case, office, "2026-10-08", "请求复查").state is State.RUNNING
    assert rows(case, office, "2026-10-09") == [], "a right that has lapsed is nobody's unfinished business"


def test_without_a_record_of_service_the_thirty_days_have_no_known_start(office):
    (row,) = rows(a_case("2026-07-01", *ANSWERED), office, "2026-09-20")
    assert (row.limit, row.state, row.start, row.due) == ("请求复查", State.UNKNOWN, None, None)
    assert "送达" in row.note


def test_a_document_in_the_post_has_not_started_the_thirty_days(office):
    case = a_case("2026-07-01", *ANSWERED, service(3, "2026-08-31", "2026-09-03"))
    assert rows(case, office, "2026-09-01") == []


def test_a_document_left_with_one_who_refused_it_counts_from_that_day(office):
    left = service(3, "2026-09-01", method=codes.ServiceMethod.LEFT)
    assert the(a_case("2026-07-01", *ANSWERED, left), office, "2026-09-02", "请求复查").start == day(
        "2026-09-01"
    )


def test_of_two_services_the_one_that_arrived_first_began_the_thirty_days(office):
    by_post = service(3, "2026-08-24", "2026-09-04")
    by_hand = service(3, "2026-09-01", "2026-09-01", method=codes.ServiceMethod.DIRECT)
    row = the(a_case("2026-07-01", *ANSWERED, by_post, by_hand), office, "2026-09-05", "请求复查")
    assert row.start == day("2026-09-01")


def test_closing_does_not_take_the_petitioners_thirty_days_away(office):
    closed = an(Closure, "2026-09-02", manner="处理意见送达")
    case = a_case("2026-07-01", *ANSWERED, service(3, "2026-08-31", "2026-09-01"), closed)
    assert names(case, office, "2026-09-03") == ["请求复查"]


@pytest.mark.parametrize("kind", [codes.ReplyKind.DUTY, codes.ReplyKind.ADVICE])
def test_an_answer_under_31_5_or_29_opens_no_review(office, kind):
    answered = reply("2026-08-20", WATER, kind=kind)
    case = a_case("2026-07-01", SENT, answered, claims=(claim(path=codes.Path.DUTY),))
    assert "请求复查" not in names(case, office, "2026-08-21")


def test_a_review_is_decided_in_thirty_days_by_the_organ_above(office):
    case = a_case(
        "2026-07-01", *ANSWERED, service(3, "2026-08-31", "2026-09-01"), review_request("2026-09-08", CITY)
    )
    row = the(case, office, "2026-09-09", "作出复查意见")
    assert (row.due, row.actor, article(row)) == (day("2026-10-08"), CITY, "第三十五条")
    assert "请求复查" not in names(case, office, "2026-09-09")


def test_who_decides_follows_from_the_organs_superior_if_the_request_does_not_say(office):
    asked = review_request("2026-09-08", None)
    assert the(a_case("2026-07-01", *ANSWERED, asked), office, "2026-09-09", "作出复查意见").actor == CITY


REVIEWED = (
    *ANSWERED,
    service(3, "2026-08-31", "2026-09-01"),
    review_request("2026-09-08", CITY),
    an(
        Review,
        "2026-09-28",
        CITY,
        outcome=codes.ReviewOutcome.UPHELD,
        opinion="维持",
        recheck_organ="江北省人民政府",
    ),
)


def test_a_review_opens_thirty_days_to_ask_for_a_recheck(office):
    case = a_case("2026-07-01", *REVIEWED, service(6, "2026-09-29", "2026-09-30"))
    row = the(case, office, "2026-10-09", "请求复核")
    assert (row.due, row.rolled, article(row)) == (day("2026-10-30"), day("2026-10-30"), "第三十六条第一款")


def test_the_days_of_a_hearing_do_not_count_towards_a_recheck(office):
    """36·2: thirty days from 2026-10-12 end on 11-11; three days of hearing move them to 11-14, a Saturday."""
    asked = an(RecheckRequest, "2026-10-12", "江北省人民政府", request="请求撤销")
    heard = an(
        Hearing, "2026-11-03", "江北省人民政府", stage=codes.HearingStage.RECHECK, ended=day("2026-11-05")
    )
    case = a_case("2026-07-01", *REVIEWED, service(6, "2026-09-29", "2026-09-30"), asked, heard)
    row = the(case, office, "2026-11-06", "作出复核意见")
    assert (row.due, row.rolled, row.actor) == (day("2026-11-14"), day("2026-11-16"), "江北省人民政府")
    assert the(case, office, "2026-11-02", "作出复核意见").due == day("2026-11-11")


def test_a_hearing_while_handling_stops_nothing(office):
    heard = an(Hearing, "2026-08-03", WATER, stage=codes.HearingStage.HANDLING, ended=day("2026-08-05"))
    assert the(a_case("2026-07-01", *TAKEN, heard), office, "2026-08-06", "办理期限").due == day("2026-09-13")


def test_a_recheck_ends_everything(office):
    asked = an(RecheckRequest, "2026-10-12", "江北省人民政府", request="请求撤销")
    done = an(Recheck, "2026-11-06", "江北省人民政府", outcome=codes.ReviewOutcome.UPHELD, opinion="维持")
    case = a_case("2026-07-01", *REVIEWED, service(6, "2026-09-29", "2026-09-30"), asked, done)
    assert rows(case, office, "2026-11-07") == []


def test_the_2005_regulation_has_the_same_thirty_days_under_its_own_articles(office):
    case = a_case(
        "2019-03-07",
        transfer("2019-03-14", to(WATER, "2019-03-15")),
        accepted("2019-03-26"),
        reply("2019-05-06", WATER, kind=codes.ReplyKind.REPLY),
        service(3, "2019-05-07", "2019-05-08"),
    )
    row = the(case, office, "2019-05-10", "请求复查")
    assert (row.due, row.basis) == (day("2019-06-07"), "《信访条例》第三十四条")
    assert row.rolled == day("2019-06-10"), "06-07 to 06-09 were the Dragon Boat holidays"


# --- 32·2: carrying out ---------------------------------------------------------------------------------

GRANTED = opinion(1, codes.Conclusion.SUPPORT, executor="云州市水务服务中心", execute_by=day("2026-10-30"))


def test_what_was_granted_is_to_be_carried_out_by_its_day_even_after_closing(office):
    case = a_case(
        "2026-07-01", *TAKEN, reply("2026-08-20", WATER, GRANTED), an(Closure, "2026-09-01", manner="办结")
    )
    row = the(case, office, "2026-11-01", "执行支持意见")
    assert (row.due, row.state, row.actor) == (day("2026-10-30"), State.OVERDUE, "云州市水务服务中心")
    assert article(row) == "第三十二条第二款"
    done = an(Execution, "2026-10-20", WATER, of=3, unit="云州市水务服务中心", content="已完成")
    case = a_case("2026-07-01", *TAKEN, reply("2026-08-20", WATER, GRANTED), done)
    assert "执行支持意见" not in names(case, office, "2026-11-01")


def test_the_article_that_bids_it_be_carried_out_comes_from_the_law_as_data(tmp_path):
    """A new edition of the regulation, put beside the office's settings, is cited at once."""
    known = shipped("schemas", "regulations", "2022.toml").read_text("utf-8")
    old = 'basis = "第三十二条第二款"'
    assert known.count(old) == 1
    (tmp_path / "regulations").mkdir()
    (tmp_path / "regulations" / "2022.toml").write_text(known.replace(old, 'basis = "第三十三条"'), "utf-8")
    case = a_case("2026-07-01", *TAKEN, reply("2026-08-20", WATER, GRANTED))
    assert article(the(case, office_in(tmp_path), "2026-09-01", "执行支持意见")) == "第三十三条"


def test_nothing_is_left_to_carry_out_of_an_opinion_that_was_quashed(office):
    quashed = an(Review, "2026-09-28", CITY, outcome=codes.ReviewOutcome.QUASHED, opinion="撤销，责令重办")
    answered = reply("2026-08-20", WATER, GRANTED)
    case = a_case(
        "2026-07-01",
        *TAKEN,
        answered,
        service(3, "2026-08-21", "2026-08-22"),
        review_request("2026-09-01", CITY),
        quashed,
    )
    assert "执行支持意见" not in names(case, office, "2026-10-01")


# --- whole cases ----------------------------------------------------------------------------------------


def test_a_petition_that_was_taken_back_has_no_clocks(office):
    assert rows(a_case("2026-07-01", *TAKEN, an(Withdrawal, "2026-07-20")), office, "2026-07-21") == []


def test_what_ends_first_stands_first_and_what_is_unknown_last(office):
    case = a_case("2026-12-24", transfer("2026-12-25", to(WATER, "2026-12-28")))
    assert [row.due for row in rows(case, office, "2026-12-29")] == [day("2027-01-12"), None]


def test_a_row_for_programs_has_the_keys_of_the_contract(office):
    row = the(a_case("2026-11-16"), office, "2026-11-23", "登记后转送、交办").as_json()
    wanted = {"case", "limit", "basis", "start", "due", "due_rolled", "days_left", "state", "actor"}
    assert wanted <= set(row)
    assert (row["due"], row["state"]) == ("2026-12-01", "running")


# --- local rules ----------------------------------------------------------------------------------------


def test_a_shorter_local_limit_stands_beside_the_national_one(tmp_path):
    """浙江2016·23: as a rule 30 days; the national 60 stay."""
    local = office_in(tmp_path, profile="zhejiang")
    running = rows(a_case("2026-07-01", *TAKEN), local, "2026-07-20")
    found = {row.due: row.basis for row in running if row.limit == "办理期限"}
    assert sorted(found) == [day("2026-08-14"), day("2026-09-13")]
    assert found[day("2026-09-13")].startswith("《信访工作条例》")
    assert found[day("2026-08-14")].startswith("《浙江省信访条例》")


def test_a_local_limit_that_counts_from_receipt_starts_there(tmp_path):
    """河南2012·26: thirty days from receipt, not from acceptance."""
    local = office_in(tmp_path, profile="henan")
    found = [
        row for row in rows(a_case("2026-07-01", *TAKEN), local, "2026-07-20") if row.limit == "办理期限"
    ]
    assert [(row.start, row.due) for row in found] == [
        (day("2026-07-07"), day("2026-08-06")),
        (day("2026-07-15"), day("2026-09-13")),
    ]


def test_a_longer_local_limit_never_hides_the_national_one(tmp_path):
    own = office_in(tmp_path, profile="云上")
    (tmp_path / "regulations" / "local").mkdir(parents=True)
    (tmp_path / "regulations" / "local" / "yunshang.toml").write_text(
        'id = "yunshang"\nname = "云上"\ntitle = "云上市信访办法"\nissuer = "云上市人民政府"\n'
        "issued = 2020-01-01\neffective = 2020-02-01\n"
        'source = "虚构，供测试"\nverified = false\nin_force_checked = false\n\n'
        '[article]\n1 = { heading = "期限", items = [0] }\n\n'
        '[limit.handling]\nname = "办理期限"\nlength = 90\nunit = "日"\nstart = "受理"\n'
        'actor = "承办机关、单位"\nbasis = "第一条"\nverified = false\n',
        "utf-8",
    )
    found = [row for row in rows(a_case("2026-07-01", *TAKEN), own, "2026-07-20") if row.limit == "办理期限"]
    assert [row.due for row in found] == [day("2026-09-13"), day("2026-10-13")]
    assert "尚未与正式文本核对" in found[1].note


def test_a_local_limit_nobody_has_checked_to_be_in_force_says_so_and_the_national_one_does_not(tmp_path):
    local = office_in(tmp_path, profile="henan")
    found = [
        row for row in rows(a_case("2026-07-01", *TAKEN), local, "2026-07-20") if row.limit == "办理期限"
    ]
    assert {row.basis.partition("》")[0]: "是否有效尚未核对" in row.note for row in found} == {
        "《河南省信访条例": True,
        "《信访工作条例": False,
    }


def test_counting_is_the_same_on_any_day_it_is_asked(office):
    case = a_case("2026-07-01", *TAKEN)
    dues = {
        the(case, office, str(day("2026-07-20") + dt.timedelta(n)), "办理期限").due for n in range(0, 200, 7)
    }
    assert dues == {day("2026-09-13")}


def test_a_claim_that_nobody_has_dealt_with_keeps_its_clock(office):
    sent = transfer("2026-07-03", to(WATER, "2026-07-06"))
    took_one = replace(an(Acceptance, "2026-07-10", WATER), claims=(1,))
    case = a_case("2026-07-01", sent, took_one, claims=(claim(1), claim(2)))
    open_rows = [row for row in rows(case, office, "2026-07-15") if "第2项诉求" in row.note]
    assert {row.due for row in open_rows if "告知" in row.limit} == {day("2026-07-21")}
    both = a_case("2026-07-01", sent, replace(took_one, claims=()), claims=(claim(1), claim(2)))
    assert not [row for row in rows(both, office, "2026-07-15") if "告知" in row.limit]


def test_two_organs_that_lead_together_owe_only_what_neither_has_taken_up(office):
    sent = transfer("2026-07-03", to(WATER, "2026-07-06"), to(DISTRICT, "2026-07-06"))
    first = replace(an(Acceptance, "2026-07-10", WATER), claims=(1,))
    second = replace(an(Acceptance, "2026-07-10", DISTRICT), claims=(2,))
    case = a_case("2026-07-01", sent, first, second, claims=(claim(1), claim(2)))
    assert not [row for row in rows(case, office, "2026-07-15") if "告知" in row.limit]
    alone = a_case("2026-07-01", sent, first, claims=(claim(1), claim(2)))
    owing = {row.actor for row in rows(alone, office, "2026-07-15") if "告知" in row.limit}
    assert owing == {WATER, DISTRICT}
