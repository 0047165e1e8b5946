"""档号: whether somebody else has it (R39)."""

from __future__ import annotations

from collections.abc import Iterable

from xfdocs.archive.checks.evidence import Answer, judged

UNIQUE = "ZS-11"
"""The item: no other case bears the 档号."""


def shared_numbers(numbers: Iterable[str], case: str, others: dict[str, str]) -> Answer:
    """Whether the 档号 of a package are those of another case; they join *others*, 档号 → 信访件编号.

    Versions of one case bear the same 档号.
    """
    numbers = list(numbers)
    taken = [
        f"档号 {number} 已经用于 {others[number]}" for number in numbers if others.get(number, case) != case
    ]
    known = len(others)
    for number in numbers:
        others.setdefault(number, case)
    return judged(taken, f"{len(numbers)} 个档号，与已知的 {known} 个档号没有重复")
