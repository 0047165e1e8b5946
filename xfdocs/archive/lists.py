"""Lists over many packages: 归档文件目录 and 移交清单, as a workbook and as pages to be signed and bound.

Rows come one by one and go into both at once, as those of a 台账 do (`xfdocs.reports.book_files`): ten thousand packages
take as much memory as a thousand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xfdocs.archive.entries import Entry
from xfdocs.office import Office
from xfdocs.progress import Progress, Silent
from xfdocs.reports.book_files import FORMATS, Written, write_parts
from xfdocs.reports.book_pages import Head, Part
from xfdocs.rules.period import Period

MARK: Final = "由 xfdocs archive catalogue 写出"
"""Tells lists of ours from other files."""
_NUMBER, _TITLE, _DAY, _SHORT = 20, 36, 11, 8
_UNKNOWN: Final = "页数不清"


@dataclass(frozen=True, slots=True)
class List:
    """One kind of list: its title, what its rows are counted in, and its columns."""

    title: str
    heads: tuple[Head, ...]
    notes: tuple[str, ...]
    unit: str = "案"

    def row(self, one: Entry) -> tuple[Any, ...]:
        """What stands in the columns for one package."""
        return tuple(_VALUES[head.head](one) for head in self.heads)


def _remark(one: Entry) -> str:
    return "；".join(filter(None, (_UNKNOWN if one.pages is None else "", one.remark)))


_VALUES: Final[Mapping[str, Callable[[Entry], str | int | dt.date | None]]] = {
    "档号": lambda one: one.number,
    "文号": lambda one: one.document,
    "责任者": lambda one: one.responsible,
    "题名": lambda one: one.title,
    "日期": lambda one: one.last,
    "密级": lambda one: one.secrecy,
    "页数": lambda one: one.pages,
    "备注": _remark,
    "保管期限": lambda one: one.span,
    "卷数": lambda one: one.volumes,
    "件数": lambda one: one.items,
    "文件数": lambda one: one.files,
    "字节数": lambda one: one.size,
    "校验值": lambda one: one.digest,
}

# DA/T 22-2015 5.5 names these nine (序号 is the first of every list).
CATALOGUE: Final = List(
    "归档文件目录",
    (
        Head("档号", _NUMBER),
        Head("文号", 16),
        Head("责任者", 16),
        Head("题名", _TITLE),
        Head("日期", _DAY),
        Head("密级", _SHORT),
        Head("页数", _SHORT, True, "页"),
        Head("备注", 12),
    ),
    ("页数是各件印出的页数，封面、目录、备考表不计；页数不清的不计入合计，在备注中写明。",),
)
TRANSFER: Final = List(
    "归档文件移交清单",
    (
        Head("档号", _NUMBER),
        Head("题名", _TITLE),
        Head("责任者", 16),
        Head("日期", _DAY),
        Head("保管期限", _SHORT),
        Head("卷数", _SHORT, True, "卷"),
        Head("件数", _SHORT, True, "件"),
        Head("页数", _SHORT, True, "页"),
        Head("文件数", _SHORT, True, "个文件"),
        Head("字节数", 14, True, "字节"),
        Head("校验值", 24),
        Head("备注", 12),
    ),
    (
        "校验值是归档信息包 tagmanifest-sha256.txt 的 SHA-256：接收后重算，一致的，包里每个文件都与移交时相同。",
        "页数不清的不计入合计，在备注中写明。",
    ),
)


def write_list(
    kind: List,
    entries: Iterable[Entry],
    period: Period,
    folder: Path,
    office: Office,
    *,
    formats: Collection[str] = FORMATS,
    progress: Progress | None = None,
) -> Written:
    """Write `CATALOGUE` or `TRANSFER` into a folder, in one or both of `FORMATS`, in the order of *entries*.

    Every page of the PDF tells what it and all before it add up to; the workbook adds up by formulas.  The same entries
    give the same bytes on any day.  Files that this program wrote before and nobody has touched are replaced.

    Raises:
        BookTouched: there is a file that is no list of ours, or that somebody has worked on; nothing is written.
        GlyphMissing, FontsMissing: it cannot be printed.
    """

    def rows() -> Iterator[tuple[Any, ...]]:
        return (kind.row(one) for one in entries)

    return write_parts(
        [Part(kind.title, kind.unit, list(kind.heads), rows(), kind.notes)],
        kind.title,
        period,
        folder,
        office,
        formats=formats,
        progress=progress or Silent(),
        mark=MARK,
    )
