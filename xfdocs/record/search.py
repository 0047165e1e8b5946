"""Finding a text in a case: where in the record a character stands, for messages that must name the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.schema import plan_of
from xfdocs.record.writer import EVENT_NAMES


def where_is(case: Case, text: str) -> str:
    """The fields of the record that contain *text*, e.g. ``信访人.姓名、诉求[2].请求``; empty if none does."""
    return "、".join(dict.fromkeys(path for path, value in texts(case) if text in value))


def texts(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a part of a case with its path in the record's own names."""
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        values = value if isinstance(value, tuple) else (value,)
        for number, one in enumerate(values, start=1):
            name = f"{slot.zh}[{number}]" if len(values) > 1 else slot.zh
            if isinstance(one, Event):
                name = f"{slot.zh}.{EVENT_NAMES[type(one)]}[{one.seq}]"
            here = f"{path}.{name}" if path else name
            if isinstance(one, str):
                yield here, one
            elif hasattr(one, "__dataclass_fields__"):
                yield from texts(one, here)
