"""Writing a bag: each file is read once, hashed on its way, and the package is whole or absent."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from xfdocs.archive.bag.folders import FolderSink
from xfdocs.archive.bag.reading import Bag
from xfdocs.archive.bag.stores import CHUNK, Container, Sink
from xfdocs.archive.bag.tars import TarSink
from xfdocs.archive.bag.texts import (
    AGENT,
    BAGGED,
    DECLARATION,
    DIGESTS,
    INFO,
    OXUM,
    PAYLOAD,
    RESERVED,
    SIGNATURE,
    declaration,
    information,
    manifest,
    manifest_name,
    oxum,
)
from xfdocs.archive.bag.zips import ZipSink, stamp_of
from xfdocs.archive.model import Part
from xfdocs.archive.names import collisions, path_flaws
from xfdocs.errors import PackageInTheWay, SourceChanged
from xfdocs.files import appearing, sweep
from xfdocs.progress import Progress, Silent

Sign = Callable[[bytes], bytes]
"""Makes a detached signature over some bytes."""


@dataclass(frozen=True, slots=True)
class Written:
    """A package that is there."""

    path: Path
    digest: str
    """Its identity: SHA-256 of tagmanifest-sha256.txt, the same in a folder, a zip and a tar."""
    files: int
    """Of the payload."""
    bytes: int
    """Of the payload."""
    existed: bool = False
    """Whether it was there before, the same."""


def write_bag(
    target: Path,
    parts: Iterable[Part],
    info: Sequence[tuple[str, str]],
    *,
    made: dt.datetime,
    container: Container = Container.FOLDER,
    sha512: bool = False,
    sign: Sign | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write *parts* as one BagIt 1.0 bag (RFC 8493) that is called *target*, to which a zip or tar adds its suffix.

    *info* goes into bag-info.txt in this order, before what is counted here; *made* (with time zone) is
    the Bagging-Date and the time of every file.  The same arguments give the same bytes on any day.
    Every file is compared with its `Part.size` and `Part.sha256` while it is copied.  *sign* makes a signature
    over the tag manifest, which lies beside it (`SIGNATURE`); the identity is the same with it and without.
    *progress* is told of each file of the payload.

    What is there already and has the same identity is left alone.  Raises `PackageInTheWay` if it has
    another, `SourceChanged` if a file is not what its part says, `OSError` of the disk; nothing appears
    then.  A process that is killed leaves a hidden temporary at most, which the next one takes away.
    """
    if path_flaws(target.name):
        raise ValueError(f"no name for a package: {target.name}")
    content = _Content(parts, info, made, sha512=sha512)
    place = target.with_name(target.name + container.suffix)
    told = progress or Silent()
    if os.path.lexists(place):
        return content.found(place)
    sweep(place.parent, place.name)
    try:
        with (
            appearing(place, folder=container is Container.FOLDER) as temporary,
            _sink(container, temporary, target.name, made) as sink,
        ):
            digest = content.write(sink, told, sign)
    except FileExistsError:  # somebody else has packed the same meanwhile
        return content.found(place)
    return content.written(place, digest)


def _sink(container: Container, place: Path, base: str, made: dt.datetime) -> Sink:
    match container:
        case Container.FOLDER:
            return FolderSink(place, base, int(made.timestamp()))
        case Container.ZIP:
            return ZipSink(place, base, stamp_of(made))
        case Container.TAR:
            return TarSink(place, base, int(made.timestamp()))


