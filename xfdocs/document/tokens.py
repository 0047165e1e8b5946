"""Values on their way through the wording: one opaque character each until the wording has been parsed.

A value is text, never markup (DESIGN §5).  So while Jinja and Markdown read the wording, each value is
a single private-use character; only when the wording has become blocks does the value take its place.
``#``, ``|``, ``*`` or ``<`` in a record can therefore never become a heading, a cell or a tag.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_FIRST = 0xF0000  # Supplementary Private Use Area-A: nobody's letters, and one character each
_LAST = 0xFFFFD
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_MARKED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
"""A letter and the marks typed after it."""
_TOKEN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")


class Values:
    """The values of one document, each known by its token."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: list[str] = []

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

    def restore(self, text: str) -> str:
        """*text* with every token replaced by its value; values are not looked into again."""
        return _TOKEN.sub(lambda match: self._texts[ord(match[0]) - _FIRST], text)


def lines(text: str) -> list[str]:
    """The lines of a value: wherever it breaks, a new paragraph begins."""
    return _BREAK.split(text)


def has_token(text: str) -> bool:
    """Whether *text* holds a character that is reserved for tokens; wording never may."""
    return _TOKEN.search(text) is not None
