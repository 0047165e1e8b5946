"""A book as it is printed, whichever engine prints it: nothing cut off, no row in two pieces, and ours as long as nobody changes it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.judge import complaints
from tests.render import pdfs
from xfdocs.render.ledger import MEASURE, Ledger, LedgerCell, LedgerRow, print_ledger, untouched

pytestmark = pytest.mark.usefixtures("each_engine")

MARK = "由试验写出"
WIDTHS = (7, 17, 4, 11, 30, 40)
POINTS = 72 / 25.4
ROOT = Path(__file__).parents[2]


def ledger(*texts: tuple[str, ...], **facts: object) -> Ledger:
    """A book whose rows have these texts in the columns after the number."""
    rows = tuple(
        LedgerRow(
            (
                LedgerCell(str(at), True),
                *(LedgerCell(text) for text in row),
                *[LedgerCell("")] * (5 - len(row)),
            ),
            f"本页第{at}",
            f"至{at}件",
        )
        for at, row in enumerate(texts, start=1)
    )
    plain = Ledger(
        title="云州市信访局来信登记簿",
        organ="云州市信访局",
        unit="件",
        period="2026年",
        heads=("序号", "编号", "形式", "日期", "来信人", "主要问题"),
        widths=WIDTHS,
        rows=rows,
        closing=(("合计", f"{len(rows)}件", "", "", "", ""),),
        notes=("说明一。",),
        mark=MARK,
        day=date(2026, 3, 2),
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def printed(book: Ledger) -> bytes:
    return print_ledger(book, pdfs.engine())


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def pages(pdf: bytes) -> list[str]:
    """The text of each page that is on the paper, without blanks."""
    with opened(pdf) as document:
        return [
            re.sub(r"\s", "", page.get_textpage().get_text_bounded(0, 0, *page.get_size()))
            for page in document
        ]


def column(pdf: bytes, at: int) -> str:
    """What stands between the lines of a column, on all pages."""
    left, right = ((15 + MEASURE * sum(WIDTHS[:end]) / sum(WIDTHS)) * POINTS for end in (at, at + 1))
    with opened(pdf) as document:
        return "".join(
            re.sub(
                r"\s", "", page.get_textpage().get_text_bounded(left=left, right=right, top=500, bottom=50)
            )
            for page in document
        )


def test_a_line_break_in_a_cell_is_one_on_paper():
    with opened(printed(ledger(("甲", "", "", "第一行\n第二行\n\n第四行")))) as document:
        text = document[0].get_textpage()
        tops = []
        for word in ("第一行", "第二行", "第四行"):
            at, _ = text.search(word).get_next()
            tops.append(text.get_charbox(at)[3])
    first, second, fourth = tops
    assert first > second > fourth
    assert first - fourth == pytest.approx(3 * (first - second), abs=2)


@pytest.mark.parametrize(
    "word",
    ["ABCDEFGHIJKL", "2026-03-02-0001-A/17", "https://example.gov.cn/a?b=" + "c" * 60, "！？" * 30, "." * 90, "—" * 40, "Ж" * 40, "12345678"],
)  # fmt: skip
def test_what_has_no_place_to_break_stays_in_its_column(word):
    """Also in the narrowest one, and punctuation that may begin no line."""
    for at in (2, 5):
        row = [""] * 5
        row[at - 1] = word
        inside = column(printed(ledger(tuple(row))), at)
        assert sorted(inside.removeprefix("形式").removeprefix("主要问题")) == sorted(word), (at, inside)


def test_no_cell_ends_with_a_line_of_one_character():
    letters = "".join(map(chr, range(ord("一"), ord("一") + 70)))
    book = ledger(*[("", "", "", "", letters[: n - 2] + "末尾") for n in range(12, 70)])
    found = 0
    with opened(printed(book)) as document:
        for page in document:
            text = page.get_textpage()
            words = text.search("末")
            while place := words.get_next():
                heights = [text.get_charbox(place[0] + at, loose=True)[1] for at in (0, 1)]
                assert heights[0] == pytest.approx(heights[1], abs=1), text.get_text_range(place[0] - 9, 11)
                found += 1
    assert found == 58


def test_a_row_is_never_in_two_pieces():
    texts = [
        ("首" + str(n) + "。", "", "", "", f"起{n}。" + "反映供暖不足" * (n * 7 % 40) + f"止{n}。")
        for n in range(1, 60)
    ]
    found = pages(printed(ledger(*texts)))
    assert len(found) > 3
    for n in range(1, 60):
        assert sum(f"首{n}。" in page and f"起{n}。" in page and f"止{n}。" in page for page in found) == 1, n


def test_a_row_longer_than_a_page_goes_on_and_every_page_names_it():
    long = "".join(f"第{n}句。" for n in range(1800))
    found = pages(printed(ledger(("甲",), ("乙", "", "", "", long), ("丙",))))
    assert len(found) > 2
    assert "第1799句" in "".join(found)
    for page in found[1:-1]:
        assert "本页第2至2件" in page
    assert "至3件" in found[-1]
    assert "合计3件" in found[-1]


def test_what_a_book_says_of_itself():
    made = io.BytesIO(printed(ledger(("甲",), volume="（二）")))
    with pikepdf.open(made) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"] == "云州市信访局来信登记簿（二）（2026年）"
        assert about["dc:description"] == MARK
        assert "云州市信访局" in about["dc:creator"]
        assert str(pdf.Root.Lang).startswith("zh")


def test_whoever_has_it_read_aloud_hears_a_table(tmp_path):
    pdf = printed(ledger(*[(f"编号{n}", "", "", f"来信人{n}") for n in range(1, 31)]))
    (tmp_path / "book.pdf").write_bytes(pdf)
    assert complaints([tmp_path / "book.pdf"]) == {}
    kinds: dict[str, int] = {}
    with pikepdf.open(tmp_path / "book.pdf") as tagged:
        for item in tagged.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem":
                kinds[str(item.S)] = kinds.get(str(item.S), 0) + 1
    assert kinds["/Table"] >= 1
    assert kinds["/TH"] % 6 == 0
    assert kinds["/TD"] == 30 * 6 + 6 + 1, "the rows, the totals, the foot"


# --- ours, as long as nobody changes it ---------------------------------------------------------------------


def changed(pdf: bytes, **about: str) -> bytes:
    """As a program saves it that changes what it says of itself, and nothing else."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        with book.open_metadata(set_pikepdf_as_editor=False) as facts:
            for name, value in about.items():
                facts[name.replace("_", ":")] = value
        book.save(made)
    return made.getvalue()


