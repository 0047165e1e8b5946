"""The printed books: head rows and totals on every page, volumes that go on, and nobody's notes lost."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest

from tests.builders import a_case, person, saved
from tests.judge import complaints
from tests.register.offices import make_office
from tests.render.pdfs import fonts
from tests.reports.shelf import pages, rows, sheet, write
from tests.samples.corpus import SAMPLES
from tests.tools import needs
from xfdocs.errors import BookTouched, GlyphMissing
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.record import codes
from xfdocs.record.model import Counts
from xfdocs.register import book as kept
from xfdocs.register.incoming import incoming_letters
from xfdocs.register.register import Register
from xfdocs.render.ledger import MEASURE
from xfdocs.reports import book_pages
from xfdocs.reports.books import book_called, books_of
from xfdocs.rules.period import Period

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.fixture(scope="module", autouse=True)
def _faces() -> None:
    fonts()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("pages") / "office"
    shutil.copytree(SAMPLES / "office", folder)
    return Office.open(folder)


@pytest.fixture(scope="module")
def shelf(samples: Office, each_engine: PdfBy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every book of the samples for all their years, in both formats."""
    folder = tmp_path_factory.mktemp("shelf")
    for slug in books_of(samples):
        write(samples, slug, "2015-01-01..2026-12-31", folder)
    return folder


SAMPLE = Office.open(SAMPLES / "office")
ALL = "2015-01-01..2026-12-31"
_FOOT = re.compile(
    r"(?:承前(?P<before>\d+)(?P<u>[件批次份])(?:（(?P<bsum>\d+)人次）)?；)?"
    r"本页第(?P<first>\d+)至(?P<last>\d+)[件批次份]，累计(?P<sofar>\d+)[件批次份](?:（(?P<sum>\d+)人次）)?"
)
VISITS = tuple(column.width for column in book_called("来访", SAMPLE).columns)
PRINTED = ("来信登记簿", "来访登记簿", "转送交办登记簿", "送达登记簿", "复查复核登记簿", "收文登记簿")


def foots(texts: list[str]) -> list[dict[str, int]]:
    """The page totals as they are printed."""
    found = []
    for text in texts:
        match = _FOOT.search(text)
        assert match is not None, text[-80:]
        found.append({k: int(v) for k, v in match.groupdict().items() if v is not None and k != "u"})
    return found


def numbers_on(path: Path, widths: tuple[int, ...]) -> list[list[int]]:
    """The 序号 printed on each page: the figures in the first column, of columns so wide."""
    points = 72 / 25.4
    edge = (15 + MEASURE * 7 / (7 + sum(widths))) * points
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        text = page.get_textpage()
        column = text.get_text_bounded(left=42, right=edge, bottom=55, top=page.get_height() - 40)
        found.append([int(word) for word in column.split() if word.isdigit()])
    document.close()
    return found


@pytest.mark.parametrize("title", PRINTED)
def test_every_page_has_the_head_row_its_number_and_its_own_totals(title, shelf, samples):
    path = shelf / f"{title}.pdf"
    widths = tuple(
        column.width
        for column in (kept.INCOMING if title == "收文登记簿" else book_called(title, samples).columns)
    )
    texts, numbers = pages(path), numbers_on(path, widths)
    first_head = openpyxl.load_workbook(shelf / f"{'收发文登记簿' if title == '收文登记簿' else title}.xlsx")[
        title
    ][1]
    heads = "".join(str(cell.value) for cell in first_head)
    assert len(texts) > 1 or title in {"收文登记簿", "来访登记簿"}, "a book of one page proves nothing here"
    before = 0
    for at, (text, foot, on_page) in enumerate(zip(texts, foots(texts), numbers, strict=True), start=1):
        squeezed = text.replace("\r", "")
        assert sorted(heads) == sorted(c for c in _take(squeezed, heads)), (title, at)
        assert f"第{at}页共{len(texts)}页" in squeezed
        assert on_page == list(range(before + 1, foot["last"] + 1))
        assert (foot["first"], foot["sofar"]) == (before + 1, foot["last"])
        assert foot.get("before", 0) == before
        before = foot["last"]


def _take(text: str, letters: str) -> str:
    """The letters of *letters* that *text* has, each as often as it is asked for."""
    left = list(text)
    found = []
    for letter in letters:
        if letter in left:
            left.remove(letter)
            found.append(letter)
    return "".join(found)


