"""The database under the register: made once, upgraded, and honest about whatever goes wrong with it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.builders import a_case, saved
from tests.register.offices import issue_all, made, make_office, numbers, wanted
from xfdocs.errors import (
    LibraryMissing,
    OfficeInvalid,
    RegisterAbsent,
    RegisterBroken,
    RegisterNewer,
    RegisterUnreachable,
)
from xfdocs.office import Office
from xfdocs.register import index_tables, migrate
from xfdocs.register.database import Database
from xfdocs.register.index import CaseIndex
from xfdocs.register.migrate import config_for
from xfdocs.register.register import Register
from xfdocs.register.tables import METADATA, VERSION
from xfdocs.register.verify import verify

ROOT = Path(__file__).parents[2]
assert index_tables.METADATA is METADATA, "the tables of the index stand among those of the register"


def file_of(office: Office) -> Path:
    return office.folder / "register" / "register.db"


# --- its tables -----------------------------------------------------------------------------------------


def test_the_migrations_make_exactly_the_tables_of_the_program(office):
    with Database.open(office) as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_migrations_make_the_same_indexes_and_checks_as_the_tables(office, url, tmp_path, request):
    """Autogenerate does not see conditions of indexes, nor checks: the databases' own words do."""
    other_url = request.getfixturevalue("cluster").office() if url else f"sqlite:///{tmp_path / 'other.db'}"
    other = sa.create_engine(other_url)
    try:
        METADATA.create_all(other)
        with Database.open(office) as database, database.reading() as migrated, other.connect() as made:
            words = _words(migrated)
            assert words == _words(made)
            assert len(words) >= 20
    finally:
        other.dispose()


def _words(connection: sa.Connection) -> list[str]:
    """Indexes and checks as the database tells them."""
    if connection.dialect.name == "sqlite":
        question = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        found = list(connection.exec_driver_sql(question).scalars())
        for table in METADATA.sorted_tables:
            checks = sa.inspect(connection).get_check_constraints(table.name)
            uniques = sa.inspect(connection).get_unique_constraints(table.name)
            found += [f"{table.name} {check['name']} {check['sqltext']}" for check in checks]
            found += [f"{table.name} {unique['name']} {unique['column_names']}" for unique in uniques]
        return sorted(found)
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
    checks = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace AND conrelid::regclass::text <> 'alembic_version'"
    )
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    found = [*connection.exec_driver_sql(indexes).scalars(), *connection.exec_driver_sql(checks).scalars()]
    return sorted(words.replace(f"{schema}.", "") for words in found)


def test_the_program_knows_its_newest_migration_without_asking_alembic():
    script = ScriptDirectory.from_config(config_for())
    assert script.get_current_head() == VERSION
    assert [step.revision for step in script.walk_revisions()] == sorted(
        (step.revision for step in script.walk_revisions()), reverse=True
    )


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_a_register_of_an_older_program_is_brought_up_to_date_and_its_index_fills_anew(
    office, version, monkeypatch
):
    with monkeypatch.context() as older:
        older.setattr(migrate, "upgrade", lambda opened: command.upgrade(config_for(opened), version))
        with Database.open(office) as database, database.writing() as connection:
            if version == "0002":
                marks = ", ".join(f":{name}" for name in _OLD)
                connection.execute(
                    sa.text(f"INSERT INTO indexed_records ({', '.join(_OLD)}) VALUES ({marks})"), _OLD
                )
                connection.execute(sa.text("INSERT INTO indexed_related VALUES (1, 1, 'YZ-0')"))
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    with Database.open(office) as database:
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
            for table in (index_tables.RECORDS, index_tables.RELATED):
                assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
        assert [seen.path for seen in CaseIndex(database, office).refresh([path.parent])] == [path]
        with database.reading() as connection:
            limits = connection.execute(sa.select(index_tables.LIMITS.c.limit)).scalars().all()
            assert limits == ["disposition"]


_OLD = {
    "id": 1, "path": "cases/a.xml", "size": 1, "mtime_ns": 1, "settled": True, "sha256": "", "rules": "", "attached": 0,
    "attachments": "", "verdict": "accepted", "case_id": "YZ-1", "twin": "",
}  # fmt: skip
"""A row as version 0002 wrote it."""


