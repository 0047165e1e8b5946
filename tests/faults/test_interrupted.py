"""Ctrl-C at the terminal: everybody ends at once, how to go on is said, and it goes on."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bench.records import generate
from tests.faults.runs import LONG, ROOT, Ended, Server, everything, family, faults, not_broken, within
from tests.production.desks import office_in
from tests.tools import STRICT
from xfdocs.office import Office

XFDOCS = Path(sys.executable).with_name("xfdocs")
PDF = ("issue", "all", "cases", "--jobs", "2", "--format", "pdf")
DOCX = ("issue", "all", "cases", "--jobs", "2", "--format", "docx")
INTERRUPTED = 130


@pytest.fixture(scope="module")
def full(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[Path, dict[str, object]]]:
    """An office with many records and nothing issued, and what is left when everything has been."""
    known: dict[tuple[str, ...], tuple[Path, dict[str, object]]] = {}

    def made(words: tuple[str, ...], count: int) -> tuple[Path, dict[str, object]]:
        if words not in known:
            folder = tmp_path_factory.mktemp("full")
            office = office_in(folder / "office", [])
            generate(count, 11, office.folder / "cases")
            shutil.copytree(office.folder, folder / "issued")
            other = Office.open(folder / "issued")
            assert server.run(other, *words, chunk=50).code == 0
            known[words] = office.folder, everything(other)
        return known[words]

    return made


def interrupted(
    office: Office, words: tuple[str, ...], when: Callable[[], object], held_down: bool
) -> tuple[Ended, float]:
    """The command as people start it, and Ctrl-C when something is seen; how many seconds it took to end."""
    process = subprocess.Popen(
        [XFDOCS, *words],
        cwd=office.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert within(LONG, when)
    begin = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells the whole group
    while held_down and process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.003)
    out, err = process.communicate(timeout=LONG)
    took = time.monotonic() - begin
    assert within(1, lambda: not family(process.pid)), "somebody is left behind"
    return Ended(process.returncode, out, err), took


SEEN = {
    "when it has begun": lambda office: (office.folder / "register" / "register.db").exists(),
    "when the first letters are there": lambda office: any((office.folder / "issued").glob("*/[0-9]*")),
    "when the first records were told": lambda office: "<文书".encode() in first(office).read_bytes(),
}


def first(office: Office) -> Path:
    """The record that comes first."""
    return min((office.folder / "cases").rglob("*.xml"))


@pytest.mark.parametrize(
    ("words", "count", "seen", "held_down"),
    [
        (PDF, 12, "when the first letters are there", False),
        (DOCX, 120, "when it has begun", False),
        (DOCX, 120, "when the first letters are there", True),
        *([(PDF, 12, "when the first records were told", True), (DOCX, 120, "when the first records were told", False)] if STRICT else []),
    ],
)  # fmt: skip
def test_ctrl_c_ends_everybody_at_once_and_the_next_run_goes_on(
    server, full, tmp_path, words, count, seen, held_down
):
    folder, undisturbed = full(words, count)
    shutil.copytree(folder, tmp_path / "office")
    office = Office.open(tmp_path / "office")
    ended, took = interrupted(office, words, lambda: SEEN[seen](office), held_down)
    assert ended.code == INTERRUPTED, ended
    assert took < 2
    said = re.search(r"已中断：这一次制发了 (\d+) 份。再运行同一条命令，就从断开的地方接着做。", ended.said)
    assert said, ended.said
    not_broken(office)
    done = server.run(office, *words, chunk=50)
    assert done.code == 0, done.said
    assert "没有做完，从断开的地方接着做" in done.said or seen == "when it has begun"
    assert everything(office) == undisturbed
    assert faults(office) == []
