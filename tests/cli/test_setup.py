"""`init`, `doctor`, `demo`: a new office, a look at the machine, and everything once."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.builders import WATER, a_case, an, saved, to, transfer
from tests.cli.runs import Run, tree, xfdocs
from tests.engines import NoPango
from tests.production import desks
from xfdocs.office import ArchiveSetting, Office
from xfdocs.pdf_by import PdfBy
from xfdocs.record.events import Acceptance
from xfdocs.register import mark
from xfdocs.resources import shipped

# --- init -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["新办", "带 空格 的文件夹", "云州·信访"])
def test_a_new_office_can_work_at_once(name, tmp_path):
    run = xfdocs("init", name, "--name", "云州市信访局", "--code", "云信", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    folder = tmp_path / name
    assert Office.open(folder).organ.name == "云州市信访局"
    case = a_case(
        "2026-07-01", transfer("2026-07-03", to(WATER, "2026-07-06")), an(Acceptance, "2026-07-10", WATER)
    )
    saved(case, folder / "cases")
    assert xfdocs("kinds", cwd=folder).code == 0
    assert xfdocs("validate", "cases", cwd=folder).code == 0
    made = xfdocs("draft", "来信登记表", "cases", "-o", "草稿 一", "--format", "docx", cwd=folder)
    assert made.code == 0, made.err
    assert list(tree(folder / "草稿 一")) == [f"{case.id}/00-来信登记表.docx"]


def test_the_engine_a_new_office_is_shown_is_the_one_it_has(tmp_path):
    assert xfdocs("init", "a", "--name", "云州市信访局", cwd=tmp_path).code == 0
    file = tmp_path / "a" / "xfdocs.toml"
    before, start, shown = file.read_text("utf-8").partition("# [render]\n")
    own, _, rest = shown.partition("\n\n")
    block = "".join(line.removeprefix("# ") for line in (start + own + "\n").splitlines(keepends=True))
    for by in PdfBy:
        assert str(by) in before.splitlines()[-1], "what may stand there is said"
    file.write_text(f"{before}{block}\n{rest}", "utf-8")
    assert tomllib.loads(block) == {"render": {"pdf_engine": Office.pdf_by}}
    assert Office.open(file.parent).pdf_by is Office.pdf_by


def test_the_archive_settings_a_new_office_is_shown_are_all_there_are_and_hold_as_they_stand(tmp_path):
    assert xfdocs("init", "a", "--name", "云州市信访局", cwd=tmp_path).code == 0
    file = tmp_path / "a" / "xfdocs.toml"
    before, start, shown = file.read_text("utf-8").partition("# [archive]\n")
    block = "".join(line.removeprefix("# ") for line in (start + shown).splitlines(keepends=True))
    file.write_text(before + block, "utf-8")
    settled = Office.open(file.parent).archive
    assert set(tomllib.loads(block)["archive"]) == {field.name for field in dataclasses.fields(settled)}
    other = ArchiveSetting(fonds=settled.fonds, used=settled.used, signing=settled.signing)
    assert settled == other, "what stands there is what holds without it"


def test_the_name_is_asked_for_if_it_is_not_given(tmp_path):
    run = xfdocs("init", "a", cwd=tmp_path, answer="云州市信访局\n")
    assert run.code == 0
    assert Office.open(tmp_path / "a").organ.name == "云州市信访局"


def test_a_question_without_an_answer_makes_nothing(tmp_path):
    run = xfdocs("init", "a", cwd=tmp_path)
    assert run.code == 130
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("name", ['甲"局', "甲\\局", "甲局 # 注", "甲{局}", "甲{{机关代字}}局"])
def test_a_name_with_marks_stays_a_name(name, tmp_path):
    assert xfdocs("init", "a", "--name", name, cwd=tmp_path).code == 0
    assert Office.open(tmp_path / "a").organ.name == name


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_name_must_be_one(name, tmp_path):
    run = xfdocs("init", "a", "--name", name, cwd=tmp_path)
    assert run.code == 2
    assert tree(tmp_path) == {}


def test_an_office_is_not_put_into_a_folder_that_holds_something(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "便条.txt").write_text("不要动我", "utf-8")
    before = tree(tmp_path)
    run = xfdocs("init", "a", "--name", "甲局", cwd=tmp_path)
    assert run.code == 2
    assert "不为空" in run.err
    assert tree(tmp_path) == before


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "a").mkdir()
    assert xfdocs("init", "a", "--name", "甲局", cwd=tmp_path).code == 0


# --- doctor ---------------------------------------------------------------------------------------------


def test_a_machine_that_has_everything_is_told_so(tmp_path):
    run = xfdocs("doctor", cwd=tmp_path)
    assert run.code == 0, run.out
    for subject in (
        "Python",
        "Pango",
        "HarfBuzz-subset",
        "weasyprint",
        "仿宋",
        "楷体",
        "黑体",
        "宋体",
        "小标宋",
    ):
        assert subject in run.out


def test_the_look_at_the_machine_is_told_to_programs(tmp_path):
    run = xfdocs("doctor", "--json", cwd=tmp_path)
    assert run.code == 0
    assert all({"subject", "good", "needed", "detail", "mend"} <= set(check) for check in run.json)


def check_of(run: Run, subject: str) -> dict[str, Any]:
    (check,) = (check for check in run.json if check["subject"] == subject)
    return check


def test_the_register_of_an_office_is_looked_at_and_not_made(tmp_path):
    office = desks.office_in(tmp_path / "o")
    none = xfdocs("doctor", "--json", cwd=office.folder)
    assert none.code == 0
    assert "第一次制发时建立" in check_of(none, "登记库")["detail"]
    assert not (office.folder / "register").exists()
    count = len(desks.issued(office))
    assert (
        f"register.db，{count} 份文书"
        in check_of(xfdocs("doctor", "--json", cwd=office.folder), "登记库")["detail"]
    )


def test_a_register_that_cannot_be_used_is_told_with_the_mend(tmp_path):
    office = desks.office_in(tmp_path / "o")
    (office.folder / "register").mkdir()
    (office.folder / "register" / "register.db").write_text("不是数据库" * 500, "utf-8")
    run = xfdocs("doctor", "--json", cwd=office.folder)
    assert run.code == 3
    check = check_of(run, "登记库")
    assert not check["good"]
    assert "备份" in check["mend"]
    assert "备份" in run.err


def printing_with(by: PdfBy, folder: Path) -> Office:
    """An office that has settled what prints its PDF."""
    office = desks.office_in(folder, ())
    path = folder / "xfdocs.toml"
    path.write_text(f'[render]\npdf_engine = "{by}"\n{path.read_text("utf-8")}', "utf-8")
    return office


@pytest.mark.parametrize("by", list(PdfBy))
def test_what_an_office_prints_with_is_needed_and_what_the_other_engine_needs_is_not(by, tmp_path):
    office = printing_with(by, tmp_path / "o")
    run = xfdocs("doctor", "--json", cwd=office.folder)
    assert run.code == 0
    needed = {check["subject"] for check in run.json if check["needed"]}
    both = {"weasyprint", "Pango", "HarfBuzz-subset", "typst"}
    assert needed & both == ({"typst"} if by is PdfBy.TYPST else both - {"typst"})
    assert {subject for subject in both if check_of(run, subject)["good"]} == both


def doctor_without_pango(folder: Path, place: Path, *words: str) -> Run:
    """In a process of its own, on a machine where WeasyPrint finds no library."""
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from xfdocs.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(shipped("templates").parent), "doctor", *words],
        env={**os.environ, "PYTHONPATH": NoPango(folder / "site").path},
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def test_without_pango_an_office_that_prints_with_typst_lacks_nothing(tmp_path):
    office = printing_with(PdfBy.TYPST, tmp_path / "o")
    run = doctor_without_pango(tmp_path, office.folder, "--json")
    assert run.code == 0, run.err
    for subject in ("Pango", "HarfBuzz-subset"):
        check = check_of(run, subject)
        assert (check["good"], check["needed"]) == (False, False)
        assert check["detail"] == "只有 WeasyPrint 引擎要用"
        assert "apt-get install" in check["mend"]


def test_without_pango_any_other_office_is_told_both_ways_out(tmp_path):
    run = doctor_without_pango(tmp_path, tmp_path)
    assert run.code == 3
    assert re.search(r"Pango +│ 缺少 +│ 找不到（.*），不能生成 PDF", run.out)
    assert "HarfBuzz-subset" not in run.out, "nobody can tell"
    (told,) = (line for line in run.out.splitlines() if line.startswith("Pango："))
    assert "libpango-1.0-0" in told
    assert "pip install 'xfdocs[typst]'" in told
    assert "courtbouillon" not in run.out + run.err, "what WeasyPrint prints itself"


def test_typst_is_an_option_until_an_office_has_chosen_it(tmp_path, monkeypatch):
    import xfdocs.doctor as doctor

    real = doctor.version

    def version(package: str) -> str:
        if package == "typst":
            raise doctor.PackageNotFoundError
        return real(package)

    monkeypatch.setattr(doctor, "version", version)
    run = xfdocs("doctor", cwd=tmp_path)
    assert run.code == 0
    assert re.search(r"typst +│ 未安装（可选） +│", run.out)
    assert "typst：需要时运行：pip install 'xfdocs[typst]'" in run.out
    office = printing_with(PdfBy.TYPST, tmp_path / "o")
    run = xfdocs("doctor", cwd=office.folder)
    assert run.code == 3
    assert re.search(r"typst +│ 缺少 +│", run.out)


def test_libraries_that_only_some_offices_need_are_told_as_such(tmp_path, monkeypatch):
    import xfdocs.doctor as doctor

    real = doctor.version

    def version(package: str) -> str:
        if package in {"psycopg", "distributed"}:
            raise doctor.PackageNotFoundError
        return real(package)

    monkeypatch.setattr(doctor, "version", version)
    run = xfdocs("doctor", "--json", cwd=tmp_path)
    assert run.code == 0
    for package, extra in (("psycopg", "postgresql"), ("distributed", "dask")):
        assert not check_of(run, package)["good"]
        assert f"xfdocs[{extra}]" in check_of(run, package)["mend"]


def without_fonts(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A machine without any of our fonts: a new process that looks for them in an empty folder."""
    (folder / "空").mkdir(exist_ok=True)
    environment = {
        "PATH": "/usr/bin:/bin",
        "XFDOCS_FONTS": str(folder / "空"),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    root = str(shipped("templates").parent)
    return subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); from xfdocs.cli import main; main()", root, *words],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_fonts_the_machine_lacks_something_and_is_told_how_to_mend_it(tmp_path):
    run = without_fonts(tmp_path, "doctor", "--json")
    assert run.returncode == 3, run.stderr
    lacking = [check for check in json.loads(run.stdout) if check["needed"] and not check["good"]]
    assert lacking
    assert all("字体" in check["subject"] for check in lacking)
    assert all(check["mend"] for check in lacking)
    assert lacking[0]["mend"] in run.stderr


