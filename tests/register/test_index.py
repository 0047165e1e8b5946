"""The case index: it holds what the records say, reads again only what has changed, and nobody's name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bench.records import generate, records
from tests.builders import (
    CITY,
    HOUSING,
    WATER,
    a_case,
    an,
    claim,
    day,
    opinion,
    person,
    reply,
    saved,
    service,
    source,
    to,
)
from tests.builders import transfer as sent
from tests.register.offices import make_office
from tests.samples.corpus import FOLDER as SAMPLES
from tests.samples.corpus import cases as sample_cases
from xfdocs.errors import NothingThere
from xfdocs.record import codes, steps
from xfdocs.record.events import Acceptance, Closure, Evaluation, Extension
from xfdocs.record.findings import Verdict
from xfdocs.record.model import Attachment, Case, Counts, Issued
from xfdocs.record.obligations import obligations_of
from xfdocs.record.schema import plan_of
from xfdocs.record.validation import Validator, validate_paths
from xfdocs.record.writer import write_case
from xfdocs.register import index as module
from xfdocs.register import index_fill
from xfdocs.register.database import Database
from xfdocs.register.index import CaseIndex, Seen
from xfdocs.register.index_facts import facts_of
from xfdocs.register.index_tables import EVENTS, PARTS, RECORDS
from xfdocs.register.tables import JOURNAL

LONG_AGO = 1_700_000_000
"""Seconds since the epoch; a file of that age is at rest."""


@pytest.fixture
def database(office) -> Iterator[Database]:
    (office.folder / "cases").mkdir(exist_ok=True)
    with Database.open(office) as opened:
        yield opened


def refresh(database, office, *paths: Path) -> list[Seen]:
    """A refresh of an index that has just been opened, as a new process would."""
    return list(CaseIndex(database, office).refresh(paths or [office.folder / "cases"]))


def read(told: list[Seen]) -> list[str]:
    """The files that were read and validated."""
    return [seen.path.stem for seen in told if seen.report is not None]


def at_rest(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))


def rows(database) -> dict[str, Any]:
    """Everything in the index by path, without the row numbers, which are nobody's business."""
    with database.reading() as connection:
        found = {row["id"]: dict(row) for row in connection.execute(sa.select(RECORDS)).mappings()}
        for table in PARTS:
            for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings():
                part = {name: value for name, value in row.items() if name != "record"}
                found[row["record"]].setdefault(table.name, []).append(part)
    return {row.pop("path"): {k: v for k, v in row.items() if k != "id"} for row in found.values()}


def empty(database) -> None:
    with database.writing() as connection:
        connection.execute(sa.delete(RECORDS))


def append(file: Path) -> None:
    file.write_text(file.read_text("utf-8") + "# 改动\n", "utf-8")


