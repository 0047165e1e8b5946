"""A package read back from its metadata: METS says which files there are, DA/T 46 says what they are.

What comes back is a `Package` again, equal to the one that was written but for where the bytes are: the source of a part is its
place in the payload, as a relative path, to be opened by whoever holds the bag.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

from xfdocs.archive import dat46, mets, premis
from xfdocs.archive.metadata import XML, schema
from xfdocs.archive.model import Action, Format, Material, Model, Package, Part, Role, Volume
from xfdocs.archive.xml import PARSER_OPTIONS, payload_path
from xfdocs.errors import MetadataBroken

Inventory: TypeAlias = Package
"""A package whose sources are places in the payload."""

Read: TypeAlias = Callable[[str], bytes]
"""Gives the bytes of a file by its place in the payload (``metadata/descriptive/dat46.xml``)."""

_DAT46 = f"{{{dat46.NAMESPACE}}}"
_METS = f"{{{mets.NAMESPACE}}}"
_HREF = f"{{{mets.XLINK}}}href"
_TITLE = f"{{{mets.XLINK}}}title"


def inventory_of(bag_read: Read) -> Inventory:
    """What the metadata of a package say it is.

    Both documents are held against their schemas, and against each other: the same files with the same facts.  Nothing is said of
    the bytes of the files themselves.  Raises `MetadataBroken`, and whatever *bag_read* raises for a file that is missing.
    """
    mets_data = bag_read(str(mets.PLACE))
    listed = listed_in(mets_data)
    package = described_in(bag_read(str(dat46.PLACE)))
    _agree(package, listed)
    own = Part(
        path=mets.PLACE, source=Path(mets.PLACE), role=Role.METADATA, format=XML,
        size=len(mets_data), sha256=hashlib.sha256(mets_data).hexdigest(),
    )  # fmt: skip
    return replace(package, others=(*package.others, listed[dat46.PLACE], listed[premis.PLACE], own))


def listed_in(data: bytes) -> dict[PurePosixPath, Part]:
    """Every file that METS, alone, names and what it says of it. Raises `MetadataBroken`."""
    return _listed(_root(data, mets.PLACE, "mets.xsd"))


def described_in(data: bytes) -> Package:
    """The package as DA/T 46, alone, describes it: without the three documents of metadata. Raises `MetadataBroken`."""
    return _Reader(_root(data, dat46.PLACE, "dat46.xsd")).package()


def as_inventory(package: Package) -> Inventory:
    """A package as it would be read back: every source is the place in the payload."""

    def moved(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(part, source=Path(part.path)) for part in parts)

    volumes = tuple(
        replace(volume, materials=tuple(replace(one, parts=moved(one.parts)) for one in volume.materials))
        for volume in package.volumes
    )
    return replace(package, volumes=volumes, others=moved(package.others))


def _root(data: bytes, place: PurePosixPath, against: str) -> etree._Element:
    """The document, well-formed and valid."""
    try:
        root = etree.fromstring(
            data, etree.XMLParser(remove_comments=True, remove_pis=True, **PARSER_OPTIONS)
        )
    except etree.XMLSyntaxError as error:
        raise MetadataBroken(file=place, what=f"不是完好的 XML（{error}）") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MetadataBroken(file=place, what="带有 DTD")
    judge = schema(against)
    if not judge.validate(root):
        log: Any = judge.error_log  # its words would quote what is written there, and that may be a name
        raise MetadataBroken(file=place, what=f"第 {log.last_error.line} 行不合结构")
    return root


def _listed(root: etree._Element) -> dict[PurePosixPath, Part]:
    """Every file METS names, as far as METS knows it."""
    found: dict[PurePosixPath, Part] = {}
    for node in root.iter(f"{_METS}mdRef", f"{_METS}file"):
        is_file = node.tag == f"{_METS}file"
        try:
            link = node[0] if is_file else node
            path = payload_path(unquote(_said(link, _HREF), errors="strict"))
            part = Part(
                path=path, source=Path(path), role=Role(_said(node, "USE")) if is_file else Role.METADATA,
                format=XML if not is_file else Format(name="", media=_said(node, "MIMETYPE")),
                size=int(_said(node, "SIZE")), sha256=_said(node, "CHECKSUM"), name=link.get(_TITLE, ""),
            )  # fmt: skip
        except (KeyError, ValueError, IndexError) as error:
            raise MetadataBroken(
                file=mets.PLACE, what=f"第 {node.sourceline} 行的文件读不懂（{error}）"
            ) from error
        if path in found:
            raise MetadataBroken(file=mets.PLACE, what=f"“{path}”登记了两次")
        found[path] = part
    return found


def _agree(package: Package, listed: dict[PurePosixPath, Part]) -> None:
    """METS and DA/T 46 speak of the same files and say the same of them."""
    own = {dat46.PLACE, premis.PLACE}
    if missing := own - listed.keys():
        raise MetadataBroken(
            file=mets.PLACE, what=f"没有登记{'、'.join(f'“{path}”' for path in sorted(missing))}"
        )
    described = {part.path: part for part in package.parts()}
    for path in sorted((listed.keys() - own) ^ described.keys()):
        only = "METS.xml" if path in listed else "dat46.xml"
        raise MetadataBroken(file=mets.PLACE, what=f"“{path}”只登记在 {only} 里")
    for path, part in described.items():
        other = listed[path]
        for said, here, there in (
            ("大小", other.size, part.size),
            ("摘要", other.sha256, part.sha256),
            ("媒体类型", other.format.media, part.format.media),
            ("用途", other.role, part.role),
            ("原文件名", other.name, part.name),
        ):
            if here != there:
                raise MetadataBroken(
                    file=mets.PLACE, what=f"“{path}”的{said}是 {here}，而 dat46.xml 写的是 {there}"
                )


class _Reader:
    """dat46.xml on its way back; it is valid, so what must be there is there."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root

    def package(self) -> Package:
        """The whole; raises `MetadataBroken` where values make no package."""
        try:
            return self._package()
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise MetadataBroken(file=dat46.PLACE, what=f"内容前后不合（{error}）") from error

    def _package(self) -> Package:
        head = _one(self._root, "归档信息包")
        agents = {
            _said(node, "标识符"): _text(node, "机构人员名称") for node in _all(self._root, "机构人员实体")
        }
        return Package(
            case=_text(head, "信访件编号"), model=Model(_text(head, "归档方式")), fonds=_text(head, "全宗号"),
            fonds_name=_text(head, "全宗名称"), category=_text(head, "档案门类代码"), year=int(_text(head, "年度")),
            retention=_text(head, "保管期限"), retention_ground=_text(head, "保管期限依据"), organ=_text(head, "机构"),
            title=_text(head, "题名"), secrecy=_text(head, "密级"), made=dt.datetime.fromisoformat(_text(head, "归档时间")),
            version=int(_text(head, "版本")), predecessor=_text(head, "前一版本"), volumes=self._volumes(),
            others=_parts(_one(self._root, "其他文件")),
            actions=tuple(_action(node, agents) for node in _all(self._root, "业务实体")),
        )  # fmt: skip

    def _volumes(self) -> tuple[Volume, ...]:
        inside: dict[str, list[Material]] = {}
        heads: dict[str, etree._Element] = {}
        for node in _all(self._root, "文件实体"):
            above = node.get("上级", "")
            if above:
                inside[above].append(_material(node))
            else:
                code = _said(node, "标识符")
                heads[code], inside[code] = node, []
        return tuple(_volume(node, tuple(inside[code])) for code, node in heads.items())


