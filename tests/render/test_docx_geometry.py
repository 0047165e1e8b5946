"""The docx on paper, as LibreOffice sets it, against GB/T 9704-2012 in millimetres (6.1 allows one).

LibreOffice 7.4 takes w:overflowPunct the wrong way round and lets punctuation hang beyond the right
edge; what is measured there is the text without that one mark.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.libreoffice import convert
from tests.render.docxs import docx, engine
from tests.render.examples import EXAMPLES, LETTER, NOTICE, SQUARES
from xfdocs.render.geometry import BOTTOM, LEFT, RIGHT, TOP, Line, PageGeometry, measure, printed_text
from xfdocs.render.signature import place
from xfdocs.render.text import document_text

ONE = 1.0
PITCH = 10.4455
ROWS = 2 * PITCH
THREE = 16 * 25.4 / 72
HANGING = "，。、；：？！”’）》"
EXTRA = {
    "squares": replace(NOTICE, body=SQUARES),
    "letter-no-corner-draft": replace(LETTER, draft=True, number=""),
    "head-long": replace(LETTER, head="云州市青溪区人民政府石桥街道办事处信访工作联席会议办公室"),
}
ALL = (*EXAMPLES, *EXTRA)


def near(value: float, tolerance: float = ONE) -> object:
    return pytest.approx(value, abs=tolerance)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The measured pages of every example, from one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("docx")
    for name in ALL:
        content = docx(name) if name in EXAMPLES else engine().render(EXTRA[name])
        (folder / f"{name}.docx").write_bytes(content)
    made = convert([folder / f"{name}.docx" for name in ALL], folder / "pdf")
    return {name: measure(path.read_bytes()) for name, path in zip(ALL, made, strict=True)}


def right(line: Line) -> float:
    """Where a line ends without a mark that hangs beyond the edge."""
    last = line.chars[-2] if line.text[-1] in HANGING and len(line.chars) > 1 else line.chars[-1]
    return last.right


def words(line: Line) -> str:
    """What a line says from left to right; a character from another font may come later in the file."""
    return "".join(char.char for char in sorted(line.chars, key=lambda char: char.x))


def lines(found: tuple[PageGeometry, ...]) -> list[Line]:
    return [line for page in found for line in page.lines]


# --- text and page -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_sheet_is_a4_and_the_text_stays_inside_the_type_area(pages, name):
    for page in pages[name]:
        sides = page.width, page.height
        assert (sides[::-1] if name == "wide" else sides) == (near(210, 0.2), near(297, 0.2))
        left, top, _, bottom = page.ink
        assert left > page.area[0] - ONE
        assert max(map(right, page.lines)) < page.area[2] + ONE
        assert bottom < page.area[3] + ONE
        if page.number > 1 or "letter" not in EXAMPLES.get(name, EXTRA.get(name)).layout:
            assert top > page.area[1] - ONE


_TABLES = ("form", "statistics", "label", "wide")


@pytest.mark.parametrize("name", [name for name in ALL if not any(word in name for word in _TABLES)])
def test_the_pages_say_the_document(pages, name):
    """Frames and floating tables end up where the eye reads them."""
    document = EXAMPLES.get(name) or EXTRA[name]
    said = "".join("".join(words(line).split()) for line in lines(pages[name]))
    expected = document_text(document)
    if name == "letter-corner":  # the number stands beside the first mark
        expected = expected.replace("秘密★1年特急" + document.number, document.number + "秘密★1年特急")
    assert said == expected


_HEAD = "责任单位来信来访合计办结率本期上期环比本期上期环比"


@pytest.mark.parametrize(
    ("name", "repeated"),
    [
        ("form", "序号材料名称页数" * 2),
        ("form-plain", ""),
        ("label", ""),
        ("wide", "序号材料名称页数" * 3),
        ("notice-statistics", ""),
        ("redhead-statistics", _HEAD),
        ("form-statistics", _HEAD * 2 + "序号材料名称页数" * 2),
    ],
)
def test_the_cells_of_a_form_say_the_document(pages, name, repeated):
    """Characters of neighbouring cells stand on one line, so they are counted; a repeated head once."""
    document = EXAMPLES[name]
    said = Counter("".join("".join(line.text.split()) for line in lines(pages[name])))
    said -= Counter(repeated)
    del said["-"]  # the tear line
    expected = Counter(document_text(document))
    del expected["-"]
    assert said == expected


def test_a_full_page_has_twenty_two_lines_of_twenty_eight_characters(pages):
    page = pages["squares"][1]
    assert len(page.lines) == 22  # 5.2.3
    assert page.pitches == pytest.approx([PITCH] * 21, abs=0.1)
    assert page.lines[0].top == near(TOP)
    assert page.lines[-1].bottom == near(BOTTOM)
    full = [line for line in page.lines if line.text == "州" * 28]
    assert len(full) > 15
    for line in full:
        assert line.left == near(LEFT, 0.5)
        assert line.right == near(RIGHT)
        assert line.size == near(16, 0.1)


def test_a_paragraph_begins_two_characters_in(pages):
    begins = next(line for line in lines(pages["squares"]) if line.text.startswith("云" * 26))
    assert begins.left - LEFT == near(2 * 156 / 28, 0.5)  # 7.3.3


@pytest.mark.parametrize("name", ["notice-five-pages", "redhead-five-pages"])
def test_page_numbers_stand_below_the_type_area_odd_right_even_left(pages, name):
    assert len(pages[name]) >= 5
    for page in pages[name]:
        assert page.folio_number == page.number
        assert page.folio.size == near(14, 0.1)  # 四号 (7.5)
        dash = page.folio.chars[0]
        assert (dash.ink[1] + dash.ink[3]) / 2 == near(BOTTOM + 7)
        one = 14 * 25.4 / 72
        if page.number % 2:
            assert page.folio.right == near(RIGHT - one)
        else:
            assert page.folio.left == near(LEFT + one)


@pytest.mark.parametrize("name", ["letter", "letter-long", "letter-corner"])
def test_the_first_page_of_a_letter_has_no_number_the_others_have(pages, name):
    first, *others = pages[name]
    assert first.folio is None  # 10.1
    assert [page.folio_number for page in others] == [page.number for page in others]


def test_a_draft_is_marked_above_the_type_area_of_every_page(pages):
    for page in (*pages["notice-draft"], *pages["letter-no-corner-draft"]):
        assert "草稿" in [line.text for line in page.above]
        mark = next(line for line in page.above if line.text == "草稿")
        assert mark.left < LEFT + 10


# --- letter (10.1) -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["letter", "letter-corner", "letter-long", "head-long"])
def test_the_head_of_a_letter_lies_by_the_millimetre(pages, name):
    first = pages[name][0]
    document = EXAMPLES.get(name) or EXTRA[name]
    mark = first.line(document.head)
    assert mark.ink[1] == near(30)  # 上边缘至上页边 30
    assert mark.middle == near(105)
    assert mark.ink[2] - mark.ink[0] < 156
    thick, thin, thin_below, thick_below = first.red_rules()
    assert thick.top - mark.ink[3] == near(4)
    assert thick.thickness > 2 * thin.thickness
    assert thick_below.thickness > 2 * thin_below.thickness
    assert (thin_below.top + thick_below.bottom) / 2 == near(297 - 20)
    for rule in first.red_rules():
        assert rule.left == near(20)
        assert rule.length == near(170)


@pytest.mark.parametrize("name", ["letter", "letter-corner", "letter-long"])
def test_the_number_of_a_letter_stands_at_the_right_below_the_rule(pages, name):
    first = pages[name][0]
    number = next(line for line in first.lines if EXAMPLES[name].number in line.text)
    assert number.top - first.red_rules()[1].bottom == near(THREE * 7 / 8)
    assert number.right == near(RIGHT)


def test_the_marks_of_a_letter_stand_at_the_left_from_the_line_of_the_number(pages):
    first = pages["letter-corner"][0]
    assert first.lines[1].text == "000012" + LETTER.number
    assert first.lines[1].left == near(LEFT)
    assert [line.text for line in first.lines[2:4]] == ["秘密★1年", "特急"]
    assert first.line("秘密").left == near(LEFT)
    assert first.line("特急").top - first.line("秘密").top == near(PITCH)


@pytest.mark.parametrize("name", ["letter", "letter-corner", "letter-long"])
def test_the_title_of_a_letter_stands_two_lines_below_what_is_above(pages, name):
    first = pages[name][0]
    title = next(line for line in first.lines if line.size > 20 and line.size < 30)
    above = first.lines[first.lines.index(title) - 1]
    assert title.top - above.bottom == near(ROWS)
    assert title.middle == near((LEFT + RIGHT) / 2)


@pytest.mark.parametrize("name", ["letter", "letter-corner", "letter-long"])
def test_the_copies_of_a_letter_stand_at_the_foot_of_the_last_page(pages, name):
    last = pages[name][-1]
    copies = last.line("抄送：")
    assert copies.left == near(LEFT + 14 * 25.4 / 72)  # 左空一字 (7.4.2)
    assert last.lines[-1].bottom == near(BOTTOM)
    assert not last.black_rules()
    turned = last.lines[-1]
    assert turned.left == near(copies.chars[3].x)  # 回行与冒号后首字对齐
    assert turned.right < RIGHT - 3


# --- red head (7.2) ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["redhead", "upward", "redhead-five-pages"])
def test_the_head_of_a_red_headed_document_lies_by_the_millimetre(pages, name):
    first = pages[name][0]
    mark = first.line("云州市信访局文件")
    assert mark.ink[1] == near(TOP + 35)  # 7.2.4
    assert mark.middle == near((LEFT + RIGHT) / 2)
    number = first.line("云信访〔2026〕8号")
    assert number.top - mark.ink[3] == near(ROWS)  # 空二行 (7.2.5)
    rule = first.rules[0]
    assert (rule.left, rule.right) == (near(LEFT), near(RIGHT))
    assert (rule.top + rule.bottom) / 2 - number.bottom == near(4)  # 7.2.7
    title = next(line for line in first.lines if 20 < line.size < 30)
    assert title.top - rule.bottom == near(ROWS)  # 7.3.1


def test_marks_stand_on_the_first_lines_of_the_type_area(pages):
    first = pages["redhead"][0]
    assert first.line("000001").left == near(LEFT)
    assert first.line("000001").top == near(TOP)
    assert first.line("特急").top == near(TOP + PITCH)
    assert first.line("特急").left == near(LEFT)


def test_a_report_upwards_has_its_number_left_and_its_signer_right(pages):
    number = pages["upward"][0].line("云信访〔2026〕8号")
    assert number.text == "云信访〔2026〕8号签发人：王建国"
    one = 156 / 28
    assert number.left == near(LEFT + one)  # 左空一字 (7.2.5)
    assert number.right == near(RIGHT - one)  # 右空一字 (7.2.6)


@pytest.mark.parametrize("name", ["redhead", "upward", "redhead-five-pages"])
def test_the_colophon_ends_on_the_lower_edge_of_the_type_area(pages, name):
    last = pages[name][-1]
    top, middle, end = last.black_rules()
    assert (end.top + end.bottom) / 2 == near(BOTTOM)  # 7.4.1
    for rule in (top, middle, end):
        assert (rule.left, rule.right) == (near(LEFT), near(RIGHT))
    one = 14 * 25.4 / 72
    copies, printed = last.line("抄送："), last.line("云州市信访局办公室")
    assert top.bottom < copies.top < middle.top < printed.top < end.top
    assert copies.left == near(LEFT + one)
    assert printed.left == near(LEFT + one)  # 7.4.3
    assert printed.right == near(RIGHT - one)
    assert (copies.size, printed.size) == (near(14, 0.1), near(14, 0.1))


# --- the rest of the text ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notice", "notice-two-pages", "notice-minority", "letter"])
def test_signature_and_date_stand_where_the_standard_has_them(pages, name):
    document = EXAMPLES[name]
    last = pages[name][-1]
    date = last.line("2026年10月15日")
    signature = last.lines[last.lines.index(date) - 1]
    assert signature.text == document.signatory
    where = place(document.signatory, date.text)  # figures half as wide as characters, as in 仿宋_GB2312
    assert RIGHT - date.right == near(where.date * 156 / 28)  # 右空四字 (7.3.5.1)
    assert RIGHT - signature.right == near(where.signatory * 156 / 28)  # 以成文日期为准居中


@pytest.mark.parametrize("name", ALL)
def test_a_signature_never_stands_on_a_page_without_text(pages, name):
    document = EXAMPLES.get(name) or EXTRA[name]
    if document.signatory and document.layout != "form":
        page = next(
            page
            for page in reversed(pages[name])
            if any(line.text == document.signatory for line in page.lines)
        )
        before = page.lines[: max(n for n, line in enumerate(page.lines) if line.text == document.signatory)]
        assert [line for line in before if line.size < 20], "此页无正文"


def test_attachments_align_with_their_names(pages):
    page = pages["redhead"][-1]
    first = page.line("附件：1.")
    assert first.left == near(LEFT + 2 * 156 / 28)  # 左空二字 (7.3.4)
    turned = page.lines[page.lines.index(first) + 1]
    assert turned.left == near(first.chars[5].x, 1.4)  # 与上行首字对齐; LibreOffice sets 1.3 mm off
    assert page.line("2.").left == near(first.chars[3].x)


def test_the_title_of_a_notice_opens_the_type_area(pages):
    first = pages["notice"][0]
    assert first.lines[0].top == near(TOP)
    assert first.lines[0].middle == near((LEFT + RIGHT) / 2)
    number = first.line(NOTICE.number)
    assert number.right == near(RIGHT)
    lowered = 2.6  # the number stands off the title by that much; the addressee does not move
    assert first.line("欧阳晓雯").top - number.bottom == near(2 * PITCH - THREE - lowered)


# --- tables --------------------------------------------------------------------------------------


def test_a_form_is_as_wide_as_the_type_area(pages):
    rules = pages["form-plain"][0].black_rules()
    wide = [rule for rule in rules if rule.length > 150]
    assert wide
    for rule in wide:
        assert (rule.left, rule.right) == (near(LEFT), near(RIGHT))


def test_a_head_row_is_printed_on_every_page_of_its_table(pages):
    heads = [
        page.number for page in pages["form"] if any(line.text == "序号材料名称页数" for line in page.lines)
    ]
    assert heads == [page.number for page in pages["form"]]
    assert len(heads) == 3


def test_a_vertical_label_reads_from_top_to_bottom(pages):
    found = [line for line in lines(pages["form-plain"]) if line.text in tuple("拟办意见")]
    assert "".join(line.text for line in found) == "拟办意见"
    assert len({round(line.middle, 1) for line in found}) == 1


def test_libreoffice_prints_rare_characters_too(pages):
    assert "㐂䶮𬭚𠮷" in "".join(line.text for line in lines(pages["notice-rare"]))


def test_printed_text_is_the_helper_of_both_formats(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(docx("notice"))
    assert printed_text(convert([path], tmp_path)[0].read_bytes()) == document_text(NOTICE)
