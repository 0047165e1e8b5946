"""Document ⇄ XML: the document's own words, readable by machines, for the file inside every PDF.

It holds what is printed and nothing else of the case; of a picture what it says and its digest, not the
picture.  Names are the field's; `schemas/document.xsd` describes them.  Writing is deterministic and reading
gives back an equal Document.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from xfdocs.document.model import (
    Align,
    Cell,
    Colophon,
    Document,
    Emphasis,
    Figure,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    TearLine,
)
from xfdocs.errors import DocumentXmlInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xfdocs.document.model import Block

T = TypeVar("T")

NAMESPACE = "urn:xfdocs:document:1"
_NSMAP: Any = {None: NAMESPACE}  # lxml-stubs do not know the default namespace
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    remove_comments=True,
    remove_pis=True,
)

_ATTRIBUTES = {
    "kind": "种类",
    "kind_title": "文种",
    "layout": "版式",
    "case": "信访事项",
    "language": "语言",
}
_TEXTS = {
    "issuer": "发文机关",
    "copy_number": "份号",
    "secrecy": "密级",
    "urgency": "紧急程度",
    "head": "发文机关标志",
    "number": "发文字号",
    "signer": "签发人",
    "title": "标题",
}
_AFTER_BODY = {"signatory": "署名", "note": "附注"}
_ALIGNS = {Align.BODY: "正文", Align.FLUSH: "顶格", Align.CENTER: "居中", Align.RIGHT: "居右"}
_FACES = {Emphasis.NONE: "", Emphasis.STRONG: "黑体", Emphasis.KAI: "楷体"}
_ALIGNS_BACK = {zh: align for align, zh in _ALIGNS.items()}
_FACES_BACK = {zh: face for face, zh in _FACES.items()}


def document_xml(document: Document) -> bytes:
    """*document* as UTF-8 XML; elements it does not have are left out."""
    root = etree.Element(_name("文书"), nsmap=_NSMAP)
    for field, zh in _ATTRIBUTES.items():
        root.set(zh, getattr(document, field))
    if document.draft:
        root.set("草稿", "true")
    for field, zh in _TEXTS.items():
        _text(root, zh, getattr(document, field))
    for addressee in document.addressees:
        _add(root, "主送").text = addressee
    body = _add(root, "正文")
    for block in document.body:
        _write_block(body, block)
    for attachment in document.attachments:
        _add(root, "附件").text = attachment
    _text(root, "署名", document.signatory)
    _text(root, "成文日期", document.date.isoformat() if document.date else "")
    _text(root, "附注", document.note)
    _write_colophon(root, document.colophon)
    etree.indent(root, space="  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def read_document_xml(content: bytes) -> Document:
    """The Document that `document_xml` wrote; raises `DocumentXmlInvalid` for anything else."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as fault:
        raise DocumentXmlInvalid(what=str(fault)) from fault
    if root.tag != _name("文书"):
        raise DocumentXmlInvalid(what=f"根元素是 {root.tag}")
    try:
        return _read(root)
    except (KeyError, ValueError, AttributeError) as fault:
        raise DocumentXmlInvalid(what=str(fault)) from fault


def _read(root: etree._Element) -> Document:
    facts: dict[str, Any] = {field: root.attrib[zh] for field, zh in _ATTRIBUTES.items()}
    for field, zh in (_TEXTS | _AFTER_BODY).items():
        facts[field] = _read_text(root, zh)
    day = _read_text(root, "成文日期")
    return Document(
        **facts,
        addressees=_all(root, "主送", _own_text),
        body=tuple(_read_block(node) for node in _one(root, "正文")),
        attachments=_all(root, "附件", _own_text),
        date=date.fromisoformat(day) if day else None,
        colophon=_read_colophon(root.find(_name("版记"))),
        draft=root.get("草稿") == "true",
    )


# --- writing -------------------------------------------------------------------------------------


def _name(zh: str) -> str:
    return f"{{{NAMESPACE}}}{zh}"


def _add(parent: etree._Element, zh: str) -> etree._Element:
    return etree.SubElement(parent, _name(zh))


def _text(parent: etree._Element, zh: str, value: str) -> None:
    if value:
        _add(parent, zh).text = value


def _write_block(parent: etree._Element, block: Block) -> None:
    match block:
        case Paragraph():
            _write_paragraph(parent, block)
        case Heading():
            node = _add(parent, "层次标题")
            node.set("级", str(block.level))
            node.set("序号", block.number)
            _write_runs(node, block.runs)
        case Table():
            _write_table(_add(parent, "表"), block)
        case TearLine():
            _add(parent, "裁切线").text = block.text
        case Figure():
            _write_figure(_add(parent, "图"), block)


def _write_table(node: etree._Element, table: Table) -> None:
    node.set("列宽", " ".join(map(_number, table.widths)))
    if table.caption:
        node.set("题", table.caption)
    if table.unit:
        node.set("单位", table.unit)
    if table.small:
        node.set("小字", "true")
    if table.exact:
        node.set("实寸", "true")
    for row in table.rows:
        _write_row(node, row)


