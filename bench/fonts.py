"""What the cutting of fonts is worth: one page by WeasyPrint with the same text and different files of the same faces.

    python -m bench.fonts [times]

The page uses five faces. Everything but the font files is equal: one FontConfiguration per variant, kept for all its
pages. The variants take turns, so that a drift of the machine strikes all alike; medians and the size of the PDF are told.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from xfdocs.render import fontcut, fontsetup
from xfdocs.render.fonts import FontBook, Role

OWN = [role for role in Role if role is not Role.RARE]
STYLE = """
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm }}
* {{ font-weight: normal }}
body {{ font: 16pt/29pt {仿宋} }} h1 {{ font: 22pt/29pt {小标宋}; text-align: center }}
h2 {{ font: 16pt/29pt {黑体} }} h3 {{ font: 16pt/29pt {楷体} }} footer {{ font: 14pt {宋体} }}
"""
PAGE = """<html lang=zh-CN><title>受理告知书</title><body>
<h1>云州市信访局<br>关于王秀英反映房屋征收补偿问题的受理告知书</h1><p>云信受〔2026〕12号</p><p>{name}：</p>
<p>您于2026年10月8日通过来信反映的“青石镇柳河村集体土地征收补偿安置费未足额发放”信访事项，本机关已于10月9日收到并登记。
经审查，根据《信访工作条例》第二十二条第一款、第三十一条第（六）项的规定，决定予以受理，并自受理之日起60日内办结；情况复杂的，
经本机关负责人批准，可以适当延长办理期限，但延长期限不得超过30日，并告知延期理由。</p><h2>一、受理的请求</h2>
<p>请求对承包地面积重新丈量，补发青苗补偿费3.6万元。</p><h3>（一）办理机关</h3>
<p>云州市自然资源和规划局负责办理，联系人：赵敏，电话19900000012。地址：云州市滨湖区梧桐路88号。</p>
<p>特此告知。</p><p>云州市信访局</p><p>2026年10月12日</p><footer>— 1 —</footer>"""
PLAIN, UNCOMMON, RARE = "王秀英", "王昊婷", "王𪚥英"


class Variant:
    """A set of font files, and how long pages take with it."""

    def __init__(self, title: str, rules: str, stacks: dict[str, str], name: str = PLAIN) -> None:
        self.title = title
        self._page = PAGE.format(name=name)
        self._config = FontConfiguration()
        start = time.perf_counter()
        self._sheet = CSS(string=rules + STYLE.format(**stacks), font_config=self._config)
        self.loading = time.perf_counter() - start
        self.seconds: list[float] = []
        self.size = 0

    def run(self) -> None:
        """Print the page once."""
        start = time.perf_counter()
        pdf = HTML(string=self._page).write_pdf(
            stylesheets=[self._sheet], font_config=self._config, pdf_identifier=b"0" * 16
        )
        self.seconds.append(time.perf_counter() - start)
        self.size = len(pdf)


def files(title: str, named: dict[str, Path], stacks: dict[str, str], name: str = PLAIN) -> Variant:
    """A variant of plain files."""
    rules = "".join(
        f"@font-face{{font-family:{css};src:url({file.as_uri()})}}" for css, file in named.items()
    )
    return Variant(title, rules, stacks, name)


def main() -> None:
    """Measure and print a Markdown table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    book = FontBook.find()
    whole = {role.name: book.chain(role)[0].source for role in OWN}
    rare = next(face for face in book.chain(Role.RARE) if face.covers(RARE[1]))
    first = {role.value: role.name for role in OWN}
    with_rare = {role.value: f"{role.name},RARE" for role in OWN}
    cut = {role.value: book.stack(role) for role in OWN}
    with tempfile.TemporaryDirectory() as folder:
        sorted_ = {}
        for role in OWN:
            source = book.chain(role)[0].source
            text = set(fontsetup.everyday_order() + fontsetup.second_order()) & fontcut.characters(source, 0)
            sorted_[role.name] = Path(folder) / role.name
            sorted_[role.name].write_bytes(fontcut.cut(source, 0, "".join(sorted(text)), role.name))
        variants = [
            files("整个字库", whole, first),
            files("规范字与 GB 2312，按码位", sorted_, first),
            Variant("切成的小字库（本项目）", book.css(book.needed(PLAIN)), cut),
            Variant("同上，姓名有二级字（昊、婷）", book.css(book.needed(UNCOMMON)), cut, UNCOMMON),
            files("整个字库，姓名有生僻字（𪚥）", {**whole, "RARE": rare.source}, with_rare, RARE),
            Variant("切成的小字库，姓名有生僻字（𪚥）", book.css(book.needed(RARE)), cut, RARE),
        ]
        for _ in range(times):
            for variant in variants:
                variant.run()
    print("| 字库 | 每页毫秒（中位数） | PDF 大小 | 装入字库（每个进程一次） |")
    print("|---|---|---|---|")
    for v in variants:
        milliseconds = statistics.median(v.seconds) * 1000
        print(f"| {v.title} | {milliseconds:.1f} | {v.size / 1024:.0f} KB | {v.loading * 1000:.0f} ms |")


if __name__ == "__main__":
    main()
