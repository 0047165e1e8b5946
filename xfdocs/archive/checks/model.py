"""What checking a package finds: a result for each item, and the verdict that follows from them.

The verdict comes from the results, not from a score: one item of severity *error* that failed breaks the package, one that
should have been checked and could not be leaves it undetermined.  What only a person can check is never passed, and does not
count against the package either: the report says what is to be done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xfdocs.errors import ExitCode
from xfdocs.record.findings import Severity


class Nature(StrEnum):
    """四性."""

    AUTHENTIC = "真实性"
    COMPLETE = "完整性"
    USABLE = "可用性"
    SAFE = "安全性"


class By(StrEnum):
    """Who can check an item."""

    PROGRAM = "program"
    """A program, from the package alone; if it could not, nobody knows."""
    OUTSIDE = "outside"
    """A program, if it is given something to compare with: the register, the settings of an office."""
    PERSON = "person"
    """Never a program."""


class Result(StrEnum):
    """How an item came out."""

    PASS = "pass"  # noqa: S105 - a result, not a password
    FAIL = "fail"
    NOT_CHECKED = "not-checked"

    @property
    def zh(self) -> str:
        """As people read it."""
        return _RESULTS[self]


_RESULTS = {Result.PASS: "合格", Result.FAIL: "不合格", Result.NOT_CHECKED: "未检测"}


class Verdict(StrEnum):
    """What the results make of a package."""

    INTACT = "intact"
    BROKEN = "broken"
    UNDETERMINED = "undetermined"
    """Nothing failed, but something that should have been checked could not be."""

    @property
    def zh(self) -> str:
        """As people read it."""
        return _VERDICTS[self]

    @property
    def exit_code(self) -> ExitCode:
        """What a command tells the shell."""
        return _EXITS[self]


_VERDICTS = {Verdict.INTACT: "合格", Verdict.BROKEN: "不合格", Verdict.UNDETERMINED: "不能确定"}
_EXITS = {
    Verdict.INTACT: ExitCode.DONE,
    Verdict.BROKEN: ExitCode.BROKEN,
    Verdict.UNDETERMINED: ExitCode.REFUSED,
}
_GRAVITY = (Verdict.INTACT, Verdict.UNDETERMINED, Verdict.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """检测项目: one thing to check, as ``checks.toml`` has it."""

    id: str
    nature: Nature
    title: str
    how: str
    source: str
    """Standard and number of the item there, as far as known."""
    verified: str
    """How far that was verified: 编号, 名称 or 复原."""
    severity: Severity
    by: By
    todo: str = ""
    """What a person must do, where a program cannot check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One item, checked or not."""

    id: str
    nature: Nature
    title: str
    result: Result
    detail: str
    """The evidence: numbers, paths, names of elements; never a personal value of the record."""
    severity: Severity = Severity.ERROR
    prevented: bool = False
    """It should have been checked and could not be."""

    def as_json(self) -> dict[str, str]:
        """One of ``checks`` in `archive verify --json` (DESIGN §6)."""
        return {
            "id": self.id,
            "nature": self.nature.value,
            "result": self.result.value,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody else knows about a package, to compare with: the register. What is empty is not known."""

    identity: str = ""
    """SHA-256 of its tag manifest, as it was when it was packed."""
    case: str = ""
    """信访件编号 that it was registered for."""
    previous: str = ""
    """Identity of the version before."""
    files: int | None = None
    """Files of the payload."""
    octets: int | None = None
    """Bytes of the payload."""
    numbers: Mapping[str, str] | None = None
    """档号 of all volumes that are known → 信访件编号 of their case (R39); None: nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an office has settled about its packages."""

    number: str = ""
    """Regular expression that a 档号 matches as a whole; empty: one of those in ``checks.toml``."""
    office: Path | None = None
    """Folder of the office whose table of formats counts, and whose rules the record must obey; None: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking one package found."""

    package: Path
    on: dt.datetime
    """When it was checked."""
    checks: tuple[Check, ...]
    identity: str = ""
    """SHA-256 of the tag manifest as it is now; empty if there is none."""
    case: str = ""
    numbers: tuple[str, ...] = ()
    """档号 of its volumes."""
    files: int = 0
    octets: int = 0
    earlier: bool = field(default=False, compare=False)
    """Taken over from a run before: the package has not been touched since."""

    @property
    def verdict(self) -> Verdict:
        """What follows from the checks."""
        if any(one.result is Result.FAIL and one.severity is Severity.ERROR for one in self.checks):
            return Verdict.BROKEN
        if not self.checks or any(one.prevented for one in self.checks):
            return Verdict.UNDETERMINED
        return Verdict.INTACT

    def of(self, result: Result) -> tuple[Check, ...]:
        """The checks that came out so."""
        return tuple(one for one in self.checks if one.result is result)

    def tally(self) -> Mapping[Nature, Mapping[Result, int]]:
        """How many items came out how, by nature."""
        counted = Counter((one.nature, one.result) for one in self.checks)
        return MappingProxyType(
            {nature: MappingProxyType({r: counted[nature, r] for r in Result}) for nature in Nature}
        )

    def as_json(self) -> dict[str, Any]:
        """The object of DESIGN §6."""
        return {
            "package": str(self.package),
            "verdict": self.verdict.value,
            "checks": [one.as_json() for one in self.checks],
        }


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of some verdicts; of none, intact."""
    return max(verdicts, key=_GRAVITY.index, default=Verdict.INTACT)
