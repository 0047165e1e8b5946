"""`record add` and `record show`: an event goes into a record, a service starts the petitioner's clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.builders import a_case, office_in, saved
from tests.cli.runs import Run, tree, xfdocs
from tests.record.test_adding import EVENTS
from xfdocs.cli import record as command
from xfdocs.record.validation import read_case

REPLY = "事件=答复"
SERVED = ("送达", REPLY, "受送达人=陆晚晴", "方式=邮寄送达", "机关=云州市水务局")


TODAY = dt.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the first of September at the desk."""
    monkeypatch.setattr(command, "today", lambda: TODAY)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_in(tmp_path / "单位").folder


@pytest.fixture
def record(office: Path) -> Path:
    return saved(a_case("2026-07-01", *EVENTS), office / "cases")


def requests(office: Path, on: str) -> list[tuple[str, str | None, str | None]]:
    """The clocks of the petitioner's request for 复查: state, start, last day."""
    run = xfdocs("due", "--on", on, "--json", cwd=office)
    return [(row["state"], row["start"], row["due"]) for row in run.json if row["limit"] == "请求复查"]


# --- R28 ------------------------------------------------------------------------------------------------


def test_a_service_with_the_day_of_receipt_starts_the_thirty_days(office, record):
    assert requests(office, "2026-09-01") == [("unknown", None, None)]
    run = xfdocs("record", "add", record, *SERVED, "日期=2026-08-21", "收到日期=2026-08-24", cwd=office)
    assert run.code == 0
    assert "期限 请求复查：" in run.out
    assert requests(office, "2026-09-01") == [("running", "2026-08-24", "2026-09-23")]


def test_a_service_without_the_day_of_receipt_starts_nothing(office, record):
    run = xfdocs("record", "add", record, *SERVED, "日期=2026-08-21", cwd=office)
    assert run.code == 0
    assert "期限 请求复查" not in run.out
    assert requests(office, "2026-09-01") == [("unknown", None, None)]


def test_a_service_that_was_left_with_witnesses_starts_them_from_that_day(office, record):
    run = xfdocs(
        "record", "add", record, "送达", REPLY, "受送达人=陆晚晴", "方式=留置送达", "日期=2026-08-21", "机关=云州市水务局",
        "拒收.事由=拒绝签字", "拒收.见证人=甲", "拒收.见证人=乙", cwd=office,
    )  # fmt: skip
    assert run.code == 0, run.err
    assert requests(office, "2026-09-01") == [("running", "2026-08-21", "2026-09-20")]


# --- what is told ---------------------------------------------------------------------------------------


def add(office: Path, record: Path, *items: object) -> Run:
    return xfdocs("record", "add", record, *items, cwd=office)


def test_for_people_and_for_programs(office, record):
    run = add(office, record, *SERVED, "日期=2026-08-21")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("已登记 YZ-20260701-0001 第 4 号事件：2026-08-21 送达。\n")
    run = add(office, record, *SERVED, "日期=2026-08-22", "--json")
    assert run.code == 0
    assert set(run.json) == {"case", "path", "seq", "event", "date", "findings", "clocks"}
    assert (run.json["seq"], run.json["event"], run.json["date"]) == (5, "送达", "2026-08-22")
    assert "已登记" in run.err
    quiet = add(office, record, *SERVED, "日期=2026-08-23", "收到日期=2026-08-24", "-q")
    assert quiet.out == "已登记 YZ-20260701-0001 第 6 号事件：2026-08-23 送达。\n"


def test_without_items_the_items_are_listed_and_nothing_is_added(office, record):
    before = tree(office)
    run = add(office, record, "送达")
    assert run.code == 2
    assert "  * 事件：所送达文书对应的事件的序\n" in run.err
    assert "    收到日期：没有回执的不填" in run.err or "    收到日期：收到日期；没有回执的不填" in run.err
    assert "没有写项目" in run.err
    assert add(office, record, "撤回").code == 2
    assert "* " not in add(office, record, "送达", "-q").err
    assert tree(office) == before


def test_a_slip_is_a_slip_and_a_breach_of_a_rule_is_a_refusal(office, record):
    before = tree(office)
    slip = add(office, record, *SERVED, "签收日期=2026-08-24")
    assert (slip.code, slip.out) == (2, "")
    assert "是不是“收到日期”？" in slip.err
    breach = add(office, record, *SERVED, "日期=2026-08-01", "--json")
    assert (breach.code, breach.out) == (1, "")
    assert "C03" in breach.err
    assert "项目（标 * 的必填）" not in breach.err
    assert tree(office) == before


def test_the_day_is_today_if_none_is_named(office, record):
    assert add(office, record, *SERVED).code == 0
    assert read_case(record).events[-1].date == TODAY


def test_the_office_is_the_one_of_the_record_or_the_one_named(office, record, tmp_path):
    assert xfdocs("record", "add", record, *SERVED, "日期=2026-08-21", cwd=tmp_path).code == 0
    elsewhere = saved(a_case("2026-07-01", *EVENTS), tmp_path / "别处")
    assert xfdocs("record", "add", elsewhere, *SERVED, cwd=tmp_path).code == 2
    done = xfdocs("record", "add", elsewhere, *SERVED, "--office", office, cwd=tmp_path)
    assert done.code == 0


def test_a_document_of_an_added_event_is_called_for(office, record):
    """What was added by command is as good as what was typed into the file."""
    xfdocs("record", "add", record, "延期", "日期=2026-07-20", cwd=office)  # out of order: refused
    late = saved(a_case("2026-07-01", *EVENTS[:2]), office / "cases")
    run = add(
        office, late, "延期", "日期=2026-08-25", "机关=云州市水务局", "天数=20", "理由=需要检测",
        "批准人=江立群", "批准人职务=云州市水务局局长", "批准日期=2026-08-25",
    )  # fmt: skip
    assert run.code == 0, run.err
    made = xfdocs("draft", "all", late, "-o", "out", "--format", "docx", cwd=office)
    assert "03-延长办理期限告知书.docx" in {Path(name).name for name in tree(office / "out")}, made.out


# --- show -----------------------------------------------------------------------------------------------


def test_a_record_is_read_with_its_timeline_and_its_clocks(office, record):
    before = tree(office)
    run = xfdocs("record", "show", record, "--on", "2026-09-01", cwd=office)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("YZ-20260701-0001  小区水压不足问题\n已答复；2026-07-01 收到\n")
    assert "  3. 2026-08-20  答复  云州市水务局\n" in run.out
    assert "【2026-09-01 正在走的期限】\n  请求复查：未知，到期日 未知\n" in run.out
    assert tree(office) == before


def test_a_record_without_clocks_says_so(office):
    closed = saved(a_case("2026-07-01"), office / "cases")
    xfdocs("record", "add", closed, "撤回", "日期=2026-07-03", "说明=本人书面撤回", cwd=office)
    run = xfdocs("record", "show", closed, "--on", "2026-07-04", cwd=office)
    assert run.out.endswith("【2026-07-04 正在走的期限】\n  没有。\n")


def test_what_is_no_record_cannot_be_read(office):
    run = xfdocs("record", "show", "没有.xml", cwd=office)
    assert run.code == 1
    assert "没有.xml" in run.err
