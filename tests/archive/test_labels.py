"""封面, 目录, 备考表, 归档章, 盒脊 and the forms of the archive: what they say, how large they are, what they never say."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from tests.archive.packages import a_package, a_part
from tests.judge import complaints
from tests.libreoffice import convert
from tests.render.docxs import body_text
from tests.render.examples import EXAMPLES
from tests.render.pdfs import current, fonts, once
from tests.render.pdfs import pages as example_pages
from tests.render.pdfs import pdf as example_pdf
from tests.samples.corpus import office
from xfdocs.archive.entries import entry_of, retention_text
from xfdocs.archive.label_names import CHECKS, FACTS, NAMES, UNCHECKED, names_of_volume
from xfdocs.archive.labels import FOLDER, LABELS, label_document, labels_of, list_document
from xfdocs.archive.model import Action, Material, Model, Package, Role
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.language import make_environment
from xfdocs.document.model import Document, Table
from xfdocs.document.words import all_text
from xfdocs.pdf_by import PdfBy
from xfdocs.production.engines import engine_of, pdf_engine_of
from xfdocs.render.geometry import PageGeometry, measure, printed_text
from xfdocs.render.text import document_text

pytestmark = pytest.mark.usefixtures("each_engine")

CHECK_REPORT = "archive-check-report"
"""Tells of what was checked, not of a volume: tests/archive/test_check_report.py."""
KINDS = sorted(
    slug for slug, kind in catalogue_of(office()).kinds.items() if kind.call.archive and slug != CHECK_REPORT
)
ONE_PAGE = ("case-cover", "archive-stamp", "box-spine")
RARE = "𠀀𠮷𪚥"
LONG = (
    "关于云州市东湖区和平路小区" + RARE + "等住户反映供暖温度长期不达标、物业服务企业擅自提高收费标准问题的"
) * 3


@pytest.fixture(scope="module", autouse=True)
def _faces() -> None:
    fonts()


def filed_as_item() -> Package:
    package = a_package()
    number = "J021-WS·2026-D30-XFK-0012"
    return replace(
        package, model=Model.ITEM, category="WS", volumes=(replace(package.volumes[0], number=number),)
    )


def thick() -> Package:
    """Fifteen volumes of forty materials, everything with long names and rare characters."""
    package = a_package()
    volume = package.volumes[0]
    materials = tuple(
        replace(
            volume.materials[n % 3], seq=n + 1, title=LONG[:120] if n % 9 == 0 else f"{RARE}材料之{n + 1}", pages=2,
            first_page=2 * n + 1,
        )
        for n in range(40)
    )  # fmt: skip
    volumes = tuple(
        replace(volume, seq=n, number=f"J021-ZY·XF·01·2026·D30-{n:04}", title=LONG[:120], materials=materials)
        for n in range(1, 16)
    )
    organ = "云州市东湖区人力资源和社会保障局劳动保障监察大队信访室"
    return a_package(volumes=volumes, title=LONG[:120], organ=organ, fonds_name=organ)


PACKAGES = {"volume": a_package, "item": filed_as_item, "thick": thick}


@cache
def document(slug: str, which: str) -> Document:
    package = PACKAGES[which]()
    return label_document(slug, package, package.volumes[0], office())


def rendered(slug: str, which: str) -> bytes:
    return _rendered(slug, which, current())


@cache
def _rendered(slug: str, which: str, by: PdfBy) -> bytes:
    return pdf_engine_of(office(), by).render(document(slug, which))


def rows(made: Document, table: int = 0) -> list[list[str]]:
    """The texts of a table's cells, head rows left out."""
    found = [block for block in made.body if isinstance(block, Table)][table]
    return [
        ["".join(part.text for part in cell.paragraphs) for cell in row.cells]
        for row in found.rows
        if not row.head
    ]


each = pytest.mark.parametrize(("slug", "which"), [(slug, which) for slug in KINDS for which in PACKAGES])


# --- on paper -------------------------------------------------------------------------------------------


@each
def test_pdf_and_docx_say_the_document_character_for_character(slug, which):
    made = document(slug, which)
    assert once(printed_text(rendered(slug, which)), made) == document_text(made)
    assert body_text(engine_of(office(), "docx").render(made)) == document_text(made)


def test_every_label_is_pdf_a(tmp_path):
    files = []
    for slug in KINDS:
        for which in PACKAGES:
            files.append(tmp_path / f"{slug}-{which}.pdf")
            files[-1].write_bytes(rendered(slug, which))
    assert complaints(files) == {}


