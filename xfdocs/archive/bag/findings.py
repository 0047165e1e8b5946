"""What can be wrong with a bag, each by a code that stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xfdocs.archive.names import shown


class Weight(StrEnum):
    """How bad a finding is."""

    BROKEN = "broken"
    """The package is not what it was, cannot be proved to be, or cannot be trusted."""
    NOTE = "note"
    """Worth knowing: another program wrote it, or a name is spelt otherwise. Nothing is lost or changed."""


class BagFlaw(StrEnum):
    """What is wrong. The codes are part of reports and do not change."""

    UNREADABLE = "unreadable"
    """A file cannot be read to its end."""
    NOT_A_BAG = "not-a-bag"
    """No bagit.txt."""
    CONTAINER = "container-broken"
    """The zip or tar is truncated or corrupt."""
    FORM = "form-changed"
    """A byte outside the files is not what we write: headers of the zip or tar, spelling of the tag manifest."""
    VERSION = "version"
    """bagit.txt names another version."""
    ENCODING = "encoding"
    """bagit.txt names another encoding, or a tag file is not in it."""
    MANIFEST_MISSING = "manifest-missing"
    MANIFEST_GARBLED = "manifest-garbled"
    """A line that is no digest and path."""
    MANIFEST_DUPLICATE = "manifest-duplicate"
    """The same file twice."""
    ALGORITHM = "algorithm-unknown"
    """A manifest whose digests this program cannot calculate: its files were not compared with it."""
    CHECKSUM = "checksum-differs"
    """The checksum of the zip is wrong though the file holds: other programs will refuse to unpack it."""
    MISSING = "file-missing"
    UNLISTED = "file-unlisted"
    """A file that a manifest does not list."""
    DIFFERS = "digest-differs"
    """A payload file is not what the manifest says."""
    TAG_DIFFERS = "tag-differs"
    """A tag file (bagit.txt, bag-info.txt, a manifest) is not what the tag manifest says."""
    DISAGREE = "manifests-disagree"
    """One manifest holds for a file, another does not."""
    OXUM = "oxum-differs"
    """Count or bytes of the payload are not those of Payload-Oxum."""
    IDENTITY = "identity-differs"
    """Another package, whole perhaps, than the one that was asked for."""
    PATH_UNSAFE = "path-unsafe"
    """A path that leads out of the package, or that one cannot see for what it is."""
    PATH_UNFIT = "path-unfit"
    """A name that some system does not take."""
    SPELLING = "name-spelling"
    """A file's name is in another Unicode normal form than the manifest's."""
    COLLISION = "names-collide"
    """Names that some system takes for one."""
    SPECIAL = "special-file"
    """A symbolic link, a device, a pipe."""
    DUPLICATE = "member-duplicate"
    """A zip or tar holds two files of one name."""
    ENCRYPTED = "member-encrypted"
    METHOD = "method-unknown"
    """A zip member is compressed by a method this program does not know."""
    OVERLAP = "members-overlap"
    """Members of a zip share bytes: a bomb, or one file that shows as two."""
    SIZE_LIES = "size-lies"
    """A member unpacks to another size than declared."""
    DENSE = "bomb"
    """A member would unpack to so much more than it takes that it was not unpacked."""
    STRAY = "member-stray"
    """A member that lies beside the folder of the bag."""
    EMPTY_FOLDER = "folder-empty"
    FETCH = "fetch"
    """Files are to be fetched from elsewhere; this program never does."""
    FOREIGN = "foreign"
    """Written by another program: what it holds was checked, not every byte of its form."""


@dataclass(frozen=True, slots=True, order=True)
class BagFinding:
    """One thing that is wrong with a bag."""

    path: str
    """Which file of the bag, ``data/…``; empty for the whole."""
    flaw: BagFlaw
    message: str
    """In Chinese: what, and where it matters, what to do."""
    weight: Weight = Weight.BROKEN

    @property
    def code(self) -> str:
        """The stable code."""
        return self.flaw.value

    def __str__(self) -> str:
        return f"{self.path}：{self.message}" if self.path else self.message


def broken(flaw: BagFlaw, message: str, path: str = "") -> BagFinding:
    """A finding that breaks the package; *path* as it can be printed."""
    return BagFinding(shown(path), flaw, message)


def noted(flaw: BagFlaw, message: str, path: str = "") -> BagFinding:
    """A finding that breaks nothing."""
    return BagFinding(shown(path), flaw, message, Weight.NOTE)


def is_whole(findings: Iterable[BagFinding]) -> bool:
    """Whether nothing is broken."""
    return all(finding.weight is Weight.NOTE for finding in findings)
