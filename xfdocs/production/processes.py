"""Work in processes of this machine that come and go with this one.

Workers are spawned, never forked: a fork copies the locks of Pango, lxml and the logging of other
threads in whatever state they are.  A worker does not hear Ctrl-C, which a terminal sends to everybody:
the parent decides.  And it dies with its parent, however that one dies; without this it would wait at an
empty queue for ever.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import connection, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, TypeVar

from xfdocs.errors import WorkersGone
from xfdocs.frames import with_room
from xfdocs.garbage import collect_rarely
from xfdocs.production.interrupts import all_ended, first_ended, result_of, uninterrupted

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

TOLD_BY = 2.0
"""Seconds after a worker's death by which the pool has told every future; it takes milliseconds."""

ENDED_BY = 0.5
"""Seconds after the workers were killed by which the pool has ended too; it takes milliseconds."""

LOOK_EVERY = 0.5
"""Seconds after which somebody looks whether a worker has died unnoticed."""

STARTS = 3
"""How often a process is started that somebody kills before it has begun: a machine short of memory does."""

STILLBORN = "新的处理进程一启动就退出（{}）；在自己的脚本里调用时，请放在 if __name__ == '__main__': 之下"


class Processes:
    """A pool of processes that is renewed when one of them dies."""

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self.deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)
        self._pool = _Pool(jobs)
        self._cell = Cell()

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        """Have a task done; a pool in which a worker died is replaced first.

        Raises:
            WorkersGone: the machine gives no process.
        """
        while True:
            with suppress(BrokenExecutor):
                if not self._pool.hurt():
                    future = self._pool.submit(work, task)
                    # Until Python 3.12 a task handed in at the very moment a worker dies is forgotten.
                    if not self._pool.hurt() or first_ended([future], TOLD_BY):
                        return future
                    future.cancel()
            self._renew()

    def _renew(self) -> None:
        self._pool.close()
        self._pool = _Pool(self.width)

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """Do a task in a cell: the pool goes on with the others meanwhile.

        If it is a death in the pool that makes it a suspect, the others of that pool have ended before.
        """
        if self._pool.hurt():
            self._renew()
        return self._cell.alone(work, task)

    def close(self, *, now: bool = False) -> None:
        """Let what was handed in be done; *now*: kill the workers."""
        self._pool.close(now=now)
        self._cell.close(now=now)


class Cell:
    """A process for one suspect at a time; kept for the next one until it dies."""

    def __init__(self) -> None:
        self._pool: _Pool | None = None

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """Do a task with nothing beside it.

        Raises:
            BrokenExecutor: the process died; its words say how.
            WorkersGone: it died before it was asked for anything, again and again.
            Exception: what the work raised.
        """
        pool = self._living()
        try:
            return result_of(pool.submit(work, task))
        except BrokenExecutor as error:
            raise BrokenExecutor(_how(self._end())) from error

    def _living(self) -> _Pool:
        """The process, asked for a sign of life when it is new: no task is to blame for what kills it until then."""
        tries = STARTS
        while self._pool is None:
            self._pool = _Pool(1)
            try:
                result_of(self._pool.submit(_alive, None))
            except BrokenExecutor as error:
                exitcode, tries = self._end(), tries - 1
                if (
                    exitcode >= 0 or not tries
                ):  # it left by itself, and would do so again; or the killing goes on
                    raise WorkersGone(why=STILLBORN.format(_how(exitcode))) from error
        return self._pool

    def _end(self) -> int:
        pool, self._pool = self._pool, None
        return pool.close() if pool is not None else 0

    def close(self, *, now: bool = False) -> None:
        """End the process; *now*: without waiting."""
        if self._pool is not None:
            self._pool.close(now=now)


class _Pool:
    """A ProcessPoolExecutor whose processes are known, so that they can be watched and killed."""

    def __init__(self, width: int) -> None:
        self._context = _Spawn()
        self._executor = ProcessPoolExecutor(width, self._context, _settle)
        self._handed_in: set[Future[Any]] = set()
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="watch-workers", daemon=True).start()

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        with uninterrupted():
            try:
                future = self._executor.submit(work, task)
            except OSError as error:
                raise WorkersGone(why=f"不能启动处理进程：{error}") from error
            self._handed_in.add(future)
            future.add_done_callback(self._handed_in.discard)
            return future

    def hurt(self) -> bool:
        """Whether a worker has ended, perhaps so lately that the pool has not noticed."""
        return bool(connection.wait([worker.sentinel for worker in self._started()], 0))

    def _started(self) -> list[_Worker]:
        """The workers there are, or were; not one that is just coming, or never came."""
        return [worker for worker in self._context.workers if worker.started]

    def close(self, *, now: bool = False) -> int:
        """End it; *now*: without waiting. The exit code of the first of its workers that did not end well, or 0."""
        if not now:
            all_ended([*self._handed_in])
        with uninterrupted():
            manager = getattr(self._executor, "_executor_manager_thread", None)
            self._executor.shutdown(wait=not now, cancel_futures=now)
            if now:
                self._kill()
                if manager is not None:  # it must not close its pipe while Python, at its end, writes to it
                    manager.join(ENDED_BY)
            self._closed.set()
            return next((w.exitcode for w in self._context.workers if w.exitcode), 0)

    def _watch(self) -> None:
        """See to it that a death is noticed.

        The pool notices by itself, unless a worker died in the middle of an answer: then it waits for the
        rest of it, for ever.
        """
        while not self._closed.wait(LOOK_EVERY):
            if self.hurt() and not self._closed.wait(TOLD_BY):
                self._kill()
                return

    def _kill(self) -> None:
        """Kill every worker; whoever waits for the rest of an answer is told that there is none."""
        for worker in self._started():
            worker.kill()
        for answers in self._context.answers:
            answers._writer.close()


def _how(exitcode: int) -> str:
    if exitcode >= 0:
        return f"退出码 {exitcode}"
    try:
        return f"信号 {signal.Signals(-exitcode).name}"
    except ValueError:
        return f"信号 {-exitcode}"


# --- a worker -------------------------------------------------------------------------------------------


class _Worker(SpawnProcess):
    """A process that is deaf to Ctrl-C from its first moment, while Python is still starting."""

    started = False

    def start(self) -> None:
        with _interrupt_held():  # a child inherits it
            super().start()
        self.started = True

    def run(self) -> None:
        with_room(super().run)


class _Spawn(SpawnContext):
    """The spawn context, which remembers whom it started, and through what they answer."""

    def __init__(self) -> None:
        super().__init__()
        self.workers: list[_Worker] = []
        self.answers: list[Any] = []

    def SimpleQueue(self) -> Any:
        queue: Any = super().SimpleQueue()
        self.answers.append(queue)
        return queue

    def Process(self, *args: Any, **kwargs: Any) -> _Worker:  # type: ignore[override]
        worker = _Worker(*args, **kwargs)
        self.workers.append(worker)
        return worker


@contextmanager
def _interrupt_held() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle() -> None:
    """What a worker does first."""
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_leave_with_parent, name="leave-with-parent", daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _alive(_: None) -> None:
    """Nothing: a worker that does it is there."""
