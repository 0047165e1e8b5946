"""Titles broken by meaning into lines that make a trapezoid or a diamond (GB/T 9704 7.3.1).

A title is cut where a reader would pause: after the issuing body, after 的 before the kind of
document, between words.  No word of the field's vocabulary, no name given as *keep* and no number is
cut, and a last line of one or two characters does not occur.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import combinations, pairwise

from xfdocs.render.linebreak import may_break
from xfdocs.render.signature import width
from xfdocs.resources import shipped

_SPARE = 4
"""A title goes on one line while this many characters of it stay free; closer to the edge two lines look calmer."""

_FORBIDDEN = 1e6
_ORGAN_ENDS = (
    "人民政府",
    "委员会",
    "办公室",
    "办公厅",
    "办事处",
    "管理局",
    "中心",
    "大学",
    "学院",
    "公司",
    "法院",
    "检察院",
    "局",
    "厅",
    "委",
)
_AFTER_ORGAN = (
    "关于",
    "对",
    "信访",
    "处理",
    "不予",
    "不再",
    "受理",
    "延长",
    "转送",
    "交办",
    "复查",
    "复核",
    "督办",
    "送达",
)


@lru_cache(maxsize=512)
def break_title(text: str, per_line: int, keep: tuple[str, ...] = ()) -> tuple[str, ...]:
    """*text* in as few lines as look well, each at most *per_line* characters wide.

    *keep* are names that stay whole wherever a line holds them (the issuing body, a person).
    """
    whole = width(text)
    if whole <= per_line - _SPARE or len(text) < 2:
        return (text,)
    prices = _prices(text, keep)
    places = [place for place in range(1, len(text)) if prices[place] < _FORBIDDEN]
    fewest = 2
    while whole > fewest * per_line:
        fewest += 1
    best = _best(text, per_line, prices, _thin(places, prices, fewest), fewest)
    if best is None:  # no cut between words fits: cut where a line may end at all
        places = [place for place in range(1, len(text)) if may_break(text, place)]
        best = _best(text, per_line, prices, places, fewest) or _best(
            text, per_line, prices, places, fewest + 1
        )
    return best or _chop(text, per_line)


def _thin(places: list[int], prices: list[float], lines: int) -> list[int]:
    """Of many places keep the better ones, so that trying all of them stays cheap."""
    if lines <= 3:
        return places
    return sorted(sorted(places, key=lambda place: prices[place])[:24])


def _best(
    text: str, per_line: int, prices: list[float], places: list[int], lines: int
) -> tuple[str, ...] | None:
    found: tuple[float, tuple[str, ...]] | None = None
    if lines > 4:
        return None
    for cuts in combinations(places, lines - 1):
        edges = (0, *cuts, len(text))
        parts = tuple(text[edges[i] : edges[i + 1]] for i in range(lines))
        widths = [width(part) for part in parts]
        if max(widths) > per_line:
            continue
        cost = sum(prices[cut] for cut in cuts) + _shape(widths, per_line)
        if found is None or cost < found[0]:
            found = cost, parts
    return found[1] if found else None


def _shape(widths: list[float], per_line: int) -> float:
    """How far the lines are from a trapezoid or a diamond, and from each other."""
    longest, shortest = max(widths), min(widths)
    cost = 10 * (longest - shortest) / per_line
    if widths[-1] <= 2:
        cost += 100
    rises = [after >= before for before, after in pairwise(widths)]
    if any(not rise and later for rise, later in pairwise(rises)):
        cost += 10  # an hourglass
    if longest - shortest < 0.5:
        cost += 1  # a rectangle
    return cost


@cache
def _words() -> tuple[str, ...]:
    """The vocabulary, longer words first: the first that fits at a place is taken."""
    lines = shipped("schemas", "title-words.txt").read_text("utf-8").splitlines()
    words = {word for line in lines for word in line.split("#")[0].split()}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _prices(text: str, keep: tuple[str, ...]) -> list[float]:
    """What a cut before each character costs."""
    prices, inside = _by_words(text)
    for name in (*keep, *_quoted(text)):
        start = text.find(name) if len(name) > 1 else -1
        while start >= 0:
            inside.update(range(start + 1, start + len(name)))
            start = text.find(name, start + len(name))
    for place in range(1, len(text)):
        if text.startswith("的", place) or place in inside or not may_break(text, place):
            prices[place] = _FORBIDDEN
        else:
            prices[place] = _pause(text[:place], text[place:], prices[place])
    return prices


def _by_words(text: str) -> tuple[list[float], set[int]]:
    """The price of a cut at each place by the vocabulary alone, and the places inside its words."""
    prices, inside = [8.0] * (len(text) + 1), set[int]()
    place = 0
    while place < len(text):
        word = next((word for word in _words() if text.startswith(word, place)), "")
        end = place + len(word)
        if word:
            prices[place], prices[end] = min(prices[place], 3.0), 3.0
            inside.update(range(place + 1, end))
        place = max(end, place + 1)
    return prices, inside


def _pause(before: str, after: str, price: float) -> float:
    """How readily a reader would pause between *before* and *after*."""
    if before.endswith(_ORGAN_ENDS) and after.startswith(_AFTER_ORGAN):
        return 0.0
    if before.endswith("的"):
        return 1.0
    if before.endswith("、"):
        return 2.0
    if after.startswith(("和", "与", "及", "并")):
        return min(price, 3.0)
    return 9.0 if before.endswith(("关于", "和", "与", "及", "并", "对")) else price


def _quoted(text: str) -> tuple[str, ...]:
    """What stands in 《》 and 〔〕, brackets included, as long as it can stay on one line."""
    found = []
    for opening, closing in (("《", "》"), ("〔", "〕")):
        start = text.find(opening)
        while start >= 0:
            end = text.find(closing, start)
            if end < 0:
                break
            if end - start < 14:
                found.append(text[start : end + 1])
            start = text.find(opening, end)
    return tuple(found)


def _chop(text: str, per_line: int) -> tuple[str, ...]:
    """A title longer than four lines: equal lines, cut where a line may end."""
    lines = []
    share = min(float(per_line), -(-width(text) // -(-width(text) // per_line)))
    while width(text) > per_line:
        place = len(text)
        while place > 1 and width(text[:place]) > share:
            place -= 1
        cut = place
        while cut > 1 and not may_break(text, cut):
            cut -= 1
        cut = cut if cut > 1 else place
        lines.append(text[:cut])
        text = text[cut:]
    return (*lines, text)
