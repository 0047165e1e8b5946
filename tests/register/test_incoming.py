"""Which letters of other organs came here, and when, as the case index has it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.builders import a_case, day, saved, source
from xfdocs.record.codes import SourceKind
from xfdocs.record.model import Source
from xfdocs.register.incoming import Incoming, incoming_letters
from xfdocs.register.index import CaseIndex
from xfdocs.rules.period import Period

STATE, PROVINCE = "国家信访局", "江北省信访局"


def sent(organ: str, date: str, **facts: Any) -> Source:
    """A letter whose day of receipt is not noted unless it is told."""
    return source(organ, date, **({"received": None} | facts))


def letters(register: Any, office: Any, period: str | None = None) -> list[Incoming]:
    list(CaseIndex(register.database, office).refresh([office.folder / "cases"]))
    return list(incoming_letters(register.database, Period.parse(period) if period else None))


def keep(office: Any, received: str, *sources: Source, number: int = 1, **facts: Any) -> None:
    name = f"YZ-{received.replace('-', '')}-{number:04d}"
    saved(a_case(received, id=name, registration={"sources": sources}, **facts), office.folder / "cases")


def test_a_letter_is_told_with_everything_the_record_says_of_it(register, office):
    one = sent(PROVINCE, "2026-03-02", kind=SourceKind.ASSIGNMENT, number="江信交字〔2026〕7号",
                 received=day("2026-03-05"), feedback_due=day("2026-05-20"))  # fmt: skip
    keep(office, "2026-03-05", one)
    (letter,) = letters(register, office)
    assert letter.received == dt.date(2026, 3, 5)
    assert (letter.sender, letter.kind, letter.number) == (PROVINCE, "交办", "江信交字〔2026〕7号")
    assert (letter.date, letter.feedback_due) == (dt.date(2026, 3, 2), dt.date(2026, 5, 20))
    assert (letter.case, letter.organ, letter.handler) == ("YZ-20260305-0001", "云州市信访局", "梁书涵")
    assert letter.status.zh == "已登记"


def test_of_a_chain_only_what_came_here_counts(register, office):
    """The State's letter went to the province; the province's came here, on the day the record was received."""
    keep(office, "2026-03-09", sent(STATE, "2026-02-27"), sent(PROVINCE, "2026-03-02"))
    assert [(letter.sender, letter.received) for letter in letters(register, office)] == [
        (PROVINCE, dt.date(2026, 3, 9))
    ]


def test_two_letters_about_one_matter_are_two(register, office):
    first = sent(PROVINCE, "2026-03-02", received=day("2026-03-04"))
    second = sent(STATE, "2026-03-10", received=day("2026-03-12"), kind=SourceKind.SUPERVISION)
    keep(office, "2026-03-04", first, second)
    assert [letter.kind for letter in letters(register, office)] == ["转送", "督办"]


def test_a_matter_that_a_petitioner_brought_is_no_letter_of_an_organ(register, office):
    keep(office, "2026-03-04")
    assert letters(register, office) == []


def test_they_come_by_the_day_of_receipt_and_a_period_is_that_of_receipt(register, office):
    for number, received in enumerate(("2026-04-01", "2026-03-31", "2026-03-01"), start=1):
        keep(office, received, sent(PROVINCE, "2026-02-20"), number=number)
    assert [str(letter.received) for letter in letters(register, office)] == [
        "2026-03-01", "2026-03-31", "2026-04-01"
    ]  # fmt: skip
    assert [str(letter.received) for letter in letters(register, office, "2026-03")] == [
        "2026-03-01", "2026-03-31"
    ]  # fmt: skip


def test_a_copy_of_a_record_does_not_make_its_letter_two(register, office):
    keep(office, "2026-03-04", sent(PROVINCE, "2026-03-02"))
    folder = office.folder / "cases"
    (folder / "副本.xml").write_bytes((folder / "YZ-20260304-0001.xml").read_bytes())
    assert len(letters(register, office)) == 1