@pytest.mark.parametrize("slug", ONE_PAGE)
@pytest.mark.parametrize("which", PACKAGES)
def test_covers_and_labels_stay_on_one_page_however_long_their_words(slug, which):
    assert len(measure(rendered(slug, which))) == 1


def test_word_processors_keep_them_on_one_page_too_and_as_large(tmp_path):
    files = []
    for slug in ONE_PAGE:
        files.append(tmp_path / f"{slug}.docx")
        files[-1].write_bytes(engine_of(office(), "docx").render(document(slug, "thick")))
    pages = {path.stem: measure(path.read_bytes()) for path in convert(files, tmp_path / "pdf")}
    assert {name: len(found) for name, found in pages.items()} == dict.fromkeys(ONE_PAGE, 1)
    for name, (page,) in pages.items():
        ours = table_box(measure(rendered(name, "thick"))[0])
        theirs = table_box(page)
        assert theirs[0] == pytest.approx(ours[0], abs=1), name
        assert theirs[1] == pytest.approx(ours[1], abs=1), name


def table_box(page: PageGeometry) -> tuple[float, float]:
    """Width and height of the first table on a page, its ruler below left out."""
    ruler = [line.baseline for line in page.lines if line.text.strip().startswith("打印时选")]
    found = [rule for rule in page.rules if not ruler or rule.bottom < ruler[0]]
    return (
        max(rule.right for rule in found) - min(rule.left for rule in found),
        max(rule.bottom for rule in found) - min(rule.top for rule in found),
    )


def test_a_stamp_is_as_large_as_the_stamp():
    across, down = table_box(measure(rendered("archive-stamp", "thick"))[0])
    assert (across, down) == (pytest.approx(45, abs=1), pytest.approx(16, abs=1))


@pytest.mark.parametrize("width", [20, 30, 40, 50])
def test_a_spine_is_as_wide_as_the_box(width):
    package = thick()
    made = label_document("box-spine", package, package.volumes[0], office(), 盒脊宽=width, 盒号="12")
    page = measure(pdf_engine_of(office(), current()).render(made))[0]
    assert table_box(page) == (pytest.approx(width, abs=1), pytest.approx(180, abs=1))


def test_the_head_of_a_catalogue_stands_on_every_page():
    pages = measure(rendered("volume-catalogue", "thick"))
    assert len(pages) > 3
    for page in pages:
        assert "序号档号文号责任者题名日期密级页数页号备注" in page.text


# --- pages (R40) ----------------------------------------------------------------------------------------


def with_rendered_pages() -> tuple[Package, list[int]]:
    """A package whose documents are rendered here, their pages counted in the files themselves."""
    names = ("notice-five-pages", "notice", "letter-long", "form")
    counts = [len(example_pages(name)) for name in names]
    materials = tuple(
        Material(
            seq=seq, title=EXAMPLES[name].title, group="other", pages=counts[seq - 1],
            first_page=1 + sum(counts[: seq - 1]),
            parts=(a_part(f"representations/original/data/文书/{seq:02}.pdf", example_pdf(name), Role.DOCUMENT),),
        )
        for seq, name in enumerate(names, 1)
    )  # fmt: skip
    package = a_package()
    return replace(package, volumes=(replace(package.volumes[0], materials=materials),)), counts


def test_pages_printed_are_the_pages_of_the_files():
    package, counts = with_rendered_pages()
    volume = package.volumes[0]
    assert max(counts) > 3
    for part, count in zip(package.parts(), counts, strict=False):
        assert isinstance(part.source, bytes)
        assert len(measure(part.source)) == count
    *lines, total = rows(label_document("volume-catalogue", package, volume, office()))
    assert [line[7] for line in lines] == [*map(str, counts)]
    assert total[3] == str(sum(counts))
    firsts = [1 + sum(counts[:n]) for n in range(len(counts))]
    last = firsts[-1] if counts[-1] == 1 else f"{firsts[-1]}—{sum(counts)}"
    assert [line[8] for line in lines] == [*map(str, firsts[:-1]), str(last)]
    stamp = rows(label_document("archive-stamp", package, volume, office()))
    assert stamp[1] == ["云州市信访局", "30年", str(sum(counts))]
    assert f"{sum(counts)}页" in all_text(label_document("case-cover", package, volume, office()))
    assert f"共4份文件，{sum(counts)}页；封面、目录、备考表不编页号，不计入页数" in all_text(
        label_document("reference-sheet", package, volume, office())
    )


