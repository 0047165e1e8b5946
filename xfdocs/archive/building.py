"""A plan and its numbers → a package on the disk: materials numbered and paged, labels printed, metadata written, all in one bag."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from xfdocs.archive.bag import Container, Written, write_bag
from xfdocs.archive.filing import ORIGINAL, highest_secrecy, tools_of, volumes_of
from xfdocs.archive.identify import identify
from xfdocs.archive.labels import labels_of
from xfdocs.archive.metadata import described
from xfdocs.archive.model import Action, Model, Package, Part, Role
from xfdocs.archive.names import safe_name
from xfdocs.archive.page import index_html, reading_note
from xfdocs.archive.planning import Plan
from xfdocs.archive.registered import EXTRACT, PROGRAM, extract_of
from xfdocs.errors import RecordChanged
from xfdocs.office import Office
from xfdocs.record.model import Archive
from xfdocs.record.reader import build_case, parse_tree, read_bytes
from xfdocs.record.writeback import with_archive
from xfdocs.register.entry import Entry

RECORD = ORIGINAL / "案件记录.xml"
"""Where the record lies in the payload."""
INDEX = PurePosixPath("index.html")
NOTE = PurePosixPath("documentation/说明.txt")
VERSION_LABEL = "Package-Version"
"""In bag-info.txt, which version of the package of a case this is."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was taken in the register for a package, and what it has of the case."""

    volumes: tuple[str, ...]
    """档号 of each volume."""
    item: str
    """件号 as the record gets it."""
    made: dt.datetime
    """When the first of them was taken; the package bears this time."""
    version: int = 1
    predecessor: str = ""
    entries: tuple[Entry, ...] = ()
    """Of the case's documents and of the volumes, for whoever has to build the register up again from packages."""


@dataclass(frozen=True, slots=True)
class Built:
    """A package on the disk."""

    package: Package
    written: Written
    record: bytes
    """The record with its place in the archive, as it lies in the package."""


def build(plan: Plan, numbers: Numbers, office: Office) -> Built:
    """Make the package of a plan; when this returns, it is whole and durable.

    Raises:
        RecordChanged: the record is not as it was planned.
        SourceChanged: a file is not.
        PackageInTheWay: another package lies there.
        GlyphMissing, FontsMissing, WordingInvalid, LayoutInvalid: a label cannot be printed.
        TextUnwritable: XML cannot hold a character.
    """
    data = read_bytes(plan.path)
    if hashlib.sha256(data).hexdigest() != plan.sha256:
        raise RecordChanged(file=plan.path)
    setting = office.archive
    record = with_archive(data, archive_of(plan, numbers.item, office), plan.path)
    case = build_case(parse_tree(record, plan.path)).case
    package = Package(
        case=plan.case,
        model=Model(setting.model),
        fonds=setting.fonds,
        fonds_name=setting.fonds_name or office.organ.name,
        category="WS" if Model(setting.model) is Model.ITEM else "ZY·XF",
        year=plan.year,
        retention=plan.retention.value,
        retention_ground=plan.ground,
        organ=office.organ.name,
        title=plan.title,
        secrecy=highest_secrecy(plan),
        made=numbers.made,
        version=numbers.version,
        predecessor=numbers.predecessor,
        volumes=tuple(volumes_of(plan, numbers.volumes, case, tools_of(office))),
        others=(_bytes_part(RECORD, record, Role.RECORD),),
    )
    package = replace(package, actions=tuple(_actions(package, office)))
    package = _with(package, labels_of(package, office))
    package = _with(
        package,
        [
            _bytes_part(INDEX, index_html(package, case, office), Role.PAGE),
            _bytes_part(NOTE, reading_note(package), Role.PAGE),
            _bytes_part(EXTRACT, extract_of(plan, numbers, office), Role.METADATA),
        ],
    )
    package = described(package)
    written = write_bag(
        place_of(package, office),
        package.parts(),
        _info(package),
        made=package.made,
        container=Container(setting.container),
        sha512=setting.sha512,
    )
    return Built(package, written, record)


def archive_of(plan: Plan, item: str, office: Office) -> Archive:
    """What the record of a case is to say of its place in the archive."""
    return Archive(fonds=office.archive.fonds, year=plan.year, retention=plan.retention, item=item or None)


def place_of(package: Package, office: Office) -> Path:
    """Where a package lies, without the suffix of its container."""
    version = f"-v{package.version}" if package.version > 1 else ""
    return office.folder / "archive" / str(package.year) / f"{safe_name(package.number)}{version}"


def is_catalogue(part: Part) -> bool:
    """Whether a file of a package is the 卷内目录 of a volume, for reading."""
    return part.role is Role.CATALOGUE and part.path.suffix == ".pdf" and part.path.stem.endswith("目录")


def catalogue_beside(base: Path, part: Part, seq: int) -> Path:
    """Where the 卷内目录 of a volume lies beside its package (*base*, without the suffix of a container) too."""
    return base.with_name(f"{base.name}-{part.path.stem.partition('-')[2]}-{seq}.pdf")


def _with(package: Package, parts: Sequence[Part]) -> Package:
    return replace(package, others=(*package.others, *parts))


def _bytes_part(path: PurePosixPath, data: bytes, role: Role) -> Part:
    """A file of ours; what it is, is said by its content as of any other."""
    return Part(
        path=path,
        source=data,
        role=role,
        format=identify(data),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


# --- what was done ----------------------------------------------------------------------------------------


def _actions(package: Package, office: Office) -> Iterator[Action]:
    parts = [part for volume in package.volumes for one in volume.materials for part in one.parts]

    def done(kind: str, detail: str, outcome: str = "success") -> Action:
        return Action(kind=kind, at=package.made, outcome=outcome, detail=detail, agent=PROGRAM)

    yield Action(
        kind="capture",
        at=package.made,
        outcome="success",
        detail=f"从案件记录收集 {sum(len(volume.materials) for volume in package.volumes)} 件材料，{len(parts)} 个文件",
        agent=office.organ.name,
    )
    yield done("validation", "案件记录通过结构和规则校验")
    unknown = sum(part.note != "" for part in parts)
    yield done(
        "format identification",
        f"{len(parts)} 个文件按内容识别格式" + (f"，其中 {unknown} 个有说明" if unknown else "，没有异常"),
        "warning" if unknown else "success",
    )
    if copies := sum(part.role is Role.ACCESS for part in parts):
        yield done("normalization", f"另做 {copies} 个阅读副本（PDF/A），原件保留")
    yield done("message digest calculation", "全部文件计算 SHA-256 摘要")


def _info(package: Package) -> list[tuple[str, str]]:
    """bag-info.txt (RFC 8493 2.2.2)."""
    pairs = [
        ("Source-Organization", package.organ),
        ("External-Identifier", package.number),
        ("Internal-Sender-Identifier", package.case),
        ("External-Description", package.title),
        ("Bag-Group-Identifier", package.fonds),
        (VERSION_LABEL, str(package.version)),
    ]
    return [*pairs, ("Predecessor-Tagmanifest-SHA256", package.predecessor)] if package.predecessor else pairs
