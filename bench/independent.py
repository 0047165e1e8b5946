"""The numbers of the reports counted a second time, from the words of their definitions, in plain Python over the XML.

    python -m bench.independent CASES [2026Q3 ...] --office DIR

Nothing here comes from `xfdocs.reports`, from the index or from SQL: records are read by `bench.reading`, days are counted by
`datetime`, and each number follows its words in ``schemas/indicators``.  A record is looked at as it stood on the last day of
each window: what happened later is cut off before anything is asked of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from bench.reading import Claim, Day, Happening, Record

NO_WORD = "未登记"
TOTAL = "合计"
_NEW_LAW = Day(2022, 5, 1)
"""From then on the 60 days run for 第三十一条第六项 only."""
_FIFTEEN, _SIXTY = dt.timedelta(days=15), dt.timedelta(days=60)
_SORTING = {"转送", "交办", "报请", "告知", "受理", "答复"}
_TELLING = {"告知", "受理", "答复"}
_DISCIPLINE = re.compile("纪委|纪律检查|监委|监察委|纪检")
_COURTS = re.compile("政法委|人民法院|人民检察院|公安|司法局|司法厅|司法部")
IN_TIME, LATE, OPEN = "按期", "超期完成", "超期未完成"


@dataclass(frozen=True, slots=True)
class Span:
    """A window: its days, and the last day of which anything is known."""

    first: Day
    last: Day
    as_of: Day
    over: bool
    """Whether the day *as_of* itself is over: what was due on it and not done is late then."""

    def has(self, day: Day | None) -> bool:
        """Whether a day that has come lies in it."""
        return day is not None and self.first <= day <= self.last and day <= self.as_of


def spans(first: Day, last: Day, on: Day, known_from: Day | None) -> dict[str, Span | None]:
    """本期, 上期, 去年同期 and 累计 of a month, a quarter, a half or a whole year; None before the first record there is."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    as_of = min(on, last)
    found: dict[str, Span | None] = {}
    begins = {"本期": first, "上期": _months(first, -months), "去年同期": _months(first, -12)}
    for name, begin in begins.items():
        end = _months(begin, months) - dt.timedelta(days=1)
        found[name] = Span(begin, end, min(as_of, end), on > end)
    found["累计"] = Span(Day(last.year, 1, 1), last, as_of, on > last)
    for name, span in found.items():
        if known_from is None or (span is not None and span.last < known_from):
            found[name] = None
    return found


def _months(day: Day, more: int) -> Day:
    year, month = divmod(day.year * 12 + day.month - 1 + more, 12)
    return Day(year, month + 1, 1)


@dataclass(frozen=True, slots=True)
class Duty:
    """What an organ owed by a day."""

    limit: str
    organ: str
    due: Day
    met: Day | None
    dropped: Day | None

    def outcome(self, span: Span) -> str:
        """按期, 超期完成, 超期未完成, or nothing that is counted."""
        if self.met is not None:
            return IN_TIME if self.met <= self.due else LATE
        if self.dropped is not None and self.dropped <= self.due:
            return ""
        passed = self.due <= span.as_of if span.over else self.due < span.as_of
        return OPEN if passed else ""


