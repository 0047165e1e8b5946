"""Report → Document: the wording of a report's kind, with its tables, figures and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from xfdocs.document.assemble import assemble
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.model import Block, Document
from xfdocs.document.wording import wording_of
from xfdocs.office import Office
from xfdocs.reports.blocks import Blocks
from xfdocs.reports.model import Number, Place, Report, rounded
from xfdocs.reports.windows import BEFORE, NOW


def document_of(
    report: Report,
    office: Office,
    figures: Mapping[str, tuple[Block, ...]] | None = None,
    *,
    names: Mapping[str, Any] | None = None,
    number: str = "",
    day: dt.date | None = None,
    draft: bool = False,
) -> Document:
    """The document of a report; *figures* by name, *names* whatever else its wording may use.

    成文日期 is *day*; 截止日 if it is not given, so that a report comes out the same whenever it is made.

    Raises:
        KindUnknown: no such kind.
        WordingInvalid: the wording has a fault.
    """
    kind = catalogue_of(office).kind(report.kind)
    context = {**names_of(report, office), "图": SimpleNamespace(**(figures or {})), **(names or {})}
    context |= {"文号": number, "文种": kind.title}
    text = wording_of(kind.wording, kind.title).say(context, report.period)
    return assemble(
        kind, text, office.organ, day or report.as_of, case=report.code, number=number, draft=draft
    )


def names_of(report: Report, office: Office) -> dict[str, Any]:
    """What the wording of a report may name."""
    blocks = Blocks()
    return {
        "报表": SimpleNamespace(
            标题=report.title,
            期间=report.period,
            首日=report.first,
            末日=report.last,
            截止日=report.as_of,
            已结束=report.over,
            公开=report.public,
            **report.heads,
        ),
        "单位": SimpleNamespace(
            名称=office.organ.name,
            联系人=office.organ.contact,
            电话=office.organ.phone,
            上级=office.organ.superior,
        ),
        "表": Tables(report, blocks),
        "附注": report.notes,
        "数": _asking(report, lambda number: number.text),
        "有": _asking(report, lambda number: bool(number.value) or number.hidden),
        "变化": _change(report),
    }


class Tables:
    """The tables of a report by their ids, each becoming blocks when a wording names it."""

    def __init__(self, report: Report, blocks: Blocks) -> None:
        self._made = {table.id: blocks.of(table) for table in report.tables}

    def __getattr__(self, name: str) -> tuple[Block, ...]:
        try:
            return self.__dict__["_made"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def _asking(report: Report, answer: Callable[[Number], Any]) -> Callable[..., Any]:
    """``数("总量", "合计")`` or ``数("总量", "合计", "上期")``: a number of a table."""

    def ask(table: str, line: str, column: str = NOW) -> Any:
        return answer(_number(report, table, line, column))

    return ask


def _number(report: Report, table: str, line: str, column: str) -> Number:
    try:
        return report.table(table).number(Place(line, column))
    except KeyError:
        raise ValueError(f"没有表“{table}”的行“{line}”、列“{column}”") from None


def _change(report: Report) -> Callable[..., str]:
    """``变化("总量", "合计")``: how 本期 compares with 上期, in words that say no more than the numbers do."""

    def change(table: str, line: str, base: str = BEFORE, column: str = NOW) -> str:
        if report.public:
            return "没有可比的数字"
        now, before = _number(report, table, line, column), _number(report, table, line, base)
        if now.hidden or before.hidden or now.value is None or before.value is None:
            return "没有可比的数字"
        if now.value == before.value:
            return "持平"
        if not before.value:
            return "由零增加" if now.value > 0 else "没有可比的数字"
        part = (Fraction(now.value) - Fraction(before.value)) / Fraction(before.value)
        return f"{'上升' if part > 0 else '下降'}{rounded(abs(part) * 100, 2)}%"

    return change
