"""What is written is read back the same, and what is read is written back byte for byte."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.breaks import BREAKS
from tests.record.cases import BASES
from xfdocs.record.events import EVENT_KINDS, Event
from xfdocs.record.model import Case
from xfdocs.record.reader import build_case, parse_tree
from xfdocs.record.schema import plan_of
from xfdocs.record.structure import record_schema, shapes
from xfdocs.record.writer import write_case
from xfdocs.resources import shipped

SAMPLES = sorted(shipped("samples", "office", "cases").glob("*.xml"))
_LEGAL = st.characters(
    codec="utf-8",
    exclude_categories=("Cs",),
    exclude_characters=[chr(c) for c in range(0x20)] + ["\ufffe", "\uffff"],
)
_WORD = st.text(_LEGAL.filter(lambda c: c != " "), min_size=1, max_size=6)
SHORT = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
LONG = st.text(st.one_of(_LEGAL, st.sampled_from("\n\t\r <&>]\"'#|{}*")), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip(" \t\r\n"))
)
TEXTS = {
    "短文本": SHORT,
    "长文本": LONG,
    "邮政编码": st.from_regex(r"[0-9]{6}", fullmatch=True),
    "行政区划代码": st.from_regex(r"[0-9]{6}", fullmatch=True),
    "信访件编号": st.from_regex(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True),
    "理由代码": st.from_regex(r"[A-Z][A-Z0-9-]{0,5}", fullmatch=True),
    "摘要值": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    "相对路径": st.from_regex(r"[甲乙a-z0-9][甲乙a-z0-9.]{0,8}(/[甲乙a-z][a-z.]{0,8})?", fullmatch=True),
}


@cache
def parts(cls: type, type_name: str) -> st.SearchStrategy[Any]:
    """Any value of a class of the model that its type in the schema allows."""
    shape = shapes()[type_name]
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for slot in plan_of(cls).slots:
        member = shape.attribute(slot.zh) if slot.place == "attribute" else shape.element(slot.zh)
        assert member is not None
        if slot.place == "events":
            fields[slot.field] = st.lists(
                st.one_of([parts(kind, name) for name, kind in EVENT_KINDS.items()]), max_size=4
            ).map(numbered)
            continue
        kind = shapes()[member.type]
        if dataclasses.is_dataclass(slot.type):
            one = parts(slot.type, member.type)
        elif kind.base == "序号":
            one = st.lists(st.integers(1, 99999), min_size=1, max_size=3).map(tuple)
        else:
            one = value(slot.type, member.type)
        if slot.many:
            fields[slot.field] = st.lists(one, min_size=int(slot.required), max_size=3).map(tuple)
        elif slot.required:
            fields[slot.field] = one
        elif kind.base == "序号":
            fields[slot.field] = st.one_of(st.just(()), one)
        else:
            fields[slot.field] = st.one_of(st.none(), one)
    return st.builds(cls, **fields)


def value(cls: type, type_name: str) -> st.SearchStrategy[Any]:
    if issubclass(cls, StrEnum):
        return st.sampled_from(cls)
    if cls is bool:
        return st.booleans()
    if cls is dt.date:
        return st.dates(dt.date(1949, 10, 1), dt.date(9999, 12, 31))
    if cls is int:
        return {"年度": st.integers(1900, 2099), "序号": st.integers(1, 99999)}.get(
            type_name, st.integers(1, 999_999_999)
        )
    return TEXTS[type_name]


def numbered(events: list[Event]) -> tuple[Event, ...]:
    return tuple(dataclasses.replace(event, seq=n) for n, event in enumerate(events, start=1))


def claims_numbered(case: Case) -> Case:
    return dataclasses.replace(
        case, claims=tuple(dataclasses.replace(c, seq=n) for n, c in enumerate(case.claims, start=1))
    )


@given(st.deferred(lambda: parts(Case, "信访事项")).map(claims_numbered))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_case_the_schema_allows_is_written_and_read_back_the_same(case: Case) -> None:
    data = write_case(case)
    root = parse_tree(data, Path("x.xml"))
    schema = record_schema()
    assert schema.validate(root), schema.error_log
    read = build_case(root).case
    assert read == case
    assert write_case(read) == data


@pytest.mark.parametrize("file", SAMPLES, ids=lambda f: f.stem)
def test_a_sample_is_written_back_byte_for_byte(file: Path) -> None:
    data = file.read_bytes()
    assert write_case(build_case(parse_tree(data, file)).case) == data


@pytest.mark.parametrize(
    "make", [*BASES, *(b.make for b in BREAKS)], ids=lambda m: getattr(m, "__name__", "break")
)
def test_every_case_of_these_tests_comes_back_the_same(make) -> None:
    case = make()
    assert build_case(parse_tree(write_case(case), Path("x.xml"))).case == case


def test_a_file_ends_with_one_newline_and_is_indented_by_two_spaces() -> None:
    lines = write_case(BASES[0]()).decode().split("\n")
    assert lines[-1] == ""
    assert lines[-2] == "</信访事项>"
    assert lines[2] == "  <登记>"


@pytest.mark.parametrize(
    "text", ["<b>", "&amp;", "{{ x }}", "]]>", "# x", "| x |", "*x*", "1. x", "---", "a\nb", "a\r\nb", "\tx"]
)
def test_what_looks_like_markup_is_text(text: str) -> None:
    case = BASES[0]()
    case = dataclasses.replace(
        case, claims=(dataclasses.replace(case.claims[0], facts=text), *case.claims[1:])
    )
    assert build_case(parse_tree(write_case(case), Path("x.xml"))).case.claims[0].facts == text


def test_the_place_of_a_part_is_its_line_and_its_path() -> None:
    data = write_case(BASES[0]())
    reading = build_case(parse_tree(data, Path("x.xml")))
    second = reading.case.events[4].opinions[1]  # type: ignore[attr-defined]
    place = reading.place(second, "结论")
    assert place.path == "/信访事项/办理/答复/意见[2]/结论"
    assert "<结论>不支持</结论>" in data.decode().split("\n")[place.line - 1]
    assert reading.place(second, "诉求").path == "/信访事项/办理/答复/意见[2]/@诉求"
    assert reading.place(second, "没有的").path == "/信访事项/办理/答复/意见[2]"
