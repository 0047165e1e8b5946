"""The layout files themselves: made by the script, measured by GB/T 9704, ready for an author."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import docx as python_docx
import pytest
from lxml import etree

from tests.render.docxs import engine, parts, tree, value, w
from xfdocs.authoring.docx_page import CHAR_SPACE
from xfdocs.authoring.docx_styles import FANGSONG, HEITI, KAITI, LINE, SONGTI, XIAOBIAOSONG
from xfdocs.authoring.layouts import LAYOUTS, layout_docx, write_layouts
from xfdocs.render.docx_context import NAMES
from xfdocs.resources import shipped

ALL = tuple(LAYOUTS)
UPRIGHT = tuple(name for name in ALL if name != "wide")
TWIPS = 1440 / 25.4
OFFICIAL = {FANGSONG, KAITI, HEITI, SONGTI, XIAOBIAOSONG}


def committed(name: str) -> Path:
    return shipped("templates", "_layouts", name, "layout.docx")


def styles(name: str) -> dict[str, etree._Element]:
    return {value(s, "styleId"): s for s in tree(layout_docx(name), "word/styles.xml").iter(w("style"))}


def found(name: str, style: str, path: str, attribute: str = "val") -> str | None:
    """A property of a style, looked for in the styles it is based on as Word does."""
    known = styles(name)
    while style:
        item = known[style].find("/".join(w(part) for part in path.split("/")))
        if item is not None and value(item, attribute) is not None:
            return value(item, attribute)
        style = value(known[style].find(w("basedOn"))) or ""
    return None


# --- made by the script --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_script_writes_what_is_committed(name):
    ours, theirs = layout_docx(name), committed(name).read_bytes()
    assert parts(ours) == parts(theirs)
    assert list(parts(ours)) == list(parts(theirs))
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng packs the same bytes otherwise
        assert ours == theirs


def test_the_script_writes_every_layout_into_its_folder(tmp_path):
    write_layouts(tmp_path)
    assert sorted(path.parent.name for path in tmp_path.glob("*/layout.docx")) == sorted(ALL)


# --- the page (GB/T 9704 5) ----------------------------------------------------------------------


def section(name: str) -> etree._Element:
    return tree(layout_docx(name)).find(f"{w('body')}/{w('sectPr')}")


@pytest.mark.parametrize("name", UPRIGHT)
def test_the_sheet_is_a4_with_the_margins_of_the_type_area(name):
    size, margin = section(name).find(w("pgSz")), section(name).find(w("pgMar"))
    assert int(value(size, "w")) / TWIPS == pytest.approx(210, abs=0.1)
    assert int(value(size, "h")) / TWIPS == pytest.approx(297, abs=0.1)
    assert int(value(margin, "left")) / TWIPS == pytest.approx(28, abs=0.1)
    assert int(value(margin, "right")) / TWIPS == pytest.approx(26, abs=0.1)
    # The word processor's box is larger than the ink: 34.58 and 32.58 mm where lines hold the characters
    # in the middle (GB/T 33476.2); in exact lines they stand 1.1 mm lower.
    assert int(value(margin, "top")) / TWIPS == pytest.approx(34.58 - 1.1, abs=0.1)
    assert int(value(margin, "bottom")) / TWIPS == pytest.approx(32.58 + 1.1, abs=0.1)


def test_a_wide_sheet_is_a4_laid_across_with_a_measure_of_247_mm():
    size, margin = section("wide").find(w("pgSz")), section("wide").find(w("pgMar"))
    assert value(size, "orient") == "landscape"
    assert int(value(size, "w")) / TWIPS == pytest.approx(297, abs=0.1)
    assert int(value(size, "h")) / TWIPS == pytest.approx(210, abs=0.1)
    assert int(value(margin, "left")) / TWIPS == pytest.approx(25, abs=0.1)
    inside = int(value(size, "w")) - int(value(margin, "left")) - int(value(margin, "right"))
    assert inside / TWIPS == pytest.approx(247, abs=0.1)


@pytest.mark.parametrize("name", UPRIGHT)
def test_the_grid_has_twenty_two_lines_of_twenty_eight_characters(name):
    """ECMA-376 17.6.5: pitch = size of the default style + charSpace / 4096 pt; linePitch in twips."""
    grid, size, margin = (section(name).find(w(tag)) for tag in ("docGrid", "pgSz", "pgMar"))
    assert value(grid, "type") == "linesAndChars"
    width = (int(value(size, "w")) - int(value(margin, "left")) - int(value(margin, "right"))) / 20
    height = int(value(size, "h")) - int(value(margin, "top")) - int(value(margin, "bottom"))
    default = int(found(name, "Normal", "rPr/sz")) / 2
    assert default == 16  # 三号
    pitch = default + int(value(grid, "charSpace")) / 4096
    assert width // pitch == 28
    assert width - 28 * pitch < 0.5
    assert height // int(value(grid, "linePitch")) == 22
    assert height - 22 * int(value(grid, "linePitch")) < 20
    assert (int(value(grid, "linePitch")), int(value(grid, "charSpace"))) == (LINE, CHAR_SPACE)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "style", ["公文正文", "一级标题", "二级标题", "三级标题", "四级标题", "主送", "署名", "附注"]
)
def test_text_styles_have_the_measures_of_the_grid(name, style):
    assert found(name, style, "pPr/spacing", "line") == str(LINE)
    assert found(name, style, "pPr/spacing", "lineRule") == "exact"
    assert found(name, style, "rPr/sz") == "32"
    advance = 16 * 20 + int(found(name, style, "rPr/spacing"))
    assert 28 * advance < 156 * TWIPS < 28.3 * advance  # 28 fit; justified, they fill the line


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文标题", XIAOBIAOSONG, 44),  # 2号小标宋 (7.3.1)
        ("公文正文", FANGSONG, 32),  # 3号仿宋 (5.2.2)
        ("一级标题", HEITI, 32),  # 黑体 (7.3.3)
        ("二级标题", KAITI, 32),  # 楷体
        ("三级标题", FANGSONG, 32),
        ("四级标题", FANGSONG, 32),
        ("份号", FANGSONG, 32),  # 7.2.1
        ("密级", HEITI, 32),  # 7.2.2
        ("紧急程度", HEITI, 32),  # 7.2.3
        ("发文字号", FANGSONG, 32),  # 7.2.5
        ("主送", FANGSONG, 32),  # 7.3.2
        ("附件说明", FANGSONG, 32),  # 7.3.4
        ("附注", FANGSONG, 32),  # 7.3.6
        ("抄送", FANGSONG, 28),  # 4号仿宋 (7.4.2)
        ("印发", FANGSONG, 28),  # 7.4.3
        ("页码", SONGTI, 28),  # 4号半角宋体 (7.5)
        ("页码（双页）", SONGTI, 28),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_each_element_has_its_face_and_size(name, style, font, size):
    assert found(name, style, "rPr/rFonts", "eastAsia") == font
    assert found(name, style, "rPr/rFonts", "ascii") == font
    assert found(name, style, "rPr/sz") == str(size)


# --- fonts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_style_prints_chinese_in_an_official_face(name):
    for style_id, style in styles(name).items():
        if value(style, "type") == "paragraph":
            assert found(name, style_id, "rPr/rFonts", "eastAsia") in OFFICIAL, style_id
    defaults = tree(layout_docx(name), "word/styles.xml").find(f".//{w('rPrDefault')}//{w('rFonts')}")
    assert {value(defaults, side) for side in ("ascii", "hAnsi", "eastAsia", "cs")} == {FANGSONG}


@pytest.mark.parametrize("name", ALL)
def test_no_japanese_face_or_language_anywhere(name):
    for part, data in parts(layout_docx(name)).items():
        for trace in ("Mincho", "Gothic", "明朝", "ゴシック", "Meiryo", "Jpan", "ja-JP", "Yu "):
            assert trace not in data.decode(), part
    assert value(tree(layout_docx(name), "word/settings.xml").find(w("themeFontLang")), "eastAsia") == "zh-CN"


@pytest.mark.parametrize("name", ALL)
def test_every_font_that_is_named_is_in_the_font_table(name):
    known = {value(font, "name") for font in tree(layout_docx(name), "word/fontTable.xml").iter(w("font"))}
    for style in styles(name).values():
        for fonts in style.iter(w("rFonts")):
            assert value(fonts, "eastAsia") in known


# --- page numbers (7.5, 10.1) --------------------------------------------------------------------


def footers(name: str) -> dict[str, etree._Element]:
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    content = layout_docx(name)
    targets = {item.get("Id"): item.get("Target") for item in tree(content, "word/_rels/document.xml.rels")}
    return {
        value(item, "type"): tree(content, f"word/{targets[item.get(relation)]}")
        for item in section(name).iter(w("footerReference"))
    }


@pytest.mark.parametrize("name", sorted(set(ALL) - {"label"}))
def test_page_numbers_are_real_fields_between_dashes_odd_right_even_left(name):
    assert tree(layout_docx(name), "word/settings.xml").find(w("evenAndOddHeaders")) is not None
    for kind, align in (("default", "right"), ("even", "left")):
        footer = footers(name)[kind]
        codes = [item.text.strip() for item in footer.iter(w("instrText"))]
        assert codes == ["PAGE"]
        assert [value(item, "fldCharType") for item in footer.iter(w("fldChar"))] == [
            "begin",
            "separate",
            "end",
        ]
        assert "".join(item.text for item in footer.iter(w("t"))) == "— 1 —"
        style = value(footer.find(f".//{w('pStyle')}"))
        assert found(name, style, "pPr/jc") == align
        assert found(name, style, "pPr/ind", align) == "280"  # one 四号 character


def test_a_label_has_no_page_number():
    for footer in footers("label").values():
        assert not list(footer.iter(w("instrText")))
        assert not list(footer.iter(w("t")))


@pytest.mark.parametrize("name", ALL)
def test_only_the_letter_has_a_first_page_without_a_number(name):
    assert (section(name).find(w("titlePg")) is not None) == (name == "letter")
    if name == "letter":
        assert not list(footers(name)["first"].iter(w("instrText")))


# --- red rules (10.1) ----------------------------------------------------------------------------


def test_the_double_rules_of_a_letter_lie_by_the_millimetre():
    """Four bars 170 mm long: thick over thin under the head, thin over thick 20 mm above the foot."""
    wp = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
    bars = []
    for anchor in tree(layout_docx("letter"), "word/header3.xml").iter(f"{wp}anchor"):
        across, down = (
            int(item.findtext(f"{wp}posOffset")) / 36000
            for item in anchor
            if item.tag.startswith(f"{wp}position")
        )
        extent = anchor.find(f"{wp}extent")
        bars.append((across, down, int(extent.get("cx")) / 36000, int(extent.get("cy")) / 36000))
    assert [(across, width) for across, _, width, _ in bars] == [(20, 170)] * 4
    thickness = [height for *_, height in bars]
    assert thickness[0] > 2 * thickness[1]
    assert thickness[3] > 2 * thickness[2]
    assert (bars[2][1] + bars[3][1] + bars[3][3]) / 2 == pytest.approx(297 - 20, abs=0.1)


def test_the_red_rule_of_a_red_head_is_as_wide_as_the_type_area_and_red():
    for name in ("redhead", "upward"):
        border = tree(layout_docx(name)).find(f".//{w('pBdr')}/{w('bottom')}")
        assert value(border, "color") == "E60012"
        style = border.getparent().getparent()
        assert style.find(w("ind")) is None
        assert found(name, "发文字号", "pPr/ind", "left") is None


# --- for authors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_an_author_sees_each_element_by_its_chinese_name(name):
    opened = python_docx.Document(io.BytesIO(committed(name).read_bytes()))
    lines = [item.text for item in opened.paragraphs]
    assert "{{ 标题 }}" in lines
    assert "{{ 主送 }}" in lines
    assert "{%p for 段 in 正文 %}" in lines
    assert "{{p 落款 }}" in lines
    words = " ".join(lines)
    assert not re.search(r"\{[{%][^}]*\b(title|number|body|date)\b", words)


@pytest.mark.parametrize("name", ALL)
def test_a_layout_prints_every_name_it_should(name):
    unused = set(engine().layout("none", name).unused)
    expected = {"署名", "成文日期", "文种"}  # 落款 stands for the first two
    if name in {"notice", "form", "wide", "label"}:
        expected |= {"机关标志"}
    if name not in {"redhead", "upward"}:
        expected |= {"印发机关", "印发日期"}
    if name != "upward":
        expected |= {"签发人"}
    assert unused == expected
    assert unused <= set(NAMES)
