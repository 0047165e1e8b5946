"""What a driver complains of, in words that say what to mend; never a password, never a value of a row."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from xfdocs.errors import RegisterUnreachable

NO_WAL = "xfdocs: no write-ahead log"
"""Raised by ourselves where a file system cannot hold one."""

_SQLITE = {
    sqlite3.SQLITE_BUSY: "另一个程序正在写，等了很久还没有写完。请看看是否有程序停在那里",
    sqlite3.SQLITE_LOCKED: "另一个程序正在写，等了很久还没有写完。请看看是否有程序停在那里",
    sqlite3.SQLITE_FULL: "磁盘已满。请腾出空间",
    sqlite3.SQLITE_IOERR: "读写磁盘时出错。请检查磁盘",
    sqlite3.SQLITE_IOERR_SHMSIZE: "磁盘已满。请腾出空间",  # no room for the index of the log
    sqlite3.SQLITE_CANTOPEN: "文件打不开。请检查路径和权限",
    sqlite3.SQLITE_PERM: "没有读写的权限",
    sqlite3.SQLITE_READONLY: "文件或者它所在的文件夹只能读，不能写。请检查权限",
    sqlite3.SQLITE_NOMEM: "内存不够",
}
_NO_WAL = (
    "它所在的磁盘（多半是网络盘）不支持 SQLite 的预写日志。请把单位文件夹放在本机磁盘，或者改用 PostgreSQL"
)
_SQLITE_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_POSTGRESQL = {
    "28": "数据库不接受这个用户名或者口令",
    "3D000": "服务器上没有这个数据库。请先建立",
    "42501": "这个用户没有需要的权限",
    "53100": "数据库服务器的磁盘已满",
    "53200": "数据库服务器的内存不够",
    "53300": "数据库服务器的连接数已满",
    "55P03": "另一个程序正在写，等了很久还没有写完。请看看是否有程序停在那里",
    "25006": "数据库现在只能读，不能写",
    "57P": "数据库服务器正在停止或者启动，或者断开了连接",
    "40": "与另一个程序的写入冲突",
    "08": "与数据库服务器的连接断了",
}
"""By the beginning of SQLSTATE (PostgreSQL, appendix A)."""
_REFUSED = {
    "authentication failed": _POSTGRESQL["28"],
    "no pg_hba.conf entry": _POSTGRESQL["28"],
    'FATAL: role "': _POSTGRESQL["28"],
    'FATAL: database "': _POSTGRESQL["3D000"],
    "too many clients": _POSTGRESQL["53300"],
    "the database system is": _POSTGRESQL["57P"],
}
_POSTGRESQL_BROKEN = ("42P01", "42703", "XX001", "XX002")
"""A table or column is missing, the data or an index is corrupted."""


def why(error: Exception, *, secret: str = "") -> str:
    """Why the database cannot be used now, as the middle of a sentence; *secret* is blotted out."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        if str(original) == NO_WAL:
            return _NO_WAL
        whole = getattr(original, "sqlite_errorcode", 0)
        if words := _SQLITE.get(whole) or _SQLITE.get(_sqlite_code(original)):
            return words
    state = getattr(original, "sqlstate", None) or ""
    for beginning, words in _POSTGRESQL.items():
        if state.startswith(beginning):
            return words
    said = " ".join(str(original).split())
    for part, words in _REFUSED.items():  # a connection that never came to be has no SQLSTATE
        if part in said:
            return words
    if secret:
        said = said.replace(secret, "***")
    if isinstance(original, sqlite3.Error):
        return f"SQLite 报告：{said}"
    return f"连不上数据库服务器，或者连接断了（{said}）"


def is_broken(error: DBAPIError) -> bool:
    """Whether the database is damaged, not merely out of reach."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        code = _sqlite_code(original)
        missing = code == sqlite3.SQLITE_ERROR and str(original).startswith("no such ")
        return code in _SQLITE_BROKEN or missing
    return (getattr(original, "sqlstate", None) or "") in _POSTGRESQL_BROKEN


def of_damage(error: DBAPIError) -> str:
    """What is broken, and the mend."""
    return f"数据库已损坏，或者不是本程序的登记库（{' '.join(str(error.orig).split())}）。请恢复最近的备份。"


def of_conflict(error: IntegrityError) -> str:
    """The database refused a row that contradicts another one: somebody changed it behind our back."""
    original = error.orig
    constraint = getattr(getattr(original, "diag", None), "constraint_name", None)
    what = constraint or str(original).partition("constraint failed: ")[2] or "？"
    return f"要写入的与已有的冲突（{what}），没有写入。请运行 `xfdocs register verify` 查明。"


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary result code; the extended ones carry more in their upper bytes."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


@contextmanager
def of_files(where: str | Path) -> Iterator[None]:
    """Errors of the operating system about the register's own folder, said as ours."""
    try:
        yield
    except OSError as error:
        words = _SYSTEM.get(error.errno or 0, f"系统报告：{error.strerror}")
        raise RegisterUnreachable(where=where, why=words) from error


_SYSTEM = {
    errno.ENOSPC: "磁盘已满。请腾出空间",
    errno.EDQUOT: "磁盘配额已满。请腾出空间",
    errno.EACCES: "没有读写的权限",
    errno.EPERM: "没有读写的权限",
    errno.EROFS: "磁盘只能读，不能写",
    errno.ENOENT: "单位文件夹不在了",
    errno.ENOLCK: "它所在的磁盘不支持加锁。请把单位文件夹放在本机磁盘，或者改用 PostgreSQL",
}
