"""A figure is printed by every renderer, with its caption below, its words for those who cannot see it, and nothing fetched."""

from __future__ import annotations

import io
import posixpath
from dataclasses import replace

import docx as python_docx
import pikepdf
import pypdfium2
import pytest
from lxml import etree

from tests.render.docxs import body_text, changed, docx, parts, text, tree, value, w
from tests.render.docxs import engine as docx_engine
from tests.render.examples import EXAMPLES, FORM, NOTICE, REDHEAD, figure, paragraph
from tests.render.pdfs import engine, pdf
from tests.render.tags import attributes, elements
from xfdocs.document.model import Document, Figure
from xfdocs.document.words import all_text
from xfdocs.document.xml import document_xml, read_document_xml
from xfdocs.errors import GlyphMissing, RenderFault
from xfdocs.render.docx import DocxEngine
from xfdocs.render.geometry import printed_text
from xfdocs.render.pdf import PdfBy
from xfdocs.render.text import document_text

pytestmark = pytest.mark.usefixtures("each_engine")

WITH = EXAMPLES["redhead-figures"]
FIGURES = [block for block in WITH.body if isinstance(block, Figure)]
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_EMU = 36000
_MM = 25.4 / 72


def with_(*blocks) -> Document:
    return replace(NOTICE, body=blocks)


# --- what it says --------------------------------------------------------------------------------


def test_the_caption_is_text_of_the_page_and_the_alternative_text_is_not():
    said = document_text(WITH)
    assert "图1来信来访走势" in said
    assert "7月来信3件" not in said
    assert "7月来信3件" in all_text(WITH)  # a check that must see every word sees this one


@pytest.mark.parametrize("make", [docx_engine, engine])
def test_a_caption_that_no_font_can_print_is_named(make):
    if make is docx_engine:
        make = lambda: DocxEngine(fonts=engine()._fonts)  # noqa: E731
    with pytest.raises(GlyphMissing, match=r"U\+E000.*图题"):
        make().render(with_(figure("\ue000")))


@pytest.mark.parametrize("make", [docx_engine, engine])
@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (read_document_xml(document_xml(WITH)).body[-1], "没有图像"),
        (figure(width=157), "一页放不下"),
        (figure(height=204.5), "一页放不下"),
        (figure(height=0), "一页放不下"),
        (replace(figure(), width=float("nan")), "一页放不下"),
    ],
)
def test_a_picture_that_is_not_there_or_fits_no_page_is_refused(make, wrong, what):
    with pytest.raises(RenderFault, match=what):
        make().render(with_(wrong))


def test_a_figure_has_words_for_those_who_cannot_see_it():
    with pytest.raises(ValueError, match="alternative"):
        replace(figure(), alt=" \n")


# --- docx ----------------------------------------------------------------------------------------


def inline(content: bytes) -> list[etree._Element]:
    return list(tree(content).iter(f"{_DRAWING}inline"))


def test_a_docx_holds_each_picture_where_it_stands_with_its_size_and_words():
    found = inline(docx("redhead-figures"))
    assert len(found) == len(FIGURES)
    for item, wanted in zip(found, FIGURES, strict=True):
        extent = item.find(f"{_DRAWING}extent")
        assert int(extent.get("cx")) == wanted.width * _EMU
        assert int(extent.get("cy")) == wanted.height * _EMU
        assert item.find(f"{_DRAWING}docPr").get("descr") == wanted.alt
    assert [text(item.getparent().getparent().getparent().getnext()) for item in found] == [
        "".join(wanted.text.split()) for wanted in FIGURES
    ]


def test_each_picture_is_reached_by_its_relationship():
    members = parts(docx("redhead-figures"))
    relations = {
        item.get("Id"): posixpath.join("word", item.get("Target"))
        for item in etree.fromstring(members["word/_rels/document.xml.rels"])
    }
    embedded = [item.get(_EMBED) for item in tree(docx("redhead-figures")).iter(f"{_MAIN}blip")]
    assert [members[relations[name]] for name in embedded] == [wanted.png for wanted in FIGURES]


def test_a_word_processors_library_finds_the_pictures():
    opened = python_docx.Document(io.BytesIO(docx("redhead-figures")))
    assert [shape.width.mm for shape in opened.inline_shapes] == [wanted.width for wanted in FIGURES]


def test_numbers_of_drawings_are_not_taken_twice():
    content = docx_engine().render(replace(EXAMPLES["letter"], body=(figure(), figure(), figure("别的"))))
    numbers = [
        item.get("id")
        for name in parts(content)
        if name.endswith(".xml") and name.startswith("word/")
        for item in tree(content, name).iter(f"{_DRAWING}docPr")
    ]
    assert len(numbers) > 3  # the rules of the letter are drawings too
    assert len(numbers) == len(set(numbers))


def test_the_same_picture_twice_lies_in_the_package_once():
    content = docx_engine().render(with_(figure(), paragraph("甲"), figure("又")))
    assert len(inline(content)) == 2
    assert sum(name.endswith(".png") for name in parts(content)) == 1


def test_a_document_without_pictures_carries_none_and_one_with_them_opens_with_its_types():
    assert not [name for name in parts(docx("redhead")) if name.endswith(".png")]
    for name in ("redhead", "redhead-figures"):
        assert next(iter(parts(docx(name)))) == "[Content_Types].xml"


