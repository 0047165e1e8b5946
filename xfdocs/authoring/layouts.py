"""The docx layouts that come with the package, each written by this script.

    python -m xfdocs.authoring.layouts            writes templates/_layouts/*/layout.docx anew

A layout is a docxtpl template: an author opens it in Word or WPS, sees each element in its style with
its name in braces, and changes what they like.  What the names hold tells `xfdocs.render.docx_context`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from xfdocs.authoring.docx_page import (
    ABOVE,
    BASELINE,
    BELOW,
    BOTTOM,
    INK,
    LEFT,
    TOP,
    Page,
    bar,
    frame,
    line,
    order,
)
from xfdocs.authoring.docx_styles import HEAD_LINE, LINE, RED, TWO
from xfdocs.render.docx_table import MEASURE
from xfdocs.render.ooxml import CHARACTER, TWIPS_PER_MM, twips

_PT: Final = 25.4 / 72
_SEVEN_EIGHTHS: Final = 16 * _PT * 7 / 8
"""7/8 of the height of a 三号 character (GB/T 9704 3.2, 10.1)."""
_TOP_MM: Final = TOP / TWIPS_PER_MM

_THICK, _BETWEEN, _THIN = 1.1, 0.55, 0.35
"""A red double rule, in mm: the standard leaves the strengths open (GB/T 9704 10.1)."""


def _above_ink(size: float, height: float) -> float:
    """From the top of a line of *height* points to the ink of its characters of *size*, in mm."""
    return (height * BASELINE - INK[0] * size) * _PT


def _below_ink(size: float, height: float) -> float:
    """From that ink to the foot of the line."""
    return (height * (1 - BASELINE) - (INK[1] - INK[0]) * size) * _PT


_TWO_LINES: Final = 2 * LINE / TWIPS_PER_MM
"""空二行, from ink to ink."""
_ABOVE_TITLE: Final = _above_ink(TWO, LINE / 20)


def _changes(size: float, before_title: float) -> dict[str, dict[str, Any]]:
    """A 发文机关标志 of *size* points, and *before_title* mm above the line of the title."""
    return {
        "发文机关标志": {"size": size, "exact": round(size * HEAD_LINE * 20) / 20},
        "公文标题": {"before": before_title * TWIPS_PER_MM / LINE},
    }


def _if(condition: str, *lines: str) -> str:
    return order(f"{{%p if {condition} %}}") + "".join(lines) + order("{%p endif %}")


_CORNER: Final = ("份号", "密级", "紧急程度")


def _corner(properties: str = "") -> str:
    """份号、密级、紧急程度, one above the other at the left (GB/T 9704 7.2.1–7.2.3)."""
    return "".join(_if(name, line(name, f"{{{{ {name} }}}}", properties)) for name in _CORNER)


_TITLE: Final = line("公文标题", "{{ 标题 }}")
_ADDRESSEES: Final = _if("主送", line("主送", "{{ 主送 }}"))

_BLOCKS: Final = (
    ("正文", "公文正文"),
    ("末段", "公文末段"),
    ("一级标题", "一级标题"),
    ("二级标题", "二级标题"),
    ("三级标题", "三级标题"),
    ("四级标题", "四级标题"),
    ("顶格", "顶格正文"),
    ("居中", "居中正文"),
    ("居右", "居右正文"),
)


def _body() -> str:
    branches = "".join(
        order(f'{{%p {"elif" if place else "if"} 段.样式 == "{kind}" %}}') + line(style, "{{r 段.文字 }}")
        for place, (kind, style) in enumerate(_BLOCKS)
    )
    return (
        order("{%p for 段 in 正文 %}")
        + branches
        + order('{%p elif 段.样式 == "裁切线" %}')
        + line("裁切线", "{{ 段.文字 }}")
        .replace("<w:r>", "<w:r><w:tab/></w:r><w:r>", 1)
        .replace("</w:p>", "<w:r><w:tab/></w:r></w:p>")
        + order("{%p else %}")
        + line("表格文字", "{{p 段.表格 }}")
        + order("{%p endif %}")
        + order("{%p endfor %}")
    )


_ATTACHMENTS: Final = _if(
    "附件说明",
    order("{%p for 附件 in 附件说明 %}"),
    order("{%p if 附件说明|length == 1 %}"),
    line("附件说明", "附件：{{ 附件.名称 }}"),
    order("{%p elif loop.first %}"),
    line("附件说明（首项）", "附件：{{ 附件.序号 }}{{ 附件.名称 }}"),
    order("{%p else %}"),
    line("附件说明（续项）", "{{ 附件.序号 }}{{ 附件.名称 }}"),
    order("{%p endif %}"),
    order("{%p endfor %}"),
)
_SIGNATURE: Final = line("署名", "{{p 落款 }}")
_NOTE: Final = _if("附注", line("附注", "{{ 附注 }}"))
_AFTER_BODY: Final = _ATTACHMENTS + _SIGNATURE + _NOTE


def _floating(rows: str, style: str) -> str:
    """A table at the foot of the last page, however much text there is (GB/T 9704 7.4.1, 10.1)."""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="page" '
        f'w:tblpX="{LEFT}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
        f'<w:tblW w:w="{MEASURE}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{MEASURE}"/></w:tblGrid>{rows}</w:tbl>'
    )


def _row(content: str, *, height: float = 0, properties: str = "") -> str:
    exact = (
        f'<w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="exact"/></w:trPr>'
        if height
        else ""
    )
    return (
        f'<w:tr>{exact or "<w:trPr><w:cantSplit/></w:trPr>"}<w:tc><w:tcPr><w:tcW w:w="{MEASURE}" w:type="dxa"/>'
        f"{properties}</w:tcPr>{content}</w:tc></w:tr>"
    )


# The floating table ends where the word processor's page ends, a little below the 版心.
_FOOT: Final = _row(
    line("间隔"),
    height=35 - BOTTOM / TWIPS_PER_MM,
    properties='<w:tcBorders><w:bottom w:val="nil"/></w:tcBorders>',
)
_COPIES: Final = line("抄送", "抄送：{{ 抄送 }}")
_TAIL: Final = line("间隔")
_COPIES_ONLY: Final = _if("抄送", _floating(_row(_COPIES), "无线表"), _TAIL)


def _row_if(condition: str, row: str) -> str:
    return _row(order(f"{{%tr if {condition} %}}")) + row + _row(order("{%tr endif %}"))


_PRINTER: Final = line("印发", "{{ 印发机关 }}@{{ 印发日期 }}").replace(
    "@", '</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t xml:space="preserve">'
)
_COLOPHON: Final = _if(
    "抄送 or 印发机关",
    _floating(_row_if("抄送", _row(_COPIES)) + _row_if("印发机关", _row(_PRINTER)) + _FOOT, "版记表"),
    _TAIL,
)


def _letter() -> Page:
    """信函格式 (GB/T 9704 10.1)."""
    size = 64.0  # 20.7 mm of ink
    rule = 30 + INK[1] * size * _PT + 4
    below = rule + _THICK + _BETWEEN + _THIN
    start = below + _SEVEN_EIGHTHS - ABOVE
    foot = 297 - 20 - (_THICK + _BETWEEN + _THIN) / 2
    bars = (
        bar(1, "上线粗", y=round(rule, 2), height=_THICK)
        + bar(2, "上线细", y=round(rule + _THICK + _BETWEEN, 2), height=_THIN)
        + bar(3, "下线细", y=round(foot, 2), height=_THIN)
        + bar(4, "下线粗", y=round(foot + _THIN + _BETWEEN, 2), height=_THICK)
    )
    hanger = f'<w:p><w:pPr><w:pStyle w:val="间隔"/></w:pPr>{bars}</w:p>'
    # Out of the flow, above the text of the page; the flow begins where the frame ends.
    top = 30 - _above_ink(size, size * HEAD_LINE)
    head = line("发文机关标志", "{{r 机关标志 }}", frame(x=20, y=top, width=170, height=start - top))
    title = _TWO_LINES - BELOW - _ABOVE_TITLE  # 与其上最后一个要素相距二行
    number = "{{ 发文字号 }}"
    right = frame(y=start, width=90, align="right")
    body = (
        head
        # Marks stand at the left below the rule, the number at the right on their first line.
        + _corner()
        + _if(
            "发文字号",
            order("{%p if 份号 or 密级 or 紧急程度 %}"),
            line("发文字号", number, right),
            order("{%p else %}"),
            line("发文字号", number),
            order("{%p endif %}"),
        )
        + _TITLE
        + _ADDRESSEES
        + _body()
        + _AFTER_BODY
        + _COPIES_ONLY
    )
    return Page(body, _changes(size, title) | {"发文字号": {"align": "right"}}, first_header=hanger)


def _red_head(*, upward: bool) -> Page:
    """文件格式 (GB/T 9704 7.2); 上行文 with its 签发人 (7.2.6)."""
    size = 52.5  # 17 mm of ink
    before = (
        72 - _TOP_MM - _above_ink(size, size * HEAD_LINE)
    )  # 35 mm below the upper edge of the 版心 (7.2.4)
    head = line("发文机关标志", "{{r 机关标志 }}", f'<w:spacing w:before="{twips(before)}"/>')
    gap = _TWO_LINES - _below_ink(size, size * HEAD_LINE) - ABOVE  # 空二行 (7.2.5)
    # A rule as wide as the 版心, 4 mm below the number (7.2.7); BELOW of them lie within its line.
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="16" w:space="{(4 - BELOW) / _PT:.0f}" w:color="{RED}"/></w:pBdr>'
    number = line("发文字号", "{{ 发文字号 }}", f'{rule}<w:spacing w:before="{twips(gap)}"/>')
    if upward:
        name = (
            "</w:t></w:r><w:r><w:tab/></w:r>"
            '<w:r><w:t xml:space="preserve">{% if 签发人 %}签发人：{% endif %}</w:t></w:r>'
            '<w:r><w:rPr><w:rStyle w:val="突出（楷体）"/></w:rPr><w:t xml:space="preserve">{{ 签发人 }}'
        )
        number = number.replace("{{ 发文字号 }}", "{{ 发文字号 }}" + name)
    body = (
        _corner(frame(y=_TOP_MM, width=60))
        + _if("机关标志", head)
        + number
        + _TITLE
        + _ADDRESSEES
        + _body()
        + _AFTER_BODY
        + _COLOPHON
    )
    # 左空一字, by the first line alone: the rule keeps its width.
    aside = {"align": "left", "first": 1, "tabs": (("right", 27 * CHARACTER, ""),)} if upward else {}
    return Page(body, _changes(size, _TWO_LINES - _ABOVE_TITLE) | {"发文字号": aside})


def _plain(*, gap: float) -> Page:
    """专用文书 and 表单: the title at the head of the page, the number at the right below it.

    *gap* lines stand free below both.
    """
    body = (
        _corner()
        + order("{%p if 发文字号 %}")
        + line("公文标题（接文号）", "{{ 标题 }}")
        + line("发文字号", "{{ 发文字号 }}")
        + order("{%p else %}")
        + _TITLE
        + order("{%p endif %}")
        + _ADDRESSEES
        + _body()
        + _AFTER_BODY
        + _COPIES_ONLY
    )
    # A title that opens the page: its ink begins where that of other lines does, the lines below stay.
    lower = (ABOVE - _ABOVE_TITLE) * TWIPS_PER_MM / LINE
    return Page(
        body,
        {
            "发文字号": {"align": "right", "after": gap - lower},
            "公文标题": {"before": lower, "after": gap - lower},
        },
    )


def _label() -> Page:
    """封面 and 标签: no page number, and what stands beside a label in small letters."""
    page = _plain(gap=0.5)
    return replace(page, numbered=False, changes={**page.changes, "顶格正文": {"size": 12, "exact": 20}})


LAYOUTS: Final[dict[str, Callable[[], Page]]] = {
    "letter": _letter,
    "redhead": lambda: _red_head(upward=False),
    "upward": lambda: _red_head(upward=True),
    "notice": lambda: _plain(gap=1),
    "form": lambda: _plain(gap=0.5),
    "wide": lambda: replace(_plain(gap=0.5), across=True),
    "label": _label,
}
"""Each layout's page, by name."""


def layout_docx(name: str) -> bytes:
    """The layout file of that name; the same bytes every time."""
    return LAYOUTS[name]().docx()


def write_layouts(folder: Path) -> None:
    """Write every layout into its folder below *folder*."""
    for name in LAYOUTS:
        target = folder / name / "layout.docx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(layout_docx(name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="重写随包的 docx 版式。")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("templates/_layouts"))
    write_layouts(parser.parse_args().folder)
