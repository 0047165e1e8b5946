"""Where the parts of a record stand in its bytes, so that one can be put in or taken out and the rest stays as it was.

A record belongs to the person who keeps it: comments, indentation, line ends, encoding, prefixes.  So
what the program adds is spliced in, in the record's own hand; nothing is written anew.

    sheet = Sheet.of(data, path)
    sheet.spliced([Edit(at, at, sheet.written("文书", issued, lead, prefix))])

Offsets count UTF-8 bytes of the text, whatever the encoding of the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

from xfdocs.errors import RecordNotKept
from xfdocs.record.reader import parse_tree
from xfdocs.record.schema import NAMESPACE, qualified
from xfdocs.record.writer import fill

UNNAMED = Path("案件记录")
"""Stands in messages for a file that has no name."""

_PARTS = 2
"""The level of the record's own parts; of what stands in these, only the beginnings are noted."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How a text begins that has no mark (XML 1.0, appendix F)."""
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_TAG = re.compile(rb"""<[^<>"'/\s]+(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_LEAD = re.compile(rb"(?:\r\n|\n|\r)[ \t]*\Z")
"""The line end and the indentation right before an element."""
_REMARKS = re.compile(rb"(?:[ \t]*<!--(?:(?!-->)[^\r\n])*-->)+(?=[ \t]*[\r\n])")
"""Comments that stand behind an element on the same line: they speak of it."""
_UNSURE = re.compile("[\u1e3f\ue000-\uf8ff]")
"""Characters that programs write differently in GB18030 (its editions of 2000 and 2005)."""
_SPACE = b" \t\r\n"


@dataclass(slots=True)
class Span:
    """The place of an element in the text."""

    start: int
    """Where its start tag begins."""
    inside: int
    """Behind its start tag."""
    close: int
    """Where its end tag begins; of ``<x/>`` the same as ``inside``."""
    end: int
    """Behind its end tag."""
    closed: bool
    """Whether it is written ``<x/>``."""
    parts: list[Span] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """Where the elements in it begin, of those on the level below."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Some of the text, and what stands there instead."""

    start: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record's bytes, the tree in them, and where its parts stand."""

    file: Path
    data: bytes
    text: bytes
    """The same in UTF-8, without a mark at the beginning."""
    codec: str
    mark: int
    """Bytes of the mark."""
    tree: etree._Element
    root: Span

    @classmethod
    def of(cls, data: bytes, file: Path = UNNAMED) -> Sheet:
        """The sheet of a record.

        Raises:
            RecordUnreadable: it is no case record at all.
            RecordNotKept: its encoding cannot be written as it was read.
        """
        tree = parse_tree(data, file)
        codec, mark = _encoding(data)
        text = data[mark:]
        if codec != "utf-8":
            try:
                decoded = text.decode(codec)
                faithful = decoded.encode(codec) == text
                text = decoded.encode()
            except (LookupError, UnicodeError):
                faithful = False
            if not faithful:
                what = f"编码“{codec}”不能保证原样写回，请把文件另存为 UTF-8。"
                raise RecordNotKept(file=file, what=what)
        root = _outline(text)
        if root is None or len(root.parts) != sum(1 for _ in tree.iterchildren(tag=etree.Element)):
            raise RecordNotKept(
                file=file, what="找不准各项在文件中的位置。请用 UTF-8 编码另存，去掉不常见的前缀。"
            )
        return cls(file, data, text, codec, mark, tree, root)

    def named(self, *names: str) -> list[tuple[Span, etree._Element]]:
        """The record's own children of those names, in order, each with its place."""
        tags = {qualified(name) for name in names}
        children = self.tree.iterchildren(tag=etree.Element)
        return [
            (span, node) for span, node in zip(self.root.parts, children, strict=True) if node.tag in tags
        ]

    def lead(self, start: int) -> bytes:
        """The line end and indentation before the element at *start*; empty if it follows something on its line."""
        found = _LEAD.search(self.text, max(0, start - 200), start)
        return found[0] if found else b""

    def usual_lead(self, span: Span) -> bytes:
        """What stands before a part of the record: this one, or the last that begins a line."""
        leads = (self.lead(part.start) for part in (span, *reversed(self.root.parts)))
        return next((lead for lead in leads if lead), b"")

    def unit(self) -> bytes:
        """What one more level is indented by, as the record does it; empty if it does not."""
        for part in self.root.parts:
            outer = self.lead(part.start)
            inner = self.lead(part.begins[0]) if part.begins else b""
            if outer and inner.startswith(outer):
                return inner[len(outer) :]
        return b""

    def behind(self, span: Span) -> int:
        """The place behind an element and the comments that stand on its line."""
        remarks = _REMARKS.match(self.text, span.end)
        return remarks.end() if remarks else span.end

    def written(self, name: str, part: object, lead: bytes, prefix: str | None) -> bytes:
        """A part of the case as an element in the record's own hand; *lead* is what will stand before it."""
        spaces: Any = {prefix: NAMESPACE}
        node = etree.Element(qualified(name), nsmap=spaces)
        fill(node, part)
        line_end = lead.rstrip(b" \t").decode()
        if line_end:
            _lay_out(node, "\n" + lead.decode().lstrip("\r\n"), self.unit().decode())
        text = etree.tostring(node, encoding="unicode")
        declaration = f' xmlns:{prefix}="{NAMESPACE}"' if prefix else f' xmlns="{NAMESPACE}"'
        text = text.replace(declaration, "", 1)  # it is declared above; the first one stands in the first tag
        if line_end not in {"", "\n"}:  # within a value, too: every line end is read as one (XML 1.0 2.11)
            text = text.replace("\n", line_end)
        if not self.codec.startswith("utf"):
            text = _UNSURE.sub(lambda found: f"&#{ord(found[0])};", text)
            text = text.encode(self.codec, "xmlcharrefreplace").decode(self.codec)
        return text.encode()

    def spliced(self, edits: Iterable[Edit]) -> bytes:
        """The bytes with *edits* made, in the order of the text; all others as they were."""
        pieces: list[bytes] = [self.data[: self.mark]]
        at, kept = 0, self.mark
        for edit in edits:
            until = kept + self._width(at, edit.start)
            pieces += (self.data[kept:until], self._encoded(edit.text))
            kept = until + self._width(edit.start, edit.end)
            at = edit.end
        return b"".join((*pieces, self.data[kept:]))

    def _encoded(self, text: bytes) -> bytes:
        return text if self.codec == "utf-8" else text.decode().encode(self.codec)

    def _width(self, start: int, end: int) -> int:
        """How many bytes of the file a stretch of the text takes."""
        return end - start if self.codec == "utf-8" else len(self._encoded(self.text[start:end]))


def trimmed(text: bytes, start: int, end: int) -> int:
    """Where a stretch of text ends if the white space at its end is left out."""
    return start + len(text[start:end].rstrip(_SPACE))


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding of a record that could be read, and how many bytes its mark takes."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec, len(mark)
    for start, codec in _STARTS:
        if data.startswith(start):
            return codec, 0
    declared = _DECLARED.match(data)
    name = declared[1].decode().lower() if declared else "utf-8"
    # What begins with a plain "<" is in no wide encoding, whatever it says; the parser goes by the same.
    return ("utf-8" if re.match(r"utf-?(8|16|32)|ucs|iso-10646", name) else name), 0


def _outline(text: bytes) -> Span | None:
    """The places of the elements of the upper levels; None if this parser does not read what the other did."""
    parser = expat.ParserCreate("utf-8")
    above: list[Span] = []
    depth = 0
    root: Span | None = None

    def begin(_name: str, _attributes: object) -> None:
        nonlocal depth, root
        depth += 1
        if depth > _PARTS:
            if depth == _PARTS + 1:
                above[-1].begins.append(parser.CurrentByteIndex)
            return
        start = parser.CurrentByteIndex
        tag = _TAG.match(text, start)
        inside = tag.end() if tag else start
        span = Span(start, inside, inside, inside, text[inside - 2 : inside] == b"/>")
        if above:
            above[-1].parts.append(span)
        else:
            root = span
        above.append(span)

    def finish(_name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth < _PARTS:
            span = above.pop()
            if not span.closed:
                span.close = parser.CurrentByteIndex
                span.end = text.index(b">", span.close) + 1

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return None
    finally:  # the handlers hold the parser, and it them
        parser.StartElementHandler = parser.EndElementHandler = None
    return root


def _lay_out(node: etree._Element, lead: str, unit: str) -> None:
    """Put every element below *node*, which stands behind *lead*, on a line of its own."""
    if not len(node):
        return
    inner = lead + unit
    node.text = inner
    for child in node:
        _lay_out(child, inner, unit)
        child.tail = inner
    node[-1].tail = lead
