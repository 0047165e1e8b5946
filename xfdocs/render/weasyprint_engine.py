"""Document → PDF/A-3a through WeasyPrint.

What documents share is prepared once: fonts, style sheets, compiled layouts.  A render fills the
layout, lays it out and writes it; the document's own XML travels inside as its source.  Nothing
reads a clock: dates and the file identifier come from the document, so the same document gives the
same bytes on any day.
"""

from __future__ import annotations

import hashlib
import logging
import posixpath
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import cssselect2
import jinja2
import pydyf
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher, URLFetcherResponse

from xfdocs.document.sayings import plain
from xfdocs.document.xml import document_xml
from xfdocs.errors import FontsMissing, LayoutInvalid, RenderWarned
from xfdocs.render.fonts import PREPARE, Role
from xfdocs.render.glyphs import check_glyphs, check_texts, printed_texts
from xfdocs.render.justify import ChineseFonts
from xfdocs.render.page import page_facts
from xfdocs.render.pdf import NO_DATE, SOURCE_ABOUT, SOURCE_NAME, VARIANT
from xfdocs.render.pictures import pictures
from xfdocs.resources import shipped, srgb_profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from xfdocs.document.model import Document
    from xfdocs.render.fonts import FontBook
    from xfdocs.render.glyphs import Printed

_NONE: Mapping[str, bytes] = MappingProxyType({})
_COLOURS = "device-srgb"
_SOURCE_ASCII = "document.xml"

_ROLE = re.compile(r"var\(--(小标宋|仿宋|楷体|黑体|宋体)\)")
_ROLES = {"小标宋": Role.XBS, "仿宋": Role.FANG, "楷体": Role.KAI, "黑体": Role.HEI, "宋体": Role.SONG}
_IMPORT = re.compile(r"""@import\s+["']([^"']+)["']\s*;""")
_LOGGER = logging.getLogger("weasyprint")


