"""Targets an office has set itself: ``[reports.targets]`` in xfdocs.toml, ``I03 = ">=100%"``.

A target without a number (高于全省平均) is printed as it stands, and nothing is compared with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from xfdocs.errors import OfficeInvalid
from xfdocs.office import CONFIG, Office
from xfdocs.reports.definitions import Measure, measures_of
from xfdocs.reports.model import Number

_AIM = re.compile(r"(>=|<=|≥|≤|不低于|不高于|>|<|=|高于|低于)\s*([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*(%?)")
_NUMBER = re.compile(r"^[^0-9]*")
_SPOKEN = {">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于", "=": "等于"}
_MEANT = {"≥": ">=", "≤": "<=", "不低于": ">=", "不高于": "<=", "高于": ">", "低于": "<"}


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach."""

    text: str
    """As the office wrote it."""
    compares: str = ""
    """``>=`` and the like; empty for a target without a number."""
    value: Fraction | None = None

    @property
    def note(self) -> str:
        """What a reader must be told about it."""
        if self.value is None:
            return f"目标“{self.text}”没有数值，不作比较。"
        return ""

    @property
    def words(self) -> str:
        """As people read it: 不低于 98%."""
        if self.value is None:
            return self.text
        return f"{_SPOKEN[self.compares]}{_NUMBER.sub('', self.text)}"

    def met(self, value: int | Fraction | None) -> bool | None:
        """Whether a value reaches it; None if nobody can say."""
        if self.value is None or value is None:
            return None
        return {
            ">=": value >= self.value,
            "<=": value <= self.value,
            ">": value > self.value,
            "<": value < self.value,
            "=": value == self.value,
        }[self.compares]

    def number(self, measure: Measure) -> Number:
        """Its number, as a table prints it."""
        return Number(value=self.value, unit=measure.unit, digits=measure.digits, words=self.words)


def targets_of(office: Office) -> Mapping[str, Target]:
    """The targets of an office by the id of the indicator.

    Raises `OfficeInvalid` for an indicator that does not exist: a target nobody looks at helps nobody.
    """
    measures = measures_of(office)
    found = {}
    for name, text in office.reports.targets.items():
        if name not in measures:
            what = f"[reports.targets] 没有“{name}”这个指标。用 `xfdocs report indicators` 查看全部。"
            raise OfficeInvalid(file=office.folder / CONFIG, what=what)
        match = _AIM.fullmatch(text.strip())
        if match is None:
            found[name] = Target(text)
        else:
            value = Fraction(match[2]) / (100 if match[3] else 1)
            rate = measures[name].unit == "%"
            if rate != bool(match[3]) or (rate and value > 1):
                what = f"[reports.targets] {name} 的目标“{text}”不对：{'比率写成 0% 至 100%' if rate else '它不是比率，不写 %'}。"
                raise OfficeInvalid(file=office.folder / CONFIG, what=what)
            found[name] = Target(text, _MEANT.get(match[1], match[1]), value)
    return MappingProxyType(found)
