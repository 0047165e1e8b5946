"""Work on a Dask cluster: the same results, whichever worker dies, and no word of its own on stderr."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import wait

import distributed
import pytest

from tests.production.clusters import ROOT, over_tcp
from tests.production.toys import (
    Toys,
    alive,
    chunks,
    double,
    lose_file,
    now,
    refuse,
    taken_up,
    who,
    within,
    workers_seen,
)
from xfdocs.errors import ClusterUnreachable, ExitCode, LibraryMissing, RecordUnreadable, WorkersGone
from xfdocs.production import dask
from xfdocs.production.dask import DaskWorkshop
from xfdocs.production.workshop import Casualty, gather, open_workshop


def done(workshop, tasks, work=double):
    futures = [workshop.submit(work, task) for task in tasks]
    return [gather(workshop, work, task, future) for task, future in zip(tasks, futures, strict=True)]


def doubled(tasks):
    return [[2 * item for item in task.items] for task in tasks]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers as people start them: each with a nanny that puts another in its place."""
    with over_tcp(tmp_path_factory.mktemp("cluster"), 2, "--nthreads", 1) as cluster:
        yield cluster


@pytest.fixture
def whole(cluster):
    """The cluster, after the nannies have mended what the last test broke."""
    assert within(20, lambda: cluster.count() == 2)
    return cluster


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits five seconds for an answer that does not come."""
    monkeypatch.setattr(dask, "ANSWERS_WITHIN", 1.0)


# --- what goes well -----------------------------------------------------------------------------------------


def test_two_workers_over_tcp_do_everything_in_order(whole, tmp_path):
    log = tmp_path / "log"
    tasks = chunks(8, 3, pause=0.02, log=log)
    with open_workshop(dask=whole.address) as workshop:
        assert workshop.width == 2
        assert done(workshop, tasks) == doubled(tasks)
    assert len(workers_seen(log)) == 2
    assert os.getpid() not in workers_seen(log)


def test_a_local_cluster_of_two_processes_serves_as_well():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
        ) as local,
        open_workshop(dask=local.scheduler_address) as workshop,
    ):
        tasks = chunks(4, 5)
        assert workshop.width == 2
        assert done(workshop, tasks) == doubled(tasks)


def test_a_task_handed_in_twice_is_done_twice(whole):
    task = Toys((1,))
    with open_workshop(dask=whole.address) as workshop:
        (first,), (second,) = done(workshop, [task, task], now)
    assert first != second


def test_an_error_travels_with_its_facts_after_it_was_tried_again(whole, tmp_path):
    task = Toys((7, 8), log=tmp_path / "log")
    with open_workshop(dask=whole.address) as workshop:
        with pytest.raises(RecordUnreadable) as raised:
            done(workshop, [task], refuse)
        with pytest.raises(FileNotFoundError) as lost:
            done(workshop, [task], lose_file)
    assert raised.value.facts == {"file": "7.xml", "what": "某处不通"}
    assert lost.value.filename == "7.xml"
    assert taken_up(tmp_path / "log") == {7: 3}


def test_the_width_follows_the_cluster(whole):
    with open_workshop(dask=whole.address) as workshop:
        whole.add_worker("--nthreads", 1)
        try:
            assert within(20, lambda: workshop.width == 3)
        finally:
            extra = whole.workers.pop()
            os.killpg(extra.pid, signal.SIGKILL)
            extra.wait()
        assert within(20, lambda: workshop.width == 2)


def test_a_worker_with_many_threads_does_one_task_at_a_time(tmp_path):
    with (
        over_tcp(tmp_path, 1, "--nthreads", 4) as cluster,
        open_workshop(dask=cluster.address) as workshop,
    ):
        assert workshop.width == 1
        begin = time.monotonic()
        tasks = chunks(4, 1, pause=0.2)
        assert done(workshop, tasks) == doubled(tasks)
        assert time.monotonic() - begin >= 0.8


# --- deaths ---------------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(whole, tmp_path):
    log = tmp_path / "log"
    tasks = chunks(6, 5, pause=0.02, log=log)
    with open_workshop(dask=whole.address) as workshop:
        futures = [workshop.submit(double, task) for task in tasks]
        assert within(10, lambda: len(workers_seen(log)) == 2)
        os.kill(min(workers_seen(log)), signal.SIGKILL)
        results = [gather(workshop, double, t, f) for t, f in zip(tasks, futures, strict=True)]
    assert results == doubled(tasks)


def test_a_poisoned_item_costs_the_cluster_one_worker_and_is_set_aside(whole, tmp_path):
    log = tmp_path / "log"
    tasks = chunks(3, 20, poison=27, log=log)
    with open_workshop(dask=whole.address) as workshop:
        before = {pid for (pid,) in done(workshop, [Toys((n,)) for n in range(8)], who)}
        results = done(workshop, tasks)
    (casualty,) = [result for chunk in results for result in chunk if isinstance(result, Casualty)]
    assert casualty.item == 27
    expected = doubled(tasks)
    expected[1][7] = casualty
    assert results == expected
    assert taken_up(log)[27] == 3  # once there, and twice alone, here
    assert len([pid for pid in before if not alive(pid)]) == 1


def test_no_mark_of_a_death_stays_at_the_scheduler(whole):
    with open_workshop(dask=whole.address) as workshop:
        assert isinstance(done(workshop, [Toys((1,), poison=1)])[0][0], Casualty)
    with distributed.Client(whole.address, set_as_default=False) as client:
        events = client.run_on_scheduler(
            lambda dask_scheduler: [*dask_scheduler.extensions["events"]._events]
        )
    assert events == []


def test_a_cluster_without_workers_is_given_up_in_the_end(tmp_path):
    with over_tcp(tmp_path, 1, "--nthreads", 1, "--no-nanny") as cluster:
        workshop = DaskWorkshop(cluster.address, patience=2)
        try:
            task = Toys((1, 2), pause=30, log=tmp_path / "log")
            future = workshop.submit(double, task)
            assert within(10, task.log.exists)
            os.killpg(cluster.workers[0].pid, signal.SIGKILL)
            begin = time.monotonic()
            assert wait([future], 30).done
            with pytest.raises(WorkersGone, match="已经没有一个处理进程"):
                gather(workshop, double, task, future)
            assert time.monotonic() - begin < 15
            with pytest.raises(WorkersGone):
                workshop.submit(double, task)
        finally:
            workshop.close()


def test_a_scheduler_that_dies_ends_the_batch(tmp_path, impatient):
    with (
        over_tcp(tmp_path, 1, "--nthreads", 1, "--no-nanny") as cluster,
        open_workshop(dask=cluster.address) as workshop,
    ):
        task = Toys((1, 2), pause=30)
        future = workshop.submit(double, task)
        os.killpg(cluster.scheduler.pid, signal.SIGKILL)
        begin = time.monotonic()
        with pytest.raises(WorkersGone, match="连接断了"):
            gather(workshop, double, task, future)
        assert time.monotonic() - begin < 10


# --- coming and going -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://no-such-host.invalid:8786"])
def test_a_scheduler_that_is_not_there_is_told_of_soon(address, impatient):
    begin = time.monotonic()
    why = f"{address} 连不上：(地址应写作|.+ 秒内没有应答)"
    with pytest.raises(ClusterUnreachable, match=why) as raised, open_workshop(dask=address):
        pass
    assert time.monotonic() - begin < 4
    assert raised.value.exit_code is ExitCode.LACKING
    clients = [thing for thing in gc.get_objects() if isinstance(thing, distributed.Client)]
    assert {client.status for client in clients} == {"closed"}  # one half built can hang the next


def test_without_distributed_one_is_told_how_to_get_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "xfdocs.production.dask")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(LibraryMissing, match=r"pip install 'xfdocs\[dask\]'"),
        open_workshop(dask="tcp://a:1"),
    ):
        pass


@pytest.mark.parametrize("somebody", ["dask_scheduler", "dask_worker"])
def test_a_cluster_on_which_somebody_lacks_this_package_is_refused(somebody, tmp_path):
    (tmp_path / "without" / "xfdocs").mkdir(parents=True)
    (tmp_path / "without" / "xfdocs" / "__init__.py").touch()
    python_path = {somebody: tmp_path / "without"}
    with (
        over_tcp(tmp_path, 1, "--nthreads", 1, "--no-nanny", python_path=python_path) as cluster,
        pytest.raises(LibraryMissing, match="安装同一版本的 xfdocs"),
        open_workshop(dask=cluster.address),
    ):
        pass


def test_closing_at_once_takes_back_what_waits_and_does_not_wait(whole, tmp_path):
    log = tmp_path / "log"
    workshop = DaskWorkshop(whole.address)
    futures = [workshop.submit(double, task) for task in chunks(12, 1, pause=1, log=log)]
    assert within(10, lambda: workers_seen(log))
    begin = time.monotonic()
    workshop.close(now=True)
    assert time.monotonic() - begin < 1
    assert within(2, lambda: all(future.done() for future in futures))
    time.sleep(1.5)
    assert len(taken_up(log)) < 12


SCRIPT = """
    import os, signal, sys
    from tests.production.toys import Toys, chunks, double
    from xfdocs.errors import WorkersGone
    from xfdocs.production import dask
    from xfdocs.production.workshop import gather, open_workshop

    _, address, end, scheduler = sys.argv
    dask.ANSWERS_WITHIN = 1.0
    with open_workshop(dask=address) as workshop:
        tasks = chunks(4, 2)
        futures = [workshop.submit(double, task) for task in tasks]
        for task, future in zip(tasks, futures):
            gather(workshop, double, task, future)
        print("done")
        if end == "by an error":
            workshop.submit(double, tasks[0])
            sys.exit(3)
        if end == "by the scheduler":
            task = Toys((1,), pause=30)
            future = workshop.submit(double, task)
            os.kill(int(scheduler), signal.SIGKILL)
            try:
                gather(workshop, double, task, future)
            except WorkersGone:
                sys.exit(3)
"""


@pytest.mark.parametrize("end", ["as it should", "by an error", "by the scheduler"])
def test_nothing_is_said_on_stderr_at_the_end(end, tmp_path):
    file = tmp_path / "batch.py"
    file.write_text(textwrap.dedent(SCRIPT))
    with over_tcp(tmp_path, 1, "--nthreads", 1, "--no-nanny") as cluster:
        ran = subprocess.run(
            [sys.executable, file, cluster.address, end, str(cluster.scheduler.pid)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.stdout, ran.stderr) == ("done\n", "")
    assert ran.returncode == (0 if end == "as it should" else 3)
