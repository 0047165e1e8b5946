"""Files that are no case record, or break the schema: one for each way, made from a record that is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.record.breaks import own_id
from tests.record.cases import chain
from xfdocs.record.writer import write_case

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "rejected"


@dataclass(frozen=True)
class Malformed:
    """One way to be no record."""

    code: str
    words: str
    make: Callable[[str], bytes]
    told: str
    """What the message must say."""
    path: str = ""
    """End of the element path it must name."""

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.code}-{self.words}.xml"

    @property
    def bytes(self) -> bytes:
        text = self.make(write_case(chain()).decode())
        return text.replace(chain().id.encode(), own_id(chain().id, self.file.stem).encode())


def swapped(old: str, new: str) -> Callable[[str], bytes]:
    """The record with the first occurrence of a text changed."""

    def make(text: str) -> bytes:
        assert old in text, old
        return text.replace(old, new, 1).encode()

    return make


def moved(text: str) -> bytes:
    """诉求 before 信访人."""
    start, end = text.index("  <信访人>"), text.index("</信访人>\n") + len("</信访人>\n")
    person = text[start:end]
    rest = text[:start] + text[end:]
    at = rest.index("  <办理>")
    return (rest[:at] + person + rest[at:]).encode()


_DTD = """<!DOCTYPE 信访事项 [
  <!ENTITY 甲 "请求">
  <!ENTITY 乙 "&甲;&甲;&甲;&甲;&甲;&甲;&甲;&甲;&甲;&甲;">
]>
<信访事项"""

MALFORMED = (
    Malformed("X03", "空文件", lambda _: b"", "文件是空的"),
    Malformed("X04", "标签不成对", swapped("</登记人>", "</登记者>"), "与结束标签“登记者”不配"),
    Malformed("X04", "不是XML", lambda _: "编号,姓名\n1,李清和\n".encode(), "不是 XML 文件"),
    Malformed("X04", "有单独的与号", swapped("小区供水", "小区&供水"), "请写作“&amp;”"),
    Malformed(
        "X05", "实际是国标编码却声明为UTF-8", lambda text: text.encode("gb18030"), "请用 UTF-8 编码保存"
    ),
    Malformed("X06", "含有DTD和实体", swapped("<信访事项", _DTD), "案件记录不允许 DTD 和实体"),
    Malformed("X06", "使用没有定义的实体", swapped("小区供水", "小区&nbsp;供水"), "不允许自定义实体"),
    Malformed(
        "X07",
        "命名空间不对",
        swapped("urn:xfdocs:case:1", "urn:example:petition"),
        "应为命名空间“urn:xfdocs:case:1”的“信访事项”",
    ),
    Malformed("X07", "没有命名空间", swapped(' xmlns="urn:xfdocs:case:1"', ""), "没有命名空间"),
    Malformed(
        "X07",
        "根元素不对",
        lambda text: (
            text.replace("信访事项 xmlns", "信访件 xmlns").replace("</信访事项>", "</信访件>").encode()
        ),
        "根元素是“信访件”",
    ),
    Malformed(
        "X08", "含有控制字符", swapped("小区供水", "小区&#8;供水"), "含有 XML 不允许的控制字符（U+0008）"
    ),
    Malformed(
        "S01",
        "不认识的项目",
        swapped("<登记人>", "<备注>急</备注>\n    <登记人>"),
        "没有“备注”这一项",
        "/登记/备注",
    ),
    Malformed(
        "S01",
        "写错的项目名",
        swapped("<住址>云州市东湖区柳荫街5号2单元301室</住址>", "<地址>云州市东湖区柳荫街5号</地址>"),
        "是不是“住址”",
        "/信访人/地址",
    ),
    Malformed(
        "S01",
        "不认识的属性",
        swapped('<诉求 序号="1"', '<诉求 序号="1" 级别="高"'),
        "没有“级别”这一属性",
        "/诉求[1]/@级别",
    ),
    Malformed("S01", "文字写在项目之外", swapped("<登记>", "<登记>收到"), "不能直接写文字“收到”", "/登记"),
    Malformed(
        "S01",
        "值里又有标签",
        swapped("小区供水水压不足问题", "<b>小区供水</b>"),
        "不能再放下级项目",
        "/登记/事由",
    ),
    Malformed(
        "S01",
        "要校验程序另找结构",
        swapped(
            "<信访事项 ",
            '<信访事项 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:xfdocs:case:1 file:///etc/hostname" ',
        ),
        "不认识的属性“schemaLocation”",
        "/信访事项",
    ),
    Malformed(
        "S02",
        "没有收到日期",
        swapped("    <收到日期>2026-03-02</收到日期>\n", ""),
        "缺少必填的“收到日期”",
        "/登记日期",
    ),
    Malformed(
        "S02",
        "没有诉求",
        lambda text: (text[: text.index("  <诉求")] + text[text.index("  <办理>") :]).encode(),
        "缺少必填的“诉求”",
        "/办理",
    ),
    Malformed("S02", "诉求没有序号", swapped('<诉求 序号="1"', "<诉求"), "缺少必填的属性“序号”", "/诉求[1]"),
    Malformed(
        "S02",
        "办理里没有事件",
        lambda text: (text[: text.index("  <办理>")] + "  <办理/>\n</信访事项>\n").encode(),
        "“办理”里没有内容",
        "/办理",
    ),
    Malformed("S03", "信访人放在诉求之后", moved, "“信访人”应放在“诉求”之前", "/信访人"),
    Malformed(
        "S03",
        "事由写了两次",
        swapped("<事由>", "<事由>另一事由</事由>\n    <事由>"),
        "“事由”只能填写一次",
        "/事由[2]",
    ),
    Malformed(
        "S04",
        "信访形式不在代码表",
        swapped("<形式>来信", "<形式>微信"),
        "应为：来信、来访、网上、来电、传真",
        "/登记/形式",
    ),
    Malformed(
        "S05",
        "日期不存在",
        swapped("<收到日期>2026-03-02", "<收到日期>2026-02-30"),
        "不是存在的日期",
        "/登记/收到日期",
    ),
    Malformed(
        "S05",
        "日期用了汉字",
        swapped("<登记日期>2026-03-02", "<登记日期>2026年3月2日"),
        "应写作 2026-03-02",
        "/登记/登记日期",
    ),
    Malformed("S06", "事由换行", swapped("小区供水水压", "小区供水\n水压"), "单行文字", "/登记/事由"),
    Malformed(
        "S06",
        "登记人是空的",
        swapped("<登记人>梁书涵</登记人>", "<登记人/>"),
        "“登记人”是空的",
        "/登记/登记人",
    ),
    Malformed(
        "S06",
        "编号含空格",
        swapped("YZ-20260302-0001", "YZ 20260302 1"),
        "字母、数字和短横",
        "/信访事项/@编号",
    ),
    Malformed("S06", "延期天数是零", swapped("<天数>20", "<天数>0"), "正整数", "/延期/天数"),
    Malformed(
        "S06",
        "附件文件在上级文件夹",
        swapped(
            "</信访事项>",
            "  <附件>\n    <名称>来信</名称>\n    <文件>../来信.pdf</文件>\n  </附件>\n</信访事项>",
        ),
        "不能用“..”和绝对路径",
        "/附件/文件",
    ),
    Malformed(
        "S07", "诉求序号重复", swapped('<诉求 序号="2"', '<诉求 序号="1"'), "序号 1 与前面的重复", "/诉求[2]"
    ),
    Malformed("S07", "事件的序重复", swapped('<受理 序="2"', '<受理 序="1"'), "序号 1 与前面的重复", "/受理"),
)


def main() -> None:
    """Write the files."""
    for one in MALFORMED:
        one.file.write_bytes(one.bytes)


if __name__ == "__main__":
    main()
