"""`validate` and `due`: what is wrong with records, what is due; for people and for programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders import WATER, a_case, office_in, person, saved, to, transfer
from tests.cli.runs import tree, xfdocs
from tests.samples.corpus import cases
from xfdocs.record.derived import as_of
from xfdocs.record.events import Reply
from xfdocs.resources import shipped

SAMPLES = shipped("samples", "office")
TODAY = "2026-11-23"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_in(tmp_path / "单位").folder


def broken(folder: Path) -> Path:
    path = folder / "cases" / "YZ-20260101-0001.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<信访事项", "utf-8")
    return path


# --- validate -------------------------------------------------------------------------------------------


def test_all_samples_are_accepted():
    run = xfdocs("validate", SAMPLES, "--json")
    assert run.code == 0
    files = run.json["files"]
    assert len(files) == len(list((SAMPLES / "cases").glob("*.xml")))
    assert {file["verdict"] for file in files} == {"accepted"}


def test_a_report_for_programs_has_the_keys_of_the_contract(office):
    saved(a_case("2026-07-01"), office / "cases")
    broken(office)
    run = xfdocs("validate", "cases", "--json", cwd=office)
    assert run.code == 1
    assert set(run.json) == {"files"}
    bad, good = run.json["files"]
    assert set(bad) == set(good) == {"path", "case", "verdict", "findings"}
    assert (good["case"], good["verdict"]) == ("YZ-20260701-0001", "accepted")
    assert bad["verdict"] == "rejected"
    for finding in bad["findings"]:
        assert set(finding) == {"code", "severity", "line", "path", "message", "basis"}
    assert "共 2 件" in run.err


def test_for_people_the_report_says_file_verdict_line_and_what_to_do(office):
    path = broken(office)
    run = xfdocs("validate", "cases", cwd=office)
    assert run.code == 1
    assert run.err == ""
    assert f"cases/{path.name}  不通过" in run.out
    assert re.search(r"错误 X\d\d 第 1 行", run.out)
    assert "共 1 件：通过 0 件，不通过或者不能确定 1 件。" in run.out


def test_quietly_only_what_is_wrong_is_told(office):
    saved(a_case("2026-07-01"), office / "cases")
    run = xfdocs("validate", "cases", "-q", cwd=office)
    assert run.code == 0
    assert "提示" not in run.out


def test_a_file_named_twice_is_read_once(office):
    path = saved(a_case("2026-07-01"), office / "cases")
    assert len(xfdocs("validate", path, "cases", path, "--json", cwd=office).json["files"]) in {1, 2}
    assert len(xfdocs("validate", path, path, "--json", cwd=office).json["files"]) == 1


def test_reading_changes_nothing(office):
    saved(a_case("2026-07-01"), office / "cases")
    before = tree(office)
    xfdocs("validate", "cases", cwd=office)
    xfdocs("due", cwd=office)
    xfdocs("kinds", cwd=office)
    assert tree(office) == before


# --- due ------------------------------------------------------------------------------------------------


def test_due_for_programs_has_the_keys_of_the_contract():
    run = xfdocs("due", "--office", SAMPLES, "--on", TODAY, "--json")
    assert (run.code, run.err) == (0, "")
    wanted = {"case", "limit", "basis", "start", "due", "due_rolled", "days_left", "state", "actor"}
    assert run.json
    for row in run.json:
        assert wanted <= set(row)
        assert row["state"] in {"running", "overdue", "unknown"}
    dues = [row["due"] for row in run.json if row["due"]]
    assert dues == sorted(dues), "the most urgent first"


def test_due_for_people_is_a_table_with_its_sum():
    run = xfdocs("due", "--office", SAMPLES, "--on", TODAY)
    assert run.code == 0
    assert f"{TODAY} 正在走的期限" in run.out
    rows = xfdocs("due", "--office", SAMPLES, "--on", TODAY, "--json").json
    overdue = sum(row["state"] == "overdue" for row in rows)
    assert f"共 {len(rows)} 个：已超期 {overdue}" in run.out


def test_due_of_one_record_only():
    run = xfdocs(
        "due", SAMPLES / "cases" / "YZ-20261102-0018.xml", "--office", SAMPLES, "--on", TODAY, "--json"
    )
    (row,) = run.json
    assert (row["due"], row["days_left"], row["state"]) == ("2026-11-17", -6, "overdue")
    assert row["basis"] == "《信访工作条例》第二十二条第一款"


def test_working_days_of_a_year_that_is_not_published_are_said_to_be_unknown(office):
    """R30: 2026-12-28 and five working days; the notice for 2027 is not loaded."""
    case = a_case("2026-12-24", transfer("2026-12-25", to(WATER, "2026-12-28")))
    saved(case, office / "cases")
    run = xfdocs("due", "--on", "2026-12-29", "--json", cwd=office)
    assert run.code == 1
    (row,) = [row for row in run.json if row["due"] is None]
    assert (row["state"], row["start"], row["days_left"]) == ("unknown", "2026-12-28", None)
    assert "2027" in row["note"]
    told = xfdocs("due", "--on", "2026-12-29", cwd=office)
    assert told.code == 1
    assert "2027" in told.out
    assert "不能推算 1" in told.out


def test_a_service_that_was_not_recorded_is_no_failure_of_the_command(tmp_path):
    case = next(c for c in cases() if c.id == "YZ-20260918-0026")
    answered = next(e for e in case.events if isinstance(e, Reply))
    path = saved(as_of(case, answered), tmp_path)
    run = xfdocs("due", path, "--office", SAMPLES, "--on", TODAY, "--json")
    assert run.code == 0
    (row,) = [row for row in run.json if row["limit"] == "请求复查"]
    assert (row["state"], row["start"], row["due"]) == ("unknown", None, None)


def test_a_refused_record_is_named_and_the_clocks_of_the_others_are_told(office):
    path = broken(office)
    saved(a_case("2026-11-16"), office / "cases")
    run = xfdocs("due", "--on", TODAY, "--json", cwd=office)
    assert run.code == 1
    assert path.name in run.err
    assert [row["limit"] for row in run.json] == ["登记后转送、交办"]


def test_the_day_is_today_if_none_is_named(office):
    saved(a_case("2026-11-16", petitioners=(person("钟灵"),)), office / "cases")
    assert xfdocs("due", cwd=office).code == 0


# --- kinds ----------------------------------------------------------------------------------------------


def test_the_catalogue_for_people_and_for_programs():
    run = xfdocs("kinds", "--office", SAMPLES, "--json")
    assert (run.code, run.err) == (0, "")
    assert sum(not (kind["report"] or kind["archive"]) for kind in run.json) == 14
    assert sum(kind["report"] for kind in run.json) == 6
    for kind in run.json:
        assert {"slug", "title", "code", "layout", "recipient", "event", "about"} <= set(kind)
    shown = xfdocs("kinds", "--office", SAMPLES)
    assert shown.code == 0
    for kind in run.json:
        assert kind["title"] in shown.out
        assert kind["slug"] in shown.out


def test_the_catalogue_shows_the_layout_that_the_office_has_settled(tmp_path):
    folder = office_in(tmp_path / "单位", '\n[kinds.supervision-letter]\nlayout = "redhead"\n').folder
    shown = xfdocs("kinds", "--office", folder)
    row = next(line for line in shown.out.splitlines() if "supervision-letter" in line)
    assert "redhead" in row
    settled = {kind["slug"]: kind["layout"] for kind in xfdocs("kinds", "--office", folder, "--json").json}
    assert settled["supervision-letter"] == "redhead"
