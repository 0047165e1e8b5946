"""What libxml2 says about a record that breaks the schema, told so that a clerk can mend it.

libxml2 speaks English and names types; the clerk needs the field, what stands there, and what should.
The words come from `schemas/case.xsd` itself: its lists of values and the documentation of its types.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lxml import etree

from xfdocs.record.reader import Place, place_of
from xfdocs.record.schema import NAMESPACE, qualified
from xfdocs.record.structure import Member, Shape, shape_of, shapes

_ATTRIBUTE = re.compile(r", attribute '(?:\{[^}]*\})?([^']+)':")
_MISSING_ATTRIBUTE = re.compile(r"The attribute '(?:\{[^}]*\})?([^']+)' is required")
_DUPLICATE = re.compile(
    r"Duplicate key-sequence \['(.*)'\] in unique identity-constraint '(?:\{[^}]*\})?([^']+)'"
)
_LENGTH = re.compile(r"has a length of '(\d+)'; this exceeds the allowed maximum length of '(\d+)'")
_LOOSE_DATE = re.compile(r"\s*(\d{4})\s*[-年/.]?\s*(\d{1,2})\s*[-月/.]?\s*(\d{1,2})\s*日?\s*")
_SHOWN = 40
"""So many characters of a wrong value are shown; a message is read on a terminal."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One breach of the schema."""

    code: str
    place: Place
    message: str


CODES = {
    "S01": "不认识的项目、属性或者多余的文字",
    "S02": "缺少必填的项目或者属性",
    "S03": "项目的顺序或者次数不对",
    "S04": "值不在代码表中",
    "S05": "日期写法不对或者不存在",
    "S06": "值的格式不对",
    "S07": "序号重复",
    "S08": "其他不合结构之处",
}
"""What each code of this step means."""


def troubles(root: etree._Element, log: etree._ListErrorLog) -> Iterator[Trouble]:
    """Each breach once, in the order of the file; several complaints about one value are one breach."""
    seen: set[tuple[str, str]] = set()
    for entry in log:
        message = str(entry.message)
        attribute = m.group(1) if (m := _ATTRIBUTE.search(message)) else ""
        key = (str(entry.path), attribute)
        if key in seen and "Missing child" not in message:
            continue
        seen.add(key)
        node = _node(root, str(entry.path))
        place = place_of(node)
        if attribute:
            place = Place(place.line, f"{place.path}/@{attribute}")
        code, text = _explain(str(entry.type_name), message, node, attribute)
        yield Trouble(code, place, text)


def _node(root: etree._Element, path: str) -> etree._Element:
    found = root.getroottree().xpath(path) if path else []
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else root


def _explain(kind: str, message: str, node: etree._Element, attribute: str) -> tuple[str, str]:
    name = _name(node)
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return _missing_child(node) if "Missing child" in message else _unexpected(node)
    if m := _MISSING_ATTRIBUTE.search(message):
        found = "S02", f"“{name}”缺少必填的属性“{m.group(1)}”。{_doc_of(node, m.group(1))}"
    elif m := _DUPLICATE.search(message):
        found = "S07", f"“{name}”的序号 {m.group(1)} 与前面的重复，请改为不重复的序号。"
    elif attribute and kind.startswith("SCHEMAV_CVC_COMPLEX_TYPE_3"):
        found = "S01", f"“{name}”没有“{attribute}”这一属性，请删去。{_attributes(node)}"
    elif kind in _NOT_HERE:
        found = "S01", _NOT_HERE[kind].format(name=name, text=_loose_text(node))
    elif kind.startswith("SCHEMAV_CVC"):
        found = _wrong_value(message, node, attribute)
    else:
        found = "S08", f"“{name}”不合记录结构（{message}）"
    return found


_NO_ELEMENTS = "“{name}”里只能写文字，不能再放下级项目。"
_NOT_HERE = {
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "“{name}”里只能放下级项目，不能直接写文字“{text}”，请移到相应的项目中。",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "“{name}”只有属性，里面应当是空的，请删去其中的内容。",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": _NO_ELEMENTS,
    "SCHEMAV_CVC_TYPE_3_1_2": _NO_ELEMENTS,
}
"""libxml2's name of a breach that is about what may stand inside an element → what to say."""


def _missing_child(node: etree._Element) -> tuple[str, str]:
    shape = shape_of(node)
    if shape is None:
        return "S02", f"“{_name(node)}”缺少下级项目。"
    if shape.any_order:
        return (
            "S02",
            f"“{_name(node)}”里没有内容。请填写{_list(shape.elements)}之一，或者删去“{_name(node)}”。",
        )
    present = {child.tag for child in node.iterchildren(tag=etree.Element)}
    lacking = [m for m in shape.elements if m.required and qualified(m.name) not in present]
    if not lacking:
        return "S03", f"“{_name(node)}”的下级项目不全或者顺序不对，应依次为：{_list(shape.elements)}。"
    return "S02", f"“{_name(node)}”缺少必填的{_list(lacking)}。" + _told(*lacking)


