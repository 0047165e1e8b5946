"""An attack on tables that are to be published: what can somebody work out who reads them carefully?

The attacker sees the tables as they will be published, knows everything in `xfdocs.reports.known` and the rule by which
numbers were hidden (what is hidden is 1 at least), and reckons exactly.  He is independent of whoever chose what
to hide: no true number reaches him, and he searches with linear programming and branch and bound where that one
builds witnesses (auditing of suppressions: Willenborg and de Waal, Elements of Statistical Disclosure Control,
Springer 2001, ch. 6).  Rounding does not hinder him: a workbook holds a quotient unrounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from xfdocs.reports.known import ENOUGH, SMALL, Knowledge, Relation, Spot, known
from xfdocs.reports.model import Table
from xfdocs.reports.simplex import Polyhedron, Row, Undecided

if TYPE_CHECKING:
    from xfdocs.reports.definitions import Measure

_FAR = 10**9
"""Below this far under nought nobody looks for an increase."""


class How(Enum):
    """How a number is betrayed."""

    SHOWN = "直接印出"
    SUBTRACTED = "相减可得"
    WORKED_OUT = "推算可得"
    UNDECIDED = "未能判断"
    """Nobody can say in reasonable time; to be treated as betrayed."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A small count, or a hidden number, that a reader can tell.  Not for print: it says which."""

    table: str
    line: str
    column: str
    how: How
    """Of `How.SUBTRACTED`, and where a difference is worked out, the place is that of the larger number."""
    values: tuple[int, ...]
    """All the values it can still have, at most two; none where undecided."""


def exposed(tables: Sequence[Table], measures: Mapping[str, Measure] | None = None) -> list[Exposed]:
    """What the tables betray, in the order of the tables; an empty list if nothing.

    A small count is betrayed if it is shown, if two shown numbers differ by it, or if everything shown leaves it no
    other value than 1 or 2; a hidden number also if only one value is left for it, whatever that is.
    *measures* as for `suppressed`.

    Raises:
        ValueError: no numbers at all agree with what is shown.
    """
    attack = _Attack(tables, known(tables, measures))
    found = {(spot, how): values for spot, how, values in attack.found()}
    return [
        Exposed(*_named(tables, spot), how, values)
        for (spot, how), values in sorted(found.items(), key=lambda one: (one[0][0], one[0][1].value))
    ]


def _named(tables: Sequence[Table], spot: Spot) -> tuple[str, str, str]:
    table = tables[spot.table]
    return table.id, table.lines[spot.line].key, table.columns[spot.column].key


Betrayal = tuple[Spot, How, tuple[int, ...]]


