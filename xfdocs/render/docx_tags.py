"""The tags of a docx layout as its author typed them: finished, in half-width braces, in pairs.

Asked before docxtpl patches the file: afterwards a tag that was not finished has swallowed what
follows it, and the fault would be reported somewhere else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xfdocs.render.ooxml import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_P: Final = f"{{{W}}}p"
_T: Final = f"{{{W}}}t"

_MARK: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}|'[^']*'|\"[^\"]*\"")
_ENDS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_WIDE: Final = re.compile("｛[｛{%％]|\\{[｛％]")
_STEP: Final = re.compile(r"\{%[-+]?\s*(?:(?:p|tr|tc|r)\s+)?(if|for|endif|endfor)\b[^%]*%\}")


def paragraphs(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph, of text boxes apart from the paragraph they hang on."""
    for paragraph in root.iter(_P):
        yield "".join(
            node.text or "" for node in paragraph.iter(_T) if next(node.iterancestors(_P)) is paragraph
        )


def fault(root: etree._Element) -> tuple[str, str] | None:
    """What is wrong with the tags of a part, and the paragraph where; None if nothing is."""
    opened: list[tuple[str, str, str]] = []  # what it waits for, the tag, its paragraph
    for text in paragraphs(root):
        if wrong := _unfinished(text):
            return wrong, text
        for step in _STEP.finditer(text):
            word, tag = step[1], step[0]
            if not word.startswith("end"):
                opened.append((f"end{word}", tag, text))
            elif not opened:
                return f"“{tag}”多余，前面没有对应的 {word[3:]}", text
            elif opened.pop()[0] != word:
                return f"“{tag}”与前面的标记不成对", text
    if opened:
        waits, tag, text = opened[0]
        return f"“{tag}”没有对应的 {waits}", text
    return None


def _unfinished(text: str) -> str:
    if _WIDE.search(text):
        return "标记要用半角的花括号和百分号"
    open_at = -1
    for mark in _MARK.finditer(text):
        found = mark[0]
        if found[0] in "'\"":
            continue
        if found in _ENDS:
            if open_at >= 0:
                return f"“{text[open_at : mark.start()].strip()}”没有写完"
            open_at = mark.start()
        elif open_at < 0:
            return f"“{found}”前面没有“{next(start for start, end in _ENDS.items() if end == found)}”"
        elif _ENDS[text[open_at : open_at + 2]] == found:
            open_at = -1
    return f"“{text[open_at:].strip()}”没有写完" if open_at >= 0 else ""
