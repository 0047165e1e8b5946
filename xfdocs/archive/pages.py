"""How many pages a file has, where anybody can count them.

A PDF says it, a TIFF has as many as pictures for reading, any other picture is one page, an OFD lists its pages.  How many
pages a docx has depends on who prints it; a sheet, a text, a recording have none of their own: nobody can count them,
unless there is a copy for reading, whose pages are counted instead.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

from xfdocs.archive.formats import Identified
from xfdocs.archive.peek import BAD_ZIP, Members, Peek, peek
from xfdocs.errors import LibraryMissing

_ONE_PAGE = frozenset({"jpeg", "png", "gif", "bmp", "webp", "heic", "avif", "svg", "psd", "emf", "wmf"})
_PICTURES = 100_000
"""More pictures than a TIFF of a scanner has."""


def page_count(source: Path | bytes, found: Identified) -> int | None:
    """The pages of a file that was identified; None if nobody can count them."""
    key = found.rule.key
    if key == "pdf":
        return look_at_pdf(source).pages
    if key == "tiff":
        with peek(source) as file:
            return look_at_tiff(file).pages or None
    if key == "ofd":
        with peek(source) as file:
            return _ofd_pages(file)
    return 1 if key in _ONE_PAGE else None


# --- PDF --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PdfLook:
    """What opening a PDF showed."""

    pages: int | None
    """None if it could not be opened."""
    password: bool = False
    """It opens for those only who know its password."""


def look_at_pdf(source: Path | bytes) -> PdfLook:
    """Open a PDF with PDFium, which reads what it needs of it, and close it.

    Raises:
        LibraryMissing: there is no pypdfium2.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise LibraryMissing(
            library="pypdfium2", what="读 PDF", mend="请运行 pip install pypdfium2。"
        ) from error
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return PdfLook(
            None,
            getattr(error, "err_code", None)
            in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY},
        )
    try:
        return PdfLook(len(document) or None)
    finally:
        document.close()


# --- TIFF -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TiffLook:
    """What the directories of a TIFF say."""

    pages: int
    broken: bool
    """A directory or the data of a picture is said to lie beyond the end of the file, or leads in a circle."""


def look_at_tiff(file: Peek) -> TiffLook:
    """Follow the directories of a TIFF, BigTIFF too (TIFF 6.0 section 2); small copies beside a page are no pages."""
    order = "<" if file.head.startswith(b"II") else ">"
    big = file.head[2:4] in {b"\x2b\x00", b"\x00\x2b"}
    count_size, entry_size, offset = (8, 20, "Q") if big else (2, 12, "I")
    width = struct.calcsize(offset)
    place = _number(file.read(8 if big else 4, width), order)
    seen: set[int] = set()
    pages, broken = 0, place == 0
    while place:
        if place in seen or len(seen) > _PICTURES:
            return TiffLook(pages, True)
        seen.add(place)
        count = _number(file.read(place, count_size), order)
        table = file.read(place + count_size, count * entry_size + width)
        if not count or len(table) < count * entry_size + width:
            return TiffLook(pages, True)
        directory = _Directory(file, order, table[: count * entry_size], entry_size)
        pages += not directory.first(254) & 1  # NewSubfileType: a reduced picture
        broken = broken or directory.beyond()
        place = _number(table[-width:], order)
    return TiffLook(pages, broken)


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "<" else "big")


@dataclass(frozen=True, slots=True)
class _Directory:
    """One directory of a TIFF."""

    file: Peek
    order: str
    table: bytes
    size: int

    def values(self, tag: int) -> list[int]:
        """The whole numbers of a field; none if it is absent or of another type."""
        for at in range(0, len(self.table), self.size):
            entry = self.table[at : at + self.size]
            number, kind = struct.unpack_from(f"{self.order}HH", entry)
            if number == tag:
                half = (self.size - 4) // 2
                count = _number(entry[4 : 4 + half], self.order)
                step = {3: 2, 4: 4, 16: 8}.get(kind, 0)
                value = entry[4 + half :]
                data = (
                    value
                    if count * step <= len(value)
                    else self.file.read(_number(value, self.order), count * step)
                )
                return (
                    [
                        _number(data[i : i + step], self.order)
                        for i in range(0, min(len(data), count * step), step)
                    ]
                    if step
                    else []
                )
        return []

    def first(self, tag: int) -> int:
        return next(iter(self.values(tag)), 0)

    def beyond(self) -> bool:
        """Whether strips or tiles end beyond the file, or there are none."""
        for offsets, lengths in ((273, 279), (324, 325)):
            places, sizes = self.values(offsets), self.values(lengths)
            if places:
                return len(sizes) not in {0, len(places)} or any(
                    place + size > self.file.size
                    for place, size in zip(places, sizes or [0] * len(places), strict=True)
                )
        return True


# --- OFD --------------------------------------------------------------------------------------------------

_ROOT = re.compile(rb"<(?:[\w.-]+:)?DocRoot\s*>\s*/?([^<]+?)\s*<")
_PAGE = re.compile(rb"<(?:[\w.-]+:)?Page[\s/>]")


def _ofd_pages(file: Peek) -> int | None:
    """The pages that the documents of an OFD list (GB/T 33190-2016 7.4, 7.5)."""
    try:
        members = Members(file)
    except BAD_ZIP:
        return None
    roots = [root.decode("utf-8", "replace") for root in _ROOT.findall(members.start("OFD.xml", 1 << 20))]
    lists = [members.start(root, 16 << 20) for root in roots]
    return sum(len(_PAGE.findall(text)) for text in lists) or None
