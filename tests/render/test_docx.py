"""What a docx of ours is: valid, the same on any day, saying exactly what the document says."""

from __future__ import annotations

import io
import os
import posixpath
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx as python_docx
import pytest
from docxtpl import DocxTemplate
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.render.docxs import body_text, changed, docx, engine, parts, text, tree, value, w
from tests.render.examples import EXAMPLES, LETTER, MARKUP, NOTICE, RARE, REDHEAD, paragraph
from xfdocs.errors import GlyphMissing, LayoutInvalid, RenderFault
from xfdocs.render.docx import DocxEngine
from xfdocs.render.docx_context import context
from xfdocs.render.engine import Engine
from xfdocs.render.text import document_text

ALL = tuple(EXAMPLES)


def test_the_engine_is_an_engine():
    assert isinstance(engine(), Engine)
    assert engine().format == "docx"


# --- what it says --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_docx_says_the_document_character_for_character_in_reading_order(name):
    assert body_text(docx(name)) == document_text(EXAMPLES[name])


@pytest.mark.parametrize("name", ALL)
def test_stock_docxtpl_makes_the_same_text_of_the_same_layout_and_values(name):
    """The layouts are docxtpl templates: the fast way is a way to the same document."""
    document = EXAMPLES[name]
    layout = engine().layout(document.kind, document.layout)
    stock = DocxTemplate(layout.path)
    stock.render(context(document, layout.styles), autoescape=True)
    target = io.BytesIO()
    stock.save(target)
    assert body_text(target.getvalue()) == body_text(docx(name))


@pytest.mark.parametrize("name", ALL)
def test_python_docx_opens_it(name):
    opened = python_docx.Document(io.BytesIO(docx(name)))
    assert opened.paragraphs


def test_input_that_looks_like_markup_is_printed_as_text():
    content = docx("notice-markup")
    assert body_text(content).count("".join(MARKUP.split())) == 3


def test_spaces_inside_a_value_stay():
    document = replace(NOTICE, body=(paragraph("  两  端 "),))
    found = [node.text for node in tree(engine().render(document)).iter(w("t"))]
    assert "  两  端 " in found


