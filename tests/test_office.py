"""The settings of an office: what they mean, what holds without them, and how a slip in them is told."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.builders import OFFICE, WATER, office_in
from xfdocs.errors import OfficeInvalid
from xfdocs.office import Nature, Office
from xfdocs.pdf_by import PdfBy

LEAST = '[office]\nname = "甲"\n'
REFUSED_BY_R23 = (
    "云信受字〔{year}〕第{n}号",
    "云信受字[{year}]{n}号",
    "受{n}号〔{year}〕",
    "云信受字〔{year}〕0{n}号",
    "云信{受}字〔{year}〕{n}号",
    "云信受字〔{year}〕{n}号\\n",
    "云信\\u0001受字〔{year}〕{n}号",
)
"""Forms whose numbers no record could be told of, or that validation refuses from then on."""


def office_of(folder: Path, text: str) -> Office:
    (folder / "xfdocs.toml").write_text(text, "utf-8")
    return Office.open(folder)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(OfficeInvalid) as caught:
        office_of(folder, text)
    assert str(folder / "xfdocs.toml") in str(caught.value)
    return str(caught.value.facts["what"])


# --- what holds ----------------------------------------------------------------------------------------


def test_a_name_is_enough(tmp_path):
    office = office_of(tmp_path, LEAST)
    assert (office.organ.name, office.organ.nature) == ("甲", Nature.PETITION_OFFICE)
    assert (office.cases, office.issued, office.profile) == ("cases", "issued", "national")
    assert (office.register, dict(office.numbers), dict(office.used)) == ("", {}, {})
    assert office.names == {"甲"}
    assert office.fonts == ()
    assert office.pdf_by is PdfBy.WEASYPRINT


def test_the_series_of_numbers_and_the_last_ones_used_are_read(tmp_path):
    text = (
        f'{LEAST}[numbers]\n"受" = "云信受字〔{{year}}〕{{n}}号"\n"告" = "云信告字〔{{year}}〕{{n}}号"\n'
        '[numbers.used]\n"云信受字〔2026〕" = 57\n'
    )
    office = office_of(tmp_path, text)
    assert office.numbers == {"受": "云信受字〔{year}〕{n}号", "告": "云信告字〔{year}〕{n}号"}
    assert office.used == {"云信受字〔2026〕": 57}


def test_the_registers_database_is_named_by_its_url(tmp_path):
    url = "postgresql+psycopg://xf@db/xfdocs"
    assert office_of(tmp_path, f'{LEAST}[register]\nurl = "{url}"\n').register == url


@pytest.mark.parametrize("by", list(PdfBy))
def test_what_sets_pdf_is_one_of_two_programs(tmp_path, by):
    assert office_of(tmp_path, f'{LEAST}[render]\npdf_engine = "{by}"\n').pdf_by is by


def test_an_office_prints_with_another_program_and_differs_in_nothing_else(tmp_path):
    office = office_in(tmp_path)
    assert office.printing_with(PdfBy.WEASYPRINT) is office, "what caches know of it stays"
    other = office.printing_with(PdfBy.TYPST)
    differing = [f.name for f in fields(Office) if getattr(other, f.name) != getattr(office, f.name)]
    assert differing == ["pdf_by"]
    assert other != office


def test_settings_saved_by_notepad_with_its_mark_and_line_ends_are_read(tmp_path):
    (tmp_path / "xfdocs.toml").write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert Office.open(tmp_path).organ.name == "甲"


def test_an_organ_of_the_list_is_as_the_list_has_it_and_a_stranger_as_its_name_tells(tmp_path):
    office = office_in(tmp_path)
    assert office.organ_called(OFFICE) is office.organ
    assert office.organ_called(WATER) is office.organs[WATER]
    for name, nature in (
        ("云州市东湖区信访局", Nature.PETITION_OFFICE),
        ("江北省信访工作办公室", Nature.PETITION_OFFICE),
        ("云州市东湖区人民法院", Nature.COMPETENT),
        ("云州市信访服务公司", Nature.COMPETENT),
    ):
        stranger = office.organ_called(name)
        assert (stranger.name, stranger.nature, stranger.superior) == (name, nature, "")


def test_what_the_list_says_of_an_organ_goes_before_its_name(tmp_path):
    text = f'{LEAST}[[organ]]\nname = "乙信访中心"\nnature = "有权处理机关"\n'
    assert office_of(tmp_path, text).organ_called("乙信访中心").nature is Nature.COMPETENT


# --- how a slip is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "缺少 [office] 一节。"),
        (
            f"coluor = 1\n{LEAST}",
            "有不认识的项目：coluor。可用：archive、fonts、kinds、numbers、office、organ、register、render、reports。",
        ),
        ("office = 1\n", "office 应为表，现为 1。"),
        ("[office]\n", "[office] 缺少 name。"),
        ("[office]\nname = 3\n", "[office] name 应为文字，现为 3。"),
        (f"{LEAST}vertical = 1\n", "[office] vertical 应为 true 或者 false，现为 1。"),
        (f'{LEAST}nature = "公司"\n', "[office] nature 应为“信访部门”“有权处理机关”之一，现为“公司”。"),
        (f"{LEAST}[organ]\n", "organ 应为列表，现为 {}。"),
        (f"{LEAST}[[organ]]\n", "[organ 第1项] 缺少 name。"),
        (f'{LEAST}[[organ]]\nname = "甲"\n', "机关“甲”重复。"),
        (f'{LEAST}[[organ]]\nname = "乙"\nprofile = "浙江"\n', "[organ 第1项] 有不认识的项目：profile。"),
        (f"{LEAST}[kinds]\nx = 1\n", "kinds.x 应为表，现为 1。"),
        (f"{LEAST}[kinds.x]\ncopies = true\n", "[kinds.x] copies 应为整数，现为 True。"),
        (f'{LEAST}[kinds.x]\nnumber = "{{n}}号{{n}}〔{{year}}〕"\n', "[kinds.x] number 应写作“代字〔{year}〕{n}号”"),
        (f"{LEAST}[kinds.x]\ncopies = -1\n", "[kinds.x] copies 应为 1 至 9999 份，现为 -1。"),
        (f"{LEAST}[kinds.x]\ncopies = 100000000000\n", "[kinds.x] copies 应为 1 至 9999 份"),
        (f'{LEAST}code = "云信 〔x"\n', "[office] code 是机关代字，不含空格、换行和括号，现为“云信 〔x”。"),
        (f'{LEAST}[[organ]]\nname = "乙"\ncode = "乙\\n"\n', "[organ 第1项] code 是机关代字"),
        (f'{LEAST}[fonts]\nfiles = "甲.ttf"\n', "[fonts] files 应为文字的列表"),
        (f'{LEAST}[fonts]\nfiles = ["甲.ttf"]\n', "[fonts] 字体文件不存在："),
        # the register and its numbers
        (f'{LEAST}[numbers]\n"受" = 1\n', "[numbers] 受 应为文字，现为 1。"),
        (f'{LEAST}[numbers]\n"受" = "云信受字{{n}}号"\n', "[numbers] “受”应写作“代字〔{year}〕{n}号”，"),
        (f'{LEAST}[numbers]\n"受" = "{{year}}{{n}}{{n}}"\n', "[numbers] “受”应写作“代字〔{year}〕{n}号”，"),
        *((f'{LEAST}[numbers]\n"受" = "{form}"\n', "[numbers] “受”应写作") for form in REFUSED_BY_R23),
        (f'{LEAST}[numbers.used]\n"云信受字〔2026〕" = 99999999999999999999\n', "应写作 "),
        (f"{LEAST}[numbers]\nused = 57\n", "[numbers] used 应为表，现为 57。"),
        (f'{LEAST}[numbers.used]\n"云信受字2026" = 57\n', "[numbers.used] “云信受字2026”应写作 "),
        (f'{LEAST}[numbers.used]\n"云信受字〔26〕" = 57\n', "[numbers.used] “云信受字〔26〕”应写作 "),
        (f'{LEAST}[numbers.used]\n"云信受字〔2026〕57号" = 57\n', "应写作 "),
        (f'{LEAST}[numbers.used]\n"〔2026〕" = 57\n', "应写作 "),
        (f'{LEAST}[numbers.used]\n"云信受字〔2026〕" = 0\n', "应写作 "),
        (f'{LEAST}[numbers.used]\n"云信受字〔2026〕" = "57"\n', "应为整数，现为 '57'。"),
        (f'{LEAST}issued = "../out"\n', "issued 是单位文件夹里专放已发文书的一个文件夹的名字，现为“../out”"),
        (f'{LEAST}issued = "cases"\n', "现为“cases”"),
        (f'{LEAST}issued = "register"\n', "现为“register”"),
        (f'{LEAST}[archive]\nmodel = "盒"\n', "[archive] model 应为“案卷”“件”之一，现为“盒”。"),
        (f'{LEAST}[archive]\nnumber = "{{fonds}}-{{n:4}}"\n', "[archive] number 是档号的写法"),
        (f'{LEAST}[archive]\nnumber = "{{fonds}}·{{year}}·{{n}}"\n', "[archive] number 是档号的写法"),
        (f"{LEAST}[archive]\npages = 0\n", "[archive] pages 是每卷最多页数"),
        (f'{LEAST}[archive.used]\n"J021-" = 0\n', "[archive.used] 的“J021-”"),
        (f'{LEAST}[archive]\nfond = "J021"\n', "[archive] 有不认识的项目：fond。"),
        (f'{LEAST}[render]\npdf_engine = "word"\n', "[render] pdf_engine 应为“weasyprint”“typst”之一，现为“word”。"),
        (f'{LEAST}[render]\npdf_engine = "Typst"\n', "[render] pdf_engine 应为“weasyprint”“typst”之一，现为“Typst”。"),
        (f'{LEAST}[render]\npdf_engine = ""\n', "[render] pdf_engine 应为“weasyprint”“typst”之一"),
        (f"{LEAST}[render]\npdf_engine = 1\n", "[render] pdf_engine 应为文字，现为 1。"),
        (f'{LEAST}[render]\nengine = "typst"\n', "[render] 有不认识的项目：engine。可用：pdf_engine。"),
        (f'{LEAST}[register]\nurl = 1\n', "[register] url 应为文字，现为 1。"),
        (f'{LEAST}[register]\nulr = "x"\n', "[register] 有不认识的项目：ulr。可用：url。"),
        (f"{LEAST}register = 1\n", "[office] 有不认识的项目：register。"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_section_its_key_and_what_would_be_right(tmp_path, text, said):
    assert said in refused(tmp_path, text)


def test_a_chinese_key_without_quotation_marks_is_told_what_toml_wants(tmp_path):
    """Nothing else in the settings has a Chinese key: everybody stumbles over it once."""
    said = refused(tmp_path, f'{LEAST}[numbers]\n受 = "云信受字〔{{year}}〕{{n}}号"\n')
    assert said.endswith('“受”要加引号，写作 "受" = …。')


def test_a_file_that_is_no_text_in_utf8_is_told(tmp_path):
    (tmp_path / "xfdocs.toml").write_bytes(LEAST.encode("gb18030"))
    with pytest.raises(OfficeInvalid, match="不是 UTF-8 编码的 TOML"):
        Office.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "{fonds}-ZY·XF·{year}·{retention}-{n:4}"),
        ('model = "件"\n', "{fonds}-WS·{year}-{retention}-{unit}-{n:4}"),
        ('number = "{fonds}-XF·{year}-{n:3}"\n', "{fonds}-XF·{year}-{n:3}"),
    ],
)
def test_an_archive_number_has_the_form_of_its_model_or_the_offices_own(tmp_path, text, form):
    (tmp_path / "xfdocs.toml").write_text(f"{LEAST}[archive]\n{text}", encoding="utf-8")
    assert Office.open(tmp_path).archive.form == form


def test_archive_numbers_used_before_are_numbers_used_before(tmp_path):
    (tmp_path / "xfdocs.toml").write_text(
        f'{LEAST}[archive]\nfonds = "J021"\n[archive.used]\n"J021-ZY·XF·2026·D30-" = 57\n', encoding="utf-8"
    )
    assert Office.open(tmp_path).used == {"J021-ZY·XF·2026·D30-": 57}