def test_the_totals_of_pages_add_up_the_rows_that_stand_on_them(shelf):
    persons = [row["人次"] for row in sheet(shelf / "来信登记簿.xlsx")[:-1]]
    found = foots(pages(shelf / "来信登记簿.pdf"))
    assert len(found) > 2
    for foot in found:
        assert foot["sum"] == sum(persons[: foot["last"]])
        assert foot.get("bsum", 0) == sum(persons[: foot["first"] - 1])
    assert found[-1]["sofar"] == len(persons)
    last = pages(shelf / "来信登记簿.pdf")[-1]
    assert f"合计{len(persons)}件" in last
    assert "填表人：" in last
    assert "审核人：" in last
    assert "填表人" not in pages(shelf / "来信登记簿.pdf")[0]


@pytest.mark.parametrize("title", PRINTED)
def test_the_printed_book_says_what_the_workbook_says(title, shelf):
    book = openpyxl.load_workbook(shelf / f"{'收发文登记簿' if title == '收文登记簿' else title}.xlsx")[title]
    text = "".join(pages(shelf / f"{title}.pdf"))
    for _, *row in book.iter_rows(min_row=2, values_only=True):
        for value in row:
            if value is not None and not str(value).startswith("=SUM"):
                word = f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else str(value)
                word = re.sub(r"\s", "", word)
                assert word in text or sorted(_take(text, word)) == sorted(word), word


def test_pages_lie_across_and_are_archivable(shelf):
    for path in shelf.glob("*.pdf"):
        with pikepdf.open(path) as pdf:
            assert {tuple(round(float(side)) for side in page.mediabox) for page in pdf.pages} == {
                (0, 0, 842, 595)
            }
    assert complaints(sorted(shelf.glob("*.pdf"))) == {}


# --- made for the question -----------------------------------------------------------------------------------


def crowd(folder: Path, count: int, **facts: Any) -> Office:
    """An office with so many visits, of one, two, three … persons."""
    office = make_office(folder / "office")
    for number in range(1, count + 1):
        case = a_case(
            "2026-03-02", id=f"YZ-20260302-{number:04d}", channel=codes.Channel.VISIT,
            counts=Counts(visitors=number % 4 + 1), **facts,
        )  # fmt: skip
        saved(case, office.folder / "cases")
    return office


def test_the_closing_lines_never_stand_alone_on_a_page(tmp_path):
    """However many rows fit: the last page has a row of the book, or its totals would be those of no page."""
    office = crowd(tmp_path, 60)
    path = tmp_path / "来访登记簿.pdf"
    write(office, "来访", "2026-03", tmp_path, formats={"pdf"})
    (fitting, *_) = (len(on_page) for on_page in numbers_on(path, VISITS))
    assert 10 < fitting < 50
    for count in range(fitting - 3, fitting + 2):
        shutil.rmtree(office.folder / "cases")
        office = crowd(tmp_path, count)
        write(office, "来访", "2026-03", tmp_path, formats={"pdf"})
        numbers = numbers_on(path, VISITS)
        assert len(numbers) > (count > fitting), count
        for foot, on_page in zip(foots(pages(path)), numbers, strict=True):
            assert on_page, f"{count} rows"
            assert (foot["first"], foot["last"]) == (on_page[0], on_page[-1])
        assert numbers[-1][-1] == count


def test_a_period_without_rows_is_a_book_that_says_none(samples, tmp_path):
    written = write(samples, "来访", "2016", tmp_path)
    assert (written.rows, written.sums) == (0, {"人次": 0})
    (page,) = pages(tmp_path / "来访登记簿.pdf")
    assert "无" in page
    assert "本页0批，累计0批" in page
    assert "第1页共1页" in page
    (closing,) = sheet(tmp_path / "来访登记簿.xlsx")
    assert (closing["序号"], closing["信访件编号"], closing["人次"]) == ("合计", "无", 0)


