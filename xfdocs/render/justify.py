"""Chinese lines in WeasyPrint: broken by our rules, filled to both edges, drawn to the thousandth.

WeasyPrint leaves line breaking to Pango and justifies by widening spaces; Chinese has none, so every
line that punctuation cut short would end ragged.  Pango's breaks also change between its versions,
and each face brings its own ascent, so a line with a rare character would be taller than the others.

This module replaces five functions of WeasyPrint, once, at import.  Each asks first whether the text
belongs to a `ChineseFonts` configuration and otherwise calls the original, so other users of
WeasyPrint in the same process see no change:

=====================================  ==========================================================
``layout.inline.split_first_line``     a line by `linebreak.fit`; also for ``layout.preferred``
``layout.inline.strut``                every face stands in the same square, as high as the body's
``layout.inline.justify_line``         the slack spread over the gaps between characters
``draw.text.draw_first_line``          one ``Tc`` and one ``TJ``, whole glyphs, text intact
``pdf.stream.Stream.marked``           margin boxes (page number, draft mark) are artifacts
=====================================  ==========================================================

``font-variation-settings: "wdth" 74`` narrows any face to 74 per cent, as the characters of a red head
are narrowed; text set so stays in its place in the reading order, which ``transform`` would not grant.
Text that needs shaping (combining marks, variation selectors, tabs, right-to-left) takes the original way.
"""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

import pydyf
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.fonts import FontConfiguration, get_pango_font_key
from weasyprint.text.line_break import Layout, split_first_line, strut

from xfdocs.render.fonts import SQUARE
from xfdocs.render.linebreak import fit, may_stretch

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDEST = 200.0
"""No gap is widened by more than a fifth of a character: such a line stays ragged;"""
_WIDEST_SHORT = 120.0
_SHORT = 16
"""in a line of fewer gaps than this, in a cell, an eighth is the most."""
_PLAIN_SPACE = ("normal", "nowrap", "pre")
_AHEAD = 6
"""Characters looked at per character of measure; the narrowest is about a quarter wide."""

Glyph = tuple[int, int, int, int]
"""Face (an index), glyph id, advance as shaped, width as the font has it; in thousandths of the size.

The two differ where shaping puts one glyph for another: a wide blank is a stretched narrow one.
"""


class ChineseFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint has no types
    """A font configuration whose text is set by this module.

    *body* are the families of the body text. Their ink decides how a line's square stands on its
    baseline, for all faces alike: what fonts say of their own ascent is often wrong by a tenth.
    """

    def __init__(self, body: tuple[str, ...]) -> None:
        super().__init__()
        self._body = body
        self._ascent = 0.0
        self._glyphs: dict[tuple[Any, ...], dict[str, Glyph | None]] = {}
        self._pango_fonts: list[Any] = []
        self._keepers: list[Layout] = []  # a Pango font lives as long as a layout that uses it
        self._places: dict[int, int] = {}
        self._unused: dict[int, tuple[int, Any]] = {}
        self._struts: dict[tuple[float, Any], tuple[float, float]] = {}

    def glyphs(self, style: Any, text: str) -> tuple[dict[str, Glyph | None], bool]:
        """The glyphs of *text*, and whether all are plain."""
        known = self._glyphs.setdefault((style["font_family"], style["font_weight"], style["lang"]), {})
        plain = True
        for char in text:
            if char not in known:
                known[char] = self._glyph(style, char)
            if known[char] is None:
                plain = False
        return known, plain

    def _glyph(self, style: Any, char: str) -> Glyph | None:
        """The one glyph of *char*, or nothing if it is not a matter of one glyph."""
        if unicodedata.category(char)[0] in "MC" or unicodedata.bidirectional(char) in (
            "R",
            "AL",
            "RLE",
            "RLO",
        ):
            return None
        style = style.copy()
        style["letter_spacing"], style["word_spacing"], style["font_size"] = "normal", 0, 1000
        style["overflow_wrap"], style["font_variation_settings"] = "normal", "normal"
        layout = Layout(style)
        layout.set_text(char)
        line, _ = layout.get_first_line()
        run = line.runs[0]
        if run == ffi.NULL or run.next != ffi.NULL or run.data.glyphs.num_glyphs != 1:
            return None
        info = run.data.glyphs.glyphs[0]
        if info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or info.glyph == pango.PANGO_GLYPH_EMPTY:
            return None
        font = run.data.item.analysis.font
        face, _, _ = get_pango_font_key(font)  # Pango may have several objects for one face
        if face not in self._places:
            self._keepers.append(layout)
            self._places[face] = len(self._pango_fonts)
            self._pango_fonts.append(font)
        logical = ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(font, info.glyph, ffi.NULL, logical)
        return (
            self._places[face],
            info.glyph,
            round(info.geometry.width * FROM_UNITS),
            round(logical.width * FROM_UNITS),
        )

    def font(self, stream: Any, place: int) -> Any:
        """The face *place* as a font of the document that *stream* belongs to.

        WeasyPrint reads the whole file for every document; here an unused font is kept and copied.
        """
        if place not in self._unused:
            fresh: dict[int, Any] = {}
            fonts, stream._fonts = stream._fonts, fresh
            stream.add_font(self._pango_fonts[place])
            stream._fonts = fonts
            ((key, font),) = fresh.items()
            self._unused[place] = key, font
        key, font = self._unused[place]
        if key not in stream._fonts:
            stream._fonts[key] = font = copy(font)
            font.widths, font.to_unicode, font.missing = {}, {}, {}
        return stream._fonts[key]

    def ascent(self, style: Any) -> float:
        """How much of a character's square stands above the baseline."""
        if not self._ascent:
            style = style.copy()
            style["font_family"] = self._body
            _, line = _lay(style, SQUARE)
            ink = ffi.new("PangoRectangle *")
            pango.pango_layout_line_get_extents(line, ink, ffi.NULL)
            self._ascent = round(0.5 - (ink.y + ink.height / 2) * FROM_UNITS / 1000, 3)
        return self._ascent

    def strut(self, style: Any) -> tuple[float, float]:
        """Line height and baseline of *style*, the same for every face."""
        size, height = style["font_size"], style["line_height"]
        key = size, height
        if key not in self._struts:
            value = strut(style)[0]
            self._struts[key] = value, (value - size) / 2 + self.ascent(style) * size
        return self._struts[key]


