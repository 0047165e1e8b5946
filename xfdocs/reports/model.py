"""What a report says, before anybody asks how it is printed: tables of numbers that can be traced.

A `Number` knows how it was counted; a `Table` knows which of its numbers add up to which.  Both are
plain values: the same tables become a docx, a PDF, a workbook and JSON, which therefore cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

DASH = "—"
"""No data, or a rate over nothing: neither is 0 (R36, R37)."""
HIDDEN = "＊"
"""A number that a public version keeps back."""


ABSENT = "未登记"
"""What the records do not say, as people read it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a field has one of some words, or a number compares with a limit."""

    field: str
    values: tuple[str, ...]
    """Words; an empty one: nothing is said there."""
    compares: str = ""
    """For a number: ``>=`` and the like; *values* is the limit."""

    @property
    def told(self) -> tuple[str, ...]:
        """As a definition writes it."""
        return (self.compares + self.values[0],) if self.compares else self.values

    @property
    def words(self) -> str:
        """As people read it."""
        if self.compares:
            return f"{self.field}{self.compares}{self.values[0]}"
        return f"{self.field}为{'或者'.join(f'“{value or ABSENT}”' for value in self.values)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How a number was counted: enough to count it again, and to list what is behind it."""

    measure: str
    """Name of the definition: 收件, I03 …"""
    version: int
    """Of the definition."""
    first: dt.date
    """The window, both days included."""
    last: dt.date
    where: tuple[Condition, ...] = ()
    """Conditions beyond the definition's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a report."""

    value: int | Fraction | None
    """Exact; None where there is nothing to say: no data, or a rate over nothing."""
    unit: str
    """件, 批, 人次, 天, % …; a rate of 97.5 % has the value 39/40."""
    digits: int = 0
    """Decimals as printed."""
    source: Source | None = None
    """None for what is derived from other numbers of the same table."""
    numerator: int | None = None
    """Of a rate or a mean, with its denominator."""
    denominator: int | None = None
    words: str = ""
    """What is printed in its place: a target such as 不低于98%."""
    hidden: bool = False
    """Kept back in a public version; its value must not be printed, nor written anywhere."""

    @property
    def text(self) -> str:
        """As printed: rounded half up (R37), — for no value, ＊ for a hidden one."""
        if self.hidden:
            return HIDDEN
        if self.words:
            return self.words
        if self.value is None:
            return DASH
        scaled = Fraction(self.value) * (100 if self.unit == "%" else 1)
        return f"{rounded(scaled, self.digits)}{'%' if self.unit == '%' else ''}"


def rounded(value: Fraction, digits: int) -> str:
    """A number with so many decimals, rounded half up, away from zero."""
    whole = 10**digits
    size, rest = divmod(abs(value) * whole, 1)
    size += rest * 2 >= 1
    figures = f"{int(size):0{digits + 1}d}"
    sign = "-" if value < 0 and size else ""
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}" if digits else f"{sign}{figures}"


class Part(StrEnum):
    """What a line is in its table."""

    PLAIN = "plain"
    """One of the parts a total is made of, or a line of its own."""
    OF_WHICH = "of-which"
    """其中: part of the line above it; not added again."""
    TOTAL = "total"
    """合计."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table: a head, and a number for each column."""

    key: str
    """Tells it from the others in its table."""
    head: str
    numbers: tuple[Number, ...]
    part: Part = Part.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of numbers."""

    key: str
    head: str
    unit: str = ""
    """件, 批, 人次, %, 天; empty where its lines differ."""


@dataclass(frozen=True, slots=True)
class Place:
    """A number's place in its table."""

    line: str
    column: str


@dataclass(frozen=True, slots=True)
class Sum:
    """An addition that holds in a table: *total* = the sum of *parts*.

    A workbook writes it as a formula, a test proves it, and suppression must reckon with it.
    """

    total: Place
    parts: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A number that is derived from two others of the table, or of their difference.

    ``change`` false: *value* = *above* / *below*; true: *value* = (*above* − *below*) / *below* (环比, 同比: I15).
    """

    value: Place
    above: Place
    below: Place
    change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of numbers."""

    id: str
    title: str
    head: str
    """Head of the first column, over the heads of the lines: 形式, 责任单位 …"""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...] = ()
    quotients: tuple[Quotient, ...] = ()
    notes: tuple[str, ...] = ()
    """Counting rule and reservations, printed below it."""

    def number(self, place: Place) -> Number:
        """The number at a place. Raises `KeyError` for a place it does not have."""
        line = next((line for line in self.lines if line.key == place.line), None)
        at = next((n for n, column in enumerate(self.columns) if column.key == place.column), None)
        if line is None or at is None:
            raise KeyError(place)
        return line.numbers[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one report says."""

    kind: str
    """Slug of its document kind: monthly-statistics …"""
    title: str
    organ: str
    period: str
    """As people read it, e.g. 2026年9月."""
    code: str
    """As it is typed, e.g. 2026-09."""
    first: dt.date
    last: dt.date
    as_of: dt.date
    """截止日: what happened later does not count."""
    over: bool
    """Whether the period had ended when it was made."""
    tables: tuple[Table, ...]
    heads: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What its wording calls the windows: 本期称 → 本季度, 上期称, 去年同期称."""
    notes: tuple[str, ...] = ()
    """附注: rules of counting, versions, what was left out and why."""
    left_out: tuple[str, ...] = field(default=())
    """Records that could not be counted, each with its file and why (internal; never in a public version)."""
    public: bool = False
    """Whether small numbers were kept back."""

    def table(self, name: str) -> Table:
        """The table of that id. Raises `KeyError` if there is none."""
        for table in self.tables:
            if table.id == name:
                return table
        raise KeyError(name)
