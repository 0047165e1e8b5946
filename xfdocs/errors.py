"""One family of errors: what happened, where, and what to do next.

Every error is a class whose docstring is its message, with the facts in braces.  It carries a stable
code and the exit code of the command that meets it, and survives a process pool because it can be
rebuilt from its facts::

    raise CalendarMissing(year=2027, loaded="2015—2026")
"""

from __future__ import annotations

import enum
from typing import Any, ClassVar


class ExitCode(enum.IntEnum):
    """What a command tells the shell."""

    DONE = 0
    REFUSED = 1
    """Some input was refused; the findings say why and the rest was done."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    LACKING = 3
    """The machine lacks a library, a font or a tool."""
    BROKEN = 4
    """The register or an archive is not what it was."""
    INTERRUPTED = 130


class XfdocsError(Exception):
    """{message}"""

    code: ClassVar[str] = "XF-000"
    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").format_map(self.facts).split())

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[XfdocsError], facts: dict[str, Any]) -> XfdocsError:
    return kind(**facts)


# --- configuration and usage: XF-1xx ---------------------------------------------------------------


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


# --- the law as data: XF-15x -------------------------------------------------------------------------


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


# --- records: XF-2xx ---------------------------------------------------------------------------------


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


# --- documents: XF-3xx -------------------------------------------------------------------------------


class DocumentFault(XfdocsError):
    """{message}"""

    code = "XF-300"


class NotCalledFor(DocumentFault):
    """{case} 的办理过程中没有“{event}”，不需要制作{kind}。"""

    code = "XF-301"


class DocumentRefused(DocumentFault):
    """{case} 的{kind}不予生成：{why}"""

    code = "XF-302"


class WordingInvalid(DocumentFault):
    """文书种类“{kind}”的文稿 {file}{place}有误：{what}"""

    code = "XF-303"
    exit_code = ExitCode.USAGE


class FieldMissing(DocumentFault):
    """{case} 的{kind}用到“{field}”，但案件记录里没有。{hint}"""

    code = "XF-304"


class KindInvalid(DocumentFault):
    """文书种类 {file} 有误：{what}"""

    code = "XF-305"
    exit_code = ExitCode.USAGE


class DocumentXmlInvalid(DocumentFault):
    """这不是本程序写出的文书 XML：{what}"""

    code = "XF-306"


# --- rendering: XF-4xx -------------------------------------------------------------------------------


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


# --- what the machine lacks: XF-5xx ------------------------------------------------------------------


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


# --- the register: XF-6xx ----------------------------------------------------------------------------


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


# --- production: XF-7xx ------------------------------------------------------------------------------


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


# --- reports: XF-8xx ---------------------------------------------------------------------------------


class ReportFault(XfdocsError):
    """{message}"""

    code = "XF-800"


class DefinitionInvalid(ReportFault):
    """统计定义有误：{file}：{what}"""

    code = "XF-801"
    exit_code = ExitCode.USAGE


class MeasureUnknown(ReportFault):
    """没有“{name}”这个统计项目。{hint}用 `xfdocs report indicators` 查看全部。"""

    code = "XF-802"
    exit_code = ExitCode.USAGE


class PeriodAhead(ReportFault):
    """{period}还没有开始，没有数字可报。"""

    code = "XF-803"
    exit_code = ExitCode.USAGE


class TotalsDiffer(ReportFault):
    """表“{table}”的{where}是 {total}，各部分之和是 {parts}，没有印出。请检查统计定义：各部分应当互不重叠、合起来就是总数。"""

    code = "XF-804"
    exit_code = ExitCode.BROKEN


class PeriodOpen(ReportFault):
    """{period}到 {last} 才结束，数字还会变，没有编文号。请在结束以后正式制发；现在可以不编文号写出。"""

    code = "XF-805"
    exit_code = ExitCode.USAGE


class ReturnTooEarly(ReportFault):
    """{period}还没有结束，不能报送月报告登记表：没有到期的月份不是零报告。请在 {last} 以后再做。"""

    code = "XF-820"
    exit_code = ExitCode.USAGE


class ReturnWithoutData(ReportFault):
    """{period}没有资料{since}：没有资料的月份不是零报告。确实没有信访事项的，用 --zero 声明，就按零报告制作。"""

    code = "XF-821"
    exit_code = ExitCode.USAGE


class ZeroInDoubt(ReportFault):
    """{period}不能作零报告：有 {count} 份案件记录没有通过校验或者编号重复，可能属于这个月。请用 `xfdocs validate` 查明、改正以后再做。"""

    code = "XF-822"


class ZeroContradicted(ReportFault):
    """{period}登记了 {count} 件信访事项，不能声明为零报告。请去掉 --zero。"""

    code = "XF-823"
    exit_code = ExitCode.USAGE


class BookUnknown(ReportFault):
    """没有名为“{name}”的登记簿。{hint}全部登记簿请看 `xfdocs report books`。"""

    code = "XF-810"
    exit_code = ExitCode.USAGE


class BookInvalid(ReportFault):
    """登记簿 {file} 有误：{what}"""

    code = "XF-811"
    exit_code = ExitCode.USAGE


class PersonalValueFound(ReportFault):
    """公开版里印有个人信息，没有公开：{places}。请检查文稿、表格定义和附注，改好后重新制作；原文不在这里重复。"""

    code = "XF-830"
    exit_code = ExitCode.BROKEN


class SmallNumberExposed(ReportFault):
    """公开版的表格里，有较少的数字没有保护住：{places}。没有公开。这是程序的差错，请把统计定义和期间告诉维护人员。"""

    code = "XF-831"
    exit_code = ExitCode.BROKEN
