"""What a check answers, and how evidence is written: the first twenty of many, then how many more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from xfdocs.archive.checks.model import Result

if TYPE_CHECKING:
    from xfdocs.archive.checks.subject import Subject

SHOWN = 20
"""So many examples are named; a package of ten thousand broken files must not make a report of ten thousand lines."""


class CannotCheck(Exception):
    """Something stood in the way of a check; its words say what."""


class NotGiven(Exception):
    """There was nothing to compare with; its words say what that would be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one check found."""

    result: Result
    detail: str


def passed(detail: str) -> Answer:
    """Everything is as it should be; *detail* says how much was looked at."""
    return Answer(Result.PASS, detail)


def failed(detail: str) -> Answer:
    """It is not."""
    return Answer(Result.FAIL, detail)


def judged(troubles: Iterable[str], good: str, doubts: Iterable[str] = ()) -> Answer:
    """Failed with what is wrong, or passed with *good*.

    *doubts* are things that could not be looked at: with nothing wrong elsewhere they leave the check undone.

    Raises:
        CannotCheck: nothing is wrong, but not all could be looked at.
    """
    found, unseen = list(troubles), list(doubts)
    if found:
        return failed(some(found) + (f"。另有没有检测成的：{some(unseen)}" if unseen else ""))
    if unseen:
        raise CannotCheck(some(unseen))
    return passed(good)


def some(things: Sequence[str]) -> str:
    """The first of them, and how many there are beyond."""
    more = len(things) - SHOWN
    return "；".join(things[:SHOWN]) + (f"；另有 {more} 处" if more > 0 else "")


CheckT = TypeVar("CheckT", bound="Callable[[Subject], Answer]")


class Checks(dict[str, "Callable[[Subject], Answer]"]):
    """The checks of one nature by the ids of their items."""

    def item(self, name: str) -> Callable[[CheckT], CheckT]:
        """Make a function the check of an item."""

        def enter(check: CheckT) -> CheckT:
            if name in self:
                raise ValueError(f"{name} has two checks")
            self[name] = check
            return check

        return enter
