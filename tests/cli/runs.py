"""The command line run in this process: its exit code and what it said where."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from xfdocs.cli import main


@dataclass(frozen=True)
class Run:
    """What became of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def xfdocs(*words: object, cwd: Path | None = None, answer: str = "") -> Run:
    """Run ``xfdocs WORDS…`` in a folder; *answer* is typed at its questions."""
    out, err = io.StringIO(), io.StringIO()
    arguments = ["xfdocs", *map(str, words)]
    code: object = None
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", arguments),
        mock.patch.object(sys, "stdin", io.StringIO(answer)),
        inside(cwd or Path.cwd()),
    ):
        try:
            main()
        except SystemExit as leave:
            code = leave.code
    assert isinstance(code, int), "every command ends with an exit code of its own"
    return Run(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
