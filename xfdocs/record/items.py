"""An event as somebody types it: ``项目=值`` for each item, named as the record names it.

    xfdocs record add FILE 答复 日期=2026-10-08 种类=处理意见 意见.1.诉求=1 意见.1.结论=支持 意见.2.诉求=2 …

A part of a part is named behind a dot; of a part that may stand several times, a figure says which one,
``1`` if there is none; a text that may stand several times is given several times.  What there is to name
and what it means comes from `schemas/case.xsd`, and so does what is said of a slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lxml import etree

from xfdocs.errors import EventInvalid, RecordRejected
from xfdocs.record.appending import next_seq
from xfdocs.record.events import EVENT_KINDS, Event
from xfdocs.record.model import Case
from xfdocs.record.reader import build_part, place_of
from xfdocs.record.schema import NAMESPACE, names_until, qualified
from xfdocs.record.schema_messages import troubles
from xfdocs.record.structure import Member, Shape, record_schema, shapes

_EVENTS = "办理"
_SEQ, _DATE, _REFERENCE = "序", "日期", "事件"
_YES_NO = {"是": "true", "否": "false"}
"""How people answer what the record says as true or false."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be told of an event."""

    name: str
    """As it is typed, e.g. ``拒收.事由``, ``意见.1.结论``."""
    required: bool
    """Whether it must be told of every such event; of 日期, the day is today if it is not."""
    doc: str
    """What it means; empty where that is only its name again."""
    values: tuple[str, ...]
    """The values it may have, if they stand in a list."""


def items_of(name: str) -> tuple[Item, ...]:
    """Everything that may be told of an event of that name, in the order of the record."""
    return tuple(_items(shapes()[name], "", must=True))


def _items(shape: Shape, above: str, *, must: bool) -> Iterator[Item]:
    for member in (*shape.attributes, *shape.elements):
        if member.name == _SEQ:
            continue
        kind = shapes()[member.type]
        if kind.complex:
            figure = "1." if member.many else ""
            yield from _items(kind, f"{above}{member.name}.{figure}", must=must and member.required)
        else:
            required = must and member.required and member.name != _DATE
            yield Item(f"{above}{member.name}", required, _said(member), kind.values)


def event_in(tree: etree._Element, name: str, items: Sequence[str], file: Path, *, day: str) -> Event:
    """The event that *items* tell of, as the next one of the record in *tree*; *day* is its date if they name none.

    Raises:
        EventInvalid: there is no such event or item, an item is missing, or a value is not what it should be.
        RecordRejected: the schema does not accept the record itself.
    """
    if name not in EVENT_KINDS:
        near = get_close_matches(name, EVENT_KINDS, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else ""
        what = f"没有这种办理事件。{hint}可用的有：{'、'.join(EVENT_KINDS)}。"
        raise EventInvalid(event=name, file=file, what=what)
    reading = _Typed(tree, name, file)
    told = _Told(shapes()[name])
    for item in items:
        reading.take(item, told)
    told.values.setdefault(_DATE, [day])
    told.values[_SEQ] = [str(next_seq(tree))]
    if not items:  # an event that needs nothing else is not registered by a slip of the finger
        raise reading.slip(f"没有写项目，至少写明“{_DATE}=…”。")
    if missing := list(_missing(told, "")):
        raise reading.slip(f"还缺{'、'.join(missing)}。")
    node = etree.Element(qualified(name), nsmap=_SPACES)
    try:
        _fill(node, told)
    except ValueError as error:
        raise reading.slip("有一项含有控制字符，不能写进记录。") from error
    reading.check(node)
    return build_part(EVENT_KINDS[name], node)


_SPACES: Any = {None: NAMESPACE}


@dataclass(slots=True)
class _Told:
    """What was told of one part of an event."""

    shape: Shape
    values: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, dict[int, _Told]] = field(default_factory=dict)