def _write_figure(node: etree._Element, figure: Figure) -> None:
    node.set("宽", _number(figure.width))
    node.set("高", _number(figure.height))
    if figure.number:
        node.set("序号", figure.number)
    if figure.caption:
        node.set("题", figure.caption)
    if figure.digest:
        node.set("摘要", figure.digest)
    _add(node, "替代文字").text = figure.alt


def _write_paragraph(parent: etree._Element, paragraph: Paragraph) -> None:
    node = _add(parent, "段")
    if paragraph.align is not Align.BODY:
        node.set("对齐", _ALIGNS[paragraph.align])
    _write_runs(node, paragraph.runs)


def _write_runs(node: etree._Element, runs: Iterable[Run]) -> None:
    for run in runs:
        child = _add(node, "文")
        child.text = run.text
        if run.emphasis is not Emphasis.NONE:
            child.set("字体", _FACES[run.emphasis])


def _write_row(parent: etree._Element, row: Row) -> None:
    node = _add(parent, "行")
    if row.height:
        node.set("高", _number(row.height))
    if row.head:
        node.set("表头", "true")
    for cell in row.cells:
        child = _add(node, "格")
        _write_flags(child, cell)
        for paragraph in cell.paragraphs:
            _write_paragraph(child, paragraph)


def _write_flags(node: etree._Element, cell: Cell) -> None:
    if cell.header:
        node.set("栏目", "true")
    if cell.colspan != 1:
        node.set("跨列", str(cell.colspan))
    if cell.rowspan != 1:
        node.set("跨行", str(cell.rowspan))
    if cell.vertical:
        node.set("竖排", "true")
    if not cell.middle:
        node.set("靠上", "true")
    if cell.large:
        node.set("大字", "true")


def _write_colophon(root: etree._Element, colophon: Colophon) -> None:
    if colophon == Colophon():
        return
    node = _add(root, "版记")
    for name in colophon.copies_to:
        _add(node, "抄送").text = name
    _text(node, "印发机关", colophon.printer)
    _text(node, "印发日期", colophon.printed.isoformat() if colophon.printed else "")


def _number(value: float) -> str:
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


# --- reading -------------------------------------------------------------------------------------


def _own_text(node: etree._Element) -> str:
    return node.text or ""


def _one(parent: etree._Element, zh: str) -> etree._Element:
    node = parent.find(_name(zh))
    if node is None:
        raise KeyError(zh)
    return node


def _read_text(parent: etree._Element, zh: str) -> str:
    return parent.findtext(_name(zh)) or ""


def _all(parent: etree._Element, zh: str, read: Callable[[etree._Element], T]) -> tuple[T, ...]:
    return tuple(read(node) for node in parent.iterfind(_name(zh)))


def _read_block(node: etree._Element) -> Block:
    match etree.QName(node).localname:
        case "段":
            return _read_paragraph(node)
        case "层次标题":
            return Heading(int(node.attrib["级"]), str(node.attrib["序号"]), _read_runs(node))
        case "表":
            widths = tuple(float(width) for width in node.attrib["列宽"].split())
            rows = _all(node, "行", _read_row)
            small, exact = (node.get(name) == "true" for name in ("小字", "实寸"))
            return Table(rows, widths, node.get("题", ""), node.get("单位", ""), small, exact)
        case "裁切线":
            return TearLine(_own_text(node))
        case "图":
            return _read_figure(node)
        case name:
            raise KeyError(name)


def _read_figure(node: etree._Element) -> Figure:
    return Figure(
        svg=b"",
        png=b"",
        width=float(node.attrib["宽"]),
        height=float(node.attrib["高"]),
        alt=_read_text(node, "替代文字"),
        caption=node.get("题", ""),
        number=node.get("序号", ""),
        digest=node.get("摘要", ""),
    )


def _read_paragraph(node: etree._Element) -> Paragraph:
    return Paragraph(_read_runs(node), _ALIGNS_BACK[node.get("对齐", "正文")])


def _read_runs(node: etree._Element) -> tuple[Run, ...]:
    return tuple(Run(_own_text(child), _FACES_BACK[child.get("字体", "")]) for child in node)


def _read_row(node: etree._Element) -> Row:
    return Row(_all(node, "格", _read_cell), float(node.get("高", "0")), node.get("表头") == "true")


def _read_cell(node: etree._Element) -> Cell:
    return Cell(
        _all(node, "段", _read_paragraph),
        header=node.get("栏目") == "true",
        colspan=int(node.get("跨列", "1")),
        rowspan=int(node.get("跨行", "1")),
        vertical=node.get("竖排") == "true",
        middle=node.get("靠上") != "true",
        large=node.get("大字") == "true",
    )


def _read_colophon(node: etree._Element | None) -> Colophon:
    if node is None:
        return Colophon()
    printed = _read_text(node, "印发日期")
    return Colophon(
        _all(node, "抄送", _own_text),
        _read_text(node, "印发机关"),
        date.fromisoformat(printed) if printed else None,
    )