def test_a_book_is_ours_by_its_mark_alone():
    pdf = printed(ledger(("甲",), mark="由 <试验> & 别的写出"))
    assert untouched(pdf, "由 <试验> & 别的写出")
    for other in ("由", "由 <试验> & 别的写出 ", MARK):
        assert not untouched(pdf, other), other


@pytest.mark.parametrize(
    "about",
    [
        {"dc_description": MARK + "，已核"},
        {"dc_description": "已核"},
        {"xmp_ModifyDate": "2026-12-01T08:00:00Z"},
    ],
)
def test_a_mark_or_day_that_somebody_changed_is_noticed(about):
    pdf = printed(ledger(("甲",)))
    assert untouched(changed(pdf, dc_title="别的"), MARK), "it is not the saving that is noticed"
    assert not untouched(changed(pdf, **about), MARK)


def test_a_mark_changed_in_a_text_editor_is_noticed():
    """Where it stands as it is, and not packed, anybody can."""
    pdf = printed(ledger(("甲",)))
    edited = pdf.replace(MARK.encode(), "由别人写出".encode())
    assert untouched(edited, MARK) == (edited == pdf)


_VOLUMES = """
import resource, sys
from tests.render import pdfs
from tests.render.test_ledger import ledger, printed
from xfdocs.render.pdf import PdfBy
peaks = []
with pdfs.made_by(PdfBy(sys.argv[1])):
    for volume in range(9):
        printed(ledger(*[(f"{volume}-{at}", "", "", f"来信人{at}", f"第{volume}册的第{at}件" * 4) for at in range(250)]))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(peaks[2], peaks[-1])
"""


def test_volume_after_volume_needs_no_more_memory(each_engine):
    done = subprocess.run(
        [sys.executable, "-c", _VOLUMES, each_engine], capture_output=True, text=True, check=True, cwd=ROOT
    )
    early, late = map(int, done.stdout.split())
    assert late - early < 25, "megabytes"
