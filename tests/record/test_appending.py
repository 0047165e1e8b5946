"""A further event goes to the end of the record's events, and nothing else of the file changes by a byte."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import a_case, service
from tests.record.cases import chain
from tests.record.hands import TRAPS, Hand, hands
from tests.record.test_roundtrip import parts
from tests.record.test_writeback import RECORDS, added, case_in, lines
from xfdocs.errors import RecordNotKept, RecordRejected, RecordUnreadable
from xfdocs.record import splice
from xfdocs.record.appending import add_event
from xfdocs.record.events import EVENT_KINDS, Event, Reply
from xfdocs.record.writer import write_case

SERVED = service(1, "2026-11-20", "2026-11-22")


def any_event() -> st.SearchStrategy[Event]:
    return st.one_of([parts(kind, name) for name, kind in EVENT_KINDS.items()])


@given(st.integers(0, len(RECORDS) - 1), hands(), st.deferred(any_event))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_record_in_any_hand_takes_in_any_event_and_stays_the_rest(
    record: int, hand: Hand, event: Event
) -> None:
    data = hand.write(RECORDS[record])
    before = case_in(data)
    seq = max((e.seq for e in before.events), default=0) + 1
    after = add_event(data, event)
    wanted = (*before.events, dataclasses.replace(event, seq=seq))
    assert case_in(after) == dataclasses.replace(before, events=wanted)
    grown = len(after) - len(data)
    assert any(after[:at] + after[at + grown :] == data for at in range(len(data) + 1))


def test_it_is_written_as_the_program_itself_would() -> None:
    case = chain()
    wanted = (*case.events, dataclasses.replace(SERVED, seq=case.events[-1].seq + 1))
    assert add_event(write_case(case), SERVED) == write_case(dataclasses.replace(case, events=wanted))


def test_a_record_without_events_gets_the_place_for_them() -> None:
    case = a_case("2026-11-16")
    wanted = dataclasses.replace(case, events=(dataclasses.replace(SERVED, seq=1),))
    assert add_event(write_case(case), SERVED) == write_case(wanted)


@pytest.mark.parametrize(
    "empty",
    [
        "<办理/>",
        "<办理 />",
        "<办理></办理>",
        "<办理>\n  </办理>",
        "<办理> </办理>",
        "<x:办理 xmlns:x='urn:xfdocs:case:1'/>",
    ],
)
def test_an_empty_place_for_events_is_used(empty: str) -> None:
    case = dataclasses.replace(a_case("2026-11-16"), events=(dataclasses.replace(SERVED, seq=1),))
    before, _, rest = write_case(case).decode().partition("  <办理>")
    bare = before + "  " + empty + rest.partition("</办理>")[2]
    after = add_event(bare.encode(), SERVED)
    assert case_in(after) == case
    if "x:" not in empty:
        assert after.decode().replace("<办理 >", "<办理>") == write_case(case).decode()


@pytest.mark.parametrize("trap", TRAPS)
def test_a_remark_at_the_end_stays_with_the_event_it_speaks_of(trap: str) -> None:
    data = write_case(chain()).replace("  </办理>".encode(), f"    {trap}\n  </办理>".encode())
    text = add_event(data, SERVED).decode()
    assert text.index(trap) < text.index('日期="2026-11-20"') < text.index("\n  </办理>\n")


def test_events_on_one_line_go_on_on_that_line() -> None:
    data = Hand(unit=None).write(write_case(chain()))
    assert len(lines(add_event(data, SERVED))) == len(lines(data))


def test_line_ends_within_a_text_are_the_record_s_own() -> None:
    data = Hand(line_end="\r\n").write(write_case(chain()))
    reply = next(event for event in chain().events if isinstance(event, Reply))
    opinion = dataclasses.replace(reply.opinions[0], findings="第一段\n第二段")
    after = add_event(data, dataclasses.replace(reply, opinions=(opinion,)))
    assert after.count(b"\n") == after.count(b"\r\n")
    assert case_in(after).events[-1].opinions[0].findings == "第一段\n第二段"  # type: ignore[attr-defined]


def test_the_number_follows_the_highest_even_where_the_record_left_some_out() -> None:
    data = write_case(chain()).decode().replace(' 序="1"', ' 序="41"', 1)
    assert '<送达 序="42"' in add_event(data.encode(), SERVED).decode()


def test_only_lines_are_added() -> None:
    data = write_case(chain())
    assert added(data, add_event(data, SERVED))[0].startswith("    <送达 序=")


def test_no_record_gets_no_event() -> None:
    with pytest.raises(RecordUnreadable):
        add_event("<信访事项".encode(), SERVED)
    broken = write_case(chain()).replace("<形式>".encode(), "<形式>不".encode(), 1)
    with pytest.raises(RecordRejected, match="形式"):
        add_event(broken, SERVED)
    with pytest.raises(RecordNotKept, match=r"不合记录结构.*受送达人"):
        add_event(write_case(chain()), dataclasses.replace(SERVED, recipient=""))


def test_a_splice_gone_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_case(chain())
    other = add_event(data, dataclasses.replace(SERVED, recipient="别人"))
    monkeypatch.setattr(splice.Sheet, "spliced", lambda _self, _edits: other)
    with pytest.raises(RecordNotKept, match="读回来不一样"):
        add_event(data, SERVED)
