"""The check on the finished files of a public version: no personal value of any case stands in them.

The files are read once and kept as runs of 2, 4 and 8 characters; the cases go by one at a time, so that a million of
them need no more memory than one.  Texts are compared as one says them aloud: full width as half width, capitals as
small letters, without the spaces, points and hyphens that divide names and numbers.

What the report prints by right — names of organs, words of code lists and definitions, its own wording — may happen to
contain somebody's name.  Such words are given as *allowed*: what lies inside one of them where it stands is no finding;
what lies beside it, or reaches over its end, is.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xfdocs.errors import PersonalValueFound
from xfdocs.record.model import Case
from xfdocs.reports.filetexts import Piece, pieces_of
from xfdocs.reports.personal import RUN, Personal, Sort, personal_values

_LENGTHS = (8, 4, 2)
"""Runs by which the files are kept."""
_TOLD = 10
"""Places an error names."""
_SHORT_NUMBER = 8
"""A number with fewer digits may stand anywhere by chance: it counts only as it was written, apart from others."""
_NEUTRAL = re.compile(
    r"《[^《》]{2,60}》(?:第[〇零一二三四五六七八九十百0-9０-９]+[条款项])*|[0-9０-９]{4}年(?:[0-9０-９]{1,2}月)?(?:[0-9０-９]{1,2}日)?|[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?"
)
"""What anybody may write: titles of regulations, dates. A run of a text does not reach over them."""
_DIVIDING = frozenset("·•‧・･∙⋅.．-‐‑‒–—―－_~～'’`")
_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a personal value stands; never which."""

    kind: str
    file: str
    place: str

    def __str__(self) -> str:
        return f"{self.file} {self.place}（{self.kind}）"


def check_public(files: Iterable[Path], cases: Iterable[Case], allowed: Iterable[str]) -> None:
    """Raise `PersonalValueFound` if a personal value of a case stands in one of the files; see `found_in`."""
    places = list(dict.fromkeys(map(str, found_in(files, cases, allowed))))
    if places:
        more = f"等 {len(places)} 处" if len(places) > _TOLD else ""
        raise PersonalValueFound(places="；".join(places[:_TOLD]) + more)


def found_in(files: Iterable[Path], cases: Iterable[Case], allowed: Iterable[str]) -> Iterator[Found]:
    """Every place in *files* where a personal value of one of *cases* stands outside the *allowed* words.

    *cases* are gone through once, and may be any number.

    Raises:
        FileTrouble: a file cannot be read back.
        LibraryMissing: there is no pypdfium2 to read a PDF with.
    """
    words = {said(text) for text in allowed} - {""}
    texts = [_Said(path.name, [Piece("文件名", path.name), *pieces_of(path)], words) for path in files]
    whole = _Runs(texts)
    for case in cases:
        for value in personal_values(case):
            yield from whole.places_of(value)


_LOOKS = {
    "身份证件号码": re.compile(
        r"(?<![0-9A-Za-z.])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
    ),
    "手机号码": re.compile(r"(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z])"),
}
"""What is personal by its looks, whoever it belongs to."""


def look_personal(files: Iterable[Path], own: Iterable[str]) -> Iterator[Found]:
    """Every place in *files* where something looks like an identity or mobile number; *own* are the office's, which may be told."""
    allowed = frozenset(own)
    for path in files:
        for piece in (Piece("文件名", path.name), *pieces_of(path)):
            plain = unicodedata.normalize("NFKC", piece.text)
            for kind, look in _LOOKS.items():
                if any(match[0] not in allowed for match in look.finditer(plain)):
                    yield Found(f"像是{kind}", path.name, piece.place)


def said(text: str) -> str:
    """A text as it is compared."""
    return "".join(char for char in _folded(text) if not _divides(char))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _divides(char: str) -> bool:
    return char in _DIVIDING or char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}


