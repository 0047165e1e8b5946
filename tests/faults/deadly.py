"""`xfdocs` with a fault in it: at a named point of its work the process kills itself, as the power would, or halts.

    DEADLY="write:before:2" python -m tests.faults.deadly issue all cases

A point is a step (`STEPS`, in the order of a run; or ``half``, the middle of a file; or ``answer``, the middle of
what a worker sends back), *before* or *after* it has done its work, and the how manyth time — 0: every time; a fourth part names what must stand among its
arguments.  What happens there is a deed (`DEEDS`).  A worker started by spawn runs this module again under another
name, so the fault comes to it where ``DEADLY_WORKER`` is set; ``DEADLY_ONCE`` names a file that is made at
the first fault, so that whoever comes after is spared.  ``DEADLY_CHUNK`` makes chunks small,
``DEADLY_PATIENCE`` the seconds short that a database is waited for; ``DEADLY_CLOCK`` and ``DEADLY_TODAY`` tell another
time and day, ``DEADLY_STILL`` one time that stands still, and ``DEADLY_HUMBLE`` takes from root the right to write where nobody may.

``--serve`` prepares everything once and forks a process for each command that is asked for
(`tests.faults.runs`): the hundred deaths of the matrix do not pay for a hundred starts.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

STEPS = {
    "schema": "xfdocs.register.migrate:upgrade",
    "begin": "xfdocs.register.register:Register.begin_run",
    "survey": "xfdocs.production.surveying:survey",
    "look": "xfdocs.production.surveying:_survey",  # at one record
    "reserve": "xfdocs.register.register:Register.reserve",
    "render": "xfdocs.production.making:rendered",
    "print": "xfdocs.production.printing:_one",  # of a report
    "write": "xfdocs.files:Staging.put",
    "durable": "xfdocs.files:_make_durable",
    "rename": "xfdocs.files:Staging.commit",
    "name": "pathlib:Path.replace",  # of one file
    "bag": "xfdocs.archive.bag.writing:write_bag",
    "bag-name": "pathlib:Path.rename",  # of a package
    "register": "xfdocs.register.register:Register.issue",
    "void": "xfdocs.register.register:Register.void",
    "write-back": "xfdocs.production.recording:record_all",
    "tell-record": "xfdocs.archive.packing:_Packing._wrote",  # of its place in the archive
    "confirm": "xfdocs.register.register:Register.confirm",
    "end": "xfdocs.register.register:Register._end_run",
    "statements": "xfdocs.register.journal:Change.finish",  # after it nothing is lacking but the commit
    "commit": "sqlalchemy.engine.default:DefaultDialect.do_commit",
}
"""The steps of a run, and the function that is each."""

TOUCHES = ("half", "durable", "name", "bag-name", "unlink", "mkdir", "statements", "commit")
"""Everything by which a run leaves a trace on the disk; together they are the step ``touch``."""

_SMALL = {"unlink": "pathlib:Path.unlink", "mkdir": "pathlib:Path.mkdir"}


# --- deeds ----------------------------------------------------------------------------------------------


def kill_me() -> None:
    """Nothing is flushed, closed or told."""
    os.kill(os.getpid(), signal.SIGKILL)


def halt_me() -> None:
    """Stand still until somebody says SIGCONT: time to do something behind the program's back."""
    os.kill(os.getpid(), signal.SIGSTOP)


