"""可用性: whether everything can be read, by programs and by people, today and in twenty years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from xfdocs.archive.attachments import DAMAGED, ENCODING, INSIDE, PASSWORD, RESTRICTED
from xfdocs.archive.bag.findings import BagFlaw
from xfdocs.archive.checks.authenticity import flawed
from xfdocs.archive.checks.evidence import Answer, CannotCheck, Checks, failed, judged
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.metadata import schema
from xfdocs.archive.model import Role

CHECKS = Checks()

# --- metadata ---------------------------------------------------------------------------------------------


def _documents(subject: Subject) -> dict[str, str]:
    """The documents of metadata and the schemas they follow."""
    return {subject.METS: "mets.xsd", subject.PREMIS: "premis-v3-0.xsd", subject.DAT46: "dat46.xsd"}


@CHECKS.item("KY-01")
def readable(subject: Subject) -> Answer:
    """The metadata are well-formed XML."""
    wrong, unread = [], []
    for path in _documents(subject):
        if path not in subject.payload:
            wrong.append(f"没有 {path}")
            continue
        try:
            subject.read(path)
        except CannotCheck as trouble:
            unread.append(str(trouble))
            continue
        try:
            subject.root(path)
        except CannotCheck as trouble:
            wrong.append(str(trouble))
    return judged(wrong, "METS、PREMIS、DA/T 46 元数据能够读出", unread)


@CHECKS.item("KY-02")
def valid(subject: Subject) -> Answer:
    """The metadata keep their schemas."""
    wrong, unread = [], []
    for path, name in _documents(subject).items():
        try:
            root = subject.root(path)
        except CannotCheck as trouble:
            unread.append(str(trouble))
            continue
        judge = schema(name)
        if not judge.validate(root):  # what libxml2 says quotes values: only where and which rule is told
            wrong += [f"{path} 第 {one.line} 行不符合 {name}（{one.type_name}）" for one in _entries(judge)]
    return judged(wrong, "METS、PREMIS、DA/T 46 元数据都符合 XML Schema", unread)


def _entries(judge: etree.XMLSchema) -> Iterator[Any]:
    """What a schema has against a document; the stubs of lxml do not know that its log can be gone through."""
    log: Any = judge.error_log
    yield from log


# --- content ----------------------------------------------------------------------------------------------


@CHECKS.item("KY-04")
def accepted(subject: Subject) -> Answer:
    """Every material can be read in a format that is archived."""
    wrong, unread = [], []
    count = 0
    for volume in subject.package.volumes:
        for one in volume.materials:
            paths = [str(part.path) for part in one.parts if str(part.path) in subject.payload]
            try:
                looks = [subject.looked(path) for path in paths]
            except CannotCheck as trouble:
                unread.append(str(trouble))
                continue
            count += 1
            where = f"第 {volume.seq} 卷第 {one.seq} 件"
            if looks and not any(look.rule.accepted for look in looks):
                wrong.append(
                    f"{where}没有可以归档的格式，有{'、'.join(dict.fromkeys(x.format.name for x in looks))}"
                )
            vague = [
                p
                for p, look in zip(paths, looks, strict=True)
                if any(f.code == ENCODING for f in look.findings)
            ]
            wrong += [f"{path} 的文字编码不能确定" for path in vague]
    return judged(wrong, f"{count} 份卷内文件，都有可以归档的格式（格式表没有与标准原文核对）", unread)


@CHECKS.item("KY-05")
def whole(subject: Subject) -> Answer:
    """No file is damaged."""
    wrong, unread = subject.said_of(DAMAGED)
    return judged(wrong, f"{len(subject.payload)} 个文件，没有损坏的迹象", unread)


@CHECKS.item("KY-06")
def open_to_all(subject: Subject) -> Answer:
    """Nothing asks for a password."""
    wrong, unread = subject.said_of(PASSWORD)
    wrong += flawed(subject, {BagFlaw.ENCRYPTED})
    return judged(wrong, f"{len(subject.payload)} 个文件，没有要密码的", unread)


@CHECKS.item("KY-10")
def unrestricted(subject: Subject) -> Answer:
    """Nothing restricts what may be done with it."""
    wrong, unread = subject.said_of(RESTRICTED)
    return judged(wrong, f"{len(subject.payload)} 个文件，没有限制使用的", unread)


@CHECKS.item("KY-07")
def public_methods(subject: Subject) -> Answer:
    """The container is compressed by a public method."""
    kind = subject.bag.container
    return judged(
        flawed(subject, {BagFlaw.METHOD}), f"信息包是 {kind.value if kind else '未知'}，没有非公开的压缩"
    )


@CHECKS.item("KY-11")
def no_archives(subject: Subject) -> Answer:
    """No file holds others that nobody looked at."""
    wrong, unread = subject.said_of(INSIDE)
    return judged(wrong, f"{len(subject.payload)} 个文件，没有压缩包", unread)


# --- the page ---------------------------------------------------------------------------------------------

_INDEX = "index.html"
_LINKS = ("href", "src", "data", "poster", "action", "srcset")


@CHECKS.item("KY-08")
def page(subject: Subject) -> Answer:
    """The page is there, leads only into the package, and runs nothing."""
    if _INDEX not in subject.payload:
        return failed("没有 index.html")
    try:
        root = html.document_fromstring(
            subject.read(_INDEX), parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except etree.LxmlError as error:
        raise CannotCheck("index.html 读不懂") from error
    nodes = list(root.iter(etree.Element))
    links = [(node, str(node.get(name))) for node in nodes for name in _LINKS if node.get(name) is not None]
    wrong = [trouble for node, link in links if (trouble := _stray(link, node, subject))]
    wrong += [f"index.html 第 {node.sourceline} 行有脚本" for node in nodes if _runs(node)]
    return judged(wrong, f"index.html 在，{len(links)} 个链接都指到信息包里的文件，没有脚本")


def _stray(link: str, node: etree._Element, subject: Subject) -> str:
    """What is wrong with a link; nothing if it stays inside."""
    where = f"index.html 第 {node.sourceline} 行"
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return f"{where}的链接写得不对"
    inside = PurePosixPath(unquote(parts.path))
    if parts.scheme == "data" and node.tag in {"img", "link", "source"}:
        return ""
    if parts.scheme or parts.netloc or inside.is_absolute() or ".." in inside.parts:
        return f"{where}的链接指到信息包以外"
    there = str(inside) in subject.payload or any(name.startswith(f"{inside}/") for name in subject.payload)
    return "" if there or not parts.path else f"{where}的链接指到 {inside}，信息包里没有"


def _runs(node: etree._Element) -> bool:
    kind = node.get("type", "")
    script = node.tag == "script" and kind not in {"application/json", "text/plain"}
    return script or any(str(name).lower().startswith("on") for name in node.attrib)


# --- copies for reading -----------------------------------------------------------------------------------


@CHECKS.item("KY-09")
def copies(subject: Subject) -> Answer:
    """Every copy for reading has its original, and pages."""
    found = subject.of_role(Role.ACCESS)
    return judged(_copies(subject), f"{len(found)} 个阅读用的副本，都有原件")


def _copies(subject: Subject) -> Iterator[str]:
    for part in subject.of_role(Role.ACCESS):
        if part.copy_of is None:
            yield f"{part.path} 没有写明是哪个文件的副本"
        elif str(part.copy_of) not in subject.payload:
            yield f"{part.path} 的原件 {part.copy_of} 不在信息包里"
        elif str(part.path) in subject.payload and not subject.looked(str(part.path)).pages:
            yield f"{part.path} 没有页"
