"""Ctrl-C, and the locks of those who wait for others.

Python raises KeyboardInterrupt between any two steps of the main thread, also when a Future's condition
has just been locked and its ``with`` not yet begun.  Then nobody unlocks it, the thread that wants to end
that future waits for ever, and the program hangs at its end.  And a signal that comes a moment before the
main thread lies down to wait does not wake it.  Both happen within seconds when one tries.

So the main thread asks futures only while Ctrl-C is held back, and waits for them at a queue that is one
step to Python, now and then looking up.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")

LOOKS_UP = 0.2
"""Seconds after which a signal is seen that came at the wrong moment."""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back to the end of the block; for what does not take long."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # only the main thread is interrupted, and not where signals have no handler of Python's
        return
    held: list[Any] = []
    signal.signal(signal.SIGINT, lambda *told: held.append(told))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            before(*held[0])


def ended(future: Future[Any]) -> bool:
    """Whether a future has its result, its error, or was cancelled."""
    with uninterrupted():
        return future.done()


def first_ended(futures: Iterable[Future[Any]], timeout: float | None = None) -> bool:
    """Wait until one of some futures has ended; False if none has after *timeout* seconds."""
    arrived: SimpleQueue[Future[Any]] = SimpleQueue()
    with uninterrupted():
        for future in futures:
            future.add_done_callback(arrived.put)
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        left = LOOKS_UP if end is None else min(LOOKS_UP, max(0.0, end - time.monotonic()))
        with suppress(Empty):
            arrived.get(timeout=left)
            return True
        if end is not None and time.monotonic() >= end:
            return False


def all_ended(futures: Iterable[Future[Any]]) -> None:
    """Wait until every one of some futures has ended."""
    for future in futures:
        first_ended([future])


def result_of(future: Future[ResultT]) -> ResultT:
    """Wait for the result of a future, or what it raises."""
    first_ended([future])
    with uninterrupted():
        return future.result(timeout=0)
