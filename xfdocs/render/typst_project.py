"""The folder that Typst works in: layouts and pictures of them, the fonts by role, and nothing else.

Typst reads no file outside its folder.  So that this keeps an office's layout away from every other file of the machine, what
belongs to layouts is copied into a folder of its own, an office's files over the shipped ones.  A layout
that would load a package, and so reach the network, or run text as code is refused before it runs.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import weakref
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from xfdocs.errors import LayoutInvalid
from xfdocs.render.fonts import SQUARE, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xfdocs.render.fonts import FontBook

LAYOUT: Final = "layout.typ"
_PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg"})
_COMMON = "_layouts"
_SHARED = "_layouts/_shared"

_LOADS = re.compile(r"\b(?:import|include)\b(?!\s*\"[^\"@\\\n][^\"\\\n]*\")")
"""A keyword that loads something else than a file whose name stands there."""
_RUNS = re.compile(r"\b(?:eval|std|plugin)\b")
"""What runs text as code, and ways to come by it under another name."""


class Project:
    """The folder of one engine; it goes when the engine goes."""

    def __init__(self, fonts: FontBook, office: Sequence[Path], shipped: Path) -> None:
        self._office = tuple(office)
        self._shipped = shipped
        self.root = Path(tempfile.mkdtemp(prefix="xfdocs-typst-"))
        self.fonts: tuple[Path, ...] = ()
        """Folders of the fonts; each is called by a family name that no other has."""
        self._end = weakref.finalize(self, shutil.rmtree, self.root, ignore_errors=True)
        for folder in (shipped, *reversed(self._office)):
            _copy(folder, self.root)
        self._list(fonts)

    def layout(self, *places: str) -> Path:
        """The first of the folders *places* below a templates folder that has a layout.

        Raises:
            LayoutInvalid: none has; or the office has changed one of them for another engine only, so that
                what it wants would not be printed.
        """
        for place in places:
            for folder in self._office:
                self._complete(folder, place)
            if (self.root / place / LAYOUT).is_file():
                for folder in self._office:
                    self._complete(folder, _SHARED)
                return self.root / place / LAYOUT
        raise LayoutInvalid(file=f"{places[-1]}/{LAYOUT}", what="没有这个文件")

    @staticmethod
    def _complete(folder: Path, place: str) -> None:
        changed = [
            path.name for path in sorted((folder / place).glob("*")) if path.suffix in {".html", ".css"}
        ]
        if changed and not any((folder / place).glob("*.typ")):
            raise LayoutInvalid(
                file=folder / place / changed[0],
                what=f"本单位改了 PDF 的版式，但是没有 Typst 的版式（{LAYOUT}），用 Typst 印不出改动。"
                "请补上，或者把 xfdocs.toml 的 pdf_engine 改回 weasyprint。",
            )

    def _list(self, fonts: FontBook) -> None:
        """A list of the families of each role."""
        chains = {role: fonts.chain(role) for role in Role}
        self.fonts = tuple({face.file.parent: None for chain in chains.values() for face in chain})
        facts: dict[str, Any] = {role.value: [face.name for face in chain] for role, chain in chains.items()}
        facts["middle"] = _middle(chains[Role.FANG][0].file)
        (self.root / "fonts.json").write_text(json.dumps(facts, ensure_ascii=False), "utf-8")


@cache
def _middle(file: Path) -> float:
    """How far above the baseline the ink of a character has its middle, as a share of the size."""
    with TTFont(file, lazy=True) as font:
        pen = BoundsPen(font.getGlyphSet())
        font.getGlyphSet()[font.getBestCmap()[ord(SQUARE)]].draw(pen)
        _, low, _, high = pen.bounds
        return float(round((low + high) / 2 / font["head"].unitsPerEm, 3))


def _copy(templates: Path, to: Path) -> None:
    """What of a templates folder belongs to layouts."""
    for path in _of_layouts(templates):
        target = to / path.relative_to(templates)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".typ":
            text = _read(path)
            _guard(text, path)
        shutil.copyfile(path, target)


def _of_layouts(templates: Path) -> Iterator[Path]:
    for path in sorted(templates.rglob("*")):
        if path.suffix == ".typ" or (path.suffix in _PICTURES and path.is_file()):
            yield path


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise LayoutInvalid(file=path, what="不能读取，或者不是 UTF-8 文字") from fault


def _guard(text: str, path: Path) -> None:
    """Refuse a layout that could reach out. Raises `LayoutInvalid`."""
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//", 1)[0] if '"' not in line else line
        if found := _LOADS.search(code) or _RUNS.search(code):
            raise LayoutInvalid(
                file=path,
                what=f"第 {number} 行：版式里不能用 {found[0]}"
                "（import、include 后面只能直接写模板文件夹里的文件名；不能引用软件包，不能把文字当程序运行）。",
            )
