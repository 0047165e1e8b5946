"""What a template sees of a record: its own Chinese names.

What one reads in the record is what one writes in a template: ``{{ 信访人.姓名 }}``,
``{{ 登记.收到日期|日期 }}``, ``{{ 办理.受理.日期 }}``.  A name that can occur several times is a list
that also answers for its first member; ``办理.受理`` is the latest event of its kind.  A name the
schema knows but this record lacks is `Absent`: false in an ``if``, an error when printed.  A name the
schema does not know is an error at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from xfdocs.record.events import EVENT_KINDS, Event
from xfdocs.record.schema import Slot, plan_of
from xfdocs.record.writer import EVENT_NAMES


class Absent:
    """Something the schema knows and this record does not have."""

    __slots__ = ("_path", "_type")

    def __init__(self, path: str, kind: type | None = None) -> None:
        self._path = path
        self._type = kind

    @property
    def path_(self) -> str:
        """Its name from the root, for the error that prints it."""
        return self._path

    def __getattr__(self, zh: str) -> Absent:
        if self._type is not None and _has_plan(self._type):
            slot = plan_of(self._type).by_zh.get(zh)
            if slot is not None:
                return Absent(f"{self._path}.{zh}", slot.type)
        raise AttributeError(zh)

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0


class View:
    """One part of the record under its Chinese names."""

    __slots__ = ("_part", "_path")

    def __init__(self, part: Any, path: str) -> None:
        self._part = part
        self._path = path

    def __getattr__(self, zh: str) -> Any:
        slot = plan_of(type(self._part)).by_zh.get(zh)
        if slot is None:
            raise AttributeError(zh)
        path = f"{self._path}.{zh}" if self._path else zh
        return _shown(getattr(self._part, slot.field), slot, path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self._part == other._part

    def __hash__(self) -> int:
        return hash(self._path)


class Many(tuple[Any, ...]):
    """Several parts of one name; a field asked of them is the first one's."""

    __slots__ = ()

    def __getattr__(self, zh: str) -> Any:
        return getattr(self[0], zh)


class Events(tuple[Any, ...]):
    """办理: the events in order; under the name of a kind, the latest of it."""

    __slots__ = ()

    def __getattr__(self, zh: str) -> Any:
        kind = EVENT_KINDS.get(zh)
        if kind is None:
            raise AttributeError(zh)
        for view in reversed(self):
            if type(view._part) is kind:
                return view
        return Absent(f"办理.{zh}", kind)


def names_in(value: Any) -> tuple[str, tuple[str, ...]]:
    """What a part of the record is called, and the names that may be asked of it; for error messages."""
    if isinstance(value, View):
        return value._path or "信访事项", tuple(plan_of(type(value._part)).by_zh)
    if isinstance(value, Many) and value:
        return names_in(value[0])
    if isinstance(value, Events):
        return "办理", tuple(EVENT_KINDS)
    if isinstance(value, Absent):
        kind = value._type
        return value._path, tuple(plan_of(kind).by_zh) if kind is not None and _has_plan(kind) else ()
    return "", tuple(vars(value)) if isinstance(value, SimpleNamespace) else ()


def view_of(part: Any, path: str = "") -> View:
    """The view of a case or of any part of it; *path* is its name in error messages."""
    return View(part, path)


def event_view(event: Event) -> View:
    """The view of one event, named by its kind."""
    return View(event, EVENT_NAMES[type(event)])


def event_name(kind: type[Event]) -> str:
    """受理, 转送 …: what an event class is called in the record."""
    return EVENT_NAMES[kind]


def _shown(value: Any, slot: Slot, path: str) -> Any:
    if slot.place == "events":
        return Events(event_view(event) for event in value)
    if slot.many:
        if not value:
            return Absent(path, slot.type)
        parts = (
            tuple(View(v, f"{path}[{n}]") for n, v in enumerate(value, 1)) if slot.parse is None else value
        )
        return Many(parts)
    if value is None:
        return Absent(path, slot.type)
    return View(value, path) if slot.parse is None else value


def _has_plan(kind: type) -> bool:
    return hasattr(kind, "__dataclass_fields__")
