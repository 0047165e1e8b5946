"""What a Typst layout is given: the facts of a page as JSON, so that no word of a document can become code."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from xfdocs.document.model import Document, Figure, Table
from xfdocs.render.grid import placed
from xfdocs.render.page import page_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = (
    "title", "issuer", "signatory", "kind_title", "number", "copy_number", "secrecy", "urgency", "language", "draft",
)  # fmt: skip
"""What layouts read of the document itself; the rest comes to them worked out."""


def document_data(document: Document, day: date) -> str:
    """The facts of a document's pages."""
    return as_data(page_facts(document), day)


def as_data(facts: Mapping[str, Any], day: date) -> str:
    """Facts, and the day that the page bears."""
    return json.dumps({**facts, "day": day.isoformat()}, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON does not know by itself."""
    match value:
        case Document():
            return {name: getattr(value, name) for name in _HEAD}
        case Table():
            columns = [[column for column, _, _, goes_on in row if not goes_on] for row in placed(value)]
            return {**_fields(value), "columns": columns}
        case Figure():
            return {name: getattr(value, name) for name in ("text", "alt", "width", "height")} | {
                "svg": value.svg.decode()
            }
        case Enum():
            return value.value
        case date():
            return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    raise TypeError(f"no data: {type(value).__name__}")


def _fields(value: Any) -> dict[str, Any]:
    cls: type = type(value)
    return {name: getattr(value, name) for name in _names(cls)}


@cache
def _names(cls: type) -> tuple[str, ...]:
    """The fields of a dataclass, and what it works out of them for layouts."""
    worked_out = tuple(name for name in ("lines",) if isinstance(getattr(cls, name, None), property))
    return (*(field.name for field in fields(cls)), *worked_out)
