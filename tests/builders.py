"""Cases made by hand in a few words, for tests that need exactly one fact. All people are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.events import (
    Assignment,
    Destination,
    Event,
    Opinion,
    Reply,
    ReviewRequest,
    Service,
    Transfer,
)
from xfdocs.record.model import Case, Claim, Petitioner, Registration, Source
from xfdocs.record.writer import write_case

OFFICE = "云州市信访局"
WATER = "云州市水务局"
HOUSING = "云州市住房和城乡建设局"
DISTRICT = "云州市青溪区人民政府"
DISTRICT_OFFICE = "云州市青溪区信访局"
TOWN = "云州市青溪区石桥镇人民政府"
CITY = "云州市人民政府"
DISCIPLINE = "中共云州市纪律检查委员会"
COURT = "云州市中级人民法院"


def day(text: str | dt.date) -> dt.date:
    """2026-03-05 → a date; a date stays what it is."""
    return text if isinstance(text, dt.date) else dt.date.fromisoformat(text)


def person(name: str | None = "陆晚晴", **facts: Any) -> Petitioner:
    """A citizen with a name and an address."""
    known = {
        "kind": codes.PetitionerKind.CITIZEN,
        "address": "云州市东湖区梧桐巷7号",
        "phones": ("19900001999",),
    }
    return Petitioner(name=name, **(known | facts))


def claim(seq: int = 1, **facts: Any) -> Claim:
    """A 申诉求决 for the 信访 procedure of article 31 (六)."""
    known = {
        "purpose": codes.Purpose.CLAIM,
        "path": codes.Path.PETITION,
        "request": f"请求解决第{seq}个问题",
        "category": "城乡建设",
        "locus": "990000",
    }
    return Claim(seq=seq, **(known | facts))


def a_case(received: str | dt.date, *events: Event, **facts: Any) -> Case:
    """A letter that the city's 信访局 received on a day, and what happened then, in order."""
    arrived = day(received)
    registration = Registration(
        channel=facts.pop("channel", codes.Channel.LETTER),
        received=arrived,
        registered=facts.pop("registered", arrived),
        organ=facts.pop("organ", OFFICE),
        registrar="梁书涵",
        first_handler="梁书涵",
        subject=facts.pop("subject", "小区水压不足问题"),
        first=codes.Repeat.FIRST,
        **facts.pop("registration", {}),
    )
    return Case(
        id=facts.pop("id", f"YZ-{arrived:%Y%m%d}-0001"),
        registration=registration,
        petitioners=facts.pop("petitioners", (person(),)),
        claims=facts.pop("claims", (claim(),)),
        events=tuple(replace(event, seq=number) for number, event in enumerate(events, start=1)),
        **facts,
    )


def an(event: type[Event], on: str | dt.date, organ: str | None = None, /, **facts: Any) -> Any:
    """An event of a kind; its number is given by its place in the case."""
    return event(seq=0, date=day(on), organ=organ, **facts)


def to(organ: str, received: str | None = None, *, lead: bool = True) -> Destination:
    """Where a matter goes."""
    role = codes.Lead.LEAD if lead else codes.Lead.ASSIST
    return Destination(organ=organ, lead=role, received=day(received) if received else None)


def transfer(on: str, *where: Destination, organ: str | None = None, **facts: Any) -> Transfer:
    """转送 of copies."""
    known = {"material": codes.Material.COPY, "destinations": where}
    return an(Transfer, on, organ, **(known | facts))


def assignment(on: str, *where: Destination, organ: str | None = None, **facts: Any) -> Assignment:
    """交办 of copies."""
    known = {"material": codes.Material.COPY, "destinations": where}
    return an(Assignment, on, organ, **(known | facts))


def reply(on: str, organ: str, *opinions: Opinion, **facts: Any) -> Reply:
    """处理意见; to claim 1, refused, if nothing else is said."""
    known = {"kind": codes.ReplyKind.OPINION, "opinions": opinions or (opinion(),)}
    return an(Reply, on, organ, **(known | facts))


def opinion(seq: int = 1, conclusion: codes.Conclusion = codes.Conclusion.REJECT, **facts: Any) -> Opinion:
    """What is answered to one claim."""
    return Opinion(claim=seq, conclusion=conclusion, **({"findings": "水压符合标准"} | facts))


def service(of: int, on: str, received: str | None = None, **facts: Any) -> Service:
    """送达 of the document of an event, by post."""
    known = {"recipient": "陆晚晴", "method": codes.ServiceMethod.POST}
    return an(Service, on, of=of, received=day(received) if received else None, **(known | facts))


def review_request(on: str, organ: str) -> ReviewRequest:
    """复查申请."""
    return an(ReviewRequest, on, organ, request="请求撤销处理意见")


def source(organ: str, on: str, **facts: Any) -> Source:
    """Where a matter came from."""
    known = {"kind": codes.SourceKind.TRANSFER, "received": day(on)}
    return Source(organ=organ, date=day(on), **(known | facts))


def saved(case: Case, folder: Path) -> Path:
    """The record of a case, written as ``<编号>.xml`` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.id}.xml"
    path.write_bytes(write_case(case))
    return path


def office_in(folder: Path, text: str = "", *, profile: str = "national") -> Office:
    """An office of one's own: 云州市信访局 with a few organs, and *text* at the end of its settings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "xfdocs.toml").write_text(_OFFICE.format(profile=profile) + text, "utf-8")
    return Office.open(folder)


_OFFICE = """\
[office]
name = "云州市信访局"
nature = "信访部门"
code = "云信"
superior = "云州市人民政府"
contact = "方明远"
phone = "19900000001"
inquiry = "可拨打19900000001查询"
profile = "{profile}"
procedure_list = "2026年版"

[[organ]]
name = "云州市水务局"
code = "云水信"
superior = "云州市人民政府"
contact = "陆行舟"
phone = "19900000003"
inquiry = "可拨打19900000003查询"

[[organ]]
name = "云州市青溪区人民政府"
code = "青政信"
superior = "云州市人民政府"
contact = "贺知秋"
phone = "19900000006"
inquiry = "可拨打19900000006查询"

[[organ]]
name = "云州市青溪区信访局"
nature = "信访部门"
code = "青信"
superior = "云州市青溪区人民政府"
contact = "简宁"
phone = "19900000015"
inquiry = "可拨打19900000015查询"

"""
