"""Whether a case may go to the archive: closed, nothing running, what had to be served is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xfdocs.office import Office
from xfdocs.record.derived import can_be_told
from xfdocs.record.events import Closure, Recheck, Reply, Review, Withdrawal
from xfdocs.record.history import quashes, served_on
from xfdocs.record.model import Case
from xfdocs.record.obligations import obligations_of
from xfdocs.record.quiet import quiet_from


def closed_on(case: Case) -> dt.date | None:
    """The day the case ended, 结案 or 撤回; None while it is open."""
    return max((event.date for event in case.events if isinstance(event, Closure | Withdrawal)), default=None)


def reasons_against(case: Case, office: Office, on: dt.date) -> Iterator[str]:
    """Why a case cannot be archived on a day; nothing if it can.

    Running clocks include those of the petitioner (复查, 复核 may still be asked for), and both feedbacks of a
    双交办.  What nobody can be told of need not be served (条例22 23·2 但书).
    """
    if closed_on(case) is None:
        yield "还没有结案（没有“结案”或者“撤回”事件）"
        return
    obligations = obligations_of(case, office)
    quiet = quiet_from(case, obligations)
    if quiet is None:
        waiting = dict.fromkeys(one.ground.limit for one in obligations if not (one.met or one.ended))
        yield f"还有没有了结的期限（{'、'.join(waiting)}），见 `xfdocs due`"
    elif quiet > on:
        yield f"到 {quiet:%Y-%m-%d} 才没有期限在计算（信访人可能请求复查、复核）"
    if can_be_told(case):
        for event in case.events:
            if (
                isinstance(event, Reply | Review | Recheck)
                and not quashes(event)
                and not served_on(case.events, event)
            ):
                yield f"第 {event.seq} 号事件的意见书没有送达记录"
