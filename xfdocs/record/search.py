"""Finding a text in a case: where in the record a character stands, for messages that must name the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any

from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.schema import plan_of
from xfdocs.record.writer import EVENT_NAMES


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text of a case, and where it stands."""

    part: object
    """The part of the case, of any model class."""
    at: str
    """The record's own name of the field of that part."""
    path: str
    """The way to it, e.g. ``办理.答复[5].意见[2].说明``."""
    text: str


def where_is(case: Case, text: str) -> str:
    """The fields of the record that contain *text*, e.g. ``信访人.姓名、诉求[2].请求``; empty if none does."""
    return "、".join(dict.fromkeys(one.path for one in texts(case) if text in one.text))


def texts(part: Any, path: str = "") -> Iterator[Text]:
    """Every text of a part of a case, in the order of the record."""
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        values = value if isinstance(value, tuple) else (value,)
        for number, one in enumerate(values, start=1):
            name = f"{slot.zh}[{number}]" if len(values) > 1 else slot.zh
            if isinstance(one, Event):
                name = f"{slot.zh}.{EVENT_NAMES[type(one)]}[{one.seq}]"
            here = f"{path}.{name}" if path else name
            if isinstance(one, str):
                yield Text(part, slot.zh, here, one)
            elif is_dataclass(one):
                yield from texts(one, here)
