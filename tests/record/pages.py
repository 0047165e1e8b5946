"""``python -m tests.record.pages`` writes `docs/rules.md` from the rules."""

from __future__ import annotations

from pathlib import Path

from xfdocs.record.rules.page import rules_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(rules_page(), encoding="utf-8")
