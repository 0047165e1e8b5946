"""Reports over whole offices: what they count, that all their forms agree, and what they say when something is wrong."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
from contextlib import contextmanager

import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner
from docx import Document as WordDocument

from tests.builders import a_case, an, assignment, claim, day, opinion, reply, service, to, transfer
from tests.reports.desks import office_with
from tests.tools import needs
from xfdocs.cli import cli
from xfdocs.errors import OfficeInvalid
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.events import Acceptance, Basis, Closure, Evaluation, Extension, Feedback
from xfdocs.record.model import Counts
from xfdocs.record.writer import write_case
from xfdocs.reports.as_json import as_json
from xfdocs.reports.model import Place
from xfdocs.reports.publishing import publish
from xfdocs.reports.reporting import check_totals, desk_of, report_of
from xfdocs.reports.tabulate import change_of
from xfdocs.reports.targets import targets_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

TODAY = dt.date(2026, 11, 23)
WATER = "云州市水务局"
SLUGS = {
    "monthly-statistics": "2026-09",
    "circular": "2026Q3",
    "annual-report": "2025",
    "special-report": "2026H1",
}


def put(office, *cases, folder="cases"):
    for case in cases:
        path = office.folder / folder / f"{case.id}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_case(case))


@contextmanager
def desk(office, on=TODAY):
    with desk_of(office, on=on) as opened:
        yield opened


def number(office, slug, period, table, line, column="本期", on=TODAY):
    with desk(office, on) as opened:
        assert not opened.left_out
        return report_of(opened, slug, Period.parse(period)).table(table).number(Place(line, column))


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
    return Office.open(folder)


@pytest.fixture(scope="module")
def made(samples):
    with desk_of(samples, on=TODAY) as opened:
        yield opened, {slug: report_of(opened, slug, Period.parse(p)) for slug, p in SLUGS.items()}


def numbers_of(report):
    for table in report.tables:
        for line in table.lines:
            for column, one in zip(table.columns, line.numbers, strict=True):
                yield table, line, column, one


# --- totals and traces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_totals_are_the_sums_of_their_parts(made, slug):
    report = made[1][slug]
    assert sum(len(table.sums) for table in report.tables) > 10
    check_totals(report.tables)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_derived_number_follows_from_the_numbers_beside_it(made, slug):
    checked = 0
    for table in made[1][slug].tables:
        for one in table.quotients:
            value, above, below = (table.number(place) for place in (one.value, one.above, one.below))
            if one.change:
                assert value.value == change_of(above, below).value
            elif below.value:
                assert value.value * below.value == above.value
            else:
                assert value.value is None
            checked += 1
    assert checked > 10


@pytest.mark.parametrize("slug", SLUGS)
def test_every_counted_number_lists_the_cases_it_counted(made, slug):
    opened, reports = made
    told = as_json(reports[slug], opened.counter)
    counts = 0
    for table in told["tables"]:
        for line in table["lines"]:
            for one in line["numbers"].values():
                if (
                    "cases" not in one
                    or one["unit"] in {"人次", "项", "次", "天", "%", ""}
                    or one["value"] is None
                ):
                    continue
                assert len(one["cases"]) == one["value"], (table["title"], line["head"])
                counts += 1
    assert counts > 30


@pytest.mark.parametrize("slug", SLUGS)
def test_every_rate_has_its_numerator_denominator_window_and_definition(made, slug):
    opened, reports = made
    told = as_json(reports[slug], opened.counter)["indicators"]
    assert told
    for one in told:
        assert {"id", "numerator", "denominator", "window", "filter", "basis"} <= set(one)
        assert one["definition"]
        if one["denominator"] == 0:
            assert one["text"] == "—"


# --- one report, four forms ---------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=sorted(SLUGS))
def published(request, made, tmp_path_factory):
    opened, reports = made
    report = reports[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    files = {
        path.suffix: path
        for path in publish(
            report,
            opened.office,
            folder,
            names={"报送": None},
            figures={"走势": (), "形式": (), "单位": (), "时限": ()},
        )
    }
    return report, files


def test_docx_pdf_xlsx_say_the_same_numbers(published):
    report, files = published
    word = [
        [cell.text for cell in row.cells]
        for table in WordDocument(str(files[".docx"])).tables
        for row in table.rows
    ]
    pages = pypdfium2.PdfDocument(files[".pdf"])
    pdf = "".join(page.get_textpage().get_text_bounded() for page in pages)
    pages.close()
    squeezed = "".join(pdf.split())
    book = openpyxl.load_workbook(files[".xlsx"], data_only=True)
    sheets = [book[name] for name in book.sheetnames if name != "附注"]
    assert len(sheets) == len(report.tables)
    for table, sheet in zip(report.tables, sheets, strict=True):
        rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=4, values_only=True)}
        for line in table.lines:
            head = f"其中：{line.head}" if line.part == "of-which" else line.head
            texts = [one.text for one in line.numbers]
            assert [head, *texts] in word, (table.title, line.head)
            assert "".join([head, *texts]).replace(" ", "") in squeezed, (table.title, line.head)
            for one, cell in zip(line.numbers, rows[head], strict=False):
                if one.value is None or one.words:
                    assert cell == one.text
                else:
                    assert cell == pytest.approx(float(one.value))


def test_the_formulas_of_the_workbook_give_what_was_counted(published, tmp_path):
    """Recalculated by LibreOffice from the formulas alone, totals and rates are what the report says."""
    report, files = published
    needs("soffice")
    bare = openpyxl.load_workbook(
        files[".xlsx"]
    )  # openpyxl keeps formulas and drops their remembered results
    formulas = sum(str(c.value).startswith("=") for s in bare for row in s.iter_rows() for c in row)
    assert formulas > 20
    source = tmp_path / "bare.xlsx"
    bare.save(source)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [
            "soffice",
            home,
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            tmp_path / "out",
            source,
        ],
        check=True,
        capture_output=True,
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    for table, name in zip(report.tables, book.sheetnames, strict=False):
        rows = {row[0]: row[1:] for row in book[name].iter_rows(min_row=4, values_only=True)}
        for line in table.lines:
            head = f"其中：{line.head}" if line.part == "of-which" else line.head
            for one, cell in zip(line.numbers, rows[head], strict=False):
                if one.value is not None and not one.words:
                    assert cell == pytest.approx(float(one.value), abs=1e-9), (table.title, line.head)


def test_the_same_report_has_the_same_bytes_again(made, tmp_path):
    opened, reports = made
    for slug, report in reports.items():
        bare = {"names": {"报送": None}, "figures": {"走势": (), "形式": (), "单位": (), "时限": ()}}
        first = [p.read_bytes() for p in publish(report, opened.office, tmp_path / slug / "a", **bare)]
        second = [p.read_bytes() for p in publish(report, opened.office, tmp_path / slug / "b", **bare)]
        assert first == second


# --- what a definition counts, to the day ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "month"),
    [
        ("2026-08-31", "2026-08"),
        ("2026-09-01", "2026-09"),
        ("2026-09-30", "2026-09"),
        ("2026-10-01", "2026-10"),
    ],
)
def test_a_matter_is_counted_in_the_month_of_its_registration(tmp_path, registered, month):
    office = office_with(tmp_path)
    put(office, a_case("2026-08-20", registered=day(registered)))
    counted = {
        m: number(office, "monthly-statistics", m, "总量", "来信（件）").value
        for m in ("2026-08", "2026-09", "2026-10")
    }
    assert counted == {m: int(m == month) for m in counted}


def handled(replied=None, *more):
    """Accepted on 1 September: 60 days end on 31 October."""
    events = [transfer("2026-08-25", to(WATER, "2026-08-26")), an(Acceptance, "2026-09-01", WATER)]
    events += (
        [
            reply(
                replied,
                WATER,
                opinion(
                    bases=(Basis(name="云州市城市供水管理办法", provision="第十二条"),),
                    explanation="水压符合标准，请求不予支持",
                ),
                signer="陆行舟",
            )
        ]
        if replied
        else []
    )
    return a_case("2026-08-20", *events[:2], *more, *events[2:])


@pytest.mark.parametrize(
    ("replied", "kept", "late", "left"),
    [("2026-10-31", 1, 0, 0), ("2026-11-01", 0, 0, 1), (None, 0, 0, 1), ("2026-09-02", 1, 0, 0)],
)
def test_a_limit_is_counted_in_the_month_in_which_it_ends_as_it_stood_at_the_end_of_that_month(
    tmp_path, replied, kept, late, left
):
    office = office_with(tmp_path)
    put(office, handled(replied))
    for month, due in (("2026-09", 0), ("2026-10", 1), ("2026-11", 0)):
        asked = [
            number(office, "monthly-statistics", month, "期限", head).value
            for head in ("到期应办", "按期办结", "超期办结", "超期未办结")
        ]
        assert asked == ([1, kept, late, left] if due else [0, 0, 0, 0]), month


def test_a_limit_that_ended_in_the_quarter_and_was_kept_late_within_it_is_late(tmp_path):
    office = office_with(tmp_path)
    put(office, handled("2026-11-05"))
    asked = [
        number(office, "circular", "2026Q4", "办理", WATER, head).value
        for head in ("到期应办", "按期办结", "超期办结", "超期未办结")
    ]
    assert asked == [1, 0, 1, 0]


def test_an_extension_moves_the_limit_into_the_month_in_which_it_ends_then(tmp_path):
    office = office_with(tmp_path)
    put(
        office,
        handled(
            "2026-11-20",
            an(
                Extension,
                "2026-10-20",
                WATER,
                days=20,
                reason="需要检测",
                approver="陆行舟",
                approver_post="局长",
                approved=day("2026-10-19"),
            ),
        ),
    )
    assert number(office, "monthly-statistics", "2026-10", "期限", "到期应办").value == 0
    assert number(office, "monthly-statistics", "2026-11", "期限", "按期办结").value == 1


def test_what_is_not_due_yet_is_in_no_rate(tmp_path):
    office = office_with(tmp_path)
    put(office, handled())
    before = number(office, "monthly-statistics", "2026-10", "指标", "I03", on=dt.date(2026, 10, 15))
    assert (before.text, before.denominator) == ("—", 0)
    after = number(office, "monthly-statistics", "2026-10", "指标", "I03")
    assert (after.text, after.denominator) == ("0.00%", 1)


def test_an_assignment_is_reported_back_in_time_or_late_by_its_own_day(tmp_path):
    office = office_with(tmp_path)
    sent = assignment("2026-07-06", to(WATER, "2026-07-07"), deadline=day("2026-08-31"))
    put(
        office,
        a_case("2026-07-01", sent, an(Feedback, "2026-09-01", WATER, of=1, unit=WATER, content="办结")),
    )
    asked = [
        number(office, "circular", "2026Q3", "交办", WATER, head).text
        for head in ("到期应报结", "按期报结", "超期报结", "超期未报结", "按期报结率")
    ]
    assert asked == ["1", "0", "1", "0", "0.00%"]


def test_an_answer_that_was_not_served_is_told_of_its_unit(tmp_path):
    office = office_with(tmp_path)
    put(office, handled("2026-09-20"))
    assert number(office, "circular", "2026Q3", "送达", WATER, "未送达").value == 1
    put(
        office,
        handled(
            "2026-09-20",
        ),
    )
    served = handled("2026-09-20")
    put(office, a_case("2026-08-20", *served.events, service(3, "2026-09-22", "2026-09-24")))
    assert number(office, "circular", "2026Q3", "送达", WATER, "未送达").value == 0


def test_an_answer_served_after_the_period_was_not_served_in_it(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-08-20", *handled("2026-09-20").events, service(3, "2026-09-29", "2026-10-01")))
    assert number(office, "circular", "2026Q3", "送达", WATER, "未送达").value == 1


def test_a_visit_of_five_is_a_collective_one_and_one_of_four_is_not(tmp_path):
    office = office_with(tmp_path)
    for n, count in enumerate((4, 5, 12)):
        case = a_case(
            "2026-09-01", id=f"YZ-20260901-000{n}", channel=codes.Channel.VISIT, counts=Counts(visitors=count)
        )
        put(office, case)
    asked = [
        number(office, "monthly-statistics", "2026-09", "总量", head).value
        for head in ("来访（批）", "集体访（批）", "来访人次", "集体访人次")
    ]
    assert asked == [3, 2, 21, 17]


def test_satisfaction_is_counted_for_each_of_those_evaluated(tmp_path):
    office = office_with(tmp_path)
    said = [
        an(Evaluation, "2026-09-25", of=codes.EvaluationOf.UNIT, result=codes.Satisfaction.NOT),
        an(Evaluation, "2026-09-26", of=codes.EvaluationOf.OFFICE, result=codes.Satisfaction.FAIRLY),
    ]
    put(office, a_case("2026-08-20", *handled("2026-09-20").events, *said))
    assert number(office, "monthly-statistics", "2026-09", "满意度", "不满意", "对责任单位").value == 1
    assert number(office, "monthly-statistics", "2026-09", "指标", "I04-信访部门").text == "100.00%"
    assert number(office, "monthly-statistics", "2026-09", "指标", "I04-责任单位").text == "0.00%"


# --- independence and awkward offices ---------------------------------------------------------------------------


def test_counts_do_not_depend_on_where_files_lie_or_in_which_order_they_are_read(samples, made, tmp_path):
    files = sorted((samples.folder / "cases").glob("*.xml"))
    random.Random(7).shuffle(files)
    shutil.copy(samples.folder / "xfdocs.toml", tmp_path)
    for at, file in enumerate(files):
        place = tmp_path / "cases" / str(at % 3)
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
        attached = file.with_name(f"{file.stem}-附件")
        if attached.is_dir():
            shutil.copytree(attached, place / attached.name)
    with desk(Office.open(tmp_path)) as opened:
        for slug, report in made[1].items():
            again = report_of(opened, slug, Period.parse(SLUGS[slug]))
            assert again.tables == report.tables
            assert again.notes == report.notes


def test_a_record_that_became_invalid_is_named_and_left_out_and_the_report_says_how_many(tmp_path):
    office = office_with(tmp_path)
    put(office, handled(), a_case("2026-09-01", id="YZ-20260901-0001"))
    assert number(office, "monthly-statistics", "2026-09", "总量", "合计（件、批）").value == 1
    broken = office.folder / "cases" / "YZ-20260901-0001.xml"
    broken.write_text(broken.read_text("utf-8").replace("<形式>来信", "<形式>飞鸽"), "utf-8")
    with desk(office) as opened:
        report = report_of(opened, "monthly-statistics", Period.parse("2026-09"))
    assert report.table("总量").number(Place("合计（件、批）", "本期")).value == 0
    assert len(report.left_out) == 1
    assert "YZ-20260901-0001.xml" in report.left_out[0]
    assert any("有 1 份案件记录未通过校验" in note for note in report.notes)


def test_a_record_changed_since_is_counted_as_it_is_now(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-09-01", id="YZ-20260901-0001"))
    assert number(office, "monthly-statistics", "2026-09", "总量", "来信（件）").value == 1
    put(office, a_case("2026-09-01", id="YZ-20260901-0001", channel=codes.Channel.CALL))
    assert number(office, "monthly-statistics", "2026-09", "总量", "来信（件）").value == 0
    assert number(office, "monthly-statistics", "2026-09", "总量", "来电（件）").value == 1


def test_of_two_files_with_one_number_the_first_counts_and_the_other_is_named(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-09-01", id="YZ-20260901-0001"))
    put(office, a_case("2026-09-01", id="YZ-20260901-0001"), folder="cases/later")
    with desk(office) as opened:
        report = report_of(opened, "monthly-statistics", Period.parse("2026-09"))
    assert report.table("总量").number(Place("来信（件）", "本期")).value == 1
    assert len(report.left_out) == 1


def test_a_month_without_matters_is_zero_and_one_before_all_records_is_not(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-03-02"), a_case("2026-09-01", id="YZ-20260901-0001"))
    assert number(office, "monthly-statistics", "2026-06", "总量", "来信（件）").text == "0"
    assert number(office, "monthly-statistics", "2026-02", "总量", "来信（件）").text == "—"
    with desk(office) as opened:
        notes = report_of(opened, "monthly-statistics", Period.parse("2026-02")).notes
    assert any("没有资料与零不同" in note for note in notes)


def test_an_offices_own_table_and_indicator_are_printed_without_a_line_of_python(tmp_path):
    own = {
        "indicators/own.toml": '["信函"]\nname = "信函"\nof = "信访件"\nwindow = "收到日期"\nwhere = { "形式" = "来信" }\nsource = "本局"\nverified = false\n',
        "report-tables/special-report.toml": '["自定"]\ntitle = "本局自定"\nhead = "项目"\nshape = "对比"\ncolumns = ["本期"]\nlines = [{ head = "信函", count = "信函" }]\n',
    }
    office = office_with(tmp_path, own)
    put(office, a_case("2026-09-01"))
    assert number(office, "special-report", "2026", "自定", "信函").value == 1


# --- the command line -------------------------------------------------------------------------------------------


def ask(office, *words):
    return CliRunner().invoke(cli, ["report", *words, "--office", str(office.folder), "--on", str(TODAY)])


def test_a_month_that_is_not_over_says_so(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-11-02"))
    answer = ask(office, "monthly", "2026-11", "--format", "xlsx")
    assert answer.exit_code == 0, answer.output
    assert "2026年11月还没有结束，数字截至 2026-11-23" in answer.output


def test_a_file_that_somebody_worked_on_is_not_written_over(tmp_path):
    office = office_with(tmp_path)
    put(office, a_case("2026-09-02"))
    assert ask(office, "monthly", "2026-09", "--format", "docx").exit_code == 0
    file = office.folder / "reports" / "2026-09" / "信访统计月报.docx"
    assert ask(office, "monthly", "2026-09", "--format", "docx").exit_code == 0
    file.write_bytes(file.read_bytes() + b" ")
    again = ask(office, "monthly", "2026-09", "--format", "docx")
    assert type(again.exception).__name__ == "BookTouched"
    assert file.read_bytes().endswith(b" ")


def test_an_indicator_is_explained_with_the_cases_it_counted(tmp_path):
    office = office_with(tmp_path)
    put(office, handled("2026-10-30"))
    answer = ask(office, "monthly", "2026-10", "--explain", "I03")
    assert answer.exit_code == 0
    assert "100.00%（1/1）" in answer.output
    assert handled().id in answer.output
    assert type(ask(office, "monthly", "2026-10", "--explain", "I93").exception).__name__ == "MeasureUnknown"


def test_a_public_version_names_no_case_and_no_small_number(samples):
    answer = ask(samples, "quarterly", "2026Q3", "--public", "--json")
    told = json.loads(answer.stdout)
    assert told["public"] is True
    assert "cases" not in answer.stdout.replace('"cases/', "")
    values = [
        one["value"]
        for t in told["tables"]
        for line in t["lines"]
        for one in line["numbers"].values()
        if one["unit"] not in {"%", "天"}
    ]
    assert {0, 26} <= set(values)
    assert not {1, 2} & set(values)
    assert any(
        one.get("hidden") for t in told["tables"] for line in t["lines"] for one in line["numbers"].values()
    )


def test_json_has_the_numbers_of_the_tables(samples, made):
    told = json.loads(ask(samples, "monthly", "2026-09", "--json").stdout)
    report = made[1]["monthly-statistics"]
    expected = {(t.id, line.key, c.key): one.text for t, line, c, one in numbers_of(report)}
    got = {
        (t["id"], line["key"], key): one["text"]
        for t in told["tables"]
        for line in t["lines"]
        for key, one in line["numbers"].items()
    }
    assert got == expected


def test_on_its_last_day_a_period_still_goes_on(tmp_path):
    office = office_with(tmp_path)
    put(office, handled())
    asked = ("monthly-statistics", "2026-10", "期限", "超期未办结")
    assert number(office, *asked, on=dt.date(2026, 10, 31)).value == 0
    assert number(office, *asked, on=dt.date(2026, 11, 1)).value == 1
    answer = CliRunner().invoke(
        cli,
        ["report", "monthly", "2026-10", "--format", "xlsx", "--office", str(tmp_path), "--on", "2026-10-31"],
    )
    assert "2026年10月还没有结束" in answer.output


def test_an_explained_rate_names_every_matter_that_has_something_outside_the_numerator(tmp_path):
    """One kept and one missed limit in one matter: it stands in both lists."""
    office = office_with(tmp_path)
    put(office, a_case("2026-08-31", transfer("2026-09-02", to(WATER, "2026-09-03"))))
    answer = ask(office, "monthly", "2026-09", "--explain", "I01")
    assert "50.00%（1/2）" in answer.output
    assert answer.output.count("YZ-20260831-0001") == 2


def test_what_was_closed_and_answered_later_is_done_once(tmp_path):
    office = office_with(tmp_path)
    events = [*handled().events, an(Closure, "2026-09-10", manner="办结"), *handled("2026-10-05").events[2:]]
    put(office, a_case("2026-08-20", *events))
    done = [
        number(office, "monthly-statistics", month, "办理", "办结").value for month in ("2026-09", "2026-10")
    ]
    assert done == [1, 0]


def test_a_public_version_prints_this_period_alone_and_nothing_to_subtract(samples):
    told = json.loads(ask(samples, "monthly", "2026-09", "--public", "--json").stdout)
    columns = {column["key"] for table in told["tables"] for column in table["columns"]}
    assert not columns & {"上期", "去年同期", "累计", "环比", "同比"}
    assert (
        type(ask(samples, "monthly", "2026-09", "--public", "--explain", "收件").exception).__name__
        == "UsageFault"
    )


def test_what_looks_like_an_identity_or_mobile_number_stops_a_public_version(tmp_path):
    office = office_with(tmp_path)
    for n, category in enumerate(("99000019900307001X", "电话19912345678")):
        put(office, a_case("2026-09-01", id="YZ-20260901-0009", claims=(claim(category=category),)))
        answer = ask(office, "monthly", "2026-09", "--public", "--format", "xlsx")
        assert type(answer.exception).__name__ == "PersonalValueFound", n
        assert category not in str(answer.exception)
        assert not (office.folder / "reports" / "2026-09").exists()


def test_words_that_an_office_wrote_itself_are_searched_too(tmp_path):
    wording = (shipped("templates", "monthly-statistics") / "wording.md").read_text("utf-8")
    office = office_with(
        tmp_path, {"templates/monthly-statistics/wording.md": wording + "\n本月陆晚晴来信。\n"}
    )
    put(office, a_case("2026-09-01"))
    answer = ask(office, "monthly", "2026-09", "--public", "--format", "docx")
    assert type(answer.exception).__name__ == "PersonalValueFound"


@pytest.mark.parametrize("target", [">98", ">=150%"])
def test_a_target_of_a_rate_is_a_rate(tmp_path, target):
    with pytest.raises(OfficeInvalid, match="比率写成 0% 至 100%"):
        targets_of(office_with(tmp_path, settings=f'[reports.targets]\nI03 = "{target}"\n'))


@pytest.mark.parametrize("target", ["≥98%", "不低于98%", ">= 98%"])
def test_a_target_may_be_written_in_words(tmp_path, target):
    found = targets_of(office_with(tmp_path, settings=f'[reports.targets]\nI03 = "{target}"\n'))["I03"]
    assert (found.words, found.compares) == ("不低于98%", ">=")


def test_the_monthly_return_is_made_from_the_command_line(samples):
    answer = ask(samples, "return", "2026-09", "--format", "pdf")
    assert answer.exit_code == 0, answer.output
