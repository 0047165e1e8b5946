"""Everything that finished files say, wherever it stands: on pages and sheets, in comments, properties, alt texts.

Read back from what was written, not from what was meant to be written.  Text comes in pieces that belong together:
a paragraph, a cell, a property; a line break inside a paragraph parts nothing.  What a picture shows in pixels cannot
be read; what it says of itself can.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from ctypes import create_string_buffer
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from xfdocs.errors import FileTrouble, LibraryMissing


class Piece(NamedTuple):
    """A piece of text, and where it stands in its file, as people call it."""

    place: str
    text: str


def pieces_of(path: Path) -> Iterator[Piece]:
    """The text of a docx, xlsx, PDF, SVG, PNG, JSON, XML or plain text file, piece by piece.

    Raises:
        FileTrouble: it cannot be read, or is encrypted.
        LibraryMissing: a PDF, and pypdfium2 is not installed.
    """
    try:
        data = path.read_bytes()
        yield from _pieces(data, path.suffix.lower())
    except OSError as error:
        raise FileTrouble(where=path, why=error.strerror) from error
    except (etree.XMLSyntaxError, zipfile.BadZipFile, UnreadablePdf, ValueError) as error:
        raise FileTrouble(where=path, why="文件已损坏或者加了密，不能读回来核对") from error


def _pieces(data: bytes, suffix: str = "", place: str = "") -> Iterator[Piece]:
    """Told apart by how it begins; the ending decides only among texts."""
    if data.startswith(b"PK\x03\x04"):
        yield from _package(data, place)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data, place)
    elif data.startswith(b"\x89PNG"):
        yield from _png(data, place)
    elif suffix == ".json":
        yield from _json(json.loads(data), place or "JSON")
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _xml(data, place or "正文")
    else:
        for part in re.split(r"\n\s*\n|[\0\x0b\x0c]", data.decode("utf-8-sig", "replace")):
            yield Piece(place or "正文", part)


# --- XML, and packages of it ------------------------------------------------------------------------------

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
_TOGETHER = frozenset({"p", "si", "is", "text", "title", "desc", "comment"})
"""Elements whose text is one, however it is cut up by format: paragraphs, shared strings, comments."""
_OWN_PLACES = (
    (re.compile(r"(word|xl)/(threadedC|c)omments"), "批注"),
    (re.compile(r"word/header"), "页眉"),
    (re.compile(r"word/footer"), "页脚"),
    (re.compile(r"word/(foot|end)notes"), "脚注"),
    (re.compile(r"docProps/"), "文档属性"),
    (re.compile(r"word/document"), "正文"),
    (re.compile(r"xl/workbook"), "工作簿"),
    (re.compile(r"(word|xl)/(drawings|charts)/"), "图"),
)
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _xml(data: bytes, place: str) -> Iterator[Piece]:
    """Texts, attributes and comments; what stands inside a paragraph is one."""
    for node in etree.fromstring(data, _PARSER).iter():
        if isinstance(node, etree._Comment | etree._ProcessingInstruction):
            yield Piece(place, node.text or "")
            continue
        if not isinstance(node.tag, str):
            continue
        if etree.QName(node).localname in _TOGETHER:
            yield Piece(place, "".join(map(str, node.itertext("*"))))
        else:
            yield Piece(place, node.text or "")
        if node.tail and node.tail.strip():
            yield Piece(place, node.tail)
        for name, value in node.attrib.items():
            alt = etree.QName(str(name)).localname in {"descr", "alt", "title", "aria-label"}
            yield Piece(f"{place}的替代文字" if alt else place, str(value))


def _package(data: bytes, place: str) -> Iterator[Piece]:
    """A docx or xlsx, or any other zip: each part, and its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = dict(_sheets(package)) if "xl/workbook.xml" in package.namelist() else {}
        yield Piece(place or "压缩包说明", package.comment.decode("utf-8", "replace"))
        shared = _shared_strings(package) if sheets else []
        for info in package.infolist():
            name = info.filename
            here = f"{place}{sheets.get(name) or _place(name)}"
            yield Piece(here, posixpath.basename(name))
            part = package.read(info)
            yield from _pieces(part, posixpath.splitext(name)[1].lower(), here)
            if name in sheets:
                for text in _from_shared(part, shared):
                    yield Piece(here, text)


def _place(name: str) -> str:
    return next((place for pattern, place in _OWN_PLACES if pattern.match(name)), f"“{name}”")


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The part of each sheet, with the sheet's name; what belongs to one sheet is told of under its name."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in package.namelist():
        return
    targets = {
        node.get("Id", ""): posixpath.normpath(posixpath.join("xl", node.get("Target", "")))
        for node in etree.fromstring(package.read(relations), _PARSER)
    }
    for node in etree.fromstring(package.read("xl/workbook.xml"), _PARSER).iter("{*}sheet"):
        part = targets.get(node.get(_RELATED, ""), "").lstrip("/")
        yield part, f"工作表“{node.get('name', '')}”"


