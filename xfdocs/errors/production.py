"""Production: XF-7xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class ProductionFault(XfdocsError):
    """{message}"""

    code = "XF-700"


class RecordChanged(ProductionFault):
    """{file} 在制作期间被改动，没有写回，改动原样保留。请核对后再次运行 issue。"""

    code = "XF-701"


class WorkersGone(ProductionFault):
    """处理进程异常退出，不能继续：{why}。已经制发的不受影响；再运行同一条命令，就从断开的地方接着做。"""

    code = "XF-702"
    exit_code = ExitCode.LACKING


class TemplatesDiffer(ProductionFault):
    """{where} 上的程序、模板或者配置与本机的不同，不能一起制作。请先换成相同的版本。"""

    code = "XF-703"
    exit_code = ExitCode.USAGE


class ClusterUnreachable(ProductionFault):
    """Dask 集群 {address} 连不上：{why}。请检查地址是否正确、`dask scheduler` 是否在运行。"""

    code = "XF-704"
    exit_code = ExitCode.LACKING
