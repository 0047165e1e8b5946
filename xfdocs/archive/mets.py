"""METS for a package: one document, valid against the METS schema and laid out as E-ARK CSIP 2.1 asks.

Every file of the payload but this one stands here with size, media type and SHA-256; DA/T 46 and PREMIS are referred to, not wrapped.
CSIP wants one structural map called ``CSIP``, and its validator refuses any other beside it; so the order a person sees — volume, then
material with 页号 and 档号 — is one division more inside that map, called 案卷目录.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from xfdocs.archive import dat46, premis
from xfdocs.archive.dat46 import identifier
from xfdocs.archive.xml import Writer, as_bytes, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from xfdocs.archive.model import Material, Package, Part, Volume

NAMESPACE = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PLACE = PurePosixPath("METS.xml")
"""Where it lies in the payload; CSIP gives the name."""

_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_KIND = "信访档案"
_REPRESENTATIONS = "Representations"
_write = Writer(NAMESPACE, {"xlink": XLINK, "csip": CSIP})
_CONTENT = {f"{{{CSIP}}}CONTENTINFORMATIONTYPE": "OTHER", f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE": _KIND}


def mets_xml(package: Package) -> bytes:
    """The document for *package*, whose `others` hold dat46.xml and premis.xml already (`xfdocs.archive.metadata.described`)."""
    package = plain(package)
    others = {part.path: part for part in package.others}
    root = _write.root(
        "mets", OBJID=premis.package_name(package), LABEL=package.title, TYPE="Other", PROFILE=_PROFILE,
        **{f"{{{CSIP}}}OTHERTYPE": _KIND}, **_CONTENT,
    )  # fmt: skip
    _header(root, package)
    _described_by(_write.add(root, "dmdSec", ID="dmd", CREATED=_made(package), STATUS="CURRENT"), package, others[dat46.PLACE],
                  MDTYPE="OTHER", OTHERMDTYPE="DA/T 46-2009")  # fmt: skip
    provenance = _write.add(
        _write.add(root, "amdSec", ID="amd"), "digiprovMD", ID="digiprov", STATUS="CURRENT"
    )
    _described_by(provenance, package, others[premis.PLACE], MDTYPE="PREMIS", MDTYPEVERSION="3.0")
    files = _files(_write.add(root, "fileSec", ID="files"), package)
    _structure(root, package, files)
    return as_bytes(root)


def href(path: PurePosixPath) -> str:
    """A place in the payload as a relative URI: UTF-8, percent-encoded (RFC 3986)."""
    return quote(str(path), safe="/")


def group_of(part: Part) -> str:
    """Which file group of CSIP a file belongs to."""
    parts = part.path.parts
    if parts[0] == "representations" and len(parts) > 2:
        return f"{_REPRESENTATIONS}/{parts[1]}"
    return {"schemas": "Schemas", "metadata": "Metadata"}.get(
        parts[0] if len(parts) > 1 else "", "Documentation"
    )


@cache
def _program() -> str:
    return version("xfdocs")


def _made(package: Package) -> str:
    return package.made.isoformat()


def _header(root: etree._Element, package: Package) -> None:
    node = _write.add(root, "metsHdr", CREATEDATE=_made(package), LASTMODDATE=_made(package), RECORDSTATUS=f"v{package.version}",
                      **{f"{{{CSIP}}}OAISPACKAGETYPE": "AIP"})  # fmt: skip
    program = _write.add(node, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _write.add(program, "name", "xfdocs")
    _write.add(program, "note", _program(), **{f"{{{CSIP}}}NOTETYPE": "SOFTWARE VERSION"})
    _write.add(_write.add(node, "agent", ROLE="ARCHIVIST", TYPE="ORGANIZATION"), "name", package.organ)
    for kind, value in {
        "档号": package.number,
        "信访件编号": package.case,
        "前一版本标签清单的 SHA-256": package.predecessor,
    }.items():
        if value:
            _write.add(node, "altRecordID", value, TYPE=kind)


def _facts(package: Package, part: Part) -> dict[str, str]:
    return {
        "MIMETYPE": part.format.media,
        "SIZE": str(part.size),
        "CREATED": _made(package),
        "CHECKSUM": part.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _link(part: Part) -> dict[str, str]:
    link = {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": href(part.path)}
    return link | ({f"{{{XLINK}}}title": part.name} if part.name else {})


def _described_by(node: etree._Element, package: Package, part: Part, **kind: str) -> None:
    _write.add(node, "mdRef", **_link(part), **kind, **_facts(package, part))


def _files(section: etree._Element, package: Package) -> dict[PurePosixPath, str]:
    """The file section; every path and its ID."""
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in package.parts():
        if part.path not in {dat46.PLACE, premis.PLACE}:
            groups[group_of(part)].append(part)
    ids: dict[PurePosixPath, str] = {}
    for group in sorted(groups):
        node = _write.add(section, "fileGrp", ID=_group_id(group), USE=group, **_CONTENT)
        for part in groups[group]:
            ids[part.path] = f"file-{len(ids) + 1:05}"
            file = _write.add(node, "file", ID=ids[part.path], USE=part.role.value, **_facts(package, part))
            _write.add(file, "FLocat", **_link(part))
    return ids


def _group_id(group: str) -> str:
    """An NCName for a group: representations are folders whose names we give, and anybody else's are spelt in hexadecimal."""
    kind, _, name = group.partition("/")
    plain_name = name if name.isascii() and name.isalnum() else f"_{name.encode().hex()}"
    return f"group-{kind}" + (f"-{plain_name}" if name else "")


def _structure(root: etree._Element, package: Package, files: Mapping[PurePosixPath, str]) -> None:
    structure = _write.add(root, "structMap", ID="structure", TYPE="PHYSICAL", LABEL="CSIP")
    top = _write.add(structure, "div", ID="package", LABEL=premis.package_name(package))
    _write.add(top, "div", ID="div-Metadata", LABEL="Metadata", DMDID="dmd", ADMID="digiprov")
    groups = {node.get("USE", ""): node.get("ID", "") for node in root.iter(f"{{{NAMESPACE}}}fileGrp")}
    for label in ("Documentation", "Schemas", _REPRESENTATIONS):
        found = [code for group, code in groups.items() if group.partition("/")[0] == label]
        if found:
            div = _write.add(top, "div", ID=f"div-{label}", LABEL=label)
            for code in found:
                _write.add(div, "fptr", FILEID=code)
    contents = _write.add(top, "div", ID="contents", LABEL="案卷目录", TYPE="目录")
    for volume in package.volumes:
        _volume(contents, package, volume, files)


def _volume(
    contents: etree._Element, package: Package, volume: Volume, files: Mapping[PurePosixPath, str]
) -> None:
    node = _write.add(
        contents, "div", ID=identifier(volume), ORDER=str(volume.seq), ORDERLABEL=volume.number, LABEL=volume.title,
        TYPE=package.model.value, CONTENTIDS=_urn(volume.number),
    )  # fmt: skip
    for material in volume.materials:
        child = _write.add(
            node, "div", ID=identifier(volume, material), ORDER=str(material.seq), LABEL=material.title, TYPE="文件",
            CONTENTIDS=_urn(volume.named(material)), **_page(material),
        )  # fmt: skip
        for part in material.parts:
            _write.add(child, "fptr", FILEID=files[part.path])


def _page(material: Material) -> dict[str, str]:
    return {} if material.first_page is None else {"ORDERLABEL": str(material.first_page)}


def _urn(number: str) -> str:
    """档号 as a URI, which is what METS takes for the identity of a division."""
    return f"urn:xfdocs:archive:{quote(number, safe='')}"
