"""What a regulation says, as data: its articles, its clocks, and what each document must cite.

A national regulation and a local one (a provincial regulation, an office's own rules) have the same
shape. `xfdocs.rules.law` puts them together; `xfdocs.rules.loading` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from xfdocs.errors import RegulationMissing
from xfdocs.rules.citation import Citation, place
from xfdocs.rules.limits import Limit, Unit, limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from xfdocs.rules.calendar import WorkCalendar


class Start(StrEnum):
    """The event whose day a clock counts from; that day itself does not count (民法典 201)."""

    RECEIVED = "收到信访事项"
    REFERRED = "收到转送、交办的信访事项"
    ACCEPTED = "受理"
    HANDLING_DUE = "原办理期限届满"
    ASSIGNED = "收到交办"
    ASSIGNMENT_DECIDED = "决定交办"
    OPINION_SERVED = "信访人收到处理意见的书面答复"
    REVIEW_REQUESTED = "收到复查请求"
    REVIEW_DUE = "原复查期限届满"
    REVIEW_SERVED = "信访人收到复查意见的书面答复"
    RECHECK_REQUESTED = "收到复核请求"
    RECHECK_DUE = "原复核期限届满"
    SUGGESTION_RECEIVED = "收到改进建议"


class Actor(StrEnum):
    """Who must act before a clock runs out."""

    PETITION_OFFICE = "信访部门"
    HANDLER = "承办机关、单位"
    ASSIGNER = "交办机关"
    PETITIONER = "信访人"
    REVIEWER = "复查机关、单位"
    RECHECKER = "复核机关、单位"
    ADVISED = "收到建议的机关、单位"


class Circumstance(StrEnum):
    """What decides which paragraph a document cites."""

    DIRECT = "信访人直接提出"
    REFERRED = "转送交办"
    PETITION_OFFICE = "信访部门"
    OTHER_ORGAN = "其他机关"
    SAME_LEVEL = "本级"
    LOWER_LEVEL = "下级"
    LITIGATION = "涉法涉诉"
    ACCUSATION = "检举控告"
    DISCIPLINE = "转送纪检监察机关"
    ORDINARY = "一般事项"
    """None of the claims is 涉法涉诉 or 检举控告."""
    SUPPORTED = "支持"
    EXPLAINED = "解释说明"
    REFUSED = "不支持"


@dataclass(frozen=True, slots=True)
class Article:
    """An article's shape: ``items[p-1]`` is the number of items (项) of its paragraph (款) *p*."""

    number: int
    items: tuple[int, ...]
    heading: str = ""
    """A few words of ours to find it by; the regulations print none."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """How long somebody has, from what, and by which article."""

    id: str
    name: str
    of: str
    """The clock this is a rule for; `id` itself, unless it is a local rule for some cases only."""
    start: Start
    actor: Actor
    unit: Unit
    length: int | None
    """In ``unit``; None where the organ that assigns the matter names the date (指定期限)."""
    basis: Citation | None
    """None in rules that have no articles; then ``source`` says where it stands."""
    source: str
    verified: bool
    """Whether the words were read in a copy of the text; what is only remembered or retold is False."""
    when: str = ""
    """The cases it is for, in words; empty for all."""
    maximum: bool = False
    """A length to stay within rather than a length given."""
    excludes_hearing: bool = False
    """Days of a hearing do not count."""
    note: str = ""

    @property
    def basis_text(self) -> str:
        """The article as printed, or the source where there is none."""
        return self.basis.text if self.basis else self.source

    def run(self, start: date, calendar: WorkCalendar, hearing: Iterable[date] = ()) -> Limit | None:
        """This limit counted from *start*; None where its date is named by the assigning organ.

        *hearing* days are left out where the rule says so. Raises as `limit` does.
        """
        if self.length is None:
            return None
        return limit(start, self.length, self.unit, calendar, hearing if self.excludes_hearing else ())


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited in certain circumstances: all of *circumstances* must hold."""

    circumstances: frozenset[Circumstance]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class KindBasis:
    """What a kind of document cites under one regulation."""

    kind: str
    title: str
    always: tuple[Citation, ...]
    when: tuple[Cited, ...] = ()
    by: tuple[str, ...] = ()
    """Besides, it cites the basis of one of these: path, ground, supervision."""
    remedy: Citation | None = None
    """The article by which it can be contested; None where the law gives no remedy."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a matter is not accepted, not accepted any more, or referred elsewhere (domain codes N1…, R1…)."""

    code: str
    title: str
    text: str
    """The reason as it is told to the petitioner."""
    kind: str
    """Slug of the document it leads to."""
    basis: tuple[Citation, ...]
    local: bool
    """Known to a local profile only."""
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionGround:
    """Why a matter is supervised (督办)."""

    code: str
    title: str
    text: str
    """The finding as it is put to the unit supervised."""
    basis: Citation | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A way of handling that the regulation opens (条例 31, 29, 30)."""

    code: str
    title: str
    text: str
    """The circumstance in the regulation's words."""
    basis: Citation
    kind: str
    """Slug of the document the petitioner first receives; empty where the regulation names none."""
    handling_clock: bool
    """Whether the 60 days run and a 处理意见书 is due."""
    remedy: bool
    """Whether 复查 and 复核 are open."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a kind of document must say."""

    kind: str
    parts: tuple[str, ...]
    basis: Citation
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """Another rule that documents or checks rely on, with the article to name for it."""

    id: str
    name: str
    text: str
    basis: Citation | None
    source: str
    verified: bool
    number: int | None = None
    """The figure in it, e.g. 5 representatives."""
    note: str = ""

    @property
    def basis_text(self) -> str:
        """The article as printed, or the source where there is none."""
        return self.basis.text if self.basis else self.source


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation in force from ``effective`` until the day before ``ended``."""

    id: str
    title: str
    issuer: str
    local: bool
    source: str
    verified: bool
    effective: date | None
    """None for an office's own rules that do not say."""
    issued: date | None = None
    ended: date | None = None
    ended_verified: bool = True
    in_force_checked: bool = True
    """False: nobody has looked whether it still stands (every local one that is shipped)."""
    name: str = ""
    """Short name of a local one, e.g. 浙江."""
    note: str = ""
    articles: Mapping[int, Article] = field(default_factory=dict, hash=False, repr=False)
    limits: Mapping[str, LimitRule] = field(default_factory=dict, hash=False, repr=False)
    citations: Mapping[str, KindBasis] = field(default_factory=dict, hash=False, repr=False)
    grounds: Mapping[str, Ground] = field(default_factory=dict, hash=False, repr=False)
    supervision: Mapping[str, SupervisionGround] = field(default_factory=dict, hash=False, repr=False)
    paths: Mapping[str, Path] = field(default_factory=dict, hash=False, repr=False)
    contents: Mapping[str, Contents] = field(default_factory=dict, hash=False, repr=False)
    provisions: Mapping[str, Provision] = field(default_factory=dict, hash=False, repr=False)

    def in_force(self, on: date) -> bool:
        """Whether it governs an act of that day."""
        return (self.effective is None or self.effective <= on) and (self.ended is None or on < self.ended)

    def exists(self, article: int, paragraph: int | None = None, item: int | None = None) -> bool:
        """Whether there is such an article, paragraph and item.

        An item named without its paragraph exists only where the article has one paragraph: elsewhere
        the citation is incomplete.
        """
        shape = self.articles.get(article)
        if shape is None:
            return False
        if paragraph is None:
            if item is None:
                return True
            if len(shape.items) > 1:
                return False
            paragraph = 1
        if not 1 <= paragraph <= len(shape.items):
            return False
        return item is None or 1 <= item <= shape.items[paragraph - 1]

    def cite(self, article: int, paragraph: int | None = None, item: int | None = None) -> Citation:
        """The formal citation: 第一款 left out where it is the only one. Raises `RegulationMissing` if there is none."""
        citation = Citation(self.title, article, paragraph, item)
        if not self.exists(article, paragraph, item):
            raise RegulationMissing(
                name=citation.text, what="该规定没有这一条、款、项，或者没有写明是第几款。"
            )
        if len(self.articles[article].items) == 1:
            return Citation(self.title, article, None, item)
        return citation

    def cite_place(self, text: str) -> Citation:
        """The citation of ``第三十一条第六项``. Raises `RegulationMissing` or, if *text* is no place, `ValueError`."""
        return self.cite(*place(text))
