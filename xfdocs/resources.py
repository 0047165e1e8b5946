"""Where the data that comes with the package lies: templates, schemas, samples.

In an installed wheel they stand inside the package; in a checkout they stand beside it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path


@cache
def shipped(*parts: str) -> Path:
    """The path of a shipped folder or file, e.g. ``shipped("schemas", "case.xsd")``."""
    package = Path(str(resources.files("xfdocs")))
    inside = package.joinpath(*parts)
    return inside if inside.exists() else package.parent.joinpath(*parts)
