"""What `schemas/case.xsd` says, in a form that programs can ask: which children, attributes and values a part may have.

The schema stays the authority; this reads it once, for messages that name what was expected, for the
documentation and for the test that model and schema agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from xfdocs.record.schema import NAMESPACE
from xfdocs.resources import shipped

_XS = "{http://www.w3.org/2001/XMLSchema}"
_ROOT = "信访事项"


@dataclass(frozen=True, slots=True)
class Member:
    """A child element or an attribute of a part."""

    name: str
    type: str
    """Name of its type in the schema."""
    required: bool
    many: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A type of the schema: one with parts (elements, attributes) or one that holds a value."""

    name: str
    doc: str
    elements: tuple[Member, ...] = ()
    attributes: tuple[Member, ...] = ()
    any_order: bool = False
    """Whether the children may stand in any order, as events do."""
    complex: bool = False
    values: tuple[str, ...] = ()
    """The values of a code list."""
    value_docs: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict, hash=False)
    base: str = ""

    def element(self, name: str) -> Member | None:
        """The child element of that name."""
        return next((m for m in self.elements if m.name == name), None)

    def attribute(self, name: str) -> Member | None:
        """The attribute of that name."""
        return next((m for m in self.attributes if m.name == name), None)


@cache
def record_schema() -> etree.XMLSchema:
    """`schemas/case.xsd`, compiled; once in a process."""
    return etree.XMLSchema(etree.parse(str(shipped("schemas", "case.xsd"))))


@cache
def shapes() -> dict[str, Shape]:
    """Every type of the schema by name."""
    root = etree.parse(str(shipped("schemas", "case.xsd"))).getroot()
    nodes = {str(n.get("name")): n for n in root if n.tag in {_XS + "complexType", _XS + "simpleType"}}
    return {name: _shape(name, node, nodes) for name, node in nodes.items()}


def shape_of(node: etree._Element) -> Shape | None:
    """The type of an element of a record, or None if the schema does not know it in that place."""
    steps = [etree.QName(n) for n in (node, *node.iterancestors())]
    if any(step.namespace != NAMESPACE for step in steps) or steps[-1].localname != _ROOT:
        return None
    known = shapes()
    shape = known[_ROOT]
    for step in reversed(steps[:-1]):
        member = shape.element(step.localname)
        if member is None or member.type not in known:
            return None
        shape = known[member.type]
    return shape


def _shape(name: str, node: etree._Element, nodes: dict[str, etree._Element]) -> Shape:
    if node.tag == _XS + "simpleType":
        listed = node.find(_XS + "list")
        if listed is not None:
            return Shape(name=name, doc=_doc(node), base=_type(listed.get("itemType")))
        restriction = next(node.iterchildren(_XS + "restriction"))
        options = restriction.findall(_XS + "enumeration")
        return Shape(
            name=name,
            doc=_doc(node),
            values=tuple(str(option.get("value")) for option in options),
            value_docs=tuple(_doc(option) for option in options),
            facets={
                etree.QName(f).localname: str(f.get("value"))
                for f in restriction.iterchildren(tag=etree.Element)
                if f.tag != _XS + "enumeration"
            },
            base=_type(restriction.get("base")),
        )
    extension = node.find(f"{_XS}complexContent/{_XS}extension")
    inherited = None
    body = node
    if extension is not None:
        base = _type(extension.get("base"))
        inherited = _shape(base, nodes[base], nodes)
        body = extension
    group = next(
        (body.find(_XS + kind) for kind in ("sequence", "choice") if body.find(_XS + kind) is not None), None
    )
    any_order = group is not None and group.tag == _XS + "choice"
    own = tuple(_element(e, any_order) for e in group.findall(_XS + "element")) if group is not None else ()
    attributes = tuple(
        Member(
            name=str(a.get("name")),
            type=_type(a.get("type")),
            required=a.get("use") == "required",
            many=False,
            doc=_doc(a),
        )
        for a in body.findall(_XS + "attribute")
    )
    return Shape(
        name=name,
        doc=_doc(node),
        elements=(inherited.elements if inherited else ()) + own,
        attributes=(inherited.attributes if inherited else ()) + attributes,
        any_order=any_order,
        complex=True,
    )


def _element(node: etree._Element, optional: bool) -> Member:
    return Member(
        name=str(node.get("name")),
        type=_type(node.get("type")),
        required=not optional and node.get("minOccurs", "1") != "0",
        many=optional or node.get("maxOccurs", "1") != "1",
        doc=_doc(node),
    )


def _type(name: str | None) -> str:
    return str(name or "").removeprefix("c:")


def _doc(node: etree._Element) -> str:
    return str(node.findtext(f"{_XS}annotation/{_XS}documentation") or "").strip()
