"""What a Typst layout is given: the facts of a page as JSON, so that no word of a document can become code."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any

from xfdocs.document.model import Cell, Document, Figure, Heading, Paragraph, Run, Table, TearLine
from xfdocs.render.grid import placed
from xfdocs.render.page import Attachment, page_facts
from xfdocs.render.signature import width
from xfdocs.render.typst_words import MEASURE, pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from xfdocs.render.page import Piece

DATA = "data.json"
"""The file in which layouts find it."""
Data = dict[str, Any]
_HEAD = (
    "title", "issuer", "signatory", "kind_title", "number", "copy_number", "secrecy", "urgency", "language", "draft",
)  # fmt: skip
"""What layouts read of the document itself; the rest comes to them worked out."""
_LETTERS, _SMALL = 14.0, 10.5
"""Points: 四号, and 五号 of a small table."""
_MM = 72 / 25.4
_SPARE = 1.2
"""What is counted for a line that ends early, and for faces that are wider than thought."""
_PADDING = 3.5
"""Millimetres of a column that hold no text."""


def document_data(document: Document, day: date, source: str) -> str:
    """The facts of a document's pages, the day they bear, and the *source* that goes along with them."""
    facts = page_facts(document)
    return _written(
        {
            **facts,
            "d": {name: getattr(document, name) for name in _HEAD},
            "body": [_block(piece) for piece in facts["body"]],
            "addressees": pieces(facts["addressees"]),
            "attachments": [_attachment(line) for line in facts["attachments"]],
            "note": pieces(facts["note"]),
            "copies": pieces(facts["copies"]),
            "signer": list(facts["signer"]),
            "source": source,
        },
        day,
    )


def as_data(facts: Mapping[str, Any], day: date) -> str:
    """Facts of pages that are no Document, and the day they bear."""
    return _written(facts, day)


def _written(facts: Mapping[str, Any], day: date) -> str:
    return json.dumps({**facts, "day": day.isoformat()}, ensure_ascii=False, default=_plain)


# --- of a document ----------------------------------------------------------------------------------------


def _block(piece: Piece) -> Data:
    block = piece.block
    match block:
        case Paragraph():
            data = _paragraph(block, MEASURE)
            data["letters"] = sum(len(run.text) for run in block.runs)
        case Heading():
            data = {"level": block.level, "number": block.number, "runs": _runs(block.runs, MEASURE)}
        case Table():
            data = _table(block, piece)
        case TearLine():
            data = {"text": block.text}
        case Figure():
            data = {name: getattr(block, name) for name in ("text", "alt", "width", "height")}
            data |= {"svg": block.svg.decode(), "room": piece.height}
    return {"kind": piece.kind, **data}


def _paragraph(paragraph: Paragraph, room: float) -> Data:
    return {"align": paragraph.align.value, "runs": _runs(paragraph.runs, room)}


def _runs(runs: Sequence[Run], room: float) -> list[Data]:
    last = len(runs) - 1
    return [
        {"emphasis": run.emphasis.value, "pieces": pieces(run.text, room, last=place == last)}
        for place, run in enumerate(runs)
    ]


def _table(table: Table, piece: Piece) -> Data:
    letters = (_SMALL if table.small else _LETTERS) / _MM
    rows = []
    for row, places in zip(table.rows, placed(table), strict=True):
        beginning = [(column, cell) for column, _, cell, goes_on in places if not goes_on]
        cells = [
            _cell(cell, column, (sum(piece.widths[column : column + cell.colspan]) - _PADDING) / letters)
            for column, cell in beginning
        ]
        fixed = all(
            _fits(cell, data["room"], row.height, small=table.small)
            for (_, cell), data in zip(beginning, cells, strict=True)
        )
        rows.append({"height": row.height, "head": row.head, "cells": cells, "fixed": fixed})
    facts = {"caption": table.caption, "unit": table.unit, "small": table.small, "rows": rows}
    return {**facts, "widths": piece.widths, "sizes": piece.sizes}


def _fits(cell: Cell, room: float, height: float, *, small: bool) -> bool:
    """Whether the text of a cell is sure to fit into its row, so that nobody has to set it to find out."""
    if cell.rowspan > 1:
        return True
    texts = [paragraph.text for paragraph in cell.paragraphs]
    if cell.vertical:
        lines = sum(map(len, texts))
    else:
        lines = sum(ceil(_SPARE * width(text) / max(room, 1)) for text in texts)
    leading, around = (5.0, 2.05) if small else (6.4, 2.45)
    return lines * leading + around <= height


def _cell(cell: Cell, column: int, room: float) -> Data:
    return {
        "column": column,
        "room": room,
        "paragraphs": [_paragraph(paragraph, room) for paragraph in cell.paragraphs],
        "letters": sum(len(paragraph.text) for paragraph in cell.paragraphs),
        **{name: getattr(cell, name) for name in ("header", "colspan", "rowspan", "vertical", "middle")},
    }


def _attachment(line: Attachment) -> Data:
    return {"text": pieces(line.text), "left": line.left, "hang": line.hang}


# --- of other pages ---------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """What JSON does not know by itself."""
    if is_dataclass(value) and not isinstance(value, type):
        cls: type = type(value)
        return {name: getattr(value, name) for name in _names(cls)}
    raise TypeError(f"no data: {type(value).__name__}")


@cache
def _names(cls: type) -> tuple[str, ...]:
    """The fields of a dataclass, and what it works out of them for layouts."""
    worked_out = tuple(name for name in ("lines",) if isinstance(getattr(cls, name, None), property))
    return (*(field.name for field in fields(cls) if field.name != "day"), *worked_out)
