"""What the sample records show between them: every path, channel, organ, document, person and clock of the law."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.samples.corpus import REGIME_2022, TODAY, actor, acts, cases, clocks, events, some, words
from xfdocs.record.clocks import Running, State
from xfdocs.record.codes import (
    Agreement,
    Channel,
    Checked,
    Conclusion,
    EvaluationOf,
    HearingStage,
    MediationForm,
    NoticeManner,
    Path,
    PetitionerKind,
    Purpose,
    Repeat,
    ReplyKind,
    ReviewOutcome,
    Satisfaction,
    ServiceMethod,
    SourceKind,
    SuggestionKind,
    SupervisionForm,
    Urgency,
    UrgingMethod,
)
from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Closure,
    Evaluation,
    Execution,
    Extension,
    Feedback,
    FollowUp,
    Hearing,
    Investigation,
    Mediation,
    Notice,
    Objection,
    Recheck,
    RecheckRequest,
    Recusal,
    Reply,
    Review,
    ReviewRequest,
    Service,
    Submission,
    Suggestion,
    Supervision,
    Transfer,
    Urging,
    Withdrawal,
)

# --- paths and channels ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", list(Path))
def test_every_path_of_articles_29_to_31_is_taken(path: Path) -> None:
    assert some(lambda c: any(claim.path is path for claim in c.claims))


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_used(channel: Channel) -> None:
    assert some(lambda c: c.registration.channel is channel)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_of_a_petition_occurs(purpose: Purpose) -> None:
    assert some(lambda c: any(claim.purpose is purpose for claim in c.claims))


def test_some_acts_fall_under_each_regulation() -> None:
    old = some(lambda c: c.events and all(e.date < REGIME_2022 for e in c.events))
    new = some(lambda c: c.events and all(e.date >= REGIME_2022 for e in c.events))
    assert len(old) >= 4
    assert len(new) >= 30


def test_one_record_straddles_the_day_the_new_regulation_came_into_force() -> None:
    assert some(lambda c: {e.date < REGIME_2022 for e in c.events} == {True, False})


def test_the_2005_records_show_reply_extension_review_exhaustion_and_refusal() -> None:
    old = [c for c in cases() if c.events and all(e.date < REGIME_2022 for e in c.events)]
    assert any(r.kind is ReplyKind.REPLY for c in old for r in acts(c, Reply))
    assert any(acts(c, Extension) for c in old)
    assert any(acts(c, Review) for c in old)
    assert any(n.exhausted for c in old for n in acts(c, Notice))
    assert any(n.refusal for c in old for n in acts(c, Notice))


# --- who petitions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(PetitionerKind))
def test_citizens_companies_and_other_organisations_petition(kind: PetitionerKind) -> None:
    assert some(lambda c: any(p.kind is kind for p in c.petitioners))


def test_a_group_visits_through_at_most_five_representatives() -> None:
    groups = [
        sum(bool(p.representative) for p in c.petitioners)
        for c in cases()
        if c.counts is not None
        and (c.counts.visitors or 0) > 5
        and any(p.representative for p in c.petitioners)
    ]
    assert groups
    assert max(groups) == 5


def test_a_letter_is_signed_by_more_than_five_people() -> None:
    assert some(lambda c: c.counts is not None and (c.counts.signatories or 0) > 5 and len(c.petitioners) > 5)


def test_someone_acts_by_proxy() -> None:
    assert some(lambda c: any(p.proxy for p in c.petitioners))


def test_an_accusation_is_anonymous() -> None:
    assert some(lambda c: c.claims[0].purpose is Purpose.REPORT and not c.petitioners)


@pytest.mark.parametrize("consent", [True, False])
def test_a_named_accusation_comes_with_and_without_consent_to_tell_the_name(consent: bool) -> None:
    assert some(
        lambda c: bool(c.petitioners) and c.confidentiality is not None and c.confidentiality.named is consent
    )


def test_a_unit_is_reported_too() -> None:
    assert some(lambda c: any(r.kind.value == "单位" for claim in c.claims for r in claim.respondents))


def test_accusations_go_to_the_discipline_organ_as_an_abstract() -> None:
    sent = [t for c in cases() if c.claims[0].purpose is Purpose.REPORT for t in acts(c, Transfer)]
    assert len(sent) >= 3
    assert all(
        t.material.value == "摘要" and "纪律检查委员会" in d.organ for t in sent for d in t.destinations
    )


def test_a_name_has_the_separator_dot() -> None:
    assert some(lambda c: any("·" in (p.name or "") for p in c.petitioners))


def test_a_name_is_twenty_characters_long_or_more() -> None:
    assert max(len(p.name or "") for c in cases() for p in c.petitioners) >= 20


@pytest.mark.parametrize("character", "㐂䶮𬭚𠮷")
def test_rare_characters_stand_in_names_or_places_of_different_records(character: str) -> None:
    assert some(lambda c: any(character in (p.name or "") + (p.address or "") for p in c.petitioners))


def test_the_four_rare_characters_are_spread_over_four_records() -> None:
    places = [{c.id for c in cases() if any(x in t for t in words(c))} for x in "㐂䶮𬭚𠮷"]
    assert all(len(ids) == 1 for ids in places)
    assert len(set.union(*places)) == 4


def test_a_name_is_not_clear_and_an_address_is_not_clear() -> None:
    assert some(lambda c: any(p.name_unclear for p in c.petitioners))
    assert some(lambda c: any(p.address_unclear for p in c.petitioners))


def test_an_oral_petition_is_written_down_and_checked_in_more_than_one_way() -> None:
    checks = {c.registration.oral.checked for c in cases() if c.registration.oral}
    assert checks >= {Checked.SIGNED, Checked.READ, Checked.DECLINED}


@pytest.mark.parametrize("urgency", list(Urgency))
def test_both_degrees_of_urgency_occur(urgency: Urgency) -> None:
    assert some(lambda c: c.registration.urgency is urgency)


# --- words ----------------------------------------------------------------------------------------------


def test_an_opinion_is_long_enough_for_five_pages_with_several_paragraphs() -> None:
    lengths = [
        sum(len((o.findings or "") + (o.explanation or "")) for o in r.opinions) for r in events(Reply)
    ]
    assert max(lengths) >= 2500
    assert some(lambda c: any((cl.facts or "").count("\n") >= 2 for cl in c.claims))


@pytest.mark.parametrize("mark", ["<b>", "&", "{{ x }}", "]]>", "# ", "| ", "* ", "1. ", "---", "&lt;"])
def test_text_that_looks_like_markup_stands_in_a_claim(mark: str) -> None:
    lines = [
        line for c in cases() for cl in c.claims for line in (f"{cl.request}\n{cl.facts or ''}").split("\n")
    ]
    anywhere = mark in {"<b>", "&", "{{ x }}", "]]>", "&lt;"}
    assert [line for line in lines if (mark in line if anywhere else line.startswith(mark))]


def test_a_value_has_line_breaks_in_claim_and_in_opinion() -> None:
    assert some(lambda c: any("\n" in (cl.facts or "") for cl in c.claims))
    assert [r for r in events(Reply) if any("\n" in (o.findings or "") for o in r.opinions)]


def test_several_claims_are_each_answered_with_different_conclusions() -> None:
    many = [c for c in cases() if any(len({o.conclusion for o in r.opinions}) >= 3 for r in acts(c, Reply))]
    assert many


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_every_conclusion_is_drawn(conclusion: Conclusion) -> None:
    assert [r for r in events(Reply) if any(o.conclusion is conclusion for o in r.opinions)]


@pytest.mark.parametrize("kind", list(ReplyKind))
def test_every_kind_of_reply_is_given(kind: ReplyKind) -> None:
    assert [r for r in events(Reply) if r.kind is kind]


# --- handling -------------------------------------------------------------------------------------------


def test_a_notice_names_the_procedure_and_another_the_competent_organ() -> None:
    assert [n for n in events(Notice) if n.procedures]
    assert [n for n in events(Notice) if n.competents]


def test_a_notice_is_given_on_the_spot() -> None:
    assert [n for n in events(Notice) if n.manner is NoticeManner.ON_THE_SPOT]


def test_a_matter_is_passed_down_from_the_state_through_province_city_and_district_to_the_town() -> None:
    chain = [
        c for c in cases() if [s.organ for s in c.registration.sources] == ["国家信访局", "江北省信访局"]
    ]
    assert chain
    assert [actor(chain[0], t) for t in acts(chain[0], Transfer)] == ["云州市信访局", "云州市青溪区信访局"]
    assert acts(chain[0], Transfer)[-1].destinations[0].organ.endswith("石桥镇人民政府")


def test_a_matter_is_assigned_from_above_with_a_date_for_the_feedback() -> None:
    assert some(
        lambda c: any(s.kind is SourceKind.ASSIGNMENT and s.feedback_due for s in c.registration.sources)
    )


def test_organs_other_than_petition_offices_pass_matters_on_and_tell_where_they_went() -> None:
    pairs = [
        c
        for c in cases()
        if any(n.whereabouts and not actor(c, n).endswith("信访局") for n in acts(c, Notice))
    ]
    assert len(pairs) >= 2


@pytest.mark.parametrize(
    "organ_starts", ["云州市水务局", "云州市人力资源", "云州市教育局", "云州市青溪区人民政府"]
)
def test_organs_receive_matters_directly(organ_starts: str) -> None:
    assert some(lambda c: c.registration.organ.startswith(organ_starts))


def test_two_lead_units_both_feed_back_in_one_case_and_only_one_in_another() -> None:
    answered = [
        len({f.unit for f in acts(case, Feedback) if f.of == assignment.seq})
        for case in cases()
        for assignment in acts(case, Assignment)
        if len(assignment.destinations) == 2
    ]
    assert sorted(answered) == [1, 2]


@pytest.mark.parametrize("agreed", list(Agreement))
def test_an_objection_is_agreed_with_and_one_is_not(agreed: Agreement) -> None:
    assert [o for o in events(Objection) if o.decision and o.decision.outcome is agreed]


def test_after_an_agreed_objection_the_matter_goes_to_another_organ() -> None:
    case = next(
        c
        for c in cases()
        if any(o.decision and o.decision.outcome is Agreement.AGREED for o in acts(c, Objection))
    )
    first, second = acts(case, Transfer)
    assert first.destinations[0].organ != second.destinations[0].organ


@pytest.mark.parametrize("stage", list(HearingStage))
def test_hearings_are_held_in_handling_and_in_the_recheck(stage: HearingStage) -> None:
    assert [h for h in events(Hearing) if h.stage is stage]


def test_a_recheck_is_in_time_only_because_hearing_days_do_not_count() -> None:
    case = next(
        c
        for c in cases()
        if any(h.stage is HearingStage.RECHECK for h in acts(c, Hearing)) and acts(c, Recheck)
    )
    request, done = acts(case, RecheckRequest)[0].date, acts(case, Recheck)[0].date
    hearing = acts(case, Hearing)[0]
    taken = (hearing.ended - hearing.date).days + 1
    assert timedelta(days=30) < done - request <= timedelta(days=30 + taken)


@pytest.mark.parametrize("outcome", list(ReviewOutcome))
def test_reviews_uphold_quash_and_change(outcome: ReviewOutcome) -> None:
    assert [r for r in events(Review) if r.outcome is outcome]


def test_after_a_quashed_opinion_the_organ_replies_anew() -> None:
    quashed = [c for c in cases() if any(r.outcome is ReviewOutcome.QUASHED for r in acts(c, Review))]
    assert quashed
    assert all(len(acts(c, Reply)) == 2 for c in quashed)


def test_a_recheck_is_decided() -> None:
    assert events(Recheck)


def test_a_repeated_matter_names_the_earlier_one_among_the_samples() -> None:
    numbers = {c.id for c in cases()}
    again = [c for c in cases() if c.registration.first is Repeat.AGAIN]
    assert any(set(c.registration.related) & numbers for c in again)
    assert all(c.registration.related for c in again)


@pytest.mark.parametrize("form", list(SupervisionForm))
@pytest.mark.parametrize("new", [False, True], ids=["2005", "2022"])
def test_supervision_is_by_letter_and_by_slip_on_the_grounds_of_either_regulation(
    form: SupervisionForm, new: bool
) -> None:
    assert [s for s in events(Supervision) if s.form is form and (s.date >= REGIME_2022) is new]


@pytest.mark.parametrize("ground", ["S1", "S2", "S4", "S5"])
def test_the_usual_grounds_of_supervision_occur(ground: str) -> None:
    assert [s for s in events(Supervision) if ground in s.grounds]


@pytest.mark.parametrize("method", list(UrgingMethod))
def test_units_are_urged_by_telephone_by_letter_and_in_person(method: UrgingMethod) -> None:
    assert [u for u in events(Urging) if u.method is method]


@pytest.mark.parametrize("kind", list(SuggestionKind))
def test_every_suggestion_of_article_40_is_made(kind: SuggestionKind) -> None:
    assert [s for s in events(Suggestion) if s.kind is kind]


def test_a_suggestion_is_answered_in_writing_and_another_still_waits() -> None:
    state = {any(f.of == s.seq for f in acts(c, Feedback)) for c in cases() for s in acts(c, Suggestion)}
    assert state == {True, False}


@pytest.mark.parametrize("method", list(ServiceMethod))
def test_every_method_of_service_is_used(method: ServiceMethod) -> None:
    assert [s for s in events(Service) if s.method is method]


def test_a_refused_service_has_witnesses() -> None:
    assert [s for s in events(Service) if s.refusal and s.refusal.witnesses]


@pytest.mark.parametrize("form", list(MediationForm))
def test_mediation_and_settlement_end_in_agreements(form: MediationForm) -> None:
    assert [m for m in events(Mediation) if m.form is form and m.agreed and m.content]


@pytest.mark.parametrize(
    "kind",
    [
        Submission,
        Acceptance,
        Extension,
        Investigation,
        Withdrawal,
        Recusal,
        Execution,
        Closure,
        FollowUp,
        ReviewRequest,
    ],
)
def test_the_other_events_of_the_law_happen(kind: type) -> None:
    assert events(kind)


def test_follow_ups_have_the_consent_of_the_petitioner() -> None:
    assert all(f.consented for f in events(FollowUp))


@pytest.mark.parametrize("result", list(Satisfaction))
def test_petitioners_rate_the_unit_in_every_way(result: Satisfaction) -> None:
    assert [e for e in events(Evaluation) if e.of is EvaluationOf.UNIT and e.result is result]


def test_petitioners_rate_the_petition_office_too() -> None:
    assert [e for e in events(Evaluation) if e.of is EvaluationOf.OFFICE]


def test_letters_and_their_enclosures_and_attachments_are_listed() -> None:
    assert some(lambda c: c.registration.enclosures)
    files = [a.file for c in cases() for a in c.attachments if a.file]
    assert {name.rsplit(".", 1)[1] for name in files} == {"pdf", "png", "txt"}


def test_archived_records_carry_their_place() -> None:
    assert some(lambda c: c.archive is not None)


# --- clocks, as seen from 23 November 2026 -------------------------------------------------------------------


def running(limit: str, state: State) -> list[Running]:
    return [clock for clock in clocks() if clock.limit == limit and clock.state is state]


OFFICE_CLOCKS = [
    "登记后转送、交办",
    "书面告知",
    "转送、交办件的书面告知",
    "对转送、交办提出异议",
    "办理期限",
    "交办事项反馈办理结果",
    "督办反馈",
    "作出复查意见",
    "作出复核意见",
    "执行支持意见",
]


@pytest.mark.parametrize("limit", OFFICE_CLOCKS)
def test_every_clock_of_an_organ_has_run_out_in_some_record(limit: str) -> None:
    assert running(limit, State.OVERDUE)


@pytest.mark.parametrize("limit", OFFICE_CLOCKS)
def test_every_clock_of_an_organ_still_runs_in_another(limit: str) -> None:
    assert running(limit, State.RUNNING)


@pytest.mark.parametrize("state", [State.OVERDUE, State.RUNNING])
def test_an_extended_period_runs_and_another_has_run_out(state: State) -> None:
    assert [clock for clock in running("办理期限", state) if clock.note.startswith("已延长")]


@pytest.mark.parametrize("limit", ["请求复查", "请求复核"])
def test_the_petitioners_own_periods_run(limit: str) -> None:
    assert running(limit, State.RUNNING)


def test_one_period_ends_on_the_very_day() -> None:
    assert [clock for clock in clocks() if clock.days_left == 0 and clock.due == TODAY]


def test_one_period_ends_on_a_day_off_and_rolls() -> None:
    assert [clock for clock in clocks() if clock.rolled and clock.due and clock.rolled > clock.due]


def test_one_period_reaches_into_a_year_whose_working_days_are_not_published() -> None:
    assert [clock for clock in clocks() if clock.due and clock.due.year == 2027 and clock.rolled is None]


def test_no_clock_runs_in_a_closed_case_but_those_that_outlive_it() -> None:
    closed = {c.id for c in cases() if acts(c, Closure)}
    outlive = {"请求复查", "请求复核", "执行支持意见"}
    assert {clock.limit for clock in clocks() if clock.case in closed} <= outlive


def test_sources_of_a_chain_stand_in_the_order_in_which_it_came() -> None:
    for case in cases():
        for one, next_one in pairwise(case.registration.sources):
            assert one.date <= next_one.date


def test_records_come_from_several_years() -> None:
    assert {c.registration.received.year for c in cases()} >= set(range(2017, 2027))
