"""From a package back into an office: the record, its documents and attachments, the rows of the register, the package itself.

Nothing that is there is replaced: what is the same is left alone, what differs stops everything before a file is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from xfdocs.archive.bag import Bag, check_bag
from xfdocs.archive.bag.texts import value_of
from xfdocs.archive.building import RECORD, VERSION_LABEL, catalogue_beside, is_catalogue, place_of
from xfdocs.archive.inventory import Inventory, inventory_of
from xfdocs.archive.model import Part, Role
from xfdocs.archive.names import path_flaws
from xfdocs.archive.numbering import VERSION, VOLUME
from xfdocs.archive.registered import BAG, EXTRACT, note_again
from xfdocs.archive.shelf import payload
from xfdocs.archive.yearbook import rules_path
from xfdocs.errors import PackageUnsafe, RestoreInTheWay, XfdocsError
from xfdocs.files import Staging, appearing, sweep
from xfdocs.office import Office
from xfdocs.register.entry import Entry, EntryState, FileEntry
from xfdocs.register.recorded import of_volume, volume_case
from xfdocs.register.register import Register
from xfdocs.register.rows import entry_of_row


@dataclass(frozen=True, slots=True)
class Restored:
    """What a package gave back."""

    case: str
    numbers: tuple[str, ...]
    record: Path
    files: int
    """How many files were written; what was there and the same does not count."""
    entries: int
    """How many rows the register did not have."""


def restore(package: Path, office: Office) -> Restored:
    """Put a case back from its package.

    Raises:
        PackageUnsafe: the package is not whole, or names places outside the office.
        RestoreInTheWay: a file or a number is there and is another one.
        RegisterUnreachable, RegisterBroken: the register cannot be used.
    """
    bag = Bag.open(package)
    if found := check_bag(bag):
        raise PackageUnsafe(package=package, what="；".join(str(one) for one in found[:3]))
    inventory = inventory_of(lambda name: payload(bag, name))
    extract = json.loads(payload(bag, EXTRACT.as_posix()))
    base = place_of(inventory, office)
    place, proof = _where(package, base, office, extract)
    note = note_again(extract, place.relative_to(office.folder).as_posix(), bag.digest)
    catalogues = dict(_catalogues(inventory, bag, base))
    with Register.open(office) as register:
        whole = not _has_later(register, inventory)
        wanted = dict(_files(bag, inventory, extract, office)) if whole else {}
        wanted |= {office.folder / _inside(extract["note"]): note} | dict(catalogues.values())
        rules = rules_path(office, inventory.year)
        if not rules.exists():
            wanted[rules] = extract["rules"].encode()
        entries = [
            one for one in _entries(extract, catalogues, office, proof, note) if whole or of_volume(one)
        ]
        new = {path: data for path, data in wanted.items() if not _same(path, data)}
        there = _lies_there(place, bag)
        register.check_restore(entries)
        if not there:
            _copy(package, place)
        with Staging() as staging:
            for path, data in new.items():
                staging.put(path, data)
            if refused := staging.commit(lambda path: not path.exists()):
                raise RestoreInTheWay(what=str(refused[0]))
        with register.begin_run({}) as run:
            added = register.restore(run, entries)
            run.end()
    return Restored(
        inventory.case,
        tuple(volume.number for volume in inventory.volumes),
        office.folder / extract["record"],
        len(new),
        added,
    )


def newest_first(packages: Iterable[Path]) -> list[Path]:
    """Packages in an order in which they can be restored: of a case that was packed again, its last version gives the record."""

    def version(package: Path) -> int:
        with suppress(XfdocsError, OSError), Bag.open(package) as bag:
            said = value_of(bag.info, VERSION_LABEL)
            return int(said) if said and said.isdecimal() else 1
        return 1  # what is wrong with it is said when it is restored

    return sorted(packages, key=version, reverse=True)


def _has_later(register: Register, inventory: Inventory) -> bool:
    """Whether the register has a later version of a package: then the record and the documents are that one's."""
    case = volume_case(inventory.case)
    return any(
        entry.kind == VERSION and entry.state is EntryState.ISSUED and entry.event > inventory.version
        for entry in register.entries_of([case])[case]
    )


