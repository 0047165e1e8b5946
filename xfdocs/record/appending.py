"""A further event at the end of ``<办理>``, spliced in: every other byte of the record stays as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import etree

from xfdocs.errors import RecordNotKept
from xfdocs.record.events import Event
from xfdocs.record.model import Case
from xfdocs.record.reader import build_part
from xfdocs.record.schema import names_until, qualified
from xfdocs.record.splice import UNNAMED, Edit, Sheet, Span, trimmed
from xfdocs.record.writeback import proven
from xfdocs.record.writer import EVENT_NAMES

_NAME = "办理"
_BEFORE = names_until(Case, _NAME)


def add_event(data: bytes, event: Event, file: Path = UNNAMED) -> bytes:
    """A record's bytes with one more event; its ``seq`` is the next in the record, whatever it was before.

    ``<办理>`` is made where there is none.  *file* is named in errors.

    Raises:
        RecordUnreadable, RecordRejected: the bytes are no record that the schema accepts.
        RecordNotKept: the record would not be the same case with this event; nothing is returned.
    """
    sheet = Sheet.of(data, file)
    before = sheet.tree.iterfind(f"{qualified(_NAME)}/*")
    event = replace(event, seq=next_seq(sheet.tree))
    result = sheet.spliced(_edits(sheet, event))
    tree = proven(sheet, result, _NAME)
    *others, new = tree.iterfind(f"{qualified(_NAME)}/*")
    if build_part(type(event), new) != event or list(map(_said, others)) != list(map(_said, before)):
        raise RecordNotKept(file=file, what="写入的事件读回来不一样。")
    return result


def next_seq(tree: etree._Element) -> int:
    """The number of the next event of a record."""
    numbers = (node.get("序", "") for node in tree.iterfind(f"{qualified(_NAME)}/*"))
    return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1


def _edits(sheet: Sheet, event: Event) -> list[Edit]:
    there = sheet.named(_NAME)
    name = EVENT_NAMES[type(event)]
    if there:
        return _at_the_end(sheet, *there[0], name, event)
    anchor = sheet.named(*_BEFORE)[-1][0]
    lead = sheet.usual_lead(anchor)
    inner = lead + sheet.unit() if lead else b""
    prefix = sheet.tree.prefix
    tag = f"{prefix}:{_NAME}" if prefix else _NAME
    text = sheet.written(name, event, inner, prefix)
    place = sheet.behind(anchor)
    return [Edit(place, place, lead + f"<{tag}>".encode() + inner + text + lead + f"</{tag}>".encode())]


def _at_the_end(sheet: Sheet, span: Span, node: etree._Element, name: str, event: Event) -> list[Edit]:
    """The event behind everything else in ``<办理>``, remarks included: they speak of what came before."""
    outer = sheet.usual_lead(span)
    inner = sheet.lead(span.begins[-1]) if span.begins else outer + sheet.unit() if outer else b""
    text = inner + sheet.written(name, event, inner, node.prefix)
    if span.closed:
        tag = f"{node.prefix}:{_NAME}" if node.prefix else _NAME
        slash = span.end - len(b"/>")
        return [Edit(slash, span.end, b">" + text + outer + f"</{tag}>".encode())]
    place = trimmed(sheet.text, span.inside, span.close)
    if inner and not sheet.text[place : span.close].strip(b" \t"):
        text += outer  # the end tag stood right behind: it begins a line now
        return [Edit(place, span.close, text)]
    return [Edit(place, place, text)]


def _said(node: etree._Element) -> bytes:
    return etree.tostring(node, encoding="utf-8", with_tail=False)
