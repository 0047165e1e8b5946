"""A table block as a WordprocessingML table: real cells, spans, rows that grow, a head that repeats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from xfdocs.document.model import Align
from xfdocs.errors import RenderFault
from xfdocs.render.ooxml import CHARACTER, paragraph, run, runs, twips

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xfdocs.document.model import Cell, Row, Table

    Place: TypeAlias = tuple[int, int, Cell, bool]
    """First column, number of columns, the cell, whether it only continues one that began higher up."""

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


def table_xml(table: Table, ids: Mapping[str, str]) -> str:
    """The ``w:tbl`` of *table*, its caption above it; *ids* are style ids by name.

    Raises:
        RenderFault: rows and spans do not make a rectangle of as many columns as there are widths.
    """
    widths = _columns(table.widths)
    look = _SMALL if table.small else _USUAL
    caption = paragraph(run(table.caption), ids["表题"]) if table.caption else ""
    if table.unit:
        caption += paragraph(run(table.unit), ids["表格单位"])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        _row(row, cells, widths, look, ids) for row, cells in zip(table.rows, _place(table), strict=True)
    )
    return (
        f'{caption}<w:tbl><w:tblPr><w:tblStyle w:val="{ids[look.table]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def kept_together(table: str) -> str:
    """The same ``w:tbl``, each row kept with the next: a return slip is not torn where no scissors cut."""
    rows, mark, last = table.rpartition("<w:tr>")
    return _STYLED.sub(_KEPT, rows) + mark + last


_STYLED: Final = re.compile(r'<w:pStyle w:val="[^"]*"/>(?!<w:keepNext/>)')
_KEPT: Final = r"\g<0><w:keepNext/>"


def _columns(shares: tuple[float, ...]) -> list[int]:
    """The columns' widths in twips, together exactly the measure."""
    whole = sum(shares)
    edges = [0]
    reached = 0.0
    for share in shares:
        reached += share
        edges.append(round(reached / whole * MEASURE))
    return [right - left for left, right in pairwise(edges)]


def _place(table: Table) -> list[list[Place]]:
    """Where each cell of each row stands, as HTML lays out rows that list only cells beginning in them."""
    columns = len(table.widths)
    hanging: dict[int, tuple[int, Cell]] = {}  # by first column: rows still to cover, and the cell
    placed = []
    for number, row in enumerate(table.rows, 1):
        line: list[Place] = []
        begun: dict[int, tuple[int, Cell]] = {}
        waiting = list(reversed(row.cells))
        column = 0
        while column < columns:
            goes_on = column in hanging
            if not goes_on and not waiting:
                raise RenderFault(
                    message=f"表格第 {number} 行缺少单元格：只到第 {column} 列，共 {columns} 列。"
                )
            left, cell = hanging.pop(column) if goes_on else (waiting[-1].rowspan, waiting.pop())
            line.append((column, cell.colspan, cell, goes_on))
            if left > 1:
                begun[column] = (left - 1, cell)
            column += cell.colspan
        if column > columns or waiting or hanging:
            raise RenderFault(
                message=f"表格第 {number} 行的单元格超出 {columns} 列，或者与上面跨行的单元格重叠。"
            )
        hanging = begun
        placed.append(line)
    if hanging:
        raise RenderFault(message="表格最后一行之后还有未完的跨行单元格。")
    return placed


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
