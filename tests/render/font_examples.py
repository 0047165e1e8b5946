"""Small invented fonts for the tests: every character asked for is the same box."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

EM = 1000


def make_font(
    folder: Path, name: str, characters: str, *, fs_type: int = 0, blank: str = "", outlines: str = "glyf"
) -> Path:
    """A font file that calls itself *name* and draws *characters*; those in *blank* have an empty glyph."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.{'ttf' if outlines == 'glyf' else 'otf'}"
    build(name, characters, fs_type=fs_type, blank=blank, outlines=outlines).save(file)
    return file


def make_collection(file: Path, *names: str, characters: str) -> Path:
    """A TTC with one face per name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    collection = TTCollection()
    collection.fonts = [build(name, characters) for name in names]
    collection.save(file)
    return file


def build(name: str, characters: str, *, fs_type: int = 0, blank: str = "", outlines: str = "glyf") -> TTFont:
    """See `make_font`."""
    order = [".notdef", "space", "box"]
    builder = FontBuilder(EM, isTTF=outlines == "glyf")
    builder.setupGlyphOrder(order)
    cmap = dict.fromkeys(map(ord, characters), "box") | dict.fromkeys(map(ord, f" {blank}"), "space")
    builder.setupCharacterMap(cmap)
    if outlines == "glyf":
        builder.setupGlyf({glyph: _draw(TTGlyphPen(None), glyph).glyph() for glyph in order})
    else:
        strings = {glyph: _draw(T2CharStringPen(EM, None), glyph).getCharString() for glyph in order}
        builder.setupCFF(name, {}, strings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (EM, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name, "fullName": name})
    builder.setupOS2(fsType=fs_type)
    builder.setupPost()
    return builder.font


def _draw(pen, glyph):
    if glyph != "space":
        pen.moveTo((0, 0))
        for point in ((0, EM), (EM, EM), (EM, 0)):
            pen.lineTo(point)
        pen.closePath()
    return pen