@contextmanager
def nothing_may_be_read(monkeypatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("this record need not be read")

    def expect_none(files: Sequence[Path]) -> None:
        assert files == []

    with monkeypatch.context() as patch:
        patch.setattr(module, "read_bytes", refuse)
        patch.setattr(module, "expect_to_read", expect_none)
        patch.setattr(steps, "read_bytes", refuse)
        patch.setattr(steps, "_read", refuse)
        yield


@contextmanager
def nothing_may_be_validated(monkeypatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("this record need not be validated")

    with monkeypatch.context() as patch:
        patch.setattr(Validator, "examine", refuse)
        patch.setattr(steps, "_read", refuse)
        yield


# --- what it holds --------------------------------------------------------------------------------------


def test_a_record_stands_in_the_index_with_all_that_reports_ask_for(database, office):
    case = a_case(
        "2026-03-02",
        sent("2026-03-04", to(WATER, "2026-03-05"), to(CITY, lead=False)),
        an(Acceptance, "2026-03-10", WATER, handler="傅晓岚"),
        an(Extension, "2026-05-06", WATER, days=20, reason="需要检测"),
        reply(
            "2026-05-20", WATER, opinion(conclusion=codes.Conclusion.SUPPORT, execute_by=day("2026-06-20"))
        ),
        service(4, "2026-05-21", "2026-05-23"),
        an(Evaluation, "2026-06-01", of=codes.EvaluationOf.UNIT, result=codes.Satisfaction.FAIRLY),
        an(Closure, "2026-06-22", manner="办结"),
        registration={
            "sources": (source(CITY, "2026-03-01", number="云政信转〔2026〕8号"),),
            "related": ("YZ-20250101-0007",),
            "subchannel": "领导信箱",
            "opened": day("2026-03-02"),
        },
        counts=Counts(signatories=12),
        claims=(claim(1), claim(2, purpose=codes.Purpose.ADVICE, path=codes.Path.ADVICE, category=None)),
        issued=(Issued(event=2, kind="受理告知书", number="云水信受字〔2026〕5号", date=day("2026-03-10")),),
    )
    saved(case, office.folder / "cases" / "2026-03")
    (seen,) = refresh(database, office)
    assert (seen.case_id, seen.case) == (case.id, case)
    ((path, row),) = rows(database).items()
    assert path == f"cases/2026-03/{case.id}.xml"
    assert row["quiet_from"] is None, "nobody has carried the opinion out yet"
    facts = {name: row[name] for name in row if row[name] not in (None, [])}
    for name in ("size", "mtime_ns", "settled", "sha256", "rules", "verdict"):
        assert name in facts
        del facts[name]
    assert facts == {
        "attached": 0,
        "attachments": "",
        "case_id": case.id,
        "twin": "",
        "received": day("2026-03-02"),
        "registered": day("2026-03-02"),
        "entered": day("2026-03-02"),
        "opened": day("2026-03-02"),
        "organ": "云州市信访局",
        "first_handler": "梁书涵",
        "channel": "来信",
        "subchannel": "领导信箱",
        "repeat": "初次",
        "petitioners": 1,
        "headcount": 12,
        "signatories": 12,
        "anonymous": False,
        "reachable": True,
        "protected": False,
        "claims": 2,
        "purpose": "申诉求决",
        "way": "31-6",
        "category": "城乡建设",
        "locus": "990000",
        "unit": WATER,
        "status": "closed",
        "sent": day("2026-03-04"),
        "told": day("2026-03-10"),
        "accepted": day("2026-03-10"),
        "extended": day("2026-05-06"),
        "replied": day("2026-05-20"),
        "served": day("2026-05-23"),
        "closed": day("2026-06-22"),
        "indexed_claims": [
            {"seq": 1, "purpose": "申诉求决", "path": "31-6", "category": "城乡建设", "locus": "990000"},
            {"seq": 2, "purpose": "建议意见", "path": "29", "category": None, "locus": "990000"},
        ],
        "indexed_sources": [
            {
                "seq": 1,
                "kind": "转送",
                "organ": CITY,
                "number": "云政信转〔2026〕8号",
                "date": day("2026-03-01"),
                "received": day("2026-03-01"),
                "feedback_due": None,
            }
        ],
        "indexed_related": [{"seq": 1, "other": "YZ-20250101-0007"}],
        "indexed_destinations": [
            {"event": 1, "seq": 1, "organ": WATER, "lead": "主办", "received": day("2026-03-05")},
            {"event": 1, "seq": 2, "organ": CITY, "lead": "协办", "received": None},
        ],
        "indexed_opinions": [
            {"event": 4, "seq": 1, "claim": 1, "conclusion": "支持", "execute_by": day("2026-06-20")}
        ],
        "indexed_documents": [
            {
                "seq": 1,
                "event": 2,
                "kind": "受理告知书",
                "number": "云水信受字〔2026〕5号",
                "date": day("2026-03-10"),
                "copies": None,
                "void": False,
            }
        ],
        "indexed_limits": [
            limit(1, "disposition", "云州市信访局", "2026-03-01", "2026-03-16", met="2026-03-04"),
            limit(2, "notice-after-transfer", WATER, "2026-03-05", "2026-03-20", met="2026-03-10", event=1),
            limit(3, "objection", WATER, "2026-03-05", "2026-03-12", ended="2026-03-10", event=1),
            limit(4, "handling", WATER, "2026-03-10", "2026-05-29", met="2026-05-20", event=2),
            limit(5, "review-request", "信访人", "2026-05-23", "2026-06-22", ended="2026-06-23", event=4),
            limit(6, "execution", WATER, "2026-05-20", "2026-06-20", event=4),
        ],
        "indexed_events": [
            event(1, "转送", "2026-03-04", manner="复印件"),
            event(2, "受理", "2026-03-10", WATER),
            event(3, "延期", "2026-05-06", WATER, days=20),
            event(4, "答复", "2026-05-20", WATER, code="处理意见"),
            event(5, "送达", "2026-05-21", about=4, manner="邮寄送达", received=day("2026-05-23")),
            event(6, "评价", "2026-06-01", target="责任单位", code="基本满意"),
            event(7, "结案", "2026-06-22"),
        ],
    }


def event(seq: int, kind: str, date: str, organ: str = "云州市信访局", **said: Any) -> dict[str, Any]:
    silent = {column.name: None for column in EVENTS.columns if column.name != "record"}
    return {**silent, "seq": seq, "kind": kind, "date": day(date), "organ": organ, **said}


def limit(seq: int, limit_id: str, organ: str, start: str, due: str, **more: Any) -> dict[str, Any]:
    days = {name: day(more[name]) if name in more else None for name in ("met", "ended")}
    national = more.get("national", True)
    return {
        "seq": seq, "limit": limit_id, "national": national, "organ": organ,
        "start": day(start), "due": day(due), **days, "event": more.get("event"),
    }  # fmt: skip


def test_every_record_is_told_of_in_the_order_of_its_files_with_its_verdict(database, office):
    generate(40, 3, office.folder / "cases")
    (office.folder / "cases" / "a.xml").write_text("<信访事项", "utf-8")
    told = refresh(database, office)
    reports = list(validate_paths([office.folder / "cases"], office))
    assert [(seen.path, seen.verdict) for seen in told] == [(r.file, r.verdict) for r in reports]
    again = refresh(database, office)
    assert [(seen.path, seen.case_id, seen.verdict) for seen in again] == [
        (seen.path, seen.case_id, seen.verdict) for seen in told
    ]


def test_a_record_outside_the_office_stands_under_its_full_path(database, office, tmp_path):
    path = saved(a_case("2026-03-02"), tmp_path / "elsewhere")
    refresh(database, office, path)
    assert list(rows(database)) == [str(path)]


def test_what_is_no_case_stands_there_without_facts(database, office):
    (office.folder / "cases" / "x.xml").write_text(
        "<信访事项 xmlns='urn:xfdocs:case:1' 编号='李清和'/>", "utf-8"
    )
    (seen,) = refresh(database, office)
    assert seen.case_id == "李清和", "people are told what stands there"
    ((_, row),) = rows(database).items()
    assert (row["verdict"], row["case_id"], row["received"], row["status"]) == ("rejected", "", None, None)


# --- nobody's name --------------------------------------------------------------------------------------

MAY_STAND = {
    "Registration.organ", "Registration.first_handler", "Registration.subchannel", "Registration.related",
    "Source.organ", "Source.number", "Claim.category", "Claim.locus", "Event.organ", "Destination.organ",
    "NonAcceptance.ground", "NoFurtherAcceptance.ground", "ReviewRequest.against", "Review.number",
    "RecheckRequest.against", "Recheck.number", "Supervision.grounds", "Supervision.target", "Supervision.original_number",
    "Urging.target", "Suggestion.recipient", "Feedback.unit", "Execution.unit", "Reply.review_organ", "Review.recheck_organ", "Opinion.executor", "Issued.kind", "Issued.number",
}  # fmt: skip
"""The fields of a record whose words the index keeps: organs, numbers, codes, the office's own lists, who is first responsible."""


def marked(part: Any, marks: dict[str, str]) -> Any:
    """The same part of a case with a mark for each text in it; *marks* learns which field it stands for."""
    changed = {}
    for slot in plan_of(type(part)).slots:
        value = getattr(part, slot.field)
        field = next(
            f"{base.__name__}.{slot.field}"
            for base in reversed(type(part).__mro__)
            if slot.field in getattr(base, "__dataclass_fields__", ())
        )
        many = value if isinstance(value, tuple) else (value,)
        new = []
        for one in many:
            if dataclasses.is_dataclass(one):
                new.append(marked(one, marks))
            elif isinstance(one, str) and not isinstance(one, StrEnum):
                mark = f"〔{len(marks)}〕"
                marks[mark] = field
                new.append(mark)
            else:
                new.append(one)
        changed[slot.field] = tuple(new) if isinstance(value, tuple) else new[0]
    return dataclasses.replace(part, **changed)


def test_no_word_of_a_record_gets_into_the_index_that_is_not_known_to_be_harmless(sqlite_office):
    seen: set[str] = set()
    for case in sample_cases():
        marks: dict[str, str] = {}
        changed = marked(case, marks)
        facts = facts_of(changed, obligations_of(changed, sqlite_office))
        parts = [row for table in facts.parts for row in table]
        for row in (facts.case, *parts):
            seen |= {marks[mark] for value in row for mark in marks if mark in str(value)}
    assert seen <= MAY_STAND
    rare = {
        "Registration.subchannel",
        "NoFurtherAcceptance.ground",
        "Reply.review_organ",
        "Review.recheck_organ",
    }
    assert MAY_STAND - seen <= rare, "the samples show the rest"


def test_no_personal_value_of_any_sample_stands_in_the_database(database, office):
    shutil.copytree(SAMPLES, office.folder / "cases", dirs_exist_ok=True)
    refresh(database, office)
    text = repr(rows(database))
    staff = {case.registration.first_handler for case in sample_cases()}
    for case in sample_cases():
        for who in case.petitioners:
            kept = [
                who.name,
                who.address,
                who.email,
                who.workplace,
                *who.phones,
                who.ident and who.ident.number,
            ]
            kept += [who.proxy.name, who.proxy.phone] if who.proxy else []
            assert not [value for value in kept if value and value in text and value not in staff]
        assert case.registration.subject not in text
        for one in case.claims:
            assert one.request not in text
            assert not [
                r.name for r in one.respondents if r.kind is codes.RespondentKind.PERSON and r.name in text
            ]


# --- what is read again ---------------------------------------------------------------------------------


def test_a_file_that_has_not_changed_is_not_read_again(database, office, monkeypatch):
    generate(12, 4, office.folder / "cases")
    at_rest(office.folder / "cases")
    first = refresh(database, office)
    before = rows(database)
    with nothing_may_be_read(monkeypatch):
        again = refresh(database, office)
    assert [(s.path, s.case_id, s.verdict, s.quiet_from) for s in again] == [
        (s.path, s.case_id, s.verdict, s.quiet_from) for s in first
    ]
    assert rows(database) == before


def test_a_file_that_was_only_touched_is_not_validated_again(database, office, monkeypatch):
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    at_rest(path.parent)
    refresh(database, office)
    os.utime(path, (LONG_AGO + 60, LONG_AGO + 60))
    with nothing_may_be_validated(monkeypatch):
        assert read(refresh(database, office)) == []
    assert rows(database)[f"cases/{path.name}"]["mtime_ns"] == (LONG_AGO + 60) * 10**9
    with nothing_may_be_read(monkeypatch):
        refresh(database, office)


def test_a_change_within_one_tick_of_a_coarse_clock_is_seen(database, office):
    """Same size and same time of change: only what was at rest may be trusted by its looks."""
    path = saved(a_case("2026-03-02", id="YZ-1"), office.folder / "cases")
    tick = path.stat().st_mtime_ns
    assert read(refresh(database, office)) == [path.stem]
    changed = path.read_bytes().replace("来信".encode(), "网上".encode())
    assert len(changed) == path.stat().st_size
    path.write_bytes(changed)
    os.utime(path, ns=(tick, tick))
    assert read(refresh(database, office)) == [path.stem]
    assert rows(database)[f"cases/{path.name}"]["channel"] == "网上"


def test_a_file_read_while_it_was_fresh_is_trusted_once_it_is_at_rest(database, office, monkeypatch):
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    refresh(database, office)
    assert not rows(database)[f"cases/{path.name}"]["settled"]
    with monkeypatch.context() as later:
        later.setattr("time.time_ns", lambda: path.stat().st_mtime_ns + 3 * 10**9)
        with nothing_may_be_validated(monkeypatch):
            refresh(database, office)
        with nothing_may_be_read(monkeypatch):
            refresh(database, office)


def test_a_changed_record_replaces_all_that_was_known_of_it(database, office):
    case = a_case("2026-03-02", sent("2026-03-04", to(WATER, "2026-03-05")), claims=(claim(1), claim(2)))
    other = saved(a_case("2026-03-03"), office.folder / "cases")
    saved(case, office.folder / "cases")
    at_rest(office.folder / "cases")
    refresh(database, office)
    saved(dataclasses.replace(case, events=(), claims=case.claims[:1]), office.folder / "cases")
    assert read(refresh(database, office)) == [case.id]
    row = rows(database)[f"cases/{case.id}.xml"]
    assert (row["sent"], len(row["indexed_claims"])) == (None, 1)
    assert "indexed_events" not in row
    assert "indexed_destinations" not in row
    assert rows(database)[f"cases/{other.name}"]["sent"] is None


def test_rows_of_deleted_files_go_and_those_of_other_folders_stay(database, office):
    generate(6, 5, office.folder / "cases" / "甲")
    kept = saved(a_case("2026-03-02"), office.folder / "cases" / "甲乙")
    refresh(database, office)
    files = sorted((office.folder / "cases" / "甲").rglob("*.xml"))
    for file in files[1:]:
        file.unlink()
    refresh(database, office, office.folder / "cases" / "甲")
    assert set(rows(database)) == {
        f"{file.relative_to(office.folder).as_posix()}" for file in (files[0], kept)
    }
    kept.unlink()
    refresh(database, office, office.folder / "cases" / "甲")
    assert len(rows(database)) == 2, "what was not looked at is not judged"
    refresh(database, office)
    assert len(rows(database)) == 1


def test_the_row_of_a_named_file_that_is_gone_goes(database, office):
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    refresh(database, office)
    path.unlink()
    (seen,) = refresh(database, office, path)
    assert [finding.code for finding in seen.report.findings] == ["X01"]
    assert rows(database) == {}


def test_a_folder_that_is_empty_all_at_once_takes_nothing_out(database, office):
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    refresh(database, office)
    path.unlink()
    with pytest.raises(NothingThere):
        refresh(database, office)
    assert len(rows(database)) == 1


def test_a_rejected_record_is_read_every_time_so_that_its_findings_are_told(database, office):
    bad = office.folder / "cases" / "x.xml"
    bad.write_text("<信访事项", "utf-8")
    at_rest(bad.parent)
    for _ in range(3):
        (seen,) = refresh(database, office)
        assert seen.verdict is Verdict.REJECTED
        assert seen.report is not None
        assert seen.report.findings == Validator(office).validate(bad).findings
        assert not seen.quiet_on(dt.date.max)


@pytest.mark.parametrize("change", ["settings", "calendar", "regulation", "program"])
def test_records_are_read_again_under_other_rules(database, office, url, change, monkeypatch):
    saved(a_case("2026-03-02"), office.folder / "cases")
    at_rest(office.folder)
    refresh(database, office)
    if change == "settings":
        append(office.folder / "xfdocs.toml")
    elif change == "calendar":
        own = office.folder / "calendars"
        shutil.copytree(SAMPLES.parents[2] / "schemas" / "calendars", own)
        append(own / "2026.toml")
    elif change == "regulation":
        (office.folder / "regulations").mkdir()
        shutil.copy(
            SAMPLES.parents[2] / "schemas" / "regulations" / "2022.toml", office.folder / "regulations"
        )
    else:
        monkeypatch.setattr("xfdocs.register.index_stamp.version", lambda _: "99")
    assert read(refresh(database, type(office).open(office.folder))) == ["YZ-20260302-0001"]
    assert read(refresh(database, type(office).open(office.folder))) == []


# --- attachments ----------------------------------------------------------------------------------------


def test_an_attachment_that_goes_or_comes_back_changes_the_verdict(database, office, monkeypatch):
    case = a_case("2026-03-02", attachments=(Attachment(name="申请书", file="申请书.pdf"),))
    record = saved(case, office.folder / "cases")
    attached = record.parent / "申请书.pdf"
    attached.write_bytes(b"%PDF")
    at_rest(record.parent)
    assert refresh(database, office)[0].verdict is Verdict.ACCEPTED
    with nothing_may_be_validated(monkeypatch):
        assert refresh(database, office)[0].verdict is Verdict.ACCEPTED
    attached.rename(record.parent / "别处.pdf")
    assert refresh(database, office)[0].verdict is Verdict.REJECTED
    assert rows(database)[f"cases/{record.name}"]["verdict"] == "rejected"
    assert refresh(database, office)[0].verdict is Verdict.REJECTED
    (record.parent / "别处.pdf").rename(attached)
    assert refresh(database, office)[0].verdict is Verdict.ACCEPTED
    attached.write_bytes(b"")
    assert refresh(database, office)[0].verdict is Verdict.REJECTED


def test_an_attachment_changed_within_one_tick_is_looked_at_again(database, office):
    digest = hashlib.sha256(b"%PDF").hexdigest()
    case = a_case("2026-03-02", attachments=(Attachment(name="申请书", file="a.pdf", sha256=digest),))
    record = saved(case, office.folder / "cases")
    at_rest(record.parent)
    attached = record.parent / "a.pdf"
    attached.write_bytes(b"%PDF")
    tick = attached.stat().st_mtime_ns
    assert refresh(database, office)[0].verdict is Verdict.ACCEPTED
    attached.write_bytes(b"%XML")
    os.utime(attached, ns=(tick, tick))
    assert refresh(database, office)[0].verdict is Verdict.REJECTED


# --- runs that end early, and runs side by side ---------------------------------------------------------


def test_a_refresh_that_was_broken_off_goes_on_where_it_was(database, office, monkeypatch):
    generate(10, 6, office.folder / "cases")
    at_rest(office.folder / "cases")
    monkeypatch.setattr(module, "CHUNK", 4)
    going = CaseIndex(database, office).refresh([office.folder / "cases"])
    told = [next(going) for _ in range(5)]
    going.close()
    assert len(rows(database)) == 8, "two chunks"
    rest = read(refresh(database, office))
    assert len(rest) == 2
    assert not {seen.path.stem for seen in told} & set(rest)
    broken = rows(database)
    empty(database)
    refresh(database, office)
    assert rows(database) == broken


def test_a_record_that_makes_the_program_fall_over_costs_its_chunk_only(database, office, monkeypatch):
    generate(10, 6, office.folder / "cases")
    monkeypatch.setattr(module, "CHUNK", 4)
    real = steps._read
    seen: list[Path] = []

    def killed(look):
        seen.append(look.path)
        if len(seen) == 7:
            raise KeyboardInterrupt
        real(look)

    monkeypatch.setattr(steps, "_read", killed)
    with pytest.raises(KeyboardInterrupt):
        refresh(database, office)
    assert len(rows(database)) == 4


def test_two_refreshes_at_once_end_in_the_same_index(office, database):
    generate(60, 7, office.folder / "cases")
    at_rest(office.folder / "cases")

    def work(_: int) -> None:
        with Database.open(office) as own:
            refresh(own, office)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    together = rows(database)
    assert len(together) == 60
    empty(database)
    refresh(database, office)
    assert rows(database) == together


def test_a_big_first_filling_makes_its_indexes_at_its_end_even_if_it_was_broken_off(
    office, database, monkeypatch
):
    def indexes() -> set[str]:
        with database.reading() as connection:
            inspector = sa.inspect(connection)
            tables = [RECORDS, *PARTS]
            return {str(index["name"]) for table in tables for index in inspector.get_indexes(table.name)}

    generate(10, 6, office.folder / "cases")
    at_rest(office.folder / "cases")
    monkeypatch.setattr(module, "CHUNK", 4)
    monkeypatch.setattr(index_fill, "MANY", 10)
    all_of_them = indexes()
    going = CaseIndex(database, office).refresh([office.folder / "cases"])
    next(going)
    going.close()
    assert len(rows(database)) == 4
    if database.file is not None:
        assert not indexes() & {str(index.name) for table in (RECORDS, *PARTS) for index in table.indexes}
    assert len(refresh(database, office)) == 10
    assert indexes() == all_of_them
    filled = rows(database)
    refresh(database, office)
    assert (rows(database), indexes()) == (filled, all_of_them)


def test_only_filling_the_index_takes_much_memory_for_pages(sqlite_office):
    def pages(database: Database) -> int:
        with database.reading() as connection:
            return connection.exec_driver_sql("PRAGMA cache_size").scalar_one()

    with Database.open(sqlite_office) as database:
        generate(2, 3, sqlite_office.folder / "cases")
        usual = pages(database)
        assert usual == -2000, "KiB, as SQLite has it: a run that issues must not grow with its register"
        refresh(database, sqlite_office)
        assert pages(database) == -64 * 1024


def test_a_refresh_without_cases_tells_the_same_and_holds_none_of_them(office, database):
    generate(6, 6, office.folder / "cases")
    broken = next((office.folder / "cases").rglob("*.xml"))
    broken.write_text("<信访事项/>", "utf-8")
    index = CaseIndex(database, office)
    slim = list(index.refresh([office.folder / "cases"], cases=False))
    whole_office = make_office(office.folder.parent / "other")
    shutil.copytree(office.folder / "cases", whole_office.folder / "cases")
    with Database.open(whole_office) as other:
        whole = refresh(other, whole_office)
    assert [one.case for one in slim] == [None] * 6
    assert [one.report is not None for one in slim] == [one.verdict is Verdict.REJECTED for one in slim]
    assert [(one.case_id, one.verdict, one.quiet_from) for one in slim] == [
        (one.case_id, one.verdict, one.quiet_from) for one in whole
    ]


# --- it is a cache --------------------------------------------------------------------------------------


def test_deleting_every_row_and_refreshing_gives_the_same_rows_and_no_line_in_the_journal(database, office):
    shutil.copytree(SAMPLES, office.folder / "cases", dirs_exist_ok=True)
    at_rest(office.folder / "cases")
    refresh(database, office)
    before = rows(database)
    assert len(before) > 70
    empty(database)
    assert rows(database) == {}
    with database.reading() as connection:
        for table in PARTS:
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
    refresh(database, office)
    assert rows(database) == before
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(JOURNAL)).scalar() == 0


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_to_the_files_the_index_is_what_a_new_one_would_be(seed, tmp_path):
    office = make_office(tmp_path / "office")
    folder = office.folder / "cases"
    folder.mkdir()
    rng = random.Random(seed)
    texts = [text for _, _, text in islice(records(seed), 40)]
    with Database.open(office) as database:
        for _ in range(12):
            for _ in range(rng.randrange(4)):
                path = folder / f"{rng.choice('abcdefgh')}.xml"
                match rng.randrange(5):
                    case 0 | 1:
                        path.write_text(rng.choice(texts), "utf-8")
                    case 2:
                        path.unlink(missing_ok=True)
                    case 3:
                        path.touch()
                    case 4:
                        path.write_text("<信访事项", "utf-8")
            if rng.random() < 0.5:
                at_rest(folder)
            if any(folder.iterdir()):
                told = [(s.path, s.case_id, s.verdict, s.quiet_from) for s in refresh(database, office)]
                now = rows(database)
                empty(database)
                again = [(s.path, s.case_id, s.verdict, s.quiet_from) for s in refresh(database, office)]
                assert told == again
                assert now == rows(database)


# --- one number, one case -------------------------------------------------------------------------------


def test_a_number_in_two_files_is_told_as_validation_tells_it(database, office):
    case = a_case("2026-03-02", id="YZ-20260302-0001")
    folder = office.folder / "cases"
    for name in ("c", "b", "a"):
        saved(case, folder).rename(folder / f"{name}.xml")
        saved(a_case("2026-03-03"), folder)
        refresh(database, office)
    index = CaseIndex(database, office)
    told = [f for r in validate_paths([folder], office) for f in r.findings if f.code == "C18"]
    assert list(index.twins()) == told
    assert [finding.file.name for finding in told] == ["b.xml", "c.xml"]
    assert rows(database)["cases/c.xml"]["twin"] == "cases/a.xml"
    (folder / "a.xml").unlink()
    refresh(database, office)
    assert [finding.file.name for finding in index.twins()] == ["c.xml"]
    (folder / "c.xml").write_bytes(write_case(dataclasses.replace(case, id="YZ-20260302-0002")))
    refresh(database, office)
    assert index.twins() == ()


def test_a_file_named_twice_stands_there_once(database, office):
    path = saved(a_case("2026-03-02"), office.folder / "cases")
    told = refresh(database, office, office.folder / "cases", path.parent / ".." / "cases" / path.name)
    assert [seen.path for seen in told] == [path]
    assert list(rows(database)) == [f"cases/{path.name}"]
    assert CaseIndex(database, office).twins() == ()


# --- the case behind a row ------------------------------------------------------------------------------


def test_the_case_of_a_known_record_is_read_without_validating_it(database, office, monkeypatch):
    case = a_case("2026-03-02")
    path = saved(case, office.folder / "cases")
    at_rest(path.parent)
    refresh(database, office)
    (seen,) = refresh(database, office)
    index = CaseIndex(database, office)
    with nothing_may_be_validated(monkeypatch):
        assert index.case_of(seen, Validator(office)) == case
    changed = dataclasses.replace(case, counts=Counts(signatories=7))
    saved(changed, path.parent)
    assert index.case_of(seen, Validator(office)) == changed, "changed since: read anew"
    path.write_text("<信访事项", "utf-8")
    assert index.case_of(seen, Validator(office)) is None
    path.unlink()
    assert index.case_of(seen, Validator(office)) is None


def fact(case: Case, name: str) -> Any:
    """A value of the row of a case."""
    columns = RECORDS.columns.keys()
    return facts_of(case, ()).case[columns.index(name) - columns.index("received")]


def test_people_without_a_name_or_an_address_are_counted_as_such():
    def told(*who: Any) -> tuple[bool, bool]:
        case = a_case("2026-03-02", petitioners=who)
        return fact(case, "anonymous"), fact(case, "reachable")

    assert told() == (True, False)
    assert told(person()) == (False, True)
    assert told(person(address_unclear=True)) == (False, False)
    assert told(person("某人", name_unclear=True))[0] is True


def test_a_record_counts_for_the_day_of_its_receipt_if_no_day_of_registration_was_noted():
    assert fact(a_case("2026-03-02", registered=day("2026-03-05")), "entered") == "2026-03-05"
    assert fact(a_case("2026-03-02", registered=None), "entered") == "2026-03-02"


def test_the_unit_of_a_matter_leads_in_the_first_letter_that_sent_it_on():
    first = sent("2026-03-04", to(CITY, lead=False), to(WATER))
    later = sent("2026-03-20", to(HOUSING))
    assert fact(a_case("2026-03-02", first, later), "unit") == WATER
    assert fact(a_case("2026-03-02", sent("2026-03-04", to(CITY, lead=False)), later), "unit") == ""
    assert fact(a_case("2026-03-02"), "unit") == ""


def test_of_several_claims_the_first_by_number_speaks_for_the_record():
    case = a_case("2026-03-02", claims=(claim(2, category="教育"), claim(1, category=None)))
    assert (fact(case, "claims"), fact(case, "category")) == (2, None)


def test_a_record_under_no_known_law_stands_there_without_limits(database, office):
    saved(a_case("1990-03-02", an(Acceptance, "1990-03-10", WATER)), office.folder / "cases")
    (seen,) = refresh(database, office)
    ((_, row),) = rows(database).items()
    assert (seen.quiet_from, row["received"], row.get("indexed_limits")) == (None, day("1990-03-02"), None)
    assert seen.verdict is not Verdict.ACCEPTED
