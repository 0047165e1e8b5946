"""A copy for reading: PDF/A, made of an attachment that a browser or a printer may not open in twenty years.

The original stays what it was and goes into the package; the copy stands beside it.  Pictures are put onto A4 pages
(PDF/A-2b), texts are set with the fonts of the office (PDF/A-3a), office files are printed by LibreOffice where the
machine has it (PDF/A-2b).  The same file gives the same bytes on any day with the same tools.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xfdocs.archive.damage import damage
from xfdocs.archive.formats import Copy, Identified, Trait
from xfdocs.archive.libreoffice import NotPrinted, find_soffice, print_office
from xfdocs.archive.peek import peek
from xfdocs.archive.picturepdf import write_pictures
from xfdocs.archive.pictures import NoPicture, drawn
from xfdocs.archive.texts import ASCII, GB18030, UTF8, UTF16BE, UTF16LE
from xfdocs.errors import FontsMissing, GlyphMissing, LayoutInvalid, RenderWarned
from xfdocs.render.fonts import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from xfdocs.render.pdf import PdfEngine

LARGEST = 200 * 1024 * 1024
"""Bytes of a copy; nobody reads a larger one."""
LONGEST_TEXT = 256 * 1024
"""Bytes of a text that is set: about 150 pages. A longer one is data."""
_SECONDS = 180.0
LAYOUT = "_text"
_NO_DATE = date(1980, 1, 1)
"""A copy bears no day of its own: it is as old as what it copies, and nobody knows how old that is."""
_CODECS = {ASCII: "ascii", UTF8: "utf-8", GB18030: "gb18030", UTF16LE: "utf-16-le", UTF16BE: "utf-16-be"}
_PLAIN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML has no room for, or no font a sign."""


@dataclass(frozen=True)
class Tools:
    """What this machine makes copies with; what it lacks is None, and every copy that needs it says so."""

    soffice: Path | None = None
    setter: Callable[[], PdfEngine] | None = None
    """Gives what sets texts."""
    seconds: float = _SECONDS
    """How long LibreOffice may take for one file."""

    @classmethod
    def find(cls, setter: Callable[[], PdfEngine] | None = None, *, libreoffice: bool = True) -> Tools:
        """What is there. *libreoffice*: whether it may be used where it is found."""
        return cls(find_soffice() if libreoffice else None, setter)

    @cached_property
    def engine(self) -> PdfEngine | None:
        """What sets texts, asked for when the first one is there. Raises `LibraryMissing` as `engine_of`."""
        try:
            return self.setter() if self.setter is not None else None
        except FontsMissing:
            return None


@dataclass(frozen=True, slots=True)
class AccessCopy:
    """A copy for reading, or why there is none."""

    pdf: bytes | None
    why: str = ""
    """A sentence in Chinese if there is none; empty if none was wanted."""


def access_copy(file: Path, found: Identified, tools: Tools, title: str = "") -> AccessCopy:
    """A PDF/A copy of a file that was identified, called *title*, by default like the file.

    Raises:
        FileTrouble: the file cannot be read.
    """
    way = found.rule.copy
    if way is Copy.NONE:
        return AccessCopy(None)
    if Trait.ENCRYPTED in found.traits:
        return AccessCopy(None, "文件有密码，打不开，没有另做阅读副本。")
    try:
        return AccessCopy(_WAYS[way](file, found, tools, title or file.name))
    except (NoPicture, NotPrinted, _NoText) as reason:
        return AccessCopy(None, str(reason))


# --- pictures ---------------------------------------------------------------------------------------------


def _picture(file: Path, found: Identified, _tools: Tools, title: str) -> bytes:
    out = _Limited()
    if what := damage(file, found):
        raise NoPicture(f"文件已损坏（{what}），没有另做阅读副本。")
    with file.open("rb") as whole:
        mark = hashlib.file_digest(whole, "sha256").digest()
    with peek(file) as looked:
        if not write_pictures(drawn(looked, found.rule.key), out, title=title, identifier=mark[:16]):
            raise NoPicture("里面没有图片，没有另做阅读副本。")
    return out.getvalue()


class _Limited(io.BytesIO):
    """Bytes in memory, up to what a copy may have."""

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes are written here
        if self.tell() + len(data) > LARGEST:
            raise NoPicture(f"阅读副本会超过 {LARGEST >> 20} MB，没有另做。")
        return super().write(data)


# --- office files -----------------------------------------------------------------------------------------


def _office(file: Path, found: Identified, tools: Tools, _title: str) -> bytes:
    if tools.soffice is None:
        raise NotPrinted(
            "这台机器没有 LibreOffice（或者没有启用），没有另做阅读副本；装好以后重新归档就会有。"
        )
    pdf = print_office(file, found.rule.key, found.rule.extensions[0], tools.soffice, tools.seconds)
    if len(pdf) > LARGEST:
        raise NotPrinted(f"阅读副本超过 {LARGEST >> 20} MB，没有收进来。")
    return pdf


# --- texts ------------------------------------------------------------------------------------------------


class _NoText(Exception):
    """Why a text was not set."""


def _text(file: Path, found: Identified, tools: Tools, title: str) -> bytes:
    if tools.engine is None:
        raise _NoText("这台机器没有准备好字体，没有另做阅读副本；用 `xfdocs doctor` 查看怎样准备。")
    pages = _pages(file, found)
    facts = {"title": _PLAIN.sub("", title), "pages": pages}
    said = [
        (Role.SONG, "正文", "".join(line for page in pages for line in page)),
        (Role.SONG, "页码", "— 0123456789"),
    ]
    try:
        return tools.engine.typeset(LAYOUT, facts, said, day=_NO_DATE, what="附件")
    except GlyphMissing as error:
        raise _NoText(
            f"有字体里没有的字（{error.facts['codepoint']}），印出来会缺字，没有另做阅读副本。"
        ) from error
    except (RenderWarned, LayoutInvalid) as error:
        raise _NoText("文字排不出来，没有另做阅读副本。") from error


def _pages(file: Path, found: Identified) -> list[list[str]]:
    """The lines of a text, parted where it wants a new page."""
    with peek(file) as looked:
        if looked.size > LONGEST_TEXT:
            raise _NoText(f"文字超过 {LONGEST_TEXT >> 10} KB，没有另做阅读副本。")
        data = looked.read(0, looked.size)
    codec = _CODECS.get(found.format.version)
    if codec is None:
        raise _NoText("文字用的是什么编码不能确定，没有另做阅读副本。")
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _NoText("文字里有不合编码的地方，没有另做阅读副本。") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    pages = [page.removesuffix("\n").split("\n") for page in lines.split("\f")]
    if any(_PLAIN.search(line) for page in pages for line in page):
        raise _NoText("文字里有控制字符，印不出来，没有另做阅读副本。")
    return pages


_WAYS: dict[Copy, Callable[[Path, Identified, Tools, str], bytes]] = {
    Copy.PICTURE: _picture,
    Copy.OFFICE: _office,
    Copy.TEXT: _text,
}
