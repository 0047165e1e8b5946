"""What the machine lacks: XF-5xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class MachineLacks(XfdocsError):
    """{message}"""

    code = "XF-500"
    exit_code = ExitCode.LACKING


class FontsMissing(MachineLacks):
    """缺少{role}字体。{mend}"""

    code = "XF-501"


class LibraryMissing(MachineLacks):
    """缺少 {library}，不能{what}。{mend}"""

    code = "XF-502"


class DiskFull(MachineLacks):
    """磁盘已满，{where} 没有写成。请腾出空间，再运行同一条命令；已经做完的不受影响。"""

    code = "XF-503"
