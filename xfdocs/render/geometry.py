"""What a PDF looks like, in millimetres from the upper left corner of each page.

Measures finished pages, whoever made them: the PDF engine, or an office program from our docx.  Needs
pypdfium2, which only tests and `xfdocs doctor` use; without it `LibraryMissing` says so.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from xfdocs.errors import LibraryMissing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MM = 25.4 / 72
"""Millimetres in a point."""

# 版心 (GB/T 9704 5.2.1), mm from the upper left corner of the page
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 184.0, 262.0

# The same on a page laid across, ``templates/_layouts/wide``
_ACROSS = (25.0, 28.0, 272.0, 183.0)

_PAGE_NUMBER = re.compile(r"^[—–-]\s*([0-9]+)\s*[—–-]$")
_SAME_LINE = 1.0
"""Characters whose baselines are closer than this, in mm, stand on one line."""
_THIN = 2.0
"""A filled area thinner than this, in mm, is a rule"""
_SHORTEST = 5.0
"""if it is at least so long."""


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Char:
    """A character: its origin on the baseline, where the next one may begin, its size, its ink."""

    char: str
    x: float
    right: float
    baseline: float
    size: float
    ink: Box


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, ``size`` in points.

    ``top`` and ``bottom`` are those of its characters' square: as high as the size and half way up
    where the ink of its Chinese characters is, whatever the font says of itself.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    ink: Box
    """Left, top, right, bottom of what is black."""
    chars: tuple[Char, ...]

    @property
    def middle(self) -> float:
        """Half way between left and right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical rule; ``colour`` is (red, green, blue)."""

    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[int, int, int]

    @property
    def length(self) -> float:
        """Its longer side."""
        return max(self.right - self.left, self.bottom - self.top)

    @property
    def thickness(self) -> float:
        """Its shorter side."""
        return min(self.right - self.left, self.bottom - self.top)

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left > self.bottom - self.top

    @property
    def red(self) -> bool:
        """Whether it is red."""
        red, green, blue = self.colour
        return red > 180 and green < 90 and blue < 90


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """One page. ``lines`` are those of the text, from top to bottom, without page number and draft mark."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    folio: Line | None
    """The printed page number."""
    above: tuple[Line, ...]
    """Lines in the upper margin: the draft mark."""
    text: str
    """The text in the order of the content, without blanks, page number and draft mark."""

    @property
    def area(self) -> Box:
        """Left, top, right, bottom of the type area."""
        return _area(self.width, self.height)

    @property
    def folio_number(self) -> int | None:
        """What the printed page number says."""
        found = _PAGE_NUMBER.match(self.folio.text) if self.folio else None
        return int(found[1]) if found else None

    @property
    def ink(self) -> Box:
        """Left, top, right, bottom of the text."""
        return _around(line.ink for line in self.lines)

    @property
    def pitches(self) -> tuple[float, ...]:
        """The distances between the baselines of neighbouring lines."""
        return tuple(
            after.baseline - before.baseline
            for before, after in zip(self.lines, self.lines[1:], strict=False)
        )

    def line(self, start: str) -> Line:
        """The first line that begins with *start*, blanks aside."""
        for line in self.lines:
            if line.text.strip().startswith(start):
                return line
        raise LookupError(start)

    def red_rules(self) -> tuple[Rule, ...]:
        """The red rules, from top to bottom."""
        return tuple(rule for rule in self.rules if rule.red and rule.level)

    def black_rules(self) -> tuple[Rule, ...]:
        """The level rules that are not red, from top to bottom."""
        return tuple(rule for rule in self.rules if not rule.red and rule.level)


def measure(pdf: bytes) -> tuple[PageGeometry, ...]:
    """The geometry of every page of *pdf*."""
    try:
        import pypdfium2
    except ImportError as fault:
        raise LibraryMissing(
            library="pypdfium2", what="测量 PDF 版面", mend="请运行 pip install pypdfium2。"
        ) from fault
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_page(pypdfium2.raw, document[index], index + 1) for index in range(len(document)))
    finally:
        document.close()


def printed_text(pdf: bytes) -> str:
    """The text of *pdf* as a reader meets it, without blanks, page numbers and draft marks."""
    return "".join(page.text for page in measure(pdf))


