"""A book written down: as a workbook to be filtered and added to, and as pages to be printed, signed and bound.

Rows come one by one and go into both at once; a workbook is written as they come, pages are laid out a volume at a
time.  So memory does not grow with the book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xfdocs.errors import BookTouched
from xfdocs.files import Staging
from xfdocs.office import Office
from xfdocs.progress import Progress, Silent
from xfdocs.reports.book_pages import MARK, Head, Pages, Part, may_replace, volumes_in
from xfdocs.reports.book_rows import HIDDEN, Changed, Row, rows_of
from xfdocs.reports.books import Book
from xfdocs.rules.period import Period
from xfdocs.sheets import Book as Workbook
from xfdocs.sheets import Column, Sheets, untouched, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

FORMATS = ("xlsx", "pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a book."""

    files: tuple[Path, ...]
    rows: int
    sums: dict[str, int] = field(default_factory=dict)
    """What columns add up to, by their heads."""
    left_out: tuple[str, ...] = ()
    """Records that have no row, and why."""


def write_book(
    book: Book,
    period: Period,
    folder: Path,
    office: Office,
    connection: sa.Connection,
    *,
    on: dt.date,
    formats: Collection[str] = FORMATS,
    full: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write a book for a period into a folder, in one or both of `FORMATS`, from an index that is up to date.

    Files that this program wrote before and nobody has touched are replaced.  Unless it is *full*, who reported
    somebody and whom they reported is left out (条例22 30·3).

    Raises:
        BookTouched: there is a file that is no book of ours, or that somebody has worked on; nothing is written.
        BookInvalid: an expression cannot be worked out for a record; nothing is written.
        GlyphMissing, FontsMissing: it cannot be printed.
    """
    if book.correspondence:
        raise ValueError(f"{book.slug} is kept by the register")
    heads = [Head(column.head, column.width, column.sum, column.unit) for column in book.columns]
    rows = rows_of(book, period, min(on, period.last), office, connection, full=full)
    notes = () if full else (f"检举控告事项中信访人、被反映人的姓名和联系方式不列，写作“{HIDDEN}”。",)
    return write_parts(
        [Part(book.title, book.unit, heads, rows, notes)],
        book.title,
        period,
        folder,
        office,
        formats=formats,
        progress=progress or Silent(),
    )


def write_correspondence(
    book: Book,
    period: Period,
    folder: Path,
    office: Office,
    *,
    formats: Collection[str] = FORMATS,
    progress: Progress | None = None,
) -> Written:
    """The 收发文登记簿 of a period: the workbook is that of `register export`, the pages are two books.

    Raises as `write_book` does.
    """
    from xfdocs.register import book as kept
    from xfdocs.register.incoming import incoming_letters
    from xfdocs.register.register import Register

    progress = progress or Silent()
    files: list[Path] = []
    with Register.open(office) as register:

        def outgoing() -> Iterator[Any]:
            return register.entries(first=period.first, last=period.last)

        def incoming() -> Iterator[Any]:
            return incoming_letters(register.database, period)

        parts = [
            Part("发文登记簿", "份", _heads(kept.OUTGOING), _values(kept.OUTGOING, outgoing())),
            Part("收文登记簿", "份", _heads(kept.INCOMING), _values(kept.INCOMING, incoming())),
        ]
        workbook = folder / f"{book.title}.xlsx"
        if "xlsx" in formats:
            _check(workbook, kept.MARK)
        pages = write_parts(
            parts, book.title, period, folder, office, formats={"pdf"} & {*formats}, progress=progress
        )
        rows = pages.rows
        if "xlsx" in formats:
            made = kept.write_book(
                workbook, outgoing(), incoming(), organ=office.organ.name, period=period.name
            )
            files.append(workbook)
            rows = made.outgoing + made.incoming
    return Written(files=(*files, *pages.files), rows=rows)


def _heads(columns: Iterable[Column[Any]]) -> list[Head]:
    return [Head(column.head, column.width) for column in columns]


def _values(columns: Sequence[Column[Any]], ones: Iterable[Any]) -> Iterator[Row]:
    return (tuple(column.value(one) for column in columns) for one in ones)


def write_parts(
    parts: Sequence[Part],
    title: str,
    period: Period,
    folder: Path,
    office: Office,
    *,
    formats: Collection[str],
    progress: Progress,
    mark: str = MARK,
) -> Written:
    """Write the parts: all of them into one workbook, each on pages of its own.

    *mark* tells files of this origin from all others.  Raises as `write_book` does.
    """
    tally = _Tally()
    files: list[Path] = []
    stale: list[Path] = []
    with Staging() as staging, ExitStack() as stack:
        workbook = None
        if "xlsx" in formats:
            files.append(folder / f"{title}.xlsx")
            folder.mkdir(parents=True, exist_ok=True)
            workbook = stack.enter_context(writing(files[0], title=f"{office.organ.name}{title}", mark=mark))
        for part in parts:
            sheets = _sheets(workbook, part, office, period) if workbook is not None else None
            pages = Pages(part, period, folder, office, staging, mark) if "pdf" in formats else None
            for row in tally.counting(part):
                progress.advance()
                if sheets is not None:
                    sheets.add(row)
                if pages is not None:
                    pages.add(row)
            if pages is not None:
                volumes = pages.close()
                files += volumes
                stale += [path for path in volumes_in(folder, part.title) if path not in volumes]
        if refused := staging.commit(partial(may_replace, mark=mark)):
            raise BookTouched(file=refused[0])
        for path in stale:  # volumes of a longer book of before
            if may_replace(path, mark):
                path.unlink(missing_ok=True)
    return Written(files=tuple(files), rows=tally.rows, sums=tally.sums, left_out=tuple(tally.left_out))


@dataclass(slots=True)
class _Tally:
    """What has gone into a book so far."""

    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def counting(self, part: Part) -> Iterator[Row]:
        """The rows of a part, counted as they come."""
        added = {at: head.head for at, head in enumerate(part.heads) if head.sum}
        self.sums |= dict.fromkeys(added.values(), 0)
        for row in part.rows:
            if isinstance(row, Changed):
                self.left_out.append(row.why)
                continue
            self.rows += 1
            for at, head in added.items():
                value = row[at]
                self.sums[head] += value if isinstance(value, int) else 0
            yield row


def _sheets(workbook: Workbook, part: Part, office: Office, period: Period) -> Sheets[Row]:
    columns: tuple[Column[Row], ...] = tuple(
        Column(head.head, head.width, itemgetter(at), head.sum) for at, head in enumerate(part.heads)
    )
    title = f"{office.organ.name}{part.title}"
    return workbook.sheets(part.title, columns, title=title, period=period.name, unit=part.unit)


def _check(path: Path, mark: str) -> None:
    if path.exists() and not untouched(path, mark):
        raise BookTouched(file=path)
