"""What a case has owed, and what became of it: the same whether one looks back at the whole case or looked on the day.

Last days were counted by hand from the regulation and the State Council's calendar, as those in test_clocks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from bench.records import records
from tests.builders import (
    CITY,
    DISCIPLINE,
    DISTRICT,
    OFFICE,
    WATER,
    a_case,
    an,
    assignment,
    claim,
    day,
    office_in,
    opinion,
    reply,
    review_request,
    service,
    source,
    to,
    transfer,
)
from tests.record.any_course import any_course
from tests.samples.corpus import cases, office
from xfdocs.errors import RegulationMissing
from xfdocs.record import codes
from xfdocs.record.clocks import State, running_clocks
from xfdocs.record.events import (
    Acceptance,
    Closure,
    Event,
    Extension,
    Feedback,
    Hearing,
    Mediation,
    Objection,
    ObjectionDecision,
    Recheck,
    RecheckRequest,
    Review,
    Service,
    Submission,
    Supervision,
    Withdrawal,
)
from xfdocs.record.model import Case
from xfdocs.record.obligation import PETITIONER, Obligation
from xfdocs.record.obligations import obligations_of
from xfdocs.record.reader import build_case, parse_tree

GENERATED = [
    build_case(parse_tree(text.encode(), Path(name))).case for _, name, text in islice(records(43), 120)
]
SENT = transfer("2026-07-06", to(WATER, "2026-07-07"))
TAKEN = (SENT, an(Acceptance, "2026-07-15", WATER))


def of(case: Case, limit: str, on: str | None = None) -> Obligation:
    found = obligations_of(case, office(), day(on)) if on else obligations_of(case, office())
    (one,) = [one for one in found if one.limit == limit]
    return one


def fate(case: Case, limit: str) -> tuple[str | None, str | None]:
    one = of(case, limit)
    return one.met and str(one.met), one.ended and str(one.ended)


def limits(case: Case) -> list[str]:
    return [one.limit for one in obligations_of(case, office())]


# --- looking back, and having looked ------------------------------------------------------------------------

Key = tuple[str, bool, str, int | None]


def key(one: Obligation) -> Key:
    """Which duty it is.  Who decides on a request may follow from an answer that was recorded after it."""
    actor = "" if one.limit in {"review", "recheck"} else one.actor
    return (one.limit, one.ground.national, actor, one.event)


def known_on(case: Case, one: Obligation, on: dt.date) -> bool:
    """Whether what is known of its start was known then: a right begins with a service that may be recorded later."""
    late = (e for e in case.events if isinstance(e, Service) and e.of == one.event and e.date > on)
    return one.actor != PETITIONER or not any(late)


def days_of(case: Case) -> set[dt.date]:
    """The days on which something may change, and those beside them."""
    named = {case.registration.received, *(e.date for e in case.events)}
    for one in obligations_of(case, office()):
        named |= {d for d in (one.begins, one.met, one.ended, one.due) if d is not None}
        named |= {d for span in one.held for d in span}
    return {d + dt.timedelta(n) for d in named for n in (-1, 0, 1)}


def holds(case: Case) -> None:
    """The law: a duty runs on a day, as one sees it on that day, from its beginning until it was met or ended, held days left out."""
    whole = obligations_of(case, office())
    for on in days_of(case):
        then = obligations_of(case, office(), on)
        looked_back = Counter(key(one) for one in whole if one.runs_on(on) and known_on(case, one, on))
        looked_on = Counter(key(one) for one in then if one.runs_on(on) and known_on(case, one, on))
        assert looked_on == looked_back, on
        assert len(running_clocks(case, office(), on)) == sum(one.runs_on(on) for one in then)
        if not any(isinstance(e, Extension | Hearing) and e.date > on for e in case.events):
            known = {(key(one), one.counted) for one in whole}
            assert all(
                (key(one), one.counted) in known
                for one in then
                if one.runs_on(on) and known_on(case, one, on)
            ), on


@pytest.mark.parametrize("case", [*cases(), *GENERATED], ids=lambda case: case.id)
def test_looking_back_at_a_case_shows_what_ran_on_each_of_its_days(case):
    holds(case)


@given(any_course())
@example(
    a_case(
        "2026-03-02",
        transfer("2026-03-04", to(WATER, "2026-03-05")),
        an(
            Objection,
            "2026-03-06",
            WATER,
            decision=ObjectionDecision(outcome=codes.Agreement.NOT_AGREED, date=day("2026-03-10")),
        ),
        an(Acceptance, "2026-03-12", WATER),
    )
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_looking_back_at_any_case_whatever_shows_what_ran_on_each_of_its_days(case: Case) -> None:
    holds(case)


@given(any_course())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_duty_ends_in_one_way_at_most_and_falls_away_only_after_it_began(case: Case) -> None:
    for one in obligations_of(case, office()):
        assert one.met is None or one.ended is None
        assert one.ended is None or one.ended >= one.begins
        assert one.start is None or one.begins >= one.start
        assert (one.due is None) <= bool(one.counted.remark)


# --- kept, late, fallen away ------------------------------------------------------------------------------------


def test_a_matter_sent_on_has_been_sorted_and_sending_it_is_the_cause_of_what_the_other_owes():
    case = a_case("2026-07-01", *TAKEN)
    assert limits(case) == ["disposition", "notice-after-transfer", "objection", "handling"]
    assert fate(case, "disposition") == ("2026-07-06", None)
    assert fate(case, "notice-after-transfer") == ("2026-07-15", None)
    assert [one.event for one in obligations_of(case, office())] == [None, 1, 1, 2]
    assert [one.actor for one in obligations_of(case, office())] == [OFFICE, WATER, WATER, WATER]


def test_what_was_met_late_keeps_both_days():
    one = of(a_case("2026-07-01", transfer("2026-08-06", to(WATER, "2026-08-07"))), "disposition")
    assert (one.due, one.met) == (day("2026-07-16"), day("2026-08-06"))


def test_a_duty_about_two_claims_is_met_with_the_second_of_them():
    case = a_case(
        "2026-07-01",
        *TAKEN,
        reply("2026-08-20", WATER, opinion(1)),
        reply("2026-08-25", WATER, opinion(2)),
        claims=(claim(1), claim(2)),
    )
    assert fate(case, "handling") == ("2026-08-25", None)
    half = a_case("2026-07-01", *TAKEN, reply("2026-08-20", WATER, opinion(1)), claims=(claim(1), claim(2)))
    assert fate(half, "handling") == (None, None)


def test_a_settlement_meets_the_duty_to_handle():
    talk = an(Mediation, "2026-08-01", WATER, form=codes.MediationForm.MEDIATION, agreed=True)
    assert fate(a_case("2026-07-01", *TAKEN, talk), "handling") == ("2026-08-01", None)


def test_who_takes_a_matter_up_has_nothing_to_object_to_and_who_objects_need_not_tell():
    assert fate(a_case("2026-07-01", *TAKEN), "objection") == (None, "2026-07-15")
    objected = a_case("2026-07-01", SENT, an(Objection, "2026-07-10", WATER, against=1))
    assert fate(objected, "objection") == ("2026-07-10", None)
    assert fate(objected, "notice-after-transfer") == (None, "2026-07-10")


def test_an_objection_that_was_turned_down_held_the_duty_and_no_more():
    turned_down = ObjectionDecision(outcome=codes.Agreement.NOT_AGREED, date=day("2026-07-13"))
    objected = an(Objection, "2026-07-10", WATER, against=1, decision=turned_down)
    case = a_case("2026-07-01", SENT, objected, an(Acceptance, "2026-07-20", WATER))
    one = of(case, "notice-after-transfer")
    assert (one.met, one.held) == (day("2026-07-20"), ((day("2026-07-10"), day("2026-07-13")),))
    assert [one.runs_on(day(f"2026-07-{n:02}")) for n in (6, 7, 9, 10, 12, 13, 19, 20)] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip


def test_before_an_objection_was_turned_down_it_was_an_objection_like_any_other():
    turned_down = ObjectionDecision(outcome=codes.Agreement.NOT_AGREED, date=day("2026-07-13"))
    case = a_case("2026-07-01", SENT, an(Objection, "2026-07-10", WATER, against=1, decision=turned_down))
    assert of(case, "objection", "2026-07-12").met == day("2026-07-10")
    assert of(case, "objection", "2026-07-13").met is None


def test_what_falls_away_on_the_day_it_began_has_been_owed():
    objected = an(Objection, "2026-07-07", WATER, against=1)
    case = a_case("2026-07-01", SENT, objected)
    assert fate(case, "notice-after-transfer") == (None, "2026-07-07")


def test_closing_and_taking_back_end_what_is_open_and_leave_what_was_met():
    for kind, facts in ((Closure, {"manner": "办结"}), (Withdrawal, {})):
        case = a_case("2026-07-01", *TAKEN, an(kind, "2026-07-20", **facts))
        assert fate(case, "handling") == (None, "2026-07-20")
        assert fate(case, "disposition") == ("2026-07-06", None)


def test_a_duty_that_would_begin_after_the_end_has_never_been():
    late = transfer("2026-07-06", to(WATER, "2026-07-20"))
    case = a_case("2026-07-01", late, an(Withdrawal, "2026-07-10"))
    assert limits(case) == ["disposition"]


def test_what_is_done_on_the_day_of_closing_is_done():
    case = a_case("2026-07-01", *TAKEN, reply("2026-08-20", WATER), an(Closure, "2026-08-20", manner="办结"))
    assert fate(case, "handling") == ("2026-08-20", None)


def test_an_extension_moves_the_last_day_and_not_the_start():
    longer = an(Extension, "2026-09-10", WATER, days=30, reason="需要检测")
    one = of(a_case("2026-07-01", *TAKEN, longer, reply("2026-10-13", WATER)), "handling")
    assert (one.start, one.due, one.met) == (day("2026-07-15"), day("2026-10-13"), day("2026-10-13"))


def test_a_matter_that_comes_back_was_owed_until_then_and_is_owed_anew():
    back = transfer("2026-07-08", to(OFFICE, "2026-07-09"), organ=CITY)
    case = a_case("2026-07-01", back)
    first, anew = obligations_of(case, office())
    assert (first.event, first.ended, first.due) == (None, day("2026-07-08"), day("2026-07-16"))
    assert (anew.event, anew.ended, anew.due) == (1, None, day("2026-07-24"))
    (ran,) = running_clocks(case, office(), day("2026-07-07"))
    assert ran.due == day("2026-07-16"), "nobody knew then that it would come back"


def test_claims_told_of_under_rules_of_their_own_are_not_waited_for():
    """条例22 23·4: a 纪检监察机关 owes the notice for the claim that is no accusation, and for that one only."""
    report = claim(2, purpose=codes.Purpose.REPORT, path=codes.Path.REPORT)
    sent = transfer("2026-07-06", to(DISCIPLINE, "2026-07-07"), abstract="摘要")
    told = an(Acceptance, "2026-07-10", DISCIPLINE, claims=(1,))
    case = a_case("2026-07-01", sent, told, claims=(claim(1), report))
    assert fate(case, "notice-after-transfer") == ("2026-07-10", None)


# --- days that an organ named -----------------------------------------------------------------------------------


def test_the_four_limits_whose_day_an_organ_named_have_ids_of_their_own():
    above = source("江北省信访局", "2026-07-01", feedback_due=day("2026-10-25"))
    given = assignment("2026-07-06", to(WATER, "2026-07-07"), deadline=day("2026-09-20"))
    fed = an(Feedback, "2026-09-22", WATER, of=1, unit=WATER, report=True, content="已办结")
    urged = an(
        Supervision,
        "2026-08-01",
        form=codes.SupervisionForm.LETTER,
        target=WATER,
        grounds=("S1",),
        feedback_due=day("2026-08-10"),
    )
    granted = opinion(1, codes.Conclusion.SUPPORT, executor=DISTRICT, execute_by=day("2026-12-01"))
    case = a_case(
        "2026-07-02",
        given,
        TAKEN[1],
        urged,
        reply("2026-09-01", WATER, granted),
        fed,
        registration={"sources": (above,)},
    )
    named = {
        one.limit: (one.actor, one.event, one.due, one.met)
        for one in obligations_of(case, office())
        if one.limit.endswith("-feedback") or one.limit == "execution"
    }
    assert named == {
        "source-feedback": (OFFICE, None, day("2026-10-25"), None),
        "assignment-feedback": (WATER, 1, day("2026-09-20"), day("2026-09-22")),
        "supervision-feedback": (WATER, 3, day("2026-08-10"), None),
        "execution": (DISTRICT, 4, day("2026-12-01"), None),
    }
    assert all(one.ground.national for one in obligations_of(case, office()))


def test_an_opinion_that_was_quashed_is_no_longer_to_be_carried_out():
    granted = opinion(1, codes.Conclusion.SUPPORT, execute_by=day("2026-12-01"))
    quashed = an(Review, "2026-09-28", CITY, outcome=codes.ReviewOutcome.QUASHED, opinion="撤销")
    case = a_case(
        "2026-07-01", *TAKEN, reply("2026-08-20", WATER, granted), review_request("2026-09-01", CITY), quashed
    )
    assert fate(case, "execution") == (None, "2026-09-28")
    assert fate(case, "review") == ("2026-09-28", None)


# --- rights of the petitioner -------------------------------------------------------------------------------------

SERVED = (*TAKEN, reply("2026-08-20", WATER), service(3, "2026-08-31", "2026-09-01"))


def test_a_right_lapses_the_day_after_the_last_one_a_petitioner_may_rely_on():
    """Thirty days from 2026-09-01 end on 10-01; after the holidays people work again on 10-08."""
    assert fate(a_case("2026-07-01", *SERVED), "review-request") == (None, "2026-10-09")


def test_a_right_is_used_by_asking_and_has_lapsed_for_who_asks_too_late():
    asked = a_case("2026-07-01", *SERVED, review_request("2026-10-08", CITY))
    assert fate(asked, "review-request") == ("2026-10-08", None)
    late = a_case("2026-07-01", *SERVED, review_request("2026-10-20", CITY))
    assert fate(late, "review-request") == (None, "2026-10-09")


def test_a_right_that_never_began_ends_with_the_case():
    answered = a_case("2026-07-01", *SERVED[:3], an(Closure, "2026-09-10", manner="办结"))
    one = of(answered, "review-request")
    assert (one.start, one.due, one.ended) == (None, None, day("2026-09-10"))


# --- local rules, and what nobody can say ----------------------------------------------------------------------------


def test_a_local_limit_is_an_obligation_of_its_own(tmp_path):
    local = office_in(tmp_path, profile="zhejiang")
    both = [one for one in obligations_of(a_case("2026-07-01", *TAKEN), local) if one.limit == "handling"]
    assert [(one.ground.national, one.due) for one in both] == [
        (True, day("2026-09-13")),
        (False, day("2026-08-14")),
    ]


def test_the_days_of_a_hearing_are_left_out_of_every_rule_that_leaves_them_out(tmp_path):
    local = office_in(tmp_path, profile="beijing")
    heard = an(Hearing, "2026-11-03", stage=codes.HearingStage.RECHECK, ended=day("2026-11-05"))
    again = an(RecheckRequest, "2026-10-12", CITY)
    dues = [
        one.due for one in obligations_of(a_case("2026-07-01", again, heard), local) if one.limit == "recheck"
    ]
    assert dues == [day("2026-11-14")] * 2


def test_a_period_beyond_the_calendar_of_python_is_unknown_and_says_so():
    case = a_case("2026-07-01", transfer("2026-07-06", to(WATER, "9999-12-30")))
    one = of(case, "notice-after-transfer")
    assert one.due is None
    assert "请核对日期" in one.counted.remark
    (row,) = [row for row in running_clocks(case, office(), dt.date.max) if "书面告知" in row.limit]
    assert row.state is State.UNKNOWN


def test_an_open_matter_under_no_known_law_is_said_and_a_closed_one_owes_nothing():
    accepted: Event = an(Acceptance, "1990-03-10", WATER)
    with pytest.raises(RegulationMissing):
        obligations_of(a_case("1990-03-02", accepted), office())
    closed = a_case("1990-03-02", accepted, an(Closure, "1990-04-01", manner="办结"))
    assert obligations_of(closed, office()) == ()


def test_submitting_a_matter_to_those_who_decide_sorts_it():
    asked = an(Submission, "2026-07-03", recipient="云州市委", proposal="请批示")
    assert fate(a_case("2026-07-01", asked), "disposition") == ("2026-07-03", None)


def test_a_recheck_meets_the_duty_to_decide_on_it():
    again = an(RecheckRequest, "2026-10-12", CITY)
    done = an(Recheck, "2026-11-06", CITY, outcome=codes.ReviewOutcome.UPHELD, opinion="维持")
    assert fate(a_case("2026-07-01", again, done), "recheck") == ("2026-11-06", None)
