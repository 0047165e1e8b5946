"""Reports: XF-8xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


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
