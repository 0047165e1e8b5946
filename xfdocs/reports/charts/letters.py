"""The letters of a chart as outlines: each character from the face a document would print it with.

A picture whose text is drawn needs no font where it is looked at, and is the same on every machine that has
the same faces.  A character that no face has is refused, as it is in documents: never a □.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from xfdocs.errors import GlyphMissing
from xfdocs.render.fonts import FontBook, Role
from xfdocs.render.linebreak import may_break
from xfdocs.render.titles import break_title

if TYPE_CHECKING:
    from pathlib import Path

    from xfdocs.office import Office
    from xfdocs.reports.charts import Chart

MOVE, LINE, CURVE, CLOSE = 1, 2, 4, 79
"""What the points of an outline do, by the numbers matplotlib gives them."""

_YEAR = re.compile(r"(\d{4}年)(.+)")
"""A period is read as its year and the rest of it."""

Outline = list[tuple[int, float, float]]
"""(what it does, x, y): three points of CURVE are one curve; y goes down, as on paper."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character in a square of side 1, its baseline at y = 0."""

    advance: float
    outline: tuple[tuple[int, float, float], ...]


class Letters:
    """The characters of one role."""

    def __init__(self, fonts: FontBook, role: Role) -> None:
        self._fonts = fonts
        self._role = role
        self._glyphs: dict[str, Glyph] = {}

    def check(self, chart: Chart) -> None:
        """Raise `GlyphMissing` for the first character of *chart* that no face can draw."""
        words = [chart.title, chart.unit, *chart.labels]
        words += [text for series in chart.series for text in (series.name, series.unit)]
        for text in words:
            for char in self._fonts.missing(text, self._role):
                raise GlyphMissing(
                    character=char, codepoint=f"U+{ord(char):04X}", field=f"图“{chart.title}”，“{text}”"
                )

    def width(self, text: str, size: float) -> float:
        """The width of *text* in mm; *size* is the height of its square in mm."""
        return sum(self._glyph(char).advance for char in text) * size

    def widest(self, texts: Sequence[str], size: float) -> float:
        """The width of the widest of *texts* in mm; 0 without any."""
        return max((self.width(text, size) for text in texts), default=0.0)

    def outline(self, text: str, size: float, x: float, y: float) -> Outline:
        """The outline of *text*, its baseline beginning at (*x*, *y*) mm."""
        points: Outline = []
        for char in text:
            glyph = self._glyph(char)
            points += [(act, x + right * size, y - up * size) for act, right, up in glyph.outline]
            x += glyph.advance * size
        return points

    def wrapped(self, text: str, size: float, measure: float) -> tuple[str, ...]:
        """*text* in lines of at most *measure* mm, broken by meaning where that is possible."""
        if self.width(text, size) <= measure:
            return (text,)
        year = _YEAR.fullmatch(text)
        if year and self.widest(year.groups(), size) <= measure:
            return year[1], year[2]
        lines = break_title(text, max(int(measure / size), 2))
        if self.widest(lines, size) <= measure:
            return lines
        return tuple(self._chopped(text, size, measure))

    def _chopped(self, text: str, size: float, measure: float) -> Iterator[str]:
        """Lines that break where they may, or else where they must; each has one character at least."""
        while self.width(text, size) > measure and len(text) > 1:
            fits = max((n for n in range(1, len(text)) if self.width(text[:n], size) <= measure), default=1)
            cut = next((n for n in range(fits, 0, -1) if may_break(text, n)), fits)
            yield text[:cut]
            text = text[cut:]
        yield text

    def _glyph(self, char: str) -> Glyph:
        if char not in self._glyphs:
            face = next((face for face in self._fonts.chain(self._role) if face.covers(char)), None)
            # Line ends and other blanks that need no face are as wide as a space.
            self._glyphs[char] = _drawn(face.file, char) if face else Glyph(0.5, ())
        return self._glyphs[char]


def letters_of(fonts: FontBook | Office) -> Letters:
    """The letters charts are written in. Raises `FontsMissing` if the fonts are not prepared."""
    return _letters(fonts if isinstance(fonts, FontBook) else FontBook.find(fonts.fonts))


@lru_cache(maxsize=4)
def _letters(book: FontBook) -> Letters:
    return Letters(book, Role.SONG)


class _Pen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes an outline down; curves of second degree become those of third."""

    def __init__(self, glyphs: Any, square: float) -> None:
        super().__init__(glyphs)
        self._square = square
        self.points: Outline = []

    def _note(self, act: int, *points: tuple[float, float]) -> None:
        self.points += [(act, x / self._square, y / self._square) for x, y in points]

    def _moveTo(self, point: tuple[float, float]) -> None:
        self._note(MOVE, point)

    def _lineTo(self, point: tuple[float, float]) -> None:
        self._note(LINE, point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._note(CURVE, *points)

    def _closePath(self) -> None:
        self._note(CLOSE, (0, 0))


@lru_cache(maxsize=16)
def _opened(file: Path) -> tuple[Any, Any, float]:
    font = TTFont(BytesIO(file.read_bytes()), lazy=True)  # a cut font is small
    return font.getGlyphSet(), font.getBestCmap(), float(font["head"].unitsPerEm)


def _drawn(file: Path, char: str) -> Glyph:
    glyphs, names, square = _opened(file)
    glyph = glyphs[names[ord(char)]]
    pen = _Pen(glyphs, square)
    glyph.draw(pen)
    return Glyph(glyph.width / square, tuple(pen.points))
