"""`archive`, as somebody at a desk types it: what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from lxml import etree

from tests.archive.offices import CLOSED, archive_office, issued
from tests.cli.runs import Run, tree, xfdocs

OPEN = "YZ-20260914-0025"
ON = ("--on", "2027-11-23", "--jobs", "1")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with everything issued, one folder with nothing packed and one with everything."""
    office = archive_office(tmp_path_factory.mktemp("cli") / "before", [*CLOSED, OPEN])
    issued(office)
    after = office.folder.parent / "after"
    shutil.copytree(office.folder, after)
    assert xfdocs("archive", "pack", "cases", *ON, "-q", cwd=after).code == 0
    return office.folder.parent


@pytest.fixture
def fresh(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared / "before", tmp_path / "office")
    return tmp_path / "office"


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared / "after", tmp_path / "office")
    return tmp_path / "office"


def archive(folder: Path, *words: object) -> Run:
    return xfdocs("archive", *words, cwd=folder)


def package(office: Path) -> Path:
    return next((office / "archive" / "2026").glob("*D30-0001"))


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_pack_tells_of_every_case_and_of_what_is_not_packed(fresh):
    done = archive(fresh, "pack", "cases", *ON)
    assert done.code == 0, done.err
    assert f"Y012-ZY·XF·2026·D30-0001　{CLOSED[0]}　archive/2026/Y012-ZY·XF·2026·D30-0001" in done.out
    assert f"未归档 {OPEN}：还没有结案" in done.out + done.err
    assert "新归档 2 件，已有 0 件，还不到归档的时候 1 件，未归档 0 件。" in done.out + done.err
    again = archive(fresh, "pack", "cases", *ON)
    assert (again.code, "新归档 0 件，已有 2 件" in again.out + again.err) == (0, True)


def test_pack_as_lines_of_json(fresh):
    done = archive(fresh, "pack", "cases", *ON, "--json")
    assert done.code == 0
    lines = {line["case"]: line for line in done.lines}
    assert {case: line["state"] for case, line in lines.items()} == {
        **dict.fromkeys(CLOSED, "packed"),
        OPEN: "waiting",
    }
    first = lines[CLOSED[0]]
    assert (first["numbers"], first["version"], len(first["digest"])) == (["Y012-ZY·XF·2026·D30-0001"], 1, 64)


def test_pack_ends_with_1_if_a_case_is_refused_and_names_why(fresh):
    document = next((fresh / "issued" / CLOSED[0]).glob("*.docx"))
    document.unlink()
    done = archive(fresh, "pack", "cases", *ON)
    assert done.code == 1
    assert document.name in done.out + done.err
    assert "未归档 1 件" in done.out + done.err


def test_pack_without_a_table_of_retention_is_a_setting_that_is_lacking(fresh):
    (fresh / "retention.toml").unlink()
    done = archive(fresh, "pack", "cases", *ON)
    assert (done.code, "retention.toml" in done.err) == (2, True)
    assert not (fresh / "archive").exists()


def test_verify_ends_with_0_where_everything_is_as_it_was(office):
    done = archive(office, "verify", "--jobs", "1")
    assert done.code == 0, done.out + done.err
    assert "检测 2 个信息包：合格 2 个，不合格 0 个，不能确定 0 个。" in done.out + done.err
    assert "病毒" in done.out + done.err
    one = archive(office, "verify", package(office), "--jobs", "1")
    assert (one.code, "四性检测" in one.out) == (0, True)


def test_verify_ends_with_4_after_one_byte_and_names_the_file(office):
    path = package(office) / "data" / "representations" / "original" / "data" / "案件记录.xml"
    flipped(path)
    done = archive(office, "verify", "--jobs", "1")
    assert done.code == 4
    assert "案件记录.xml" in done.out
    lines = archive(office, "verify", "--jobs", "1", "--json").lines
    assert [line["verdict"] for line in lines].count("broken") == 1
    assert any("案件记录.xml" in json.dumps(line, ensure_ascii=False) for line in lines)


def test_verify_writes_a_report(office, tmp_path):
    done = archive(office, "verify", "--jobs", "1", "--report", tmp_path / "out")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "四性检测报告.docx",
        "四性检测报告.pdf",
    ]


def test_verify_of_a_folder_without_packages_says_so(office):
    done = archive(office, "verify", "cases")
    assert (done.code, "没有归档信息包" in done.err) == (2, True)


@pytest.mark.parametrize(("words", "title"), [((), "归档文件目录"), (("--transfer",), "移交清单")])
def test_catalogue_writes_both_formats(office, tmp_path, words, title):
    done = archive(office, "catalogue", "2026", *words, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 2
    assert [Path(name).suffix for name in names] == [".pdf", ".xlsx"]
    assert all(title in name for name in names)
    lines = archive(office, "catalogue", "2026", *words, "-o", tmp_path / "json", "--json").lines
    assert {line["rows"] for line in lines} == {2}


def test_restore_gives_everything_back_and_ends_with_0(office, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("xfdocs.toml", "retention.toml"):
        shutil.copy(office / name, bare / name)
    done = archive(bare, "restore", office / "archive")
    assert done.code == 0, done.err
    assert "从 2 个信息包恢复" in done.out + done.err
    assert CLOSED[0] in done.out
    for case in CLOSED:
        assert (bare / "cases" / f"{case}.xml").read_bytes() == (
            office / "cases" / f"{case}.xml"
        ).read_bytes()
    assert xfdocs("register", "verify", cwd=bare).code == 0
    again = archive(bare, "restore", office / "archive", "--json")
    assert {(line["files"], line["entries"]) for line in again.lines} == {(0, 0)}


def test_restore_of_a_damaged_package_ends_with_4_and_writes_nothing(office, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("xfdocs.toml", "retention.toml"):
        shutil.copy(office / name, bare / name)
    flipped(package(office) / "data" / "METS.xml")
    before = tree(bare)
    done = archive(bare, "restore", package(office))
    assert (done.code, "METS.xml" in done.err) == (4, True)
    assert tree(bare) == before


def test_retention_prints_a_table_that_holds_once_it_is_approved(fresh):
    done = archive(fresh, "retention")
    assert done.code == 0
    assert tomllib.loads(done.out)["approved"] is False
    (fresh / "retention.toml").write_text(done.out, "utf-8")
    assert archive(fresh, "pack", "cases", *ON).code == 2
    (fresh / "retention.toml").write_text(done.out.replace("approved = false", "approved = true"), "utf-8")
    assert archive(fresh, "pack", "cases", *ON, "-q").code == 0


def test_eep_writes_one_file_of_xml(office, tmp_path):
    out = tmp_path / "封装包.xml"
    done = archive(office, "eep", package(office), "-o", out)
    assert done.code == 0, done.err
    assert etree.parse(out).getroot() is not None
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