class Known:
    """A record as it stood on a day."""

    def __init__(self, record: Record, day: Day, offices: frozenset[str]) -> None:
        self.record = record
        self.day = day
        self.offices = offices
        self.events = [event for event in record.happenings if event.day <= day]

    def first(self, *kinds: str) -> Day | None:
        """The day of the first event of these kinds."""
        return min((event.day for event in self.events if event.kind in kinds), default=None)

    def unit(self) -> str:
        """责任单位: 首次转送、交办的主办单位；没有转送、交办的，是登记机关."""
        for event in self.events:
            if event.kind in {"转送", "交办"}:
                return event.leading[0][0] if event.leading else self.record.organ
        return self.record.organ

    def done(self) -> Day | None:
        """办结: 首次答复之日或者结案之日，先到的为准."""
        return min((day for day in (self.first("答复"), self.first("结案")) if day is not None), default=None)

    def served(self) -> Day | None:
        """The day on which the first reply was in the petitioner's hands, or left with them."""
        reply = next((event for event in self.events if event.kind == "答复"), None)
        if reply is None:
            return None
        days = []
        for event in self.events:
            if event.kind == "送达" and event.about == reply.seq:
                left = event.said["方式"] == "留置送达" or "拒收" in event.said
                received = event.said.get("收到日期")
                days += [Day.fromisoformat(received)] if received else [event.day] if left else []
        return min((day for day in days if day <= self.day), default=None)

    # --- duties --------------------------------------------------------------------------------------

    def duties(self) -> Iterator[Duty]:
        """What was owed by a day: 条例22 22·1, 23, 34, and by the day that a letter named."""
        over = self.first("结案", "撤回")
        yield from self._arrival(over)
        for event in self.events:
            if event.kind in {"转送", "交办"}:
                for organ, received in event.leading:
                    yield from self._referred(event, organ, received, over)
            elif event.kind == "督办" and event.said.get("反馈期限"):
                unit = event.said["对象"]
                yield from self._named("supervision-feedback", event, unit, event.said["反馈期限"], over)
            elif event.kind == "受理":
                yield from self._handling(event, over)

    def _arrival(self, over: Day | None) -> Iterator[Duty]:
        record = self.record
        received = (record.source and record.source[0]) or record.received
        back = min(
            (e.day for e in self.events if e.kind in {"转送", "交办"} and record.organ in e.together),
            default=None,
        )
        ends = min((day for day in (over, back) if day is not None), default=None)
        if self._is_office(record.organ):
            owed = record.claims
            limit, acts = "disposition", _SORTING
        else:
            owed = [claim for claim in record.claims if not _own_rules(record.organ, claim)]
            limit, acts = ("notice" if record.source is None else "notice-after-transfer"), _TELLING
            if not record.tellable:
                return
        yield from self._told(limit, record.organ, None, received, owed, acts, ends)

    def _referred(self, event: Happening, organ: str, received: Day, over: Day | None) -> Iterator[Duty]:
        claims = [c for c in self.record.claims if not event.claims or c.seq in event.claims]
        if self._is_office(organ):
            yield from self._told("disposition", organ, event, received, claims, _SORTING, over)
        elif self.record.tellable:
            owed = [claim for claim in claims if not _own_rules(organ, claim)]
            yield from self._told("notice-after-transfer", organ, event, received, owed, _SORTING, over)
        if event.kind == "交办" and event.said.get("办理期限"):
            yield from self._named("assignment-feedback", event, organ, event.said["办理期限"], over)

    def _told(
        self,
        limit: str,
        organ: str,
        sent: Happening | None,
        start: Day,
        owed: list[Claim],
        acts: set[str],
        ends: Day | None,
    ) -> Iterator[Duty]:
        """15 days for every claim; an objection that was not turned down gives the matter back."""
        if not owed:
            return
        together = {organ} if sent is None else {organ, *sent.together}
        own: list[Day] = []
        days: dict[int, Day] = {}
        for event in self.events:
            if sent is not None and event.seq <= sent.seq:
                continue
            if event.kind in acts and event.organ in together:
                own += [event.day] if event.organ == organ else []
                for seq in event.claims or [claim.seq for claim in self.record.claims]:
                    days.setdefault(seq, event.day)
            elif event.kind == "异议" and event.organ == organ and not self._turned_down(event):
                ends = min(ends or event.day, event.day)
        met = None
        if own and all(claim.seq in days for claim in owed):
            met = max(min(own), *(days[claim.seq] for claim in owed))
        begins = max(self.record.received, start, sent.day if sent else start)
        yield from self._duty(limit, organ, begins, start + _FIFTEEN, met, ends)

    def _turned_down(self, objection: Happening) -> bool:
        told = objection.said
        return told.get("决定结果") == "不同意" and Day.fromisoformat(told["决定日期"]) <= self.day

    def _named(self, limit: str, event: Happening, organ: str, due: str, over: Day | None) -> Iterator[Duty]:
        back = [
            e.day
            for e in self.events
            if e.kind == "反馈" and e.about == event.seq and e.said["单位"] == organ
        ]
        begins = max(self.record.received, event.day)
        yield from self._duty(limit, organ, begins, Day.fromisoformat(due), min(back, default=None), over)

    def _handling(self, accepted: Happening, over: Day | None) -> Iterator[Duty]:
        """60 days from acceptance, and what was granted beyond."""
        claims = {c.seq: c for c in self.record.claims if not accepted.claims or c.seq in accepted.claims}
        old = accepted.day < _NEW_LAW
        wanted = {seq for seq, claim in claims.items() if old or claim.path in {"", "31-6"}}
        if not wanted:
            return
        days: dict[int, Day] = {}
        granted = 0
        for event in self.events:
            if event.seq <= accepted.seq:
                continue
            if event.kind == "答复" and event.organ == accepted.organ:
                answered: Iterable[int] = event.claims
            elif event.kind == "调解" and event.said["达成协议"] == "true":
                answered = wanted
            else:
                if event.kind == "延期" and event.organ == accepted.organ:
                    granted += int(event.said["天数"])
                continue
            for seq in answered:
                days.setdefault(seq, event.day)
        met = max(days[seq] for seq in wanted) if wanted <= days.keys() else None
        due = accepted.day + _SIXTY + dt.timedelta(days=granted)
        yield from self._duty("handling", accepted.organ, accepted.day, due, met, over)

    def _duty(
        self, limit: str, organ: str, begins: Day, due: Day, met: Day | None, ends: Day | None
    ) -> Iterator[Duty]:
        """What was done on the day it fell away was done; what had fallen away before it began was never owed."""
        if begins > self.day:
            return
        if ends is not None and (met is None or met > ends):
            if ends >= begins:
                yield Duty(limit, organ, due, None, ends)
            return
        yield Duty(limit, organ, due, met, None)

    def _is_office(self, organ: str) -> bool:
        return organ in self.offices or organ.endswith(("信访局", "信访办公室", "信访办"))


