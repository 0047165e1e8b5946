"""A report made later says what one made on its last day said: what happened afterwards changes nothing in it."""

from __future__ import annotations

import datetime as dt

from tests.builders import OFFICE, WATER, a_case, an, day, opinion, reply, to, transfer
from tests.reports.desks import office_with
from xfdocs.record.events import Acceptance, Basis, Closure, Extension
from xfdocs.record.writer import write_case
from xfdocs.reports.model import Place
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.rules.period import Period

LATER = dt.date(2026, 11, 20)
SENT = transfer("2026-06-10", to(WATER, "2026-06-11"))
DUE_30_SEPTEMBER = an(Acceptance, "2026-08-01", WATER)
"""60 days from 1 August end on 30 September."""


def answered(on):
    """The organ's answer, with all that it must have."""
    said = opinion(
        bases=(Basis(name="云州市城市供水管理办法", provision="第十二条"),), explanation="水压符合标准"
    )
    return reply(on, WATER, said, signer="陆行舟")


def counted(folder, table, line, column, *events, received="2026-06-08", on=LATER, report="circular:2026Q3"):
    """One number of a report over a single case, as seen on a day."""
    office = office_with(folder)
    case = a_case(received, *events)
    path = office.folder / "cases" / f"{case.id}.xml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_case(case))
    slug, _, code = report.partition(":")
    with desk_of(office, on=on) as desk:
        assert not desk.left_out
        return report_of(desk, slug, Period.parse(code)).table(table).number(Place(line, column)).value


def test_what_was_due_on_the_last_day_and_was_not_done_is_overdue(tmp_path):
    assert counted(tmp_path, "办理", WATER, "超期未办结", SENT, DUE_30_SEPTEMBER) == 1


def test_what_was_due_on_the_last_day_and_done_the_day_after_is_overdue_in_that_period(tmp_path):
    late = answered("2026-10-01")
    assert counted(tmp_path, "办理", WATER, "超期未办结", SENT, DUE_30_SEPTEMBER, late) == 1


def test_what_was_due_on_the_last_day_and_done_on_it_is_in_time(tmp_path):
    done = answered("2026-09-30")
    assert counted(tmp_path, "办理", WATER, "按期办结", SENT, DUE_30_SEPTEMBER, done) == 1


def test_what_is_due_on_the_day_of_the_run_is_not_overdue_before_the_period_ends(tmp_path):
    accepted = an(Acceptance, "2026-07-30", WATER)  # due on 28 September
    for on, overdue in ((28, 0), (29, 1)):
        seen = dt.date(2026, 9, on)
        assert counted(tmp_path, "办理", "合计", "超期未办结", SENT, accepted, on=seen) == overdue


def test_a_matter_sent_on_after_the_period_is_with_the_organ_that_registered_it(tmp_path):
    sent = transfer("2026-10-08", to(WATER, "2026-10-09"))
    found = counted(tmp_path, "重复", OFFICE, "收件", sent, received="2026-09-28")
    assert found == 1
    seen = counted(tmp_path, "重复", OFFICE, "收件", sent, received="2026-09-28", on=dt.date(2026, 9, 30))
    assert seen == found


def test_a_matter_closed_in_the_period_and_answered_after_it_was_finished_in_it(tmp_path):
    closed = an(Closure, "2026-09-10", manner="办结")
    late = answered("2026-10-12")
    report = "monthly-statistics:2026-09"
    found = counted(tmp_path, "办理", "办结", "本期", SENT, DUE_30_SEPTEMBER, closed, late, report=report)
    assert found == 1


def test_an_extension_granted_after_the_period_does_not_mend_what_was_overdue_in_it(tmp_path):
    late = an(
        Extension,
        "2026-10-09",
        WATER,
        days=30,
        reason="需要检测",
        approver="陆行舟",
        approver_post="局长",
        approved=day("2026-10-08"),
    )
    assert counted(tmp_path, "办理", WATER, "超期未办结", SENT, DUE_30_SEPTEMBER, late) == 1
    later = counted(
        tmp_path, "办理", WATER, "超期未办结", SENT, DUE_30_SEPTEMBER, late, report="circular:2026Q4"
    )
    assert later == 1, "on 30 October the longer time ran out too"
