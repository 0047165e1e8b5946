"""Document → docx and PDF/A: engines behind a small protocol, fonts by role, geometry measured from output.

The room has the name of the public function `xfdocs.render`, and Python gives that name to whichever
was imported last; so the room answers to a call as the function does.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xfdocs.document.model import Document
    from xfdocs.office import Office


class _Room(ModuleType):
    def __call__(self, document: Document, fmt: str, office: Office) -> bytes:
        from xfdocs.api import render

        return render(document, fmt, office)


sys.modules[__name__].__class__ = _Room
