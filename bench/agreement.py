"""Whether the program's reports and an independent count over the same records agree, number by number.

python -m bench.agreement OFFICE circular:2026Q3 monthly-statistics:2026-09 --on 2026-11-20
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.independent import TABLES, Census, Tables, Value, spans
from bench.reading import Record, organs, petition_offices, read_all
from xfdocs.office import CONFIG, Office
from xfdocs.reports.asking import Window
from xfdocs.reports.model import Number, Report, Table
from xfdocs.reports.reporting import Desk, desk_of, report_of
from xfdocs.rules.period import Period

NOW, _AIM = "本期", "目标"
"""A window, and a column of what the office wants, which nobody counts."""
_LISTED = 8
"""So many 编号 of a difference are told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that was counted differently."""

    report: str
    table: str
    line: str
    column: str
    ours: Value
    counted: Value
    only_ours: tuple[str, ...] = ()
    only_counted: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In one line, with the records that differ where they are known."""
        told = (
            f"{self.report} {self.table}｜{self.line}｜{self.column}：报表 {self.ours}，另数 {self.counted}"
        )
        for head, cases in (("只在报表", self.only_ours), ("只在另数", self.only_counted)):
            if cases:
                told += f"；{head}：{'、'.join(cases[:_LISTED])}{'…' if len(cases) > _LISTED else ''}"
        return told


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a comparison found."""

    numbers: int
    differences: tuple[Difference, ...]


def agreements(
    desk: Desk, wanted: Sequence[tuple[str, Period]], records: Iterable[Record], *, keep: bool
) -> Iterator[Agreement]:
    """Count reports both ways, in one pass over the records; *keep* the 编号 behind each number, for a set that is not large."""
    offices = petition_offices(desk.office.folder / CONFIG)
    every = [
        Census(spans(period.first, period.last, desk.on, desk.known_from), offices, keep=keep)
        for _, period in wanted
    ]
    for record in records:
        for census in every:
            census.add(record)
    for (slug, period), census in zip(wanted, every, strict=True):
        yield compared(report_of(desk, slug, period), census, desk)


def compared(report: Report, census: Census, desk: Desk) -> Agreement:
    """Every number of a report against an independent count."""
    tallies, windows = census.done(), census.windows
    listed = organs(desk.office.folder / CONFIG)
    expected = TABLES[report.kind](Tables(tallies, windows))
    numbers, differences = 0, []
    if missing := {table.id for table in report.tables} ^ expected.keys():
        raise SystemExit(f"{report.kind}: tables that only one side has: {missing}")
    for table in report.tables:
        other = expected[table.id]
        keys = [line.key for line in table.lines]
        absent = [line for line, _ in other.cells if line not in keys]
        differences += [
            Difference(report.code, table.id, line, "", None, None) for line in dict.fromkeys(absent)
        ]
        if (units := [key for key in keys if key in listed]) != sorted(units, key=listed.index):
            differences.append(Difference(report.code, table.id, "单位次序", "", None, None))
        for line, column, number in _numbers(table):
            if column == _AIM:
                continue
            numbers += 1
            rated = number.denominator is not None or number.unit == "%"
            none = None if rated or windows[column if column in windows else NOW] is None else 0
            counted = other.cells.get((line, column), none)
            if number.value != counted:
                cases = other.cases.get((line, column), set())
                ours = (
                    set(_cases(desk, number, above=True if column == "分子" else None))
                    if tallies.keep
                    else set()
                )
                differences.append(
                    Difference(
                        report.code,
                        table.id,
                        line,
                        column,
                        number.value,
                        counted,
                        tuple(sorted(ours - cases)),
                        tuple(sorted(cases - ours)) if tallies.keep else (),
                    )
                )
    return Agreement(numbers, tuple(differences))


def _numbers(table: Table) -> Iterator[tuple[str, str, Number]]:
    for line in table.lines:
        for column, number in zip(table.columns, line.numbers, strict=True):
            yield line.key, column.key, number


def _cases(desk: Desk, number: Number, *, above: bool | None) -> Iterator[str]:
    """The records behind a number as the program has them."""
    source = number.source
    if source is None or number.unit == "%":
        return
    window = Window(source.first, source.last, min(desk.on, source.last))
    measure = desk.counter.measures[source.measure]
    yield from desk.counter.cases(measure, window, source.where, above=above)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Count reports a second time and compare.")
    parser.add_argument("office", type=Path)
    parser.add_argument("reports", nargs="+", help="kind:period")
    parser.add_argument("--on", type=dt.date.fromisoformat, default=dt.date(2026, 11, 20))
    parser.add_argument("--keep", action="store_true", help="tell which records differ")
    given = parser.parse_args(arguments)
    office = Office.open(given.office)
    places = [office.folder / office.cases]
    with desk_of(office, on=given.on) as desk:
        rejected = [Path(one.split("：")[0]) for one in desk.left_out]
        without = [path if path.is_absolute() else office.folder / path for path in rejected]
        wanted = [(slug, Period.parse(code)) for slug, _, code in (r.partition(":") for r in given.reports)]
        failed = False
        found = agreements(desk, wanted, read_all(places, without), keep=given.keep)
        for name, one in zip(given.reports, found, strict=True):
            print(f"{name}: {one.numbers} numbers, {len(one.differences)} differences")
            for difference in one.differences:
                print(f"  {difference}")
            failed = failed or bool(one.differences)
    raise SystemExit(int(failed))


if __name__ == "__main__":
    main()
