"""Where the cells of a table stand: rows and spans made into columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from xfdocs.errors import RenderFault

if TYPE_CHECKING:
    from xfdocs.document.model import Cell, Table

    Place: TypeAlias = tuple[int, int, Cell, bool]
    """First column, number of columns, the cell, whether it only continues one that began higher up."""


def placed(table: Table) -> list[list[Place]]:
    """Where each cell of each row stands, as HTML lays out rows that list only cells beginning in them.

    Raises:
        RenderFault: rows and spans do not make a rectangle of as many columns as there are widths.
    """
    columns = len(table.widths)
    hanging: dict[int, tuple[int, Cell]] = {}  # by first column: rows still to cover, and the cell
    grid = []
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
        grid.append(line)
    if hanging:
        raise RenderFault(message="表格最后一行之后还有未完的跨行单元格。")
    return grid
