"""A duty with a limit: what must be done, by whom, until when, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

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
class Obligation:
    """One duty of one organ, or one right of the petitioner, that has a last day."""

    limit: str
    """Id of the limit in ``schemas/regulations``, or one of `NAMED_DAYS`."""
    name: str
    """What must be done, e.g. 办理期限."""
    cited: Citation | str
    """The article it rests on, or where it stands if the rules have no articles."""
    national: bool
    """False for the limit of a local regulation."""
    actor: str
    """The organ that must act, or 信访人."""
    event: int | None
    """序 of the event that caused it; None if the arrival of the matter did."""
    begins: dt.date
    """The first day on which it was owed: its start, or later if the matter arrived or was sent later."""
    start: dt.date | None
    """The day from which it is counted; None if that was not recorded."""
    due: dt.date | None
    """The plain last day, an extension included; None if nobody can say, and *remark* says why."""
    rolled: dt.date | None
    """The next working day where *due* is a day off (民法典 203); equals *due* otherwise; None if unknown."""
    met: dt.date | None = None
    """The day on which it was met; of a duty about several claims, that on which the last of them was dealt with."""
    ended: dt.date | None = None
    """The day on which it fell away without having been met: taken back, objected to, closed, or a right that had lapsed."""
    held: tuple[Span, ...] = ()
    """When it did not run because an objection was undecided, which was turned down in the end."""
    about: str = ""
    """The claims that are still to be dealt with, if not all of them."""
    remark: str = ""
    """What is to be said of how it was counted, or why it cannot be."""
    caveat: str = ""
    """What is not certain about the last day, or about the rule itself."""

    @property
    def basis(self) -> str:
        """The article, as printed."""
        return self.cited if isinstance(self.cited, str) else self.cited.text

    @property
    def last(self) -> dt.date | None:
        """The last day: an office plans by the plain one, the petitioner may rely on the next working day (民法典 203)."""
        return self.rolled if self.actor == PETITIONER and self.rolled else self.due

    def runs_on(self, day: dt.date) -> bool:
        """Whether it was owed on *day*, and neither met nor fallen away, nor held."""
        over = self.met or self.ended
        return (
            self.begins <= day
            and (over is None or day < over)
            and not any(since <= day < until for since, until in self.held)
        )


class Fate(NamedTuple):
    """What became of a duty, by what might have ended it."""

    met: dt.date | None
    """The day on which it was met, if nothing had ended it before."""
    ended: dt.date | None
    """The day on which it fell away, if it had not been met by then."""
    held: tuple[Span, ...] = ()

    def first(self) -> tuple[dt.date | None, dt.date | None]:
        """Whichever came first, as *met* and *ended* of an obligation; what is done on the last day is done."""
        if self.met is not None and (self.ended is None or self.met <= self.ended):
            return self.met, None
        return None, self.ended
