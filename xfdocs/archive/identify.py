"""What a file is by its content, whatever it calls itself.

How most formats begin stands in ``schemas/archive/formats.toml``; what holds other things — zip, OLE2 — is looked into,
and a text is decided by its encoding and its first words.  Of a big file little is read.  A damaged file is told as what
it was; nothing it holds can make this fail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from xfdocs.archive.compound import compound
from xfdocs.archive.formats import Formats, Identified, Nature, Rule, Trait
from xfdocs.archive.model import Format
from xfdocs.archive.pdffacts import pdf_facts
from xfdocs.archive.peek import Peek, peek
from xfdocs.archive.texts import kind_of, text_of
from xfdocs.archive.zipped import zipped


@cache
def shipped_formats() -> Formats:
    """The table that comes with the program."""
    return Formats.load()


def identify(source: Path | bytes, formats: Formats | None = None) -> Format:
    """What a file is by its content. Raises `FileTrouble` if it cannot be read at all."""
    return examine(source, formats).format


def examine(source: Path | bytes, formats: Formats | None = None) -> Identified:
    """`identify`, with the row of the table and what else was seen."""
    with peek(source) as file:
        return examined(file, formats or shipped_formats())


def examined(file: Peek, formats: Formats) -> Identified:
    """`examine` of a file that is open already."""
    if not file.size:
        return formats.found("empty")
    rule = formats.beginning(file.head)
    if rule is not None:
        return _REFINED.get(rule.key, _plain)(file, formats, rule)
    return _unmarked(file, formats)


def _plain(_file: Peek, _formats: Formats, rule: Rule) -> Identified:
    return Identified(rule, rule.version())


# --- formats that say their version -----------------------------------------------------------------------


def _pdf(file: Peek, formats: Formats, rule: Rule) -> Identified:
    facts = pdf_facts(file)
    if not facts.whole and not file.head.startswith(b"%PDF-"):
        return _unmarked(file, formats)  # words about PDF
    traits = {Trait.ENCRYPTED} if facts.encrypted else set()
    if not facts.whole:
        traits.add(Trait.CUT)
    name = f"PDF/{facts.version}" if facts.version.startswith("A") else rule.name
    return Identified(rule, rule.version(facts.version, name=name), frozenset(traits))


def _jpeg(file: Peek, _formats: Formats, rule: Rule) -> Identified:
    version = (
        f"{file.head[11]}.{file.head[12]:02}" if file.head[6:11] == b"JFIF\0" and len(file.head) > 12 else ""
    )
    return Identified(rule, rule.version(version))


def _gif(file: Peek, _formats: Formats, rule: Rule) -> Identified:
    return Identified(rule, rule.version(file.head[3:6].decode("ascii")))


_BMP = {40: "3.0", 108: "4.0", 124: "5.0"}
"""Size of the header → version."""


def _bmp(file: Peek, _formats: Formats, rule: Rule) -> Identified:
    return Identified(rule, rule.version(_BMP.get(file.head[14], "")))


_WEBP = {b"VP8 ": "有损", b"VP8L": "无损", b"VP8X": "扩展"}


def _webp(file: Peek, _formats: Formats, rule: Rule) -> Identified:
    return Identified(rule, rule.version(_WEBP.get(file.head[12:16], "")))


def _rar(file: Peek, _formats: Formats, rule: Rule) -> Identified:
    return Identified(rule, rule.version("5.0" if file.head[6:8] == b"\x01\x00" else ""))


# --- what has no mark of its own ----------------------------------------------------------------------------


def _unmarked(file: Peek, formats: Formats) -> Identified:
    head = file.head
    if head.startswith(b"MZ") and (found := _pe(file, formats)):
        return found
    if _mp3_frames(head):
        return formats.found("mp3")
    if head[0] == 0xFF and head[1:2] and head[1] & 0xF6 == 0xF0 and _adts(head):
        return formats.found("aac")
    text = text_of(head, whole=file.size == len(head))
    if text is None:
        return formats.found("unknown")
    if file.size > len(head) and b"\0" in file.tail(4096) and not text.encoding.startswith("UTF-16"):
        return formats.found("unknown")  # words at the beginning, something else after them
    key, version = kind_of(text.start)
    if key == "text":
        version = text.encoding
    return formats.found(key, version, *([Trait.VAGUE] if not text.encoding else []))


def _pe(file: Peek, formats: Formats) -> Identified | None:
    """A program for Windows, or, without its second head, for DOS."""
    head = file.head
    if len(head) < 64:
        return None
    place = int.from_bytes(head[60:64], "little")
    second = file.read(place, 26)
    if second.startswith(b"PE\0\0"):
        bits = {b"\x0b\x01": "32 位", b"\x0b\x02": "64 位"}.get(second[24:26], "")
        return formats.found("pe", bits)
    return None if text_of(head, whole=True) else formats.found("pe")


_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mp3_frames(head: bytes) -> bool:
    """Whether two frames of MPEG audio layer III follow each other (ISO 11172-3 2.4.1.3)."""
    first = _mp3_frame(head, 0)
    return bool(first) and (bool(_mp3_frame(head, first)) if len(head) > first + 4 else len(head) >= first)


def _mp3_frame(head: bytes, at: int) -> int:
    """The length in bytes of the frame at *at*; 0 if there is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version, rate, sample = head[at + 1] >> 3 & 3, head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or sample == 3 or rate in {0, 15}:
        return 0
    kilobits = (_RATES if version == 3 else _RATES_LOW)[rate]
    slots = 144 if version == 3 else 72
    return slots * kilobits * 1000 // _SAMPLES[version][sample] + (head[at + 2] >> 1 & 1)


def _adts(head: bytes) -> bool:
    """Whether two frames of AAC follow each other (ISO 13818-7 6.2)."""
    if len(head) < 8:
        return False
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length > 7 and head[length : length + 1] == b"\xff" and head[length + 1 : length + 2] == head[1:2]


_REFINED: dict[str, Callable[[Peek, Formats, Rule], Identified]] = {
    "pdf": _pdf,
    "jpeg": _jpeg,
    "gif": _gif,
    "bmp": _bmp,
    "webp": _webp,
    "rar": _rar,
    "zip": zipped,
    "compound": compound,
}


def is_program(name: str, found: Identified, formats: Formats) -> bool:
    """Whether a file runs when somebody opens it: by its content, or a text whose ending makes it a script."""
    if found.rule.nature is Nature.PROGRAM:
        return True
    ending = Path(name).suffix.lower().removeprefix(".")
    usual = formats.named(ending)
    return (
        bool(usual)
        and all(rule.nature is Nature.PROGRAM for rule in usual)
        and found.rule.key in {"text", "html", "xml"}
    )
