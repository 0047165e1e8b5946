"""`xfdocs due` says the same with the index and without, and leaves nothing behind where it should not."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from pathlib import Path

import pytest

from bench.records import generate
from tests.builders import a_case, an, office_in, saved
from tests.cli.runs import Run, tree, xfdocs
from tests.register.offices import make_office
from xfdocs.errors import RegisterUnreachable
from xfdocs.office import Office
from xfdocs.progress import Silent
from xfdocs.record import steps
from xfdocs.record.clocks import running_clocks
from xfdocs.record.events import Withdrawal
from xfdocs.record.files import record_files
from xfdocs.record.model import Attachment
from xfdocs.record.validation import Validator
from xfdocs.register import index, watch
from xfdocs.register.database import FILE, FOLDER, Database
from xfdocs.register.watch import Watched
from xfdocs.resources import shipped

SAMPLES = shipped("samples", "office")
DAYS = ("2016-01-01", "2022-05-01", "2026-03-31", "2026-11-23", "2027-02-01", "2035-01-01")


@pytest.fixture
def always(monkeypatch) -> None:
    """The index is used for any number of records."""
    monkeypatch.setattr(watch, "ENOUGH", 1)


def due(office: Path, on: str, *words: str) -> Run:
    return xfdocs("due", "--on", on, *words, cwd=office)


def told(run: Run) -> tuple[int, str, list[str]]:
    """What a run said, but for why it went without the index."""
    return run.code, run.out, [line for line in run.err.splitlines() if "案件索引" not in line]


def looked(office: Office, on: dt.date) -> list[Watched]:
    places = [office.folder / "cases"]
    return list(watch.watch(places, record_files(places), office, on, Silent(), tell=pytest.fail))


# --- the same answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", DAYS)
def test_the_samples_are_due_with_the_index_as_without(on, tmp_path, monkeypatch):
    """The first run fills the index, the second finds it, the third finds every file touched."""
    office = tmp_path / "office"
    shutil.copytree(SAMPLES, office)
    (office / "cases" / "YZ-0.xml").write_text("<信访事项", "utf-8")
    shutil.copy(office / "cases" / "YZ-20261102-0018.xml", office / "cases" / "z.xml")
    age(office)
    without = told(due(office, on, "--json", "-v"))
    assert not (office / FOLDER).exists()
    monkeypatch.setattr(watch, "ENOUGH", 1)
    assert told(due(office, on, "--json", "-v")) == without
    assert (office / FOLDER / FILE).is_file()
    assert told(due(office, on, "--json", "-v")) == without
    for file in (office / "cases").rglob("*.xml"):
        file.touch()
    assert told(due(office, on, "--json", "-v")) == without


def test_on_every_day_the_cases_that_the_index_leaves_out_have_nothing_running(office, always):
    """With a register on either database; one in ten of the days from the first record to long after the last."""
    generate(60, 12, office.folder / "cases")
    age(office.folder)
    validator = Validator(office, on=dt.date(2026, 11, 23))
    known = {file: validator.examine(file)[1] for file in record_files([office.folder / "cases"])}
    looked(office, dt.date(2026, 11, 23))
    rng = random.Random(12)
    left_out = 0
    for day in sorted(
        rng.sample(range(dt.date(2023, 1, 1).toordinal(), dt.date(2027, 12, 31).toordinal()), 40)
    ):
        on = dt.date.fromordinal(day)
        for one in looked(office, on):
            case = known[one.file]
            rows = running_clocks(one.case, office, on) if one.case is not None else []
            assert rows == running_clocks(case, office, on)
            assert one.case_id == case.id
            left_out += one.case is None
    assert left_out > 500


def test_what_has_changed_since_is_told(tmp_path, always):
    office = office_in(tmp_path / "office").folder
    path = saved(a_case("2026-11-16"), office / "cases")
    age(office)
    assert len(due(office, "2026-11-23", "--json").json) == 1
    path.write_bytes(path.read_bytes().replace(b"2026-11-16", b"2026-11-17"))
    (row,) = due(office, "2026-11-23", "--json").json
    assert row["start"] == "2026-11-17"
    path.write_text("<信访事项", "utf-8")
    for _ in range(2):
        run = due(office, "2026-11-23", "--json")
        assert (run.code, run.json) == (1, [])
        assert path.name in run.err


def test_a_rejected_record_in_which_nothing_would_run_is_told_every_time(tmp_path, always):
    office = office_in(tmp_path / "office").folder
    withdrawn = a_case(
        "2026-03-02", an(Withdrawal, "2026-03-04"), attachments=(Attachment(name="信", file="信.pdf"),)
    )
    path = saved(withdrawn, office / "cases")
    age(office)
    for _ in range(2):
        run = due(office, "2026-11-23", "--json")
        assert (run.code, run.json) == (1, [])
        assert path.name in run.err


def test_a_case_without_a_clock_is_named_when_asked_for_without_being_read(tmp_path, always, monkeypatch):
    office = tmp_path / "office"
    shutil.copytree(SAMPLES, office)
    age(office)
    first = due(office, "2035-01-01", "-v", "--json")
    assert "没有正在走的期限" in first.err
    monkeypatch.setattr(steps, "_read", lambda *_: pytest.fail("nothing need be validated"))
    assert told(due(office, "2035-01-01", "-v", "--json")) == told(first)


# --- where there is no register, or none can be ---------------------------------------------------------


def test_few_records_are_read_without_a_register(tmp_path):
    office = office_in(tmp_path / "office").folder
    saved(a_case("2026-11-16"), office / "cases")
    before = tree(office)
    run = due(office, "2026-11-23", "-v")
    assert run.code == 0
    assert "索引" not in run.err
    assert tree(office) == before


def test_no_register_is_made_for_records_that_lie_elsewhere(tmp_path, always):
    office = office_in(tmp_path / "office").folder
    elsewhere = saved(a_case("2026-11-16"), tmp_path / "elsewhere")
    saved(a_case("2026-11-16"), office / "cases")
    run = due(office, "2026-11-23", "-v", str(elsewhere.parent), "--json")
    assert (run.code, len(run.json)) == (0, 1)
    assert "没有使用案件索引，逐件读取：有的记录不在单位文件夹里。" in run.err
    assert not (office / FOLDER).exists()


def test_a_register_that_cannot_be_made_changes_no_answer(tmp_path, always):
    """As on a read-only disk: here a file is in the way of the folder."""
    office = office_in(tmp_path / "office").folder
    saved(a_case("2026-11-16"), office / "cases")
    (office / FOLDER).write_text("", "utf-8")
    run = due(office, "2026-11-23", "--json")
    assert (run.code, len(run.json), run.err) == (0, 1, "")
    assert "没有使用案件索引，逐件读取：" in due(office, "2026-11-23", "--json", "-v").err


def test_a_register_that_is_damaged_or_of_another_program_changes_no_answer(tmp_path, always):
    office = office_in(tmp_path / "office").folder
    saved(a_case("2026-11-16"), office / "cases")
    (office / FOLDER).mkdir()
    (office / FOLDER / FILE).write_bytes(b"no database at all" * 100)
    run = due(office, "2026-11-23", "--json", "-v")
    assert (run.code, len(run.json)) == (0, 1)
    assert "没有使用案件索引" in run.err


def test_a_register_that_somebody_else_keeps_locked_is_not_waited_for_long(tmp_path, always, monkeypatch):
    monkeypatch.setattr(watch, "PATIENCE", 0.1)
    office = make_office(tmp_path / "office")
    saved(a_case("2026-11-16"), office.folder / "cases")
    with Database.open(office) as other, other.writing():
        run = due(office.folder, "2026-11-23", "--json", "-v")
    assert (run.code, len(run.json)) == (0, 1)
    assert "没有使用案件索引" in run.err


def test_a_register_that_goes_away_in_the_middle_loses_and_doubles_no_record(tmp_path, always, monkeypatch):
    office = make_office(tmp_path / "office")
    generate(10, 13, office.folder / "cases")
    expected = [one.case_id for one in looked(office, dt.date(2026, 11, 23))]
    monkeypatch.setattr(index, "CHUNK", 4)
    real = index.CaseIndex._write
    writes: list[object] = []

    def gone(self, news):
        writes.append(news)
        if len(writes) == 2:
            raise RegisterUnreachable(where="登记库", why="不见了")
        real(self, news)

    monkeypatch.setattr(index.CaseIndex, "_write", gone)
    with Database.open(office) as database, database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM indexed_records")
    places = [office.folder / "cases"]
    notes: list[str] = []
    seen = list(
        watch.watch(places, record_files(places), office, dt.date(2026, 11, 23), Silent(), tell=notes.append)
    )
    assert [one.case_id for one in seen] == expected
    assert len(notes) == 1


def age(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1_700_000_000, 1_700_000_000))
