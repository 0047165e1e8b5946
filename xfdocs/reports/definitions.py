"""Definitions of what is counted: ``schemas/indicators/*.toml`` → `Measure`, checked before anything is counted.

Variants of an indicator are different definitions, never a switch (I04 and I06 are two of them).  An office
adds its own in ``indicators/`` of its folder; one of the same id takes the place of a shipped one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from xfdocs.errors import DefinitionInvalid
from xfdocs.office import Office
from xfdocs.reports.model import Condition
from xfdocs.reports.populations import Field, Population, Sort, populations
from xfdocs.resources import shipped
from xfdocs.tables import Table

_COMPARISON = re.compile(r"(>=|<=|>|<|=)\s*(\d{1,9})")
_EITHER = "、"


Conditions = tuple[Condition, ...]


class How(Enum):
    """How the members of a population become a number."""

    COUNT = "计数"
    SUM = "合计"
    RATE = "比率"
    MEAN = "平均"
    PRODUCT = "连乘"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One definition."""

    id: str
    name: str
    version: int
    how: How
    unit: str
    digits: int
    population: str = ""
    window: str = ""
    """The day that puts a member into a period."""
    where: Conditions = ()
    """Which members are counted; of a rate, the denominator."""
    numerator: Conditions = ()
    """Which of them make the numerator."""
    adds: str = ""
    """The number that is added up; empty: members are counted."""
    since: str = ""
    """A mean is taken over the days from *since* to *until*."""
    until: str = ""
    factors: tuple[str, ...] = ()
    """Ids of the rates that a product multiplies."""
    upwards: bool | None = None
    """Whether more is better; None where neither is (a count of petitions never is)."""
    source: str
    verified: bool
    note: str = ""
    file: Path

    @property
    def words(self) -> str:
        """The whole definition in one sentence."""
        if self.how is How.PRODUCT:
            return f"{self.name}＝{'×'.join(self.factors)}。"
        of = self._of(self.where)
        told = f"{self.name}：{self.population}中，{self.window}在统计期内{of}的"
        if self.how is How.RATE:
            return f"{told}为分母，其中{_spoken(self.numerator)}的为分子，分子÷分母。"
        if self.how is How.MEAN:
            return f"{told}，从{self.since}到{self.until}的天数，合计÷件数。"
        if self.how is How.SUM:
            return f"{told}，{self.adds}的合计。"
        return f"{told}，计{self.unit}数。"

    def _of(self, conditions: Conditions) -> str:
        return f"、{_spoken(conditions)}" if conditions else ""


def _spoken(conditions: Conditions) -> str:
    return "，".join(condition.words for condition in conditions)


@lru_cache(maxsize=16)
def measures_of(office: Office) -> Mapping[str, Measure]:
    """Every definition an office counts by, the office's own in place of the shipped ones.

    Raises `DefinitionInvalid` for an unknown field, word, population, or a definition that makes no sense.
    """
    found: dict[str, Measure] = {}
    for folder in (shipped("schemas", "indicators"), office.folder / "indicators"):
        here: dict[str, Measure] = {}
        for file in sorted(folder.glob("*.toml")):
            for measure in _read(file):
                if measure.id in here:
                    raise DefinitionInvalid(
                        file=file, what=f"[{measure.id}] 在 {here[measure.id].file.name} 里已经有了。"
                    )
                here[measure.id] = measure
        found |= here
    for measure in found.values():
        for factor in measure.factors:
            if factor not in found or found[factor].how is not How.RATE:
                raise DefinitionInvalid(
                    file=measure.file, what=f"[{measure.id}] 连乘的“{factor}”不是已有的比率。"
                )
    return MappingProxyType(found)


def _read(file: Path) -> Iterator[Measure]:
    table = Table.read(file, DefinitionInvalid)
    for name in table.names():
        yield _measure(name, table.section(name))
    table.close()


_HOWS = {how.value: how for how in How}