def test_a_long_book_is_bound_in_volumes_that_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(book_pages, "VOLUME", 5)
    office = crowd(tmp_path, 12)
    written = write(office, "来访", "2026-03", tmp_path / "out")
    assert [file.name for file in written.files] == [
        "来访登记簿.xlsx", "来访登记簿（一）.pdf", "来访登记簿（二）.pdf", "来访登记簿（三）.pdf"
    ]  # fmt: skip
    texts = ["".join(pages(file)) for file in written.files[1:]]
    found = foots(texts)
    assert [(f["first"], f["last"]) for f in found] == [(1, 5), (6, 10), (11, 12)]
    persons = [number % 4 + 1 for number in range(1, 13)]
    assert [f["sum"] for f in found] == [sum(persons[:5]), sum(persons[:10]), sum(persons)]
    assert all(f"本册{n}批" in text for n, text in zip((5, 5, 2), texts, strict=True))
    assert [f"合计12批" in text for text in texts] == [False, False, True]  # noqa: F541
    assert "云州市信访局来访登记簿（二）" in texts[1]


@pytest.mark.parametrize("count", [5, 10])
def test_a_book_that_just_fills_its_volumes_has_no_empty_one(count, tmp_path, monkeypatch):
    monkeypatch.setattr(book_pages, "VOLUME", 5)
    written = write(crowd(tmp_path, count), "来访", "2026-03", tmp_path / "out", formats={"pdf"})
    assert len(written.files) == count // 5
    assert written.files[0].name == ("来访登记簿.pdf" if count == 5 else "来访登记簿（一）.pdf")


def test_a_book_that_has_become_shorter_leaves_no_volumes_behind(tmp_path, monkeypatch):
    office = crowd(tmp_path, 6)
    with monkeypatch.context() as small:
        small.setattr(book_pages, "VOLUME", 5)
        write(office, "来访", "2026-03", tmp_path / "out", formats={"pdf"})
    mine = tmp_path / "out" / "来访登记簿（三）.pdf"
    mine.write_bytes(b"not ours")
    write(office, "来访", "2026-03", tmp_path / "out", formats={"pdf"})
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"来访登记簿.pdf", mine.name}


def test_a_text_longer_than_a_page_goes_on_and_is_whole(tmp_path):
    long = "".join(f"第{n}句" for n in range(1500))
    office = crowd(tmp_path, 1, registration={"proposal": long})
    write(office, "来访", "2026-03", tmp_path, formats={"pdf"})
    text = "".join(pages(tmp_path / "来访登记簿.pdf"))
    assert "第1499句" in text
    assert sum(f"第{n}句" in text for n in range(1500)) > 1450, "all but those that a page breaks"


def test_rare_names_are_printed_and_what_nobody_can_print_is_told_with_its_place(tmp_path):
    office = make_office(tmp_path / "office")
    saved(a_case("2026-03-02", petitioners=(person("𬱖玥"),)), office.folder / "cases")
    write(office, "来信", "2026-03", tmp_path, formats={"pdf"})
    assert "𬱖玥" in "".join(pages(tmp_path / "来信登记簿.pdf"))
    saved(a_case("2026-03-03", petitioners=(person("\ue123玥"),)), office.folder / "cases")
    before = (tmp_path / "来信登记簿.pdf").read_bytes()
    with pytest.raises(GlyphMissing) as fault:
        write(office, "来信", "2026-03", tmp_path)
    assert "U+E123" in str(fault.value)
    assert "来信登记簿，第 2 行“来信人”" in str(fault.value)
    assert (tmp_path / "来信登记簿.pdf").read_bytes() == before
    assert not (tmp_path / "来信登记簿.xlsx").exists(), "half a book is none"


def test_names_as_long_as_they_come_still_fit(tmp_path):
    office = make_office(tmp_path / "office")
    name = "云州市" + "特别长的" * 9 + "局"
    office = replace(office, organ=replace(office.organ, name=name))
    saved(
        a_case("2026-03-02", petitioners=(person("努尔麦麦提江·阿卜杜热合曼·吐尔逊艾力·买合苏木"),)),
        office.folder / "cases",
    )
    write(office, "来信", "2026-03", tmp_path)
    (text,) = pages(tmp_path / "来信登记簿.pdf")
    assert f"{name}来信登记簿" in text
    assert "努尔麦麦提江" in text


# --- the same bytes, and nobody's notes lost ----------------------------------------------------------------


def test_the_same_records_give_the_same_bytes_and_replace_themselves(samples, tmp_path):
    first = write(samples, "督办", "2026", tmp_path)
    before = [file.read_bytes() for file in first.files]
    again = write(samples, "督办", "2026", tmp_path)
    assert [file.read_bytes() for file in again.files] == before


