"""Outside tools that some tests need: found, or the test says why it did not run."""

from __future__ import annotations

import os
import shutil

import pytest

STRICT = os.environ.get("XFDOCS_TEST_STRICT") == "1"


def needs(tool: str, *, found: bool | None = None, why: str = "") -> None:
    """Skip the running test if *tool* is absent; fail instead where every tool must be there (CI)."""
    if found if found is not None else shutil.which(tool) is not None:
        return
    reason = f"{tool} is not on this machine. {why}".strip()
    if STRICT:
        pytest.fail(reason)
    pytest.skip(reason)
