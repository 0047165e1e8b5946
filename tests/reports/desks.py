"""Offices for the tests of reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xfdocs.office import CONFIG, Office

SETTINGS = """
[office]
name = "云州市信访局"
nature = "信访部门"
code = "云信"
superior = "云州市人民政府"

[[organ]]
name = "云州市水务局"
code = "云水信"
superior = "云州市人民政府"

[[organ]]
name = "云州市住房和城乡建设局"
code = "云建信"
superior = "云州市人民政府"
"""


def office_with(folder: Path, files: Mapping[str, str] | None = None, settings: str = "") -> Office:
    """An office in *folder* with files of its own, by path, and further settings."""
    for name, text in {CONFIG: settings + SETTINGS, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return Office.open(folder)
