"""What an engine is: it turns a Document into the bytes of one format, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from xfdocs.document.model import Document


@runtime_checkable
class Engine(Protocol):
    """One renderer, ready for any number of documents.

    An engine prepares once whatever documents share (fonts, layouts) and keeps nothing of a document
    after it is rendered.  The same document gives the same bytes on any day.  One engine belongs to
    one process and one thread; it does not travel, each worker makes its own.
    """

    @property
    def format(self) -> str:
        """What it makes: ``pdf``, ``docx``; also the file's extension."""
        ...

    @property
    def maker(self) -> str:
        """The program that makes it and its version, as the register keeps them: ``weasyprint 70.0``."""
        ...

    def render(self, document: Document) -> bytes:
        """The finished file.

        Raises `GlyphMissing` before anything is drawn, `LayoutInvalid` for a layout that cannot be
        used, `RenderWarned` if the typesetter had anything to say.
        """
        ...
