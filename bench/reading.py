"""Case records read in the plainest way, for counting them a second time: nothing of the program is used here.

What the names mean stands in ``schemas/case.xsd``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

_NS = "{urn:xfdocs:case:1}"
_CUT = len(_NS)
Day = dt.date


@dataclass(slots=True)
class Claim:
    """诉求."""

    seq: int
    purpose: str
    path: str
    category: str
    locus: str


@dataclass(slots=True)
class Happening:
    """Any event of 办理: what its elements say, by their names."""

    seq: int
    kind: str
    day: Day
    organ: str
    about: int | None
    claims: frozenset[int]
    """The claims it names; empty: all."""
    said: dict[str, str]
    """Of elements that stand there once."""
    leading: tuple[tuple[str, Day], ...] = ()
    """主办 of a 转送 or 交办, each with the day it was received, or sent if that was not noted."""
    together: frozenset[str] = frozenset()
    """Everybody it was sent to."""


@dataclass(slots=True)
class Record:
    """信访事项."""

    id: str
    file: Path
    received: Day
    registered: Day
    noted: bool
    """Whether 登记日期 was filled in."""
    organ: str
    handler: str
    channel: str
    repeat: str
    related: tuple[str, ...]
    source: tuple[Day | None] | None
    """Of the last 来源 the day of receipt."""
    people: int
    tellable: bool
    """Whether a petitioner is not marked as unclear in name or address."""
    heads: int
    claims: list[Claim] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)


def read(file: Path) -> Record:
    """One record."""
    root = etree.parse(str(file)).getroot()
    arrival = root.find(f"{_NS}登记")
    one = {child.tag[_CUT:]: child.text or "" for child in arrival}
    received = Day.fromisoformat(one["收到日期"])
    sources = arrival.findall(f"{_NS}来源")
    people = root.findall(f"{_NS}信访人")
    counts = {child.tag[_CUT:]: int(child.text) for child in root.iterfind(f"{_NS}人数/*")}
    came = counts.get("来访人数" if one["形式"] == "来访" else "联名人数", 0)
    record = Record(
        id=root.get("编号"),
        file=file,
        received=received,
        registered=_day(one.get("登记日期")) or received,
        noted=bool(one.get("登记日期")),
        organ=one["登记机关"],
        handler=one.get("首办责任人", ""),
        channel=one["形式"],
        repeat=one["初次重复"],
        related=tuple(other.text for other in arrival.findall(f"{_NS}关联编号")),
        source=(_day(sources[-1].findtext(f"{_NS}收到日期")),) if sources else None,
        people=len(people),
        tellable=any(p.get("姓名不清") != "true" and p.get("住址不清") != "true" for p in people),
        heads=max(len(people), came, 1),
    )
    for claim in root.findall(f"{_NS}诉求"):
        texts = {child.tag[_CUT:]: child.text or "" for child in claim}
        kept = (texts.get(name, "") for name in ("目的", "办理路径", "内容分类", "属地"))
        record.claims.append(Claim(int(claim.get("序号")), *kept))
    record.claims.sort(key=lambda claim: claim.seq)
    for event in root.iterfind(f"{_NS}办理/*"):
        record.happenings.append(_happening(event, record.organ))
    return record


def _happening(event: etree._Element, own: str) -> Happening:
    day = Day.fromisoformat(event.get("日期"))
    about = event.get("事件")
    kind = event.tag[_CUT:]
    happening = Happening(
        seq=int(event.get("序")),
        kind=kind,
        day=day,
        organ=event.get("机关") or own,
        about=int(about) if about else None,
        claims=_claims(event, kind),
        said={child.tag[_CUT:]: child.text or "" for child in event},
    )
    if kind in {"转送", "交办"}:
        to = [{part.tag[_CUT:]: part.text for part in one} for one in event.findall(f"{_NS}去向")]
        happening.leading = tuple(
            (one["机关"], _day(one.get("收到日期")) or day) for one in to if one["主协"] == "主办"
        )
        happening.together = frozenset(one["机关"] for one in to)
    elif kind == "异议" and (decided := event.find(f"{_NS}决定")) is not None:
        happening.said |= {f"决定{part.tag[_CUT:]}": part.text or "" for part in decided}
    elif kind == "送达" and event.find(f"{_NS}拒收") is not None:
        happening.said["拒收"] = "是"
    return happening


def _claims(event: etree._Element, kind: str) -> frozenset[int]:
    """Which claims an event is about; of a notice with a part about everything, all of them."""
    if kind == "答复":
        return frozenset(int(one.get("诉求")) for one in event.findall(f"{_NS}意见"))
    if kind == "告知":
        parts = [one for one in event if one.tag[_CUT:] in {"途径程序", "向有权机关提出", "不予受理"}]
        named = [_numbers(one.get("诉求")) for one in parts]
        return frozenset().union(*named) if all(named) else frozenset()
    return _numbers(event.get("诉求"))


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(map(int, (text or "").split()))


def _day(text: str | None) -> Day | None:
    return Day.fromisoformat(text) if text else None


def read_all(folders: Iterable[Path], without: Iterable[Path] = ()) -> Iterator[Record]:
    """Every record below some folders, in the order of their files, but those that were said to be *without* use."""
    left = {file.resolve() for file in without}
    for folder in folders:
        for file in sorted(folder.rglob("*.xml")):
            if not left or file.resolve() not in left:
                yield read(file)


def petition_offices(config: Path) -> frozenset[str]:
    """The organs that an office's ``xfdocs.toml`` calls 信访部门."""
    table = tomllib.loads(config.read_text(encoding="utf-8"))
    every = [table["office"], *table.get("organ", ())]
    return frozenset(one["name"] for one in every if one.get("nature") == "信访部门")


def organs(config: Path) -> list[str]:
    """All organs, in the order of the file."""
    table = tomllib.loads(config.read_text(encoding="utf-8"))
    return [table["office"]["name"], *(one["name"] for one in table.get("organ", ()))]
