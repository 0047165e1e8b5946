"""The order inside a volume: groups of documents and attachments, as data (R39)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xfdocs.errors import ArchiveSettingInvalid
from xfdocs.office import Office
from xfdocs.resources import shipped
from xfdocs.tables import Table

FOLDER = "archive-orders"
"""Where an office keeps orders of its own."""


@dataclass(frozen=True, slots=True)
class Group:
    """What stands together inside a volume."""

    code: str
    title: str
    kinds: tuple[str, ...]
    """Slugs of documents."""
    words: tuple[str, ...]
    """An attachment whose name has one of them belongs here."""


@dataclass(frozen=True, slots=True)
class Order:
    """卷内排列."""

    slug: str
    title: str
    source: str
    verified: bool
    groups: tuple[Group, ...]

    def of_kind(self, slug: str) -> int:
        """The place of the group of a document; the last one if none names its kind."""
        return next((n for n, group in enumerate(self.groups) if slug in group.kinds), len(self.groups) - 1)

    def of_name(self, name: str) -> int:
        """The place of the group of an attachment: that which has the longest word of its name."""
        found = [
            (len(word), -n) for n, group in enumerate(self.groups) for word in group.words if word in name
        ]
        return -max(found)[1] if found else len(self.groups) - 1


def order_of(office: Office) -> Order:
    """The order that an office uses.  Raises `ArchiveSettingInvalid` if there is none of that name, or it is wrong."""
    slug = office.archive.order
    path = office.piece(FOLDER, f"{slug}.toml")
    if path is None:
        names = orders()
        if slug not in names:
            what = f"[archive] 的 order 是卷内排列的名称，可以写 {'、'.join(names)}，现为“{slug}”"
            raise ArchiveSettingInvalid(file=office.folder / "xfdocs.toml", what=what)
        path = shipped("schemas", "archive", "orders", f"{slug}.toml")
    return _read(path, slug)


def orders() -> tuple[str, ...]:
    """The names of the orders that come with the program."""
    return tuple(sorted(path.stem for path in shipped("schemas", "archive", "orders").glob("*.toml")))


def _read(path: Path, slug: str) -> Order:
    table = Table.read(path, ArchiveSettingInvalid)
    groups = []
    for entry in table.rows("group"):
        groups.append(
            Group(
                entry.take("code", str),
                entry.take("title", str),
                entry.texts("kinds", []),
                entry.texts("words", []),
            )
        )
        entry.close()
    if not groups or len({group.code for group in groups}) != len(groups):
        raise table.wrong("至少写一组 [[group]]，各组的 code 不能相同；最后一组收其余的")
    order = Order(
        slug, table.take("title", str), table.take("source", str), table.take("verified", bool), tuple(groups)
    )
    table.close()
    return order
