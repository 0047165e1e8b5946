"""What stands in the books, against the sample records counted by hand with another reader."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.builders import DISCIPLINE, WATER, a_case, claim, day, person, saved, service, source, to
from tests.builders import transfer as sent
from tests.register.offices import make_office
from tests.reports.shelf import index, rows, sheet, write
from tests.samples.corpus import FOLDER, SAMPLES, TODAY
from xfdocs.errors import BookInvalid
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.model import Confidentiality, Counts, Respondent
from xfdocs.reports.book_rows import HIDDEN, Changed, count_rows, rows_of
from xfdocs.reports.books import book_called, books_of
from xfdocs.rules.period import Period

NS = "{urn:xfdocs:case:1}"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("books") / "office"
    shutil.copytree(SAMPLES / "office", folder)
    return Office.open(folder)


@cache
def records() -> tuple[ET.Element, ...]:
    """Every sample record, read with the plainest reader there is."""
    return tuple(ET.parse(file).getroot() for file in sorted(FOLDER.glob("*.xml")))


def said(element: ET.Element, path: str) -> str:
    found = element.find(f"./{'/'.join(NS + part for part in path.split('/'))}")
    return (found.text or "") if found is not None else ""


def arrived(period: str, *channels: str) -> Iterator[tuple[str, str]]:
    """(登记日期, 编号) of the matters that came in some way."""
    span = Period.parse(period)
    for record in records():
        registered = said(record, "登记/登记日期") or said(record, "登记/收到日期")
        if said(record, "登记/形式") in channels and span.first <= day(registered) <= span.last:
            yield registered, record.attrib["编号"]


def acted(period: str, *kinds: str) -> Iterator[tuple[str, str, int]]:
    """(日期, 编号, 序) of the events of some kinds."""
    span = Period.parse(period)
    for record in records():
        for event in record.iterfind(f"./{NS}办理/*"):
            on = event.attrib["日期"]
            if event.tag.removeprefix(NS) in kinds and span.first <= day(on) <= span.last:
                yield on, record.attrib["编号"], int(event.attrib["序"])


ARRIVALS = {"letters": ("来信", "传真"), "visits": ("来访",), "calls": ("来电",), "online": ("网上",)}
ACTS = {
    "referrals": ("转送", "交办"),
    "supervision": ("督办", "催办"),
    "service": ("送达",),
    "reviews": ("复查申请", "复查", "复核申请", "复核"),
}
PERIODS = ("2026", "2026Q2", "2026-09", "2019", "2026-05-15..2026-06-01", "2016")


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("slug", ARRIVALS)
def test_a_book_of_arrivals_has_exactly_the_matters_that_came_so(slug, period, samples):
    got = rows(samples, slug, period)
    assert [row["信访件编号"] for row in got] == [
        case for _, case in sorted(arrived(period, *ARRIVALS[slug]))
    ]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("slug", ACTS)
def test_a_book_of_acts_has_exactly_the_acts_of_the_period_in_their_order(slug, period, samples):
    got = rows(samples, slug, period)
    dates = [str(row.get("日期", row.get("送出日期"))) for row in got]
    expected = sorted(acted(period, *ACTS[slug]))
    assert list(zip(dates, (row["信访件编号"] for row in got), strict=True)) == [one[:2] for one in expected]


def test_every_matter_of_a_year_stands_in_exactly_one_book_of_arrivals(samples):
    found = [row["信访件编号"] for slug in ARRIVALS for row in rows(samples, slug, "2026")]
    every = [r.attrib["编号"] for r in records() if (said(r, "登记/登记日期") or "").startswith("2026")]
    assert sorted(found) == sorted(every)


def test_there_is_something_in_every_book(samples):
    """The samples show each of them at work, or the tests above would prove nothing."""
    for slug in (*ARRIVALS, *ACTS):
        assert len(rows(samples, slug, "2026")) > 2, slug


@pytest.mark.parametrize("slug", sorted({*ARRIVALS, *ACTS}))
def test_no_column_of_a_shipped_book_is_always_empty(slug, samples):
    """Of what the sample records hold at all; what was issued is not in them."""
    got = rows(samples, slug, "2015-01-01..2026-12-31")
    empty = {head for head in got[0] if all(row[head] is None for row in got)}
    assert empty <= {"文号", "接待意见", "拟办意见", "首办责任人", "协办单位"}, empty


def test_persons_are_added_up(samples, tmp_path):
    written = write(samples, "visits", "2026", tmp_path, formats={"xlsx"})
    by_hand = 0
    for record in records():
        if record.attrib["编号"] in {case for _, case in arrived("2026", "来访")}:
            listed = len(record.findall(f"./{NS}信访人"))
            by_hand += max(listed, int(said(record, "人数/来访人数") or 0), 1)
    assert written.sums == {"人次": by_hand}
    assert by_hand > written.rows
    *body, closing = sheet(tmp_path / "来访登记簿.xlsx")
    assert sum(row["人次"] for row in body) == by_hand
    assert closing["序号"] == "合计"
    assert closing["信访件编号"] == f"{written.rows}批"


# --- records made for the question ----------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return make_office(tmp_path / "office")


def keep(office: Office, *cases: Any) -> None:
    for case in cases:
        saved(case, office.folder / "cases")


def test_a_row_says_what_the_record_says(desk):
    keep(
        desk,
        a_case(
            "2026-03-05",
            sent("2026-03-06", to(WATER, "2026-03-09"), to("云州市公安局", lead=False)),
            counts=Counts(signatories=12),
            registration={"proposal": "转送市水务局"},
            claims=(claim(1), claim(2, category="水务"), claim(3)),
        ),
    )
    (row,) = rows(desk, "来信", "2026-03")
    assert row == {
        "信访件编号": "YZ-20260305-0001",
        "形式": "来信",
        "收到日期": dt.date(2026, 3, 5),
        "登记日期": dt.date(2026, 3, 5),
        "来信人": "陆晚晴等12人",
        "住址": "云州市东湖区梧桐巷7号",
        "人次": 12,
        "初次重复": "初次",
        "信访目的": "申诉求决",
        "内容分类": "城乡建设、水务",
        "主要问题": "小区水压不足问题",
        "拟办意见": "转送市水务局",
        "办理去向": f"{WATER}、云州市公安局",
        "首办责任人": "梁书涵",
        "办理情况": "已转送、交办",
    }
    (row,) = rows(desk, "转送交办", "2026-03")
    assert (row["方式"], row["主办单位"], row["协办单位"], row["对方收到日期"]) == (
        "转送",
        WATER,
        "云州市公安局",
        "2026-03-09",
    )
    assert (row["办理期限"], row["反馈日期"], row["转出机关"]) == (None, None, "云州市信访局")


def test_who_gave_no_name_stands_as_such(desk):
    unknown = person(None, name_unclear=True, address=None, address_unclear=True, phones=())
    keep(desk, a_case("2026-03-05", petitioners=(unknown,)), a_case("2026-03-06", petitioners=()))
    assert [(row["来信人"], row["住址"], row["人次"]) for row in rows(desk, "来信", "2026-03")] == [
        ("姓名不清", "不清", 1)
    ] * 2


def test_a_matter_is_in_the_period_of_its_registration(desk):
    keep(desk, a_case("2026-03-31", registered=day("2026-04-02")))
    assert rows(desk, "来信", "2026-03") == []
    assert [row["收到日期"] for row in rows(desk, "来信", "2026-04")] == [dt.date(2026, 3, 31)]


@pytest.mark.parametrize(
    ("on", "period", "there"),
    [("2026-03-31", "2026-03", True), ("2026-04-01", "2026-03", False), ("2026-04-01", "2026Q2", True)],
)
def test_an_act_moves_over_the_edge_of_a_period_with_its_day(on, period, there, desk):
    keep(desk, a_case("2026-03-02", sent(on, to(WATER))))
    assert bool(rows(desk, "转送交办", period)) is there


def test_a_rejected_record_and_a_copy_have_no_row(desk):
    good = a_case("2026-03-05")
    keep(desk, good, a_case("2026-03-06", sent("2026-03-05", to(WATER))))  # sent before it was received
    folder = desk.folder / "cases"
    shutil.copy(folder / f"{good.id}.xml", folder / "副本.xml")
    assert [row["信访件编号"] for row in rows(desk, "来信", "2026-03")] == [good.id]


def test_a_record_that_is_changed_meanwhile_has_no_row_and_is_named(desk):
    keep(desk, a_case("2026-03-05"), a_case("2026-03-06"))
    book, period = book_called("来信", desk), Period.parse("2026-03")
    with index(desk) as connection:
        file = desk.folder / "cases" / "YZ-20260305-0001.xml"
        file.write_bytes(file.read_bytes() + b"\n")
        (desk.folder / "cases" / "YZ-20260306-0001.xml").unlink()
        found = list(rows_of(book, period, TODAY, desk, connection))
        assert count_rows(book, period, TODAY, connection) == 2
    assert found == [Changed("cases/YZ-20260305-0001.xml"), Changed("cases/YZ-20260306-0001.xml")]


# --- order ------------------------------------------------------------------------------------------------------


def test_the_order_of_files_on_the_disk_changes_nothing(samples, tmp_path):
    """Other names, read in another order, give the same bytes."""
    files = sorted(FOLDER.glob("*.xml"))
    names = list(range(len(files)))
    random.Random(4).shuffle(names)
    folder = tmp_path / "other"
    shutil.copytree(SAMPLES / "office", folder)
    for number, file in zip(names, files, strict=True):
        (folder / "cases" / file.name).rename(folder / "cases" / f"{number:03d}-{file.name}")
    other = Office.open(folder)
    for slug in ("letters", "service"):
        ours, theirs = (
            write(office, slug, "2026", tmp_path / name, formats={"xlsx"})
            for office, name in ((samples, "甲"), (other, "乙"))
        )
        assert [f.read_bytes() for f in ours.files] == [f.read_bytes() for f in theirs.files], slug


def test_a_book_may_be_ordered_otherwise(desk):
    text = """
