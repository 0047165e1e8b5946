"""A layout.docx compiled: patched by docxtpl and parsed by Jinja once, its unchanged parts packed once.

docxtpl reads, patches and parses its template again for every document.  Here that happens when a
layout is first used, and with it every check that needs no document: is it a docx, do its tags fit
together, does it know its names, is every outcome of its ``{% if %}`` and ``{% for %}`` well-formed
XML, does it have the styles that the program puts text into.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from xfdocs.document.sayings import plain
from xfdocs.errors import LayoutInvalid
from xfdocs.render.docx_context import NAMES, USES, Styles
from xfdocs.render.docx_tags import fault
from xfdocs.render.ooxml import W
from xfdocs.render.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_RELATION: Final = f"{_RELATION}/metadata/core-properties"
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES_PART: Final = "[Content_Types].xml"

_VAL: Final = f"{{{W}}}val"

_SAFE: Final = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_SWITCHES: Final = frozenset({"草稿"})
"""Names with so few values that a header made of them alone is kept ready for each."""
_FAULTS: Final = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What an author's expression can raise."""
_REPAIRED: Final = re.compile(r"\{%\s*(?:colspan|hm)\b|\{[{%]\s*tc ")
"""Tags after which docxtpl counts the columns of tables again."""
_LITERAL: Final = {"{_{": '{{ "{{" }}', "}_}": '{{ "}}" }}', "{_%": '{{ "{%" }}', "%_}": '{{ "%}" }}'}
"""How docxtpl lets an author print braces."""


class _Environment(SandboxedEnvironment):
    """Jinja as docxtpl uses it, with undefined names as errors, escaping, and nothing to reach for."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, trim_blocks=True)
        self.globals.pop("lipsum")


_ENVIRONMENT: Final = _Environment()


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the package that has tags in it."""

    name: str
    template: Template
    names: frozenset[str]
    source: str
    mended: bool
    """Its tables and drawing ids are gone over by docxtpl's own functions after filling."""
    balanced: bool
    """Every outcome is well-formed; otherwise each is parsed before it is let out."""


