"""Choosing and cutting fonts, with small invented ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.render.font_examples import make_collection, make_font
from tests.tools import needs
from xfdocs.errors import FontsMissing
from xfdocs.render import fontcut, fontfetch, fontsetup
from xfdocs.render.fontfiles import Role, survey
from xfdocs.render.fonts import FontBook, manifest_path

EVERYDAY = "".join(dict.fromkeys(fontsetup.everyday_order() + fontsetup.gb2312()))
OPEN = {
    Role.XBS: "FandolSong-Bold",
    Role.FANG: "FandolFang-Regular",
    Role.KAI: "FandolKai-Regular",
    Role.HEI: "FandolHei-Regular",
    Role.SONG: "FandolSong-Regular",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A user's font folder with an invented open font for every role."""
    folder = tmp_path / "fonts"
    for name in OPEN.values():
        make_font(folder, name, EVERYDAY)
    make_font(folder, "BabelStoneHan", EVERYDAY + "㐂䶮𠮷\u3fff")
    monkeypatch.setenv("XFDOCS_FONTS", str(folder))
    return folder


def prepare(folder: Path, extra: tuple[Path, ...] = ()) -> tuple[FontBook, list[str]]:
    said: list[str] = []
    fontsetup.prepare_fonts([folder], manifest_path(extra), said.append, extra)
    return FontBook.find(extra), said


def test_an_official_face_goes_before_the_open_one_which_then_fills_its_gaps(folder):
    make_font(folder, "仿宋_GB2312", EVERYDAY.replace("亍", ""))
    make_font(folder, "FandolFang-Regular", EVERYDAY + "\u4e02")
    book, _ = prepare(folder)
    first, *rest = book.chain(Role.FANG)
    assert (first.family, first.official, first.subset) == ("仿宋_GB2312", True, True)
    filling = next(face for face in rest if face.covers("亍"))
    assert (filling.family, filling.role, filling.official) == ("FandolFang", Role.FANG, False)
    assert next(face for face in rest if face.covers("\u4e02")).family == "FandolFang"


def test_a_face_that_may_not_be_embedded_is_passed_over_with_its_reason(folder):
    make_font(folder, "SimHei", EVERYDAY, fs_type=0x0002)
    make_font(folder, "FZXBSJW--GB1-0", EVERYDAY, fs_type=0x0100)
    book, _ = prepare(folder)
    assert [book.chain(role)[0].family for role in (Role.HEI, Role.XBS)] == ["FandolHei", "FandolSong-Bold"]
    assert any("SimHei.ttf 没有采用：字体许可不允许嵌入文档" in problem for problem in book.problems())
    assert any("FZXBSJW--GB1-0.ttf 没有采用：字体许可不允许只嵌入用到的字" in p for p in book.problems())


def test_a_face_with_a_famous_name_and_few_characters_is_passed_over(folder):
    make_font(folder, "楷体_GB2312", EVERYDAY.replace("访", ""))
    book, _ = prepare(folder)
    assert book.chain(Role.KAI)[0].family == "FandolKai"
    assert any("缺 GB 2312 一级汉字 1 个" in problem for problem in book.problems())


def test_a_broken_file_among_the_fonts_does_no_harm(folder):
    (folder / "broken.ttf").write_bytes(b"\0\1\0\0 no font")
    (folder / "empty.otf").write_bytes(b"")
    book, _ = prepare(folder)
    assert book.chain(Role.FANG)[0].family == "FandolFang"


def test_a_face_inside_a_collection_is_found_by_its_own_name(folder):
    make_collection(folder / "simsun.ttc", "NSimSun", "SimSun", characters=EVERYDAY)
    book, _ = prepare(folder)
    face = book.chain(Role.SONG)[0]
    assert face.family == "宋体"
    with TTFont(face.file) as font:  # the cut face is a plain file, so CSS can name it
        assert font["name"].getDebugName(6) == "SimSun"


@pytest.mark.parametrize("outlines", ["glyf", "CFF"])
def test_private_use_blank_and_undrawn_characters_are_not_covered(tmp_path, outlines):
    file = make_font(tmp_path, "Some", "王\ue000\U000f0000\u0007", blank="秀\u3000", outlines=outlines)
    assert fontcut.characters(file, 0) == {"王", " ", "\u3000"}


