"""The DA/T 46 document: valid against our schema, and what an archivist looks for stands where it is looked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.archive.metadata import EXAMPLES, RARE, one_item, packages, several_volumes, whole_package
from xfdocs.archive import dat46
from xfdocs.archive.metadata import described, schema
from xfdocs.archive.model import Package
from xfdocs.resources import shipped

D = f"{{{dat46.NAMESPACE}}}"
XS = "{http://www.w3.org/2001/XMLSchema}"


def root_of(package: Package) -> etree._Element:
    root = etree.fromstring(dat46.dat46_xml(package))
    schema("dat46.xsd").assertValid(root)
    return root


def entities(package: Package, level: str) -> list[etree._Element]:
    found = root_of(package).iterfind(f"{D}文件实体")
    return [node for node in found if node.findtext(f"{D}聚合层次") == level]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_example_is_valid(example: Callable[[], Package]):
    root_of(example())
    root_of(described(example()))


@given(packages())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_package_is_valid(package: Package):
    root_of(package)


def test_a_volume_and_its_materials_each_bear_their_number():
    package = several_volumes()
    volumes, materials = entities(package, "案卷"), entities(package, "文件")
    numbers = [node.findtext(f"{D}档号/{D}完整档号") for node in (*volumes, *materials)]
    assert numbers == [
        *(volume.number for volume in package.volumes),
        *(volume.named(one) for volume in package.volumes for one in volume.materials),
    ]
    assert {node.get("上级") for node in materials} == {node.get("标识符") for node in volumes}
    assert [node.findtext(f"{D}档号/{D}室编案卷号") for node in volumes] == ["0001", "0002"]


def test_the_whole_case_as_one_item_is_called_so():
    (item,) = entities(one_item(), "件")
    number = item.find(f"{D}档号")
    assert number.findtext(f"{D}室编件号") == "0012"
    assert number.find(f"{D}室编案卷号") is None
    assert number.findtext(f"{D}保管期限") == "永久"


@pytest.mark.parametrize(
    ("code", "words"), [("Y", "永久"), ("D30", "30年"), ("D10", "10年"), ("长期", "长期"), ("D", "D")]
)
def test_a_retention_code_is_told_in_words(code: str, words: str):
    assert dat46.retention_words(code) == words


def test_pages_that_nobody_can_count_are_not_told():
    opinion, envelope, drawing = entities(whole_package(), "文件")
    told = [node.findtext(f"{D}形式特征/{D}页数") for node in (opinion, envelope, drawing)]
    assert told == ["2", "1", None]
    (volume,) = entities(whole_package(), "案卷")
    assert volume.find(f"{D}形式特征/{D}页数") is None


def test_markup_and_rare_characters_are_text():
    titles = {node.findtext(f"{D}内容描述/{D}题名") for node in entities(several_volumes(), "文件")}
    assert RARE in titles


def test_no_element_is_empty():
    for node in root_of(several_volumes()).iter():
        assert len(node) or node.text, node.tag


def test_the_schema_says_what_is_not_verified_and_allows_nothing_undescribed():
    text = shipped("schemas", "archive", "dat46.xsd").read_text("utf-8")
    assert text.count("未核实") >= 4
    names = {node.get("name") for node in etree.fromstring(text.encode()).iter(f"{XS}element")}
    used = {etree.QName(node).localname for node in root_of(described(several_volumes())).iter()}
    assert used <= names
    assert not list(etree.fromstring(text.encode()).iter(f"{XS}any", f"{XS}anyAttribute"))
