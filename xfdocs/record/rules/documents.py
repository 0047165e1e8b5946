"""文号、发文机关和引用的依据 (R23, R24, R27)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from xfdocs.record.events import (
    Basis,
    Event,
    Notice,
    Objection,
    Recheck,
    RecheckRequest,
    Reply,
    Review,
    ReviewRequest,
    Supervision,
)
from xfdocs.record.model import Issued
from xfdocs.record.rules.bodies import is_section
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import ERROR, WARNING, Hit, rule
from xfdocs.rules import Citation, citations_in

_NUMBER = re.compile(
    r"(?P<code>[^〔〕\[\]［］【】\s]*?[^〔〕\[\]［］【】\s\d第])〔(?P<year>[0-9]{4})〕(?P<n>[0-9]+)号"
)
_WRONG_BRACKETS = re.compile(r"[\[［【(（]\s*[0-9]{4}\s*[\]］】)）]")
_NUMBERING = "GB/T 9704-2012 7.2.5"
_CITING: tuple[type[Event], ...] = (Reply, Notice, Review, Recheck)
"""Events that name the provisions they rest on."""
_QUOTING = (Review, Recheck, ReviewRequest, RecheckRequest, Supervision, Notice)
"""Events that may quote the 文号 of another organ's document."""


@rule("R23", "文号写作“机关代字〔年份〕序号号”，年份与成文日期一致", ERROR, _NUMBERING, about=(Issued,))
def issued_number_well_formed(m: Matter) -> Iterator[Hit]:
    """六角括号 U+3014/3015, the year in full, no 第, no leading zeros."""
    for issued in m.case.issued:
        if issued.number is None:
            continue
        fault = number_fault(issued.number)
        if fault:
            yield Hit(issued, "文号", f"文号“{issued.number}”{fault}")
        elif (year := int(_year(issued.number))) != issued.date.year:
            yield Hit(
                issued,
                "文号",
                f"文号“{issued.number}”的年份是 {year}，成文日期是 {issued.date}，两者应当一致。",
            )


@rule("R23", "同一记录中文号不重复", ERROR, _NUMBERING, about=(Issued,))
def issued_numbers_unique(m: Matter) -> Iterator[Hit]:
    """A number is never used twice, not even for a voided document."""
    seen: set[str] = set()
    for issued in m.case.issued:
        if issued.number is None:
            continue
        if issued.number in seen:
            yield Hit(issued, "文号", f"文号“{issued.number}”已用于前面的文书。文号不能重复使用。")
        seen.add(issued.number)


@rule("R23", "引用其他机关的文号写法规范", WARNING, _NUMBERING)
def quoted_number_well_formed(m: Matter) -> Iterator[Hit]:
    """Numbers of others are printed as they are; a bracket of the wrong kind is worth a look."""
    for part, at, number in _quoted(m):
        if _WRONG_BRACKETS.search(number):
            yield Hit(part, at, f"“{number}”的年份没有用六角括号〔〕，请照原件核对。")


def _quoted(m: Matter) -> Iterator[tuple[object, str, str]]:
    for source in m.case.registration.sources:
        if source.number:
            yield source, "文号", source.number
    for event in m.case.events:
        if isinstance(event, _QUOTING):
            yield from ((part, at, number) for part, at, number in _quoted_by(event) if number)


def _quoted_by(event: Event) -> Iterator[tuple[object, str, str | None]]:
    if isinstance(event, Review | Recheck):
        yield event, "文号", event.number
    elif isinstance(event, ReviewRequest | RecheckRequest):
        yield event, "针对文号", event.against
    elif isinstance(event, Supervision):
        yield event, "原件文号", event.original_number
    elif isinstance(event, Notice):
        if event.refusal is not None:
            yield event.refusal, "在办编号", event.refusal.pending_number
        if event.exhausted is not None:
            yield event.exhausted, "复核文号", event.exhausted.recheck_number


