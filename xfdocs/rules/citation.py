"""Naming an article of law: 《信访工作条例》第三十一条第六项, written and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIGURES = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_HIGHEST = 9999
_NUMERAL = r"[零一二三四五六七八九十百千]+"
_REFERENCE = re.compile(rf"第({_NUMERAL})条(?:第({_NUMERAL})款)?(?:第({_NUMERAL})项)?")
_TITLE = re.compile(r"《([^《》]+)》")
# A step goes down from the last one (第三十六条 第一款 第二项) or, after a separator, stands beside it.
_STEP = re.compile(rf"(、|和|及|以及|或|或者|至)?第({_NUMERAL})([条款项])")


@cache
def numeral(number: int) -> str:
    """*number* as articles are counted, e.g. 31 → 三十一, 105 → 一百零五. 1 to 9999."""
    if not 1 <= number <= _HIGHEST:
        raise ValueError(f"no article has the number {number}")
    text, rest, gap = "", number, False
    for place, sign in _PLACES:
        figure, rest = divmod(rest, place)
        if figure:
            text += ("零" if gap else "") + _FIGURES[figure] + sign
        gap = bool(text) and not figure
    if rest:
        text += ("零" if gap else "") + _FIGURES[rest]
    return text.removeprefix("一") if text.startswith("一十") else text


def number(text: str) -> int:
    """The number that *text* writes, e.g. 三十一 → 31. Raises `ValueError` for anything else."""
    total = figure = 0
    places = {sign: place for place, sign in _PLACES}
    for sign in text:
        if sign in places:
            total, figure = total + (figure or 1) * places[sign], 0
        elif sign in _FIGURES:
            figure = _FIGURES.index(sign)
        else:
            raise ValueError(f"not a number: {text}")
    total += figure
    if not total or numeral(total) != text:
        raise ValueError(f"not a number: {text}")
    return total


@dataclass(frozen=True, slots=True)
class Citation:
    """An article, or a paragraph (款) or item (项) of it, in a regulation named by its title.

    Where an article has one paragraph only, ``paragraph`` is None and 第一款 is not written, as the
    regulations do themselves: "本条例第三十一条第六项". `Regulation.cite` sees to that.
    """

    regulation: str
    article: int
    paragraph: int | None = None
    item: int | None = None

    @property
    def place(self) -> str:
        """The place without the regulation, e.g. ``第二十二条第一款第三项``."""
        text = f"第{numeral(self.article)}条"
        if self.paragraph is not None:
            text += f"第{numeral(self.paragraph)}款"
        if self.item is not None:
            text += f"第{numeral(self.item)}项"
        return text

    @property
    def text(self) -> str:
        """As it is printed, e.g. ``《信访工作条例》第三十一条第六项``."""
        return f"《{self.regulation}》{self.place}"

    def __str__(self) -> str:
        return self.text


def in_order(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each citation once, by article within each regulation; a paragraph of which an item is cited is left out."""
    once = dict.fromkeys(citations)
    titles = list(dict.fromkeys(citation.regulation for citation in once))
    covered = {Citation(c.regulation, c.article, c.paragraph) for c in once if c.item is not None}
    covered |= {Citation(c.regulation, c.article) for c in once if c.paragraph is not None}
    return tuple(
        sorted(
            once.keys() - covered,
            key=lambda c: (titles.index(c.regulation), c.article, c.paragraph or 0, c.item or 0),
        )
    )


def together(citations: Iterable[Citation]) -> str:
    """Several citations in one breath, each regulation named once and nothing said twice.

    《信访工作条例》第二十三条第一款、第三十一条第六项; 《信访条例》第三十六条第一款第一项、第四项. `citations_in` reads it back.
    """
    groups = groupby(citations, key=lambda citation: citation.regulation)
    return "，".join(f"《{title}》" + "、".join(_shortened(list(group))) for title, group in groups)


def _shortened(citations: list[Citation]) -> Iterator[str]:
    last: Citation | None = None
    for citation in citations:
        text = citation.place
        if last is not None and last.article == citation.article:
            if last.item and citation.item and last.paragraph == citation.paragraph:
                text = f"第{numeral(citation.item)}项"
            elif last.paragraph and citation.paragraph and last.paragraph != citation.paragraph:
                text = text.removeprefix(f"第{numeral(citation.article)}条")
        yield text
        last = citation


def place(text: str) -> tuple[int, int | None, int | None]:
    """Article, paragraph and item of ``第二十二条第一款第三项``. Raises `ValueError` for anything else."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a place in a regulation: {text}")
    article, paragraph, item = match.groups()
    return number(article), number(paragraph) if paragraph else None, number(item) if item else None


def citations_in(text: str) -> tuple[Citation, ...]:
    """Every citation that a text makes under a 《title》, as written, in order; 、和及或至 go on from the last one.

    ``根据《信访工作条例》第三十六条第一款、第三款`` makes two. What is written as a numeral but is none
    ends the citation. Places without a title before them (本条例第…条) are not found.
    """
    found: list[Citation] = []
    for title in _TITLE.finditer(text):
        at, current = title.end(), None
        while step := _STEP.match(text, at):
            separator, figure, level = step.groups()
            try:
                following = _step(title[1], current, number(figure), level)
            except ValueError:
                break
            if current is not None and (separator is not None or level == "条"):
                found.append(current)
            at, current = step.end(), following
        if current is not None:
            found.append(current)
    return tuple(found)


def _step(title: str, current: Citation | None, figure: int, level: str) -> Citation:
    if level == "条":
        return Citation(title, figure)
    if current is None:
        raise ValueError("a paragraph or an item without an article")
    if level == "款":
        return Citation(title, current.article, figure)
    return Citation(title, current.article, current.paragraph, figure)
