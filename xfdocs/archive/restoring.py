"""From a package back into an office: the record, its documents and attachments, the rows of the register, the package itself.

Nothing that is there is replaced: what is the same is left alone, what differs stops everything before a file is written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from xfdocs.archive.bag import Bag, check_bag
from xfdocs.archive.building import RECORD, place_of
from xfdocs.archive.inventory import Inventory, inventory_of
from xfdocs.archive.model import Part, Role
from xfdocs.archive.names import path_flaws
from xfdocs.archive.registered import EXTRACT, note_again
from xfdocs.archive.shelf import payload
from xfdocs.errors import PackageUnsafe, RestoreInTheWay
from xfdocs.files import Staging
from xfdocs.office import Office
from xfdocs.register.entry import Entry, EntryState, FileEntry
from xfdocs.register.recorded import of_volume
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
    place, digest, proof = _where(package, inventory, bag, office)
    wanted = dict(_files(bag, inventory, extract, office))
    note = note_again(extract, place.relative_to(office.folder).as_posix(), digest)
    wanted[office.folder / _inside(extract["note"])] = note
    for part in inventory.others:
        if part.role is Role.CATALOGUE and part.path.suffix == ".pdf" and part.path.stem.endswith("目录"):
            seq = int(part.path.stem.partition("-")[0])
            name = f"{place.name.removesuffix(place.suffix) if place.is_file() else place.name}-{part.path.stem.partition('-')[2]}-{seq}.pdf"
            wanted[place.with_name(name)] = payload(bag, part.path.as_posix())
    new = {path: data for path, data in wanted.items() if not _same(path, data)}
    entries = list(_entries(extract, wanted, office, proof, note))
    with Register.open(office) as register:
        _copy(package, place)
        with Staging() as staging:
            for path, data in new.items():
                staging.put(path, data)
            staging.commit(lambda path: not path.exists())
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


def _where(package: Path, inventory: Inventory, bag: Bag, office: Office) -> tuple[Path, str, FileEntry]:
    """Where the package lies in the office, its identity, and the file by which the register knows it."""
    base = place_of(inventory, office)
    place = base if package.is_dir() else base.with_name(base.name + package.suffix)
    proof = package / "tagmanifest-sha256.txt" if package.is_dir() else package
    named = place / "tagmanifest-sha256.txt" if package.is_dir() else place
    with proof.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path = PurePosixPath(named.relative_to(office.folder).as_posix())
    return place, bag.digest, FileEntry("bag", path, sha256, proof.stat().st_size)


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


def _copy(package: Path, place: Path) -> None:
    """The package into the office's archive, unless it lies there; whole or absent."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.part")
    shutil.rmtree(temporary, ignore_errors=True)
    if package.is_dir():
        shutil.copytree(package, temporary)
    else:
        shutil.copyfile(package, temporary)
    temporary.rename(place)


def _entries(
    extract: dict[str, Any], wanted: dict[Path, bytes], office: Office, proof: FileEntry, note: bytes
) -> Iterator[Entry]:
    """What the register had: documents as they were, volumes issued with what lies there now."""
    digest = hashlib.sha256(note).hexdigest()
    catalogues = sorted(path for path in wanted if path.suffix == ".pdf" and "目录" in path.name)
    for row in extract["entries"]:
        entry = entry_of_row(row)
        if not of_volume(entry):
            yield entry
            continue
        files = [proof] if entry.kind == "case-version" or entry.event == 1 else []
        if entry.kind == "case-volume":
            path = catalogues[entry.event - 1]
            data = wanted[path]
            name = PurePosixPath(path.relative_to(office.folder).as_posix())
            files.insert(0, FileEntry("pdf", name, hashlib.sha256(data).hexdigest(), len(data)))
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