def test_without_fonts_no_draft_is_made_and_nothing_is_written(tmp_path):
    record = shipped("samples", "office") / "cases" / "YZ-20180502-0003.xml"
    run = without_fonts(tmp_path, "draft", "不再受理告知书", str(record), "-o", "out")
    assert run.returncode == 3
    assert "字体" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


# --- demo -----------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A sample office with two records, so that a demo takes no time."""
    import xfdocs.cli.demo as demo

    office = tmp_path / "shipped"
    (office / "cases").mkdir(parents=True)
    samples = shipped("samples", "office")
    for name in ("xfdocs.toml", "retention.toml"):
        shutil.copy(samples / name, office)
    for name in ("YZ-20180502-0003.xml", "YZ-20260325-0016.xml"):
        shutil.copy(samples / "cases" / name, office / "cases")
    monkeypatch.setattr(demo, "shipped", lambda *parts: office)
    return tmp_path


def test_a_demo_makes_both_formats_of_everything_and_sums_up(small):
    run = xfdocs("demo", "试用", cwd=small)
    assert run.code == 0, run.err
    assert "通过校验 2 件" in run.out
    assert "没有发现问题" in run.out
    left = set(tree(small / "试用")) - {f"issued/{mark.NAME}"}
    made = sorted(name for name in left if name.startswith("issued"))
    stems = {name.rpartition(".")[0] for name in made}
    assert {f"{stem}.{suffix}" for stem in stems for suffix in ("docx", "pdf")} == set(made)
    assert "issued/YZ-20260325-0016/01-处理途径和程序告知书.pdf" in made
    hidden = {name for name in left if "/." in name}
    kept = {f"reports/{period}/.xfdocs-reports.json" for period in ("2026-09", "2026Q3", "2025")}
    assert hidden == kept, "no temporary file is left"
    assert "归档 2 件，还不到归档的时候 0 件，未归档 0 件" in run.out
    assert "四性检测 2 个归档信息包：合格 2 个，不合格 0 个" in run.out
    bags = {name for name in left if name.endswith("/tagmanifest-sha256.txt")}
    assert len(bags) == 2


