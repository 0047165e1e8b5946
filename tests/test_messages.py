"""What a person is told when something is wrong: in Chinese, which thing, and what it should be."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from xfdocs import errors
from xfdocs.cli import main
from xfdocs.doctor import examine
from xfdocs.resources import shipped

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two records."""
    folder = tmp_path / "单位"
    (folder / "cases").mkdir(parents=True)
    sample = shipped("samples", "office")
    shutil.copy(sample / "xfdocs.toml", folder)
    for name in ("YZ-20260916-0008", "YZ-20261117-0045"):
        shutil.copy(sample / "cases" / f"{name}.xml", folder / "cases")
    return folder


@pytest.fixture
def xfdocs(office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command in the office: exit code, and all it said."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(office)
        monkeypatch.setattr(sys, "argv", ["xfdocs", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return code, said.out + said.err

    return run


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["validate"], "缺少参数 路径"),
        (["valdate"], "没有这个命令：valdate"),
        (["draft", "受理告知书", "cases"], "缺少选项 -o、--output"),
        (["draft", "受理告知书", "cases", "-o"], "选项 -o 后面缺少要填的内容"),
        (
            ["draft", "受理告知书", "cases", "-o", "x", "--format", "odt"],
            "选项 --format 不对：应为 docx、pdf 之一",
        ),
        (["due", "--on", "明天"], "选项 --on 不对：明天 不是日期"),
        (["due", "--no"], "没有 --no 这个选项"),
        (["kinds", "多余"], "多出了 多余"),
        (["draft", "受礼告知书", "cases", "-o", "x"], "是不是：受理告知书"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_in_a_command_is_told_in_chinese(xfdocs: Say, arguments: list[str], told: str) -> None:
    code, said = xfdocs(*arguments)
    assert code == errors.ExitCode.USAGE
    assert told in said
    assert not re.search(r"\b(is|not|Got|option|requires|missing|unexpected)\b", said)


def test_without_a_command_the_help_is_shown_and_nothing_else(xfdocs: Say) -> None:
    _, said = xfdocs()
    assert said.startswith("用法：")
    assert "请看" not in said


def test_help_is_chinese_throughout(xfdocs: Say) -> None:
    for name in ("demo", "doctor", "draft", "due", "init", "kinds", "validate"):
        code, said = xfdocs(name, "--help")
        assert code == 0
        assert not re.search(r"Usage|Options|required|Show this|TEXT|PATH\b", said), said


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("[office]\nname = '甲'\nnatur = '信访部门'\n", "[office] 有不认识的项目：natur。可用：address、"),
        ("[office]\ncode = '甲'\n", "[office] 缺少 name"),
        (
            "[office]\nname = '甲'\n[kinds.acceptance]\ncopies = 2\n",
            "没有代号为 acceptance 的文书种类。可用：acceptance-notice",
        ),
        (
            "[office]\nname = '甲'\n[kinds.transfer-letter]\nlayout = 'red'\n",
            "没有名为“red”的版式。可用：form、label、letter",
        ),
        ("[office]\nname = '甲'\n[fonts]\nfiles = ['没有.ttf']\n", "字体文件不存在"),
        ("[office]\nname = '甲'\n[kinds.transfer-letter]\nnumber = '{n}号'\n", "应写作“代字〔{year}〕{n}号”"),
        (
            "[office]\nname = '甲'\n[numbers]\n'告' = '甲告字〔{year}〕{n}号'\n",
            "[numbers] 没有文种字“告”。可用：不再、",
        ),
        (
            "[office]\nname = '甲'\ncode = '甲信'\n[numbers.used]\n'甲信受〔2026〕' = 57\n",
            "[numbers.used] 没有“甲信受〔2026〕”这一系列，它不起作用，用过的号会重复。是不是：甲信受字〔2026〕",
        ),
        ("[office\n", "不是 UTF-8 编码的 TOML"),
    ],
    ids=[
        "unknown item",
        "no name",
        "unknown kind",
        "unknown layout",
        "no such font",
        "number",
        "unknown series",
        "used of no series",
        "not toml",
    ],
)
def test_a_slip_in_the_settings_is_refused_and_named(
    office: Path, xfdocs: Say, lines: str, told: str
) -> None:
    (office / "xfdocs.toml").write_text(lines, "utf-8")
    code, said = xfdocs("kinds")
    assert code == errors.ExitCode.USAGE
    assert told in said
    assert "xfdocs.toml" in said


def test_an_unknown_profile_is_answered_with_those_there_are(office: Path, xfdocs: Say) -> None:
    settings = office / "xfdocs.toml"
    settings.write_text(settings.read_text("utf-8").replace('"national"', '"浙江省"'), "utf-8")
    _, said = xfdocs("due")
    assert "zhejiang（浙江）" in said
    assert "national" in said


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            'title = "提示"\nlayout = "notice"\ncolour = "红"\n[call]\nevent = "受理"\n',
            "不认识的项目：colour。可用：about",
        ),
        ('title = "提示"\nlayout = "notic"\n[call]\nevent = "受理"\n', "没有名为“notic”的版式"),
        ('title = "提示"\nlayout = "notice"\n', "没有写明由什么引起"),
        ('title = "提示"\nlayout = "notice"\n[call]\nevent = "受礼"\n', "[call] event 应为“转送”“交办”"),
        (
            'title = "提示"\nlayout = "notice"\n[call]\nevent = "受理"\nhas = ["责任仁"]\n',
            "没有的项目：责任仁。可用：序、日期",
        ),
        ('title = "提示"\nlayout = "notice"\n[call]\nequals = { "形势" = "来信" }\n', "没有的项目：形势"),
        (
            'title = "提示"\nlayout = "notice"\n[call]\nevent = "受理"\nhas = "责任人"\n',
            'has 应为文字的列表（如 ["甲", "乙"]），现为 \'责任人\'',
        ),
        (
            'title = "提示"\nlayout = "notice"\naliases = "提醒"\n[call]\nevent = "受理"\n',
            "aliases 应为文字的列表",
        ),
        (
            'title = "提示"\nlayout = "notice"\nrecipient = "群众"\n[call]\nevent = "受理"\n',
            "recipient 应为“信访人”“机关”“存档”之一，现为“群众”",
        ),
        ('layout = "notice"\n[call]\nevent = "受理"\n', "缺少 title"),
    ],
)
def test_a_slip_in_a_kind_is_refused_and_named(office: Path, xfdocs: Say, lines: str, told: str) -> None:
    folder = office / "templates" / "tip"
    folder.mkdir(parents=True)
    (folder / "kind.toml").write_text(lines, "utf-8")
    (folder / "wording.md").write_text("标题：提示\n---\n正文。\n", "utf-8")
    code, said = xfdocs("kinds")
    assert code == errors.ExitCode.USAGE
    assert told in said
    assert "kind.toml" in said


