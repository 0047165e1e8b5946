"""Packages of every kind for the tests of metadata, and the judges they stand before."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from hypothesis import strategies as st
from lxml import etree, isoschematron

from tests.archive.packages import AT, JPEG, PDF, XML, a_package, a_part
from xfdocs.archive.model import Action, Format, Material, Model, Package, Part, Role, Volume

TEXT = Format(name="纯文本", media="text/plain", puid="x-fmt/111")
CSIP = Path(__file__).parent / "csip"

RARE = "𪚥 & <信访人> \"引号\" '撇' ]]> é 𠮷"
"""Beyond the BMP, and everything that is markup somewhere."""


def whole_package(**more: Any) -> Package:
    """A package with all that CSIP wants: documentation and a page besides."""
    package = a_package()
    others = (
        *package.others,
        a_part("documentation/说明.txt", "怎样读".encode(), Role.PAGE, TEXT),
        a_part(
            "index.html", b"<!DOCTYPE html>", Role.PAGE, Format(name="HTML", media="text/html", version="5")
        ),
    )
    return replace(package, **{"others": others, **more})


def big_package(files: int) -> Package:
    """One volume of so many attachments."""
    data = b"x"
    digest = hashlib.sha256(data).hexdigest()
    materials = tuple(
        Material(
            seq=seq, title=f"第{seq}份附件", group="other", date=dt.date(2026, 3, 2), pages=1, first_page=seq, original="原件",
            parts=(Part(path=PurePosixPath(f"representations/original/data/附件/{seq:05}-附件.jpg"), source=data,
                        role=Role.ATTACHMENT, format=JPEG, size=1, sha256=digest),),
        )
        for seq in range(1, files + 1)
    )  # fmt: skip
    package = whole_package()
    return replace(package, volumes=(replace(package.volumes[0], materials=materials),))


def several_volumes() -> Package:
    """A second version in two volumes, with rare characters and everything that may be absent present."""
    package = whole_package()
    first = package.volumes[0]
    second = replace(first, seq=2, number=first.number.replace("0001", "0002"), title=RARE, materials=tuple(
        replace(one, title=RARE, secrecy="机密★10年", remark=RARE, parts=tuple(
            replace(part, path=part.path.with_name(f"2-{part.path.name}"), copy_of=None, note=RARE, name=RARE) for part in one.parts))
        for one in first.materials))  # fmt: skip
    return replace(package, volumes=(first, second), version=2, predecessor="ab" * 32, secrecy="机密★10年", actions=(
        *package.actions, Action(kind="normalization", at=AT, outcome="warning", detail=RARE, agent="云州市信访局"),
    ))  # fmt: skip


def one_item() -> Package:
    """The whole case as one 件, permanent, with nothing in it but paper."""
    package = whole_package(model=Model.ITEM, category="WS", retention="Y", actions=())
    volume = package.volumes[0]
    paper = replace(
        volume,
        number="J021-WS·2026-Y-XFJ-0012",
        materials=tuple(replace(one, parts=()) for one in volume.materials),
    )
    return replace(package, volumes=(paper,))


EXAMPLES = {
    "一卷": whole_package,
    "两卷": several_volumes,
    "一件": one_item,
    "一千个文件": lambda: big_package(1000),
}


def reading(package: Package) -> Callable[[str], bytes]:
    """The bytes of a package whose sources are bytes, by place."""
    sources = {str(part.path): part.source for part in package.parts()}

    def read(place: str) -> bytes:
        source = sources[place]
        assert isinstance(source, bytes)
        return source

    return read


def opening(package: Package) -> Callable[[PurePosixPath], BinaryIO]:
    """The same, as open files."""
    read = reading(package)
    return lambda place: io.BytesIO(read(str(place)))


# --- CSIP -----------------------------------------------------------------------------------------------


@cache
def csip_rules() -> tuple[isoschematron.Schematron, ...]:
    """The rules of eark-validator for a METS of CSIP 2.1, with the vocabularies put in as it does itself."""
    words = {
        "@TYPE": "ContentCategory", "@csip:CONTENTINFORMATIONTYPE": "ContentInformationType",
        "@csip:OAISPACKAGETYPE": "OAISPackageType", "@STATUS": "Status",
    }  # fmt: skip
    allowed = {f"{name}_vocabulary_test": _either(name, words[name]) for name in words}
    allowed["@MIMETYPE_IANA_test"] = (
        "@MIMETYPE = 'application/xml'"  # of IANA's two thousand the one we refer to
    )
    rules = []
    for file in sorted(CSIP.glob("mets_*_rules.xml")):
        text = file.read_text("utf-8")
        for name, test in allowed.items():
            text = text.replace(name, test)
        rules.append(isoschematron.Schematron(etree.fromstring(text.encode()), store_report=True))
    return tuple(rules)


def _either(name: str, vocabulary: str) -> str:
    terms = etree.parse(str(CSIP / f"CSIPVocabulary{vocabulary}.xml")).iterfind(".//{*}Term")
    return " or ".join(f"({name} = '{term.text}')" for term in terms)


def csip_findings(mets: bytes) -> Iterator[tuple[str, str]]:
    """(rule, role) of every assertion that does not hold."""
    root = etree.fromstring(mets)
    for rules in csip_rules():
        rules.validate(root)
        for node in rules.validation_report.iterfind(".//{http://purl.oclc.org/dsdl/svrl}failed-assert"):
            yield node.get("id", "").partition("_")[0], node.get("role", "")


# --- any package ------------------------------------------------------------------------------------------

_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\t\n\r𪚥<>&\"']é﷐")
TEXTS = st.text(_CHARACTERS, max_size=12)
_NAMES = st.text(
    st.characters(categories=("L", "N")) | st.sampled_from("·-〔〕 &'%#?+~"), min_size=1, max_size=8
)
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
TIMES = st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001 - zones follow
_FORMATS = st.sampled_from((PDF, XML, JPEG)) | st.builds(
    Format, name=TEXTS, media=TEXTS, version=TEXTS, puid=TEXTS
)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Any package there could be, with the bytes of its files."""
    count = 0

    def parts(most: int, roles: tuple[Role, ...]) -> tuple[Part, ...]:
        nonlocal count
        made: list[Part] = []
        for _ in range(draw(st.integers(0, most))):
            count += 1
            name = unicodedata.normalize("NFC", draw(_NAMES))
            folder = draw(
                st.sampled_from(
                    ("representations/original/data", "representations/阅览/data", "documentation", ".")
                )
            )
            source = draw(st.sampled_from(made)).path if made and draw(st.booleans()) else None
            made.append(a_part(str(PurePosixPath(folder) / f"{count:03}-{name}"), draw(st.binary(max_size=9)), draw(st.sampled_from(roles)),
                               draw(_FORMATS), name=draw(TEXTS), note=draw(TEXTS), copy_of=source))  # fmt: skip
        return tuple(made)

    volumes = []
    for seq in range(1, draw(st.integers(1, 3)) + 1):
        materials = tuple(
            Material(seq=position, title=draw(TEXTS), group=draw(TEXTS), number=draw(TEXTS), responsible=draw(TEXTS),
                     date=draw(st.none() | st.dates()), secrecy=draw(TEXTS), pages=draw(st.none() | st.integers(0, 999)),
                     first_page=draw(st.none() | st.integers(1, 999)), original=draw(TEXTS), remark=draw(TEXTS),
                     parts=parts(3, (Role.DOCUMENT, Role.ATTACHMENT, Role.ACCESS, Role.EDITABLE)))
            for position in range(1, draw(st.integers(0, 3)) + 1)
        )  # fmt: skip
        volumes.append(Volume(seq=seq, number=draw(TEXTS), title=draw(TEXTS), first=draw(st.dates()), last=draw(st.dates()), materials=materials))  # fmt: skip
    actions = st.builds(Action, kind=TEXTS, at=TIMES, outcome=TEXTS, detail=TEXTS, agent=TEXTS)
    return Package(
        case=draw(TEXTS), model=draw(st.sampled_from(Model)), fonds=draw(TEXTS), fonds_name=draw(TEXTS), category=draw(TEXTS),
        year=draw(st.integers(1, 9999)), retention=draw(TEXTS), retention_ground=draw(TEXTS), organ=draw(TEXTS), title=draw(TEXTS),
        secrecy=draw(TEXTS), made=draw(TIMES), version=draw(st.integers(1, 12)),
        predecessor=draw(st.sampled_from(("", "ab" * 32))), volumes=tuple(volumes),
        others=parts(3, (Role.RECORD, Role.CATALOGUE, Role.PAGE)), actions=tuple(draw(st.lists(actions, max_size=3))),
    )  # fmt: skip
