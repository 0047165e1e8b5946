"""A duty with a limit: what must be done, by whom, until when, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xfdocs.record.history import Span
from xfdocs.rules import Citation

PETITIONER = "信访人"
NAMED_DAYS = {
    "assignment-feedback": "交办事项反馈办理结果",
    "source-feedback": "向交办机关反馈办理结果",
    "supervision-feedback": "督办反馈",
    "execution": "执行支持意见",
}
"""Limits whose last day is named by an organ rather than by the law."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What must be done, and by which rule."""

    limit: str
    """Id of the limit in ``schemas/regulations``, or one of `NAMED_DAYS`."""
    name: str
    """In words, e.g. 办理期限."""
    cited: Citation | str
    """The article, or where the rule stands if it has none."""
    national: bool
    """False for the limit of a local regulation."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A period counted out, as far as it can be."""

    due: dt.date | None
    """The plain last day, an extension included; None if nobody can say, and *remark* says why."""
    rolled: dt.date | None
    """The next working day where *due* is a day off (民法典 203); equals *due* otherwise; None if unknown."""
    remark: str = ""
    """That it was extended, or why there is no last day."""
    caveat: str = ""
    """What is not certain: the rule itself, or how the last day rolls."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of one organ, or one right of the petitioner, that has a last day."""

    ground: Ground
    actor: str
    """The organ that must act, or 信访人."""
    event: int | None
    """序 of the event that caused it; None if the arrival of the matter did."""
    begins: dt.date
    """The first day on which it was owed: its start, or later if the matter arrived or was sent later."""
    start: dt.date | None
    """The day from which it is counted; None if that was not recorded."""
    counted: Counted
    met: dt.date | None
    """The day on which it was met; of a duty about several claims, that on which the last of them was dealt with."""
    ended: dt.date | None
    """The day on which it fell away without having been met: taken back, objected to, closed, or a right that had lapsed."""
    held: tuple[Span, ...] = ()
    """When it did not run because an objection was undecided, which was turned down in the end."""
    about: str = ""
    """The claims that are still to be dealt with, if not all of them."""
    remark: str = ""
    """What is to be said of its start."""

    @property
    def limit(self) -> str:
        """Id of the limit."""
        return self.ground.limit

    @property
    def basis(self) -> str:
        """The article, as printed."""
        cited = self.ground.cited
        return cited if isinstance(cited, str) else cited.text

    @property
    def due(self) -> dt.date | None:
        """The plain last day, an extension included; None if nobody can say."""
        return self.counted.due

    @property
    def last(self) -> dt.date | None:
        """The last day: an office plans by the plain one, the petitioner may rely on the next working day (民法典 203)."""
        rolled = self.counted.rolled
        return rolled if self.actor == PETITIONER and rolled else self.counted.due

    def runs_on(self, day: dt.date) -> bool:
        """Whether it was owed on *day*, and neither met nor fallen away, nor held."""
        over = self.met or self.ended
        return (
            self.begins <= day
            and (over is None or day < over)
            and not any(since <= day < until for since, until in self.held)
        )
