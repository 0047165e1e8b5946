"""Writing a report to files: docx, PDF and xlsx with the same numbers, in a folder of the period.

What somebody has worked on since is not written over: the folder keeps, hidden, the digests of what was written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.model import Block, Document
from xfdocs.errors import BookTouched
from xfdocs.files import write_whole
from xfdocs.office import Office
from xfdocs.production.engines import engine_of
from xfdocs.reports.composing import document_of
from xfdocs.reports.model import Report
from xfdocs.reports.workbook import write_workbook

FORMATS = ("docx", "pdf", "xlsx")
_KEPT = ".xfdocs-reports.json"


class Shelf:
    """A folder of reports that knows what it was given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / _KEPT
        self._digests: dict[str, list[str]] = {}
        """File name → digests of what was written last, and before."""
        with suppress(OSError, ValueError):
            self._digests = dict(json.loads(self._file.read_text("utf-8")))

    def put(self, name: str, data: bytes) -> Path:
        """Write a file. Raises `BookTouched` if there is one that was not written here, or was changed since."""
        path = self.folder / name
        self.check(path)
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()
        before = self._digests.get(name, [])
        self._digests[name] = [*before[-1:], digest]
        self._keep()  # first, and with the one before: a kill in between leaves a file that is still known
        write_whole(path, data)
        return path

    def check(self, path: Path) -> None:
        """Raise `BookTouched` if a file stands there that is not as it was written here."""
        if path.exists() and _sha256(path) not in self._digests.get(path.name, []):
            raise BookTouched(file=path)

    def _keep(self) -> None:
        write_whole(self._file, json.dumps(self._digests, ensure_ascii=False, indent=1).encode())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def publish(
    report: Report,
    office: Office,
    folder: Path,
    *,
    formats: Sequence[str] = FORMATS,
    figures: Mapping[str, tuple[Block, ...]] | None = None,
    names: Mapping[str, Any] | None = None,
    day: dt.date | None = None,
    check: Callable[[Sequence[Path]], None] = lambda _: None,
    workbook: Callable[[Path], None] | None = None,
) -> Iterator[Path]:
    """Write a report in some formats into *folder*, and tell each file; *day* is its 成文日期, 截止日 if not given.

    *workbook* writes the xlsx of a report that has other things to say there than its tables of numbers.
    The files are made elsewhere first and given to *check*, which may raise: then none of them appears.

    Raises:
        BookTouched: one of the files is not as it was written here; nothing was written over it.
        WordingInvalid: the wording has a fault.
        FontsMissing, GlyphMissing, LibraryMissing: it cannot be printed here.
    """
    shelf = Shelf(folder)
    base = file_name(report, office)
    for fmt in formats:
        shelf.check(folder / f"{base}.{fmt}")
    document: Document | None = None
    with TemporaryDirectory(prefix="xfdocs-") as place:
        made = [Path(place) / f"{base}.{fmt}" for fmt in formats]
        for fmt, path in zip(formats, made, strict=True):
            if fmt == "xlsx":
                (workbook or partial(write_workbook, report))(path)
                continue
            if document is None:
                document = document_of(report, office, figures, names=names, day=day)
            path.write_bytes(engine_of(office, fmt).render(document))
        check(made)
        for path in made:
            yield shelf.put(path.name, path.read_bytes())


def file_name(report: Report, office: Office) -> str:
    """The name of a report's files, without the ending."""
    title = catalogue_of(office).kind(report.kind).title
    return f"{title}{'（公开版）' if report.public else ''}"
