"""Tables and figures that the program made, placed by the wording on a line of their own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.says import HEAD, blocks, fault, say
from tests.render.examples import cell, figure, paragraph
from xfdocs.document.model import Figure, Heading, Paragraph, Row, Run, Table, TearLine

TABLE = Table((Row((cell("甲"), cell("3"))),), (78, 78), "总量")
FIGURE = figure(number="")
OVERDUE = (Heading(1, "", (Run("逾期"),)), paragraph("无。"), TABLE)
NAMES = {
    "表": SimpleNamespace(总量=TABLE),
    "图": SimpleNamespace(走势=FIGURE, 形式=figure("按形式", number="")),
    "附表": OVERDUE,
    "无": (),
    "单": (TABLE, FIGURE),
    "词": "词",
}


def kinds(body: str) -> list[str]:
    return [
        block.text if not isinstance(block, Table) else block.caption
        for block in blocks(body, **NAMES)
        if not isinstance(block, TearLine)
    ]


def test_a_line_of_its_own_becomes_the_table():
    assert blocks("甲\n\n{{ 表.总量 }}\n\n乙\n", **NAMES) == (paragraph("甲"), TABLE, paragraph("乙"))


@pytest.mark.parametrize(
    "body",
    [
        "甲\n{{ 表.总量 }}\n乙\n",
        "甲\n  {{ 表.总量 }}  \n乙",
        "甲\n\n\n\n\t{{表.总量}}\n\n\n乙\n",
        "甲\n{% if 表.总量 %}\n{{ 表.总量 }}\n{% endif %}\n乙\n",
        "甲\n{% for 块 in (表.总量,) %}\n{{ 块 }}\n{% endfor %}\n乙\n",
        "甲\n{% macro 放(块) %}\n{{ 块 }}\n{% endmacro %}\n{{ 放(表.总量) }}\n乙\n",
        "甲\n{% set 放 %}{{ 表.总量 }}{% endset %}\n{{ 放 }}\n乙\n",
        "{% set 放 = 表.总量 %}\n甲\n{{ 放 }}\n乙\n",
    ],
)
def test_it_needs_no_blank_lines_around_it_and_may_come_from_anywhere(body):
    assert blocks(body, **NAMES) == (paragraph("甲"), TABLE, paragraph("乙"))


def test_figures_are_counted_in_the_order_in_which_they_stand():
    body = "{{ 图.形式 }}\n# 甲\n{{ 图.走势 }}\n{{ 图.形式 }}\n"
    assert kinds(body) == ["图1　按形式", "一、甲", "图2　来信来访走势", "图3　按形式"]
    first, _, _, third = blocks(body, **NAMES)
    assert isinstance(first, Figure)
    assert isinstance(third, Figure)
    assert (first.svg, first.alt) == (third.svg, third.alt)


def test_several_blocks_come_in_their_order_and_headings_count_on():
    assert kinds("# 甲\n## 乙\n{{ 附表 }}\n## 丙\n# 丁\n") == [
        "一、甲", "（一）乙", "二、逾期", "无。", "总量", "（一）丙", "三、丁",
    ]  # fmt: skip


def test_a_heading_with_a_number_of_its_own_keeps_it():
    placed = (Heading(1, "附件1　", (Run("清单"),)),)
    assert [b.text for b in blocks("# 甲\n{{ 附 }}\n# 乙\n", 附=placed)] == [
        "一、甲",
        "附件1　清单",
        "二、乙",
    ]


def test_no_blocks_leave_nothing_behind():
    assert blocks("甲\n\n{{ 无 }}\n\n乙\n", **NAMES) == (paragraph("甲"), paragraph("乙"))


def test_after_a_list_and_a_pipe_table_it_ends_them():
    assert kinds("1. 甲\n{{ 图.走势 }}\n2. 乙\n") == ["1.甲", "图1　来信来访走势", "2.乙"]
    found = blocks("甲 | 乙\n--|--\n丙 | 丁\n{{ 图.走势 }}\n戊\n", **NAMES)
    assert [type(block) for block in found] == [Table, Figure, Paragraph]


def test_between_forms_it_stands_where_it_was_written():
    form = '<table>\n<col width="156">\n<tr><td>{{ 词 }}</td></tr>\n</table>\n'
    found = blocks(f"{form}{{{{ 图.走势 }}}}\n{form}{{{{ 图.走势 }}}}\n", **NAMES)
    assert [type(block) for block in found] == [Table, Figure, Table, Figure]


def test_a_value_alone_on_its_line_joins_its_neighbours_as_ever():
    assert kinds("甲\n{{ 词 }}\n乙\n{{ 图.走势 }}\n") == ["甲词乙", "图1　来信来访走势"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("见{{ 图.走势 }}。\n", 3),
        ("甲\n\n乙{{ 表.总量 }}\n", 5),
        ("{{ 图.走势 }}{{ 图.形式 }}\n", 3),
        ("甲\n\n# {{ 表.总量 }}\n", 5),
        ("甲\n\n> {{ 表.总量 }}\n", 5),
        ("甲\n\n1. {{ 图.走势 }}\n", 5),
        ("甲\n\n**{{ 图.走势 }}**\n", 5),
        ("甲\n\n✂ {{ 图.走势 }}\n", 5),
        ("甲 | 乙\n--|--\n{{ 词 }} | {{ 图.走势 }}\n", 5),
        ('<table>\n<col width="156">\n<tr><td>{{ 表.总量 }}</td></tr>\n</table>\n', 5),
        ('<table>\n<col width="156">\n<tr><td>\n{{ 表.总量 }}\n</td></tr>\n</table>\n', 6),
        ("{% if 1 %}\n\n{% for n in (1,) %}\n甲{{ 附表 }}\n{% endfor %}\n{% endif %}\n", 6),
        ("甲\n{{ '见' ~ 图.走势 }}\n", 4),
        ("甲\n{{ '见' ~ 附表 }}\n", 4),
        ("甲\n{{ 图.走势|句 }}\n", 4),
        ("甲\n{{ 图.走势|一行 }}\n", 4),
        ("甲\n{{ 单|顿号 }}\n", 4),
        ("甲\n{{ 图.走势|日期 }}\n", 4),
        ("{% set 放 %}\n{{ 图.走势 }}\n{% endset %}\n甲\n{{ 放|句 }}\n", 4),
    ],
)
def test_anywhere_else_is_a_fault_that_names_the_line_of_the_mark(body, line):
    error = fault(body, **NAMES)
    assert "单独占一行" in str(error)
    assert "第 " in str(error)
    assert error.facts["line"] == line


@pytest.mark.parametrize(
    "element", ["标题：{{ 表.总量 }}", "标题：甲\n附件：见{{ 图.走势 }}", "{{ 图.走势 }}"]
)
def test_in_an_element_it_is_a_fault(element):
    error = fault("甲\n", head=f"{element}\n---\n", **NAMES)
    assert "单独占一行" in str(error)


def test_a_name_that_there_is_not_is_told_with_the_nearest():
    assert "走势" in str(fault("{{ 图.走式 }}\n", **NAMES))


@pytest.mark.parametrize("value", [[TABLE], (TABLE, "甲"), {"甲": TABLE}, ((TABLE,),)])
def test_what_is_not_blocks_alone_is_not_placed(value):
    assert "打印了不是" in str(fault("{{ 值 }}\n", 值=value))


def test_what_a_figure_says_may_be_printed_by_itself():
    assert [b.text for b in blocks("见“{{ 图.走势.caption }}”。\n", **NAMES)] == ["见“来信来访走势”。"]


def test_the_wording_itself_cannot_make_a_block():
    assert "保留" in str(fault("\U000f0000\n", **NAMES))
    assert say("{{ 词 }}\n", head=HEAD, 词="\U000f0000").body == (paragraph("\U000f0000"),)


@given(
    st.lists(
        st.sampled_from(
            ["甲\n", "\n", "# 甲\n", "1. 甲\n", "> 甲\n", "{{ 表.总量 }}\n", "{{ 图.走势 }}\n", "{{ 词 }}\n"]
        )
    )
)
def test_every_block_that_is_placed_comes_out_once_and_in_order(lines):
    placed = [line for line in lines if "." in line and "{{" in line]
    found = [b for b in blocks("".join(lines), **NAMES) if isinstance(b, Table | Figure)]
    assert [type(b) for b in found] == [Table if "表" in line else Figure for line in placed]
    others = "".join(b.text for b in blocks("".join(lines), **NAMES) if isinstance(b, Paragraph | Heading))
    assert others.count("甲") == sum("甲" in line for line in lines)
