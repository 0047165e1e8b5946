"""A sheet on which charts are drawn, in mm from its upper left corner; matplotlib writes it as SVG and PNG.

Only what matplotlib is good at is asked of it: putting paths on two kinds of canvas.  Neither pyplot nor
anybody's settings, fonts, clocks or random names take part, so the same drawing gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from xfdocs.reports.charts.letters import CLOSE, LINE, MOVE, Outline

if TYPE_CHECKING:
    from xfdocs.reports.charts.letters import Letters

DPI: Final = 300
_SIXTEEN: Final = [round(grey / 17) * 17 for grey in range(256)]
"""Greys to the sixteen that print: nobody sees the others, and the file is half as long."""
_INCH: Final = 25.4
_POINT: Final = 72 / _INCH

HAIR, THIN, THICK = 0.1, 0.2, 0.4
"""Strengths of lines in mm."""
TEXT, SMALL = 3.175, 2.65
"""Sizes of letters in mm: 小五 and 六号."""
_MIDDLE: Final = 0.36
"""Of the letters' size: how far the middle of figures and 汉字 lies above the baseline."""


class Fill(Enum):
    """How an area is told from others without colour: grey from 0, black, to 1, and hatching."""

    DARK = 0.3, ""
    HATCHED = 1.0, "/"
    LIGHT = 0.82, ""
    CROSSED = 1.0, "x"
    WHITE = 1.0, ""
    PAPER = 1.0, " "
    """Covers what lies below it, without an edge."""


class Mark(Enum):
    """How the points of a line are told from those of others; the corners around a centre, in half its size."""

    DOT = None
    SQUARE = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
    TRIANGLE = ((0.0, -1.15), (1.05, 0.8), (-1.05, 0.8))
    DIAMOND = ((0.0, -1.25), (1.1, 0.0), (0.0, 1.25), (-1.1, 0.0))
    NABLA = ((0.0, 1.15), (1.05, -0.8), (-1.05, -0.8))


