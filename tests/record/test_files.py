"""Which files are records: every one once, in the order of its path, and nothing else."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from xfdocs.errors import NothingThere
from xfdocs.record.files import record_files

TREE = (
    "乙/2.xml", "甲/1.xml", "甲/深/0.xml", "甲/深.xml", "甲/a-b.xml", "甲/a/z.xml", "甲/a.xml", "a b/c.xml", "z.xml", "A.xml",
)  # fmt: skip
NONE = (".git/9.xml", "甲/.x.xml", "甲/说明.txt", "甲/B.XML", "甲/c.xml.bak", "空/说明.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*TREE, *NONE):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path


def names(folder: Path, *paths: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in record_files(paths)]


def test_a_folder_is_searched_to_the_bottom_in_the_order_of_paths(folder):
    assert list(record_files([folder])) == sorted(folder / name for name in TREE)


def test_each_file_comes_once_under_the_name_it_comes_by_first(folder):
    (folder / "link").symlink_to(folder / "甲", target_is_directory=True)
    all_of_them = names(folder, folder)
    assert all_of_them == names(folder, folder, folder / "甲", folder / "z.xml", folder / "link")
    assert names(folder, folder / "z.xml", folder / "z.xml", folder)[:2] == ["z.xml", "A.xml"]
    assert set(names(folder, folder / "z.xml", folder)) == set(all_of_them)
    assert names(folder, folder / "link")[0].startswith("link/")


def test_links_to_folders_are_not_followed_and_links_to_files_are_files(folder):
    (folder / "甲" / "round").symlink_to(folder, target_is_directory=True)
    (folder / "甲" / "y.xml").symlink_to(folder / "z.xml")
    (folder / "甲" / "gone.xml").symlink_to(folder / "nothing.xml")
    (folder / "甲" / "self.xml").symlink_to(folder / "甲" / "self.xml")
    (folder / "甲" / "d.xml").mkdir()
    os.mkfifo(folder / "甲" / "pipe.xml")
    assert names(folder, folder) == sorted([*TREE, "甲/y.xml"], key=lambda name: name.split("/"))


def test_a_path_from_here_stays_one(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert record_files([Path()])[0] == Path("A.xml")
    assert record_files(["甲"])[0] == Path("甲/1.xml")


def test_they_are_a_sequence(folder):
    files = record_files([folder])
    known = list(files)
    assert len(files) == len(TREE)
    assert [files[i] for i in range(-len(TREE), len(TREE))] == [*known, *known]
    for part in (slice(None), slice(3), slice(2, 7, 2), slice(None, None, -1), slice(90, 95)):
        assert files[part] == known[part]
    for beyond in (len(TREE), -len(TREE) - 1):
        with pytest.raises(IndexError):
            files[beyond]
    assert folder / "z.xml" in files
    assert list(files) == known, "they can be gone through again"


def test_a_folder_without_any_is_said(folder):
    for place in ("空", ".git/.."):
        places = [folder / "甲", folder / place]
        if place == "空":
            with pytest.raises(NothingThere, match="没有案件记录"):
                record_files(places)
        else:
            assert len(record_files(places)) == len(TREE)
    assert len(record_files([folder / "not-there.xml"])) == 1, "whoever reads it says what it lacks"


def test_many_names_take_little_room(tmp_path):
    for n in range(4000):
        (tmp_path / f"YZ-20260101-{n:05}.xml").touch()
    tracemalloc.start()
    try:
        files = record_files([tmp_path])
        room, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert room / len(files) < 110, "bytes a file"
