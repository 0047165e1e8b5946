"""A record as a person reads it: plain lines in Chinese, every item under the name it has in the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any

from xfdocs.record.events import Event
from xfdocs.record.model import Case, Issued
from xfdocs.record.schema import Slot, plan_of
from xfdocs.record.status import status_of
from xfdocs.record.structure import Shape, shapes
from xfdocs.record.writer import EVENT_NAMES

_STEP = "  "
_HEADED = frozenset({"序", "日期", "机关", "经办人"})
"""What the first line of an event says already."""
_REFERENCE = "事件"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a record under its own name: a text, or what it holds."""

    name: str
    text: str | None = None
    """Several paragraphs stand one a line; None for what holds others."""
    inside: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a record: a petitioner, a claim, an event …"""

    name: str
    """Its element: 信访人, 诉求, 转送 …"""
    part: Any
    """The part itself."""
    items: tuple[Item, ...]
    """What it says; of an event, without what every event has: number, day, organ, handler."""


@dataclass(frozen=True, slots=True)
class Section:
    """All parts of one kind, in their order."""

    name: str
    """登记, 信访人, 诉求, 办理, 文书 …"""
    title: str
    """As people call it."""
    entries: tuple[Entry, ...]


def sections(case: Case) -> Iterator[Section]:
    """The record in the order in which it is read; what it does not have is left out."""
    shape = shapes()["信访事项"]
    for slot in plan_of(Case).slots[1:]:
        value = getattr(case, slot.field)
        if value in (None, ()):
            continue
        if slot.place == "events":
            entries = tuple(
                Entry(name, event, tuple(_items(case, event, shapes()[name], without=_HEADED)))
                for event in value
                for name in (EVENT_NAMES[type(event)],)
            )
        else:
            inner = _shape(shape, slot)
            entries = tuple(
                Entry(slot.zh, part, tuple(_items(case, part, inner)))
                for part in (value if slot.many else (value,))
            )
        yield Section(slot.zh, _TITLES.get(slot.zh, slot.zh), entries)


def aloud(case: Case) -> Iterator[str]:
    """The lines of a case: what it is, who asks for what, what was done day by day, what was issued."""
    yield f"{case.id}  {case.registration.subject}"
    yield f"{status_of(case).zh}；{case.registration.received} 收到"
    for section in sections(case):
        yield ""
        yield f"【{section.title}】"
        for number, entry in enumerate(section.entries):
            if isinstance(entry.part, Event):
                yield from _event(case, entry)
                continue
            if number:
                yield ""
            told = _issued(case, entry.part) if isinstance(entry.part, Issued) else _lines(entry.items, _STEP)
            yield from told


_TITLES = {"办理": "办理经过", "文书": "已制发的文书"}


def _event(case: Case, entry: Entry) -> Iterator[str]:
    event = entry.part
    handler = f"（经办人：{event.handler}）" if event.handler else ""
    yield f"{_STEP}{event.seq}. {event.date}  {entry.name}  {event.organ or case.registration.organ}{handler}"
    yield from _lines(entry.items, _STEP * 3)


def _issued(case: Case, issued: Issued) -> Iterator[str]:
    number = f"  {issued.number}" if issued.number else ""
    void = f"  已作废：{issued.void}" if issued.void else ""
    yield f"{_STEP}{issued.date}  {issued.kind}{number}{void}"
    told = [f"对应第 {issued.event} 号事件{_called(case, issued.event)}"] if issued.event else []
    told += [f"份数：{issued.copies}"] if issued.copies else []
    told += [f"签发人：{issued.signer}"] if issued.signer else []
    told += [f"文件：{'、'.join(file.name for file in issued.files)}"] if issued.files else []
    if told:
        yield f"{_STEP * 3}{'；'.join(told)}"


def _lines(items: Iterable[Item], margin: str) -> Iterator[str]:
    """The items of a part, one a line; what an item holds stands deeper."""
    for item in items:
        if item.text is None:
            yield f"{margin}{item.name}"
            yield from _lines(item.inside, margin + _STEP)
            continue
        first, *more = item.text.split("\n")
        yield f"{margin}{item.name}：{first}"
        for line in more:  # a text of several paragraphs
            yield f"{margin}{'　' * (len(item.name) + 1)}{line}"


def _items(
    case: Case, part: object, shape: Shape, *, without: frozenset[str] = frozenset()
) -> Iterator[Item]:
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        if value in (None, ()) or slot.zh in without:
            continue
        values = value if slot.many else (value,)
        if is_dataclass(slot.type):
            for one in values:
                yield Item(slot.zh, inside=tuple(_items(case, one, _shape(shape, slot))))
            continue
        text = "、".join(_shown(one, _shape(shape, slot)) for one in values)
        if slot.zh == _REFERENCE and isinstance(value, int):
            text += _called(case, value)
        yield Item(slot.zh, text)


def _shape(shape: Shape, slot: Slot) -> Shape:
    """The type of an item of a part."""
    member = next(m for m in (*shape.attributes, *shape.elements) if m.name == slot.zh)
    return shapes()[member.type]


def _shown(value: Any, kind: Shape) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    text = str(value)
    if text in kind.values and text.isascii():  # a code says nothing by itself
        meaning = kind.value_docs[kind.values.index(text)].strip("。")
        return f"{text}（{meaning}）" if meaning else text
    return text


def _called(case: Case, seq: int) -> str:
    """Which event a number means, in brackets; nothing if the record has none of that number."""
    event = next((event for event in case.events if event.seq == seq), None)
    return f"（{event.date} {EVENT_NAMES[type(event)]}）" if event else ""