title = "按形式"
of = "信访件"
window = "登记日期"
order = ["形式", "登记日期"]
[[column]]
head = "编号"
width = 20
value = "{{ 编号 }}"
"""
    (desk.folder / "books").mkdir()
    (desk.folder / "books" / "own.toml").write_text(text, "utf-8")
    visit = replace(a_case("2026-03-02"), id="YZ-20260302-0002")
    visit = replace(visit, registration=replace(visit.registration, channel=codes.Channel.VISIT))
    keep(desk, a_case("2026-03-05"), visit, a_case("2026-03-01"))
    ids = [row["编号"] for row in rows(desk, "own", "2026-03")]
    letters = ["YZ-20260301-0001", "YZ-20260305-0001"]
    assert ids in ([*letters, visit.id], [visit.id, *letters])


# --- what is a row --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "window", "value", "expected"),
    [
        (
            "诉求",
            "登记日期",
            "{{ 本项诉求.序号 }}{{ 本项诉求.请求 }}",
            ["1请求解决第1个问题", "2请求解决第2个问题"],
        ),
        ("来文", "来文日期", "{{ 来文.机关 }}", ["江北省信访局"]),
        ("办理事项", "日期", "{{ 事件名称 }}{{ 事件.序 }}", ["转送1", "送达2"]),
        ("信访件", "收到日期", "{{ 全部('送达')|count }}", [1]),
    ],
)
def test_a_row_can_be_any_part_of_a_record_that_reports_count(of, window, value, expected, desk):
    text = f'title = "簿"\nof = "{of}"\nwindow = "{window}"\n[[column]]\nhead = "栏"\nwidth = 9\nvalue = "{value}"\n'
    (desk.folder / "books").mkdir()
    (desk.folder / "books" / "own.toml").write_text(text, "utf-8")
    keep(
        desk,
        a_case(
            "2026-03-05",
            sent("2026-03-06", to(WATER)),
            service(1, "2026-03-07"),
            claims=(claim(1), claim(2)),
            registration={"sources": (source("江北省信访局", "2026-03-02"),)},
        ),
    )
    assert [row["栏"] for row in rows(desk, "own", "2026-03")] == expected


def test_what_is_added_up_must_be_a_number(desk, tmp_path):
    text = """
