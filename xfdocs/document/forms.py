"""A form is a table in the wording: HTML ``<table>`` → one table block (DESIGN §5).

What an author may write: ``<col width="24">`` (mm), ``<tr height="12">`` (mm, the least height), ``<thead>`` for rows that
repeat on every page, ``<th>`` for labels and ``<td>`` for fields, with ``colspan``, ``rowspan``, ``align="left|center|right"``,
``valign="top|middle"`` and ``class="竖排"``; inside a cell text, ``<br>`` and ``<p>``.  ``<table class="小表">`` is set in 五号;
``<table class="实寸">`` is a label to be cut out, of exactly the widths and heights written, and has ``class="大字"`` too.
Anything else is an error: a form that prints otherwise than its author thought is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from lxml import etree, html

from xfdocs.document.model import Align, Cell, Paragraph, Row, Run, Table
from xfdocs.document.tokens import Values, lines

T = TypeVar("T")

_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
_WHOLE = re.compile(r"[1-9][0-9]?")
_FRAME = frozenset({"table", "colgroup", "col", "thead", "tbody", "tr"})
"""What holds rows and cells, and no text of its own."""
_SMALL, _EXACT, _VERTICAL, _LARGE = "小表", "实寸", "竖排", "大字"
_MEASURE = 156.0
"""mm: the width of the type area (GB/T 9704 5.2.1)."""

_ALIGN = {"left": Align.FLUSH, "center": Align.CENTER, "right": Align.RIGHT, "body": Align.BODY}
_ALLOWED = {
    "table": {"caption", "class"},
    "colgroup": set[str](),
    "col": {"width", "span"},
    "thead": set[str](),
    "tbody": set[str](),
    "tr": {"height"},
    "th": {"colspan", "rowspan", "align", "valign", "class"},
    "td": {"colspan", "rowspan", "align", "valign", "class"},
    "br": set[str](),
    "p": {"align"},
}


class FormFault(Exception):
    """Something in a form's table that cannot be drawn; carries one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class _Blank:
    """A cell of a form before its values are in."""

    pieces: tuple[tuple[str, Align], ...]
    """Stretches of its text, tokens of values still in place, and how each stands."""
    header: bool
    colspan: int
    rowspan: int
    vertical: bool
    middle: bool
    large: bool

    def filled(self, values: Values) -> Cell:
        """The cell itself: ``<br>``, ``<p>`` and line breaks inside values part its paragraphs."""
        paragraphs = tuple(
            Paragraph((Run(line.strip()),), align)
            for text, align in self.pieces
            for line in lines(values.restore(text))
            if line.strip()
        )
        return Cell(
            paragraphs, self.header, self.colspan, self.rowspan, self.vertical, self.middle, self.large
        )


@dataclass(frozen=True, slots=True)
class _Form:
    """A form before its values are in."""

    rows: tuple[tuple[tuple[_Blank, ...], float, bool], ...]
    """Cells, least height in mm, whether it is a head row."""
    widths: tuple[float, ...]
    caption: str
    style: str


def parse_form(source: str, values: Values) -> Table:
    """The table block of an HTML table whose values are tokens of *values*."""
    try:
        form = _form(source)
    except FormFault as fault:
        raise FormFault(values.restore(str(fault))) from fault
    return Table(
        rows=tuple(
            Row(tuple(cell.filled(values) for cell in cells), height, head)
            for cells, height, head in form.rows
        ),
        widths=form.widths,
        caption=values.restore(form.caption),
        small=form.style == _SMALL,
        exact=form.style == _EXACT,
    )


@lru_cache(maxsize=128)
def _form(source: str) -> _Form:
    """A form as it was written. Values stand in it as tokens, so one kind's form comes in few versions."""
    root = html.fragment_fromstring(source, parser=html.HTMLParser(remove_comments=True, encoding=None))
    if len(list(root.iter("table"))) > 1:
        raise FormFault("表格里不能再有表格。")
    for node in root.iter(etree.Element):
        _check(node)
    widths = tuple(_length(col, "width") for col in root.iter("col") for _ in range(_count(col, "span")))
    if not widths or not all(widths):
        raise FormFault('表格要用 <col width="毫米"> 写明每一列的宽度。')
    rows = tuple(_row(row) for row in root.iter("tr"))
    _check_grid([cells for cells, _, _ in rows], len(widths))
    style = str(root.get("class") or "")
    if style not in {"", _SMALL, _EXACT}:
        raise FormFault(f"表格不认识 class=“{style}”，可用 {_SMALL}、{_EXACT}。")
    if style == _EXACT:
        _check_exact(rows, widths)
    return _Form(rows, widths, str(root.get("caption") or ""), style)


