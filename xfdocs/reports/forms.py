"""The tables of a report as data: ``schemas/reports/<slug>.toml`` → `Form`, checked against the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from xfdocs.errors import DefinitionInvalid
from xfdocs.office import Office
from xfdocs.reports.definitions import Conditions, How, Measure, conditions, field_named, measures_of
from xfdocs.reports.model import Part
from xfdocs.reports.populations import Sort, populations
from xfdocs.reports.windows import BEFORE, NOW, SO_FAR, YEAR_BEFORE
from xfdocs.resources import shipped
from xfdocs.tables import Table

CHANGE, YEAR_CHANGE = "环比", "同比"
COMPARED = (NOW, BEFORE, CHANGE, YEAR_BEFORE, YEAR_CHANGE, SO_FAR)
TOTAL = "合计"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A head and what is counted under it: a line of a comparison, a column of a spread."""

    head: str
    measure: Measure
    where: Conditions = ()
    by: str = ""
    """Of a column: the field of its population by which lines are told apart."""
    part: Part = Part.PLAIN
    parts: tuple[str, ...] = ()
    """Heads of those that add up to this one."""
    inside: str = ""
    """Of an of-which line: the head of the line it is part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One table, before it is filled in."""

    id: str
    title: str
    head: str
    shape: str
    by: str = ""
    values: tuple[str, ...] = ()
    """The lines of a spread or of a comparison by a field, where they are fixed."""
    compared: tuple[str, ...] = ()
    """Columns of a comparison."""
    counted: tuple[Counted, ...] = ()
    rates: tuple[Measure, ...] = ()
    notes: tuple[str, ...] = ()


COMPARISON, SPREAD, INDICATORS = "对比", "分列", "指标"


def shipped_forms(office: Office, slug: str) -> Mapping[str, Form]:
    """The tables of a report as they are shipped, without the office's own."""
    file = shipped("schemas", "reports") / f"{slug}.toml"
    return _forms((file,), measures_of(office)) if file.is_file() else {}


@lru_cache(maxsize=32)
def forms_of(office: Office, slug: str) -> Mapping[str, Form]:
    """The tables of a report, by id; the office's own take the place of the shipped ones.

    Raises `DefinitionInvalid` for anything that cannot be counted.
    """
    files = (
        shipped("schemas", "reports") / f"{slug}.toml",
        office.folder / "report-tables" / f"{slug}.toml",
    )
    found = _forms(files, measures_of(office))
    if not found:
        raise DefinitionInvalid(file=Path(f"{slug}.toml"), what="没有这个报表的表格定义。")
    return MappingProxyType(found)


def _forms(files: Iterable[Path], measures: Mapping[str, Measure]) -> dict[str, Form]:
    """The tables of those of the files that are there; a later one takes the place of one of the same id."""
    found: dict[str, Form] = {}
    for file in files:
        if file.is_file():
            table = Table.read(file, DefinitionInvalid)
            for name in table.names():
                found[name] = _form(name, table.section(name), measures)
    return found


def _form(name: str, table: Table, measures: Mapping[str, Measure]) -> Form:
    shape = table.one_of("shape", (COMPARISON, SPREAD, INDICATORS))
    title, head = table.take("title", str), table.take("head", str)
    notes = table.texts("notes", [])
    if shape == INDICATORS:
        rates = tuple(_measure(table, one, measures) for one in table.texts("rates"))
        if plain := [one.id for one in rates if one.how in {How.COUNT, How.SUM}]:
            raise table.wrong(f"指标表只列比率和平均数，{'、'.join(plain)}是基础数")
        form = Form(id=name, title=title, head=head, shape=shape, rates=rates, notes=notes)
    elif shape == COMPARISON:
        form = _comparison(name, title, head, notes, table, measures)
    else:
        form = _spread(name, title, head, notes, table, measures)
    table.close()
    return form


def _comparison(
    name: str, title: str, head: str, notes: tuple[str, ...], table: Table, measures: Mapping[str, Measure]
) -> Form:
    compared = table.some_of("columns", COMPARED)
    for change, base in ((CHANGE, BEFORE), (YEAR_CHANGE, YEAR_BEFORE)):
        if change in compared and not {NOW, base} <= set(compared):
            raise table.wrong(f"有{change}就要有{NOW}和{base}")
    by = table.take("by", str, "")
    counted: tuple[Counted, ...] = ()
    values: tuple[str, ...] = ()
    if by:
        one = _measure(table, table.take("count", str), measures)
        counted, values = (Counted(head=TOTAL, measure=one),), _values(table, by, one)
    else:
        counted = tuple(_counted(row, measures) for row in table.rows("lines"))
        _check_parts(table, counted)
    return Form(
        id=name,
        title=title,
        head=head,
        shape=COMPARISON,
        by=by,
        values=values,
        compared=compared,
        counted=counted,
        notes=notes,
    )


def _spread(
    name: str, title: str, head: str, notes: tuple[str, ...], table: Table, measures: Mapping[str, Measure]
) -> Form:
    by = table.take("by", str)
    counted = tuple(_counted(row, measures, by) for row in table.rows("columns"))
    if not counted:
        raise table.wrong("没有写明各列 columns")
    values = _values(table, by, counted[0].measure, counted[0].by)
    _check_parts(table, counted)
    return Form(
        id=name,
        title=title,
        head=head,
        shape=SPREAD,
        by=by,
        values=values,
        counted=counted,
        notes=notes,
    )


def _counted(row: Table, measures: Mapping[str, Measure], by: str = "") -> Counted:
    measure = _measure(row, row.take("count", str), measures)
    population = populations()[measure.population] if measure.population else None
    if population is None:
        raise row.wrong(f"“{measure.id}”是连乘，不能这样用")
    part = Part.OF_WHICH if row.one_of("part", ("其中",), "") else Part.PLAIN
    parts = row.texts("sum", [])
    counted = Counted(
        head=row.take("head", str),
        measure=measure,
        where=conditions(row.section("where"), population),
        by=field_named(row, population, row.take("by", str, by), Sort.WORD) if by else "",
        part=Part.TOTAL if parts else part,
        parts=parts,
        inside=row.take("of", str, ""),
    )
    row.close()
    return counted


def _measure(table: Table, name: str, measures: Mapping[str, Measure]) -> Measure:
    if name not in measures:
        raise table.wrong(f"没有“{name}”这个统计项目")
    return measures[name]


def _values(table: Table, by: str, measure: Measure, field: str = "") -> tuple[str, ...]:
    """The lines that are always there: those named, or the field's own list."""
    known = populations()[measure.population].fields
    words = known[field_named(table, populations()[measure.population], field or by, Sort.WORD)].words
    return table.texts("values", list(words))


def _check_parts(table: Table, counted: Iterable[Counted]) -> None:
    heads = [one.head for one in counted]
    if len(set(heads)) < len(heads):
        raise table.wrong(f"题头有重复：{'、'.join(heads)}")
    for one in counted:
        if unknown := [name for name in (*one.parts, one.inside) if name and name not in heads]:
            raise table.wrong(f"“{one.head}”用到没有的“{'、'.join(unknown)}”")
