"""Where lines of a text may end beyond what Typst knows by itself, and where they may not.

Typst breaks Chinese lines as the standard wants.  It never breaks a word of Latin letters or figures, however long, parts
a number from its unit, and leaves a single character on the last line of a paragraph.  A text is
therefore given in pieces: a string as it is, a list of one string that stays in one line, or a list of several
between which a line may end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xfdocs.render.linebreak import UNITS

Pieces = list[str | list[str]]

_SPECIAL: Final = re.compile(rf"[!-~]{{8,}}|第?[0-9]+[{UNITS}]?")
_END: Final = re.compile(r"[\u3400-\u9fff]{2}[，。；：？！”’）》]*$")
_PARTS: Final = re.compile(r"[^-/]*[-/]+|[^-/]+")
_WIDE: Final = 0.62
"""Width of a Latin letter in squares, on the large side."""
_FIGURES: Final = 2
"""A number of so many figures stays with its unit: held together, longer ones would tear the line."""
MEASURE: Final = 28.0
"""Squares in a line of the type area (GB/T 9704 5.2.3)."""


def pieces(text: str, room: float = MEASURE, *, last: bool = False) -> Pieces:
    """A text in pieces, for lines of *room* squares; *last*: it ends a paragraph."""
    end = _END.search(text) if last and len(text) > room else None
    stop = end.start() if end is not None else len(text)
    found: Pieces = [piece for piece in _cut(text, stop, room) if piece]
    if end is not None:
        found.append([end[0]])
    return found


def _cut(text: str, stop: int, room: float) -> Iterator[str | list[str]]:
    place = 0
    for found in _SPECIAL.finditer(text, 0, stop):
        if special := _special(found[0], room):
            yield text[place : found.start()]
            yield from special
            place = found.end()
    yield text[place:stop]


def _special(word: str, room: float) -> Pieces:
    """The pieces of a word that is not to be given as it is; none of one that is."""
    if not word.isascii():
        return [[word]] if sum("0" <= char <= "9" for char in word) <= _FIGURES else []
    if len(word) * _WIDE > room:
        return [[char] for char in word]  # alone each: some marks would not begin a line
    parts = _PARTS.findall(word)
    return [parts] if len(parts) > 1 else []