class _Typed:
    """Reads what was typed for one event of one record."""

    def __init__(self, tree: etree._Element, name: str, file: Path) -> None:
        self.tree = tree
        self.name = name
        self.file = file

    def slip(self, what: str) -> EventInvalid:
        return EventInvalid(event=self.name, file=self.file, what=what)

    def take(self, item: str, told: _Told) -> None:
        """Put one ``项目=值`` where it belongs."""
        path, equals, value = item.partition("=")
        if not equals:
            raise self.slip(f"“{item}”没有写“=”，应写作“项目=值”，如“日期=2026-10-08”。")
        steps = path.strip().split(".")
        while True:
            step = steps.pop(0)
            member = told.shape.attribute(step) or told.shape.element(step)
            if member is None or member.name == _SEQ:
                raise self.slip(_unknown(step, told.shape))
            kind = shapes()[member.type]
            if not kind.complex:
                break
            number = int(steps.pop(0)) if steps and steps[0].isdecimal() else 1
            if number > 1 and not member.many:
                raise self.slip(f"“{path}”：“{step}”只有一个，不用写第几个。")
            told = told.parts.setdefault(step, {}).setdefault(number, _Told(kind))
            if not steps:
                if value:
                    names = "、".join(f"{step}.{inner.name}" for inner in _items(kind, "", must=True))
                    raise self.slip(f"“{step}”要写明是其中的哪一项：{names}。")
                return
        if steps:
            raise self.slip(f"“{path}”：“{step}”没有下级项目。")
        values = told.values.setdefault(step, [])
        if values and not (member.many or _listed(kind)):
            raise self.slip(f"“{path}”写了两次，只能有一个。")
        values.append(self._value(member, kind, value))

    def _value(self, member: Member, kind: Shape, value: str) -> str:
        if kind.name == "是否":
            return _YES_NO.get(value, value)
        if member.name == _REFERENCE and kind.name == "序号" and not value.isdecimal():
            return self._event_called(value)
        return value

    def _event_called(self, name: str) -> str:
        """The number of the event that a 文号 belongs to, or that is the only one of its name."""
        for issued in self.tree.iterfind(qualified("文书")):
            if issued.findtext(qualified("文号")) == name:
                seq = issued.get(_REFERENCE)
                if seq is None:
                    raise self.slip(f"文书“{name}”不对应办理事件。")
                return seq
        events = self.tree.findall(f"{qualified(_EVENTS)}/{qualified(name)}") if name in EVENT_KINDS else []
        if len(events) == 1:
            return events[0].get(_SEQ, "")
        if events:
            which = "、".join(f"{event.get(_SEQ)}（{event.get(_DATE)}）" for event in events)
            raise self.slip(f"“{name}”不止一次，请写明序号：{which}。")
        raise self.slip(f"记录里没有“{name}”。“事件”写所指事件的序号，或者它的文书的文号。")

    def check(self, node: etree._Element) -> None:
        """Ask the schema whether the record may have the event; it must stand in it for that."""
        folder = self.tree.find(qualified(_EVENTS))
        if folder is None:
            folder = etree.Element(qualified(_EVENTS), nsmap=_SPACES)
            tags = {qualified(other) for other in names_until(Case, _EVENTS)}
            children = self.tree.iterchildren(tag=etree.Element, reversed=True)
            next(child for child in children if child.tag in tags).addnext(folder)
        folder.append(node)
        schema = record_schema()
        if schema.validate(self.tree):
            return
        found = list(troubles(self.tree, schema.error_log))
        here = f"{place_of(node).path}/"
        inside = [trouble for trouble in found if f"{trouble.place.path}/".startswith(here)]
        if not inside:
            raise RecordRejected(file=self.file, count=len(found), first=found[0].message)
        raise self.slip(" ".join(trouble.message for trouble in inside))


def _unknown(name: str, shape: Shape) -> str:
    if name == _SEQ:
        return "“序”由程序编，不用写。"
    names = [m.name for m in (*shape.attributes, *shape.elements) if m.name != _SEQ]
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"是不是“{near[0]}”？" if near else ""
    return f"“{shape.name}”没有“{name}”这一项。{hint}可用的有：{'、'.join(names)}。"


def _missing(told: _Told, above: str) -> Iterator[str]:
    """The items that must be told and were not, with what they mean."""
    for member in (*told.shape.attributes, *told.shape.elements):
        kind = shapes()[member.type]
        parts = told.parts.get(member.name, {})
        if member.required and member.name != _SEQ and not parts and member.name not in told.values:
            if kind.complex:
                yield from _missing(_Told(kind), f"{above}{member.name}.")
            else:
                yield f"“{above}{member.name}”{_meaning(member, kind)}"
        for number, part in sorted(parts.items()):
            figure = f"{number}." if member.many and len(parts) > 1 else ""
            yield from _missing(part, f"{above}{member.name}.{figure}")


def _meaning(member: Member, kind: Shape) -> str:
    values = f"应为{'、'.join(kind.values)}之一" if kind.values else ""
    inside = "；".join(filter(None, (_said(member), values)))
    return f"（{inside}）" if inside else ""


def _said(member: Member) -> str:
    """What the schema says of an item, unless that is only its name or its values again."""
    doc = member.doc.strip("。")
    return "" if doc in {member.name, "、".join(shapes()[member.type].values)} else doc


def _listed(kind: Shape) -> bool:
    """Whether a type is a list of values in one attribute."""
    return kind.base in shapes() and not kind.facets and not kind.values


def _fill(node: etree._Element, told: _Told) -> None:
    """Write what was told into an element, in the order of the schema."""
    for member in told.shape.attributes:
        if member.name in told.values:
            node.set(member.name, " ".join(told.values[member.name]))
    for member in told.shape.elements:
        for value in told.values.get(member.name, ()):
            etree.SubElement(node, qualified(member.name)).text = value
        for _, part in sorted(told.parts.get(member.name, {}).items()):
            _fill(etree.SubElement(node, qualified(member.name)), part)