class _Attack:
    """What somebody who reads the tables tries."""

    def __init__(self, tables: Sequence[Table], knowledge: Knowledge) -> None:
        self.tables = tables
        self.known = knowledge
        self.rows = [self._row(relation) for relation in knowledge.relations]
        self.rows += list(self._quotients())

    def found(self) -> Iterator[Betrayal]:
        for quantity in self.known.quantities:
            if quantity.counts and quantity.value in SMALL:
                for spot in (*quantity.cells, *quantity.rates):
                    number = self.tables[spot.table].lines[spot.line].numbers[spot.column]
                    if not number.hidden:
                        yield spot, How.SHOWN, (quantity.value,)
        for relation, row in zip(self.known.relations, self.rows, strict=False):
            if not row.terms and relation.counts and row.constant in SMALL:
                yield self._place(relation), How.SUBTRACTED, (int(row.constant),)
        for members in self._components():
            yield from self._attack(members)

    # --- what is known, without the hidden numbers ------------------------------------------------------

    def _row(self, relation: Relation) -> Row:
        return self._reduced(relation.terms, relation.margin)

    def _reduced(self, terms: Iterable[tuple[int, int]], margin: bool) -> Row:
        """A relation among the hidden numbers only, measured from the least each can be."""
        left: dict[int, int] = {}
        constant = 0
        for q, factor in terms:
            value = self.known.quantities[q].value
            if value is None:
                left[q] = factor
                value = self._least(q)
            constant += factor * value
        return Row(left, constant, margin)

    def _least(self, q: int) -> int:
        """Nought is never hidden, except with a rate; an increase may be anything."""
        quantity = self.known.quantities[q]
        if quantity.signed:
            return -_FAR
        return 1 if quantity.cells else 0

    def _quotients(self) -> Iterator[Row]:
        """A quotient that is shown although what it is made of is hidden."""
        for ratio in self.known.ratios:
            number = self.tables[ratio.spot.table].lines[ratio.spot.line].numbers[ratio.spot.column]
            if number.hidden or number.value is None:
                continue
            exact = Fraction(number.value) + (1 if ratio.change else 0)
            terms = ((ratio.above, exact.denominator), (ratio.below, -exact.numerator))
            if any(self.known.quantities[q].value is None for q, _ in terms):
                yield self._reduced(terms, margin=False)

    def _components(self) -> Iterator[list[int]]:
        """Rows that hang together by hidden numbers, by position."""
        of: dict[int, list[int]] = {}
        for r, row in enumerate(self.rows):
            for q in row.terms:
                of.setdefault(q, []).append(r)
        seen: set[int] = set()
        for r, row in enumerate(self.rows):
            if r in seen or not row.terms:
                continue
            waiting, found = [r], {r}
            while waiting:
                for q in self.rows[waiting.pop()].terms:
                    new = set(of[q]) - found
                    found |= new
                    waiting += new
            seen |= found
            yield sorted(found)

    # --- the attack on numbers that hang together -------------------------------------------------------

    def _attack(self, members: Sequence[int]) -> Iterator[Betrayal]:
        relations = self.known.relations
        space = Polyhedron([self.rows[r] for r in members])
        try:
            point = space.point()
            if point is None:  # something that was only implied does not hold
                members = [r for r in members if r >= len(relations) or relations[r].sure]
                space = Polyhedron([self.rows[r] for r in members])
                point = space.point()
        except Undecided:
            point = None
        else:
            if point is None:
                raise ValueError("no numbers agree with what is shown")
        for q in sorted({q for r in members for q in self.rows[r].terms}):
            quantity = self.known.quantities[q]
            target = Row({q: 1}, self._least(q), margin=True)
            spots = quantity.cells or quantity.rates
            yield from self._judge(space, target, spots[0], counts=quantity.counts, cell=bool(quantity.cells))
        for r in members:
            if r < len(relations) and relations[r].counts:
                place = self._place(relations[r])
                yield from self._judge(space, self.rows[r], place, counts=True, cell=False)

    def _judge(
        self, space: Polyhedron, target: Row, spot: Spot, *, counts: bool, cell: bool
    ) -> Iterator[Betrayal]:
        """Whether what is left for a number betrays it."""
        try:
            if counts and not self._escapes(space, target):
                values = tuple(v for v in sorted(SMALL) if space.can_be(target, v, v))
                yield spot, How.WORKED_OUT, values
            elif cell and (only := self._only(space, target)) is not None:
                yield spot, How.WORKED_OUT, (only,)
        except Undecided:
            yield spot, How.UNDECIDED, ()

    def _escapes(self, space: Polyhedron, target: Row) -> bool:
        return space.can_be(target, ENOUGH, None) or space.can_be(target, None, 0)

    def _only(self, space: Polyhedron, target: Row) -> int | None:
        """The only value a number can have; None if there are others."""
        point = space.point()
        if point is None:
            return None
        value = int(target.at(point))
        others = space.can_be(target, value + 1, None) or space.can_be(target, None, value - 1)
        return None if others else value

    def _place(self, relation: Relation) -> Spot:
        """The larger number of a difference."""
        q = next(q for q, factor in relation.terms if factor > 0)
        quantity = self.known.quantities[q]
        return (*quantity.cells, *quantity.rates)[0]
