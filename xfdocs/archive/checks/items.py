"""The items and their data, as ``schemas/archive/checks.toml`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from xfdocs.archive.checks.model import By, Item, Nature
from xfdocs.errors import ChecksInvalid
from xfdocs.record.findings import Severity
from xfdocs.resources import digest_of, shipped
from xfdocs.tables import Table

VERIFIED = ("编号", "名称", "复原")
"""How far an item was verified: its number was seen, its name was seen, it was reconstructed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Everything that is checked, and against which values."""

    items: tuple[Item, ...]
    lengths: Mapping[str, int]
    """Most characters of an element."""
    domains: Mapping[str, frozenset[str]]
    """Values an element may have."""
    numbers: tuple[re.Pattern[str], ...]
    """Forms of a 档号."""
    elements: Mapping[str, tuple[str, ...]]
    """Metadata elements that a package, a volume, a material and a file must have."""
    files: tuple[str, ...]
    """Files of the payload that must be there."""
    events: tuple[str, ...]
    """PREMIS event types that must be there."""
    programs: frozenset[str]
    """Extensions of programs, small letters without the dot."""
    stamp: str
    """Digest of the file: a result belongs to the checklist it was got with."""


@cache
def checklist() -> Checklist:
    """The shipped checklist. Raises `ChecksInvalid` if it has a slip."""
    return read_checklist(shipped("schemas", "archive", "checks.toml"))


def read_checklist(file: Path) -> Checklist:
    """A checklist from its file."""
    table = Table.read(file, ChecksInvalid)
    items = tuple(_item(row) for row in table.rows("item"))
    if repeated := {one.id for one in items if sum(other.id == one.id for other in items) > 1}:
        raise table.wrong(f"代号重复：{'、'.join(sorted(repeated))}")
    domains = table.section("domains")
    required = table.section("required")
    unwanted = table.section("unwanted")
    numbers = table.section("numbers")
    found = Checklist(
        items=items,
        lengths=MappingProxyType(table.section("lengths").entries(int)),
        domains=MappingProxyType({name: frozenset(values) for name, values in domains.entries(list).items()}),
        numbers=tuple(_pattern(text, numbers) for text in numbers.texts("patterns")),
        elements=MappingProxyType(
            {name: required.texts(name) for name in ("package", "volume", "material", "file")}
        ),
        files=required.texts("files"),
        events=required.texts("events"),
        programs=frozenset(unwanted.texts("programs")),
        stamp=digest_of([(file.name, file)]),
    )
    for section in (table, required, unwanted, numbers):
        section.close()
    return found


def _item(row: Table) -> Item:
    item = Item(
        id=row.take("id", str),
        nature=row.choice("nature", Nature),
        title=row.take("title", str),
        how=row.take("how", str),
        source=row.take("source", str),
        verified=row.one_of("verified", VERIFIED),
        severity=row.choice("severity", Severity),
        by=row.choice("by", By),
        todo=row.take("todo", str, ""),
    )
    row.close()
    if bool(item.todo) is not (item.by is By.PERSON):
        raise row.wrong("由人检测的项目（by = person）写 todo，其余的不写")
    return item


def _pattern(text: str, table: Table) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise table.wrong(f"正则表达式“{text}”有误（{error}）") from error
