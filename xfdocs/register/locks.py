"""Locks that end with their process, however it ends: held by the kernel, or by PostgreSQL for a connection.

Nothing here is decided by a timeout or a process number.  A lock is *held* (exclusive) by who does the
work; who only asks looks with a shared lock, so that two who ask do not take each other for the holder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from xfdocs.errors import RegisterUnreachable
from xfdocs.register import reasons

_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?")


class Held(Protocol):
    """A lock that this process has."""

    def check(self) -> None:
        """Raises `RegisterUnreachable` if it has been lost, as with the connection to a server."""

    def release(self) -> None:
        """Let it go; again is harmless."""


class Locks(Protocol):
    """Named locks of one register."""

    def exclusive(self, name: str) -> AbstractContextManager[None]:
        """Wait for the lock, and have it while the block runs."""

    def hold(self, name: str) -> Held:
        """A lock that nobody else has or asks for, held until released."""

    def held(self, name: str, connection: Connection) -> bool:
        """Whether some process holds the lock now; *connection* is inside a transaction."""

    def forget(self, name: str) -> None:
        """Nobody will hold that lock again."""

    def tidy(self, group: str) -> None:
        """Forget all locks of a group (``runs``) whose processes ended without doing so."""


# --- files: one machine -----------------------------------------------------------------------------------


class FileLocks:
    """``flock`` on files in a folder: the kernel lets go when the last process that has it open ends."""

    def __init__(self, folder: Path, where: str) -> None:
        self._folder = folder
        self._where = where

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        """As `Locks.exclusive`."""
        file = self._open(name, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(file)

    def hold(self, name: str) -> Held:
        """As `Locks.hold`."""
        while True:  # whoever tidies up may have taken the file for a dead one's before it was locked
            file = self._open(name, fcntl.LOCK_EX)
            if _is(file, self._path(name)):
                return _HeldFile(file)
            os.close(file)

    def held(self, name: str, connection: Connection) -> bool:
        """As `Locks.held`."""
        del connection
        with reasons.of_files(self._where):
            try:
                file = os.open(self._path(name), os.O_RDWR)
            except FileNotFoundError:
                return False
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(file)
        return False

    def forget(self, name: str) -> None:
        """Take the file away."""
        with suppress(OSError):  # left behind, it means nothing
            self._path(name).unlink()

    def tidy(self, group: str) -> None:
        """As `Locks.tidy`."""
        for path in self._path(f"{group}/any").parent.glob("*.lock"):
            with suppress(OSError):  # held, or gone meanwhile
                file = os.open(path, os.O_RDWR)
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    if _is(file, path):
                        path.unlink()
                finally:
                    os.close(file)

    def _open(self, name: str, how: int) -> int:
        path = self._path(name)
        with reasons.of_files(self._where):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(file, how)
            except BaseException:
                os.close(file)
                raise
            return file

    def _path(self, name: str) -> Path:
        return self._folder / f"{_checked(name)}.lock"


def _is(file: int, path: Path) -> bool:
    """Whether an open file is the one that bears the name now."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False


class _HeldFile:
    def __init__(self, file: int) -> None:
        self._file = file

    def check(self) -> None:
        """The kernel does not take a lock away."""

    def release(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


# --- PostgreSQL: any machine --------------------------------------------------------------------------------


class AdvisoryLocks:
    """Advisory locks of a database: the server lets go when the connection that has one ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.where = engine.url.render_as_string(hide_password=True)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        """As `Locks.exclusive`; the transaction that has the lock does nothing else."""
        with self.explained(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a section takes as long as it takes
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key(name))))
            yield

    def hold(self, name: str) -> Held:
        """As `Locks.hold`, on a connection of its own, outside of any transaction."""
        with self.explained():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                connection.execute(sa.select(sa.func.pg_advisory_lock(_key(name))))
            except BaseException:
                connection.invalidate()
                connection.close()
                raise
        return _HeldConnection(connection, self)

    def held(self, name: str, connection: Connection) -> bool:
        """As `Locks.held`."""
        question = sa.select(sa.func.pg_try_advisory_xact_lock_shared(_key(name)))
        return not connection.execute(question).scalar_one()

    def forget(self, name: str) -> None:
        """The server keeps nothing of it."""

    def tidy(self, group: str) -> None:
        """The server keeps nothing of them."""

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Errors of the driver, said as ours."""
        try:
            yield
        except DBAPIError as error:
            words = reasons.why(error, secret=str(self._engine.url.password or ""))
            raise RegisterUnreachable(where=self.where, why=words) from error


class _HeldConnection:
    def __init__(self, connection: Connection, locks: AdvisoryLocks) -> None:
        self._connection = connection
        self._locks = locks

    def check(self) -> None:
        """Ask the server for a sign of life; a lost connection is never opened anew, for its lock is gone."""
        if self._connection.invalidated:
            raise RegisterUnreachable(where=self._locks.where, why=_LOST)
        with self._locks.explained():
            self._connection.exec_driver_sql("SELECT 1")

    def release(self) -> None:
        """Unlock, so that it is done when this returns; with a lost connection it was done before."""
        if self._connection.closed:
            return
        if not self._connection.invalidated:
            try:
                self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            except DBAPIError:
                self._connection.invalidate()
        self._connection.close()


_LOST = "与数据库服务器的连接断过，别的运行可能已经接手"


def _key(name: str) -> sa.BindParameter[int]:
    """A name as the 64 bits PostgreSQL wants."""
    digest = hashlib.sha256(f"xfdocs:{_checked(name)}".encode()).digest()
    return sa.literal(int.from_bytes(digest[:8], signed=True), sa.BigInteger)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return name
