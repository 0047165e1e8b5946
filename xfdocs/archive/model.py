"""What an archival package says and holds, before anybody writes it.

A *package* (归档信息包) is one case: its volumes (卷; in the other model one 件), each a list of *materials* (卷内文件), each
material one or more *parts* (files).  Everything that writes something of a package — the bag, the metadata, the page that opens
offline, the labels — is given a `Package` and nothing else; who reads one gets a `Package` back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath


class Model(StrEnum):
    """What a case becomes in the archive; one of two legitimate ways."""

    VOLUME = "案卷"
    """专业档案: 一案一卷, more volumes if it is thick."""
    ITEM = "件"
    """文书档案 (DA/T 22-2015): the whole case is one 件."""


class Role(StrEnum):
    """What a file of a package is there for."""

    RECORD = "record"
    """The case record, XML."""
    DOCUMENT = "document"
    """An issued document as it was sent: PDF/A."""
    EDITABLE = "editable"
    """The same document as docx."""
    ATTACHMENT = "attachment"
    """An attachment as it was received."""
    ACCESS = "access"
    """A PDF/A copy of an attachment, for reading."""
    CATALOGUE = "catalogue"
    """封面, 卷内目录, 备考表, 盒脊: made when the case was packed."""
    METADATA = "metadata"
    """METS, PREMIS, DA/T 46, and the schemas they follow."""
    PAGE = "page"
    """The page that opens offline, and a word on how to read the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What a file is by its content."""

    name: str
    """As people say it: ``PDF/A-3a``, ``JPEG``."""
    media: str
    """Media type (IANA)."""
    version: str = ""
    puid: str = ""
    """Identifier in PRONOM (The National Archives), e.g. ``fmt/480``; empty if not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a package."""

    path: PurePosixPath
    """In the package's payload, below ``data/``: NFC, names that every system takes."""
    source: bytes | Path
    """Its bytes, or the file they are copied from."""
    role: Role
    format: Format
    size: int
    """Bytes."""
    sha256: str
    name: str = ""
    """Its name as received, where that had to be changed for *path*."""
    copy_of: PurePosixPath | None = None
    """Of an access copy, the path of the original; of a docx, that of its PDF."""
    note: str = ""
    """What is to be known about it: an extension that lied, macros, a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """卷内文件: one line of the 卷内目录 (DA/T 22-2015 5.5)."""

    seq: int
    """序号 inside its volume, from 1."""
    title: str
    """题名."""
    group: str
    """Which step of the order inside it belongs to: a code of the order in use (``schemas/archive/orders``)."""
    number: str = ""
    """文号."""
    responsible: str = ""
    """责任者."""
    date: dt.date | None = None
    secrecy: str = ""
    """密级; empty for none."""
    pages: int | None = None
    """页数, of the pages as rendered or received (R40); None if nobody can count them, which is told."""
    first_page: int | None = None
    """页号 on which it begins inside the volume; None after one whose pages nobody can count."""
    original: str = ""
    """原件, 复印件 …, as the record says."""
    remark: str = ""
    """备注."""
    parts: tuple[Part, ...] = ()
    """Its files, the one to read first; none if it exists on paper only."""

    def __post_init__(self) -> None:
        if self.seq < 1:
            raise ValueError("materials count from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """案卷, or the one 件 of a case."""

    seq: int
    """第几卷, from 1."""
    number: str
    """档号."""
    title: str
    """案卷题名."""
    first: dt.date
    """起 …"""
    last: dt.date
    """… 止日期 of what is inside."""
    materials: tuple[Material, ...]

    @property
    def pages(self) -> int | None:
        """页数 of all; None if one cannot be counted."""
        known = [one.pages for one in self.materials if one.pages is not None]
        return sum(known) if len(known) == len(self.materials) else None

    def named(self, one: Material) -> str:
        """档号 of a material: that of its volume and its 序号 (three digits)."""
        return f"{self.number}-{one.seq:03}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that was done to the files of a package, once for all of them (PREMIS event)."""

    kind: str
    """``capture``, ``message digest calculation``, ``format identification``, ``normalization``, ``validation`` … (LoC event types)."""
    at: dt.datetime
    """With its time zone."""
    outcome: str
    """``success``, ``warning`` or ``failure``."""
    detail: str
    """In Chinese, with numbers: 41 个文件，全部识别."""
    agent: str
    """Whoever did it: the name and version of a program, or the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One case for the archive."""

    case: str
    """信访件编号."""
    model: Model
    fonds: str
    """全宗号."""
    fonds_name: str
    """全宗名称 (立档单位名称)."""
    category: str
    """档案门类代码: ZY·XF, WS."""
    year: int
    """归档年度."""
    retention: str
    """保管期限代码: Y, D30, D10."""
    retention_ground: str
    """Which row of the office's table gave it."""
    organ: str
    """机构: 归档单位, its full name."""
    title: str
    """题名 of the whole."""
    secrecy: str
    """Highest 密级 inside; empty for none."""
    made: dt.datetime
    """When it was packed, with time zone; everything made at packing bears this and no other time."""
    version: int = 1
    """1; 2 for the package made after the case was opened again …"""
    predecessor: str = ""
    """SHA-256 of the tag manifest of the version before; empty for the first."""
    volumes: tuple[Volume, ...]
    others: tuple[Part, ...] = ()
    """Files that are no 卷内文件: the record, catalogues, metadata, the page."""
    actions: tuple[Action, ...] = ()

    @property
    def number(self) -> str:
        """档号 of the first volume: what the package is called by."""
        return self.volumes[0].number

    def parts(self) -> Iterator[Part]:
        """Every file, those of the materials first."""
        for volume in self.volumes:
            for material in volume.materials:
                yield from material.parts
        yield from self.others