class Paper:
    """One drawing. What is put on it later lies above."""

    def __init__(self, width: float, height: float, letters: Letters) -> None:
        self.width = width
        self.height = height
        self._letters = letters
        self._drawn: list[dict[str, Any]] = []

    # --- what is put on it --------------------------------------------------------------------------------

    def line(
        self,
        points: Sequence[tuple[float, float]],
        width: float = THIN,
        *,
        grey: float = 0.0,
        dashes: tuple[float, ...] = (),
    ) -> None:
        """A line through *points*; *dashes* are lengths of ink and gap in mm."""
        acts = [MOVE, *[LINE] * (len(points) - 1)]
        style = (0, tuple(length * _POINT for length in dashes)) if dashes else "solid"
        self._put(points, acts, edge=grey, width=width, style=style)

    def box(self, x: float, y: float, width: float, height: float, fill: Fill) -> None:
        """A rectangle with its upper left corner at (*x*, *y*)."""
        if width <= 0 or height <= 0:
            return
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))
        acts = [MOVE, LINE, LINE, LINE, CLOSE]
        grey, hatch = fill.value
        self._put(corners, acts, fill=grey)
        segments = list(_hatching(hatch, x, y, x + width, y + height))
        if segments:
            points = [point for segment in segments for point in segment]
            self._put(points, [MOVE, LINE] * len(segments), edge=0.0, width=HAIR * 1.5)
        if fill is not Fill.PAPER:
            self._put(corners, acts, edge=0.0, width=THIN * 0.75)

    def mark(self, x: float, y: float, mark: Mark, *, size: float = 0.85, filled: bool = True) -> None:
        """A marker around (*x*, *y*); *size* is half its width in mm."""
        fill = 0.0 if filled else 1.0
        if mark.value is None:
            circle = Path.circle((x, y), size)
            self._put_path(circle, fill=fill, edge=0.0, width=THIN)
            return
        corners = [(x + across * size, y + down * size) for across, down in mark.value]
        acts = [MOVE, *[LINE] * (len(corners) - 1), CLOSE]
        self._put([*corners, corners[0]], acts, fill=fill, edge=0.0, width=THIN)

    def text(self, x: float, y: float, words: str, size: float = TEXT, *, align: float = 0.0) -> None:
        """*words* in one line around the height *y*; *align*: what share of their width lies left of *x*."""
        left = x - align * self._letters.width(words, size)
        outline: Outline = self._letters.outline(words, size, left, y + _MIDDLE * size)
        if outline:
            self._put([(right, down) for _, right, down in outline], [act for act, _, _ in outline], fill=0.0)

    def texts(
        self, x: float, y: float, lines: Sequence[str], size: float = TEXT, *, align: float = 0.0
    ) -> None:
        """Several lines around the height *y*."""
        first = y - (len(lines) - 1) / 2 * pitch(size)
        for number, words in enumerate(lines):
            self.text(x, first + number * pitch(size), words, size, align=align)

    def _put(
        self,
        points: Sequence[tuple[float, float]],
        acts: Sequence[int],
        *,
        fill: float | None = None,
        edge: float | None = None,
        width: float = 0.0,
        style: str | tuple[int, tuple[float, ...]] = "solid",
    ) -> None:
        self._put_path(Path(points, acts), fill=fill, edge=edge, width=width, style=style)

    def _put_path(
        self,
        path: Path,
        *,
        fill: float | None,
        edge: float | None,
        width: float,
        style: str | tuple[int, tuple[float, ...]] = "solid",
    ) -> None:
        self._drawn.append(
            {
                "path": path,
                "facecolor": "none" if fill is None else str(fill),
                "edgecolor": "none" if edge is None else str(edge),
                "linewidth": width * _POINT if edge is not None else 0,
                "linestyle": style,
                "joinstyle": "round" if fill is None else "miter",
            }
        )

    # --- what comes out -----------------------------------------------------------------------------------

    def svg(self) -> bytes:
        """The drawing as SVG: paths alone, no text, no clock, no name of a program."""
        out = io.StringIO()
        nobody = {"Date": None, "Creator": None, "Format": None, "Type": None}
        with _settings():
            FigureCanvasSVG(self._figure()).print_svg(out, metadata=nobody)
        return _bare(out.getvalue()).encode()

    def png(self) -> bytes:
        """The drawing in greys on white, 300 dots to the inch."""
        with _settings():
            canvas = FigureCanvasAgg(self._figure())
            canvas.draw()
        dots = Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))
        white = Image.new("RGBA", dots.size, "white")
        out = io.BytesIO()
        greys = Image.alpha_composite(white, dots).convert("L").point(_SIXTEEN)
        greys.save(out, "png", dpi=(DPI, DPI), optimize=True)
        return out.getvalue()

    def _figure(self) -> Figure:
        figure = Figure(figsize=(self.width / _INCH, self.height / _INCH), dpi=DPI, frameon=False)
        # mm from the upper left → inches from the lower left, which the figure's own transform takes on
        turned = Affine2D().scale(1, -1).translate(0, self.height).scale(1 / _INCH)
        for drawn in self._drawn:
            figure.add_artist(
                PathPatch(
                    **drawn,
                    capstyle="butt",
                    antialiased=True,
                    snap=False,
                    clip_on=False,
                    transform=turned + figure.dpi_scale_trans,
                )
            )
        return figure


def _settings() -> AbstractContextManager[None]:
    """Whatever has a say in a path, set for a while: nobody's matplotlibrc changes a chart."""
    return mpl.rc_context(
        {
            "agg.path.chunksize": 0,
            "lines.scale_dashes": False,
            "path.effects": [],
            "path.simplify": False,
            "path.sketch": None,
            "svg.hashsalt": "xfdocs",
            "svg.id": None,
        }
    )


def pitch(size: float) -> float:
    """From one line of text to the next, in mm."""
    return 1.2 * size


def _bare(svg: str) -> str:
    """The SVG without what nobody draws: document type, comments, empty metadata and style."""
    svg = re.sub(r"<!DOCTYPE.*?>\s*|<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"(\.\d\d)\d+", r"\1", svg)


_STEP: Final = 1.1
"""Between the lines of a hatching, in mm across the page."""


def _hatching(
    pattern: str, left: float, top: float, right: float, bottom: float
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Lines at 45° within a rectangle; they lie alike wherever it stands."""
    if pattern in ("/", "x"):  # x + y = c
        for c in _steps(left + top, right + bottom):
            yield (max(left, c - bottom), min(bottom, c - left)), (min(right, c - top), max(top, c - right))
    if pattern in ("\\", "x"):  # x - y = c
        for c in _steps(left - bottom, right - top):
            yield (max(left, c + top), max(top, left - c)), (min(right, c + bottom), min(bottom, right - c))


def _steps(low: float, high: float) -> Iterator[float]:
    number = int(low // _STEP) + 1
    while number * _STEP < high:
        yield number * _STEP
        number += 1
