"""A record read aloud leaves nothing out, and says numbers and codes as what they mean."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.builders import a_case, service, to, transfer
from tests.samples.corpus import cases
from xfdocs.record.aloud import aloud
from xfdocs.record.codes import FileFormat
from xfdocs.record.model import Case, Issued, IssuedFile
from xfdocs.record.search import texts


def told(case: Case) -> str:
    return "\n".join(aloud(case))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_text_of_a_record_is_read(case: Case) -> None:
    said = re.sub(r"\s", "", told(case))
    unsaid = [one.path for one in texts(case) if re.sub(r"\s", "", one.text) not in said and one.at != "摘要"]
    assert unsaid == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_event_stands_in_its_order_with_its_day_and_who_acted(case: Case) -> None:
    lines = [line for line in told(case).split("\n") if re.match(r"  \d+\. ", line)]
    assert len(lines) == len(case.events)
    for line, event in zip(lines, case.events, strict=True):
        assert line.startswith(f"  {event.seq}. {event.date}  ")
        assert (event.organ or case.registration.organ) in line


def test_a_reference_says_which_event_it_means() -> None:
    case = a_case("2026-07-01", transfer("2026-07-02", to("云州市水务局")), service(1, "2026-07-03"))
    assert "事件：1（2026-07-02 转送）" in told(case)


def test_a_code_says_what_it_means_and_yes_is_yes() -> None:
    said = told(next(case for case in cases() if case.id == "YZ-20260706-0012"))
    assert "办理路径：31-6（第三十一条第六项：信访程序）" in said
    assert "同意：是" in said
    assert "true" not in said


def test_what_was_issued_is_read_with_its_number_its_event_and_whether_it_is_void() -> None:
    issued = Issued(
        event=1,
        kind="转送函",
        number="云信转字〔2026〕5号",
        date=dt.date(2026, 7, 2),
        copies=2,
        void="文号用错",
        files=(IssuedFile(format=FileFormat.PDF, name="01-转送函.pdf", sha256="a" * 64),),
    )
    case = a_case("2026-07-01", transfer("2026-07-02", to("云州市水务局")), issued=(issued,))
    assert told(case).endswith(
        "【已制发的文书】\n"
        "  2026-07-02  转送函  云信转字〔2026〕5号  已作废：文号用错\n"
        "      对应第 1 号事件（2026-07-02 转送）；份数：2；文件：01-转送函.pdf"
    )
