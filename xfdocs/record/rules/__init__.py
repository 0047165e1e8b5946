"""The rules of the catalogue that a program says better than Schematron: dates, law, names, files.

Each is a function that yields what is wrong, with its code, gravity and legal basis beside it as data;
``RULES`` has them all, in the order of their files.  `schemas/case.sch` holds the rest.
"""

from functools import lru_cache

from xfdocs.record.rules import (
    accusations,
    consistency,
    documents,
    files,
    handling,
    identity,
    notices,
    overdue,
    registration,
    replies,
    review,
)
from xfdocs.record.rules.accusations import accusation_conflicts
from xfdocs.record.rules.matter import CaseView, Matter
from xfdocs.record.rules.rule import Hit, Rule

RULES: tuple[Rule, ...] = tuple(
    value
    for module in (
        consistency,
        registration,
        notices,
        handling,
        replies,
        review,
        accusations,
        documents,
        identity,
        overdue,
        files,
    )
    for value in vars(module).values()
    if isinstance(value, Rule)
)
"""Every rule."""


@lru_cache(maxsize=1024)
def rules_about(kinds: frozenset[type], *, disk: bool) -> tuple[Rule, ...]:
    """The rules that a record with things of these kinds (`Matter.kinds`) can break, in their order.

    Everyday records can break about 45 of the 85: to ask only these is a quarter quicker.
    """
    return tuple(
        rule for rule in RULES if rule.disk is disk and not (rule.about and rule.about.isdisjoint(kinds))
    )


__all__ = ["RULES", "CaseView", "Hit", "Matter", "Rule", "accusation_conflicts", "rules_about"]
