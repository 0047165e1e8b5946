"""A table block as a WordprocessingML table: real cells, spans, rows that grow, a head that repeats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xfdocs.document.model import Align
from xfdocs.render.fitting import LEADING, PADDING, sizes
from xfdocs.render.grid import placed
from xfdocs.render.ooxml import CHARACTER, paragraph, run, runs, sized, twips

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xfdocs.document.model import Cell, Paragraph, Row, Table
    from xfdocs.render.grid import Place

MEASURE: Final = 28 * CHARACTER
"""Width of the 版心 in twips (GB/T 9704 5.2.1)."""
_SPLITTABLE: Final = 400
"""A row of more characters than this may run over the page; a shorter one stays whole."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The styles of a table and the measures that go with them, in twips."""

    table: str
    text: str
    label: str
    margin: int
    """Empty space at the left and right of a cell, as the table's style has it."""
    character: int
    """Width kept for one character of a vertical label."""

    def aligned(self, align: Align) -> str:
        """The style of a paragraph in a cell."""
        return self.text + _ALIGNED[align]

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of all styles."""
        return (*map(self.aligned, _ALIGNED), self.label, self.table)


_ALIGNED: Final = {Align.FLUSH: "", Align.BODY: "（缩进）", Align.CENTER: "（居中）", Align.RIGHT: "（居右）"}
_USUAL: Final = _Look("公文表格", "表格文字", "表格标目", 91, 300)
_SMALL: Final = _Look("小表", "小表文字", "小表标目", 45, 225)
STYLES: Final = (*_USUAL.styles, *_SMALL.styles, "表题", "表格单位")
"""Names of the styles a layout must have for tables."""


def table_xml(table: Table, ids: Mapping[str, str], measure: int = MEASURE) -> str:
    """The ``w:tbl`` of *table*, its caption above it; *ids* are style ids by name, *measure* is the width in twips.

    Raises:
        RenderFault: rows and spans do not make a rectangle of as many columns as there are widths.
    """
    if table.exact:
        return _label_xml(table, ids)
    widths = _columns(table.widths, measure)
    look = _SMALL if table.small else _USUAL
    caption = paragraph(run(table.caption), ids["表题"]) if table.caption else ""
    if table.unit:
        caption += paragraph(run(table.unit), ids["表格单位"])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        _row(row, cells, widths, look, ids) for row, cells in zip(table.rows, placed(table), strict=True)
    )
    return (
        f'{caption}<w:tbl><w:tblPr><w:tblStyle w:val="{ids[look.table]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _label_xml(table: Table, ids: Mapping[str, str]) -> str:
    """A table of exactly the measures it is given, see `xfdocs.render.fitting`."""
    widths = [twips(width) for width in table.widths]
    caption = paragraph(run(table.caption), ids["表题"]) if table.caption else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(row.height)}" w:hRule="exact"/></w:trPr>'
        + "".join(
            _label_cell(cell, sum(widths[column : column + span]), points, ids, goes_on=goes_on)
            for (column, span, cell, goes_on), points in zip(cells, letters, strict=True)
        )
        + "</w:tr>"
        for row, cells, letters in zip(table.rows, placed(table), sizes(table), strict=True)
    )
    margin = twips(PADDING)
    return (
        f'{caption}<w:tbl><w:tblPr><w:tblStyle w:val="{ids[_USUAL.table]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _label_cell(cell: Cell, width: int, points: float, ids: Mapping[str, str], *, goes_on: bool) -> str:
    look = _USUAL
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>'
    if cell.middle:
        properties += '<w:vAlign w:val="center"/>'
    spacing = f'<w:spacing w:line="{round(points * LEADING * 20)}" w:lineRule="exact"/>'
    side = max(0, round((width - 2 * twips(PADDING) - points * 20 * 1.1) / 2)) if cell.vertical else 0
    spacing += f'<w:ind w:left="{side}" w:right="{side}"/>' if side else ""

    def text(part: Paragraph) -> str:
        style = ids[look.label] if cell.header else ids[look.aligned(part.align)]
        return paragraph(sized(part.runs, ids, points), style, spacing)

    content = "" if goes_on else "".join(map(text, cell.paragraphs))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content or paragraph('', ids[look.text], spacing)}</w:tc>"


def kept_together(table: str) -> str:
    """The same ``w:tbl``, each row kept with the next: a return slip is not torn where no scissors cut."""
    rows, mark, last = table.rpartition("<w:tr>")
    return _STYLED.sub(_KEPT, rows) + mark + last


_STYLED: Final = re.compile(r'<w:pStyle w:val="[^"]*"/>(?!<w:keepNext/>)')
_KEPT: Final = r"\g<0><w:keepNext/>"


def _columns(shares: tuple[float, ...], measure: int) -> list[int]:
    """The columns' widths in twips, together exactly the measure."""
    whole = sum(shares)
    edges = [0]
    reached = 0.0
    for share in shares:
        reached += share
        edges.append(round(reached / whole * measure))
    return [right - left for left, right in pairwise(edges)]


def _row(row: Row, cells: list[Place], widths: list[int], look: _Look, ids: Mapping[str, str]) -> str:
    content = "".join(
        [
            _cell(
                cell,
                widths[column] if span == 1 else sum(widths[column : column + span]),
                look,
                ids,
                goes_on=goes_on,
            )
            for column, span, cell, goes_on in cells
        ]
    )
    properties = "" if len(content) > _SPLITTABLE and _longest(row) > _SPLITTABLE else "<w:cantSplit/>"
    if row.height:
        properties += f'<w:trHeight w:val="{twips(row.height)}" w:hRule="atLeast"/>'
    if row.head:
        properties += "<w:tblHeader/>"
        content = _STYLED.sub(_KEPT, content)  # a head never stands alone at the foot of a page
    return f"<w:tr><w:trPr>{properties}</w:trPr>{content}</w:tr>"


def _longest(row: Row) -> int:
    return max((sum(len(part.text) for part in cell.paragraphs) for cell in row.cells), default=0)


def _cell(cell: Cell, width: int, look: _Look, ids: Mapping[str, str], *, goes_on: bool) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>'
    if cell.middle:
        properties += '<w:vAlign w:val="center"/>'
    content = "" if goes_on else _paragraphs(cell, width, look, ids)
    # A cell holds at least one paragraph (ECMA-376 17.4.65).
    content = content or paragraph("", ids[look.label if cell.header else look.text])
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _paragraphs(cell: Cell, width: int, look: _Look, ids: Mapping[str, str]) -> str:
    label = ids[look.label] if cell.header else ""  # a label is centred, whatever the wording aligns
    if not cell.vertical and len(cell.paragraphs) == 1:  # nearly always
        return paragraph(
            runs(cell.paragraphs[0].runs, ids), label or ids[look.aligned(cell.paragraphs[0].align)]
        )
    # A vertical label is a column one character wide: it grows with the row in every program, which
    # turned text (w:textDirection) does not.
    side = max(0, (width - 2 * look.margin - look.character) // 2) if cell.vertical else 0
    narrow = f'<w:ind w:left="{side}" w:right="{side}"/>' if side else ""
    return "".join(
        [
            paragraph(runs(part.runs, ids), label or ids[look.aligned(part.align)], narrow)
            for part in cell.paragraphs
        ]
    )
