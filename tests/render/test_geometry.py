"""The printed page against GB/T 9704-2012, in millimetres (6.1 allows one)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.render.examples import EXAMPLES, FORM, LETTER, NOTICE, SQUARES, body, paragraph
from tests.render.pdfs import engine, pages
from xfdocs.document.model import Align, Cell, Row, Table, TearLine
from xfdocs.render.geometry import BOTTOM, LEFT, RIGHT, TOP, measure
from xfdocs.render.pdf import PdfBy

pytestmark = pytest.mark.usefixtures("each_engine")

ONE = 1.0
"""6.1: 版心尺寸误差不超过 1 mm."""
ROWS = 20.89
"""Two lines."""
PITCH = 10.4455
ALL = tuple(EXAMPLES)
HEADED = ("redhead", "upward")


def near(value: float, tolerance: float = ONE) -> object:
    return pytest.approx(value, abs=tolerance)


def size_of(points: float) -> float:
    return points * 25.4 / 72


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_page_is_a4(name):
    for page in pages(name):
        sides = page.width, page.height
        assert (sides[::-1] if name == "wide" else sides) == (near(210, 0.1), near(297, 0.1))


@pytest.mark.parametrize("name", ALL)
def test_text_stays_inside_the_type_area(name):
    for page in pages(name):
        left, top, right, bottom = page.ink
        assert left > page.area[0] - 0.5
        assert right < page.area[2] + 0.5
        assert bottom < page.area[3] + 0.5
        if page.number > 1 or "letter" not in name:
            assert top > page.area[1] - 0.5


@pytest.fixture(scope="module")
def squares(each_engine):
    return measure(engine().render(replace(NOTICE, body=SQUARES)))


def test_a_full_page_has_twenty_two_lines_that_fill_the_type_area(squares):
    page = squares[1]
    assert len(page.lines) == 22  # 5.2.3
    assert page.lines[0].top == near(TOP, 0.3)
    assert page.lines[-1].bottom == near(BOTTOM, 0.3)
    assert page.pitches == pytest.approx([PITCH] * 21, abs=0.05)


def test_a_full_line_has_twenty_eight_characters_that_fill_the_type_area(squares):
    full = [line for page in squares for line in page.lines if len(line.text) == 28]
    assert len(full) > 60
    for line in full:
        assert line.left == near(LEFT, 0.1)
        assert line.right == near(RIGHT, 0.2)
        assert line.size == near(16, 0.01)  # 三号


def test_a_paragraph_begins_two_characters_in(squares):
    begins = next(line for line in squares[0].lines if line.text == "云" * 26)
    assert begins.left - LEFT == near(2 * 156 / 28, 0.1)  # 7.3.3


@pytest.mark.parametrize("name", ["notice-five-pages", "letter-long", "redhead-five-pages"])
def test_lines_of_running_text_reach_both_edges(name):
    """Every line but the last of its paragraph is filled, whatever its punctuation."""
    filled = 0
    for page in pages(name):
        for line, after in zip(page.lines, page.lines[1:], strict=False):
            if line.size != pytest.approx(16, abs=0.01) or len(line.text) < 20:
                continue
            if line.left < LEFT + 12 and after.left < LEFT + 1 and after.size == line.size:
                last = line.chars[-1]
                # a mark that ends the line may leave its empty half outside
                overhang = size_of(8) if last.char in "，。、；：”）》" else 0
                assert RIGHT - 1 < line.right < RIGHT + 0.3 + overhang, line.text
                filled += 1
    assert filled > 20


@pytest.mark.parametrize("name", ALL)
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(name):
    for page in pages(name):
        for line in page.lines:
            assert line.text[0] not in "，。、；：？！”’）》〉】〕％", line.text
            assert line.text[-1] not in "“‘（《〈【〔", line.text


@pytest.mark.parametrize(
    ("name", "count"), [("notice", 1), ("notice-two-pages", 2), ("form", 3), ("notice-five-pages", 5)]
)
def test_documents_of_several_lengths_have_as_many_pages(name, count):
    assert len(pages(name)) == count
    assert [page.number for page in pages(name)] == list(range(1, count + 1))


@pytest.mark.parametrize(
    "name", [name for name in ALL if not name.startswith("form") and "statistics" not in name]
)
def test_all_lines_of_running_text_are_one_pitch_apart_or_separated_by_empty_lines(name):
    for page in pages(name):
        body_lines = [line for line in page.lines if abs(line.size - 16) < 0.01]
        for before, after in itertools.pairwise(body_lines):
            steps = (after.baseline - before.baseline) / PITCH
            if (
                "云信访" in before.text + after.text
                or "云建信访" in before.text + after.text
                or before.text in ("秘密★1年", "特急")
            ):
                continue  # the head of a page has distances of its own
            assert steps == pytest.approx(round(steps), abs=0.03), (before.text, after.text)
            assert steps > 0.9


# --- page numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ALL if name not in {"label", "wide"}])
def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(name):
    for page in pages(name):
        if page.number == 1 and name.startswith("letter"):
            assert page.folio is None  # 10.1
            continue
        assert page.folio is not None
        assert page.folio_number == page.number
        assert page.folio.size == near(14, 0.01)  # 四号, 7.5
        dash = page.folio.chars[0]
        assert dash.char == "—"
        assert page.folio.chars[-1].char == "—"
        assert dash.ink[1] - BOTTOM == near(7, 0.3)
        if page.number % 2:
            assert RIGHT - page.folio.right == near(156 / 28)
        else:
            assert page.folio.left - LEFT == near(156 / 28)


def test_a_label_has_no_page_number_and_a_wide_page_has_one_below_its_type_area():
    assert [page.folio for page in pages("label")] == [None]
    assert len(pages("wide")) > 2
    for page in pages("wide"):
        assert page.folio_number == page.number
        assert page.folio.chars[0].ink[1] - page.area[3] == near(7, 0.3)


# --- first pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["redhead", "letter", "letter-long"])
def test_titles_are_centred_in_two_and_stand_one_empty_line_above_the_addressee(name):
    page = pages(name)[0]
    titles = [line for line in page.lines if abs(line.size - 22) < 0.01]  # 二号, 7.3.1
    assert len(titles) >= 2
    for line in titles:
        assert line.middle == near((LEFT + RIGHT) / 2)
        assert line.right - line.left < 156
    after = page.lines[page.lines.index(titles[-1]) + 1]
    assert after.left == near(LEFT, 0.1)
    # 7.3.2: 空一行, from the middle of one line to the middle of the next but one
    assert after.top + size_of(8) - titles[-1].bottom + size_of(11) == near(2 * PITCH)


def test_a_notice_has_its_issuer_in_the_title_and_its_number_below_it_at_the_right():
    page = pages("notice")[0]
    assert [line.text for line in page.lines[:2]] == ["云州市住房和城乡建设局", "信访事项受理告知书"]
    assert page.lines[0].top == near(TOP)
    number, to = page.lines[2:4]
    assert number.text == "云建信访告〔2026〕15号"
    assert number.right == near(RIGHT)
    assert to.text == "欧阳晓雯："
    assert to.left == near(LEFT, 0.1)
    assert number.top > page.lines[1].bottom + 3
    assert to.top > number.bottom + PITCH


@pytest.mark.parametrize("name", HEADED)
def test_the_mark_of_a_red_head_stands_35_mm_below_the_type_area(name):
    page = pages(name)[0]
    mark = page.line("云州市信访局文件")
    assert mark.ink[1] - TOP == near(35)  # 7.2.4
    assert mark.middle == near((LEFT + RIGHT) / 2)
    number = page.line("云信访〔2026〕8号")
    assert number.top - mark.ink[3] == near(ROWS)  # 7.2.5: 空二行
    (rule,) = page.red_rules()
    assert rule.top - number.bottom == near(4)  # 7.2.7
    assert (rule.left, rule.right) == (near(LEFT, 0.2), near(RIGHT, 0.2))
    title = next(line for line in page.lines if abs(line.size - 22) < 0.01)
    assert title.top - rule.bottom == near(ROWS)  # 7.3.1: 空二行


@pytest.mark.parametrize("name", ["redhead", "upward", "letter"])
def test_a_document_without_a_number_keeps_its_line(name):
    numbered = pages(name)[0]
    page = measure(engine().render(replace(EXAMPLES[name], number="")))[0]
    first, same = (next(line for line in p.lines if abs(line.size - 22) < 0.01) for p in (page, numbered))
    assert first.top == near(same.top, 0.1)
    rules, as_many = page.red_rules(), numbered.red_rules()
    assert [rule.top for rule in rules] == [near(rule.top, 0.1) for rule in as_many]


def test_a_downward_number_is_centred_and_an_upward_one_faces_its_signer():
    number = pages("redhead")[0].line("云信访〔2026〕8号")
    assert number.middle == near((LEFT + RIGHT) / 2)
    line = pages("upward")[0].line("云信访〔2026〕8号")
    assert line.left - LEFT == near(156 / 28)  # 7.2.5: 左空一字
    assert line.text.endswith("签发人：王建国")
    assert RIGHT - line.right == near(156 / 28)  # 7.2.6: 右空一字


def test_copy_number_and_urgency_stand_in_the_first_lines_of_the_type_area():
    page = pages("redhead")[0]
    assert page.line("000001").baseline == near(page.line("特急").baseline - PITCH, 0.1)
    assert page.line("特急").top == near(TOP + PITCH)
    assert page.line("000001").left == near(LEFT, 0.3)


@pytest.mark.parametrize("name", ["letter", "letter-corner", "letter-long"])
def test_a_letter_has_its_mark_and_two_double_rules(name):
    first, *others = pages(name)
    mark = first.line("云州市信访局")
    assert mark.ink[1] == near(30)  # 10.1
    assert mark.middle == near((LEFT + RIGHT) / 2)
    upper_thick, upper_thin, lower_thin, lower_thick = first.red_rules()
    assert upper_thick.top - mark.ink[3] == near(4)
    for rule in first.red_rules():
        assert (rule.left, rule.right) == (near(20, 0.2), near(190, 0.2))
    assert upper_thick.thickness > 2 * upper_thin.thickness
    assert lower_thick.thickness > 2 * lower_thin.thickness
    assert upper_thick.bottom < upper_thin.top
    assert lower_thin.bottom < lower_thick.top
    assert 297 - (lower_thin.top + lower_thick.bottom) / 2 == near(20)
    assert not any(page.red_rules() for page in others)


@pytest.mark.parametrize(("name", "rows"), [("letter", 1), ("letter-corner", 3)])
def test_what_stands_below_the_first_rule_of_a_letter(name, rows):
    page = pages(name)[0]
    lower = page.red_rules()[1].bottom
    number = next(line for line in page.lines if "云信访转" in line.text)
    assert number.top - lower == near(size_of(16) * 7 / 8)  # 10.1
    assert number.right == near(RIGHT)
    title = next(line for line in page.lines if abs(line.size - 22) < 0.01)
    last = [line for line in page.lines if line.top < title.top][-1]
    assert last.baseline - number.baseline == near((rows - 1) * PITCH, 0.1)
    assert title.top - last.bottom == near(ROWS)  # 相距二行
    if rows == 3:
        assert number.text.startswith("000012")
        assert number.left == near(LEFT, 0.3)
        assert last.text == "特急"


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["redhead", "upward", "redhead-five-pages"])
def test_the_colophon_closes_the_last_page_and_its_last_rule_is_the_lower_edge(name):
    *others, page = pages(name)
    first, between, last = page.black_rules()
    assert last.bottom == near(BOTTOM, 0.3)  # 7.4.1
    for rule in (first, between, last):
        assert (rule.left, rule.right) == (near(LEFT, 0.2), near(RIGHT, 0.2))
    assert (first.thickness, between.thickness, last.thickness) == (
        near(0.35, 0.03),
        near(0.25, 0.03),
        near(0.35, 0.03),
    )
    copies = page.line("抄送：")
    printed = page.line("云州市信访局办公室")
    assert first.bottom < copies.top < between.top < printed.top < last.top
    assert copies.size == near(14, 0.01)  # 7.4.2: 四号
    assert copies.left - LEFT == near(size_of(14), 0.2)
    assert printed.left - LEFT == near(size_of(14), 0.2)
    assert RIGHT - printed.right == near(size_of(14), 0.2)
    assert printed.text.endswith("2026年10月16日印发")
    turned = page.lines[page.lines.index(copies) + 1]
    assert turned.left - copies.left == near(3 * size_of(14), 0.2)
    assert not any(other.black_rules() for other in others)


def test_a_letter_ends_with_its_copies_and_no_rule():
    last = pages("letter")[-1]
    assert not last.black_rules()
    assert last.lines[-1].bottom == near(BOTTOM, 0.5)
    assert any(line.text.startswith("抄送：") for line in last.lines)
    assert not any("印发" in line.text for page in pages("letter") for line in page.lines)


@pytest.mark.parametrize("name", ["notice", "letter", "redhead", "notice-five-pages", "notice-minority"])
def test_the_date_stands_four_characters_in_and_the_signature_is_centred_over_it(name):
    page = pages(name)[-1]
    day = page.line("2026年10月15日")
    signature = page.lines[page.lines.index(day) - 1]
    assert signature.text == EXAMPLES[name].signatory
    assert signature.middle == near(day.middle)
    assert signature.right <= RIGHT + 0.2
    if len(signature.text) < 14:
        assert RIGHT - day.right == near(4 * 156 / 28)  # 7.3.5.1
    before = page.lines[page.lines.index(signature) - 1]
    assert signature.baseline - before.baseline == near(3 * PITCH, 0.2)  # room for the seal


@pytest.mark.parametrize("paragraphs", range(1, 9))
def test_the_signature_never_stands_alone_on_a_page(each_engine, paragraphs):
    """7.3.5.5: no page may say that it has no text."""
    last = measure(engine().render(replace(NOTICE, body=body(paragraphs), note="")))[-1]
    day = last.line("2026年10月15日")
    text = 2 if each_engine is PdfBy.WEASYPRINT else 1  # lines of it at least, then the signature
    assert last.lines.index(day) >= text + 1


@pytest.mark.parametrize("filler", range(12, 23))
def test_with_attachments_too_the_signature_takes_text_along(filler):
    document = replace(
        LETTER,
        body=tuple(paragraph("办理要求如下。") for _ in range(filler)),
        colophon=type(LETTER.colophon)(),
    )
    last = measure(engine().render(document))[-1]
    signature = last.line("云州市信访局" if len(measure(engine().render(document))) > 1 else "附件")
    assert any(line.text == "办理要求如下。" for line in last.lines if line.top < signature.top)


def test_attachments_stand_one_empty_line_below_the_text_and_turn_under_their_names():
    page = pages("redhead")[-1]
    first = page.line("附件：1.")
    before = page.lines[page.lines.index(first) - 1]
    assert first.baseline - before.baseline == near(2 * PITCH, 0.1)  # 7.3.4
    assert first.left - LEFT == near(2 * 156 / 28, 0.2)
    turned, second = page.lines[page.lines.index(first) + 1 :][:2]
    name = next(char for char in first.chars if char.char == "云")
    assert turned.left == near(name.x, 0.5)
    assert second.text == "2.工作计划"
    assert second.left == near(LEFT + 5 * 156 / 28, 0.2)


def test_the_note_stands_two_characters_in_on_the_line_below_the_date():
    page = pages("notice")[-1]
    note = page.line("（联系人")
    assert note.left - LEFT == near(2 * 156 / 28)
    assert note.baseline - page.line("2026年10月15日").baseline == near(PITCH)  # 7.3.6


# --- headings, drafts, forms ---------------------------------------------------------------------


def test_a_draft_says_so_at_the_upper_left_of_every_page_and_a_fair_copy_does_not():
    for page in measure(engine().render(replace(EXAMPLES["notice-five-pages"], draft=True))):
        (mark,) = page.above
        assert mark.text == "草稿"
        assert mark.left < 50
        assert mark.bottom < TOP - 5
    assert not any(page.above for page in pages("notice-five-pages"))


def test_a_heading_is_never_the_last_line_of_a_page():
    blocks = EXAMPLES["redhead"].body
    for filler in range(1, 8):
        document = replace(
            NOTICE, body=(*(paragraph("办理要求如下。") for _ in range(filler + 6)), *blocks[:2], *body(2))
        )
        for page in measure(engine().render(document))[:-1]:
            assert page.lines[-1].text not in ("一、总体情况", "（一）转送情况")


def test_a_long_table_repeats_its_head_on_every_page_and_breaks_between_rows():
    with_rows = [page for page in pages("form") if any(line.text.startswith("序号") for line in page.lines)]
    assert len(with_rows) >= 2
    for page in with_rows:
        head = page.line("序号")
        assert head.text == "序号材料名称页数"
        first_row = page.lines[page.lines.index(head) + 1]
        assert "材料之" in first_row.text


@pytest.mark.parametrize("name", ["form", "form-plain"])
def test_the_lines_of_a_form_stay_inside_the_type_area(name):
    for page in pages(name):
        assert page.rules
        for rule in page.rules:
            assert LEFT - 0.6 < rule.left < rule.right < RIGHT + 0.6  # the frame is half a millimetre thick
            assert TOP - 0.6 < rule.top < rule.bottom < BOTTOM + 0.6


def test_a_return_slip_is_not_torn_by_a_page(tmp_path):
    slip = FORM.body[0]
    lines = tuple(paragraph("办理要求如下。") for _ in range(9))
    document = replace(FORM, body=(*lines, TearLine("此联退回"), slip))
    first, second = measure(engine().render(document))
    assert not any("此联退回" in line.text for line in first.lines)
    assert second.lines[0].text == "此联退回"
    assert len(second.black_rules()) > 5


def test_a_form_keeps_the_heights_it_was_given():
    page = pages("form-plain")[0]
    level = sorted({round(rule.top, 1) for rule in page.black_rules()})
    heights = [round(b - a, 1) for a, b in itertools.pairwise(level)]
    assert any(height >= 59.5 for height in heights)
    assert any(24.5 <= height < 40 for height in heights)


def test_a_vertical_label_runs_downwards_one_character_a_line():
    page = pages("form-plain")[0]
    column = [char for line in page.lines for char in line.chars if char.x < LEFT + 20]
    label = [char for char in column if char.char in "来信摘要"]
    assert [char.char for char in sorted(label, key=lambda char: char.baseline)] == list("来信摘要")
    assert max(char.x for char in label) - min(char.x for char in label) < 0.1


def test_in_a_narrow_column_characters_are_not_spread():
    cells = (Cell((paragraph("超期未办结", align=Align.CENTER),)), Cell((paragraph(""),)))
    table = Table((Row(cells),), (16, 140), small=True)
    pages = measure(engine().render(replace(FORM, body=(table,))))
    (line,) = [line for page in pages for line in page.lines if line.text.startswith("超期")]
    assert len(line.text) < 5, "it does not go into one line"
    for before, after in itertools.pairwise(line.chars):
        assert after.x - before.x == near(size_of(10.5), 0.05)
