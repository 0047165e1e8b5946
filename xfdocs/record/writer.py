"""Case → XML: the inverse of reading, always in the same form.

Two spaces of indent, UTF-8, one final newline, fields in the order of the schema.  What a person
wrote as a comment is not part of the case and is not written back.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.model import Case
from xfdocs.record.schema import NAMESPACE, plan_of, qualified

_NSMAP: Any = {None: NAMESPACE}  # lxml-stubs do not know the default namespace
EVENT_NAMES = {kind: name for name, kind in EVENT_KINDS.items()}
"""Class of an event → its element name in the record."""


def write_case(case: Case) -> bytes:
    """The case as the bytes of its file."""
    root = etree.Element(qualified("信访事项"), nsmap=_NSMAP)
    fill(root, case)
    etree.indent(root, space="  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def fill(node: etree._Element, part: Any) -> None:
    """Put the attributes and children of a part of the case into its element."""
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        if value is None or value == ():
            continue
        if slot.place == "attribute":
            node.set(slot.zh, slot.show(value))
        elif slot.place == "events":
            folder = etree.SubElement(node, qualified(slot.zh))
            for event in value:
                fill(etree.SubElement(folder, qualified(EVENT_NAMES[type(event)])), event)
        else:
            for item in value if slot.many else (value,):
                child = etree.SubElement(node, qualified(slot.zh))
                if slot.parse is None:
                    fill(child, item)
                else:
                    child.text = slot.show(item)
