"""Small files of every format, made here: valid ones, and ways to spoil them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

END, FREE = 0xFFFFFFFE, 0xFFFFFFFF


def zip_of(members: Mapping[str, bytes | str], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def ooxml(main: str, folder: str, **more: bytes) -> bytes:
    """An Office Open XML file whose main part is of content type *main*."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{folder}/main.xml" ContentType="application/{main}+xml"/></Types>'
    )
    return zip_of({"[Content_Types].xml": types, f"{folder}/main.xml": "<x/>", **more})


DOCX = ooxml("vnd.openxmlformats-officedocument.wordprocessingml.document.main", "word")
XLSX = ooxml("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", "xl")
PPTX = ooxml("vnd.openxmlformats-officedocument.presentationml.presentation.main", "ppt")
DOCM = ooxml("vnd.ms-word.document.macroEnabled.main", "word", **{"word/vbaProject.bin": b"\xd0\xcf"})
OFD = zip_of(
    {
        "OFD.xml": '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.1" DocType="OFD"/>'
    }
)


def odf(kind: str = "text", version: str = "1.2", **more: bytes) -> bytes:
    """An OpenDocument file."""
    return zip_of({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<?xml version="1.0"?><office:document-content office:version="{version}"/>',
        "META-INF/manifest.xml": "<manifest:manifest/>",
        **more,
    })  # fmt: skip


