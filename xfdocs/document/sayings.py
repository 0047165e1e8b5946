"""What Jinja says about a template, said so that a template author understands it.

Jinja speaks English of tokens and blocks; whoever edits a wording or a layout in WPS needs the mark that
is wrong, in Chinese.  Both renderers and the wording ask here.
"""

from __future__ import annotations

import re
from typing import Final

_SAYINGS: Final = (
    (r"has no attribute '(.+)'", "没有“{0}”这一项"),
    (r"^'(.+)' is undefined", "没有“{0}”这一项"),
    (r"Unexpected end of template.*closed is '(\w+)'", "{{% {0} %}} 没有写对应的 {{% end{0} %}}"),
    (r"(?i)unexpected end of template", "标记没有结束"),
    (r"Encountered unknown tag '(.+?)'.*needs to be closed is '(.+?)'", "“{0}”与前面的“{1}”不成对"),
    (r"Encountered unknown tag '(.+?)'", "多余或写错的标记“{0}”"),
    (r"No filter named '(.+?)'", "没有名为“{0}”的过滤器"),
    (r"No test named '(.+?)'", "没有名为“{0}”的判断"),
    (r"^expected token 'end of print statement', got '(.+?)'", "{{{{ … }}}} 里多出“{0}”，或者没有写完 }}}}"),
    (r"^expected token 'end of statement block', got '(.+?)'", "{{% … %}} 里多出“{0}”，或者没有写完 %}}"),
    (r"^expected token '(.+?)', got '(.+?)'", "应为“{0}”，现为“{1}”"),
    (r"^Expected an expression, got '(.+?)'", "应写名称或者值，现为“{0}”"),
    (r"unexpected '(.+?)'", "标记里不应有“{0}”"),
    (r"unexpected char '(.+?)'", "标记里不应有“{0}”"),
)


def plain(fault: BaseException) -> str:
    """What Jinja says, in Chinese where it is one of the usual faults; without a full stop."""
    said = str(getattr(fault, "message", None) or fault)
    for pattern, chinese in _SAYINGS:
        if match := re.search(pattern, said, re.DOTALL):
            return chinese.format(*match.groups())
    return said.rstrip("。.")
