"""Series of numbers: one for each form and year, from 1, or from where the office stood before this program."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from xfdocs.errors import OfficeInvalid
from xfdocs.office import CONFIG, Office
from xfdocs.register.journal import Action, Change
from xfdocs.register.tables import DOCUMENTS, SERIES

_FIGURE = re.compile(r"\{n(?::([1-8]))?\}")


def number_of(form: str, year: int, n: int) -> str:
    """The number as printed; empty for a form without numbers.

    A 文号 has no leading zeros (GB/T 9704-2012 7.2.5) and is written ``{n}``; a 档号 has them (DA/T 22-2015 5.4.3), ``{n:4}``.
    """
    figure = _FIGURE.search(form)
    if figure is None:
        return form
    return f"{form[: figure.start()]}{n:0{figure[1] or 1}}{form[figure.end() :]}".replace("{year}", str(year))


def series_name(form: str, year: int) -> str:
    """A series as people name it, its figure left open: 云信受字〔2026〕×号."""
    return _FIGURE.sub("×", form).replace("{year}", str(year))


def used_key(form: str, year: int) -> str:
    """What ``[numbers.used]`` calls a series and year: the number up to the bracket behind the year.

    云信受字〔{year}〕{n}号 and 云信受字〔{year}〕第{n}号 of 2026 are both ``云信受字〔2026〕``; what says more
    before the figure (〔{year}〕补{n}号) is another series, and the key says it too.
    """
    return _FIGURE.split(form)[0].replace("{year}", str(year)).removesuffix("第")


@dataclass(slots=True)
class _Standing:
    """Where a series stands inside a transaction."""

    first: int
    last: int
    new: bool


@dataclass(slots=True)
class SeriesBook:
    """The series a transaction takes numbers from."""

    change: Change
    office: Office
    _open: dict[tuple[str, int], _Standing] = field(default_factory=dict)

    def take(self, form: str, year: int) -> int:
        """The next figure of a series; 0 for documents without numbers.

        Raises `OfficeInvalid` if ``[numbers.used]`` says that the series begins elsewhere than it did.
        """
        if not form:
            return 0
        standing = self._open.get((form, year)) or self._opened(form, year)
        standing.last += 1
        return standing.last

    def finish(self) -> None:
        """Write where the series stand now."""
        for (form, year), standing in self._open.items():
            values: dict[str, Any] = {"form": form, "year": year}
            if standing.new:
                row = values | {"first": standing.first, "last": standing.last}
                self.change.connection.execute(insert(SERIES), row)
            else:
                here = (SERIES.c.form == form) & (SERIES.c.year == year)
                self.change.connection.execute(update(SERIES).where(here).values(last=standing.last))
        self._open = {}

    def _opened(self, form: str, year: int) -> _Standing:
        here = (SERIES.c.form == form) & (SERIES.c.year == year)
        row = self.change.connection.execute(select(SERIES.c.first, SERIES.c.last).where(here)).one_or_none()
        key = used_key(form, year)
        used = self.office.used.get(key)
        if row is None:
            first = (used or 0) + 1
            self.change.add(Action.SERIES, {"form": form, "year": year, "first": first})
            standing = _Standing(first, first - 1, new=True)
        elif used is not None and used + 1 != row.first and not self._came_back(form, year, row.first - 1):
            raise OfficeInvalid(
                file=self.office.folder / CONFIG,
                what=f"[numbers.used] 写“{key}” = {used}，但登记库里这一序列已经从第 {row.first} 号开始，不能再改。"
                f"请删去这一行{f'，或者写成 {row.first - 1}' if row.first > 1 else ''}。",
            )
        else:
            standing = _Standing(row.first, row.last, new=False)
        self._open[form, year] = standing
        return standing

    def _came_back(self, form: str, year: int, n: int) -> bool:
        """Whether a series begins where it does because the number before came back from the archive."""
        here = (DOCUMENTS.c.form == form) & (DOCUMENTS.c.year == year) & (DOCUMENTS.c.n == n)
        return self.change.connection.execute(select(DOCUMENTS.c.id).where(here)).first() is not None