def test_a_second_demo_takes_the_place_of_the_first(small):
    def official() -> dict[str, bytes]:
        """Everything but the register, its mark and the packages, which tell of the time of day."""
        times = ("register/", "archive/", f"issued/{mark.NAME}")
        return {k: v for k, v in tree(small / "demo").items() if not k.startswith(times)}

    def packed() -> set[str]:
        return {k for k in tree(small / "demo") if k.startswith("archive/")}

    xfdocs("demo", cwd=small)
    first, packages = official(), packed()
    (small / "demo" / "cases" / "YZ-20180502-0003.xml").unlink()
    assert xfdocs("demo", cwd=small).code == 0
    assert official() == first
    assert packed() == packages


def test_a_demo_leaves_a_folder_that_is_no_demo_alone(small):
    (small / "demo").mkdir()
    (small / "demo" / "便条.txt").write_text("不要动我", "utf-8")
    run = xfdocs("demo", cwd=small)
    assert run.code == 2
    assert "未作任何改动" in run.err
    assert tree(small / "demo") == {"便条.txt": "不要动我".encode()}


def test_a_demo_that_was_interrupted_can_be_made_anew(small, monkeypatch):
    import xfdocs.cli.demo as demo

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo.shutil, "copytree", stop)
        assert xfdocs("demo", cwd=small).code == 130
    assert xfdocs("demo", cwd=small).code == 0


def test_a_demo_for_programs_gives_the_numbers_only(small):
    run = xfdocs("demo", "--json", cwd=small)
    assert run.code == 0
    assert run.json["records"] == 2
    assert run.json["refused"] == 0
    issued = sum(run.json["documents"].values())
    assert issued > 3
    assert run.json["files"] == 2 * issued
    assert (run.json["registered"], run.json["faults"]) == (issued, [])
    assert set(run.json["clocks"]) == {"running", "overdue", "unknown"}
    archive = run.json["archive"]
    assert (archive["packed"], archive["waiting"], archive["refused"]) == (2, 0, 0)
    assert (archive["intact"], archive["broken"], archive["undetermined"]) == (2, 0, 0)
    assert "案件记录 2 件" in run.err