def _lay(style: Any, text: str) -> tuple[Layout, Any]:
    """*text* laid out by Pango at a size of 1000, and its line."""
    style = style.copy()
    style["letter_spacing"], style["word_spacing"], style["font_size"] = "normal", 0, 1000
    style["overflow_wrap"], style["font_variation_settings"] = "normal", "normal"
    layout = Layout(style)
    layout.set_text(text)
    return layout, layout.get_first_line()[0]


class SetLine(Layout):  # type: ignore[misc]  # WeasyPrint has no types
    """A line that is already set; stands where WeasyPrint expects a Pango layout."""

    def __init__(self, text: str, glyphs: list[Glyph], tracking: float, scale: float) -> None:
        self.text = text
        self.glyphs = glyphs
        self.tracking = tracking
        self.scale = scale
        self.spread = 0.0
        self.cuts: dict[int, tuple[float, float]] = {}
        self.max_width = None
        self.justification_spacing = 0
        self.first_line_direction = 0

    def reactivate(self, style: Any) -> None:
        """Nothing to do: no Pango object is held."""

    def deactivate(self) -> None:
        """Nothing to do: no Pango object is held."""

    def stretches(self, after: str) -> int:
        """How many gaps take part in spreading; *after* is the line's next character, if any."""
        return sum(may_stretch(a, b) for a, b in zip(self.text, self.text[1:] + after, strict=False))


def _ours(style: Any) -> ChineseFonts | None:
    fonts = style.font_config
    return fonts if isinstance(fonts, ChineseFonts) else None


def _split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> tuple[Any, int, int | None, float, float, float]:
    """The first line of *text*, see `weasyprint.text.line_break.split_first_line`."""
    fonts = _ours(style)
    original = (text, style, context, max_width, justification_spacing, is_line_start, minimum)
    space, size = style["white_space"], style["font_size"]
    if fonts is None or not size or space not in _PLAIN_SPACE or style["text_decoration_line"] != "none":
        return split_first_line(*original)  # type: ignore[no-any-return]
    per_size = 1000 / size
    measure = None if max_width is None or space != "normal" else max_width * per_size
    ahead = text
    if measure is not None and measure < 1e6:
        ahead = text[: int(measure / 1000 * _AHEAD) + 16]
    known, plain = fonts.glyphs(style, ahead)
    if not plain:
        return split_first_line(*original)  # type: ignore[no-any-return]
    spacing = style["letter_spacing"]
    tracking = 0.0 if spacing == "normal" else spacing * per_size
    glyphs = [known[char] for char in ahead]
    scale = _scale(style)
    advances = [glyph[2] * scale for glyph in glyphs if glyph is not None]
    anywhere = is_line_start and style["overflow_wrap"] in ("anywhere", "break-word") and not minimum
    line = fit(ahead, advances, tracking, 1e9 if measure is None else measure, anywhere=anywhere)
    count, width = line.count, line.width
    if line.skip >= len(text) and space == "normal" and measure is not None:
        while count > 1 and text[count - 1] == " ":  # blanks at the end of a paragraph take no room
            count -= 1
            width -= advances[count] + tracking
    made = SetLine(ahead[:count], glyphs[:count], tracking - line.tighter, scale)  # type: ignore[arg-type]
    made.cuts = line.cuts
    resume = None if line.skip >= len(text) else len(text[: line.skip].encode())
    return made, len(made.text.encode()), resume, width / per_size, size, fonts.ascent(style) * size


def _scale(style: Any) -> float:
    """The width of the characters as a share of what the face gives them."""
    settings = style["font_variation_settings"]
    return 1.0 if settings == "normal" else dict(settings).get("wdth", 100) / 100


