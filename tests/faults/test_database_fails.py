"""The register's database is locked, gone, read-only, or its server stops: said, nothing lost, and then it goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import ISSUE, KILLED, Server, everything, faults, not_broken
from tests.production.desks import office_in
from tests.register import cluster as postgresql
from tests.tools import needs
from xfdocs.errors import RegisterBroken
from xfdocs.office import Office

LACKING, BROKEN = 3, 4
POINTS = pytest.mark.parametrize(
    "point", ["survey:before:1", "reserve:before:1", "register:before:1", "confirm:before:2", "end:before:1"]
)
"""Before each transaction of a run."""


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office")
    assert server.run(office).code == 0
    return everything(office)


def database(office: Office) -> Path:
    return office.folder / "register" / "register.db"


def goes_on(server: Server, office: Office, undisturbed: dict[str, object]) -> None:
    """Nothing is broken, and the next run ends as if nothing had happened."""
    not_broken(office)
    ended = server.run(office)
    assert ended.code == 0, ended.said
    assert everything(office) == undisturbed
    assert faults(office) == []


# --- locked ---------------------------------------------------------------------------------------------


@POINTS
def test_somebody_who_writes_for_too_long_stops_the_run_and_is_told_of(server, office, undisturbed, point):
    running = server.start(office, at=point, deed="halt", env={"DEADLY_PATIENCE": "0.2"}).halted()
    other = sqlite3.connect(database(office), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        ended = running.go_on().ended()
    finally:
        other.close()
    assert ended.code == LACKING
    assert "另一个程序正在写，等了很久还没有写完" in ended.said
    assert "再运行同一条命令，就从断开的地方接着做" in ended.said
    goes_on(server, office, undisturbed)


def test_somebody_who_writes_for_a_moment_is_waited_for(server, office, undisturbed):
    running = server.start(office, at="register:before:1", deed="halt").halted()
    other = sqlite3.connect(database(office), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        running.go_on()
        with pytest.raises(AssertionError, match="never came"):
            running.halted(0.5)
        other.execute("ROLLBACK")
        assert running.ended().code == 0
    finally:
        other.close()
    assert everything(office) == undisturbed


# --- gone -----------------------------------------------------------------------------------------------


@POINTS
def test_a_database_taken_away_stops_the_run_and_put_back_it_goes_on(
    server, office, tmp_path, undisturbed, point
):
    """It is a folder that somebody moves, and brings back when he hears of it."""
    away = tmp_path / "away"
    running = server.start(office, at=point, deed="halt").halted()
    (office.folder / "register").rename(away)
    ended = running.go_on().ended()
    assert ended.code == LACKING
    assert "文件在使用期间被删除或者移走了" in ended.said
    shutil.rmtree(office.folder / "register", ignore_errors=True)
    away.rename(office.folder / "register")
    goes_on(server, office, undisturbed)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_database_that_is_deleted_stops_the_run_and_a_new_one_is_not_begun_over_what_was_issued(
    server, office, what
):
    running = server.start(office, at="register:before:2", deed="halt").halted()
    if what == "file":
        database(office).unlink()  # its log stays behind
    else:
        shutil.rmtree(office.folder / "register")
    before = {*(office.folder / "issued").rglob("*.docx")}
    assert running.go_on().ended().code == LACKING
    lost(server, office)
    assert {*(office.folder / "issued").rglob("*.docx")} == before


def lost(server: Server, office: Office) -> None:
    """Whatever is asked of it now: refused, and what to do is said; nothing is made."""
    records = {path: path.read_bytes() for path in (office.folder / "cases").glob("*.xml")}
    for words in (ISSUE, ISSUE):  # the second time there is a database, made by the first
        ended = server.run(office, *words)
        assert ended.code == BROKEN
        assert "登记库丢失了，再制发就会重号。请恢复最近的备份" in ended.said
    assert {path: path.read_bytes() for path in (office.folder / "cases").glob("*.xml")} == records


def test_a_lost_register_is_not_begun_anew(server, office):
    assert server.run(office).code == 0
    shutil.rmtree(office.folder / "register")
    lost(server, office)
    with pytest.raises(RegisterBroken):
        faults(office)


def test_a_lost_register_that_is_restored_goes_on(server, office, tmp_path, undisturbed):
    assert server.run(office, at="register:after:1").code == KILLED
    shutil.copytree(office.folder / "register", tmp_path / "backup")
    shutil.rmtree(office.folder / "register")
    lost(server, office)
    shutil.rmtree(office.folder / "register")
    shutil.move(tmp_path / "backup", office.folder / "register")
    goes_on(server, office, undisturbed)


def test_a_number_of_ours_that_the_register_never_gave_stops_its_record_only(server, office, undisturbed):
    """The backup that was restored is older than the last letters."""
    record = office.folder / "cases" / "YZ-20260916-0008.xml"
    before = record.read_text("utf-8")
    told = (
        "  </办理>\n  <文书 事件=\"1\">\n    <种类>受理告知书</种类>\n    <文号>石政信受字〔2026〕7号</文号>\n"
        "    <日期>2026-09-24</日期>\n    <份数>2</份数>\n    <作废>送错了人</作废>\n  </文书>\n"
    )  # fmt: skip
    record.write_text(before.replace("  </办理>\n", told), "utf-8")
    ended = server.run(office)
    assert ended.code == 1, ended.said
    assert "石政信受字〔2026〕7号 不是登记库发出的" in ended.said
    assert "新制发 9 份" in ended.said
    assert faults(office) == []
    record.write_text(before, "utf-8")
    assert server.run(office).code == 0
    numbers = {(e["case"], e["number"]) for e in everything(office)["entries"]}  # type: ignore[attr-defined]
    assert numbers == {(e["case"], e["number"]) for e in undisturbed["entries"]}  # type: ignore[attr-defined]
    assert faults(office) == []


# --- read-only ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["folder", "file"])
def test_a_register_that_can_only_be_read_stops_the_run_before_a_number_is_taken(
    server, office, undisturbed, which
):
    if which == "file":
        assert server.run(office, at="begin:after:1").code == KILLED
        places = [*(office.folder / "register").glob("register.db*"), office.folder / "register"]
    else:
        (office.folder / "register").mkdir()
        places = [office.folder / "register"]
    modes = {place: place.stat().st_mode for place in places}
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        ended = server.run(office, env={"DEADLY_HUMBLE": "1"})
    finally:
        for place, mode in modes.items():
            place.chmod(mode)
    assert ended.code == LACKING, ended.said
    assert "权限" in ended.said
    assert not [*office.folder.glob("issued/**/*.docx")]
    goes_on(server, office, undisturbed)


# --- a server that stops ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgresql.Cluster]:
    needs("PostgreSQL (initdb, postgres)", found=postgresql.available(), why="apt-get install postgresql")
    with postgresql.running() as cluster:
        yield cluster


def far_away(folder: Path, cluster: postgresql.Cluster) -> Office:
    """An office whose register is on a server."""
    with (office_in(folder).folder / "xfdocs.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n[register]\nurl = '{cluster.office()}'\n")
    return Office.open(folder)


@POINTS
def test_a_server_that_stops_stops_the_run_and_when_it_is_back_it_goes_on(
    server, cluster, tmp_path, undisturbed, point
):
    office = far_away(tmp_path / "office", cluster)
    running = server.start(office, at=point, deed="halt").halted()
    cluster.stop()
    ended = running.go_on().ended()
    assert ended.code == LACKING
    assert "再运行同一条命令，就从断开的地方接着做" in ended.said
    if point.startswith("reserve"):  # and as long as it is away
        assert server.run(office).code == LACKING
    cluster.start()
    goes_on(server, office, undisturbed)


@pytest.mark.parametrize(
    "point", ["reserve:after:1", "statements:after:3", "name:before:12", "confirm:before:1"]
)
def test_a_run_killed_with_a_server_far_away_is_gone_on_with_too(
    server, cluster, tmp_path, undisturbed, point
):
    office = far_away(tmp_path / "office", cluster)
    assert server.run(office, at=point).code == KILLED
    goes_on(server, office, undisturbed)
