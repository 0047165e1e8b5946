"""A copy for reading shows what the original shows, is PDF/A, and is the same on any day; where there is none, it is said why."""

from __future__ import annotations

import http.server
import io
import os
import re
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps, ImageStat

from tests.archive import files as f
from tests.archive.copies import NOTHING, copied, pdf_of
from tests.judge import complaints
from tests.tools import needs
from xfdocs.archive import libreoffice, pictures
from xfdocs.archive.access import AccessCopy, Tools, access_copy
from xfdocs.archive.identify import examine
from xfdocs.archive.pages import page_count

TOOLS = Tools.find()


def seen(pdf: bytes, page: int = 0, scale: float = 1.0) -> Image.Image:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return opened[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        opened.close()


def corners() -> Image.Image:
    """Wider than high, each corner of another colour."""
    image = Image.new("RGB", (320, 200), "white")
    pen = ImageDraw.Draw(image)
    for box, colour in (
        ((0, 0, 80, 60), "red"),
        ((240, 0, 320, 60), "lime"),
        ((0, 140, 80, 200), "blue"),
        ((240, 140, 320, 200), "black"),
    ):
        pen.rectangle(box, fill=colour)
    return image


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether what is drawn on two pages is the same but for the edges."""
    one, other = (ImageOps.invert(image) for image in (one, other))
    first, second = (image.crop(image.getbbox()).resize((160, 160)) for image in (one, other))
    return bool(ImageStat.Stat(ImageChops.difference(first, second).convert("L")).mean[0] < 8)


# --- pictures ---------------------------------------------------------------------------------------------

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PICTURES = {
    "jpeg.jpg": saved(corners(), "JPEG", quality=95),
    "progressive.jpg": saved(corners(), "JPEG", progressive=True),
    "profile.jpg": saved(corners(), "JPEG", icc_profile=SRGB),
    "broken-profile.jpg": saved(corners(), "JPEG", icc_profile=SRGB[:200]),
    "cmyk.jpg": saved(corners().convert("CMYK"), "JPEG"),
    "png.png": saved(corners(), "PNG"),
    "palette.png": saved(corners().quantize(8), "PNG"),
    "profile.png": saved(corners(), "PNG", icc_profile=SRGB),
    "transparent.png": saved(corners().convert("RGBA"), "PNG"),
    "transparent-colour.png": saved(corners(), "PNG", transparency=(255, 255, 255)),
    "tiff.tif": saved(corners(), "TIFF", compression="tiff_lzw"),
    "tiff-jpeg.tif": saved(corners(), "TIFF", compression="jpeg"),
    "gif.gif": saved(corners(), "GIF"),
    "bmp.bmp": saved(corners(), "BMP"),
    "webp.webp": saved(corners(), "WEBP", quality=95),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_seen_on_an_a4_page_as_it_is(name, tmp_path):
    pdf = pdf_of(tmp_path, name, PICTURES[name])
    page = seen(pdf)
    assert sorted(page.size) == [596, 842]
    assert page.size[0] > page.size[1]  # the picture is wider than high
    assert alike(page, corners())
    assert page_count(pdf, examine(pdf)) == 1
    assert examine(pdf).format.version == "A-2b"


def test_copies_of_pictures_are_pdf_a(tmp_path):
    others = {
        "grey.jpg": saved(corners().convert("L"), "JPEG"),
        "grey.png": saved(corners().convert("L"), "PNG"),
        "bits.png": saved(corners().convert("1"), "PNG"),
        "deep.png": f.picture("PNG", mode="I;16"),
        "pages.tif": f.tiff(3),
        "photo.webp": saved(Image.effect_noise((300, 200), 80).convert("RGB"), "WEBP"),
    }
    for name, data in (PICTURES | others).items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of(tmp_path, name, data))
    assert complaints(sorted(tmp_path.glob("*.pdf")), "2b") == {}
    assert len(list(tmp_path.glob("*.pdf"))) == len(PICTURES) + 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_seen_the_way_up_it_was_taken(orientation, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(corners(), "JPEG", exif=exif, quality=95)
    page = seen(pdf_of(tmp_path, "a.jpg", data))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert (page.size[0] > page.size[1]) == (upright.size[0] > upright.size[1])
    assert alike(page, upright)


def test_the_wrong_way_up_is_not_alike():
    """The judge of the tests above sees a difference."""
    for turn in Image.Transpose:
        assert not alike(corners().transpose(turn), corners()), turn


def test_the_data_of_a_jpeg_and_a_png_go_in_as_they_stand(tmp_path):
    jpeg = PICTURES["jpeg.jpg"]
    assert jpeg in pdf_of(tmp_path, "a.jpg", jpeg)
    assert jpeg in pdf_of(tmp_path, "a.jpg", jpeg + b"appended by a phone" * 9)
    assert b"appended" not in pdf_of(tmp_path, "a.jpg", jpeg + b"appended by a phone" * 9)
    png = PICTURES["png.png"]
    start = png.index(b"IDAT")
    assert png[start + 4 : start + 4 + int.from_bytes(png[start - 4 : start], "big")] in pdf_of(
        tmp_path, "a.png", png
    )


def test_a_picture_keeps_its_own_colour_profile_if_that_is_whole(tmp_path):
    assert b"/ICCBased" in pdf_of(tmp_path, "a.jpg", PICTURES["profile.jpg"])
    assert b"/ICCBased" in pdf_of(tmp_path, "a.png", PICTURES["profile.png"])
    assert b"/ICCBased" not in pdf_of(tmp_path, "a.jpg", PICTURES["broken-profile.jpg"])
    assert b"/ICCBased" not in pdf_of(tmp_path, "a.jpg", PICTURES["jpeg.jpg"])


def test_what_is_transparent_is_paper(tmp_path):
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    assert seen(pdf_of(tmp_path, "a.png", saved(image, "PNG"))).getcolors() == [(596 * 842, (255, 255, 255))]


def test_a_scan_of_a_sheet_fills_its_page_and_a_small_picture_is_not_blown_up(tmp_path):
    sheet = Image.new("L", (1654, 2339), 0)  # A4 at 200 dpi
    page = seen(pdf_of(tmp_path, "a.jpg", saved(sheet, "JPEG", dpi=(200, 200))))
    assert ImageOps.invert(page.convert("L")).point(lambda v: v > 128 and 255).getbbox() == (0, 0, *page.size)
    small = seen(pdf_of(tmp_path, "b.png", saved(Image.new("L", (96, 48), 0), "PNG")))
    left, top, right, bottom = ImageOps.invert(small.convert("L")).getbbox()
    assert (right - left, bottom - top) == pytest.approx((72, 36), abs=2)  # an inch across


def test_every_page_of_a_tiff_becomes_a_page(tmp_path):
    pdf = pdf_of(tmp_path, "a.tif", f.tiff(4))
    assert page_count(pdf, examine(pdf)) == 4
    middles = [seen(pdf, number).getpixel((421, 298)) for number in range(4)]
    assert middles == [(0, 0, 0), (255, 255, 255)] * 2


def test_what_must_be_unpacked_is_no_finer_than_reading_needs(tmp_path):
    pdf = pdf_of(tmp_path, "a.bmp", saved(Image.new("RGB", (4200, 3000), "gray"), "BMP"))
    found = re.search(rb"/Width (\d+) /Height (\d+)", pdf)
    assert found
    assert max(int(found[1]), int(found[2])) <= 3508


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.gif", "a.webp"])
def test_of_a_broken_picture_there_is_no_copy_and_it_is_said(name, tmp_path):
    kind = {"jpg": "JPEG", "tif": "TIFF"}.get(name[2:], name[2:].upper())
    data = saved(Image.effect_noise((300, 200), 80), kind)
    for broken in (data[: len(data) * 2 // 3], data[:30], data[:12] + b"\xff" * 200):
        made = copied(tmp_path, name, broken)
        assert made.pdf is None
        assert made.why.endswith("。") or examine(broken).rule.key == "unknown"


def test_too_large_a_picture_has_no_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    made = copied(tmp_path, "a.gif", f.picture("GIF", (40, 30)))
    assert made == AccessCopy(None, "图片有 40×30 像素，太大，没有另做阅读副本。")


_BIG = """
import resource, sys
from pathlib import Path
from xfdocs.archive.access import Tools, access_copy
from xfdocs.archive.identify import examine
path = Path(sys.argv[1])
found = examine(path)
small = access_copy(Path(sys.argv[2]), examine(Path(sys.argv[2])), Tools())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
made = access_copy(path, found, Tools())
assert made.pdf, made.why
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, len(made.pdf) >> 20)
"""


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_scan_of_a_hundred_megapixels_needs_little_more_memory_than_its_file(kind, tmp_path):
    big, small = tmp_path / "big", tmp_path / "small"
    Image.new("L", (10000, 10000), 200).save(big, kind)
    small.write_bytes(f.picture(kind))
    done = subprocess.run(
        [sys.executable, "-c", _BIG, str(big), str(small)], capture_output=True, text=True, check=True
    )
    megabytes, _ = map(int, done.stdout.split())
    assert megabytes < 40  # unpacked it would be a hundred


# --- office files -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked():
    """What was asked of a server that office files point to."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, paths
    server.shutdown()
    server.server_close()


