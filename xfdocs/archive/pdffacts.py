"""What a PDF says of itself, read from where it says it: its version, whether it is PDF/A, whether it is encrypted.

A PDF is read from its end: the last cross-reference section leads to the catalogue, that to the metadata (ISO 32000-1
7.5).  So little is read of a big file.  One whose way is broken is looked at where such things mostly stand.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from xfdocs.archive.peek import Peek

_SECTIONS = 256
"""More updates than a file that people made has."""
_OBJECT = 4096
_STREAM = 4 * 1024 * 1024
_UNPACKED = 16 * 1024 * 1024

_HEADER = re.compile(rb"%PDF-(\d\.\d)")
_START = re.compile(rb"startxref\s+(\d{1,12})\b")
_PART = re.compile(rb"pdfaid:part\s*(?:>|=\s*[\"'])\s*(\d)")
_CONFORMANCE = re.compile(rb"pdfaid:conformance\s*(?:>|=\s*[\"'])\s*([A-Za-z])")
_NUMBERS = re.compile(rb"\d+")


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF says of itself."""

    version: str
    """1.7; of PDF/A, A-2b."""
    encrypted: bool
    whole: bool
    """Whether it says where it ends: one that was cut off does not."""


def pdf_facts(file: Peek) -> PdfFacts:
    """Version, encryption and end of a file that begins as a PDF."""
    header = _HEADER.search(file.head, 0, 1100)
    tail = file.tail(2048)
    whole = b"%%EOF" in tail
    reader = _Reader(file, header.start() if header else 0)
    said = list(_START.finditer(tail))
    catalogue = b""
    if said:
        reader.walk(int(said[-1][1]))
        catalogue = reader.dictionary(reader.root)
    encrypted = reader.encrypted
    metadata = b"" if encrypted else reader.stream(_reference(catalogue, b"Metadata"))
    if not catalogue:
        edges = file.head + file.tail(64 * 1024)
        encrypted = encrypted or b"/Encrypt" in edges[-64 * 1024 :]
        metadata = b"" if encrypted else edges
    part = _PART.search(metadata)
    if part:
        conformance = _CONFORMANCE.search(metadata)
        level = conformance[1].decode().lower() if conformance else ""
        return PdfFacts(f"A-{part[1].decode()}{level}", encrypted, whole)
    later = re.search(rb"/Version\s*/(\d\.\d)", catalogue)
    versions = [found[1].decode() for found in (header, later) if found]
    return PdfFacts(max(versions, default=""), encrypted, whole)


def _reference(dictionary: bytes, key: bytes) -> int:
    """The number of the object that is the value of *key*; 0 if there is none."""
    found = re.search(rb"/" + key + rb"\s+(\d{1,10})\s+\d+\s+R", dictionary)
    return int(found[1]) if found else 0


def _number(dictionary: bytes, key: bytes, default: int = 0) -> int:
    found = re.search(rb"/" + key + rb"\s+(\d{1,10})\b(?!\s+\d+\s+R)", dictionary)
    return int(found[1]) if found else default


