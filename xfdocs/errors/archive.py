"""The archive: XF-9xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class ArchiveFault(XfdocsError):
    """{message}"""

    code = "XF-900"


class ChecksInvalid(ArchiveFault):
    """四性检测项目 {file} 有误：{what}"""

    code = "XF-950"
    exit_code = ExitCode.USAGE