def _own_rules(organ: str, claim: Claim) -> bool:
    """条例22 23·4: accusations with the organs of discipline, litigation with courts, procurators and police."""
    if _DISCIPLINE.search(organ):
        return claim.purpose == "检举控告" or claim.path == "30"
    return bool(_COURTS.search(organ)) and claim.path == "31-1"


# --- counting ---------------------------------------------------------------------------------------------


class Tallies:
    """Numbers under names, of each window, and of small sets the 编号 behind them."""

    def __init__(self, keep: bool) -> None:
        self.numbers: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        self.cases: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
        self.keep = keep
        self._window = ""
        self._case = ""
        self._seen: set[tuple[str, ...]] = set()

    def about(self, window: str, case: str) -> None:
        """What is counted next belongs to this window and record."""
        self._window, self._case = window, case
        self._seen.clear()

    def add(self, *name: str, by: int = 1) -> None:
        """Count something."""
        self.numbers[self._window][name] += by
        if self.keep:
            self.cases[self._window][name].add(self._case)

    def once(self, *name: str) -> None:
        """Count a record once under a name, however often it is named: 件."""
        if name not in self._seen:
            self._seen.add(name)
            self.add(*name)


class Census:
    """One pass over the records for the windows of one report; of an original that a later record repeats only its dates are kept."""

    def __init__(self, windows: dict[str, Span | None], offices: frozenset[str], *, keep: bool) -> None:
        self.windows = windows
        self.offices = offices
        self.tallies = Tallies(keep)
        self._repeats: list[tuple[Record, dict[str, str]]] = []
        self._originals: dict[str, tuple[Day | None, Day | None, Day | None]] = {}

    def add(self, record: Record) -> None:
        """Count a record."""
        units = {}
        for name, span in self.windows.items():
            if span is not None and record.registered <= span.as_of:
                known = Known(record, span.as_of, self.offices)
                self.tallies.about(name, record.id)
                units[name] = known.unit()
                _count(self.tallies, known, span, units[name])
        whole = Known(record, Day.max, self.offices)
        dates = whole.first("答复"), whole.served(), whole.first("督办")
        if any(dates):
            self._originals[record.id] = dates
        inside = any(span is not None and span.has(record.registered) for span in self.windows.values())
        if record.repeat == "重复" and inside:
            self._repeats.append((record, units))

    def done(self) -> Tallies:
        """The tallies, when all records were added."""
        for record, units in self._repeats:
            self._repeat(record, units)
        return self.tallies

    def _repeat(self, record: Record, units: dict[str, str]) -> None:
        """未送达后重复, 督办后重复: how the original stood when this one came."""
        came = record.received
        for name, span in self.windows.items():
            if span is None or not span.has(record.registered):
                continue
            self.tallies.about(name, record.id)
            for other in record.related:
                replied, served, supervised = self._originals.get(other, (None, None, None))
                if replied is not None and replied <= came and not (served is not None and served <= came):
                    self.tallies.once("未送达后重复", units[name])
                if supervised is not None and supervised <= came:
                    self.tallies.once("督办后重复", units[name])


def _count(t: Tallies, known: Known, span: Span, unit: str) -> None:
    if span.has(known.record.registered):
        _count_arrival(t, known, unit)
    _count_steps(t, known, span, unit)
    _count_events(t, known, span)
    for duty in known.duties():
        if span.first <= duty.due <= span.last and (outcome := duty.outcome(span)):
            t.add("期限", duty.limit, duty.organ, outcome)


