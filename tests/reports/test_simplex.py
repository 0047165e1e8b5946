"""Whole points of a polyhedron against trying all of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xfdocs.reports import simplex
from xfdocs.reports.simplex import Polyhedron, Row, Undecided

MOST = 6
SIZE = 3


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """A few rows over three unknowns, each of them at most `MOST`."""
    found = [Row({q: -1}, MOST, margin=True) for q in range(SIZE)]
    for _ in range(draw(st.integers(1, 4))):
        terms = draw(
            st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from([-3, -2, -1, 1, 2, 3]), min_size=1)
        )
        found.append(Row(terms, draw(st.integers(-8, 8)), margin=draw(st.booleans())))
    return found


def tried(system: list[Row]) -> list[dict[int, int]]:
    points = (dict(enumerate(values)) for values in itertools.product(range(MOST + 1), repeat=SIZE))
    return [
        point
        for point in points
        if all((value := row.at(point)) == 0 or (row.margin and value > 0) for row in system)
    ]


@settings(max_examples=300, deadline=None)
@given(rows())
def test_there_is_a_point_if_there_is_one(system: list[Row]) -> None:
    found, all_ = Polyhedron(system).point(), tried(system)
    assert (found is not None) == bool(all_)
    if found is not None:
        assert {q: found.get(q, 0) for q in range(SIZE)} in all_


@settings(max_examples=300, deadline=None)
@given(rows(), st.integers(0, SIZE - 1), st.integers(-2, 8), st.booleans())
def test_what_an_unknown_can_be_is_what_it_is_somewhere(
    system: list[Row], q: int, bound: int, below: bool
) -> None:
    target = Row({q: 1}, 0, margin=True)
    space = Polyhedron(system)
    values = {point[q] for point in tried(system)}
    if below:
        assert space.can_be(target, None, bound) == any(value <= bound for value in values)
    else:
        assert space.can_be(target, bound, None) == any(value >= bound for value in values)
    assert space.can_be(target, bound, bound) == (bound in values)


def test_without_an_end_anything_can_be():
    space = Polyhedron([Row({0: 1, 1: -1}, 0, margin=False)])
    assert space.can_be(Row({0: 1}, 0, margin=True), 1_000_000, None)
    assert space.can_be(Row({0: 1, 1: 1}, 0, margin=True), None, 0)


def test_halves_are_no_numbers_of_persons():
    space = Polyhedron([Row({0: 2, 1: -2}, -3, margin=False)])
    assert Polyhedron([Row({0: 2}, -3, margin=False)]).point() is None
    assert not space.can_be(Row({0: 1}, 0, margin=True), 3, None)


def test_a_question_that_takes_too_long_is_not_answered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(simplex, "NODES", 1)
    with pytest.raises(Undecided):
        Polyhedron([Row({0: 2, 1: 3}, -7, margin=False)]).point()
