"""A command line that cannot be followed: one Chinese sentence on standard error, exit code 2, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import office_in
from tests.cli.runs import tree, xfdocs
from xfdocs.resources import shipped

SAMPLES = shipped("samples", "office")
ONE = SAMPLES / "cases" / "YZ-20180502-0003.xml"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("drafts",), "没有这个命令：drafts"),
        (("due", "--onn", "2026-01-01"), "没有 --onn 这个选项。是不是 --on"),
        (("due", "--office", SAMPLES, "--on", "2026-13-01"), "2026-13-01 不是日期"),
        (("due", "--office", SAMPLES, "--on", "明天"), "明天 不是日期"),
        (("due", "--office", SAMPLES, "--on"), "--on"),
        (("validate",), "缺少参数 路径"),
        (("draft",), "缺少参数 文种"),
        (("draft", "受理告知书", ONE), "-o"),
        (("draft", "受理告知书", ONE, "-o", "x", "--format", "odt"), "docx、pdf"),
        (("draft", "受理通知", ONE, "-o", "x"), "受理告知书"),
        (("draft", "C4", ONE, "-o", "x"), "C4"),
        (("kinds", "--office", SAMPLES, "多余"), "多余"),
        (("init",), "缺少参数 DIR"),
        (("issue", "all", ONE, "--jobs", "0"), "选项 --jobs 不对：0 不是 1 以上的整数。"),
        (("issue", "all", ONE, "--jobs", "两"), "选项 --jobs 不对：两 不是 1 以上的整数。"),
        (("register", "verify", "--office", SAMPLES, "--head", "5"), "选项 --head 不对：应写作 行:摘要"),
    ],
)
def test_a_slip_is_told_in_one_sentence(words, said, tmp_path):
    run = xfdocs(*words, cwd=tmp_path)
    assert run.code == 2
    assert said in run.err
    assert run.out == ""
    assert "Traceback" not in run.err
    assert len(run.err.splitlines()) == 1
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("words", [("kinds",), ("due",), ("validate", "."), ("draft", "all", ".", "-o", "x")])
def test_outside_any_office_it_says_how_to_get_one(words, tmp_path):
    run = xfdocs(*words, cwd=tmp_path)
    assert run.code == 2
    assert "xfdocs.toml" in run.err
    assert "xfdocs init" in run.err


def test_a_folder_named_as_office_that_is_none(tmp_path):
    run = xfdocs("kinds", "--office", tmp_path)
    assert run.code == 2
    assert str(tmp_path) in run.err


def test_the_office_is_found_from_a_folder_inside_it(tmp_path):
    office_in(tmp_path)
    (tmp_path / "cases" / "2026").mkdir()
    assert xfdocs("kinds", cwd=tmp_path / "cases" / "2026").code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1\n", "[office]"),
        ('colour = 1\n[office]\nname = "甲"\n', "colour"),
        ("[office]\nname = 3\n", "name"),
        ('[office]\nname = "甲"\nnatur = "信访部门"\n', "natur"),
        ('[office]\nname = "甲"\nnature = "公司"\n', "nature"),
        ('[office]\nname = "甲"\nprofile = "mars"\n', "mars"),
        ("[office]\n", "name"),
        ("office = [\n", "TOML"),
        ('[office]\nname = "甲"\n[kinds.acceptance-notice]\nnumber = "一号"\n', "{year}"),
        ('[office]\nname = "甲"\n[kinds.acceptance-notise]\ncopies = 1\n', "acceptance-notice"),
        ('[office]\nname = "甲"\n[kinds.acceptance-notice]\nlayout = "poster"\n', "poster"),
        ('[office]\nname = "甲"\n[fonts]\nfile = ["a.ttf"]\n', "file"),
        ('[office]\nname = "甲"\n[[organ]]\nname = "甲"\n', "重复"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told_with_their_file(text, said, tmp_path):
    (tmp_path / "xfdocs.toml").write_text(text, "utf-8")
    (tmp_path / "a.xml").write_bytes(ONE.read_bytes())
    run = xfdocs("draft", "all", "a.xml", "-o", "out", cwd=tmp_path)
    assert run.code == 2, run
    assert said in run.err
    assert "xfdocs.toml" in run.err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_records_is_told(tmp_path):
    office_in(tmp_path)
    for words in (("validate", "cases"), ("due",), ("draft", "all", "cases", "-o", "out")):
        run = xfdocs(*words, cwd=tmp_path)
        assert run.code == 2
        assert "没有案件记录" in run.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("draft", "不再受理告知书", ONE, "-o", "f.txt"),
        ("draft", "不再受理告知书", ONE, "-o", "f.txt/x"),
        ("init", "f.txt", "--name", "甲"),
        ("init", "f.txt/x", "--name", "甲"),
        ("demo", "f.txt"),
        ("demo", "f.txt/x"),
        ("demo", "/proc/nowhere"),
        ("init", "/proc/nowhere", "--name", "甲"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_told_and_left_as_it_is(words, tmp_path):
    (tmp_path / "f.txt").write_text("不要动我", "utf-8")
    run = xfdocs(*words, cwd=tmp_path)
    assert run.code == 2
    assert "Traceback" not in run.err
    assert "（XF-10" in run.err
    assert tree(tmp_path) == {"f.txt": "不要动我".encode()}


def test_a_record_that_is_not_there_is_a_finding_and_the_others_are_read(tmp_path):
    run = xfdocs("validate", ONE, "没有.xml", "--office", SAMPLES, "--json", cwd=tmp_path)
    assert run.code == 1
    one, other = run.json["files"]
    assert one["verdict"] == "accepted"
    assert other["verdict"] == "rejected"
    assert other["findings"][0]["code"] == "X01"


def test_a_folder_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path: Path):
    run = xfdocs("validate", "没有", "--office", SAMPLES, cwd=tmp_path)
    assert run.code == 1
    assert "不存在" in run.out
