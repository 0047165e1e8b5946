"""DA/T 48: whoever decodes a 封装包 by the standard's own words gets every file back byte for byte."""

from __future__ import annotations

import base64
import hashlib
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.archive.metadata import (
    EXAMPLES,
    RARE,
    one_item,
    opening,
    packages,
    reading,
    several_volumes,
    whole_package,
)
from tests.archive.packages import a_part
from xfdocs.archive import eep
from xfdocs.archive.inventory import inventory_of
from xfdocs.archive.metadata import described, schema
from xfdocs.archive.model import Package, Part, Role
from xfdocs.errors import PartChanged, TextUnwritable

E = f"{{{eep.NAMESPACE}}}"


def written(package: Package) -> bytes:
    out = io.BytesIO()
    eep.write_eep(package, opening(package), out)
    return out.getvalue()


def root_of(package: Package) -> etree._Element:
    root = etree.fromstring(written(package), etree.XMLParser(huge_tree=True))
    schema("eep.xsd").assertValid(root)
    return root


def decoded(root: etree._Element) -> dict[str, bytes]:
    """计算机文件名 → the bytes of 编码数据, by RFC 2045 as 编码描述 says."""
    return {
        node.findtext(f"{E}电子属性/{E}计算机文件名"): base64.b64decode(
            node.findtext(f"{E}编码数据"), validate=True
        )
        for node in root.iter(f"{E}编码")
    }


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_file_comes_out_byte_for_byte(example: Callable[[], Package]):
    package = described(example())
    assert decoded(root_of(package)) == {str(part.path): part.source for part in package.parts()}


@given(packages())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_every_file_of_any_package_comes_out(package: Package):
    package = described(package)
    assert decoded(root_of(package)) == {str(part.path): part.source for part in package.parts()}


def test_what_was_read_back_makes_the_same_capsule():
    package = described(several_volumes())
    out = io.BytesIO()
    eep.write_eep(inventory_of(reading(package)), opening(package), out)
    assert out.getvalue() == written(package)


def test_the_frame_is_what_the_standard_fixes():
    root = root_of(whole_package())
    assert [etree.QName(node).localname for node in root] == ["封装包格式描述", "版本", "被签名对象"]
    assert root[0].text == "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成"
    assert root[1].text == root[2].get("eep版本") == "2009"
    assert [etree.QName(node).localname for node in root[2]] == [
        "封装包类型", "封装包类型描述", "封装包创建时间", "封装包创建单位", "封装内容",
    ]  # fmt: skip
    assert root[2][0].text == "原始型"
    assert [etree.QName(node).localname for node in root[2][4]] == [
        "文件实体块",
        "业务实体块",
        "机构人员实体块",
    ]
    assert root.findtext(f".//{E}聚合层次") == "文件"


def test_the_number_is_told_whole_and_in_parts():
    number = root_of(several_volumes()).find(f".//{E}档号")
    assert number.text == "J021-ZY·XF·01·2026·D30-0001"
    assert [(etree.QName(node).localname, node.text) for node in number] == [
        ("全宗号", "J021"), ("年度", "2026"), ("保管期限", "30年"), ("室编案卷号", "0001、0002"), ("室编件号", "1"),
    ]  # fmt: skip
    item = root_of(one_item()).find(f".//{E}档号")
    assert item.findtext(f"{E}室编件号") == "12"
    assert item.find(f"{E}室编案卷号") is None


def test_paper_and_predecessor_are_told_in_notes():
    notes = [node.text for node in root_of(several_volumes()).iter(f"{E}附注")]
    assert "第1卷第3件“现场图”只有纸质，没有封装" in notes
    assert notes[-1].endswith("ab" * 32)


