"""Whether a file is whole, for the formats that say how they end or carry checksums."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from xfdocs.archive.formats import Identified, Trait
from xfdocs.archive.pages import look_at_pdf, look_at_tiff
from xfdocs.archive.peek import BAD_ZIP, Members, Peek, peek

_PIECE = 1 << 20
_UNPACKED = 128 * 1024 * 1024
"""Bytes of a packed file that are unpacked to compare checksums; what comes after them is taken as it is."""


def damage(source: Path | bytes, found: Identified) -> str:
    """What is broken of a file, in Chinese and as part of a sentence; empty if nothing is seen to be."""
    with peek(source) as file:
        seen = _LOOKS[found.rule.key](file) if found.rule.key in _LOOKS else ""
    if seen or found.rule.key != "pdf":
        return seen or ("结尾不见了，文件不完整" if Trait.CUT in found.traits else "")
    look = look_at_pdf(source)
    if look.pages is None and not look.password:
        return "PDF 打不开"
    return "没有结束标志，文件可能不完整" if Trait.CUT in found.traits else ""


def jpeg_end(file: Peek) -> int:
    """Where the picture of a JPEG ends: what follows are things that phones append. 0 if it does not end.

    The segments before the picture are passed by their lengths: a small picture inside them has an end of its own
    (ISO 10918-1 B.1.1).
    """
    place = 2
    while True:
        head = file.read(place, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return 0
        if head[1] == 0xFF:
            place += 1
            continue
        if head[1] == 0xDA:
            break
        place += 2 + int.from_bytes(head[2:4], "big")
    before = b""
    while piece := file.read(place, _PIECE):
        at = (before + piece).find(b"\xff\xd9")
        if at >= 0:
            return place - len(before) + at + 2
        before = piece[-1:]
        place += len(piece)
    return 0


def png_chunks(file: Peek) -> Iterator[tuple[bytes, int, int]]:
    """(type, place of the data, length) of each chunk, up to the last one there is (ISO 15948 5.3)."""
    place = 8
    while len(head := file.read(place, 8)) == 8:
        length = int.from_bytes(head[:4], "big")
        if length > file.size - place - 12:
            return
        yield head[4:], place + 8, length
        if head[4:] == b"IEND":
            return
        place += length + 12


def _jpeg(file: Peek) -> str:
    return "" if jpeg_end(file) else "图片不完整，后面一部分不见了"


def _png(file: Peek) -> str:
    last = b""
    for kind, place, length in png_chunks(file):
        check = zlib.crc32(kind)
        for at in range(place, place + length, _PIECE):
            check = zlib.crc32(file.read(at, min(_PIECE, place + length - at)), check)
        if check != int.from_bytes(file.read(place + length, 4), "big"):
            return "图片的校验和不符，内容已经改变"
        last = kind
    return "" if last == b"IEND" else "图片不完整，后面一部分不见了"


def _gif(file: Peek) -> str:
    """Pass its blocks up to the one that says it ends (GIF89a, 16 to 27)."""
    place = 13 + _table(file.head[10:11])
    while kind := file.read(place, 1):
        if kind == b"\x3b":
            return ""
        if kind == b"\x2c":
            place += 11 + _table(file.read(place + 9, 1))
        elif kind == b"\x21":
            place += 2
        else:
            break
        while size := file.read(place, 1):
            place += 1 + size[0]
            if not size[0]:
                break
    return "图片不完整，后面一部分不见了"


def _table(flags: bytes) -> int:
    """The bytes of a table of colours."""
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _tiff(file: Peek) -> str:
    return "图片不完整，有的页在文件以外" if look_at_tiff(file).broken else ""


def _riff(file: Peek) -> str:
    said = int.from_bytes(file.head[4:8], "little") + 8
    return (
        "文件不完整，比它自己说的短"
        if said > file.size and file.head[4:8] not in {b"\xff" * 4, bytes(4)}
        else ""
    )


def _packed(file: Peek) -> str:
    try:
        return "里面有的部分读不出来，或者校验和不符" if Members(file).damaged(_UNPACKED) else ""
    except BAD_ZIP:
        return "结尾不见了，文件不完整"


_PACKED = ("docx", "xlsx", "pptx", "ooxml", "odt", "ods", "odp", "odf", "ofd")
"""Not a plain zip: of that it is said anyway that nobody has looked inside."""
_LOOKS: dict[str, Callable[[Peek], str]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "tiff": _tiff,
    "webp": _riff,
    "wav": _riff,
    "avi": _riff,
    **dict.fromkeys(_PACKED, _packed),
}
