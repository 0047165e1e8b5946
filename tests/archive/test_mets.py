"""METS of a package: valid, accepted by the rules of CSIP, complete, and quick for ten thousand files."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.archive.metadata import (
    EXAMPLES,
    big_package,
    csip_findings,
    packages,
    reading,
    several_volumes,
    whole_package,
)
from tests.archive.packages import a_part
from xfdocs.archive import mets, premis
from xfdocs.archive.metadata import SCHEMAS, described, schema, schema_parts
from xfdocs.archive.model import Package, Role
from xfdocs.resources import shipped

M = f"{{{mets.NAMESPACE}}}"
HREF = f"{{{mets.XLINK}}}href"


def root_of(package: Package) -> etree._Element:
    return etree.fromstring(reading(described(package))("METS.xml"))


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_example_is_valid_and_breaks_no_rule_of_csip(example: Callable[[], Package]):
    data = reading(described(example()))("METS.xml")
    schema("mets.xsd").assertValid(etree.fromstring(data))
    found = set(csip_findings(data))
    assert {rule for rule, role in found if role == "ERROR"} == set()
    assert found == {("CSIP105", "WARN")}, (
        "one METS for the package: representations have none of their own, and that is all"
    )


@given(packages())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_package_is_valid(package: Package):
    schema("mets.xsd").assertValid(root_of(package))


def test_the_judges_would_find_what_is_wrong():
    data = reading(described(whole_package()))("METS.xml").decode()
    for old, new, rule in (
        ('USE="Documentation"', 'USE="Docs"', "CSIP60"),
        ('STATUS="CURRENT"', 'STATUS="FRESH"', "CSIP20"),
        (
            "</structMap>",
            '</structMap><structMap LABEL="x" TYPE="LOGICAL"><div LABEL="x"/></structMap>',
            "CSIP82",
        ),
    ):
        assert (rule, "ERROR") in set(csip_findings(data.replace(old, new, 1).encode()))
    with pytest.raises(etree.DocumentInvalid):
        schema("mets.xsd").assertValid(etree.fromstring(data.replace('ID="dmd"', "", 1).encode()))


def test_every_file_but_this_one_is_listed_with_its_facts():
    package = described(several_volumes())
    root = etree.fromstring(reading(package)("METS.xml"))
    listed = {}
    for node in root.iter(f"{M}file", f"{M}mdRef"):
        link = node if node.tag == f"{M}mdRef" else node[0]
        address = link.get(HREF)
        assert address.isascii()
        assert urlsplit(address).scheme == ""
        assert unquote(address) not in listed
        listed[unquote(address)] = (node.get("SIZE"), node.get("CHECKSUM"), node.get("MIMETYPE"))
        assert node.get("CHECKSUMTYPE") == "SHA-256"
    assert listed == {
        str(part.path): (str(part.size), part.sha256, part.format.media)
        for part in package.parts()
        if part.path != mets.PLACE
    }


def test_an_address_is_a_relative_uri_whatever_the_name():
    for name in ("a b%20c#d?e&f.pdf", "c:d.pdf", "𪚥~·〔2026〕.pdf"):
        address = mets.href(PurePosixPath("附件") / name)
        assert unquote(address) == f"附件/{name}"
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert mets.href(PurePosixPath("c:d.pdf")) == "c%3Ad.pdf"


def test_a_representation_may_be_called_anything():
    names = ("original", "1 号/", "阅览", "e99885", "_")
    parts = [a_part(f"representations/{name}/data/x.pdf", b"x", Role.CATALOGUE) for name in names]
    root = root_of(whole_package(others=tuple(parts)))
    schema("mets.xsd").assertValid(root)
    ids = [node.get("ID") for node in root.iter(f"{M}fileGrp")]
    assert len(ids) == len(set(ids)) >= len(names)


def test_volumes_and_materials_stand_in_their_order_with_numbers_and_pages():
    package = several_volumes()
    root = root_of(package)
    contents = root.find(f".//{M}div[@ID='contents']")
    files = {node.get("ID"): unquote(node[0].get(HREF)) for node in root.iter(f"{M}file")}
    told = [
        (
            unquote(volume.get("CONTENTIDS")),
            volume.get("LABEL"),
            [
                (
                    unquote(one.get("CONTENTIDS")),
                    one.get("LABEL"),
                    one.get("ORDERLABEL"),
                    [files[pointer.get("FILEID")] for pointer in one],
                )
                for one in volume
            ],
        )
        for volume in contents
    ]
    urn = "urn:xfdocs:archive:"
    assert told == [
        (
            urn + volume.number,
            volume.title,
            [
                (
                    urn + volume.named(one),
                    one.title,
                    str(one.first_page) if one.first_page else None,
                    [str(part.path) for part in one.parts],
                )
                for one in volume.materials
            ],
        )
        for volume in package.volumes
    ]


def test_a_later_version_has_a_name_of_its_own_and_names_the_one_before():
    root = root_of(several_volumes())
    assert root.get("OBJID") == premis.package_name(several_volumes()) == "J021-ZY·XF·01·2026·D30-0001-v2"
    told = {node.get("TYPE"): node.text for node in root.iter(f"{M}altRecordID")}
    assert told == {
        "档号": "J021-ZY·XF·01·2026·D30-0001",
        "信访件编号": "YZ-20260302-0001",
        "前一版本标签清单的 SHA-256": "ab" * 32,
    }


def test_ten_thousand_files_take_seconds_and_megabytes_not_more():
    package = big_package(10_000)
    began = time.process_time()
    written = described(package)
    took = time.process_time() - began
    data = reading(written)("METS.xml")
    root = etree.fromstring(data)
    schema("mets.xsd").assertValid(root)
    assert sum(1 for _ in root.iter(f"{M}file")) > 10_000
    assert len(list(root.iter(f"{M}digiprovMD"))) == 1
    assert took < 5, f"METS, PREMIS and DA/T 46 together: {took:.1f} s"
    assert len(data) < 8_000_000, f"{len(data):,} bytes"


def test_the_schemas_that_a_package_follows_lie_in_it_word_for_word():
    names = ("case.xsd", "dat46.xsd", "mets.xsd", "xlink.xsd", "DILCISExtensionMETS.xsd", "premis-v3-0.xsd")
    parts = schema_parts(whole_package())
    assert {part.path for part in parts} == {SCHEMAS / name for name in names}
    for part in parts:
        (original,) = shipped("schemas").rglob(part.path.name)
        assert part.source == original.read_bytes()
        assert part.role is Role.METADATA
    without = replace(whole_package(), others=(a_part("index.html", b"x", Role.PAGE),))
    assert SCHEMAS / "case.xsd" not in {part.path for part in schema_parts(without)}
    with pytest.raises(ValueError, match="no schema"):
        schema("other.xsd")
