"""How the model's fields name their place in the XML, and the plan that reader and writer follow.

A field is declared with `element`, `attribute` or `events`; its annotation says the rest (``X`` once,
``X | None`` at most once, ``tuple[X, ...]`` many times).  `plan_of` works that out once per class.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable, Hashable
from dataclasses import MISSING, dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, cast

NAMESPACE = "urn:xfdocs:case:1"


def element(name: str, *, default: Any = MISSING) -> Any:
    """A field that is a child element called *name*."""
    return field(default=default, metadata={"zh": name, "place": "element"})


def attribute(name: str, *, default: Any = MISSING) -> Any:
    """A field that is an attribute called *name*."""
    return field(default=default, metadata={"zh": name, "place": "attribute"})


def events(name: str, *, default: Any = MISSING) -> Any:
    """A field that holds the children of the element *name*, each of a class of its own."""
    return field(default=default, metadata={"zh": name, "place": "events"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a class, ready for reading and writing."""

    field: str
    zh: str
    place: str
    many: bool
    required: bool
    parse: Callable[[str], Any] | None
    """Text → value; None where the value is an element with fields of its own."""
    show: Callable[[Any], str]
    """Value → text, the inverse of `parse`."""
    type: type
    """The class of one value."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All fields of a class in the order in which the schema wants them."""

    type: type
    slots: tuple[Slot, ...]
    by_tag: dict[str, Slot]
    """Qualified name of a child element → its slot."""
    by_attribute: dict[str, Slot]
    by_zh: dict[str, Slot]


def plan_of(cls: type) -> Plan:
    """The reading and writing plan of a model class, worked out once."""
    return _plan_of(cast("Hashable", cls))


@cache
def _plan_of(cls: Any) -> Plan:
    hints = typing.get_type_hints(cls)
    slots = tuple(_slot(f, hints[f.name]) for f in dataclasses.fields(cls))
    return Plan(
        type=cls,
        slots=slots,
        by_tag={qualified(s.zh): s for s in slots if s.place != "attribute"},
        by_attribute={s.zh: s for s in slots if s.place == "attribute"},
        by_zh={s.zh: s for s in slots},
    )


def names_until(cls: type, name: str) -> tuple[str, ...]:
    """The children of a class that stand before *name* in the order of the schema, and *name* itself."""
    names = [slot.zh for slot in plan_of(cls).slots if slot.place != "attribute"]
    return tuple(names[: names.index(name) + 1])


def qualified(name: str) -> str:
    """The name as lxml writes it, namespace first."""
    return f"{{{NAMESPACE}}}{name}"


def _slot(f: dataclasses.Field[Any], hint: Any) -> Slot:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    many = origin is tuple
    kind = args[0] if many else next((a for a in args if a is not types.NoneType), hint)
    place = f.metadata["place"]
    parse, show = _converters(kind)
    if many and place == "attribute":  # a list in one attribute: "1 2"
        many, item = False, parse
        parse, show = (lambda text: tuple(map(item, text.split()))), (lambda value: " ".join(map(str, value)))
    return Slot(
        field=f.name,
        zh=f.metadata["zh"],
        place=place,
        many=many,
        required=f.default is MISSING,
        parse=parse,
        show=show,
        type=kind,
    )


def _converters(kind: Any) -> tuple[Any, Callable[[Any], str]]:
    if dataclasses.is_dataclass(kind):
        return None, str
    if kind is bool:
        return "true".__eq__, lambda value: "true" if value else "false"
    if kind is dt.date:
        return dt.date.fromisoformat, dt.date.isoformat
    if issubclass(kind, StrEnum):
        return {member.value: member for member in kind}.__getitem__, str  # quicker by far than kind(…)
    return kind, str  # str, int