def _page(raw: Any, page: Any, number: int) -> PageGeometry:
    width, height = page.get_size()
    chars = list(_chars(raw, page.get_textpage(), height))
    lines = _lines(chars)
    _, top, _, bottom = _area(width, height)
    folios = [line for line in lines if line.top > bottom and _PAGE_NUMBER.match(line.text.strip())]
    above = [line for line in lines if line.bottom < top - 5 and line.size < 30]
    furniture = {id(char) for line in (*folios, *above) for char in line.chars}
    body = [line for line in lines if line not in folios and line not in above]
    return PageGeometry(
        number,
        width * MM,
        height * MM,
        tuple(body),
        tuple(sorted(_rules(raw, page, height), key=lambda rule: (rule.top, rule.left))),
        folios[0] if folios else None,
        tuple(above),
        "".join(char.char for char in chars if id(char) not in furniture),
    )


def _area(width: float, height: float) -> Box:
    return _ACROSS if width > height else (LEFT, TOP, RIGHT, BOTTOM)


def _chars(raw: Any, text: Any, height: float) -> Iterator[Char]:
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    high = 0  # PDFium gives UTF-16: the first half of a character beyond U+FFFF
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        char = "-" if code == 2 else chr(code)  # PDFium's word for a hyphen that ends a line
        if not char.strip() or raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        left, bottom, right, top = text.get_charbox(index)
        loose = text.get_charbox(index, loose=True)
        raw.FPDFText_GetMatrix(text, index, matrix)
        size = abs(matrix.d) * raw.FPDFText_GetFontSize(text, index)
        ink = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        yield Char(char, x.value * MM, loose[2] * MM, (height - y.value) * MM, size, ink)


def _lines(chars: list[Char]) -> list[Line]:
    """Characters gathered by baseline, in the order of the content; lines from top to bottom."""
    gathered: list[list[Char]] = []
    for char in chars:
        for line in reversed(gathered):
            if abs(line[0].baseline - char.baseline) < _SAME_LINE:
                line.append(char)
                break
        else:
            gathered.append([char])
    return sorted(map(_line, gathered), key=lambda line: line.baseline)


def _line(chars: list[Char]) -> Line:
    size = max(char.size for char in chars)
    full = [char for char in chars if char.size == size]
    square = [
        char for char in full if "\u3400" <= char.char <= "\u9fff" and char.char not in "一丶丨"
    ] or full
    middle = median((char.ink[1] + char.ink[3]) / 2 for char in square)
    return Line(
        "".join(char.char for char in chars),
        min(char.x for char in chars),
        max(char.right for char in chars),
        middle - size * MM / 2,
        middle + size * MM / 2,
        chars[0].baseline,
        size,
        _around(char.ink for char in chars),
        tuple(chars),
    )


def _around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _rules(raw: Any, page: Any, height: float) -> Iterator[Rule]:
    """The thin filled areas and lines of the page itself; what is inside a drawing is not a rule."""
    channels = [ctypes.c_uint() for _ in range(4)]
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        stroke = _stroke(raw, item)
        left, bottom, right, top = item.get_bounds() if stroke is None else stroke
        box = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        short, long = sorted((box[2] - box[0], box[3] - box[1]))
        if short > _THIN or long < _SHORTEST:
            continue
        colour = raw.FPDFPageObj_GetFillColor if stroke is None else raw.FPDFPageObj_GetStrokeColor
        colour(item, *channels)
        red, green, blue = (channel.value for channel in channels[:3])
        yield Rule(*box, (red, green, blue))


def _stroke(raw: Any, item: Any) -> Box | None:
    """The area of a straight stroke as left, bottom, right, top; PDFium's own bounds are too wide."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, mode, stroked)
    if not stroked.value or raw.FPDFPath_CountSegments(item) != 2:
        return None
    matrix, thickness, x, y = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    raw.FPDFPageObj_GetStrokeWidth(item, thickness)
    half = thickness.value * abs(matrix.a) / 2
    ends = []
    for index in range(2):
        raw.FPDFPathSegment_GetPoint(raw.FPDFPath_GetPathSegment(item, index), x, y)
        ends.append(
            (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
        )
    (x0, y0), (x1, y1) = sorted(ends)
    level = abs(x1 - x0) > abs(y1 - y0)
    across, along = (0.0, half) if level else (half, 0.0)
    return min(x0, x1) - across, min(y0, y1) - along, max(x0, x1) + across, max(y0, y1) + along
