"""From reserved to issued, confirmed and void; and what is asked of the register afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.register.offices import FORM, issue_all, made, numbers, wanted
from xfdocs.errors import EntryNotOurs, EntryUnknown, EntryVoid, UsageFault
from xfdocs.register.entry import EntryState, Made, Standing
from xfdocs.register.register import Register

# --- issue ----------------------------------------------------------------------------------------------


def test_an_issued_document_has_its_files_and_waits_for_its_record(register):
    with register.begin_run({}) as run:
        [reservation] = register.reserve(run, [wanted(1)])
        done = made(reservation.entry)
        register.issue(run, [done])
    [entry] = register.entries()
    assert entry == replace(
        reservation.entry,
        state=EntryState.ISSUED,
        files=done.files,
        record_sha256=done.record_sha256,
        issued_at=entry.issued_at,
    )
    assert entry.issued_at
    assert list(register.unconfirmed()) == [entry]
    register.confirm([entry.id])
    assert list(register.unconfirmed()) == []
    assert next(register.entries()).recorded


def test_issuing_and_confirming_again_changes_nothing(register):
    with register.begin_run({}) as run:
        done = [made(r.entry) for r in register.reserve(run, numbers(3))]
        register.issue(run, done)
        register.confirm([one.id for one in done])
        before = register.head(), list(register.entries())
        register.issue(run, done)
        register.confirm([one.id for one in done])
        assert (register.head(), list(register.entries())) == before
    with register.begin_run({}) as run:
        before = register.head()
        register.issue(run, done)
        assert register.head() == before


def test_other_files_for_an_issued_document_are_refused_and_the_rest_of_the_chunk_with_them(register):
    with register.begin_run({}) as run:
        first, second = [made(r.entry) for r in register.reserve(run, numbers(2))]
        register.issue(run, [first])
        other = Made(first.id, first.record_sha256, first.files[:1])
        with pytest.raises(EntryNotOurs, match="文件与这一次制作的不同"):
            register.issue(run, [second, other])
        assert [entry.state for entry in register.entries()] == [EntryState.ISSUED, EntryState.RESERVED]
        with pytest.raises(EntryNotOurs):
            register.issue(run, [replace(first, record_sha256="cd" * 32)])


class Deaf:
    """A lock whose holder has not noticed that it is gone."""

    def check(self) -> None: ...

    def release(self) -> None: ...


def test_a_run_whose_document_was_taken_over_cannot_issue_it(register):
    old = register.begin_run({})
    [left] = register.reserve(old, [wanted(1)])
    old._held.release()
    old._held = Deaf()
    with register.begin_run({}) as run:
        [taken] = register.reserve(run, [wanted(1)])
        assert taken.standing is Standing.RESUMED
        with pytest.raises(EntryNotOurs, match="另一次运行"):
            register.issue(old, [made(left.entry)])
        register.issue(run, [made(taken.entry)])


def test_what_is_void_or_unknown_cannot_be_issued(register):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
    register.void(left.entry.id, "不再需要")
    with register.begin_run({}) as run:
        with pytest.raises(EntryVoid, match="云信受字〔2026〕1号 已经作废，理由是：不再需要"):
            register.issue(run, [made(left.entry)])
        with pytest.raises(EntryUnknown, match="登记号 77"):
            register.issue(run, [replace(made(left.entry), id=77)])


def test_no_record_tells_of_what_is_not_there(register):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
        with pytest.raises(ValueError, match="not there yet"):
            register.confirm([left.entry.id])
    with pytest.raises(EntryUnknown):
        register.confirm([left.entry.id, 9])


# --- void -----------------------------------------------------------------------------------------------


def test_a_void_number_stays_used_and_the_document_can_be_issued_anew(register, office):
    with register.begin_run({}) as run:
        [first] = issue_all(register, run, [wanted(1)], office, records=True)
    void = register.void(first.id, "  文号\n 用错 ")
    assert (void.state, void.why, void.recorded) == (EntryState.VOID, "文号 用错", False)
    assert void.files == first.files
    assert list(register.unconfirmed()) == [void]
    with register.begin_run({}) as run:
        [second] = issue_all(register, run, [wanted(1)], office)
    assert (second.n, second.ordinal, second.state) == (2, 2, EntryState.ISSUED)
    assert register.entries_of(["YZ-20260301-0001"]) == {"YZ-20260301-0001": (void, second)}
    with pytest.raises(EntryVoid, match="文号 用错"):
        register.void(first.id, "再来一次")


@pytest.mark.parametrize("why", ["", "  \n", "第一行\x07", "长" * 501])
def test_a_void_without_a_reason_that_fits_a_line_is_refused(register, why):
    with register.begin_run({}) as run:
        [left] = register.reserve(run, [wanted(1)])
    with pytest.raises(UsageFault, match="写明理由"):
        register.void(left.entry.id, why)
    assert next(register.entries()) == left.entry


def test_what_a_living_run_is_making_cannot_be_voided(office):
    with Register.open(office) as here, Register.open(office) as there, here.begin_run({}) as run:
        [mine] = here.reserve(run, [wanted(1)])
        with pytest.raises(EntryNotOurs, match="正在制发"):
            there.void(mine.entry.id, "不再需要")
        here.issue(run, [made(mine.entry)])
        assert there.void(mine.entry.id, "不再需要").state is EntryState.VOID


# --- asking ---------------------------------------------------------------------------------------------


@pytest.fixture
def book(register, office) -> Register:
    """Six entries: two kinds, two months, one void, one reserved, one without a number."""
    with register.begin_run({}) as run:
        issue_all(register, run, numbers(3), office)
        other = {"kind": "transfer-letter", "kind_title": "转送函", "form": "云信转字〔{year}〕{n}号"}
        issue_all(register, run, [wanted(4, date=dt.date(2026, 4, 1), **other)], office)
        issue_all(register, run, [wanted(5, form="", kind="register-form", event=0)], office)
        register.reserve(run, [wanted(6, date=dt.date(2026, 4, 30))])
    register.void(2, "打印错误")
    return register


def ids(entries) -> list[int]:
    return [entry.id for entry in entries]


def test_entries_are_told_by_kind_period_case_and_state(book):
    assert ids(book.entries()) == [1, 2, 3, 4, 5, 6]
    assert ids(book.entries(kind="transfer-letter")) == [4]
    assert ids(book.entries(first=dt.date(2026, 4, 1))) == [4, 6]
    assert ids(book.entries(last=dt.date(2026, 4, 1))) == [1, 2, 3, 4, 5]
    assert ids(book.entries(first=dt.date(2026, 4, 1), last=dt.date(2026, 4, 29))) == [4]
    assert ids(book.entries(case="YZ-20260301-0003")) == [3]
    assert ids(book.entries(state=EntryState.VOID)) == [2]
    assert ids(book.entries(state=EntryState.RESERVED)) == [6]
    assert book.count() == 6
    known = book.entries_of(["YZ-20260301-0002", "YZ-9"])
    assert ids(known["YZ-20260301-0002"]) == [2]
    assert known["YZ-9"] == ()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("云信受字〔2026〕3号", [3]),
        ("云信受字[2026]3号", [3]),
        ("云信受字（２０２６） 3 号", [3]),
        ("云信受字〔2026〕3", [3]),
        ("YZ-20260301-0005", [5]),
        ("2", [2]),
    ],
)
def test_a_document_is_found_by_its_number_its_case_or_its_place_in_the_book(book, name, found):
    assert ids(book.find(name)) == found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("云信受宇〔2026〕3号", "是不是 云信受字〔2026〕3号"),
        ("YZ-20260302-0004", "YZ-20260301-0004"),
        ("7", ""),
        ("99999999999999999999", ""),
        ("", ""),
        ("%", ""),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_what_looks_like_it(book, name, hint):
    with pytest.raises(EntryUnknown) as told:
        book.find(name)
    assert hint in str(told.value)
    assert ("是不是" in str(told.value)) is bool(hint)


def test_many_entries_come_in_pages_and_in_order(register):
    with register.begin_run({}) as run:
        for start in range(1, 1502, 250):
            register.reserve(run, numbers(250, start=start))
    stream = register.entries()
    assert next(stream).id == 1
    with register.begin_run({}) as run:  # who reads slowly keeps nobody from writing
        register.reserve(run, [wanted("LATE", form=FORM)])
    assert ids(stream) == list(range(2, 1752))
    cases = [f"YZ-20260301-{n:04d}" for n in range(1, 1501)]
    assert [entry.n for (entry,) in register.entries_of(cases).values()] == list(range(1, 1501))
