"""What tests of the archive are given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xfdocs import files


@pytest.fixture(scope="module")
def no_disk() -> Iterator[None]:
    """Nobody pulls the plug while these tests run, and waiting for the disk is most of what they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_make_durable", list)
        yield
