"""All metadata of a package at once, and the schemas they follow.

The order is given by what each document says of the others: schemas first, then DA/T 46 (every file but the three), PREMIS (every file
but itself and METS), METS (every file but itself).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from xfdocs.archive import dat46, mets, premis
from xfdocs.archive.model import Format, Package, Part, Role
from xfdocs.archive.xml import PARSER_OPTIONS, plain
from xfdocs.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

XML = Format(name="XML", media="application/xml", version="1.0", puid="fmt/101")
SCHEMAS = PurePosixPath("schemas")
"""Where the schemas lie in the payload."""

_OFFICIAL = ("mets.xsd", "xlink.xsd", "DILCISExtensionMETS.xsd", "premis-v3-0.xsd")
_ALONE = {"dat46.xsd", "eep.xsd", "premis-v3-0.xsd"}
_METS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.w3.org/1999/xlink" schemaLocation="xlink.xsd"/>
<xs:import namespace="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" schemaLocation="DILCISExtensionMETS.xsd"/>
<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="mets.xsd"/>
</xs:schema>"""
"""mets.xsd names xlink.xsd by its address in the network; imported first, ours is taken and nothing is fetched."""


def described(package: Package) -> Package:
    """*package* with its schemas, dat46.xml, premis.xml and METS.xml among its `others`: ready to be written.

    Text is NFC from here on.  Raises `TextUnwritable` before anything is made.
    """
    package = plain(package)
    if taken := {dat46.PLACE, premis.PLACE, mets.PLACE} & {part.path for part in package.parts()}:
        raise ValueError(f"described already: {', '.join(map(str, sorted(taken)))}")
    package = _and(package, schema_parts(package))
    for place, write in (
        (dat46.PLACE, dat46.dat46_xml),
        (premis.PLACE, premis.premis_xml),
        (mets.PLACE, mets.mets_xml),
    ):
        package = _and(package, (xml_part(place, write(package)),))
    return package


def schema_parts(package: Package) -> tuple[Part, ...]:
    """The schemas that the XML of *package* follows: those of its metadata, and that of the record if it holds one."""
    record = ("case.xsd",) if any(part.role is Role.RECORD for part in package.parts()) else ()
    return tuple(_schema_part(name) for name in (*record, "dat46.xsd", *_OFFICIAL))


def xml_part(place: PurePosixPath, data: bytes) -> Part:
    """An XML document of ours as a file of the package."""
    return Part(
        path=place, source=data, role=Role.METADATA, format=XML, size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )  # fmt: skip


@cache
def schema(name: str) -> etree.XMLSchema:
    """The schema ``mets.xsd``, ``premis-v3-0.xsd``, ``dat46.xsd`` or ``eep.xsd``, compiled once, without the network."""
    if name in _ALONE:
        return etree.XMLSchema(etree.parse(str(_shipped(name)), _parser()))
    if name != "mets.xsd":
        raise ValueError(f"no schema {name}")
    base = _shipped("mets.xsd").with_name("all.xsd").as_uri()
    return etree.XMLSchema(etree.fromstring(_METS, _parser(), base_url=base))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(**PARSER_OPTIONS)


def _and(package: Package, parts: Iterable[Part]) -> Package:
    return replace(package, others=(*package.others, *parts))


@cache
def _schema_part(name: str) -> Part:
    return xml_part(SCHEMAS / name, _shipped(name).read_bytes())


@cache
def _shipped(name: str) -> Path:
    return shipped("schemas", *_folder(name), name)


def _folder(name: str) -> tuple[str, ...]:
    if name in _OFFICIAL:
        return ("archive", "official")
    return () if name == "case.xsd" else ("archive",)
