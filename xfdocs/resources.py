"""Where the data that comes with the package lies: templates, schemas, samples; and what is in it, as a digest.

In an installed wheel they stand inside the package; in a checkout they stand beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path


@cache
def shipped(*parts: str) -> Path:
    """The path of a shipped folder or file, e.g. ``shipped("schemas", "case.xsd")``."""
    package = Path(str(resources.files("xfdocs")))
    inside = package.joinpath(*parts)
    return inside if inside.exists() else package.parent.joinpath(*parts)


@cache
def srgb_profile() -> bytes:
    """The ICC profile of sRGB, which comes with WeasyPrint; that is not imported, for it may lack its libraries."""
    found = find_spec("weasyprint")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("weasyprint")
    return Path(found.submodule_search_locations[0], "pdf", "sRGB2014.icc").read_bytes()


def digest_of(places: Iterable[tuple[str, Path]]) -> str:
    """One digest of named files and folders: names and contents, wherever they lie; sha256, hexadecimal."""
    total = hashlib.sha256()
    for name, place in places:
        files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
        for file in files:
            inside = file.relative_to(place).as_posix()
            if "__pycache__" not in inside:
                total.update(f"{name}/{inside}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
