"""What validation finds: findings, the steps it took, and the verdict that follows from them.

The verdict comes from the steps, not from counting findings: a step that failed rejects the record, a
step that could not run leaves it undetermined, and only a record all of whose steps passed is accepted.
Warnings and infos are facts worth knowing; they fail no step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    """A contradiction, an unlawful act that can still be stopped, or statutory content that is missing."""
    WARNING = "warning"
    """A fact a clerk must know, such as a missed limit: the matter can still be registered and finished."""
    INFO = "info"
    """Something that is nobody's fault, such as a petitioner who asked for review late."""

    @property
    def zh(self) -> str:
        """As people read it."""
        return _SEVERITIES[self]


_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提示", Severity.INFO: "说明"}


class Verdict(StrEnum):
    """What validation makes of a record."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDETERMINED = "undetermined"
    """No error was found, but a step could not run: nobody can say that there is none."""

    @property
    def zh(self) -> str:
        """As people read it."""
        return _VERDICTS[self]


_VERDICTS = {Verdict.ACCEPTED: "通过", Verdict.REJECTED: "不通过", Verdict.UNDETERMINED: "不能确定"}


class State(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """An earlier step failed, so that this one had nothing to stand on."""
    COULD_NOT_RUN = "could-not-run"

    @property
    def zh(self) -> str:
        """As people read it."""
        return _STATES[self]


_STATES = {
    State.PASSED: "通过",
    State.FAILED: "未通过",
    State.SKIPPED: "未进行",
    State.COULD_NOT_RUN: "无法进行",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    code: str
    """Stable: X… for files, S… for structure, C… for consistency, R… for the rules of domain and law."""
    severity: Severity
    file: Path
    line: int
    """Line in the file, from 1; 0 where there is none."""
    path: str
    """Element path, e.g. ``/信访事项/办理/答复[2]/意见[1]/结论``; empty where there is none."""
    message: str
    """What is wrong and what to do, in plain Chinese."""
    basis: str = ""
    """The provision or standard it rests on; empty where it is plain logic."""

    def as_json(self) -> dict[str, Any]:
        """The object of DESIGN §6; the file stands above it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "line": self.line,
            "path": self.path,
            "message": self.message,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of validation and how it ended."""

    name: str
    state: State
    why: str = ""
    """Why it could not run or was skipped."""


@dataclass(frozen=True, slots=True)
class Report:
    """What validation says about one file."""

    file: Path
    case: str
    """信访件编号; empty where the file could not be read that far."""
    findings: tuple[Finding, ...]
    """By line, graver first."""
    steps: tuple[Step, ...]

    @property
    def verdict(self) -> Verdict:
        """What follows from the steps."""
        states = {step.state for step in self.steps}
        if State.FAILED in states:
            return Verdict.REJECTED
        if states == {State.PASSED}:
            return Verdict.ACCEPTED
        return Verdict.UNDETERMINED

    @property
    def accepted(self) -> bool:
        """Whether documents may be made from the record."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def as_json(self) -> dict[str, Any]:
        """One object of ``files`` in `validate --json` (DESIGN §6)."""
        return {
            "path": str(self.file),
            "case": self.case,
            "verdict": self.verdict.value,
            "findings": [finding.as_json() for finding in self.findings],
        }


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def in_reading_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings as a person goes through them: by line, the graver first, each once."""
    once = dict.fromkeys(findings)
    return tuple(sorted(once, key=lambda f: (f.line, _GRAVITY[f.severity], f.code)))
