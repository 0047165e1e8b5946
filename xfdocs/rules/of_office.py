"""The law and the calendar as an office has settled them, loaded once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xfdocs.errors import OfficeInvalid, RegulationMissing
from xfdocs.office import CONFIG
from xfdocs.rules.calendar import load_calendar
from xfdocs.rules.loading import load_law

if TYPE_CHECKING:
    from xfdocs.office import Office
    from xfdocs.rules.calendar import WorkCalendar
    from xfdocs.rules.law import Law


@lru_cache(maxsize=16)
def law_of(office: Office) -> Law:
    """The regulations, the office's own among them, under its profile.

    Raises:
        LawDataInvalid: a file of regulations has a fault.
        OfficeInvalid: the office names a profile that is not there.
    """
    try:
        return load_law((office.folder,), office.profile)
    except RegulationMissing as missing:
        raise OfficeInvalid(file=office.folder / CONFIG, what=str(missing)) from missing


@lru_cache(maxsize=16)
def calendar_of(office: Office) -> WorkCalendar:
    """The official working days, with the tables the office has added."""
    return load_calendar(office.folder)
