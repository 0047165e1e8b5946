"""Disks that fail: what a full one does to whoever writes on it."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class _Full(io.FileIO):
    """A file that takes a hundred bytes and no more; the system names no file then."""

    def write(self, data: Any) -> int:
        super().write(bytes(data)[:100])
        raise OSError(errno.ENOSPC, "No space left on device")


def a_full_disk(monkeypatch: pytest.MonkeyPatch, where: Callable[[Path], bool]) -> list[Path]:
    """Let every new file in a place break off while it is written; the files that did, as they come."""
    real = Path.open
    broken: list[Path] = []

    def full(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if mode == "xb" and where(path):
            broken.append(path)
            return _Full(path, mode)
        return real(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", full)
    return broken
