"""What checking found, for programs as JSON and for people as a 四性检测报告.

A report on one package tells every item; one on many, how many came out how, and those that are not in order.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from xfdocs.archive.checks.items import checklist
from xfdocs.archive.checks.model import By, Check, Item, Nature, Result, Verdict, Verified, worst
from xfdocs.document.assemble import assemble
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.model import Document
from xfdocs.document.wording import wording_of
from xfdocs.office import Office
from xfdocs.record.findings import Severity

KIND: Final = "archive-check-report"
MOST: Final = 500
"""Packages that are not in order and are named on paper; the JSON has all."""
LONGEST: Final = 300
"""Characters of evidence on paper."""
NOTES: Final = (
    "程序检测的结论只根据程序能检测的项目；由人检测的项目没有填写以前，不是四性检测的全部结果。",
    "检测项目依据 DA/T 70-2018。本程序的作者没有读到标准全文，项目的名称和编号来自公开的检测结果；标＊的由本项目照标准的意思拟定。",
    "没有登记库、单位设置等可以对照的，记为“未检测”，不影响结论；应当检测而没有检测成的，结论是“不能确定”。",
    "标注“提示”的不合格项应当处理，不影响结论。",
)
_RECONSTRUCTED = "复原"
_MORE = "……（全文见检测结果的 JSON）"


@dataclass
class Summary:
    """What a run found, added up as it goes: of ten thousand packages only those not in order are kept."""

    count: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    tally: Counter[tuple[Nature, Result]] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    """Packages in which an item failed, by its id."""
    troubled: list[Verified] = field(default_factory=list)
    """The first `MOST` that are not intact."""
    only: Verified | None = None
    """The package, if there was but one."""

    def add(self, found: Verified) -> Verified:
        """Count one package, and give it back."""
        self.count += 1
        self.only = found if self.count == 1 else None
        self.verdicts[found.verdict] += 1
        for one in found.checks:
            self.tally[one.nature, one.result] += 1
            if one.result is Result.FAIL:
                self.failed[one.id] += 1
        if found.verdict is not Verdict.INTACT and len(self.troubled) < MOST:
            self.troubled.append(found)
        return found

    @property
    def verdict(self) -> Verdict:
        """The gravest there was."""
        return worst(self.verdicts.elements())

    def as_json(self) -> dict[str, Any]:
        """Counts for a machine, beside the objects of the packages."""
        return {
            "packages": self.count,
            "verdict": self.verdict.value,
            "verdicts": {one.value: self.verdicts[one] for one in Verdict},
            "natures": {
                nature.value: {result.value: self.tally[nature, result] for result in Result}
                for nature in Nature
            },
            "failed": dict(sorted(self.failed.items())),
        }


def report_of(results: Iterable[Verified], office: Office, *, on: dt.datetime) -> Document:
    """The 四性检测报告 of some packages; *on* is when they were checked, with time zone.

    Raises:
        WordingInvalid: the office's wording has a fault.
        ValueError: there is nothing to tell of.
    """
    summary = Summary()
    for one in results:
        summary.add(one)
    return document_of(summary, office, on=on)


def document_of(summary: Summary, office: Office, *, on: dt.datetime) -> Document:
    """`report_of` for what was added up already."""
    if not summary.count:
        raise ValueError("nothing was checked")
    kind = catalogue_of(office).kind(KIND)
    about = summary.only.case if summary.only is not None and summary.only.case else f"{on:%Y-%m-%d}"
    text = wording_of(kind.wording, kind.title).say(
        {**_names(summary, office, on), "文种": kind.title}, about
    )
    return assemble(kind, text, office.organ, on.date(), case=about, draft=False)


def _names(summary: Summary, office: Office, on: dt.datetime) -> dict[str, Any]:
    """What the wording may name."""
    listed = checklist().items
    items = {item.id: item for item in listed}
    only = summary.only
    counts = {verdict.zh: summary.verdicts[verdict] for verdict in Verdict}
    return {
        "单位": SimpleNamespace(名称=office.organ.name),
        "检测": SimpleNamespace(
            时间=f"{on:%Y-%m-%d %H:%M}", 个数=summary.count, 结论=summary.verdict.zh, **counts
        ),
        "四性": tuple(
            SimpleNamespace(
                名称=nature.value, **{result.zh: summary.tally[nature, result] for result in Result}
            )
            for nature in Nature
        ),
        "包": _package(only) if only is not None else "",
        "项目": tuple(_item(one, items[one.id]) for one in only.checks) if only is not None else (),
        "统计": tuple(
            SimpleNamespace(
                代号=item.id, 名称=item.title, 复原=_reconstructed(item), 个数=summary.failed[item.id]
            )
            for item in listed
            if summary.failed[item.id]
        ),
        "问题": tuple(
            SimpleNamespace(名称=one.package.name, 结论=one.verdict.zh, 说明=_cut("；".join(_troubles(one))))
            for one in summary.troubled
        ),
        "未列": summary.count - summary.verdicts[Verdict.INTACT] - len(summary.troubled),
        "人工": tuple(
            SimpleNamespace(代号=item.id, 名称=item.title, 要做=item.todo)
            for item in listed
            if item.by is By.PERSON
        ),
        "说明": NOTES,
    }


def _package(one: Verified) -> SimpleNamespace:
    return SimpleNamespace(
        名称=one.package.name,
        案件=one.case or "（读不出）",
        档号="、".join(one.numbers) or "（读不出）",
        标识=one.identity or "（没有）",
        文件数=one.files,
        字节数=one.octets,
    )


def _item(one: Check, item: Item) -> SimpleNamespace:
    hint = one.result is Result.FAIL and item.severity is not Severity.ERROR
    return SimpleNamespace(
        代号=one.id,
        名称=one.title,
        复原=_reconstructed(item),
        结果=f"{one.result.zh}{'（提示）' if hint else ''}",
        说明="" if item.by is By.PERSON else _cut(one.detail),
    )


def _reconstructed(item: Item) -> bool:
    return item.verified == _RECONSTRUCTED


def _troubles(one: Verified) -> Iterator[str]:
    """The items that failed or could not be checked, those that break the package first."""
    for check in sorted(
        one.checks, key=lambda check: (check.result is not Result.FAIL, check.severity.value)
    ):
        if check.result is Result.FAIL or check.prevented:
            yield f"{check.id} {check.title}：{check.detail}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_MORE)] + _MORE
