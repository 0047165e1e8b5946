"""The same record as different people keep it: indentation, line ends, encodings, prefixes, remarks, quotes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from hypothesis import strategies as st

TRAPS = (
    "<!-- </办理><附件/> \"文书' > -->",
    "<?编辑 <附件> \"<文书>' ?>",
    "<!-- <文书>没有发</文书>\n 第二行 -->",
)
"""Remarks in which a search for tags would find some."""
DECLARED = {
    "utf-8": ("utf-8", b""),
    "utf-8-sig": ("utf-8", codecs.BOM_UTF8),
    "gb18030": ("gb18030", b""),
    "GBK": ("gbk", b""),
    "gb2312": ("gb2312", b""),
    "UTF-16 with a mark": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16BE with a mark": ("utf-16-be", codecs.BOM_UTF16_BE),
    "UTF-16LE": ("utf-16-le", b""),
    "UTF-16BE": ("utf-16-be", b""),
}
"""Encoding of a file → Python's codec for it, and the mark it begins with."""


@dataclass(frozen=True)
class Hand:
    """How somebody writes records."""

    unit: str | None = "  "
    """Indentation of a level; None: everything on one line."""
    line_end: str = "\n"
    encoding: str = "utf-8"
    declaration: bool = True
    prefix: str = ""
    remark: str = ""
    beside: str = ""
    """Stands behind the end of 办理, on its line."""
    quote: str = '"'
    cdata: bool = False
    references: bool = False
    """Write 水 as a character reference."""
    last_line_end: bool = True

    def write(self, canonical: bytes) -> bytes:
        """A record in the form of `write_case`, as this hand writes it."""
        text = canonical.decode().partition("\n")[2]
        if self.quote == "'":
            text = re.sub(r'="([^"\']*)"', r"='\1'", text)
        if self.cdata:
            text = re.sub(
                r"<请求>([^<&]*)</请求>", r"<请求><![CDATA[\1</诉求><附件>]]></请求>", text, count=1
            )
        if self.prefix:
            text = re.sub(r"<(/?)(?=[\u4e00-\u9fff])", rf"<\1{self.prefix}:", text)
            text = text.replace("xmlns=", f"xmlns:{self.prefix}=")
            text = text.replace(f"</{self.prefix}:诉求><{self.prefix}:附件>]]>", "</诉求><附件>]]>")
        if self.references:
            text = re.sub(r"(?<=[\u4e00-\u9fff])水(?=[\u4e00-\u9fff])", "&#x6C34;", text)
        text = re.sub("(</(?:\\w+:)?办理>)", rf"\1{self.beside}", text)
        text = self._laid_out(text)
        if not self.last_line_end:
            text = text.rstrip("\n")
        codec, mark = DECLARED[self.encoding]
        if self.declaration:
            name = {"utf-8-sig": "UTF-8"}.get(self.encoding, self.encoding.split(" ")[0])
            text = f'<?xml version="1.0" encoding="{name}"?>\n{text}'
        return mark + text.replace("\n", self.line_end).encode(codec, "xmlcharrefreplace")

    def _laid_out(self, text: str) -> str:
        remark = self.remark
        text = re.sub(
            r"(?m)^  (?=<(?:\w+:)?(?:附件|诉求|归档)[ >])",
            lambda _: f"  {remark}\n  " if remark else "  ",
            text,
        )
        if self.unit is None:
            return re.sub(r">\n *<", "><", text)
        return re.sub(r"(?m)^(?:  )+(?=<)", lambda found: (self.unit or "") * (len(found[0]) // 2), text)


@st.composite
def hands(draw: st.DrawFn) -> Hand:
    """Any hand that makes a record which can be read."""
    encoding = draw(st.sampled_from(list(DECLARED)))
    needless = encoding in {"utf-8", "utf-8-sig", "UTF-16 with a mark", "UTF-16BE with a mark"}
    return Hand(
        unit=draw(st.sampled_from(["  ", "\t", "    ", "", " \t", None])),
        line_end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=encoding,
        declaration=draw(st.booleans()) or not needless,
        prefix=draw(st.sampled_from(["", "x", "信", "信访事项"])),
        remark=draw(st.sampled_from(["", *TRAPS])),
        beside=draw(
            st.sampled_from(["", " <!-- 办完了 -->", "\t<!--甲--> <!--</办理>--> ", "<?甲?>", "   "])
        ),
        quote=draw(st.sampled_from("\"'")),
        cdata=draw(st.booleans()),
        references=draw(st.booleans()),
        last_line_end=draw(st.booleans()),
    )
