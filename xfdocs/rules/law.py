"""The law that applies: the regulation of the day, and a local profile beside it, never in its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xfdocs.errors import RegulationMissing
from xfdocs.rules.citation import in_order
from xfdocs.rules.regulations import Circumstance, Start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from xfdocs.rules.calendar import WorkCalendar
    from xfdocs.rules.citation import Citation
    from xfdocs.rules.limits import Limit
    from xfdocs.rules.regulations import (
        Contents,
        Ground,
        KindBasis,
        LimitRule,
        Path,
        Provision,
        Regulation,
        SupervisionGround,
    )

NATIONAL = "national"
"""The profile of an office that has no local rules."""

_UNVERIFIED = "该规定尚未与正式文本核对"
_NOT_CHECKED = "该规定现在是否有效尚未核对"
"""What is only retold, or may have been replaced, must not look like the law itself."""


class Standing(StrEnum):
    """How a local limit stands to the national one."""

    ALONE = "alone"
    """Only one of them runs."""
    SAME = "same"
    SHORTER = "shorter"
    """A promise: missing it is worth a warning, missing the national one is an error."""
    LONGER = "longer"
    """The national limit applies all the same and governs."""


@dataclass(frozen=True, slots=True)
class ClockRun:
    """A clock counted out, under both rules where both run; at least one does."""

    national: Limit | None
    local: Limit | None

    @property
    def planning(self) -> Limit:
        """The one that ends first: what to plan by."""
        both = [run for run in (self.national, self.local) if run is not None]
        return min(both, key=lambda run: run.due)

    @property
    def standing(self) -> Standing:
        """How the local limit stands to the national one."""
        if self.national is None or self.local is None:
            return Standing.ALONE
        if self.local.due == self.national.due:
            return Standing.SAME
        return Standing.SHORTER if self.local.due < self.national.due else Standing.LONGER


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock under the regulation of a day and the local profile; at least one of them has it."""

    id: str
    name: str
    national: LimitRule | None
    local: LimitRule | None

    @property
    def rules(self) -> tuple[LimitRule, ...]:
        """The rules there are, national first."""
        return tuple(rule for rule in (self.national, self.local) if rule is not None)

    def run(
        self, starts: Mapping[Start, date], calendar: WorkCalendar, hearing: Iterable[date] = ()
    ) -> ClockRun | None:
        """Count the clock from the day its event happened; None while that is not in *starts*.

        A local rule may start from another event than the national one (河南: 接收之日): give all that is
        known. None too where the assigning organ names the date. Raises `CalendarMissing` as `limit`
        does; the rules one by one (`LimitRule.run`) still tell what can be told.
        """
        national, local = (
            rule.run(starts[rule.start], calendar, hearing)
            if rule is not None and rule.start in starts
            else None
            for rule in (self.national, self.local)
        )
        if national is None and local is None:
            return None
        return ClockRun(national, local)


