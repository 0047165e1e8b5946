"""What a wording may say in its marks, and what it may not reach."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import pytest

from tests.builders import WATER, a_case, an, claim, person, reply, to, transfer
from tests.document.says import fault, say, texts
from xfdocs.document.fields import view_of
from xfdocs.document.language import FILTERS, make_environment
from xfdocs.errors import FieldMissing, WordingInvalid
from xfdocs.record.events import Acceptance
from xfdocs.record.model import Case
from xfdocs.record.schema import plan_of

DAY = dt.date(2026, 3, 5)


def one(expression: str, **names: object) -> str:
    return "".join(texts("{{ " + expression + " }}\n", **names))


def of(case: Case) -> dict[str, object]:
    """The record's own names."""
    view = view_of(case)
    return {slot.zh: getattr(view, slot.zh) for slot in plan_of(Case).slots}


RECORD = of(
    a_case(
        "2026-07-01",
        transfer("2026-07-03", to(WATER, "2026-07-06")),
        an(Acceptance, "2026-07-10", WATER),
        an(Acceptance, "2026-07-20", WATER),
        reply("2026-08-01", WATER),
        petitioners=(person("陆晚晴", phones=("19900001001", "19900001002")), person("钟灵")),
        claims=(claim(1, request="通水"), claim(2, request="退费")),
    )
)


# --- filters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("日", "2026年3月5日"),
        ("日|日期", "2026年3月5日"),
        ("12|中文数字", "十二"),
        ("105|中文数字", "一百零五"),
        ("('甲', '乙', '丙')|顿号", "甲、乙、丙"),
        ("'修复屋面；'|句", "修复屋面。"),
        ("'修复屋面。'|句", "修复屋面。"),
        ("'修好了吗？'|句", "修好了吗？"),
        ("'他说：“不行。”'|句", "他说：“不行。”"),
        ("'修复屋面。'|短语", "修复屋面"),
        ("'土地管理法'|书名号", "《土地管理法》"),
        ("'《土地管理法》'|书名号", "《土地管理法》"),
        ("'一行\n　又一行'|一行", "一行又一行"),
        ("3", "3"),
        ("'甲' ~ 日 ~ 2", "甲2026年3月5日2"),
    ],
)
def test_a_filter_says(expression, said):
    assert one(expression, 日=DAY) == said


def test_a_code_says_the_word_of_the_record():
    class Way(StrEnum):
        LETTER = "来信"

    assert one("式", 式=Way.LETTER) == "来信"


@pytest.mark.parametrize(
    "name", ["safe", "escape", "e", "tojson", "forceescape", "striptags", "attr", "map", "xmlattr", "urlize", "pprint", "format", "join"]
)  # fmt: skip
def test_there_is_no_filter_that_could_make_markup_or_reach_inside(name):
    assert name not in make_environment().filters
    assert f"没有名为“{name}”的过滤器" in str(fault("{{ 甲|" + name + " }}\n", 甲="x"))


def test_every_filter_of_ours_has_a_chinese_name_and_says_what_it_does():
    for name, function in FILTERS.items():
        assert not name.isascii()
        assert function.__doc__


# --- the record's own names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("信访人.姓名", "陆晚晴"),
        ("信访人[1].姓名", "钟灵"),
        ("信访人[0].联系电话|顿号", "19900001001、19900001002"),
        ("登记.收到日期", "2026年7月1日"),
        ("诉求[1].请求", "退费"),
        ("诉求|length", "2"),
        ("办理.受理.日期", "2026年7月20日"),
        ("办理.转送.去向.机关", WATER),
        ("办理[0].日期", "2026年7月3日"),
        ("编号", "YZ-20260701-0001"),
    ],
)
def test_what_one_reads_in_the_record_one_writes_in_the_wording(expression, said):
    assert one(expression, **RECORD) == said


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("登记.提出日期", "登记.提出日期"),
        ("登记.提出日期|日期", "登记.提出日期"),
        ("登记.查询码|短语", "登记.查询码"),
        ("办理.延期.理由", "办理.延期.理由"),
        ("办理.督办.要求|顿号", "办理.督办.要求"),
        ("归档.全宗号", "归档.全宗号"),
        ("信访人[1].邮编", "信访人[2].邮编"),
        ("'甲' ~ 登记.查询码", "登记.查询码"),
    ],
)
def test_a_field_the_record_lacks_is_named_when_it_is_printed(expression, field):
    with pytest.raises(FieldMissing) as caught:
        one(expression, **RECORD)
    assert caught.value.facts["field"] == field
    assert "请补充" in str(caught.value)


