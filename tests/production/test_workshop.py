"""Where work is done: in order, once for each item, whoever dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.production.toys import (
    Toys,
    alive,
    chunks,
    double,
    forget_one,
    lose_file,
    now,
    refuse,
    taken_up,
    who,
    within,
    workers_seen,
)
from xfdocs.errors import ExitCode, RecordUnreadable, UsageFault, WorkersGone
from xfdocs.production.processes import Processes
from xfdocs.production.workshop import Casualty, Given, InProcess, gather, open_workshop
from xfdocs.resources import shipped

ROOT = shipped("templates").parent


def done(workshop, tasks, work=double):
    """The results of all tasks, handed in together."""
    futures = [workshop.submit(work, task) for task in tasks]
    return [gather(workshop, work, task, future) for task, future in zip(tasks, futures, strict=True)]


def doubled(tasks):
    return [[2 * item for item in task.items] for task in tasks]


@contextmanager
def in_process():
    with open_workshop(jobs=1) as workshop:
        yield workshop


@contextmanager
def in_processes():
    with open_workshop(jobs=2) as workshop:
        yield workshop


@contextmanager
def in_threads():
    with ThreadPoolExecutor(2) as executor, open_workshop(executor=executor) as workshop:
        yield workshop


everywhere = pytest.mark.parametrize("place", [in_process, in_processes, in_threads])


# --- whatever the place -----------------------------------------------------------------------------------


@everywhere
def test_results_come_in_the_order_of_the_items(place):
    tasks = chunks(7, 3)
    with place() as workshop:
        assert done(workshop, tasks) == doubled(tasks)


@everywhere
def test_a_task_handed_in_twice_is_done_twice(place):
    task = Toys((1,))
    with place() as workshop:
        (first,), (second,) = done(workshop, [task, task], now)
    assert first != second


@everywhere
def test_an_error_travels_with_its_facts_and_is_no_death(place, tmp_path):
    task = Toys((7, 8), log=tmp_path / "log")
    with place() as workshop:
        future = workshop.submit(refuse, task)
        with pytest.raises(RecordUnreadable) as raised:
            gather(workshop, refuse, task, future)
        assert raised.value.facts == {"file": "7.xml", "what": "某处不通"}
        future = workshop.submit(lose_file, task)
        with pytest.raises(FileNotFoundError) as lost:
            gather(workshop, lose_file, task, future)
        assert lost.value.filename == "7.xml"
    assert taken_up(tmp_path / "log") == {7: 1}


@everywhere
def test_work_that_forgets_an_item_is_found_out(place):
    with place() as workshop, pytest.raises(ValueError, match="2 items, 1 results"):
        done(workshop, [Toys((1, 2))], forget_one)


def test_only_one_place_can_be_asked_for():
    for choice in ({"jobs": 0}, {"jobs": -1}, {"jobs": 2, "dask": "tcp://127.0.0.1:1"}):
        with pytest.raises(UsageFault), open_workshop(**choice):
            pass


def test_without_a_wish_every_core_that_may_be_used_is_used(monkeypatch):
    for cores in (1, 3):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)))
        with open_workshop() as workshop:
            assert workshop.width == cores
            assert isinstance(workshop, InProcess if cores == 1 else Processes)


# --- in this process --------------------------------------------------------------------------------------


def test_ctrl_c_in_the_middle_of_work_in_this_process_is_raised_at_once():
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        InProcess().submit(interrupted, Toys((1,)))


# --- processes that die -----------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path):
    log = tmp_path / "log"
    tasks = chunks(6, 5, pause=0.02, log=log)
    with open_workshop(jobs=2) as workshop:
        futures = [workshop.submit(double, task) for task in tasks]
        assert within(10, lambda: len(workers_seen(log)) == 2)
        os.kill(min(workers_seen(log)), signal.SIGKILL)
        results = [gather(workshop, double, t, f) for t, f in zip(tasks, futures, strict=True)]
    assert results == doubled(tasks)


def test_an_item_that_kills_two_workers_by_itself_is_set_aside_and_its_neighbours_are_done(tmp_path):
    log = tmp_path / "log"
    tasks = chunks(3, 20, poison=27, log=log)
    with open_workshop(jobs=2) as workshop:
        results = done(workshop, tasks)
    (casualty,) = [result for chunk in results for result in chunk if isinstance(result, Casualty)]
    assert casualty.item == 27
    assert "两次异常退出（信号 SIGKILL）" in casualty.why
    expected = doubled(tasks)
    expected[1][7] = casualty
    assert results == expected
    assert taken_up(log)[27] == 3  # among the others, and twice alone


def test_the_pool_is_renewed_once_for_a_death_and_goes_on():
    with open_workshop(jobs=2) as workshop:
        ((before,),) = done(workshop, [Toys((1,))], who)
        os.kill(before, signal.SIGKILL)
        assert within(5, lambda: not Path(f"/proc/{before}").exists())
        ((after,),) = done(workshop, [Toys((1,))], who)
        assert after != before
        again = {pid for (pid,) in done(workshop, [Toys((1,))] * 6, who)}
        assert after in again
        assert len(again) <= 2


def test_poison_in_every_chunk_leaves_everything_else_done():
    tasks = [Toys((3 * n, 3 * n + 1, 3 * n + 2), poison=3 * n + 1) for n in range(3)]
    with open_workshop(jobs=2) as workshop:
        results = done(workshop, tasks)
    for task, (first, second, third) in zip(tasks, results, strict=True):
        assert (first, third) == (2 * task.items[0], 2 * task.items[2])
        assert isinstance(second, Casualty)
        assert second.item == task.poison


def script(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "batch.py"
    file.write_text(textwrap.dedent(text))
    return file


def started(file: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, file, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


BATCH = """
    import sys, time
    from pathlib import Path
    from tests.production.toys import Toys, chunks, double
    from xfdocs.production.workshop import gather, open_workshop

    if __name__ == "__main__":
        log, pause = Path(sys.argv[1]), float(sys.argv[2])
        with open_workshop(jobs=2) as workshop:
            tasks = chunks(4, 1, pause=pause, log=log)
            futures = [workshop.submit(double, task) for task in tasks]
            print("given", flush=True)
            if pause < 1:
                for task, future in zip(tasks, futures):
                    gather(workshop, double, task, future)
                print("idle", flush=True)
                time.sleep(60)
            gather(workshop, double, tasks[0], futures[0])
