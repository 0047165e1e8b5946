"""No personal value of any case stands in a public version: planted anywhere in a file, one is found; otherwise none."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest
import xlsxwriter

from tests.builders import a_case, an, claim, person, service
from tests.render.examples import FORM, NOTICE, paragraph
from tests.render.pdfs import engine
from xfdocs.document.model import Cell, Document, Figure, Row, Table
from xfdocs.errors import FileTrouble, PersonalValueFound
from xfdocs.record import codes
from xfdocs.record.events import Service
from xfdocs.record.model import Attachment, Case, Ident, Issued, Proxy, Respondent
from xfdocs.reports.filetexts import pieces_of
from xfdocs.reports.scan import check_public, found_in

NAME = "沈玉兰"
CASE = a_case(
    "2026-07-06",
    service(1, "2026-08-24", recipient="沈玉兰", receiver="郝小川", place="东湖区柳荫街5号2单元301室"),
    id="YZ-20260706-0012",
    subject="云河花园小区自来水水压不足和二次供水费用问题",
    registration={"query_code": "4K7Q2M", "related": ("YZ-20260102-0007",)},
    petitioners=(
        person(
            NAME,
            address="云州市青溪区云河花园小区3号楼602室",
            phones=("19900001001", "0990-88661234"),
            email="shen@example.org",
            workplace="云州市第三棉纺厂",
            ident=Ident(type=codes.IdentType.RESIDENT, number="990000195501010025"),
            proxy=Proxy(name="艾山·买买提", phone="+86 19900001077"),
        ),
        person("云州市远大商贸有限公司", legal_representative="欧阳晓"),
    ),
    claims=(
        claim(
            request="请求解决小区三层以上住户水压不足的问题。",
            facts="自2026年5月中旬以来，每天早上六点到八点，水龙头只有细细一股水。",
            respondents=(Respondent(kind=codes.RespondentKind.PERSON, name="葛文彬", unit="云河物业公司"),),
        ),
    ),
    issued=(
        Issued(
            kind="处理意见书", number="云水信意字〔2026〕3号", date=a_case("2026-07-06").registration.received
        ),
    ),
    attachments=(Attachment(name="厨房水龙头出水照片", file="YZ-20260706-0012-附件/照片0719.png"),),
)
PLANTED = {
    "信访人姓名": NAME,
    "住址": "云州市青溪区云河花园小区3号楼602室",
    "联系电话": "19900001001",
    "电子邮箱": "Shen@Example.org",
    "工作单位": "云州市第三棉纺厂",
    "证件号码": "990000195501010025",
    "代理人姓名": "艾山·买买提",
    "法定代表人": "欧阳晓",
    "被反映人": "葛文彬",
    "被反映人的单位": "云河物业公司",
    "信访件编号": "YZ-20260706-0012",
    "查询码": "4K7Q2M",
    "事由": "小区自来水水压不足",
    "请求": "三层以上住户水压",
    "事实": "水龙头只有细细一股水",
    "受送达人": NAME,
    "签收人": "郝小川",
    "送达地点": "柳荫街5号2单元301室",
    "文号": "云水信意字〔2026〕3号",
    "附件名称": "厨房水龙头出水照片",
    "附件文件名": "照片0719.png",
}


def kinds(path: Path, *allowed: str, case: Case = CASE) -> set[str]:
    return {found.kind for found in found_in([path], [case], allowed)}


def places(path: Path, *allowed: str) -> set[str]:
    return {found.place for found in found_in([path], [CASE], allowed)}


def text_file(folder: Path, text: str, name: str = "通报.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PLANTED)
def test_every_kind_of_value_is_found(kind: str, tmp_path: Path) -> None:
    path = text_file(tmp_path, f"本季度共登记信访事项120件，其中{PLANTED[kind]}反映的已办结。")
    assert kind in kinds(path)


def test_a_report_without_personal_values_is_free_of_them(tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "截至2026年9月30日，共登记120件，按期办结率97.5%。水务类12件。城乡建设类30件。"
    )
    assert kinds(path) == set()
    check_public([path], [CASE], [])


@pytest.mark.parametrize(
    "written",
    [
        "沈 玉 兰",
        "沈\u3000玉兰",
        "沈\n玉兰",
        "沈·玉兰",
        "沈\u200b玉\ufeff兰",
        "沈-玉-兰",
        "１９９００００１００１",
        "199 0000 1001",
        "199-0000-1001",
        "+86 19900001001",
        "９９００００１９５５０１０１００２５",
        "yz－20260706－0012",
        "艾山买买提",
        "艾山・买买提",
        "19900001077",
        "88661234",
        "ｓｈｅｎ＠example．org",
        "四层云河花园小区３号楼",
    ],
)
def test_a_value_is_found_however_it_is_written(written: str, tmp_path: Path) -> None:
    assert kinds(text_file(tmp_path, f"据了解，{written}，已办结。"))


@pytest.mark.parametrize(
    "innocent", ["199000010012345", "x4K7Q2M9", "4 K7 Q2 M", "玉兰", "2026年5月中旬", "沈玉。兰", "照片"]
)
def test_what_only_resembles_a_value_is_none(innocent: str, tmp_path: Path) -> None:
    assert kinds(text_file(tmp_path, f"共{innocent}。")) == set()


def test_a_number_in_a_case_may_have_short_codes_that_stand_in_longer_numbers(tmp_path: Path) -> None:
    case = replace(CASE, registration=replace(CASE.registration, query_code="123456"))
    assert kinds(text_file(tmp_path, "共1234567件，12 34 56"), case=case) == set()
    assert kinds(text_file(tmp_path, "查询码：123456。"), case=case) == {"查询码"}


# --- words the report may print ---------------------------------------------------------------------------


def test_a_name_inside_an_allowed_word_is_none_and_beside_it_is_one(tmp_path: Path) -> None:
    case = replace(CASE, petitioners=(person("方明", address=None, phones=()),))
    case = replace(case, events=())
    sentence = "办理责任方明确，期限清楚。"
    path = text_file(tmp_path, sentence)
    assert kinds(path, case=case) == {"信访人姓名"}
    assert kinds(path, sentence, case=case) == set()
    assert kinds(text_file(tmp_path, f"{sentence}方明来访。"), sentence, case=case) == {"信访人姓名"}


def test_what_reaches_over_the_end_of_an_allowed_word_is_found(tmp_path: Path) -> None:
    path = text_file(tmp_path, "云河物业公司")
    assert kinds(path, "云河物业", "公司") == {"被反映人的单位"}
    assert kinds(path, "云河物业公司") == set()


def test_an_organ_that_is_reported_may_stand_in_the_table_of_organs(tmp_path: Path) -> None:
    accused = Respondent(kind=codes.RespondentKind.UNIT, name="云州市水务局")
    case = a_case("2026-07-06", claims=(claim(respondents=(accused,)),))
    path = text_file(tmp_path, "云州市水务局  12件")
    assert kinds(path, case=case) == {"被反映人"}
    assert kinds(path, "云州市水务局", case=case) == set()


def test_a_name_of_one_character_counts_where_it_stands_alone(tmp_path: Path) -> None:
    case = a_case("2026-07-06", petitioners=(person("安", address=None, phones=()),))
    assert kinds(text_file(tmp_path, "保安、平安、安全"), case=case) == set()
    assert kinds(text_file(tmp_path, "来信\n\n安\n\n12"), case=case) == {"信访人姓名"}
    assert kinds(text_file(tmp_path, "来信\n\n安\n\n12"), "安", case=case) == set()


def test_regulations_and_dates_are_nobodys_own_words(tmp_path: Path) -> None:
    case = a_case(
        "2026-07-06",
        claims=(claim(request="根据《信访工作条例》第二十三条第一款，请在2026年9月30日前答复"),),
    )
    path = text_file(tmp_path, "依据《信访工作条例》第二十三条第一款。截至2026年9月30日。")
    assert kinds(path, case=case) == set()


# --- files ------------------------------------------------------------------------------------------------


def workbook(
    folder: Path,
    fill: Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], object],
    **options: bool,
) -> Path:
    path = folder / "月报.xlsx"
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("总量")
        sheet.write("A1", "信访形式")
        fill(book, sheet)
    return path


WORKBOOKS = {
    "cell": lambda book, sheet: sheet.write("B2", f"办理人{NAME}"),
    "number": lambda book, sheet: sheet.write_number("B2", 19900001001),
    "rich text": lambda book, sheet: sheet.write_rich_string(
        "B2", "沈", book.add_format({"bold": True}), "玉", "兰来访"
    ),
    "comment": lambda book, sheet: sheet.write_comment("A1", f"见{NAME}", {"author": "统计员"}),
    "author of a comment": lambda book, sheet: sheet.write_comment("A1", "见", {"author": NAME}),
    "property": lambda book, sheet: book.set_properties({"subject": NAME}),
    "own property": lambda book, sheet: book.set_custom_property("经手", NAME),
    "header": lambda book, sheet: sheet.set_header(f"&C{NAME}"),
    "footer": lambda book, sheet: sheet.set_footer(f"&L{NAME}"),
    "name of a sheet": lambda book, sheet: book.add_worksheet(NAME),
    "hidden sheet": lambda book, sheet: hide(book, NAME),
    "formula": lambda book, sheet: sheet.write_formula("C1", f'="{NAME}"', None, 0),
    "result of a formula": lambda book, sheet: sheet.write_formula("C1", "=A1", None, NAME),
    "alt text": lambda book, sheet: sheet.insert_textbox("D4", "图", {"description": f"{NAME}的图"}),
    "text box": lambda book, sheet: sheet.insert_textbox("D4", NAME),
    "link": lambda book, sheet: sheet.write_url("B2", "https://example.org/沈玉兰", string="详见"),
    "defined name": lambda book, sheet: book.define_name("沈玉兰_表", "=总量!$A$1"),
    "list of a cell": lambda book, sheet: sheet.data_validation(
        "B2", {"validate": "list", "source": [NAME, "甲"]}
    ),
}


def hide(book: xlsxwriter.Workbook, text: str) -> None:
    sheet = book.add_worksheet("隐")
    sheet.write("A1", text)
    sheet.hide()


@pytest.mark.parametrize("constant_memory", [False, True])
@pytest.mark.parametrize("where", WORKBOOKS)
def test_a_workbook_hides_nothing(where: str, constant_memory: bool, tmp_path: Path) -> None:
    path = workbook(tmp_path, WORKBOOKS[where], constant_memory=constant_memory)
    assert kinds(path)


def test_a_workbook_without_it_is_free_of_it(tmp_path: Path) -> None:
    assert kinds(workbook(tmp_path, lambda book, sheet: sheet.write("B2", 38))) == set()


def test_the_sheet_is_named(tmp_path: Path) -> None:
    assert "工作表“总量”" in places(workbook(tmp_path, WORKBOOKS["cell"]))


def word(folder: Path, fill: Callable[[docx.document.Document], object]) -> Path:
    path = folder / "通报.docx"
    page = docx.Document()
    page.add_paragraph("本季度共登记120件。")
    fill(page)
    page.save(str(path))
    return path


def runs(page: docx.document.Document) -> None:
    one = page.add_paragraph("据")
    for part in ("沈", "玉", "兰"):
        one.add_run(part).bold = part == "玉"
    one.add_run().add_break()


WORDS = {
    "paragraph": lambda page: page.add_paragraph(f"{NAME}来信"),
    "several runs": runs,
    "cell": lambda page: page.add_table(1, 1).rows[0].cells[0].paragraphs[0].add_run(NAME),
    "header": lambda page: page.sections[0].header.paragraphs[0].add_run(NAME),
    "footer": lambda page: page.sections[0].footer.paragraphs[0].add_run(NAME),
    "author": lambda page: setattr(page.core_properties, "author", NAME),
    "title": lambda page: setattr(page.core_properties, "title", f"关于{NAME}的通报"),
    "comment": lambda page: page.add_comment(page.paragraphs[0].runs, text=NAME, author="审核"),
    "name of a style": lambda page: setattr(page.styles["Normal"], "name", NAME),
    "alt text": lambda page: picture(page, NAME),
    "text of the picture": lambda page: page.add_picture(io.BytesIO(png(NAME))),
}


def picture(page: docx.document.Document, alt: str) -> None:
    page.add_picture(io.BytesIO(png("")))
    page.inline_shapes[0]._inline.docPr.set("descr", alt)


def png(words: str) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    told = chunk(b"iTXt", b"Title\0\0\0\0\0" + words.encode()) if words else b""
    return b"\x89PNG\r\n\x1a\n" + header + told + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("where", WORDS)
def test_a_docx_hides_nothing(where: str, tmp_path: Path) -> None:
    assert kinds(word(tmp_path, WORDS[where]))


def test_a_docx_without_it_is_free_of_it_and_places_are_told_in_chinese(tmp_path: Path) -> None:
    assert kinds(word(tmp_path, lambda page: None)) == set()
    assert places(word(tmp_path, WORDS["header"])) == {"页眉"}
    assert places(word(tmp_path, WORDS["alt text"])) == {"正文的替代文字"}


def test_a_file_inside_a_docx_is_read_too(tmp_path: Path) -> None:
    path = word(tmp_path, lambda page: None)
    inner = workbook(tmp_path, WORKBOOKS["cell"]).read_bytes()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/embeddings/数据.xlsx", inner)
    assert kinds(path)


def printed(folder: Path, document: Document) -> Path:
    path = folder / "通报.pdf"
    path.write_bytes(engine().render(document))
    return path


def lines_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [line for page in pdf for line in page.get_textpage().get_text_range().splitlines()]


def test_a_pdf_is_read_over_the_ends_of_its_lines(tmp_path: Path) -> None:
    split = 0
    for ahead in range(20, 30):
        path = printed(tmp_path, replace(NOTICE, body=(paragraph("经" * ahead + NAME + "查" * 30),)))
        found = found_in([path], [CASE], [])
        assert any(one.kind == "信访人姓名" and one.place.startswith("第1页") for one in found)
        split += not any(NAME in line for line in lines_of(path))
    assert split


def test_a_pdf_is_read_over_the_ends_of_lines_in_a_narrow_cell(tmp_path: Path) -> None:
    path = printed(tmp_path, replace(NOTICE, body=(table("承办单位经办人沈玉兰同志", "12", "34"),)))
    assert any(NAME in piece.text for piece in pieces_of(path) if piece.place == "第1页")
    assert not any(NAME in line for line in lines_of(path))
    assert "信访人姓名" in kinds(path)


def table(*texts: str) -> Table:
    row = Row(tuple(Cell((paragraph(text),)) for text in texts))
    return Table((row,), tuple(1 / len(texts) for _ in texts))


def test_two_cells_of_a_pdf_do_not_make_a_name(tmp_path: Path) -> None:
    path = printed(tmp_path, replace(NOTICE, body=(table("沈", "玉兰", "34"), table("浦沈", "玉兰街"))))
    assert "信访人姓名" not in kinds(path)


def test_a_paragraph_of_a_pdf_is_read_over_the_end_of_its_page(tmp_path: Path) -> None:
    def first_page(ahead: int) -> str:
        path = printed(tmp_path, replace(NOTICE, body=(paragraph("经" * ahead + NAME + "查" * 200),)))
        with pypdfium2.PdfDocument(path) as pdf:
            return "".join(pdf[0].get_textpage().get_text_range().split())

    fits, too_far = 100, 1000
    while too_far - fits > 1:
        middle = (fits + too_far) // 2
        if "沈" in first_page(middle):
            fits = middle
        else:
            too_far = middle
    assert NAME not in first_page(fits)
    assert "第1页至第2页" in places(tmp_path / "通报.pdf")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>'


@pytest.mark.parametrize(
    "document",
    [
        replace(NOTICE, title=f"关于{NAME}的通报"),
        replace(NOTICE, body=(Figure(SVG, png(""), 30, 30, f"{NAME}的件次", "走势"),)),
        replace(NOTICE, body=(*NOTICE.body, paragraph("𠮷" + NAME))),
    ],
    ids=["title", "alt text", "beside a rare character"],
)
def test_a_pdf_hides_nothing(document: Document, tmp_path: Path) -> None:
    assert "信访人姓名" in kinds(printed(tmp_path, document))


def test_alt_texts_and_properties_of_a_pdf_are_seen_without_its_pages(tmp_path: Path) -> None:
    figure = Figure(SVG, png(""), 30, 30, f"{NAME}的件次", "走势")
    found = places(printed(tmp_path, replace(NOTICE, body=(figure,))))
    assert "文档属性、标签或者替代文字" in found
    assert "附件" in found  # the document's own XML travels in it


def test_a_pdf_without_it_is_free_of_it(tmp_path: Path) -> None:
    for document in (NOTICE, FORM):
        path = printed(tmp_path, document)
        assert "信访人姓名" not in kinds(path)
        assert "联系电话" not in kinds(path)


@pytest.mark.parametrize(
    "value", [{"表": [{"行": NAME}]}, {NAME: 1}, [19900001001], {"a": {"b": {"c": {"d": {"e": NAME}}}}}]
)
def test_json_hides_nothing(value: object, tmp_path: Path) -> None:
    for ascii_ in (False, True):
        path = tmp_path / "月报.json"
        path.write_text(json.dumps(value, ensure_ascii=ascii_), "utf-8")
        assert kinds(path)


def test_a_drawing_is_read_with_its_title_comments_and_texts(tmp_path: Path) -> None:
    for inside in (
        f"<g><rect/>{NAME}</g>",
        f"<title>{NAME}</title>",
        f"<!-- {NAME} -->",
        "<text>沈<tspan>玉</tspan>兰</text>",
        f'<g aria-label="{NAME}"/>',
    ):
        path = tmp_path / "走势.svg"
        path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>', "utf-8")
        assert kinds(path)


def test_the_name_of_a_file_counts(tmp_path: Path) -> None:
    assert places(text_file(tmp_path, "共12件。", f"{NAME}.txt")) == {"文件名"}


def test_a_file_that_cannot_be_read_back_is_trouble_and_no_proof(tmp_path: Path) -> None:
    for name, data in (
        ("坏.docx", b"PK\x03\x04zip"),
        ("坏.pdf", b"%PDF-1.7 nothing"),
        ("坏.json", b"{"),
        ("坏.svg", b"<svg>"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(FileTrouble):
            list(found_in([path], [CASE], []))
    with pytest.raises(FileTrouble):
        list(found_in([tmp_path / "无.pdf"], [CASE], []))


# --- the error --------------------------------------------------------------------------------------------


def test_the_error_names_kind_and_place_and_never_the_value(tmp_path: Path) -> None:
    path = text_file(tmp_path, " ".join(PLANTED.values()) + "。" + NAME)
    with pytest.raises(PersonalValueFound) as caught:
        check_public([path], [CASE], [])
    said = str(caught.value)
    assert "信访人姓名" in said
    assert "通报.txt 正文" in said
    for value in PLANTED.values():
        assert value not in said


# --- speed ------------------------------------------------------------------------------------------------


def test_a_hundred_thousand_values_against_a_long_text_take_seconds(tmp_path: Path) -> None:
    syllables = [chr(0x4E00 + 7 * i) for i in range(2500)]
    names = [f"{syllables[i % 97]}{syllables[i % 2500]}{syllables[(i * 31) % 2411]}" for i in range(25_000)]
    text = "\n\n".join("".join(syllables[(i * 13 + j * 29) % 2500] for j in range(50)) for i in range(20_000))
    path = text_file(tmp_path, f"{text}\n\n{NAME}")
    base = a_case("2026-07-06", claims=(claim(request="请" * 3),), subject="水")

    def cases() -> Iterator[Case]:
        for i, name in enumerate(names):
            yield replace(
                base,
                id=f"YZ-20260706-{i:05d}",
                petitioners=(person(name, address=f"柳荫街{i}号{i % 9}单元", phones=(f"198{i:08d}",)),),
            )
        yield CASE

    began = time.process_time()
    found = set(found_in([path], cases(), []))
    assert "信访人姓名" in {one.kind for one in found}
    assert time.process_time() - began < 30


def test_the_events_of_a_case_are_looked_at(tmp_path: Path) -> None:
    sent = an(
        Service,
        "2026-08-01",
        of=1,
        recipient="云景行",
        method=codes.ServiceMethod.POST,
        tracking="XF990000901CN",
    )
    case = a_case("2026-07-06", sent)
    path = text_file(tmp_path, "邮件XF990000901CN寄给云景行")
    assert kinds(path, case=case) == {"受送达人", "邮件号"}


def test_a_run_is_a_run_of_one_piece_of_text(tmp_path: Path) -> None:
    """Seven characters of a text are nobody's; eight are."""
    assert kinds(text_file(tmp_path, "水龙头只有细细。")) == set()
    assert kinds(text_file(tmp_path, "水龙头只有细细一。")) == {"事实"}
