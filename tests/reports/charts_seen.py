"""Charts for the tests, and what was put on paper while one was drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from tests.render.pdfs import fonts
from xfdocs.document.model import Figure
from xfdocs.reports.charts import Chart, Kind, Series, figures_of
from xfdocs.reports.charts.drawing import draw, parts
from xfdocs.reports.charts.letters import Letters, letters_of
from xfdocs.reports.charts.paper import Fill, Paper

UNITS = (
    "东湖区信访局",
    "西山区信访局",
    "市公安局",
    "市自然资源和规划局",
    "市人力资源和社会保障局",
    "云州经济技术开发区管理委员会社会事务管理与群众诉求服务中心综合办公室",
)
MONTHS = tuple(
    f"{year}年{month}月"
    for year, month in [(2025, m) for m in (10, 11, 12)] + [(2026, m) for m in range(1, 10)]
)

CHARTS: dict[str, Chart] = {
    "trend": Chart(
        Kind.LINE,
        "信访总量走势",
        MONTHS,
        (Series("信访总量", (60, 55, 57, 76, 86, 64, None, 64, 81, 76, 73, 100)),),
        "件",
    ),
    "ways": Chart(
        Kind.LINE,
        "来信来访走势",
        MONTHS,
        (
            Series("来信", (12, 15, 9, 22, 30, 8, None, None, 17, 12, 13, 16)),
            Series("来访", (8, 5, 9, 12, 3, 8, 4, 2, 7, 2, 0, 6), "批"),
        ),
        "件",
    ),
    "rates": Chart(
        Kind.LINE,
        "按期办结率",
        ("2026年第一季度", "2026年第二季度", "2026年第三季度"),
        (
            Series("按期办结率", (Fraction(39, 40), None, Fraction(23, 25))),
            Series("及时受理率", (Fraction(1), Fraction(99, 100), Fraction(1))),
        ),
        "%",
        2,
    ),
    "forms": Chart(Kind.BARS, "按形式", ("来信", "来访", "网上"), (Series("", (100, 50, None)),), "件"),
    "units": Chart(Kind.BARS, "按责任单位", UNITS, (Series("", (0, 10, 20, 30, 40, 80)),), "件"),
    "timely": Chart(
        Kind.STACKED,
        "各单位办理情况",
        UNITS,
        (
            Series("按期办结", (12, 15, 9, 4, 30, 0)),
            Series("超期办结", (0, 1, 0, None, 0, 0)),
            Series("未办结", (3, 0, 1, 2, 9, 0)),
        ),
        "件",
    ),
    "years": Chart(
        Kind.PAIRED,
        "与去年同期相比",
        ("来信", "来访", "网上投诉"),
        (Series("2026年第三季度", (120, 48, 310)), Series("2025年第三季度", (100, None, 255))),
        "件",
    ),
    "unit-years": Chart(
        Kind.PAIRED,
        "各单位与去年同期相比",
        UNITS,
        (Series("本期", (1, 2, 3, 4, 5, 0)), Series("去年同期", (6, 5, 4, 3, None, 0))),
        "件",
    ),
}


@cache
def letters() -> Letters:
    return letters_of(fonts())


@cache
def figures(name: str) -> tuple[Figure, ...]:
    return figures_of(CHARTS[name], fonts())


@dataclass(frozen=True)
class Said:
    """One line of text on paper, in mm."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Said) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass
class Seen:
    """What was put on one sheet."""

    width: float
    height: float
    said: list[Said] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, Fill]] = field(default_factory=list)
    lines: list[tuple[tuple[float, float], ...]] = field(default_factory=list)
    marks: list[tuple[float, float]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [said.words for said in self.said]


def seen(chart: Chart, monkeypatch) -> list[Seen]:
    """The sheets of a chart."""
    sheets: list[Seen] = []

    def note(method, keep):
        stock = getattr(Paper, method)

        def noted(self, *facts, **more):
            keep(self, *facts, **more)
            return stock(self, *facts, **more)

        monkeypatch.setattr(Paper, method, noted)

    def opened(self, width, height, _letters):
        sheets.append(Seen(width, height))

    def text(self, x, y, words, size=3.175, *, align=0.0):
        wide = letters().width(words, size)
        left = x - align * wide
        if words:
            sheets[-1].said.append(Said(words, left, left + wide, y - 0.4 * size, y + 0.4 * size))

    with monkeypatch.context() as patch:
        monkeypatch = patch
        note("__init__", opened)
        note("text", text)
        note("box", lambda self, x, y, wide, high, fill: sheets[-1].boxes.append((x, y, wide, high, fill)))
        note("line", lambda self, points, *rest, **more: sheets[-1].lines.append(tuple(points)))
        note("mark", lambda self, x, y, *rest, **more: sheets[-1].marks.append((x, y)))
        for piece in parts(chart, letters()):
            draw(piece, letters(), chart)
    return sheets
