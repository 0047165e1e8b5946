"""Pairs of records that may be the same person about the same matter, for an officer to look at (R46).

重复 is 同人 and 同事 (domain §1.4), and only the officer in charge can say so.  This suggests pairs inside one office and says in
words why: nothing is written into a record, nothing kept, nothing counted by person.  A pair is told by its case
numbers; who petitioned stands in the records, for those who may open them (DESIGN §9).  Nobody is listed, ranked or
labelled here, and there is no way to export what is suggested.

The records are read once.  Of each, what stays in memory is a few hundred bytes: digests of what tells the persons
apart, and of the words of the matter.  Only records that share a person are compared.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from xfdocs.errors import DefinitionInvalid
from xfdocs.office import Office
from xfdocs.record.codes import Purpose
from xfdocs.record.model import Case, Petitioner
from xfdocs.resources import shipped
from xfdocs.tables import Table

ID, PHONE, ADDRESS, REPORTED = "证件号码", "姓名、电话", "姓名、住址", "被反映人"
"""What is the same of two persons; of two anonymous accusations whom they report."""
_EXACT = re.compile(r"[0-9]")
"""An address that leads to a door: a village alone is shared by too many."""
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Standard:
    """When two texts are about the same matter; what the numbers mean stands in ``schemas/repeats.toml``."""

    overlap: int
    contained: int
    shortest: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two records to look at together, the earlier one first."""

    earlier: str
    later: str
    """编号."""
    same: tuple[str, ...]
    """What is the same of the persons: of `ID`, `PHONE`, `ADDRESS`, `REPORTED`."""
    linked: bool = False
    """Whether 关联编号 has brought them together already."""
    protected: bool = False
    """Whether one of them is a 检举控告: to be kept in confidence."""

    @property
    def reasons(self) -> str:
        """Why, in words."""
        persons = [one for one in self.same if one != REPORTED]
        who = f"信访人{'、'.join(dict.fromkeys('、'.join(persons).split('、')))}相同" if persons else ""
        if REPORTED in self.same:
            who = f"{who}；" * bool(who) + "都是匿名检举控告，被反映人相同"
        linked = "；已经互相关联" if self.linked else ""
        return f"{who}；事由和请求相近{linked}"


@lru_cache(maxsize=16)
def standard_of(office: Office) -> Standard:
    """The standard an office compares by. Raises `DefinitionInvalid` if its file has a fault."""
    file = office.piece("repeats.toml") or shipped("schemas", "repeats.toml")
    table = Table.read(file, DefinitionInvalid)
    standard = Standard(*(table.take(name, int) for name in ("overlap", "contained", "shortest")))
    table.close()
    if not (0 < standard.overlap <= 100 and 0 < standard.contained <= 100 and standard.shortest > 0):
        raise table.wrong("overlap、contained 是 1 至 100 的百分比，shortest 不小于 1")
    return standard


@dataclass(slots=True)
class _Seen:
    """What is remembered of a record."""

    case: str
    day: int
    """Of receipt, as Python counts days."""
    topics: tuple[tuple[int, int], ...]
    """Digests of 内容分类 and 属地 of each claim; 0 where it was not noted."""
    words: bytes
    """Digests of the pairs of characters of subject and requests, four bytes each, in order."""
    whole: int
    """Digest of all its words."""
    protected: bool