def test_rare_characters_are_there():
    assert RARE in body_text(docx("notice-rare"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_any_text_comes_through_unchanged(value_):
    document = replace(NOTICE, body=(paragraph(value_),), addressees=(value_,))
    assert body_text(engine().render(document)) == document_text(document)


def test_a_tab_becomes_a_tab():
    document = replace(NOTICE, body=(paragraph("甲\t乙"),))
    found = tree(engine().render(document))
    assert len(list(found.iter(w("tab")))) > len(list(tree(docx("notice")).iter(w("tab"))))
    assert "甲乙" in text(found)


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1f", "\x7f", "\ufffe", "\ud800"])
def test_a_control_character_is_refused_by_name(odd):
    with pytest.raises(RenderFault, match=f"U\\+{ord(odd):04X}"):
        engine().render(replace(NOTICE, addressees=(f"张{odd}三",)))


def test_a_very_long_paragraph_comes_through():
    document = replace(NOTICE, body=(paragraph("长" * 100_000),))
    assert body_text(engine().render(document)) == document_text(document)


def test_a_character_that_no_font_has_is_refused_where_fonts_are_given():
    class Nothing:
        def missing(self, text, role):
            return [char for char in text if char == "㐂"]

    with pytest.raises(GlyphMissing, match="㐂"):
        DocxEngine(fonts=Nothing()).render(EXAMPLES["notice-rare"])


def test_emphasis_is_a_character_style():
    found = tree(docx("notice"))
    styled = {text(run): value(run.find(f"{w('rPr')}/{w('rStyle')}")) for run in found.iter(w("r"))}
    assert styled["您的权利。"] == "突出（黑体）"
    assert styled["依法享有。"] == "突出（楷体）"


@pytest.mark.parametrize(
    ("name", "style", "words"),
    [
        ("notice", "公文标题（接文号）", "云州市住房和城乡建设局信访事项受理告知书"),
        ("notice", "发文字号", "云建信访告〔2026〕15号"),
        ("notice", "主送", "欧阳晓雯："),
        ("notice", "一级标题", "一、办理期限"),
        ("notice", "公文末段", "特此告知。"),
        ("notice", "署名", "云州市住房和城乡建设局"),
        ("notice", "成文日期", "2026年10月15日"),
        ("notice", "附注", "（联系人：林晓，电话：19900000012）"),
        ("letter", "发文机关标志", "云州市信访局"),
        ("letter", "附件说明", "附件：信访人来信（复印件）"),
        ("redhead", "二级标题", "（一）转送情况"),
        ("redhead", "三级标题", "1.来信"),
        ("redhead", "四级标题", "（1）初次来信"),
        ("redhead", "附件说明（续项）", "2.工作计划"),
        ("redhead", "印发", "云州市信访局办公室2026年10月16日印发"),
        ("redhead", "份号", "000001"),
        ("redhead", "紧急程度", "特急"),
        ("form", "裁切线", "此联由信访人留存"),
        ("form", "表题", "附送材料清单"),
    ],
)
def test_each_element_stands_in_the_style_of_its_name(name, style, words):
    found = tree(docx(name))
    styled = [(value(p.find(f"{w('pPr')}/{w('pStyle')}")), text(p)) for p in found.iter(w("p"))]
    assert (style, words) in styled


# --- the draft mark ------------------------------------------------------------------------------


def test_a_draft_says_so_in_the_header_of_every_page_and_nowhere_in_its_text():
    letter = engine().render(replace(LETTER, draft=True))
    headers = [name for name in parts(letter) if "header" in name]
    assert len(headers) == 3
    assert [text(tree(letter, name)) for name in headers] == ["草稿"] * 3
    assert "草稿" not in body_text(letter)


def test_a_document_that_is_no_draft_does_not_say_so():
    for name in parts(docx("letter")):
        if "header" in name:
            assert text(tree(docx("letter"), name)) == ""


# --- the package ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_package_is_whole(name):
    content = docx(name)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert len(names) == len(set(names))
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    members = parts(content)
    for part, data in members.items():
        if part.endswith(".png"):
            continue
        etree.fromstring(data)  # well-formed
        assert b"{{" not in data.replace(b"{{ x }}", b"")
        assert b"{%" not in data, part


@pytest.mark.parametrize("name", ALL)
def test_every_part_is_announced_and_every_reference_leads_somewhere(name):
    members = parts(docx(name))
    types = etree.fromstring(members["[Content_Types].xml"])
    announced = {item.get("PartName", "").lstrip("/") for item in types}
    endings = {f".{item.get('Extension')}" for item in types if item.get("Extension") != "xml"}
    for part in members:
        assert (
            part in announced
            or posixpath.splitext(part)[1] in endings
            or part.endswith(".rels")
            or part == "[Content_Types].xml"
        )
    for part, data in members.items():
        if part.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(part))
            for relation in etree.fromstring(data):
                assert posixpath.normpath(posixpath.join(folder, relation.get("Target"))) in members
    used = {
        item.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
        for item in tree(docx(name)).iter(w("headerReference"), w("footerReference"))
    }
    known = {item.get("Id") for item in etree.fromstring(members["word/_rels/document.xml.rels"])}
    assert used <= known


@pytest.mark.parametrize("name", ALL)
def test_every_style_that_is_used_is_defined(name):
    content = docx(name)
    defined = {value(style, "styleId") for style in tree(content, "word/styles.xml").iter(w("style"))}
    for part in parts(content):
        if part.startswith("word/") and part.endswith(".xml") and "theme" not in part:
            for tag in ("pStyle", "rStyle", "tblStyle", "basedOn"):
                assert {value(item) for item in tree(content, part).iter(w(tag))} <= defined


@pytest.mark.parametrize("name", ALL)
def test_an_element_that_is_not_there_leaves_no_empty_paragraph(name):
    for item in tree(docx(name)).find(w("body")).findall(w("p")):
        style = value(item.find(f"{w('pPr')}/{w('pStyle')}"))
        assert text(item) or style in {"间隔", "裁切线", "图"}, etree.tostring(item, encoding="unicode")


@pytest.mark.parametrize("name", ALL)
def test_no_run_is_empty(name):
    for item in tree(docx(name)).find(w("body")).iter(w("t")):
        assert item.text, etree.tostring(item.getparent().getparent(), encoding="unicode")


def test_title_organ_and_date_stand_in_the_properties():
    properties = python_docx.Document(io.BytesIO(docx("notice"))).core_properties
    assert properties.title == NOTICE.title
    assert properties.author == NOTICE.signatory
    assert properties.subject == "受理告知书"
    assert properties.language == "zh-CN"
    assert properties.created == properties.modified == datetime(2026, 10, 15, tzinfo=UTC)


def test_a_document_without_a_date_has_none_in_its_properties():
    assert b"dcterms:created" not in parts(docx("notice-draft"))["docProps/core.xml"]


# --- the same on any day -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notice", "letter", "redhead", "form"])
def test_the_same_document_gives_the_same_bytes(name):
    assert DocxEngine().render(EXAMPLES[name]) == docx(name) == engine().render(EXAMPLES[name])


def test_another_process_on_another_day_gives_the_same_bytes():
    program = (
        "import sys, time; time.time = lambda: 4e9; time.localtime = lambda *_: time.gmtime(4e9)\n"
        "from tests.render.docxs import docx\n"
        "sys.stdout.buffer.write(docx('letter') + docx('form'))"
    )
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "PYTHONHASHSEED": "7",
            "TZ": "Pacific/Kiritimati",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        check=True,
    )
    assert made.stdout == docx("letter") + docx("form")


