"""The charts of each kind of report, made of the same numbers as its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from xfdocs.document.model import Block
from xfdocs.errors import PeriodInvalid
from xfdocs.reports.charts import Chart, Kind, Series, figures_of
from xfdocs.reports.model import Number, Part, Place, Report, Table
from xfdocs.reports.reporting import Desk
from xfdocs.reports.windows import NOW, YEAR_BEFORE
from xfdocs.rules.period import Period

_MONTHS, _QUARTERS, _YEARS = 13, 9, 5
"""Points of a trend: the same period of the year before stands at its beginning."""
_OPEN = ("按期办结", "超期办结", "超期未办结")


def drawn(report: Report, desk: Desk) -> Mapping[str, tuple[Block, ...]]:
    """The figures of a report by the names that wordings use; empty for one there is nothing to draw for.

    A public version has no trend beyond its own tables: what was kept back in them, or would have been in an
    earlier one, is in no figure.
    """
    charts = {name: make(report, desk) for name, make in _CHARTS.items()}
    return {
        name: figures_of(chart, desk.office) if chart is not None else () for name, chart in charts.items()
    }


def _trend(report: Report, desk: Desk) -> Chart | None:
    """件次 over the periods up to this one, each as it stood at its own end."""
    if report.public:
        return None
    periods = list(_before(Period.parse(report.code)))
    measure = desk.counter.measures["收件"]
    values: list[int | Fraction | None] = []
    for period in periods:
        window = desk.windows(period).window(NOW)
        values.append(desk.counter.number(measure, window).value if window is not None else None)
    if not any(values):
        return None
    return Chart(
        kind=Kind.LINE,
        title="登记信访件走势",
        labels=tuple(map(_short, periods)),
        series=(Series("登记信访件", tuple(values)),),
        unit="件",
    )


def _short(period: Period) -> str:
    """A period below an axis: 26.9, 26Q3."""
    year = f"{period.first.year % 100:02d}"
    if period.months == 1:
        return f"{year}.{period.first.month}"
    return f"{year}{period.code[4:]}" if period.months in {3, 6} else period.code


def _before(period: Period) -> Iterator[Period]:
    """The periods up to one, the earliest first."""
    count = {1: _MONTHS, 3: _QUARTERS}.get(period.months, _YEARS)
    found = [period]
    while len(found) < count:
        try:
            found.append(found[-1].before())
        except (PeriodInvalid, ValueError, OverflowError):
            break
    return reversed(found)


def _channels(report: Report, _desk: Desk) -> Chart | None:
    """分形式: now and a year before; a public version has only now."""
    table = _table(report, "总量")
    if table is None:
        return None
    lines = [line for line in table.lines if line.part is Part.PLAIN and "人次" not in line.head]
    compared = [column for column in table.columns if column.key in {NOW, YEAR_BEFORE}]
    series = [
        Series(column.head, tuple(_shown(table.number(Place(line.key, column.key))) for line in lines))
        for column in compared
    ]
    if not any(value for one in series for value in one.values):
        return None
    return Chart(
        kind=Kind.PAIRED if len(series) > 1 else Kind.BARS,
        title="各种形式的信访",
        labels=tuple(line.head for line in lines),
        series=tuple(series),
        unit="",
    )


def _timeliness(report: Report, _desk: Desk) -> Chart | None:
    """按期、超期 by unit."""
    table = _table(report, "办理")
    if table is None or not set(_OPEN) <= {column.key for column in table.columns}:
        return None
    lines = [line for line in table.lines if line.part is Part.PLAIN]
    if not lines:
        return None
    series = tuple(
        Series(name, tuple(_shown(table.number(Place(line.key, name))) for line in lines)) for name in _OPEN
    )
    if not any(value for one in series for value in one.values):
        return None
    return Chart(
        kind=Kind.STACKED,
        title="各单位到期应办结事项",
        labels=tuple(line.head for line in lines),
        series=series,
        unit="项",
    )


def _units(report: Report, _desk: Desk) -> Chart | None:
    """分责任单位, in the order of the table."""
    table = _table(report, "重复") or _table(report, "责任单位")
    if table is None:
        return None
    lines = [line for line in table.lines if line.part is Part.PLAIN]
    values = tuple(_shown(line.numbers[0]) for line in lines)
    if not any(values):
        return None
    return Chart(
        kind=Kind.BARS,
        title="各责任单位的信访件",
        labels=tuple(line.head for line in lines),
        series=(Series(table.columns[0].head, values),),
        unit="件",
    )


_CHARTS: Mapping[str, Callable[[Report, Desk], Chart | None]] = {
    "走势": _trend,
    "形式": _channels,
    "单位": _units,
    "时限": _timeliness,
}


def _table(report: Report, name: str) -> Table | None:
    try:
        return report.table(name)
    except KeyError:
        return None


def _shown(number: Number) -> int | Fraction | None:
    return None if number.hidden else number.value
