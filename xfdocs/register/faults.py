"""What can be wrong with a register, and how badly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """Whether something is wrong."""

    BROKEN = "broken"
    """Something is not what it was."""
    UNFINISHED = "unfinished"
    """Something was broken off; running ``issue`` again finishes it."""
    NOTICE = "notice"
    """Something to look at; nothing is wrong."""

    @property
    def zh(self) -> str:
        """As people read it."""
        return _WORDS[self]


_WORDS = {Gravity.BROKEN: "不一致", Gravity.UNFINISHED: "未做完", Gravity.NOTICE: "留意"}


class Trouble(StrEnum):
    """Which test was not passed."""

    CHAIN = "chain"
    """A line of the journal is not what its hash says, or not there."""
    HEAD = "head"
    """The journal does not end where its head says."""
    ROW = "row"
    """A row of a table is not what the journal says."""
    SERIES = "series"
    """A series has a gap, a double, or another end than it says."""
    FILE = "file"
    """A file is not there, or is not what it was."""
    RECORD = "record"
    """A record does not say what the register says."""
    UNCHECKED = "unchecked"
    """Something could not be tested: that is no pass."""
    RESERVED = "reserved"
    """A number was taken and nothing was issued with it."""
    UNCONFIRMED = "unconfirmed"
    """The record has not been told."""
    FOREIGN = "foreign"
    """A file that the register does not know."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be."""

    trouble: Trouble
    gravity: Gravity
    what: str
    """A sentence that names the thing."""

    def as_json(self) -> dict[str, str]:
        """The object of ``xfdocs register verify --json``."""
        return {"code": self.trouble.value, "gravity": self.gravity.value, "message": self.what}


def broken(trouble: Trouble, what: str) -> Fault:
    """Something is not what it was."""
    return Fault(trouble, Gravity.BROKEN, what)
