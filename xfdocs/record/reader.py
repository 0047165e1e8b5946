"""XML → Case, with the place of every part, so that a finding can name its line.

Parsing never touches the network, a DTD or an entity (DESIGN §9).  `read_tree` answers for what XML
is; `build_case` trusts a tree that the schema has accepted.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from lxml import etree

from xfdocs.errors import RecordUnreadable
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.model import Case
from xfdocs.record.schema import NAMESPACE, Slot, plan_of, qualified

MAX_BYTES = 10_000_000
"""No case record is larger; a file that is, is refused before it is read.  libxml2 too stops at this length of text."""

P = TypeVar("P")

_ROOT = qualified("信访事项")
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    attribute_defaults=False,
    huge_tree=False,
    remove_comments=False,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a record's file."""

    line: int
    path: str
    """Element path, e.g. ``/信访事项/办理/答复[2]/意见[1]/结论``."""


class Reading:
    """A case together with the elements its parts were read from."""

    __slots__ = ("_elements", "case", "root")

    def __init__(self, case: Case, root: etree._Element, elements: dict[int, etree._Element]) -> None:
        self.case = case
        self.root = root
        self._elements = elements

    def place(self, part: object, zh: str = "") -> Place:
        """Where *part* of the case stands; *zh* names a child element or attribute of it, if it is there."""
        node = self._elements.get(id(part), self.root)
        if zh:
            child = node.find(qualified(zh))
            if child is not None:
                return place_of(child)
            found = place_of(node)
            return Place(found.line, f"{found.path}/@{zh}") if node.get(zh) is not None else found
        return place_of(node)


def place_of(node: etree._Element) -> Place:
    """Line and path of an element; a number in brackets only where it has siblings of its name."""
    steps: list[str] = []
    step: etree._Element | None = node
    while step is not None:
        name = etree.QName(step).localname
        parent = step.getparent()
        if parent is not None:
            twins = parent.findall(step.tag)
            if len(twins) > 1:
                name += f"[{twins.index(step) + 1}]"
        steps.append(name)
        step = parent
    return Place(line_of(node), "/" + "/".join(reversed(steps)))


def line_of(node: etree._Element) -> int:
    """The line of an element in its file, 0 if it was never in one."""
    line = node.sourceline
    return line if isinstance(line, int) else 0


def read_tree(path: Path) -> etree._Element:
    """Parse a file into an element tree, or say in one sentence why it is no case record.

    Raises:
        RecordUnreadable: the file is absent, too large, not XML, carries a DTD or entities, or is in
            another namespace or of another root element.  ``facts["line"]`` has the line, 0 if none;
            ``facts["finding"]`` the stable code of the reason, one of `UNREADABLE`.
    """
    return parse_tree(read_bytes(path), path)


def expect_to_read(files: Iterable[Path]) -> None:
    """Tell the system which files are read next, so that none has to be waited for: a disk takes 80 µs for each, and more.

    Only Linux and its like can be told; a file that is not there is left to whoever reads it.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    for file in files:
        with suppress(OSError):
            opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                os.posix_fadvise(opened, 0, MAX_BYTES, os.POSIX_FADV_WILLNEED)
            finally:
                os.close(opened)


def read_bytes(path: Path) -> bytes:
    """The bytes of a record's file. Raises `RecordUnreadable` if it is absent, no plain file or too large."""
    name = os.fspath(path)
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116 - a Path and a file object cost as much as reading the file
        if not stat.S_ISREG(mode):  # reading a pipe or a device might never end
            raise _unreadable("X01", path, "不是普通文件，没有读取。")
        file = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(file).st_size
            data = _all_of(file, size) if size <= MAX_BYTES else b""
        finally:
            os.close(file)
    except OSError as error:
        raise _unreadable(
            "X01", path, _SYSTEM_WORDS.get(error.errno or 0, f"不能读取文件（{error.strerror}）。")
        ) from error
    if max(size, len(data)) > MAX_BYTES:
        what = f"文件有 {size:,} 字节，超过案件记录的上限 {MAX_BYTES:,} 字节，没有读取。附件请单独存放。"
        raise _unreadable("X02", path, what)
    return data


def _all_of(file: int, size: int) -> bytes:
    """What an open file of *size* bytes holds; if somebody is writing, a little more than the largest record at most."""
    # Python makes room at once for all it is asked to read: 10 MB would take longer than all the rest.
    data = os.read(file, size + 1)
    while len(data) != size and len(data) <= MAX_BYTES and (more := os.read(file, MAX_BYTES)):
        data += more
    return data


