"""Whole-number points of a polyhedron, exactly: the simplex method over rationals, and branch and bound on top.

Made for a few hundred unknowns with few entries in each row.  Numbers are `int` where they are whole, which
in tables they nearly always are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

NODES = 400
"""Branches after which a question is given up."""

Exact = int | Fraction
Point = Mapping[int, Exact]
"""Unknown → its value; what is absent is 0."""


class Undecided(Exception):
    """A question that was given up."""


@dataclass(frozen=True, slots=True)
class Row:
    """*constant* + Σ factor · unknown, which is 0, or with a *margin* ≥ 0; unknowns are whole and ≥ 0."""

    terms: Mapping[int, int]
    constant: int
    margin: bool

    def at(self, point: Point) -> Exact:
        """Its value at a point."""
        return self.constant + sum(factor * point.get(q, 0) for q, factor in self.terms.items())


class Polyhedron:
    """The whole points that fulfil some rows; points once found answer later questions."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)
        self._points: list[Point] = []
        self._lp: _Dictionary | None = None
        self._empty = False

    def point(self) -> Point | None:
        """One of its whole points; None if there is none. Raises `Undecided`."""
        if not self._points and not self._empty:
            found = _branch(self.rows)
            if found is None:
                self._empty = True
            else:
                self._points.append(found)
        return self._points[0] if self._points else None

    def can_be(self, target: Row, least: int | None, most: int | None) -> bool:
        """Whether *target* is in these bounds at some whole point. Raises `Undecided`."""
        for point in self._points:
            if _within(target.at(point), least, most):
                return True
        lp = self._relaxed()
        if lp is None:
            return False
        if least is not None and most is None:
            best = self._best(lp, target, 1)
            if best is not None and best < least:
                return False
        elif most is not None and least is None:
            best = self._best(lp, target, -1)
            if best is not None and -best > most:
                return False
        if any(_within(target.at(point), least, most) for point in self._points):
            return True
        found = _branch([*self.rows, *_bounds(target, least, most)])
        if found is not None:
            self._points.append(found)
        return found is not None

    def _relaxed(self) -> _Dictionary | None:
        if self._lp is None and not self._empty:
            self._lp = _Dictionary.feasible(self.rows)
        return self._lp

    def _best(self, lp: _Dictionary, target: Row, sign: int) -> Exact | None:
        """The most that *sign* · target can be; None if there is no end. Whole points met on the way are kept."""
        best = lp.maximise({q: sign * factor for q, factor in target.terms.items()})
        for point in lp.met:
            if all(not isinstance(value, Fraction) for value in point.values()):
                self._points.append(point)
        lp.met.clear()
        return None if best is None else best + sign * target.constant