def odt_with_a_picture_elsewhere(port: int) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
        )
    )
    manifest = '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.text"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
    return f.odf(**{
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifest}</m:manifest>'.encode(),
        "content.xml": (
            f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text><text:p>信'
            f'<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm"><draw:image xlink:href="http://127.0.0.1:{port}/x.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            "</draw:frame></text:p></office:text></office:body></office:document-content>"
        ).encode(),
    })  # fmt: skip


def a_docx() -> bytes:
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("供暖不足")
    made.add_page_break()
    made.add_paragraph("第二页")
    made.save(out)
    return out.getvalue()


def an_xlsx() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "供暖"
    book.save(out)
    return out.getvalue()


def test_office_files_are_printed_as_pdf_a_the_same_on_any_day_and_nothing_is_fetched(tmp_path, asked):
    needs("soffice", why="Install libreoffice-writer-nogui and libreoffice-calc-nogui.")
    port, paths = asked
    samples = {
        "a.docx": a_docx(),
        "b.xlsx": an_xlsx(),
        "c.odt": odt_with_a_picture_elsewhere(port),
        "d.rtf": rb"{\rtf1\ansi hello}",
    }
    for name, data in samples.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of(tmp_path, name, data, TOOLS))
    assert complaints(sorted(tmp_path.glob("*.pdf")), "2b") == {}
    first = (tmp_path / "a.docx.pdf").read_bytes()
    assert page_count(first, examine(first)) == 2
    time.sleep(1.1)  # another second
    assert pdf_of(tmp_path, "a.docx", samples["a.docx"], TOOLS) == first
    assert paths == []


