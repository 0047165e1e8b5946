"""Runs of `xfdocs` as processes that can be killed, halted and left behind, and what may be seen after them."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.production.desks import entries, state
from tests.tools import STRICT
from xfdocs.errors import RegisterAbsent
from xfdocs.office import Office
from xfdocs.register.faults import Fault, Gravity
from xfdocs.register.register import Register
from xfdocs.register.verify import verify
from xfdocs.resources import shipped

ROOT = shipped("templates").parent
KILLED = -signal.SIGKILL
ISSUE = ("issue", "all", "cases", "--format", "docx", "--jobs", "1")
LONG = 60.0
"""Seconds after which a test that waits gives up."""


def strictly(*points: str) -> tuple[str, ...]:
    """Points that are tried only where there is time for all of them."""
    return points if STRICT else ()


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    """Exit code; of a killed process, the signal as a negative number."""
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything it printed; a traceback is never what a user should see."""
        text = self.out + self.err
        assert "Traceback" not in text, text
        return text


class Running:
    """A command at work."""

    def __init__(self, server: Server, pid: int, out: Path, err: Path, once: Path | None) -> None:
        self.pid = pid
        self._server = server
        self._out, self._err, self._once = out, err, once

    def ended(self) -> Ended:
        """Wait for its end."""
        code = self._server.ask({"wait": self.pid})
        assert self._once is None or self._once.exists(), "it never came to its point"
        return Ended(code, self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    def halted(self, seconds: float = LONG) -> Running:
        """Wait until it stands still at its point."""
        assert within(seconds, lambda: state_of(self.pid) in "TZ"), "it never came to its point"
        assert state_of(self.pid) == "T", self.ended()
        return self

    def kill(self) -> None:
        """End it as the power would."""
        os.kill(self.pid, signal.SIGKILL)

    def go_on(self) -> Running:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)
        return self


class Server:
    """A process that has everything ready and forks a run for each command; see `tests.faults.deadly`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.deadly", "--serve"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def ask(self, request: dict[str, Any]) -> int:
        """An answer to a request."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return int(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=LONG)

    def start(
        self,
        office: Office,
        *words: str,
        at: str = "",
        deed: str = "kill",
        worker: bool = False,
        once: bool = False,
        chunk: int = 2,
        env: dict[str, str] | None = None,
    ) -> Running:
        """Run a command in an office's folder; *at* a point something happens to it, or to a *worker*."""
        self._count += 1
        base = self._folder / str(self._count)
        more = {"DEADLY": at, "DEADLY_DEED": deed, "DEADLY_CHUNK": str(chunk)} | (env or {})
        if worker:
            more["DEADLY_WORKER"] = "1"
        mark = base.with_suffix(".once") if once else None
        if mark:
            more["DEADLY_ONCE"] = str(mark)
        out, err = base.with_suffix(".out"), base.with_suffix(".err")
        request = {"words": words or ISSUE, "cwd": str(office.folder), "env": more}
        pid = self.ask({**request, "out": str(out), "err": str(err)})
        return Running(self, pid, out, err, mark)

    def run(self, office: Office, *words: str, **more: Any) -> Ended:
        """Run a command to its end."""
        return self.start(office, *words, **more).ended()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server while the block runs."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.close()


# --- what is seen ---------------------------------------------------------------------------------------


def everything(office: Office) -> dict[str, object]:
    """What runs leave behind, to the last byte; the lock files of runs too."""
    left = sorted(path.name for path in (office.folder / "register").glob("runs/*"))
    return {**state(office), "locks of runs": left}


def faults(office: Office) -> list[Fault]:
    """What `register verify` says; nothing if there is no register yet."""
    try:
        with Register.open(office, create=False) as register:
            return list(verify(register, office))
    except RegisterAbsent:
        return []


def not_broken(office: Office) -> None:
    """Between a fault and the next run the register may say that something is unfinished, never that it is broken."""
    assert [fault for fault in faults(office) if fault.gravity is Gravity.BROKEN] == []


def nothing_half(office: Office, undisturbed: dict[str, object]) -> None:
    """Whatever bears its name among the documents is what it will be in the end."""
    now = {
        path.relative_to(office.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (office.folder / office.issued).glob("*/[!.]*")
    }
    assert now.items() <= undisturbed["files"].items()  # type: ignore[attr-defined]


def numbers(office: Office) -> list[str]:
    """Every number that was given, in order."""
    return [str(entry["number"]) for entry in entries(office) if entry["number"]]


def state_of(pid: int) -> str:
    """The letter by which the system tells what a process does; Z: it has ended."""
    return (_stat(pid) or ["Z"])[0]


def family(session: int) -> list[int]:
    """The processes of a session that are alive: a command's own, and those it has started."""
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    stats = {pid: stat for pid in pids if (stat := _stat(pid))}
    return [pid for pid, stat in stats.items() if stat[3] == str(session) and stat[0] != "Z"]


def command_of(pid: int) -> bytes:
    """The command line of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _stat(pid: int) -> list[str]:
    """What the system tells of a process, behind its name; nothing if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def within(seconds: float, true: Callable[[], object]) -> bool:
    """Whether something becomes true in time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
