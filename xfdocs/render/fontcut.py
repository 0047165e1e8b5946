"""Cutting a font: some of its characters, in a chosen order, as a small font of their own.

WeasyPrint copies the whole file for every face of every document and keeps glyph ids when it
subsets, so the file's size and the highest id used decide its time and the PDF's size.  A cut font
is small, and its commonest characters have the lowest ids.

Three traps are closed here.  In a CID-keyed font a PDF names glyphs by CID while WeasyPrint writes
glyph ids, and Typst writes CFF in a way that veraPDF takes for wrong widths (a font matrix in two places): cut fonts
have TrueType outlines.  Faces disagree on how high a line is; every cut font has the same ascent and
descent, so a rare character does not shift its line.  And Typst knows a font by the family in it: every cut font has
one of its own.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.reorderGlyphs import reorderGlyphs

RECIPE = 2
"""Goes up when the same characters of the same font would be cut differently."""
ASCENT, DESCENT = 0.88, 0.12
"""Share of the square above and below the baseline, as Chinese faces are drawn (OpenType ``ideo`` −120)."""

_KEPT_NAMES = [0, 1, 2, 4, 6]
_FAMILY, _STYLE = 1, 2
_DROPPED = [
    "BASE", "DSIG", "EBDT", "EBLC", "EBSC", "FFTM", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "VDMX", "VORG",
    "gasp", "hdmx", "kern", "ltag", "meta", "mort", "morx", "prop", "vhea", "vmtx",
]  # fmt: skip
"""No layout feature takes part: an official page is set on a grid of squares."""
_NEARLY = 0.001
"""How far a TrueType outline may lie from the one it was made of, as a share of the square: 0.006 mm at 三号."""
_NO_PROGRAMS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxComponentDepth", "maxCompositePoints", "maxCompositeContours",
)  # fmt: skip
_BARE = 4
"""A charstring of at most so many bytes (width, endchar) draws nothing."""


@cache
def characters(file: Path, index: int) -> frozenset[str]:
    """The characters that face *index* of *file* really draws.

    Left out: private use (what it looks like is nobody's agreement), control and surrogate code
    points, and characters whose glyph is empty or the font's own □.
    """
    with TTFont(file, fontNumber=index, lazy=True) as font:
        ids = font.getReverseGlyphMap()
        drawn = _drawn(font)
        return frozenset(
            char
            for code, name in font.getBestCmap().items()
            if (kind := unicodedata.category(char := chr(code))) not in ("Co", "Cc", "Cs", "Cn", "Cf")
            and ids[name] != 0
            and (kind == "Zs" or drawn(ids[name]))
        )


def _drawn(font: TTFont) -> Any:
    """Whether a glyph id has ink."""
    if "glyf" in font:
        places = font["loca"].locations
        return lambda glyph: places[glyph] != places[glyph + 1]
    strings = font["CFF "].cff.topDictIndex[0].CharStrings.charStringsIndex
    return lambda glyph: len(strings[glyph].bytecode) > _BARE


def cut(file: Path, index: int, wanted: str, family: str) -> bytes:
    """Face *index* of *file* with the characters of *wanted* alone, glyph ids in that order, as *family*.

    The same input gives the same bytes: the font keeps its own dates.
    """
    options = subset.Options(
        hinting=False,
        desubroutinize=True,
        layout_features=[],
        name_IDs=_KEPT_NAMES,
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
        bidi_closure=False,
        ignore_missing_unicodes=False,
        drop_tables=_DROPPED,
        font_number=index,
    )
    font = subset.load_font(str(file), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in wanted])
    cutter.subset(font)
    glyph_of = font.getBestCmap()
    before = font.getGlyphOrder()
    order = list(dict.fromkeys([before[0], *(glyph_of[ord(char)] for char in wanted)]))
    order += sorted(set(before) - set(order), key=font.getGlyphID)  # parts of composed glyphs
    if "CFF " in font:
        _quadratic(font)
    reorderGlyphs(font, order)
    _level(font)
    _call(font, family)
    out = BytesIO()
    font.save(out, reorderTables=True)
    font.close()
    return out.getvalue()


def glyph_count(file: Path) -> int:
    """How many glyphs the font *file* has."""
    with TTFont(file, lazy=True) as font:
        return int(font["maxp"].numGlyphs)


def _quadratic(font: TTFont) -> None:
    """Turn the outlines of a CFF font into those of TrueType."""
    drawn = font.getGlyphSet()
    nearly = font["head"].unitsPerEm * _NEARLY
    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, nearly, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = font.getGlyphOrder(), glyphs
    widths = font["hmtx"].metrics
    for name, glyph in glyphs.items():
        glyph.recalcBounds(table)
        widths[name] = widths[name][0], getattr(glyph, "xMin", 0)
    font.recalcBBoxes = True  # of the whole font, and its greatest numbers of points and contours
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for name in _NO_PROGRAMS:
        setattr(limits, name, 0)
    limits.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"


def _call(font: TTFont, family: str) -> None:
    """A family of its own for every cut font; who wants to know from which it was cut reads the PostScript name."""
    names = font["name"]
    for number, words in ((_FAMILY, family), (_STYLE, "Regular")):
        names.removeNames(nameID=number)
        names.setName(words, number, 3, 1, 0x409)  # Windows, Unicode, English: where every program looks


def _level(font: TTFont) -> None:
    """The same line height and the plain weight for every cut font."""
    square = font["head"].unitsPerEm
    up, down = round(ASCENT * square), round(DESCENT * square)
    line, system = font["hhea"], font["OS/2"]
    line.ascent, line.descent, line.lineGap = up, -down, 0
    system.sTypoAscender, system.sTypoDescender, system.sTypoLineGap = up, -down, 0
    system.usWinAscent, system.usWinDescent = up, down
    system.usWeightClass = 400  # so that nothing takes a face for bold and thickens or thins another
    system.fsSelection = 0x40  # REGULAR
    font["head"].macStyle = 0
