"""xfdocs: validated case records of a letters-and-visits office → its official documents.

The public API is this handful of names; the command line is a thin skin over them::

    office = xfdocs.Office.open("samples/office")
    report = xfdocs.validate(path, office)
    case = xfdocs.read_case(path)
    document = xfdocs.compose("受理告知书", case, office)
    data = xfdocs.render(document, "pdf", office)
    for outcome in xfdocs.issue([path], office):    # number, make, register, write back
        print(outcome.state, outcome.number, outcome.why)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Office", "compose", "issue", "read_case", "render", "validate"]

if TYPE_CHECKING:
    from xfdocs.api import Office, compose, issue, read_case, render, validate


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `import xfdocs` stays quick and touches no font and no schema.
    if name in __all__:
        from xfdocs import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
