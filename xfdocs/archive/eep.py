"""DA/T 48-2009: a package as one 电子文件封装包 (EEP), every file inside as Base64.

The standard's example schema allows one 文件实体 in a 封装包 and fixes its level at 文件: so the case is one 组合文件, each material a
文档 of it, each file of a material an 编码.  Written as a stream: a file of four gigabytes passes in pieces.  No signature is made;
whoever signs adds 电子签名块 and 锁定签名 after 被签名对象.  Structure: ``schemas/archive/eep.xsd``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from xfdocs.archive.dat46 import agents_of, retention_words
from xfdocs.archive.model import Model, Role
from xfdocs.archive.xml import plain
from xfdocs.errors import PartChanged

if TYPE_CHECKING:
    from xfdocs.archive.model import Material, Package, Part

NAMESPACE = "http://www.saac.gov.cn/standards/ERM/encapsulation"
VERSION = "2009"
ABOUT = "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成"
ORIGINAL = "本封装包包含电子文件数据及其元数据，原始封装，未经修改"
ENCODING = (
    "本封装包中“编码数据”元素存储的是计算机文件二进制流的Base64编码，有关Base64编码规则参见IETF RFC 2045多用途邮件扩展（MIME）"
    "第一部分：互联网信息体格式。当提取和显现封装在编码数据元素中的计算机文件时，应对Base64编码进行反编码，并依据封装包中"
    "“反编码关键字”元素中记录的值还原计算机文件的扩展名"
)
"""Three sentences that the standard gives word by word."""

Open = Callable[[PurePosixPath], BinaryIO]
"""Opens a file of the package by its place in the payload."""

_PIECE = 3 << 18
"""Bytes read at once; three bytes make four letters, so pieces join without filling."""

_DEEDS = {
    "capture": "捕获",
    "ingestion start": "接收",
    "message digest calculation": "计算数字摘要",
    "format identification": "识别格式",
    "normalization": "转换格式",
    "validation": "校验",
    "virus check": "病毒检查",
    "metadata extraction": "提取元数据",
    "creation": "形成",
    "transfer": "移交",
}
"""What 业务行为 calls the usual PREMIS events; others keep their name."""

_OTHERS = {
    Role.RECORD: "案件记录",
    Role.CATALOGUE: "封面、目录与备考表",
    Role.PAGE: "阅览页与说明",
    Role.METADATA: "元数据",
}


@dataclass(frozen=True, slots=True)
class _Document:
    """文档: what is inside it, and whether it leads."""

    title: str
    main: bool
    parts: tuple[Part, ...]


def write_eep(package: Package, read: Open, out: BinaryIO) -> None:
    """Write *package*, or one that was read back, with the files that *read* opens.

    Size and digest of every file are checked as it passes.  Raises `TextUnwritable` before anything is written, and
    `PartChanged` in the middle: whoever gave *out* throws away what has been written.
    """
    package = plain(package)
    stream = _Stream(out)
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.open("电子文件封装包", xmlns=NAMESPACE)
    stream.leaf("封装包格式描述", ABOUT)
    stream.leaf("版本", VERSION)
    stream.open("被签名对象", eep版本=VERSION)
    stream.leaf("封装包类型", "原始型")
    stream.leaf("封装包类型描述", ORIGINAL)
    stream.leaf("封装包创建时间", package.made.isoformat())
    stream.leaf("封装包创建单位", package.organ)
    stream.open("封装内容")
    stream.open("文件实体块")
    stream.open("文件实体")
    _description(stream, package)
    stream.open("文件数据")
    for seq, document in enumerate(_documents(package), 1):
        _document(stream, seq, document, read)
    stream.close("文件数据", "文件实体", "文件实体块")
    _deeds(stream, package)
    stream.close("封装内容", "被签名对象", "电子文件封装包")


def _documents(package: Package) -> Iterable[_Document]:
    """Every file of the package in some 文档: materials in their order, then the rest by what it is for."""
    for volume in package.volumes:
        for material in volume.materials:
            if material.parts:
                main = any(part.role is Role.DOCUMENT for part in material.parts)
                yield _Document(material.title, main, material.parts)
    roles = dict.fromkeys(part.role for part in package.others)
    for role in roles:
        parts = tuple(part for part in package.others if part.role is role)
        yield _Document(_OTHERS.get(role, "其他文件"), False, parts)


def _description(stream: _Stream, package: Package) -> None:
    """Everything of 文件实体 before its data."""
    stream.leaf("聚合层次", "文件")
    stream.open("来源")
    stream.leaf("全宗名称", package.fonds_name)
    stream.leaf("立档单位名称", package.organ)
    stream.close("来源")
    stream.leaf("电子文件号", package.case)
    _number(stream, package)
    stream.open("内容描述")
    stream.leaf("题名", package.title)
    stream.leaf("责任者", package.organ)
    first, last = min(one.first for one in package.volumes), max(one.last for one in package.volumes)
    stream.leaf("日期", f"{first.isoformat()}/{last.isoformat()}")
    stream.leaf("密级", package.secrecy)
    stream.close("内容描述")
    stream.open("形式特征")
    stream.leaf("文件组合类型", "组合文件")
    pages = [volume.pages for volume in package.volumes]
    if (total := sum(count for count in pages if count is not None)) and None not in pages:
        stream.leaf("页数", str(total))
    stream.close("形式特征")
    stream.open("存储位置")
    stream.leaf("脱机载体编号", "")
    stream.close("存储位置")
    stream.leaf("权限管理", "")
    for note in _notes(package):
        stream.leaf("附注", note)


def _number(stream: _Stream, package: Package) -> None:
    """档号: the whole as text, then its parts.  A case in volumes is the one 件 of its 案卷."""
    in_volumes = package.model is Model.VOLUME
    digits = None if in_volumes else re.search(r"\d+$", package.number, re.ASCII)
    volumes = "、".join(volume.number.rpartition("-")[2] for volume in package.volumes)
    inside = {
        "全宗号": package.fonds,
        "年度": f"{package.year:04}",
        "保管期限": retention_words(package.retention),
        "室编案卷号": volumes if in_volumes else "",
        "室编件号": str(max(1, int(digits[0]))) if digits else "1",
    }
    must = {"年度", "保管期限", "室编件号"}
    stream.mixed(
        "档号", package.number, {name: value for name, value in inside.items() if value or name in must}
    )


def _notes(package: Package) -> Iterable[str]:
    """What the structure has no place for."""
    for volume in package.volumes:
        yield f"第{volume.seq}卷，档号 {volume.number}：{volume.title}"
        for one in volume.materials:
            if not one.parts:
                yield f"第{volume.seq}卷第{one.seq}件“{one.title}”只有纸质，没有封装"
    if package.predecessor:
        yield f"第{package.version}次归档；前一版本信息包标签清单的 SHA-256 是 {package.predecessor}"


def _document(stream: _Stream, seq: int, document: _Document, read: Open) -> None:
    code = f"修改0-文档{seq}"
    stream.open("文档")
    stream.leaf("文档标识符", code)
    stream.leaf("文档序号", str(seq))
    stream.leaf("文档主从声明", "主文档" if document.main else "附属文档")
    stream.leaf("题名", document.title)
    stream.open("文档数据", 文档数据ID=f"{code}-文档数据1")
    for position, part in enumerate(document.parts, 1):
        _file(stream, f"{code}-文档数据1-编码{position}", part, read)
    stream.close("文档数据", "文档")


def _file(stream: _Stream, code: str, part: Part, read: Open) -> None:
    form = part.format
    stream.open("编码", 编码ID=code)
    stream.open("电子属性")
    stream.leaf("格式信息", " ".join(filter(None, (form.name, form.version, form.puid))))
    stream.leaf("计算机文件名", str(part.path))
    stream.leaf("计算机文件大小", str(part.size))
    stream.close("电子属性")
    stream.leaf("编码描述", ENCODING)
    suffix = part.path.suffix.removeprefix(".")
    stream.leaf("反编码关键字", f"base64-{suffix}" if suffix else "base64")
    with read(part.path) as source:
        stream.data("编码数据", source, part, 编码数据ID=f"{code}-编码数据")
    stream.close("编码")


def _deeds(stream: _Stream, package: Package) -> None:
    """业务实体块 and 机构人员实体块: when each dated material was made, what was done at packing, and by whom."""
    agents = dict(agents_of(package))
    made = [
        (volume.seq, one) for volume in package.volumes for one in volume.materials if one.date is not None
    ]
    for _, one in made:
        agents.setdefault(one.responsible or package.organ, f"A{len(agents) + 1:03}")
    stream.open("业务实体块")
    deeds = [*_made(package, made, agents), *_done(package, agents)]
    for seq, (agent, deed, when, ground, detail) in enumerate(deeds, 1):
        stream.open("业务实体")
        stream.leaf("业务标识符", f"B{seq:03}")
        stream.leaf("机构人员标识符", agent)
        stream.leaf("文件标识符", package.case)
        stream.leaf("业务状态", "历史行为")
        stream.leaf("业务行为", deed)
        stream.leaf("行为时间", when)
        if ground:
            stream.leaf("行为依据", ground)
        if detail:
            stream.leaf("行为描述", detail)
        stream.close("业务实体")
    stream.close("业务实体块")
    stream.open("机构人员实体块")
    for name, code in agents.items():
        stream.open("机构人员实体")
        stream.leaf("机构人员标识符", code)
        if name in {package.organ, package.fonds_name}:
            stream.leaf("机构人员类型", "单位")
        stream.leaf("机构人员名称", name)
        stream.close("机构人员实体")
    stream.close("机构人员实体块")


_Deed = tuple[str, str, str, str, str]
"""Who (identifier), what, when, on what ground, told more fully."""


def _made(package: Package, made: Iterable[tuple[int, Material]], agents: dict[str, str]) -> Iterable[_Deed]:
    for volume, one in made:
        number = f"，{one.number}" if one.number else ""
        detail = f"第{volume}卷第{one.seq}件：{one.title}{number}"
        when = one.date.isoformat() if one.date else ""
        yield agents[one.responsible or package.organ], "形成", when, "", detail


def _done(package: Package, agents: dict[str, str]) -> Iterable[_Deed]:
    for action in package.actions:
        outcome = {"success": "成功", "warning": "有提示", "failure": "未成"}.get(
            action.outcome, action.outcome
        )
        detail = f"{action.detail}（{outcome}）" if outcome else action.detail
        yield agents[action.agent], _DEEDS.get(action.kind, action.kind), action.at.isoformat(), "", detail
    when = package.made.isoformat()
    yield agents[package.organ], "归档", when, package.retention_ground, retention_words(package.retention)


@dataclass(slots=True)
class _Stream:
    """Elements written as they come; `plain` has seen to it that every text can be written."""

    out: BinaryIO
    _open: list[str] = field(default_factory=list)

    def open(self, name: str, **attributes: str) -> None:
        """Begin an element that holds others."""
        self._begin(name, attributes)
        self.out.write(b"\n")
        self._open.append(name)

    def close(self, *names: str) -> None:
        """End the open elements, which must be these, innermost first."""
        for name in names:
            if self._open.pop() != name:
                raise ValueError(f"{name} is not what is open")
            self.out.write(f"{'  ' * len(self._open)}</{name}>\n".encode())

    def leaf(self, name: str, text: str) -> None:
        """An element with text only."""
        self._begin(name, {})
        self.out.write(f"{_safe(text)}</{name}>\n".encode())

    def mixed(self, name: str, text: str, inside: Mapping[str, str]) -> None:
        """An element with text and leaves, without white space between them, for there it would be text."""
        self._begin(name, {})
        leaves = "".join(f"<{key}>{_safe(value)}</{key}>" for key, value in inside.items())
        self.out.write(f"{_safe(text)}{leaves}</{name}>\n".encode())

    def data(self, name: str, source: BinaryIO, part: Part, **attributes: str) -> None:
        """An element with the bytes of a file as Base64, in pieces; raises `PartChanged` if they are not what *part* says."""
        self._begin(name, attributes)
        digest, size, rest = hashlib.sha256(), 0, b""
        while piece := source.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            if rest or len(piece) % 3:
                piece = rest + piece
                whole = len(piece) - len(piece) % 3
                piece, rest = piece[:whole], piece[whole:]
            self.out.write(base64.b64encode(piece))
        self.out.write(base64.b64encode(rest))
        if size != part.size:
            raise PartChanged(path=part.path, what=f"应为 {part.size} 字节，读到 {size} 字节")
        if digest.hexdigest() != part.sha256:
            raise PartChanged(path=part.path, what="SHA-256 不同")
        self.out.write(f"</{name}>\n".encode())

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self.out.write(f"{'  ' * len(self._open)}<{name}{said}>".encode())


def _safe(text: str) -> str:
    """Text as it stands between tags; a carriage return survives only as a reference (XML 1.0, 2.11)."""
    return escape(text, {"\r": "&#13;"})
