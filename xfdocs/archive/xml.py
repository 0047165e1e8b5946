"""What all metadata of a package have in common: text that XML can say, and elements of one namespace.

The documents are written by lxml.  Text is NFC; a file's name as it was received stays as it was, for it may be the one thing that
tells a name in decomposed form from ours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from xfdocs.archive.model import Action, Format, Material, Package, Part, Volume
from xfdocs.errors import TextUnwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", Package, Volume, Material, Part, Format, Action)

PARSER_OPTIONS: Mapping[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": True,
}
"""How any XML of a package is parsed: no network, no DTD, no entities; ten thousand files are no attack."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no Char of XML 1.0 (production 2)."""

NAMES: Mapping[type, Mapping[str, str]] = {
    Package: {
        "case": "信访件编号", "fonds": "全宗号", "fonds_name": "全宗名称", "category": "档案门类代码", "retention": "保管期限",
        "retention_ground": "保管期限依据", "organ": "机构", "title": "题名", "secrecy": "密级", "predecessor": "前一版本",
    },
    Volume: {"number": "档号", "title": "案卷题名"},
    Material: {
        "title": "题名", "group": "排列步骤", "number": "文号", "responsible": "责任者", "secrecy": "密级", "original": "原件情况",
        "remark": "备注",
    },
    Part: {"path": "路径", "sha256": "摘要", "name": "原文件名", "note": "附注", "copy_of": "复制自"},
    Format: {"name": "格式名称", "media": "媒体类型", "version": "格式版本", "puid": "PUID"},
    Action: {"kind": "业务行为", "outcome": "行为结果", "detail": "行为描述", "agent": "机构人员"},
}  # fmt: skip
"""Every text of a package and what it is called where it cannot be written."""

_AS_RECEIVED = {"path", "name", "copy_of"}
"""Texts that are names of files: checked, never rewritten."""


def plain(package: Package) -> Package:
    """The package as metadata say it: NFC, and nothing that XML cannot hold.

    What is in order already comes back as the same object.  Raises `TextUnwritable`; the error names the place and the
    character, not the text.
    """
    volumes = tuple(
        _with(_plain(volume, f"第{volume.seq}卷的"), materials=_each(_materials(volume), volume.materials))
        for volume in package.volumes
    )
    return _with(
        _plain(package, ""),
        volumes=_each(volumes, package.volumes),
        others=_each(tuple(_part(part, "") for part in package.others), package.others),
        actions=_each(tuple(_plain(one, "归档动作的") for one in package.actions), package.actions),
    )


def _materials(volume: Volume) -> tuple[Material, ...]:
    return tuple(
        _with(
            _plain(one, where := f"第{volume.seq}卷第{one.seq}件的"),
            parts=_each(tuple(_part(part, where) for part in one.parts), one.parts),
        )
        for one in volume.materials
    )


def _part(part: Part, where: str) -> Part:
    where = f"{where}文件“{_FORBIDDEN.sub('□', part.path.name)}”的"
    return _with(_plain(part, where), format=_plain(part.format, where))


def _each(now: tuple[Any, ...], before: tuple[Any, ...]) -> tuple[Any, ...]:
    """*before* if nothing in it has changed."""
    return before if all(map(_is, now, before)) else now


def _is(one: object, other: object) -> bool:
    return one is other


def _with(item: T, **values: Any) -> T:
    changed = {name: value for name, value in values.items() if value is not getattr(item, name)}
    return replace(item, **changed) if changed else item


def _plain(item: T, where: str) -> T:
    changed = {}
    for field, name in NAMES[type(item)].items():
        value = getattr(item, field)
        if not value:
            continue
        text = str(value)
        if bad := _FORBIDDEN.search(text):
            raise TextUnwritable(
                where=where + name, character=f"U+{ord(bad[0]):04X}", position=bad.start() + 1
            )
        if field not in _AS_RECEIVED and not unicodedata.is_normalized("NFC", text):
            changed[field] = unicodedata.normalize("NFC", text)
    return _with(item, **changed)


class Writer:
    """Elements of one namespace, one after the other."""

    def __init__(self, namespace: str, nsmap: Mapping[str | None, str] | None = None) -> None:
        self._prefix = f"{{{namespace}}}"
        self._nsmap: Any = {None: namespace, **(nsmap or {})}

    def root(self, name: str, **attributes: str) -> etree._Element:
        """The element that holds all others."""
        return etree.Element(self._prefix + name, attributes, nsmap=self._nsmap)

    def add(
        self, parent: etree._Element, name: str, text: object = None, **attributes: str
    ) -> etree._Element:
        """A child, with its text."""
        node = etree.SubElement(parent, self._prefix + name, attributes)
        if text is not None:
            node.text = str(text)
        return node

    def put(self, parent: etree._Element, name: str, text: object) -> None:
        """A child, if there is something to say."""
        if text is not None and text != "":
            self.add(parent, name, text)


def as_bytes(root: etree._Element) -> bytes:
    """The document: UTF-8, two spaces of indent, one final newline."""
    etree.indent(root, space="  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def payload_path(text: str) -> PurePosixPath:
    """A place below ``data/`` as metadata write it; raises ValueError for one that leads out of it."""
    path = PurePosixPath(text)
    if not text or path.is_absolute() or ".." in path.parts or str(path) != text:
        raise ValueError(f"{text!r} 不是信息包里的位置")
    return path
