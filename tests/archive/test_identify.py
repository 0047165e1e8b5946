"""A file is what it holds, whatever it is called; and nothing it holds makes the program fall over."""

from __future__ import annotations

import gzip
import struct
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.archive import files as f
from xfdocs.archive import peek
from xfdocs.archive.formats import Formats, Trait
from xfdocs.archive.identify import examine, identify, is_program, shipped_formats
from xfdocs.archive.model import Format
from xfdocs.errors import FileTrouble, FormatsInvalid

CHINESE = "信访人反映和平路小区供暖不足，请求督促供热单位整改。\r\n二〇二六年三月二日\r\n"

KNOWN = {
    "PDF 1.4": (f.pdf(), "pdf", "1.4", "fmt/18"),
    "PDF 1.6, listed in streams": (f.pdf("1.6", streams=True), "pdf", "1.6", "fmt/20"),
    "PDF/A-1b": (f.pdf(part="1b"), "pdf", "A-1b", "fmt/354"),
    "PDF/A-2b in streams": (f.pdf("1.7", part="2b", streams=True), "pdf", "A-2b", "fmt/477"),
    "PDF/A-3u after updates": (f.pdf("1.7", part="3u", updates=3), "pdf", "A-3u", "fmt/481"),
    "PDF after some other bytes": (b"\r\n\r\n" + f.pdf(part="2u"), "pdf", "A-2u", "fmt/478"),
    "docx": (f.DOCX, "docx", "", "fmt/412"),
    "xlsx": (f.XLSX, "xlsx", "", "fmt/214"),
    "pptx": (f.PPTX, "pptx", "", "fmt/215"),
    "doc": (f.DOC, "doc", "97-2003", "fmt/40"),
    "xls": (f.XLS, "xls", "8", "fmt/61"),
    "old xls": (f.ole2({"Book": f.BOF}), "xls", "5/95", "fmt/59"),
    "ppt": (f.PPT, "ppt", "", "fmt/126"),
    "msg": (f.ole2({"__properties_version1.0": b"x"}, ("__nameid_version1.0",)), "msg", "", "x-fmt/430"),
    "password": (f.ole2({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"}), "locked", "", "fmt/494"),
    "other OLE2": (f.ole2({"VisioDocument": b"x"}), "compound", "", "fmt/111"),
    "odt": (f.odf(), "odt", "1.2", "fmt/291"),
    "ods": (f.odf("spreadsheet", "1.3"), "ods", "1.3", "fmt/1755"),
    "ofd": (f.OFD, "ofd", "1.1", ""),
    "JPEG": (f.picture("JPEG"), "jpeg", "1.01", "fmt/43"),
    "PNG": (f.picture("PNG"), "png", "", ""),
    "TIFF": (f.tiff(2), "tiff", "", "fmt/353"),
    "GIF": (f.picture("GIF", mode="L"), "gif", "87a", "fmt/3"),
    "BMP": (f.picture("BMP"), "bmp", "3.0", "fmt/116"),
    "WebP": (f.picture("WEBP", lossless=True), "webp", "无损", "fmt/567"),
    "HEIC": (f.HEIC, "heic", "", "fmt/1101"),
    "MP3 with a tag": (f.mp3(tagged=True), "mp3", "", "fmt/134"),
    "MP3": (f.mp3(), "mp3", "", "fmt/134"),
    "WAV": (f.WAV, "wav", "", "fmt/6"),
    "MP4": (f.MP4, "mp4", "", "fmt/199"),
    "AMR": (b"#!AMR\n" + bytes(32), "amr", "", "fmt/356"),
    "mov": (struct.pack(">I", 20) + b"ftypqt  " + bytes(8), "mov", "", "x-fmt/384"),
    "m4a": (struct.pack(">I", 20) + b"ftypM4A " + bytes(8), "m4a", "", ""),
    "ASCII": (b"plain words\n", "text", "ASCII", "x-fmt/111"),
    "UTF-8": (CHINESE.encode(), "text", "UTF-8", "x-fmt/111"),
    "UTF-8 with a mark": (CHINESE.encode("utf-8-sig"), "text", "UTF-8", "x-fmt/111"),
    "GB18030": (CHINESE.encode("gb18030"), "text", "GB18030", "x-fmt/111"),
    "a rare name in GB18030": ((CHINESE + "𬒗䶮" + CHINESE).encode("gb18030"), "text", "GB18030", "x-fmt/111"),
    "UTF-16 with a mark": (CHINESE.encode("utf-16"), "text", "UTF-16LE", "x-fmt/111"),
    "UTF-16BE": (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "text", "UTF-16BE", "x-fmt/111"),
    "UTF-16 without": (CHINESE.encode("utf-16-le"), "text", "UTF-16LE", "x-fmt/111"),
    "XML": (b'<?xml version="1.0" encoding="UTF-8"?>\n<a/>', "xml", "1.0", "fmt/101"),
    "XML in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>\n<甲/>'.encode("utf-16"), "xml", "1.0", "fmt/101"),
    "SVG": (b'<?xml version="1.0"?><!-- x --><svg xmlns="x" version="1.1"></svg>', "svg", "1.1", "fmt/92"),
    "HTML": (b"\n<!-- saved -->\n<!DOCTYPE HTML><html></html>", "html", "", "fmt/96"),
    "RTF": (rb"{\rtf1\ansi hello}", "rtf", "", ""),
    "letter": (f.LETTER, "eml", "", "fmt/278"),
    "zip": (f.zip_of({"a.txt": b"x"}), "zip", "", "x-fmt/263"),
    "empty zip": (f.zip_of({}), "zip", "", "x-fmt/263"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(20), "rar", "5.0", "fmt/613"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(20), "7z", "", "fmt/484"),
    "gz": (gzip.compress(b"x"), "gzip", "", "x-fmt/266"),
    "tar": (f.TAR, "tar", "", "x-fmt/265"),
    "PE": (f.program(), "pe", "64 位", "fmt/900"),
    "DOS": (b"MZ" + bytes(200), "pe", "", ""),
    "ELF": (b"\x7fELF\2\1\1" + bytes(60), "elf", "", ""),
    "script": (b"#!/bin/sh\nrm -rf x\n", "script", "", ""),
    "shortcut": (bytes.fromhex("4C0000000114020000000000C000000000000046") + bytes(60), "shortcut", "", "x-fmt/428"),
    "empty": (b"", "empty", "", ""),
    "noise": (bytes(range(256)) * 4, "unknown", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", KNOWN)
def test_a_file_is_what_it_holds(case, tmp_path):
    data, key, version, puid = KNOWN[case]
    path = tmp_path / "没有扩展名"
    path.write_bytes(data)
    found = examine(path)
    assert (found.rule.key, found.format.version, found.format.puid) == (key, version, puid)
    assert examine(data) == found
    assert identify(data) == found.format


def test_a_format_is_called_as_people_say_it_and_bears_its_media_type():
    assert identify(f.pdf("1.7", part="3u")) == Format(
        name="PDF/A-3u", media="application/pdf", version="A-3u", puid="fmt/481"
    )
    assert identify(f.picture("JPEG")).media == "image/jpeg"
    assert identify(f.DOCM).name == "Word 文档（docx），带宏"


def test_every_format_of_the_table_that_a_signature_tells_is_reached_by_it():
    """None is hidden behind one that stands before it."""
    formats = shipped_formats()
    for rule in formats.rules.values():
        for signature in rule.begins:
            head = bytearray(512)
            for at, pattern in ((signature.at, signature.pattern), *signature.more):
                example = pattern.pattern.replace(b"\\", b"") if b"\\\\" not in pattern.pattern else rb"{\rtf"
                head[at : at + len(example)] = example
            assert formats.beginning(bytes(head)) is rule, (rule.key, bytes(head))


@pytest.mark.parametrize(
    ("data", "traits"),
    [
        (f.pdf(encrypted=True), {Trait.ENCRYPTED}),
        (f.pdf("1.6", encrypted=True, streams=True), {Trait.ENCRYPTED}),
        (f.pdf()[:-1600], {Trait.CUT}),
        (f.DOCM, {Trait.MACROS}),
        (f.DOCX[:-30], {Trait.CUT}),
        (f.ole2({"WordDocument": f.word_fib(locked=True)}), {Trait.ENCRYPTED}),
        (f.ole2({"Workbook": f.BOF + struct.pack("<HH", 0x2F, 54) + bytes(54)}), {Trait.ENCRYPTED}),
        (f.ole2({"Current User": struct.pack("<IIII", 0, 20, 0, 0xF3D1C4DF), "PowerPoint Document": b"x"}), {Trait.ENCRYPTED}),
        (f.ole2({"x": bytes(700), "Current User": struct.pack("<IIII", 0, 20, 0, 0xF3D1C4DF), "PowerPoint Document": b"x"}), {Trait.ENCRYPTED}),
        (f.ole2({"WordDocument": f.word_fib()}, ("Macros", "VBA")), {Trait.MACROS}),
        (f.ole2({"Workbook": f.BOF}, ("_VBA_PROJECT_CUR",)), {Trait.MACROS}),
        (f.odf(**{"Basic/Standard/Module1.xml": b"x"}), {Trait.MACROS}),
        (f.odf(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), {Trait.ENCRYPTED}),
        ("Ärger und Öl, größer\n".encode("latin-1") * 3, {Trait.VAGUE}),
        (f.DOCX, set()), (f.DOC, set()), (f.pdf(), set()), (f.XLS, set()), (f.PPT, set()),
    ],
)  # fmt: skip
def test_passwords_macros_and_missing_ends_are_seen(data, traits):
    assert examine(data).traits == traits


def test_an_encrypted_zip_is_seen():
    data = bytearray(f.zip_of({"a.txt": b"x"}))
    place = data.index(b"PK\1\2")
    data[place + 8] |= 1
    assert examine(bytes(data)).traits == {Trait.ENCRYPTED}


def test_a_docx_that_lost_its_end_is_still_a_docx():
    assert examine(f.DOCX[:-40]).rule.key == "docx"
    assert examine(f.odf()[:-40]).rule.key == "odt"


def test_a_pdf_inside_or_words_about_it_make_no_pdf():
    assert examine(f.zip_of({"a.pdf": f.pdf()}, stored=("a.pdf",))).rule.key == "zip"
    assert examine(f.TAR[:512] + f.pdf()).rule.key == "tar"
    assert examine("文件以 %PDF-1.7 开头\n".encode()).rule.key == "text"


def test_words_at_the_beginning_do_not_make_a_text_of_what_follows():
    assert examine(b"words " * 20000).rule.key == "text"
    assert examine(b"words " * 20000 + bytes(5000)).rule.key == "unknown"


def test_a_character_cut_by_the_end_of_what_is_read_is_no_error():
    for encoding, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16LE")):
        for more in range(3):
            data = ("字" * more + "a" * more + CHINESE * 4000).encode(encoding)
            assert len(data) > 70000
            assert examine(data).format.version == name
    assert examine("供暖".encode()[:-1]).format.version != "UTF-8"  # at the end of the file it is one


def test_of_a_big_file_little_is_read(tmp_path):
    """A hole of 8 GB after the head, before the catalogue."""
    path = tmp_path / "大.pdf"
    data = f.pdf()
    end = data.index(b"xref")
    with path.open("wb") as file:
        file.write(data[:end])
        file.seek(8 << 30)
        start = file.tell()
        file.write(data[end:].replace(b"startxref\n%d" % end, b"startxref\n%d" % start))
    begun = time.perf_counter()
    assert identify(path).version == "1.4"
    assert time.perf_counter() - begun < 1


def test_what_cannot_be_read_is_told_by_its_place(tmp_path):
    with pytest.raises(FileTrouble, match="不在"):
        identify(tmp_path / "不在.pdf")
    with pytest.raises(FileTrouble):
        identify(tmp_path)


# --- damage -----------------------------------------------------------------------------------------------

SAMPLES = [data for data, *_ in KNOWN.values() if data]


@given(st.binary(max_size=3000))
@example(b"%PDF-1.4 startxref\n99999999999\n%%EOF")
@example(b"%PDF-1.4\nxref\n0 9999999999\nstartxref\n9\n%%EOF")
def test_random_bytes_are_something_or_unknown(data):
    assert examine(data).format.name


@given(st.sampled_from(SAMPLES), st.data())
def test_a_damaged_file_is_told_as_something(data, draw):
    """Cut anywhere, bytes changed anywhere, mostly where the structure is."""
    spoiled = bytearray(data)
    for _ in range(draw.draw(st.integers(0, 8))):
        place = draw.draw(
            st.one_of(
                st.integers(0, min(600, len(data) - 1)), st.integers(max(0, len(data) - 3000), len(data) - 1)
            )
        )
        spoiled[place] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.integers(0, len(data)))
    for what in (bytes(spoiled), bytes(spoiled[:cut]), bytes(spoiled[cut:])):
        assert examine(what).format.name


def test_a_list_of_contents_that_leads_in_a_circle_comes_to_an_end():
    data = f.pdf(updates=1)
    assert examine(data.replace(b"/Prev", b"/Prev %d %%" % (data.rindex(b"xref\n0 0")))).rule.key == "pdf"
    looped = bytearray(f.ole2({"WordDocument": f.word_fib()}))
    fat = len(looped) - 512
    looped[fat : fat + 512] = struct.pack("<128I", *([0] * 128))
    assert examine(bytes(looped)).format.name


def test_a_zip_whose_list_is_longer_than_any_documents_is_not_read_and_not_called_damaged(monkeypatch):
    assert examine(f.DOCX).rule.key == "docx"
    monkeypatch.setattr(peek, "_LIST", 50)
    found = examine(f.DOCX)
    assert (found.rule.key, found.traits) == ("zip", set())


def test_a_zip_that_lies_about_the_length_of_its_list_is_damaged():
    data = bytearray(f.zip_of({"a": b"x"}))
    data[-10:-6] = (0xFFFFFFF0).to_bytes(4, "little")
    assert examine(bytes(data)).traits == {Trait.CUT}


# --- the table --------------------------------------------------------------------------------------------


def test_an_office_changes_a_row_and_adds_one(tmp_path):
    (tmp_path / "archive").mkdir()
    own = tmp_path / "archive" / "formats.toml"
    own.write_text(
        'basis = "本单位办法"\nverified = true\n[formats.xlsx]\naccepted = false\n'
        '[formats.ceb]\nname = "CEB"\nmedia = "application/x-ceb"\nextensions = ["ceb"]\naccepted = true\nbegins = ["0 \'Founder CEB\'"]\n'
    )
    formats = Formats.load(tmp_path)
    assert not formats["xlsx"].accepted
    assert formats["xlsx"].puid == "fmt/214"
    assert (formats["xlsx"].basis, formats["xlsx"].verified) == ("本单位办法", True)
    assert not formats["docx"].verified
    assert examine(b"Founder CEB 3.0", formats).rule.key == "ceb"
    assert shipped_formats()["xlsx"].accepted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[formats.pdf]\nacepted = true", "acepted"),
        ("[formats.ceb]\nname = 'CEB'", "media"),
        ("[formats.pdf]\nextensions = ['.PDF']", "小写"),
        ("[formats.pdf]\ncopy = 'scan'", "copy"),
        ("[format.pdf]\naccepted = true", "format"),
        ("[formats.a]\nname='a'\nmedia='a/a'\nextensions=['a']\naccepted=true\nbasis='x'\nverified=true\nbegins=['0 GG']", "看不懂"),
    ],
)  # fmt: skip
def test_a_slip_in_the_table_of_an_office_is_an_error(tmp_path, text, said):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "formats.toml").write_text(text, "utf-8")
    with pytest.raises(FormatsInvalid, match=said):
        Formats.load(tmp_path)


def test_nothing_of_the_shipped_table_claims_to_be_verified():
    assert not [rule.key for rule in shipped_formats().rules.values() if rule.verified]


def test_a_text_that_runs_when_opened_is_a_program():
    formats = shipped_formats()
    assert is_program("清理.bat", examine(b"del *.*"), formats)
    assert is_program("图片.jpg", examine(f.program()), formats)
    assert not is_program("说明.txt", examine(b"del *.*"), formats)


def test_ten_thousand_small_files_are_told_in_two_seconds(tmp_path):
    paths = []
    for number, data in enumerate((SAMPLES * 200)[:2000]):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(data)
    formats = shipped_formats()
    begun = time.process_time()
    for path in paths * 5:
        examine(path, formats)
    assert time.process_time() - begun < 4  # two seconds alone on the machine; here others work too
