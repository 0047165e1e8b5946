"""How far a case has come, in one word: derived from its events, never written in the record (DESIGN §4)."""

from __future__ import annotations

from enum import StrEnum

from xfdocs.record.events import (
    Acceptance,
    Assignment,
    Closure,
    Event,
    Notice,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
    Submission,
    Transfer,
    Withdrawal,
)
from xfdocs.record.model import Case


class Status(StrEnum):
    """How far a case has come."""

    REGISTERED = "registered"
    """Nobody has dealt with it yet."""
    SENT = "sent"
    """Transferred, assigned or submitted; nobody has told the petitioner anything."""
    TOLD = "told"
    """The petitioner was told where it belongs, or why it is not taken up."""
    ACCEPTED = "accepted"
    REPLIED = "replied"
    REVIEW_REQUESTED = "review-requested"
    REVIEWED = "reviewed"
    RECHECK_REQUESTED = "recheck-requested"
    RECHECKED = "rechecked"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def zh(self) -> str:
        """As people read it."""
        return _WORDS[self]


_WORDS = {
    Status.REGISTERED: "已登记",
    Status.SENT: "已转送、交办",
    Status.TOLD: "已告知",
    Status.ACCEPTED: "办理中",
    Status.REPLIED: "已答复",
    Status.REVIEW_REQUESTED: "复查中",
    Status.REVIEWED: "已复查",
    Status.RECHECK_REQUESTED: "复核中",
    Status.RECHECKED: "已复核",
    Status.CLOSED: "已结案",
    Status.WITHDRAWN: "已撤回",
}
_ENDS: dict[type[Event], Status] = {Withdrawal: Status.WITHDRAWN, Closure: Status.CLOSED}
_STAGES: dict[type[Event], Status] = {
    Acceptance: Status.ACCEPTED,
    Reply: Status.REPLIED,
    ReviewRequest: Status.REVIEW_REQUESTED,
    Review: Status.REVIEWED,
    RecheckRequest: Status.RECHECK_REQUESTED,
    Recheck: Status.RECHECKED,
}
_BEFORE: dict[type[Event], Status] = {
    Notice: Status.TOLD,
    Transfer: Status.SENT,
    Assignment: Status.SENT,
    Submission: Status.SENT,
}


def status_of(case: Case) -> Status:
    """The status that the events of *case* amount to.

    The latest step of the procedure counts, so that an opinion made anew after its 复查 is a reply again;
    sending a second claim on, or telling of it, takes nothing back.
    """
    kinds = [type(event) for event in case.events]
    for kind, status in _ENDS.items():
        if kind in kinds:
            return status
    for kind in reversed(kinds):
        if kind in _STAGES:
            return _STAGES[kind]
    for kind, status in _BEFORE.items():
        if kind in kinds:
            return status
    return Status.REGISTERED
