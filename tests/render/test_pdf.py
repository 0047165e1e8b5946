"""What a PDF of ours is: PDF/A-3a, tagged, the same on any day, saying exactly what the document says."""

from __future__ import annotations

import io
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from tests.judge import complaints
from tests.render.examples import EXAMPLES, FORM, LETTER, MARKUP, NOTICE, RARE, paragraph, statistics
from tests.render.pdfs import engine, fonts, once, pdf
from tests.render.tags import attributes, elements, tagged_text
from xfdocs.document.model import Align, Colophon, Document, Heading, Paragraph, Run, Table
from xfdocs.document.xml import read_document_xml
from xfdocs.errors import GlyphMissing
from xfdocs.render.engine import Engine
from xfdocs.render.fonts import Role
from xfdocs.render.geometry import measure, printed_text
from xfdocs.render.glyphs import printed_texts
from xfdocs.render.pdf import PdfBy, pdf_engine
from xfdocs.render.text import document_text
from xfdocs.resources import shipped

pytestmark = pytest.mark.usefixtures("each_engine")

ALL = tuple(EXAMPLES)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_the_engine_is_an_engine():
    assert isinstance(engine(), Engine)
    assert engine().format == "pdf"


# --- what it says --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_pdf_says_the_document_character_for_character_in_reading_order(each_engine, name):
    document = EXAMPLES[name]
    said, meant = once(printed_text(pdf(name)), document), document_text(document)
    if each_engine is PdfBy.TYPST and "statistics" in name:
        # A cell over two rows is drawn after both, in its place on the paper; the next test sees the order of the tags.
        # What is printed beyond the words of the document are its head rows, again on each later page.
        tables = [block for block in document.body if isinstance(block, Table)]
        heads = Counter(
            char
            for table in tables
            for row in table.rows
            if row.head
            for cell in row.cells
            for paragraph_ in cell.paragraphs
            for char in paragraph_.text
            if not char.isspace()
        )
        more = Counter(printed_text(pdf(name)))
        more.subtract(Counter(meant))
        assert min(more.values()) == 0, "a character is lacking"
        assert set(+more) <= set(heads)
        assert sum(more.values()) <= sum(heads.values()) * len(measure(pdf(name)))
    else:
        assert said == meant


@pytest.mark.parametrize("name", ALL)
def test_the_tags_tell_the_same_in_the_same_order(name):
    """What a screen reader meets: the structure tree, page by page."""
    document = EXAMPLES[name]
    with opened(pdf(name)) as file:
        assert once(tagged_text(file), document) == document_text(document)


def test_rare_characters_are_printed():
    assert RARE in printed_text(pdf("notice-rare"))


def test_two_characters_that_a_font_draws_alike_are_still_told_apart():
    alike = replace(NOTICE, body=(paragraph("甲·乙•丙·丁•"),))
    assert document_text(alike) in "".join(printed_text(engine().render(alike)).split())


def test_what_looks_like_markup_is_printed_as_text():
    assert "".join(MARKUP.split()) in printed_text(pdf("notice-markup"))


@pytest.mark.parametrize("name", ["notice", "letter", "redhead", "upward", "form"])
def test_markup_in_any_element_is_printed_as_text(name):
    def marked(text: str) -> str:
        return f"{text}<i>&{{{{x}}}}" if text else text

    document = EXAMPLES[name]
    wild = replace(
        document,
        **{
            field: marked(getattr(document, field))
            for field in ("title", "number", "copy_number", "urgency", "signer", "signatory", "note", "case")
        },
        addressees=tuple(map(marked, document.addressees)),
        attachments=tuple(map(marked, document.attachments)),
        colophon=Colophon(tuple(map(marked, document.colophon.copies_to)), marked(document.colophon.printer)),
        body=(Heading(1, "<", (Run("<u>"),)), *document.body),
    )
    assert once(printed_text(engine().render(wild)), wild) == document_text(wild)


# --- PDF/A-3a ------------------------------------------------------------------------------------


