"""A Document: what is printed, before anybody asks how.

It holds the elements of an official document (公文要素, 党政机关公文处理工作条例 9, GB/T 9704-2012 7)
and its body as blocks.  It knows neither the case it came from nor the renderer it goes to.
All values are plain text; a length is in millimetres, an indent in characters of the body size.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Emphasis(Enum):
    """How a run stands out from the body face."""

    NONE = ""
    STRONG = "strong"
    """黑体."""
    KAI = "kai"
    """楷体."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    emphasis: Emphasis = Emphasis.NONE


class Align(Enum):
    """How a paragraph stands in its measure."""

    BODY = "body"
    """First line indented by two characters (GB/T 9704 7.3.3)."""
    FLUSH = "flush"
    """From the left edge, no indent."""
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; contains no line break."""

    runs: tuple[Run, ...]
    align: Align = Align.BODY

    @property
    def text(self) -> str:
        """The paragraph's characters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4; *number* is 一、 (一) 1. (1), already counted (GB/T 9704 7.3.3)."""

    level: int
    number: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The heading's characters, number included."""
        return self.number + "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; its paragraphs are FLUSH unless the wording says otherwise.

    ``colspan`` and ``rowspan`` count columns and rows. ``height`` is the least height in mm the
    cell keeps free for writing by hand; it grows with its text. ``vertical`` prints a label from
    top to bottom, one character a line.
    """

    paragraphs: tuple[Paragraph, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    vertical: bool = False
    middle: bool = True
    """Centred between top and bottom, as labels and short values stand; long text stands at the top."""
    large: bool = False
    """On a label: set as large as a title, as far as it fits."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``height``: least height in mm, 0 for as high as its text."""

    cells: tuple[Cell, ...]
    height: float = 0.0
    head: bool = False
    """Repeats at the top of every page the table runs over."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with real cells and borders; ``widths`` are the columns' shares of the measure, in mm.

    Rows list only the cells that begin in them, as HTML does: a cell that spans rows or columns is
    not repeated.
    """

    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    caption: str = ""
    """表题, in the middle above it."""
    unit: str = ""
    """What its numbers are counted in, at the right above it: 单位：件."""
    small: bool = False
    """Set in 五号 instead of 四号, close: many columns of numbers."""
    exact: bool = False
    """A label to be cut out: ``widths`` and row heights are millimetres on paper, and text is set smaller rather than
    let a cell grow."""


@dataclass(frozen=True, slots=True)
class TearLine:
    """The dashed line along which a slip's return part is cut off; *text* stands in its middle."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption below; both stand on one page.

    The same picture travels in two forms, SVG for pages that are drawn and PNG for those that a word
    processor draws. Figures are equal if their digests and words are: one read back from a document's XML
    has the digest but no picture, and cannot be printed.
    """

    svg: bytes = field(repr=False, compare=False)
    png: bytes = field(repr=False, compare=False)
    width: float
    """In mm, at most the measure."""
    height: float
    alt: str
    """替代文字: the picture said in words, for whoever cannot see it. Never empty; not printed."""
    caption: str
    """图题, without its number."""
    number: str = ""
    """图1, 图2 …: counted where the wording places it."""
    digest: str = ""
    """SHA-256 of both forms; worked out from them if they are there."""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a figure without alternative text")
        if self.svg or self.png:
            found = hashlib.sha256(hashlib.sha256(self.svg).digest() + self.png).hexdigest()
            object.__setattr__(self, "digest", found)

    @property
    def text(self) -> str:
        """What is printed below it: number and caption."""
        return "\u3000".join(filter(None, (self.number, self.caption)))


Block = Paragraph | Heading | Table | TearLine | Figure

RED_HEADED = frozenset({"redhead", "upward"})
"""Layouts with a 版头 above the title and a 版记 with printer and rules (GB/T 9704 7.2, 7.4)."""


@dataclass(frozen=True, slots=True)
class Colophon:
    """版记 (GB/T 9704 7.4): who else receives it, who printed it, when."""

    copies_to: tuple[str, ...] = ()
    """抄送机关, in order."""
    printer: str = ""
    """印发机关."""
    printed: date | None = None
    """印发日期."""

    def __bool__(self) -> bool:
        return bool(self.copies_to or self.printer)


@dataclass(frozen=True, slots=True)
class Document:
    """One document, complete and immutable. Empty strings stand for elements it does not have."""

    kind: str
    """Slug of its kind, e.g. ``acceptance-notice``."""
    kind_title: str
    """文种, e.g. 受理告知书."""
    layout: str
    """letter, redhead, upward, notice, form …: a folder of ``templates/_layouts``."""
    case: str
    """编号 of the case it came from."""
    issuer: str
    """发文机关全称."""
    title: str
    """标题, whole; the renderer breaks it by meaning."""
    number: str = ""
    """发文字号; on a draft with a blank where the figure will stand; empty for a kind without numbers."""
    head: str = ""
    """发文机关标志; empty where the layout has none."""
    copy_number: str = ""
    """份号."""
    secrecy: str = ""
    """密级和保密期限, only with its legal ground (保密法 22)."""
    urgency: str = ""
    """紧急程度."""
    signer: str = ""
    """签发人; printed on 上行文 only."""
    addressees: tuple[str, ...] = ()
    """主送机关, or the person addressed."""
    body: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    """附件说明: names, without punctuation (GB/T 9704 7.3.4)."""
    signatory: str = ""
    """发文机关署名; empty on a form."""
    date: date | None = None
    """成文日期."""
    note: str = ""
    """附注, without its brackets."""
    colophon: Colophon = field(default_factory=Colophon)
    draft: bool = False
    """Marked 草稿 on every page."""
    language: str = "zh-CN"
