"""The register form of a joint letter keeps everybody's name beside that person's own address and telephone."""

from __future__ import annotations

from pathlib import Path

from tests.builders import a_case, office_in, person
from xfdocs.document.compose import compose
from xfdocs.document.words import all_text


def test_everybody_who_wrote_stands_there_with_their_own_address(tmp_path: Path) -> None:
    people = (
        person("陆晚晴", address="甲路1号", phones=("19900001001",)),
        person("顾念慈", address="乙路2号", phones=("19900001002",), representative=True),
    )
    case = a_case("2026-07-01", petitioners=people)
    text = all_text(compose("来信登记表", case, office_in(tmp_path / "office")))
    for said in ("陆晚晴：甲路1号", "顾念慈：乙路2号", "陆晚晴：19900001001", "顾念慈：19900001002"):
        assert said in text