def fill_disk() -> None:
    """As the system says it of a full disk: it names no file."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


DEEDS = {"kill": kill_me, "halt": halt_me, "full": fill_disk}


def _once(deed: Callable[[], None]) -> Callable[[], None]:
    def done_once() -> None:
        if once := os.environ.get("DEADLY_ONCE"):
            try:
                Path(once).touch(exist_ok=False)
            except FileExistsError:
                return
        deed()

    return done_once


# --- points ---------------------------------------------------------------------------------------------


class Point:
    """A point of the work, and whether it has come."""

    def __init__(self, text: str, deed: Callable[[], None]) -> None:
        step, when, nth, *about = text.split(":")
        self.step, self.when, self.nth = step, when, int(nth)
        self.about = ":".join(about)
        self.deed = deed
        self.seen = 0

    def passes(self, args: tuple[Any, ...]) -> bool:
        """Count one more time; whether this is the time."""
        if self.about and not any(self.about in str(arg) for arg in args):
            return False
        self.seen += 1
        return self.nth in {0, self.seen}

    def arm(self) -> None:
        """Put the deed there."""
        for step in TOUCHES if self.step == "touch" else (self.step,):
            if step == "half":
                _arm_files(self)
            elif step == "answer":
                _arm_answers(self)
            else:
                _arm_function(self, {**STEPS, **_SMALL}[step])


def _arm_function(point: Point, place: str) -> None:
    module, _, names = place.partition(":")
    *path, name = names.split(".")
    holder: Any = importlib.import_module(module)
    for part in path:
        holder = getattr(holder, part)
    real = getattr(holder, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        now = point.passes(args)
        if now and point.when == "before":
            point.deed()
        result = real(*args, **kwargs)
        if now and point.when == "after":
            point.deed()
        return result

    deadly.__qualname__ = names  # a pool sends functions by name
    deadly.__module__ = module
    deadly.__name__ = name
    setattr(holder, name, deadly)
    if holder is sys.modules[module]:
        for other in [*sys.modules.values()]:  # whoever imported it by name
            if getattr(other, "__name__", "").startswith("xfdocs.") and getattr(other, name, None) is real:
                setattr(other, name, deadly)


def _arm_files(point: Point) -> None:
    """The deed is done when half of a new file is written."""
    real = Path.open

    def opened(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        file = real(path, mode, *args, **kwargs)
        if mode == "xb" and point.passes((path,)):
            return _HalfWritten(file, point.deed)
        return file

    Path.open = opened  # type: ignore[method-assign,assignment]


def _arm_answers(point: Point) -> None:
    """The deed is done when half of a result has gone to the parent."""
    from multiprocessing.connection import Connection

    real = Connection._send  # type: ignore[attr-defined]

    def send(connection: Any, data: bytes, *args: Any) -> None:
        if point.passes((connection,)):
            half = os.write(connection.fileno(), data[: len(data) // 2])
            point.deed()
            data = data[half:]
        real(connection, data, *args)

    Connection._send = send  # type: ignore[attr-defined]


class _HalfWritten:
    def __init__(self, file: BinaryIO, deed: Callable[[], None]) -> None:
        self.file = file
        self.deed = deed
        self.done = False

    def __enter__(self) -> _HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.done:  # nothing was written with `write`: it is there, empty
            self.deed()
        self.file.close()

    def fileno(self) -> int:
        return self.file.fileno()

    def write(self, data: bytes) -> int:
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        self.done = True
        self.deed()
        return self.file.write(data[len(data) // 2 :])


def _cut_small(size: int) -> None:
    """Chunks of so many, wherever work is cut up."""
    for module in ("xfdocs.production.issuing", "xfdocs.reports.issuing"):
        importlib.import_module(module).chunk_size = lambda _: size  # type: ignore[attr-defined]
    importlib.import_module("xfdocs.archive.packing").CHUNK = size  # type: ignore[attr-defined]


def prepare(*, worker: bool) -> None:
    """Arm this process if it is the one that is to suffer: the parent, or with DEADLY_WORKER a worker."""
    if size := os.environ.get("DEADLY_CHUNK"):
        _cut_small(int(size))
    if seconds := os.environ.get("DEADLY_PATIENCE"):
        from xfdocs.register.register import Register

        Register.open.__func__.__kwdefaults__["patience"] = float(seconds)  # type: ignore[attr-defined]
    if start := os.environ.get("DEADLY_CLOCK"):
        _set_clock(start)
    if still := os.environ.get("DEADLY_STILL"):
        from xfdocs.register.register import Register

        Register.open.__func__.__kwdefaults__["clock"] = lambda: still  # type: ignore[attr-defined]
    if day := os.environ.get("DEADLY_TODAY"):
        import datetime as dt

        importlib.import_module("xfdocs.cli.issue").today = lambda: dt.date.fromisoformat(day)  # type: ignore[attr-defined]
    if os.environ.get("DEADLY_HUMBLE"):
        _humble()
    text = os.environ.get("DEADLY")
    if text and worker == bool(os.environ.get("DEADLY_WORKER")):
        for module in ("xfdocs.production.issuing", "xfdocs.production.voiding", "xfdocs.reports.issuing", "xfdocs.archive.packing"):  # fmt: skip
            importlib.import_module(module)
        point = Point(text, _once(DEEDS[os.environ.get("DEADLY_DEED", "kill")]))
        point.arm()
        if told := os.environ.get("DEADLY_COUNT"):  # how many times there are
            import atexit

            atexit.register(lambda: Path(told).write_text(str(point.seen)))


def _set_clock(start: str) -> None:
    """A clock that is an hour earlier whenever it is asked."""
    import datetime as dt

    from xfdocs.register.register import Register

    now = dt.datetime.fromisoformat(start)

    def clock() -> str:
        nonlocal now
        now -= dt.timedelta(hours=1)
        return now.strftime("%Y-%m-%dT%H:%M:%SZ")

    Register.open.__func__.__kwdefaults__["clock"] = clock  # type: ignore[attr-defined]


def _humble() -> None:
    """Give up what lets root pass over the permissions of files (capabilities(7))."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, and again for the upper half
    assert libc.capget(header, sets) == 0
    for which in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
        sets[0] &= ~(1 << which)
    assert libc.capset(header, sets) == 0


