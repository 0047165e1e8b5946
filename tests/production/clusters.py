"""Dask clusters for tests: a scheduler and workers as processes of their own, talking TCP on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import distributed

from tests.production.toys import within
from xfdocs.resources import shipped

ROOT = shipped("templates").parent
STARTS_WITHIN = 30.0


@dataclass
class Cluster:
    """What was started; whoever asks for it ends it."""

    folder: Path
    python_path: dict[str, Path] = field(default_factory=dict)
    """Where a module of Dask finds its packages, if not here."""
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, module: str, *arguments: object) -> subprocess.Popen[bytes]:
        log = self.folder / f"{module}-{len(self.workers)}.log"
        with log.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments), "--no-dashboard"],
                env={
                    **os.environ,
                    "PYTHONPATH": str(self.python_path.get(module, ROOT)),
                    "DASK_TEMPORARY_DIRECTORY": str(self.folder),
                    # who was killed is missed at once
                    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s",
                },
                cwd=self.folder,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def add_worker(self, *options: object) -> None:
        self.workers.append(
            self.run("dask_worker", self.address, "--host", "127.0.0.1", "--death-timeout", 20, *options)
        )

    def count(self) -> int:
        with distributed.Client(self.address, set_as_default=False) as client:
            return len(client.nthreads())

    def end(self) -> None:
        """Kill everything, with whatever it has started."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def over_tcp(
    folder: Path, workers: int, *options: object, python_path: dict[str, Path] | None = None
) -> Iterator[Cluster]:
    """A scheduler on a free port and separate workers that have found it."""
    cluster = Cluster(folder, python_path or {})
    told = folder / "scheduler.json"
    try:
        cluster.scheduler = cluster.run(
            "dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            0,
            "--scheduler-file",
            told,
            "--idle-timeout",
            "300s",  # should the tests themselves be killed
        )
        assert within(STARTS_WITHIN, told.exists)
        assert within(STARTS_WITHIN, lambda: told.read_text().endswith("}"))
        cluster.address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            cluster.add_worker(*options)
        assert within(STARTS_WITHIN, lambda: cluster.count() == workers)
        yield cluster
    finally:
        cluster.end()
