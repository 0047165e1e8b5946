"""Work for workshops: small, importable by any worker, deadly on request, and it leaves a trace."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
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


def chunks(count: int, size: int, **facts) -> list[Toys]:
    return [Toys(tuple(range(start, start + size)), **facts) for start in range(0, count * size, size)]


def double(task: Toys) -> list[int]:
    results = []
    for item in task.items:
        note(task, item)
        if item == task.poison:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(task.pause)
        results.append(2 * item)
    return results


def refuse(task: Toys) -> list[int]:
    note(task, task.items[0])
    raise RecordUnreadable(file=f"{task.items[0]}.xml", what="某处不通")


def lose_file(task: Toys) -> list[int]:
    raise FileNotFoundError(2, "没有", f"{task.items[0]}.xml")


def forget_one(task: Toys) -> list[int]:
    return [0 for _ in task.items[1:]]


def who(_: Toys) -> list[int]:
    return [os.getpid()]


def now(_: Toys) -> list[float]:
    return [time.time()]


# --- the trace ------------------------------------------------------------------------------------------


def note(task: Toys, item: int) -> None:
    if task.log is not None:
        with task.log.open("a") as log:
            log.write(f"{item} {os.getpid()}\n")


def taken_up(log: Path) -> Counter[int]:
    """How often each item was taken up."""
    return Counter(int(line.split()[0]) for line in log.read_text().splitlines())


def workers_seen(log: Path) -> set[int]:
    """Everybody who took up an item, dead or alive."""
    return {int(line.split()[1]) for line in log.read_text().splitlines()} if log.exists() else set()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def within(seconds: float, condition) -> bool:
    """Whether it comes true in that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
