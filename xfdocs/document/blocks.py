"""Markdown → blocks: how the body of a wording becomes paragraphs, headings, tables and tear lines.

Paragraphs are paragraphs; lines inside one are joined.  ``#`` … ``####`` are the levels 一、 （一） 1. （1）,
counted here.  ``1.`` lists are paragraphs with their number, ``>`` sets a paragraph flush left, ``**…**`` is
黑体, ``*…*`` is 楷体, a line that begins with ✂ is a tear line, pipe tables and HTML tables are tables.
A line that is a table or figure of the program's is that table or figure, whatever stands around it.
Whatever else Markdown knows has no place in an official document and is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from xfdocs.document.forms import parse_form
from xfdocs.document.model import (
    Align,
    Block,
    Cell,
    Emphasis,
    Figure,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    TearLine,
)
from xfdocs.document.tokens import Values, lines
from xfdocs.rules.citation import numeral

MEASURE = 156.0
"""Width of the type area in mm (GB/T 9704 5.2.1)."""

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": True})
    .enable("table")
    .disable(
        [
            "code",
            "fence",
            "reference",
            "link",
            "image",
            "autolink",
            "backticks",
            "html_inline",
            "entity",
            "lheading",
        ]
    )
)
_FORM = re.compile(r"^<table\b.*?^</table>[ \t]*$", re.DOTALL | re.MULTILINE)
_TEAR = "✂"


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Token, ...]:
    """The Markdown tokens of a text.  Values stand in it as tokens of ours, so one kind says few different texts."""
    return tuple(_MARKDOWN.parse(text))


class WordingFault(Exception):
    """Something in a wording that no official document has; carries one Chinese sentence."""


def parse_blocks(text: str, values: Values) -> tuple[Block, ...]:
    """The body of a rendered wording, whose values are tokens of *values*, as blocks."""
    counter = _Counter()
    blocks: list[Block] = []
    position = 0
    for form in _FORM.finditer(text):
        blocks += _flow(text[position : form.start()], values, counter)
        blocks.append(parse_form(form[0], values))
        position = form.end()
    blocks += _flow(text[position:], values, counter)
    return tuple(blocks)


def _flow(text: str, values: Values, counter: _Counter) -> Iterator[Block]:
    """The blocks of a stretch of text between forms."""
    for before, placed in values.parted(text):
        yield from _Body(before, values, counter).blocks()
        for block in placed:
            yield counter.counted(block)


class _Counter:
    """Counts figures, and headings of four levels; a heading starts the deeper levels anew."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0, 0]
        self.figures = 0

    def counted(self, block: Block) -> Block:
        """A block that the program made, with its number in this document."""
        if isinstance(block, Figure):
            self.figures += 1
            return replace(block, number=f"图{self.figures}")
        if isinstance(block, Heading) and not block.number:
            return replace(block, number=self.next(block.level))
        return block

    def next(self, level: int) -> str:
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        return level_number(level, self.counts[level - 1])


def level_number(level: int, count: int) -> str:
    """一、 （一） 1. （1） (GB/T 9704 7.3.3)."""
    return (f"{numeral(count)}、", f"（{numeral(count)}）", f"{count}.", f"（{count}）")[level - 1]


class _Body:
    """Walks the Markdown tokens of one stretch of text and gives its blocks."""

    def __init__(self, text: str, values: Values, counter: _Counter) -> None:
        self.text = text
        self.values = values
        self.counter = counter
        self.tokens = _parsed(text)
        self.align = Align.BODY
        self.numbers: list[int] = []
        """The item counted last in each list that is open."""
        self.pending = ""
        """The number that the next paragraph opens with."""

    def blocks(self) -> Iterator[Block]:
        place = 0
        while place < len(self.tokens):
            kind = self.tokens[place].type
            if kind == "heading_open":
                yield self._heading(self.tokens[place], self.tokens[place + 1])
                place += 3
            elif kind == "paragraph_open":
                yield from _paragraphs(self.tokens[place + 1], self.values, self.align, self.pending)
                self.pending = ""
                place += 3
            elif kind == "table_open":
                end = next(n for n in range(place, len(self.tokens)) if self.tokens[n].type == "table_close")
                yield _pipe_table(self.tokens[place : end + 1], self.values, self.text)
                place = end + 1
            else:
                self._frame(self.tokens[place])
                place += 1

    def _heading(self, opening: Token, inline: Token) -> Heading:
        level = int(opening.tag[1])
        if level > 4:
            raise WordingFault("标题只有四级（# 到 ####）。")
        parts = _split(_runs(inline), self.values, joined=True)
        if not parts:
            raise WordingFault("标题是空的。")
        return Heading(level=level, number=self.counter.next(level), runs=parts[0])

    def _frame(self, token: Token) -> None:
        """What stands around paragraphs: quotes set them flush, ordered lists number them."""
        kind = token.type
        if kind in {"blockquote_open", "blockquote_close"}:
            self.align = Align.FLUSH if kind == "blockquote_open" else Align.BODY
        elif kind == "ordered_list_open":
            self.numbers.append(int(token.attrGet("start") or 1) - 1)
        elif kind == "ordered_list_close":
            self.numbers.pop()
        elif kind == "list_item_open" and self.numbers:
            self.numbers[-1] += 1
            self.pending = level_number(2 + len(self.numbers), self.numbers[-1])
        elif kind != "list_item_close":
            raise WordingFault(f"公文里没有这种写法（{_NAMES.get(kind, kind)}）。")


