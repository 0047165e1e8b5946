"""What the page and the note say of a package: the names that their templates use."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from xfdocs.archive.entries import retention_text
from xfdocs.archive.model import Material, Model, Package, Part, Role, Volume
from xfdocs.archive.page.speech import Speech, link
from xfdocs.record.aloud import Item, Section, sections
from xfdocs.record.events import Event
from xfdocs.record.model import Case, Issued
from xfdocs.record.status import status_of

_ROLES: Final = {
    Role.ACCESS: "阅读副本",
    Role.DOCUMENT: "文书",
    Role.ATTACHMENT: "收到的原文件",
    Role.EDITABLE: "可编辑的文本",
    Role.RECORD: "案件记录",
    Role.CATALOGUE: "归档目录",
    Role.METADATA: "元数据",
    Role.PAGE: "说明",
}
"""What a file is there for, in words; the first to be read comes first."""
_ORDER: Final = {role: place for place, role in enumerate(_ROLES)}
_ELSEWHERE: Final = frozenset({"办理", "文书", "附件", "归档"})
"""Parts of the record that the page shows in places of their own: what was done, and the files."""
_ACTIVE: Final = frozenset(
    {".html", ".htm", ".xhtml", ".xht", ".svg", ".svgz", ".mht", ".mhtml", ".hta", ".shtml"}
)
_ACTIVE_MEDIA: Final = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "multipart/related", "message/rfc822"}
)
"""What a browser runs when it opens it."""
_BEWARE: Final = "浏览器打开这个文件时会运行其中的程序，确有需要才打开。"
_OPEN_UP_TO: Final = 300
"""A catalogue of more lines than that is folded up, volume by volume."""
_LEAF: Final = 200
"""And so many lines at a time: a browser lays out what is unfolded, and a table of 10 000 lines takes it long."""
_OUTCOMES: Final = {"success": "完成", "warning": "完成，有需要留意的情况", "failure": "未完成"}
_KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class File:
    """One file as the page shows it."""

    href: Markup
    name: str
    received: str
    """Its name as received, where that was changed."""
    role: str
    format: str
    size: str
    bytes: str
    """Exactly; empty where `size` says so already."""
    short: Markup
    digest: Markup
    notes: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a 卷内目录."""

    anchor: str
    material: Material
    number: str
    """档号 of the material."""
    span: str
    """页号: 3, 3–5; empty if nobody knows."""
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """So many lines of a catalogue as one table shows."""

    rows: tuple[Row, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Book:
    """One volume, or the one 件."""

    volume: Volume
    rows: tuple[Row, ...]
    leaves: tuple[Leaf, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was issued, and the line of the catalogue where it stands, if it is there."""

    issued: Issued
    anchor: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event."""

    event: Event
    name: str
    organ: str
    items: tuple[Item, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done to the files when they were packed."""

    at: dt.datetime
    outcome: str
    good: bool
    detail: str
    agent: str


TELLING: Final = frozenset({File, Row, Book, Material, Item})
"""Classes without methods, of which a page may show tens of thousands."""


def names_of_page(package: Package, case: Case, speech: Speech) -> dict[str, Any]:
    """Every name that ``index.html`` may use."""
    read = {section.name: section for section in sections(case)}
    books = _books(package)
    papers = _papers(case, books)
    secret = case.confidentiality.secret if case.confidentiality else None
    return {
        **_common(package, books),
        "mark": f"{secret.level}★{secret.years}年" if secret else package.secrecy,
        "protected": speech.protected,
        "state": status_of(case).zh,
        "glance": tuple(speech.told(section) for name, section in read.items() if name not in _ELSEWHERE),
        "events": tuple(_happenings(case, read.get("办理"), papers)),
        "loose": tuple(papers[None]),
        "on_paper": tuple(row for book in books for row in book.rows if not row.files),
        "others": tuple(
            (_ROLES[role], tuple(map(_file, parts)))
            for role, parts in groupby(sorted(package.others, key=_place), key=lambda part: part.role)
        ),
        "done": tuple(
            Done(
                action.at, _OUTCOMES.get(action.outcome, action.outcome), action.outcome == "success",
                action.detail, action.agent,
            )
            for action in package.actions
        ),
    }  # fmt: skip


def names_of_note(package: Package) -> dict[str, Any]:
    """Every name that ``note.txt`` may use."""
    books = _books(package)
    return {**_common(package, books), "others": tuple(map(_file, sorted(package.others, key=_place)))}


def _common(package: Package, books: tuple[Book, ...]) -> dict[str, Any]:
    materials = [row.material for book in books for row in book.rows]
    parts = list(package.parts())
    known = sum(one.pages or 0 for one in materials)
    return {
        "package": package,
        "number": package.number,
        "item": package.model is Model.ITEM,
        "books": books,
        "retention": retention_text(package.retention),
        "first": min(volume.first for volume in package.volumes),
        "last": max(volume.last for volume in package.volumes),
        "materials": len(materials),
        "pages": known,
        "uncounted": sum(one.pages is None for one in materials),
        "files": len(parts),
        "size": _size(sum(part.size for part in parts)),
    }


def _books(package: Package) -> tuple[Book, ...]:
    whole = sum(len(volume.materials) for volume in package.volumes)
    return tuple(_book(volume, open_=whole <= _OPEN_UP_TO) for volume in package.volumes)


def _book(volume: Volume, *, open_: bool) -> Book:
    rows = tuple(_row(volume, one) for one in volume.materials)
    at_once = len(rows) if open_ or len(rows) <= _LEAF else _LEAF
    leaves = (rows[start : start + at_once] for start in range(0, len(rows), at_once or 1))
    return Book(volume, rows, tuple(Leaf(some, len(some) < len(rows)) for some in leaves), open_)


def _row(volume: Volume, one: Material) -> Row:
    begins, pages = one.first_page, one.pages
    last = begins + pages - 1 if begins is not None and pages else None
    span = "" if begins is None else f"{begins}–{last}" if last is not None and last > begins else f"{begins}"
    files = tuple(map(_file, sorted(one.parts, key=_place)))
    return Row(f"m{volume.seq}-{one.seq}", one, volume.named(one), span, files)


def _place(part: Part) -> int:
    return _ORDER[part.role]


def _file(part: Part) -> File:
    notes = [part.note] if part.note else []
    if part.role is Role.ATTACHMENT and (
        part.path.suffix.lower() in _ACTIVE or part.format.media in _ACTIVE_MEDIA
    ):
        notes.append(_BEWARE)
    return File(
        href=link(part.path),
        name=part.path.name,
        received=part.name if part.name != part.path.name else "",
        role=_ROLES[part.role],
        format=part.format.name,
        size=_size(part.size),
        bytes=f"{part.size:,}" if part.size >= _KILO else "",
        short=Markup(part.sha256[:12]),  # noqa: S704 - hexadecimal digits; no text in which to look for names
        digest=Markup(part.sha256),  # noqa: S704
        notes=tuple(notes),
        path=f"data/{part.path}",
    )


def _papers(case: Case, books: Iterable[Book]) -> dict[int | None, list[Paper]]:
    """What was issued, by the event it carries; under None what carries none that the record has."""
    by_digest: dict[str, str] = {}
    by_number: dict[str, str] = {}
    for book in books:
        for row in book.rows:
            by_digest.update((part.sha256, row.anchor) for part in row.material.parts)
            if row.material.number:
                by_number.setdefault(row.material.number, row.anchor)
    seqs = {event.seq for event in case.events}
    found: dict[int | None, list[Paper]] = defaultdict(list)
    for issued in case.issued:
        same = (by_digest[file.sha256] for file in issued.files if file.sha256 in by_digest)
        anchor = next(same, by_number.get(issued.number or "", ""))
        found[issued.event if issued.event in seqs else None].append(Paper(issued, anchor))
    return found


def _happenings(
    case: Case, read: Section | None, papers: dict[int | None, list[Paper]]
) -> Iterator[Happening]:
    for entry in read.entries if read else ():
        event = entry.part
        organ = event.organ or case.registration.organ
        yield Happening(event, entry.name, organ, entry.items, tuple(papers[event.seq]))


def _size(number: int) -> str:
    """So many bytes as people say it, 1 KB = 1024 bytes, as file managers count."""
    size, unit = float(number), "字节"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < _KILO:
            break
        size, unit = size / _KILO, larger
    return f"{number} 字节" if unit == "字节" else f"{size:.1f} {unit}"
