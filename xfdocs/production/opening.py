"""A run of issuing opened and ended: the register, a place for the work, and what is to be said of the run before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from xfdocs.errors import UsageFault, XfdocsError
from xfdocs.office import Office
from xfdocs.production.fingerprint import changed
from xfdocs.production.workshop import Workshop, open_workshop
from xfdocs.register.journal import local
from xfdocs.register.register import Register
from xfdocs.register.runs import Run

_LONGEST_SIGNER = 100


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the work of a run is to be done; as `open_workshop` has it."""

    jobs: int | None = 1
    dask: str | None = None
    executor: Executor | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a run works with."""

    register: Register
    run: Run
    workshop: Workshop


@contextmanager
def opened_run(
    office: Office,
    prints: Mapping[str, str],
    work: Workplace,
    *,
    many: bool,
    tell: Callable[[str], None],
) -> Iterator[Opened]:
    """A run while the block lasts; left by an exception it counts as interrupted, and the next run is told.

    *prints* are the digests of what documents are made with; *many*: there is more to do than one chunk.

    Raises:
        RegisterUnreachable, RegisterBroken: the register cannot be used.
        UsageFault, LibraryMissing, WorkersGone: there is no place for the work.
    """
    with ExitStack() as open_things:
        register = open_things.enter_context(Register.open(office))
        run = open_things.enter_context(register.begin_run(prints))
        try:
            workshop = open_things.enter_context(_workshop(work, many=many))
        except XfdocsError:
            run.end()  # nothing was begun that could be gone on with
            raise
        _tell_of_before(run, prints, office, tell)
        yield Opened(register, run, workshop)
        run.end()


def _workshop(work: Workplace, *, many: bool) -> AbstractContextManager[Workshop]:
    """Where the work is done: one chunk is done here, sooner than a process would start."""
    if work.dask is not None or work.executor is not None:
        return open_workshop(None if work.jobs == 1 else work.jobs, work.dask, work.executor)
    return open_workshop(work.jobs if many else 1)


def _tell_of_before(run: Run, prints: Mapping[str, str], office: Office, tell: Callable[[str], None]) -> None:
    """Say that an earlier run was broken off, and what has changed since."""
    if run.before is None:
        return
    began = local(run.before.started_at)
    left = f"（有 {run.before.reserved} 份取了号，还没有制发）" if run.before.reserved else ""
    tell(f"上一次制发（{began:%Y-%m-%d %H:%M} 开始）没有做完，从断开的地方接着做{left}。")
    if names := changed(run.before.templates, prints, office):
        tell(
            f"那一次以后，{'、'.join(names)}有改动：已经制发的不变，其余按现在的制作。请核对两部分是否应当一致。"
        )


def signer_named(signer: str) -> str:
    """A 签发人 as every record can name one: what cannot be written back must not be issued. Raises `UsageFault`."""
    name = " ".join(signer.split())
    if not name.isprintable() or len(name) > _LONGEST_SIGNER:
        raise UsageFault(
            message=f"签发人应为姓名：一行文字，不超过 {_LONGEST_SIGNER} 字，没有控制字符。没有制发。"
        )
    return name
