"""Whether bytes are a text, in which encoding, and what kind of text.

Decided, not guessed: an encoding is named only where the bytes are right in it and what they say is likely Chinese or
plain ASCII.  A text that could be several things is a text of unknown encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

UNKNOWN = ""
ASCII, UTF8, GB18030, UTF16LE, UTF16BE = "ASCII", "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"

_MARKS = ((b"\xef\xbb\xbf", UTF8), (b"\xff\xfe", UTF16LE), (b"\xfe\xff", UTF16BE))
_CODECS = {ASCII: "ascii", UTF8: "utf-8", GB18030: "gb18030", UTF16LE: "utf-16-le", UTF16BE: "utf-16-be"}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
"""No text has them; tab, line and page breaks and escape do stand in texts."""
_BYTE_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_COMMON = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]")
"""Characters and punctuation of GB 2312: what nearly all of a Chinese text is made of."""
_CHINESE = re.compile("[\t\n\r -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text: its encoding, empty if nobody can tell, and how it begins."""

    encoding: str
    start: str


def text_of(head: bytes, *, whole: bool) -> Text | None:
    """The text that begins with *head*, or None for what is no text. *whole*: *head* is all of it."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            said = _decoded(head[len(mark) :], encoding, whole=whole)
            return Text(encoding, said) if said is not None and not _CONTROLS.search(said) else None
    if b"\0" in head:
        return _wide(head, whole=whole)
    return None if _BYTE_CONTROLS.search(head) else _narrow(head, whole=whole)


def _narrow(head: bytes, *, whole: bool) -> Text | None:
    """A text whose ASCII characters are single bytes."""
    for encoding in (ASCII, UTF8):
        said = _decoded(head, encoding, whole=whole)
        if said is not None:
            return Text(encoding, said)
    if _decoded(head, GB18030, whole=whole) is not None and _is_chinese(head):
        return Text(GB18030, head.decode("gb18030", "ignore"))
    # Some other old encoding is mostly words and line breaks; anything else is no text at all.
    high = sum(byte >= 0x80 for byte in head[:4096])
    return Text(UNKNOWN, head.decode("latin-1")) if high * 2 <= len(head[:4096]) else None


def _decoded(data: bytes, encoding: str, *, whole: bool) -> str | None:
    """The text of *data*; a character cut in two at its end is left off unless that is the end of the file."""
    decoder = codecs.getincrementaldecoder(_CODECS[encoding])()
    try:
        return decoder.decode(data, final=whole)
    except UnicodeDecodeError:
        return None


def _is_chinese(data: bytes) -> bool:
    """Whether nine in ten of the characters outside ASCII are everyday ones."""
    pairs = _PAIRS.findall(data)
    common = sum(bool(_COMMON.fullmatch(pair)) for pair in pairs)
    return bool(pairs) and common * 10 >= len(pairs) * 9


def _wide(head: bytes, *, whole: bool) -> Text | None:
    """UTF-16 without a mark: every unit is a character of a Chinese or ASCII text, with line breaks or spaces."""
    for encoding in (UTF16LE, UTF16BE):
        said = _decoded(head, encoding, whole=whole)
        if not said or _CONTROLS.search(said):
            continue
        plain = sum(char.isascii() for char in said)
        if plain and len(_CHINESE.findall(said)) * 20 >= len(said) * 19:
            return Text(encoding, said)
    return None


# --- what kind of text ------------------------------------------------------------------------------------

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<\?xml\s+version\s*=\s*[\"']([\d.]+)")
_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([\w][\w.-]*)((?:\s[^<>]*)?)/?>")
_FIELD = re.compile(r"^(?:([A-Za-z][A-Za-z0-9-]*):[ \t]?|[ \t])", re.MULTILINE)
_LETTER = {
    "from",
    "to",
    "date",
    "subject",
    "received",
    "message-id",
    "return-path",
    "delivered-to",
    "mime-version",
    "reply-to",
}


def kind_of(start: str) -> tuple[str, str]:
    """The key of the format and its version, by how a text begins; ``text`` if it is nothing else."""
    beginning = start[:8192]
    if start.startswith("#!"):
        return "script", ""
    if found := _XML.match(beginning):
        return _kind_of_xml(beginning, found[1])
    if _HTML.match(beginning):
        return "html", ""
    if re.match(r"\s*<svg[\s>]", beginning):
        return "svg", _svg_version(beginning)
    if _is_letter(beginning):
        related = re.search(r"^content-type:\s*multipart/related", beginning, re.IGNORECASE | re.MULTILINE)
        return (
            "mhtml"
            if related and not re.search(r"^received:", beginning, re.IGNORECASE | re.MULTILINE)
            else "eml"
        ), ""
    return "text", ""


def _kind_of_xml(start: str, version: str) -> tuple[str, str]:
    plain = re.sub(r"<!--.*?-->", "", start, flags=re.DOTALL)
    root = _ROOT.search(plain)
    if root is None:
        return "xml", version
    if root[2] == "svg":
        return "svg", _svg_version(root[3])
    if root[2].lower() == "html":
        return "html", ""
    if root[2] == "UOF":
        return "uof", ""
    return "xml", version


def _svg_version(text: str) -> str:
    found = re.search(r"\sversion\s*=\s*[\"']([\d.]+)", text)
    return found[1] if found else ""


def _is_letter(start: str) -> bool:
    """Whether it begins with the fields of a letter (RFC 5322 2.2): nothing else stands before the empty line."""
    head = re.split(r"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = head.splitlines()
    if not lines or lines[0][:1].isspace():
        return False
    names = []
    for line in lines[:-1] if len(head) == len(start) else lines:
        found = _FIELD.match(line)
        if not found:
            return False
        if found[1]:
            names.append(found[1].lower())
    return len(_LETTER & set(names)) >= 2
