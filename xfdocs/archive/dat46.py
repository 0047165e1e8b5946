"""The descriptive metadata of a package: elements of DA/T 46-2009 (文书类电子文件元数据方案), in our own XML.

The standard names elements and no XML; namespace and order are ours and described, with what could not be checked against the
standard's text, in ``schemas/archive/dat46.xsd``.  Everything that can be said of a volume, a material and a file is here, so
that METS and this one document are enough to know the package again (`xfdocs.archive.inventory`).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from xfdocs.archive.model import Model, Package
from xfdocs.archive.xml import Writer, as_bytes, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from xfdocs.archive.model import Action, Material, Part, Volume

NAMESPACE = "urn:xfdocs:dat46:1"
PLACE = PurePosixPath("metadata/descriptive/dat46.xml")
"""Where it lies in the payload."""

_RETENTION = {"Y": "永久"}
_write = Writer(NAMESPACE)


def dat46_xml(package: Package) -> bytes:
    """The document for *package* with the files it has by now; raises `TextUnwritable`."""
    package = plain(package)
    root = _write.root("电子文件元数据", 方案="DA/T 46-2009")
    _package(_write.add(root, "归档信息包"), package)
    for volume in package.volumes:
        _volume(root, package, volume)
        for material in volume.materials:
            _material(root, package, volume, material)
    _files(_write.add(root, "其他文件"), package.others)
    agents = agents_of(package)
    for name, code in agents.items():
        node = _write.add(root, "机构人员实体", 标识符=code)
        _write.put(node, "机构人员类型", "单位" if name in {package.organ, package.fonds_name} else "")
        _write.add(node, "机构人员名称", name)
    for seq, action in enumerate(package.actions, 1):
        _action(_write.add(root, "业务实体", 标识符=f"B{seq:03}"), action, agents[action.agent])
    _relations(root, package)
    return as_bytes(root)


def agents_of(package: Package) -> dict[str, str]:
    """Everybody who did something to the package, in the order of doing → an identifier inside its metadata."""
    names = dict.fromkeys((package.organ, *(action.agent for action in package.actions)))
    return {name: f"A{seq:03}" for seq, name in enumerate(names, 1)}


def identifier(volume: Volume, material: Material | None = None) -> str:
    """What a volume or one of its materials is called inside the metadata."""
    return f"V{volume.seq:03}" if material is None else f"V{volume.seq:03}-{material.seq:05}"


def retention_words(code: str) -> str:
    """保管期限 as the tables say it: 永久, 30年 (DA/T 22-2015 5.4.3 gives the codes); an unknown code stays as it is."""
    years = re.fullmatch(r"D(\d+)", code)
    return f"{int(years[1])}年" if years else _RETENTION.get(code, code)


def _package(node: etree._Element, package: Package) -> None:
    for name, value in {
        "信访件编号": package.case, "归档方式": package.model.value, "全宗号": package.fonds, "全宗名称": package.fonds_name,
        "档案门类代码": package.category, "年度": f"{package.year:04}", "保管期限": package.retention, "保管期限依据": package.retention_ground,
        "机构": package.organ, "题名": package.title, "密级": package.secrecy, "归档时间": package.made.isoformat(),
        "版本": package.version, "前一版本": package.predecessor,
    }.items():  # fmt: skip
        _write.put(node, name, value)


def _entity(root: etree._Element, package: Package, level: str, code: str, above: str = "") -> etree._Element:
    node = _write.add(root, "文件实体", **({"标识符": code, "上级": above} if above else {"标识符": code}))
    _write.add(node, "聚合层次", level)
    source = _write.add(node, "来源")
    _write.put(source, "全宗名称", package.fonds_name)
    _write.put(source, "立档单位名称", package.organ)
    _write.put(node, "电子文件号", f"{package.case}/{code}")
    return node


def _volume(root: etree._Element, package: Package, volume: Volume) -> None:
    node = _entity(root, package, package.model.value, identifier(volume))
    number = _number(node, package, volume.number)
    _write.put(
        number,
        "室编案卷号" if package.model is Model.VOLUME else "室编件号",
        volume.number.rpartition("-")[2],
    )
    content = _write.add(node, "内容描述")
    _write.put(content, "题名", volume.title)
    _write.add(content, "起始日期", volume.first.isoformat())
    _write.add(content, "截止日期", volume.last.isoformat())
    form = _write.add(node, "形式特征")
    _write.add(form, "文件组合类型", "组合文件")
    _write.add(form, "件数", len(volume.materials))
    _write.put(form, "页数", volume.pages)
    _write.add(node, "卷次", volume.seq)


def _material(root: etree._Element, package: Package, volume: Volume, material: Material) -> None:
    node = _entity(root, package, "文件", identifier(volume, material), identifier(volume))
    number = _number(node, package, volume.named(material))
    _write.put(number, "页号", material.first_page)
    content = _write.add(node, "内容描述")
    _write.put(content, "题名", material.title)
    _write.put(content, "文件编号", material.number)
    _write.put(content, "责任者", material.responsible)
    _write.put(content, "日期", material.date.isoformat() if material.date else "")
    _write.put(content, "密级", material.secrecy)
    form = _write.add(node, "形式特征")
    _write.add(form, "文件组合类型", "组合文件" if len(material.parts) > 1 else "单件")
    _write.put(form, "页数", material.pages)
    _write.put(form, "原件情况", material.original)
    _files(node, material.parts)
    _write.put(node, "附注", material.remark)
    _write.add(node, "序号", material.seq)
    _write.put(node, "排列步骤", material.group)


def _number(node: etree._Element, package: Package, number: str) -> etree._Element:
    child = _write.add(node, "档号")
    _write.put(child, "完整档号", number)
    _write.put(child, "全宗号", package.fonds)
    _write.put(child, "类别号", package.category)
    _write.add(child, "年度", f"{package.year:04}")
    _write.put(child, "保管期限", retention_words(package.retention))
    return child


def _files(node: etree._Element, parts: Iterable[Part]) -> None:
    for part in parts:
        child = _write.add(node, "电子属性")
        _write.add(child, "计算机文件名", part.path)
        _write.add(child, "计算机文件大小", part.size)
        _write.add(child, "格式信息", part.format.name)
        _write.put(child, "格式版本", part.format.version)
        _write.put(child, "格式标识", part.format.puid)
        _write.add(child, "媒体类型", part.format.media)
        _write.add(child, "摘要", part.sha256)
        _write.add(child, "用途", part.role.value)
        _write.put(child, "原文件名", part.name)
        _write.put(child, "复制自", part.copy_of)
        _write.put(child, "附注", part.note)


def _action(node: etree._Element, action: Action, agent: str) -> None:
    _write.add(node, "机构人员标识符", agent)
    _write.add(node, "业务状态", "历史行为")
    _write.add(node, "业务行为", action.kind)
    _write.add(node, "行为时间", action.at.isoformat())
    _write.put(node, "行为结果", action.outcome)
    _write.put(node, "行为描述", action.detail)


def _relations(root: etree._Element, package: Package) -> None:
    """Volumes of one case follow each other; a package takes the place of the one before."""
    for before, volume in zip(package.volumes, package.volumes[1:], strict=False):
        _relation(root, identifier(volume), identifier(before), "接续", "同一件信访事项的前一卷")
    if package.predecessor:
        _relation(
            root,
            identifier(package.volumes[0]),
            package.predecessor,
            "代替",
            "前一版本信息包的标签清单 SHA-256",
        )


def _relation(root: etree._Element, one: str, other: str, relation: str, detail: str) -> None:
    node = _write.add(root, "实体关系")
    _write.add(node, "实体标识符", one)
    _write.add(node, "被关联实体标识符", other)
    _write.add(node, "关系", relation)
    _write.add(node, "关系描述", detail)