title = "簿"
of = "信访件"
window = "登记日期"
[[column]]
head = "人"
width = 9
value = "{{ 人次 }}人"
sum = true
"""
    (desk.folder / "books").mkdir()
    (desk.folder / "books" / "own.toml").write_text(text, "utf-8")
    keep(desk, a_case("2026-03-05"))
    with pytest.raises(BookInvalid, match="栏目“人”要合计，应为数，YZ-20260305-0001 的是“1人”"):
        write(desk, "own", "2026-03", tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


# --- 条例22 30·3 ----------------------------------------------------------------------------------------------


def accusation(*, asked: bool) -> Any:
    """A report of somebody, who is named, by somebody who is named; or a claim whose petitioner *asked* for protection."""
    reported = Respondent(kind=codes.RespondentKind.PERSON, name="周某山", unit="云州市青溪区某局")
    report: dict[str, Any] = {"purpose": codes.Purpose.REPORT, "path": codes.Path.REPORT}
    return a_case(
        "2026-03-05",
        sent("2026-03-06", to(DISCIPLINE), material=codes.Material.ABSTRACT, abstract="反映工程发包问题"),
        service(1, "2026-03-09", recipient="陆晚晴", receiver="陆晚晴", place="云州市东湖区梧桐巷7号"),
        claims=(claim(1, request="请求查处周某山", respondents=(reported,), **({} if asked else report)),),
        subject="工程发包问题",
        petitioners=(person(workplace="某某机械厂"),),
        confidentiality=Confidentiality(protection=True) if asked else None,
    )


def text_of(found: list[dict[str, Any]]) -> str:
    return "".join(str(value) for row in found for value in row.values())


def shown(office: Office, *, full: bool) -> str:
    return "".join(
        text_of(rows(office, slug, "2026-03", full=full)) for slug in ("letters", "service", "own")
    )


@pytest.fixture
def own_book(desk: Office) -> Callable[[], None]:
    """A book that shows whatever it can."""
    values = ("{{ 信访人.姓名 }}", "{{ 信访人.联系电话|顿号 }}", "{{ 诉求.请求 }}", "{{ 诉求.被反映人.名称 }}",
              "{{ 信访人.工作单位 }}", "{{ 受文 }}")  # fmt: skip
    columns = "".join(
        f'[[column]]\nhead = "{n}"\nwidth = 9\nvalue = "{value}"\n' for n, value in enumerate(values)
    )

    def place() -> None:
        (desk.folder / "books").mkdir()
        text = f'title = "全"\nof = "信访件"\nwindow = "登记日期"\n{columns}'
        (desk.folder / "books" / "own.toml").write_text(text, "utf-8")

    return place


SECRETS = ("陆晚晴", "云州市东湖区梧桐巷7号", "19900001999", "周某山", "某某机械厂")


@pytest.mark.parametrize("asked", [False, True])
def test_a_book_tells_neither_who_reported_somebody_nor_whom(asked, desk, own_book):
    """Whether the claim is 检举控告, or the petitioner asked for protection of an ordinary one."""
    own_book()
    keep(desk, accusation(asked=asked))
    hidden, full = shown(desk, full=False), shown(desk, full=True)
    for secret in SECRETS:
        assert secret not in hidden, secret
        assert secret in full, secret
    assert HIDDEN in hidden
    assert HIDDEN not in full


def test_in_other_matters_nothing_is_hidden(desk):
    keep(desk, a_case("2026-03-05"))
    assert rows(desk, "来信", "2026-03")[0]["来信人"] == "陆晚晴"


def test_the_samples_keep_their_accuser_out_of_the_files(samples, tmp_path):
    accused = next(r for r in records() if r.attrib["编号"] == "YZ-20260415-0002")
    name = said(accused, "信访人/姓名")
    assert name
    for slug in ("letters", "referrals"):
        hidden = write(samples, slug, "2026-04", tmp_path / "h", formats={"xlsx"})
        full = write(samples, slug, "2026-04", tmp_path / "f", formats={"xlsx"}, full=True)
        assert name not in text_of(sheet(hidden.files[0]))
        assert name in text_of(sheet(full.files[0]))


def test_what_stands_in_no_record_is_no_name_of_a_book(samples):
    """No book asks for what the record has no room for (R48): every column goes through the record's own plan."""
    for book in books_of(samples).values():
        for column in book.columns:
            assert not any(
                word in column.head for word in ("稳控", "重点人员", "缠访", "闹访", "失信", "扬言")
            )
