"""Packages where they lie, and what the register knows of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from xfdocs.archive.bag import Bag
from xfdocs.archive.checks.model import Known
from xfdocs.archive.entries import Entry as Line
from xfdocs.archive.entries import entry_of
from xfdocs.archive.inventory import inventory_of
from xfdocs.errors import NoPackages, RegisterAbsent
from xfdocs.office import Office
from xfdocs.register.entry import Entry, EntryState
from xfdocs.register.recorded import of_volume
from xfdocs.register.register import Register

FOLDER = "archive"
"""Where an office keeps its packages."""
_SUFFIXES = (".zip", ".tar")
_SIGN = "bagit.txt"


def packages_at(paths: Iterable[Path]) -> list[Path]:
    """The packages that paths stand for: a package as it is, a folder with every package below it, in the order of their paths.

    Raises `NoPackages` for a folder without any, or a path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        inside = list(_below(path)) if path.exists() else []
        if not inside:
            raise NoPackages(where=path)
        found += inside
    return list(dict.fromkeys(found))


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir() or (path / _SIGN).is_file():
        yield path
        return
    for entry in sorted(os.scandir(path), key=lambda one: one.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        elif entry.name.endswith(_SUFFIXES):
            yield Path(entry.path)


def known_of(office: Office) -> dict[Path, Known]:
    """What the register of an office says of its packages, by where they lie; nothing if it has no register."""
    try:
        with Register.open(office, create=False) as register:
            entries = [one for one in register.entries(state=EntryState.ISSUED) if of_volume(one)]
    except RegisterAbsent:
        return {}
    notes = {
        path: note
        for one in entries
        if (note := note_at(office, one))
        for path in [office.folder / note["package"]]
    }
    numbers = {number: note["case"] for note in notes.values() for number in note["numbers"]}
    return {
        path.resolve(): Known(
            identity=note["digest"], case=note["case"], previous=note["predecessor"], numbers=numbers
        )
        for path, note in notes.items()
    }


def note_at(office: Office, entry: Entry) -> dict[str, Any]:
    """The note on which the entry of a volume rests; empty if that has been lost, or touched."""
    try:
        data = (office.folder / entry.record).read_bytes()
    except OSError:
        return {}
    if hashlib.sha256(data).hexdigest() != entry.record_sha256:
        return {}
    note: dict[str, Any] = json.loads(data)
    return note


def line_at(path: Path) -> Line:
    """The line of a package in a catalogue: what its metadata say, its identity, and when its term ends.

    A term of ten years of the year 2016 begins with 2017 and ends with 2026 (国家档案局令第8号).  Raises `MetadataBroken`.
    """
    bag = Bag.open(path)
    inventory = inventory_of(lambda name: payload(bag, name))
    years = _YEARS.get(inventory.retention)
    return entry_of(inventory, digest=bag.digest, expires=inventory.year + years if years else None)


def payload(bag: Bag, name: str) -> bytes:
    """A small file of a package's payload."""
    with bag.read(f"data/{name}") as stream:
        return stream.read()


_YEARS = {"D30": 30, "D10": 10}
