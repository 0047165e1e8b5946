"""Any course that a case may take: few organs, few days, every kind of act that a limit hangs on, in any order.

What `parts` of the round trip gives is anything at all, and hardly ever two events that have to do with each other;
here they nearly always have.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tests.builders import (
    COURT,
    DISCIPLINE,
    DISTRICT_OFFICE,
    HOUSING,
    OFFICE,
    WATER,
    a_case,
    claim,
    person,
    source,
)
from xfdocs.record import codes
from xfdocs.record import events as ev
from xfdocs.record.model import Case

ORGANS = st.sampled_from([OFFICE, WATER, HOUSING, DISTRICT_OFFICE, COURT, DISCIPLINE])
DAYS = st.integers(0, 150).map(lambda n: dt.date(2026, 3, 2) + dt.timedelta(n))
"""Some days around which holidays lie, and the end of every limit that begins early."""
MAYBE = st.none() | DAYS
SEQS = st.integers(1, 8)
CLAIMS = st.sampled_from([(), (1,), (2,), (1, 2)])
DESTINATIONS = st.lists(
    st.builds(ev.Destination, organ=ORGANS, lead=st.sampled_from(codes.Lead), received=MAYBE),
    min_size=1,
    max_size=2,
).map(tuple)
OPINIONS = st.lists(
    st.builds(
        ev.Opinion,
        claim=st.integers(1, 2),
        conclusion=st.sampled_from(codes.Conclusion),
        executor=st.none() | ORGANS,
        execute_by=MAYBE,
    ),
    min_size=1,
    max_size=2,
).map(tuple)
DECISIONS = st.none() | st.builds(ev.ObjectionDecision, outcome=st.sampled_from(codes.Agreement), date=DAYS)
HEARINGS = st.sampled_from([codes.HearingStage.RECHECK, codes.HearingStage.HANDLING])


def act(kind: type[ev.Event], /, **facts: Any) -> st.SearchStrategy[ev.Event]:
    return st.builds(kind, seq=st.just(0), date=DAYS, organ=st.none() | ORGANS, **facts)


ACTS = st.one_of(
    act(ev.Transfer, claims=CLAIMS, destinations=DESTINATIONS, material=st.just(codes.Material.COPY)),
    act(
        ev.Assignment,
        claims=CLAIMS,
        destinations=DESTINATIONS,
        material=st.just(codes.Material.COPY),
        deadline=MAYBE,
    ),
    act(ev.Submission, recipient=st.just("市委"), proposal=st.just("请批示")),
    act(ev.Acceptance, claims=CLAIMS),
    act(
        ev.Notice,
        manner=st.just(codes.NoticeManner.WRITTEN),
        competents=CLAIMS.map(lambda seqs: (ev.CompetentOrgan(claims=seqs, organ="某机关"),)),
    ),
    act(ev.Objection, decision=DECISIONS),
    act(ev.Extension, days=st.integers(1, 30)),
    act(ev.Hearing, stage=HEARINGS, ended=MAYBE),
    act(ev.Mediation, form=st.just(codes.MediationForm.MEDIATION), agreed=st.booleans()),
    act(ev.Reply, kind=st.sampled_from(codes.ReplyKind), opinions=OPINIONS),
    act(ev.ReviewRequest),
    act(ev.Review, outcome=st.sampled_from(codes.ReviewOutcome), opinion=st.just("意见")),
    act(ev.RecheckRequest),
    act(ev.Recheck, outcome=st.sampled_from(codes.ReviewOutcome), opinion=st.just("意见")),
    act(
        ev.Supervision,
        form=st.sampled_from(codes.SupervisionForm),
        target=ORGANS,
        grounds=st.just(("S1",)),
        advice=st.none() | st.just("建议"),
        feedback_due=MAYBE,
    ),
    act(ev.Suggestion, kind=st.sampled_from(codes.SuggestionKind), recipient=ORGANS, content=st.just("建议")),
    act(ev.Feedback, of=SEQS, unit=ORGANS, content=st.just("已办")),
    act(
        ev.Service,
        of=SEQS,
        recipient=st.just("陆晚晴"),
        method=st.sampled_from(codes.ServiceMethod),
        received=MAYBE,
    ),
    act(ev.Execution, of=SEQS, unit=ORGANS, content=st.just("已执行")),
    act(ev.Withdrawal),
    act(ev.Closure, manner=st.just("办结")),
)
PATHS = st.sampled_from(
    [
        (codes.Purpose.CLAIM, codes.Path.PETITION),
        (codes.Purpose.CLAIM, codes.Path.JUDICIAL),
        (codes.Purpose.CLAIM, codes.Path.DUTY),
        (codes.Purpose.REPORT, codes.Path.REPORT),
        (codes.Purpose.CLAIM, None),
    ]
)


@st.composite
def any_course(draw: st.DrawFn) -> Case:
    """A case of one or two claims, and up to eight acts on any days, most often in their order."""
    acts = draw(st.lists(ACTS, max_size=8))
    if draw(st.integers(0, 3)):
        acts.sort(key=lambda event: event.date)
    claims = [
        claim(seq, purpose=purpose, path=path)
        for seq, (purpose, path) in enumerate(draw(st.lists(PATHS, min_size=1, max_size=2)), start=1)
    ]
    sources = draw(
        st.lists(st.builds(source, ORGANS, DAYS, received=MAYBE, feedback_due=MAYBE), max_size=1).map(tuple)
    )
    return a_case(
        draw(st.just(dt.date(2026, 3, 2)) | DAYS),
        *acts,
        organ=draw(ORGANS),
        claims=tuple(claims),
        petitioners=(person(address_unclear=draw(st.sampled_from([None, None, None, True]))),),
        registration={"sources": sources},
    )