@dataclass(frozen=True, slots=True)
class Law:
    """Every regulation known, and the profile an office has chosen."""

    regulations: tuple[Regulation, ...]
    """National ones, by the day they took effect."""
    profiles: Mapping[str, Regulation] = field(default_factory=dict, hash=False)
    """Local ones by id."""
    profile: str = NATIONAL
    _clocks: dict[tuple[str, str, str, str], Clock] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Clocks put together before: by limit, case and the regulations of the day."""

    def regulation_on(self, day: date) -> Regulation:
        """The national regulation for an act of that day. Raises `RegulationMissing`.

        The 2022 regulation has no transitional clause; going by the day of the act is our reading.
        """
        for regulation in self.regulations:
            if regulation.in_force(day):
                return regulation
        raise RegulationMissing(name=f"{day.isoformat()} 的行为", what="已有的全国性规定中没有在该日施行的。")

    def regulation_titled(self, title: str) -> Regulation:
        """The regulation that is cited as 《title》, national or local. Raises `RegulationMissing`."""
        regulation = self.known_by_title(title)
        if regulation is None:
            raise RegulationMissing(name=f"《{title}》", what="没有这一规定的数据。")
        return regulation

    def known_by_title(self, title: str) -> Regulation | None:
        """As `regulation_titled`, but None for what we have no data of: most of what is cited is other law."""
        for regulation in (*self.regulations, *self.profiles.values()):
            if regulation.title == title:
                return regulation
        return None

    def with_profile(self, name: str) -> Law:
        """The same law seen from another place; *name* is an id (zhejiang) or a short name (浙江)."""
        if name in {NATIONAL, "", "全国"}:
            return replace(self, profile=NATIONAL)
        for key, regulation in self.profiles.items():
            if name in {key, regulation.name}:
                return replace(self, profile=key)
        known = "、".join(f"{key}（{regulation.name}）" for key, regulation in self.profiles.items())
        raise RegulationMissing(
            name=name,
            what=f"单位配置里的 profile 没有这一地方规定。已有：{known or '无'}；只用全国的写 national。",
        )

    @property
    def local(self) -> Regulation | None:
        """The local rules chosen; None for the national profile."""
        return self.profiles.get(self.profile)

    def local_on(self, day: date) -> Regulation | None:
        """The local rules chosen, if they governed an act of that day."""
        return self.local if self.local is not None and self.local.in_force(day) else None

    def governing(self, day: date) -> tuple[Regulation, ...]:
        """The national regulation of that day, and the local rules if any."""
        local = self.local_on(day)
        return (self.regulation_on(day), *([local] if local else []))

    def clock(self, limit_id: str, day: date, case: str = "") -> Clock:
        """One clock as it stood on the day of the act it starts from. Raises `RegulationMissing`.

        *case* is the ``when`` of a local rule that is for some cases only, e.g. ``重要信访问题``.
        """
        clock = self.known_clock(limit_id, day, case)
        if clock is None:
            what = f"{day.isoformat()} 适用的规定没有这一期限。"
            raise RegulationMissing(name=limit_id, what=what)
        return clock

    def known_clock(self, limit_id: str, day: date, case: str = "") -> Clock | None:
        """As `clock`, but None where the law of that day has no such limit.

        Raises `RegulationMissing` where no law of that day is known, or the local rules know no such *case*.
        """
        regulation, local_rules = self.regulation_on(day), self.local_on(day)
        key = (limit_id, case, regulation.id, local_rules.id if local_rules else "")
        if key in self._clocks:
            return self._clocks[key]
        national = regulation.limits.get(limit_id)
        candidates = (
            [rule for rule in local_rules.limits.values() if rule.of == limit_id] if local_rules else []
        )
        local = next((rule for rule in candidates if rule.when == case), None)
        if case and local is None:
            raise RegulationMissing(name=case, what=f"地方规定没有为这种情形另定 {limit_id}。")
        first = national or local
        if first is None:
            return None
        clock = self._clocks[key] = Clock(limit_id, first.name, national, local)
        return clock

    def doubt(self, rule: LimitRule) -> str:
        """What nobody has checked about a rule; empty if all was."""
        local = self.local
        if not rule.verified:
            return _UNVERIFIED
        stale = local is not None and not local.in_force_checked and local.limits.get(rule.id) is rule
        return _NOT_CHECKED if stale else ""

    def clocks(self, day: date) -> tuple[Clock, ...]:
        """Every clock known on that day, for cases in general."""
        regulations = self.governing(day)
        ids = dict.fromkeys(
            rule.of for regulation in regulations for rule in regulation.limits.values() if not rule.when
        )
        return tuple(self.clock(limit_id, day) for limit_id in ids)

    def cases(self, limit_id: str, day: date) -> tuple[str, ...]:
        """The special cases for which the local rules set this limit, as `clock` takes them."""
        local = self.local_on(day)
        rules = local.limits.values() if local else ()
        return tuple(rule.when for rule in rules if rule.of == limit_id and rule.when)

    def kind_basis(self, kind: str, day: date) -> KindBasis:
        """What a kind of document cites, with its conditions. Raises `RegulationMissing` if the day's law has no such kind."""
        regulation = self.regulation_on(day)
        try:
            return regulation.citations[kind]
        except KeyError:
            title = next((r.citations[kind].title for r in self.regulations if kind in r.citations), kind)
            raise RegulationMissing(name=title, what=f"按《{regulation.title}》不制作这种文书。") from None

    def basis(
        self,
        kind: str,
        day: date,
        circumstances: Iterable[Circumstance] = (),
        *,
        path: str = "",
        ground: str = "",
        supervision: str = "",
        inquiry: bool = False,
    ) -> tuple[Citation, ...]:
        """The articles a document of that day cites, in the order to print them.

        An *inquiry* (咨询) or whatever else has no path is answered outside article 31: it needs neither
        path nor ground.

        Circumstances that make no difference to the kind may be given. Raises `RegulationMissing`
        where a path or ground is needed and not given, is unknown, or leads to another kind.
        """
        rule, holding = self.kind_basis(kind, day), frozenset(circumstances)
        given = {"path": path, "ground": ground, "supervision": supervision}
        found = list(rule.always)
        for cited in rule.when:
            if cited.circumstances <= holding:
                found += cited.citations
        if rule.by and not inquiry and not any(given[key] for key in rule.by):
            words = {"path": "办理路径", "ground": "理由", "supervision": "督办情形"}
            raise RegulationMissing(
                name=rule.title, what=f"须写明{'或'.join(words[key] for key in rule.by)}。"
            )
        if "ground" in rule.by and ground:
            found += self._ground_basis(rule, ground, day, path)
        elif "path" in rule.by and path:
            found += self._path_basis(rule, path, day)
        if "supervision" in rule.by and supervision:
            basis = self.supervision_ground(supervision, day).basis
            found += [basis] if basis else []
        return in_order(found)

    def _path_basis(self, rule: KindBasis, code: str, day: date) -> tuple[Citation, ...]:
        path = self.path(code, day)
        if path.kind and path.kind != rule.kind:
            raise RegulationMissing(
                name=rule.title, what=f"“{path.title}”的事项不制作这种文书（{path.basis}）。"
            )
        return (path.basis,)

    def _ground_basis(self, rule: KindBasis, code: str, day: date, path: str) -> tuple[Citation, ...]:
        ground = self.ground(code, day)
        if ground.kind != rule.kind:
            other = self.kind_basis(ground.kind, day).title
            raise RegulationMissing(name=rule.title, what=f"理由“{ground.title}”应当制作{other}。")
        # 应当通过法定途径解决 lists five items of article 31; the matter's own path tells which one it is.
        taken = self.regulation_on(day).paths.get(path)
        return (taken.basis,) if taken is not None and taken.basis in ground.basis else ground.basis

    def ground(self, code: str, day: date) -> Ground:
        """A ground by its code, national or of the profile. Raises `RegulationMissing`: what is not in the list is no ground."""
        for regulation in self.governing(day):
            if code in regulation.grounds:
                return regulation.grounds[code]
        known = "、".join(code for regulation in self.governing(day) for code in regulation.grounds)
        raise RegulationMissing(name=code, what=f"{day.isoformat()} 适用的规定没有这一理由。已有：{known}。")

    def path(self, code: str, day: date) -> Path:
        """A way of handling by its code. Raises `RegulationMissing`."""
        regulation = self.regulation_on(day)
        if code not in regulation.paths:
            raise RegulationMissing(name=code, what=f"《{regulation.title}》没有这一办理路径。")
        return regulation.paths[code]

    def supervision_ground(self, code: str, day: date) -> SupervisionGround:
        """A ground for supervision by its code. Raises `RegulationMissing`."""
        regulation = self.regulation_on(day)
        if code not in regulation.supervision:
            raise RegulationMissing(name=code, what=f"《{regulation.title}》没有这一督办情形。")
        return regulation.supervision[code]

    def contents(self, kind: str, day: date) -> tuple[Contents, ...]:
        """What a kind of document must say, nationally and, added to it, locally."""
        return tuple(r.contents[kind] for r in self.governing(day) if kind in r.contents)

    def provision(self, provision_id: str, day: date) -> Provision:
        """Another rule by its id; the local one where the profile has its own. Raises `RegulationMissing`."""
        for regulation in reversed(self.governing(day)):
            if provision_id in regulation.provisions:
                return regulation.provisions[provision_id]
        raise RegulationMissing(name=provision_id, what=f"{day.isoformat()} 适用的规定没有这一规定。")
