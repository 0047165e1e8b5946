"""What a run says of a record when everything possible was done for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xfdocs.document.catalogue import Kind, catalogue_of
from xfdocs.office import Office
from xfdocs.production.chunk import Chunk, same
from xfdocs.production.making import Finished, Job
from xfdocs.production.outcome import BUSY, Outcome, kept, not_made, outcome_of, refused
from xfdocs.production.surveying import Surveyed, Told
from xfdocs.production.workshop import Casualty
from xfdocs.register.entry import Entry, EntryState, Standing


@dataclass(frozen=True)
class Teller:
    """Turns what became of records into outcomes."""

    office: Office
    kinds: Sequence[Kind] | None
    """The kinds that were asked for; None: all."""
    named: Collection[Path]
    """The files that were named themselves, not through their folder."""

    def outcomes(self, one: Surveyed, chunk: Chunk, trouble: str) -> Iterator[Outcome]:
        """Every outcome of one record; *trouble*: why it was not told of what was issued, if it was not."""
        done = chunk.finished.get(one.path)
        further = {m.id: m.files for m in done.added} if isinstance(done, Finished) else {}
        added = {which: tuple(file.format for file in files) for which, files in further.items()}
        differs = chunk.differs(one)
        entries = chunk.known.get(one.path, {})
        nothing = not (one.wanted or one.present or one.refusals)
        if nothing and self.kinds and one.path in self.named:
            titles = "、".join(kind.title for kind in self.kinds)
            yield refused(one.case, self.kinds[0], f"办理过程中没有需要制作{titles}的事件，没有制发。")
        answered = set()
        for told in one.present:
            entry = _entry_of(told, entries.values())
            answered |= {entry.id} if entry is not None else set()
            outcome = self._present(one, told, entry, differs, trouble)
            yield replace(outcome, added=added.get(entry.id, ())) if entry is not None else outcome
        for reservation in chunk.reservations.get(one.path, ()):
            entry = entries[reservation.entry.id]
            answered.add(entry.id)
            if reservation.standing is Standing.EXISTING:
                yield replace(self._existing(entry, differs, trouble), added=added.get(entry.id, ()))
            else:
                yield self._reserved(entry, reservation.standing, done, trouble)
        for which in differs:
            if which not in answered:  # the record does not even call for it any more
                yield self._existing(entries[which], differs, trouble)
        yield from one.refusals

    def _present(
        self, one: Surveyed, told: Told, entry: Entry | None, differs: Mapping[int, str], trouble: str
    ) -> Outcome:
        """A document the record says it has."""
        if entry is not None:
            why = "" if entry.recorded else trouble
            if entry.id in differs:
                why = f"照现在的记录和模板制作，{differs[entry.id]}，没有补制别的格式。"
            elif entry.state is EntryState.VOID:
                anew = "就用新号重新制发" if entry.number else "就重新制发"
                why = trouble or f"已经作废，记录里刚刚写明。再运行一次 issue，{anew}。"
            return outcome_of(entry, self.office, "existing", why)
        kinds = catalogue_of(self.office).kinds.values()
        kind = next(kind for kind in kinds if kind.title == told.kind_title)
        return replace(
            refused(one.case, kind, ""),
            number=told.number,
            date=told.date,
            state="existing",
        )

    def _existing(self, entry: Entry, differs: Mapping[int, str], trouble: str) -> Outcome:
        """A document the record did not know it has."""
        if entry.id in differs:
            trouble = (
                f"照现在的记录和模板制作，{differs[entry.id]}，没有写回。"
                "请把记录或者模板改回，或者用 `xfdocs register void` 作废以后重新制发。"
            )
        return outcome_of(entry, self.office, "existing", trouble)

    def _reserved(
        self, entry: Entry, standing: Standing, done: Finished | Casualty[Job] | None, trouble: str
    ) -> Outcome:
        """What became of a document whose number was asked for."""
        if standing is Standing.BUSY:
            return not_made(entry, self.office, BUSY)
        if isinstance(done, Casualty):
            return not_made(entry, self.office, f"{done.why}{kept(entry)}")
        for which, why in done.refused if done is not None else ():
            if which == entry.id:
                return not_made(entry, self.office, f"{why}{kept(entry)}")
        return outcome_of(entry, self.office, "issued", trouble)


def _entry_of(told: Told, entries: Iterable[Entry]) -> Entry | None:
    """What the register knows of a document in a record: of those without a number, the one that is in force."""
    alike = [entry for entry in entries if same(told, entry) and entry.state is not EntryState.RESERVED]
    return next(
        (entry for entry in alike if entry.state is not EntryState.VOID), alike[-1] if alike else None
    )
