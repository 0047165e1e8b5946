"""Layouts as authors save them: tags in pieces, new style ids, mistakes.  Each fault says where it is."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx as python_docx
import pytest

from tests.render.docxs import body_text, changed, engine, parts, text, tree, value, w
from tests.render.examples import EXAMPLES, LETTER, NOTICE
from xfdocs.errors import ExitCode, LayoutInvalid
from xfdocs.render.docx import DocxEngine
from xfdocs.render.docx_layout import Layout
from xfdocs.render.text import document_text


def shipped_layout(name: str = "notice") -> bytes:
    return engine().layout("none", name).path.read_bytes()


@pytest.fixture
def author(tmp_path):
    """Renders with a layout in which one string of a part stands otherwise."""

    def render(document=NOTICE, source=None, **replacements):
        name = document.layout
        changed(source or shipped_layout(name), tmp_path / "_layouts" / name / "layout.docx", **replacements)
        return DocxEngine([tmp_path]).render(document)

    return render


def said(author, **replacements) -> str:
    with pytest.raises(LayoutInvalid) as caught:
        author(**replacements)
    assert "layout.docx" in str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE
    return str(caught.value)


# --- what Word does to a file --------------------------------------------------------------------


def test_a_tag_that_word_has_split_over_runs_is_one_tag(author):
    """Word begins a new run where Latin and Chinese meet, and where it has checked spelling."""
    split = (
        '{{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t> </w:t></w:r><w:r><w:rPr><w:rFonts w:hint='
        '"eastAsia"/></w:rPr><w:t>主</w:t></w:r><w:bookmarkStart w:id="0" w:name="x"/><w:r><w:t>送</w:t></w:r>'
        '<w:bookmarkEnd w:id="0"/><w:r><w:t xml:space="preserve"> }</w:t></w:r><w:r><w:t>}'
    )
    assert body_text(author(word__document=("{{ 主送 }}", split))) == document_text(NOTICE)


def test_a_steering_tag_in_pieces_is_one_tag(author):
    split = "{</w:t></w:r><w:r><w:t>%p if</w:t></w:r><w:r><w:t> 附注 %</w:t></w:r><w:r><w:t>}"
    assert body_text(author(word__document=("{%p if 附注 %}", split))) == document_text(NOTICE)


def test_quotes_that_word_has_curled_are_quotes(author):
    assert body_text(author(word__document=('== "顶格"', "== “顶格”"))) == document_text(NOTICE)


def test_style_ids_may_be_any(author):
    """Word gives styles new ids when it saves; the program goes by their names."""
    members = parts(shipped_layout("form"))
    for name in ("word/document.xml", "word/styles.xml"):
        xml = members[name].decode()
        for number, style in enumerate(
            ("公文网格", "公文表格", "表格标目", "表格文字", "署名", "突出（黑体）", "间隔")
        ):
            xml = re.sub(
                f'w:(val|styleId)="{style}"(?!/><w:(?:basedOn|uiPriority))', f'w:\\1="a{number}"', xml
            )
        members[name] = xml.encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    content = author(EXAMPLES["form"], source=target.getvalue())
    assert body_text(content) == document_text(EXAMPLES["form"])
    defined = {value(style, "styleId") for style in tree(content, "word/styles.xml").iter(w("style"))}
    assert "表格标目" not in defined
    assert {value(item) for item in tree(content).iter(w("pStyle"), w("tblStyle"))} <= defined


def test_a_layout_that_python_docx_has_saved_still_works(tmp_path):
    path = tmp_path / "_layouts" / "letter" / "layout.docx"
    path.parent.mkdir(parents=True)
    python_docx.Document(io.BytesIO(shipped_layout("letter"))).save(path)
    assert body_text(DocxEngine([tmp_path]).render(LETTER)) == document_text(LETTER)


# --- what an author adds -------------------------------------------------------------------------


def test_names_work_in_headers_and_footers(author):
    content = author(
        word__header1=('<w:t xml:space="preserve">草稿</w:t>', "<w:t>草稿</w:t>"),
        word__footer1=("— </w:t>", "{{ 发文字号 }} — </w:t>"),
    )
    assert text(tree(content, "word/footer1.xml")).startswith(NOTICE.number)


def test_values_in_headers_are_escaped_and_change_with_the_document(tmp_path):
    changed(
        shipped_layout(),
        tmp_path / "_layouts" / "notice" / "layout.docx",
        word__footer1=("— </w:t>", "{{ 发文字号 }} — </w:t>"),
    )
    own = DocxEngine([tmp_path])
    for number in ("<一>&号", "二号"):
        assert number in text(tree(own.render(replace(NOTICE, number=number)), "word/footer1.xml"))


def test_braces_can_be_printed_as_docxtpl_has_it(author):
    assert "{{甲}}{%乙%}" in body_text(author(word__document=("{{ 主送 }}", "{{ 主送 }}{_{甲}_}{_%乙%_}")))


def test_a_loop_over_cells_gets_its_columns_from_docxtpl(author):
    cells = (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="8848"/></w:tblGrid><w:tr>'
        "<w:tc><w:p><w:r><w:t>{%tc for 段 in 正文 %}</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>{{ loop.index }}</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>{%tc endfor %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    content = author(word__document=("<w:sectPr>", f"{cells}<w:sectPr>"))
    table = tree(content).findall(f"{w('body')}/{w('tbl')}")[-1]
    assert text(table) == "12345"
    assert len(table.find(w("tblGrid"))) == len(table.findall(f"{w('tr')}/{w('tc')}")) == 5
    assert author() == DocxEngine().render(NOTICE)


def test_a_drawing_in_a_loop_gets_an_id_of_its_own_each_time(author):
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="7" name="章"/></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
    content = author(
        word__document=("{%p endfor %}", f"</w:t></w:r></w:p>{drawing}<w:p><w:r><w:t>{{%p endfor %}}")
    )
    ids = re.findall(rb'docPr id="(\d+)"', parts(content)["word/document.xml"])
    assert len(ids) == len(set(ids)) == len(NOTICE.body)


def test_pictures_and_other_parts_of_a_layout_stay_as_they_are(author, tmp_path):
    source = io.BytesIO(shipped_layout())
    with zipfile.ZipFile(source, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/media/印.png", b"\x89PNG" * 500)
    content = author(source=source.getvalue())
    assert parts(content)["word/media/印.png"] == b"\x89PNG" * 500


def test_a_layout_without_properties_gets_them(tmp_path):
    path = tmp_path / "layout.docx"
    members = parts(shipped_layout())
    del members["docProps/core.xml"]
    members["_rels/.rels"] = re.sub(rb"<Relationship [^>]*core-properties[^>]*>", b"", members["_rels/.rels"])
    members["[Content_Types].xml"] = re.sub(
        rb"<Override [^>]*core[^>]*>", b"", members["[Content_Types].xml"]
    )
    (tmp_path / "_layouts" / "notice").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "_layouts" / "notice" / path.name, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    opened = python_docx.Document(io.BytesIO(DocxEngine([tmp_path]).render(NOTICE)))
    assert opened.core_properties.title == NOTICE.title


# --- mistakes ------------------------------------------------------------------------------------


def test_an_unknown_name_is_reported_with_its_paragraph_before_anything_is_rendered(author):
    message = said(author, word__document=("{{ 主送 }}", "致：{{ 收件人 }}敬启"))
    assert "不认识的名称“收件人”" in message
    assert "致：{{ 收件人 }}敬启" in message
    assert "主送" in message  # the names there are


def test_a_misspelt_name_in_a_branch_that_this_document_does_not_take_is_found_too(author):
    assert "附住" in said(
        author, document=replace(NOTICE, note=""), word__document=("{{ 附注 }}", "{{ 附住 }}")
    )


def test_an_unknown_item_of_a_name_is_reported_with_its_paragraph(author):
    message = said(author, word__document=("{{r 段.文字 }}", "{{r 段.文宇 }}"))
    assert "没有“文宇”这一项" in message
    assert "段.文宇" in message


@pytest.mark.parametrize(
    ("old", "new", "what", "paragraph"),
    [
        ("{%p endfor %}", "{%p end for %}", "“{%p for 段 in 正文 %}”没有对应的 endfor", "for 段"),
        ("{%p if 附注 %}", "{%p if 附注 }", "“{%p if 附注 }”没有写完", "附注"),
        ("{{ 主送 }}", "致 {{ 主送 }", "“{{ 主送 }”没有写完", "致 {{ 主送 }"),
        ("{{ 主送 }}", "{ 主送 }}", "“}}”前面没有“{{”", "{ 主送 }}"),
        ("{{ 主送 }}", "｛｛ 主送 ｝｝", "半角", "｛｛ 主送 ｝｝"),
        ("{%p if 附注 %}", "", "“{%p endif %}”与前面的标记不成对|“{%p endif %}”多余", "endif"),
        ("{%p endfor %}", "{%p endif %}", "“{%p endif %}”与前面的标记不成对", "endif"),
        ("{{ 主送 }}", "{{ 主送 | 大写 }}", "没有名为“大写”的过滤器", "主送 | 大写"),
        ("{{ 附注 }}", "{{ 附注 + }}", "", "附注 + "),
        ("{{ 附注 }}", "{{ 附注 }}{% include 'x' %}", "不能引用别的文件", "附注"),
        ("{{ 附注 }}", "{{ 附注 // 0 }}", "", "附注 // 0"),
        ("{{ 附注 }}", "{{ 附注.__class__ }}", "", "附注.__class__"),
        ("{{ 附注 }}", "{{ ''.join.__globals__ }}", "", "__globals__"),
    ],
)
def test_a_mistake_in_a_tag_is_reported_with_its_paragraph(author, old, new, what, paragraph):
    message = said(author, word__document=(old, new))
    assert any(part in message for part in what.split("|"))
    assert paragraph in message
    assert "正文" in message


def test_a_mistake_in_a_header_says_header(author):
    assert "页眉" in said(author, word__header1=("{%p if 草稿 %}", "{%p if 草搞 %}"))


def test_tags_that_tear_a_table_apart_are_found_when_they_do(author):
    torn = (
        "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p><w:r><w:t>{% if 附注 %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>{% endif %}</w:t></w:r></w:p>"
    )
    assert author(replace(NOTICE), word__document=("<w:sectPr>", f"{torn}<w:sectPr>"))
    with pytest.raises(LayoutInvalid, match="不是格式良好的 XML"):
        author(replace(NOTICE, note=""), word__document=("<w:sectPr>", f"{torn}<w:sectPr>"))


def test_a_style_that_the_program_needs_is_named_if_it_is_missing(author):
    message = said(author, word__styles=('<w:name w:val="署名"/>', '<w:name w:val="签名"/>'))
    assert "缺少样式：署名" in message


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"<html/>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64]
)
def test_a_file_that_is_no_docx_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "layout.docx"
    path.write_bytes(content)
    with pytest.raises(LayoutInvalid, match="不是 docx 文件"):
        Layout(path)


def test_a_zip_that_is_no_docx_is_said_to_be_none(tmp_path):
    path = tmp_path / "layout.docx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.txt", "x")
    with pytest.raises(LayoutInvalid, match="不是 docx 文件"):
        Layout(path)


def test_a_layout_that_is_not_there_is_named():
    with pytest.raises(LayoutInvalid, match="没有这个文件"):
        engine().render(replace(NOTICE, layout="无此版式", kind="none"))


@pytest.mark.parametrize("part", ["word__document", "word__styles", "word__header1"])
def test_a_layout_cannot_reach_outside(author, tmp_path, part):
    (tmp_path / "secret.txt").write_text("机密", "utf-8")
    entity = f'standalone="yes"?><!DOCTYPE x [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    assert "DOCTYPE" in said(author, **{part: ('standalone="yes"?>', entity)})
