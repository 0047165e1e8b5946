"""What an issued report says, kept as data beside the reports of its period, so that it can be compared and proved.

The file's digest stands in the register.  Numbers and lists decide whether a report would say something else
now; the notes (from how many records it was counted, with which version of the program) do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from xfdocs.document.model import Block
from xfdocs.reports.model import Number, Report

_FOLDER = "reports"
_DATA = "data"


@dataclass(frozen=True)
class Paper:
    """A report that is to become a document with a number."""

    report: Report
    unit: str = ""
    """Who alone is told; empty for a report to everybody."""
    names: Mapping[str, Any] = field(default_factory=dict)
    """What its wording names beside the numbers."""
    figures: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    lists: Mapping[str, list[list[str]]] = field(default_factory=dict)
    """Lists it prints, as data."""

    @property
    def facts(self) -> dict[str, Any]:
        """All it says of the period."""
        report = self.report
        return {
            "kind": report.kind,
            "unit": self.unit,
            "organ": report.organ,
            "period": report.code,
            "as_of": report.as_of.isoformat(),
            "tables": list(_tables(report)),
            "lists": dict(self.lists),
        }

    @property
    def data(self) -> bytes:
        """The data file: facts and notes."""
        content = {"facts": self.facts, "notes": list(self.report.notes)}
        return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def data_path(self, event: int) -> str:
        """Where its data is kept, relative to the office folder; other data lies under another name.

        Built from our own names only.
        """
        digest = hashlib.sha256(self.data).hexdigest()[:12]
        name = f"{self.report.kind}-{event:02d}-{digest}.json"
        return str(PurePosixPath(_FOLDER, self.report.code, _DATA, name))


def _tables(report: Report) -> Iterator[dict[str, Any]]:
    for table in report.tables:
        yield {
            "id": table.id,
            "columns": [column.head for column in table.columns],
            "lines": [[line.head, *map(_exact, line.numbers)] for line in table.lines],
        }


def _exact(number: Number) -> str:
    """A number without rounding; what is printed where there is none."""
    return (
        number.text if number.hidden or number.words or number.value is None else str(Fraction(number.value))
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """What an issued report said."""

    facts: dict[str, Any]
    notes: tuple[str, ...]


def stored(path: Path, sha256: str) -> Stored | None:
    """The data of an issued report; None if the file is not there, or not what it was."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        return None
    content = json.loads(data)
    return Stored(content["facts"], tuple(content["notes"]))
