"""The disk is full: it is said, nothing half remains, and with space again the run goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import Server, everything, faults, not_broken, nothing_half
from tests.production.desks import office_in
from tests.tools import STRICT
from xfdocs.office import Office

TWO = ("issue", "all", "cases", "--format", "docx", "--jobs", "2")
ONE = ("issue", "all", "cases", "--format", "docx", "--jobs", "1")
LACKING = 3


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office")
    assert server.run(office).code == 0
    return everything(office)


def parts(office: Office) -> list[Path]:
    """What was begun and not finished."""
    return [*office.folder.rglob("*.part")]


@pytest.mark.parametrize(
    ("words", "point", "worker", "named"),
    [
        (ONE, "half:before:1", False, "issued/YZ-20260706-0012/00-来信登记表.docx"),
        (ONE, "half:before:7", False, "issued/YZ-20260914-0025/02-受理告知书.docx"),
        (ONE, "half:before:10", False, "cases/YZ-20260914-0025.xml"),
        (TWO, "half:before:3", True, ".docx"),
        (TWO, "half:before:2", False, "cases/YZ-20260914-0025.xml"),
    ],
    ids=["a document", "a later document", "a record", "a worker's document", "the parent's record"],
)
def test_a_file_that_does_not_fit_stops_the_run_and_is_named(
    server, office, undisturbed, words, point, worker, named
):
    ended = server.run(office, *words, at=point, deed="full", worker=worker)
    assert ended.code == LACKING
    assert "磁盘已满" in ended.said
    assert named in ended.said
    assert ".part" not in ended.said
    assert "再运行同一条命令" in ended.said
    if words == ONE:  # of two workers, the other one is stopped in the middle; the next run sweeps up
        assert parts(office) == []
    not_broken(office)
    nothing_half(office, undisturbed)
    ended = server.run(office)
    assert ended.code == 0, ended.said
    assert everything(office) == undisturbed
    assert faults(office) == []


# --- a disk that is really full ---------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of our own; only who may mount can have one, and what it shows is shown above too."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this user may not mount a disk: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def leave(disk: Path, free: int) -> Path:
    """Fill a disk but for so many kilobytes; the file that does it."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.truncate(0)
        space = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, max(4096, space.f_bavail * space.f_frsize - free * 1024))
    return filler


SPACES = range(0, 1200, 30 if STRICT else 90)


def test_wherever_the_disk_is_full_the_run_ends_in_words_and_with_space_it_goes_on(server, disk, undisturbed):
    """The register's database, the documents, the records: a little more space, and it is full a little later."""
    named: set[str] = set()
    for free in SPACES:
        office = office_in(disk / "office")
        filler = leave(disk, free)
        ended = server.run(office)
        if ended.code == 0:
            break
        assert ended.code == LACKING, ended.said
        assert "磁盘已满" in ended.said
        assert "再运行同一条命令" in ended.said
        named |= {kind for kind in ("register.db", ".docx", ".xml") if kind in ended.said}
        filler.unlink()
        assert parts(office) == []
        not_broken(office)
        nothing_half(office, undisturbed)
        assert server.run(office).code == 0
        assert everything(office) == undisturbed, free
        assert faults(office) == []
        shutil.rmtree(office.folder)
    assert ended.code == 0, "the most space was not enough"
    assert named >= {"register.db", ".docx"}
