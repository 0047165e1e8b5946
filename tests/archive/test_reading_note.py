"""The note for whoever has neither this program nor a browser."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.archive.packages import a_package
from tests.samples.corpus import cases, office
from xfdocs.archive.model import Model
from xfdocs.archive.page import index_html, reading_note


def text(package=None):
    return reading_note(package or a_package()).decode("utf-8-sig").replace("\r\n", "\n")


def test_notepad_of_any_age_shows_it():
    data = reading_note(a_package())
    assert data[:3] == b"\xef\xbb\xbf"
    assert data.decode("utf-8-sig").startswith("归档信息包说明")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert data.endswith(b"\r\n")
    assert not data.endswith(b"\r\n\r\n")


def test_it_says_what_the_package_is_and_names_every_file_with_what_it_is_for():
    package = a_package()
    said = text(package)
    for value in (package.number, package.title, package.fonds, package.organ, package.case, "30年"):
        assert value in said
    for part in package.parts():
        assert len(re.findall(rf"^ +data/{re.escape(str(part.path))}（", said, re.MULTILINE)) == 1
    for material in package.volumes[0].materials:
        assert f"{material.seq:03}  {material.title}" in said
    assert "只有纸质，没有电子文件" in said


def test_it_tells_of_versions_and_secrecy_where_there_are_any():
    plain, other = text(), text(a_package(version=2, predecessor="cd" * 32, secrecy="机密"))
    assert "前一版" not in plain
    assert "密级" not in plain
    assert f"前一版    {'cd' * 32}\n" in other
    assert "密级      机密\n" in other
    assert "文件目录\n" in text(a_package(model=Model.ITEM))


def test_it_says_what_nobody_has_verified():
    said = text().partition("没有核实的")[2]
    for word in ("病毒", "载体", "证书", "保管期限", "DA/T 46", "页数待查"):
        assert word in said
    package = a_package()
    counted = replace(package.volumes[0], materials=package.volumes[0].materials[:2])
    assert "页数待查" not in text(a_package(volumes=(counted,)))


def test_it_gives_the_same_commands_as_the_page():
    case = cases()[0]
    page = index_html(a_package(), case, office()).decode()
    for tool in ("sha256sum", "shasum", "certutil"):
        (command,) = re.findall(rf"^ +({tool} .*)$", text(), re.MULTILINE)
        assert f"<code>{command}</code>" in page
    for line in re.findall(r"^    (foreach .*\n(?:.*\n){3})", text(), re.MULTILINE)[0].splitlines():
        assert line.strip().replace('"', "&#34;") in page or line.strip() in page


def test_lines_are_short_enough_for_a_screen_of_80_columns_where_they_are_ours():
    for line in text().splitlines():
        if line and line[0] != " " and "J021" not in line and not line.startswith(("tag", "前一版")):
            assert sum(2 if ord(c) > 0x2000 else 1 for c in line) <= 84, line


def test_a_value_begins_no_line_of_its_own_and_hides_nothing():
    package = a_package()
    one = replace(package.volumes[0].materials[0], title="甲\n\n没有核实的\r乙\u2028丙\u202e丁")
    said = text(a_package(volumes=(replace(package.volumes[0], materials=(one,)),)))
    assert re.findall("^没有核实的$", said, re.MULTILINE) == ["没有核实的"]
    assert "甲  没有核实的\\r乙\\u2028丙\\u202e丁" in said


def test_the_same_package_makes_the_same_bytes():
    assert reading_note(a_package()) == reading_note(a_package())


def test_a_mark_of_html_stays_what_it_is():
    assert "<b>&题" in text(a_package(title="<b>&题"))
