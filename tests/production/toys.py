"""Work for workshops: small, importable by any worker, and deadly on request."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from xfdocs.errors import RecordUnreadable


@dataclass(frozen=True, slots=True)
class Toys:
    items: tuple[int, ...]
    poison: int | None = None
    """Whoever takes up this item dies."""
    pause: float = 0.0
    """Seconds an item takes."""
    log: Path | None = None
    """Where workers leave a line for each item they take up."""


def double(task: Toys) -> list[int]:
    return [_double(task, item) for item in task.items]


def _double(task: Toys, item: int) -> int:
    if task.log is not None:
        with task.log.open("a") as log:
            log.write(f"{item} {os.getpid()}\n")
    if item == task.poison:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(task.pause)
    return 2 * item


def refuse(task: Toys) -> list[int]:
    raise RecordUnreadable(file=f"{task.items[0]}.xml", what="某处不通")


def lose_file(task: Toys) -> list[int]:
    raise FileNotFoundError(2, "没有", f"{task.items[0]}.xml")


def forget_one(task: Toys) -> list[int]:
    return [0 for _ in task.items[1:]]


def who(_: Toys) -> list[int]:
    return [os.getpid()]


def now(_: Toys) -> list[float]:
    return [time.time()]
