"""Unpacking a bag, if nothing about it can do harm."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken
from xfdocs.archive.bag.folders import FolderSink
from xfdocs.archive.bag.reading import Bag
from xfdocs.archive.bag.stores import Broken
from xfdocs.archive.bag.texts import BAGGED, manifest_name, value_of
from xfdocs.archive.names import collisions, path_flaws
from xfdocs.errors import FolderInTheWay, PackageUnreadable, PackageUnsafe
from xfdocs.files import appearing, sweep
from xfdocs.progress import Progress, Silent

_TOLD = 5
"""So many troubles are told in one message."""


def extract(bag: Bag, folder: Path, *, progress: Progress | None = None) -> Path:
    """Unpack *bag* as *folder*, which must not be there; whole or not at all. The files bear its Bagging-Date.

    Nothing is written of a bag with a path that is not safe on every system, with names that collide, with
    links, devices, encrypted or overlapping members, or members far bigger than what they take: then `PackageUnsafe`.
    Every file is compared with the manifest on its way: `PackageUnreadable` if it is another, or is broken.
    """
    if folder.exists() or folder.is_symlink():
        raise FolderInTheWay(where=folder)
    if troubles := [str(one) for one in _harm(bag)]:
        told = "；".join(troubles[:_TOLD])
        raise PackageUnsafe(
            package=bag.path, what=told + f"；等 {len(troubles)} 处" * (len(troubles) > _TOLD)
        )
    sweep(folder.parent, folder.name)
    listed = bag.manifests.get(manifest_name("sha256"))
    tags = bag.manifests.get(manifest_name("sha256", tags=True))
    known = {**(listed.digests if listed else {}), **(tags.digests if tags else {})}
    told_to = progress or Silent()
    try:
        with appearing(folder, folder=True) as temporary, FolderSink(temporary, "", _bagged(bag)) as sink:
            free = shutil.disk_usage(temporary).free
            if sum(map(bag.size, bag.names())) > free:
                raise PackageUnsafe(package=bag.path, what=f"取出来要的空间超过磁盘上剩下的 {free} 字节")
            for name in bag.names():
                sink.add(name, bag.size(name), _compared(bag, name, known.get(name)))
                told_to.advance(note=name)
    except FileExistsError as error:
        raise FolderInTheWay(where=folder) from error
    return folder


def _bagged(bag: Bag) -> int:
    """The midnight (UTC) of the day it was written; the first of all days, if it does not say."""
    try:
        day = dt.date.fromisoformat(value_of(bag.info, BAGGED) or "")
    except ValueError:
        return 0
    return calendar.timegm(day.timetuple())


def _harm(bag: Bag) -> Iterator[BagFinding]:
    """Why a bag is not unpacked."""
    yield from bag.flaws
    for name in bag.names():
        if flaws := path_flaws(name):
            yield broken(BagFlaw.PATH_UNFIT, f"名称不能用（{'、'.join(flaws)}）", name)
    for same in collisions(bag.names()):
        yield broken(BagFlaw.COLLISION, f"在有的系统上是同一个名称：{'、'.join(same)}", same[0])


def _compared(bag: Bag, name: str, digest: str | None) -> Iterator[memoryview]:
    total = hashlib.sha256()
    try:
        for chunk in bag.chunks(name):
            total.update(chunk)
            yield chunk
    except Broken as error:
        raise PackageUnreadable(package=bag.path, file=name, why=error.finding.message) from error
    if digest is not None and total.hexdigest() != digest:
        raise PackageUnreadable(package=bag.path, file=name, why="内容与清单不符")
