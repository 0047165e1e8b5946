"""How far a case has come, by its events."""

from __future__ import annotations

import pytest

from tests.builders import CITY, WATER, a_case, an, reply, review_request, to, transfer
from tests.samples.corpus import cases
from xfdocs.record import codes
from xfdocs.record.events import Acceptance, Closure, Notice, Recheck, RecheckRequest, Review, Withdrawal
from xfdocs.record.status import Status, status_of

SENT = transfer("2026-03-04", to(WATER, "2026-03-05"))
TOLD = an(Notice, "2026-03-06", WATER, manner=codes.NoticeManner.WRITTEN)
TAKEN = an(Acceptance, "2026-03-10", WATER)
ANSWER = reply("2026-04-01", WATER)
ASKED = review_request("2026-04-20", CITY)
REVIEWED = an(Review, "2026-05-10", CITY, outcome=codes.ReviewOutcome.QUASHED, opinion="撤销")
ASKED_AGAIN = an(RecheckRequest, "2026-05-20", "江北省人民政府")
RECHECKED = an(Recheck, "2026-06-10", "江北省人民政府", outcome=codes.ReviewOutcome.UPHELD, opinion="维持")
CLOSED = an(Closure, "2026-07-01", manner="办结")


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ((), Status.REGISTERED),
        ((SENT,), Status.SENT),
        ((SENT, TOLD), Status.TOLD),
        ((SENT, TAKEN), Status.ACCEPTED),
        ((SENT, TAKEN, ANSWER), Status.REPLIED),
        ((SENT, TAKEN, ANSWER, ASKED), Status.REVIEW_REQUESTED),
        ((SENT, TAKEN, ANSWER, ASKED, REVIEWED), Status.REVIEWED),
        ((SENT, TAKEN, ANSWER, ASKED, REVIEWED, ANSWER), Status.REPLIED),
        ((SENT, TAKEN, ANSWER, ASKED, REVIEWED, ASKED_AGAIN), Status.RECHECK_REQUESTED),
        ((SENT, TAKEN, ANSWER, ASKED, REVIEWED, ASKED_AGAIN, RECHECKED), Status.RECHECKED),
        ((SENT, TAKEN, ANSWER, CLOSED), Status.CLOSED),
        ((SENT, an(Withdrawal, "2026-03-12"), CLOSED), Status.WITHDRAWN),
        ((SENT, TAKEN, SENT, TOLD), Status.ACCEPTED),
        ((SENT, ANSWER, TOLD), Status.REPLIED),
    ],
)
def test_the_latest_step_of_the_procedure_says_how_far_a_case_has_come(events, status):
    assert status_of(a_case("2026-03-02", *events)) is status


def test_every_status_has_words_and_the_samples_know_most_of_them():
    assert len({status.zh for status in Status}) == len(Status)
    assert len({status_of(case) for case in cases()}) >= 8
