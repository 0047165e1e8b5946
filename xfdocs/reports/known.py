"""What a reader of published tables knows: the counts they print, and the relations that tie these together.

Suppression and its audit both start here.  A relation is known if the tables show it (a total and its parts,
其中 lines, a share and what it is a share of), or if what was counted implies it: the same count in two tables,
a month in the year so far, a kind of matters among all of them, persons and visits.  Every relation is
homogeneous, Σ coefficient · count = 0 or ≥ 0; suppression relies on that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from xfdocs.reports.meaning import Meaning, implies, meaning_of
from xfdocs.reports.model import Number, Part, Place, Quotient, Source, Table

if TYPE_CHECKING:
    from xfdocs.reports.definitions import Measure

SMALL = frozenset({1, 2})
"""Counts that a public version keeps back (domain §6.7: 1–2 人)."""
ENOUGH = 3
"""The smallest count above zero that may be told."""
_SHARES = frozenset({"%", "‰"})
_RATES = frozenset({"%", "‰", "个百分点", "倍"})
_MEASURED = _RATES | {"天", "日", "工作日", "个工作日", "小时", "月", "年", "元", "万元"}
"""Units of what is not a count of persons or matters; every other unit is one."""

Term = tuple[int, int]
"""A quantity and its coefficient."""


class Spot(NamedTuple):
    """A number's place among several tables, by position."""

    table: int
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A whole number that tables print, by itself or as part of a rate, or keep back."""

    value: int | None
    """None where every number that would print it is hidden."""
    cells: tuple[Spot, ...]
    """Numbers that are it."""
    rates: tuple[Spot, ...]
    """Rates and means printed with it as numerator or denominator."""
    counts: bool
    """Whether it counts persons or matters."""
    signed: bool
    """Whether it may be below zero: an increase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Σ coefficient · quantity = 0; with a *margin*: ≥ 0, and what it is above 0 is a quantity nobody prints."""

    terms: tuple[Term, ...]
    margin: bool = False
    counts: bool = False
    """Whether the margin counts persons or matters: whoever subtracts must not find one or two of them."""
    sure: bool = True
    """Whether the tables themselves say it; what is only implied may turn out not to hold."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A printed quotient of two quantities, or their change; its value is what is printed, rounded."""

    spot: Spot
    above: int
    below: int
    change: bool


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is known of some tables."""

    quantities: tuple[Quantity, ...]
    relations: tuple[Relation, ...]
    ratios: tuple[Ratio, ...]
    carried: Mapping[Spot, frozenset[int]]
    """Number → the quantities it must not be shown without."""


_Key = tuple[Meaning, str] | tuple[Spot, str]
"""What a quantity is known by: its meaning and unit, or else where it stands."""


def known(tables: Sequence[Table], measures: Mapping[str, Measure] | None = None) -> Knowledge:
    """What is known of tables, whether some numbers are hidden in them or not.

    With the *measures* of the office counts are recognised as the same by what they count; without them only by
    equal sources.

    Raises:
        ValueError: the tables contradict themselves: two values of one count, a sum that does not add up.
            That is a slip of whoever made them, and nobody could say what hiding a number would hide.
    """
    return _Builder(tables, measures or {}).build()


class _Builder:
    def __init__(self, tables: Sequence[Table], measures: Mapping[str, Measure]) -> None:
        self.tables = tables
        self.measures = measures
        self.numbers = {
            Spot(t, i, j): number
            for t, table in enumerate(tables)
            for i, line in enumerate(table.lines)
            for j, number in enumerate(line.numbers)
        }
        self.keys: dict[_Key, int] = {}
        self.values: list[int | None] = []
        self.cells: list[list[Spot]] = []
        self.rates: list[list[Spot]] = []
        self.units: list[str] = []
        self.at: dict[Spot, int] = {}
        """Cell → its quantity."""
        self.made_of: dict[Spot, tuple[int, ...]] = {}
        """Rate or mean → numerator and denominator; a product → those of its factors."""
        self.relations: dict[tuple[tuple[Term, ...], bool], Relation] = {}
        self.heads = {measure.adds for measure in measures.values()} - {""}
        """What is added up person by person."""

    def build(self) -> Knowledge:
        places = [self._places(t, table) for t, table in enumerate(self.tables)]
        quotients = {
            places[t][quotient.value]: (quotient, t)
            for t, table in enumerate(self.tables)
            for quotient in table.quotients
        }
        roles = dict(self._roles(quotients.items(), places))
        for spot, number in self.numbers.items():
            if spot not in quotients and self._is_count(number):
                role, unit = roles.get(spot, ("", number.unit))
                self.at[spot] = self._quantity(self._key(spot, number, role), number.value, spot, unit)
        ratios: list[Ratio] = []
        for spot, number in self.numbers.items():
            if spot in quotients:
                quotient, t = quotients[spot]
                above, below = places[t][quotient.above], places[t][quotient.below]
                ratios += self._quotient(spot, quotient, above, below)
            elif spot not in self.at:
                ratios += self._rate(spot, number)
        for t, table in enumerate(self.tables):
            self._sums(table, places[t])
            self._of_which(t, table)
        self._periods()
        self._kinds()
        self._persons()
        return Knowledge(
            tuple(self._finished(q) for q in range(len(self.values))),
            tuple(self.relations.values()),
            tuple(ratios),
            {spot: frozenset(self._carried(spot)) for spot in self.numbers},
        )

    def _places(self, t: int, table: Table) -> dict[Place, Spot]:
        return {
            Place(line.key, column.key): Spot(t, i, j)
            for i, line in enumerate(table.lines)
            for j, column in enumerate(table.columns)
        }

    def _roles(
        self,
        quotients: Iterable[tuple[Spot, tuple[Quotient, int]]],
        places: Sequence[Mapping[Place, Spot]],
    ) -> Iterator[tuple[Spot, tuple[str, str]]]:
        """Numerators and denominators in cells of their own, counted by the definition of their rate, with their units."""
        for spot, (quotient, t) in quotients:
            rate = self.numbers[spot]
            for role, place in (("above", quotient.above), ("below", quotient.below)):
                part = places[t][place]
                if (
                    not quotient.change
                    and rate.source is not None
                    and self.numbers[part].source == rate.source
                ):
                    yield part, (role, _unit_of(role, rate.unit))

    # --- quantities -------------------------------------------------------------------------------------

    def _is_count(self, number: Number) -> bool:
        if number.unit in _RATES or number.numerator is not None or number.denominator is not None:
            return False
        return number.hidden or isinstance(number.value, int)

    def _key(self, spot: Spot, number: Number, role: str = "") -> _Key:
        if number.source is None:
            return spot, role
        counted = role or number.source.measure in self.measures  # 件 or 批: what is counted says it all
        return meaning_of(number.source, role, self.measures), "" if counted else number.unit

    def _quantity(self, key: _Key, value: object, spot: Spot, unit: str, *, rate: bool = False) -> int:
        q = self.keys.setdefault(key, len(self.values))
        if q == len(self.values):
            self.values.append(None)
            self.cells.append([])
            self.rates.append([])
            self.units.append(unit)
        if isinstance(value, int):
            before = self.values[q]
            if before is not None and before != value:
                raise ValueError(f"{self._name(spot)}: a number that is counted twice is not the same twice")
            self.values[q] = value
        (self.rates if rate else self.cells)[q].append(spot)
        return q

    def _name(self, spot: Spot) -> str:
        table = self.tables[spot.table]
        return f"{table.id}/{table.lines[spot.line].key}/{table.columns[spot.column].key}"

    def _rate(self, spot: Spot, number: Number) -> Iterator[Ratio]:
        """A rate or mean that is printed with its numerator and denominator, or was before it was hidden."""
        measure = self.measures.get(number.source.measure) if number.source is not None else None
        if measure is not None and measure.factors and number.source is not None:
            found: list[int] = []
            for factor in measure.factors:
                one = self.measures[factor]
                source = Source(
                    measure=one.id,
                    version=one.version,
                    first=number.source.first,
                    last=number.source.last,
                    where=number.source.where,
                )
                found += self._pair(
                    spot, Number(value=None, unit="%", source=source, hidden=number.hidden), one.unit
                )
            self.made_of[spot] = tuple(found)
        elif number.hidden or number.denominator is not None:
            above, below = self._pair(spot, number, number.unit)
            self.made_of[spot] = above, below
            yield Ratio(spot, above, below, change=False)

    def _pair(self, spot: Spot, number: Number, unit: str) -> tuple[int, int]:
        measured = "件" if unit in _RATES else unit
        above = self._quantity(self._key(spot, number, "above"), number.numerator, spot, measured, rate=True)
        below = self._quantity(self._key(spot, number, "below"), number.denominator, spot, "件", rate=True)
        if unit in _SHARES:
            self._share(above, below)
        return above, below

    def _quotient(self, spot: Spot, quotient: Quotient, above: Spot, below: Spot) -> Iterator[Ratio]:
        if above in self.at and below in self.at:
            one, other = self.at[above], self.at[below]
            yield Ratio(spot, one, other, quotient.change)
            sources = self.numbers[above].source, self.numbers[below].source
            windows = {(source.first, source.last) for source in sources if source is not None}
            if not quotient.change and self.numbers[spot].unit in _SHARES and len(windows) < 2:
                self._share(one, other)
        self.made_of[spot] = tuple(
            q
            for part in (above, below)
            for q in (self.made_of.get(part) or (self.at.get(part),))
            if q is not None
        )

    def _carried(self, spot: Spot) -> Iterable[int]:
        if spot in self.at:
            return (self.at[spot],)
        number = self.numbers[spot]
        told = not number.words and number.value is not None
        if not told and not number.hidden and number.numerator is None:
            return ()  # a dash for no data, a target: neither was counted
        if spot in self.made_of:
            return self.made_of[spot]
        if number.unit in _MEASURED:  # nobody can say what it was worked out from: everything beside it
            beside = range(len(self.tables[spot.table].columns))
            return [self.at[s] for j in beside if (s := Spot(spot.table, spot.line, j)) in self.at]
        return ()

    def _finished(self, q: int) -> Quantity:
        values = [
            self.numbers[Spot(spot.table, i, spot.column)].value
            for spot in self.cells[q]
            for i in range(len(self.tables[spot.table].lines))
        ]
        signed = any(value is not None and value < 0 for value in values)
        counts = self.units[q] not in _MEASURED and not signed
        return Quantity(
            value=self.values[q],
            cells=tuple(self.cells[q]),
            rates=tuple(self.rates[q]),
            counts=counts,
            signed=signed,
        )

    # --- relations --------------------------------------------------------------------------------------

    def _relate(
        self,
        total: int,
        parts: Iterable[int],
        *,
        margin: bool = False,
        counts: bool = True,
        sure: bool = True,
        times: int = 1,
    ) -> None:
        """*total* = *times* · the sum of *parts*, or at least that; what does not hold is left out unless it is *sure*."""
        terms: dict[int, int] = {total: 1}
        for part in parts:
            terms[part] = terms.get(part, 0) - times
        ordered = tuple(sorted((q, factor) for q, factor in terms.items() if factor))
        rest = self._rest(ordered)
        if rest is not None and (rest < 0 or (rest and not margin)):
            if sure:
                raise ValueError(f"{self._name(self._anywhere(total))}: a total that its parts do not make")
            return
        if ordered and (ordered, False) not in self.relations:
            self.relations.setdefault(
                (ordered, margin),
                Relation(terms=ordered, margin=margin, counts=margin and counts, sure=sure),
            )

    def _rest(self, terms: Iterable[Term]) -> int | None:
        rest = 0
        for q, factor in terms:
            value = self.values[q]
            if value is None:
                return None
            rest += factor * value
        return rest

    def _anywhere(self, q: int) -> Spot:
        return (self.cells[q] or self.rates[q])[0]

    def _share(self, above: int, below: int) -> None:
        """A percentage is a share, unless it is seen to be more than the whole."""
        self._relate(below, [above], margin=True, sure=False)

    def _sums(self, table: Table, places: Mapping[Place, Spot]) -> None:
        for one in table.sums:
            total = places[one.total]
            parts = [places[part] for part in one.parts]
            if total in self.at:  # a part without data adds nothing
                self._relate(self.at[total], [self.at[part] for part in parts if part in self.at])

    def _of_which(self, t: int, table: Table) -> None:
        """其中: each is part of the line above; several may share out that line among them, if they are not more than it."""
        for j in range(len(table.columns)):
            above: Spot | None = None
            inside: list[int] = []
            for i, line in enumerate((*table.lines, None)):
                here = Spot(t, i, j)
                if line is not None and line.part is Part.OF_WHICH:
                    if above in self.at and here in self.at and self._alike(above, here):
                        inside.append(self.at[here])
                        self._relate(self.at[above], [self.at[here]], margin=True, sure=False)
                    continue
                if above in self.at and len(inside) > 1 and self._rest_known(self.at[above], inside):
                    self._relate(self.at[above], inside, margin=True, sure=False)
                above, inside = here, []

    def _rest_known(self, total: int, parts: Iterable[int]) -> bool:
        return all(self.values[q] is not None for q in (total, *parts))

    def _alike(self, one: Spot | None, other: Spot) -> bool:
        return one is not None and self.numbers[one].unit == self.numbers[other].unit

    def _meanings(self) -> Iterator[tuple[Meaning, str, int]]:
        for key, q in self.keys.items():
            if isinstance(key[0], Meaning):
                yield key[0], key[1], q

    def _periods(self) -> None:
        """A period contains others: the year so far the month, a quarter its months."""
        groups: dict[object, list[tuple[dt.date, dt.date, int]]] = {}
        for meaning, unit, q in self._meanings():
            same = meaning.of, meaning.adds, meaning.where, unit
            groups.setdefault(same, []).append((meaning.first, meaning.last, q))
        for windows in groups.values():
            for first, last, q in windows:
                inside = [w for w in windows if first <= w[0] and w[1] <= last and w[:2] != (first, last)]
                widest = [
                    w
                    for w in inside
                    if not any(o[0] <= w[0] and w[1] <= o[1] and o[:2] != w[:2] for o in inside)
                ]
                apart = all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(widest, 2))
                days = sum((w[1] - w[0]).days + 1 for w in widest)
                whole = apart and days == (last - first).days + 1
                if widest and apart:
                    self._relate(q, [w[2] for w in widest], margin=not whole, sure=False)
                for window in widest:
                    self._relate(q, [window[2]], margin=True, sure=False)

    def _kinds(self) -> None:
        """Matters of a kind are among all of them; only the next wider count need be told."""
        groups: dict[object, list[tuple[Meaning, int]]] = {}
        for meaning, unit, q in self._meanings():
            same = meaning.of, meaning.adds, meaning.first, meaning.last, unit
            groups.setdefault(same, []).append((meaning, q))
        tied = {frozenset(q for q, _ in relation.terms) for relation in self.relations.values()}
        for group in groups.values():
            wider = {
                q: [o for m, o in group if o != q and implies(meaning.where, m.where)] for meaning, q in group
            }
            for q, above in wider.items():
                for one in above:
                    between = any(one in wider[other] for other in above if other != one)
                    if not between and not any({q, one} <= terms for terms in tied):
                        self._relate(one, [q], margin=True, sure=False)

    def _persons(self) -> None:
        """A visit has a person at least, a collective one as many as its definition says."""
        counts = {m._replace(adds=""): q for m, _, q in self._meanings() if not m.adds}
        for meaning, _, q in self._meanings():
            visits = counts.get(meaning._replace(adds=""))
            if meaning.adds in self.heads and visits is not None:
                least = [
                    int(value)
                    for field, compares, values in meaning.where
                    if field == meaning.adds and compares == ">="
                    for value in values
                ]
                times = max(least, default=1)
                self._relate(q, [visits], margin=True, counts=False, sure=False, times=times)


def _unit_of(role: str, unit: str) -> str:
    """What the numerator or denominator of a rate or mean of that unit is counted in."""
    return unit if role == "above" and unit not in _RATES else "件"