def test_pages_nobody_could_count_are_left_to_be_written_by_hand_and_told():
    catalogue = rows(document("volume-catalogue", "volume"))
    assert [line[7] for line in catalogue[:-1]] == ["2", "1", ""]
    assert catalogue[-1][-1] == "已计3页", "no total is printed as if it were one"
    assert rows(document("archive-stamp", "volume"))[1][2] == ""
    said = all_text(document("reference-sheet", "volume"))
    assert "其中1份页数不清，其余3页" in said
    assert "第3份“现场图”的页数程序数不清" in said
    assert "第3份“现场图”只有纸质，没有电子文件" in said


def test_a_reference_sheet_tells_what_was_found():
    package = a_package(
        version=2,
        predecessor="ab" * 32,
        actions=(
            Action(
                kind="validation", at=a_package().made, outcome="warning", detail="1 个文件的扩展名不符", agent="x"
            ),
            Action(kind="capture", at=a_package().made, outcome="success", detail="顺利", agent="x"),
        ),
    )  # fmt: skip
    volume = package.volumes[0]
    envelope = volume.materials[1]
    lying = replace(envelope, parts=(replace(envelope.parts[0], note="扩展名是 .jpg，内容是 PDF。"),))
    volume = replace(volume, materials=(volume.materials[0], lying, volume.materials[2]))
    package = replace(package, volumes=(volume, replace(volume, seq=2)))
    said = all_text(label_document("reference-sheet", package, volume, office(), 说明=["信封破损。"]))
    assert "第2份“信封”的电子文件“信封 .JPG”：扩展名是 .jpg，内容是 PDF。" in said
    assert "1 个文件的扩展名不符" in said
    assert "顺利" not in said
    assert "共2卷，此为第1卷" in said
    assert f"此为第2版，前一版的校验值（SHA-256）为{'ab' * 32}" in said
    assert "信封破损。" in said


def test_several_of_one_sort_are_told_in_one_sentence():
    said = all_text(document("reference-sheet", "thick"))
    assert len(re.findall("只有纸质", said)) == 1
    assert "第3、6、9、12、15" in said


# --- what they say --------------------------------------------------------------------------------------


def test_a_catalogue_has_the_columns_of_the_standard():
    table = next(block for block in document("volume-catalogue", "volume").body if isinstance(block, Table))
    heads = [cell.paragraphs[0].text for cell in table.rows[0].cells]
    assert [head for head in heads if head != "页号"] == [
        "序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注",
    ]  # fmt: skip
    assert rows(document("volume-catalogue", "volume"))[0] == [
        "1", "J021-ZY·XF·01·2026·D30-0001-001", "云建信答字〔2026〕3号", "云州市住房和城乡建设局", "信访事项处理意见书",
        "20260506", "", "2", "1", "",
    ]  # fmt: skip


def test_a_case_filed_as_one_item_has_a_catalogue_of_items():
    made = document("volume-catalogue", "item")
    assert made.title == "归档文件目录"
    first, label, *inside = rows(made)
    assert first[1] == "J021-WS·2026-D30-XFK-0012"
    assert label == ["件内文件"]
    assert [line[4] for line in inside[:3]] == ["信访事项处理意见书", "信封", "现场图"]
    assert rows(document("archive-stamp", "item"))[0] == ["J021", "2026", "0012"]


@pytest.mark.parametrize(
    ("code", "text"), [("Y", "永久"), ("D30", "30年"), ("D10", "10年"), ("DX", "DX"), ("短期", "短期")]
)
def test_a_retention_is_said_in_words_and_an_unknown_code_as_it_is(code, text):
    assert retention_text(code) == text


def test_a_destruction_list_asks_for_an_approval_and_two_witnesses_and_deletes_nothing():
    said = all_text(document("destruction-list", "volume"))
    for place in ("单位负责人批准", "监销人（一）", "监销人（二）", "程序不删除任何归档信息包"):
        assert place in said


