"""The prepared faces of this machine: what they cover, that they are the fonts they were cut from, how they print."""

from __future__ import annotations

import io
import itertools
import re

import pikepdf
import pytest
import weasyprint
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from weasyprint.text.fonts import FontConfiguration

from xfdocs.errors import FontsMissing
from xfdocs.render import fontsetup
from xfdocs.render.fonts import PREPARE, Face, FontBook, Role

RARE_NAMES = "㐂䶮𬭚𠮷"
OWN = [role for role in Role if role is not Role.RARE]


@pytest.fixture(scope="module")
def book() -> FontBook:
    return FontBook.find()


@pytest.mark.parametrize("role", OWN)
def test_every_role_prints_gb2312_the_standard_list_and_the_rare_names(book, role):
    listed = "".join(fontsetup.gb2312() + fontsetup.everyday_order() + fontsetup.second_order())
    assert book.missing(listed + RARE_NAMES, role) == ()


def test_the_list_of_standard_characters_has_its_three_levels():
    listed = "".join(fontsetup._lines("tongyong-8105"))
    assert len(listed) == len(set(listed)) == 3500 + 3000 + 1605
    # the first and last of each level in the table of 2013
    assert [listed[n] for n in (0, 3499, 3500, 6499, 6500, 8104)] == list("一矗乂齉亍蠼")
    assert listed.index("䶮") >= 6500


def test_gb2312_has_the_dash_and_the_dot_documents_write():
    assert len([char for char in fontsetup.gb2312() if "\u4e00" <= char <= "\u9fff"]) == 6763
    assert {"\u00b7", "\u2014"} <= set(fontsetup.gb2312())


def test_a_character_nobody_draws_is_named_once_in_order_of_appearance(book):
    private, unassigned = "\ue000", "\U0003ffff"
    assert book.missing(f"王{unassigned}\n\t{private}秀{unassigned}", Role.FANG) == (unassigned, private)
    assert not book.covers(private, Role.FANG)
    assert book.covers("王", Role.FANG)


def test_no_character_stands_in_two_faces_of_a_role(book):
    for role in Role:
        seen: set[int] = set()
        for face in book.chain(role):
            if face.role is role:
                own = {code for first, last in face.ranges for code in range(first, last + 1)}
                assert not own & seen, face.css
                seen |= own


def test_a_face_covers_exactly_what_its_file_maps(book):
    for face in book.chain(Role.FANG):
        with TTFont(face.file, lazy=True) as font:
            mapped = {chr(code) for code in font.getBestCmap()}
            assert font["maxp"].numGlyphs == face.glyphs
        assert mapped == {chr(c) for first, last in face.ranges for c in range(first, last + 1)}
        assert all(face.covers(char) for char in mapped)
        assert not face.covers("\ue000")


@pytest.mark.parametrize("role", Role)
def test_a_cut_face_draws_what_its_source_draws(book, role):
    by_source = sorted(book.chain(role), key=lambda face: face.source)
    for source, faces in itertools.groupby(by_source, key=lambda face: face.source):
        with TTFont(source, fontNumber=0, lazy=True) as whole:
            for face in faces:
                if face.role is role:
                    _assert_same_drawing(whole, face)


def _assert_same_drawing(whole: TTFont, face: Face) -> None:
    codes = [code for first, last in face.ranges for code in range(first, last + 1)][::397]
    with TTFont(face.file, lazy=True) as cut:
        for code in codes:
            assert _drawing(cut, code) == _as(_drawing(whole, code)), (face.css, hex(code))
            widths = {font["hmtx"][font.getBestCmap()[code]][0] for font in (cut, whole)}
            assert len(widths) == 1, (face.css, hex(code))


def test_the_commonest_characters_have_the_lowest_glyph_ids(book):
    everyday = book.chain(Role.FANG)[0]
    with TTFont(everyday.file, lazy=True) as font:
        number = {char: font.getGlyphID(font.getBestCmap()[ord(char)]) for char in "1，信访办矗"}
    assert number["1"] < number["，"] < number["信"] < number["办"] < 500 < 3500 < number["矗"]


def test_every_face_has_the_same_line_so_that_a_rare_character_does_not_shift_it(book):
    faces = {face for role in Role for face in book.chain(role)}
    lines = set()
    for face in faces:
        with TTFont(face.file, lazy=True) as font:
            em = font["head"].unitsPerEm
            lines.add(
                (
                    round(font["hhea"].ascent / em, 2),
                    round(font["hhea"].descent / em, 2),
                    font["hhea"].lineGap,
                )
            )
    assert lines == {(0.88, -0.12, 0)}


def test_in_a_cut_face_glyph_n_is_cid_n_as_a_pdf_takes_it(book):
    for face in book.chain(Role.FANG)[:3]:
        with TTFont(face.file, lazy=True) as font:
            if "CFF " in font:
                names = font.getGlyphOrder()
                assert names == [".notdef", *(f"cid{number:05d}" for number in range(1, len(names)))]


