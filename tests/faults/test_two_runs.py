"""Two runs at once on one office: each document is made once, no number twice, and the end is as of one run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.runs import KILLED, Server, everything, faults, not_broken, numbers, strictly, within
from tests.production.desks import issued, office_in
from xfdocs.office import Office
from xfdocs.record.validation import read_case
from xfdocs.register import mark
from xfdocs.register.register import Register

CASES = ("YZ-20260706-0012", "YZ-20260914-0025", "YZ-20260916-0008", "YZ-20261102-0018", "YZ-20260908-0002", "YZ-20260414-0018")  # fmt: skip
ACCEPTANCE = ("issue", "受理告知书", "cases", "--format", "docx", "--jobs", "1")
OPINION = ("issue", "处理意见书", "cases", "--format", "docx", "--jobs", "1")
BOTH = ("issue", "all", "cases", "--jobs", "1")
"""docx and PDF."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office", CASES)


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office", CASES)
    assert server.run(office).code == 0
    return everything(office)


def check(office: Office, undisturbed: dict[str, object]) -> None:
    assert everything(office) == undisturbed
    assert faults(office) == []
    twice = [number for number, times in Counter(numbers(office)).items() if times > 1]
    assert twice == []


@pytest.mark.parametrize("chunk", [1, 2, 6])
def test_started_together_they_do_the_work_of_one(server, office, undisturbed, chunk):
    together = [server.start(office, chunk=chunk) for _ in range(2)]
    ended = [running.ended() for running in together]
    for one in ended:
        assert one.code in {0, 1}
        assert one.code == 0 or "另一次制发正在制作这一份，没有重复制作" in one.said
    issued = [line for one in ended for line in one.out.splitlines() if "docx" in line]
    assert len(issued) == len(undisturbed["entries"])  # type: ignore[arg-type]
    check(office, undisturbed)


def test_five_together_do_the_work_of_one(server, office, undisturbed):
    for running in [server.start(office, chunk=1) for _ in range(5)]:
        assert running.ended().code in {0, 1}
    check(office, undisturbed)


POINTS = (
    "begin:after:1", "reserve:after:1", "rename:before:1", "register:after:1", "reserve:before:2",
    *strictly("survey:after:1", "render:after:1", "register:before:1", "confirm:before:1", "end:before:1"),
)  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_wherever_the_first_stands_the_second_does_what_is_left_and_the_first_goes_on(
    server, office, undisturbed, point
):
    first = server.start(office, at=point, deed="halt").halted()
    second = server.run(office)
    assert second.code in {0, 1}
    assert "没有做完" not in second.said  # the first is alive, and not to be taken for broken off
    not_broken(office)
    first = first.go_on().ended()
    assert first.code in {0, 1}
    assert first.said
    check(office, undisturbed)


def test_who_writes_the_records_is_waited_for(server, office, undisturbed):
    first = server.start(office, at="name:before:1:/office/cases", deed="halt").halted()
    assert [*(office.folder / "cases").glob(".*.part")] != []
    second = server.start(office)
    with pytest.raises(AssertionError, match="never came"):
        second.halted(0.5)
    first.go_on()
    assert {first.ended().code, second.ended().code} <= {0, 1}
    check(office, undisturbed)


def test_what_the_second_found_busy_it_makes_when_the_first_was_killed_meanwhile(server, office, undisturbed):
    first = server.start(office, at="reserve:after:1", deed="halt").halted()
    second = server.start(office, at="survey:after:1", deed="halt").halted()
    first.kill()
    assert first.ended().code == KILLED
    assert second.go_on().ended().code == 0
    assert server.run(office).code == 0  # there is nothing left to do but to tidy up
    check(office, undisturbed)


def test_who_opens_the_register_while_another_run_registers_is_not_told_that_it_is_lost(office, monkeypatch):
    """What lies beside the documents may be newer than what was just seen of the database."""
    issued(office)
    real = mark.left

    def left(folder: Path) -> tuple[int, str] | None:
        monkeypatch.setattr(mark, "left", real)
        with Register.open(office) as other:
            other.void(1, "写错")
        return real(folder)

    monkeypatch.setattr(mark, "left", left)
    with Register.open(office) as register:
        assert register.count() > 1


def issued_in(office: Office) -> dict[str, list[tuple[str, str | None]]]:
    """What each record says it has; in any order."""
    return {
        path.stem: sorted((issued.kind, issued.number) for issued in read_case(path).issued)
        for path in (office.folder / "cases").glob("*.xml")
    }


@pytest.mark.parametrize(
    "point", ["", "survey:after:1", "reserve:after:1", "register:before:1", "confirm:before:1"]
)
def test_two_kinds_for_the_same_records_at_once_give_both(server, office, tmp_path, point):
    """Each kind has its own series; only the order in a record tells who was sooner."""
    expected = office_in(tmp_path / "expected", CASES)
    for words in (ACCEPTANCE, OPINION):
        assert server.run(expected, *words).code == 0
    first = server.start(office, *ACCEPTANCE, at=point, deed="halt")
    if point:
        first.halted()
    second = server.run(office, *OPINION)
    ended = (first.go_on() if point else first).ended()
    assert (ended.code, second.code) == (0, 0), ended.said + second.said
    assert issued_in(office) == issued_in(expected)
    assert documents(office) == documents(expected)
    assert faults(office) == []


def documents(office: Office) -> dict[str, str]:
    files: dict[str, str] = everything(office)["files"]  # type: ignore[assignment]
    return {name: sha256 for name, sha256 in files.items() if name.startswith("issued/")}


@pytest.mark.parametrize(
    "point", ["rename:before:1", *strictly("write:after:1", "name:after:1", "confirm:before:1")]
)
def test_two_runs_that_add_a_format_to_the_same_documents_do_not_hurt_each_other(server, tmp_path, point):
    cases = CASES[2:4]
    office, expected = (office_in(tmp_path / name, cases) for name in ("office", "expected"))
    for one in (office, expected):
        assert server.run(one).code == 0
    assert server.run(expected, *BOTH).code == 0
    first = server.start(office, *BOTH, at=point, deed="halt").halted()
    second = server.start(office, *BOTH)
    within(2, lambda: len(documents(office)) == 4)  # it may have to wait for the first
    first = first.go_on().ended()
    assert first.code == 0, first.said
    assert second.ended().code == 0
    check(office, everything(expected))
