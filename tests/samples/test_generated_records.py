"""The benchmark's records are real records: accepted, written as the writer writes, and the same for the same seed."""

from __future__ import annotations

import re

from bench.records import generate
from tests.samples.corpus import TODAY, office
from xfdocs.record.findings import Verdict
from xfdocs.record.validation import read_case, validate_paths
from xfdocs.record.writer import write_case


def written(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.xml")}


def test_generated_records_are_accepted(tmp_path) -> None:
    generate(400, 5, tmp_path)
    reports = list(validate_paths([tmp_path], office(), on=TODAY))
    assert len(reports) == 400
    assert {report.verdict for report in reports} == {Verdict.ACCEPTED}


def test_generated_records_are_exactly_what_the_writer_writes(tmp_path) -> None:
    generate(200, 6, tmp_path)
    assert all(write_case(read_case(path)) == path.read_bytes() for path in tmp_path.rglob("*.xml"))


def test_the_same_seed_gives_the_same_records_and_another_gives_others(tmp_path) -> None:
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        generate(100, seed, tmp_path / name)
    assert written(tmp_path / "one") == written(tmp_path / "same")
    assert written(tmp_path / "one") != written(tmp_path / "other")


def test_generated_records_differ_in_path_channel_and_stage(tmp_path) -> None:
    generate(600, 9, tmp_path)
    text = b"".join(written(tmp_path).values()).decode()
    assert set(re.findall("<办理路径>(.+?)<", text)) == {"29", "30", "31-2", "31-5", "31-6"}
    assert set(re.findall("<形式>(.+?)<", text)) >= {"来信", "来访", "网上", "来电"}
    assert {"转送", "受理", "告知", "答复", "送达", "执行", "结案"} <= set(
        re.findall(r"    <(\w+) 序=", text)
    )


def test_generated_people_have_invented_telephones(tmp_path) -> None:
    generate(200, 10, tmp_path)
    text = b"".join(written(tmp_path).values()).decode()
    numbers = re.findall("<联系电话>(.+?)<", text)
    assert numbers
    assert all(re.fullmatch(r"1990000\d{4}", number) for number in numbers)
