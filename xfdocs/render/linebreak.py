"""Where a line of Chinese text may end, and how it is made to fill its measure.

避头尾: closing punctuation never begins a line, opening punctuation never ends one, numbers and
Latin words are not cut, —— and …… stay together.  When a line does not end where it would by width,
two remedies compete: drawing the rest in by tightening punctuation (推入), or moving characters to
the next line and spreading the others (推出).  The first is taken when it stays invisible.

All lengths are thousandths of the font size.  Nothing here knows a renderer.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# GB/T 15834-2011 5.1.1–5.1.11
NO_START = frozenset("，。、；：？！”’）》〉】〕」』〗—·・／％‰℃°,.;:?!)]}%>/々〇～~")
NO_END = frozenset("“‘（《〈【〔「『〖([{<￥$№／/")
CLOSING = frozenset("，。、；：？！”’）》〉】〕」』〗")
"""Full-width marks whose ink stands in the left or lower left of the square: the right half is air."""
OPENING = frozenset("“‘（《〈【〔「『〖")
"""Full-width marks whose ink stands in the right half."""
_PAIRED = frozenset("—…⋯─")
UNITS = "年月日时分秒元万亿人件条款项号个天户次岁页份"
"""What a short number is not parted from."""

_HALF = 500
"""Two marks side by side share one empty half; a mark that ends a line may give its own up."""
_MARK = 250
"""Where a line must be tightened, a mark inside it may give up a quarter of its square,"""
_GAP = 20
"""and each gap between characters two hundredths: a third of a point at 三号."""
_LOOSE = 3000
"""Before a line is spread by more than three characters, a long number is cut after a hyphen."""
_COLUMN = 8
"""In a column of fewer characters only a last line of one is taken care of, in one of half as many none."""
FEW = 2
"""No paragraph ends with a line of this many characters or fewer if it can be helped (单字不成行)."""


@lru_cache(maxsize=8192)
def is_cjk(char: str) -> bool:
    """Whether *char* stands in a square of its own, so that a line may end on either side of it."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·×§°"


def may_break(text: str, place: int) -> bool:
    """Whether a line may end between ``text[place - 1]`` and ``text[place]``."""
    before, after = text[place - 1], text[place]
    if "\u00a0" in (before, after) or after == " ":
        return False
    if before in _PAIRED and after == before:
        return False
    if before in NO_END or (after in NO_START and not _may_begin(text, place)):
        return False
    return before == " " or (
        not _is_one_number(text, place)
        and (is_cjk(before) or is_cjk(after) or (before in "-@_&" and after.isalpha()))
    )


def _may_begin(text: str, place: int) -> bool:
    """Exceptions of `NO_START`: a dash of two squares, and 〇 that does not continue a numeral."""
    if text[place] == "—":
        return text[place : place + 2] == "——"
    return text[place] == "〇" and text[place - 1] not in "一二三四五六七八九〇"


def _is_one_number(text: str, place: int) -> bool:
    """Whether a cut at *place* would part a short number from its unit or from 第: 15日, 第3项."""
    before, after = text[place - 1], text[place]
    if before == "第" and after.isdecimal():
        return True
    if not before.isdecimal() or after not in UNITS:
        return False
    start = place
    while start and text[start - 1].isdecimal():
        start -= 1
    return place - start <= 2  # 2026年 may be cut: four figures held together would tear the line


def _after_hyphen(text: str, place: int) -> bool:
    return text[place - 1] in "-/" and text[place].isalnum() and text[max(place - 2, 0)].isalnum()


def may_stretch(before: str, after: str) -> bool:
    """Whether the gap between two neighbours takes part in spreading a line."""
    if before in _PAIRED and after == before:
        return False
    return is_cjk(before) or is_cjk(after) or before == " " or after == " "


