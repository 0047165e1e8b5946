"""The named styles of the docx layouts, by their Chinese names, as GB/T 9704-2012 asks for them.

An author who opens a layout in Word or WPS changes the look of every document there: the program
puts text into these styles and formats nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from xfdocs.render.ooxml import CHARACTER, W
from xfdocs.render.signature import SEAL_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

FANGSONG: Final = "仿宋_GB2312"
KAITI: Final = "楷体_GB2312"
HEITI: Final = "黑体"
SONGTI: Final = "宋体"
XIAOBIAOSONG: Final = "方正小标宋简体"

OTHER_NAMES: Final = {
    FANGSONG: "FangSong_GB2312",
    KAITI: "KaiTi_GB2312",
    HEITI: "SimHei",
    SONGTI: "SimSun",
    XIAOBIAOSONG: "FZXiaoBiaoSong-B05S",
}

# 号 → points (GB/T 9704 7; domain practice of word processors).
TWO: Final = 22.0
THREE: Final = 16.0
FOUR: Final = 14.0
SMALL_FOUR: Final = 12.0
FIVE: Final = 10.5

TABLE_LINE: Final = 19.85
"""7 mm in points."""
SMALL_TABLE_LINE: Final = 14.2
"""5 mm in points."""
CAPTION_LINE: Final = 22.7
"""8 mm in points."""
GREY: Final = "777777"

LINE: Final = 592
"""One line of the page's grid in twips: 21 lines and one character fill 225 mm (GB/T 9704 5.2.3)."""

HEAD_LINE: Final = 1.2
"""Line height of the 发文机关标志 in its own size."""

RED: Final = "E60012"
"""公文红: Y80 M80 in print (GB/T 9704 6.2)."""


@dataclass(frozen=True, slots=True)
class Style:
    """One style. Indents and distances are in characters and lines of the grid."""

    name: str
    based: str = "公文网格"
    kind: str = "paragraph"
    font: str = ""
    size: float = 0.0
    align: str = ""
    first: float = 0.0
    left: float = 0.0
    right: float = 0.0
    hanging: float = 0.0
    before: float | None = None
    after: float | None = None
    exact: float = 0.0
    """Line height in points; 0 for that of the style it is based on."""
    free: bool = False
    """Lines as high as what stands in them, off the grid: for pictures."""
    keep_next: bool = False
    outline: int = -1
    color: str = ""
    squeeze: int | None = None
    """Space added to each character, in twips."""
    tabs: tuple[tuple[str, int, str], ...] = ()
    """(alignment, twips, leader)."""
    border: str = ""
    """Ready ``w:pBdr``."""

    @property
    def id(self) -> str:
        """The style's id in the file; Word makes its own when it saves, so the program goes by names."""
        return self.name

    def xml(self) -> str:
        """The ``w:style`` element."""
        text = f"<w:rPr>{self._face()}</w:rPr>" if self._face() else ""
        custom = "" if self.name in {"header", "footer"} else ' w:customStyle="1"'
        if self.kind == "character":
            return (
                f'<w:style w:type="character"{custom} w:styleId={quoteattr(self.id)}>'
                f'<w:name w:val={quoteattr(self.name)}/><w:uiPriority w:val="10"/><w:qFormat/>{text}</w:style>'
            )
        return (
            f'<w:style w:type="paragraph"{custom} w:styleId={quoteattr(self.id)}>'
            f"<w:name w:val={quoteattr(self.name)}/><w:basedOn w:val={quoteattr(self.based)}/>"
            f'<w:uiPriority w:val="1"/><w:qFormat/><w:pPr>{self._shape()}</w:pPr>{text}</w:style>'
        )

    def _face(self) -> str:
        size = (
            f'<w:sz w:val="{self.size * 2:.0f}"/><w:szCs w:val="{self.size * 2:.0f}"/>' if self.size else ""
        )
        color = f'<w:color w:val="{self.color}"/>' if self.color else ""
        squeeze = f'<w:spacing w:val="{self.squeeze}"/>' if self.squeeze is not None else ""
        return (faces(self.font) if self.font else "") + color + squeeze + size

    def _shape(self) -> str:
        parts = ["<w:keepNext/>" if self.keep_next else "", self.border]
        if self.tabs:
            stops = "".join(
                f'<w:tab w:val="{align}" w:leader="{leader or "none"}" w:pos="{at}"/>'
                for align, at, leader in self.tabs
            )
            parts.append(f"<w:tabs>{stops}</w:tabs>")
        if self.exact or self.free:
            parts.append('<w:snapToGrid w:val="0"/>')
        parts.append(self._spacing())
        parts.append(self._indent())
        if self.align:
            parts.append(f'<w:jc w:val="{self.align}"/>')
        if self.outline >= 0:
            parts.append(f'<w:outlineLvl w:val="{self.outline}"/>')
        return "".join(parts)

    def _spacing(self) -> str:
        lines = {"before": self.before, "after": self.after}
        attributes = "".join(
            f' w:{side}="{value * LINE:.0f}"' for side, value in lines.items() if value is not None
        )
        exact = f' w:line="{self.exact * 20:.0f}" w:lineRule="exact"' if self.exact else ""
        exact = ' w:line="240" w:lineRule="auto"' if self.free else exact
        return f"<w:spacing{attributes}{exact}/>" if attributes or exact else ""

    def _indent(self) -> str:
        character = round(self.size * 20) if self.size else CHARACTER
        # 首行缩进 2 字符 stays what authors know; Word counts the characters of the other sides in ways
        # of its own, so these go by measure alone.
        words = f' w:firstLineChars="{self.first * 100:.0f}"' if self.first else ""
        sides = {"left": self.left, "right": self.right, "firstLine": self.first, "hanging": self.hanging}
        measures = "".join(f' w:{side}="{value * character:.0f}"' for side, value in sides.items() if value)
        return f"<w:ind{words}{measures}/>" if measures else ""