def _count_arrival(t: Tallies, known: Known, unit: str) -> None:
    """What is counted by 登记日期."""
    record, first = known.record, known.record.claims[0]
    facts = {
        "": True,
        "已告知": known.first(*_TELLING) is not None,
        "已受理": known.first("受理") is not None,
        "已答复": known.first("答复") is not None,
        "重复": record.repeat == "重复",
        "初次": record.repeat == "初次",
        "登记日期": record.noted,
        "首办责任人": bool(record.handler),
        "内容分类": bool(first.category),
        "属地": bool(first.locus),
        "办理路径": bool(first.path),
    }
    for fact, holds in facts.items():
        if holds:
            t.add("收件", fact, unit)
            if record.channel == "网上":
                t.add("网上", fact, unit)
    t.add("形式", record.channel)
    if record.channel == "来访":
        t.add("人次", by=record.heads)
        if record.heads >= 5:
            t.add("集体访")
            t.add("集体访人次", by=record.heads)
    t.add("by", "目的", first.purpose)
    t.add("by", "内容分类", first.category or NO_WORD)
    t.add("by", "属地", first.locus or NO_WORD)
    t.add("by", "初次重复", record.repeat)
    for claim in record.claims:
        if claim.purpose == "申诉求决":
            t.add("求决")
            if claim.path:
                t.add("求决分类")


def _count_steps(t: Tallies, known: Known, span: Span, unit: str) -> None:
    """What is counted by the day of a step."""
    record = known.record
    replied, accepted, done = known.first("答复"), known.first("受理"), known.done()
    if span.has(replied):
        t.add("已答复", unit)
        t.add("已送达" if known.served() else "未送达", unit)
    if span.has(done):
        t.add("办结")
        if any(event.kind == "评价" for event in known.events):
            t.add("办结已评价")
        if accepted is not None and done is not None:
            t.add("办结天数", by=(done - accepted).days)
            t.add("办结已受理")
    if record.repeat == "初次":
        for name, day in (("受理周期", accepted), ("答复周期", replied)):
            if span.has(day) and day is not None:
                t.add(name, by=(day - record.registered).days)
                t.add(f"{name}件数")
    if span.has(known.first("撤回")):
        t.add("信访人撤回")


def _count_events(t: Tallies, known: Known, span: Span) -> None:
    """What is counted by the day of an event: 件 once a record, 次 each."""
    for event in known.events:
        if not span.has(event.day):
            continue
        if event.kind in {"督办", "评价", "建议"}:
            t.add("次", event.kind)
        else:
            t.once("件", event.kind)
        if event.kind == "评价":
            t.add("评价", event.said["对象"], event.said["结果"])
        elif event.kind == "建议":
            t.add("建议", event.said["类别"])


# --- the tables -------------------------------------------------------------------------------------------

Value = int | Fraction | None
Cells = dict[tuple[str, str], Value]
"""By line and column."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table should say, and which records are behind a cell, where they were kept."""

    cells: Cells
    cases: dict[tuple[str, str], set[str]]