def _measure(name: str, table: Table) -> Measure:
    how = _HOWS[table.one_of("how", tuple(_HOWS), How.COUNT.value)]
    common: dict[str, Any] = {
        "id": name,
        "name": table.take("name", str),
        "version": table.take("version", int, 1),
        "how": how,
        "upwards": {"up": True, "down": False, "": None}[table.one_of("better", ("up", "down"), "")],
        "source": table.take("source", str),
        "verified": table.take("verified", bool),
        "note": table.take("note", str, ""),
        "file": table.file,
    }
    if how is How.PRODUCT:
        measure = Measure(**common, unit="%", digits=table.take("digits", int, 2), factors=table.texts("of"))
        table.close()
        return measure
    known = populations()
    population = known[table.one_of("of", tuple(known))]
    window = field_named(table, population, table.take("window", str), Sort.DAY)
    where = conditions(table.section("where"), population)
    numerator: Conditions = ()
    adds = since = until = ""
    unit, digits = population.unit, 0
    if how is How.RATE:
        numerator = conditions(table.section("numerator"), population)
        unit, digits = "%", 2
        if not numerator:
            raise table.wrong("比率要写明分子 numerator = { … }")
    elif how is How.MEAN:
        since = field_named(table, population, table.take("since", str), Sort.DAY)
        until = field_named(table, population, table.take("until", str), Sort.DAY)
        unit, digits = "天", 1
    elif how is How.SUM:
        adds = field_named(table, population, table.take("adds", str), Sort.NUMBER)
        unit = "人次"
    measure = Measure(
        **common,
        unit=table.take("unit", str, unit),
        digits=table.take("digits", int, digits),
        population=population.name,
        window=window,
        where=where,
        numerator=numerator,
        adds=adds,
        since=since,
        until=until,
    )
    table.close()
    return measure


def field_named(table: Table, population: Population, name: str, sort: Sort | None = None) -> str:
    """A field's name, if the population has it and it is of that sort."""
    field = population.fields.get(name)
    if field is None or (sort is not None and field.sort is not sort):
        fitting = [n for n, f in population.fields.items() if sort is None or f.sort is sort]
        near = difflib.get_close_matches(name, fitting, n=3, cutoff=0.3)
        hint = f"是不是：{_EITHER.join(near)}？" if near else ""
        what = f"的{sort.value}项目" if sort is not None else "的项目"
        raise table.wrong(f"“{name}”不是“{population.name}”{what}。{hint}可用：{_EITHER.join(fitting)}")
    return name


def conditions(table: Table, population: Population) -> Conditions:
    """The conditions of a section: ``"形式" = "来信"``, ``"结果" = ["满意", "基本满意"]``, ``"人数" = ">=5"``, ``"匿名" = true``.

    Raises the table's error for a field the population does not have, or a word its list does not have.
    """
    found = []
    for name, given in table.entries(object).items():
        field = population.fields[field_named(table, population, name)]
        values = _values(table, name, field, given)
        compared = _COMPARISON.fullmatch(values[0]) if field.sort is Sort.NUMBER else None
        found.append(Condition(name, (compared[2],), compared[1]) if compared else Condition(name, values))
    return tuple(found)


def _values(table: Table, name: str, field: Field, given: object) -> tuple[str, ...]:
    if field.sort is Sort.DAY:
        raise table.wrong(f"“{name}”是日期，不能用作条件；可以用“已……”一类的项目")
    if field.sort is Sort.YES:
        if not isinstance(given, bool):
            raise table.wrong(f"“{name}”应为 true 或者 false，现为 {given!r}")
        return (field.words[0] if given else field.words[1],)
    values = tuple(given) if isinstance(given, list) else (given,)
    texts = tuple(value for value in values if isinstance(value, str))
    if not values or len(texts) != len(values):
        raise table.wrong(f"“{name}”应为文字，或者文字的列表，现为 {given!r}")
    if field.sort is Sort.NUMBER:
        if len(texts) != 1 or not _COMPARISON.fullmatch(texts[0]):
            raise table.wrong(f'“{name}”是数，应写作 ">=5" 这样的一个比较，现为 {given!r}')
    elif field.words and (unknown := [text for text in texts if text and text not in field.words]):
        near = difflib.get_close_matches(unknown[0], field.words, n=1, cutoff=0.3)
        hint = f"是不是“{near[0]}”？" if near else ""
        raise table.wrong(
            f"“{name}”没有“{_EITHER.join(unknown)}”。{hint}可用：{_EITHER.join(map(str, field.words))}"
        )
    return texts


def sql_of(conditions: Conditions, population: Population) -> list[sa.ColumnElement[Any]]:
    """Conditions as SQL."""
    return [_sql(one, population.fields[one.field]) for one in conditions]


def _sql(one: Condition, field: Field) -> sa.ColumnElement[Any]:
    if one.compares:
        return field.expression.op(one.compares, is_comparison=True)(int(one.values[0]))
    values = [field.codes.get(value, value) for value in one.values]
    return field.expression == values[0] if len(values) == 1 else field.expression.in_(values)
