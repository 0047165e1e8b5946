"""The names that `import xfdocs` offers."""

from __future__ import annotations

from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.office import Office
from xfdocs.production.engines import engine_of
from xfdocs.production.files import FORMATS
from xfdocs.record.validation import read_case, validate

__all__ = ["Office", "compose", "read_case", "render", "validate"]


def render(document: Document, fmt: str, office: Office) -> bytes:
    """The finished file of a document: *fmt* is ``docx`` or ``pdf``.

    Raises:
        ValueError: another format.
        GlyphMissing: a character that no font has.
        LayoutInvalid, RenderWarned: the layout cannot print it as it should.
    """
    if fmt not in FORMATS:
        raise ValueError(f"unknown format {fmt!r}; one of {', '.join(FORMATS)}")
    return engine_of(office, fmt).render(document)
