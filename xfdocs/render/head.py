"""The 发文机关标志: set in narrow characters, as offices do, and within 152 mm however long the name.

How large it stands is the layout's own; how narrow its characters are and how far apart is the same in
every format.
"""

from __future__ import annotations

from typing import Final

from xfdocs.render.signature import width

MEASURE: Final = 152.0
"""In mm, 9 inside each end of the rules of 170 (10.1); the standard leaves the size free (GB/T 9704 7.2.4)."""
_WIDEST: Final = 0.74
"""A red head is set in narrow characters: at most this share of their height."""
_GAP: Final = 0.26
"""Space between the characters of a short name, as a share of the height."""


def narrowed(head: str, size: float) -> tuple[float, float]:
    """How wide the characters of *head* are, as a share of their height *size*, and the gap between two of them.

    *size* and the gap are in mm; there is no gap after the last character.
    """
    squares = width(head)
    narrow = min(_WIDEST, MEASURE / (squares * size))
    free = (MEASURE - squares * size * narrow) / max(len(head) - 1, 1)
    return narrow, max(0.0, min(free, _GAP * size)) if len(head) > 1 else 0.0
