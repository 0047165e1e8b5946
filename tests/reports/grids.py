"""Tables of numbers made in a few words, and tables drawn at random that keep their own additions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from xfdocs.reports.model import Column, Condition, Line, Number, Part, Place, Quotient, Source, Sum, Table

TOTAL = "合计"
CELLS = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 9, 30, 120])


def number(value: int | Fraction | None, unit: str = "件", **more: Any) -> Number:
    return Number(value=value, unit=unit, **more)


def grid(rows: Sequence[Sequence[int]], name: str = "表") -> Table:
    """Rows of counts with a total on the right and one below."""
    wide = len(rows[0])
    columns = [str(j) for j in range(wide)] + [TOTAL]
    full = [[*row, sum(row)] for row in rows]
    full.append([sum(column) for column in zip(*full, strict=True)])
    keys = [str(i) for i in range(len(rows))] + [TOTAL]
    lines = tuple(
        Line(
            key=key,
            head=key,
            numbers=tuple(map(number, row)),
            part=Part.TOTAL if key == TOTAL else Part.PLAIN,
        )
        for key, row in zip(keys, full, strict=True)
    )
    sums = [Sum(Place(key, TOTAL), tuple(Place(key, c) for c in columns[:-1])) for key in keys]
    sums += [Sum(Place(TOTAL, c), tuple(Place(key, c) for key in keys[:-1])) for c in columns]
    heads = tuple(Column(key=c, head=c, unit="件") for c in columns)
    return Table(id=name, title=name, head="单位", columns=heads, lines=lines, sums=tuple(sums))


def with_line(table: Table, after: str, key: str, values: Sequence[int], part: Part = Part.OF_WHICH) -> Table:
    """A table with one more line below that of the key *after*."""
    at = next(i for i, line in enumerate(table.lines) if line.key == after) + 1
    line = Line(key=key, head=key, numbers=tuple(map(number, values)), part=part)
    return replace(table, lines=(*table.lines[:at], line, *table.lines[at:]))


def with_shares(table: Table) -> Table:
    """A table with a column more: what share of all each line is."""
    whole = table.lines[-1].numbers[-1].value
    assert isinstance(whole, int)
    lines, quotients = [], []
    for line in table.lines:
        value = line.numbers[-1].value
        assert isinstance(value, int)
        share = number(Fraction(value, whole) if whole else None, "%", digits=1)
        lines.append(replace(line, numbers=(*line.numbers, share)))
        quotients.append(Quotient(Place(line.key, "占比"), Place(line.key, TOTAL), Place(TOTAL, TOTAL)))
    columns = (*table.columns, Column(key="占比", head="占比", unit="%"))
    return replace(table, columns=columns, lines=tuple(lines), quotients=tuple(quotients))


DAY = dt.date(2026, 9, 30)
WINDOWS = {
    "本期": (dt.date(2026, 9, 1), DAY),
    "上期": (dt.date(2026, 8, 1), dt.date(2026, 8, 31)),
    "累计": (dt.date(2026, 1, 1), DAY),
}


def counted(window: str, measure: str = "收件", **where: str) -> Source:
    """A source: what was counted, in which window, under which conditions."""
    first, last = WINDOWS[window]
    conditions = tuple(Condition(field, (value,)) for field, value in where.items())
    return Source(measure=measure, version=1, first=first, last=last, where=conditions)


def comparison(months: Sequence[tuple[int, int, int]], field: str = "形式", name: str = "对比") -> Table:
    """Lines with 本期, 上期, 环比 and 累计; of each line what came before both is told."""
    keys = [*"甲乙丙丁戊己"[: len(months)], TOTAL]
    values = [(now, before, now + before + older) for now, before, older in months]
    values.append(tuple(map(sum, zip(*values, strict=True))))  # type: ignore[arg-type]
    lines = []
    for key, (now, before, so_far) in zip(keys, values, strict=True):
        where = {} if key == TOTAL else {field: key}
        change = Fraction(now - before, before) if before else None
        numbers = (
            number(now, source=counted("本期", **where)),
            number(before, source=counted("上期", **where)),
            number(change, "%", digits=1),
            number(so_far, source=counted("累计", **where)),
        )
        part = Part.TOTAL if key == TOTAL else Part.PLAIN
        lines.append(Line(key=key, head=key, numbers=numbers, part=part))
    counts = ("本期", "上期", "累计")
    return Table(
        id=name,
        title=name,
        head=field,
        columns=tuple(Column(key=c, head=c) for c in ("本期", "上期", "环比", "累计")),
        lines=tuple(lines),
        sums=tuple(Sum(Place(TOTAL, c), tuple(Place(key, c) for key in keys[:-1])) for c in counts),
        quotients=tuple(
            Quotient(Place(k, "环比"), Place(k, "本期"), Place(k, "上期"), change=True) for k in keys
        ),
    )


def rates(pairs: Sequence[tuple[int, int]], name: str = "指标") -> Table:
    """Rates that carry their numerators and denominators."""
    lines = [
        Line(
            key=f"率{i}",
            head=f"率{i}",
            numbers=(
                number(
                    Fraction(above, below) if below else None,
                    "%",
                    digits=2,
                    source=counted("本期", f"I{i}"),
                    numerator=above,
                    denominator=below,
                ),
            ),
        )
        for i, (above, below) in enumerate(pairs)
    ]
    return Table(
        id=name, title=name, head="指标", columns=(Column(key="本期", head="本期"),), lines=tuple(lines)
    )


@st.composite
def grids(draw: st.DrawFn, tall: int = 6, wide: int = 5, cells: st.SearchStrategy[int] = CELLS) -> Table:
    """A table with totals on both sides; maybe with 其中 lines and shares."""
    height, width = draw(st.integers(1, tall)), draw(st.integers(1, wide))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=height, max_size=height))
    table = grid(rows)
    for key in draw(st.sets(st.sampled_from([str(i) for i in range(height)]), max_size=2)):
        parents = [n.value for n in next(line for line in table.lines if line.key == key).numbers]
        inside = [draw(st.integers(0, value)) for value in parents[:-1] if isinstance(value, int)]
        table = with_line(table, key, f"其中{key}", [*inside, sum(inside)])
    return with_shares(table) if draw(st.booleans()) else table


@st.composite
def reports(draw: st.DrawFn) -> tuple[Table, ...]:
    """Tables of one report: two that part the same total two ways, one of rates, one without sources."""
    months = draw(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
    one = comparison(months)
    other = comparison(_parted(draw, months), "目的", "目的")
    pairs = [(draw(st.integers(0, below)), below) for below in draw(st.lists(CELLS, min_size=1, max_size=3))]
    return one, other, rates(pairs), draw(grids(tall=3, wide=3))


def _parted(draw: st.DrawFn, months: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The same totals, month by month, in other parts."""
    height = draw(st.integers(1, 4))
    columns = []
    for whole in map(sum, zip(*months, strict=True)):
        cuts = sorted(draw(st.integers(0, whole)) for _ in range(height - 1))
        columns.append([b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)])
    return list(zip(*columns, strict=True))  # type: ignore[arg-type]