def _strut(style: Any) -> tuple[float, float]:
    fonts = _ours(style)
    if fonts is None or not style["font_size"]:
        return strut(style)  # type: ignore[no-any-return]
    return fonts.strut(style)


_justify_by_spaces = inline.justify_line


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread *extra_width* over the gaps between the characters of *line*."""
    texts = list(_texts(line))
    if not texts or not all(isinstance(box.pango_layout, SetLine) for box in texts):
        _justify_by_spaces(context, line, extra_width)
        return
    following = [box.pango_layout.text[:1] for box in texts[1:]] + [""]
    gaps = [box.pango_layout.stretches(after) for box, after in zip(texts, following, strict=True)]
    if not sum(gaps):
        return
    spread = extra_width / sum(gaps)
    widest = _WIDEST if sum(gaps) >= _SHORT else _WIDEST_SHORT
    if spread * 1000 / min(box.style["font_size"] for box in texts) > widest:
        return
    shifts = {}
    for box, gap in zip(texts, gaps, strict=True):
        box.pango_layout.spread = spread
        shifts[box] = gap * spread
    _shift(line, shifts, 0.0)


def _texts(box: Any) -> Iterator[Any]:
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox) and child.is_in_normal_flow():
            yield from _texts(child)


def _shift(box: Any, grown: dict[Any, float], by: float) -> float:
    """Move the parts of *box* to the right by what stands before them has grown; return the sum."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            child.position_x += by
            child.width += grown.get(child, 0.0)
            by += grown.get(child, 0.0)
        elif isinstance(child, boxes.InlineBox):
            child.position_x += by
            before, by = by, _shift(child, grown, by)
            child.width += by - before
        elif child.is_in_normal_flow():
            child.translate(by, 0)
    return by


_draw_by_pango = draw_text.draw_first_line


def _draw_first_line(
    stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any
) -> list[Any]:
    """Draw a set line: one text matrix, one character spacing, glyphs with their exceptions between."""
    line = textbox.pango_layout
    if not isinstance(line, SetLine):
        return _draw_by_pango(stream, textbox, text_overflow, block_ellipsis, matrix)  # type: ignore[no-any-return]
    size = textbox.style["font_size"]
    if not line.text.strip():
        return []
    fonts: ChineseFonts = textbox.style.font_config
    per_size = 1000 / size
    scale = line.scale
    stream.set_text_matrix(*matrix.values)
    if scale != 1:
        stream.stream.append(f"{_short(100 * scale)} Tz".encode())  # from here widths and spacing are scaled
    stream.stream.append(f"{_short((line.tracking / per_size + line.spread) / scale)} Tc".encode())
    font: Any = None
    piece, current, pending = "", -1, 0.0
    held = line.spread * per_size
    for i, (char, (place, glyph, advance, own)) in enumerate(zip(line.text, line.glyphs, strict=True)):
        if place != current:
            if piece:
                stream.show_text(f"{piece}>")
            font = fonts.font(stream, place)
            stream.set_font_size(font.hash, size)
            piece, current = "<", place
        before, after = line.cuts.get(i, (0.0, 0.0))
        if pending + before:
            piece += f">{_short((pending + before) / scale)}<"
        pending = after + (own - advance) * scale
        if held and i + 1 < len(line.text) and not may_stretch(char, line.text[i + 1]):
            pending += held
        font.widths.setdefault(glyph, own)
        if font.to_unicode.setdefault(glyph, char) == char:
            piece += f"{glyph:04x}"
        else:  # a font draws • and · alike: the text says which of them this is
            stream.show_text(f"{piece}>".replace("<>", ""))
            spoken = pydyf.Dictionary({"ActualText": pydyf.String(char)})
            pydyf.Stream.begin_marked_content(stream, "Span", spoken)
            stream.show_text(f"<{glyph:04x}>")
            pydyf.Stream.end_marked_content(stream)
            piece = "<"
    stream.show_text(f"{piece}>".replace("<>", ""))
    stream.stream.append(b"0 Tc" if scale == 1 else b"0 Tc 100 Tz")
    return []


def _short(number: float) -> str:
    """A number as PDF writes it: three decimals, no exponent, no trailing zeros."""
    return f"{number:.3f}".rstrip("0").rstrip(".") or "0"


_marked = Stream.marked


@contextmanager
def _mark(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """Mark *box*: text in a margin of the page is pagination and not part of the document's text.

    The box keeps its place in WeasyPrint's list of marked boxes, which its tag builder empties.
    """
    in_margin = isinstance(box, boxes.TextBox) and box.element is None and box.element_tag is None
    if stream._tags is None or not in_margin or _ours(box.style) is None:
        with _marked(stream, box, tag):
            yield
        return
    stream._tags[box] = {"tag": tag, "mcid": len(stream._tags)}
    pydyf.Stream.begin_marked_content(stream, "Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
    try:
        yield
    finally:
        pydyf.Stream.end_marked_content(stream)


inline.split_first_line = _split_first_line
preferred.split_first_line = _split_first_line
inline.strut = _strut
inline.justify_line = _justify_line
draw_text.draw_first_line = _draw_first_line
Stream.marked = _mark