def test_a_field_the_record_lacks_is_false_and_empty():
    wording = "{% if 登记.查询码 %}有{% else %}无{% endif %}{% for 件 in 附件 %}{{ 件.名称 }}{% endfor %}{{ 附件|length }}\n"
    assert texts(wording, **RECORD) == ["无0"]


@pytest.mark.parametrize(
    ("expression", "name", "hint"),
    [
        ("登记.收件日期", "收件日期", "收到日期"),
        ("信访人.名字", "名字", "姓名"),
        ("办理.受理了", "受理了", "受理"),
        ("登纪.收到日期", "登纪", "登记"),
        ("办理.延期.缘由", "缘由", "理由"),
    ],
)
def test_a_name_nobody_knows_is_an_error_with_its_line_and_the_nearest_name(expression, name, hint):
    error = fault("甲\n\n{% if 1 %}\n乙{{ " + expression + " }}\n{% endif %}\n", **RECORD)
    assert name in str(error)
    assert hint in str(error)
    assert error.facts["line"] == 6


@pytest.mark.parametrize(
    "expression", ["信访人", "登记", "办理", "true", "none", "1.5", "[1, 2]", "信访人[0]"]
)
def test_only_texts_dates_and_numbers_are_printed(expression):
    assert "不是文字、日期、数字" in str(fault("{{ " + expression + " }}\n", **RECORD))


# --- the sandbox ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "甲.__class__",
        "甲.__class__.__mro__",
        "登记.__class__",
        "登记._part",
        "信访人[0]._path",
        "办理._x",
        "self.__init__",
        "range.__globals__",
        "namespace.__init__.__globals__",
        "cycler.__init__.__globals__.os",
        "''.__class__.__base__.__subclasses__()",
        "'{__class__}'.format_map(登记)",
        "'{0.__class__}'.format(登记)",
        "lipsum.__globals__",
        "joiner",
        "dict(a=1)",
        "_values._texts",
        "_values.take('x')",
    ],
)
def test_nothing_of_the_program_can_be_reached(expression):
    with pytest.raises(WordingInvalid):
        say("{{ " + expression + " }}\n", 甲="x", **RECORD)


@pytest.mark.parametrize(
    "mark",
    [
        "{% include '/etc/passwd' %}",
        "{% include 'wording.md' %}",
        "{% import 'wording.md' as w %}",
        "{% from 'wording.md' import w %}",
        "{% extends 'wording.md' %}",
    ],
)
def test_no_other_file_can_be_read(mark):
    assert "不能引用别的文件" in str(fault(mark + "\n"))


@pytest.mark.parametrize("mark", ["{% do x %}", "{% debug %}", "{% trans %}甲{% endtrans %}", "{% break %}"])
def test_no_extension_is_there(mark):
    assert "“" in str(fault(mark + "\n"))


def test_a_loop_without_end_is_refused():
    fault("{% for n in range(10000000) %}{% endfor %}\n")


def test_a_list_of_the_record_cannot_be_changed():
    fault("{% set x = 单.append(1) %}\n", 单=["甲"])


def test_texts_are_joined_by_a_tilde_and_not_by_arithmetic():
    assert "~" in str(fault("{{ '甲' + '乙' }}\n"))
    assert "~" in str(fault("{{ '甲' * 3 }}\n"))
    assert one("1 + 2") == "3"


# --- macros and set blocks ------------------------------------------------------------------------------


def test_a_macro_gives_wording_with_its_paragraphs_and_headings():
    wording = "{% macro 段(题, 文) %}# {{ 题 }}\n\n{{ 文 }}\n\n{% endmacro %}{{ 段('甲', '# 乙') }}{{ 段('丙', '丁') }}\n"
    assert texts(wording) == ["一、甲", "# 乙", "二、丙", "丁"]


def test_a_filter_reads_what_a_macro_said_as_text():
    assert texts("{% macro 说(物) %}请{{ 物 }}{% endmacro %}{{ 说('修复。')|句 }}\n") == ["请修复。"]
    assert texts("{% set 句子 %}请{{ 物 }}{% endset %}{{ 句子|短语 }}，并\n", 物="修复。") == ["请修复，并"]


def test_what_a_macro_said_is_not_taken_apart():
    fault("{% set 句子 %}请{{ 物 }}{% endset %}{{ 句子.upper() }}\n", 物="修复。")