def faces(font: str) -> str:
    """``w:rFonts`` with one face for Chinese, Latin and digits, as the printed standard has it."""
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    )


_MEASURE: Final = 28 * CHARACTER
_BODY = "公文正文"

GRID: Final = "公文网格"
"""The style every other text style stands on.

It has the measures of the page's grid in itself: lines of `LINE`, and characters a third of a point
narrower than 三号, so that 28 of them and no more go into a line; justified, they fill it. Snapping to
the grid would look the same in Word and WPS, but LibreOffice gives each 三号 character two cells, and
a rare character from a tall font would take two lines. Word and LibreOffice both set the baseline at
0.8 of an exact line whatever the face, so positions hold on any machine.
"""

STYLES: Final = (
    Style(GRID, based="Normal", exact=LINE / 20, squeeze=-6),
    # 正文 (GB/T 9704 7.3.3): every paragraph begins two characters in.
    Style(_BODY, first=2),
    Style("公文末段", based=_BODY, keep_next=True),
    Style("顶格正文"),
    Style("居中正文", align="center"),
    Style("居右正文", align="right"),
    Style("一级标题", based=_BODY, font=HEITI, keep_next=True, outline=0),
    Style("二级标题", based=_BODY, font=KAITI, keep_next=True, outline=1),
    Style("三级标题", based=_BODY, keep_next=True, outline=2),
    Style("四级标题", based=_BODY, keep_next=True, outline=3),
    # 版头 and 主体
    Style("份号", align="left"),
    Style("密级", font=HEITI, align="left"),
    Style("紧急程度", font=HEITI, align="left"),
    Style("发文机关标志", squeeze=0, font=XIAOBIAOSONG, align="center", color=RED, keep_next=True),
    Style("发文字号", align="center", keep_next=True),
    Style(
        "公文标题",
        squeeze=0,
        font=XIAOBIAOSONG,
        size=TWO,
        align="center",
        exact=LINE / 20,
        after=1,
        keep_next=True,
    ),
    Style("公文标题（接文号）", based="公文标题", after=0),
    Style("主送", align="left", keep_next=True),
    Style("附件说明", align="left", left=5, hanging=3, before=1, keep_next=True),
    Style("附件说明（首项）", align="left", left=6, hanging=4, before=1, keep_next=True),
    Style("附件说明（续项）", align="left", left=6, hanging=1, keep_next=True),
    Style("署名", align="right", before=SEAL_LINES, keep_next=True),
    Style("成文日期", align="right", keep_next=True),
    Style("附注", first=2),
    # 版记 (7.4): 四号
    Style("抄送", squeeze=0, size=FOUR, left=4, hanging=3, right=1, align="both", exact=25.35),
    Style(
        "印发",
        squeeze=0,
        size=FOUR,
        left=1,
        right=1,
        align="left",
        exact=25.35,
        tabs=(("right", _MEASURE - round(FOUR * 20), ""),),
    ),
    # 页码 (7.5): 四号半角宋体, one character from the edge
    Style("页码", squeeze=0, based="footer", font=SONGTI, size=FOUR, right=1, align="right", exact=20),
    Style("页码（双页）", squeeze=0, based="footer", font=SONGTI, size=FOUR, left=1, align="left", exact=20),
    Style(
        "草稿标记",
        squeeze=0,
        based="header",
        font=HEITI,
        size=THREE,
        align="center",
        exact=26,
        right=24.4,
        color=GREY,
        border="<w:pBdr>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="12" w:space="1" w:color="{GREY}"/>'
            for side in ("top", "left", "bottom", "right")
        )
        + "</w:pBdr>",
    ),
    # 表格: 四号, 7 mm to the line
    Style("表题", squeeze=0, font=HEITI, size=FOUR, align="center", exact=LINE / 20, keep_next=True),
    Style("表格文字", squeeze=0, size=FOUR, align="left", exact=TABLE_LINE),
    Style("表格文字（缩进）", based="表格文字", size=FOUR, first=2),
    Style("表格文字（居中）", based="表格文字", align="center"),
    Style("表格文字（居右）", based="表格文字", align="right"),
    Style("表格标目", based="表格文字", font=HEITI, align="center"),
    Style("表格单位", squeeze=0, size=SMALL_FOUR, align="right", exact=TABLE_LINE, keep_next=True),
    # 小表: 五号, 5 mm to the line, for many columns of numbers
    Style("小表文字", squeeze=0, size=FIVE, align="left", exact=SMALL_TABLE_LINE),
    Style("小表文字（缩进）", based="小表文字", size=FIVE, first=2),
    Style("小表文字（居中）", based="小表文字", align="center"),
    Style("小表文字（居右）", based="小表文字", align="right"),
    Style("小表标目", based="小表文字", font=HEITI, align="center"),
    # 图: 图题 below in 小四
    Style("图", based="Normal", align="center", before=0.2, free=True),
    Style("图题", squeeze=0, font=HEITI, size=SMALL_FOUR, align="center", exact=CAPTION_LINE, after=0.2),
    Style(
        "裁切线",
        squeeze=0,
        font=SONGTI,
        size=SMALL_FOUR,
        exact=LINE / 20,
        keep_next=True,
        tabs=(("center", _MEASURE // 2, "hyphen"), ("right", _MEASURE, "hyphen")),
    ),
    Style("间隔", squeeze=0, exact=1),
    Style("模板指令", squeeze=0, font=SONGTI, size=9, align="left", exact=12, color="7F7F7F"),
    Style("突出（黑体）", kind="character", font=HEITI),
    Style("突出（楷体）", kind="character", font=KAITI),
)

_NAMESPACES = f'xmlns:w="{W}"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def styles_xml(changes: Mapping[str, Mapping[str, Any]]) -> str:
    """``word/styles.xml``: defaults with an eastAsia face everywhere, then every style.

    *changes* are what one layout has otherwise: by style name, the fields of `Style`.
    """
    styles = [replace(style, **changes.get(style.name, {})) for style in STYLES]
    size = f'<w:sz w:val="{THREE * 2:.0f}"/><w:szCs w:val="{THREE * 2:.0f}"/>'
    return (
        f"{XML}<w:styles {_NAMESPACES}>"
        f"<w:docDefaults><w:rPrDefault><w:rPr>{faces(FANGSONG)}{size}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        # 22 whole lines a page: no widow control. 28 characters a line: no hanging punctuation, no
        # extra space between Chinese and digits (GB/T 9704 5.2.3).
        '<w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/>'
        '<w:autoSpaceDN w:val="0"/><w:jc w:val="both"/></w:pPr>'
        # The page's grid counts its characters in the size of this style (ECMA-376 17.6.5).
        f"<w:rPr>{faces(FANGSONG)}{size}</w:rPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        + Style("header", based="Normal", align="left", exact=26).xml()
        + Style("footer", based="Normal", align="left", exact=20).xml()
        + "".join(style.xml() for style in styles)
        + _table_style("公文表格", _FORM, 91, 68)
        + _table_style("小表", _FORM, 45, 51)
        # 首末 0.35 mm, 中间 0.25 mm (GB/T 9704 7.4.1)
        + _table_style("版记表", _borders(top=8, bottom=8, insideH=6))
        + _table_style("无线表", "")
        + "</w:styles>"
    )


def _borders(**eighths: int) -> str:
    """``w:tblBorders`` with widths in eighths of a point."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in eighths.items()
    )


_FORM: Final = _borders(top=12, left=12, bottom=12, right=12, insideH=6, insideV=6)


def _table_style(name: str, borders: str, margin: int = 0, above: int = 0) -> str:
    cell = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", above), ("left", margin), ("bottom", above), ("right", margin))
    )
    lines = f"<w:tblBorders>{borders}</w:tblBorders>" if borders else ""
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr>{lines}<w:tblCellMar>{cell}</w:tblCellMar></w:tblPr></w:style>'
    )


def font_table_xml() -> str:
    """``word/fontTable.xml``: each official face with the other name it goes by."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in OTHER_NAMES.items()
    )
    return f"{XML}<w:fonts {_NAMESPACES}>{fonts}</w:fonts>"


def settings_xml() -> str:
    """``word/settings.xml``: odd and even pages, no squeezing of punctuation, Chinese line breaking."""
    return (
        f'{XML}<w:settings {_NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        "<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" '
        'w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" '
        'w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def theme_xml() -> str:
    """``word/theme/theme1.xml``: plain colours, and Chinese faces only."""
    colors = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
        for name, value in (
            ("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "333333"), ("lt2", "EEEEEE"), ("accent1", RED),
            ("accent2", "C00000"), ("accent3", "7F7F7F"), ("accent4", "595959"), ("accent5", "404040"),
            ("accent6", "262626"), ("hlink", "000000"), ("folHlink", "000000"),
        )
    )  # fmt: skip
    fonts = "".join(
        f'<a:{part}><a:latin typeface="{font}"/><a:ea typeface="{font}"/><a:cs typeface=""/>'
        f'<a:font script="Hans" typeface="{font}"/></a:{part}>'
        for part, font in (("majorFont", HEITI), ("minorFont", FANGSONG))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{XML}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="公文">'
        f'<a:themeElements><a:clrScheme name="公文">{colors}</a:clrScheme>'
        f'<a:fontScheme name="公文">{fonts}</a:fontScheme><a:fmtScheme name="公文">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )
