"""PREMIS of a package: valid, a file object per file, and an event per deed whatever the number of files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.archive.metadata import EXAMPLES, big_package, packages, reading, several_volumes, whole_package
from xfdocs.archive import mets, premis
from xfdocs.archive.metadata import described, schema
from xfdocs.archive.model import Package

P = f"{{{premis.NAMESPACE}}}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def root_of(package: Package) -> etree._Element:
    root = etree.fromstring(premis.premis_xml(package))
    schema("premis-v3-0.xsd").assertValid(root)
    return root


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_example_is_valid(example: Callable[[], Package]):
    package = described(example())
    schema("premis-v3-0.xsd").assertValid(etree.fromstring(reading(package)(str(premis.PLACE))))


@given(packages())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_package_is_valid(package: Package):
    root_of(package)


def test_every_file_is_an_object_with_fixity_size_and_format():
    package = described(several_volumes())
    root = etree.fromstring(reading(package)(str(premis.PLACE)))
    told = {}
    for node in root.iterfind(f"{P}object[@{TYPE}='file']"):
        facts = node.find(f"{P}objectCharacteristics")
        told[node.findtext(f"{P}objectIdentifier/{P}objectIdentifierValue")] = (
            facts.findtext(f"{P}fixity/{P}messageDigest"),
            facts.findtext(f"{P}size"),
            facts.findtext(f"{P}format/{P}formatDesignation/{P}formatName"),
            facts.findtext(f"{P}format/{P}formatRegistry/{P}formatRegistryKey", ""),
            node.findtext(f"{P}originalName", ""),
        )
    assert told == {
        str(part.path): (part.sha256, str(part.size), part.format.name, part.format.puid, part.name)
        for part in package.parts()
        if part.path not in {premis.PLACE, mets.PLACE}
    }


def test_a_copy_names_what_it_was_made_of():
    root = root_of(whole_package())
    (relation,) = root.iter(f"{P}relationship")
    assert [node.text for node in relation[:2]] == ["derivation", "has source"]
    assert relation.findtext(f".//{P}relatedObjectIdentifierValue").endswith("02-信封.jpg")


def test_a_package_names_the_version_it_takes_the_place_of():
    (entity,) = root_of(several_volumes()).iterfind(f"{P}object[@{TYPE}='intellectualEntity']")
    relation = entity.find(f"{P}relationship")
    assert [node.text for node in relation[:2]] == ["replacement", "supersedes"]
    assert relation.findtext(f".//{P}relatedObjectIdentifierValue") == "ab" * 32
    (first,) = root_of(whole_package()).iterfind(f"{P}object[@{TYPE}='intellectualEntity']")
    assert first.find(f"{P}relationship") is None


def test_events_are_as_many_as_deeds_however_many_files():
    package = big_package(500)
    events = list(root_of(package).iter(f"{P}event"))
    assert len(events) == len(package.actions) == 1
    assert events[0].findtext(f".//{P}eventOutcomeDetailNote") == package.actions[0].detail
    linked = events[0].findtext(f".//{P}linkingObjectIdentifierValue")
    assert linked == premis.package_name(package)


def test_whoever_did_something_is_an_agent_once():
    root = root_of(several_volumes())
    agents = {
        node.findtext(f".//{P}agentIdentifierValue"): (
            node.findtext(f"{P}agentName"),
            node.findtext(f"{P}agentType"),
        )
        for node in root.iter(f"{P}agent")
    }
    assert list(agents.values()) == [("云州市信访局", "organization"), ("xfdocs 0.1.0", "software")]
    by_event = [
        agents[node.findtext(f".//{P}linkingAgentIdentifierValue")][0] for node in root.iter(f"{P}event")
    ]
    assert by_event == [action.agent for action in several_volumes().actions]
