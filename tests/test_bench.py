"""The benchmarks that the table of results names can be run as it says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = sorted(set(re.findall(r"python (\S+ \S+)", (ROOT / "bench" / "RESULTS.md").read_text("utf-8"))))


@pytest.mark.parametrize("command", NAMED)
def test_a_benchmark_is_there_by_the_name_its_results_give_it(command, monkeypatch):
    flag, module = command.split()
    assert flag == "-m"
    monkeypatch.syspath_prepend(ROOT)
    assert callable(importlib.import_module(module).main)
