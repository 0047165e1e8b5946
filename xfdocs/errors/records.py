"""Records: XF-2xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class RecordFault(XfdocsError):
    """{message}"""

    code = "XF-200"


class RecordRejected(RecordFault):
    """{file} 没有通过校验，共 {count} 处：{first}"""

    code = "XF-201"


class RecordUnreadable(RecordFault):
    """{file} 读不成案件记录：{what}"""

    code = "XF-202"


class RecordNotKept(RecordFault):
    """没有写进 {file}，文件没有改动：{what}"""

    code = "XF-203"


class EventInvalid(RecordFault):
    """没有登记“{event}”，{file} 没有改动：{what}"""

    code = "XF-204"
    exit_code = ExitCode.USAGE


class EventRefused(RecordFault):
    """没有登记“{event}”，{file} 没有改动：登记以后有 {count} 处不合规则。{what}"""

    code = "XF-205"


class RecordTouched(RecordFault):
    """{file} 在登记期间被别人改动，没有写入，改动原样保留。请再运行一次。"""

    code = "XF-206"


class EventRepeated(RecordFault):
    """没有登记“{event}”，{file} 没有改动：与已经登记的第 {seq} 号事件完全相同。"""

    code = "XF-207"
