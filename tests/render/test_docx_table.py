"""A table block is a real table in the docx: a grid that adds up, spans, heights, a head that repeats."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.docxs import body_text, docx, engine, text, tree, value, w
from tests.render.examples import FORM, NOTICE, cell, paragraph
from xfdocs.document.model import Align, Cell, Document, Row, Run, Table, TearLine
from xfdocs.errors import RenderFault
from xfdocs.render.docx_table import MEASURE
from xfdocs.render.ooxml import CHARACTER
from xfdocs.render.text import document_text


def with_table(*tables: Table) -> Document:
    return replace(NOTICE, body=tables)


def first(document: Document):
    return tree(engine().render(document)).find(f".//{w('tbl')}")


def spans(row) -> list[int]:
    return [
        int(value(c.find(f"{w('tcPr')}/{w('gridSpan')}")) or 1)
        if c.find(f"{w('tcPr')}/{w('gridSpan')}") is not None
        else 1
        for c in row.findall(w("tc"))
    ]


def check_grid(table) -> None:
    """Each row covers the whole grid; each cell is as wide as the columns it covers; merges are closed."""
    columns = [int(value(item, "w")) for item in table.find(w("tblGrid"))]
    assert sum(columns) == int(value(table.find(f"{w('tblPr')}/{w('tblW')}"), "w"))
    above: dict[int, int] = {}
    for row in table.findall(w("tr")):
        place, merged = 0, {}
        for item, span in zip(row.findall(w("tc")), spans(row), strict=True):
            properties = item.find(w("tcPr"))
            assert int(value(properties.find(w("tcW")), "w")) == sum(columns[place : place + span])
            merge = properties.find(w("vMerge"))
            if merge is not None:
                if value(merge) != "restart":
                    assert above.get(place) == span, "a cell goes on that did not begin above"
                merged[place] = span
            assert item[-1].tag == w("p")  # ECMA-376 17.4.65
            place += span
        assert place == len(columns)
        above = merged


@pytest.mark.parametrize("name", ["form", "form-plain", "redhead", "letter"])
def test_every_row_covers_the_grid_of_its_table(name):
    for table in tree(docx(name)).iter(w("tbl")):
        check_grid(table)


@st.composite
def tables(draw) -> Table:
    """Any table: rectangles of cells that tile a grid."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    lines = []
    for y in range(rows):
        line = []
        for x in range(columns):
            if (x, y) in taken:
                continue
            widest = next((k for k in range(1, columns - x) if (x + k, y) in taken), columns - x)
            across = draw(st.integers(1, widest))
            down = draw(st.integers(1, rows - y))
            taken |= {(x + i, y + k) for i in range(across) for k in range(down)}
            line.append(cell(f"{y}行{x}列", colspan=across, rowspan=down, header=draw(st.booleans())))
        lines.append(Row(tuple(line)))
    shares = draw(st.lists(st.floats(5, 60), min_size=columns, max_size=columns))
    return Table(tuple(lines), tuple(shares))


@given(tables())
def test_any_table_of_rectangles_gets_a_grid_that_adds_up_and_keeps_its_text(table):
    document = with_table(table)
    check_grid(first(document))
    assert body_text(engine().render(document)) == document_text(document)


def test_a_table_is_as_wide_as_the_type_area():
    assert MEASURE == 28 * CHARACTER
    assert sum(int(value(c, "w")) for c in first(FORM).find(w("tblGrid"))) == MEASURE


def test_columns_have_their_shares_of_the_measure():
    widths = [
        int(value(c, "w"))
        for c in first(with_table(Table((Row((cell("甲"), cell("乙"))),), (39, 117)))).find(w("tblGrid"))
    ]
    assert widths == [MEASURE // 4, MEASURE - MEASURE // 4]


def test_head_rows_repeat_on_every_page():
    table = tree(docx("form")).findall(f".//{w('tbl')}")[1]
    repeated = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in table.findall(w("tr"))]
    assert repeated == [True, *[False] * 40]


def test_a_row_keeps_room_to_write_and_may_grow():
    height = first(FORM).findall(w("tr"))[2].find(f"{w('trPr')}/{w('trHeight')}")
    assert int(value(height)) == pytest.approx(60 * 1440 / 25.4, abs=1)
    assert value(height, "hRule") == "atLeast"


