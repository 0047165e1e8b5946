"""A letter that promises what a local regulation promises cites that regulation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import WATER, a_case, an, office_in, to, transfer
from xfdocs.document.compose import compose
from xfdocs.document.words import all_text
from xfdocs.record.events import Acceptance


@pytest.mark.parametrize(("profile", "local"), [("zhejiang", True), ("national", False)])
def test_thirty_days_are_promised_by_the_local_regulation_and_sixty_by_the_national(
    profile: str, local: bool, tmp_path: Path
) -> None:
    """浙江23·1: thirty days; 条例22 34: sixty."""
    case = a_case(
        "2026-07-01", transfer("2026-07-02", to(WATER, "2026-07-03")), an(Acceptance, "2026-07-06", WATER)
    )
    office = office_in(tmp_path / "office", profile=profile)
    text = all_text(compose("受理告知书", case, office, event=case.events[-1]))
    assert ("第三十四条和《浙江省信访条例》第二十三条第一款，现将" in text) is local
    assert ("自受理之日起30日内" in text) is local
    assert ("自受理之日起60日内" in text) is not local