UNREADABLE = {
    "X01": "文件不能读取",
    "X02": "文件过大",
    "X03": "文件是空的",
    "X04": "不是格式正确的 XML",
    "X05": "文字编码与声明不符",
    "X06": "含有 DTD 或者实体",
    "X07": "不是案件记录：根元素或者命名空间不对",
    "X08": "含有 XML 不允许的控制字符",
}
"""Why a file is no case record at all: code → meaning."""


def parse_tree(data: bytes, path: Path) -> etree._Element:
    """`read_tree` for bytes that are already at hand; *path* is only named in errors."""
    if not data.strip():
        raise _unreadable("X03", path, "文件是空的。")
    plain = data.replace(b"\0", b"") if b"\0" in data[:64] else data  # UTF-16 writes ASCII with zeros between
    # Looked for before the parser sees it: a DTD can define entities.
    if b"<!DOCTYPE" in plain and (found := _DOCTYPE.match(plain)):
        line = found.group().count(b"\n") + 1
        raise _unreadable("X06", path, f"第 {line} 行含有 DTD（<!DOCTYPE …>）。{_NO_DTD}", line)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        code, what = _explain(data, error)
        raise _unreadable(code, path, what, error.lineno or 0) from error
    except (ValueError, LookupError) as error:
        raise _unreadable("X04", path, f"不是有效的 XML（{error}）。") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _unreadable("X06", path, f"含有 DTD（<!DOCTYPE …>）。{_NO_DTD}", 1)
    if root.tag != _ROOT:
        name = etree.QName(root)
        space = f"命名空间“{name.namespace}”" if name.namespace else "没有命名空间"
        what = f"根元素是“{name.localname}”（{space}），不是案件记录；应为命名空间“{NAMESPACE}”的“信访事项”。"
        raise _unreadable("X07", path, what, place_of(root).line)
    return root


_SYSTEM_WORDS = {
    errno.ENOENT: "文件不存在。请检查路径。",
    errno.EACCES: "没有读取这个文件的权限。",
    errno.EPERM: "没有读取这个文件的权限。",
}
_NO_DTD = "案件记录不允许 DTD 和实体，请删去。"
_DOCTYPE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.DOTALL
)
"""A DTD can only stand before the root element, after nothing but space, comments and instructions."""


def _unreadable(code: str, path: Path, what: str, line: int = 0) -> RecordUnreadable:
    return RecordUnreadable(file=path, line=line, what=what, finding=code)


_CHARACTER_ERRORS = frozenset({etree.ErrorTypes.ERR_INVALID_CHAR, etree.ErrorTypes.ERR_INVALID_CHARREF})
_ENCODING_ERRORS = frozenset(
    {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.ERR_ENCODING_NAME,
        etree.ErrorTypes.I18N_CONV_FAILED,
        etree.ErrorTypes.I18N_NO_HANDLER,
    }
)
_ENTITY_ERRORS = frozenset({etree.ErrorTypes.ERR_UNDECLARED_ENTITY, etree.ErrorTypes.WAR_UNDECLARED_ENTITY})
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


_PLAIN = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)",
            "开始标签“{0}”（第 {1} 行）与结束标签“{2}”不配，请改成一致",
        ),
        (r"Premature end of data in tag (\S+) line (\d+)", "第 {1} 行的“{0}”没有结束标签，文件可能不完整"),
        (r"Extra content at the end of the document", "最后的结束标签之后还有内容，请删去"),
        (r"Attribute (\S+) redefined", "属性“{0}”写了两次，请删去一个"),
        (r"Namespace prefix (\S+) .*not defined", "前缀“{0}”没有声明命名空间"),
        (r"Entity '([^']*)' not defined", "“&{0};”没有定义"),
        (r"EntityRef", "有单独的“&”，请写作“&amp;”"),
        (r"AttValue|attributes construct error", "属性的写法不对：属性值要用引号括起来，里面不能直接写“<”"),
        (r"StartTag: invalid element name", "“<”后面不是标签名；文字里的“<”请写作“&lt;”"),
        (r"Excessive depth", "标签嵌套过深，不是案件记录"),
        (r"huge text node|Resource limit|Buffer size", "有一项文字过长，请移作附件"),
        (r"(?:Char|value) (\d+|0x[0-9A-Fa-f]+)\b", "U+{0}"),
        (r"[Uu]nsupported encoding:? ?(\S+)", "不认识的编码“{0}”"),
        (r"Invalid bytes|not proper UTF-8|input conversion failed", "有不属于该编码的字节"),
    )
)
"""What libxml2 says → the same for a clerk, with what it named."""


