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
_UNITS = frozenset("年月日时分秒元万亿人件条款项号个天户次岁页份第")

_LINE_END = 500
"""A mark that ends a line may give up the empty half of its square."""
_MARK = 250
"""A mark inside a line may give up a quarter of its square."""
_GAP = 20
"""Each gap between characters may shrink by two hundredths: a third of a point at 三号."""
FEW = 2
"""A last line of this many characters or fewer is drawn into the line before it if it can be."""


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
        not _is_one_number(text, place) and (is_cjk(before) or is_cjk(after) or before in "-@_&")
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
    if not before.isdecimal() or after not in _UNITS:
        return False
    start = place
    while start and text[start - 1].isdecimal():
        start -= 1
    return place - start <= 2  # 2026年 may be cut: four figures held together would tear the line


def may_stretch(before: str, after: str) -> bool:
    """Whether the gap between two neighbours takes part in spreading a line."""
    if before in _PAIRED and after == before:
        return False
    return is_cjk(before) or is_cjk(after) or before == " " or after == " "


@dataclass(frozen=True, slots=True)
class Fit:
    """One line: ``count`` characters are set, the next line begins ``skip`` characters on.

    ``width`` is its natural width, tracking included. A line that was drawn in is exactly as wide as
    its measure, and ``cuts`` tells by how much each character's advance changes.
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
    limit = measure + 1.0  # a thousandth of the size is below what can be measured
    total = 0.0
    room = 0  # how many characters fit
    for char, advance in zip(text, advances, strict=True):
        if total + advance + tracking > limit and char != " ":
            break
        total += advance + tracking
        room += 1
    if room == len(text):
        return _whole(text, advances, tracking)
    out = room
    while out > 0 and not may_break(text, out):
        out -= 1
    into = max(room, 1)
    while into < len(text) and not may_break(text, into):
        into += 1
    if out < room or len(text) - out <= FEW:
        end = len(text) if len(text) - into <= FEW else into
        drawn = _draw_in(text, advances, tracking, measure, end)
        if drawn is None and end != into and out < room:
            drawn = _draw_in(text, advances, tracking, measure, into)
        if drawn is not None:
            return drawn
    if out == 0:
        out = max(room, 1) if anywhere else into
    return _cut(text, advances, tracking, out)


def _whole(text: str, advances: Sequence[float], tracking: float) -> Fit:
    return Fit(len(text), len(text), sum(advances) + tracking * len(text))


def _cut(text: str, advances: Sequence[float], tracking: float, place: int) -> Fit:
    """A line that ends at *place*: blanks around the cut belong to neither line."""
    count, skip = place, place
    while count > 1 and text[count - 1] == " ":
        count -= 1
    while skip < len(text) and text[skip] == " ":
        skip += 1
    return Fit(count, skip, sum(advances[:count]) + tracking * count)


def _draw_in(text: str, advances: Sequence[float], tracking: float, measure: float, place: int) -> Fit | None:
    """The line up to *place* tightened into *measure*, or nothing if that would show."""
    line = _cut(text, advances, tracking, place)
    excess = line.width - measure
    last = line.count - 1
    cuts: dict[int, tuple[float, float]] = {}
    if text[last] in CLOSING and advances[last] >= 1000:
        # The paper to its right stays empty: nothing moves, the air hangs over the edge.
        air = min(excess, _LINE_END)
        cuts[last] = (0.0, air)
        excess -= air
    marks = [i for i in range(1, last) if advances[i] >= 1000 and (text[i] in CLOSING or text[i] in OPENING)]
    tighter = 0.0
    if excess > 0:
        share = min(_MARK, excess / len(marks)) if marks else 0.0
        for i in marks:
            cuts[i] = (share, 0.0) if text[i] in OPENING else (0.0, share)
        excess -= share * len(marks)
    if excess > 0:
        tighter = excess / max(last, 1)
        if tighter > _GAP:
            return None
    return Fit(line.count, line.skip, measure, cuts, tighter)
