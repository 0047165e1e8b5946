"""The register's database: SQLite in the office's folder, or PostgreSQL by URL.

Whatever goes wrong with it is said as `RegisterUnreachable` (mend it and run again) or `RegisterBroken`
(what was there is there no more), never as an error of the driver, and never with a password.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from xfdocs.errors import (
    LibraryMissing,
    OfficeInvalid,
    RegisterAbsent,
    RegisterBroken,
    RegisterNewer,
    RegisterUnreachable,
)
from xfdocs.office import CONFIG, Office
from xfdocs.register import reasons
from xfdocs.register.locks import AdvisoryLocks, FileLocks, Locks
from xfdocs.register.tables import VERSION

FOLDER = "register"
FILE = "register.db"
PATIENCE = 30.0
"""Seconds a statement waits for another process to finish writing."""
_AGAIN = 0.005
"""Seconds until that is tried again for which SQLite itself does not wait."""


class Database:
    """An open database of an office; `writing` and `reading` give a connection inside a transaction.

    Use it as a context manager, or `close` it.  It belongs to one process: a child opens its own.
    """

    def __init__(self, engine: Engine, where: str, folder: Path, file: Path | None) -> None:
        self.engine = engine
        self.where = where
        """The database as people may see it: a path, or a URL without its password."""
        self.file = file
        """SQLite's file; None with PostgreSQL."""
        self._identity: tuple[int, int] | None = None
        self.locks: Locks = FileLocks(folder, where) if file else AdvisoryLocks(engine)

    @classmethod
    def open(cls, office: Office, *, create: bool = True, patience: float = PATIENCE) -> Self:
        """The database of an office, brought to this program's version of its tables.

        *create* makes it if it is not there.  *patience* is in seconds.

        Raises:
            RegisterAbsent: there is none, and *create* is false.
            RegisterUnreachable: it cannot be opened, read or written now.
            RegisterBroken: the file is no database, or not the register's.
            RegisterNewer: a newer program wrote it.
            LibraryMissing: psycopg is needed and absent.
            OfficeInvalid: the URL in ``xfdocs.toml`` is none of SQLite or PostgreSQL.
        """
        url = _url(office)
        where = url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        file = Path(where) if url.drivername == "sqlite" else None
        if file is not None:
            if not create and not file.exists():
                raise RegisterAbsent(where=office.folder)
            with reasons.of_files(where):
                file.parent.mkdir(parents=True, exist_ok=True)
        engine = _sqlite(url, patience) if file else _postgresql(url, patience)
        database = cls(engine, where, file.parent if file else office.folder, file)
        try:
            database._prepare(create=create, absent=office.folder)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- transactions -----------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: kept whole if the block ends well, undone whole if not.

        On SQLite it is alone from its first moment.  On PostgreSQL whoever needs that locks a row.
        """
        self._still_there()
        with (
            self._explained(),
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection
            self._still_there()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads: it sees one state of the register from its first statement to its last."""
        self._still_there()
        with self._explained(), self.engine.connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def exclusive(self, name: str) -> AbstractContextManager[None]:
        """A section that one process at a time is in, whichever machine it runs on; waits as long as it takes.

        Not to be entered twice by the same process: it would wait for itself.
        """
        return self.locks.exclusive(name)

    # --- how it is opened -------------------------------------------------------------------------------

    def _prepare(self, *, create: bool, absent: Path) -> None:
        if (version := self._version()) is None or version < VERSION:
            if version is None and not create:
                raise RegisterAbsent(where=absent)
            from xfdocs.register.migrate import upgrade

            # Two that open a new register at the same moment: the second finds it made.
            with self.exclusive("schema"), self.writing() as connection:
                upgrade(connection)
            version = self._version()
        if version is None or not version.isdecimal():
            raise RegisterBroken(where=self.where, what="它不是本程序的登记库。请恢复最近的备份。")
        if version > VERSION:
            raise RegisterNewer(where=self.where, version=version)

    def _version(self) -> str | None:
        """The version of the tables; None if there are none."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            if self.file is not None:
                stat = self.file.stat()
                self._identity = (stat.st_dev, stat.st_ino)
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def _still_there(self) -> None:
        """SQLite writes on into a file that was deleted or replaced, and everything would be lost."""
        if self.file is None or self._identity is None:
            return
        try:
            stat = self.file.stat()
        except OSError as error:
            why = "文件在使用期间被删除或者移走了。请把它放回原处，或者恢复备份"
            raise RegisterUnreachable(where=self.where, why=why) from error
        if (stat.st_dev, stat.st_ino) != self._identity:
            why = "文件在使用期间被换成了另一个。请等替换完成"
            raise RegisterUnreachable(where=self.where, why=why)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the driver, said as ours."""
        try:
            yield
        except IntegrityError as error:
            raise RegisterBroken(where=self.where, what=reasons.of_conflict(error)) from error
        except DBAPIError as error:
            if reasons.is_broken(error):
                raise RegisterBroken(where=self.where, what=reasons.of_damage(error)) from error
            raise RegisterUnreachable(where=self.where, why=self._why(error)) from error
        except sa.exc.TimeoutError as error:  # every connection of the pool is in use
            raise RegisterUnreachable(where=self.where, why=self._why(error)) from error

    def _why(self, error: SQLAlchemyError) -> str:
        return reasons.why(error, secret=self.engine.url.password or "")


# --- URLs and engines -----------------------------------------------------------------------------------


def _url(office: Office) -> URL:
    """Where the register of an office is. Raises `OfficeInvalid`; its message never shows the URL."""
    if not office.register:
        return URL.create("sqlite", database=str(office.folder / FOLDER / FILE))
    wrong = OfficeInvalid(
        file=office.folder / CONFIG,
        what="[register] 的 url 应写作 postgresql+psycopg://用户@主机/库名，或者 sqlite:///文件；不写就用单位文件夹里的 SQLite。",
    )
    try:
        url = sa.make_url(office.register)
    except (ArgumentError, ValueError) as error:
        raise wrong from error
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"} or not url.database or url.database == ":memory:":
        raise wrong
    return URL.create("sqlite", database=str(office.folder / url.database))


def _sqlite(url: URL, patience: float) -> Engine:
    """SQLite with transactions that are what they say: the driver itself never begins or ends one."""
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"isolation_level": None, "timeout": patience}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        if _write_ahead(connection, patience) != "wal":
            raise sqlite3.OperationalError(reasons.NO_WAL)
        connection.execute("PRAGMA synchronous = FULL")  # a number that was told must survive a power cut
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection, patience: float) -> str:
    """Turn a new file to a write-ahead log, and give the journal it has then.

    SQLite does not wait for that as it does for every statement: when several open a new register at the
    same moment, the others are told at once that it is locked.
    """
    until = time.monotonic() + patience
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN)
        else:
            return str(mode)


def _postgresql(url: URL, patience: float) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise LibraryMissing(
            library="psycopg",
            what="使用 PostgreSQL 登记库",
            mend="请运行 `pip install 'xfdocs[postgresql]'`。",
        ) from error
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "xfdocs"},
    )
    settings = {
        "lock_timeout": f"{int(patience * 1000)}ms",
        "synchronous_commit": "on",
        # The server notices within a minute that the machine of a run has gone, and lets its locks go.
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    }
    wanted = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.execute(f"SELECT {wanted}")
        connection.commit()

    return engine
