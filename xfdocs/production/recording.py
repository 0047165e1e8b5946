"""Back into the record: what was issued for a case becomes its ``<文书>``.

A record that a person changed since it was surveyed is not overwritten; what another run wrote into it
(only ``<文书>``) is kept.  Callers hold the section ``records`` of the database, so that two runs never
write one record at the same moment.
"""

from __future__ import annotations

import errno
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xfdocs.errors import RecordChanged, RecordFault, XfdocsError
from xfdocs.files import Staging, sweep
from xfdocs.record.reader import read_bytes
from xfdocs.record.writeback import facts_digest, with_issued
from xfdocs.register.entry import Entry
from xfdocs.register.recorded import issued_of


@dataclass(frozen=True, slots=True)
class ToRecord:
    """What one record is to say."""

    path: Path
    sha256: str
    """Of its bytes when it was surveyed."""
    facts: str
    """Of those bytes without ``<文书>``."""
    entries: tuple[Entry, ...]
    """Everything that was issued for the case, void or not."""


def record_all(items: Iterable[ToRecord]) -> dict[Path, XfdocsError]:
    """Write what was issued into its records; the records that were left alone, and why."""
    troubles: dict[Path, XfdocsError] = {}
    stamps: dict[Path, _Stamp] = {}
    # A link stays a link: what it points to is replaced.
    paths = {item.path.resolve(): item for item in items}
    sweep_beside(paths)
    with Staging() as staging:
        for path, item in paths.items():
            try:
                stamps[path] = _prepare(item, path, staging)
            except XfdocsError as error:
                troubles[item.path] = error
        for path in staging.commit(lambda path: _stamp(path) == stamps[path]):
            troubles[paths[path].path] = RecordChanged(file=paths[path].path)
    return troubles


def sweep_beside(paths: Iterable[Path]) -> None:
    """Take away what a killed run left beside these records: each folder is looked through once."""
    names = defaultdict(list)
    for path in paths:
        names[path.parent].append(path.name)
    for folder, some in names.items():
        with suppress(PermissionError):  # then nothing can be written there either, and that is said
            sweep(folder, *some)


_Stamp = tuple[int, ...]


def _stamp(path: Path) -> _Stamp:
    """What tells a file from the same file written again; empty if it is gone."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _prepare(item: ToRecord, path: Path, staging: Staging) -> _Stamp:
    """Stage a record with its documents, unless it says all of it already; how its file looked before."""
    stamp = _stamp(path)
    if not stamp:
        raise RecordFault(message=f"{item.path} 已经不在，没有写回。放回以后再运行一次 issue 即可。")
    data = read_bytes(path)
    if _digest(data) != item.sha256 and _facts(data) != item.facts:
        raise RecordChanged(file=item.path)
    new = with_issued(data, [issued_of(entry) for entry in item.entries], item.path)
    if new == data:
        return stamp
    try:
        staging.put(path, new)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise  # a full disk stops everybody
        raise RecordFault(
            message=f"{item.path} 不能改写，没有写回。改好权限以后再运行一次 issue 即可。"
        ) from error
    return stamp


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _facts(data: bytes) -> str:
    with suppress(XfdocsError):
        return facts_digest(data)
    return ""
