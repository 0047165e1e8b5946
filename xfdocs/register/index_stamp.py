"""By what the index tells that nothing has changed: a record's file, the files attached to it, and the rules.

Size and time of the last change tell it for a file that was at rest when it was read; a clock that ticks in
steps cannot tell two changes within one step apart, so a file changed just now is compared by its content again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lxml import etree

import xfdocs
from xfdocs.office import CONFIG, Office
from xfdocs.record.reader import parse_tree
from xfdocs.record.schema import qualified
from xfdocs.resources import digest_of, shipped

AT_REST = 2_000_000_000
"""Nanoseconds after which a file's time of change is trusted: FAT counts in steps of two seconds."""
_READING = (
    "errors",
    "office.py",
    "rules",
    "record",
    "register/index_facts.py",
    "register/index_stamp.py",
    "register/index_tables.py",
)
"""What of the program decides how a record is read, and what the index keeps of it."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """How a file looks from outside."""

    size: int
    """Bytes."""
    mtime_ns: int
    settled: bool
    """Whether it had been at rest long enough for the other two to tell whether it is the same."""

    def columns(self) -> dict[str, int]:
        """As the index keeps it."""
        return {"size": self.size, "mtime_ns": self.mtime_ns, "settled": self.settled}

    @classmethod
    def of(cls, path: Path | str) -> FileStamp | None:
        """The stamp of a plain file; None if there is none that can be looked at."""
        try:
            seen = os.stat(path)  # noqa: PTH116 - asked for every record of an office: a Path costs as much again
        except OSError:
            return None
        if not stat.S_ISREG(seen.st_mode):
            return None
        return cls(seen.st_size, seen.st_mtime_ns, seen.st_mtime_ns < time.time_ns() - AT_REST)


def rules_digest(office: Office) -> str:
    """A digest of all that decides how a record of this office is read, beside the record; 32 hexadecimal figures."""
    package = Path(xfdocs.__file__).parent
    places = [
        ("schemas", shipped("schemas")),
        ("regulations", office.folder / "regulations"),
        ("calendars", office.folder / "calendars"),
        ("settings", office.folder / CONFIG),
        *((name, package / name) for name in _READING),
    ]
    versions = "".join(f"{name} {version(name)}\n" for name in ("xfdocs", "lxml"))
    return hashlib.sha256((digest_of(places) + versions).encode()).hexdigest()[:32]


def attachments_digest(names: Iterable[str], folder: Path) -> str:
    """How the files attached to a record lie on disk: a digest of places, sizes and times; their names do not show.

    *names* are relative to *folder*, the record's.  Empty if one of them was changed just now, so that
    it can be equal to no other; see `FileStamp.settled`.
    """
    told = hashlib.sha256()
    base = folder.resolve()
    for name in names:
        real = (folder / name).resolve()
        found = FileStamp.of(real)
        if found is not None and not found.settled:
            return ""
        seen = (found.size, found.mtime_ns) if found is not None else None
        told.update(f"{name}\0{os.path.relpath(real, base)}\0{seen}\0".encode())
    return told.hexdigest()[:32]


def attached_in(data: bytes, path: Path) -> tuple[str, ...]:
    """The names of attached files in a record's bytes that validation has accepted before."""
    root = parse_tree(data, path)
    nodes = root.findall(f"{qualified('附件')}/{qualified('文件')}")
    return tuple("".join(map(str, node.itertext(tag=etree.Element))) for node in nodes)
