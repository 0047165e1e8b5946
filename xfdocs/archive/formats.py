"""What is known of each format: how its files begin, whether it may be archived, whether a copy for reading is wanted.

``schemas/archive/formats.toml`` says it; an office changes it, row by row, in ``archive/formats.toml`` of its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Self

from xfdocs.archive.model import Format
from xfdocs.errors import FormatsInvalid
from xfdocs.resources import shipped
from xfdocs.tables import Table

OWN = Path("archive", "formats.toml")
"""Below an office's folder."""


class Copy(StrEnum):
    """How a copy for reading is made."""

    NONE = ""
    PICTURE = "picture"
    OFFICE = "office"
    TEXT = "text"


class Nature(StrEnum):
    """What a file is, beyond being a document."""

    PLAIN = ""
    ARCHIVE = "archive"
    """Holds other files, which nobody has looked at."""
    PROGRAM = "program"
    """Something that runs: never opened."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Bytes that must stand at their places, all of them."""

    at: int
    """Where the first of them stands."""
    window: int
    """It may begin up to so many bytes later."""
    pattern: re.Pattern[bytes]
    first: int | None
    """The byte the pattern begins with; None for any."""
    more: tuple[tuple[int, re.Pattern[bytes]], ...] = ()

    def fits(self, head: bytes) -> bool:
        """Whether a file with this *head* begins so."""
        if self.window:
            found = self.pattern.search(head, self.at)
            if found is None or found.start() > self.at + self.window:
                return False
        elif not self.pattern.match(head, self.at):
            return False
        return all(pattern.match(head, at) for at, pattern in self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One format of the table; the fields as ``formats.toml`` explains them."""

    key: str
    name: str
    media: str
    extensions: tuple[str, ...]
    accepted: bool
    basis: str
    verified: bool
    copy: Copy = Copy.NONE
    nature: Nature = Nature.PLAIN
    puid: str = ""
    puids: Mapping[str, str] = field(default_factory=dict)
    begins: tuple[Signature, ...] = ()

    def version(self, version: str = "", *, name: str = "", puid: str | None = None) -> Format:
        """The format in one of its versions; *puid* where the version alone does not say it."""
        known = self.puids.get(version, self.puid) if puid is None else puid
        return Format(name=name or self.name, media=self.media, version=version, puid=known)


class Trait(StrEnum):
    """What else is seen of a file when it is identified."""

    ENCRYPTED = "encrypted"
    MACROS = "macros"
    CUT = "cut"
    """It is damaged: what it must end with, or its list of contents, is not there."""
    VAGUE = "vague"
    """A text whose encoding nobody can tell."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What a file is."""

    rule: Rule
    format: Format
    traits: frozenset[Trait] = frozenset()


@dataclass(frozen=True)
class Formats:
    """The table."""

    rules: Mapping[str, Rule]

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The shipped table, with what the office of *folder* says differently.

        Raises:
            FormatsInvalid: the office's table is wrong; the message says where.
        """
        rules = _shipped()
        own = folder / OWN if folder is not None else None
        if own is not None and own.is_file():
            rules = _read(own, rules)
        return cls(MappingProxyType(dict(rules)))

    def __getitem__(self, key: str) -> Rule:
        return self.rules[key]

    def found(self, key: str, version: str = "", *traits: Trait) -> Identified:
        """A file of that format."""
        rule = self.rules[key]
        return Identified(rule, rule.version(version), frozenset(traits))

    def beginning(self, head: bytes) -> Rule | None:
        """The first format whose files begin like *head*: those at a fixed place first, then in the order of the table."""
        if not head:
            return None
        for signature, rule in self._by_byte[head[0]]:
            if signature.fits(head):
                return rule
        return None

    def named(self, extension: str) -> tuple[Rule, ...]:
        """The formats whose files usually have that *extension*, lower case and without the dot."""
        return self._by_extension.get(extension, ())

    @cached_property
    def _by_byte(self) -> tuple[tuple[tuple[Signature, Rule], ...], ...]:
        """What to try for each first byte: asking sixty formats about every file would take as long as reading it."""
        pairs = [(signature, rule) for rule in self.rules.values() for signature in rule.begins]
        pairs.sort(key=lambda pair: pair[0].window > 0)  # a PDF inside a tar does not make it a PDF
        return tuple(
            tuple(
                (signature, rule)
                for signature, rule in pairs
                if signature.at or signature.window or signature.first in {None, first}
            )
            for first in range(256)
        )

    @cached_property
    def _by_extension(self) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules.values():
            for extension in rule.extensions:
                found[extension] = (*found.get(extension, ()), rule)
        return found


@cache
def _shipped() -> Mapping[str, Rule]:
    return _read(shipped("schemas", "archive", "formats.toml"), {})


def _read(file: Path, known: Mapping[str, Rule]) -> Mapping[str, Rule]:
    table = Table.read(file, FormatsInvalid)
    basis = table.take("basis", str, "")
    verified = table.take("verified", bool, False)
    rules = dict(known)
    for key, row in table.tables("formats"):
        base = known.get(key)
        rules[key] = _rule(key, row, base, basis, verified=verified)
        row.close()
    table.close()
    return rules


def _rule(key: str, row: Table, base: Rule | None, basis: str, *, verified: bool) -> Rule:
    """The rule of a *row*; of what is known already, *base*, only what the row says is changed."""
    if base is None:
        return Rule(
            key=key,
            name=row.take("name", str),
            media=row.take("media", str),
            extensions=_extensions(row),
            accepted=row.take("accepted", bool),
            basis=row.take("basis", str, basis) or row.take("basis", str),
            verified=row.take("verified", bool, verified),
            copy=row.choice("copy", Copy, Copy.NONE),
            nature=row.choice("nature", Nature, Nature.PLAIN),
            puid=row.take("puid", str, ""),
            puids=MappingProxyType(row.section("puids").entries(str)),
            begins=tuple(_signatures(row)),
        )
    changed = replace(
        base,
        name=row.take("name", str, base.name),
        media=row.take("media", str, base.media),
        accepted=row.take("accepted", bool, base.accepted),
        basis=row.take("basis", str, basis or base.basis),
        verified=row.take("verified", bool, verified or (base.verified and not basis)),
        copy=row.choice("copy", Copy, base.copy),
        puid=row.take("puid", str, base.puid),
    )
    return replace(changed, extensions=_extensions(row)) if "extensions" in row else changed


def _extensions(row: Table) -> tuple[str, ...]:
    values = row.texts("extensions")
    if wrong := [value for value in values if value.startswith(".") or value != value.lower()]:
        raise row.wrong(f"extensions 要写小写字母，不带点，现为“{'”“'.join(wrong)}”")
    return values


# --- how a file begins ------------------------------------------------------------------------------------

_PLACE = re.compile(r"\s*(\d+)(?:-(\d+))?((?:\s+(?:'[^']+'|[0-9A-Fa-f]{2}|\?\?))+)\s*")
_PIECE = re.compile(r"'([^']+)'|([0-9A-Fa-f]{2})|\?\?")


def _signatures(row: Table) -> Iterator[Signature]:
    for text in row.texts("begins", []):
        places = [_place(row, text, part) for part in text.split(";")]
        (at, window, pieces), *more = places
        if any(window for _, window, _ in more):
            raise row.wrong(f"begins 的“{text}”里，只有第一处可以写成一段")
        others = tuple((other, _pattern(inside)) for other, _, inside in more)
        yield Signature(at, window, _pattern(pieces), pieces[0], others)


def _place(row: Table, text: str, part: str) -> tuple[int, int, list[int | None]]:
    """Where it begins, how much later it may, and its bytes; None stands for any."""
    found = _PLACE.fullmatch(part)
    if not found:
        raise row.wrong(f"begins 的“{text}”看不懂，应写作 0 FF D8 或者 0 'RIFF'; 8 'WEBP'")
    pieces: list[int | None] = []
    for words, byte in _PIECE.findall(found[3]):
        pieces += list(words.encode()) or [int(byte, 16) if byte else None]
    at = int(found[1])
    return at, max(0, int(found[2] or at) - at), pieces


def _pattern(pieces: list[int | None]) -> re.Pattern[bytes]:
    text = b"".join(b"." if piece is None else re.escape(bytes([piece])) for piece in pieces)
    return re.compile(text, re.DOTALL)
