"""Public versions: which numbers are kept back, so that nobody can work out a count of one or two persons.

The rule.  Every count of 1 or 2 is hidden, whatever it counts: a matter has a person behind it at least.  So is
every rate, mean or change one of whose numbers is hidden, and whose numerator, denominator or difference is
1 or 2.  Nought and larger counts stay, unless one of the latter must go so that a hidden one cannot be worked
out (complementary suppression); nought never goes, so a reader knows that what is hidden is 1 at least.

The protection.  For each small count, hidden or only to be had by subtraction, there must be other whole numbers
in place of the hidden ones that agree with everything shown and everything `xfdocs.reports.known` knows, among
which it is `ENOUGH` or more.  So no arithmetic tells it, nor even that it is small: the hidden may be 1, 2 or
at least 3.  That is the upper protection level customary for a minimum frequency rule: the feasible interval
must reach the threshold (Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4 and 5; Willenborg and
de Waal, Elements of Statistical Disclosure Control, Springer 2001; the pattern of suppressions as linear relations
of any kind: Fischetti and Salazar-González, JASA 95 (2000) 916–928).  A total of 2 that is 1 + 1 and one of 3 that is
1 + 2 do not protect their parts; one of 4 that is 2 + 2 does (1 + 3).  What no suppression can hide is that it was
needed: somewhere among numbers hidden together there is a 1 or a 2.  Who is counted in a cell learns nothing
from that, for he knew that it was 1 at least.

The way.  Each small count gets a witness: a change of the hidden numbers, in whole steps, that keeps every relation
and lifts it to `ENOUGH`.  The search takes the cheapest one, where what is hidden already costs nothing.  If it
finds none in reasonable time, everything above nought that hangs together with the count is hidden: then three
times the true numbers are a witness, for the relations are homogeneous.  `xfdocs.reports.audit` attacks the result
another way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from xfdocs.reports.known import ENOUGH, SMALL, Knowledge, Relation, Spot, known
from xfdocs.reports.model import Line, Number, Part, Table

if TYPE_CHECKING:
    from xfdocs.reports.definitions import Measure

PATIENCE = 4_000
"""Steps of the search for one witness; far more than tables of a report ever needed."""
_WEIGHTS = {Part.PLAIN: 12, Part.OF_WHICH: 8, Part.TOTAL: 40}
"""What hiding a number costs a reader; totals are what most are read for."""

Change = dict[int, int]
"""Quantity → by how much it differs from the truth."""


def suppressed(tables: Sequence[Table], measures: Mapping[str, Measure] | None = None) -> tuple[Table, ...]:
    """The tables as a public version may show them: some numbers hidden, without value, numerator, denominator.

    All tables that are published together must be given together, for the same count may stand in several.
    *measures* are the office's definitions, by which counts are recognised as the same however they are
    worded.  The same tables give the same pattern; tables without small numbers come back as they are.

    Raises:
        ValueError: the tables contradict themselves, see `xfdocs.reports.known.known`.
    """
    knowledge = known(tables, measures)
    hidden = _Pattern(knowledge, tables).chosen()
    gone = {spot for spot, quantities in knowledge.carried.items() if quantities & hidden.quantities}
    gone |= hidden.spots
    return tuple(_without(t, table, gone) for t, table in enumerate(tables))


def _without(t: int, table: Table, gone: set[Spot]) -> Table:
    lines = tuple(_line(line, t, i, gone) for i, line in enumerate(table.lines))
    return table if lines == table.lines else replace(table, lines=lines)


def _line(line: Line, t: int, i: int, gone: set[Spot]) -> Line:
    numbers = tuple(
        _kept_back(number) if Spot(t, i, j) in gone else number for j, number in enumerate(line.numbers)
    )
    return line if numbers == line.numbers else replace(line, numbers=numbers)


def _kept_back(number: Number) -> Number:
    return replace(number, value=None, numerator=None, denominator=None, words="", hidden=True)


@dataclass(frozen=True, slots=True)
class _Hidden:
    quantities: frozenset[int]
    spots: frozenset[Spot]
    """Numbers that go for another reason than what they are or carry."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """A small count that must be able to be `ENOUGH`: a quantity, or the margin of a relation."""

    quantity: int | None = None
    relation: int | None = None


class _Pattern:
    """The choice of what to hide in some tables."""

    def __init__(self, knowledge: Knowledge, tables: Sequence[Table]) -> None:
        self.known = knowledge
        self.values = [quantity.value for quantity in knowledge.quantities]
        usable = [
            relation
            for relation in knowledge.relations
            if all(self.values[q] is not None for q, _ in relation.terms)
        ]
        self.relations: list[Relation] = usable
        self.of: list[list[tuple[int, int]]] = [[] for _ in self.values]
        """Quantity → the relations it is in, with its coefficient."""
        for r, relation in enumerate(usable):
            for q, factor in relation.terms:
                self.of[q].append((r, factor))
        self.margins = [sum(factor * self._value(q) for q, factor in r.terms) for r in usable]
        self.small = {
            q
            for q, quantity in enumerate(knowledge.quantities)
            if quantity.counts and quantity.value in SMALL
        }
        self.printed: dict[int, list[Spot]] = {}
        for spot, quantities in knowledge.carried.items():
            for q in quantities:
                self.printed.setdefault(q, []).append(spot)
        self.costs = [self._cost(q, tables) for q in range(len(self.values))]

    def _value(self, q: int) -> int:
        value = self.values[q]
        return 0 if value is None else value

    def _cost(self, q: int, tables: Sequence[Table]) -> int:
        """What a reader loses with a quantity: more with larger numbers, totals, and what is derived from them."""
        quantity = self.known.quantities[q]
        own = sum(
            _WEIGHTS[tables[spot.table].lines[spot.line].part] + abs(self._value(q)).bit_length()
            for spot in quantity.cells
        )
        return 1 + own + 3 * (len(self.printed.get(q, ())) - len(quantity.cells))

    def chosen(self) -> _Hidden:
        spots = self._by_themselves()
        goals = [_Goal(quantity=q) for q in sorted(self.small)]
        goals += [
            _Goal(relation=r)
            for r, relation in enumerate(self.relations)
            if relation.counts and self.margins[r] in SMALL
        ]
        first = self._protect(goals, frozenset(self.small), None, spots)
        again = self._protect(
            goals[::-1], frozenset(self.small), first, spots
        )  # what was taken too early goes back
        best = min(first, again, key=lambda hidden: sum(self.costs[q] for q in hidden))
        return _Hidden(best, spots)

    def _by_themselves(self) -> frozenset[Spot]:
        """What rests on numbers that are not known, and the days that a mean of one or two persons is made of."""
        gone = set()
        for spot, quantities in self.known.carried.items():
            if any(self.values[q] is None for q in quantities):
                gone.add(spot)
        for ratio in self.known.ratios:
            below = self._value(ratio.below)
            counts = self.known.quantities[ratio.above].counts
            if not ratio.change and not counts and below in SMALL:
                gone.update(self.known.quantities[ratio.above].cells)
        return frozenset(gone)

    def _protect(
        self,
        goals: Iterable[_Goal],
        small: frozenset[int],
        within: frozenset[int] | None,
        spots: frozenset[Spot],
    ) -> frozenset[int]:
        """What to hide for all goals, beginning with what is small; only what is *within* if that is given."""
        hidden = set(small)
        for goal in goals:
            witness = self._witness(goal, hidden, within, spots)
            if witness is not None:
                hidden |= witness
            elif within is not None:
                return within
            else:
                hidden |= self._all_with(goal)
        return frozenset(hidden)

    def _free(self, q: int, hidden: set[int], spots: frozenset[Spot]) -> bool:
        """Whether no number shows a quantity any more: it, or what is printed with it, is hidden."""
        if q in hidden:
            return True
        quantity = self.known.quantities[q]
        return not quantity.cells and all(
            spot in spots or self.known.carried[spot] & hidden for spot in quantity.rates
        )

    def _witness(
        self, goal: _Goal, hidden: set[int], within: frozenset[int] | None, spots: frozenset[Spot]
    ) -> set[int] | None:
        """The quantities of the cheapest change found that lifts the goal and keeps every relation; None if the search is given up.

        It is lifted by one at a time, each time from where the last change has led.
        """
        values = list(map(self._value, range(len(self.values))))
        touched: set[int] = set()
        while (short := self._short(goal, values)) > 0:
            price = [
                0 if self._free(q, hidden | touched, spots) else cost for q, cost in enumerate(self.costs)
            ]
            open_ = [
                bool(value) and (within is None or not price[q] or q in within)
                for q, value in enumerate(values)
            ]
            change = _Search(self, goal, values, price, open_).change()
            if change is None:
                return None
            for q, by in change.items():
                values[q] += by
            touched |= change.keys()
            if self._short(goal, values) >= short:
                return None
        return touched

    def _short(self, goal: _Goal, values: Sequence[int]) -> int:
        """How much a goal is below `ENOUGH`."""
        if goal.quantity is not None:
            return ENOUGH - values[goal.quantity]
        terms = self.relations[goal.relation or 0].terms
        return ENOUGH - sum(factor * values[q] for q, factor in terms)

    def _all_with(self, goal: _Goal) -> set[int]:
        """Everything above nought that hangs together with a goal."""
        if goal.quantity is not None:
            waiting = [goal.quantity]
        else:
            waiting = [q for q, _ in self.relations[goal.relation or 0].terms]
        found: set[int] = set()
        while waiting:
            q = waiting.pop()
            if q not in found and self._value(q):
                found.add(q)
                waiting += [other for r, _ in self.of[q] for other, _ in self.relations[r].terms]
        return found


Left = dict[int, int]
"""Relation → by how much a change has moved it."""


class _Search:
    """The search for the cheapest change that lifts a goal by one: along broken relations, the best first."""

    def __init__(
        self,
        pattern: _Pattern,
        goal: _Goal,
        values: Sequence[int],
        price: Sequence[int],
        usable: Sequence[bool],
    ) -> None:
        self.relations = pattern.relations
        self.of = pattern.of
        self.signed = [quantity.signed for quantity in pattern.known.quantities]
        self.goal = goal
        self.values = values
        self.price = price
        self.usable = usable
        self.margins: dict[int, int] = {}
        """Room below each margin that a change has met."""

    def change(self) -> Change | None:
        """The change; None if there is none, or none was found in `PATIENCE` steps."""
        serial = count()
        change: Change = {}
        left: Left = {}
        if self.goal.quantity is not None:
            change = {self.goal.quantity: 1}
            left = self._moved({}, self.goal.quantity, 1)
        queue: list[tuple[int, int, int, Change, Left]] = [(0, 0, next(serial), change, left)]
        seen: set[frozenset[tuple[int, int]]] = set()
        for _ in range(PATIENCE):
            if not queue:
                return None
            cost, _, _, change, left = heapq.heappop(queue)
            broken = self._broken(left)
            if not broken:
                return change
            key = frozenset(broken)
            if key in seen:
                continue
            seen.add(key)
            for q, by in self._mends(*broken[0]):
                if q in change or not self.usable[q] or (self.values[q] + by < 1 and not self.signed[q]):
                    continue
                moved = self._moved(left, q, by)
                entry = (cost + self.price[q], len(moved), next(serial), {**change, q: by}, moved)
                heapq.heappush(queue, entry)
        return None

    def _moved(self, left: Left, q: int, by: int) -> Left:
        moved = dict(left)
        for r, factor in self.of[q]:
            moved[r] = moved.get(r, 0) + factor * by
            if not moved[r]:
                del moved[r]
        return moved

    def _broken(self, left: Left) -> list[tuple[int, int]]:
        """The relations that do not hold after a change, and what each lacks; the goal's own first."""
        found = []
        own = self.goal.relation
        if own is not None and left.get(own, 0) < 1:
            found.append((own, 1 - left.get(own, 0)))
        for r, moved in sorted(left.items()):
            if r == own:
                continue
            if not self.relations[r].margin:
                found.append((r, -moved))
            elif (room := self._room(r) + moved) < 0:
                found.append((r, -room))
        return found

    def _room(self, r: int) -> int:
        room = self.margins.get(r)
        if room is None:
            room = sum(factor * self.values[q] for q, factor in self.relations[r].terms)
            self.margins[r] = room
        return room

    def _mends(self, r: int, need: int) -> Iterator[tuple[int, int]]:
        """Changes of one more quantity that mend a relation."""
        relation = self.relations[r]
        for q, factor in relation.terms:
            by, rest = divmod(abs(need), abs(factor))
            if rest and not relation.margin:
                continue
            yield q, (by + (rest > 0)) * (1 if (need > 0) == (factor > 0) else -1)
