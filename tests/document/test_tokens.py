"""A value is text, never markup: wherever it stands, it is printed as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.document.says import blocks, say
from xfdocs.document.model import Heading, Paragraph, Table, TearLine
from xfdocs.document.tokens import Values, has_token

_PIECES = st.sampled_from(
    ["#", "# ", "##", "|", "*", "**", "_", "1.", "1. ", "---", "===", "```", "~~~", "> ", "- ", "+ ", "<b>", "</td>",
     "<table>", "</table>", "<!--", "-->", "&", "&lt;", "&amp;", "{{ x }}", "{% if %}", "{#", "]]>", "✂", "\\", "`", "!",
     "[a](b)", "主送：", "甲", "乙丙", "·", "𠮷", "㐂", "　", " ", "\t", "\n", "\r\n", "\r", "“", "%}", "}}", "\u200b", "é"]
)  # fmt: skip
_VALUES = st.lists(_PIECES, max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=("Cs",)).filter(
        lambda c: c.isprintable() or c in "\t\n\r\x85\u2028\u2029"
    ),
    max_size=30,
)
WILD = "# 甲 | 乙 *丙* 1. 丁 --- <b>戊</b> & {{ 己 }} ]]>"


def split(value: str) -> list[str]:
    return re.split("\r\n|[\n\r\x85\u2028\u2029]", value)


def lines(value: str) -> list[str]:
    """The paragraphs a value makes: its lines, without the blanks at their ends."""
    return [line for part in split(value) if (line := part.strip(" \t\u3000"))]


@given(_VALUES)
@example(WILD)
@example("甲\n\n# 乙\r\n- 丙")
@example("\U000f0000\U000f0001")
def test_in_a_paragraph_a_value_is_itself_line_by_line(value):
    assert [b.text for b in blocks("{{ 值 }}\n", 值=value)] == lines(value)
    assert all(isinstance(b, Paragraph) for b in blocks("{{ 值 }}\n", 值=value))


@given(_VALUES)
@example(WILD)
def test_between_words_only_its_line_breaks_part_the_paragraph(value):
    found = [b.text for b in blocks("前{{ 值 }}后\n", 值=value)]
    assert found == lines(f"前{value}后")


@given(_VALUES)
@example(WILD)
def test_in_a_heading_a_value_stays_one_heading(value):
    found = blocks("# 前{{ 值 }}\n", 值=value)
    assert len(found) == 1
    assert isinstance(found[0], Heading)
    parts = split(f"前{value}")
    expected = parts[0] if len(parts) == 1 else "".join(part.strip() for part in parts)
    assert found[0].text == f"一、{expected}".rstrip(" \t\u3000")


@given(_VALUES)
@example(WILD)
def test_in_a_list_only_the_first_line_carries_the_number(value):
    found = [b.text for b in blocks("1. 前{{ 值 }}\n", 值=value)]
    first, *rest = lines(f"前{value}")
    assert found == [f"1.{first}", *rest]


@given(_VALUES)
@example(WILD)
def test_in_a_pipe_table_a_value_stays_in_its_cell(value):
    (table,) = blocks("甲 | 乙\n--|--\n{{ 值 }} | 丁\n", 值=value)
    assert isinstance(table, Table)
    row = table.rows[1]
    assert [p.text for p in row.cells[0].paragraphs] == lines(value)
    assert [p.text for p in row.cells[1].paragraphs] == ["丁"]


@given(_VALUES)
@example(WILD)
@example("</td><td>")
def test_in_a_form_a_value_stays_in_its_cell(value):
    form = '<table>\n<col width="50"><col width="106">\n<tr><th>甲</th><td>{{ 值 }}</td></tr>\n</table>\n'
    (table,) = blocks(form, 值=value)
    assert isinstance(table, Table)
    assert [p.text for p in table.rows[0].cells[1].paragraphs] == [
        line.strip() for line in split(value) if line.strip()
    ]
    assert len(table.rows[0].cells) == 2


@given(_VALUES)
@example(WILD)
@example("\n---\n")
@example("甲\n主送：丁")
def test_in_an_element_a_value_stays_in_its_element(value):
    said = say("正文\n", head="标题：甲\n主送：{{ 值 }}\n---\n", 值=value)
    expected = "".join(split(value)).strip()
    assert said.all("主送") == ((expected,) if expected else ())
    assert set(said.elements) <= {"标题", "主送"}


@given(_VALUES, _VALUES)
@example("#", WILD)
def test_joined_by_a_tilde_values_are_still_text(one, other):
    said = [b.text for b in blocks("{{ 甲 ~ '：' ~ 乙 }}\n", 甲=one, 乙=other)]
    assert said == lines(f"{one}：{other}")


@given(_VALUES)
@example(WILD)
@example("# 甲。")
def test_through_a_macro_a_set_block_or_a_filter_block_values_are_still_text(value):
    expected = lines(f"前{value}")
    for wording in (
        "{% macro 说(物) %}前{{ 物 }}{% endmacro %}{{ 说(值) }}\n",
        "{% set 句子 %}前{{ 值 }}{% endset %}{{ 句子 }}\n",
        "{% set 句子 %}前{% endset %}{{ 句子 ~ 值 }}\n",
    ):
        assert [b.text for b in blocks(wording, 值=value)] == expected
    filtered = "{% filter 一行 %}前{{ 值 }}{% endfilter %}\n"
    assert [b.text for b in blocks(filtered, 值=value)] == lines(
        "".join(part.strip() for part in split(f"前{value}"))
    )


def test_a_value_beginning_with_scissors_cuts_nothing():
    assert isinstance(blocks("{{ 值 }}\n", 值="✂ 此处撕下")[0], Paragraph)
    assert isinstance(blocks("✂ {{ 值 }}\n", 值="反馈联")[0], TearLine)


def test_an_empty_value_leaves_nothing_behind():
    assert [b.text for b in blocks("甲{{ 值 }}乙\n\n{{ 值 }}\n", 值="")] == ["甲乙"]


def test_a_token_is_one_character_of_nobodys_alphabet():
    values = Values()
    token = values.take("# 甲")
    assert len(token) == 1
    assert has_token(token)
    assert not has_token("# 甲𠮷㐂")
    assert values.restore(f"前{token}后{token}") == "前# 甲后# 甲"


def test_there_is_an_end_to_tokens_and_it_is_said():
    values = Values()
    for _ in range(65_534):
        values.take("甲")
    with pytest.raises(OverflowError):
        values.take("甲")


def test_a_letter_typed_with_its_mark_is_one_character_and_no_chinese_character_changes():
    values = Values()
    assert values.restore(values.take("Caf\u0065\u0301 与 \ufa0e\uf9d1")) == "Caf\u00e9 与 \ufa0e\uf9d1"
