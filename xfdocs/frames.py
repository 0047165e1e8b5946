"""Room for the frames of calls, so that a loop at an unlucky depth does not ask the system for memory at every call.

CPython 3.11 and later keeps the frames of a thread in pieces of 16 KiB, and gives a piece back as soon as the first call in it
ends.  A loop that calls from the last frame of a piece then maps and unmaps memory with every call, 5 000 times for a
case that is packed; with a second thread in the process each costs an interrupt of the other processor.  A piece is made
as large as its first frame needs, rounded up to a power of two; the rest of it serves the calls that follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")

_SLOTS = 33_000
"""Of 8 bytes: a little over 256 KiB, so that the piece is of 512 and almost half of it remains.  They are never touched."""


def with_room(work: Callable[..., ResultT], *arguments: Any, **named: Any) -> ResultT:
    """What *work* gives, called where there is room for hundreds of calls inside calls."""
    return work(*arguments, **named)


with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