def test_what_was_done_names_who_did_it_and_when():
    root = root_of(several_volumes())
    agents = {
        node.findtext(f"{E}机构人员标识符"): node.findtext(f"{E}机构人员名称")
        for node in root.iter(f"{E}机构人员实体")
    }
    deeds = [
        (
            node.findtext(f"{E}业务行为"),
            agents[node.findtext(f"{E}机构人员标识符")],
            node.findtext(f"{E}行为时间"),
        )
        for node in root.iter(f"{E}业务实体")
    ]
    assert deeds == [
        ("形成", "云州市住房和城乡建设局", "2026-05-06"),
        ("形成", "云州市住房和城乡建设局", "2026-05-06"),
        ("计算数字摘要", "xfdocs 0.1.0", "2026-11-20T09:30:00+08:00"),
        ("转换格式", "云州市信访局", "2026-11-20T09:30:00+08:00"),
        ("归档", "云州市信访局", "2026-11-20T09:30:00+08:00"),
    ]
    assert {node.text for node in root.iter(f"{E}文件标识符")} == {root.findtext(f".//{E}电子文件号")}


def test_secrecy_is_never_invented():
    assert root_of(whole_package()).findtext(f".//{E}密级") == ""
    assert root_of(several_volumes()).findtext(f".//{E}密级") == "机密★10年"


def test_markup_and_carriage_returns_are_text():
    title = f"{RARE}\r\n第二行"
    root = root_of(whole_package(title=title))
    assert root.findtext(f".//{E}内容描述/{E}题名") == title


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 0pinion", "SHA-256 不同"),
        (b"%PDF-1.7 opinion and more", "应为 16 字节，读到 25 字节"),
        (b"", "应为 16 字节，读到 0 字节"),
    ],
)
def test_a_file_that_is_not_what_it_was_makes_no_capsule(data: bytes, said: str):
    package = whole_package()
    changed = package.volumes[0].materials[0].parts[0].path
    right = opening(package)
    with pytest.raises(PartChanged, match=f"云建信答字.*{said}"):
        eep.write_eep(
            package, lambda path: io.BytesIO(data) if path == changed else right(path), io.BytesIO()
        )


def test_text_that_cannot_be_written_is_refused_before_a_byte_is():
    out = io.BytesIO()
    with pytest.raises(TextUnwritable, match="题名"):
        eep.write_eep(whole_package(title="a\x01"), opening(whole_package()), out)
    assert out.getvalue() == b""


class Stutter(io.BytesIO):
    """A source that gives what it likes, never what it was asked for."""

    _next = -1

    def read(self, size: int | None = -1) -> bytes:
        self._next = (self._next + 1) % 5
        return super().read((7, 9, 1, 3, 2)[self._next])


def test_pieces_of_any_length_join_without_a_seam():
    data = bytes(range(256)) * 3
    package = whole_package(others=(a_part("index.html", data, Role.PAGE),))
    out = io.BytesIO()
    eep.write_eep(package, lambda path: Stutter(reading(package)(str(path))), out)
    assert decoded(etree.fromstring(out.getvalue()))["index.html"] == data


class Zeros(io.RawIOBase):
    """So many zero bytes, made while they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        given = min(size, self._left)
        self._left -= given
        return bytes(given)


class Counting(io.RawIOBase):
    """Takes everything, keeps the number."""

    size = 0

    def write(self, data: object) -> int:
        self.size += len(data)  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]


def test_a_big_file_passes_in_pieces():
    size = 64 << 20
    digest = hashlib.sha256()
    for _ in range(64):
        digest.update(bytes(1 << 20))
    place = PurePosixPath("representations/original/data/附件/大.zip")
    big = Part(path=place, source=Path("大.zip"), role=Role.ATTACHMENT, format=whole_package().others[0].format, size=size,
               sha256=digest.hexdigest())  # fmt: skip
    package = whole_package()
    right, out = opening(package), Counting()
    tracemalloc.start()
    try:
        eep.write_eep(
            replace(package, others=(*package.others, big)),
            lambda path: Zeros(size) if path == place else right(path),  # type: ignore[arg-type, return-value]
            out,  # type: ignore[arg-type]
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert out.size > size * 4 // 3
    assert peak < 16 << 20