def test_a_picture_is_kept_with_its_caption_and_its_line_is_as_high_as_it_is():
    content = docx("redhead-figures")
    pictures = [item.getparent().getparent().getparent() for item in inline(content)]
    for item in pictures:
        assert value(item.find(f"{w('pPr')}/{w('pStyle')}")) == "图"
        assert item.find(f"{w('pPr')}/{w('keepNext')}") is not None
    style = next(s for s in tree(content, "word/styles.xml").iter(w("style")) if value(s, "styleId") == "图")
    assert value(style.find(f"{w('pPr')}/{w('spacing')}"), "lineRule") == "auto"
    without = docx_engine().render(with_(figure("", number="")))
    assert inline(without)[0].getparent().getparent().getparent().find(f".//{w('keepNext')}") is None


def test_the_same_figures_give_the_same_docx_whatever_was_made_before():
    fresh = DocxEngine()
    fresh.render(FORM)
    fresh.render(with_(figure("别的", height=10)))
    assert fresh.render(WITH) == docx("redhead-figures")
    assert fresh.render(REDHEAD) == docx("redhead")


def test_a_layout_with_a_picture_and_relations_of_its_own_keeps_them(tmp_path):
    source = docx_engine().layout("none", "notice").path
    own = tmp_path / "_layouts" / "notice" / "layout.docx"
    types = ('<Default Extension="png" ContentType="image/png"/>', "")
    changed(source.read_bytes(), own, **{"[Content_Types]": types})
    content = DocxEngine([tmp_path]).render(with_(figure()))
    assert b'Extension="png"' in parts(content)["[Content_Types].xml"]
    assert body_text(content) == document_text(with_(figure()))
    before = parts(own.read_bytes())["word/_rels/document.xml.rels"].count(b"<Relationship ")
    assert parts(content)["word/_rels/document.xml.rels"].count(b"<Relationship ") == before + 1


# --- pdf -----------------------------------------------------------------------------------------


def test_a_pdf_tags_each_picture_as_a_figure_with_its_words():
    with pikepdf.open(io.BytesIO(pdf("redhead-figures"))) as file:
        found = [str(item.Alt) for item in elements(file) if item.S == "/Figure"]
    assert found == [wanted.alt for wanted in FIGURES]


def test_the_place_of_a_picture_is_told_in_the_measures_of_the_page(each_engine):
    """ISO 32000-1 14.8.5.4.3: the box of a figure is in the units of the page, from its lower left corner."""
    if each_engine is PdfBy.TYPST:  # it tells no place; the day it does, what is below must hold
        with pikepdf.open(io.BytesIO(pdf("redhead-figures"))) as file:
            drawn = [item for item in elements(file) if item.S == "/Figure"]
            assert [one for item in drawn for one in attributes(item) if "/BBox" in one] == []
            assert len(drawn) == len(FIGURES)
        return
    with pikepdf.open(io.BytesIO(pdf("redhead-figures"))) as file:
        drawn = [item for item in elements(file) if item.S == "/Figure"]
        boxes = [[float(n) for n in one.BBox] for item in drawn for one in attributes(item) if "/BBox" in one]
    for (left, low, right, high), wanted in zip(boxes, FIGURES, strict=True):
        assert (right - left) * _MM == pytest.approx(wanted.width, abs=0.1)
        assert (high - low) * _MM == pytest.approx(wanted.height, abs=0.1)
        assert left * _MM == pytest.approx(28 + (156 - wanted.width) / 2, abs=0.1)
        assert low * _MM > 35 - 0.1
        assert high * _MM < 297 - 37 + 3


def test_a_picture_never_stands_on_another_page_than_its_caption():
    with pikepdf.open(io.BytesIO(pdf("redhead-figures"))) as file:
        pages = {page.objgen: number for number, page in enumerate(file.pages)}
        pictures = [pages[item.Pg.objgen] for item in elements(file) if item.S == "/Figure"]
    opened = pypdfium2.PdfDocument(pdf("redhead-figures"))
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in opened]
    captions = [next(n for n, said in enumerate(texts) if f"图{number}" in said) for number in (1, 2, 3)]
    assert pictures == captions
    assert pictures == sorted(pictures)
    assert pictures[-1] > pictures[0]


def test_a_picture_is_drawn_and_not_fetched():
    """The bar of the example is black on the page; it comes out of the document, from no file."""
    page = pypdfium2.PdfDocument(engine().render(with_(figure(height=100))))[0]
    dots = page.render(scale=1, grayscale=True).to_numpy()
    assert (dots < 40).sum() > 28 * 220  # 10 × 80 mm in points


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/hostname" width="10" height="10"/>',
        '<image href="http://127.0.0.1:9/x.png" width="10" height="10"/>',
    ],
)
def test_a_picture_reaches_no_file_and_no_network(inside):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="10mm">{inside}</svg>'
    with pytest.raises(RenderFault, match=r"outside the layouts|are not allowed"):
        engine().render(with_(replace(figure(), svg=svg.encode())))


def test_what_is_no_picture_is_refused():
    with pytest.raises(RenderFault):
        engine().render(with_(replace(figure(), svg=b"<svg")))


def test_words_of_a_pdf_with_figures_are_the_documents():
    assert printed_text(pdf("redhead-figures")) == document_text(WITH)