class Tables:
    """The tables of the reports, put together by hand from the tallies."""

    def __init__(self, tallies: Tallies, windows: dict[str, Span | None]) -> None:
        self.tallies = tallies
        self.windows = windows

    def number(self, window: str, *names: tuple[str | None, ...]) -> Value:
        """The sum of what was counted under names; None in a name stands for anything.  None if nothing is known of the window."""
        if self.windows[window] is None:
            return None
        return sum(count for name, count in self.tallies.numbers[window].items() if _fits(name, names))

    def cases(self, window: str, *names: tuple[str | None, ...]) -> set[str]:
        """The records behind it."""
        return {
            case for name, found in self.tallies.cases[window].items() if _fits(name, names) for case in found
        }

    def compared(self, lines: dict[str, tuple[tuple[str | None, ...], ...]]) -> Expected:
        """本期, 上期, 环比, 去年同期, 同比, 累计 of each line."""
        cells: Cells = {}
        cases = {}
        for line, names in lines.items():
            for window in self.windows:
                cells[line, window] = self.number(window, *names)
                cases[line, window] = self.cases(window, *names)
            cells[line, "环比"] = _change(cells[line, "本期"], cells[line, "上期"])
            cells[line, "同比"] = _change(cells[line, "本期"], cells[line, "去年同期"])
        return Expected(cells, cases)

    def by_word(self, field: str) -> Expected:
        """A line for each word that occurs in any window, and all together."""
        every = {
            name[2] for found in self.tallies.numbers.values() for name in found if name[:2] == ("by", field)
        }
        lines: dict[str, tuple[tuple[str | None, ...], ...]] = {
            word: (("by", field, word),) for word in every
        }
        return self.compared({**lines, TOTAL: (("by", field, None),)})

    def spread(
        self,
        columns: dict[str, tuple[tuple[str | None, ...], ...]],
        rates: dict[str, tuple[str, str]] | None = None,
    ) -> Expected:
        """A line for each unit: None in a name is where the unit stands."""
        found = self.tallies.numbers["本期"]
        every = {
            name[pattern.index(None)]
            for patterns in columns.values()
            for pattern in patterns
            for name in found
            if _fits(name, [pattern])
        }
        cells: Cells = {}
        cases = {}
        for unit in [*every, None]:
            line = TOTAL if unit is None else unit
            for column, patterns in columns.items():
                names = tuple(tuple(unit if p is None else p for p in pattern) for pattern in patterns)
                cells[line, column] = self.number("本期", *names)
                cases[line, column] = self.cases("本期", *names)
            for column, (above, below) in (rates or {}).items():
                cells[line, column] = _ratio(cells[line, above], cells[line, below])
        return Expected(cells, cases)

    def indicators(self, wanted: Iterable[str]) -> Expected:
        """分子, 分母 and the rate of each, now, before and a year ago."""
        cells: Cells = {}
        cases = {}
        for rate in wanted:
            above, below = _RATES[rate]
            cells[rate, "分子"], cells[rate, "分母"] = (
                self.number("本期", *above),
                self.number("本期", *below),
            )
            cases[rate, "分子"], cases[rate, "分母"] = self.cases("本期", *above), self.cases("本期", *below)
            for window in ("本期", "上期", "去年同期"):
                cells[rate, window] = _ratio(self.number(window, *above), self.number(window, *below))
                cases[rate, window] = set()
        return Expected(cells, cases)


def _fits(name: tuple[str, ...], patterns: Iterable[tuple[str | None, ...]]) -> bool:
    return any(
        len(name) == len(pattern) and all(p is None or p == n for p, n in zip(pattern, name, strict=True))
        for pattern in patterns
    )


def _ratio(above: Value, below: Value) -> Value:
    return Fraction(above, below) if above is not None and below else None


def _change(now: Value, before: Value) -> Value:
    return Fraction(now - before, before) if now is not None and before else None


_ALL_OUTCOMES = (IN_TIME, LATE, OPEN)


def _limit(limits: Iterable[str], *outcomes: str) -> tuple[tuple[str | None, ...], ...]:
    return tuple(("期限", limit, None, outcome) for limit in limits for outcome in outcomes or _ALL_OUTCOMES)


_TELL = ("disposition", "notice", "notice-after-transfer")
_SATISFIED = ("满意", "基本满意")
_Name = tuple[tuple[str | None, ...], ...]


def _rate_of_limits(*limits: str) -> tuple[_Name, _Name]:
    return _limit(limits, IN_TIME), _limit(limits)


def _satisfied(of: str) -> tuple[_Name, _Name]:
    return tuple(("评价", of, result) for result in _SATISFIED), (("评价", of, None),)


def _noted(what: str) -> tuple[_Name, _Name]:
    return (("收件", what, None),), (("收件", "", None),)


