"""`docs/rules.md`, made from the rules themselves, so that it cannot lie about them."""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.record.findings import Severity
from xfdocs.record.reader import UNREADABLE
from xfdocs.record.rules import RULES
from xfdocs.record.schema_messages import CODES
from xfdocs.record.schematron import assertions

_HEAD = """\
# 校验规则

> 本页由程序从规则本身生成（`xfdocs/record/rules/page.py`），请不要手改。

`xfdocs validate` 按以下步骤检查每一份案件记录，前两步通过才进行后面的步骤：

1. **读取**：是不是格式正确、大小合适、没有 DTD 的案件记录（X01…）。
2. **结构**：符合 `schemas/case.xsd`（S01…）。
3. **交叉规则**：符合 `schemas/case.sch`（ISO Schematron）。
4. **办理规则**：期限、依据、前后一致，按行为日期适用当时的条例（R…、C…）。
5. **附件**：附件文件在记录旁边，内容与登记的摘要相符。

一次检查几份记录时，还看编号是否重复：编号与前面一份相同的，不通过（C18）。

结论有三种：**通过**；**不通过**（有错误）；**不能确定**（没有发现错误，但有的步骤无法进行，例如缺少某一年的工作日安排，见 R30）。\
无法进行的步骤从来不算通过。

## 怎样分级

| 级别 | 含义 |
|---|---|
| 错误 | 自相矛盾；还来得及制止的违法做法；缺少法定内容。记录不通过，不能据此制发文书。 |
| 提示 | 经办人应当知道的事实，首先是**超期**：超期是单位办理中的事实，不是记录的毛病，记录仍然要能登记、能办完，所以只提示超期几日，不拒绝记录。未到的、正在走的期限请看 `xfdocs due`。 |
| 说明 | 不是单位的问题，例如信访人逾期请求复查。 |

期限的最后一日按自然日推算；最后一日是休息日的，顺延后仍然超过才算超期（对单位最宽的算法）。地方规定的期限比全国短的，\
是单位的承诺，由 `xfdocs due` 提示，这里不算超期；地方规定的期限届满以后才延期的，R09 提示。

检查与“今天”有关的只有提示和说明，因此一份记录今天通过，明天也通过。

"""

_TAIL = """\
## 不在单份记录中检查的规则

| 代码 | 规则 | 在哪里检查 |
|---|---|---|
| R30 | 推算期限所需年份的工作日安排已经公布并载入 | 其他规则推算时缺少某一年的安排，就报告 R30，结论为“不能确定” |
| R34 | 文号按年连续，作废的有说明 | 一份记录只有自己的文号，看不出缺号；由发文登记簿检查 |
| R35–R40 | 报表合计、零报告、比率、保管期限、档号、页数 | 不涉及单份记录；由统计和归档检查 |
| R46 | 重复信访的判断 | 只提示可能相关的件，由人决定，不在校验中进行 |
| R47 | 简易办理 | 记录中没有单独的简易办理程序，不检查 |
| R48 | 不得有给信访人贴标签、打分、预测、稳控、劝返、惩戒的字段 | `schemas/case.xsd` 中没有这样的字段，测试保证今后也没有 |
"""


def rules_page() -> str:
    """The text of `docs/rules.md`."""
    return _HEAD + "\n".join(_tables()) + "\n" + _TAIL


def _tables() -> Iterator[str]:
    yield "## 读取\n\n| 代码 | 什么不对 |\n|---|---|"
    yield from (f"| {code} | {words} |" for code, words in UNREADABLE.items())
    yield "\n## 结构\n\n| 代码 | 什么不对 |\n|---|---|"
    yield from (f"| {code} | {words} |" for code, words in CODES.items())
    yield "\n## 前后一致（C）和办理规则（R）\n\n| 代码 | 要求 | 级别 | 依据 | 步骤 |\n|---|---|---|---|---|"
    rows = [(a.code, a.name, a.severity, a.basis, "交叉规则") for a in assertions()]
    rows += [(r.code, r.name, r.severity, r.basis, "附件" if r.disk else "办理规则") for r in RULES]
    rows.sort(key=lambda row: (row[0], list(Severity).index(row[2])))
    yield from (
        f"| {code} | {name} | {severity.zh} | {basis or '—'} | {step} |"
        for code, name, severity, basis, step in rows
    )
    yield ""