def _check_exact(rows: Sequence[tuple[tuple[_Blank, ...], float, bool]], widths: Sequence[float]) -> None:
    """A label is as large as its author says, so its author says how large it is."""
    if not all(height for _, height, _ in rows):
        raise FormFault('实寸的表格，每一行都要用 <tr height="毫米"> 写明高度。')
    if sum(widths) > _MEASURE:
        raise FormFault(f"实寸的表格宽 {sum(widths):g} 毫米，超出版心的 {_MEASURE:g} 毫米。")


def _check(node: html.HtmlElement) -> None:
    """Only what is known, and text in cells only: what is dropped in silence is missed when it is too late."""
    tag = str(node.tag)
    if tag not in _ALLOWED:
        raise FormFault(f"表格里不能用 <{tag}>。")
    if unknown := set(node.attrib) - _ALLOWED[tag]:
        raise FormFault(f"<{tag}> 不认识属性 {'、'.join(sorted(map(str, unknown)))}。")
    if tag in _FRAME:
        stray = "".join([node.text or "", *(child.tail or "" for child in node)]).strip()
        if stray:
            raise FormFault(f"表格的文字要写在单元格里：“{stray[:20]}”。")


def _row(row: html.HtmlElement) -> tuple[tuple[_Blank, ...], float, bool]:
    parent = row.getparent()
    cells = tuple(_cell(cell) for cell in row if cell.tag in {"th", "td"})
    return cells, _length(row, "height"), parent is not None and parent.tag == "thead"


def _cell(cell: html.HtmlElement) -> _Blank:
    header = cell.tag == "th"
    align = _choice(cell, "align", _ALIGN, Align.CENTER if header else Align.FLUSH)
    style = str(cell.get("class") or "")
    if style not in {"", _VERTICAL, _LARGE}:
        raise FormFault(f"单元格不认识 class=“{style}”。")
    return _Blank(
        pieces=tuple(_pieces(cell, align)),
        header=header,
        colspan=_count(cell, "colspan"),
        rowspan=_count(cell, "rowspan"),
        vertical=style == _VERTICAL,
        middle=_choice(cell, "valign", {"top": False, "middle": True}, default=True),
        large=style == _LARGE,
    )


def _pieces(cell: html.HtmlElement, align: Align) -> Iterator[tuple[str, Align]]:
    text = _joined(cell.text)
    for child in cell:
        if child.tag == "br":
            yield text, align
            text = ""
        else:
            yield text, align
            text = ""
            yield from _pieces(child, _choice(child, "align", _ALIGN, align))
        text += _joined(child.tail)
    yield text, align


def _joined(text: str | None) -> str:
    """Source lines of a cell joined; the author's indentation is not part of the text."""
    return "".join(line.strip() for line in (text or "").splitlines())


def _length(node: html.HtmlElement, name: str) -> float:
    """A length in mm; 0 if the author gave none."""
    text = str(node.get(name, "0")).removesuffix("mm").strip()
    if not _DECIMAL.fullmatch(text):
        raise FormFault(f"{name}=“{text}”应为毫米数。")
    return float(text)


def _count(node: html.HtmlElement, name: str) -> int:
    """How many columns or rows; 1 if the author did not say."""
    text = str(node.get(name, "1")).strip()
    if not _WHOLE.fullmatch(text):
        raise FormFault(f"{name}=“{text}”应为从 1 到 99 的整数。")
    return int(text)


def _choice(node: html.HtmlElement, name: str, choices: dict[str, T], default: T) -> T:
    text = node.get(name)
    if text is None:
        return default
    if text not in choices:
        raise FormFault(f"{name}=“{text}”应为 {'、'.join(choices)} 之一。")
    return choices[str(text)]


def _check_grid(rows: Sequence[tuple[_Blank, ...]], columns: int) -> None:
    """Every row's cells and the cells that reach into it from above must fill the columns exactly."""
    hanging = [0] * columns
    for number, cells in enumerate(rows, start=1):
        place = 0
        for cell in cells:
            while place < columns and hanging[place]:
                place += 1
            if place + cell.colspan > columns or any(hanging[place : place + cell.colspan]):
                raise FormFault(f"表格第 {number} 行的单元格超出了 {columns} 列。")
            hanging[place : place + cell.colspan] = [cell.rowspan] * cell.colspan
            place += cell.colspan
        if not all(hanging):
            raise FormFault(f"表格第 {number} 行没有填满 {columns} 列。")
        hanging = [count - 1 for count in hanging]
    if any(hanging):
        raise FormFault("表格最后有单元格的 rowspan 超出了行数。")
