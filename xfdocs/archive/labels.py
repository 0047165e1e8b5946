"""What is printed when a case is filed: 案卷封面, 卷内目录, 备考表, 归档章, 盒脊, and the forms of a transfer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from xfdocs.archive.entries import Entry
from xfdocs.archive.identify import identify
from xfdocs.archive.label_names import names_of_list, names_of_volume
from xfdocs.archive.model import Model, Package, Part, Role, Volume
from xfdocs.document.assemble import assemble
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.model import Document
from xfdocs.document.wording import wording_of
from xfdocs.office import Office
from xfdocs.production.engines import engine_of

LABELS: Final = {
    "case-cover": "封面",
    "volume-catalogue": "卷内目录",
    "reference-sheet": "备考表",
    "archive-stamp": "归档章",
    "box-spine": "盒脊",
}
"""What every volume gets: kinds, and what their files are called."""
FOLDER: Final = PurePosixPath("representations/original/data/目录")


def label_document(slug: str, package: Package, volume: Volume, office: Office, **facts: Any) -> Document:
    """The document of an archive's kind about one volume of a package.

    *facts* are what no record knows, by their Chinese names: see `xfdocs.archive.label_names.FACTS`.

    Raises:
        KindUnknown: no such kind.
        WordingInvalid: the wording has a fault.
        TypeError: a fact that no wording asks for.
    """
    return _say(
        slug, names_of_volume(package, volume, office, **facts), office, package.case, package.made.date()
    )


def list_document(
    slug: str, entries: Sequence[Entry], office: Office, *, about: str, day: dt.date, **facts: Any
) -> Document:
    """A form about several packages: 移交清单, 电子文件归档登记表, 到期鉴定清单, 销毁清册.

    *about* is what the document is filed under, e.g. ``2026`` or a number of the transfer; *day* the day it bears where
    its layout prints one.  Raises as `label_document`.
    """
    return _say(slug, names_of_list(entries, office, **facts), office, about, day)


def labels_of(package: Package, office: Office, **facts: Any) -> tuple[Part, ...]:
    """封面, 卷内目录, 备考表, 归档章 and 盒脊 of every volume, each as PDF/A and docx.

    Whoever files by 件 has a 归档文件目录 instead of the 卷内目录.  The same package gives the same bytes on any day.

    Raises:
        GlyphMissing, FontsMissing: it cannot be printed.
        WordingInvalid, LayoutInvalid: a template has a fault.
    """
    width = max(2, len(str(len(package.volumes))))
    found: list[Part] = []
    for volume in package.volumes:
        for slug, usual in LABELS.items():
            item = slug == "volume-catalogue" and package.model is Model.ITEM
            name = "归档文件目录" if item else usual
            document = label_document(slug, package, volume, office, **facts)
            path = FOLDER / f"{volume.seq:0{width}}-{name}.pdf"
            found.append(_part(path, document, "pdf", office, None))
            found.append(_part(path.with_suffix(".docx"), document, "docx", office, path))
    return tuple(found)


def _part(
    path: PurePosixPath,
    document: Document,
    fmt: str,
    office: Office,
    copy_of: PurePosixPath | None,
) -> Part:
    data = engine_of(office, fmt).render(document)
    return Part(
        path=path,
        source=data,
        role=Role.CATALOGUE,
        format=identify(data),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        copy_of=copy_of,
    )


def _say(slug: str, names: dict[str, Any], office: Office, about: str, day: dt.date) -> Document:
    kind = catalogue_of(office).kind(slug)
    text = wording_of(kind.wording, kind.title).say({**names, "文种": kind.title}, about)
    return assemble(kind, text, office.organ, day, case=about, draft=False)
