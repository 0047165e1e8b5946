"""A file is whole or as it was: whatever breaks, nothing half written bears its name."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tests.disks import a_full_disk
from xfdocs import files
from xfdocs.files import Staging, appearing, sweep, write_whole
from xfdocs.record.files import record_files

OLD, NEW = b"old" * 100, b"new" * 100


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path):
    write_whole(tmp_path / "甲" / "乙" / "丙.xml", NEW, durable=True)
    assert (tmp_path / "甲" / "乙" / "丙.xml").read_bytes() == NEW
    assert names(tmp_path / "甲" / "乙") == ["丙.xml"]


def test_nothing_appears_before_all_of_it_is_there(tmp_path):
    with Staging() as staging:
        staging.put(tmp_path / "a.xml", NEW)
        staging.put(tmp_path / "b.xml", NEW)
        assert not {"a.xml", "b.xml"} & set(names(tmp_path))
        staging.commit()
    assert names(tmp_path) == ["a.xml", "b.xml"]


def test_what_is_not_committed_is_gone_and_the_old_file_is_as_it_was(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(OLD)

    def broken_off() -> None:
        with Staging() as staging:
            staging.put(path, NEW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.xml"]


def test_on_a_full_disk_the_old_file_stays_and_the_trouble_names_it(tmp_path, monkeypatch):
    path = tmp_path / "a.xml"
    path.write_bytes(OLD)
    a_full_disk(monkeypatch, lambda _: True)
    with pytest.raises(OSError, match="No space left") as trouble:
        write_whole(path, NEW)
    assert trouble.value.filename == str(path)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.xml"]


def test_a_file_on_its_way_is_no_record(tmp_path):
    (tmp_path / "a.xml").write_bytes(OLD)
    with Staging() as staging:
        staging.put(tmp_path / "b.xml", NEW)
        assert len(names(tmp_path)) == 2
        assert list(record_files([tmp_path])) == [tmp_path / "a.xml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "a.xml"
    path.write_bytes(OLD)
    path.chmod(mode)
    write_whole(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_that_is_replaced_keeps_its_owner_and_group(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(OLD)
    os.chown(path, 12345, 23456)
    write_whole(path, NEW)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_new_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "usual").write_bytes(NEW)
    write_whole(tmp_path / "a.xml", NEW)
    assert (tmp_path / "a.xml").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_that_may_not_be_replaced_stays_and_is_told_while_the_others_go_on(tmp_path):
    theirs, ours = tmp_path / "a.xml", tmp_path / "b.xml"
    theirs.write_bytes(OLD)
    ours.write_bytes(OLD)
    with Staging() as staging:
        staging.put(theirs, NEW)
        staging.put(ours, NEW)
        assert staging.commit(lambda path: path == ours) == [theirs]
    assert (theirs.read_bytes(), ours.read_bytes()) == (OLD, NEW)
    assert names(tmp_path) == ["a.xml", "b.xml"]


def test_between_looking_and_replacing_nobody_else_of_ours_does(tmp_path):
    """Two that count up one file, each from what it has read: no step is lost."""
    path = tmp_path / "n"
    path.write_text("0")

    def unchanged(seen: bytes) -> bool:
        same = path.read_bytes() == seen
        time.sleep(0.001)
        return same

    def count() -> None:
        for _ in range(30):
            while True:
                seen = path.read_bytes()
                with Staging(durable=False) as staging:
                    staging.put(path, str(int(seen) + 1).encode())
                    if not staging.commit(lambda _, seen=seen: unchanged(seen)):
                        break

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "60"


def test_what_is_durable_is_on_the_disk_before_it_bears_its_name(tmp_path, monkeypatch):
    told: list[str] = []
    sync, rename = os.fsync, Path.replace
    monkeypatch.setattr(
        os, "fsync", lambda f: (told.append(str(Path(f"/proc/self/fd/{f}").readlink())), sync(f))[1]
    )
    monkeypatch.setattr(Path, "replace", lambda self, other: (told.append("rename"), rename(self, other))[1])
    write_whole(tmp_path / "甲" / "a.xml", NEW, durable=True)
    assert [Path(place).suffix or Path(place).name for place in told][:2] == [".part", "rename"]
    assert {Path(place) for place in told[2:]} == {tmp_path, tmp_path / "甲"}
    told.clear()
    write_whole(tmp_path / "b.xml", NEW)
    assert told == ["rename"]


def test_many_files_are_made_durable_by_one_order(tmp_path, monkeypatch):
    orders: list[str] = []
    monkeypatch.setattr(os, "sync", lambda: orders.append("all"))
    with Staging() as staging:
        for n in range(100):
            staging.put(tmp_path / f"{n}.pdf", NEW)
        staging.commit()
    assert orders == ["all"]


def test_what_a_killed_process_left_is_swept_away_and_nothing_else(tmp_path):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from xfdocs.files import Staging
        with Staging() as staging:
            staging.put(Path(sys.argv[1]), b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "01-转送函.pdf")], check=False)
    write_whole(tmp_path / "01-转送函.docx", NEW)
    write_whole(tmp_path / ".别人的.part", NEW)
    assert len(names(tmp_path)) == 3
    sweep(tmp_path, "01-转送函")
    assert names(tmp_path) == [".别人的.part", "01-转送函.docx"]


@pytest.mark.parametrize("name", ["a" * 251 + ".xml", "长" * 83 + ".xml"], ids=["latin", "chinese"])
def test_a_file_with_the_longest_name_is_written_and_its_remains_are_swept_away(tmp_path, name):
    write_whole(tmp_path / name, OLD)
    with Staging() as killed:
        killed.put(tmp_path / name, NEW)
        killed._staged.clear()
    assert len(names(tmp_path)) == 2
    sweep(tmp_path, name)
    assert names(tmp_path) == [name]
    write_whole(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW


def test_a_file_system_without_locks_is_written_all_the_same(tmp_path, monkeypatch):
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(files.fcntl, "flock", none)
    with Staging() as staging:
        staging.put(tmp_path / "a.xml", NEW)
        assert staging.commit(lambda _: True) == []
    assert names(tmp_path) == ["a.xml"]


# --- what is too big to be put at once ------------------------------------------------------------------


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_what_is_being_built_appears_when_it_is_whole(tmp_path, folder):
    path = tmp_path / "甲" / "包"
    with appearing(path, folder=folder) as place:
        inside = place / "a.pdf" if folder else place
        inside.write_bytes(NEW)
        assert not path.exists()
        sweep(path.parent, "包")
        assert inside.exists(), "who builds is not swept away"
    assert (path / "a.pdf" if folder else path).read_bytes() == NEW
    assert names(path.parent) == ["包"]


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_what_was_broken_off_is_gone(tmp_path, folder):
    def broken_off() -> None:
        with appearing(tmp_path / "包", folder=folder) as place:
            (place / "a.pdf" if folder else place).write_bytes(NEW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert names(tmp_path) == []


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_what_is_there_at_the_last_moment_is_not_written_over(tmp_path, folder):
    def second() -> None:
        with appearing(tmp_path / "包", folder=folder):
            (tmp_path / "包").write_bytes(OLD)

    with pytest.raises(FileExistsError):
        second()
    assert (tmp_path / "包").read_bytes() == OLD
    assert names(tmp_path) == ["包"]


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_what_a_killed_builder_left_is_swept_away(tmp_path, folder):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from xfdocs.files import appearing
        with appearing(Path(sys.argv[1]), folder=sys.argv[2] == "True") as place:
            (place / "half" if place.is_dir() else place).write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "包"), str(folder)], check=False)
    assert len(names(tmp_path)) == 1
    sweep(tmp_path, "包")
    assert names(tmp_path) == []
