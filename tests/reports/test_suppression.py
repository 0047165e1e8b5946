"""What a public version keeps back, and that nobody can work it out again."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reports.grids import (
    TOTAL,
    comparison,
    counted,
    grid,
    grids,
    number,
    rates,
    reports,
    with_line,
    with_shares,
)
from xfdocs.office import Office
from xfdocs.reports import suppression
from xfdocs.reports.audit import How, exposed
from xfdocs.reports.definitions import measures_of
from xfdocs.reports.model import HIDDEN, Column, Line, Number, Place, Quotient, Table
from xfdocs.reports.suppression import suppressed
from xfdocs.resources import shipped


def numbers(tables: Sequence[Table]) -> Iterator[Number]:
    for table in tables:
        for line in table.lines:
            yield from line.numbers


def texts(table: Table) -> list[list[str]]:
    return [[number.text for number in line.numbers] for line in table.lines]


def hidden(tables: Sequence[Table]) -> int:
    return sum(number.hidden for number in numbers(tables))


def shown_as_before(before: Sequence[Table], after: Sequence[Table]) -> bool:
    pairs = zip(numbers(before), numbers(after), strict=True)
    return all(new.hidden or old == new for old, new in pairs)


# --- nothing is betrayed ----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(grids())
def test_the_attacker_finds_nothing_in_a_table(table: Table) -> None:
    public = suppressed([table])
    assert exposed(public) == []
    assert shown_as_before([table], public)


@settings(max_examples=120, deadline=None)
@given(reports())
def test_the_attacker_finds_nothing_in_tables_that_hang_together(tables: tuple[Table, ...]) -> None:
    public = suppressed(tables)
    assert exposed(public) == []
    assert shown_as_before(tables, public)


@settings(max_examples=80, deadline=None)
@given(grids(tall=3, wide=3, cells=st.integers(0, 5)))
def test_by_trying_all_numbers_too_a_small_one_is_not_found(table: Table) -> None:
    """A third way that shares nothing with the other two: every filling of the hidden cells is tried."""
    assume(not any(line.key.startswith("其中") for line in table.lines))
    (public,) = suppressed([table])
    parts = [(i, j) for i, line in enumerate(public.lines[:-1]) for j in range(_width(public) - 1)]
    free = [(i, j) for i, j in parts if public.lines[i].numbers[j].hidden]
    assume(len(free) <= 3)
    shown = [[None if n.hidden else n.value for n in line.numbers[: _width(public)]] for line in public.lines]
    inner = [row[:-1] for row in shown[:-1]]
    seen: list[list[set[int]]] = [[set() for _ in row] for row in shown]
    for tried in itertools.product(range(1, 13), repeat=len(free)):
        for (i, j), value in zip(free, tried, strict=True):
            inner[i][j] = value
        full = [[*row, sum(row)] for row in inner]
        full.append([sum(column) for column in zip(*full, strict=True)])
        pairs = zip(itertools.chain(*full), itertools.chain(*shown), strict=True)
        if all(theirs is None or ours == theirs for ours, theirs in pairs):
            for row, values in zip(full, seen, strict=True):
                for value, found in zip(row, values, strict=True):
                    found.add(value)
    for row, values in zip(shown, seen, strict=True):
        for value, found in zip(row, values, strict=True):
            assert found
            assert not found <= {1, 2}
            assert value is not None or len(found) > 1


def _width(table: Table) -> int:
    return len([column for column in table.columns if column.unit != "%"])


@settings(max_examples=60, deadline=None)
@given(reports())
def test_what_is_hidden_has_left_no_trace(tables: tuple[Table, ...]) -> None:
    for one in numbers(suppressed(tables)):
        if one.hidden:
            assert (one.value, one.numerator, one.denominator) == (None, None, None)
            assert one.text == HIDDEN


# --- nothing is hidden for nothing ------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(grids(cells=st.sampled_from([0, 3, 7, 40])))
def test_a_table_without_small_numbers_comes_back_as_it_is(table: Table) -> None:
    assume(exposed([table]) == [])
    assert suppressed([table])[0] is table


@settings(max_examples=80, deadline=None)
@given(reports())
def test_nought_is_never_hidden_and_no_data_stays_no_data(tables: tuple[Table, ...]) -> None:
    for old, new in zip(numbers(tables), numbers(suppressed(tables)), strict=True):
        if new.hidden:
            assert old.value is not None or old.numerator is not None
            assert old.unit == "%" or old.value != 0


def test_one_small_number_takes_three_others_with_it():
    (public,) = suppressed([grid([[1, 40, 50], [60, 70, 80], [90, 30, 20]])])
    assert hidden([public]) == 4
    assert [line.numbers[-1].hidden for line in public.lines] == [False] * 4


@settings(max_examples=60, deadline=None)
@given(grids())
def test_hiding_again_changes_nothing_and_the_same_table_gives_the_same_pattern(table: Table) -> None:
    once = suppressed([table])
    assert suppressed([table]) == once


# --- the traps --------------------------------------------------------------------------------------------


def test_a_total_of_two_does_not_give_away_that_it_is_one_and_one():
    (public,) = suppressed([grid([[1, 1], [30, 40]])])
    assert public.lines[0].numbers[2].hidden


def test_a_total_of_three_does_not_give_away_that_it_is_one_and_two():
    (public,) = suppressed([grid([[1, 2], [30, 40]])])
    assert public.lines[0].numbers[2].hidden


def test_a_line_that_is_all_small_hides_its_total_with_it():
    table = grid([[2]])
    assert texts(suppressed([table])[0]) == [[HIDDEN, HIDDEN], [HIDDEN, HIDDEN]]


def test_of_which_takes_the_difference_with_it():
    table = with_line(grid([[30, 40], [50, 60]]), "0", "其中", [29, 12, 41])
    (public,) = suppressed([table])
    parent, inside = public.lines[0].numbers[0], public.lines[1].numbers[0]
    assert parent.hidden or inside.hidden
    assert exposed([table])[0].how is How.SUBTRACTED


def test_lines_of_which_that_share_out_the_line_above_leave_no_small_rest():
    table = with_line(grid([[30, 40], [50, 60]]), "0", "其中甲", [10, 0, 10])
    table = with_line(table, "其中甲", "其中乙", [19, 0, 19])
    assert [one.values for one in exposed([table])] == [(1,)]
    assert exposed(suppressed([table])) == []


@pytest.mark.parametrize(("above", "below"), [(1, 40), (2, 40), (38, 40), (39, 40), (1, 1), (0, 2), (1, 2)])
def test_a_rate_of_small_numbers_goes(above: int, below: int):
    (public,) = suppressed([rates([(above, below)])])
    assert public.lines[0].numbers[0] == replace(
        public.lines[0].numbers[0], value=None, numerator=None, denominator=None, hidden=True
    )


@pytest.mark.parametrize(("above", "below"), [(0, 40), (40, 40), (3, 40), (37, 40), (0, 0)])
def test_a_rate_of_other_numbers_stays(above: int, below: int):
    table = rates([(above, below)])
    assert suppressed([table]) == (table,)


def test_a_change_goes_with_what_it_is_worked_out_from():
    (public,) = suppressed([comparison([(1, 20, 30), (40, 50, 60), (70, 80, 90)])])
    for line in public.lines:
        now, before, change, _ = line.numbers
        assert change.hidden == (now.hidden or before.hidden)


def test_a_change_left_standing_is_found_by_the_attacker():
    table = comparison([(1, 20, 30), (40, 50, 60), (70, 80, 90)])
    (public,) = suppressed([table])
    lines = tuple(
        replace(new, numbers=(*new.numbers[:2], old.numbers[2], new.numbers[3]))
        for old, new in zip(table.lines, public.lines, strict=True)
    )
    assert exposed([replace(public, lines=lines)])


def test_the_same_count_is_hidden_in_every_table():
    one, other = comparison([(1, 20, 30), (40, 50, 60), (70, 80, 90)]), _single("甲", 1)
    public = suppressed([one, other])
    assert public[1].lines[0].numbers[0].hidden
    big = _single("乙", 40)
    public = suppressed([one, big])
    assert public[0].lines[1].numbers[0].hidden == public[1].lines[0].numbers[0].hidden
    assert exposed(public) == []


def _single(form: str, value: int) -> Table:
    line = Line(key=form, head=form, numbers=(number(value, source=counted("本期", 形式=form)),))
    return Table(id="另", title="另", head="形式", columns=(Column(key="本期", head="本期"),), lines=(line,))


def test_the_year_so_far_does_not_give_away_the_months_before():
    """9 this month, 8 last month, 18 so far: one in the months before."""
    table = comparison([(9, 8, 1), (40, 50, 60)])
    assert any(one.how is How.SUBTRACTED for one in exposed([table]))
    assert exposed(suppressed([table])) == []


def test_kinds_among_all_leave_no_small_rest_across_tables():
    """100 in all stands in one table, 99 online in another, and nothing adds them up."""
    all_, online = _total(100), _single("网上", 99)
    assert [one.values for one in exposed([all_, online])] == [(1,)]
    public = suppressed([all_, online])
    assert hidden(public) == 1
    assert exposed(public) == []


def _total(value: int) -> Table:
    line = Line(key=TOTAL, head=TOTAL, numbers=(number(value, source=counted("本期")),))
    return Table(id="总", title="总", head="", columns=(Column(key="本期", head="本期"),), lines=(line,))


def test_a_share_of_two_shown_numbers_stays_and_of_a_hidden_one_goes():
    (public,) = suppressed([with_shares(grid([[1, 40], [60, 70], [80, 90]]))])
    for line in public.lines:
        assert line.numbers[-1].hidden == line.numbers[-2].hidden


def test_a_percentage_nobody_can_account_for_goes_with_the_numbers_beside_it():
    share = number(Fraction(1, 3), "%", digits=1)
    lines = (
        Line(key="甲", head="甲", numbers=(number(2), share)),
        Line(key="乙", head="乙", numbers=(number(5), share)),
    )
    columns = (Column(key="件", head="件"), Column(key="率", head="率"))
    (public,) = suppressed([Table(id="表", title="", head="", columns=columns, lines=lines)])
    assert texts(public) == [[HIDDEN, HIDDEN], ["5", "33.3%"]]


def test_days_are_not_persons():
    lines = (Line(key="限", head="限", numbers=(number(2, "天"), number(Fraction(3, 2), "天", digits=1))),)
    columns = (Column(key="一", head=""), Column(key="二", head=""))
    table = Table(id="表", title="", head="", columns=columns, lines=lines)
    assert suppressed([table]) == (table,)


def test_a_mean_over_two_persons_goes():
    mean = number(Fraction(9, 2), "天", digits=1, numerator=9, denominator=2, source=counted("本期", "I24"))
    table = replace(rates([(5, 9)]), lines=(Line(key="均", head="均", numbers=(mean,)),))
    assert suppressed([table])[0].lines[0].numbers[0].hidden


def test_the_days_of_two_persons_go_with_their_mean():
    """天 are not persons; but of one or two persons they are theirs."""
    numbers_ = (number(9, "天"), number(2), number(Fraction(9, 2), "天", digits=1))
    line = Line(key="均", head="均", numbers=numbers_)
    columns = tuple(Column(key=key, head=key) for key in ("分子", "分母", "均"))
    quotient = Quotient(Place("均", "均"), Place("均", "分子"), Place("均", "分母"))
    table = Table(id="表", title="", head="", columns=columns, lines=(line,), quotients=(quotient,))
    assert texts(suppressed([table])[0]) == [[HIDDEN] * 3]
    more = replace(table, lines=(replace(line, numbers=(number(9, "天"), number(3), number(3, "天"))),))
    assert suppressed([more]) == (more,)


def test_so_few_persons_tell_how_few_visits_there_were():
    """11 people in collective visits, five at least in each: two visits at most."""
    measures = measures_of(Office.open(shipped("samples", "office")))

    def line(measure: str, value: int, unit: str) -> Line:
        return Line(
            key=measure, head=measure, numbers=(number(value, unit, source=counted("本期", measure)),)
        )

    lines = (line("集体访批次", 2, "批"), line("集体访人次", 11, "人次"))
    table = Table(id="表", title="", head="", columns=(Column(key="本期", head=""),), lines=lines)
    assert texts(suppressed([table], measures)[0]) == [[HIDDEN], [HIDDEN]]
    many = replace(table, lines=(lines[0], line("集体访人次", 60, "人次")))
    assert texts(suppressed([many], measures)[0]) == [[HIDDEN], ["60"]]


def test_rather_the_small_ones_go_than_the_large():
    (public,) = suppressed([grid([[1, 400, 5], [600, 700, 6], [900, 300, 70]])])
    assert texts(public)[:2] == [[HIDDEN, "400", HIDDEN, "406"], [HIDDEN, "700", HIDDEN, "1306"]]


@settings(max_examples=60, deadline=None)
@given(reports())
def test_where_the_search_is_given_up_more_is_hidden_and_never_less(tables: tuple[Table, ...]) -> None:
    with mock.patch.object(suppression, "PATIENCE", 1):
        public = suppressed(tables)
    assert exposed(public) == []
    assert hidden(public) >= hidden(suppressed(tables))


# --- the attacker -----------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(grids(tall=4, wide=4))
def test_hiding_only_the_small_ones_is_seen_through_wherever_one_stands_alone(table: Table) -> None:
    """The attacker is no rubber stamp: a lone hidden number in a line with its total is worked out."""
    naive = replace(
        table,
        lines=tuple(
            replace(
                line,
                numbers=tuple(
                    replace(n, value=None, hidden=True) if n.value in {1, 2} and n.unit != "%" else n
                    for n in line.numbers
                ),
            )
            for line in table.lines
        ),
    )
    alone = [
        line
        for line in naive.lines
        if sum(n.hidden for n in line.numbers if n.unit != "%") == 1 and not line.key.startswith("其中")
    ]
    if alone:
        found = {(one.line, one.how) for one in exposed([naive])}
        assert all((line.key, How.WORKED_OUT) in found for line in alone)


def kept_back(table: Table, *places: tuple[int, int]) -> Table:
    """A table with some numbers hidden by hand."""
    return replace(
        table,
        lines=tuple(
            replace(
                line,
                numbers=tuple(
                    replace(n, value=None, hidden=True) if (i, j) in places else n
                    for j, n in enumerate(line.numbers)
                ),
            )
            for i, line in enumerate(table.lines)
        ),
    )


def test_the_attacker_knows_that_nought_is_not_hidden():
    table = kept_back(grid([[1, 1], [30, 40]]), (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1))
    found = [(one.line, one.column, one.values) for one in exposed([table]) if one.how is How.WORKED_OUT]
    assert found == [("0", "0", (1,)), ("0", "1", (1,))]


def test_a_hidden_number_that_is_worked_out_is_told_however_large():
    found = exposed([kept_back(grid([[100, 40], [30, 50]]), (0, 0))])
    assert [(one.line, one.column, one.values) for one in found] == [("0", "0", (100,))]


def test_a_quarter_is_its_months():
    windows = {"7月": 7, "8月": 8, "9月": 9}
    numbers_ = [
        number(value, source=replace(counted("本期"), first=dt.date(2026, m, 1), last=dt.date(2026, m, d)))
        for value, m, d in ((40, 7, 31), (30, 8, 31), (30, 9, 30))
    ]
    quarter = replace(counted("本期"), first=dt.date(2026, 7, 1))
    line = Line(key="件", head="件", numbers=(*numbers_, number(100, source=quarter)))
    columns = tuple(Column(key=key, head=key) for key in (*windows, "季"))
    table = Table(id="表", title="", head="", columns=columns, lines=(line,))
    assert exposed([table]) == []
    assert [one.values for one in exposed([kept_back(table, (0, 2))])] == [(30,)]


def test_small_numbers_that_are_shown_are_told_of():
    found = exposed([grid([[1, 5], [6, 7]])])
    assert [(one.line, one.column, one.how, one.values) for one in found] == [("0", "0", How.SHOWN, (1,))]


def test_tables_that_contradict_themselves_are_refused():
    table = grid([[3, 4], [5, 6]])
    wrong = replace(table.lines[0], numbers=(number(8), *table.lines[0].numbers[1:]))
    with pytest.raises(ValueError, match="parts"):
        suppressed([replace(table, lines=(wrong, *table.lines[1:]))])
    with pytest.raises(ValueError, match="twice"):
        suppressed([_single("甲", 5), _single("甲", 6)])
    with pytest.raises(KeyError):
        table.number(Place("无", "0"))


def test_a_big_report_is_done_in_a_moment():
    """40 units, 12 columns, a third of it small: the search and the attack both end."""
    row = [0, 1, 25, 2, 7, 0, 3, 60, 1, 4, 0, 9]
    table = grid([[*row[i % 12 :], *row[: i % 12]] for i in range(40)])
    public = suppressed([table])
    assert exposed(public) == []
    assert hidden(public) < 300
