"""`draft`: documents without a number, into one folder a case; what is refused, what is left alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import docx
import pytest

from tests.builders import DISTRICT, WATER, a_case, an, office_in, person, saved, to, transfer
from tests.cli.runs import tree, xfdocs
from tests.disks import a_full_disk
from xfdocs.record.events import Acceptance

EVENTS = (transfer("2026-07-03", to(WATER, "2026-07-06")), an(Acceptance, "2026-07-10", WATER))
CASE = a_case("2026-07-01", *EVENTS)
ID = CASE.id


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = office_in(tmp_path / "云州 信访局").folder
    saved(CASE, folder / "cases")
    return folder


def test_both_formats_stand_side_by_side_under_one_name(office):
    run = xfdocs("draft", "受理告知书", "cases", "-o", "草稿", cwd=office)
    assert run.code == 0, run.err
    assert list(tree(office / "草稿")) == [f"{ID}/02-受理告知书.docx", f"{ID}/02-受理告知书.pdf"]
    assert "生成草稿 1 份" in run.out
    assert run.err == ""


@pytest.mark.parametrize("suffix", ["docx", "pdf"])
def test_one_format_if_one_is_asked_for(office, suffix):
    xfdocs("draft", "B1", "cases", "-o", "out", "--format", suffix, cwd=office)
    assert list(tree(office / "out")) == [f"{ID}/02-受理告知书.{suffix}"]


def test_all_means_everything_the_record_calls_for(office):
    run = xfdocs("draft", "all", "cases", "-o", "out", "--format", "docx", cwd=office)
    assert run.code == 0
    assert [Path(name).stem for name in tree(office / "out")] == [
        "00-来信登记表",
        "01-转送函",
        "02-受理告知书",
    ]


def test_a_line_for_programs_has_the_keys_of_the_contract(office):
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", "--json", cwd=office)
    assert run.code == 0
    (made,) = run.lines
    assert {"case", "kind", "number", "date", "files", "sha256", "state", "findings"} <= set(made)
    assert (made["case"], made["kind"], made["state"]) == (ID, "acceptance-notice", "draft")
    assert (made["number"], made["date"], made["findings"]) == ("", "2026-07-10", [])
    for name, path in made["files"].items():
        content = (office / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == made["sha256"][name]
    assert "生成草稿 1 份" in run.err, "what people read goes to standard error"


def test_what_the_case_does_not_call_for_is_told_and_not_made(office):
    file = next((office / "cases").glob("*.xml"))
    run = xfdocs("draft", "督办函", f"cases/{file.name}", "-o", "out", "--json", cwd=office)
    assert run.code == 1
    (outcome,) = run.lines
    assert outcome["state"] == "refused"
    assert outcome["files"] == {}
    assert "督办函" in outcome["findings"][0]["message"]
    assert "没有需要制作" in run.err
    assert not (office / "out").exists()


def test_a_folder_is_asked_for_what_it_has(office):
    run = xfdocs("draft", "督办函", "cases", "-o", "out", "--json", cwd=office)
    assert (run.code, run.lines) == (0, [])
    assert "生成草稿 0 份" in run.err


def test_a_refused_record_does_not_keep_the_others_from_being_made(office):
    (office / "cases" / "YZ-20260101-0001.xml").write_text("<信访事项", "utf-8")
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", "--json", cwd=office)
    assert run.code == 1
    assert sorted(line["state"] for line in run.lines) == ["draft", "refused"]
    (refused,) = [line for line in run.lines if line["state"] == "refused"]
    assert refused["findings"][0]["code"].startswith("X")
    assert list(tree(office / "out")) == [f"{ID}/02-受理告知书.docx"]


def test_two_records_of_one_number_do_not_overwrite_each_other(office):
    other = saved(a_case("2026-07-01", *EVENTS, petitioners=(person("钟灵"),)), office / "cases" / "另一件")
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", "--json", cwd=office)
    assert run.code == 1
    states = [line["state"] for line in run.lines]
    assert sorted(states) == ["draft", "refused"]
    (refused,) = [line for line in run.lines if line["state"] == "refused"]
    assert "编号" in refused["findings"][0]["message"]
    assert {other.name} == {f"{ID}.xml"}


def test_a_character_without_a_font_is_told_with_its_field(office):
    saved(a_case("2026-07-02", *EVENTS, subject="\ue123巷积水问题"), office / "cases")
    run = xfdocs("draft", "受理告知书", "cases/YZ-20260702-0001.xml", "-o", "out", cwd=office)
    assert run.code == 1
    assert "U+E123" in run.out
    assert "登记.事由" in run.out
    assert not (office / "out").exists()


def test_the_same_draft_again_is_the_same_bytes(office):
    words = ("draft", "all", "cases", "-o", "out")
    xfdocs(*words, cwd=office)
    first = tree(office / "out")
    xfdocs(*words, cwd=office)
    assert tree(office / "out") == first


def test_a_draft_takes_the_place_of_its_older_self_and_of_nothing_else(office):
    xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", cwd=office)
    first = tree(office / "out")
    (office / "out" / ID / "便条.txt").write_text("不要动我", "utf-8")
    (office / "out" / ID / "09-处理意见书.docx").write_bytes(b"another's")
    (office / "out" / "YZ-1").mkdir()
    (office / "out" / "YZ-1" / "02-受理告知书.docx").write_bytes(b"another's")
    saved(a_case("2026-07-01", *EVENTS, subject="小区水压和水质问题"), office / "cases")
    xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", cwd=office)
    after = tree(office / "out")
    assert after[f"{ID}/便条.txt"] == "不要动我".encode()
    assert after[f"{ID}/09-处理意见书.docx"] == after["YZ-1/02-受理告知书.docx"] == b"another's"
    assert after[f"{ID}/02-受理告知书.docx"] != first[f"{ID}/02-受理告知书.docx"]
    assert len(after) == 4, "and no temporary file is left"


def test_a_draft_that_somebody_has_edited_is_not_overwritten(office, tmp_path):
    words = ("draft", "受理告知书", "cases", "-o", "out", "--format", "docx")
    xfdocs(*words, cwd=office)
    draft = office / "out" / ID / "02-受理告知书.docx"
    edited = docx.Document(str(draft))
    edited.paragraphs[-1].add_run("（经办人加注）")
    edited.core_properties.last_modified_by = "经办人"  # as Word and WPS do
    edited.save(str(draft))
    before = draft.read_bytes()
    run = xfdocs(*words, cwd=office)
    assert run.code == 1
    assert "已经有人修改过" in run.out
    assert draft.read_bytes() == before
    draft.unlink()
    assert xfdocs(*words, cwd=office).code == 0


def test_drafts_under_local_rules_that_nobody_confirmed_say_so(tmp_path):
    folder = office_in(tmp_path / "浙江的单位", profile="zhejiang").folder
    saved(CASE, folder / "cases")
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", cwd=folder)
    assert run.code == 0
    assert "《浙江省信访条例》是否仍然有效没有核对过" in run.out


def test_drafts_may_lie_among_the_records(office):
    before = tree(office / "cases")
    run = xfdocs("draft", "受理告知书", "cases", "-o", "cases", cwd=office)
    assert run.code == 0
    assert before.items() <= tree(office / "cases").items()
    assert xfdocs("validate", "cases", cwd=office).code == 0
    assert len(xfdocs("validate", "cases", "--json", cwd=office).json["files"]) == 1


def test_a_run_that_breaks_while_writing_leaves_no_half_file(office, monkeypatch):
    broken = a_full_disk(monkeypatch, lambda path: "out" in path.parts)
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", cwd=office)
    assert run.code == 3
    assert "磁盘已满，out/YZ-20260701-0001/02-受理告知书.docx 没有写成" in run.err
    assert len(broken) == 1
    assert tree(office / "out") == {}


def test_no_name_in_a_record_becomes_part_of_a_path(office):
    evil = a_case("2026-07-02", *EVENTS, subject="../../etc/passwd", petitioners=(person("../../x"),))
    saved(evil, office / "cases")
    xfdocs("draft", "受理告知书", "cases", "-o", "out", "--format", "docx", cwd=office)
    assert set(tree(office / "out")) == {f"{ID}/02-受理告知书.docx", "YZ-20260702-0001/02-受理告知书.docx"}


def test_an_office_may_be_named_for_records_that_lie_elsewhere(office, tmp_path):
    elsewhere = saved(a_case("2026-07-01", *EVENTS), tmp_path / "别处")
    run = xfdocs(
        "draft", "受理告知书", elsewhere, "-o", "out", "--format", "docx", "--office", office, cwd=tmp_path
    )
    assert run.code == 0
    assert list(tree(tmp_path / "out")) == [f"{ID}/02-受理告知书.docx"]


def test_a_fault_in_an_offices_wording_stops_the_run_with_its_line(office):
    wording = office / "templates" / "acceptance-notice" / "wording.md"
    wording.parent.mkdir(parents=True)
    wording.write_text("标题：甲\n---\n{{ 登记.收件日期 }}\n", "utf-8")
    run = xfdocs("draft", "受理告知书", "cases", "-o", "out", cwd=office)
    assert run.code == 2
    assert "第 3 行" in run.err
    assert "收到日期" in run.err
    assert not (office / "out").exists()


def test_a_field_the_record_lacks_refuses_one_document_and_names_it(office):
    wording = office / "templates" / "acceptance-notice" / "wording.md"
    wording.parent.mkdir(parents=True)
    wording.write_text("标题：甲\n---\n查询码：{{ 登记.查询码 }}\n", "utf-8")
    run = xfdocs("draft", "all", "cases", "-o", "out", "--format", "docx", "--json", cwd=office)
    assert run.code == 1
    assert {line["kind"]: line["state"] for line in run.lines}["acceptance-notice"] == "refused"
    assert sum(line["state"] == "draft" for line in run.lines) == 2
    assert "登记.查询码" in run.err


def test_an_accusation_for_the_accused_is_refused_and_nothing_is_written(office):
    from tests.builders import claim
    from xfdocs.record import codes
    from xfdocs.record.model import Respondent

    reported = (Respondent(kind=codes.RespondentKind.UNIT, name=DISTRICT),)
    report = claim(purpose=codes.Purpose.REPORT, path=codes.Path.REPORT, respondents=reported)
    sent = transfer("2026-07-03", to(DISTRICT), material=codes.Material.ABSTRACT, abstract="反映某单位问题")
    path = saved(a_case("2026-07-02", sent, claims=(report,)), office / "cases")
    run = xfdocs("draft", "all", path, "-o", "out", "--json", cwd=office)
    assert run.code == 1
    assert all(line["state"] == "refused" for line in run.lines)
    assert any(finding["code"] == "R14" for line in run.lines for finding in line["findings"])
    assert not (office / "out").exists()
