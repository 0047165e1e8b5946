"""How long a case is kept: the office's own table, never ours (R38; 国家档案局令第8号 6, 12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from xfdocs.errors import ArchiveSettingInvalid, RetentionMissing
from xfdocs.office import Office
from xfdocs.record.codes import Retention
from xfdocs.record.derived import accuses, headcount
from xfdocs.record.events import Execution, Hearing, Recheck, RecheckRequest, Reply, Review, ReviewRequest
from xfdocs.record.model import Case
from xfdocs.resources import shipped
from xfdocs.tables import Table

FILE = "retention.toml"
_MANY = 5
"""集体访 and 联名信 begin with five persons, as they are counted (domain of the statistics)."""
PERIODS: Mapping[str, Retention] = MappingProxyType(
    {"永久": Retention.PERMANENT, "30年": Retention.THIRTY, "10年": Retention.TEN}
)
_BY_HAND = "案件记录的归档一节写明"


def _has(*kinds: type) -> Callable[[Case], bool]:
    return lambda case: any(isinstance(event, kinds) for event in case.events)


CONDITIONS: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        "批示": lambda case: any("批示" in one.name for one in case.attachments),
        "处理结果": _has(Reply, Review, Recheck, Execution),
        "复查复核": _has(ReviewRequest, Review, RecheckRequest, Recheck),
        "听证": _has(Hearing),
        "集体": lambda case: headcount(case) >= _MANY,
        "检举控告": lambda case: any(accuses(case, event) for event in case.events),
    }
)
"""What a row may ask, by the word that the table uses."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    title: str
    when: tuple[str, ...]
    retention: Retention

    def holds(self, case: Case) -> bool:
        """Whether a case has everything that the row asks for."""
        return all(CONDITIONS[name](case) for name in self.when)


@dataclass(frozen=True, slots=True)
class RetentionTable:
    """保管期限表."""

    title: str
    source: str
    verified: bool
    rows: tuple[Row, ...]

    def of(self, case: Case) -> tuple[Retention, str]:
        """How long a case is kept, and by which row: what a person has written into the record goes before the table."""
        if case.archive is not None:
            return case.archive.retention, _BY_HAND
        row = next(row for row in self.rows if row.holds(case))  # the last one asks for nothing
        return row.retention, row.title


def retention_table(office: Office) -> RetentionTable:
    """The table of an office.

    Raises:
        RetentionMissing: it has none, or nobody has approved it.
        ArchiveSettingInvalid: it is not written as a table is.
    """
    path = office.piece(FILE)
    if path is None:
        raise RetentionMissing(where=office.folder / FILE, what="单位文件夹里没有")
    table, approved = _read(path)
    if not approved:
        raise RetentionMissing(where=path, what="还没有写明经过批准（approved = true）")
    return table


def sample_text() -> str:
    """The table that an office may begin its own with; nobody has verified it."""
    return shipped("schemas", "archive", FILE).read_text(encoding="utf-8")


def _read(path: Path) -> tuple[RetentionTable, bool]:
    table = Table.read(path, ArchiveSettingInvalid)
    rows = []
    for entry in table.rows("row"):
        rows.append(
            Row(
                entry.take("title", str),
                entry.some_of("when", CONDITIONS, []),
                PERIODS[entry.one_of("retention", PERIODS)],
            )
        )
        entry.close()
    if not rows or rows[-1].when or any(not row.when for row in rows[:-1]):
        raise table.wrong("最后一行、也只有最后一行不写条件（when），这样每一件都有保管期限")
    found = RetentionTable(
        table.take("title", str), table.take("source", str), table.take("verified", bool), tuple(rows)
    )
    approved = table.take("approved", bool)
    table.close()
    return found, approved
