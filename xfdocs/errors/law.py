"""The law as data: XF-15x."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class LawFault(XfdocsError):
    """{message}"""

    code = "XF-150"


class CalendarMissing(LawFault):
    """没有 {year} 年的工作日安排（已有 {loaded}），不能推算这一期限。国务院办公厅公布后，请放进单位文件夹的 calendars/{year}.toml。"""

    code = "XF-151"


class RegulationMissing(LawFault):
    """没有可用于“{name}”的规定：{what}"""

    code = "XF-152"


class LawDataInvalid(LawFault):
    """规定数据 {file} 有误：{what}"""

    code = "XF-153"
    exit_code = ExitCode.USAGE