def test_no_check_is_called_good_that_nobody_made():
    assert [row for row in rows(document("electronic-registration", "volume")) if row[-1] == UNCHECKED] == [
        [row[0], UNCHECKED]
        for row in rows(document("electronic-registration", "volume"))[5 : 5 + len(CHECKS)]
    ]
    package = a_package()
    made = label_document(
        "electronic-registration", package, package.volumes[0], office(), 检验={"真实性": "通过"}
    )
    assert [row[-1] for row in rows(made)[5:12]].count("通过") == 1
    for slug in KINDS:
        assert "合格" not in all_text(document(slug, "volume"))


def test_a_list_of_several_packages_adds_them_up():
    package, _ = with_rendered_pages()
    entries = [entry_of(package), entry_of(thick()), entry_of(a_package())]
    made = list_document(
        "transfer-list", entries, office(), about="2026", day=package.made.date(), 接收单位="云州市档案馆"
    )
    said = all_text(made)
    assert "云州市档案馆" in said
    total = sum(entry.pages or 0 for entry in entries)
    assert f"{total}（另有1案页数不清）" in said
    assert f"{sum(entry.volumes for entry in entries)}卷，{sum(entry.items for entry in entries)}件" in said
    assert [line[0] for line in rows(made, 1)] == ["1", "2", "3"]
    assert rows(made, 1)[1][1] == "J021-ZY·XF·01·2026·D30-0001—0015"


# --- files ----------------------------------------------------------------------------------------------


def test_every_volume_gets_its_labels_in_both_formats():
    package = a_package()
    volumes = (package.volumes[0], replace(package.volumes[0], seq=2, number="J021-ZY·XF·01·2026·D30-0002"))
    parts = labels_of(replace(package, volumes=volumes), office())
    assert [str(part.path.relative_to(FOLDER)) for part in parts] == [
        f"{seq:02}-{name}.{suffix}"
        for seq in (1, 2)
        for name in LABELS.values()
        for suffix in ("pdf", "docx")
    ]
    for part in parts:
        assert isinstance(part.source, bytes)
        assert part.role is Role.CATALOGUE
        assert (part.size, part.sha256) == (len(part.source), hashlib.sha256(part.source).hexdigest())
        magic = b"%PDF" if part.path.suffix == ".pdf" else b"PK"
        assert part.source.startswith(magic)
    copies = {part.path: part.copy_of for part in parts}
    assert all((copy_of is None) == (path.suffix == ".pdf") for path, copy_of in copies.items())
    assert all(copy_of in copies and copy_of.stem == path.stem for path, copy_of in copies.items() if copy_of)


def test_who_files_by_item_gets_a_catalogue_of_items_among_the_files():
    names = {part.path.stem for part in labels_of(filed_as_item(), office())}
    assert "01-归档文件目录" in names
    assert "01-卷内目录" not in names


def test_the_same_package_gives_the_same_bytes_in_another_process():
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.archive.packages import a_package\n"
        "from tests.samples.corpus import office\n"
        "from xfdocs.archive.labels import labels_of\n"
        "print(*(part.sha256 for part in labels_of(a_package(), office())))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Anchorage"}
    root = Path(__file__).parents[2]
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout.split() == [part.sha256 for part in labels_of(a_package(), office())]


# --- names ----------------------------------------------------------------------------------------------


def test_the_names_told_are_the_names_there_are():
    package = a_package()
    assert set(names_of_volume(package, package.volumes[0], office())) | {"文种"} == set(NAMES)
    assert set(FACTS) < set(NAMES)
    page = Path(__file__).parents[2].joinpath("docs", "模板作者.md").read_text("utf-8")
    section = page.partition("### 归档用的表和标签里的名称")[2].partition("\n### ")[0]
    assert dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)) == NAMES


@pytest.mark.parametrize("slug", KINDS)
def test_a_wording_of_the_archive_uses_no_other_names(slug):
    source = catalogue_of(office()).kind(slug).wording.read_text("utf-8")
    assert meta.find_undeclared_variables(make_environment().parse(source)) <= set(NAMES)


def test_a_fact_nobody_asks_for_is_a_slip():
    package = a_package()
    wrong: dict[str, Any] = {"盒子": "12"}
    with pytest.raises(TypeError, match="盒子"):
        label_document("box-spine", package, package.volumes[0], office(), **wrong)


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_says_what_of_it_was_verified(slug):
    """Facts of standards nobody could read here are marked, for whoever opens the file."""
    head = catalogue_of(office()).kind(slug).folders[0].joinpath("kind.toml").read_text("utf-8")
    assert re.match(r"# .*\n(#.*\n)*#.*(核对|依据|程序所拟)", head)
