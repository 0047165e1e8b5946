"""The register: XF-6xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class RegisterFault(XfdocsError):
    """{message}"""

    code = "XF-600"


class RegisterUnreachable(RegisterFault):
    """登记库 {where} 用不了：{why}。已经制发的不受影响；排除后再运行同一条命令，就从断开的地方接着做。"""

    code = "XF-601"
    exit_code = ExitCode.LACKING


class RegisterBroken(RegisterFault):
    """登记库 {where} 与以前不一致：{what}"""

    code = "XF-602"
    exit_code = ExitCode.BROKEN


class EntryUnknown(RegisterFault):
    """登记库里没有“{name}”。{hint}请用 `xfdocs register list` 查看。"""

    code = "XF-603"


class EntryVoid(RegisterFault):
    """{name} 已经作废，理由是：{why}"""

    code = "XF-604"


class RegisterAbsent(RegisterFault):
    """{where} 还没有登记库：这个单位还没有用本程序制发过文书。"""

    code = "XF-605"


class RegisterNewer(RegisterFault):
    """登记库 {where} 是更新的程序写的（结构版本 {version}），本程序不能用它。请升级本程序：取得新的源代码，运行 `make setup`。"""

    code = "XF-606"
    exit_code = ExitCode.LACKING


class EntryNotOurs(RegisterFault):
    """{name} 没有改动：{why}"""

    code = "XF-607"


class NumberTaken(RegisterFault):
    """文号 {number} 已经用于 {case}，不能再用。请检查 [numbers] 里是否有两种写法会写出同样的文号。"""

    code = "XF-608"
    exit_code = ExitCode.USAGE


class EntryAmbiguous(RegisterFault):
    """“{name}”有 {count} 份文书，没有改动任何一份。请写登记号指明是哪一份：{which}。"""

    code = "XF-610"
    exit_code = ExitCode.USAGE


class BookTouched(RegisterFault):
    """{file} 已经有了，不是本程序写出的登记簿，或者有人修改过，没有覆盖。请换一个文件名。"""

    code = "XF-609"
