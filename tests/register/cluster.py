"""A PostgreSQL cluster of our own: in a temporary folder, on a Unix socket, gone when the tests are.

The programs come from Debian's package ``postgresql``; nothing of the system's own cluster is touched.
`initdb` refuses to work as root, so root becomes an unprivileged user for it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=16MB", "max_connections=60")
"""What is kept need not survive a power cut."""


def program(name: str) -> Path | None:
    """A program of PostgreSQL, from the path or from where Debian keeps them, the newest first."""
    if found := shutil.which(name):
        return Path(found)
    places = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]),
        reverse=True,
    )
    return places[0] if places else None


def available() -> bool:
    """Whether a cluster can be made here."""
    return program("initdb") is not None and program("postgres") is not None


class Cluster:
    """A server; each office gets a schema of its own, which is made faster than a database."""

    def __init__(self, socket: Path, command: list[str | Path], become: dict[str, Any]) -> None:
        self.socket = socket
        self._command, self._become = command, become
        self._server: subprocess.Popen[bytes] | None = None
        self._count = 0

    def url(self, database: str = "postgres", user: str = "tester") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.socket}"

    def run(self, statement: str) -> None:
        """A statement of the administrator."""
        import psycopg

        with psycopg.connect(
            host=str(self.socket), user="tester", dbname="postgres", autocommit=True
        ) as server:
            server.execute(statement)

    def office(self) -> str:
        """The URL of an empty place for a register."""
        self._count += 1
        name = f"office_{self._count}"
        self.run(f"CREATE SCHEMA {name}")
        return f"{self.url()}&options=-csearch_path%3D{name}"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        with (self.socket / "log").open("ab") as log:
            self._server = subprocess.Popen(
                ["/bin/sh", "-c", _GUARDED, "guard", *self._command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.socket,
                **self._become,
            )
        _wait(self._server, self.socket)

    def stop(self) -> None:
        """Stop it as a power cut would: every connection is lost."""
        if self._server is not None:
            self._server.communicate(timeout=60)
            self._server = None


_GUARDED = '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server'
"""The server ends when our end of this shell's standard input closes: also if the tests are killed."""


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster while the block runs."""
    initdb, postgres = program("initdb"), program("postgres")
    assert initdb is not None
    assert postgres is not None
    # A socket's path may have 107 bytes: the folder's name is short, whatever pytest calls its own.
    folder = Path(tempfile.mkdtemp(prefix="xfpg"))
    become = _unprivileged(folder)
    try:
        data = folder / "data"
        made = subprocess.run(
            [initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            **become,
        )
        assert made.returncode == 0, made.stderr
        options = [
            word for setting in (*FAST, f"unix_socket_directories={folder}") for word in ("-c", setting)
        ]
        cluster = Cluster(folder, [postgres, "-D", data, "-h", "", *options], become)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    until = time.monotonic() + 60
    while True:
        assert server.poll() is None, (folder / "log").read_text(errors="replace")
        try:
            psycopg.connect(host=str(folder), user="tester", dbname="postgres").close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, (folder / "log").read_text(errors="replace")
            time.sleep(0.05)
        else:
            return


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Who a child becomes so as to be no root; the folder is given to them."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
