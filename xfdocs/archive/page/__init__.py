"""The two files that tell a person what a package is: a page that opens offline, and a note for whoever has no browser.

Both must be readable when this program is forgotten.  So the page is one HTML file that loads nothing and runs nothing, and
the note is plain text.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from xfdocs.archive.model import Package, Part
from xfdocs.archive.page.speech import Speech, css_text
from xfdocs.archive.page.telling import TELLING, names_of_note, names_of_page
from xfdocs.errors import PageTemplateInvalid
from xfdocs.office import Office
from xfdocs.record.model import Case
from xfdocs.resources import shipped

FOLDER: Final = ("templates", "_archive")
"""Of templates, in the package and in an office's own folder."""
_PAGE, _STYLE, _NOTE = "index.html", "style.css", "note.txt"
_SPEECH: Final = "_speech"
_FAULTS: Final = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What an author's expression can raise."""


def index_html(package: Package, case: Case, office: Office) -> bytes:
    """``data/index.html``: the case, what was done, every file with a link to it; HTML in UTF-8.

    Its links are relative to ``data/``.  What the record marks as protected is held back: see `Speech`.  The same arguments
    give the same bytes on any day.

    Raises:
        PageTemplateInvalid: the office's own template has a fault.
        ValueError: a part lies outside the package.
    """
    style = _text(_piece(office, _STYLE))
    speech = Speech.of(case)
    names = names_of_page(package, case, speech)
    head = (
        "@page{@top-left{content:"
        + css_text(speech(package.number))
        + "}@top-right{content:"
        + css_text(names["mark"])
        + "}}"
    )
    names |= {
        "styles": (Markup(style), Markup(head)),  # noqa: S704 - what stands in a <style> is no HTML; `_text` sees to its end
        "policy": "default-src 'none'; style-src "
        + " ".join(_allowed(text) for text in (style, head))
        + "; base-uri 'none'; form-action 'none'",
    }
    return _filled(_piece(office, _PAGE), names, speech, escaped=True).encode()


def reading_note(package: Package) -> bytes:
    r"""``data/documentation/说明.txt``: how to read and check the package without any program of ours.

    UTF-8 with a byte order mark: without one, Notepad before Windows 10 takes a short Chinese text for the code page of the
    machine.  Lines end with CR LF, which it needs to see a line at all; other systems show both well.
    """
    text = _filled(shipped(*FOLDER, _NOTE), names_of_note(package), Speech(one_line=True), escaped=False)
    return "\r\n".join(text.splitlines()).encode("utf-8-sig") + b"\r\n"


def _piece(office: Office, name: str) -> Path:
    """A file of the page: the office's own, or ours."""
    return office.piece(*FOLDER, name) or shipped(*FOLDER, name)


def _text(path: Path) -> str:
    """A style sheet. Raises `PageTemplateInvalid` if it would end before its end."""
    try:
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PageTemplateInvalid(file=path, what=f"读不出来：{error}") from error
    if "</" in text:
        raise PageTemplateInvalid(file=path, what="样式里不能有“</”")
    return text


def _allowed(text: str) -> str:
    """The one style sheet that a policy lets in, by its digest (CSP Level 2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _filled(path: Path, names: dict[str, Any], speech: Speech, *, escaped: bool) -> str:
    try:
        stat = path.stat()
        return _compiled(path, stat.st_mtime_ns, stat.st_size, escaped=escaped).render(
            {**names, _SPEECH: speech}
        )
    except (OSError, *_FAULTS) as error:
        if path.is_relative_to(shipped(*FOLDER)):
            raise
        line = getattr(error, "lineno", None)
        where = f"第 {line} 行：" if line else ""
        raise PageTemplateInvalid(file=path, what=f"{where}{error}") from error


@cache
def _compiled(path: Path, changed: int, size: int, *, escaped: bool) -> Template:  # noqa: ARG001 - a changed file is another key
    return _environment(escaped=escaped).from_string(path.read_text("utf-8-sig"))


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja for pages: what is not there is an error, values are spoken (`_spoken`), files are out of reach."""

    def __init__(self, *, escaped: bool) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=escaped,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_spoken,
        )
        self.globals.pop("lipsum")

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The sandbox's, without its questions where the object is one of ours that only tells: there are very many."""
        if type(obj) in TELLING and not attribute.startswith("_") and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Not of a file: a template shows what is there, and changes nothing."""
        return not isinstance(obj, (Part, PurePath)) and super().is_safe_attribute(obj, attr, value)


@cache
def _environment(*, escaped: bool) -> _Environment:
    return _Environment(escaped=escaped)


@pass_context
def _spoken(context: Context, value: Any) -> Any:
    """Every value on its way out: text that people can see whole, and may see."""
    return context[_SPEECH](value) if type(value) is str else value
