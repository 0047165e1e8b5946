"""Titles broken by meaning (GB/T 9704 7.3.1)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xfdocs.render.signature import Signature, place, width
from xfdocs.render.titles import break_title


@pytest.mark.parametrize(
    "lines",
    [
        ("云州市住房和城乡建设局", "信访事项受理告知书"),
        ("云州市信访局受理告知书",),
        ("关于转送张立等人反映东湖区", "物业管理问题信访事项的函"),
        ("云州市信访局信访事项", "转送（交办）去向告知书"),
        ("信访事项处理途径和程序告知书",),
        ("关于印发《云州市信访工作", "责任制实施细则（试行）》的通知"),
        ("关于2026年第三季度", "全市信访工作情况的通报"),
    ],
)
def test_a_title_is_cut_where_a_reader_pauses(lines):
    assert break_title("".join(lines), 20) == lines


def test_four_lines_begin_with_the_issuer_and_keep_a_name_whole():
    title = (
        "云州市信访局关于交办阿卜杜拉·买买提等3人反映云州市第二建筑工程有限责任公司"
        "拖欠农民工工资、未依法缴纳社会保险费问题信访事项的函"
    )
    lines = break_title(title, 20, ("阿卜杜拉·买买提",))
    assert "".join(lines) == title
    assert sum("阿卜杜拉·买买提" in line for line in lines) == 1


titles = st.text(
    st.sampled_from("云州市信访局关于反映问题的函《》（）、2026第一季度告知书和李"), min_size=1, max_size=110
)


@given(titles)
@settings(max_examples=150, deadline=None)
def test_no_title_loses_a_character_or_runs_over(title):
    lines = break_title(title, 20)
    assert "".join(lines) == title
    assert all(lines)
    assert all(width(line) <= 20 for line in lines)


@pytest.mark.parametrize("length", range(21, 60))
def test_a_last_line_is_never_one_or_two_characters(length):
    title = (
        "云州市信访局关于转送李建国等人反映东湖区翠苑小区三期外墙渗水以及多年不予维修并且收费不公开" * 2
    )[: length - 1] + "函"
    assert width(break_title(title, 20)[-1]) > 2


# --- signatures (GB/T 9704 7.3.5) ----------------------------------------------------------------

DAY = "2026年10月15日"  # 4 + 2 + 2 figures, 3 characters: seven wide


def test_a_sealed_date_stands_four_characters_in_and_the_signature_over_its_middle():
    assert width(DAY) == 7
    assert place("云州市信访局", DAY) == Signature(4.5, 4.0)
    assert place("云州市住房和城乡建设局", DAY) == Signature(2.0, 4.0)


def test_a_signature_too_long_for_that_stands_at_the_edge_over_the_middle_of_the_date():
    name = "云州市人力资源和社会保障局劳动监察支队"
    found = place(name, DAY)
    assert found.signatory == 0
    assert found.date + 7 / 2 == len(name) / 2


def test_without_a_seal_the_date_begins_two_characters_to_the_right_of_the_signature():
    for name in ("信访局", "云州市信访局", "云州市住房和城乡建设局信访工作处"):
        found = place(name, DAY, sealed=False)
        assert found.signatory + len(name) - (found.date + 7) == 2
        assert min(found.signatory, found.date) == 2


@given(st.text("局", max_size=60), st.booleans())
def test_no_indent_is_negative_or_leaves_the_line(name, sealed):
    found = place(name, DAY, sealed=sealed)
    assert 0 <= found.signatory <= 28
    assert 0 <= found.date <= 28
