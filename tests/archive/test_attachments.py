"""Of an attachment it is said what an archivist must know; the file itself is never run, unpacked or refused."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.archive import files as f
from tests.archive.test_pages import a_pdf
from xfdocs.archive import attachments as a
from xfdocs.archive import damage
from xfdocs.archive.attachments import FINDINGS, look_at
from xfdocs.archive.damage import jpeg_end
from xfdocs.archive.formats import Formats
from xfdocs.archive.identify import shipped_formats
from xfdocs.archive.peek import Members, peek
from xfdocs.record.findings import Severity

FORMATS = shipped_formats()
PNG = f.picture("PNG", (400, 300))


def codes(data: bytes, name: str) -> list[str]:
    return [finding.code for finding in look_at(data, name, FORMATS).findings]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("决定.pdf", a_pdf(2)), ("信封.JPG", f.picture("JPEG")), ("a.docx", f.DOCX), ("a.wps", f.DOC), ("表.et", f.XLS), ("b.txt", "供暖".encode()),
        ("c.tiff", f.tiff(2)), ("d.ofd", f.OFD), ("录音.mp3", f.mp3()), ("录音.wav", f.WAV), ("信.eml", f.LETTER), ("名单.csv", b"a,b\n"),
    ],
)  # fmt: skip
def test_of_an_ordinary_file_there_is_nothing_to_say(name, data):
    looked = look_at(data, name, FORMATS)
    assert looked.findings == ()
    assert looked.note == ""


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("照片.jpg", PNG, [a.EXTENSION]),
        ("没有扩展名", PNG, [a.EXTENSION]),
        ("合同.pdf", f.DOCX, [a.EXTENSION]),
        ("空.docx", b"", [a.EMPTY]),
        ("x.pdf", bytes(range(256)) * 9, [a.UNKNOWN]),
        ("图.webp", f.picture("WEBP"), [a.UNACCEPTED]),
        ("a.docx", f.ole2({"EncryptedPackage": b"x" * 5000}), [a.PASSWORD]),
        ("a.doc", f.ole2({"WordDocument": f.word_fib(locked=True)}), [a.PASSWORD]),
        ("a.pdf", a_pdf(1, encryption=pikepdf.Encryption(owner="o", user="u")), [a.PASSWORD]),
        ("a.pdf", a_pdf(1, encryption=pikepdf.Encryption(owner="o", user="")), [a.RESTRICTED]),
        ("a.docm", f.DOCM, [a.MACROS]),
        ("a.doc", f.ole2({"WordDocument": f.word_fib()}, ("Macros",)), [a.MACROS]),
        ("a.jpg", f.picture("JPEG")[:-40], [a.DAMAGED]),
        ("a.png", PNG[:-40], [a.DAMAGED]),
        ("a.png", PNG.replace(b"IDAT", b"IDAT\1", 1), [a.DAMAGED]),
        ("a.tif", f.tiff(1)[:100], [a.DAMAGED]),
        ("a.tif", f.picture("TIFF")[:-9], [a.DAMAGED]),
        ("a.wav", f.WAV[:-2], [a.DAMAGED]),
        ("a.pdf", b"%PDF-1.4\n" + b"1 0 obj\n" * 400, [a.DAMAGED]),
        ("a.docx", f.DOCX[:-40], [a.DAMAGED]),
        ("材料.zip", f.zip_of({"a.txt": b"x"}), [a.INSIDE, a.UNACCEPTED]),
        ("图片.jpg", f.program(), [a.PROGRAM]),
        ("清理.bat", b"del *.*\r\n", [a.PROGRAM]),
        ("x.txt", b"#!/bin/sh\n", [a.PROGRAM]),
        ("x.txt", "Ärger und Öl, größer\n".encode("latin-1"), [a.ENCODING]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(name, data, expected, tmp_path):
    path = tmp_path / "f"
    path.write_bytes(data)
    looked = look_at(path, name, FORMATS)
    assert [finding.code for finding in looked.findings] == expected
    for finding in looked.findings:
        assert finding.severity is FINDINGS[finding.code][0]
        assert finding.message.endswith("。")
        assert "{" not in finding.message
    assert looked.note
    assert path.read_bytes() == data


def test_a_changed_byte_inside_an_office_file_or_a_picture_is_seen():
    data = bytearray(
        f.zip_of(
            {
                "[Content_Types].xml": "wordprocessingml.document.main+xml",
                "word/document.xml": b"text " * 5000,
            },
            stored=("word/document.xml",),
        )
    )
    data[data.index(b"text text") + 9000] ^= 1
    assert codes(bytes(data), "a.docx") == [a.DAMAGED]
    spoiled = bytearray(PNG)
    spoiled[len(PNG) // 2] ^= 1
    assert codes(bytes(spoiled), "a.png") == [a.DAMAGED]


def test_what_phones_append_to_a_picture_is_no_damage_and_a_small_picture_inside_no_end():
    whole = f.picture("JPEG", (300, 200))
    inside = f.picture("JPEG")
    segment = b"\xff\xe1" + (len(inside) + 2).to_bytes(2, "big") + inside
    data = whole[:2] + segment + whole[2:]
    assert codes(data + b"MotionPhoto" * 99, "a.jpg") == []
    with peek(data + b"more") as file:
        assert jpeg_end(file) == len(data)
    assert codes(data[:-30], "a.jpg") == [a.DAMAGED]


def test_an_end_is_found_wherever_the_pieces_that_are_read_part(monkeypatch):
    data = f.picture("JPEG")
    for length in (2, 3, 5, 7, 64, 97):
        monkeypatch.setattr(damage, "_PIECE", length)
        with peek(data + b"more") as file:
            assert jpeg_end(file) == len(data), length


def test_the_extension_and_the_content_are_both_named():
    (finding,) = look_at(PNG, "照片.JPG", FORMATS).findings
    assert "“.JPG”" in finding.message
    assert "PNG" in finding.message
    (finding,) = look_at(bytes(range(256)), "x.pdf", FORMATS).findings
    assert "PDF" in finding.message


def test_an_office_that_accepts_a_format_hears_nothing_of_it_and_one_that_does_not_hears_its_own_ground(
    tmp_path,
):
    (tmp_path / "archive").mkdir()
    own = tmp_path / "archive" / "formats.toml"
    own.write_text(
        'basis = "本局办法第九条"\nverified = true\n[formats.webp]\naccepted = true\n[formats.xlsx]\naccepted = false\n',
        "utf-8",
    )
    formats = Formats.load(tmp_path)
    assert look_at(f.picture("WEBP"), "a.webp", formats).findings == ()
    (finding,) = look_at(f.XLSX, "a.xlsx", formats).findings
    assert "本局办法第九条" in finding.message
    (unverified,) = look_at(f.picture("WEBP"), "a.webp", FORMATS).findings
    assert "未核对" in unverified.message


def test_pages_and_format_come_with_it():
    looked = look_at(a_pdf(7), "a.pdf", FORMATS)
    assert (looked.pages, looked.format.media) == (7, "application/pdf")


def test_every_code_of_the_table_is_said_by_some_test_above_and_says_what_to_do():
    assert len(FINDINGS) == 11
    for code, (severity, message) in FINDINGS.items():
        assert severity in {Severity.ERROR, Severity.WARNING}
        assert "。" in message, code


def test_a_bomb_is_not_unpacked_to_its_end():
    """Checksums are compared up to a bound: a wrong one beyond it is not reached."""
    data = bytearray(f.zip_of({"a": b"x", "big": bytes(1 << 20)}))
    place = data.rindex(b"PK\1\2")
    data[place + 16] ^= 1
    data[data.index(b"big") - 30 + 14] ^= 1
    with peek(bytes(data)) as file:
        assert Members(file).damaged(1 << 30) == "big"
        assert Members(file).damaged(1 << 19) == ""


SAMPLES = [
    f.DOCX,
    f.DOC,
    f.XLS,
    f.PPT,
    f.OFD,
    f.odf(),
    f.picture("JPEG"),
    PNG,
    f.tiff(2),
    f.picture("GIF", mode="L"),
    a_pdf(1),
    f.pdf(part="2b"),
    f.WAV,
]


@given(st.sampled_from(SAMPLES), st.data())
def test_whatever_a_damaged_file_holds_it_is_looked_at(data, draw):
    spoiled = bytearray(data)
    for _ in range(draw.draw(st.integers(0, 6))):
        spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    looked = look_at(bytes(spoiled[: draw.draw(st.integers(0, len(spoiled)))]), "a.pdf", FORMATS)
    assert looked.format.name