def test_a_short_row_stays_whole_and_a_long_one_may_run_over_the_page():
    short, long = Row((cell("短"),)), Row((cell("长" * 3000),))
    split = [
        row.find(f"{w('trPr')}/{w('cantSplit')}") is None
        for row in first(with_table(Table((short, long), (1,)))).findall(w("tr"))
    ]
    assert split == [False, True]


def test_a_vertical_label_is_one_character_wide():
    row = first(FORM).findall(w("tr"))[2]
    width = int(value(row.find(f"{w('tc')}/{w('tcPr')}/{w('tcW')}"), "w"))
    indent = row.find(f"{w('tc')}/{w('p')}/{w('pPr')}/{w('ind')}")
    left = width - int(value(indent, "left")) - int(value(indent, "right")) - 2 * 91
    assert 280 <= left < 2 * 280  # 四号 is 280 twips
    assert text(row.find(w("tc"))) == "来信摘要"


def test_a_label_that_spans_rows_is_one_merged_cell():
    rows = first(FORM).findall(w("tr"))
    begins = rows[3].find(f"{w('tc')}/{w('tcPr')}/{w('vMerge')}")
    goes_on = rows[4].find(f"{w('tc')}/{w('tcPr')}/{w('vMerge')}")
    assert value(begins) == "restart"
    assert goes_on is not None
    assert value(goes_on) is None


def test_a_caption_stands_above_its_table():
    table = tree(docx("form")).findall(f".//{w('tbl')}")[1]
    assert text(table.getprevious()) == "附送材料清单"


def test_two_tables_in_a_row_do_not_grow_together():
    table = Table((Row((cell("甲"),)),), (1,))
    found = tree(engine().render(with_table(table, table))).findall(f".//{w('tbl')}")
    assert [item.getnext().tag for item in found] == [w("p"), w("p")]


def test_paragraphs_of_a_cell_keep_their_alignment():
    parts = tuple(paragraph(side.value, side) for side in Align)
    found = first(with_table(Table((Row((Cell(parts),)),), (1,))))
    styles = [value(p.find(f"{w('pPr')}/{w('pStyle')}")) for p in found.iter(w("p"))]
    assert styles == ["表格文字（缩进）", "表格文字", "表格文字（居中）", "表格文字（居右）"]


def test_an_empty_cell_has_a_paragraph_and_no_text():
    found = first(with_table(Table((Row((Cell(()),)),), (1,))))
    assert len(list(found.iter(w("p")))) == 1
    assert text(found) == ""


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((Row((cell("甲"),)),), "第 1 行缺少单元格"),
        ((Row((cell("甲"), cell("乙"), cell("丙"))),), "第 1 行的单元格超出 2 列"),
        ((Row((cell("甲", colspan=3),)),), "第 1 行的单元格超出 2 列"),
        ((Row((cell("甲", rowspan=2), cell("乙"))),), "未完的跨行单元格"),
        ((Row((cell("甲"), cell("乙", rowspan=2))), Row((cell("丙", colspan=2),))), "第 2 行.*重叠"),
    ],
)
def test_cells_that_do_not_fit_together_are_an_error_that_names_the_row(rows, why):
    with pytest.raises(RenderFault, match=why):
        engine().render(with_table(Table(rows, (1, 1))))