def test_what_was_rendered_before_leaves_no_trace():
    fresh = DocxEngine()
    for name in ("notice-draft", "notice-markup", "notice-rare"):
        fresh.render(EXAMPLES[name])
    assert fresh.render(NOTICE) == docx("notice")


# --- nothing is dropped --------------------------------------------------------------------------


def test_a_document_that_says_more_than_the_layout_can_print_is_refused(tmp_path):
    source = engine().layout("none", "notice").path.read_bytes()
    own = tmp_path / "_layouts" / "notice" / "layout.docx"
    xml = parts(source)["word/document.xml"].decode()
    start = xml.index("{%p if 附注 %}")
    end = xml.index("{%p endif %}", start)
    changed(source, own, word__document=(xml[start:end], xml[start:end].replace("附注", "文种")))
    with pytest.raises(LayoutInvalid, match="有“附注”，版式里没有印它的地方"):
        DocxEngine([tmp_path]).render(NOTICE)
    assert DocxEngine([tmp_path]).render(replace(NOTICE, note=""))


def test_an_office_puts_its_own_layout_in_the_place_of_the_shipped_one(tmp_path):
    source = engine().layout("none", "notice").path.read_bytes()
    words = ("{{ 主送 }}", "尊敬的{{ 主送 }}")
    changed(source, tmp_path / "office" / "_layouts" / "notice" / "layout.docx", word__document=words)
    words = ("{{ 主送 }}", "本局专用{{ 主送 }}")
    changed(source, tmp_path / "office" / "acceptance-notice" / "layout.docx", word__document=words)
    own = DocxEngine([tmp_path / "office"])
    assert "本局专用欧阳晓雯：" in body_text(own.render(NOTICE))
    assert "尊敬的欧阳晓雯：" in body_text(own.render(replace(NOTICE, kind="other")))
    assert "尊敬的" not in body_text(own.render(REDHEAD))
