"""What was checked before: a file of JSON lines, so that the next run need not look again at what nobody has touched.

A line is one package that was found intact, with what it looked like from outside and what it was asked.  Lines are appended and
are on the disk before the results are told; of two about one package the later counts.  A line that was being written when a process
was killed is no line.  A package that was not intact is always looked at again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from xfdocs.archive.checks.items import Checklist
from xfdocs.archive.checks.model import Check, Known, Result, Terms, Verdict, Verified
from xfdocs.files import write_whole

_VERSION = 1
"""Of the form of a line."""
_TIDY_AFTER = 4
"""The file is written anew when it has so many times more lines than packages."""


class State:
    """The state file of runs over an archive."""

    def __init__(self, file: Path, listed: Checklist) -> None:
        self.file = file
        self._listed = {item.id: item for item in listed.items}
        self._lines: dict[str, dict[str, Any]] = {}
        """By the path of the package."""
        self._torn = False
        """The last line has no end: it was being written when somebody was killed."""
        self._count = 0
        self._read()

    def _read(self) -> None:
        try:
            data = self.file.read_bytes()
        except FileNotFoundError:
            return
        self._torn = bool(data) and not data.endswith(b"\n")
        for line in data.splitlines():
            self._count += 1
            try:
                entry = json.loads(line)
                if entry["form"] == _VERSION:
                    self._lines[entry["package"]] = entry
            except (ValueError, KeyError, TypeError):  # torn, or of another program: as if it were not there
                continue

    def earlier(
        self, path: Path, print_: str, asked: str, on: dt.datetime, age: dt.timedelta
    ) -> Verified | None:
        """What an earlier run found about a package that looks as it did, asked the same not longer than *age* ago."""
        entry = self._lines.get(str(path.absolute()))
        if entry is None or not print_ or (entry["print"], entry["asked"]) != (print_, asked):
            return None
        try:
            found = self._verified(path, entry)
        except (ValueError, KeyError, TypeError):
            return None
        return found if dt.timedelta(0) <= on - found.on <= age and found.verdict is Verdict.INTACT else None

    def _verified(self, path: Path, entry: Mapping[str, Any]) -> Verified:
        checks = []
        for name, result, detail in entry["checks"]:
            item = self._listed[name]
            checks.append(Check(item.id, item.nature, item.title, Result(result), detail, item.severity))
        if len(checks) != len(self._listed):
            raise ValueError("not all items")
        return Verified(
            package=path,
            on=dt.datetime.fromisoformat(entry["on"]),
            checks=tuple(checks),
            identity=entry["identity"],
            case=entry["case"],
            numbers=tuple(entry["numbers"]),
            files=entry["files"],
            octets=entry["octets"],
            earlier=True,
        )

    def keep(self, found: Iterable[tuple[Verified, str, str]]) -> None:
        """Append what was found, each with the print of the package and what was asked; on the disk when this returns."""
        entries = [
            _entry(one, print_, asked)
            for one, print_, asked in found
            if print_ and one.verdict is Verdict.INTACT
        ]
        if not entries:
            return
        lines = b"".join(json.dumps(e, ensure_ascii=False).encode() + b"\n" for e in entries)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "ab", buffering=0) as file:
            file.write(b"\n" + lines if self._torn else lines)
            os.fsync(file.fileno())
        self._torn = False
        self._count += len(entries)
        self._lines.update((e["package"], e) for e in entries)

    def tidy(self) -> None:
        """Write the file anew without the lines that later ones replaced, if most of them are such."""
        if self._count > _TIDY_AFTER * max(len(self._lines), 1):
            lines = (json.dumps(e, ensure_ascii=False).encode() + b"\n" for e in self._lines.values())
            write_whole(self.file, b"".join(lines), durable=True)
            self._count = len(self._lines)


def _entry(found: Verified, print_: str, asked: str) -> dict[str, Any]:
    return {
        "form": _VERSION,
        "package": str(found.package.absolute()),
        "print": print_,
        "asked": asked,
        "on": found.on.isoformat(),
        "identity": found.identity,
        "case": found.case,
        "numbers": found.numbers,
        "files": found.files,
        "octets": found.octets,
        "checks": [(one.id, one.result.value, one.detail) for one in found.checks],
    }


def print_of(path: Path) -> str:
    """What a package looks like from outside: names, kinds, sizes and times of its files; empty if it cannot be looked at.

    It is no proof: whoever wants one lets the package be checked again.
    """
    total = hashlib.sha256()
    try:
        for name, seen in _seen(path, ""):
            facts = (
                name,
                stat.S_IFMT(seen.st_mode),
                seen.st_size,
                seen.st_mtime_ns,
                seen.st_ctime_ns,
                seen.st_ino,
            )
            total.update(repr(facts).encode("utf-8", "surrogateescape"))
    except OSError:
        return ""
    return total.hexdigest()


def _seen(place: Path, name: str) -> Iterator[tuple[str, os.stat_result]]:
    seen = place.lstat()
    yield name, seen
    if stat.S_ISDIR(seen.st_mode):
        with os.scandir(place) as entries:
            inside = sorted(entry.name for entry in entries)
        for one in inside:
            yield from _seen(place / one, f"{name}/{one}")


def asked_of(listed: Checklist, known: Known | None, terms: Terms, rules: str) -> str:
    """Digest of what a package is compared with: another question gets no old answer. *rules*: what the office's rules are."""
    numbers = known.numbers if known is not None else None
    facts = (
        listed.stamp,
        (known.identity, known.case, known.previous, known.files, known.octets) if known else None,
        None if numbers is None else True,  # which ones they are is asked anew in every run
        terms.number,
        str(terms.office or ""),
        rules,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()