_RATES: dict[str, tuple[_Name, _Name]] = {
    "I01": _rate_of_limits(*_TELL),
    "I02": _rate_of_limits(*_TELL[1:]),
    "I03": _rate_of_limits("handling"),
    "I04-信访部门": _satisfied("信访部门"),
    "I04-责任单位": _satisfied("责任单位"),
    "I05": ((("办结已评价",),), (("办结",),)),
    "I07": _noted("重复"),
    "I07-网上": ((("网上", "重复", None),), (("网上", "", None),)),
    "I09": ((("网上", "", None),), (("收件", "", None),)),
    "I10": _noted("已受理"),
    "I11-受理": ((("受理周期",),), (("受理周期件数",),)),
    "I11-答复": ((("答复周期",),), (("答复周期件数",),)),
    "I16": _rate_of_limits("assignment-feedback"),
    "I16-督办": _rate_of_limits("supervision-feedback"),
    "I22": ((("求决分类",),), (("求决",),)),
    "I24": ((("办结天数",),), (("办结已受理",),)),
    "答复送达率": ((("已送达", None),), (("已答复", None),)),
    **{f"登记-{what}": _noted(what) for what in ("登记日期", "首办责任人", "内容分类", "属地", "办理路径")},
}
"""Numerators and denominators, as the definitions put them in words."""
_VOLUME: dict[str, _Name] = {
    "来信（件）": (("形式", "来信"),),
    "来访（批）": (("形式", "来访"),),
    "集体访（批）": (("集体访",),),
    "网上（件）": (("形式", "网上"),),
    "来电（件）": (("形式", "来电"),),
    "传真（件）": (("形式", "传真"),),
    "合计（件、批）": (("形式", None),),
}
_DONE_STEPS: dict[str, _Name] = {
    **{kind: (("件", kind),) for kind in ("转送", "交办", "受理", "告知", "延期")},
    "办结": (("办结",),),
    "请求复查": (("件", "复查申请"),),
    "请求复核": (("件", "复核申请"),),
    "督办（次）": (("次", "督办"),),
    "信访人撤回": (("信访人撤回",),),
}
_HANDLING: dict[str, _Name] = {
    "到期应办": _limit(["handling"]),
    "按期办结": _limit(["handling"], IN_TIME),
    "超期办结": _limit(["handling"], LATE),
    "超期未办结": _limit(["handling"], OPEN),
}


def _duties(limits: Iterable[str], heads: tuple[str, str, str, str]) -> dict[str, _Name]:
    limits = tuple(limits)
    outcomes = ((), (IN_TIME,), (LATE,), (OPEN,))
    return {head: _limit(limits, *which) for head, which in zip(heads, outcomes, strict=True)}


def circular(t: Tables) -> dict[str, Expected]:
    """通报."""
    told = _duties(_TELL, ("到期", "按期", "超期", "超期未办"))
    assigned = _duties(["assignment-feedback"], ("到期应报结", "按期报结", "超期报结", "超期未报结"))
    online = {"收件": "", "已告知": "已告知", "已受理": "已受理", "已答复": "已答复", "重复": "重复"}
    noted = ("登记日期", "首办责任人", "内容分类", "属地", "办理路径")
    return {
        "总量": t.compared(_VOLUME),
        "登记": t.indicators([*(f"登记-{what}" for what in noted), "I22"]),
        "网上": t.spread({head: (("网上", fact, None),) for head, fact in online.items()}),
        "受理": t.spread(told, {"及时受理率": ("按期", "到期")}),
        "办理": t.spread(_HANDLING, {"按期办结率": ("按期办结", "到期应办")}),
        "送达": t.spread({name: ((name, None),) for name in ("已答复", "已送达", "未送达")}),
        "重复": t.spread(
            {
                "收件": (("收件", "", None),),
                "重复": (("收件", "重复", None),),
                "未送达后重复": (("未送达后重复", None),),
                "督办后重复": (("督办后重复", None),),
            }
        ),
        "交办": t.spread(assigned, {"按期报结率": ("按期报结", "到期应报结")}),
        "指标": t.indicators(
            [
                "I01",
                "I03",
                "I04-信访部门",
                "I04-责任单位",
                "I05",
                "I16",
                "I16-督办",
                "答复送达率",
                "I07",
                "I07-网上",
                "I09",
            ]
        ),
    }


def statistics(t: Tables) -> dict[str, Expected]:
    """统计月报, 年度报告, 专项报告."""
    people: dict[str, _Name] = {"来访人次": (("人次",),), "集体访人次": (("集体访人次",),)}
    units = {"收件": "", "初次": "初次", "重复": "重复", "已受理": "已受理", "已答复": "已答复"}
    wanted = "I01 I02 I03 I16 I10 I22 I07 I09 I04-信访部门 I04-责任单位 I05 答复送达率 I11-受理 I11-答复 I24"
    rated = {f"对{of}": (("评价", of, None),) for of in ("信访部门", "责任单位")}
    return {
        "总量": t.compared({**_VOLUME, **people}),
        **{field: t.by_word(field) for field in ("目的", "内容分类", "属地", "初次重复")},
        "责任单位": t.spread({head: (("收件", fact, None),) for head, fact in units.items()}),
        "办理": t.compared(_DONE_STEPS),
        "期限": t.compared(_HANDLING),
        "指标": t.indicators(wanted.split()),
        "满意度": t.spread(rated),
        "建议": t.spread({"提出": (("建议", None),)}),
    }


TABLES = {
    "circular": circular,
    "monthly-statistics": statistics,
    "annual-report": statistics,
    "special-report": statistics,
}