_NAMES = {
    "bullet_list_open": "圆点列表；请用 1. 编号",
    "hr": "横线",
    "html_block": "HTML；只有 <table> 可用，且 <table> 与 </table> 各自从行首开始",
}


def _paragraphs(inline: Token, values: Values, align: Align, number: str) -> Iterator[Block]:
    runs = _runs(inline)
    if runs and runs[0].text.startswith(_TEAR):
        text = "".join(run.text for run in runs)
        yield TearLine(values.restore(text.removeprefix(_TEAR)).strip())
        return
    for part in _split(runs, values):
        yield Paragraph(runs=(Run(number), *part) if number else part, align=align)
        number = ""


def _runs(inline: Token) -> list[Run]:
    """The runs of an inline token, tokens of values still in place; line ends inside a paragraph join."""
    runs: list[Run] = []
    faces = [Emphasis.NONE]
    for child in inline.children or ():
        if child.type == "text":
            runs.append(Run(child.content, faces[-1]))
        elif child.type == "strong_open":
            faces.append(Emphasis.STRONG)
        elif child.type == "em_open":
            faces.append(Emphasis.KAI)
        elif child.type in {"strong_close", "em_close"}:
            faces.pop()
        elif child.type == "hardbreak":
            runs.append(Run("\n", faces[-1]))
        elif child.type != "softbreak":
            raise WordingFault(f"公文里没有这种写法（{child.content or child.type}）。")
    return runs


def _split(runs: Sequence[Run], values: Values, *, joined: bool = False) -> tuple[tuple[Run, ...], ...]:
    """Put the values in and split into paragraphs at their line breaks; *joined* keeps one paragraph."""
    paragraphs: list[list[Run]] = [[]]
    for run in runs:
        parts = lines(values.restore(run.text))
        if joined:
            parts = ["".join(part.strip() for part in parts) if len(parts) > 1 else parts[0]]
        for number, line in enumerate(parts):
            if number:
                paragraphs.append([])
            if line:
                paragraphs[-1].append(Run(line, run.emphasis))
    return tuple(cleaned for part in paragraphs if (cleaned := _clean(part)))


def _clean(runs: list[Run]) -> tuple[Run, ...]:
    """Merge neighbours of one face, strip the ends; empty if nothing is left."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].emphasis is run.emphasis:
            merged[-1] = Run(merged[-1].text + run.text, run.emphasis)
        else:
            merged.append(run)
    if merged:
        merged[0] = Run(merged[0].text.lstrip(" \t\u3000"), merged[0].emphasis)
        merged[-1] = Run(merged[-1].text.rstrip(" \t\u3000"), merged[-1].emphasis)
    return tuple(run for run in merged if run.text)


def _pipe_table(tokens: Sequence[Token], values: Values, text: str) -> Table:
    """A Markdown table: its columns share the measure as the dashes of its second line do."""
    start = (tokens[0].map or [0])[0]
    dashes = [
        max(len(cell.strip()), 1) for cell in text.splitlines()[start + 1].strip().strip("|").split("|")
    ]
    widths = tuple(round(MEASURE * count / sum(dashes), 2) for count in dashes)
    rows: list[Row] = []
    cells: list[Cell] = []
    head = False
    for place, token in enumerate(tokens):
        if token.type == "thead_open":
            head = True
        elif token.type == "thead_close":
            head = False
        elif token.type == "tr_open":
            cells = []
        elif token.type in {"th_open", "td_open"}:
            style = str(token.attrGet("style") or "")
            align = (
                Align.CENTER
                if head or "center" in style
                else Align.RIGHT
                if "right" in style
                else Align.FLUSH
            )
            parts = _split(_runs(tokens[place + 1]), values)
            cells.append(Cell(tuple(Paragraph(part, align) for part in parts), header=head))
        elif token.type == "tr_close":
            rows.append(Row(tuple(cells), head=head))
    return Table(rows=tuple(rows), widths=widths)