def _within(value: Exact, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _bounds(target: Row, least: int | None, most: int | None) -> list[Row]:
    found = []
    if least is not None:
        found.append(Row(target.terms, target.constant - least, margin=True))
    if most is not None:
        found.append(Row({q: -f for q, f in target.terms.items()}, most - target.constant, margin=True))
    return found


def _branch(rows: Sequence[Row]) -> Point | None:
    """A whole point that fulfils the rows; None if there is none. Raises `Undecided`."""
    if any(not row.margin and row.terms and row.constant % gcd(*row.terms.values()) for row in rows):
        return None  # halves are no whole numbers
    waiting: list[list[Row]] = [list(rows)]
    for _ in range(NODES):
        if not waiting:
            return None
        here = waiting.pop()
        lp = _Dictionary.feasible(here)
        if lp is None:
            continue
        point = lp.point()
        broken = next((q for q, value in point.items() if isinstance(value, Fraction)), None)
        if broken is None:
            return point
        below = point[broken].__floor__()
        waiting.append([*here, Row({broken: 1}, -below - 1, margin=True)])
        waiting.append([*here, Row({broken: -1}, below, margin=True)])
    raise Undecided


def _whole(value: Exact) -> Exact:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _over(value: Exact, by: Exact) -> Exact:
    if by == 1:
        return value
    if by == -1:
        return -value
    return _whole(Fraction(value) / by)


_ONE = -1
"""Stands among the unknowns for the constant of a row."""

_Expression = dict[int, Exact]


class _Dictionary:
    """Basic unknowns expressed by the others, as the simplex method keeps them; always feasible once made."""

    def __init__(self) -> None:
        self.basis: dict[int, _Expression] = {}
        self.met: list[Point] = []
        """Corners it has been at."""
        self._unknowns = 0

    @classmethod
    def feasible(cls, rows: Sequence[Row]) -> _Dictionary | None:
        """The dictionary of some point that fulfils the rows; None if there is none."""
        made = cls()
        made._unknowns = 1 + max((q for row in rows for q in row.terms), default=0)
        fresh = made._unknowns
        for row in rows:
            expression: _Expression = made._expressed({_ONE: row.constant, **row.terms})
            if row.margin:
                made.basis[fresh] = expression
                fresh += 1
                continue
            pivot = min(
                (q for q in expression if q != _ONE), key=lambda q: (abs(expression[q]) != 1, q), default=None
            )
            if pivot is None:
                if expression.get(_ONE, 0):
                    return None
                continue
            factor = expression.pop(pivot)
            solved = {q: _over(-value, factor) for q, value in expression.items()}
            made._replace(pivot, solved)
            made.basis[pivot] = solved
        return made if made._repair(fresh) else None

    def point(self) -> Point:
        """The corner it is at: the unknowns above 0."""
        return {
            q: value for q, row in self.basis.items() if q < self._unknowns and (value := row.get(_ONE, 0))
        }

    def maximise(self, goal: Mapping[int, int]) -> Exact | None:
        """The most that a sum of unknowns can be; None if there is no end."""
        aim = self._expressed(dict(goal))
        self.met.append(self.point())
        while True:
            entering = min((q for q, value in aim.items() if q != _ONE and value > 0), default=None)  # Bland
            if entering is None:
                return aim.get(_ONE, 0)
            leaving = self._leaving(entering)
            if leaving is None:
                self._met_along(entering)
                return None
            self._pivot(entering, leaving)
            aim = _put_in(aim, entering, self.basis[entering])
            self.met.append(self.point())

    def _met_along(self, entering: int) -> None:
        """A point far out, where there is no end."""
        point = dict(self.point())
        for step in (entering, *self.basis):
            if step < self._unknowns:
                slope = 1 if step == entering else self.basis[step].get(entering, 0)
                if slope:
                    point[step] = _whole(point.get(step, 0) + 3 * slope)
        self.met.append(point)

    def _repair(self, helper: int) -> bool:
        """Make it feasible: a helper is added to every basic unknown, so that all are ≥ 0, and driven to 0 (Chvátal)."""
        worst = min(self.basis, key=lambda q: (self.basis[q].get(_ONE, 0), q), default=None)
        if worst is None or self.basis[worst].get(_ONE, 0) >= 0:
            return True
        for row in self.basis.values():
            row[helper] = 1
        self._pivot(helper, worst)
        while helper in self.basis:
            row = self.basis[helper]
            entering = min((q for q, value in row.items() if q != _ONE and value < 0), default=None)
            if entering is None:
                break
            leaving = self._leaving(entering, helper)
            self._pivot(entering, helper if leaving is None else leaving)  # the helper at least is in the way
        if helper in self.basis:
            row = self.basis[helper]
            if row.get(_ONE, 0):
                return False
            self._pivot(min(q for q in row if q != _ONE), helper)
        for row in self.basis.values():
            row.pop(helper, None)
        return True

    def _leaving(self, entering: int, preferred: int = _ONE) -> int | None:
        """The basic unknown that reaches 0 first as *entering* grows; of several the *preferred* one."""
        best: tuple[Exact, bool, int] | None = None
        for q, row in self.basis.items():
            slope = row.get(entering, 0)
            if slope < 0:
                reach = _over(row.get(_ONE, 0), -slope)
                if best is None or (reach, q != preferred, q) < best:
                    best = reach, q != preferred, q
        return None if best is None else best[2]

    def _pivot(self, entering: int, leaving: int) -> None:
        row = self.basis.pop(leaving)
        factor = row.pop(entering)
        solved = {q: _over(-value, factor) for q, value in row.items()}
        solved[leaving] = _over(1, factor)
        self._replace(entering, solved)
        self.basis[entering] = solved

    def _replace(self, q: int, by: _Expression) -> None:
        for basic, row in self.basis.items():
            if q in row:
                self.basis[basic] = _put_in(row, q, by)

    def _expressed(self, expression: _Expression) -> _Expression:
        for q in [q for q in expression if q in self.basis]:
            expression = _put_in(expression, q, self.basis[q])
        return expression


def _put_in(row: _Expression, q: int, by: _Expression) -> _Expression:
    """A row with an unknown replaced by what it is."""
    new = dict(row)
    factor = new.pop(q, 0)
    if factor:
        for other, value in by.items():
            now = new.get(other, 0) + factor * value
            if now:
                new[other] = _whole(now)
            else:
                new.pop(other, None)
    return new
