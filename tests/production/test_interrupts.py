"""Ctrl-C while one waits for others: held back where it would leave a lock behind, heard everywhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from xfdocs.production.interrupts import all_ended, ended, first_ended, result_of, uninterrupted
from xfdocs.resources import shipped

ROOT = shipped("templates").parent


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def soon(what, seconds=0.1):
    timer = threading.Timer(seconds, what)
    timer.start()
    return timer


def test_an_interrupt_is_raised_when_the_block_is_left_and_not_before():
    reached = []

    def block():
        with uninterrupted():
            interrupt()
            reached.append("the end of the block")
        reached.append("behind it")

    with pytest.raises(KeyboardInterrupt):
        block()
    assert reached == ["the end of the block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_block_in_a_block_holds_back_to_the_end_of_the_outer_one():
    reached = []

    def blocks():
        with uninterrupted():
            with uninterrupted():
                interrupt()
            reached.append("between")

    with pytest.raises(KeyboardInterrupt):
        blocks()
    assert reached == ["between"]


def test_who_has_other_plans_for_ctrl_c_keeps_them():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append("own way"))
    try:
        with uninterrupted():
            interrupt()
            assert heard == []
        assert heard == ["own way"]
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with uninterrupted():
            interrupt()
        assert heard == ["own way"]
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_leaves_the_handlers_alone():
    with ThreadPoolExecutor(1) as executor:

        def handler_within():
            with uninterrupted():
                return signal.getsignal(signal.SIGINT)

        assert executor.submit(handler_within).result() is signal.default_int_handler


def test_a_wait_is_interrupted_and_leaves_the_future_to_be_ended():
    future: Future = Future()
    timer = soon(interrupt)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        result_of(future)
    timer.join()
    assert time.monotonic() - begin < 1
    other = threading.Thread(target=future.set_result, args=(3,))
    other.start()
    other.join(1)
    assert not other.is_alive()
    assert result_of(future) == 3


def test_an_interrupt_at_any_moment_of_the_beginning_is_heard_soon():
    """The moment before one lies down to wait is the dangerous one: a hundred tries meet it."""
    future: Future = Future()
    rescue = threading.Timer(20, lambda: future.set_result(None))
    rescue.start()
    for _ in range(150):
        go = threading.Lock()
        go.acquire()

        def strike(go=go):
            go.acquire()
            interrupt()

        thread = threading.Thread(target=strike)
        thread.start()
        begin = time.monotonic()
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012
            go.release()
            result_of(future)
        heard = time.monotonic() - begin
        thread.join()
        assert heard < 1
    rescue.cancel()


def test_the_first_of_several_ends_the_wait():
    first, second = Future(), Future()
    timer = soon(lambda: second.set_result(2))
    assert first_ended([first, second])
    timer.join()
    assert (ended(first), ended(second)) == (False, True)
    assert not first_ended([first], timeout=0.05)
    assert first_ended([second], timeout=0)


def test_all_of_several_are_waited_for_and_a_cancelled_one_has_ended():
    futures = [Future() for _ in range(3)]
    futures[1].cancel()
    timers = [
        soon(lambda: futures[2].set_result(0), 0.05),
        soon(lambda: futures[0].set_exception(OSError("x")), 0.1),
    ]
    all_ended(futures)
    assert all(map(ended, futures))
    for timer in timers:
        timer.join()
    with pytest.raises(OSError, match="x"):
        result_of(futures[0])


STORM = """
    import os, signal, sys, threading, time
    from concurrent.futures import ThreadPoolExecutor
    from xfdocs.production.interrupts import ended, first_ended, result_of

    heard = 0
    over, ready = threading.Event(), threading.Event()

    def storm():
        ready.wait()
        while not over.wait(0.0005):
            os.kill(os.getpid(), signal.SIGINT)

    def nothing(): pass

    executor = ThreadPoolExecutor(2)
    futures = [executor.submit(nothing) for _ in range(20000)]
    threading.Thread(target=storm, daemon=True).start()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            ready.set()  # not before: starting a thread is nothing that was made safe
            for future in futures:
                result_of(future)
                ended(future)
        except KeyboardInterrupt:
            heard += 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    over.set()
    free = []
    def look():
        free.extend(f for f in futures if f._condition.acquire(timeout=1))
    looker = threading.Thread(target=look)
    looker.start(); looker.join()
    print(heard > 100, len(free) == len(futures))
"""


def test_thousands_of_interrupts_leave_no_lock_behind(tmp_path):
    file = tmp_path / "storm.py"
    file.write_text(textwrap.dedent(STORM))
    ran = subprocess.run(
        [sys.executable, file],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("True True\n", "")