def number_fault(number: str) -> str:
    """What is wrong with the form of a 文号, as the end of a sentence; empty if nothing is."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        if _WRONG_BRACKETS.search(number):
            return "的年份应当用六角括号〔〕（U+3014、U+3015）。"
        if "第" in number:
            return "不应加“第”字。"
        return "写法不对，应写作“机关代字〔年份〕序号号”，如“云信告字〔2026〕12号”。"
    if match["n"].startswith("0"):
        return "的序号不应有前导零。"
    return ""


def _year(number: str) -> str:
    match = _NUMBER.fullmatch(number)
    return match["year"] if match else ""


@rule("R24", "以机关名义行文，不以内设机构名义", ERROR, "《党政机关公文处理工作条例》第十七条")
def organ_is_no_section(m: Matter) -> Iterator[Hit]:
    """No section, office or team signs to the outside, unless the office knows it as an organ."""
    organs = {m.case.registration.organ, *(event.organ for event in m.case.events)} - {None}
    if organs <= m.office.names:
        return
    parts: list[tuple[object, str, str]] = [(m.case.registration, "登记机关", m.case.registration.organ)]
    parts += [(event, "机关", event.organ) for event in m.case.events if event.organ]
    for part, at, organ in parts:
        if organ not in m.office.names and is_section(organ):
            text = f"“{organ}”像是内设机构。文书应当以机关、单位的名义作出，请改为机关全称；确是独立单位的，在 xfdocs.toml 的 [[organ]] 中列入。"
            yield Hit(part, at, text)


@rule(
    "R27",
    "引用的条例符合行为日期，条款存在",
    ERROR,
    "《信访工作条例》第五十条；《信访条例》第五十一条",
    about=_CITING,
)
def bases_exist(m: Matter) -> Iterator[Hit]:
    """A citizen who looks the article up must find it."""
    for event, basis in _bases(m):
        if fault := _fault(m, basis.name, basis.provision, event.date):
            at = "名称" if fault.startswith("适用") else "条款"
            yield Hit(basis, at, fault.removeprefix("适用"))


@rule("R27", "依据的名称不加书名号，条款写作“第×条第×款第×项”", WARNING, about=_CITING)
def bases_well_written(m: Matter) -> Iterator[Hit]:
    """The program sets the 书名号; provisions are written in Chinese numerals."""
    for _, basis in _bases(m):
        if "《" in basis.name or "》" in basis.name:
            yield Hit(basis, "名称", f"依据名称“{basis.name}”不要加书名号，印出时程序会加。")
        if basis.provision and basis.name.endswith(_LAW) and not _cited("法", basis.provision):
            yield Hit(
                basis,
                "条款",
                f"条款“{basis.provision}”看不出是哪一条，请写作“第三十一条第六项”这样的形式。",
            )


@rule(
    "R27",
    "文字中引用的条例符合行为日期，条款存在",
    WARNING,
    "《信访工作条例》第五十条；《信访条例》第五十一条",
    about=(*_CITING, Objection),
)
def quotations_exist(m: Matter) -> Iterator[Hit]:
    """The same for what is cited in running text."""
    for event, part, at, text in _texts(m):
        if not text or "条例》第" not in text:
            continue
        for citation in citations_in(text):
            if fault := _fault(m, citation.regulation, citation.place, event.date):
                yield Hit(part, at, fault.removeprefix("适用"))


_LAW = ("法", "条例", "规定", "办法", "细则")


def _bases(m: Matter) -> Iterator[tuple[Event, Basis]]:
    """Every provision that an event names for what it says."""
    for event in m.case.events:
        if isinstance(event, Reply):
            for opinion in event.opinions:
                yield from ((event, basis) for basis in opinion.bases)
        elif isinstance(event, Notice):
            for procedure in event.procedures:
                yield from ((event, basis) for basis in procedure.bases)
        elif isinstance(event, Review | Recheck):
            yield from ((event, basis) for basis in event.bases)


@lru_cache(maxsize=4096)
def _cited(title: str, provision: str) -> tuple[Citation, ...]:
    """What a provision of a regulation is read as; an office cites the same ones again and again."""
    return citations_in(f"《{title}》{provision}")


def _texts(m: Matter) -> Iterator[tuple[Event, object, str, str | None]]:
    """The running texts in which events give their reasons: event, part, field, text."""
    for event in m.case.events:
        if isinstance(event, Reply):
            for opinion in event.opinions:
                yield event, opinion, "认定", opinion.findings
                yield event, opinion, "说明", opinion.explanation
        elif isinstance(event, Review | Recheck):
            yield event, event, "意见", event.opinion
        elif isinstance(event, Objection):
            yield event, event, "理由", event.reason
        elif isinstance(event, Notice):
            for part in (*event.competents, event.refusal, event.exhausted):
                if part is not None:
                    yield event, part, "说明", part.explanation


def _fault(m: Matter, name: str, provision: str | None, day: dt.date) -> str:
    """What is wrong with citing a petition regulation on a day; empty if it is not one, or nothing is wrong."""
    title = name.strip("《》")
    regulation = m.law.known_by_title(title)
    if regulation is None:
        return ""
    if not regulation.in_force(day):
        right = m.law.regulation_on(day).title
        return f"适用{day} 适用《{right}》，不能引用《{title}》。"
    for citation in _cited(title, provision or ""):
        if not regulation.exists(citation.article, citation.paragraph, citation.item):
            return f"《{title}》没有{citation.place}，或者没有写明是第几款。请核对条款。"
    return ""
