"""Reports with numbers: issued once, told when the records say something else, and proved by what is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import zipfile

import pytest
from click.testing import CliRunner

from tests.production.desks import SAMPLES, entries, issued, office_in
from xfdocs.cli import cli
from xfdocs.errors import EntryUnknown, PeriodOpen, UsageFault
from xfdocs.office import Office
from xfdocs.production.voiding import void
from xfdocs.register.faults import Gravity, Trouble
from xfdocs.register.register import Register
from xfdocs.register.verify import verify
from xfdocs.reports.figures import drawn
from xfdocs.reports.issuing import issue_reports
from xfdocs.reports.keeping import Paper
from xfdocs.reports.reporting import desk_of, names_for, report_of
from xfdocs.reports.units import sheets_of
from xfdocs.rules.period import Period

TODAY = dt.date(2026, 11, 23)
CASES = ("YZ-20260706-0012", "YZ-20260914-0025")
"""Two records, of the water and of the labour bureau."""
WATER, LABOUR, DISTRICT = "云州市水务局", "云州市人力资源和社会保障局", "云州市青溪区人民政府"


def papers_of(office, period="2026Q3", *, circular=False, on=TODAY):
    with desk_of(office, on=on) as desk:
        own = []
        if circular:
            report = report_of(desk, "circular", Period.parse(period))
            own = [Paper(report, "", names_for(report, office), drawn(report, desk))]
        return own + [
            Paper(one.report, one.unit, one.names, {}, one.lists)
            for one in sheets_of(desk, Period.parse(period)).sheets
        ]


def run(office, papers=None, *, formats=("docx",), on=TODAY, **more):
    return list(issue_reports(papers or papers_of(office), office, on=on, formats=formats, **more))


def faults(office):
    with Register.open(office) as register:
        return list(verify(register, office))


def files(office):
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for place in ("issued", "reports")
        for path in sorted((office.folder / place).glob("*/**/[!.]*"))
        if path.is_file()
    }


def add(office, case):
    (office.folder / "cases" / f"{case}.xml").write_bytes((SAMPLES / "cases" / f"{case}.xml").read_bytes())


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """An office with its sheets issued."""
    office = office_in(tmp_path_factory.mktemp("ready") / "office", CASES)
    assert [one.state for one in run(office)] == ["issued"] * 2
    return office.folder


@pytest.fixture
def office(ready, tmp_path):
    shutil.copytree(ready, tmp_path / "office")
    return Office.open(tmp_path / "office")


def test_each_unit_has_its_number_in_the_order_of_the_office(office):
    assert [(e["number"], e["kind"], e["event"], e["recorded"]) for e in entries(office)] == [
        ("云信单通字〔2026〕1号", "unit-circular", 1, True),
        ("云信单通字〔2026〕2号", "unit-circular", 2, True),
    ]
    with Register.open(office) as register:
        assert [e.recipients for e in register.entries()] == [(WATER,), (LABOUR,)]
        assert len(register.find("2026q3")) == 2
        with pytest.raises(EntryUnknown):
            register.find("2026Q2")
    assert faults(office) == []
    text = zipfile.ZipFile(office.folder / "issued/报表2026Q3/01-单位信访工作情况通报.docx").read("word/document.xml").decode()  # fmt: skip
    assert "云信单通字〔2026〕1号" in text
    assert WATER in text
    assert LABOUR not in text


def test_asked_again_on_a_later_day_the_same_numbers_and_the_same_bytes_are_there(office):
    before = files(office)
    outcomes = run(office, on=dt.date(2027, 1, 4))
    assert [(one.state, one.number, one.date, one.why) for one in outcomes] == [
        ("existing", f"云信单通字〔2026〕{n}号", "2026-11-23", "") for n in (1, 2)
    ]
    assert files(office) == before


def test_what_was_issued_stays_when_the_records_say_something_else(office):
    """Only the sheets that the new record changes are told of; the new unit comes last, whatever its place in the office."""
    add(office, "YZ-20260622-0017")
    before = files(office)
    outcomes = {one.number: one for one in run(office)}
    assert [(one.state, bool(one.why)) for one in outcomes.values()] == [
        ("existing", True),
        ("existing", False),
        ("issued", False),
    ]
    assert "不一致，没有改动" in outcomes["云信单通字〔2026〕1号"].why
    assert before.items() <= files(office).items()
    with Register.open(office) as register:
        assert [(e.event, e.recipients[0]) for e in register.entries()] == [(1, WATER), (2, LABOUR), (3, DISTRICT)]  # fmt: skip
    assert faults(office) == []


def test_a_record_of_another_time_changes_nothing(office):
    """The number of all records stands in the notes of a report, and decides nothing."""
    add(office, "YZ-20261102-0018")
    papers = papers_of(office, circular=True)
    assert [one.state for one in run(office, papers)] == ["issued", "existing", "existing"]
    add(office, "YZ-20261103-0008")
    again = papers_of(office, circular=True)
    assert again[0].report.notes != papers[0].report.notes
    assert [(one.state, one.why) for one in run(office, again)] == [("existing", "")] * 3


def test_a_void_sheet_is_made_again_with_a_new_number_and_both_are_proved(office):
    with Register.open(office) as register:
        assert void(register, office, register.find_one("云信单通字〔2026〕1号"), "数字有误") is None
    assert faults(office) == []
    before = files(office)
    assert [(one.state, one.number) for one in run(office)] == [
        ("issued", "云信单通字〔2026〕3号"),
        ("existing", "云信单通字〔2026〕2号"),
    ]
    assert before.items() <= files(office).items()
    assert faults(office) == []
    assert [(e["number"], e["event"], e["ordinal"], e["state"]) for e in entries(office)][-1] == (
        "云信单通字〔2026〕3号", 1, 2, "issued",
    )  # fmt: skip


def test_a_format_that_lacks_is_added_to_what_was_issued(office):
    before = files(office)
    add(office, "YZ-20261102-0018")
    outcomes = run(office, formats=("docx", "pdf"), on=dt.date(2026, 12, 1))
    assert [(one.state, one.added, one.why) for one in outcomes] == [("existing", ("pdf",), "")] * 2
    assert before.items() < files(office).items()
    assert faults(office) == []


def test_no_format_is_added_to_what_would_be_said_otherwise_now(office):
    add(office, "YZ-20260622-0017")
    outcomes = run(office, formats=("docx", "pdf"))
    assert [(set(one.files), bool(one.why)) for one in outcomes] == [
        ({"docx"}, True),
        ({"docx", "pdf"}, False),
        ({"docx", "pdf"}, False),
    ]
    assert faults(office) == []


def test_kept_data_that_was_touched_is_found_and_nothing_is_said_of_the_sheet(office):
    data = next((office.folder / "reports").glob("2026Q3/data/unit-circular-01-*.json"))
    data.write_text(data.read_text("utf-8").replace('"1"', '"2"'), "utf-8")
    (fault,) = faults(office)
    assert (fault.trouble, fault.gravity) == (Trouble.RECORD, Gravity.BROKEN)
    assert "云信单通字〔2026〕1号" in fault.what
    outcomes = run(office)
    assert "没有核对" in outcomes[0].why
    assert outcomes[1].why == ""
    data.unlink()
    (fault,) = faults(office)
    assert "不在了" in fault.what


def test_a_period_that_is_not_over_gets_no_number(office):
    before = entries(office)
    with pytest.raises(PeriodOpen, match="2026-12-31 才结束"):
        run(office, papers_of(office, "2026Q4"))
    assert entries(office) == before


def test_a_unit_whose_name_cannot_be_printed_gets_no_number_and_the_others_do(tmp_path):
    office = office_in(tmp_path / "office", CASES)
    papers = papers_of(office)
    (bad,) = (Paper(p.report, "\ue123局", {**p.names, "受文单位": "\ue123局"}) for p in papers[:1])
    outcomes = run(office, [bad, *papers])
    assert [(one.state, one.number) for one in outcomes] == [
        ("refused", ""),
        ("issued", "云信单通字〔2026〕1号"),
        ("issued", "云信单通字〔2026〕2号"),
    ]
    assert outcomes[0].why.startswith("\ue123局：")
    assert faults(office) == []


def test_a_case_that_is_called_like_a_period_has_nothing_to_do_with_its_reports(office):
    path = office.folder / "cases" / "YZ-20260914-0025.xml"
    path.write_bytes(path.read_bytes().replace(b"YZ-20260914-0025", b"2026Q3"))
    outcomes = issued(office)
    assert {one.state for one in outcomes} == {"issued"}
    assert len([one for one in outcomes if one.case == "2026Q3"]) > 1
    assert faults(office) == []
    assert "单位信访工作情况通报" not in path.read_text("utf-8")


def test_sheets_made_by_several_processes_are_the_same(office, tmp_path, monkeypatch):
    monkeypatch.setattr("xfdocs.reports.issuing.chunk_size", lambda _: 1)
    other = office_in(tmp_path / "other", CASES)
    run(other, jobs=2)
    relative = {path.relative_to(other.folder): digest for path, digest in files(other).items()}
    assert relative == {path.relative_to(office.folder): digest for path, digest in files(office).items()}


def test_a_run_that_was_broken_off_is_gone_on_with_by_what_the_records_say_then(tmp_path, monkeypatch):
    """The numbers stay; the data of what was never issued does not."""
    office = office_in(tmp_path / "office", CASES)

    def gone(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Register, "issue", gone)
        with pytest.raises(KeyboardInterrupt):
            run(office)
    assert [entry["state"] for entry in entries(office)] == ["reserved"] * 2
    assert {fault.gravity for fault in faults(office)} == {Gravity.UNFINISHED, Gravity.NOTICE}
    add(office, "YZ-20260622-0017")
    told = []
    outcomes = run(office, tell=told.append)
    assert [(one.state, one.number) for one in outcomes] == [
        ("issued", f"云信单通字〔2026〕{n}号") for n in (1, 2, 3)
    ]
    assert "从断开的地方接着做" in told[0]
    with Register.open(office) as register:
        kept = {office.folder / entry.record for entry in register.entries()}
    assert set((office.folder / "reports").glob("2026Q3/data/*")) == kept
    assert faults(office) == []


def test_the_command_gives_a_line_of_json_for_each_document_and_no_number_to_a_public_version(office):
    words = [
        "report",
        "quarterly",
        "2026Q3",
        "--per-unit",
        "--issue",
        "--format",
        "docx",
        "--on",
        "2026-11-23",
    ]
    words += ["--office", str(office.folder)]
    refused = CliRunner().invoke(cli, [*words, "--public"])
    assert isinstance(refused.exception, UsageFault)
    assert len(entries(office)) == 2
    result = CliRunner().invoke(cli, [*words, "--json"])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["kind"], one["unit"], one["state"]) for one in told] == [
        ("circular", "", "issued"),
        ("unit-circular", WATER, "existing"),
        ("unit-circular", LABOUR, "existing"),
    ]
    assert told[0]["number"] == "云信通字〔2026〕1号"
    assert faults(office) == []