def test_without_libreoffice_it_is_said_that_there_is_no_copy(tmp_path):
    made = copied(tmp_path, "a.docx", a_docx())
    assert made.pdf is None
    assert "LibreOffice" in made.why
    assert Tools.find(libreoffice=False).soffice is None


def test_what_takes_too_long_is_ended_with_everything_it_started(tmp_path):
    """A stand-in for LibreOffice starts another program and sleeps."""
    program = tmp_path / "soffice"
    note = tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > '{note}'\nwait\n")
    program.chmod(0o755)
    begun = time.monotonic()
    made = copied(tmp_path, "a.docx", a_docx(), Tools(program, seconds=1))
    assert "1 秒" in made.why
    assert time.monotonic() - begun < 20
    child = int(note.read_text())
    for _ in range(50):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_program_that_makes_nothing_or_is_not_there_is_told(tmp_path):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    assert "打不开" in copied(tmp_path, "a.docx", a_docx(), Tools(program)).why
    assert "启动不了" in copied(tmp_path, "a.docx", a_docx(), Tools(tmp_path / "absent")).why


def test_the_environment_of_the_office_does_not_reach_libreoffice(tmp_path, monkeypatch):
    monkeypatch.setenv("XFDOCS_SECRET", "x")
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nenv > '{tmp_path}/env'\n")
    program.chmod(0o755)
    copied(tmp_path, "a.docx", a_docx(), Tools(program))
    told = (tmp_path / "env").read_text()
    assert "XFDOCS_SECRET" not in told
    assert f"HOME={os.environ.get('HOME', '/')}\n" not in told


