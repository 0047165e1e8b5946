"""A cell of a book: a value of the record as it is, a text, or an empty place; never a guess."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import OFFICE, WATER, a_case, an, claim, person, source, to, transfer
from tests.samples.corpus import office
from xfdocs.document.cells import Cell, CellFault
from xfdocs.document.context import known_names, names_of
from xfdocs.document.names import Shape
from xfdocs.record.events import Acceptance
from xfdocs.record.model import Case

CASE = a_case(
    "2026-03-05",
    transfer("2026-03-06", to(WATER, "2026-03-09")),
    an(Acceptance, "2026-03-12", WATER),
    claims=(claim(1), claim(2, request="请求退还<b>水费</b>")),
    registration={"sources": (source("国家信访局", "2026-02-27"), source("江北省信访局", "2026-03-02"))},
)


def names(case: Case = CASE) -> dict[str, Any]:
    return names_of(case, None, office().organ, office(), case.registration.received)


def said(text: str, case: Case = CASE) -> Any:
    return Cell(text, known_names()).value(names(case))


# --- values -----------------------------------------------------------------------------------------------


def test_a_value_alone_stays_what_it_is():
    assert said("{{ 登记.收到日期 }}") == dt.date(2026, 3, 5)
    assert said(" {{ 诉求|count }}\n") == 2
    assert said("{{ 登记.形式 }}") == "来信"
    assert type(said("{{ 登记.形式 }}")) is str, "a word of a code list is a text like any other"
    assert said("{{ 登记.初次重复 == '重复' }}") == "否"
    assert said("{# 说明 #}{{ 办理.受理.日期 }}") == dt.date(2026, 3, 12)


def test_values_among_words_are_a_text_with_short_days():
    assert said("{{ 办理.受理.日期 }}（{{ 办理.受理.机关 }}）") == "2026-03-12（云州市水务局）"
    assert said("{{ 登记.收到日期 ~ '收到' }}") == "2026-03-05收到"
    assert said("{{ 登记.收到日期|日期 }}") == "2026年3月5日"


def test_what_a_record_does_not_have_leaves_its_place_empty():
    for text in (
        "{{ 办理.复查.日期 }}",
        "{{ 登记.细分渠道|书名号 }}",
        "{{ 登记.细分渠道 ~ 登记.拟办意见 }}",
        "{% for 去 in 办理.交办.去向 %}{{ 去.机关 }}{% endfor %}",
        "{{ (附件|last).名称 }}",
        "",
    ):
        assert said(text) is None, text
    assert said("{{ 办理.复查.日期 }}、{{ 编号 }}") == "、YZ-20260305-0001"


def test_a_value_is_text_whatever_is_in_it():
    text = "{% for 项 in 诉求 %}{{ 项.请求 }}{{ '' if loop.last else '；' }}{% endfor %}"
    assert said(text) == "请求解决第1个问题；请求退还<b>水费</b>"
    assert (
        said("{{ 信访人.姓名 }}", a_case("2026-03-05", petitioners=(person("{{ 编号 }}"),))) == "{{ 编号 }}"
    )


def test_of_several_the_first_answers_and_the_last_can_be_asked_for():
    assert said("{{ 登记.来源.机关 }}→{{ (登记.来源|last).机关 }}") == "国家信访局→江北省信访局"


def test_in_a_list_of_events_of_several_kinds_one_lacks_what_another_has():
    assert said("{% for 次 in 办理 %}{{ 次.去向.机关 }}{{ 次.责任人 }};{% endfor %}") == f"{WATER};;"


def test_macros_and_blocks_give_texts_too():
    assert said("{% macro 两次(甲) %}{{ 甲 }}{{ 甲 }}{% endmacro %}{{ 两次(编号[:2]) }}") == "YZYZ"


# --- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "near"),
    [
        ("{{ 登计.收到日期 }}", "登计", "登记"),
        ("{{ 登记.收到日其 }}", "收到日其", "收到日期"),
        ("{{ 登记['收到日其'] }}", "收到日其", "收到日期"),
        ("{{ 办理.授理.日期 }}", "授理", "受理"),
        ("{{ 办理.受理.责仁人 }}", "责仁人", "责任人"),
        ("{{ 登记.来源.机管 }}", "机管", "机关"),
        ("{{ (登记.来源|last).机管 }}", "机管", "机关"),
        ("{% for 项 in 诉求 %}{{ 项.请球 }}{% endfor %}", "请球", "请求"),
        ("{% for 项 in 诉求 if 项.目地 %}有{% endfor %}", "目地", "目的"),
        ("{% if false %}{{ 登记.形试 }}{% endif %}", "形试", "形式"),
        ("{% set 源 = 登记.来源 %}{{ 源.文浩 }}", "文浩", "文号"),
        ("{% with 记 = 登记 %}{{ 记.形式 }}{{ 登记.形试 }}{% endwith %}", "形试", "形式"),
        ("{{ 编号 if 登记.形试 else '' }}", "形试", "形式"),
        ("{{ 登记.细分渠到 or '' }}", "细分渠到", "细分渠道"),
        ("{{ 本局.名秤 }}", "名秤", "名称"),
        ("{{ 收到.日其 }}", "日其", "日期"),
        ("{{ 顿号(登记.形试) }}", "顿号", ""),
    ],
)
def test_an_unknown_name_is_found_before_any_record_and_the_nearest_is_told(text, where, near):
    with pytest.raises(CellFault) as fault:
        Cell(text, known_names())
    assert f"“{where}”" in str(fault.value)
    assert f"“{near}”" in str(fault.value) if near else True


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ 登记.", "模板语法不对"),
        ("{{ 登记.形式|日其 }}", "没有名为“日其”的过滤器"),
        ("{{ 信访人 }}", "用 {% for %} 逐个写出"),
        ("{{ 信访人.联系电话 }}", "用过滤器“顿号”"),
        ("{{ 登记 }}", "是整个元素"),
        ("{{ 本局 }}", "是整个元素"),
        ("{{ 登记.来源[0].机关 }}", "不能按位置取"),
        ("{{ 编号 if 登记.细分渠道 }}", "要写 else"),
        ("\U000f0001", "程序保留的字符"),
        ("{% include 'x' %}", "不能引用别的文件"),
        ("{% from 'x' import y %}", "不能引用别的文件"),
    ],
)
def test_what_could_go_wrong_at_the_last_row_is_refused_at_the_first(text, what):
    with pytest.raises(CellFault, match=what.replace("{", r"\{")):
        Cell(text, known_names())


def test_what_goes_wrong_for_one_record_says_so_in_chinese():
    with pytest.raises(CellFault, match="算不出来"):
        said("{{ 1 // (诉求|count - 2) }}")


def test_the_names_that_are_known_are_those_there_are():
    known = known_names()
    there = names()
    assert set(known) == set(there) - {"事件"}
    for name, value in there.items():
        if isinstance(value, SimpleNamespace):
            assert set(known[name].parts) == set(vars(value)), name


def test_every_part_of_the_record_can_be_named():
    """The walk follows the record's own plan: what a View answers to, it lets pass."""
    shape: Shape = known_names()["登记"]
    (kind,) = shape.kinds
    assert kind is type(CASE.registration)
    assert said("{{ 登记.登记机关 }}") == OFFICE