def test_opening_a_register_of_this_version_does_not_load_alembic(sqlite_office):
    with Register.open(sqlite_office):
        pass
    code = (
        "import sys\nfrom pathlib import Path\nfrom xfdocs.office import Office\n"
        "from xfdocs.register.register import Register\n"
        "with Register.open(Office.open(Path(sys.argv[1]))): print('alembic' in sys.modules)"
    )
    words = [sys.executable, "-c", code, str(sqlite_office.folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_creation_that_was_broken_off_is_done_by_the_next_who_opens(sqlite_office, monkeypatch):
    from xfdocs.register import migrate

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "upgrade", killed)
        with pytest.raises(KeyboardInterrupt):
            Register.open(sqlite_office)
    with Register.open(sqlite_office) as register:
        assert register.count() == 0


def test_a_register_of_a_newer_program_is_left_alone(office):
    with Database.open(office) as database, database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9001'"))
    with pytest.raises(RegisterNewer, match=r"9001.*请升级"):
        Register.open(office)


def test_a_database_with_another_programs_versions_is_no_register(office):
    with Database.open(office) as database, database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'f3a9c2'"))
    with pytest.raises(RegisterBroken, match="不是本程序的登记库"):
        Register.open(office)


# --- is it there ----------------------------------------------------------------------------------------


def test_who_only_looks_makes_no_register(office):
    with pytest.raises(RegisterAbsent, match="还没有登记库"):
        Register.open(office, create=False)
    assert not file_of(office).exists()
    with Register.open(office):
        pass
    with Register.open(office, create=False) as register:
        assert register.count() == 0


def test_a_lost_register_is_not_begun_anew(office, url):
    with Register.open(office) as register, register.begin_run({}) as run:
        issue_all(register, run, numbers(2), office)
    if url:
        with Database.open(office) as database, database.writing() as connection:
            connection.execute(sa.text("DELETE FROM files"))
            connection.execute(sa.text("DELETE FROM documents"))
    else:
        shutil.rmtree(file_of(office).parent)
    for create in (False, True):  # who only looks is told so too: nothing was issued is not true
        with pytest.raises(RegisterBroken, match=r"登记库丢失了.*恢复最近的备份") as told:
            Register.open(office, create=create)
        assert "YZ-20260301-000" in str(told.value)
        assert told.value.exit_code == 4


def test_a_folder_of_issued_documents_that_is_empty_is_no_loss(sqlite_office):
    (sqlite_office.folder / "issued" / "YZ-1").mkdir(parents=True)
    (sqlite_office.folder / "issued" / ".gitkeep").touch()
    with Register.open(sqlite_office) as register:
        assert register.count() == 0


# --- what goes wrong ------------------------------------------------------------------------------------


def test_a_register_deleted_while_open_is_noticed_before_anything_is_written(sqlite_office):
    with Register.open(sqlite_office) as register, register.begin_run({}) as run:
        register.reserve(run, [wanted(1)])
        kept = file_of(sqlite_office).with_name("kept.db")
        file_of(sqlite_office).rename(kept)
        with pytest.raises(RegisterUnreachable, match="被删除或者移走"):
            register.reserve(run, [wanted(2)])
        with pytest.raises(RegisterUnreachable, match="被删除或者移走"):
            list(register.entries())
        shutil.copy(kept, file_of(sqlite_office))
        with pytest.raises(RegisterUnreachable, match="被换成了另一个"):
            register.reserve(run, [wanted(2)])
        kept.replace(file_of(sqlite_office))
        [new] = register.reserve(run, [wanted(2)])
        assert new.entry.n == 2


def test_a_register_deleted_during_a_transaction_is_noticed_before_it_is_kept(sqlite_office):
    def write(database: Database) -> None:
        with database.writing() as connection:
            connection.execute(sa.text("UPDATE head SET seq = 5"))
            file_of(sqlite_office).unlink()

    with Database.open(sqlite_office) as database, pytest.raises(RegisterUnreachable, match="被删除或者移走"):
        write(database)


def test_a_register_locked_for_too_long_is_said_to_be_locked(sqlite_office):
    with Register.open(sqlite_office, patience=0.2) as register, register.begin_run({}) as run:
        other = sqlite3.connect(file_of(sqlite_office), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterUnreachable, match="另一个程序正在写") as told:
            register.reserve(run, [wanted(1)])
        assert list(register.entries()) == [], "reading goes on"
        other.execute("ROLLBACK")
        other.close()
        assert told.value.exit_code == 3
        assert [r.entry.n for r in register.reserve(run, [wanted(1)])] == [1]


def test_who_opens_a_new_register_waits_for_another_who_is_making_it(sqlite_office):
    """SQLite does not wait when a new file is turned to a write-ahead log."""
    file_of(sqlite_office).parent.mkdir()
    other = sqlite3.connect(file_of(sqlite_office), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE one (two)")
    with pytest.raises(RegisterUnreachable, match="另一个程序正在写"):
        Register.open(sqlite_office, patience=0.05)
    threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
    with Register.open(sqlite_office, patience=20) as register:
        assert list(register.entries()) == []
    other.close()


def test_a_postgresql_register_locked_for_too_long_is_said_to_be_locked(cluster, tmp_path):
    office = make_office(tmp_path / "office", url=cluster.office())
    with (
        Register.open(office, patience=0.2) as register,
        register.begin_run({}) as run,
        Database.open(office) as other,
    ):
        with other.writing() as connection:
            connection.execute(sa.text("SELECT * FROM head FOR UPDATE"))
            with pytest.raises(RegisterUnreachable, match="另一个程序正在写"):
                register.reserve(run, [wanted(1)])
        assert [r.entry.n for r in register.reserve(run, [wanted(1)])] == [1]


def test_a_full_disk_takes_nothing_away_and_says_so(sqlite_office):
    with Register.open(sqlite_office) as register, register.begin_run({}) as run:
        register.reserve(run, numbers(5))
        before = register.head(), register.count()
        with register.database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(RegisterUnreachable, match="磁盘已满"):
            register.reserve(run, numbers(500, start=10))
        assert (register.head(), register.count()) == before
    with Register.open(sqlite_office) as register:
        assert [fault for fault in verify(register, sqlite_office) if fault.gravity == "broken"] == []


def test_a_register_that_can_only_be_read_says_so(sqlite_office):
    """The database forbids it, as a disk mounted read-only would: root may write anywhere."""
    with Register.open(sqlite_office) as register, register.begin_run({}) as run:
        with register.database.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(RegisterUnreachable, match="只能读"):
            register.reserve(run, [wanted(1)])
        run._leave()


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_file_is_said_to_be_damaged(sqlite_office, damage):
    with Register.open(sqlite_office) as register, register.begin_run({}) as run:
        for start in range(1, 1000, 250):
            register.reserve(run, numbers(250, start=start))
    data = bytearray(file_of(sqlite_office).read_bytes())
    if damage == "head":
        data[:16] = b"this is no data!"
    else:
        data[4096 * 4 : -4096] = b"\xa5" * (len(data) - 4096 * 5)
    file_of(sqlite_office).write_bytes(data)

    def read() -> None:
        with Register.open(sqlite_office) as register:
            list(register.entries())

    with pytest.raises(RegisterBroken, match=r"已损坏.*恢复最近的备份"):
        read()


def test_a_missing_table_is_damage(register):
    with register.database.writing() as connection:
        connection.execute(sa.text("DROP TABLE files"))
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
        with pytest.raises(RegisterBroken, match="已损坏"):
            register.issue(run, [made(left.entry)])


def test_the_database_itself_refuses_a_number_twice(register):
    """The second guard, should the first ever fail."""
    with register.begin_run({}) as run:
        register.reserve(run, numbers(2))
    with register.database.writing() as connection:
        connection.execute(sa.text("UPDATE series SET last = 1"))
    with register.begin_run({}) as run, pytest.raises(Exception, match=r"已经用于|冲突"):
        register.reserve(run, [wanted(3)])
    for change in (
        "UPDATE documents SET n = 1 WHERE id = 2",
        "UPDATE documents SET number = '云信受字〔2026〕1号' WHERE id = 2",
        "UPDATE documents SET case_id = 'YZ-20260301-0001', ordinal = 2 WHERE id = 2",
    ):
        with pytest.raises(RegisterBroken, match="与已有的冲突"), register.database.writing() as connection:
            connection.execute(sa.text(change))


def test_no_wal_no_register(sqlite_office, monkeypatch):
    """A network disk answers with another kind of journal."""
    real = sqlite3.connect

    class Remote(sqlite3.Connection):
        def execute(self, words: str, *more: object) -> sqlite3.Cursor:
            if "journal_mode" in words:
                return super().execute("SELECT 'delete'")
            return super().execute(words, *more)

    monkeypatch.setattr(sqlite3.dbapi2, "connect", lambda *a, **k: real(*a, factory=Remote, **k))
    with pytest.raises(RegisterUnreachable, match="预写日志"):
        Register.open(sqlite_office)


# --- URLs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:geheim@db/x",
        "postgresql+psycopg2://u:geheim@h/x",
        "sqlite://",
        "sqlite:///:memory:",
        "::geheim",
    ],
)
def test_a_url_of_another_database_is_refused_without_being_shown(tmp_path, url):
    with pytest.raises(OfficeInvalid, match=r"postgresql\+psycopg://") as told:
        Register.open(make_office(tmp_path, url=url))
    assert "geheim" not in str(told.value)


def test_a_password_is_never_told(tmp_path, cluster):
    for address, words in (
        (cluster.url("none", "tester:geheim"), "没有这个数据库"),
        (cluster.url("postgres", "stranger:geheim"), "不接受这个用户名"),
        ("postgresql://tester:geheim@127.0.0.1:1/none", "连不上数据库服务器"),
        (f"postgresql://tester:geheim@/none?host={tmp_path}", "连不上数据库服务器"),
    ):
        with pytest.raises(RegisterUnreachable, match=words) as told:
            Register.open(make_office(tmp_path / "office", url=address))
        chain: BaseException | None = told.value
        while chain is not None:
            assert "geheim" not in str(chain)
            chain = chain.__cause__ or chain.__context__


def test_sqlite_may_lie_elsewhere_by_url(tmp_path):
    office = make_office(tmp_path / "office", url="sqlite:///../shared/book.db")
    with Register.open(office) as register, register.begin_run({}):
        pass
    assert (tmp_path / "shared" / "book.db").is_file()
    assert not file_of(office).exists()


def test_without_psycopg_the_mend_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LibraryMissing, match=r"pip install 'xfdocs\[postgresql\]'"):
        Register.open(make_office(tmp_path, url="postgresql://a@b/c"))
