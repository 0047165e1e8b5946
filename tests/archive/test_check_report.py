"""四性检测报告 on paper: what it says is what was found, and what only people can check is never called 合格."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.archive.checked import ON, Bench, a_copy, checked, office
from tests.judge import complaints
from tests.render.docxs import body_text
from tests.render.pdfs import fonts, once
from xfdocs.archive.checks.items import checklist
from xfdocs.archive.checks.model import By, Result
from xfdocs.archive.checks.reporting import LONGEST, MOST, NOTES, report_of
from xfdocs.document.model import Document, Table
from xfdocs.document.words import all_text
from xfdocs.production.engines import engine_of
from xfdocs.render.geometry import printed_text
from xfdocs.render.text import document_text


@pytest.fixture(scope="module", autouse=True)
def _faces() -> None:
    fonts()


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return checked(Bench().written(tmp_path_factory.mktemp("good")))


@pytest.fixture(scope="module")
def broken(good, tmp_path_factory):
    bag = a_copy(good.package, tmp_path_factory.mktemp("bad"), "一件坏的")
    for n in range(30):
        (bag / f"data/多出来的文件-{n:02}.txt").write_bytes(b"x")
    return checked(bag)


def rows(made: Document) -> list[list[str]]:
    """Every row of every table."""
    return [
        ["".join(part.text for part in cell.paragraphs) for cell in row.cells]
        for table in made.body
        if isinstance(table, Table)
        for row in table.rows
    ]


def test_a_report_on_one_package_tells_every_item(good):
    made = report_of([good], office(), on=ON)
    told = {row[0]: row for row in rows(made) if len(row) == 4 and row[0] in {c.id for c in good.checks}}
    assert told.keys() == {one.id for one in good.checks}
    for one in good.checks:
        if one.result is Result.PASS:
            assert told[one.id][2:] == [one.result.zh, one.detail]
    assert good.identity in all_text(made)
    assert ["检测时间", "2026-11-23 10:00", "程序检测的结论", "合格"] in rows(made)


def test_what_only_people_can_check_is_left_to_be_filled_in(good):
    made = report_of([good], office(), on=ON)
    for item in checklist().items:
        if item.by is By.PERSON:
            lines = [row for row in rows(made) if row[0] == item.id]
            assert [line[2:] for line in lines] == [["未检测", ""], [item.todo, ""]]
            assert not any("合格" in cell for line in lines for cell in line)


def test_a_report_on_many_names_those_in_trouble_and_counts_the_others(good, broken):
    made = report_of([good, broken, good], office(), on=ON)
    said = rows(made)
    assert ["信息包个数", "3", "合格", "2"] in said
    assert ["不合格", "1", "不能确定", "0"] in said
    (line,) = [row for row in said if row[0] == "一件坏的"]
    assert line[1] == "不合格"
    assert line[2].startswith("ZS-01 ")
    assert len(line[2]) <= LONGEST
    assert ["ZS-01", "固化信息有效性：内容文件的摘要", "1"] in said
    assert "另有" not in all_text(made).replace("另有 10 处", "")


def test_the_four_natures_add_up_to_every_item_of_every_package(good, broken):
    made = report_of([good, broken], office(), on=ON)
    natures = [row for row in rows(made) if row[0] in {"真实性", "完整性", "可用性", "安全性"}]
    assert sum(int(n) for row in natures for n in row[1:]) == 2 * len(checklist().items)


def test_of_very_many_in_trouble_the_first_are_named_and_the_rest_counted(broken):
    many = (replace(broken, package=Path(f"p{n:04}")) for n in range(MOST + 7))
    made = report_of(many, office(), on=ON)
    assert "另有 7 个没有列出" in all_text(made)
    assert sum(row[0].startswith("p0") for row in rows(made)) == MOST


def test_how_far_the_standard_was_read_is_told(good):
    said = all_text(report_of([good], office(), on=ON))
    assert all(note in said for note in NOTES)
    for item in checklist().items:
        if item.verified == "复原":
            assert f"{item.title}＊" in said


def test_a_report_on_nothing_is_a_slip():
    with pytest.raises(ValueError, match="nothing"):
        report_of([], office(), on=ON)


@pytest.mark.parametrize("which", ["one", "many"])
def test_pdf_and_docx_say_the_report_character_for_character(good, broken, which, tmp_path):
    found = [good] if which == "one" else [good, broken]
    made = report_of(found, office(), on=ON)
    pdf = engine_of(office(), "pdf").render(made)
    assert once(printed_text(pdf), made) == document_text(made)
    assert body_text(engine_of(office(), "docx").render(made)) == document_text(made)
    assert engine_of(office(), "pdf").render(report_of(found, office(), on=ON)) == pdf
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    assert complaints([file]) == {}
