"""Small bags to look at and to break."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.archive.packages import AT, a_package, a_part
from xfdocs import files
from xfdocs.archive.bag import Bag, BagFinding, Container, Written, check_bag, write_bag
from xfdocs.archive.model import Part, Role

INFO = (("Source-Organization", "云州市信访局"), ("External-Identifier", "J021-ZY·XF·01·2026·D30-0001"))
NAME = "J021-ZY·XF·01·2026·D30-0001"


def parts() -> list[Part]:
    """A few files: names in Chinese, an empty one, one longer than a block of a tar, and two with the same bytes."""
    return [
        *a_package().parts(),
        a_part("metadata/preservation/premis.xml", b"<premis/>\n" * 100, Role.METADATA),
        a_part("representations/original/data/附件/03-空.txt", b"", Role.ATTACHMENT),
        a_part("representations/original/data/附件/04-一样.xml", b"<x/>", Role.ATTACHMENT),
    ]


def a_bag(
    folder: Path,
    container: Container = Container.FOLDER,
    *,
    given: list[Part] | None = None,
    sha512: bool = False,
    made: dt.datetime = AT,
    name: str = NAME,
) -> Written:
    """A bag of these parts in *folder*."""
    return write_bag(
        folder / name,
        parts() if given is None else given,
        INFO,
        made=made,
        container=container,
        sha512=sha512,
    )


@contextmanager
def no_disk() -> Iterator[None]:
    """Nobody pulls the plug meanwhile, and waiting for the disk is most of what some tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_make_durable", list)
        yield


def found(path: Path, digest: str | None = None, *, jobs: int = 1) -> tuple[BagFinding, ...]:
    """What is wrong with the bag at *path*."""
    with Bag.open(path) as bag:
        return check_bag(bag, digest=digest, jobs=jobs)


def codes(path: Path, digest: str | None = None) -> dict[str, set[str]]:
    """Code → paths of what is wrong."""
    told: dict[str, set[str]] = {}
    for one in found(path, digest):
        told.setdefault(one.code, set()).add(one.path)
    return told
