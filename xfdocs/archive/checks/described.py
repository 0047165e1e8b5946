"""The DA/T 46 metadata as they stand in the file, value by value: what `inventory_of` would refuse is looked at here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

FILES = "电子属性"
_ENTITY = "文件实体"


@dataclass(frozen=True, slots=True)
class Value:
    """One element that holds text."""

    place: str
    """Where it stands, as people can find it: ``文件实体V001-00002/内容描述/题名``."""
    name: str
    above: str
    """Name of the element it stands in."""
    text: str


def values_of(root: etree._Element) -> Iterator[Value]:
    """Every value of the document, in its order."""
    yield from _values(root, "")


def _values(node: etree._Element, place: str) -> Iterator[Value]:
    seen: dict[str, int] = {}
    for child in node.iterchildren(etree.Element):
        name = local(child)
        seen[name] = seen.get(name, 0) + 1
        own = child.get("标识符") or (str(seen[name]) if seen[name] > 1 else "")
        here = f"{place}/{name}{own}".lstrip("/")
        if len(child):
            yield from _values(child, here)
        else:
            yield Value(here, name, local(node), child.text or "")


@dataclass(frozen=True, slots=True)
class Thing:
    """A package, a volume, a material or a file that the metadata describe."""

    kind: str
    """package, volume, material, file: as ``[required]`` of ``checks.toml``."""
    place: str
    node: etree._Element

    def text(self, path: str) -> str | None:
        """The text of an element below it; None if there is none."""
        node: etree._Element | None = self.node
        for name in path.split("/"):
            node = child_of(node, name) if node is not None else None
        return None if node is None else node.text or ""


def things_of(root: etree._Element) -> Iterator[Thing]:
    """Everything that is described."""
    for node in root.iterchildren(etree.Element):
        name = local(node)
        if name == "归档信息包":
            yield Thing("package", name, node)
        elif name == _ENTITY:
            level = child_of(node, "聚合层次")
            kind = "material" if level is not None and level.text == "文件" else "volume"
            yield Thing(kind, f"{name}{node.get('标识符', '')}", node)
        for position, file in enumerate(_called(node, FILES), 1):
            yield Thing("file", f"{name}{node.get('标识符', '')}/{FILES}{position}", file)


def children_called(node: etree._Element, name: str) -> list[etree._Element]:
    """The elements of that name in another."""
    return list(_called(node, name))


def child_of(node: etree._Element, name: str) -> etree._Element | None:
    """The first element of that name in another."""
    return next(_called(node, name), None)


def _called(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node.iterchildren(etree.Element) if local(child) == name)


def local(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]  # QName does the same in ten times the time
