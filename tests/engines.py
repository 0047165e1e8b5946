"""The two engines for PDF as tests see them: what printed a file, and machines that lack one of them."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pypdfium2
import pytest

from xfdocs.pdf_by import PdfBy

MAKERS = {by: f"{by} {version(by)}" for by in PdfBy}
"""As the register has them."""
_CREATORS = {"WeasyPrint": PdfBy.WEASYPRINT, "Typst": PdfBy.TYPST}


def printed_by(pdf: Path) -> PdfBy:
    """What a PDF says itself that it was made with."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        said = " ".join(opened.get_metadata_dict().values())
    finally:
        opened.close()
    (by,) = {by for name, by in _CREATORS.items() if name in said}
    return by


class _NoPango(ModuleType):
    """A module that fails as WeasyPrint does where Pango cannot be loaded."""

    def __getattr__(self, name: str) -> object:
        raise OSError("cannot load library 'libpango-1.0-0'")


def take_away(by: PdfBy, patch: pytest.MonkeyPatch) -> None:
    """From now on this process is on a machine where one engine does not work; what is prepared already stays."""
    if by is PdfBy.WEASYPRINT:
        for name in ("xfdocs.render.weasyprint_engine", "weasyprint.text.ffi"):
            patch.setitem(sys.modules, name, _NoPango(name))
    else:
        patch.delitem(sys.modules, "xfdocs.render.typst_engine", raising=False)
        patch.setitem(sys.modules, "typst", None)


_SITE = """
import cffi
from pathlib import Path

real = cffi.FFI.dlopen


def dlopen(self, name, *more):
    if name is not None and any(word in str(name) for word in ("pango", "gobject", "harfbuzz", "fontconfig")):
        with Path(__file__).with_name("asked").open("a") as told:
            told.write(f"{name}\\n")
        raise OSError(f"cannot load library {name!r}")
    return real(self, name, *more)


cffi.FFI.dlopen = dlopen
"""


class NoPango:
    """A machine without Pango, for programs that are started with this folder as ``PYTHONPATH``; their children too."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_SITE, "utf-8")
        self.path = str(folder)
        self._told = folder / "asked"

    def asked(self) -> set[str]:
        """What was looked for since this was last asked."""
        found = set(self._told.read_text("utf-8").split()) if self._told.exists() else set()
        self._told.unlink(missing_ok=True)
        return found
