"""The sheet of each unit: its own numbers next to those of all units, and the matters it is asked to look after.

One count serves all units: a sheet takes its line out of the tables in which every unit has one, so a unit's
numbers and those of the circular cannot disagree.  Units stand in the office's own order, never by merit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

from xfdocs.errors import DefinitionInvalid
from xfdocs.office import Office
from xfdocs.record.derived import is_discipline
from xfdocs.record.obligation import PETITIONER
from xfdocs.reports.blocks import Blocks
from xfdocs.reports.forms import SPREAD, TOTAL, forms_of
from xfdocs.reports.lists import (
    LEFT_OUT,
    Overdue,
    Undelivered,
    overdue,
    overdue_table,
    undelivered,
    undelivered_table,
)
from xfdocs.reports.model import ABSENT, Line, Part, Report, Table
from xfdocs.reports.reporting import Desk, report_of
from xfdocs.reports.windows import NOW
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

KIND = "unit-circular"
OWN = "本单位"


@dataclass(frozen=True)
class Sheet:
    """What one unit is told."""

    unit: str
    report: Report
    late: tuple[Overdue, ...] = ()
    """Limits that fell due in the period and were let pass."""
    still: tuple[Overdue, ...] = ()
    """Limits due before the period, and still open on 截止日."""
    undelivered: tuple[Undelivered, ...] = ()
    ids: tuple[str, ...] = ()
    """All the tables that its wording may ask for; it has those with a number of the unit's."""

    @property
    def names(self) -> dict[str, Any]:
        """What its wording may name beside the numbers."""
        blocks = Blocks()
        made = {table.id: blocks.of(table) for table in self.report.tables}
        late = self.late and overdue_table(blocks.caption("统计期内到期、超过期限的事项"), self.late)
        still = self.still and overdue_table(blocks.caption("以前到期、截止日仍未完成的事项"), self.still)
        replies = self.undelivered and undelivered_table(
            blocks.caption("统计期内已答复、没记录了信访人收到的事项"), self.undelivered
        )
        return {
            "受文单位": self.unit,
            "表": SimpleNamespace(**{name: made.get(name, ()) for name in self.ids}),
            "清单": SimpleNamespace(超期=late, 以前超期=still, 未送达=replies),
            "清单说明": LEFT_OUT,
            "超期项数": len(self.late),
            "以前超期项数": len(self.still),
            "未送达件数": len(self.undelivered),
        }

    @property
    def lists(self) -> dict[str, list[list[str]]]:
        """The lists as data."""
        return {
            "超期": [_told(one) for one in self.late],
            "以前超期": [_told(one) for one in self.still],
            "未送达": [[one.case, one.replied.isoformat()] for one in self.undelivered],
        }


def _told(one: Overdue) -> list[str]:
    days = (one.start, one.due, one.met)
    return [one.case, one.limit, *(day.isoformat() if day else "" for day in days), str(one.days)]


@dataclass
class _Lists:
    late: list[Overdue] = field(default_factory=list)
    still: list[Overdue] = field(default_factory=list)
    undelivered: list[Undelivered] = field(default_factory=list)


@dataclass(frozen=True)
class Sheets:
    """The sheets of a period."""

    sheets: tuple[Sheet, ...]
    above: tuple[str, ...]
    """Units with numbers that are told nothing, for they stand above this office."""


def sheets_of(desk: Desk, period: Period) -> Sheets:
    """The sheet of every unit that has a number in the tables of a period, or a matter in the lists.

    The office itself gets none, nor do those above it, courts and procuratorates, and organs of discipline: nobody sends them a circular.

    Raises:
        PeriodAhead, TotalsDiffer: as `report_of`.
        DefinitionInvalid: a table has no line for each unit.
    """
    office = desk.office
    _check_forms(office)
    whole = report_of(desk, KIND, period)
    lists = _lists(desk, period)
    found = {line.key for table in whole.tables for line in table.lines if any(n.value for n in line.numbers)}
    found = (found | set(lists)) - {TOTAL, ABSENT, PETITIONER, office.organ.name}
    above = _above(office) | {unit for unit in found if is_discipline(unit) or unit.endswith(_JUDICIAL)}
    own = list(office.organs)
    ordered = sorted(found, key=lambda unit: (own.index(unit) if unit in own else len(own), unit))
    return Sheets(
        tuple(_sheet(whole, unit, lists.get(unit, _Lists())) for unit in ordered if unit not in above),
        tuple(unit for unit in ordered if unit in above),
    )


_JUDICIAL = ("人民法院", "人民检察院")


def _check_forms(office: Office) -> None:
    own = office.folder / "report-tables" / f"{KIND}.toml"
    file = own if own.is_file() else shipped("schemas", "reports") / f"{KIND}.toml"
    for form in forms_of(office, KIND).values():
        if form.shape != SPREAD or form.values:
            what = f"[{form.id}] 分送各单位的表，应当每个单位一行：shape = “{SPREAD}”，by = “责任单位”或者“单位”。"
            raise DefinitionInvalid(file=file, what=what)


def _above(office: Office) -> set[str]:
    """The organs above an office: nobody sends a circular upwards."""
    found: set[str] = set()
    superior = office.organ.superior
    while superior and superior not in found:
        found.add(superior)
        known = office.organs.get(superior)
        superior = known.superior if known else ""
    return found


def _lists(desk: Desk, period: Period) -> Mapping[str, _Lists]:
    found: defaultdict[str, _Lists] = defaultdict(_Lists)
    window = desk.windows(period).window(NOW)
    if window is None:
        return found
    for inside, one in overdue(desk.counter, window, desk.office):
        lists = found[one.unit]
        (lists.late if inside else lists.still).append(one)
    for reply in undelivered(desk.counter, window):
        found[reply.unit].undelivered.append(reply)
    return found


def _sheet(whole: Report, unit: str, lists: _Lists) -> Sheet:
    tables = tuple(_own_tables(whole.tables, unit))
    report = replace(
        whole,
        title=f"{whole.title}（{unit}）",
        tables=tables,
        notes=(),
        left_out=(),
        heads=MappingProxyType(dict(whole.heads)),
    )
    return Sheet(
        unit,
        report,
        tuple(lists.late),
        tuple(lists.still),
        tuple(lists.undelivered),
        tuple(table.id for table in whole.tables),
    )


def _own_tables(tables: Iterable[Table], unit: str) -> Iterator[Table]:
    """The tables in which the unit has a number: its own line, and that of all units."""
    for table in tables:
        own = next((line for line in table.lines if line.key == unit), None)
        if own is None or not any(number.value for number in own.numbers):
            continue
        total = next(line for line in table.lines if line.key == TOTAL)
        lines = (
            Line(key=OWN, head=OWN, numbers=own.numbers),
            replace(total, part=Part.TOTAL),
        )
        yield replace(table, head="单位", lines=lines, sums=(), quotients=())
