"""An event goes into a record's file if the rules allow it, whole or not at all, and never over somebody's work."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from tests.builders import WATER, a_case, office_in, opinion, reply, saved, to, transfer
from tests.cli.runs import tree
from tests.disks import a_full_disk
from tests.record.test_writeback import case_in
from xfdocs.errors import (
    EventInvalid,
    EventRefused,
    EventRepeated,
    RecordRejected,
    RecordTouched,
    RecordUnreadable,
)
from xfdocs.office import Office
from xfdocs.record import adding
from xfdocs.record.adding import Added, add_to_record
from xfdocs.record.events import Acceptance, Basis, Service

TODAY = dt.date(2026, 11, 23)
SERVED = ("事件=答复", "受送达人=陆晚晴", "方式=邮寄送达", "日期=2026-08-21")
ANSWER = opinion(
    bases=(Basis(name="云州市城市供水管理办法", provision="第九条"),), explanation="水压符合规定。"
)
EVENTS = (
    transfer("2026-07-02", to(WATER, "2026-07-03")),
    Acceptance(seq=0, date=dt.date(2026, 7, 10), organ=WATER),
    reply("2026-08-20", WATER, ANSWER, signer="江立群", review_organ="云州市人民政府"),
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "单位")


@pytest.fixture
def record(office: Office) -> Path:
    return saved(a_case("2026-07-01", *EVENTS), office.folder / "cases")


def add(record: Path, office: Office, *items: str, event: str = "送达", today: dt.date = TODAY) -> Added:
    return add_to_record(record, event, items, office, today)


def test_the_file_then_says_what_was_added_and_nothing_lies_beside_it(record, office):
    added = add(record, office, *SERVED)
    assert case_in(record.read_bytes()) == added.case
    assert added.case.events[-1] == added.event
    assert isinstance(added.event, Service)
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_the_clocks_that_start_by_it_are_told_and_no_others(record, office):
    added = add(record, office, *SERVED, "收到日期=2026-08-24", today=dt.date(2026, 9, 1))
    (row,) = added.clocks
    assert (row.limit, row.start, row.due) == ("请求复查", dt.date(2026, 8, 24), dt.date(2026, 9, 23))


def test_what_the_rules_forbid_is_refused_with_the_rule_and_nothing_is_written(record, office):
    before = tree(office.folder)
    with pytest.raises(
        EventRefused, match=r"没有改动：登记以后有 1 处不合规则。C03 “送达”的日期 2026-08-19 早于所送达文书"
    ):
        add(record, office, *SERVED[:3], "日期=2026-08-19")
    with pytest.raises(EventRefused, match=r"C05 引用的事件 9 不存在"):
        add(record, office, *SERVED[1:], "事件=9")
    assert tree(office.folder) == before


def test_an_error_that_was_there_before_forbids_nothing(record, office):
    record.write_text(record.read_text("utf-8").replace("<登记日期>2026-07-01</登记日期>", ""), "utf-8")
    assert "R01" not in {finding.code for finding in add(record, office, *SERVED).findings}
    with pytest.raises(EventRefused, match="有 1 处不合规则。C05"):
        add(record, office, *SERVED[1:], "事件=9")


def test_the_same_error_a_second_time_is_a_new_one(record, office):
    wrong = '    <送达 序="4" 日期="2026-08-21" 事件="9"><受送达人>甲</受送达人><方式>直接送达</方式></送达>\n  </办理>'
    record.write_text(record.read_text("utf-8").replace("  </办理>", wrong), "utf-8")
    with pytest.raises(EventRefused, match="C05"):
        add(record, office, "事件=9", "受送达人=乙", "方式=直接送达")


def test_a_hint_is_told_and_forbids_nothing(record, office):
    added = add(record, office, "机关=云州市水务局", "方式=口头", event="告知")
    assert [finding.code for finding in added.findings] == ["R04"]
    assert case_in(record.read_bytes()).events[-1] == added.event


def test_a_rule_that_cannot_be_judged_for_want_of_a_calendar_keeps_no_fact_out(tmp_path, office):
    """R30: whether an objection came in time in 2027 nobody can say before that year's working days are published."""
    record = saved(
        a_case("2026-12-24", transfer("2026-12-25", to(WATER, "2026-12-28"))), office.folder / "cases"
    )
    items = ("机关=云州市水务局", "日期=2027-01-08", "事件=1", "理由=不属于本机关职权")
    added = add(record, office, *items, event="异议", today=dt.date(2027, 1, 8))
    assert "R30" in {finding.code for finding in added.findings}


def test_the_same_event_twice_is_a_command_given_twice(record, office):
    add(record, office, *SERVED)
    before = tree(office.folder)
    with pytest.raises(EventRepeated, match="与已经登记的第 4 号事件完全相同"):
        add(record, office, *SERVED)
    assert tree(office.folder) == before
    assert add(record, office, *SERVED, "签收人=陆晚晴").event.seq == 5


def test_a_record_that_somebody_changed_meanwhile_is_left_to_them(record, office, monkeypatch):
    real = adding.add_event

    def slow(data, event, file):
        record.write_bytes(data.replace("梁书涵".encode(), "梁书函".encode()))
        return real(data, event, file)

    monkeypatch.setattr(adding, "add_event", slow)
    with pytest.raises(RecordTouched):
        add(record, office, *SERVED)
    assert "梁书函" in record.read_text("utf-8")
    assert "送达" not in record.read_text("utf-8")
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_a_record_that_is_gone_meanwhile_does_not_come_back(record, office, monkeypatch):
    real = adding.add_event
    monkeypatch.setattr(adding, "add_event", lambda *all_: (record.unlink(), real(*all_))[1])
    with pytest.raises(RecordUnreadable):
        add(record, office, *SERVED)
    assert list(record.parent.iterdir()) == []


def test_on_a_full_disk_the_record_is_as_it_was(record, office, monkeypatch):
    before = tree(office.folder)
    a_full_disk(monkeypatch, lambda _: True)
    with pytest.raises(OSError, match="No space left"):
        add(record, office, *SERVED)
    assert tree(office.folder) == before


def test_the_file_keeps_its_permissions_and_a_link_stays_a_link(record, office, tmp_path):
    record.chmod(0o640)
    link = tmp_path / "连接.xml"
    link.symlink_to(record)
    add(link, office, *SERVED)
    assert link.is_symlink()
    assert "送达" in record.read_text("utf-8")
    assert stat.S_IMODE(record.stat().st_mode) == 0o640


def test_where_there_is_no_record_nothing_is_made(office, tmp_path):
    with pytest.raises(RecordUnreadable):
        add(tmp_path / "没有.xml", office, *SERVED)
    assert not (tmp_path / "没有.xml").exists()


def test_a_record_that_breaks_the_schema_is_told_so_and_left(record, office):
    record.write_text(record.read_text("utf-8").replace("<形式>来信", "<形式>写信"), "utf-8")
    before = tree(office.folder)
    with pytest.raises(RecordRejected, match="形式"):
        add(record, office, *SERVED)
    with pytest.raises(EventInvalid):
        add(record, office, "x=1")
    assert tree(office.folder) == before
