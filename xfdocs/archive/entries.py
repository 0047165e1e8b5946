"""A package as one line of a list: 归档文件目录, 移交清单, 到期鉴定清单, 销毁清册."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from xfdocs.archive.model import Model, Package

_RETENTIONS = {"Y": "永久"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: the facts of a package that lists print, whoever keeps the package."""

    number: str
    """档号; of several volumes, those of the first and the last."""
    document: str = ""
    """文号 of its first material that has one."""
    title: str
    responsible: str
    """责任者 of the whole: the organ that filed it."""
    first: dt.date
    last: dt.date
    """日期 of the last document inside; that of the line (DA/T 22-2015 5.5)."""
    secrecy: str = ""
    pages: int | None
    """页数 of all volumes; None if one could not be counted."""
    year: int
    """归档年度."""
    retention: str
    """保管期限代码."""
    expires: int | None = None
    """期满年度; None if nobody has worked it out, or it is kept for ever."""
    volumes: int
    """卷数; 0 for a 件."""
    items: int
    """件数: the materials of its volumes; 1 for a 件."""
    files: int
    """电子文件数: everything in its payload that lists know of."""
    size: int
    """Bytes of those."""
    digest: str = ""
    """SHA-256 of its tag manifest: what the package is known by."""
    remark: str = ""

    @property
    def span(self) -> str:
        """保管期限 in words."""
        return retention_text(self.retention)


def entry_of(package: Package, *, digest: str = "", expires: int | None = None, remark: str = "") -> Entry:
    """The line of a package; its *digest* and when it *expires* come from whoever keeps it."""
    volumes = package.volumes
    pages = [volume.pages for volume in volumes if volume.pages is not None]
    item = package.model is Model.ITEM
    materials = [one for volume in volumes for one in volume.materials]
    parts = list(package.parts())
    return Entry(
        number=_numbers(package),
        document=next((one.number for one in materials if one.number), ""),
        title=package.title,
        responsible=package.organ,
        first=min(volume.first for volume in volumes),
        last=max(volume.last for volume in volumes),
        secrecy=package.secrecy,
        pages=sum(pages) if len(pages) == len(volumes) else None,
        year=package.year,
        retention=package.retention,
        expires=expires,
        volumes=0 if item else len(volumes),
        items=1 if item else len(materials),
        files=len(parts),
        size=sum(part.size for part in parts),
        digest=digest,
        remark=remark,
    )


def retention_text(code: str) -> str:
    """永久, 30年, 10年 for Y, D30, D10 (DA/T 22-2015 5.4.3); any other code as it is."""
    figures = code.removeprefix("D")
    return f"{figures}年" if code.startswith("D") and figures.isdecimal() else _RETENTIONS.get(code, code)


def running_number(number: str) -> str:
    """案卷号 or 件号: the last part of a 档号."""
    return number.rpartition("-")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What lines add up to."""

    entries: int
    volumes: int
    items: int
    pages: int
    """Of the lines whose pages are known."""
    uncounted: int
    """Lines whose pages are not."""
    files: int
    size: int


def totals_of(entries: Iterable[Entry]) -> Totals:
    """The sums of some lines."""
    ones = list(entries)
    return Totals(
        entries=len(ones),
        volumes=sum(one.volumes for one in ones),
        items=sum(one.items for one in ones),
        pages=sum(one.pages or 0 for one in ones),
        uncounted=sum(one.pages is None for one in ones),
        files=sum(one.files for one in ones),
        size=sum(one.size for one in ones),
    )


def _numbers(package: Package) -> str:
    """档号 of the first volume, and the 案卷号 of the last where there are several."""
    first, last = package.volumes[0].number, package.volumes[-1].number
    return first if first == last else f"{first}—{running_number(last)}"