class _Said:
    """One file's text as it is compared, with the way back to where it stands."""

    def __init__(self, file: str, pieces: Sequence[Piece], allowed: Iterable[str]) -> None:
        self.file = file
        chars: list[str] = []
        divided = bytearray()
        """Whether something that divides stood before a character."""
        self.starts: list[int] = []
        self.places: list[str] = []
        self.alone: dict[str, str] = {}
        """A piece of one character → where it stands first."""
        seen: set[Piece] = set()
        for piece in pieces:
            if piece in seen or not piece.text.strip():
                continue
            seen.add(piece)
            self.starts.append(len(chars))
            self.places.append(piece.place)
            gap = 1
            for char in _folded(piece.text):
                if _divides(char):
                    gap = 1
                else:
                    chars.append(char)
                    divided.append(gap)
                    gap = 0
            if len(chars) == self.starts[-1] + 1:
                self.alone.setdefault(chars[-1], piece.place)
            chars.append(_BREAK)
            divided.append(1)
        self.text = "".join(chars)
        self.divided = divided
        self._furthest = self._reach(allowed)
        self._allowed = frozenset(allowed)

    def _reach(self, allowed: Iterable[str]) -> list[tuple[int, int]]:
        """Where allowed words stand: starts in order, each with the furthest end of any that began by then."""
        spans = sorted((at, at + len(word)) for word in allowed for at in _all(self.text, word))
        reach, furthest = [], 0
        for start, end in spans:
            furthest = max(furthest, end)
            reach.append((start, furthest))
        return reach

    def is_allowed(self, start: int, end: int) -> bool:
        """Whether a stretch lies inside an allowed word."""
        at = bisect_right(self._furthest, (start, len(self.text) + 1)) - 1
        return at >= 0 and self._furthest[at][1] >= end

    def stands_alone(self, char: str) -> str | None:
        """The place where a single character is a piece of its own, if it is there and not allowed as one."""
        return None if char in self._allowed else self.alone.get(char)

    def places_of(self, text: str, *, strict: bool) -> Iterator[str]:
        """Where a text stands outside the allowed words."""
        for start in _all(self.text, text):
            end = start + len(text)
            if not self.is_allowed(start, end) and (not strict or self._apart(start, end)):
                yield self.places[bisect_right(self.starts, start) - 1]

    def _apart(self, start: int, end: int) -> bool:
        """Whether letters and digits at the ends of a stretch do not go on beyond it, and short numbers are in one piece."""
        text = self.text
        before = start and not self.divided[start] and _goes_on(text[start - 1], text[start])
        after = end < len(text) and not self.divided[end] and _goes_on(text[end - 1], text[end])
        if before or after:
            return False
        short = end - start < _SHORT_NUMBER and text[start:end].isascii()
        return not short or not any(self.divided[start + 1 : end])


def _goes_on(one: str, other: str) -> bool:
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()


def _all(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


class _Runs:
    """All files, by the runs of characters they contain: what is in none of them costs one look."""

    def __init__(self, texts: Sequence[_Said]) -> None:
        self.texts = texts
        self.runs: dict[int, set[str]] = {}
        for length in _LENGTHS:
            self.runs[length] = {
                run
                for one in texts
                for at in range(len(one.text) - length + 1)
                if _BREAK not in (run := one.text[at : at + length])
            }
        self._slices: list[slice] = []

    def places_of(self, value: Personal) -> Iterator[Found]:
        """Where a value stands outside the allowed words."""
        if value.sort is Sort.RUN:
            for part in _NEUTRAL.split(value.text):
                yield from self._of_run(value.kind, said(part))
            if len(text := said(value.text)) < RUN and value.kind in _SHORT_TOO:
                yield from self._of_whole(value.kind, text)
        else:
            yield from self._of_whole(value.kind, said(value.text))

    def _of_whole(self, kind: str, text: str) -> Iterator[Found]:
        if len(text) < 2:
            for one in self.texts:
                if text and (place := one.stands_alone(text)) is not None:
                    yield Found(kind, one.file, place)
            return
        length = next(length for length in _LENGTHS if length <= len(text))
        if text[:length] in self.runs[length]:
            strict = text[0].isascii() or text[-1].isascii()
            for one in self.texts:
                for place in one.places_of(text, strict=strict):
                    yield Found(kind, one.file, place)

    def _of_run(self, kind: str, text: str) -> Iterator[Found]:
        """A run of a text, told of once a place."""
        many = len(text) - RUN + 1
        if many < 1:
            return
        while len(self._slices) < many:
            self._slices.append(slice(len(self._slices), len(self._slices) + RUN))
        runs = self.runs[RUN]
        if runs.isdisjoint(map(text.__getitem__, self._slices[:many])):
            return
        told: set[Found] = set()
        for run in dict.fromkeys(map(text.__getitem__, self._slices[:many])):
            if run not in runs:
                continue
            for one in self.texts:
                for place in one.places_of(run, strict=run.isascii()):
                    if (found := Found(kind, one.file, place)) not in told:
                        told.add(found)
                        yield found


_SHORT_TOO = frozenset({"住址", "送达地点"})
"""Texts that are looked for as a whole where they are shorter than a run."""
