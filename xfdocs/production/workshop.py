"""Where the work of a batch is done, whatever the work is: here, in processes, on a cluster, in what a caller lends.

Work travels as tasks: frozen dataclasses with ``items``, a tuple.  A work function takes a task and
returns one result for each of its items, in their order; it must bear being done twice, since a worker
may die when the work is done and not yet told::

    with open_workshop(jobs=2) as workshop:
        future = workshop.submit(survey, task)
        for result in gather(workshop, survey, task, future):
            if isinstance(result, Casualty): ...

A task whose worker died says nothing about which of its items killed it, nor whether another task in
the same pool did.  So `gather` does such a task again item by item, each in a place where nothing else
runs; the item that has brought down two workers by itself is set aside, everything else gets done.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from xfdocs.errors import UsageFault, WorkersGone
from xfdocs.production.interrupts import all_ended, result_of, uninterrupted
from xfdocs.production.processes import Processes

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
ItemT = TypeVar("ItemT")

DEATHS_UNTIL_SET_ASIDE = 2
"""One death may be the machine's doing: another program took the memory, somebody killed the process."""


class Workshop(Protocol):
    """A place where tasks are done; one thread hands them in."""

    @property
    def width(self) -> int:
        """How many tasks it does at once, at the moment; at least 1."""

    @property
    def deaths(self) -> tuple[type[BaseException], ...]:
        """What a future raises whose worker died; never what the work itself raised."""

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        """Have a task done. Raises `WorkersGone` if there is nobody to do it and never will be."""

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """Do a task in a place where nothing else runs, and wait for it.

        Raises what the work raises, one of `deaths` if the worker died, or `WorkersGone`.
        """

    def close(self, *, now: bool = False) -> None:
        """Let what was handed in be done; *now*: drop everything and do not wait for it."""


class Task(Protocol):
    """A frozen dataclass with ``items``; whatever else it has goes along with each of them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def items(self) -> tuple[Any, ...]:
        """What the task is to be done for, one result for each."""


ChunkT = TypeVar("ChunkT", bound=Task)


@dataclass(frozen=True, slots=True)
class Casualty(Generic[ItemT]):
    """An item that nobody could deal with: whoever took it up died."""

    item: ItemT
    why: str
    """One sentence."""


def gather(
    workshop: Workshop,
    work: Callable[[ChunkT], Sequence[ResultT]],
    task: ChunkT,
    future: Future[Sequence[ResultT]],
) -> list[ResultT | Casualty[Any]]:
    """Wait for a task that was submitted: one result for each item, in their order.

    *future* is what ``workshop.submit(work, task)`` gave.

    Raises:
        WorkersGone: there is no worker left, nor can there be.
        Exception: whatever the work itself raised.
    """
    try:
        return [*_one_each(task, result_of(future))]
    except workshop.deaths:
        return [_by_itself(workshop, work, task, item) for item in task.items]


def _by_itself(
    workshop: Workshop, work: Callable[[ChunkT], Sequence[ResultT]], task: ChunkT, item: Any
) -> ResultT | Casualty[Any]:
    single = dataclasses.replace(task, items=(item,))
    why = ""
    for _ in range(DEATHS_UNTIL_SET_ASIDE):
        try:
            (result,) = _one_each(single, workshop.alone(work, single))
        except workshop.deaths as death:
            why = str(death)
        else:
            return result
    return Casualty(item, f"处理它的进程两次异常退出（{why}），已经放在一边，其余照常。")


def _one_each(task: Task, results: Sequence[ResultT]) -> Sequence[ResultT]:
    if len(results) != len(task.items):
        raise ValueError(f"{len(task.items)} items, {len(results)} results")
    return results


@contextmanager
def open_workshop(
    jobs: int | None = None, dask: str | None = None, executor: Executor | None = None
) -> Iterator[Workshop]:
    """A workshop for the length of a ``with``; left by an error or by Ctrl-C it is closed at once.

    *jobs* processes (None: as many as this process may use cores; 1: everything is done in this process),
    or the Dask cluster whose scheduler listens at *dask*, or an *executor* that stays the caller's.

    Raises:
        UsageFault: more than one of them, or fewer than one process.
        LibraryMissing: *dask* without distributed.
        WorkersGone: nobody answers at *dask*.
    """
    workshop = _workshop(jobs, dask, executor)
    try:
        yield workshop
        workshop.close()
    except BaseException:
        workshop.close(now=True)
        raise


def _workshop(jobs: int | None, dask: str | None, executor: Executor | None) -> Workshop:
    if sum(choice is not None for choice in (jobs, dask, executor)) > 1:
        raise UsageFault(message="--jobs、--dask 和 executor 只能用其中一种。")
    if jobs is not None and jobs < 1:
        raise UsageFault(message=f"--jobs 至少是 1，不能是 {jobs}。")
    if executor is not None:
        return Given(executor)
    if dask is not None:
        from xfdocs.production.dask import DaskWorkshop

        return DaskWorkshop(dask)
    width = jobs or len(os.sched_getaffinity(0))
    return Processes(width) if width > 1 else InProcess()


class InProcess:
    """This process does the work itself, when it is handed in."""

    width = 1
    deaths: tuple[type[BaseException], ...] = ()

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        """Do it now. Ctrl-C is raised at once; what the work raises is in the future."""
        future: Future[ResultT] = Future()
        try:
            future.set_result(work(task))
        except Exception as error:  # noqa: BLE001 - the future hands it to whoever asks for the result
            future.set_exception(error)
        return future

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """The same: nothing else runs here."""
        return work(task)

    def close(self, *, now: bool = False) -> None:
        """There is nothing to close."""


class Given:
    """An executor that a caller lends and closes himself; its workers must be able to import this package."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._handed_in: set[Future[Any]] = set()

    @property
    def width(self) -> int:
        """What executors of the standard library and those built after them say; else the cores here."""
        told = getattr(self._executor, "_max_workers", None)
        return told if isinstance(told, int) and told > 0 else len(os.sched_getaffinity(0))

    @property
    def deaths(self) -> tuple[type[BaseException], ...]:
        """Of any executor, Dask's own included; whether it recovers shows when it is given the next task."""
        distributed = sys.modules.get("distributed")
        return BrokenExecutor, CancelledError, *((distributed.KilledWorker,) if distributed else ())

    def submit(self, work: Callable[[TaskT], ResultT], task: TaskT) -> Future[ResultT]:
        """Pass it on. Raises `WorkersGone` if the executor takes no more."""
        with uninterrupted():
            try:
                future = self._executor.submit(work, task)
            except RuntimeError as error:  # BrokenExecutor is one; so is what one says that was shut down
                raise WorkersGone(why=f"交来的 executor 已经不能用（{error}）") from error
            self._handed_in.add(future)
            future.add_done_callback(self._handed_in.discard)
            return future

    def alone(self, work: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
        """In the same executor, when everything that was handed in before has ended."""
        all_ended([*self._handed_in])
        return result_of(self.submit(work, task))

    def close(self, *, now: bool = False) -> None:
        """Wait for nothing; *now*: take back what has not begun."""
        if now:
            with uninterrupted():
                for future in [*self._handed_in]:
                    future.cancel()