def _told(*members: Member) -> str:
    """What the schema says of the one member that is missing, unless that is only its name again."""
    doc = members[0].doc if len(members) == 1 else ""
    return "" if doc.strip("。") == members[0].name else doc


def _unexpected(node: etree._Element) -> tuple[str, str]:
    parent = node.getparent()
    name = _name(node)
    if parent is None:
        return "S01", f"根元素应为“信访事项”，现为“{name}”。"
    if etree.QName(node).namespace != NAMESPACE:
        return "S01", f"“{name}”不属于案件记录的命名空间“{NAMESPACE}”，请删去或者改正。"
    shape = shape_of(parent)
    above = _name(parent)
    if shape is None or shape.element(name) is None:
        names = [m.name for m in shape.elements] if shape else []
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else ""
        return "S01", f"“{above}”中没有“{name}”这一项。{hint}可用的有：{'、'.join(names)}。"
    return _misplaced(node, shape)


def _misplaced(node: etree._Element, shape: Shape) -> tuple[str, str]:
    """Why an element that its parent may have is not allowed where it stands."""
    name = _name(node)
    order = [m.name for m in shape.elements]
    here = order.index(name)
    before = [_name(s) for s in node.itersiblings(preceding=True) if isinstance(s.tag, str)]
    after = {_name(s) for s in node.itersiblings() if isinstance(s.tag, str)}
    member = shape.elements[here]
    if name in before and not member.many:
        return "S03", f"“{name}”只能填写一次，请合并或者删去多余的。"
    for wanted in shape.elements[:here]:
        if wanted.required and wanted.name not in before:
            if wanted.name in after:
                return "S03", f"“{wanted.name}”应放在“{name}”之前，请调整顺序。"
            return "S02", f"“{name}”之前缺少必填的“{wanted.name}”。{_told(wanted)}"
    later = next((b for b in reversed(before) if b in order and order.index(b) > here), None)
    if later is not None:
        return "S03", f"“{name}”应放在“{later}”之前，请调整顺序。"
    return "S03", f"“{name}”的位置不对。各项应依次为：{'、'.join(order)}。"


def _wrong_value(message: str, node: etree._Element, attribute: str) -> tuple[str, str]:
    shape = shape_of(node)
    value = (
        node.get(attribute, "") if attribute else "".join(str(t) for t in node.itertext(tag=etree.Element))
    )
    where = f"“{_name(node)}”的属性“{attribute}”" if attribute else f"“{_name(node)}”"
    if attribute and shape is not None:
        member = shape.attribute(attribute)
        shape = shapes().get(member.type) if member else None
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}……"
    if shape is None or shape.complex:
        return "S08", f"{where}不合记录结构（{message}）"
    if shape.values:
        near = get_close_matches(value, shape.values, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else ""
        return "S04", f"{where}的值“{shown}”不在代码表中。{hint}应为：{'、'.join(shape.values)}。"
    if shape.name == "日期":
        return "S05", f"{where}的值“{shown}”{_wrong_date(value)}"
    if not value.strip():
        return "S06", f"{where}是空的。没有内容的，请删去这一项；必填的，请填写。"
    if m := _LENGTH.search(message):
        return "S06", f"{where}有 {m.group(1)} 个字，超过上限 {m.group(2)} 个字。"
    return "S06", f"{where}的值“{shown}”不符合要求：{shape.doc}"


def _wrong_date(value: str) -> str:
    m = _LOOSE_DATE.fullmatch(value)
    if m is None:
        return "不是日期。日期写作“年-月-日”，如 2026-10-08。"
    try:
        day = dt.date(*(int(g) for g in m.groups()))
    except ValueError:
        return "不是存在的日期，请核对年、月、日。"
    if day.isoformat() != value:
        return f"写法不对，应写作 {day.isoformat()}。"
    return "早于 1949-10-01，请核对。"


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname


def _list(members: tuple[Member, ...] | list[Member]) -> str:
    return "、".join(f"“{m.name}”" for m in members)


def _doc_of(node: etree._Element, attribute: str) -> str:
    shape = shape_of(node)
    member = shape.attribute(attribute) if shape else None
    return member.doc if member else ""


def _attributes(node: etree._Element) -> str:
    shape = shape_of(node)
    names = [m.name for m in shape.attributes] if shape else []
    return f"可用的属性：{'、'.join(names)}。" if names else ""


def _loose_text(node: etree._Element) -> str:
    texts = [node.text or "", *(child.tail or "" for child in node)]
    text = next((t.strip() for t in texts if t.strip()), "")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