def test_a_workbook_that_somebody_has_worked_on_is_kept_and_nothing_is_written(samples, tmp_path):
    book, page = write(samples, "督办", "2026", tmp_path).files
    workbook = openpyxl.load_workbook(book)
    workbook.worksheets[0]["A1"] = "已核"
    workbook.save(book)
    page.unlink()
    before = book.read_bytes()
    with pytest.raises(BookTouched):
        write(samples, "督办", "2026", tmp_path)
    assert book.read_bytes() == before
    assert not page.exists()


def marked_up(path: Path) -> None:
    """As a reader saves a page that somebody has written on."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata() as about:
            about["xmp:ModifyDate"] = "2026-12-01T08:00:00Z"
        pdf.save(path)


def added_to(path: Path) -> None:
    """As a signature is added: at the end, all else stays."""
    path.write_bytes(path.read_bytes() + b"1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n")


@pytest.mark.parametrize("touch", [marked_up, added_to, lambda path: path.write_bytes(b"%PDF-1.7\n%%EOF")])
def test_pages_that_somebody_has_worked_on_are_kept(touch, samples, tmp_path):
    book, page = write(samples, "督办", "2026", tmp_path).files
    touch(page)
    book.unlink()
    before = page.read_bytes()
    with pytest.raises(BookTouched, match=r"督办催办登记簿\.pdf"):
        write(samples, "督办", "2026", tmp_path)
    assert page.read_bytes() == before
    assert not book.exists()


def test_one_format_alone_can_be_asked_for(samples, tmp_path):
    for fmt in ("xlsx", "pdf"):
        assert [f.name for f in write(samples, "督办", "2026", tmp_path / fmt, formats={fmt}).files] == [
            f"督办催办登记簿.{fmt}"
        ]


# --- 收发文 -------------------------------------------------------------------------------------------------


def test_the_book_of_letters_is_the_one_that_register_export_writes(samples, tmp_path):
    period = Period.parse("2026")
    written = write(samples, "收发文", "2026", tmp_path)
    with Register.open(samples) as register:
        letters = list(incoming_letters(register.database, period))
        entries = register.entries(first=period.first, last=period.last)
        kept.write_book(tmp_path / "x.xlsx", entries, letters, organ=samples.organ.name, period=period.name)
    assert (tmp_path / "收发文登记簿.xlsx").read_bytes() == (tmp_path / "x.xlsx").read_bytes()
    assert written.rows == len(letters) > 0
    assert [file.name for file in written.files] == ["收发文登记簿.xlsx", "发文登记簿.pdf", "收文登记簿.pdf"]
    assert letters[0].sender in "".join(pages(tmp_path / "收文登记簿.pdf"))
    assert "无" in pages(tmp_path / "发文登记簿.pdf")[0]


def test_a_touched_book_of_letters_is_kept(samples, tmp_path):
    book, *page = write(samples, "收发文", "2026", tmp_path).files
    workbook = openpyxl.load_workbook(book)
    workbook.save(book)
    for file in page:
        file.unlink()
    with pytest.raises(BookTouched):
        write(samples, "收发文", "2026", tmp_path)
    assert not any(file.exists() for file in page)


# --- other programs -----------------------------------------------------------------------------------------


@contextmanager
def libreoffice(paths: list[Path], folder: Path) -> Iterator[list[Path]]:
    needs("soffice", why="Install libreoffice-calc-nogui.")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(folder), *map(str, paths)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    yield [folder / f"{path.stem}.csv" for path in paths]


def test_another_office_program_reads_the_books_and_adds_up_the_same(shelf, samples, tmp_path):
    with libreoffice([shelf / "来访登记簿.xlsx", shelf / "送达登记簿.xlsx"], tmp_path) as (visits, service):
        if not visits.exists():
            needs("libreoffice-calc", found=False)
        lines = visits.read_text("utf-8").splitlines()
        persons = sum(row["人次"] for row in rows(samples, "来访", ALL))
        assert lines[0].startswith("序号,信访件编号,来访日期")
        assert re.fullmatch(rf"合计,\d+批,+{persons},+", lines[-1])
        assert len(service.read_text("utf-8").splitlines()) > len(rows(samples, "送达", ALL))
    assert book_called("来访", samples).unit == "批"