def test_a_kind_saved_by_notepad_with_its_mark_is_read(office: Path, xfdocs: Say) -> None:
    folder = office / "templates" / "tip"
    folder.mkdir(parents=True)
    kind = 'title = "温馨提示"\nlayout = "notice"\n[call]\nevent = "受理"\n'
    (folder / "kind.toml").write_text(kind, "utf-8-sig")
    (folder / "wording.md").write_text("标题：提示\n---\n正文。\n", "utf-8-sig")
    code, said = xfdocs("draft", "温馨提示", "cases/YZ-20260916-0008.xml", "-o", "草稿", "--format", "docx")
    assert code == 0, said
    assert (office / "草稿" / "YZ-20260916-0008").is_dir()


def test_a_wording_in_another_encoding_is_told_so(office: Path, xfdocs: Say) -> None:
    folder = office / "templates" / "acceptance-notice"
    folder.mkdir(parents=True)
    (folder / "wording.md").write_text("标题：提示\n---\n正文。\n", "gb18030")
    code, said = xfdocs("draft", "受理告知书", "cases/YZ-20260916-0008.xml", "-o", "草稿", "--format", "docx")
    assert code == errors.ExitCode.USAGE
    assert "wording.md有误：不是 UTF-8 编码" in said


def test_a_record_that_is_set_aside_is_named_with_its_first_error(office: Path, xfdocs: Say) -> None:
    record = office / "cases" / "YZ-20260916-0008.xml"
    text = record.read_text("utf-8")
    broken = re.sub("<登记日期>.*?</登记日期>", "", text).replace("<初次重复>初次", "<初次重复>第一次")
    record.write_text(broken, "utf-8")
    code, said = xfdocs("draft", "all", str(record), "-o", "草稿", "--format", "docx")
    assert code == errors.ExitCode.REFUSED
    assert "未生成 YZ-20260916-0008 的文书，记录没有通过校验：S04 " in said
    code, said = xfdocs("draft", "all", "cases/没有.xml", "-o", "草稿", "--format", "docx")
    assert code == errors.ExitCode.REFUSED
    assert "cases/没有.xml" in said


def test_a_missing_item_is_not_explained_by_its_own_name(office: Path, xfdocs: Say) -> None:
    record = office / "cases" / "YZ-20260916-0008.xml"
    record.write_text(re.sub("<请求>.*?</请求>", "", record.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    _, said = xfdocs("validate", str(record))
    assert "缺少必填的“请求”。" in said
    assert "“请求”。请求。" not in said


def test_doctor_has_one_line_for_each_font_however_it_was_cut() -> None:
    fonts = [check.detail for check in examine() if check.subject.startswith("字体 ")]
    assert len(fonts) == len({detail.partition("（")[0] for detail in fonts}) >= 6


def every_error(kind: type[errors.XfdocsError]) -> list[type[errors.XfdocsError]]:
    """An error class and all below it."""
    return [kind, *(below for child in kind.__subclasses__() for below in every_error(child))]


def test_every_error_has_a_code_of_its_own_and_a_chinese_sentence() -> None:
    known = [
        kind for kind in every_error(errors.XfdocsError) if kind.__module__.startswith(f"{errors.__name__}.")
    ]
    assert len({kind.code for kind in known}) == len(known)
    for kind in known:
        text = (kind.__doc__ or "").strip()
        assert text == "{message}" or re.search(r"[\u4e00-\u9fff]", text), kind
