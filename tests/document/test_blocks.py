"""Markdown → blocks: paragraphs, four counted levels, lists, flush lines, tables, forms, tear lines; nothing else."""

from __future__ import annotations

import pytest

from tests.document.says import blocks, fault, say, texts
from xfdocs.document.model import Align, Emphasis, Heading, Paragraph, Run, Table, TearLine

# --- paragraphs -----------------------------------------------------------------------------------------


def test_lines_of_the_source_join_and_blank_lines_part():
    assert texts("甲\n乙\n\n丙\n\n\n\n丁\n") == ["甲乙", "丙", "丁"]


def test_a_tag_on_a_line_of_its_own_leaves_no_line():
    assert texts("甲\n{% if 1 %}\n乙\n{% endif %}\n丙\n") == ["甲乙丙"]
    assert texts("{% for n in (1, 2) %}\n段{{ n }}\n\n{% endfor %}\n") == ["段1", "段2"]


def test_two_blanks_at_the_end_of_a_line_begin_a_new_paragraph():
    assert texts("甲  \n乙\n") == ["甲", "乙"]


def test_indents_of_the_source_are_not_text():
    assert texts("　　甲\n\n        乙\n") == ["甲", "乙"]


def test_bold_is_hei_and_italic_is_kai():
    (paragraph,) = blocks("甲**乙**丙*丁*\n")
    assert paragraph.runs == (
        Run("甲"), Run("乙", Emphasis.STRONG), Run("丙"), Run("丁", Emphasis.KAI)
    )  # fmt: skip


def test_a_paragraph_of_prose_is_indented_and_a_quoted_one_is_flush():
    body, flush = blocks("甲\n\n> 乙\n")
    assert (body.align, flush.align) == (Align.BODY, Align.FLUSH)
    assert isinstance(flush, Paragraph)


def test_what_markdown_does_elsewhere_is_text_here():
    said = [
        "[甲](http://x)",
        "![乙](y)",
        "<b>丙</b>",
        "`丁`",
        "&lt;",
        "~~戊~~",
        "http://example.org",
        "甲===",
        "--",
    ]
    assert texts("\n\n".join(said) + "\n") == said


# --- headings -------------------------------------------------------------------------------------------


def test_four_levels_are_counted_as_gb_9704_writes_them():
    found = blocks("# 甲\n## 乙\n### 丙\n#### 丁\n#### 戊\n### 己\n## 庚\n# 辛\n## 壬\n")
    assert [b.text for b in found] == [
        "一、甲", "（一）乙", "1.丙", "（1）丁", "（2）戊", "2.己", "（二）庚", "二、辛", "（一）壬",
    ]  # fmt: skip
    assert [b.level for b in found if isinstance(b, Heading)] == [1, 2, 3, 4, 4, 3, 2, 1, 2]


def test_counting_goes_on_behind_a_form():
    form = '<table>\n<col width="156">\n<tr><td>表</td></tr>\n</table>\n'
    found = blocks(f"# 甲\n\n{form}\n# 乙\n")
    assert [b.text for b in found if isinstance(b, Heading)] == ["一、甲", "二、乙"]


def test_the_eleventh_is_not_ten_and_one():
    assert texts("\n".join(f"# 第{n}\n" for n in range(1, 12)))[9:] == ["十、第10", "十一、第11"]


# --- lists ----------------------------------------------------------------------------------------------


def test_a_list_is_numbered_paragraphs_and_a_list_within_it_another_level():
    assert texts("1. 甲\n\n   1. 乙\n\n   2. 丙\n\n2. 丁\n") == ["1.甲", "（1）乙", "（2）丙", "2.丁"]


def test_the_program_counts_whatever_the_source_says():
    assert texts("1. 甲\n\n1. 乙\n\n1. 丙\n") == ["1.甲", "2.乙", "3.丙"]
    assert texts("3. 甲\n\n3. 乙\n") == ["3.甲", "4.乙"]


def test_a_second_paragraph_of_an_item_has_no_number():
    assert texts("1. 甲\n\n   又\n\n2. 乙\n") == ["1.甲", "又", "2.乙"]


def test_counting_starts_anew_after_other_text():
    assert texts("1. 甲\n\n话\n\n1. 乙\n") == ["1.甲", "话", "1.乙"]


# --- tear lines and tables ------------------------------------------------------------------------------


def test_scissors_make_a_tear_line():
    (line,) = blocks("✂ 反馈联\n")
    assert line == TearLine("反馈联")