def test_the_tear_line_is_dashed_on_both_sides_of_its_text():
    content = docx("form-plain")
    line = next(
        p for p in tree(content).iter(w("p")) if value(p.find(f"{w('pPr')}/{w('pStyle')}")) == "裁切线"
    )
    assert [child.tag for run in line.findall(w("r")) for child in run if child.tag != w("rPr")] == [
        w("tab"),
        w("t"),
        w("tab"),
    ]
    style = next(
        s for s in tree(content, "word/styles.xml").iter(w("style")) if value(s, "styleId") == "裁切线"
    )
    stops = [(value(tab), value(tab, "leader"), int(value(tab, "pos"))) for tab in style.iter(w("tab"))]
    assert stops == [("center", "hyphen", MEASURE // 2), ("right", "hyphen", MEASURE)]


def test_a_tear_line_without_words_is_only_a_line():
    content = engine().render(replace(NOTICE, body=(TearLine(),)))
    assert body_text(content) == document_text(replace(NOTICE, body=(TearLine(),)))


@pytest.mark.parametrize("align", list(Align))
def test_a_label_is_in_the_label_style_however_it_is_aligned(align):
    name = Cell((paragraph("姓名", align),), header=True)
    found = first(with_table(Table((Row((name, cell("张三"))),), (1, 3))))
    styles = [value(p.find(f"{w('pPr')}/{w('pStyle')}")) for p in found.iter(w("p"))]
    assert styles == ["表格标目", "表格文字"]


def test_widths_stay_whole_numbers_that_add_up_for_odd_shares():
    shares = (math.pi, math.e, 1 / 3, 100.0)
    found = first(with_table(Table((Row(tuple(cell(str(n)) for n in range(4))),), shares)))
    assert sum(int(value(c, "w")) for c in found.find(w("tblGrid"))) == MEASURE


def test_emphasis_in_a_cell_is_kept():
    part = replace(
        paragraph("", Align.FLUSH),
        runs=(Run("甲"), replace(Run("乙"), emphasis=NOTICE.body[3].runs[0].emphasis)),
    )
    found = first(with_table(Table((Row((Cell((part,)),)),), (1,))))
    assert [value(s) for s in found.iter(w("rStyle"))] == ["突出（黑体）"]


def test_a_return_slip_stays_whole_below_its_tear_line():
    slip = Table(tuple(Row((Cell((paragraph(n),)),)) for n in ("甲", "乙", "丙")), (156.0,))
    above, below = (
        tree(engine().render(replace(FORM, body=body)))
        for body in ((slip, paragraph("说明")), (TearLine("回执联"), slip, paragraph("说明")))
    )
    kept = [
        [row.find(f".//{w('keepNext')}") is not None for row in root.iter(w("tr"))] for root in (above, below)
    ]
    assert kept == [[False, False, False], [True, True, False]]


# --- statistics ----------------------------------------------------------------------------------


def test_a_table_of_many_numbers_is_set_small_and_its_unit_stands_at_the_right_above():
    content = docx("redhead-statistics")
    table = tree(content).find(f".//{w('tbl')}")
    assert value(table.find(f"{w('tblPr')}/{w('tblStyle')}")) == "小表"
    used = {value(p.find(f"{w('pPr')}/{w('pStyle')}")) for p in table.iter(w("p"))}
    assert used == {"小表标目", "小表文字", "小表文字（居右）"}
    unit = table.getprevious()
    assert (text(unit), text(unit.getprevious())) == ("单位：件", "表1各单位信访事项办理情况")
    styles = {value(s, "styleId"): s for s in tree(content, "word/styles.xml").iter(w("style"))}
    assert value(styles["表格单位"].find(f"{w('pPr')}/{w('jc')}")) == "right"
    assert value(styles["小表文字"].find(f"{w('rPr')}/{w('sz')}")) == "21"  # 五号
    for above in ("表题", "表格单位"):  # neither stays behind when the table goes to the next page
        assert styles[above].find(f"{w('pPr')}/{w('keepNext')}") is not None
    check_grid(table)


def test_all_head_rows_repeat_and_none_stays_alone_at_the_foot_of_a_page():
    rows = tree(docx("redhead-statistics")).find(f".//{w('tbl')}").findall(w("tr"))
    repeated = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in rows]
    assert repeated == [True, True, *[False] * 24]
    for row, head in zip(rows, repeated, strict=True):
        kept = [p.find(f"{w('pPr')}/{w('keepNext')}") is not None for p in row.iter(w("p"))]
        assert all(kept) if head else not any(kept)
        assert row.find(f"{w('trPr')}/{w('cantSplit')}") is not None


def test_a_usual_table_is_as_it_was():
    table = tree(docx("notice-statistics")).find(f".//{w('tbl')}")
    assert value(table.find(f"{w('tblPr')}/{w('tblStyle')}")) == "公文表格"
    used = {value(p.find(f"{w('pPr')}/{w('pStyle')}")) for p in table.iter(w("p"))}
    assert used == {"表格标目", "表格文字", "表格文字（居右）"}