@dataclass(slots=True)
class _Reader:
    """Finds objects by the cross-reference sections; what does not fit together is as if it were not there."""

    file: Peek
    shift: int
    """Bytes before the header, from which places count."""
    root: int = 0
    encrypted: bool = False
    sections: list[tuple[int, int, int] | dict[int, tuple[int, int]]] = field(default_factory=list)
    """The newest first. Of a table: first number, how many, where its entries stand; of a stream: number → (place, 0),
    or (stream of objects, 1)."""

    def walk(self, place: int) -> None:
        """Take in the section at *place* and those before it."""
        todo = [place]
        seen: set[int] = set()
        while todo and len(seen) < _SECTIONS:
            place = todo.pop(0)
            if place in seen:
                continue
            seen.add(place)
            start = self.file.read(place + self.shift, _OBJECT).lstrip()
            if not start:
                continue
            trailer = self._classic(place) if start.startswith(b"xref") else self._stream(place, start)
            self.root = self.root or _reference(trailer, b"Root")
            self.encrypted = self.encrypted or b"/Encrypt" in trailer
            todo += [_number(trailer, key) for key in (b"XRefStm", b"Prev") if _number(trailer, key)]

    def _classic(self, place: int) -> bytes:
        """Note the subsections of a table; its trailer."""
        data = self.file.read(place + self.shift, _OBJECT)
        at = place + self.shift + data.index(b"xref") + 4
        for _ in range(_SECTIONS * 16):
            line = self.file.read(at, 64)
            found = re.match(rb"\s*(\d{1,10})\s+(\d{1,10})\s*?(?:\r\n|\n|\r)", line)
            if not found:
                break
            first, count = int(found[1]), int(found[2])
            self.sections.append((first, count, at + found.end()))
            at += found.end() + count * 20
        trailer = self.file.read(at, _OBJECT)
        return trailer.split(b"startxref")[0] if b"trailer" in trailer[:64] else b""

    def _stream(self, place: int, start: bytes) -> bytes:
        """Take in a cross-reference stream; its dictionary."""
        dictionary = start.split(b"stream")[0]
        if b"/XRef" not in dictionary:
            return b""
        data = _unpredicted(self._content(place), dictionary)
        widths = re.search(rb"/W\s*\[\s*(\d)\s+(\d)\s+(\d)", dictionary)
        if not widths:
            return dictionary
        kind, second, third = (int(width) for width in widths.groups())
        step = kind + second + third
        index = re.search(rb"/Index\s*\[([\d\s]*)\]", dictionary)
        runs = (
            [int(number) for number in _NUMBERS.findall(index[1])]
            if index
            else [0, _number(dictionary, b"Size")]
        )
        known: dict[int, tuple[int, int]] = {}
        at = 0
        for first, count in zip(runs[::2], runs[1::2], strict=False):
            for number in range(first, first + min(count, (len(data) - at) // step if step else 0)):
                what = int.from_bytes(data[at : at + kind], "big") if kind else 1
                where = int.from_bytes(data[at + kind : at + kind + second], "big")
                at += step
                if what in {1, 2}:
                    known[number] = (where, what - 1)
        self.sections.append(known)
        return dictionary

    # --- objects ------------------------------------------------------------------------------------------

    def _places(self, number: int) -> Iterator[tuple[int, int]]:
        """Where an object may stand, the newest first."""
        for section in self.sections:
            if isinstance(section, dict):
                if number in section:
                    yield section[number]
                continue
            first, count, place = section
            if first <= number < first + count:
                entry = self.file.read(place + (number - first) * 20, 20)
                if re.match(rb"\d{10} \d{5} n", entry):
                    yield int(entry[:10]), 0

    def dictionary(self, number: int) -> bytes:
        """The dictionary of an object, as it stands there; nothing if it is not found."""
        if not number:
            return b""
        for place, inside in self._places(number):
            if inside:
                found = self._packed(place, number)
            else:
                data = self.file.read(place + self.shift, _OBJECT)
                found = data if re.match(rb"\s*%d\s+\d+\s+obj" % number, data) else b""
                found = re.split(rb"endobj|stream", found)[0]
            if found:
                return found
        return b""

    def stream(self, number: int) -> bytes:
        """What the stream of an object holds, unpacked; nothing if it is not found."""
        if not number:
            return b""
        for place, inside in self._places(number):
            if not inside and (found := self._content(place)):
                return found
        return b""

    def _content(self, place: int) -> bytes:
        data = self.file.read(place + self.shift, _OBJECT)
        begun = re.search(rb"stream(?:\r\n|\n)", data)
        if not begun:
            return b""
        dictionary = data[: begun.start()]
        length = min(_number(dictionary, b"Length", 256 * 1024), _STREAM)
        packed = self.file.read(place + self.shift + begun.end(), length)
        if b"/Filter" not in dictionary:
            return packed
        return _inflated(packed) if b"/FlateDecode" in dictionary else b""

    def _packed(self, holder: int, number: int) -> bytes:
        """An object that stands in a stream of objects (ISO 32000-1 7.5.7)."""
        for place, inside in self._places(holder):
            if inside:
                continue
            dictionary = self.dictionary(holder)
            data = self._content(place)
            first = _number(dictionary, b"First")
            pairs = [int(found) for found in _NUMBERS.findall(data[:first])]
            where = dict(zip(pairs[::2], pairs[1::2], strict=False))
            if number in where:
                begin = first + where[number]
                end = min(
                    (first + other for other in where.values() if first + other > begin), default=len(data)
                )
                return data[begin:end]
        return b""


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _UNPACKED)
    except zlib.error:
        return b""


def _unpredicted(data: bytes, dictionary: bytes) -> bytes:
    """The rows of a cross-reference stream without the PNG predictor (only Up and None are used for them)."""
    if _number(dictionary, b"Predictor", 1) < 10:
        return data
    columns = _number(dictionary, b"Columns", 1)
    rows = bytearray()
    above = bytes(columns)
    for at in range(0, len(data) - columns, columns + 1):
        row = data[at + 1 : at + 1 + columns]
        if data[at] == 2:
            row = bytes((one + other) & 0xFF for one, other in zip(row, above, strict=True))
        rows += row
        above = row
    return bytes(rows)