@pytest.mark.parametrize("outlines", ["glyf", "CFF"])
def test_cutting_twice_gives_the_same_bytes_in_any_process(tmp_path, outlines):
    file = make_font(tmp_path, "Some", EVERYDAY, outlines=outlines)
    code = (
        "import sys, pathlib; from xfdocs.render import fontcut;"
        "sys.stdout.buffer.write(fontcut.cut(pathlib.Path(sys.argv[1]), 0, '王秀英', 'xf-song'))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code, str(file)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1] == fontcut.cut(file, 0, "王秀英", "xf-song")


def test_an_offices_own_font_serves_what_nothing_else_has_before_the_open_rare_faces(folder, tmp_path):
    own = make_font(tmp_path / "office", "本局人名字库", "\u3fff\u9fff")
    with pytest.raises(FontsMissing, match=own.name):
        FontBook.find([own])
    book, _ = prepare(folder, (own,))
    assert next(face for face in book.chain(Role.FANG) if face.covers("\u3fff")).family == "本局人名字库"
    assert prepare(folder)[0].missing("\u9fff", Role.FANG) == ("\u9fff",)


def test_an_offices_own_official_face_goes_before_the_machines(folder, tmp_path):
    make_font(folder, "仿宋_GB2312", EVERYDAY)
    own = make_font(tmp_path / "office", "FZFSK--GBK1-0", EVERYDAY)
    assert prepare(folder, (own,))[0].chain(Role.FANG)[0].family == "方正仿宋_GBK"
    assert prepare(folder)[0].chain(Role.FANG)[0].family == "仿宋_GB2312"


def test_an_own_font_that_is_not_there_is_an_error(folder, tmp_path):
    with pytest.raises(FontsMissing, match=r"no\.ttf"):
        prepare(folder, (tmp_path / "no.ttf",))


def test_preparing_again_does_nothing_and_a_better_font_is_taken_up(folder):
    book, said = prepare(folder)
    assert said
    files = {file: file.stat().st_mtime_ns for file in (folder / "prepared").iterdir()}
    assert prepare(folder) == (book, [])
    assert {file: file.stat().st_mtime_ns for file in (folder / "prepared").iterdir()} == files
    make_font(folder, "SimHei", EVERYDAY)
    newer, _ = prepare(folder)
    assert newer.digest != book.digest
    left = {file.name for file in (folder / "prepared").glob("*.otf")}
    assert left == {face.file.name for role in Role for face in newer.chain(role)}


def test_what_is_prepared_does_not_depend_on_where_the_fonts_lie(folder, tmp_path, monkeypatch):
    first, _ = prepare(folder)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere, ignore=shutil.ignore_patterns("prepared"))
    monkeypatch.setenv("XFDOCS_FONTS", str(elsewhere))
    second, _ = prepare(elsewhere)
    assert second.digest == first.digest


def test_a_damaged_face_is_a_problem_and_is_made_anew(folder):
    book, _ = prepare(folder)
    face = book.chain(Role.FANG)[0]
    whole = face.file.read_bytes()
    face.file.write_bytes(whole[:-1])
    assert any(face.file.name in problem for problem in book.problems())
    again, _ = prepare(folder)
    assert again.problems() == []
    assert face.file.read_bytes() == whole


def test_without_any_font_for_a_role_nothing_is_prepared_and_the_error_says_how_to_get_one(folder):
    (folder / "FandolKai-Regular.ttf").unlink()
    with pytest.raises(FontsMissing, match=r"缺少楷体字体.*--fetch.*texlive-lang-chinese"):
        prepare(folder)
    assert not (folder / "prepared").exists()


def test_where_no_pool_of_processes_can_be_had_one_process_does_the_work(folder, monkeypatch):
    def no_semaphores(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(fontsetup, "ProcessPoolExecutor", no_semaphores)
    book, _ = prepare(folder)
    assert book.problems() == []


def test_what_was_cut_is_no_source(folder):
    prepare(folder)
    assert all(
        "prepared" not in face.file.parts for faces in survey([folder]).found.values() for face in faces
    )


# --- fetching -------------------------------------------------------------------------------------------------


def fake(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_missing_open_fonts_are_taken_out_of_the_package_without_installing_it(folder, tmp_path, monkeypatch):
    needs("dpkg-deb")
    package = tmp_path / "package"
    (package / "DEBIAN").mkdir(parents=True)
    (package / "DEBIAN" / "control").write_text(
        "Package: fonts-hanazono\nVersion: 1\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: test\n"
    )
    inside = package / "usr" / "share" / "fonts"
    make_font(inside, "HanaMinA", "㐂")
    make_font(inside, "HanaMinB", "𠮷")
    make_font(inside, "Other", "王")
    deb = tmp_path / "fonts-hanazono_1_all.deb"
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", package, deb], check=True, stdout=subprocess.DEVNULL
    )
    fake(tmp_path / "bin", "apt-get", f'[ "$3" = fonts-hanazono ] && cp {deb} .')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(fontfetch, "search_folders", lambda: (folder,))
    fontfetch.fetch_fonts(lambda _: None)
    assert {file.name for file in folder.iterdir()} >= {"HanaMinA.ttf", "HanaMinB.ttf"}
    assert not (folder / "Other.ttf").exists()


def test_when_the_package_cannot_be_had_the_error_names_the_command_and_the_reason(
    folder, tmp_path, monkeypatch
):
    needs("dpkg-deb")
    fake(tmp_path / "bin", "apt-get", "echo 'E: no network here' >&2; exit 100")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(fontfetch, "search_folders", lambda: (folder,))
    with pytest.raises(
        FontsMissing, match=r"apt-get -q download fonts-hanazono.*no network here.*HanaMinA\.ttf"
    ):
        fontfetch.fetch_fonts(lambda _: None)