@dataclass(frozen=True, slots=True)
class Fit:
    """One line: ``count`` characters are set, the next line begins ``skip`` characters on.

    ``width`` includes tracking and what ``cuts`` takes away; a line that was drawn in is exactly as
    wide as its measure.
    """

    count: int
    skip: int
    width: float
    cuts: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Index of a character → (taken before it, taken after it)."""
    tighter: float = 0.0
    """Taken from every gap."""


def fit(text: str, advances: Sequence[float], tracking: float, measure: float, *, anywhere: bool) -> Fit:
    """The first line of *text* in *measure*.

    *advances* are the characters' own widths, *tracking* is added to each. Takes at least one
    character. A word wider than the measure is cut only if *anywhere* says so.
    """
    line = _Line(text, advances, tracking)
    room = line.room(measure + 1.0)  # a thousandth of the size is below what can be measured
    end = len(text)
    if room == end:
        return line.cut(end)
    out = room
    while out > 0 and not may_break(text, out):
        out -= 1
    into = max(room, 1)
    while into < end and not may_break(text, into):
        into += 1
    little = FEW if room >= _COLUMN else room >= _COLUMN / 2
    few = end - out <= little
    for place in [end] if end - into <= little else [into] if out < room else []:
        drawn = line.draw_in(place, measure)
        if drawn is not None:
            return drawn
    if out == 0:
        out = max(room, 1) if anywhere else into
    elif measure - line.cut(out).width > _LOOSE:
        out = next((place for place in range(room, out, -1) if _after_hyphen(text, place)), out)
    elif few:
        out = next((place for place in range(out - 1, max(out - 4, 0), -1) if may_break(text, place)), out)
    return line.cut(out)


class _Line:
    """A text that begins a line, with the widths its beginnings would have."""

    def __init__(self, text: str, advances: Sequence[float], tracking: float) -> None:
        self.text = text
        self.advances = advances
        self.tracking = tracking
        self._paired = frozenset(i for i in range(len(text) - 1) if self._shares(i))

    def _shares(self, i: int) -> bool:
        """Whether two full-width marks at *i* and after it have an empty half too many between them."""
        before, after = self.text[i], self.text[i + 1]
        if self.advances[i] < 2 * _HALF or self.advances[i + 1] < 2 * _HALF:
            return False
        if before in CLOSING:
            return after in CLOSING or after in OPENING
        return before in OPENING and after in OPENING

    def room(self, limit: float) -> int:
        """How many characters fit in *limit*."""
        total = 0.0
        for i, (char, advance) in enumerate(zip(self.text, self.advances, strict=True)):
            total += advance + self.tracking - (_HALF if i - 1 in self._paired else 0)
            if total > limit and char != " ":
                return i
        return len(self.text)

    def cut(self, place: int) -> Fit:
        """A line that ends at *place*; blanks around the cut belong to neither line."""
        count, skip = place, place
        while count > 1 and self.text[count - 1] == " ":
            count -= 1
        while skip < len(self.text) and self.text[skip] == " ":
            skip += 1
        shared = [i for i in range(count - 1) if i in self._paired]
        cuts = {i if self.text[i] in CLOSING else i + 1: self._half(i) for i in shared}
        width = sum(self.advances[:count]) + self.tracking * count - _HALF * len(shared)
        return Fit(count, skip, width, cuts)

    def _half(self, i: int) -> tuple[float, float]:
        return (0.0, _HALF) if self.text[i] in CLOSING else (_HALF, 0.0)

    def draw_in(self, place: int, measure: float) -> Fit | None:
        """The line up to *place* tightened into *measure*, or nothing if that would show."""
        line = self.cut(place)
        excess = line.width - measure
        if excess <= 0:
            return line
        last = line.count - 1
        cuts = dict(line.cuts)
        if self.text[last] in CLOSING and self.advances[last] >= 2 * _HALF:
            # The paper to its right stays empty: nothing moves, the air hangs over the edge.
            air = min(excess, _HALF)
            cuts[last] = (cuts.get(last, (0.0, 0.0))[0], air)
            excess -= air
        marks = [i for i in range(1, last) if i not in cuts and self._gives(i)]
        share = min(_MARK, excess / len(marks)) if marks else 0.0
        for i in marks if share else []:
            cuts[i] = (share, 0.0) if self.text[i] in OPENING else (0.0, share)
        excess -= share * len(marks)
        tighter = excess / max(last, 1)
        return None if tighter > _GAP else Fit(line.count, line.skip, measure, cuts, tighter)

    def _gives(self, i: int) -> bool:
        return self.advances[i] >= 2 * _HALF and (self.text[i] in CLOSING or self.text[i] in OPENING)