def ole2(streams: Mapping[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A compound file with these streams and empty storages ([MS-CFB]); small streams stand in the small sectors."""
    small = {name: data for name, data in streams.items() if len(data) < 4096}
    big = {name: data for name, data in streams.items() if len(data) >= 4096}
    mini = b"".join(data + bytes(-len(data) % 64) for data in small.values())
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), END] if pieces else [])
        return first if pieces else END

    places, at = {}, 0
    for name, data in small.items():
        places[name] = at
        at += (len(data) + 63) // 64
    root = put(mini)
    places |= {name: put(data) for name, data in big.items()}
    entries = [_entry("Root Entry", 5, root, len(mini))]
    entries += [_entry(name, 1, 0, 0) for name in storages]
    entries += [_entry(name, 2, places[name], len(data)) for name, data in streams.items()]
    directory = put(b"".join(entries) + _entry("", 0, 0, 0) * (-len(entries) % 4))
    minis = [END] * (len(mini) // 64)
    minifat = put(struct.pack(f"<{len(minis)}I", *minis).ljust(512, b"\xff")) if minis else END
    fat = len(sectors)
    assert fat < 127
    table = struct.pack(f"<{fat + 1}I", *chain, 0xFFFFFFFD).ljust(512, b"\xff")
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, directory, 0, 4096, minifat, 1, END, 0, fat)  # fmt: skip
    return head.ljust(512, b"\xff") + b"".join(sectors) + table


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sHBBIII36xII4x", text, len(text), kind, 1, FREE, FREE, FREE, start, size)


def word_fib(*, locked: bool = False) -> bytes:
    """How a WordDocument stream begins."""
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, 0x0100 if locked else 0).ljust(4096, b"\0")


DOC = ole2({"WordDocument": word_fib(), "1Table": b"x" * 100})
BOF = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
XLS = ole2({"Workbook": BOF + b"\x0a\0\0\0"})
PPT = ole2({"PowerPoint Document": b"y" * 5000, "Current User": struct.pack("<IIII", 0, 20, 0, 0xE391C05F)})


def pdf(
    version: str = "1.4", *, part: str = "", encrypted: bool = False, streams: bool = False, updates: int = 0
) -> bytes:
    """A PDF of one empty page; *part*: what it says of PDF/A, as 2b; *streams*: the newer way to list objects."""
    xmp = b""
    if part:
        xmp = f'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><pdfaid:part>{part[0]}</pdfaid:part><pdfaid:conformance>{part[1:].upper()}</pdfaid:conformance></x:xmpmeta>'.encode()
    bodies = {
        1: b"<< /Type /Catalog /Pages 2 0 R" + (b" /Metadata 4 0 R" if part else b"") + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    }
    if part:
        packed = zlib.compress(xmp)
        bodies[4] = (
            b"<< /Type /Metadata /Subtype /XML /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(packed), packed)
        )
    locked = b" /Encrypt << /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>" if encrypted else b""
    data = (
        b"%PDF-" + version.encode() + b"\n%\xe2\xe3\xcf\xd3\n" + b"%" + b"x" * 70000 + b"\n"
    )  # more than a head
    return (_in_streams if streams else _in_table)(data, bodies, locked, updates) + b"%" + b"y" * 1500 + b"\n"


def _in_table(data: bytes, bodies: dict[int, bytes], locked: bytes, updates: int) -> bytes:
    places = {}
    for number, body in bodies.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    data += b"".join(b"%010d 00000 n \n" % places[number] for number in bodies)
    data += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        locked,
        start,
    )
    for _ in range(updates):
        before, start = start, len(data)
        data += b"xref\n0 0\ntrailer\n<< /Size %d /Root 1 0 R%s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(bodies) + 1,
            locked,
            before,
            start,
        )
    return data


def _in_streams(data: bytes, bodies: dict[int, bytes], locked: bytes, _: int) -> bytes:
    """The catalogue and the pages stand in a stream of objects, the list of objects in another."""
    inside = {number: body for number, body in bodies.items() if b"stream" not in body}
    rows = [(0, 0, 0)] * (len(bodies) + 3)
    for number, body in bodies.items():
        if number not in inside:
            rows[number] = (1, len(data), 0)
            data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    holder, lister = len(bodies) + 1, len(bodies) + 2
    head, text = b"", b""
    for place, (number, body) in enumerate(inside.items()):
        rows[number] = (2, holder, place)
        head += b"%d %d " % (number, len(text))
        text += body + b"\n"
    packed = zlib.compress(head + text)
    rows[holder] = (1, len(data), 0)
    data += (
        b"%d 0 obj\n<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\r\n%s\nendstream\nendobj\n"
        % (holder, len(inside), len(head), len(packed), packed)
    )
    rows[lister] = (1, len(data), 0)
    start, above, table = len(data), bytes(6), b""
    for row in (struct.pack(">BIB", *row) for row in rows):
        table += b"\2" + bytes((one - other) & 0xFF for one, other in zip(row, above, strict=True))
        above = row
    packed = zlib.compress(table)
    data += (
        b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Size %d /Root 1 0 R%s /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 6 >> /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (lister, len(rows), locked, len(packed), packed)
    )
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object) -> bytes:
    """A picture with a gradient."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def tiff(pages: int) -> bytes:
    """A TIFF of several pages."""
    first, *others = [Image.new("1", (64, 32), number % 2) for number in range(pages)]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(200, 200))
    return out.getvalue()


def program() -> bytes:
    """How a 64-bit program for Windows begins."""
    return b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHHH", 0x8664, 1, 0, 0, 0, 240, 0x22, 0x20B) + bytes(200)  # fmt: skip


def mp3(*, tagged: bool = False) -> bytes:
    """Three silent frames of 128 kbit/s at 44.1 kHz."""
    return (b"ID3\3\0\0\0\0\0\0" if tagged else b"") + (b"\xff\xfb\x90\x00".ljust(417, b"\0")) * 3


WAV = (
    b"RIFF"
    + struct.pack("<I", 36)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    + b"data"
    + bytes(4)
)
LETTER = "Received: from mail\r\nFrom: =?utf-8?B?5byg?= <a@example.org>\r\nTo: b@example.org\r\nDate: Mon, 2 Mar 2026 09:00:00 +0800\r\nSubject: x\r\n\r\n正文\r\n".encode()
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"
MP4 = struct.pack(">I", 24) + b"ftypisom" + bytes(4) + b"isommp42" + bytes(100)
TAR = (b"a.txt".ljust(257, b"\0") + b"ustar\x0000").ljust(1024, b"\0")
