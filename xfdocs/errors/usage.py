"""Configuration and usage: XF-1xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class UsageFault(XfdocsError):
    """{message}"""

    code = "XF-100"
    exit_code = ExitCode.USAGE


class OfficeNotFound(UsageFault):
    """在 {where} 及其上级文件夹中没有找到 xfdocs.toml。请用 --office 指明单位文件夹，或用 `xfdocs init DIR` 新建一个。"""

    code = "XF-101"


class OfficeInvalid(UsageFault):
    """单位配置 {file} 有误：{what}"""

    code = "XF-102"


class KindUnknown(UsageFault):
    """没有名为“{name}”的文书种类。{hint}全部种类请看 `xfdocs kinds`。"""

    code = "XF-103"


class NothingThere(UsageFault):
    """{where} 中没有案件记录（*.xml）。请检查路径是否正确。"""

    code = "XF-104"


class FolderInTheWay(UsageFault):
    """{where} 已存在且不为空，未作任何改动。请换一个文件夹。"""

    code = "XF-105"


class FileTrouble(UsageFault):
    """读写 {where} 时出错：{why}。请检查路径、权限和磁盘空间。"""

    code = "XF-106"


class PeriodInvalid(UsageFault):
    """“{text}”不是一段时间。{why}应写作 2026（一年）、2026Q3（一个季度）、2026-10（一个月），或者 2026-10-01..2026-10-31（从哪天到哪天）。"""

    code = "XF-107"
