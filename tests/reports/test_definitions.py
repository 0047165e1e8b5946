"""Definitions: what is shipped can be counted, and what makes no sense is refused before anything is counted."""

from __future__ import annotations

import re

import pytest

from tests.reports.desks import office_with
from xfdocs.errors import DefinitionInvalid, OfficeInvalid
from xfdocs.reports.definitions import How, measures_of
from xfdocs.reports.forms import forms_of
from xfdocs.reports.populations import populations
from xfdocs.reports.targets import targets_of
from xfdocs.resources import shipped

GOOD = """
["试"]
name = "试"
of = "信访件"
window = "登记日期"
where = { "形式" = "来信" }
source = "自定"
verified = false
"""


def own(tmp_path, text):
    return office_with(tmp_path, {"indicators/own.toml": text})


def test_an_office_adds_a_definition_of_its_own(tmp_path):
    measure = measures_of(own(tmp_path, GOOD))["试"]
    assert measure.how is How.COUNT
    assert measure.words == "试：信访件中，登记日期在统计期内、形式为“来信”的，计件数。"


def test_an_offices_definition_takes_the_place_of_the_shipped_one(tmp_path):
    measure = measures_of(own(tmp_path, GOOD.replace('"试"]', '"收件"]').replace('"试"\n', '"本局收件"\n')))[
        "收件"
    ]
    assert measure.name == "本局收件"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"形式"', '"形势"', "“形势”不是“信访件”的项目。是不是：形式"),
        ('"来信"', '"书信"', "“形式”没有“书信”。是不是“来信”"),
        ("登记日期", "登记日", "“登记日”不是“信访件”的日期项目。是不是：登记日期"),
        ("登记日期", "形式", "“形式”不是“信访件”的日期项目"),
        ('of = "信访件"', 'of = "案件"', "of 应为“信访件”"),
        ('{ "形式" = "来信" }', '{ "匿名" = "是" }', "“匿名”应为 true 或者 false"),
        ('{ "形式" = "来信" }', '{ "人数" = "五" }', "“人数”是数，应写作"),
        ('{ "形式" = "来信" }', '{ "受理日期" = "2026-01-01" }', "“受理日期”是日期，不能用作条件"),
        ("verified = false", 'verified = false\nhow = "比率"', "比率要写明分子"),
        ("verified = false", "", "缺少 verified"),
        ("verified = false", "verified = false\ncolour = 1", "不认识的项目：colour"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused_with_its_place(tmp_path, old, new, said):
    with pytest.raises(DefinitionInvalid) as caught:
        measures_of(own(tmp_path, GOOD.replace(old, new, 1)))
    assert said in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_a_product_is_of_rates_only(tmp_path):
    text = '[X]\nname = "x"\nhow = "连乘"\nof = ["I01", "收件"]\nsource = "自定"\nverified = false\n'
    with pytest.raises(DefinitionInvalid, match="连乘的“收件”不是已有的比率"):
        measures_of(own(tmp_path, text))


@pytest.mark.parametrize("slug", sorted(p.stem for p in shipped("schemas", "reports").glob("*.toml")))
def test_every_table_of_every_report_can_be_counted(tmp_path, slug):
    forms = forms_of(office_with(tmp_path), slug)
    assert forms
    for form in forms.values():
        assert form.rates or form.counted


def test_every_shipped_definition_says_where_it_comes_from_and_variants_are_definitions(tmp_path):
    measures = measures_of(office_with(tmp_path))
    assert {
        "I01",
        "I02",
        "I03",
        "I05",
        "I06",
        "I07",
        "I08",
        "I09",
        "I10",
        "I14",
        "I16",
        "I17",
        "I22",
        "I24",
    } <= set(measures)
    assert all(len(measure.source) > 5 for measure in measures.values())
    assert measures["I06"].how is How.PRODUCT
    assert "I04-信访部门" in measures


def test_no_definition_counts_what_somebody_petitions_against_them(tmp_path):
    """DESIGN §9: nothing that rewards fewer petitions, or labels people."""
    barred = re.compile("越级|进京|赴省|非访|缠访|闹访|重点人员|稳控|劝返|失信|三无")
    for measure in measures_of(office_with(tmp_path)).values():
        assert not barred.search(measure.name + measure.words), measure.id
        counts_petitions = measure.how in {How.COUNT, How.SUM} and measure.population == "信访件"
        assert not (counts_petitions and measure.upwards is not None), measure.id


def test_a_number_of_matters_is_never_good_or_bad(tmp_path):
    for measure in measures_of(office_with(tmp_path)).values():
        if measure.how is How.COUNT:
            assert measure.upwards is None, measure.id


def test_a_target_without_a_number_is_told_and_not_compared_with(tmp_path):
    office = office_with(tmp_path, settings='[reports.targets]\nI03 = ">=100%"\nI10 = "高于全省平均"\n')
    targets = targets_of(office)
    assert targets["I03"].words == "不低于100%"
    assert targets["I03"].met(1) is True
    assert targets["I10"].met(1) is None
    assert "没有数值，不作比较" in targets["I10"].note


def test_a_target_for_an_indicator_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(OfficeInvalid, match="没有“I99”这个指标"):
        targets_of(office_with(tmp_path, settings='[reports.targets]\nI99 = ">=1"\n'))


def test_fields_have_the_names_a_statistician_uses():
    for population in populations().values():
        assert {"登记日期", "形式", "责任单位"} <= set(population.fields)
