"""Everything that is wrong with a bag: all of it, and never an exception for what is broken.

BagIt covers the payload by the manifests, and them and the other tag files by the tag manifest; nothing
covers the tag manifest, nor the headers of a zip or tar.  So a bag that says it is ours is also compared
with what we would have written: the tag manifest spelt from its own entries, the tag files there have to
be, and every byte of the container around the files.  With that any change of a single byte is found, without knowing
anything but the bag.  Who also changes the digests is found by *digest* alone: the identity as noted elsewhere.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Final

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, Weight, broken, noted
from xfdocs.archive.bag.reading import Bag
from xfdocs.archive.bag.stores import Broken
from xfdocs.archive.bag.texts import (
    DECLARATION,
    DIGESTS,
    EARLIER,
    ENCODING,
    FETCH,
    INFO,
    OXUM,
    PAYLOAD,
    SIGNATURE,
    VERSION,
    Manifest,
    manifest,
    manifest_kind,
    manifest_name,
    oxum,
    read_tags,
    value_of,
)
from xfdocs.archive.bag.writing import tag_order
from xfdocs.archive.names import PathFlaw, collisions, path_flaws
from xfdocs.progress import Progress, Silent

Digests = Mapping[str, str]
"""Algorithm → digest."""
_Hashed = tuple[Digests | None, tuple[BagFinding, ...]]


def check_bag(
    bag: Bag, *, digest: str | None = None, jobs: int = 1, progress: Progress | None = None
) -> tuple[BagFinding, ...]:
    """Everything that is wrong with *bag*, sorted; nothing, if it is whole.

    *digest* is its identity as it was noted elsewhere.  *jobs* threads read and hash; *progress* is told of each file.
    """
    return tuple(sorted(set(_Check(bag, jobs, progress or Silent()).findings(digest))))


class _Check:
    def __init__(self, bag: Bag, jobs: int, progress: Progress) -> None:
        self._bag = bag
        self._jobs = jobs
        self._progress = progress
        self._lesser: Final = broken if bag.ours else noted
        """What a bag of ours cannot have, and one of another program may."""
        self._spelt: Final = {unicodedata.normalize("NFC", name): name for name in bag.names()}
        self._matched: Final[dict[str, str]] = {}
        """Path in a manifest → file of the bag."""

    def findings(self, digest: str | None) -> Iterator[BagFinding]:
        yield from self._bag.flaws
        if self._bag.container is None or not self._bag.names():
            yield broken(BagFlaw.NOT_A_BAG, "里面没有读得出的文件")
            return
        yield from self._declaration()
        yield from self._manifests()
        yield from self._names()
        yield from self._listed()
        yield from self._contents()
        yield from self._information()
        if self._bag.ours:
            yield from self._form()
        else:
            yield noted(BagFlaw.FOREIGN, "不是本程序写的：只核对了文件内容，没有逐字节核对格式")
        if digest is not None and self._bag.digest != digest.lower():
            yield broken(
                BagFlaw.IDENTITY,
                f"标签清单的 SHA-256 应当是 {digest}，实际是 {self._bag.digest or '（没有标签清单）'}：不是登记的那个归档包，或者被改动过",
            )

    def _declaration(self) -> Iterator[BagFinding]:
        """bagit.txt (RFC 8493 2.1.1)."""
        data = self._bag.text(DECLARATION)
        if data is None:
            yield broken(BagFlaw.NOT_A_BAG, "没有 bagit.txt，或者它读不出来", DECLARATION)
            return
        pairs, flaws = read_tags(DECLARATION, data)
        yield from flaws
        if (version := value_of(pairs, "BagIt-Version")) != VERSION:
            how = self._lesser if version in EARLIER else broken
            yield how(BagFlaw.VERSION, f"版本是 {version or '（没有写）'}，本程序核对 {VERSION}", DECLARATION)
        encoding = value_of(pairs, "Tag-File-Character-Encoding") or "（没有写）"
        if encoding.upper() != ENCODING:
            yield broken(BagFlaw.ENCODING, f"字符编码是 {encoding}，应当是 {ENCODING}", DECLARATION)

    @property
    def _payload_manifests(self) -> list[Manifest]:
        return [
            one for one in self._bag.manifests.values() if not _of_tags(one.name) and one.algorithm in DIGESTS
        ]

    @property
    def _tag_manifests(self) -> list[Manifest]:
        return [
            one for one in self._bag.manifests.values() if _of_tags(one.name) and one.algorithm in DIGESTS
        ]

    def _manifests(self) -> Iterator[BagFinding]:
        """Those that have to be are there, and every line of them says something."""
        for one in self._bag.manifests.values():
            if one.algorithm not in DIGESTS:
                yield broken(BagFlaw.ALGORITHM, f"不认得摘要算法 {one.algorithm}，没有按它核对", one.name)
                continue
            yield from one.flaws
            if self._bag.text(one.name) is None:
                yield broken(BagFlaw.MANIFEST_GARBLED, "清单读不出来，或者大得不合常理", one.name)
        if not self._payload_manifests:
            yield broken(
                BagFlaw.MANIFEST_MISSING, "没有内容清单，无法证明内容没有变", manifest_name("sha256")
            )
        there = {one.algorithm for one in self._tag_manifests}
        needed = {one.algorithm for one in self._payload_manifests} | {"sha256"}
        for algorithm in sorted(needed - there):
            what = "没有标签清单，无法证明 bag-info.txt 和各清单没有变"
            yield self._lesser(BagFlaw.MANIFEST_MISSING, what, manifest_name(algorithm, tags=True))

    def _names(self) -> Iterator[BagFinding]:
        """Names as they lie; what is unsafe was not even opened (`Bag.flaws`)."""
        names = self._bag.names()
        for name in names:
            unfit = [flaw for flaw in path_flaws(name) if flaw is not PathFlaw.NOT_NFC]
            if unfit:
                yield self._lesser(BagFlaw.PATH_UNFIT, f"名称在有的系统上不能用（{'、'.join(unfit)}）", name)
        for same in collisions(names):
            yield self._lesser(BagFlaw.COLLISION, f"在有的系统上是同一个名称：{'、'.join(same)}", same[0])
        for folder in self._bag.folders:
            if f"{folder}/" != PAYLOAD:
                yield self._lesser(BagFlaw.EMPTY_FOLDER, "空文件夹，不在清单里", folder)

    def _listed(self) -> Iterator[BagFinding]:
        """Every manifest lists every file, and every file that is listed is there."""
        names = set(self._bag.names())
        payload = {name for name in names if name.startswith(PAYLOAD)}
        tags = {name for name in names - payload - {SIGNATURE} if not _of_tags(name)}
        for one in (*self._payload_manifests, *self._tag_manifests):
            of_tags = _of_tags(one.name)
            seen: set[str] = set()
            for path in one.digests:
                unsafe = [flaw for flaw in path_flaws(path) if flaw.unsafe]
                if unsafe:
                    what = f"{one.name} 中的路径不安全（{'、'.join(unsafe)}），没有核对"
                    yield broken(BagFlaw.PATH_UNSAFE, what, path)
                elif path.startswith(PAYLOAD) == of_tags:
                    yield broken(BagFlaw.MANIFEST_GARBLED, f"{one.name} 列了不该由它列的文件", path)
                elif (name := self._found(path)) is None:
                    yield broken(BagFlaw.MISSING, f"{one.name} 列有这个文件，但是它不在包里", path)
                else:
                    seen.add(name)
                    if name != path:
                        yield noted(
                            BagFlaw.SPELLING,
                            "文件名的 Unicode 形式与清单不同（NFC、NFD），内容照常核对",
                            name,
                        )
            for name in sorted((tags if of_tags else payload) - seen):
                what = f"{one.name} 没有列这个文件：它是后来添的，或者清单被改动过"
                yield (self._lesser if of_tags else broken)(BagFlaw.UNLISTED, what, name)
        if FETCH in names:
            yield noted(BagFlaw.FETCH, "列有要从别处取的文件，本程序不取", FETCH)

    def _found(self, path: str) -> str | None:
        """The file of the bag that a manifest means."""
        name = path if path in self._bag else self._spelt.get(unicodedata.normalize("NFC", path))
        if name is not None:
            self._matched[path] = name
        return name

    def _contents(self) -> Iterator[BagFinding]:
        """Every file is read once, and compared with every manifest that lists it."""
        said: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in self._bag.names()}
        for one in (*self._payload_manifests, *self._tag_manifests):
            for path, value in one.digests.items():
                if path in self._matched and path.startswith(PAYLOAD) != _of_tags(one.name):
                    said[self._matched[path]][one.algorithm] = (one.name, value)
        hashed = self._hashed({name: tuple(known) for name, known in said.items()})
        for name, (got, trouble) in hashed:
            self._progress.advance(note=name)
            if got is None:
                yield from trouble
                continue
            wrong = [where for algorithm, (where, value) in said[name].items() if got[algorithm] != value]
            if wrong and len(wrong) < len(said[name]):
                what = f"与 {'、'.join(wrong)} 不符，与另一份清单相符：清单之间有矛盾"
                yield broken(BagFlaw.DISAGREE, what, name)
            elif wrong:
                flaw = BagFlaw.DIFFERS if name.startswith(PAYLOAD) else BagFlaw.TAG_DIFFERS
                yield broken(flaw, f"内容与 {'、'.join(wrong)} 记载的摘要不符：文件变了，或者清单变了", name)
            else:
                yield from trouble

    def _hashed(self, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, _Hashed]]:
        digests = partial(_digests, self._bag)
        if self._jobs == 1:
            yield from zip(wanted, map(digests, wanted, wanted.values()), strict=True)
            return
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from zip(wanted, pool.map(digests, wanted, wanted.values()), strict=True)

    def _information(self) -> Iterator[BagFinding]:
        """bag-info.txt, and what its Payload-Oxum can tell from names and sizes (RFC 8493 2.2.2)."""
        yield from read_tags(INFO, self._bag.text(INFO) or b"")[1]
        said = value_of(self._bag.info, OXUM)
        sizes = [self._bag.size(name) for name in self._bag.names() if name.startswith(PAYLOAD)]
        if said is None:
            yield self._lesser(BagFlaw.OXUM, "bag-info.txt 没有写 Payload-Oxum")
        elif said != oxum(sizes):
            yield broken(
                BagFlaw.OXUM,
                f"Payload-Oxum（字节数.文件数）是 {said}，实际是 {oxum(sizes)}：少了、多了文件，或者大小变了",
            )

    def _form(self) -> Iterator[BagFinding]:
        """Every byte that no digest covers."""
        for one in self._tag_manifests:
            if self._bag.text(one.name) != manifest(one.digests):
                yield broken(BagFlaw.FORM, "标签清单不是写入时的样子，有字节被改动过", one.name)
        for flaw in self._bag.form(tag_order(self._bag.names())):
            yield replace(flaw, weight=Weight.BROKEN)


def _of_tags(name: str) -> bool:
    """Whether a file is a tag manifest."""
    kind = manifest_kind(name)
    return kind is not None and kind[0]


def _digests(bag: Bag, name: str, algorithms: tuple[str, ...]) -> _Hashed:
    """The digests of a file, if it could be read to its end, and what was wrong on the way.

    A file that nobody asks about is read all the same.
    """
    trouble: tuple[BagFinding, ...] = ()
    hashes = {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in algorithms}
    try:
        for chunk in bag.chunks(name):
            for one in hashes.values():
                one.update(chunk)
    except Broken as error:
        trouble = (replace(error.finding, path=name),)
        if error.finding.flaw is not BagFlaw.CHECKSUM:  # which is known at the end
            return None, trouble
    return {algorithm: one.hexdigest() for algorithm, one in hashes.items()}, trouble
