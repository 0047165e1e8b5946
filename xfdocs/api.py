"""The names that `import xfdocs` offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.office import Office
from xfdocs.production.drafting import kinds_named
from xfdocs.production.engines import engine_of
from xfdocs.production.naming import FORMATS
from xfdocs.production.outcome import Outcome
from xfdocs.progress import Progress
from xfdocs.record.validation import Validator, read_case, validate

__all__ = ["Office", "compose", "issue", "read_case", "render", "validate"]


def render(document: Document, fmt: str, office: Office) -> bytes:
    """The finished file of a document: *fmt* is ``docx`` or ``pdf``.

    Raises:
        ValueError: another format.
        GlyphMissing: a character that no font has.
        LayoutInvalid, RenderWarned: the layout cannot print it as it should.
    """
    if fmt not in FORMATS:
        raise ValueError(f"unknown format {fmt!r}; one of {', '.join(FORMATS)}")
    return engine_of(office, fmt).render(document)


def issue(
    paths: Iterable[Path | str],
    office: Office,
    *,
    kinds: Sequence[str] | None = None,
    on: dt.date | None = None,
    formats: Sequence[str] = FORMATS,
    signer: str = "",
    jobs: int | None = 1,
    dask: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Number, make, register and write back what records call for and do not have.

    An outcome for each document, in the order of the records, as the work goes on: **the work is done while the
    iterator is read**.  What is refused is an outcome and the rest is done; only what stops everything is raised.
    Broken off and called again, it goes on from there: the same numbers to the same documents.

    *paths* are records and folders; *kinds* slugs or titles, None for every kind; *on* the day of the run, today
    if not given: it decides about warnings only.  *signer* is the 签发人 of everything made now.  *jobs* processes
    work, None for as many as there are processors (a script that asks for more than one needs the usual
    ``if __name__ == "__main__"``); *dask* is the address of a cluster, *executor* any other place for the work.
    *tell* gets sentences that are about the run and not about a document.

    Raises:
        ValueError: another format than ``docx`` and ``pdf``.
        KindUnknown, NothingThere: a kind or a record that there is not.
        RegisterUnreachable, RegisterBroken: the register cannot be used.
        MachineLacks, WordingInvalid, LayoutInvalid, LawDataInvalid: nothing can be made at all.
        WorkersGone: the workers died and could not be replaced.
    """
    from xfdocs.production import issuing  # the register's libraries are loaded by whoever issues

    if unknown := set(formats) - set(FORMATS):
        raise ValueError(f"unknown format {min(unknown)!r}; one of {', '.join(FORMATS)}")
    return issuing.issue(
        None if kinds is None else kinds_named(kinds, office),
        [Path(path) for path in paths],
        office,
        on=Validator(office, on=on).on,
        formats=tuple(formats),
        signer=signer,
        jobs=jobs,
        dask=dask,
        executor=executor,
        progress=progress,
        tell=tell,
    )
