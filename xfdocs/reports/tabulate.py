"""Filling in the tables of a report: `Form` → `Table`, every number counted by its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from xfdocs.office import Office
from xfdocs.reports.asking import Asked, Tally, Window
from xfdocs.reports.counting import Counter, number_of
from xfdocs.reports.definitions import How, Measure
from xfdocs.reports.forms import (
    CHANGE,
    COMPARISON,
    INDICATORS,
    TOTAL,
    YEAR_CHANGE,
    Counted,
    Form,
)
from xfdocs.reports.model import ABSENT, Column, Condition, Line, Number, Part, Place, Quotient, Sum, Table
from xfdocs.reports.targets import Target
from xfdocs.reports.windows import BEFORE, NOW, YEAR_BEFORE, Windows

_BASES = {CHANGE: BEFORE, YEAR_CHANGE: YEAR_BEFORE}


class Tabulator:
    """Fills in tables for one report."""

    def __init__(
        self, counter: Counter, windows: Windows, office: Office, targets: Mapping[str, Target]
    ) -> None:
        self._counter = counter
        self._windows = windows
        self._office = office
        self._targets = targets

    def prepare(self, forms: Iterable[Form]) -> None:
        """Ask all that these forms need at once; filling them in then asks nothing, or a little more where this missed it."""
        self._counter.prepare(one for form in forms for one in self._questions(form))

    def _questions(self, form: Form) -> Iterator[Asked]:
        if form.shape == INDICATORS:
            names: Sequence[str] = (NOW, BEFORE, YEAR_BEFORE)
            counted: Iterable[Counted] = (Counted(head=rate.name, measure=rate) for rate in form.rates)
        else:
            names = form.compared or (NOW,)
            counted = form.counted
        windows = [window for name in names if name not in _BASES and (window := self._windows.window(name))]
        for one in counted:
            for window in windows:
                yield Asked(one.measure, window, one.where)
                if by := one.by or form.by:
                    yield Asked(one.measure, window, one.where, by)

    def table(self, form: Form) -> Table:
        """A form filled in."""
        if form.shape == INDICATORS:
            return self._indicators(form)
        if form.shape != COMPARISON:
            return self._spread(form)
        return self._by_field(form) if form.by else self._comparison(form)

    # --- lines that are compared ----------------------------------------------------------------------

    def _comparison(self, form: Form) -> Table:
        lines = []
        for one in form.counted:
            counted = {name: self._number(one, name) for name in form.compared if name not in _BASES}
            lines.append(
                Line(
                    key=one.head,
                    head=one.head,
                    numbers=self._compared(form.compared, counted),
                    part=one.part,
                )
            )
        sums = [
            Sum(Place(one.head, name), tuple(Place(part, name) for part in one.parts))
            for one in form.counted
            if one.parts
            for name in form.compared
            if name not in _BASES
        ]
        return self._compared_table(form, lines, sums)

    def _number(self, one: Counted, name: str) -> Number:
        window = self._windows.window(name)
        if window is None:
            return _unknown(one.measure)
        return self._counter.number(one.measure, window, one.where)

    def _by_field(self, form: Form) -> Table:
        """A line for each value of a field, and their total."""
        (one,) = form.counted
        names = [name for name in form.compared if name not in _BASES]
        tallies: dict[str, dict[str, Tally]] = {}
        for name in names:
            window = self._windows.window(name)
            if window is not None:
                tallies[name] = self._counter.tallies(one.measure, window, by=form.by)
        lines = []
        for value in self._ordered(form, tallies.values()):
            counted = {name: self._of_value(one, name, tallies, form.by, value) for name in names}
            lines.append(
                Line(
                    key=value or ABSENT,
                    head=value or ABSENT,
                    numbers=self._compared(form.compared, counted),
                )
            )
        parts = tuple(line.key for line in lines)
        whole = {name: self._number(one, name) for name in names}
        lines.append(
            Line(key=TOTAL, head=TOTAL, numbers=self._compared(form.compared, whole), part=Part.TOTAL)
        )
        sums = [Sum(Place(TOTAL, name), tuple(Place(part, name) for part in parts)) for name in names]
        return self._compared_table(form, lines, sums)

    def _of_value(
        self, one: Counted, name: str, tallies: Mapping[str, Mapping[str, Tally]], by: str, value: str
    ) -> Number:
        window = self._windows.window(name)
        if window is None or name not in tallies:
            return _unknown(one.measure)
        where = (*one.where, Condition(by, (value,)))
        return number_of(one.measure, tallies[name].get(value, Tally(0)), window, where)

    def _compared_table(self, form: Form, lines: Sequence[Line], sums: Sequence[Sum]) -> Table:
        columns = [
            Column(key=name, head=self._windows.head(name), unit="%" if name in _BASES else "")
            for name in form.compared
        ]
        quotients = [
            Quotient(Place(line.key, name), Place(line.key, NOW), Place(line.key, _BASES[name]), change=True)
            for line in lines
            for name in form.compared
            if name in _BASES
        ]
        return _table(form, columns, lines, sums, quotients)

    def _compared(self, names: Sequence[str], counted: Mapping[str, Number]) -> tuple[Number, ...]:
        return tuple(
            change_of(counted[NOW], counted[_BASES[name]]) if name in _BASES else counted[name]
            for name in names
        )

    # --- lines by a field, and columns ------------------------------------------------------------------

    def _spread(self, form: Form) -> Table:
        window = self._windows.window(NOW)
        columns = [Column(key=one.head, head=one.head, unit=one.measure.unit) for one in form.counted]
        tallies = [
            self._counter.tallies(one.measure, window, one.where, one.by) if window is not None else {}
            for one in form.counted
        ]
        lines = []
        for value in self._ordered(form, tallies):
            numbers = tuple(
                self._in_column(one, found, window, value)
                for one, found in zip(form.counted, tallies, strict=True)
            )
            lines.append(Line(key=value or ABSENT, head=value or ABSENT, numbers=numbers))
        parts = tuple(line.key for line in lines)
        whole = tuple(
            self._counter.number(one.measure, window, one.where)
            if window is not None
            else _unknown(one.measure)
            for one in form.counted
        )
        lines.append(Line(key=TOTAL, head=TOTAL, numbers=whole, part=Part.TOTAL))
        sums = [
            Sum(Place(TOTAL, one.head), tuple(Place(part, one.head) for part in parts))
            for one in form.counted
            if one.measure.how in {How.COUNT, How.SUM}
        ]
        sums += [
            Sum(Place(line.key, one.head), tuple(Place(line.key, part) for part in one.parts))
            for one in form.counted
            if one.parts
            for line in lines
        ]
        return _table(form, columns, lines, sums)

    def _in_column(
        self, one: Counted, found: Mapping[str, Tally], window: Window | None, value: str
    ) -> Number:
        if window is None:
            return _unknown(one.measure)
        nothing = Tally(0) if one.measure.how in {How.COUNT, How.SUM} else Tally(0, 0)
        return number_of(
            one.measure, found.get(value, nothing), window, (*one.where, Condition(one.by, (value,)))
        )

    # --- rates -----------------------------------------------------------------------------------------

    def _indicators(self, form: Form) -> Table:
        """A rate a line, with what it is made of, what it was before, and the office's target."""
        above, below, target = "分子", "分母", "目标"
        columns = [
            Column(key=above, head="分子"),
            Column(key=below, head="分母"),
            *(Column(key=name, head=self._windows.head(name)) for name in (NOW, BEFORE, YEAR_BEFORE)),
        ]
        aimed = any(rate.id in self._targets for rate in form.rates)
        if aimed:
            columns.append(Column(key=target, head="目标"))
        lines, quotients, notes = [], [], list(form.notes)
        for rate in form.rates:
            now, before, year_before = (
                self._number(Counted(head=rate.name, measure=rate), name)
                for name in (NOW, BEFORE, YEAR_BEFORE)
            )
            parts = [
                Number(value=now.numerator, unit="", source=now.source),
                Number(value=now.denominator, unit="", source=now.source),
            ]
            numbers = [*parts, now, before, year_before]
            if aimed:
                aim = self._targets.get(rate.id)
                numbers.append(aim.number(rate) if aim else Number(value=None, unit=rate.unit))
                notes += [f"{rate.name}：{aim.note}"] if aim and aim.note else []
            lines.append(Line(key=rate.id, head=_called(rate), numbers=tuple(numbers)))
            if rate.how in {How.RATE, How.MEAN}:
                quotients.append(Quotient(Place(rate.id, NOW), Place(rate.id, above), Place(rate.id, below)))
        return replace(_table(form, columns, lines, (), quotients), notes=tuple(notes))

    # --- order -----------------------------------------------------------------------------------------

    def _ordered(self, form: Form, found: Iterable[Iterable[str]]) -> list[str]:
        """The lines: the field's own list, or what was found; organs as the office lists them, never by merit."""
        values = {value for one in found for value in one}
        listed = [value for value in form.values if value]
        own = list(self._office.organs)
        rest = sorted(
            values - set(listed) - {""},
            key=lambda value: (own.index(value) if value in own else len(own), value),
        )
        return [*listed, *rest, *([""] if "" in values else [])]


def change_of(now: Number, before: Number) -> Number:
    """环比 or 同比: (本期 − 上期) ÷ 上期; nothing to say if the earlier one is 0 or not known (I15)."""
    value: Fraction | None = None
    if now.value is not None and before.value:
        value = (Fraction(now.value) - Fraction(before.value)) / Fraction(before.value)
    return Number(value=value, unit="%", digits=2)


def _called(measure: Measure) -> str:
    """按期办结率（I03）: the field's own code, where it has one."""
    return f"{measure.name}（{measure.id}）" if measure.id.startswith("I") else measure.name


def _unknown(measure: Measure) -> Number:
    return Number(value=None, unit=measure.unit, digits=measure.digits)


def _table(
    form: Form,
    columns: Sequence[Column],
    lines: Sequence[Line],
    sums: Sequence[Sum],
    quotients: Sequence[Quotient] = (),
) -> Table:
    return Table(
        id=form.id,
        title=form.title,
        head=form.head,
        columns=tuple(columns),
        lines=tuple(lines),
        sums=tuple(sums),
        quotients=tuple(quotients),
        notes=form.notes,
    )
