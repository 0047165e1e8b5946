"""What the register says of one document, and what is asked of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class EntryState(StrEnum):
    """How far a document has come."""

    RESERVED = "reserved"
    """Its number is taken; the files are not there yet, or not known to be."""
    ISSUED = "issued"
    """Its files are there and their digests are known."""
    VOID = "void"
    """Issued or reserved, then declared void with a reason; the number stays used."""

    @property
    def zh(self) -> str:
        """As people read it."""
        return _WORDS[self]


_WORDS = {EntryState.RESERVED: "已取号", EntryState.ISSUED: "已制发", EntryState.VOID: "已作废"}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of an issued document."""

    format: str
    """docx, pdf."""
    path: PurePosixPath
    """Relative to the office folder."""
    sha256: str
    size: int
    """Bytes."""
    maker: str
    """The program that made it and its version: ``typst 0.15.2``; empty: it was issued before this was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document that is to be issued: everything the register must know before it takes a number."""

    case: str
    """编号 of the case."""
    kind: str
    """Slug."""
    kind_title: str
    event: int
    """序 of the event; 0: the registration calls for it."""
    form: str
    """Form of the number with ``{year}`` and ``{n}``; empty for a kind without numbers."""
    date: dt.date
    """成文日期; its year is the year of the number."""
    title: str
    """标题, for the book."""
    issuer: str
    """发文机关全称."""
    recipients: tuple[str, ...] = ()
    """主送 and 抄送, or the person addressed."""
    signer: str = ""
    """签发人."""
    copies: int = 1
    record: str
    """Path of the record: relative to the office folder if inside it (POSIX), else absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Wanted):
    """A document as the register knows it."""

    id: int
    """登记号: the row's own number, never reused; also names a document that has no 文号."""
    ordinal: int = 1
    """1 for the first document of its kind for its event; 2 for the one made after the first was voided …"""
    n: int = 0
    """The figure of its number; 0 without one."""
    number: str = ""
    """文号 as printed."""
    state: EntryState
    why: str = ""
    """Why it is void."""
    recorded: bool = False
    """Whether the record is known to say what this entry says (its ``<文书>`` was written after the last change)."""
    files: tuple[FileEntry, ...] = ()
    record_sha256: str = ""
    """Of the record's bytes without ``<文书>``, from which the document was made; empty while reserved."""
    run: str = ""
    """The run that reserved it, or took it over."""
    reserved_at: str = ""
    """Clock readings (UTC, ISO 8601), for people; nothing is decided by them."""
    issued_at: str = ""
    voided_at: str = ""


class Standing(StrEnum):
    """What `Register.reserve` found about a wanted document."""

    NEW = "new"
    """Its number was taken just now."""
    RESUMED = "resumed"
    """A run that died, or was broken off, had taken its number; it is ours now."""
    EXISTING = "existing"
    """It has been issued before."""
    BUSY = "busy"
    """Another run that is alive is making it."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The answer for one wanted document."""

    entry: Entry
    standing: Standing


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a reserved document, whole and durable on disk."""

    id: int
    """登记号."""
    record_sha256: str
    """As in `Entry`."""
    files: tuple[FileEntry, ...]
