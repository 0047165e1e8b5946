"""Records that somebody touches while a run is at work on them: never overwritten, always said, mended by the next run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.runs import Server, everything, faults, not_broken, numbers
from tests.production.desks import entries, office_in
from xfdocs.office import Office
from xfdocs.record.validation import read_case
from xfdocs.register.faults import Gravity, Trouble

CASES = ("YZ-20260914-0025", "YZ-20260916-0008")
TOUCHED = CASES[1]
NUMBER = "石政信受字〔2026〕1号"
SURVEYED, MADE, PREPARED = "reserve:before:1", "register:before:1", "rename:before:2"
"""A run stands still when the records have been surveyed, when the documents have been made, and when the new
record lies beside the old one."""
WHENEVER = pytest.mark.parametrize("point", [SURVEYED, MADE, PREPARED], ids=["surveyed", "made", "prepared"])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office", CASES)


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office", CASES)
    assert server.run(office).code == 0
    return everything(office)


def record(office: Office, case: str = TOUCHED) -> Path:
    return office.folder / "cases" / f"{case}.xml"


def replaced(old: str, new: str) -> Callable[[Path], None]:
    """A hand that writes one thing instead of another."""

    def touch(path: Path) -> None:
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    return touch


REMARK = replaced("  <办理>\n", "  <!-- 已电话联系 -->\n  <办理>\n")
NAME = replaced("<姓名>曹旺生</姓名>", "<姓名>曹旺声</姓名>")
SLIP = replaced("<姓名>曹旺声</姓名>", "<姓名>曹旺生</姓名>")
"""The name as it was."""
UNLAWFUL = replaced('日期="2026-09-24"', '日期="2026-08-24"')
"""Accepted before it came."""
OWN = replaced(
    "  </办理>\n",
    "  </办理>\n  <文书>\n    <种类>介绍信</种类>\n    <文号>石政介字〔2026〕9号</文号>\n    <日期>2026-10-15</日期>\n    <份数>1</份数>\n  </文书>\n",
)
"""What the clerk has issued by other means."""


def disturbed(server: Server, office: Office, point: str, touch: Callable[[Path], None], *, code: int) -> str:
    """A run in the middle of which somebody touches a record; what it said."""
    running = server.start(office, at=point, deed="halt").halted()
    touch(record(office))
    left = record(office).read_bytes() if record(office).exists() else None
    ended = running.go_on().ended()
    assert ended.code == code, ended.said
    now = record(office).read_bytes() if record(office).exists() else None
    assert code == 0 or now == left, "a record that was touched was overwritten"
    not_broken(office)
    assert [*office.folder.rglob("*.part")] == []
    return ended.said


# --- changed --------------------------------------------------------------------------------------------


@WHENEVER
def test_a_remark_written_meanwhile_stays_and_the_next_run_tells_the_record(
    server, office, undisturbed, point
):
    said = disturbed(server, office, point, REMARK, code=1)
    assert f"{record(office).relative_to(office.folder)} 在制作期间被改动，没有写回，改动原样保留" in said
    assert [fault.trouble for fault in faults(office)] == [Trouble.UNCONFIRMED]
    assert server.run(office).code == 0
    assert faults(office) == []
    text = record(office).read_text("utf-8")
    assert "<!-- 已电话联系 -->" in text
    assert numbers(office) == [entry["number"] for entry in undisturbed["entries"]]  # type: ignore[attr-defined]
    record(office).write_text(text.replace("  <!-- 已电话联系 -->\n", ""), "utf-8")
    assert everything(office) == undisturbed  # but for the remark nothing is otherwise


@WHENEVER
def test_a_fact_changed_meanwhile_is_never_told_as_if_the_letter_said_it(server, office, undisturbed, point):
    disturbed(server, office, point, NAME, code=1)
    for _ in range(2):  # however often it is asked
        ended = server.run(office)
        assert ended.code == 1
        assert f"照现在的记录和模板制作，与已经制发的{NUMBER}不一致，没有写回" in ended.said
        assert "register void" in ended.said
        assert "<文书" not in record(office).read_text("utf-8")
        assert Gravity.BROKEN not in {fault.gravity for fault in faults(office)}
    SLIP(record(office))
    assert server.run(office).code == 0
    assert everything(office) == undisturbed
    assert faults(office) == []


def test_a_fact_changed_for_good_is_answered_by_a_new_letter_when_the_first_is_void(server, office):
    disturbed(server, office, MADE, NAME, code=1)
    assert server.run(office, "register", "void", NUMBER, "--why", "姓名写错").code == 0
    assert server.run(office).code == 0
    assert faults(office) == []
    told = [(issued.number, issued.void) for issued in read_case(record(office)).issued]
    assert told == [(NUMBER, "姓名写错"), (NUMBER.replace("1号", "2号"), None)]


def test_an_event_taken_away_meanwhile_leaves_a_letter_that_is_asked_about(server, office):
    """The notice has been issued, and the record knows of no acceptance any more."""
    gone = '    <受理 序="1" 日期="2026-09-24" 机关="云州市青溪区石桥镇人民政府" 经办人="许令仪">\n      <责任人>许令仪</责任人>\n    </受理>\n'
    disturbed(server, office, MADE, replaced(gone, ""), code=1)
    ended = server.run(office)
    assert ended.code == 1
    assert f"照现在的记录和模板制作，与已经制发的{NUMBER}不一致，没有写回" in ended.said


@WHENEVER
def test_a_record_made_unlawful_meanwhile_is_refused_next_time_and_not_touched(
    server, office, undisturbed, point
):
    disturbed(server, office, point, UNLAWFUL, code=1)
    before = record(office).read_bytes()
    assert server.run(office).code == 1
    assert record(office).read_bytes() == before
    not_broken(office)
    replaced('日期="2026-08-24"', '日期="2026-09-24"')(record(office))
    assert server.run(office).code == 0
    assert everything(office) == undisturbed


@pytest.mark.parametrize("point", [SURVEYED, MADE])
def test_what_the_clerk_has_issued_by_other_means_meanwhile_stands_beside_ours(server, office, point):
    """Nothing of the facts has changed, so there is nothing to ask."""
    disturbed(server, office, point, OWN, code=0)
    told = [(issued.kind, issued.number) for issued in read_case(record(office)).issued]
    assert told == [("介绍信", "石政介字〔2026〕9号"), ("受理告知书", NUMBER)]
    assert faults(office) == []
    assert "没有需要新制发的文书" in server.run(office).said


def test_what_the_clerk_has_issued_is_not_lost_in_the_last_moment_either(server, office):
    disturbed(server, office, PREPARED, OWN, code=1)
    assert server.run(office).code == 0
    told = [(issued.kind, issued.number) for issued in read_case(record(office)).issued]
    assert told == [("介绍信", "石政介字〔2026〕9号"), ("受理告知书", NUMBER)]
    assert faults(office) == []


def test_a_record_saved_again_unchanged_in_the_last_moment_is_told_by_the_next_run(
    server, office, undisturbed
):
    """Somebody has it open and saves it: whether he changed something is not known in that moment."""
    disturbed(server, office, PREPARED, lambda path: path.write_bytes(path.read_bytes()), code=1)
    assert server.run(office).code == 0
    assert everything(office) == undisturbed


# --- gone -----------------------------------------------------------------------------------------------


@WHENEVER
def test_a_record_taken_away_meanwhile_is_named_and_told_when_it_is_back(
    server, office, tmp_path, undisturbed, point
):
    said = disturbed(server, office, point, lambda path: path.rename(tmp_path / "away.xml"), code=1)
    assert f"{TOUCHED}.xml" in said
    assert server.run(office).code == 0
    assert TOUCHED not in {path.stem for path in (office.folder / "cases").iterdir()}
    not_broken(office)
    (tmp_path / "away.xml").rename(record(office))
    assert server.run(office).code == 0
    assert everything(office) == undisturbed
    assert faults(office) == []


@pytest.mark.parametrize("point", ["render:before:1", "register:before:1"])
def test_with_workers_too_a_record_taken_away_costs_no_number(server, tmp_path, undisturbed, point):
    """Who makes it may be another than who surveyed it, and reads it again."""
    office = office_in(tmp_path / "office", CASES)
    words = ("issue", "all", "cases", "--format", "docx", "--jobs", "2")
    running = server.start(office, *words, at=point, deed="halt", worker=False, chunk=1)
    if point.startswith("register"):
        running.halted()
        record(office).rename(tmp_path / "away.xml")
        assert running.go_on().ended().code == 1
        (tmp_path / "away.xml").rename(record(office))
    else:
        running.ended()
    assert server.run(office).code == 0
    assert everything(office) == undisturbed
    assert faults(office) == []


# --- read-only ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["record", "folder"])
def test_a_read_only_record_is_refused_before_a_number_is_taken(server, office, undisturbed, which):
    place = record(office) if which == "record" else record(office).parent
    mode = place.stat().st_mode
    place.chmod(mode & ~0o222)
    try:
        ended = server.run(office)
        assert ended.code == 1
        assert f"{TOUCHED}" in ended.said
        assert "只读" in ended.said
        assert {entry["case"] for entry in entries(office)} == ({CASES[0]} if which == "record" else set())
    finally:
        place.chmod(mode)
    assert server.run(office).code == 0
    assert everything(office) == undisturbed
    assert faults(office) == []


def test_a_record_issued_before_may_be_read_only(server, office, undisturbed):
    server.run(office)
    record(office).chmod(0o444)
    assert server.run(office).code == 0
    record(office).chmod(0o644)
    assert everything(office) == undisturbed