def _catalogues(inventory: Inventory, bag: Bag, base: Path) -> Iterator[tuple[int, tuple[Path, bytes]]]:
    """The 卷内目录 of each volume, which lies beside the package too."""
    parts = (part for part in inventory.others if is_catalogue(part))
    for seq, part in enumerate(parts, start=1):
        yield seq, (catalogue_beside(base, part, seq), payload(bag, part.path.as_posix()))


def _where(package: Path, base: Path, office: Office, extract: dict[str, Any]) -> tuple[Path, FileEntry]:
    """Where the package lies in the office, and the file by which the register knows it."""
    place = base if package.is_dir() else base.with_name(base.name + package.suffix)
    proof = package / "tagmanifest-sha256.txt" if package.is_dir() else package
    named = place / "tagmanifest-sha256.txt" if package.is_dir() else place
    with proof.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path = PurePosixPath(named.relative_to(office.folder).as_posix())
    return place, FileEntry(BAG, path, sha256, proof.stat().st_size, _maker(extract, BAG))


def _maker(extract: dict[str, Any], fmt: str) -> str:
    """What made the files of a package that the register knows; empty in a package from before this was kept."""
    return str(extract.get("makers", {}).get(fmt, ""))


def _files(
    bag: Bag, inventory: Inventory, extract: dict[str, Any], office: Office
) -> Iterator[tuple[Path, bytes]]:
    yield office.folder / _inside(extract["record"]), payload(bag, RECORD.as_posix())
    for part in inventory.parts():
        if (folder := _folder(part, inventory, extract, office)) is not None:
            yield folder / _inside(part.name), payload(bag, part.path.as_posix())


def _folder(part: Part, inventory: Inventory, extract: dict[str, Any], office: Office) -> Path | None:
    if part.role is Role.ATTACHMENT:
        return (office.folder / _inside(extract["record"])).parent
    if part.role in {Role.DOCUMENT, Role.EDITABLE}:
        return office.folder / office.issued / _inside(inventory.case)
    return None


def _inside(name: str) -> str:
    """A name that stays where it is put. Raises `PackageUnsafe`."""
    if flaws := path_flaws(name):
        raise PackageUnsafe(package=name, what="、".join(flaw.value for flaw in flaws))
    return name


def _same(path: Path, data: bytes) -> bool:
    """Whether a file is there already. Raises `RestoreInTheWay` if another one is."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return False
    if there != data:
        raise RestoreInTheWay(what=str(path))
    return True


def _lies_there(place: Path, bag: Bag) -> bool:
    """Whether the package lies in the office's archive already. Raises `RestoreInTheWay` if another one does."""
    if not os.path.lexists(place):
        return False
    try:
        with Bag.open(place) as other:
            same = other.digest == bag.digest
    except (XfdocsError, OSError):
        same = False
    if not same:
        raise RestoreInTheWay(what=str(place))
    return True


def _copy(package: Path, place: Path) -> None:
    """The package into the office's archive; whole or absent."""
    place.parent.mkdir(parents=True, exist_ok=True)
    sweep(place.parent, place.name)
    with appearing(place, folder=package.is_dir()) as temporary:
        if package.is_dir():
            shutil.copytree(package, temporary, dirs_exist_ok=True)
        else:
            shutil.copyfile(package, temporary)


def _entries(
    extract: dict[str, Any],
    catalogues: dict[int, tuple[Path, bytes]],
    office: Office,
    proof: FileEntry,
    note: bytes,
) -> Iterator[Entry]:
    """What the register had: what was issued before the package as it was, what came with it as issued with what lies there now."""
    digest = hashlib.sha256(note).hexdigest()
    for row in extract["entries"]:
        entry = entry_of_row(row)
        if not of_volume(entry) or entry.state is not EntryState.RESERVED:
            yield entry
            continue
        files = []
        if entry.kind == VOLUME:
            path, data = catalogues[entry.event]
            name = PurePosixPath(path.relative_to(office.folder).as_posix())
            maker = _maker(extract, "pdf")
            files.append(FileEntry("pdf", name, hashlib.sha256(data).hexdigest(), len(data), maker))
        if entry.kind == VERSION or (entry.event == 1 and extract["filed"]["version"] == 1):
            files.append(proof)
        yield _issued(entry, tuple(files), digest)


def _issued(entry: Entry, files: tuple[FileEntry, ...], digest: str) -> Entry:
    return replace(
        entry,
        state=EntryState.ISSUED,
        files=files,
        record_sha256=digest,
        recorded=True,
        issued_at=entry.reserved_at,
    )