def test_vera_pdf_finds_every_example_valid(tmp_path):
    files = []
    for name in ALL:
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(pdf(name))
    assert complaints(files) == {}


@pytest.mark.parametrize("name", ALL)
def test_every_pdf_declares_itself_and_embeds_all_its_fonts(name):
    document = EXAMPLES[name]
    with opened(pdf(name)) as file, file.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert meta["dc:title"] == document.title
        assert str(file.Root.Lang) == "zh-CN"
        assert file.Root.MarkInfo.Marked
        assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(file.docinfo.Title) == document.title
        day = document.date or date(1980, 1, 1)
        for key in ("/CreationDate", "/ModDate"):
            assert str(file.docinfo[key]).startswith(f"D:{day:%Y%m%d}")
        faces = [
            item
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert faces
        assert all("/FontFile3" in face or "/FontFile2" in face for face in faces)


@pytest.mark.parametrize("name", ALL)
def test_the_documents_own_xml_is_inside_as_its_source(each_engine, name):
    with opened(pdf(name)) as file:
        (spec,) = file.Root.AF
        assert spec.AFRelationship == "/Source"
        assert str(spec.UF) == "文书.xml"
        assert str(spec.F) == ("document.xml" if each_engine is PdfBy.WEASYPRINT else "wenshu.xml")
        assert read_document_xml(spec.EF.F.read_bytes()) == EXAMPLES[name]
        assert list(file.attachments) == [str(spec.UF if each_engine is PdfBy.WEASYPRINT else spec.F)]


def test_tables_are_tagged_with_their_head_cells_and_spans():
    with opened(pdf("form")) as file:
        kinds = [str(item.S) for item in elements(file)]
        spans = [int(one.ColSpan) for item in elements(file) for one in attributes(item) if "/ColSpan" in one]
    assert {"/Table", "/THead", "/TBody", "/TR", "/TH", "/TD", "/H1", "/P"} <= set(kinds)
    assert 5 in spans


# --- statistics ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["redhead-statistics", "form-statistics"])
def test_a_long_table_repeats_all_its_head_rows_and_breaks_no_row(name):
    pages = ["".join(line.text for line in page.lines) for page in measure(pdf(name))]
    head = "来信来访责任单位合计办结率本期上期环比本期上期环比"  # from top to bottom
    inside = [text for text in pages if "12345" in text]
    assert len(inside) > 1
    for text in inside:
        assert text.count(head) == 1
        # a page begins with its head and ends with a whole row
        assert text.count("12345") == text.count("100.00%")
        assert text.count("云州经济技术开发区") == text.count("与群众诉求服务中心")
    assert all(text.startswith(head) for text in inside[1:])


def test_the_numbers_of_a_column_stand_under_each_other_at_the_right():
    (page,) = [page for page in measure(pdf("redhead-statistics")) if "表1" in page.text]
    percents = [char.right for line in page.lines for char in line.chars if char.char == "%"]
    edges = {round(edge, 1) for edge in percents}
    assert len(percents) > 20
    assert len(edges) == 2
    small = {round(char.size, 1) for line in page.lines for char in line.chars if char.char == "%"}
    assert small == {10.5}  # 五号


def test_the_caption_and_the_unit_of_a_table_stay_with_it():
    for count in range(3, 9):
        document = replace(NOTICE, body=(*(paragraph("甲" * 28) for _ in range(count + 8)), statistics(9)))
        for page in measure(engine().render(document)):
            assert ("表1" in page.text) == ("单位：件" in page.text)
            if "表1" in page.text:
                assert "12345" in page.text, "a caption, or a head, without a row"


def test_page_numbers_and_draft_marks_are_artifacts(each_engine):
    """They are printed but no part of the document's text."""
    with opened(pdf("notice-draft")) as file:
        content = file.pages[0].Contents.read_bytes()
        if each_engine is PdfBy.WEASYPRINT:
            assert content.count(b"/Pagination") == 2
        else:
            assert (content.count(b"/Type/Pagination"), content.count(b"/Type/Background")) == (1, 1)
        assert not {*"草稿—"} & set(tagged_text(file))


# --- the same bytes ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notice", "letter-long", "form", "notice-rare"])
def test_a_new_engine_makes_the_same_bytes_whatever_it_made_before(each_engine, name):
    other = pdf_engine(each_engine, fonts())
    other.render(EXAMPLES["redhead"])
    assert other.render(EXAMPLES[name]) == pdf(name)


def test_another_process_on_another_day_in_another_place_makes_the_same_bytes(each_engine, tmp_path):
    code = (
        "import sys, time; time.time = lambda: 2e9; sys.path.insert(0, sys.argv[1])\n"
        "from tests.render.pdfs import made_by, pdf\n"
        "from xfdocs.render.pdf import PdfBy\n"
        f"with made_by(PdfBy('{each_engine}')): sys.stdout.buffer.write(pdf('letter') + pdf('form'))"
    )
    environment = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    import os

    environment |= {
        key: os.environ[key] for key in ("HOME", "XDG_DATA_HOME", "XFDOCS_FONTS") if key in os.environ
    }
    root = str(shipped("templates").parent)
    made = subprocess.run(
        [sys.executable, "-c", code, root], env=environment, cwd=tmp_path, capture_output=True, check=True
    )
    assert made.stdout == pdf("letter") + pdf("form")


def test_another_word_makes_another_file_identifier(each_engine):
    with opened(pdf("notice")) as one, opened(engine().render(replace(NOTICE, note="另注"))) as other:
        place = 0 if each_engine is PdfBy.WEASYPRINT else 1  # Typst makes the first of title and author
        assert one.trailer.ID[place] != other.trailer.ID[place]


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (replace(NOTICE, title="受理\ue000告知书"), "标题"),
        (replace(NOTICE, addressees=("张\ue000",)), "主送"),
        (replace(NOTICE, body=(paragraph("一"), Heading(2, "（一）", (Run("\ue000"),)))), "正文第 2 段"),
        (replace(NOTICE, note="\ue000"), "附注"),
        (replace(LETTER, head="云州\ue000"), "发文机关标志"),
        (replace(FORM, signatory="\ue000"), "署名"),
        (replace(FORM, number="\ue000"), "发文字号"),
    ],
)
def test_a_character_nobody_can_print_is_named_with_its_place(document, where):
    with pytest.raises(GlyphMissing) as caught:
        engine().render(document)
    message = str(caught.value)
    assert "U+E000" in message
    assert where in message
    assert document.case in message


