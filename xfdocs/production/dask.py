"""Work on a Dask cluster, whose scheduler and workers somebody else runs.

Start workers with ``dask worker ADDRESS --nthreads 1 --nworkers N``: WeasyPrint is not safe in threads, so in
a worker with several of them only one works at a time.  The scheduler and the workers need this package, and
the workers see the office folder under the same path.

Dask does a task again when its worker dies, on one worker after another until `KilledWorker`.  A record
that kills would so bring down a small cluster whole.  Therefore a task leaves a mark at the scheduler when it
is really begun; an attempt that finds the mark of an earlier one knows that its worker died and gives
up, and `gather` looks into it, on this machine, where a death disturbs nobody.  A task that was only
waiting at the dead worker left no mark and simply runs elsewhere.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from xfdocs.errors import ClusterUnreachable, LibraryMissing, WorkersGone
from xfdocs.frames import with_room
from xfdocs.production.interrupts import all_ended, uninterrupted
from xfdocs.production.processes import Cell

try:
    import distributed
    from distributed import KilledWorker
except ImportError as error:
    raise LibraryMissing(
        library="distributed", what="连接 Dask 集群", mend="请运行 `pip install 'xfdocs[dask]'`。"
    ) from error

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

ANSWERS_WITHIN = 5.0
"""Seconds in which a scheduler that is there answers."""
PATIENCE = 60.0
"""Seconds for which a cluster may be without any worker: one is being restarted, or has not come yet."""
BETWEEN_LOOKS = 1.0
"""Seconds."""
DROPPED_WITHIN = 0.8
"""Seconds for the goodbye of somebody who has no time."""
LEFT_WITHIN = 10.0
"""Seconds for any other goodbye."""
RETRIES = 2
"""How often a task is done again that raised something: shared folders have their moods."""


class _Client(distributed.Client):
    """A client that is closed if it finds nobody: half built and left to the garbage, it can hang the next one."""

    def start(self, **kwargs: Any) -> None:
        try:
            super().start(**kwargs)
        except Exception:
            self.close()
            raise


class DaskWorkshop:
    """The workers that a scheduler at an address has at the moment.

    Raises:
        ClusterUnreachable: nobody answers there.
        LibraryMissing: somebody there does not have this package.
    """

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, KilledWorker)

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        _hush()
        try:
            self._client = _Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            wrong = isinstance(error, ValueError)
            why = "地址应写作 tcp://主机:端口" if wrong else f"{ANSWERS_WITHIN:g} 秒内没有应答"
            raise ClusterUnreachable(address=address, why=why) from error
        try:
            self._client.run_on_scheduler(import_module, __name__)
            self._client.run(import_module, __name__)
        except ImportError as error:
            self._client.close()
            raise LibraryMissing(
                library="xfdocs",
                what=f"由 Dask 集群 {address} 处理",
                mend="请在它的调度进程和每一个处理进程的环境里都安装同一版本的 xfdocs。",
            ) from error
        # Pure, as Dask would have it, two tasks that look alike were one; and it would look at each closely.
        self._executor = self._client.get_executor(pure=False, retries=RETRIES)
        self._address = address
        self._patience = patience
        self._handed_in: set[Future[Any]] = set()
        self._marks: list[str] = []
        self._cell = Cell()
        self._gone = ""
        self._workers = self._count()
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="watch-cluster", daemon=True).start()

    @property
    def width(self) -> int:
        """How many worker processes there were a moment ago: each does one task at a time, whatever its threads."""
        return max(1, self._workers)

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        """Have a task done somewhere. Raises `WorkersGone` once the cluster is given up."""
        if self._gone:
            raise WorkersGone(why=self._gone)
        mark = f"xfdocs-{uuid.uuid4().hex}"
        with uninterrupted():
            future: Future[ResultT] = self._executor.submit(_do, work, task, mark)
            self._handed_in.add(future)
            future.add_done_callback(partial(self._ended, mark))
            return future

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """In a process of this machine, as long as there is a cluster: it is not to be replaced unnoticed."""
        while not self._gone and not (self._client.status == "running" and self._workers):
            time.sleep(BETWEEN_LOOKS)
        if self._gone:
            raise WorkersGone(why=self._gone)
        return self._cell.alone(work, task)

    def close(self, *, now: bool = False) -> None:
        """Say goodbye; the cluster goes on. *now*: cancel what has not begun."""
        if self._closed.is_set():
            return
        if not now:
            all_ended([*self._handed_in])
        self._cell.close(now=now)
        with uninterrupted():
            self._closed.set()
            leaving = threading.Thread(target=self._leave, name="leave-cluster", daemon=True)
            leaving.start()
            leaving.join(DROPPED_WITHIN if now else LEFT_WITHIN)

    def _leave(self) -> None:
        try:
            for mark in self._marks:
                distributed.Event(mark, client=self._client).clear()
        except Exception:  # noqa: BLE001 - a goodbye that nobody hears any more, said in one of many ways
            self._marks.clear()
        self._client.close()

    def _ended(self, mark: str, future: Future[Any]) -> None:
        self._handed_in.discard(future)
        if not future.cancelled() and future.exception() is not None:
            self._marks.append(mark)

    # --- whether anybody is there ---------------------------------------------------------------------

    def _watch(self) -> None:
        """Give the cluster up when it has had no worker for too long: its tasks would wait for ever."""
        seen = time.monotonic()
        while not self._closed.wait(BETWEEN_LOOKS):
            self._workers = self._count()
            if self._client.status == "closed":
                self._give_up(f"与 Dask 调度进程 {self._address} 的连接断了")
            elif self._workers:
                seen = time.monotonic()
            elif time.monotonic() - seen > self._patience:
                self._give_up(f"Dask 集群 {self._address} 上已经没有一个处理进程")

    def _count(self) -> int:
        """How many workers there are; 0 too if the scheduler does not say."""
        if self._client.status != "running":
            return 0
        try:
            # Client.nthreads() without its patience: half a minute for a scheduler that has just gone.
            scheduler: Any = self._client.scheduler
            return len(self._client.sync(scheduler.ncores, callback_timeout=ANSWERS_WITHIN))
        except Exception:  # noqa: BLE001 - whatever it is: the scheduler has not answered
            return 0

    def _give_up(self, why: str) -> None:
        self._gone = why
        for future in [*self._handed_in]:
            future.cancel()


def _hush() -> None:
    """What happens to the connection is told by our own errors."""
    tellers = (
        "distributed.client",
        "distributed.core",
        "distributed.comm",
        "distributed.batched",
        "tornado.application",
    )
    for name in tellers:
        logging.getLogger(name).setLevel(logging.CRITICAL)


# --- in a worker ----------------------------------------------------------------------------------------

_ONE_AT_A_TIME = threading.Lock()


class DiedBefore(BrokenExecutor):
    """The worker that took up this task before died of it, or with it."""

    def __str__(self) -> str:
        return "Dask 处理进程中途消失"


def _do(work: Callable[[TaskT], ResultT], task: TaskT, mark: str) -> ResultT:
    with _ONE_AT_A_TIME:
        begun = distributed.Event(mark)
        if begun.is_set():
            raise DiedBefore  # the mark stays: Dask tries again what raises
        begun.set()
        try:
            return with_room(work, task)
        finally:
            begun.clear()
