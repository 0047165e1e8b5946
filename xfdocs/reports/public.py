"""The public version of a report: small numbers kept back and attacked, the finished files read back and searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import PersonalValueFound, RecordFault, SmallNumberExposed
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.files import record_files
from xfdocs.record.model import Case
from xfdocs.record.validation import read_case
from xfdocs.reports.audit import exposed
from xfdocs.reports.definitions import Measure, measures_of
from xfdocs.reports.forms import CHANGE, YEAR_CHANGE, shipped_forms
from xfdocs.reports.model import Report, Table
from xfdocs.reports.scan import check_public, look_personal
from xfdocs.reports.suppression import suppressed
from xfdocs.reports.windows import BEFORE, SO_FAR, YEAR_BEFORE
from xfdocs.resources import shipped

NOTE = (
    "“＊”是为保护个人信息不公布的数：1 和 2，以及由本表能推算出它们的数。公开版只列本期的数；"
    "同一时间公布过月份又公布季度、年度的，相减可能推算出来，请只公布一种。"
)
"""附注 of every public version."""
_COMPARED = frozenset({BEFORE, YEAR_BEFORE, SO_FAR, CHANGE, YEAR_CHANGE})
"""Columns that a public version does without: what one report keeps back the next one would tell as 上期, or by 累计 less 累计."""
_MARKS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>|[\n|#*>]", re.DOTALL)
"""What stands between the words of a wording: expressions, tags, marks."""
_TOLD = 5
"""Places an error names."""


def public_version(report: Report, office: Office) -> Report:
    """The report as the public may see it (DESIGN §9): no small number, nothing that leads to a case.

    Whatever is made of it must be made of this version: text, charts, workbook, JSON.

    Raises:
        SmallNumberExposed: the attack found a number that had not been protected; nothing may be published.
    """
    tables = protected([_this_period(table) for table in report.tables], measures_of(office))
    return replace(report, tables=tables, notes=(*report.notes, NOTE), left_out=(), public=True)


def _this_period(table: Table) -> Table:
    """A table without what it is compared with."""
    stays = [at for at, column in enumerate(table.columns) if column.key not in _COMPARED]
    kept = {table.columns[at].key for at in stays}
    lines = (replace(line, numbers=tuple(line.numbers[at] for at in stays)) for line in table.lines)
    return replace(
        table,
        columns=tuple(table.columns[at] for at in stays),
        lines=tuple(lines),
        sums=tuple(one for one in table.sums if one.total.column in kept),
        quotients=tuple(one for one in table.quotients if one.value.column in kept),
    )


def protected(tables: Sequence[Table], measures: Mapping[str, Measure]) -> tuple[Table, ...]:
    """`suppressed`, and proof by attack that it is enough. Raises `SmallNumberExposed` if it is not."""
    safe = suppressed(tables, measures)
    if found := exposed(safe, measures):
        places = list(dict.fromkeys(f"表“{one.table}”{one.line}、{one.column}" for one in found))
        more = f"等 {len(places)} 处" if len(places) > _TOLD else ""
        raise SmallNumberExposed(places="；".join(places[:_TOLD]) + more)
    return safe


def check_files(files: Iterable[Path], report: Report, office: Office, cases: Iterable[Case]) -> None:
    """Raise `PersonalValueFound` if the finished files of a report tell anything personal of one of *cases*, or what looks like it.

    *cases* should be all of the office's, also those that were not counted: what is not to be printed is not to be
    printed whoever it belongs to.
    """
    files = list(files)
    own = {office.organ.phone, *(organ.phone for organ in office.organs.values())}
    if places := list(dict.fromkeys(map(str, look_personal(files, own)))):
        raise PersonalValueFound(places="；".join(places[:_TOLD]))
    check_public(files, cases, set(words_by_right(report, office)))


def cases_of(office: Office) -> Iterator[Case]:
    """Every case of an office, counted or not; what is no case by the schema is in no report either."""
    for file in record_files([office.folder / office.cases]):
        with suppress(RecordFault):
            yield read_case(file)


def words_by_right(report: Report, office: Office) -> Iterator[str]:
    """The words that a report of this kind may print, whoever bears them as a name: the office's, the definitions', its wording's.

    What stands in a table because it was found in a record is not among them.
    """
    kind = catalogue_of(office).kind(report.kind)
    shipped_wording = shipped("templates", kind.slug, "wording.md")
    if (
        shipped_wording.is_file()
    ):  # what somebody wrote into a wording of the office's own is theirs to answer for
        yield from _MARKS.split(shipped_wording.read_text("utf-8"))
    yield from (kind.title, report.title, report.period, *report.notes, *report.heads.values())
    for organ in office.organs.values():
        yield from (organ.name, organ.contact, organ.phone, organ.address, organ.superior, organ.inquiry)
    for measure in measures_of(office).values():
        yield from (measure.id, measure.name, measure.words, measure.note, measure.source, measure.unit)
    for form in shipped_forms(office, kind.slug).values():
        yield from (form.id, form.title, form.head, *form.values, *form.compared, *form.notes)
        yield from (one.head for one in form.counted)
        yield from (f"{rate.name}（{rate.id}）" for rate in form.rates)
    for thing in vars(codes).values():
        if isinstance(thing, type) and issubclass(thing, StrEnum):
            yield from map(str, thing)
    yield from EVENT_KINDS
