"""The preservation metadata of a package: PREMIS 3.0, valid against the schema of the Library of Congress.

One intellectual entity for the package, one file object per file, and one event for whatever was done to all of them at once:
an event per file and step makes documents nobody can open (Archivematica #1203).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from xfdocs.archive.dat46 import agents_of
from xfdocs.archive.xml import Writer, as_bytes, plain

if TYPE_CHECKING:
    from lxml import etree

    from xfdocs.archive.model import Action, Package, Part

NAMESPACE = "http://www.loc.gov/premis/v3"
PLACE = PurePosixPath("metadata/preservation/premis.xml")
"""Where it lies in the payload."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_write = Writer(NAMESPACE, {"xsi": _XSI})
_FILE = "path below data/"
_PACKAGE = "档号"
_EVENT = "local"
_AGENT = "local"
_DIGEST = "SHA-256 of tagmanifest-sha256.txt"


def premis_xml(package: Package) -> bytes:
    """The document for *package* with the files it has by now; raises `TextUnwritable`."""
    package = plain(package)
    root = _write.root("premis", version="3.0")
    _entity(root, package)
    for part in package.parts():
        _file(root, part)
    agents = agents_of(package)
    for seq, action in enumerate(package.actions, 1):
        _event(root, package, seq, action, agents[action.agent])
    for name, code in agents.items():
        node = _write.add(root, "agent")
        _identifier(node, "agentIdentifier", _AGENT, code)
        _write.add(node, "agentName", name)
        office = name in {package.organ, package.fonds_name}
        _write.add(node, "agentType", "organization" if office else "software")
    return as_bytes(root)


def package_name(package: Package) -> str:
    """What this version of the package is called: its 档号, from the second version on with ``-v2``."""
    return package.number if package.version == 1 else f"{package.number}-v{package.version}"


def _object(root: etree._Element, kind: str) -> etree._Element:
    return _write.add(root, "object", **{f"{{{_XSI}}}type": kind})


def _identifier(node: etree._Element, name: str, kind: str, value: object) -> etree._Element:
    child = _write.add(node, name)
    _write.add(child, f"{name}Type", kind)
    _write.add(child, f"{name}Value", value)
    return child


def _entity(root: etree._Element, package: Package) -> None:
    node = _object(root, "intellectualEntity")
    _identifier(node, "objectIdentifier", _PACKAGE, package_name(package))
    _identifier(node, "objectIdentifier", "信访件编号", package.case)
    _write.put(node, "originalName", package.title)
    if package.predecessor:
        _relation(node, "replacement", "supersedes", _DIGEST, package.predecessor)


def _file(root: etree._Element, part: Part) -> None:
    node = _object(root, "file")
    _identifier(node, "objectIdentifier", _FILE, part.path)
    facts = _write.add(node, "objectCharacteristics")
    fixity = _write.add(facts, "fixity")
    _write.add(fixity, "messageDigestAlgorithm", "SHA-256")
    _write.add(fixity, "messageDigest", part.sha256)
    _write.add(facts, "size", part.size)
    form = _write.add(facts, "format")
    named = _write.add(form, "formatDesignation")
    _write.add(named, "formatName", part.format.name)
    _write.put(named, "formatVersion", part.format.version)
    if part.format.puid:
        registry = _write.add(form, "formatRegistry")
        _write.add(registry, "formatRegistryName", "PRONOM")
        _write.add(registry, "formatRegistryKey", part.format.puid)
        _write.add(registry, "formatRegistryRole", "specification")
    _write.put(form, "formatNote", part.note)
    _write.put(node, "originalName", part.name)
    if part.copy_of is not None:
        _relation(node, "derivation", "has source", _FILE, part.copy_of)


def _relation(node: etree._Element, kind: str, sub: str, identifier: str, value: object) -> None:
    relation = _write.add(node, "relationship")
    _write.add(relation, "relationshipType", kind)
    _write.add(relation, "relationshipSubType", sub)
    _identifier(relation, "relatedObjectIdentifier", identifier, value)


def _event(root: etree._Element, package: Package, seq: int, action: Action, agent: str) -> None:
    node = _write.add(root, "event")
    _identifier(node, "eventIdentifier", _EVENT, f"E{seq:03}")
    _write.add(node, "eventType", action.kind)
    _write.add(node, "eventDateTime", action.at.isoformat())
    outcome = _write.add(node, "eventOutcomeInformation")
    _write.add(outcome, "eventOutcome", action.outcome)
    if action.detail:
        _write.add(_write.add(outcome, "eventOutcomeDetail"), "eventOutcomeDetailNote", action.detail)
    _identifier(node, "linkingAgentIdentifier", _AGENT, agent)
    linked = _identifier(node, "linkingObjectIdentifier", _PACKAGE, package_name(package))
    _write.add(linked, "linkingObjectRole", "source")
