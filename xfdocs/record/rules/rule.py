"""What a rule is: a question to a record, with its code, gravity and legal basis beside it as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from xfdocs.record.findings import Severity
from xfdocs.record.rules.matter import Matter


@dataclass(frozen=True, slots=True)
class Hit:
    """Something a rule found."""

    part: object
    """The part of the case, of any model class, where it stands."""
    at: str
    """The record's own name of the field of that part; empty for the part as a whole."""
    message: str
    basis: str = ""
    """The provision, where it depends on the day; empty for the rule's own."""


class Check(Protocol):
    """A function that asks the question."""

    def __call__(self, m: Matter, /) -> Iterator[Hit]:
        """What is wrong with the record, if anything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue."""

    code: str
    """R… of the domain's catalogue, or C… for consistency."""
    name: str
    """What is demanded, in one line."""
    severity: Severity
    basis: str
    check: Check
    disk: bool = False
    """Whether it looks at files on disk: such rules are a step of their own."""
    about: frozenset[type] = frozenset()
    """A record that has nothing of these classes (`Matter.kinds`) cannot break it, and is not asked; empty: every record is."""


def rule(
    code: str,
    name: str,
    severity: Severity,
    basis: str = "",
    *,
    disk: bool = False,
    about: Iterable[type] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of the function below."""

    def bind(check: Check) -> Rule:
        return Rule(code, name, severity, basis, check, disk, frozenset(about))

    return bind


def listed(names: Iterable[object]) -> str:
    """Names one after the other: 甲、乙."""
    return "、".join(str(name) for name in names)


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
