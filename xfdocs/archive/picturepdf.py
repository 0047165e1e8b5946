"""Pictures as PDF/A-2b, one to an A4 page, written straight to a file.

The PDF is as simple as one can be: pages, each with one picture, the sRGB profile, and what PDF/A asks to be said (ISO
19005-2).  A picture's own packed data go in as they stand, so nothing is lost and hardly any memory is needed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO
from xml.sax.saxutils import escape

from xfdocs.resources import srgb_profile

A4 = (595.276, 841.89)
"""Points."""
_MARGIN = 28.35
"""Points, a centimetre: around what is larger than a page and was not scanned from one."""
_NEARLY = 1.015
"""A scan of an A4 sheet is rarely exact."""
_DEFAULT_DPI = 96.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One picture in the form in which PDF takes it."""

    width: int
    height: int
    """Pixels as they are stored."""
    dpi: tuple[float, float] = (_DEFAULT_DPI, _DEFAULT_DPI)
    """Across and down, as they are stored."""
    orientation: int = 1
    """1 to 8, as Exif tells it (CIPA DC-008 4.6.4): which way up it is seen."""
    colour: bytes
    """The colour space, in PDF: /DeviceRGB; where *profile* stands, its alternate."""
    components: int
    bits: int = 8
    filter: bytes
    parameters: bytes = b""
    profile: bytes = b""
    """ICC profile of its own; empty: sRGB."""
    data: Iterable[bytes]
    length: int
    """Bytes of *data*."""


def write_pictures(pictures: Iterable[Drawn], out: BinaryIO, *, title: str, identifier: bytes) -> int:
    """Write the PDF/A-2b of *pictures*; how many there were. *identifier*: 16 bytes that tell this file from others."""
    writer = _Writer(out)
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    catalogue, tree, profile, metadata = (writer.reserve() for _ in range(4))
    pages = [writer.page(picture, tree) for picture in pictures]
    writer.stream(profile, b"/N 3 /Filter /FlateDecode", [_srgb()], len(_srgb()))
    about = _about(title)
    writer.stream(metadata, b"/Type /Metadata /Subtype /XML", [about], len(about))
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    writer.put(tree, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)))
    intent = (
        b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile %d 0 R >>"
        % profile
    )
    viewing = b"/ViewerPreferences << /DisplayDocTitle true >>"
    writer.put(
        catalogue,
        b"<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (zh-CN) %s /OutputIntents [%s] >>"
        % (tree, metadata, viewing, intent),
    )
    writer.finish(catalogue, identifier)
    return len(pages)


class _Writer:
    """Objects, each written when it is known, and the list of where they stand."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places: list[int] = []

    def reserve(self) -> int:
        """A number for an object to come."""
        self._places.append(0)
        return len(self._places)

    def put(self, number: int, body: bytes) -> None:
        """Write an object."""
        self._places[number - 1] = self._out.tell()
        self._out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, number: int, entries: bytes, data: Iterable[bytes], length: int) -> None:
        """Write a stream."""
        self._places[number - 1] = self._out.tell()
        self._out.write(b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, length))
        before = self._out.tell()
        for piece in data:
            self._out.write(piece)
        if self._out.tell() - before != length:
            raise ValueError(f"a stream of {self._out.tell() - before} bytes was announced as {length}")
        self._out.write(b"\nendstream\nendobj\n")

    def page(self, picture: Drawn, tree: int) -> int:
        """Write the page of a picture; its number."""
        page, content, image = (self.reserve() for _ in range(3))
        colour = picture.colour
        if picture.profile:
            own = self.reserve()
            packed = zlib.compress(picture.profile, 9)
            self.stream(
                own,
                b"/N %d /Alternate %s /Filter /FlateDecode" % (picture.components, picture.colour),
                [packed],
                len(packed),
            )
            colour = b"[/ICCBased %d 0 R]" % own
        sheet, matrix = placed(picture)
        drawing = b"q %s cm /P Do Q" % b" ".join(_number(value) for value in matrix)
        self.stream(content, b"", [drawing], len(drawing))
        parameters = b" /DecodeParms %s" % picture.parameters if picture.parameters else b""
        entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent %d /Filter %s%s" % (
            picture.width, picture.height, colour, picture.bits, picture.filter, parameters,
        )  # fmt: skip
        self.stream(image, entries, picture.data, picture.length)
        box = b" ".join(_number(side) for side in sheet)
        parts = b"/Contents %d 0 R /Resources << /XObject << /P %d 0 R >> >>" % (content, image)
        self.put(page, b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s] %s >>" % (tree, box, parts))
        return page

    def finish(self, catalogue: int, identifier: bytes) -> None:
        """Write where everything stands."""
        start = self._out.tell()
        count = len(self._places) + 1
        rows = b"".join(b"%010d 00000 n \n" % place for place in self._places)
        name = identifier.hex().encode()
        self._out.write(
            b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (count, rows, count, catalogue, name, name, start)
        )


def placed(picture: Drawn) -> tuple[tuple[float, float], tuple[float, ...]]:
    """The A4 page, upright or across as the picture is seen, and the matrix that puts the picture in its middle.

    As large as it is by its resolution; one that is larger than the page is made to fit it.
    """
    turned = picture.orientation >= 5
    across, down = picture.width * 72 / picture.dpi[0], picture.height * 72 / picture.dpi[1]
    width, height = (down, across) if turned else (across, down)
    sheet = (A4[1], A4[0]) if width > height else A4
    if width > sheet[0] * _NEARLY or height > sheet[1] * _NEARLY:
        fits = min((sheet[0] - 2 * _MARGIN) / width, (sheet[1] - 2 * _MARGIN) / height)
    else:
        fits = min(1.0, sheet[0] / width, sheet[1] / height)
    width, height = width * fits, height * fits
    x, y = (sheet[0] - width) / 2, (sheet[1] - height) / 2
    matrices = {
        1: (width, 0, 0, height, x, y),
        2: (-width, 0, 0, height, x + width, y),
        3: (-width, 0, 0, -height, x + width, y + height),
        4: (width, 0, 0, -height, x, y + height),
        5: (0, -height, -width, 0, x + width, y + height),
        6: (0, -height, width, 0, x, y + height),
        7: (0, height, width, 0, x, y),
        8: (0, height, -width, 0, x + width, y),
    }
    return sheet, matrices[picture.orientation if picture.orientation in matrices else 1]


def _number(value: float) -> bytes:
    return f"{value:.3f}".rstrip("0").rstrip(".").encode()


@cache
def _srgb() -> bytes:
    """The sRGB profile, packed."""
    return zlib.compress(srgb_profile(), 9)


def _about(title: str) -> bytes:
    clean = "".join(_xml_characters(title))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(clean)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def _xml_characters(text: str) -> Iterator[str]:
    """What XML can hold of a name."""
    for char in text:
        code = ord(char)
        if code >= 0x20 and not 0xD800 <= code <= 0xDFFF and code not in {0xFFFE, 0xFFFF}:
            yield char
