"""The bar on the terminal: for people's eyes only, whatever else is being printed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.production.desks import office_in


def test_results_that_go_to_a_file_are_whole_while_the_bar_is_drawn(tmp_path):
    office = office_in(tmp_path / "office")
    screen, terminal = pty.openpty()
    out = tmp_path / "out.jsonl"
    command = [Path(sys.executable).with_name("xfdocs"), "draft", "all", "cases", "-o", "drafts"]
    with out.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--format", "docx", "--json"],
            cwd=office.folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=terminal,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"},
        )
        os.close(terminal)
        seen = b""
        try:
            while piece := os.read(screen, 4096):
                seen += piece
        except OSError:  # Linux: the other end was closed
            pass
        assert process.wait(timeout=60) == 0
        os.close(screen)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(lines) == len(list((office.folder / "drafts").rglob("*.docx"))) > 5
    assert "生成草稿" in seen.decode()
    assert '"kind"' not in seen.decode()
