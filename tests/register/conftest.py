"""One suite on both databases: SQLite in a folder, and a private PostgreSQL cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.register import cluster as postgresql
from tests.register.offices import make_office
from tests.tools import needs
from xfdocs.office import Office
from xfdocs.register.register import Register


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """A server for this worker's tests."""
    needs("PostgreSQL (initdb, postgres)", found=postgresql.available(), why="apt-get install postgresql")
    with postgresql.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where the register of an office is: empty for SQLite in its folder."""
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("cluster").office()


@pytest.fixture
def office(url: str, tmp_path: Path) -> Office:
    """An office whose register is new, on either database."""
    return make_office(tmp_path / "office", url=url)


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Office:
    """An office with SQLite, for what only a file can suffer."""
    return make_office(tmp_path / "office")


@pytest.fixture
def register(office: Office) -> Iterator[Register]:
    """The register of `office`, new and open."""
    with Register.open(office) as opened:
        yield opened
