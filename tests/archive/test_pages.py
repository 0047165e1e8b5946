"""Pages are counted where anybody can count them, and nowhere else; what is opened is closed."""

from __future__ import annotations

import gc
import io
import struct
import warnings
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.archive import files as f
from xfdocs.archive.identify import examine
from xfdocs.archive.pages import look_at_pdf, look_at_tiff, page_count
from xfdocs.archive.peek import peek


def a_pdf(pages: int, **saving: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out, **saving)
    return out.getvalue()


def ofd(*pages: int) -> bytes:
    """An OFD of as many documents, each with so many pages."""
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocRoot>/Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>"
        for n in range(len(pages))
    )
    return f.zip_of({
        "OFD.xml": f'<ofd:OFD Version="1.0">{bodies}</ofd:OFD>',
        **{
            f"Doc_{n}/Document.xml": "<ofd:Document><ofd:PageArea/><ofd:Pages>" + '<ofd:Page ID="1" BaseLoc="x"/>' * count + "</ofd:Pages></ofd:Document>"
            for n, count in enumerate(pages)
        },
    })  # fmt: skip


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (a_pdf(1), 1),
        (a_pdf(37, object_stream_mode=pikepdf.ObjectStreamMode.generate), 37),
        (f.tiff(1), 1),
        (f.tiff(5), 5),
        (f.picture("JPEG"), 1),
        (f.picture("PNG"), 1),
        (ofd(3), 3),
        (ofd(3, 2), 5),
        (f.DOCX, None),
        (f.DOC, None),
        (f.XLSX, None),
        (f.WAV, None),
        (b"words\n" * 500, None),
        (b"%PDF-1.4 nothing more", None),
        (b"II*\0\0\0\0\0", None),
        (ofd(), None),
    ],
)
def test_pages_are_counted_where_anybody_can_count_them(data, pages, tmp_path):
    path = tmp_path / "文件"
    path.write_bytes(data)
    assert page_count(path, examine(path)) == page_count(data, examine(data)) == pages


def test_a_small_copy_beside_a_page_is_no_page():
    data = bytearray(f.tiff(2))
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<HHII", data, first + 2, 254, 4, 1, 1)  # the width gives its place to NewSubfileType
    assert count > 5
    with peek(bytes(data)) as file:
        assert look_at_tiff(file).pages == 1


def test_a_tiff_that_leads_in_a_circle_comes_to_an_end_and_is_broken():
    data = bytearray(f.tiff(1))
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    with peek(bytes(data)) as file:
        look = look_at_tiff(file)
    assert (look.pages, look.broken) == (1, True)


def test_a_big_tiff_of_either_byte_order_is_counted():
    for order, mark in ((">", b"MM"), ("<", b"II")):
        entries = [(256, 4, 1), (257, 4, 1), (273, 16, 8), (279, 16, 1)]
        directory = struct.pack(f"{order}Q", len(entries)) + b"".join(
            struct.pack(f"{order}HHQ", tag, kind, 1)
            + struct.pack(f"{order}Q" if kind == 16 else f"{order}I4x", value)
            for tag, kind, value in entries
        )
        data = mark + struct.pack(f"{order}HHHQ", 43, 8, 0, 16) + directory + struct.pack(f"{order}Q", 0)
        with peek(data) as file:
            assert look_at_tiff(file) == look_at_tiff(file)
            assert (look_at_tiff(file).pages, look_at_tiff(file).broken) == (1, False)


def test_a_pdf_with_a_password_is_told_from_a_broken_one():
    locked = a_pdf(2, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert (look_at_pdf(locked).pages, look_at_pdf(locked).password) == (None, True)
    restricted = a_pdf(2, encryption=pikepdf.Encryption(owner="o", user=""))
    assert look_at_pdf(restricted).pages == 2
    broken = look_at_pdf(b"%PDF-1.4\nnothing")
    assert (broken.pages, broken.password) == (None, False)


def test_what_was_opened_is_closed_without_a_word(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        look_at_pdf(path)
        gc.collect()
    held = [link for link in Path("/proc/self/fd").iterdir() if link.exists() and link.resolve() == path]
    assert held == []


@given(st.data())
def test_a_damaged_tiff_is_counted_or_not_but_always_answered(draw):
    spoiled = bytearray(f.tiff(3))
    for _ in range(draw.draw(st.integers(1, 10))):
        spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    with peek(bytes(spoiled[: draw.draw(st.integers(8, len(spoiled)))])) as file:
        assert look_at_tiff(file).pages >= 0
