"""What a value looks like to people: nothing in it hides, nothing in it betrays who reported whom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, Self
from urllib.parse import quote

from markupsafe import Markup

from xfdocs.archive.names import path_flaws, shown
from xfdocs.record.aloud import Item, Section
from xfdocs.record.codes import RespondentKind
from xfdocs.record.model import Case
from xfdocs.record.rules.matter import CaseView

WITHHELD: Final = "〔保密〕"
_ELSEWHERE: Final = f"{WITHHELD}见案件记录，按权限查阅"
_NEVER: Final = frozenset({"证件", "查询码"})
"""What nobody needs to see who looks through a case: the number of an identity card (个人信息保护法 6·1) and a password."""
_OPEN: Final = frozenset({"类别", "代表", "姓名不清", "住址不清"})
"""What is told of somebody whose name is kept back."""
_DIVIDING: Final = r"[\s\-‐-―·•]*"
_DIVIDERS: Final = re.compile(r"[\s\-‐-―·•]+")


@dataclass(frozen=True, slots=True)
class Speech:
    """How the values of one case are said on a page that anybody may come to see who opens the package.

    In a 检举控告 neither those who made it nor those it reports are named (条例22 30·3): their parts of the record are
    replaced by where to find them, and wherever else a petitioner's name, telephone or address, or the name of a person
    reported stands in a text, it is blotted out.  The record inside the package stays whole.
    """

    protected: bool = False
    secrets: re.Pattern[str] | None = None
    one_line: bool = False
    """Whether a line break in a value becomes a blank: where lines mean something."""

    @classmethod
    def of(cls, case: Case) -> Self:
        """How to speak of this case."""
        view = CaseView(case)
        if not view.protected:
            return cls()
        told = [text for _, text in view.identities]
        told += [person.address for person in case.petitioners if person.address]
        told += [
            respondent.name
            for claim in case.claims
            for respondent in claim.respondents
            if respondent.kind is RespondentKind.PERSON
        ]
        return cls(protected=True, secrets=_pattern(told))

    def __call__(self, text: str) -> str:
        """A text as it may be seen; what is invisible in it, or turns it round, is spelled out."""
        if not text.isprintable():
            text = (" " if self.one_line else "\n").join(shown(line) for line in text.split("\n"))
        return text if self.secrets is None else self.secrets.sub(WITHHELD, text)

    def told(self, section: Section) -> Section:
        """A part of the record without what is held back from everybody, or from this case."""
        whole = section.name == "信访人" and self.protected
        entries = tuple(
            replace(entry, items=tuple(self._items(entry.items, only_open=whole)))
            for entry in section.entries
        )
        return replace(section, entries=entries)

    def _items(self, items: Iterable[Item], *, only_open: bool) -> Iterator[Item]:
        held = False
        for item in items:
            if only_open and item.name not in _OPEN:
                held = True
            elif item.name in _NEVER or (self.protected and item.name == "被反映人"):
                yield Item(item.name, _ELSEWHERE)
            else:
                yield item
        if held:
            yield Item("姓名等", _ELSEWHERE)


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the secrets, in half or full width, with or without what divides a number; the longest first."""
    plain = {_DIVIDERS.sub("", unicodedata.normalize("NFKC", text)) for text in secrets}
    found = sorted((text for text in plain if len(text) > 1), key=lambda text: (-len(text), text))
    spelled = (_DIVIDING.join(map(_either_width, text)) for text in found)
    return re.compile("|".join(spelled), re.IGNORECASE) if found else None


def _either_width(c: str) -> str:
    wide = chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c
    return re.escape(c) if wide == c else f"[{re.escape(c)}{wide}]"


def link(path: PurePosixPath) -> Markup:
    """A relative link to a file of the package; every byte that could mean something is percent-encoded (RFC 3986 2.1).

    Raises `ValueError` for a path that leads elsewhere: a package never has one.
    """
    text = path.as_posix()
    if any(flaw.unsafe for flaw in path_flaws(text)):
        raise ValueError(f"no path inside a package: {shown(text)}")
    return Markup(quote(text, safe="/"))  # noqa: S704 - quoted: letters, digits, _.-~ / and % are left


def css_text(text: str) -> str:
    """A text as a CSS string: every character escaped, so that none can end it."""
    return '"' + "".join(f"\\{ord(c):06x}" for c in text) + '"'
