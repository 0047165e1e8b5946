"""Runs: who is making documents now, and which run was broken off.

A run lives as long as its lock (`xfdocs.register.locks`): the kernel or the server lets go of it when the
process ends, however it ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import func, insert, select, update

from xfdocs.register.journal import Action, Change, canonical
from xfdocs.register.locks import Held, Locks
from xfdocs.register.tables import DOCUMENTS, RUNS


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run that did not come to its end."""

    id: str
    started_at: str
    templates: Mapping[str, str]
    """Digests of what documents were made with, as `Register.begin_run` got them."""
    reserved: int
    """How many documents have a number from it and no files."""


class Run:
    """A run of ``issue`` in this process; as a context manager it ends well only if the block does.

    Left by an exception it counts as interrupted, and the next run is told.
    """

    def __init__(self, name: str, before: EarlierRun | None, held: Held, end: Callable[[str], None]) -> None:
        self.id = name
        self.before = before
        """The latest run that was broken off; told once."""
        self._held = held
        self._end = end
        self._ended = False

    def check(self) -> None:
        """Raises `RegisterUnreachable` if other runs might take this one for dead."""
        if self._ended:
            raise ValueError(f"run {self.id} has ended")
        self._held.check()

    def end(self) -> None:
        """Everything is done; again is harmless."""
        if self._ended:
            return
        try:
            self._end(self.id)
        finally:
            self._leave()

    def _leave(self) -> None:
        self._ended = True
        self._held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.end()
        else:
            self._leave()


LOCKS = "runs"
"""The group of the locks of runs."""


def lock_of(run: str) -> str:
    """The name of a run's lock."""
    return f"{LOCKS}/{run}"


def record_begin(change: Change, run: str, templates: Mapping[str, str]) -> None:
    """A run begins."""
    row = {
        "id": run,
        "state": "running",
        "templates": canonical(dict(templates)),
        "started_at": change.at,
        "ended_at": "",
    }
    seq = change.add(Action.RUN, row)
    change.connection.execute(insert(RUNS), {**row, "seq": seq})


def record_end(change: Change, run: str) -> None:
    """A run has ended well."""
    _set(change, Action.END, run, state="done")


def record_interrupted(change: Change, locks: Locks) -> EarlierRun | None:
    """Mark every run that died as interrupted; the latest of them."""
    running = select(RUNS).where(RUNS.c.state == "running").order_by(RUNS.c.seq.desc())
    dead = [
        row
        for row in change.connection.execute(running).all()
        if not locks.held(lock_of(row.id), change.connection)
    ]
    for row in reversed(dead):
        _set(change, Action.INTERRUPTED, row.id, state="interrupted")
    if not dead:
        return None
    latest = dead[0]
    left = (DOCUMENTS.c.run == latest.id) & (DOCUMENTS.c.state == "reserved")
    reserved = change.connection.execute(select(func.count()).select_from(DOCUMENTS).where(left)).scalar_one()
    return EarlierRun(latest.id, latest.started_at, json.loads(latest.templates), reserved)


def _set(change: Change, action: Action, run: str, *, state: str) -> None:
    values = {"state": state, "ended_at": change.at}
    change.add(action, {"id": run, **values})
    change.connection.execute(update(RUNS).where(RUNS.c.id == run).values(values))
