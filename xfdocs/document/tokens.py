"""Values on their way through the wording: one opaque character each until the wording has been parsed.

A value is text, never markup (DESIGN §5).  So while Jinja and Markdown read the wording, each value is
a single private-use character; only when the wording has become blocks does the value take its place.
``#``, ``|``, ``*`` or ``<`` in a record can therefore never become a heading, a cell or a tag.

Tables and figures that the program made travel the same way; their token stands on a line of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xfdocs.document.model import Block

_FIRST = 0xF0000  # Supplementary Private Use Area-A: nobody's letters, and one character each
_LAST = 0xFFFFD
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_MARKED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
"""A letter and the marks typed after it."""
_TOKEN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_OWN_LINE = re.compile(f"^[ \\t]*({_TOKEN.pattern})[ \\t]*$", re.MULTILINE)


class BlockAmidText(Exception):
    """A table or figure was to be printed where only text can stand; *line* is that of the mark, 0 if unknown."""

    def __init__(self, line: int) -> None:
        super().__init__(
            "图、表要单独占一行，写作 {{ 图.名称 }} 或者 {{ 表.名称 }}，"
            "不能写在句子、标题、列表、单元格里，也不能写在“---”之前的要素里。"
        )
        self.line = line


class Values:
    """The values of one document, each known by its token."""

    __slots__ = ("_blocks", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._blocks: dict[str, tuple[tuple[Block, ...], int]] = {}

    def take(self, text: str) -> str:
        """Keep *text* and return the token that stands for it.

        A letter typed as letter and mark is kept as the one character it is, so that every format
        prints and finds it alike; Chinese characters are never changed. `OverflowError` after 65 533 values.

        An empty text has its token too: it fills its place, so that no cell of a table moves up.
        """
        if len(self._texts) > _LAST - _FIRST:
            raise OverflowError("more values than tokens")
        self._texts.append(_MARKED.sub(lambda letter: normalize("NFC", letter[0]), text))
        return chr(_FIRST + len(self._texts) - 1)

    def take_blocks(self, blocks: tuple[Block, ...], line: int = 0) -> str:
        """Keep *blocks*, printed by *line* of the wording, and return the token that stands for them."""
        token = self.take("")
        self._blocks[token] = blocks, line
        return token

    def parted(self, text: str) -> Iterator[tuple[str, tuple[Block, ...]]]:
        """*text* parted at each line that is a token of blocks: what stands before the line, and the blocks.

        The last part has no blocks after it.
        """
        start = 0
        for line in _OWN_LINE.finditer(text) if self._blocks else ():
            if line[1] in self._blocks:
                yield text[start : line.start()], self._blocks[line[1]][0]
                start = line.end()
        yield text[start:], ()

    def restore(self, text: str) -> str:
        """*text* with every token replaced by its value; values are not looked into again.

        Raises:
            BlockAmidText: one of them stands for blocks.
        """
        if self._blocks:
            for token in text:
                if token in self._blocks:
                    raise BlockAmidText(self._blocks[token][1])
        return _TOKEN.sub(lambda match: self._texts[ord(match[0]) - _FIRST], text)


def lines(text: str) -> list[str]:
    """The lines of a value: wherever it breaks, a new paragraph begins."""
    return _BREAK.split(text)


def has_token(text: str) -> bool:
    """Whether *text* holds a character that is reserved for tokens; wording never may."""
    return _TOKEN.search(text) is not None