class _Content:
    """What goes into a bag, whatever it lies in."""

    def __init__(
        self, parts: Iterable[Part], info: Sequence[tuple[str, str]], made: dt.datetime, *, sha512: bool
    ) -> None:
        given = [(f"{PAYLOAD}{part.path}", part) for part in parts]
        self._parts: Final = dict(given)
        paths = sorted(self._parts)
        if len(paths) < len(given):
            raise ValueError("two files of one path")
        if not paths:
            raise ValueError("a bag holds at least one file")
        if bad := [path for path in paths if path_flaws(path)] or collisions(paths):
            raise ValueError(f"no names for a package: {bad}")
        if made.tzinfo is None:
            raise ValueError("a package is made at a moment, with its time zone")
        if bad := [
            label
            for label, _ in info
            if label.lower() in RESERVED or label != label.strip() or not label or ":" in label
        ]:
            raise ValueError(f"labels that cannot be given: {bad}")
        self._paths: Final = paths
        self._algorithms: Final = ("sha256", "sha512") if sha512 else ("sha256",)
        sizes = [self._parts[path].size for path in paths]
        self._bytes: Final = sum(sizes)
        counted = ((BAGGED, made.date().isoformat()), (OXUM, oxum(sizes)), AGENT)
        self._info: Final = information((*info, *counted))

    def write(self, sink: Sink, progress: Progress, sign: Sign | None = None) -> str:
        """Everything into *sink*; the identity.

        The tag files come first, so that half a tar still says what the other half was; their digests are
        known last, so that they get their room first and their bytes at the end.
        """
        for name, size in self._tag_sizes().items():
            sink.reserve(name, size)
        digests: dict[str, dict[str, str]] = {name: {} for name in self._algorithms}
        for path in self._paths:
            part = self._parts[path]
            source = _Source(part, self._algorithms)
            sink.add(path, part.size, source.chunks())
            for name, value in source.digests().items():
                digests[name][path] = value
            progress.advance(note=part.path.name)
        tags = self._tags(digests)
        for name, data in tags.items():
            sink.fill(name, data)
        last = tags[manifest_name("sha256", tags=True)]
        if sign is not None:
            signature = sign(last)
            sink.add(SIGNATURE, len(signature), [memoryview(signature)])
        sink.finish()
        return hashlib.sha256(last).hexdigest()

    def written(self, place: Path, digest: str, *, existed: bool = False) -> Written:
        """What is told of it."""
        return Written(place, digest, len(self._paths), self._bytes, existed)

    def found(self, place: Path) -> Written:
        """The package at *place*, if it is this one. Reads what is to be packed, writes nothing."""
        digest = self.write(_Nowhere(), Silent())
        try:
            with Bag.open(place) as bag:
                same = bag.digest == digest
        except OSError as error:  # nothing one could read
            raise PackageInTheWay(where=place) from error
        if not same:
            raise PackageInTheWay(where=place)
        return self.written(place, digest, existed=True)

    def _tags(self, digests: dict[str, dict[str, str]]) -> dict[str, bytes]:
        """The tag files, in the order in which they lie."""
        tags = {DECLARATION: declaration(), INFO: self._info}
        tags |= {manifest_name(name): manifest(digests[name]) for name in self._algorithms}
        for name in self._algorithms:
            known = {
                tag: hashlib.new(name, data).hexdigest()
                for tag, data in tags.items()
                if not tag.startswith("tag")
            }
            tags[manifest_name(name, tags=True)] = manifest(known)
        return tags

    def _tag_sizes(self) -> dict[str, int]:
        """How long they will be: a digest has as many digits as any other."""
        blank = {name: dict.fromkeys(self._paths, "0" * DIGESTS[name]) for name in self._algorithms}
        return {name: len(data) for name, data in self._tags(blank).items()}


def tag_order(names: Iterable[str]) -> tuple[str, ...]:
    """The files of a bag of ours in the order in which they lie: its tag files, then the payload by its paths, a signature last."""
    algorithms = ("sha256", "sha512")
    first = [
        DECLARATION,
        INFO,
        *map(manifest_name, algorithms),
        *(manifest_name(name, tags=True) for name in algorithms),
    ]
    known = set(names)
    payload = sorted(known - {*first, SIGNATURE})
    return (*(name for name in first if name in known), *payload, *sorted(known & {SIGNATURE}))


class _Nowhere:
    """A sink that keeps nothing: who writes there only wants to know the digests."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, _name: str, _size: int, chunks: Iterable[memoryview]) -> None:
        """Let them pass."""
        for _ in chunks:
            pass

    def reserve(self, name: str, size: int) -> None:
        """Nothing."""

    def fill(self, name: str, data: bytes) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""


class _Source:
    """A part that is read once and hashed on its way."""

    def __init__(self, part: Part, algorithms: Sequence[str]) -> None:
        self._part = part
        self._hashes = {name: hashlib.new(name) for name in algorithms}
        self._size = 0

    def chunks(self) -> Iterator[memoryview]:
        """The bytes; never more than the part says. Raises `SourceChanged` at the end if they are others."""
        for chunk in self._raw():
            self._size += len(chunk)
            if self._size > self._part.size:
                raise self._changed("变大了")
            for one in self._hashes.values():
                one.update(chunk)
            yield chunk
        if self._size != self._part.size:
            raise self._changed("变小了")
        if self._hashes["sha256"].hexdigest() != self._part.sha256:
            raise self._changed("内容变了")

    def digests(self) -> dict[str, str]:
        """By algorithm, when all was read."""
        return {name: one.hexdigest() for name, one in self._hashes.items()}

    def _raw(self) -> Iterator[memoryview]:
        source = self._part.source
        if isinstance(source, bytes):
            yield memoryview(source)
            return
        view = memoryview(bytearray(min(CHUNK, self._part.size + 1)))
        with source.open("rb", buffering=0) as file:
            with suppress(OSError):  # a file system that knows no advice
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
            while count := file.readinto(view):
                yield view[:count]

    def _changed(self, what: str) -> SourceChanged:
        source = self._part.source
        return SourceChanged(file=self._part.path if isinstance(source, bytes) else source, what=what)
