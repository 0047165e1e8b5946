"""Model and schema agree element by element; the schema documents itself; it has no room for a watch list (R48)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from enum import StrEnum

import pytest
from lxml import etree

from xfdocs.record import codes
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.model import Case
from xfdocs.record.schema import Plan, plan_of
from xfdocs.record.structure import Shape, shapes
from xfdocs.resources import shipped

XS = "{http://www.w3.org/2001/XMLSchema}"
XSD = etree.parse(str(shipped("schemas", "case.xsd"))).getroot()
PYTHON = {"日期": dt.date, "是否": bool, "正整数": int, "序号": int, "年度": int}
"""Simple types that are not text."""


def pairs() -> list[tuple[str, Shape, Plan]]:
    """Every part of the record: its place, its type in the schema and its class in Python."""
    found: dict[type, tuple[str, Shape, Plan]] = {}
    known = shapes()

    def walk(where: str, shape: Shape, cls: type) -> None:
        plan = plan_of(cls)
        if cls in found:
            assert found[cls][1].name == shape.name, f"{where}: one class, two types"
            return
        found[cls] = (where, shape, plan)
        for slot in plan.slots:
            member = shape.element(slot.zh)
            if slot.place == "events":
                assert member is not None
                folder = known[member.type]
                assert [m.name for m in folder.elements] == list(EVENT_KINDS)
                for name, kind in EVENT_KINDS.items():
                    walk(f"{where}/{slot.zh}/{name}", known[name], kind)
            elif dataclasses.is_dataclass(slot.type):
                assert member is not None, f"{where}/{slot.zh} is not in the schema"
                walk(f"{where}/{slot.zh}", known[member.type], slot.type)

    walk("/信访事项", known["信访事项"], Case)
    return list(found.values())


PAIRS = pairs()
EACH = pytest.mark.parametrize(("where", "shape", "plan"), PAIRS, ids=[p[0] for p in PAIRS])


@EACH
def test_elements_have_the_same_names_in_the_same_order(where: str, shape: Shape, plan: Plan) -> None:
    assert [s.zh for s in plan.slots if s.place != "attribute"] == [m.name for m in shape.elements]


@EACH
def test_attributes_have_the_same_names(where: str, shape: Shape, plan: Plan) -> None:
    assert {s.zh for s in plan.slots if s.place == "attribute"} == {m.name for m in shape.attributes}


@EACH
def test_what_is_required_and_what_repeats_is_the_same(where: str, shape: Shape, plan: Plan) -> None:
    for slot in plan.slots:
        member = shape.attribute(slot.zh) if slot.place == "attribute" else shape.element(slot.zh)
        assert member is not None
        assert slot.required is member.required, f"{where}/{slot.zh}"
        if slot.place != "events":
            assert slot.many is member.many, f"{where}/{slot.zh}"


@EACH
def test_values_have_the_same_types_and_code_lists(where: str, shape: Shape, plan: Plan) -> None:
    known = shapes()
    for slot in plan.slots:
        member = shape.attribute(slot.zh) if slot.place == "attribute" else shape.element(slot.zh)
        assert member is not None
        if slot.place == "events" or dataclasses.is_dataclass(slot.type):
            continue
        kind = known[member.type]
        if kind.base in known and not kind.values:  # a list of numbers in one attribute
            kind = known[kind.base]
        if issubclass(slot.type, StrEnum):
            assert tuple(str(v) for v in slot.type) == kind.values, f"{where}/{slot.zh}"
        else:
            assert not kind.values, f"{where}/{slot.zh} is a code list"
            assert slot.type is PYTHON.get(kind.name, str), f"{where}/{slot.zh}"


def test_every_type_of_the_schema_is_reached_by_the_model() -> None:
    reached = {shape.name for _, shape, _ in PAIRS}
    complex_types = {name for name, shape in shapes().items() if shape.complex}
    assert complex_types - reached == {"办理", "事件"}  # the folder of events, and what events have in common


def test_every_code_list_in_python_is_one_of_the_schema() -> None:
    lists = {shape.values for shape in shapes().values() if shape.values}
    for name, value in vars(codes).items():
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum:
            assert tuple(str(v) for v in value) in lists, name


@pytest.mark.parametrize("tag", ["element", "attribute", "complexType", "simpleType", "enumeration"])
def test_everything_in_the_schema_says_what_it_is_in_chinese(tag: str) -> None:
    for node in XSD.iter(XS + tag):
        text = node.findtext(f"{XS}annotation/{XS}documentation") or ""
        name = node.get("name") or node.get("value")
        said = text.strip() or (name or "")  # a code that explains itself may repeat itself
        assert said, f"{tag} {name} line {node.sourceline}"
        assert text.strip(), f"{tag} {name} line {node.sourceline} is not documented"


LABELS = (
    "稳控|劝返|接返|重点人|缠访|闹访|缠闹|失信|惩戒|扬言|蛮缠|黑名单|风险|评分|打分|分值|预测|预警|上访户|上访老户|越级|进京|非访|"
    "拦截|截访|训诫|人员类别|人员标签|标签|画像|轨迹|前科|违法记录|信用分|信用等级|级别分类|管控|盯防|布控|化解率|考核|排名|政治面貌|"
    "民族|宗教|健康|精神病|行为类型|危险"
)
"""What a record of a petition has no business to hold about a person (DESIGN §9)."""


def names_in_the_schema() -> list[str]:
    return [
        str(n.get(a)) for n in XSD.iter() if isinstance(n.tag, str) for a in ("name", "value") if n.get(a)
    ]


def test_the_schema_has_no_room_for_a_watch_list() -> None:
    found = [name for name in names_in_the_schema() if re.search(LABELS, name)]
    assert found == []


def test_the_schema_takes_nothing_in_that_it_does_not_name() -> None:
    """No xs:any, no anyAttribute, no mixed content, no open type: nothing can be smuggled in."""
    for tag in ("any", "anyAttribute", "import", "include", "redefine"):
        assert XSD.find(f".//{XS}{tag}") is None
    assert not XSD.xpath("//*[@mixed]")
    assert not [n for n in XSD.iter(XS + "element") if not n.get("type")]
    assert not [
        n for n in XSD.iter(XS + "element") if n.get("type", "").endswith(("anyType", "anySimpleType"))
    ]


def test_the_model_has_no_room_for_one_either() -> None:
    english = {
        "score",
        "risk",
        "blacklist",
        "watch",
        "label",
        "tag",
        "grade",
        "rank",
        "credit",
        "predict",
        "control",
    }
    for _, _, plan in PAIRS:
        for slot in plan.slots:
            assert not english & set(slot.field.split("_")), f"{plan.type.__name__}.{slot.field}"
