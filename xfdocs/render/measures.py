"""How wide the type area is: 156 mm on the upright page of GB/T 9704 (5.2.1), more on a page laid across."""

from __future__ import annotations

from typing import Final

from xfdocs.render.ooxml import CHARACTER, twips

UPRIGHT: Final = 156.0
"""mm."""
ACROSS: Final = 247.0
"""mm: A4 across, 25 mm left and right."""
WIDE: Final = frozenset({"wide"})
"""Layouts whose page lies across."""


def measure_of(layout: str) -> float:
    """The width of the type area in mm."""
    return ACROSS if layout in WIDE else UPRIGHT


def twips_of(layout: str) -> int:
    """The same in twips; upright it is exactly 28 characters."""
    return twips(ACROSS) if layout in WIDE else 28 * CHARACTER
