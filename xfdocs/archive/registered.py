"""What a package tells of the register, and what is kept beside the packages: enough to build the register up again.

A package holds an extract (`EXTRACT`): the entries of the case's documents and of its volumes.  Beside the packages lies a
note for each, on which the volumes' entries rest (`xfdocs.register.recorded.has_data`).
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from xfdocs.archive.yearbook import rules_path
from xfdocs.office import Office
from xfdocs.production.engines import pdf_engine_of
from xfdocs.register.entry import Entry
from xfdocs.register.rows import file_row, row_of

if TYPE_CHECKING:
    from xfdocs.archive.building import Numbers
    from xfdocs.archive.planning import Plan

EXTRACT = PurePosixPath("metadata/other/登记.json")
"""Where the extract lies in the payload."""
PROGRAM = f"xfdocs {version('xfdocs')}"
"""What makes packages."""
BAG = "bag"
"""What the register calls the format of a package."""
_FOLDER = "整理记录"


def note_path(plan: Plan, version: int) -> str:
    """Where the note of a package lies, relative to the office folder."""
    return f"archive/{plan.year}/{_FOLDER}/{plan.case}-{version}.json"


def facts_of(plan: Plan, numbers: Numbers, office: Office) -> dict[str, Any]:
    """How a case was filed: what the note and the extract say alike."""
    return {
        "case": plan.case,
        "numbers": list(numbers.volumes),
        "version": numbers.version,
        "predecessor": numbers.predecessor,
        "content": plan.content,
        "made": numbers.made.isoformat(),
        "order": office.archive.order,
        "retention": plan.retention.value,
        "ground": plan.ground,
    }


def note_of(plan: Plan, numbers: Numbers, office: Office, place: str, digest: str) -> bytes:
    """The note of a package that lies at *place* and has this identity."""
    return _written(facts_of(plan, numbers, office) | {"package": place, "digest": digest})


def note_again(extract: dict[str, Any], place: str, digest: str) -> bytes:
    """The same note, from the extract in the package."""
    return _written(extract["filed"] | {"package": place, "digest": digest})


def extract_of(plan: Plan, numbers: Numbers, office: Office) -> bytes:
    """What the register says of a case when it is packed, and will say of the package: what makes its files."""
    return _written(
        {
            "filed": facts_of(plan, numbers, office),
            "note": note_path(plan, numbers.version),
            "record": _record_path(plan, office),
            "rules": rules_path(office, plan.year).read_text(encoding="utf-8"),
            "makers": {"pdf": pdf_engine_of(office).maker, BAG: PROGRAM},
            "entries": [_row(entry) for entry in numbers.entries],
        }
    )


def _record_path(plan: Plan, office: Office) -> str:
    """Where the record belongs, relative to the office folder; one that lay elsewhere goes to the others."""
    path = plan.path.resolve()
    return (
        path.relative_to(office.folder).as_posix()
        if path.is_relative_to(office.folder)
        else f"{office.cases}/{path.name}"
    )


def _row(entry: Entry) -> dict[str, Any]:
    """An entry's row without whose run it was: one that is gone on with by another run gives the same package."""
    return {**row_of(entry), "run": "", "files": [file_row(entry.id, file) for file in entry.files]}


def _written(value: dict[str, Any]) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()
