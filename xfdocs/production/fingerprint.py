"""What documents are made with, as digests: two runs, or two machines, with the same make the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import FontsMissing
from xfdocs.office import CONFIG, Office
from xfdocs.pdf_by import PdfBy
from xfdocs.production.engines import fonts_of
from xfdocs.resources import digest_of, shipped

COMMON = ""
"""The key of what all kinds share: program, layouts, law, settings, fonts."""

_SETTERS = {PdfBy.WEASYPRINT: ("weasyprint", "pydyf"), PdfBy.TYPST: ("typst",)}
"""The packages that set PDF; an office need not have the others."""


def fingerprints(office: Office) -> dict[str, str]:
    """Slug of a kind → digest of its own pieces; under `COMMON`, of everything else. sha256, hexadecimal.

    Fonts that are not prepared count as none, and so does a package that is not there: whoever prints will say so.
    """
    found = {
        slug: digest_of((folder.parent.name + folder.name, folder) for folder in kind.folders)
        for slug, kind in catalogue_of(office).kinds.items()
    }
    shared = [
        ("layouts", shipped("templates") / "_layouts"),
        ("schemas", shipped("schemas")),
        ("own layouts", office.folder / "templates" / "_layouts"),
        ("regulations", office.folder / "regulations"),
        ("calendars", office.folder / "calendars"),
        ("settings", office.folder / CONFIG),
    ]
    common = hashlib.sha256(digest_of(shared).encode())
    common.update(f"{office.pdf_by}\n".encode())
    for package in ("xfdocs", "docxtpl", *_SETTERS[office.pdf_by]):
        common.update(f"{package} {_version(package)}\n".encode())
    common.update(_fonts(office).encode())
    return {COMMON: common.hexdigest(), **found}


def changed(before: Mapping[str, str], now: Mapping[str, str], office: Office) -> tuple[str, ...]:
    """What differs between two sets of fingerprints, as people call it."""
    kinds = catalogue_of(office).kinds
    names = [
        f"“{kinds[slug].title if slug in kinds else slug}”的模板"
        for slug in sorted({*before, *now} - {COMMON})
        if before.get(slug) != now.get(slug)
    ]
    if before.get(COMMON) != now.get(COMMON):
        names.append("版式、规定、配置、字体、排版程序或者程序版本")
    return tuple(names)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _fonts(office: Office) -> str:
    try:
        return fonts_of(office).digest
    except FontsMissing:
        return ""
