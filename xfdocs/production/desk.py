"""The desk of a worker: an office with everything prepared once, kept between tasks.

A task travels with an `Order`, which names the office's folder; the worker opens the office by itself.
Templates, schemas and fonts are prepared once in a process, because a batch asks for the same desk again
and again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xfdocs.document.catalogue import Catalogue, Kind, catalogue_of
from xfdocs.errors import TemplatesDiffer
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.production.fingerprint import fingerprints
from xfdocs.record.model import Case
from xfdocs.record.validation import Validator

_KEPT = 400
"""Cases a desk remembers between the survey of a chunk and its making."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run was asked to make, and with what; travels to every worker."""

    folder: Path
    """The office's."""
    stamp: str
    """Digest of what documents are made with: a worker that has other templates must not take part."""
    on: dt.date
    """The day of the run, for warnings of validation only."""
    kinds: tuple[str, ...] | None
    """Slugs; None: every kind that is called for."""
    formats: tuple[str, ...]
    pdf_by: PdfBy
    """What sets PDF in this run, whatever the office has settled."""
    signer: str = ""
    """签发人 of everything issued in this run."""


class Desk:
    """An office with its catalogue and validator, and the cases that were just read."""

    def __init__(self, office: Office, on: dt.date) -> None:
        self.office = office
        self.catalogue: Catalogue = catalogue_of(office)
        self.validator = Validator(office, on=on)
        self._cases: OrderedDict[tuple[Path, str], Case] = OrderedDict()

    def kinds(self, order: Order) -> tuple[Kind | None, ...]:
        """The kinds an order names, as `Catalogue.called_for` wants them; one None for all."""
        if order.kinds is None:
            return (None,)
        return tuple(self.catalogue.kinds[slug] for slug in order.kinds)

    def keep(self, path: Path, sha256: str, case: Case) -> None:
        """Remember a case that was read from bytes with this digest."""
        self._cases[path, sha256] = case
        if len(self._cases) > _KEPT:
            self._cases.popitem(last=False)

    def kept(self, path: Path, sha256: str) -> Case | None:
        """The case if it is still remembered; it is forgotten then."""
        return self._cases.pop((path, sha256), None)


def stamp_of(prints: dict[str, str]) -> str:
    """One digest of an office's fingerprints."""
    return hashlib.sha256(json.dumps(prints, sort_keys=True).encode()).hexdigest()


def desk_for(order: Order) -> Desk:
    """The desk for an order, prepared once in a process.

    Raises `TemplatesDiffer` if this machine's templates, settings or program are not those of the order.
    """
    return _desk(order.folder, order.stamp, order.on, order.pdf_by)


@lru_cache(maxsize=2)
def _desk(folder: Path, stamp: str, on: dt.date, by: PdfBy) -> Desk:
    office = Office.open(folder).printing_with(by)
    if stamp_of(fingerprints(office)) != stamp:
        raise TemplatesDiffer(where=platform.node() or "另一台机器")
    return Desk(office, on)
