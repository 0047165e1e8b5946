"""What was written of a package is what is read of it; and what does not agree with itself is not read at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.archive.metadata import EXAMPLES, packages, reading, several_volumes, whole_package
from xfdocs.archive import dat46, mets, model
from xfdocs.archive.inventory import as_inventory, inventory_of
from xfdocs.archive.metadata import described
from xfdocs.archive.model import Package
from xfdocs.archive.xml import NAMES, PARSER_OPTIONS, plain
from xfdocs.errors import MetadataBroken, TextUnwritable


@given(packages())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_what_was_written_of_any_package_is_what_is_read(package: Package):
    written = described(package)
    assert inventory_of(reading(written)) == as_inventory(written)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_what_was_written_of_an_example_is_what_is_read(example: Callable[[], Package]):
    written = described(example())
    assert inventory_of(reading(written)) == as_inventory(written)


def test_writing_twice_gives_the_same_bytes():
    assert described(several_volumes()) == described(several_volumes())


# --- text -------------------------------------------------------------------------------------------------


def test_text_in_order_is_left_as_the_same_object():
    package = several_volumes()
    assert plain(package) is package


def test_text_becomes_nfc_but_the_name_received_stays_as_it_was():
    decomposed = unicodedata.normalize("NFD", "café")
    package = whole_package(title=decomposed)
    record = replace(package.others[0], name=decomposed, note=decomposed)
    written = plain(replace(package, others=(record, *package.others[1:])))
    assert (written.title, written.others[0].note, written.others[0].name) == ("café", "café", decomposed)


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_what_xml_cannot_say_is_refused_with_its_place_and_without_the_text(bad: str):
    package = whole_package()
    volume = package.volumes[0]
    opinion = replace(volume.materials[0], remark=f"张三{bad}")
    package = replace(package, volumes=(replace(volume, materials=(opinion, *volume.materials[1:])),))
    with pytest.raises(TextUnwritable) as caught:
        described(package)
    said = str(caught.value)
    assert f"第1卷第1件的备注里有 XML 不能记载的字符（U+{ord(bad):04X}，第 3 个字符）" in said
    assert "张三" not in said


def test_no_text_of_a_package_is_forgotten_when_texts_are_looked_at():
    spoken = {"str", "PurePosixPath", "PurePosixPath | None"}
    kinds = [kind for kind in vars(model).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert len(kinds) == 6
    texts = {kind: {field.name for field in fields(kind) if field.type in spoken} for kind in kinds}
    assert {kind: set(names) for kind, names in NAMES.items()} == texts


# --- documents that disagree --------------------------------------------------------------------------------


def changed(package: Package, place: object, old: str, new: str) -> Callable[[str], bytes]:
    """The package as read with one text of one document changed."""
    read = reading(package)

    def with_change(path: str) -> bytes:
        data = read(path)
        if path != str(place):
            return data
        assert old in data.decode()
        return data.decode().replace(old, new, 1).encode()

    return with_change


@pytest.mark.parametrize(
    ("place", "old", "new", "said"),
    [
        (mets.PLACE, 'SIZE="16"', 'SIZE="17"', "大小是 17，而 dat46.xml 写的是 16"),
        (mets.PLACE, 'USE="document"', 'USE="editable"', "用途"),
        (mets.PLACE, 'MIMETYPE="image/jpeg"', 'MIMETYPE="image/png"', "媒体类型"),
        (mets.PLACE, "%E6%A1%88%E4%BB%B6%E8%AE%B0%E5%BD%95.xml", "x.xml", "只登记在"),
        (mets.PLACE, "%E6%A1%88%E4%BB%B6%E8%AE%B0%E5%BD%95.xml", "../../x.xml", "读不懂"),
        (mets.PLACE, "%E6%A1%88", "%FF%FF", "读不懂"),
        (
            mets.PLACE,
            'xlink:href="index.html"',
            'xlink:href="documentation/%E8%AF%B4%E6%98%8E.txt"',
            "登记了两次",
        ),
        (mets.PLACE, "metadata/preservation/premis.xml", "metadata/preservation/other.xml", "没有登记"),
        (mets.PLACE, 'SIZE="16"', 'SIZE="many"', "不合结构"),
        (mets.PLACE, "</mets>", "", "不是完好的 XML"),
        (dat46.PLACE, "<摘要>", "<摘要>0", "不合结构"),
        (dat46.PLACE, 'V001-00001" 上级="V001"', 'V001-00001" 上级="V009"', "不合结构"),
        (dat46.PLACE, "<归档时间>2026", "<归档时间>", "不合结构"),
        (dat46.PLACE, "<计算机文件名>index.html", "<计算机文件名>/index.html", "内容前后不合"),
    ],
)
def test_metadata_that_do_not_agree_are_not_read(place: object, old: str, new: str, said: str):
    package = described(whole_package())
    assert inventory_of(reading(package))
    with pytest.raises(MetadataBroken, match=re.escape(said)):
        inventory_of(changed(package, place, old, new))


def test_no_entity_is_expanded_and_no_dtd_is_taken():
    bomb = '<!DOCTYPE x [<!ENTITY a "boom">]>\n'
    root = etree.fromstring(f"{bomb}<x>&a;</x>", etree.XMLParser(**PARSER_OPTIONS))
    assert root.text is None
    package = described(whole_package())
    for place, start in ((mets.PLACE, "<mets "), (dat46.PLACE, "<电子文件元数据 ")):
        with pytest.raises(MetadataBroken, match="带有 DTD"):
            inventory_of(changed(package, place, start, bomb + start))


def test_what_is_wrong_is_told_by_its_line_not_by_what_is_written_there():
    package = described(whole_package())
    with pytest.raises(MetadataBroken, match=r"第 \d+ 行不合结构") as caught:
        inventory_of(changed(package, dat46.PLACE, "<日期>2026-05-06", "<日期>张三"))
    assert "张三" not in str(caught.value)


def test_a_package_is_described_once():
    with pytest.raises(ValueError, match="described already"):
        described(described(whole_package()))
