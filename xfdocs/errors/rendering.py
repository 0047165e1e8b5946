"""Rendering: XF-4xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class RenderFault(XfdocsError):
    """{message}"""

    code = "XF-400"


class GlyphMissing(RenderFault):
    """没有字体能印出“{character}”（{codepoint}），出现在：{field}。请安装含有此字的字体，再用 `xfdocs doctor` 查看；不会印出缺字的文书。"""

    code = "XF-401"


class LayoutInvalid(RenderFault):
    """版式 {file} 有误：{what}"""

    code = "XF-402"
    exit_code = ExitCode.USAGE


class RenderWarned(RenderFault):
    """排版程序对 {what} 提出警告：{warning}。有警告的文书不予采用。"""

    code = "XF-403"