def test_a_rare_character_in_a_table_is_looked_for_too():
    block = FORM.body[0]
    row = replace(
        block.rows[0],
        cells=(replace(block.rows[0].cells[0], paragraphs=(paragraph("\ue000", Align.FLUSH),)),),
    )
    with pytest.raises(GlyphMissing, match="表第 1 行"):
        engine().render(replace(FORM, body=(replace(block, rows=(row,)),)))


@pytest.mark.parametrize("name", ALL)
def test_the_glyph_check_sees_every_character_that_is_printed(name):
    document = EXAMPLES[name]
    seen = set("".join(words for _, _, words in printed_texts(document)))
    assert set(document_text(document)) <= seen


def test_roles_follow_the_standard():
    found = {element: role for role, element, words in printed_texts(EXAMPLES["redhead"]) if words}
    assert found["标题"] is found["发文机关标志"] is Role.XBS  # 7.2.4, 7.3.1
    assert found["紧急程度"] is Role.HEI  # 7.2.3
    assert [found[f"正文第 {n} 段"] for n in range(1, 5)] == [
        Role.HEI,
        Role.KAI,
        Role.FANG,
        Role.FANG,
    ]  # 7.3.3
    assert found["页码"] is Role.SONG  # 7.5


def test_documents_without_anything_but_a_title_are_still_documents():
    bare = Document("x", "某某", "notice", "", "", "标题")
    assert printed_text(engine().render(bare)) == "标题"
    assert printed_text(engine().render(replace(bare, body=(Paragraph(()), paragraph(""))))) == "标题"
