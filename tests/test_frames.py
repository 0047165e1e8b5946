"""Calls inside calls do not ask the system for memory again and again."""

from __future__ import annotations

import resource
import sys
from threading import Thread

import pytest

from xfdocs.frames import with_room

CALLS = 2_000


def _called() -> None:
    """A call as short as can be, of a function that needs more room than the one it is called from."""


_called.__code__ = _called.__code__.replace(co_stacksize=200)


def _faults(depth: int) -> int:
    """Pages that the system had to give while something was called many times from *depth* calls below."""
    if depth:
        return _faults(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        _called()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def _most() -> int:
    return max(_faults(depth) for depth in range(300))


def _in_a_new_thread(room: bool) -> int:
    found: list[int] = []
    thread = Thread(target=lambda: found.append(with_room(_most) if room else _most()))
    thread.start()
    thread.join()
    return found[0]


def test_no_depth_of_calls_is_an_unlucky_one():
    assert _in_a_new_thread(room=True) < CALLS / 10


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="only known of CPython 3.11 to 3.13")
def test_without_room_some_depth_is():
    assert _in_a_new_thread(room=False) >= CALLS


def test_what_goes_in_and_what_comes_out_is_the_same():
    assert with_room(sorted, [2, 1], reverse=True) == [2, 1]
    assert with_room(int) == 0
    with pytest.raises(ValueError, match="invalid literal"):
        with_room(int, "一")
