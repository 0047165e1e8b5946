"""An event can be typed item by item: every kind of it, and every slip is told with what it should be."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import WATER, a_case, reply, service, to, transfer
from tests.record.test_roundtrip import parts
from xfdocs.errors import EventInvalid, ExitCode, RecordRejected
from xfdocs.record.events import EVENT_KINDS, Event, Reply, Service, Transfer
from xfdocs.record.items import event_in, items_of
from xfdocs.record.model import Case, Issued
from xfdocs.record.reader import parse_tree
from xfdocs.record.schema import plan_of
from xfdocs.record.structure import shapes
from xfdocs.record.writer import EVENT_NAMES, write_case

FILE = Path("案件.xml")
DAY = "2026-11-23"
CASE = a_case(
    "2026-07-01",
    transfer("2026-07-02", to(WATER, "2026-07-03")),
    reply("2026-08-20", WATER),
    transfer("2026-08-21", to(WATER, "2026-08-22")),
    issued=(
        Issued(event=2, kind="处理意见书", number="云水信处字〔2026〕5号", date=dt.date(2026, 8, 20)),
        Issued(kind="来信登记表", number="云信登字〔2026〕9号", date=dt.date(2026, 7, 1)),
    ),
)
SERVED = ("受送达人=陆晚晴", "方式=邮寄送达")


def event(name: str, *items: str, case: Case = CASE) -> Event:
    return event_in(parse_tree(write_case(case), FILE), name, items, FILE, day=DAY)


def slip(name: str, *items: str) -> str:
    with pytest.raises(EventInvalid) as caught:
        event(name, *items)
    assert caught.value.exit_code is ExitCode.USAGE
    assert "案件.xml 没有改动" in str(caught.value)
    return str(caught.value)


def typed(part: object, above: str = "") -> Iterator[str]:
    """What somebody would type to say a part of the case."""
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        if value in (None, ()) or slot.zh == "序":
            continue
        values = value if isinstance(value, tuple) else (value,)
        for number, one in enumerate(values, start=1):
            if not dataclasses.is_dataclass(one):
                text = str(one) if type(one) is int else slot.show(one)
                yield f"{above}{slot.zh}={text}"
                continue
            name = f"{above}{slot.zh}.{number}" if number > 1 else f"{above}{slot.zh}"
            inner = list(typed(one, f"{name}."))
            yield from inner or [f"{name}="]


# --- the law ----------------------------------------------------------------------------------------------


@given(
    st.deferred(lambda: st.one_of([parts(kind, name) for name, kind in EVENT_KINDS.items()])), st.randoms()
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_event_is_understood_as_it_was_meant_in_whatever_order_it_is_typed(wanted: Event, random) -> None:
    items = list(typed(wanted))
    singles = [item for item in items if items.count(item) == 1 and not _many(item, items)]
    random.shuffle(singles)
    items = [*singles, *(item for item in items if item not in singles)]
    assert event(EVENT_NAMES[type(wanted)], *items) == dataclasses.replace(wanted, seq=4)


def _many(item: str, items: list[str]) -> bool:
    """Whether an item is given several times: the order of those says something."""
    return [other.partition("=")[0] for other in items].count(item.partition("=")[0]) > 1


@pytest.mark.parametrize("name", EVENT_KINDS)
def test_the_items_of_every_event_are_all_that_its_class_has(name: str) -> None:
    listed = {item.name for item in items_of(name)}
    assert listed == set(_fields(EVENT_KINDS[name], ""))


def _fields(kind: type, above: str) -> Iterator[str]:
    for slot in plan_of(kind).slots:
        if dataclasses.is_dataclass(slot.type):
            yield from _fields(slot.type, f"{above}{slot.zh}.{'1.' if slot.many else ''}")
        elif slot.zh != "序":
            yield above + slot.zh


# --- what is filled in ------------------------------------------------------------------------------------


def test_the_day_is_the_one_of_the_desk_if_none_is_named() -> None:
    assert event("送达", "事件=2", *SERVED).date.isoformat() == DAY
    assert event("送达", "事件=2", *SERVED, "日期=2026-11-20").date.isoformat() == "2026-11-20"


@pytest.mark.parametrize("name", ["2", "答复", "云水信处字〔2026〕5号"])
def test_an_event_is_named_by_its_number_by_its_document_or_by_its_name_if_it_is_the_only_one(
    name: str,
) -> None:
    served = event("送达", f"事件={name}", *SERVED)
    assert isinstance(served, Service)
    assert served.of == 2


def test_a_reference_within_a_part_is_resolved_too() -> None:
    told = event("告知", "方式=书面", "去向告知.事件=云水信处字〔2026〕5号")
    assert told.whereabouts.event == 2  # type: ignore[attr-defined]


def test_what_may_be_several_is_given_several_times_or_with_a_figure() -> None:
    served = event("送达", "事件=2", *SERVED, "送达人=甲", "送达人=乙", "拒收.见证人=丙", "拒收.见证人=丁")
    assert isinstance(served, Service)
    assert served.servers == ("甲", "乙")
    assert served.refusal is not None
    assert served.refusal.witnesses == ("丙", "丁")
    sent = event(
        "转送",
        "材料=复印件",
        "去向.2.机关=乙局",
        "去向.2.主协=协办",
        "去向.机关=甲局",
        "去向.1.主协=主办",
        "诉求=1",
    )
    assert isinstance(sent, Transfer)
    assert [where.organ for where in sent.destinations] == ["甲局", "乙局"]
    assert sent.claims == (1,)


def test_a_value_may_hold_an_equals_sign_and_several_lines() -> None:
    answered = event("答复", "种类=处理意见", "意见.诉求=1", "意见.结论=不支持", "意见.认定=a=b\n第二段")
    assert isinstance(answered, Reply)
    assert answered.opinions[0].findings == "a=b\n第二段"


@pytest.mark.parametrize(("said", "meant"), [("是", True), ("否", False), ("true", True)])
def test_yes_is_said_as_people_say_it(said: str, meant: bool) -> None:
    assert event("回访", "方式=电话", f"同意={said}").consented is meant  # type: ignore[attr-defined]


# --- slips ------------------------------------------------------------------------------------------------


def test_an_event_that_does_not_exist_is_answered_with_those_that_do() -> None:
    told = slip("送到", "日期=2026-11-20")
    assert "是不是“送达”？" in told
    assert all(name in told for name in EVENT_KINDS)


def test_an_item_that_does_not_exist_is_answered_with_those_that_do() -> None:
    told = slip("送达", "签收日期=2026-11-20")
    assert "“送达”没有“签收日期”这一项。是不是“收到日期”？" in told
    assert "可用的有：日期、机关、经办人、事件、受送达人、方式、" in told
    assert "“拒收”没有“原因”这一项。可用的有：事由、见证人。" in slip("送达", "拒收.原因=x")


def test_what_is_missing_is_named_with_its_meaning_and_values() -> None:
    told = slip("送达", "日期=2026-11-20")
    assert "还缺“事件”（所送达文书对应的事件的序）、“受送达人”、“方式”（" in told
    assert all(value in told for value in shapes()["送达方式"].values)
    assert "还缺“意见.诉求”（诉求序号）、“意见.结论”" in slip("答复", "种类=处理意见")
    two = slip("答复", "种类=处理意见", "意见.1.诉求=1", "意见.1.结论=支持", "意见.2.诉求=2")
    assert "还缺“意见.2.结论”" in two


def test_nothing_typed_registers_nothing() -> None:
    assert "没有写项目" in slip("撤回")


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("方式=邮寄", "“方式”的值“邮寄”不在代码表中。是不是“邮寄送达”？应为：直接送达、邮寄送达、"),
        ("收到日期=2026年11月22日", "应写作 2026-11-22"),
        ("收到日期=2026-11-31", "不是存在的日期"),
        ("地点=", "“地点”是空的"),
        ("签收人= 甲", "“签收人”的值“ 甲”不符合要求：单行文字"),
        ("签收人=\x07", "控制字符"),
        ("地点", "“地点”没有写“=”"),
        ("地点.1=x", "“地点”没有下级项目"),
        ("拒收=x", "“拒收”要写明是其中的哪一项：拒收.事由、拒收.见证人"),
        ("拒收.2.事由=x", "“拒收”只有一个"),
        ("受送达人=乙", "“受送达人”写了两次"),
        ("序=9", "“序”由程序编"),
        ("事件=转送", "“转送”不止一次，请写明序号：1（2026-07-02）、3（2026-08-21）"),
        ("事件=云信登字〔2026〕9号", "文书“云信登字〔2026〕9号”不对应办理事件"),
        ("事件=云信登字〔2026〕10号", "记录里没有“云信登字〔2026〕10号”"),
        ("事件=结案", "记录里没有“结案”"),
    ],
)
def test_a_value_that_is_not_what_it_should_be_is_told_so(item: str, told: str) -> None:
    name = item.partition("=")[0]
    others = [other for other in ("事件=2", *SERVED) if other.partition("=")[0] != name or name == "受送达人"]
    assert told in slip("送达", *others, item)


def test_a_record_that_breaks_the_schema_gets_no_event() -> None:
    tree = parse_tree(write_case(CASE).replace("<形式>".encode(), "<形式>不".encode()), FILE)
    with pytest.raises(RecordRejected, match="形式"):
        event_in(tree, "送达", ("事件=2", *SERVED), FILE, day=DAY)


def test_the_same_holds_for_a_record_without_events() -> None:
    served = event("送达", "事件=1", *SERVED, case=a_case("2026-07-01"))
    assert served == dataclasses.replace(service(1, DAY), seq=1)
    with pytest.raises(EventInvalid, match="不在代码表中"):
        event("送达", "事件=1", "受送达人=甲", "方式=邮", case=a_case("2026-07-01"))