class WeasyPrintEngine:
    """The WeasyPrint engine, see `xfdocs.render.engine.Engine`.

    *templates* are the folders that may hold ``<kind>/layout.html`` and ``_layouts/<layout>/``, an
    office's own before the shipped one; each piece is taken from the first that has it.
    """

    format = "pdf"
    maker = f"weasyprint {version('weasyprint')}"

    def __init__(self, fonts: FontBook, templates: Sequence[Path] = ()) -> None:
        self._fonts = fonts
        self._folders = (*templates, shipped("templates"))
        self._loaded: set[str] = set()
        self._prepared: dict[tuple[str, ...], tuple[jinja2.Template, CSS]] = {}

    def render(self, document: Document) -> bytes:
        """*document* as PDF/A-3a; see `Engine.render` for the errors."""
        check_glyphs(document, self._fonts)
        self._load("".join(words for _, _, words in printed_texts(document)))
        template, sheet = self._layout(document)
        drawn = {f"figure:{figure.digest}": figure.svg for figure in pictures(document)}
        source = document_xml(document)
        day = document.date or NO_DATE
        page = self._fill(template, page_facts(document), day)
        return self._write(
            page,
            template,
            (sheet, self._draft) if document.draft else (sheet,),
            what=f"{document.case} 的{document.kind_title}",
            identifier=source,
            attachments=[_source_attachment(source, day)],
            drawn=drawn,
        )

    def typeset(
        self, layout: str, facts: Mapping[str, Any], texts: Sequence[Printed], *, day: date, what: str
    ) -> bytes:
        """Pages that are no Document, as PDF/A-3a: *facts* fill ``_layouts/<layout>/``, *texts* are all they print.

        *day* is the day they bear, *what* names them in errors; see `Engine.render` for those.
        """
        check_texts(texts, self._fonts, what)
        self._load("".join(words for _, _, words in texts))
        template, sheet = self._pieces(f"_layouts/{layout}")
        page = self._fill(template, facts, day)
        return self._write(page, template, (sheet,), what=what, identifier=page.encode())

    def _write(
        self,
        page: str,
        template: jinja2.Template,
        sheets: Sequence[CSS],
        *,
        what: str,
        identifier: bytes,
        attachments: Sequence[Attachment] = (),
        drawn: Mapping[str, bytes] = _NONE,
    ) -> bytes:
        html = _Page(page, template.name or "", self._fetcher_for(drawn))
        with _listening() as heard:
            pdf: bytes = html.write_pdf(
                stylesheets=[self._shared, *sheets],
                font_config=self._font_config,
                pdf_variant=f"pdf/{VARIANT}",
                output_intent=_COLOURS,
                color_profiles={_COLOURS: _profile()},
                pdf_identifier=hashlib.sha256(identifier).digest()[:16],
                attachments=list(attachments),
                finisher=_finish,
            )
        if heard:
            raise RenderWarned(what=what, warning="；".join(heard))
        return pdf

    def _fill(self, template: jinja2.Template, facts: Mapping[str, Any], day: date) -> str:
        try:
            return template.render(facts, stamp=f"{day.isoformat()}T00:00:00Z")
        except jinja2.TemplateError as fault:
            raise LayoutInvalid(file=template.name, what=f"{plain(fault)}。") from fault

    # --- what documents share ---------------------------------------------------------------------

    @cached_property
    def _font_config(self) -> ChineseFonts:
        return ChineseFonts(tuple(self._fonts.stack(Role.FANG).split(",")))

    def _load(self, text: str) -> None:
        """Make sure of the faces for *text*: the everyday ones at once, others when a character asks for them."""
        new = [face for face in self._fonts.needed(text) if face.css not in self._loaded]
        if new:
            fetcher = _ClosedFetcher(files=[face.file.as_uri() for face in new])
            with _listening() as heard:
                CSS(string=self._fonts.css(new), font_config=self._font_config, url_fetcher=fetcher)
            if heard:
                raise FontsMissing(role="已准备好的", mend=f"{'；'.join(heard)}。请运行 `{PREPARE}`。")
            self._loaded.update(face.css for face in new)

    @cached_property
    def _fetcher(self) -> URLFetcher:
        return self._opening({})

    def _fetcher_for(self, drawn: Mapping[str, bytes]) -> URLFetcher:
        return self._opening(drawn) if drawn else self._fetcher

    def _opening(self, drawn: Mapping[str, bytes]) -> URLFetcher:
        return _ClosedFetcher(folders=tuple(folder / "_layouts" for folder in self._folders), pictures=drawn)

    @cached_property
    def _shared(self) -> CSS:
        return self._sheet("_layouts/_shared/shared.css")

    @cached_property
    def _draft(self) -> CSS:
        return self._sheet("_layouts/_shared/draft.css")

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        return SandboxedEnvironment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in self._folders]),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _layout(self, document: Document) -> tuple[jinja2.Template, CSS]:
        return self._pieces(document.kind, f"_layouts/{document.layout}")

    def _pieces(self, *places: str) -> tuple[jinja2.Template, CSS]:
        """The layout and its style sheet, each from the first of *places* that has it."""
        if places not in self._prepared:
            common = places[-1]
            try:
                template = self._environment.select_template([f"{place}/layout.html" for place in places])
            except jinja2.TemplateSyntaxError as fault:
                raise LayoutInvalid(
                    file=fault.filename or common, what=f"第 {fault.lineno} 行：{plain(fault)}。"
                ) from fault
            except jinja2.TemplateNotFound as fault:
                raise LayoutInvalid(file=f"{common}/layout.html", what="没有这个文件") from fault
            self._prepared[places] = template, self._sheet(*(f"{place}/layout.css" for place in places))
        return self._prepared[places]

    def _sheet(self, *names: str) -> CSS:
        """The first of *names* that a folder has."""
        name, path = self._piece(*names)
        return self._parse(self._read(name, path), path)

    def _piece(self, *names: str) -> tuple[str, Path]:
        for name in names:
            for folder in self._folders:
                path = folder / name
                if path.is_file():
                    return name, path
        raise LayoutInvalid(file=names[-1], what="没有这个文件")

    def _read(self, name: str, path: Path) -> str:
        """A style sheet with what it imports in its place and the faces of the roles written in."""
        text = path.read_text("utf-8")
        text = _IMPORT.sub(lambda found: self._read(*self._piece(_beside(name, found[1]))), text)
        return _ROLE.sub(lambda role: self._fonts.stack(_ROLES[role[1]]), text)

    def _parse(self, text: str, path: Path) -> CSS:
        with _listening() as heard:
            sheet = CSS(
                string=text, base_url=path.as_uri(), url_fetcher=self._fetcher, font_config=self._font_config
            )
        if heard:
            raise LayoutInvalid(file=path, what="；".join(heard))
        return sheet