def test_one_css_family_is_one_file_and_never_bold_or_slanted(book):
    rules = book.css().splitlines()
    families = [re.search(r"font-family:([\w-]+);", rule)[1] for rule in rules]
    files = [re.search(r"url\(([^)]+)\)", rule)[1] for rule in rules]
    assert (
        len(set(families)) == len(set(files)) == len(rules) == len({f for r in Role for f in book.chain(r)})
    )
    assert all("font-weight:normal;font-style:normal" in rule for rule in rules)
    assert book.stack(Role.FANG).startswith("xf-fang,xf-fang-2,")
    assert ",xf-rare," in book.stack(Role.XBS)


def test_a_plain_document_needs_the_everyday_faces_alone_and_a_rare_name_one_slice_more(book):
    plain = [face.css for face in book.needed("云州市信访局〔2026〕12号：王秀英　　等3人")]
    assert plain == ["xf-xbs", "xf-fang", "xf-kai", "xf-hei", "xf-song"]
    assert [face.css for face in book.needed("𪚥") if face.css not in plain] == [
        face.css for face in book.chain(Role.RARE) if face.covers("𪚥")
    ]
    assert {face.css for face in book.needed("昊")} >= {"xf-fang-2", "xf-kai-2"}


def test_the_docx_names_the_faces_offices_have_whatever_this_machine_has():
    assert [FontBook.office_faces(role) for role in OWN] == [
        "方正小标宋简体",
        "仿宋_GB2312",
        "楷体_GB2312",
        "黑体",
        "宋体",
    ]


def test_nothing_is_wrong_with_the_faces_of_this_machine(book):
    assert [problem for problem in book.problems() if "没有采用" not in problem] == []


def test_before_fonts_are_prepared_the_error_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setenv("XFDOCS_FONTS", str(tmp_path))
    with pytest.raises(FontsMissing) as caught:
        FontBook.find()
    assert PREPARE in str(caught.value)


def test_a_role_without_a_face_is_an_error_and_a_problem(book):
    lame = FontBook(face for face in book.chain(Role.FANG) if face.role is not Role.FANG)
    with pytest.raises(FontsMissing, match="缺少仿宋字体"):
        lame.chain(Role.FANG)
    assert any(problem.startswith("没有仿宋字体") for problem in lame.problems())


# --- printed ------------------------------------------------------------------------------------------------


def test_the_pdf_shows_each_character_by_the_first_face_that_has_it(book):
    text = "王昊𠮷"
    pdf = pikepdf.open(io.BytesIO(_print(book, [text])))
    shown = dict(itertools.chain.from_iterable(_shown(font) for font in _fonts(pdf)))
    assert shown.keys() == set(text)
    for char in text:
        face = next(face for face in book.chain(Role.FANG) if face.covers(char))
        family, drawing = shown[char]
        with TTFont(face.source, fontNumber=0, lazy=True) as source:
            assert family == face.css
            assert drawing == _as(_drawing(source, ord(char)))


def test_what_was_printed_before_does_not_change_the_bytes(book):
    alone = _print(book, ["王秀英"])
    assert _print(book, ["王秀英"]) == alone
    assert _print(book, ["𪚥𠮷", "王秀英"]) == alone


def _print(book: FontBook, texts: list[str]) -> bytes:
    """The PDF of the last of *texts*, printed one after the other with faces loaded as they are needed."""
    config = FontConfiguration()
    for text in texts:
        sheet = weasyprint.CSS(
            string=book.css(book.needed(text)) + f"p {{ font-family: {book.stack(Role.FANG)} }}",
            font_config=config,
        )
        html = weasyprint.HTML(string=f"<html lang=zh><body><p>{text}</p>")
        pdf = html.write_pdf(stylesheets=[sheet], font_config=config, pdf_identifier=b"0" * 16)
    return pdf


def _fonts(pdf: pikepdf.Pdf):
    return [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o]


def _shown(font: pikepdf.Dictionary):
    """(character, (family, drawing)) for each glyph of a PDF font, found as a reader does: by CID."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    stream = descriptor.get("/FontFile3") or descriptor.get("/FontFile2")
    family = str(font.BaseFont).partition("+")[2]
    with TTFont(io.BytesIO(stream.read_bytes())) as embedded:
        _, _, mapping = font.ToUnicode.read_bytes().partition(b"beginbfchar")
        for cid, char in re.findall(rb"<(\w{4})> <(\w+)>", mapping):
            number = int(cid, 16)
            name = f"cid{number:05d}" if "CFF " in embedded else embedded.getGlyphName(number)
            yield bytes.fromhex(char.decode()).decode("utf-16-be"), (family, _glyph_drawing(embedded, name))


def _drawing(font: TTFont, code: int):
    return _glyph_drawing(font, font.getBestCmap()[code])


def _glyph_drawing(font: TTFont, name: str):
    """Where the ink of a glyph ends, and how much of it there is, in thousandths of its square."""
    glyphs = font.getGlyphSet()
    bounds, area = BoundsPen(glyphs), AreaPen(glyphs)
    glyphs[name].draw(bounds)
    glyphs[name].draw(area)
    unit = 1000 / font["head"].unitsPerEm
    return [edge * unit for edge in bounds.bounds or ()], abs(area.value) * unit * unit


def _as(drawing):
    """The same ink, drawn with other curves."""
    edges, area = drawing
    return pytest.approx(edges, abs=2), pytest.approx(area, rel=0.005, abs=200)