if __name__ == "__mp_main__":
    prepare(worker=True)


# --- the server -----------------------------------------------------------------------------------------


def serve() -> None:
    """Answer requests, a line of JSON each, until there are no more: ``start`` gives a pid, ``wait`` its end."""
    _warm_up()
    print("ready", flush=True)
    alive = set()
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer, status = os.waitpid(request["wait"], 0)
            alive.remove(answer)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = _forked(**request)
            alive.add(answer)
        print(json.dumps(answer), flush=True)
    for pid in alive:  # a test that failed has left it where it stood
        os.killpg(pid, signal.SIGKILL)


def _warm_up() -> None:
    """Everything that a run imports, and what does not depend on an office."""
    import tempfile

    importlib.import_module("xfdocs.cli")
    importlib.import_module("xfdocs.production.voiding")
    for module in ("issuing", "units", "figures", "publishing"):
        importlib.import_module(f"xfdocs.reports.{module}")
    from tests.archive.offices import archive_office, packed
    from tests.production.desks import issued, office_in

    with tempfile.TemporaryDirectory() as folder:
        issued(office_in(Path(folder) / "office"))
        issued(office_in(Path(folder) / "another", ["YZ-20261102-0018"]), formats=("pdf",))
        packed(archive_office(Path(folder) / "archive", ["YZ-20260706-0012"]))


def _forked(words: list[str], cwd: str, env: dict[str, str], out: str, err: str) -> int:
    if pid := os.fork():
        return pid
    code = 99
    try:
        os.setsid()  # a group of its own, as a shell gives to a command
        for name, target in ((os.devnull, 0), (out, 1), (err, 2)):
            file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(file, target)
            os.close(file)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False)
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        os.chdir(cwd)
        os.environ.update(env)
        prepare(worker=False)
        code = _run(words)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(words: list[str]) -> int:
    import atexit

    from xfdocs.cli import main

    sys.argv = ["xfdocs", *words]
    try:
        main()
    except SystemExit as leave:
        return int(leave.code or 0)
    except BaseException:  # noqa: BLE001 - shown as Python shows it
        import traceback

        traceback.print_exc()
        return 1
    finally:
        atexit._run_exitfuncs()
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        prepare(worker=False)
        sys.exit(_run(sys.argv[1:]))