def test_a_moment_is_taken_out_without_moving_anything():
    before = b"<xmp:CreateDate>2026-11-23T12:14:00Z</x> /CreationDate(D:20261123121400Z')\ntrailer <F390CB32DD972CA8A7700C8A644E95C6>"
    after = libreoffice.settled(before, "ab")
    assert len(after) == len(before)
    assert b"2026" not in after
    assert b"F390" not in after
    assert libreoffice.settled(before.replace(b"12:14", b"13:59").replace(b"F390", b"0000"), "ab") == after


def with_a_profile(level: int) -> bytes:
    """A PDF as LibreOffice writes it, its colour profile packed so or otherwise: that also depends on the moment in it."""
    profile = bytearray(bytes(range(256)) * 40)
    profile[36:40] = b"acsp"
    packed = zlib.compress(bytes(profile), level)
    objects = [
        b"<</Type/Catalog>>",
        b"<</N 3/Length 3 0 R/Filter/FlateDecode>>\nstream\n" + packed + b"\nendstream",
        b"%d" % len(packed),
        b"<</Type/Pages>>",
    ]
    made, places = b"%PDF-1.6\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % (place + 1) for place in places)
    end = b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 5\n0000000000 65535 f \n" + rows + end


def test_a_profile_that_is_longer_on_another_day_gives_the_same_file():
    one, other = with_a_profile(1), with_a_profile(9)
    assert len(one) != len(other)
    after = libreoffice.settled(one, "ab")
    assert libreoffice.settled(other, "ab") == after
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", after)]
    assert [after[place : place + 7] for place in places] == [b"%d 0 obj" % n for n in range(1, 5)]
    assert after[int(re.findall(rb"startxref\n(\d+)", after)[0]) :].startswith(b"xref\n")


# --- in any case ------------------------------------------------------------------------------------------


def test_copies_are_the_same_on_any_day(tmp_path):
    for name, data in (
        ("a.jpg", PICTURES["jpeg.jpg"]),
        ("b.webp", PICTURES["webp.webp"]),
        ("c.tif", f.tiff(2)),
    ):
        first = pdf_of(tmp_path, name, data, TOOLS)
        assert pdf_of(tmp_path, name, data, TOOLS) == first
        assert not re.search(rb"20[23]\d-?\d\d-?\d\d", first)


def test_what_needs_no_copy_gets_none_and_what_has_a_password_says_so(tmp_path):
    assert copied(tmp_path, "a.pdf", f.pdf()) == AccessCopy(None, "")
    assert copied(tmp_path, "a.exe", f.program(), TOOLS) == AccessCopy(None, "")
    assert "密码" in copied(tmp_path, "a.doc", f.ole2({"WordDocument": f.word_fib(locked=True)}), TOOLS).why


def test_a_name_of_any_characters_is_a_title(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(PICTURES["png.png"])
    made = access_copy(path, examine(path), NOTHING, "甲 <乙> & \x00\ud800\uffff丙")
    assert made.pdf
    (tmp_path / "a.pdf").write_bytes(made.pdf)
    assert complaints([tmp_path / "a.pdf"], "2b") == {}
    assert "甲 &lt;乙&gt; &amp; 丙".encode() in made.pdf