"""


@pytest.mark.parametrize("busy", [True, False], ids=["busy", "idle"])
def test_workers_of_a_killed_parent_are_gone_within_three_seconds(busy, tmp_path):
    log = tmp_path / "log"
    with started(script(tmp_path, BATCH), log, 60 if busy else 0.2) as parent:
        assert within(20, lambda: len(workers_seen(log)) == 2)
        workers = workers_seen(log)
        assert parent.stdout.readline() == "given\n"
        if not busy:
            assert parent.stdout.readline() == "idle\n"
        assert all(map(alive, workers))
        parent.kill()
        assert within(3, lambda: not any(map(alive, workers)))


@pytest.mark.parametrize("early", [True, False], ids=["while workers start", "while they work"])
def test_ctrl_c_at_the_terminal_ends_everybody_within_a_second_and_only_the_parent_speaks(early, tmp_path):
    log = tmp_path / "log"
    with started(script(tmp_path, BATCH), log, 60) as parent:
        assert parent.stdout.readline() == "given\n"
        assert early or within(20, lambda: len(workers_seen(log)) == 2)
        os.killpg(parent.pid, signal.SIGINT)  # a terminal tells the whole group
        begin = time.monotonic()
        _, said = parent.communicate(timeout=20)
        assert time.monotonic() - begin < 1.5  # with Python's own end
        assert not any(map(alive, workers_seen(log)))
    assert said.count("KeyboardInterrupt") == 1
    assert "spawn_main" not in said
    assert said.rstrip().endswith("KeyboardInterrupt")


def test_a_worker_is_deaf_to_ctrl_c_from_its_first_moment(tmp_path):
    log = tmp_path / "log"
    task = Toys((1,), pause=0.2, log=log)
    with open_workshop(jobs=2) as workshop:
        future = workshop.submit(double, task)
        (worker,) = multiprocessing.active_children()
        while not future.done():
            os.kill(worker.pid, signal.SIGINT)
            time.sleep(0.001)
        assert gather(workshop, double, task, future) == [2]
    assert workers_seen(log) == {worker.pid}


def test_workers_that_cannot_start_are_told_of_and_no_item_is_blamed(tmp_path):
    file = script(
        tmp_path,
        """
        from tests.production.toys import Toys, double
        from xfdocs.errors import WorkersGone
        from xfdocs.production.workshop import gather, open_workshop

        with open_workshop(jobs=2) as workshop:  # not under `if __name__ == "__main__"`: a worker would start workers
            task = Toys((1, 2))
            try:
                print(gather(workshop, double, task, workshop.submit(double, task)))
            except WorkersGone as error:
                print(error)
        """,
    )
    with started(file) as batch:
        said, _ = batch.communicate(timeout=20)
    assert "一启动就退出（退出码 1）" in said
    assert "__main__" in said
    assert WorkersGone.exit_code is ExitCode.LACKING


def test_closing_at_once_drops_what_runs_and_what_waits(tmp_path):
    log = tmp_path / "log"
    with open_workshop(jobs=2) as workshop:
        futures = [workshop.submit(double, task) for task in chunks(8, 1, pause=60, log=log)]
        assert within(20, lambda: len(workers_seen(log)) == 2)
        begin = time.monotonic()
        workshop.close(now=True)
        assert time.monotonic() - begin < 1
        assert within(1, lambda: not any(map(alive, workers_seen(log))))
        assert within(1, lambda: all(future.done() for future in futures))


def test_an_error_leaves_the_workshop_closed_at_once(tmp_path):
    log = tmp_path / "log"

    def leave_in_the_middle():
        with open_workshop(jobs=2) as workshop:
            workshop.submit(double, Toys((1,), pause=60, log=log))
            assert within(20, lambda: workers_seen(log))
            raise OSError(time.monotonic())

    with pytest.raises(OSError, match=r"\d") as left:
        leave_in_the_middle()
    assert time.monotonic() - left.value.args[0] < 1
    assert within(1, lambda: not any(map(alive, workers_seen(log))))


def test_closing_lets_what_was_handed_in_be_done():
    tasks = chunks(4, 2, pause=0.05)
    with open_workshop(jobs=2) as workshop:
        futures = [workshop.submit(double, task) for task in tasks]
        workshop.close()
        assert [future.result(timeout=0) for future in futures] == doubled(tasks)
        workshop.close()  # a second time does nothing


# --- an executor that is lent -------------------------------------------------------------------------------


def test_a_lent_executor_is_given_back_open():
    with ThreadPoolExecutor(3) as executor:
        with open_workshop(executor=executor) as workshop:
            assert workshop.width == 3
        assert executor.submit(len, "ab").result() == 2


def test_a_lent_executor_that_broke_for_good_ends_the_batch():
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        workshop = Given(executor)
        task = Toys((1, 2), poison=1)
        future = workshop.submit(double, task)
        with pytest.raises(WorkersGone, match="executor 已经不能用"):
            gather(workshop, double, task, future)
        with pytest.raises(WorkersGone):
            workshop.submit(double, task)


def test_what_has_not_begun_in_a_lent_executor_is_taken_back():
    with ThreadPoolExecutor(1) as executor:
        workshop = Given(executor)
        running = workshop.submit(double, Toys((1,), pause=0.2))
        waiting = workshop.submit(double, Toys((2,), pause=0.2))
        workshop.close(now=True)
        assert waiting.cancelled()
        assert running.result() == [2]


class Recovering(ThreadPoolExecutor):
    """An executor that loses a task as a renewed pool does, and goes on."""

    def __init__(self, lose: int) -> None:
        super().__init__(1)
        self.lose = lose

    def submit(self, work, task):
        if self.lose in task.items:
            lost: Future = Future()
            lost.cancel()
            lost.set_running_or_notify_cancel()
            return lost
        return super().submit(work, task)


def test_an_item_that_a_recovering_executor_loses_again_and_again_is_set_aside():
    with Recovering(lose=3) as executor, open_workshop(executor=executor) as workshop:
        ((first, second, third),) = done(workshop, [Toys((2, 3, 4))])
    assert (first, third) == (4, 8)
    assert isinstance(second, Casualty)
    assert second.item == 3
