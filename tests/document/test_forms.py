"""A form is a table in the wording: spans, widths, heights, labels; what cannot be drawn is an error."""

from __future__ import annotations

import pytest

from tests.document.says import blocks, fault
from xfdocs.document.model import Align, Cell, Table

COLS = '<col width="26"><col width="52"><col width="78">'


def form(rows: str, *, cols: str = COLS, open_tag: str = "<table>") -> Table:
    (table,) = blocks(f"{open_tag}\n{cols}\n{rows}\n</table>\n")
    assert isinstance(table, Table)
    return table


def words(cell: Cell) -> list[str]:
    return [paragraph.text for paragraph in cell.paragraphs]


def test_widths_are_millimetres_and_a_column_may_repeat():
    assert form("<tr><td>甲</td><td>乙</td><td>丙</td></tr>").widths == (26.0, 52.0, 78.0)
    rows = "<tr><td>甲</td><td>乙</td><td>丙</td></tr>"
    assert form(rows, cols='<colgroup><col width="50mm" span="2"><col width="56"></colgroup>').widths == (
        50,
        50,
        56,
    )


def test_a_row_keeps_its_least_height_and_a_head_repeats():
    table = form(
        '<thead><tr height="9"><th>甲</th><th>乙</th><th>丙</th></tr></thead>'
        '<tbody><tr height="12.5"><td></td><td></td><td></td></tr></tbody>'
    )
    assert [(row.height, row.head) for row in table.rows] == [(9.0, True), (12.5, False)]


def test_labels_are_centred_and_fields_flush_unless_told():
    (row,) = form('<tr><th>甲</th><td>乙</td><td align="right" valign="top">丙</td></tr>').rows
    assert [cell.header for cell in row.cells] == [True, False, False]
    assert [cell.paragraphs[0].align for cell in row.cells] == [Align.CENTER, Align.FLUSH, Align.RIGHT]
    assert [cell.middle for cell in row.cells] == [True, True, False]


def test_spans_are_kept_and_a_label_may_stand_upright():
    table = form(
        '<tr><th rowspan="2" class="竖排">来信人</th><td colspan="2">甲</td></tr><tr><td>乙</td><td>丙</td></tr>'
    )
    label, wide = table.rows[0].cells
    assert (label.rowspan, label.vertical, wide.colspan) == (2, True, 2)
    assert [len(row.cells) for row in table.rows] == [2, 2]


def test_paragraphs_and_breaks_part_a_cell_and_indents_do_not():
    (row,) = form(
        "<tr><td>\n  甲<br>乙\n  丙\n</td><td><p>丁</p><p align='center'>戊</p></td><td></td></tr>"
    ).rows
    assert [words(cell) for cell in row.cells] == [["甲", "乙丙"], ["丁", "戊"], []]
    assert row.cells[1].paragraphs[1].align is Align.CENTER


def test_a_comment_is_not_printed():
    (row,) = form("<tr><td>甲<!-- 说明 -->乙</td><td></td><td></td></tr>").rows
    assert words(row.cells[0]) == ["甲乙"]


def test_a_caption_is_an_attribute():
    rows = "<tr><td>甲</td><td>乙</td><td>丙</td></tr>"
    assert form(rows, open_tag='<table caption="材料清单">').caption == "材料清单"


def test_text_and_forms_alternate():
    table = f"<table>\n{COLS}\n<tr><td>甲</td><td>乙</td><td>丙</td></tr>\n</table>\n"
    kinds = [type(b).__name__ for b in blocks(f"前\n\n{table}\n中\n\n{table}\n> 后\n")]
    assert kinds == ["Paragraph", "Table", "Paragraph", "Table", "Paragraph"]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("<tr><td>甲</td><td>乙</td></tr>", "没有填满 3 列"),
        ("<tr><td>甲</td><td>乙</td><td>丙</td><td>丁</td></tr>", "超出了 3 列"),
        ('<tr><td colspan="4">甲</td></tr>', "超出了 3 列"),
        ('<tr><td rowspan="2">甲</td><td>乙</td><td>丙</td></tr>', "rowspan 超出了行数"),
        (
            '<tr><td rowspan="2">甲</td><td colspan="2">乙</td></tr><tr><td colspan="3">丙</td></tr>',
            "第 2 行",
        ),
        ('<tr><td colspan="0">甲</td><td colspan="3">乙</td></tr>', "colspan"),
        ('<tr><td colspan="1.5">甲</td><td>乙</td><td>丙</td></tr>', "colspan"),
        ('<tr><td colspan="-1">甲</td><td>乙</td><td>丙</td></tr>', "colspan"),
        ('<tr height="高"><td>甲</td><td>乙</td><td>丙</td></tr>', "height"),
        ('<tr height="-5"><td>甲</td><td>乙</td><td>丙</td></tr>', "height"),
        ('<tr height="nan"><td>甲</td><td>乙</td><td>丙</td></tr>', "height"),
        ('<tr><td align="justify">甲</td><td>乙</td><td>丙</td></tr>', "align"),
        ('<tr><td valign="bottom">甲</td><td>乙</td><td>丙</td></tr>', "valign"),
        ('<tr><td class="红">甲</td><td>乙</td><td>丙</td></tr>', "class"),
        ('<tr><td style="color:red">甲</td><td>乙</td><td>丙</td></tr>', "style"),
        ("<tr><td><b>甲</b></td><td>乙</td><td>丙</td></tr>", "<b>"),
        ("<tr><td><img src='x'></td><td>乙</td><td>丙</td></tr>", "<img>"),
        ("<tr><td><script>甲</script></td><td>乙</td><td>丙</td></tr>", "<script>"),
        ("<tr><td><table><tr><td>甲</td></tr></table></td><td>乙</td><td>丙</td></tr>", "不能再有表格"),
        ("散字<tr><td>甲</td><td>乙</td><td>丙</td></tr>", "散字"),
        ("<tr>散字<td>甲</td><td>乙</td><td>丙</td></tr>", "散字"),
    ],
)
def test_what_cannot_be_drawn_is_a_fault_in_plain_words(rows, what):
    assert what in str(fault(f"<table>\n{COLS}\n{rows}\n</table>\n"))


@pytest.mark.parametrize(
    "cols", ["", '<col><col width="50"><col width="50">', '<col width="0"><col width="78"><col width="78">']
)
def test_every_column_needs_its_width(cols):
    assert "宽度" in str(fault(f"<table>\n{cols}\n<tr><td>甲</td><td>乙</td><td>丙</td></tr>\n</table>\n"))


def test_a_table_without_an_end_is_not_taken_for_text():
    assert "HTML" in str(fault(f"<table>\n{COLS}\n<tr><td>甲</td><td>乙</td><td>丙</td></tr>\n"))
