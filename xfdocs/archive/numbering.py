"""Which 档号 a case has in the archive, and which it still wants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from xfdocs.archive.building import Numbers
from xfdocs.archive.planning import Plan
from xfdocs.archive.registered import note_path
from xfdocs.archive.shelf import note_at
from xfdocs.office import Office
from xfdocs.register.entry import Entry, EntryState, Reservation, Wanted
from xfdocs.register.recorded import volume_case

VOLUME, VERSION = "case-volume", "case-version"
"""What the register calls the entries: a volume, which has a 档号; a further version of a package, which has none."""
_BEIJING = dt.timezone(dt.timedelta(hours=8))


@dataclass
class Candidate:
    """A case on its way into the archive."""

    plan: Plan
    entries: tuple[Entry, ...] = ()
    """What the register has of its volumes and versions, by 登记号."""
    documents: tuple[Entry, ...] = ()
    """What it has of its documents."""
    reserved: tuple[Reservation, ...] = ()
    numbers: Numbers | None = None
    why: str = ""

    @property
    def volumes(self) -> list[Entry]:
        """Its volumes in the register, in order, void ones left out."""
        return sorted(_valid(self.entries, VOLUME), key=lambda one: one.event)

    @property
    def versions(self) -> list[Entry]:
        """The entries that each have a package, the first version first."""
        return [*self.volumes[:1], *sorted(_valid(self.entries, VERSION), key=lambda one: one.event)]

    @property
    def packed(self) -> list[Entry]:
        """Its entries that rest on a package which is there."""
        found = [*self.volumes, *_valid(self.entries, VERSION)]
        return [one for one in found if one.state is EntryState.ISSUED]

    @property
    def new(self) -> list[Entry]:
        """What was reserved for the package that is being made."""
        return [one.entry for one in self.reserved if one.entry.state is EntryState.RESERVED]

    @property
    def item(self) -> str:
        """件号 as the record is to have it: that from before this program, or those of its volumes."""
        return self._item_before or _item_of(self.volumes)

    @property
    def _item_before(self) -> str:
        """件号 that the record has had since before this program: not what we have written there ourselves."""
        return "" if any(one.n for one in self.packed) else self.plan.item

    def done(self, office: Office) -> bool:
        """Whether the newest version holds what would be packed now."""
        versions = self.versions
        if not versions or versions[-1].state is not EntryState.ISSUED:
            return False
        return bool(note_at(office, versions[-1]).get("content") == self.plan.content)

    def wanted(self, office: Office, on: dt.date) -> Iterator[Wanted]:
        """An entry for each volume, and one for a further version."""
        plan = self.plan
        version = len(self._finished) + 1
        common = Wanted(
            case=volume_case(plan.case),
            kind=VOLUME,
            kind_title=office.archive.model,
            event=0,
            form="",
            # What was opened again and closed in a later year stays in the year in which it was filed.
            date=min(plan.closed or on, dt.date(plan.year, 12, 31)),
            title=plan.title,
            issuer=office.organ.name,
            record=note_path(plan, version),
        )
        here = {one.event: one.record for one in self.volumes if one.state is EntryState.ISSUED}
        form = "" if self._item_before else _form(plan, office)
        for seq in range(1, len(plan.volumes) + 1):
            yield replace(common, event=seq, form=form, record=here.get(seq, common.record))
        if version > 1:
            yield replace(common, kind=VERSION, kind_title=f"{office.archive.model}的新版本", event=version)

    def taken(self, office: Office) -> Numbers:
        """The numbers of the package, from what the register has given and had."""
        entries = [one.entry for one in self.reserved]
        volumes = [one for one in entries if one.kind == VOLUME]
        before = self._finished
        if item := self._item_before:
            names = tuple(_named(self.plan, office, item, seq) for seq in range(1, len(volumes) + 1))
        else:
            item = _item_of(volumes)
            names = tuple(one.number for one in volumes)
        return Numbers(
            names,
            item,
            dt.datetime.fromisoformat(entries[-1].reserved_at).astimezone(_BEIJING).replace(microsecond=0),
            len(before) + 1,
            note_at(office, before[-1]).get("digest", "") if before else "",
            (*self.documents, *entries),
        )

    @property
    def _finished(self) -> list[Entry]:
        return [one for one in self.versions if one.state is EntryState.ISSUED]


def _valid(entries: Iterable[Entry], kind: str) -> list[Entry]:
    return [one for one in entries if one.kind == kind and one.state is not EntryState.VOID]


def _form(plan: Plan, office: Office) -> str:
    """The form of a 档号 with everything but year and figure filled in: what is left is a series of its own."""
    setting = office.archive
    return (
        setting.form.replace("{fonds}", setting.fonds)
        .replace("{retention}", plan.retention.value)
        .replace("{unit}", setting.unit)
    )


def _named(plan: Plan, office: Office, item: str, seq: int) -> str:
    """The 档号 of a case that had its 件号 before this program."""
    head = _form(plan, office).replace("{year}", str(plan.year)).partition("{n")[0]
    return f"{head}{item}" + (f"-{seq}" if seq > 1 else "")


def _item_of(volumes: Iterable[Entry]) -> str:
    """件号 of one volume, or of those one after another: 0007-0009; others are all named."""
    figures = [(one.n, _figure(one)) for one in volumes]
    numbers = [n for n, _ in figures]
    if len(figures) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{figures[0][1]}-{figures[-1][1]}"
    return "、".join(figure for _, figure in figures)


def _figure(entry: Entry) -> str:
    """案卷号 or 件号 as its 档号 ends."""
    digits = entry.number[len(entry.number.rstrip("0123456789")) :]
    return digits or str(entry.n)