def _explain(data: bytes, error: etree.XMLSyntaxError) -> tuple[str, str]:
    """Why a file is not well-formed XML, in words a clerk can act on, with the code."""
    said = str(error.msg or "").split(", line ")[0].strip()
    where = f"第 {error.lineno} 行" if error.lineno else "开头"
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and not data.startswith(_UTF16_MARKS):
        return "X04", "不是 XML 文件。请检查是不是选错了文件。"
    found = ((words, pattern.search(said)) for pattern, words in _PLAIN)
    text = next((words.format(*m.groups()) for words, m in found if m), f"解析程序的说明：{said}")
    if text.startswith("U+"):
        text = f"U+{int(text[2:], 0):04X}"
    kind = getattr(error, "code", 0)
    if kind in _ENTITY_ERRORS:
        return "X06", f"{where}使用了实体：{text}。案件记录不允许自定义实体，请直接写出文字。"
    if kind in _ENCODING_ERRORS or "encoding" in said.lower():
        return "X05", f"{where}的文字编码与声明不符：{text}。请用 UTF-8 编码保存。"
    if kind in _CHARACTER_ERRORS:
        return "X08", f"{where}含有 XML 不允许的控制字符（{text}）。请删去该字符。"
    return "X04", f"{where}不是格式正确的 XML：{text}。"


def build_case(root: etree._Element) -> Reading:
    """The case in a tree that `schemas/case.xsd` has accepted."""
    elements: dict[int, etree._Element] = {}
    case = _builder(Case)(root, elements)
    return Reading(case, root, elements)


def build_part(kind: type[P], node: etree._Element) -> P:
    """One part of a case, in an element that `schemas/case.xsd` has accepted."""
    return cast("P", _builder(kind)(node, {}))


_Build = Callable[[etree._Element, dict[int, etree._Element]], Any]
"""Element → part of the case; the element is noted down too, by the identity of the part."""


def _builder(kind: type) -> _Build:
    return _builder_of(cast("Hashable", kind))


@cache
def _builder_of(kind: Any) -> _Build:
    """What makes parts of one class of their elements.

    What can be known of the class is settled here, once, and not for each of the 55 elements of a record.
    """
    slots = plan_of(kind).slots
    attributes: dict[Any, tuple[str, Callable[[Any], Any] | None]] = {
        slot.zh: (slot.field, slot.parse) for slot in slots if slot.place == "attribute"
    }
    several = tuple(slot.field for slot in slots if slot.many and slot.place == "element")
    children: dict[Any, tuple[str, bool, _Build | None, Callable[[str], Any] | None] | None] = {
        qualified(slot.zh): (
            slot.field,
            slot.field in several,
            _build_of(slot),
            None if slot.parse is str else slot.parse,
        )
        for slot in slots
        if slot.place != "attribute"
    }
    children |= {etree.Comment: None, etree.ProcessingInstruction: None}

    def build(node: etree._Element, elements: dict[int, etree._Element]) -> Any:
        values: dict[str, Any] = {}
        for name, text in node.items():
            if name in attributes:
                field, parse = attributes[name]
                values[field] = parse(text) if parse else text
        for child in node:
            known = children[child.tag]
            if known is None:
                continue
            field, many, build_child, parse = known
            value: Any
            if build_child is not None:
                value = build_child(child, elements)
            else:
                value = _text(child) if len(child) else child.text or ""
                value = parse(value) if parse else value
            if many:
                values.setdefault(field, []).append(value)
            else:
                values[field] = value
        for field in several:
            if field in values:
                values[field] = tuple(values[field])
        part = kind(**values)
        elements[id(part)] = node
        return part

    return build


def _build_of(slot: Slot) -> _Build | None:
    """What makes the value of a field that is more than a text."""
    if slot.place == "events":
        return _events
    return _builder(slot.type) if slot.parse is None else None


def _events(node: etree._Element, elements: dict[int, etree._Element]) -> tuple[Any, ...]:
    return tuple(_EVENTS[event.tag](event, elements) for event in node.iterchildren(tag=etree.Element))


def _text(node: etree._Element) -> str:
    """The text of a leaf in which comments stand."""
    return "".join(str(text) for text in node.itertext(tag=etree.Element))


_EVENTS = {qualified(name): _builder(kind) for name, kind in EVENT_KINDS.items()}
