"""Documents made by hand, for every renderer. All people are invented (DESIGN §9)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date

from xfdocs.document.model import (
    Align,
    Block,
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

DAY = date(2026, 10, 15)
RARE = "㐂䶮𬭚𠮷"
MARKUP = "<b>甲</b> & {{ x }} ]]> # 乙 | 丙 | *丁* 1. 戊 --- &lt;"


def paragraph(text: str, align: Align = Align.BODY) -> Paragraph:
    return Paragraph((Run(text),), align)


def cell(
    text: str, *, header: bool = False, colspan: int = 1, rowspan: int = 1, vertical: bool = False
) -> Cell:
    middle = header or len(text) < 30
    return Cell((paragraph(text, Align.FLUSH),), header, colspan, rowspan, vertical, middle)


def label(text: str, *, rowspan: int = 1, vertical: bool = False) -> Cell:
    return cell(text, header=True, rowspan=rowspan, vertical=vertical)


SENTENCES = (
    (
        "您于2026年10月8日通过书信提出的关于东湖区翠苑小区三期外墙渗水问题的信访事项（信访件编号：YZ-20261008-0012），"
        "我局已于2026年10月9日收到云州市信访局转送的材料。"
    ),
    "经审查，您反映的事项属于我局职权范围，根据《信访工作条例》第二十三条、第三十一条第六项的规定，我局决定予以受理。",
    "我局将自受理之日起60日内办结；情况复杂的，经本机关负责人批准，可以适当延长办理期限，延长期限不得超过30日，并告知您延期理由。",
    "您可以查询办理进展、补充材料；认为承办人员与本事项有直接利害关系的，可以申请其回避。",
    "《信访工作条例》第三十五条第一款：“信访人对信访处理意见不服的，可以自收到书面答复之日起30日内请求原办理机关、单位的上一级机关、单位复查。”",
    "对小区业主反映的“外墙渗水——尤其是8幢、9幢——多年未修”的情况，现场勘验、调取资料、走访住户……均已列入工作计划。",
)


def body(paragraphs: int) -> tuple[Block, ...]:
    """So many paragraphs of two or three sentences, different from each other."""
    count = len(SENTENCES)
    return tuple(
        paragraph("".join(SENTENCES[(place * 2 + step) % count] for step in range(2 + place % 2)))
        for place in range(paragraphs)
    )


# Ten lines of twenty-eight equal squares a paragraph: what a full page is measured with.
SQUARES = tuple(paragraph("云" * 26 + "州" * 28 * 9) for _ in range(8))

NOTICE = Document(
    kind="acceptance-notice",
    kind_title="受理告知书",
    layout="notice",
    case="YZ-20261008-0012",
    issuer="云州市住房和城乡建设局",
    title="云州市住房和城乡建设局信访事项受理告知书",
    number="云建信访告〔2026〕15号",
    addressees=("欧阳晓雯",),
    body=(
        paragraph(SENTENCES[0] + SENTENCES[1]),
        Heading(1, "一、", (Run("办理期限"),)),
        paragraph(SENTENCES[2]),
        Paragraph((Run("您的权利。", Emphasis.STRONG), Run(SENTENCES[3]), Run("依法享有。", Emphasis.KAI))),
        paragraph("特此告知。"),
    ),
    signatory="云州市住房和城乡建设局",
    date=DAY,
    note="联系人：林晓，电话：19900000012",
)

LETTER = Document(
    kind="transfer-letter",
    kind_title="转送函",
    layout="letter",
    case="YZ-20261008-0012",
    issuer="云州市信访局",
    head="云州市信访局",
    title="关于转送张立等人反映东湖区物业管理问题信访事项的函",
    number="云信访转〔2026〕15号",
    addressees=("云州市住房和城乡建设局",),
    body=(
        paragraph(SENTENCES[4]),
        Heading(1, "一、", (Run("办理要求"),)),
        paragraph(SENTENCES[2]),
        paragraph("特此函告。"),
    ),
    attachments=("信访人来信（复印件）",),
    signatory="云州市信访局",
    date=DAY,
    note="联系人：林晓，电话：19900000012",
    colophon=Colophon(("云州市人民政府办公室", "东湖区信访局", "云州市住房保障和房产管理局信访工作处")),
)

REDHEAD = Document(
    kind="circular",
    kind_title="通报",
    layout="redhead",
    case="",
    issuer="云州市信访局",
    head="云州市信访局文件",
    title="关于2026年第三季度全市信访工作情况的通报",
    number="云信访〔2026〕8号",
    addressees=("各县（市、区）信访局", "市直各有关单位"),
    body=(
        Heading(1, "一、", (Run("总体情况"),)),
        Heading(2, "（一）", (Run("转送情况"),)),
        Heading(3, "1.", (Run("来信"),)),
        Heading(4, "（1）", (Run("初次来信"),)),
        *body(1),
    ),
    attachments=(
        "云州市2026年第三季度信访事项分类统计表以及各县（市、区）及时受理率、按期办结率情况",
        "工作计划",
    ),
    signatory="云州市信访局",
    date=DAY,
    colophon=Colophon(
        ("市委办公室、市人大常委会办公室、市人民政府办公室、市政协办公室", "东湖区信访局"),
        "云州市信访局办公室",
        date(2026, 10, 16),
    ),
    copy_number="000001",
    urgency="特急",
)

UPWARD = replace(REDHEAD, layout="upward", kind_title="报告", signer="王建国", copy_number="", urgency="")

_LIST = Table(
    (
        Row((label("序号"), label("材料名称"), label("页数")), head=True),
        *(
            Row((cell(str(n)), cell(f"材料之{n}：物业公司往来函件及照片"), cell(str(n % 7 + 1))))
            for n in range(1, 41)
        ),
    ),
    (16, 110, 30),
    "附送材料清单",
)

FORM = Document(
    kind="letter-register",
    kind_title="来信登记表",
    layout="form",
    case="YZ-20261008-0012",
    issuer="云州市信访局",
    title="云州市信访局来信登记表",
    number="云信登〔2026〕8号",
    body=(
        Table(
            (
                Row(
                    (
                        label("姓名"),
                        cell("欧阳晓雯"),
                        label("性别"),
                        cell("女"),
                        label("电话"),
                        cell("19900000012"),
                    )
                ),
                Row((label("住址"), cell("云州市东湖区翠苑小区三期8幢2单元501室", colspan=5))),
                Row(
                    (label("来信摘要", vertical=True), cell(SENTENCES[0] + SENTENCES[4], colspan=5)),
                    height=60,
                ),
                Row((label("拟办意见", rowspan=2, vertical=True), cell("", colspan=5)), height=25),
                Row((cell("签名：　　　　年　月　日", colspan=5),)),
            ),
            (20, 34, 18, 24, 26, 34),
        ),
        TearLine("此联由信访人留存"),
        _LIST,
    ),
)


LABEL = Document(
    kind="stamp",
    kind_title="归档章",
    layout="label",
    case="YZ-20261008-0012",
    issuer="云州市信访局",
    title="云州市信访局案卷",
    body=(
        Table(
            (
                Row((label("题名"), replace(cell(SENTENCES[0] * 2, colspan=2), large=True)), height=40),
                Row((cell("J021"), cell("2026"), cell("0001")), height=8),
                Row((cell("云州市东湖区人力资源和社会保障局"), cell("30年"), cell("12")), height=8),
                Row((label("备注", vertical=True), cell("", colspan=2)), height=20),
            ),
            (20, 15, 60),
            exact=True,
        ),
        Paragraph((Run("打印时选“实际大小”（100%）。"),), Align.FLUSH),
        Table((Row((cell("100毫米"),), height=5),), (100,), exact=True),
    ),
)

WIDE = replace(FORM, layout="wide", title="卷内目录", number="", body=(paragraph(SENTENCES[2]), _LIST))


def number(text: str) -> Cell:
    return Cell((paragraph(text, Align.RIGHT),))


_NAMES = ("东湖区信访局", "市住房和城乡建设局", "云州经济技术开发区管理委员会社会事务管理与群众诉求服务中心")


def statistics(rows: int) -> Table:
    """Nine columns of numbers under two rows of heads."""
    head = (
        Row(
            (
                label("责任单位", rowspan=2),
                *(Cell((paragraph(text),), header=True, colspan=3) for text in ("来信", "来访")),
                label("合计", rowspan=2),
                label("办结率", rowspan=2),
            ),
            head=True,
        ),
        Row(tuple(label(text) for text in ("本期", "上期", "环比") * 2), head=True),
    )
    body = (
        Row(
            (
                cell(_NAMES[n % 3]),
                *(
                    number(text)
                    for text in (str(n), "12345", "-12.50%", "7", "0", "—", str(n + 9), "100.00%")
                ),
            )
        )
        for n in range(rows)
    )
    return Table(
        (*head, *body),
        (40, 12, 13, 18, 12, 13, 18, 14, 16),
        "表1　各单位信访事项办理情况",
        "单位：件",
        small=True,
    )


_COMPARED = Table(
    (
        Row((label("责任单位"), label("本期"), label("上期"), label("环比")), head=True),
        *(Row((cell(name), number("27"), number("30"), number("-10.00%"))) for name in _NAMES),
    ),
    (66, 30, 30, 30),
    "表2　来信",
    "单位：件",
)


def png(width: int, height: int) -> bytes:
    """A grey picture of so many dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    dots = zlib.compress((b"\0" + b"\x99" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def figure(
    caption: str = "来信来访走势", *, height: float = 60, width: float = 120, number: str = "图1"
) -> Figure:
    """A black frame with a bar in it."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" fill="none" stroke="black"/>'
        f'<rect x="10" y="10" width="10" height="{height - 20}"/></svg>'
    )
    alt = f"{caption}：7月来信3件 & 来访“1”批。"
    return Figure(svg.encode(), png(round(width), round(height)), width, height, alt, caption, number)


PLAIN_FORM = replace(FORM, body=FORM.body[:2])

EXAMPLES: dict[str, Document] = {
    "notice": NOTICE,
    "notice-attachments": replace(NOTICE, attachments=("信访事项办理流程图", "材料清单")),
    "notice-two-pages": replace(NOTICE, body=body(4)),
    "notice-five-pages": replace(NOTICE, body=body(15)),
    "notice-draft": replace(NOTICE, number="云建信访告〔2026〕　号", draft=True, date=None),
    "notice-rare": replace(NOTICE, addressees=(f"欧阳{RARE}",)),
    "notice-markup": replace(
        NOTICE, body=(paragraph(MARKUP), Heading(1, "一、", (Run(MARKUP),))), note=MARKUP
    ),
    "notice-minority": replace(
        NOTICE, addressees=("阿卜杜拉·买买提",), signatory="云州市残疾人联合会权益保障部信访室"
    ),
    "letter": LETTER,
    "letter-corner": replace(LETTER, copy_number="000012", secrecy="秘密★1年", urgency="特急"),
    "letter-long": replace(
        LETTER,
        title="关于交办阿卜杜拉·买买提等3人反映云州市第二建筑工程有限责任公司拖欠农民工工资、未依法缴纳社会保险费问题信访事项的函",
        addressees=tuple(
            f"云州市东湖区{name}街道办事处"
            for name in ("翠苑", "文三", "古荡", "西溪", "蒋村", "留下", "三墩")
        ),
        body=body(6),
    ),
    "redhead": REDHEAD,
    "redhead-five-pages": replace(REDHEAD, body=(*REDHEAD.body, *body(11))),
    "redhead-figures": replace(
        REDHEAD,
        body=(
            *REDHEAD.body,
            figure(),
            *body(1),
            figure("A < B & “C”", number="图2"),
            figure(height=150, number="图3"),
        ),
    ),
    "redhead-statistics": replace(REDHEAD, body=(*REDHEAD.body, statistics(24), paragraph(SENTENCES[2]))),
    "notice-statistics": replace(NOTICE, body=(paragraph(SENTENCES[2]), _COMPARED, *body(1))),
    "upward": UPWARD,
    "form": FORM,
    "form-plain": PLAIN_FORM,
    "label": LABEL,
    "wide": WIDE,
    "form-statistics": replace(FORM, body=(statistics(45), _LIST)),
    "form-figure-last": replace(FORM, body=(figure(number=""), FORM.body[0], figure(""))),
}