class Layout:
    """One compiled layout; `fill` makes a document of the values it is given.

    Raises `LayoutInvalid` for whatever is wrong with the file, with the paragraph where it stands.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        members = self._members(path)
        main = self._main(members)
        body = self._part(main, members[main])
        edges = [self._part(name, members[name]) for name in _edges(main, members)]
        self.styles = self._styles(main, members, body.names)
        changed = {main} | {part.name for part in edges if part.source}
        self._core = self._core_part(members)
        self._let_in_pictures(members)
        fixed = {name: data for name, data in members.items() if name not in changed | {self._core}}
        source = path.read_bytes()
        self._fixed = Package.of(source, fixed)
        self._relations = _relations_part(main), fixed.pop(_relations_part(main))
        self._unrelated = Package.of(source, fixed)
        self._body = body
        tagged = [part for part in edges if part.source]
        self._switched = [part for part in tagged if part.names <= _SWITCHES]
        self._filled = [part for part in tagged if not part.names <= _SWITCHES]
        self._ready: dict[tuple[Any, ...], Package] = {}
        used = body.names.union(*(part.names for part in tagged))
        self.unused = tuple(sorted(set(NAMES) - used))

    def fill(
        self, values: Mapping[str, Any], core: bytes, drawn: Mapping[str, bytes] = MappingProxyType({})
    ) -> bytes:
        """The finished docx; *core* is its ``core.xml``, *drawn* the PNG of each picture by its relationship.

        Raises:
            LayoutInvalid: an expression of the layout fails with these values.
        """
        parts = {part.name: self._rendered(part, values) for part in self._filled}
        parts[self._core] = core
        parts[self._body.name] = self._rendered(self._body, values)
        if not drawn:
            return self._switch(values).joined(parts).to_bytes()
        switched = {part.name: self._rendered(part, values) for part in self._switched}
        return self._related(drawn).joined(switched | parts).to_bytes()

    def _related(self, drawn: Mapping[str, bytes]) -> Package:
        """The unchanged parts, the pictures, and what leads from the main part to them."""
        name, data = self._relations
        relations = self._parsed(name, data)
        for relation in drawn:
            facts = {"Id": relation, "Type": f"{_OFFICE}/image", "Target": f"media/{relation}.png"}
            etree.SubElement(relations, f"{{{_RELATION}}}Relationship", facts)
        folder = posixpath.join(posixpath.dirname(self._body.name), "media")
        media = {f"{folder}/{relation}.png": png for relation, png in drawn.items()}
        return self._unrelated.joined({name: etree.tostring(relations), **media})

    def _switch(self, values: Mapping[str, Any]) -> Package:
        """The unchanged parts and the headers that hang on switches alone."""
        key = tuple(values[name] for name in sorted(_SWITCHES))
        if key not in self._ready:
            self._ready[key] = self._fixed.joined(
                {part.name: self._rendered(part, values) for part in self._switched}
            )
        return self._ready[key]

    def _rendered(self, part: _Part, values: Mapping[str, Any]) -> bytes:
        try:
            xml = part.template.render(values)
        except _FAULTS as error:
            raise self._invalid(part, _line_of(error, part.template), plain(error)) from error
        if part.mended:
            return self._mended(xml)
        data = xml.encode()
        if not part.balanced:
            try:
                etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                raise LayoutInvalid(file=self.path, what=f"填写后不是格式良好的 XML：{error}") from error
        return data

    def _mended(self, xml: str) -> bytes:
        stock = DocxTemplate(self.path)
        stock.docx_ids_index = 1000
        tree = stock.fix_tables(xml)
        stock.fix_docpr_ids(tree)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)

    # --- reading the file ---------------------------------------------------------------------------

    @staticmethod
    def _members(path: Path) -> dict[str, bytes]:
        try:
            with zipfile.ZipFile(path) as file:
                return {name: file.read(name) for name in file.namelist() if not name.endswith("/")}
        except FileNotFoundError as error:
            raise LayoutInvalid(file=path, what="没有这个文件。") from error
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
            raise LayoutInvalid(
                file=path, what="不是 docx 文件（或者加了密码）。请用 WPS 或 Word 另存为 docx 格式。"
            ) from error

    def _parsed(self, name: str, data: bytes) -> etree._Element:
        try:
            root = etree.fromstring(data, _SAFE)
        except etree.XMLSyntaxError as wrong:
            raise LayoutInvalid(file=self.path, what=f"包内 {name} 不是格式良好的 XML：{wrong}") from wrong
        if root.getroottree().docinfo.internalDTD is not None:
            raise LayoutInvalid(file=self.path, what=f"包内 {name} 带有 DOCTYPE，不是 Word 或 WPS 存的文件。")
        return root

    def _main(self, members: Mapping[str, bytes]) -> str:
        for kind, target in _relations("", members):
            if kind.endswith("/officeDocument") and target in members:
                return target
        raise LayoutInvalid(file=self.path, what="不是 docx 文件：包里没有正文。")

    def _core_part(self, members: dict[str, bytes]) -> str:
        """The name of the part with title and author; announced in *members* if the layout has none."""
        for kind, target in _relations("", members):
            if kind == _CORE_RELATION:
                return target
        name = "docProps/core.xml"
        relations = self._parsed("_rels/.rels", members["_rels/.rels"])
        etree.SubElement(
            relations, f"{{{_RELATION}}}Relationship", Id="xfdocs", Type=_CORE_RELATION, Target=name
        )
        types = self._parsed(_TYPES_PART, members[_TYPES_PART])
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=_CORE_TYPE)
        members["_rels/.rels"] = etree.tostring(relations)
        members[_TYPES_PART] = etree.tostring(types)
        return name

    def _let_in_pictures(self, members: dict[str, bytes]) -> None:
        """Tell the package what a ``.png`` is, if the layout has none of its own."""
        types = self._parsed(_TYPES_PART, members[_TYPES_PART])
        if not any(item.get("Extension", "").lower() == "png" for item in types):
            known = etree.Element(f"{{{_TYPES}}}Default", Extension="png", ContentType="image/png")
            types.insert(0, known)
            members[_TYPES_PART] = etree.tostring(types)

    def _styles(self, main: str, members: Mapping[str, bytes], used: frozenset[str]) -> Styles:
        target = next((t for kind, t in _relations(main, members) if kind == f"{_OFFICE}/styles"), "")
        if target not in members:
            raise LayoutInvalid(file=self.path, what="没有样式表。")
        root = self._parsed(target, members[target])
        found: dict[str, etree._Element] = {}
        for style in root.iterfind(f"{{{W}}}style"):
            found |= {name.get(_VAL, ""): style for name in style.iterfind(f"{{{W}}}name")}
        for name in sorted(used & set(USES)):
            if missing := [style for style in USES[name] if style not in found]:
                raise LayoutInvalid(
                    file=self.path,
                    what=f"用了“{name}”，但缺少样式：{'、'.join(missing)}。请从随包的版式复制这些样式，或者改正样式名。",
                )
        sizes = (
            found["发文机关标志"].iterfind(f"{{{W}}}rPr/{{{W}}}sz") if "发文机关标志" in found else iter(())
        )
        size = next((int(element.get(_VAL, "0")) / 2 for element in sizes), 0.0)
        return Styles({name: style.get(f"{{{W}}}styleId", "") for name, style in found.items()}, size)

    # --- compiling ----------------------------------------------------------------------------------

    def _part(self, name: str, data: bytes) -> _Part:
        root = self._parsed(name, data)
        if wrong := fault(root):
            raise self._said(name, *wrong)
        xml = etree.tostring(root, encoding="unicode")
        # Each paragraph on a line of its own: Jinja's line number then tells the paragraph.
        xml = re.sub(r"\s*<w:p(?=[ >/])", "\n<w:p", xml)
        words = re.sub(r"<[^>]+>", "", xml)
        if not re.search(r"\{[{%#]", words):
            return _Part(name, Template(""), frozenset(), "", mended=False, balanced=True)
        source = _tidied(DocxTemplate(self.path).patch_xml(xml))
        bare = _Part(name, Template(""), frozenset(), source, mended=False, balanced=True)
        try:
            tree = _ENVIRONMENT.parse(source)
            code = _ENVIRONMENT.compile(tree, name=name, filename=f"{self.path}:{name}")
        except TemplateSyntaxError as error:
            raise self._invalid(bare, error.lineno, plain(error)) from error
        self._forbid(bare, tree)
        names = self._known(bare, tree)
        template = Template.from_code(_ENVIRONMENT, code, _ENVIRONMENT.make_globals(None))
        repeated = any(
            "<wp:docPr" in data.data
            for loop in tree.find_all(nodes.For)
            for data in loop.find_all(nodes.TemplateData)
        )
        mended = repeated or bool(_REPAIRED.search(words))
        return _Part(
            name, template, names, source, mended=mended, balanced=mended or _balanced(tree.body, root.nsmap)
        )

    def _forbid(self, part: _Part, tree: nodes.Template) -> None:
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            raise self._invalid(part, node.lineno, "版式里不能引用别的文件")

    def _known(self, part: _Part, tree: nodes.Template) -> frozenset[str]:
        free = meta.find_undeclared_variables(tree)
        unknown = free - set(NAMES) - set(_ENVIRONMENT.globals)
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                raise self._invalid(
                    part, node.lineno, f"不认识的名称“{node.name}”。可用的名称：{'、'.join(NAMES)}"
                )
        return frozenset(free & set(NAMES))

    def _invalid(self, part: _Part, line: int, what: str) -> LayoutInvalid:
        lines = part.source.split("\n")
        text = unescape(re.sub(r"<[^>]+>", "", lines[line - 1])) if 0 < line <= len(lines) else ""
        return self._said(part.name, what, text)

    def _said(self, part: str, what: str, paragraph: str) -> LayoutInvalid:
        where = f"，出错的段落：“{paragraph.strip()[:80]}”" if paragraph.strip() else ""
        place = _PLACES.get(posixpath.basename(part)[:6], "正文")
        return LayoutInvalid(file=self.path, what=f"{what}（{place}{where}）。")


_PLACES: Final = {"header": "页眉", "footer": "页脚", "footno": "脚注"}


def _edges(main: str, members: Mapping[str, bytes]) -> Iterator[str]:
    """Headers, footers and footnotes: the other parts where docxtpl looks for tags."""
    kinds = {f"{_OFFICE}/{kind}" for kind in ("header", "footer", "footnotes")}
    for kind, target in _relations(main, members):
        if kind in kinds and target in members:
            yield target


def _relations_part(part: str) -> str:
    """Where a part's relationships are told."""
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _relations(part: str, members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """(type, name of the target part) of a part's relationships, of the package's own for ""."""
    folder = posixpath.dirname(part)
    data = members.get(_relations_part(part))
    if data is None:
        return
    for relation in etree.fromstring(data, _SAFE).iterfind(f"{{{_RELATION}}}Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            yield relation.get("Type", ""), target.lstrip("/")


def _tidied(xml: str) -> str:
    """What patching leaves behind taken away: empty runs beside ``{{r … }}``, escapes of braces spelled out."""
    xml = re.sub(r"<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?></w:t></w:r>", "", xml)
    for escape, spelled in _LITERAL.items():
        xml = xml.replace(escape, spelled)
    return xml


def _balanced(body: list[nodes.Node], spaces: Mapping[str | None, str]) -> bool:
    """Whether each branch of each tag is well-formed by itself, so that any choice of them is."""
    text = []
    for node in body:
        if isinstance(node, nodes.Output):
            text += [item.data if isinstance(item, nodes.TemplateData) else "x" for item in node.nodes]
        elif isinstance(node, nodes.If):
            branches = [node.body, *(branch.body for branch in node.elif_), node.else_]
            if not all(_balanced(branch, spaces) for branch in branches):
                return False
        elif isinstance(node, nodes.For):
            if not (_balanced(node.body, spaces) and _balanced(node.else_, spaces)):
                return False
        elif not isinstance(node, nodes.Assign):
            return False
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items() if prefix)
    try:
        etree.fromstring(f"<x{declared}>{''.join(text)}</x>")
    except etree.XMLSyntaxError:
        return False
    return True


def _line_of(fault: BaseException, template: Template) -> int:
    """The template's line in a traceback that Jinja has rewritten."""
    line = 0
    trace = fault.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
