"""Which records are suggested as repeats, and that nothing more is said than that."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_case, claim, office_in, person, saved
from tests.cli.runs import xfdocs
from xfdocs.cli import cli
from xfdocs.errors import DefinitionInvalid
from xfdocs.record import codes
from xfdocs.record.model import Case, Confidentiality, Ident, Petitioner, Proxy, Respondent
from xfdocs.reports.repeats import Comparison, Standard, Suggestion, standard_of

STANDARD = Standard(overlap=40, contained=65, shortest=4)
SUBJECT = "云河花园小区自来水水压不足问题"
REQUEST = "请求解决小区三层以上住户水压不足的问题。"


def record(
    number: int, *people: Petitioner, subject: str = SUBJECT, request: str = REQUEST, **facts: Any
) -> Case:
    """A letter of the day of its number."""
    known = {key: facts.pop(key) for key in ("category", "locus") if key in facts}
    return a_case(
        f"2026-03-{number:02d}",
        subject=subject,
        claims=facts.pop("claims", (claim(request=request, **known),)),
        petitioners=people or (person(),),
        **facts,
    )


def suggested(*cases: Case) -> list[Suggestion]:
    comparison = Comparison(STANDARD)
    for case in cases:
        comparison.add(case)
    return comparison.suggestions()


def same(one: Petitioner, other: Petitioner) -> tuple[str, ...]:
    """What is told to be the same of two persons who write about one matter."""
    found = suggested(record(1, one), record(2, other))
    return found[0].same if found else ()


def resident(number: str, **facts: Any) -> Petitioner:
    return person(ident=Ident(type=codes.IdentType.RESIDENT, number=number), **facts)


# --- the same person --------------------------------------------------------------------------------------


def test_a_name_alone_is_nobody_in_particular():
    assert same(person(phones=(), address=None), person(phones=(), address=None)) == ()
    assert (
        same(
            person(phones=("19900001001",), address="东湖区1号"),
            person(phones=("19900001002",), address="东湖区2号"),
        )
        == ()
    )


def test_a_telephone_or_an_address_alone_is_a_household():
    assert same(person("陆晚晴"), person("陆晚秋")) == ()


def test_name_and_telephone_or_name_and_address_are_a_person():
    assert same(person(address=None), person(address=None)) == ("姓名、电话",)
    assert same(person(phones=()), person(phones=())) == ("姓名、住址",)
    assert same(person(), person()) == ("姓名、电话", "姓名、住址")


def test_a_number_of_a_document_is_a_person_whatever_the_name():
    one = resident("99000019550101002X", phones=(), address=None)
    other = resident("９９００００19550101002x", name="陆婉晴", phones=(), address=None)
    assert same(one, other) == ("证件号码",)
    passport = person(
        phones=(), address=None, ident=Ident(type=codes.IdentType.PASSPORT, number="99000019550101002X")
    )
    assert same(one, passport) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "陆 晚晴"}, {"name": "陆晚晴"}),
        ({"name": "艾山·买买提"}, {"name": "艾山买买提"}),
        ({"phones": ("199-0000-1999",)}, {"phones": ("+86 19900001999", "0990-1234567")}),
        ({"address": "东湖区梧桐巷７号", "phones": ()}, {"address": "东湖区 梧桐巷 7号", "phones": ()}),
    ],
)
def test_it_is_the_same_however_it_is_written(one: dict[str, Any], other: dict[str, Any]):
    assert same(person(**one), person(**other))


def test_a_village_is_too_many_people_and_what_is_unclear_is_nobody():
    assert same(person(address="石桥镇柳河村", phones=()), person(address="石桥镇柳河村", phones=())) == ()
    assert same(person(name_unclear=True), person()) == ()
    assert same(person(address_unclear=True, phones=()), person(phones=())) == ()


def test_one_of_many_who_sign_is_enough_and_who_acts_for_them_is_not_asked():
    many = [person(f"甲{i}", phones=(f"1990000{i:04d}",), address=None) for i in range(40)]
    assert suggested(record(1, *many), record(2, many[17]))
    proxy = Proxy(name="代言人", phone="19900003333")
    one, other = (
        person("乙一", phones=(), address=None, proxy=proxy),
        person("乙二", phones=(), address=None, proxy=proxy),
    )
    assert suggested(record(1, one), record(2, other)) == []


def test_anonymous_accusations_are_compared_by_whom_they_report():
    def accusation(number: int, name: str, *people: Petitioner) -> Case:
        reported = Respondent(kind=codes.RespondentKind.PERSON, name=name, unit="某镇")
        secret = claim(request=REQUEST, purpose=codes.Purpose.REPORT, respondents=(reported,))
        return a_case(f"2026-03-{number:02d}", subject=SUBJECT, claims=(secret,), petitioners=people)

    (found,) = suggested(accusation(1, "葛某"), accusation(2, "葛某"))
    assert found.same == ("被反映人",)
    assert found.protected
    assert suggested(accusation(1, "葛某"), accusation(2, "高某")) == []
    assert suggested(accusation(1, "葛某"), accusation(2, "葛某", person())) == []


# --- the same matter --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        (SUBJECT, REQUEST),
        ("云河花园小区水压不足问题", "小区三层以上住户水压不足，请求尽快解决。"),
        (
            SUBJECT,
            REQUEST + "我们已经反映过多次，自来水公司和物业一直推诿，请求上级派人来看一看，给我们一个说法。",
        ),
        ("云河花园小区自来水水压不足", "水压不足"),
    ],
)
def test_who_says_it_in_other_words_says_the_same(subject: str, asked: str):
    assert suggested(record(1), record(2, subject=subject, request=asked))


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("云河花园小区物业收费问题", "请求退还多收的物业费，公布收费账目。"),
        ("退休待遇核定问题", "请求重新核定本人的工龄和退休金。"),
    ],
)
def test_the_same_person_about_something_else_is_no_repeat(subject: str, asked: str):
    assert suggested(record(1), record(2, subject=subject, request=asked)) == []


def test_much_in_common_is_enough_and_so_is_a_short_text_inside_a_long_one():
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    half = signs[:13] + "东南西北上下左"  # 12 of 19 pairs each: 46 % of all, 63 % of either
    assert suggested(record(1, subject=signs, request="、"), record(2, subject=half, request="、"))
    less = signs[:11] + "东南西北上下左中右"  # 10 of 19: 36 %, 53 %
    assert not suggested(record(1, subject=signs, request="、"), record(2, subject=less, request="、"))
    short = signs[2:8]  # 5 of 5, in 19: 26 % of all
    assert suggested(record(1, subject=signs, request="、"), record(2, subject=short, request="、"))


def test_what_was_classed_otherwise_is_another_matter_and_what_was_not_classed_may_be_the_same():
    assert suggested(record(1, category="水务"), record(2, category="教育")) == []
    assert suggested(record(1, locus="990000"), record(2, locus="990001")) == []
    assert suggested(record(1, category="水务"), record(2, category=None, locus=None))


def test_a_few_characters_must_be_the_very_same():
    assert suggested(record(1, subject="停水", request="修"), record(2, subject="停水", request="修"))
    assert suggested(record(1, subject="停水", request="修"), record(2, subject="停水", request="查")) == []


def test_a_matter_that_two_organs_registered_is_no_repeat():
    assert suggested(record(1), record(2, organ="云州市水务局")) == []


# --- what is suggested ------------------------------------------------------------------------------------


def test_what_is_linked_already_says_so_also_over_a_third():
    first, second = record(1), record(2, registration={"related": ("YZ-20260301-0001",)})
    third = record(3, registration={"related": ("YZ-20260302-0001",)})
    assert [one.linked for one in suggested(first, second)] == [True]
    assert [one.linked for one in suggested(third, first)] == [False]
    assert {one.linked for one in suggested(first, second, third)} == {True}


def test_many_repeats_are_each_told_once_with_the_first():
    found = suggested(*(record(day) for day in range(1, 10)))
    assert [(one.earlier, one.later) for one in found] == [
        ("YZ-20260301-0001", f"YZ-202603{day:02d}-0001") for day in range(2, 10)
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.permutations([record(1), record(2), record(3, person("另人")), record(4, category="教育"), record(5)])
)
def test_the_order_of_the_files_changes_nothing(cases: list[Case]):
    assert suggested(*cases) == suggested(*sorted(cases, key=lambda case: case.id))


def test_the_reasons_are_words():
    (found,) = suggested(record(1), record(2))
    assert found.reasons == "信访人姓名、电话、住址相同；事由和请求相近"


def test_a_hundred_thousand_records_take_a_moment_and_little_memory():
    """Reading them takes longer; nobody is compared with everybody."""
    comparison = Comparison(STANDARD)
    cases = [record(1 + i % 28, person(f"甲{i}", phones=(f"199{i:08d}",))) for i in range(2_000)]
    began = time.process_time()
    for case in cases:
        comparison.add(case)
    assert comparison.suggestions() == []
    assert (time.process_time() - began) * 50 < 120


# --- the standard -----------------------------------------------------------------------------------------


def test_an_office_may_have_a_standard_of_its_own(tmp_path: Path):
    office = office_in(tmp_path / "甲")
    assert standard_of(office) == STANDARD
    strict = office_in(tmp_path / "乙")
    (strict.folder / "repeats.toml").write_text("overlap = 90\ncontained = 95\nshortest = 8\n", "utf-8")
    assert standard_of(strict) == Standard(90, 95, 8)


@pytest.mark.parametrize(
    "text",
    [
        "overlap = 90\n",
        "overlap = 0\ncontained = 1\nshortest = 1\n",
        "overlap = 50\ncontained = 50\nshortest = 4\nscore = 1\n",
    ],
)
def test_a_standard_with_a_slip_is_refused(text: str, tmp_path: Path):
    office = office_in(tmp_path)
    (office.folder / "repeats.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionInvalid):
        standard_of(office)


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = office_in(tmp_path / "单位").folder
    for case in (
        record(1),
        record(2),
        record(3, registration={"related": ("YZ-20260301-0001",)}),
        record(4, confidentiality=Confidentiality(protection=True)),
    ):
        saved(case, folder / "cases")
    return folder


def test_pairs_are_told_by_number_and_reason_and_left_to_the_officer(office: Path):
    run = xfdocs("record", "repeats", "cases", cwd=office)
    assert run.code == 0
    assert run.out.splitlines() == [
        "YZ-20260301-0001 与 YZ-20260302-0001：信访人姓名、电话、住址相同；事由和请求相近。",
        "YZ-20260301-0001 与 YZ-20260304-0001：信访人姓名、电话、住址相同；事由和请求相近（检举控告，注意保密）。",
        "以上只是提示，请人工核对；是否重复由承办人认定。认定重复的，请在后一件的记录中填写“关联编号”。",
    ]
    linked = xfdocs("record", "repeats", "cases", "--linked", cwd=office).out
    assert "YZ-20260303-0001：信访人姓名、电话、住址相同；事由和请求相近；已经互相关联。" in linked


def test_nobody_is_named_counted_or_ranked(office: Path):
    run = xfdocs("record", "repeats", "cases", "--linked", cwd=office)
    for betrayed in ("陆晚晴", "19900001999", "梧桐巷", "水压"):
        assert betrayed not in run.out + run.err
    for word in ("次", "名", "重点", "缠访", "闹访", "%", "分"):
        assert word not in run.out.replace("姓名", ""), word
    assert set(Suggestion.__dataclass_fields__) == {"earlier", "later", "same", "linked", "protected"}


def test_there_is_no_way_to_export_and_nothing_is_written(office: Path):
    group = cli.commands["record"]
    assert isinstance(group, click.Group)
    options = {name for param in group.commands["repeats"].params for name in param.opts}
    assert options == {"paths", "--office", "-q", "--quiet", "--linked"}
    before = digest(office)
    xfdocs("record", "repeats", "cases", cwd=office)
    assert digest(office) == before


def digest(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_record_that_cannot_be_read_is_named_and_the_rest_is_compared(office: Path):
    (office / "cases" / "坏.xml").write_text("<信访事项/>", "utf-8")
    copy = office / "cases" / "又.xml"
    copy.write_bytes((office / "cases" / "YZ-20260301-0001.xml").read_bytes())
    run = xfdocs("record", "repeats", "cases", cwd=office)
    assert run.code == 1
    assert "没有比对 cases/坏.xml" in run.err
    assert "编号与 cases/YZ-20260301-0001.xml 相同" in run.err
    assert "YZ-20260301-0001 与 YZ-20260302-0001" in run.out


def test_where_nothing_is_alike_it_says_so(tmp_path: Path):
    folder = office_in(tmp_path / "单位").folder
    saved(record(1), folder / "cases")
    assert (
        xfdocs("record", "repeats", "cases", cwd=folder).out == "没有发现疑似重复、又没有互相关联的信访件。\n"
    )