def _beside(name: str, other: str) -> str:
    """*other* as seen from the folder of *name*; both are names below a templates folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))


class _Page(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A filled layout: XHTML read by the fast parser, styled by our sheets alone."""

    def __init__(self, text: str, name: str, fetcher: URLFetcher) -> None:
        try:
            root = ET.fromstring(text)  # noqa: S314  # our own template, values escaped
        except ET.ParseError as fault:
            raise LayoutInvalid(file=name, what=f"填写后不是格式良好的 XHTML：{fault}") from fault
        self.base_url = shipped("templates", "_layouts", "_shared").as_uri() + "/"
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002  # WeasyPrint's signature
        return []


@dataclass(slots=True)
class _Profile:
    """The output intent: WeasyPrint's own sRGB profile, read once and written as it stands."""

    content: bytes
    name: str = "sRGB2014"
    components: tuple[str, ...] = ("r", "g", "b")
    pdf_reference: Any = None
    """WeasyPrint notes here where the profile is in the file it is writing."""


def _profile() -> _Profile:
    return _Profile(srgb_profile())


class _ClosedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Opens files of the layouts (or exactly the named ones, or *pictures*) and refuses everything else."""

    def __init__(
        self,
        *,
        folders: Sequence[Path] = (),
        files: Sequence[str] = (),
        pictures: Mapping[str, bytes] = _NONE,
    ) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._pictures = pictures
        self._roots = tuple(folder.resolve().as_uri() + "/" for folder in folders)
        self._files = frozenset(files)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The file, or an error that WeasyPrint reports and we do not accept."""
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/svg+xml"})
        plain = urlsplit(url)._replace(query="", fragment="").geturl()
        inside = plain.startswith(self._roots) if self._roots else False
        if (inside and "/.." not in plain and "%2e" not in plain.lower()) or url in self._files:
            return super().fetch(url, headers)
        raise ValueError(f"outside the layouts: {url}")


class _Ears(logging.Handler):
    """Remembers what the typesetter warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message not in self.heard:
            self.heard.append(message)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """The warnings WeasyPrint gives inside, kept from everybody else's log."""
    ears = _Ears()
    propagates, _LOGGER.propagate = _LOGGER.propagate, False
    _LOGGER.addHandler(ears)
    try:
        yield ears.heard
    finally:
        _LOGGER.removeHandler(ears)
        _LOGGER.propagate = propagates


def _source_attachment(source: bytes, day: date) -> Attachment:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Attachment(
        string=source,
        name=SOURCE_NAME,
        description=SOURCE_ABOUT,
        created=moment,
        modified=moment,
        relationship="Source",  # PDF/A-3 6.8: the file this page was made from
    )


def _finish(_: Any, pdf: pydyf.PDF) -> None:
    """What WeasyPrint leaves undone.

    Each associated file is named once, with an ASCII name for old readers. The place of a picture is told in
    the units of the page, from its lower left corner (ISO 32000-1 14.8.5.4.3), not of CSS. Streams are compressed
    here because the writer, left to itself, compresses each twice: for the identifier and for the file.
    """
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.compress:
            item.stream = [zlib.compress(b"\n".join(map(_bytes, item.stream)))]
            item.extra["Filter"] = "/FlateDecode"
            item.compress = False
        elif isinstance(item, dict) and item.get("Type") == "/Filespec":
            item["F"] = pydyf.String(_SOURCE_ASCII)
        elif isinstance(item, dict) and item.get("S") == "/Figure":
            left, top, right, bottom = item["A"]["BBox"]
            height = _height(pdf, item["Pg"])
            item["A"]["BBox"] = pydyf.Array(
                (left * _PX, height - bottom * _PX, right * _PX, height - top * _PX)
            )
        elif isinstance(item, dict) and len(item) == 1 and "Names" in item:  # the list of embedded files
            item["Names"][0] = pydyf.String(SOURCE_NAME)


_PX = 72 / 96
"""Points in a pixel of CSS."""


def _height(pdf: pydyf.PDF, page: bytes) -> float:
    """The height in points of the page of that reference."""
    box = next(item["MediaBox"] for item in pdf.objects if item.reference == page)
    return float(box[3])


def _bytes(part: bytes | str) -> bytes:
    """A part of a content stream as pydyf would write it."""
    return part if isinstance(part, bytes) else part.encode("ascii") if isinstance(part, str) else part.data
