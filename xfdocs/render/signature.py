"""Where the signature and the date stand, in characters from the right edge (GB/T 9704 7.3.5)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SEALED_DATE = 4.0
"""成文日期 stands four characters from the right edge where a seal is applied (7.3.5.1)."""
UNSEALED = 2.0
"""Without a seal the longer of the two lines stands two characters from the edge (7.3.5.2)."""
DATE_SHIFT = 2.0
"""Without a seal the date begins two characters to the right of the signature (7.3.5.2)."""

SEAL_LINES = 2
"""Empty lines kept above the signature of a sealed document; ``shared.css`` has them as 2 × 10.4455 mm.

A seal of 42–45 mm (国发〔1999〕25号) spans a little over four lines. With two lines free above the signature its upper
edge comes within one line of the text while signature and date lie just below its centre (7.3.5.1).
"""


@dataclass(frozen=True, slots=True)
class Signature:
    """Right indents, in characters of the body size, never negative."""

    signatory: float
    date: float


def width(text: str) -> float:
    """The width of *text* in characters: Chinese characters one, digits and Latin letters half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def place(signatory: str, date: str, *, sealed: bool = True, measure: float = 28.0) -> Signature:
    """The right indents of *signatory* and *date* in lines of *measure* characters.

    Sealed: the date four characters from the right edge, the signature centred over it; a signature
    too long for that stands at the edge and the date is centred under it. Unsealed: 7.3.5.2.
    A signature longer than a line is left to fill its lines.
    """
    name, day = min(width(signatory), measure), width(date)
    if not sealed:
        overhang = DATE_SHIFT + day - name  # how far the date reaches beyond the signature's end
        if overhang > 0:
            return Signature(UNSEALED + overhang, UNSEALED)
        return Signature(UNSEALED, UNSEALED - overhang)
    right = SEALED_DATE + (day - name) / 2
    if right >= 0:
        return Signature(right, SEALED_DATE)
    return Signature(0.0, (name - day) / 2)
