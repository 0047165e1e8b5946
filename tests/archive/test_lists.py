"""归档文件目录 and 移交清单 over many packages: every row in both, sums that add up, files nobody's work is lost in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.archive.packages import a_package
from tests.judge import complaints
from tests.render.pdfs import fonts
from tests.samples.corpus import office
from xfdocs.archive.entries import Entry, entry_of, totals_of
from xfdocs.archive.lists import CATALOGUE, TRANSFER, List, write_list
from xfdocs.archive.model import Model
from xfdocs.errors import BookTouched
from xfdocs.render.geometry import measure
from xfdocs.reports import book_pages
from xfdocs.rules.period import Period

YEAR = Period.parse("2026")
BASE = entry_of(a_package(), digest="ab" * 32)


@pytest.fixture(scope="module", autouse=True)
def _faces() -> None:
    fonts()


def entries(count: int) -> Iterator[Entry]:
    """So many packages; of every fiftieth the pages could not be counted, the seventh has a rare title."""
    for n in range(1, count + 1):
        yield replace(
            BASE,
            number=f"J021-ZY·XF·01·2026·D30-{n:04}",
            title="关于𠮷家庄𠀀某反映问题的信访案卷" if n == 7 else BASE.title,
            pages=None if n % 50 == 13 else n % 9 + 1,
            last=dt.date(2026, 1, 1) + dt.timedelta(days=n % 300),
            size=5_000_000_000 + n,
            digest=hashlib.sha256(b"%d" % n).hexdigest(),
        )


both = pytest.mark.parametrize("kind", [CATALOGUE, TRANSFER], ids=lambda kind: kind.title)


def sheet(folder: Path, kind: List) -> list[list[object]]:
    book = openpyxl.load_workbook(folder / f"{kind.title}.xlsx")
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@both
def test_every_package_has_a_row_and_the_sums_are_formulas_over_all_rows(kind, tmp_path):
    written = write_list(kind, entries(120), YEAR, tmp_path, office(), formats=("xlsx",))
    head, *lines, total = sheet(tmp_path, kind)
    assert head == ["序号", *(one.head for one in kind.heads)]
    assert [line[1] for line in lines] == [entry.number for entry in entries(120)]
    assert written.rows == 120
    assert total[:2] == ["合计", "120案"]
    for at, one in enumerate(kind.heads, 1):
        if one.sum:
            letter = chr(ord("A") + at)
            assert total[at] == f"=SUM({letter}2:{letter}121)"
            assert sum(line[at] or 0 for line in lines) == written.sums[one.head]
    totals = totals_of(entries(120))
    assert written.sums["页数"] == totals.pages
    assert totals.uncounted == 3


@both
def test_pages_nobody_could_count_are_told_and_not_counted(kind, tmp_path):
    write_list(kind, entries(20), YEAR, tmp_path, office(), formats=("xlsx",))
    head, *lines, _ = sheet(tmp_path, kind)
    pages, remark = head.index("页数"), head.index("备注")
    assert [(line[pages], line[remark]) for line in lines[11:14]] == [
        (4, None),
        (None, "页数不清"),
        (6, None),
    ]


@both
def test_every_printed_page_tells_its_rows_and_what_they_add_up_to(kind, tmp_path):
    write_list(kind, entries(60), YEAR, tmp_path, office(), formats=("pdf",))
    found = measure((tmp_path / f"{kind.title}.pdf").read_bytes())
    assert len(found) > 2
    done = pages = 0
    ones = list(entries(60))
    for page in found:
        here = [one for one in ones if one.number in page.text]
        done += len(here)
        pages += sum(one.pages or 0 for one in here)
        above = "".join("".join(line.text.split()) for line in page.above)
        assert "序号档号" in above + page.text
        assert f"至{done}案，累计{done}案（" in page.text
        assert f"{pages}页" in page.text
    assert done == 60
    assert "合计60案" in found[-1].text
    assert "𠮷家庄𠀀某" in "".join(page.text for page in found)


def test_a_long_list_goes_on_in_volumes_with_what_was_carried_over(tmp_path, monkeypatch):
    monkeypatch.setattr(book_pages, "VOLUME", 25)
    written = write_list(TRANSFER, entries(60), YEAR, tmp_path, office(), formats=("pdf",))
    assert [path.name for path in written.files] == [f"归档文件移交清单（{n}）.pdf" for n in "一二三"]
    texts = ["".join(page.text for page in measure(path.read_bytes())) for path in written.files]
    assert "承前25案" in texts[1]
    assert "合计60案" in texts[2]
    assert "合计" not in texts[1].replace("不计入合计", "")


def test_lists_are_pdf_a_and_the_same_on_any_day(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        for kind in (CATALOGUE, TRANSFER):
            write_list(kind, entries(9), YEAR, folder, office())
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(f"{kind.title}.{fmt}" for kind in (CATALOGUE, TRANSFER) for fmt in ("pdf", "xlsx"))
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    assert complaints(sorted(first.glob("*.pdf"))) == {}


@both
def test_an_empty_list_says_so(kind, tmp_path):
    write_list(kind, iter(()), YEAR, tmp_path, office())
    _, total = sheet(tmp_path, kind)
    assert total[:2] == ["合计", "无"]
    assert "无" in measure((tmp_path / f"{kind.title}.pdf").read_bytes())[0].text


def test_what_this_program_wrote_is_replaced_and_what_somebody_worked_on_is_not(tmp_path):
    write_list(CATALOGUE, entries(3), YEAR, tmp_path, office())
    write_list(CATALOGUE, entries(4), YEAR, tmp_path, office())
    assert sheet(tmp_path, CATALOGUE)[-1][1] == "4案"
    page = tmp_path / f"{CATALOGUE.title}.pdf"
    marked = page.read_bytes() + b"\n%a signature\n%%EOF\n"
    page.write_bytes(marked)
    with pytest.raises(BookTouched):
        write_list(CATALOGUE, entries(5), YEAR, tmp_path, office())
    assert page.read_bytes() == marked
    assert sheet(tmp_path, CATALOGUE)[-1][1] == "4案", "neither is replaced"


def test_rows_are_taken_one_by_one(tmp_path):
    """A whole archive need not be in memory: an entry is asked for when the one before has been written."""
    taken = []

    def watched() -> Iterator[Entry]:
        for entry in entries(300):
            taken.append(entry.number)
            yield entry

    class Watching:
        def __init__(self) -> None:
            self.lead = 0
            self.done = 0

        def advance(self, count: int = 1) -> None:
            self.done += count
            self.lead = max(self.lead, len(taken) - self.done)

    progress = Watching()
    write_list(CATALOGUE, watched(), YEAR, tmp_path, office(), formats=("xlsx",), progress=progress)  # type: ignore[arg-type]
    assert progress.done == 300
    assert progress.lead <= 1


def test_a_package_becomes_one_line_with_what_it_holds():
    package = a_package()
    assert BASE.number == package.number
    assert (BASE.volumes, BASE.items, BASE.files) == (1, 3, 4)
    assert BASE.size == sum(part.size for part in package.parts())
    assert BASE.document == "云建信答字〔2026〕3号"
    assert BASE.pages is None, "one of its materials is on paper, its pages nobody could count"
    item = entry_of(replace(package, model=Model.ITEM))
    assert (item.volumes, item.items) == (0, 1)
