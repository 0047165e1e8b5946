"""The sample office's records, read once, and a few questions that tests put to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from xfdocs.office import Office
from xfdocs.record.clocks import Running, running_clocks
from xfdocs.record.events import Event, Reply
from xfdocs.record.model import Case
from xfdocs.record.search import texts
from xfdocs.record.validation import read_case
from xfdocs.resources import shipped

SAMPLES = shipped("samples")
FOLDER = SAMPLES / "office" / "cases"
TODAY = date(2026, 11, 23)
"""The day from which the samples' clocks are seen."""
REGIME_2022 = date(2022, 5, 1)

E = TypeVar("E", bound=Event)


@cache
def office() -> Office:
    return Office.open(SAMPLES / "office")


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.rglob("*.xml")))


@cache
def cases() -> tuple[Case, ...]:
    return tuple(read_case(file) for file in files())


@cache
def clocks() -> tuple[Running, ...]:
    return tuple(clock for case in cases() for clock in running_clocks(case, office(), TODAY))


@cache
def words(case: Case) -> tuple[str, ...]:
    """Every text of a record."""
    return tuple(one.text for one in texts(case))


def some(condition: Callable[[Case], bool]) -> list[str]:
    """The numbers of the records that fulfil a condition."""
    return [case.id for case in cases() if condition(case)]


def acts(case: Case, kind: type[E]) -> list[E]:
    return [event for event in case.events if isinstance(event, kind)]


def events(kind: type[E]) -> list[E]:
    """All events of a class, in all records."""
    return [event for case in cases() for event in acts(case, kind)]


def actor(case: Case, event: Event) -> str:
    return event.organ or case.registration.organ


def opinions() -> Iterator[tuple[Case, Reply, object]]:
    for case in cases():
        for reply in acts(case, Reply):
            for opinion in reply.opinions:
                yield case, reply, opinion