def _volume(node: etree._Element, materials: tuple[Material, ...]) -> Volume:
    content = _one(node, "内容描述")
    return Volume(
        seq=int(_text(node, "卷次")), number=_text(_one(node, "档号"), "完整档号"), title=_text(content, "题名"),
        first=dt.date.fromisoformat(_text(content, "起始日期")), last=dt.date.fromisoformat(_text(content, "截止日期")),
        materials=materials,
    )  # fmt: skip


def _material(node: etree._Element) -> Material:
    content, form = _one(node, "内容描述"), _one(node, "形式特征")
    day = _text(content, "日期")
    return Material(
        seq=int(_text(node, "序号")), title=_text(content, "题名"), group=_text(node, "排列步骤"), number=_text(content, "文件编号"),
        responsible=_text(content, "责任者"), date=dt.date.fromisoformat(day) if day else None, secrecy=_text(content, "密级"),
        pages=_number(form, "页数"), first_page=_number(_one(node, "档号"), "页号"), original=_text(form, "原件情况"),
        remark=_text(node, "附注"), parts=_parts(node),
    )  # fmt: skip


def _parts(node: etree._Element) -> tuple[Part, ...]:
    return tuple(_part(child) for child in _all(node, "电子属性"))


def _part(node: etree._Element) -> Part:
    said = {etree.QName(child).localname: child.text or "" for child in node}
    path = payload_path(said["计算机文件名"])
    form = Format(
        name=said["格式信息"],
        media=said["媒体类型"],
        version=said.get("格式版本", ""),
        puid=said.get("格式标识", ""),
    )
    return Part(
        path=path, source=Path(path), role=Role(said["用途"]), format=form, size=int(said["计算机文件大小"]), sha256=said["摘要"],
        name=said.get("原文件名", ""), copy_of=payload_path(said["复制自"]) if "复制自" in said else None, note=said.get("附注", ""),
    )  # fmt: skip


def _action(node: etree._Element, agents: dict[str, str]) -> Action:
    return Action(
        kind=_text(node, "业务行为"), at=dt.datetime.fromisoformat(_text(node, "行为时间")), outcome=_text(node, "行为结果"),
        detail=_text(node, "行为描述"), agent=agents[_text(node, "机构人员标识符")],
    )  # fmt: skip


def _all(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return node.iterchildren(_DAT46 + name)


def _one(node: etree._Element, name: str) -> etree._Element:
    for child in _all(node, name):
        return child
    raise KeyError(name)


def _text(node: etree._Element, name: str) -> str:
    return node.findtext(_DAT46 + name) or ""


def _said(node: etree._Element, name: str) -> str:
    """An attribute that must be there."""
    return str(node.attrib[name])


def _number(node: etree._Element, name: str) -> int | None:
    text = _text(node, name)
    return int(text) if text else None