@dataclass(slots=True)
class Comparison:
    """Records on their way to suggestions: `add` each of them, then ask for `suggestions`."""

    standard: Standard
    _seen: list[_Seen] = field(default_factory=list)
    _by_person: dict[int, list[int]] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)
    _links: dict[str, str] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Remember a record by what is compared."""
        at = len(self._seen)
        arrival = case.registration
        for kind, text in _persons(case):
            key = _digest(f"{arrival.organ}\n{kind}\n{text}", 8)
            self._kinds[key] = kind
            numbers = self._by_person.setdefault(key, [])
            if not numbers or numbers[-1] != at:
                numbers.append(at)
        text = _plain(arrival.subject) + "\n" + "\n".join(_plain(claim.request) for claim in case.claims)
        pairs = {_pair(text[i : i + 2]) for i in range(len(text) - 1) if "\n" not in text[i : i + 2]}
        topics = {(_topic(claim.category), _topic(claim.locus)) for claim in case.claims}
        kept = case.confidentiality
        protected = bool(kept and kept.protection) or any(c.purpose is Purpose.REPORT for c in case.claims)
        words = array("I", sorted(pairs)).tobytes()
        day = arrival.received.toordinal()
        self._seen.append(_Seen(case.id, day, tuple(sorted(topics)), words, _digest(text, 8), protected))
        for other in arrival.related:
            self._links[self._root(case.id)] = self._root(other)

    def suggestions(self) -> list[Suggestion]:
        """Of records of one person each with the first before it that is about the same matter, by the later's number."""
        found: dict[tuple[int, int], set[str]] = {}
        for key, numbers in self._by_person.items():
            if len(numbers) > 1:
                for pair in self._alike(numbers):
                    found.setdefault(pair, set()).add(self._kinds[key])
        made = (self._suggestion(*pair, kinds) for pair, kinds in found.items())
        return sorted(made, key=lambda one: (one.later, one.earlier))

    def _alike(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        before: list[tuple[int, set[int]]] = []
        for at in sorted(numbers, key=lambda n: (self._seen[n].day, self._seen[n].case)):
            words = set(array("I", self._seen[at].words))
            for other, known in before:
                if self._same_matter(at, words, other, known):
                    yield other, at
                    break
            before.append((at, words))

    def _same_matter(self, at: int, words: set[int], other: int, known: set[int]) -> bool:
        here, there = self._seen[at], self._seen[other]
        if not any(_agree(one, two) for one in here.topics for two in there.topics):
            return False
        shorter = min(len(words), len(known))
        if shorter < self.standard.shortest:
            return here.whole == there.whole
        both = len(words & known)
        either = len(words) + len(known) - both
        return both * 100 >= self.standard.overlap * either or both * 100 >= self.standard.contained * shorter

    def _suggestion(self, one: int, other: int, kinds: set[str]) -> Suggestion:
        earlier, later = self._seen[one], self._seen[other]
        return Suggestion(
            earlier.case,
            later.case,
            tuple(kind for kind in (ID, PHONE, ADDRESS, REPORTED) if kind in kinds),
            self._root(earlier.case) == self._root(later.case),
            earlier.protected or later.protected,
        )

    def _root(self, case: str) -> str:
        """The record that stands for all that are linked with one another."""
        while (other := self._links.get(case, case)) != case:
            self._links[case] = self._links.get(other, other)
            case = other
        return case


def _agree(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two claims do not differ in 内容分类 or 属地; what was not noted does not differ."""
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def _persons(case: Case) -> Iterator[tuple[str, str]]:
    """What tells each petitioner from everybody else; never a name alone.

    An anonymous accusation is known by whom it reports (domain §1.4).  Who acts for somebody is not the petitioner.
    """
    for person in case.petitioners:
        yield from _person(person)
    if not any(person.name for person in case.petitioners):
        for claim in case.claims:
            if claim.purpose is Purpose.REPORT:
                for reported in claim.respondents:
                    yield REPORTED, f"{_plain(reported.name)}\n{_plain(reported.unit or '')}"


def _person(person: Petitioner) -> Iterator[tuple[str, str]]:
    if person.ident is not None and (number := _plain(person.ident.number)):
        yield ID, f"{person.ident.type}\n{number}"
    if not person.name or person.name_unclear:
        return
    name = _plain(person.name)
    for phone in person.phones:
        if digits := re.sub(r"\D", "", _folded(phone)):
            yield PHONE, f"{name}\n{digits.removeprefix('86') if len(digits) == 13 else digits}"
    address = _plain(person.address or "")
    if _EXACT.search(address) and not person.address_unclear:
        yield ADDRESS, f"{name}\n{address}"


def _topic(word: str | None) -> int:
    return _digest(_plain(word), 4) if word else 0


def _plain(text: str) -> str:
    """Letters and figures only, full width as half width."""
    return _PLAIN.sub("", _folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=65_536)
def _pair(two: str) -> int:
    """The digest of two characters, which tell nobody; of longer texts none is remembered."""
    return _digest(two, 4)


def _digest(text: str, size: int) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest())
