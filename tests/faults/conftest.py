"""What tests of faults share: a server of processes, and what an undisturbed run leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import Server, serving
from tests.production.desks import office_in
from xfdocs.office import Office


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where commands are run."""
    with serving(tmp_path_factory.mktemp("runs")) as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with four records and nothing issued."""
    return office_in(tmp_path / "office")