def test_a_table_of_bars_shares_the_measure_as_its_dashes_do():
    (table,) = blocks("甲 | 乙\n---|---------\n丙 | 丁\n")
    assert isinstance(table, Table)
    assert table.widths == (39.0, 117.0)
    head, row = table.rows
    assert (head.head, row.head) == (True, False)
    assert all(cell.header for cell in head.cells)
    assert [[p.text for p in c.paragraphs] for c in row.cells] == [["丙"], ["丁"]]


def test_a_table_of_bars_is_aligned_by_its_colons():
    (table,) = blocks("甲 | 乙 | 丙\n:--|:-:|--:\n1 | 2 | 3\n")
    assert [c.paragraphs[0].align for c in table.rows[1].cells] == [Align.FLUSH, Align.CENTER, Align.RIGHT]


def test_rows_of_a_table_come_from_a_loop():
    (table,) = blocks("甲 | 乙\n--|--\n{% for n in (1, 2) %}\n{{ n }} | {{ n }}\n{% endfor %}\n")
    assert len(table.rows) == 3


# --- elements -------------------------------------------------------------------------------------------


def test_elements_stand_above_the_line_and_may_repeat():
    head = "标题：甲\n{% for 位 in ('乙', '丙') %}\n主送：{{ 位 }}\n{% endfor %}\n附注: 电话：1\n---\n"
    said = say("正文\n", head=head)
    assert (said.one("标题"), said.all("主送"), said.one("附注")) == ("甲", ("乙", "丙"), "电话：1")
    assert (said.one("抄送"), said.all("附件")) == ("", ())


def test_an_element_without_a_value_is_not_there():
    assert say("正文\n", head="标题：甲\n抄送：\n附件：{% if 0 %}乙{% endif %}\n---\n").elements == {
        "标题": ("甲",)
    }


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_wording_from_windows_says_the_same(newline):
    head, body = "标题：甲\n---\n", "# 乙\n\n丙\n"
    said = say(body.replace("\n", newline), head=head.replace("\n", newline))
    assert [b.text for b in said.body] == ["一、乙", "丙"]


# --- faults ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("##### 甲\n", "四级"),
        ("#\n", "标题是空的"),
        ("# {{ '' }}\n", "标题是空的"),
        ("- 甲\n", "圆点列表"),
        ("* 甲\n", "圆点列表"),
        ("甲\n\n---\n", "横线"),
        ("<div>\n甲\n</div>\n", "HTML"),
        ("  <table>\n<tr><td>甲</td></tr>\n</table>\n", "行首"),
    ],
)
def test_what_no_official_document_has_is_a_fault_in_plain_words(body, what):
    assert what in str(fault(body))


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("标题：甲\n\n正文没有线\n", "---"),
        ("题目：甲\n---\n", "题目"),
        ("标题：甲\n随便写一行\n---\n", "随便写一行"),
    ],
)
def test_a_head_that_cannot_be_read_is_a_fault(head, what):
    assert what in str(fault("正文\n", head=head))


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("甲\n{% if 1 %}\n乙\n", 5, "endif"),
        ("甲\n{% endfor %}\n", 4, "endfor"),
        ("甲\n\n{{ 乙|无此 }}\n", 5, "无此"),
        ("甲\n{{ 乙 \n", 4, "没有结束"),
        ("甲\n{% if 1 %}\n{{ 没有 }}\n{% endif %}\n", 5, "没有"),
        ("\U000f0000\n", 1, "保留"),
    ],
)
def test_a_fault_in_a_mark_names_its_line(body, line, what):
    error = fault(body)
    assert what in str(error)
    assert error.facts["line"] == line


def test_a_wording_that_is_not_utf8_is_a_fault(tmp_path):
    from xfdocs.document.wording import Wording
    from xfdocs.errors import WordingInvalid

    path = tmp_path / "wording.md"
    path.write_bytes("标题：甲\n---\n乙".encode("gbk"))
    with pytest.raises(WordingInvalid, match="UTF-8"):
        Wording(path, "试拟文书")


def test_a_changed_file_is_read_again(tmp_path):
    from xfdocs.document.wording import wording_of

    path = tmp_path / "wording.md"
    path.write_text("标题：甲\n---\n乙\n", "utf-8")
    first = wording_of(path, "试")
    assert wording_of(path, "试") is first
    path.write_text("标题：甲\n---\n乙丙\n", "utf-8")
    assert [b.text for b in wording_of(path, "试").say({}, "C").body] == ["乙丙"]