def _shared_strings(package: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in package.namelist():
        return []
    return ["".join(map(str, node.itertext("*"))) for node in etree.fromstring(package.read(name), _PARSER)]


def _from_shared(sheet: bytes, shared: list[str]) -> Iterator[str]:
    """The texts that a sheet takes from the workbook's list of them."""
    for cell in etree.fromstring(sheet, _PARSER).iter("{*}c"):
        index = cell.findtext("{*}v") if cell.get("t") == "s" else None
        if index is not None and index.isdecimal() and int(index) < len(shared):
            yield shared[int(index)]


def _json(value: Any, place: str) -> Iterator[Piece]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield Piece(place, str(name))
            yield from _json(inner, f"{place}.{name}" if place.count(".") < 3 else place)
    elif isinstance(value, list):
        for inner in value:
            yield from _json(inner, place)
    elif value is not None:
        yield Piece(place, str(value))


def _png(data: bytes, place: str) -> Iterator[Piece]:
    """What a picture says of itself: its text chunks (PNG 11.3.3)."""
    at = 8
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        chunk = data[at + 8 : at + 8 + length]
        if kind in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}:
            packed = _unpacked(chunk.rpartition(b"\0")[2]) if kind != b"tEXt" else b""
            yield Piece(f"{place}图片说明", (chunk + b"\n" + packed).decode("utf-8", "replace"))
        at += length + 12


# --- PDF ------------------------------------------------------------------------------------------------


class UnreadablePdf(Exception):
    """pypdfium2 cannot open it."""


def _pdf(data: bytes, place: str) -> Iterator[Piece]:
    """The pages block by block, as the tags of the file have them, every string beside them, and the attachments."""
    try:
        import pypdfium2
    except ImportError as fault:
        raise LibraryMissing(
            library="pypdfium2", what="核对公开版 PDF 的文字", mend="请运行 pip install pypdfium2。"
        ) from fault
    if b"/Encrypt" in data:
        raise UnreadablePdf
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdf from error
    try:
        pages = [_blocks(pypdfium2.raw, document[index]) for index in range(len(document))]
        for number, (blocks, beside) in enumerate(pages, start=1):
            for text in (*blocks, beside):
                yield Piece(f"{place}第{number}页", text)
        for number, ((one, _), (other, _)) in enumerate(pairwise(pages), start=1):
            if one and other:  # a paragraph may run on
                yield Piece(f"{place}第{number}页至第{number + 1}页", one[-1] + other[0])
        for index in range(document.count_attachments()):
            attached = document.get_attachment(index)
            yield Piece(f"{place}附件", attached.get_name())
            yield from _pieces(bytes(attached.get_data()), place=f"{place}附件")
    finally:
        document.close()
    for text in _strings(data):
        yield Piece(f"{place}文档属性、标签或者替代文字", text)


def _blocks(raw: Any, page: Any) -> tuple[list[str], str]:
    """The texts of a page: of each tagged block in its order, and of all that is not tagged (page numbers, drawings)."""
    block_of = _block_numbers(raw, page)
    text = page.get_textpage()
    tagged: dict[int, list[str]] = {}
    untagged: list[str] = []
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=text):
        words = one.extract()
        content = one
        block = None
        while content is not None and block is None:  # inside a drawing, its frame is tagged
            block = block_of.get(raw.FPDFPageObj_GetMarkedContentID(content))
            content = content.container
        if block is None:
            untagged.append(words)
        else:
            tagged.setdefault(block, []).append(words)
    return ["".join(words) for words in tagged.values()], "".join(untagged)


def _block_numbers(raw: Any, page: Any) -> dict[int, int]:
    """Mark in the content → the block it belongs to: the nearest tag above it that is no mere span."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    found: dict[int, int] = {}
    if not tree:
        return found
    try:
        waiting = [
            (raw.FPDF_StructTree_GetChildAtIndex(tree, i), 0)
            for i in range(raw.FPDF_StructTree_CountChildren(tree))
        ]
        blocks = 0
        while waiting:
            element, block = waiting.pop()
            if not element:
                continue
            if _tag(raw, element) not in {"Span", "Link", "Em", "Strong"}:
                blocks += 1
                block = blocks
            for i in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element)):
                mark = raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, i)
                if mark >= 0:
                    found[mark] = block
            children = range(raw.FPDF_StructElement_CountChildren(element))
            waiting += [(raw.FPDF_StructElement_GetChildAtIndex(element, i), block) for i in children]
    finally:
        raw.FPDF_StructTree_Close(tree)
    return found


def _tag(raw: Any, element: Any) -> str:
    buffer = create_string_buffer(64)
    length = min(raw.FPDF_StructElement_GetType(element, buffer, 64), 64)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")


_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}


def _strings(data: bytes) -> Iterator[str]:
    """Every string of a PDF outside its pages' drawing, and every stream of XML: titles, alt texts, notes, links, XMP."""
    objects = [_STREAM.sub(b" ", data)]
    for match in _STREAM.finditer(data):
        content = _unpacked(match[1]) or match[1]
        if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            yield content.decode("utf-8", "replace")
        elif b"/ObjStm" in data[max(0, match.start() - 300) : match.start()]:
            objects.append(content)
    for part in objects:
        for match in _LITERAL.finditer(part):
            yield _decoded(_ESCAPED.sub(_unescaped, match[1]))
        for match in _HEX.finditer(part):
            digits = b"".join(match[1].split())
            yield _decoded(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _ESCAPES.get(code, code)


def _decoded(text: bytes) -> str:
    """A text string (ISO 32000-2, 7.9.2.2); what PDFDocEncoding has beyond Latin-1 says nothing here."""
    if text.startswith(b"\xfe\xff"):
        return text[2:].decode("utf-16-be", "replace")
    if text.startswith(b"\xff\xfe"):
        return text[2:].decode("utf-16-le", "replace")
    return text.decode("utf-8", "replace")


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""
