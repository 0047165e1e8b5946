"""Planned files → 卷内文件 with their numbers, pages, places in the package and copies for reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import PurePosixPath

from xfdocs.archive.access import Tools, access_copy
from xfdocs.archive.identify import examine
from xfdocs.archive.model import Material, Part, Role, Volume
from xfdocs.archive.names import safe_name
from xfdocs.archive.pages import page_count
from xfdocs.archive.planning import Filed, Plan
from xfdocs.office import Office
from xfdocs.production.engines import pdf_engine_of
from xfdocs.record.model import Case

ORIGINAL = PurePosixPath("representations/original/data")
_ACCESS = PurePosixPath("representations/access/data/附件")
_ROLES = {"pdf": Role.DOCUMENT, "docx": Role.EDITABLE}


def tools_of(office: Office) -> Tools | None:
    """What copies for reading are made with; None if the office wants none."""
    return _tools(office) if office.archive.access else None


@lru_cache(maxsize=2)
def _tools(office: Office) -> Tools:
    return Tools.find(partial(pdf_engine_of, office))


def volumes_of(plan: Plan, numbers: Sequence[str], case: Case, tools: Tools | None) -> Iterator[Volume]:
    """The volumes of a plan that have got these 档号.

    Raises:
        FileTrouble: a file cannot be read.
    """
    running = 0
    for seq, (filed, number) in enumerate(zip(plan.volumes, numbers, strict=True), start=1):
        materials: list[Material] = []
        page: int | None = 1
        for one in filed:
            running += 1
            material = _material(one, len(materials) + 1, page, running, tools)
            materials.append(material)
            page = None if page is None or material.pages is None else page + material.pages
        days = [case.registration.received, *(event.date for event in case.events)]
        days += [material.date for material in materials if material.date is not None]
        yield Volume(
            seq=seq,
            number=number,
            title=plan.title,
            first=min(days),
            last=max(days),
            materials=tuple(materials),
        )


def highest_secrecy(plan: Plan) -> str:
    """The highest 密级 inside (保密法 20: 绝密, 机密, 秘密); empty for none."""
    inside = {one.draft.secrecy for volume in plan.volumes for one in volume}
    return next((level for level in ("绝密", "机密", "秘密") if level in inside), "")


def _material(filed: Filed, seq: int, page: int | None, running: int, tools: Tools | None) -> Material:
    draft = filed.draft
    parts = list(_parts(filed, running))
    notes = [draft.remark, *(seen.note for seen in filed.seen)]
    pages = filed.seen[0].pages if filed.seen else None
    if tools is not None and draft.attached and parts:
        copy, copied_pages, why = _copy(filed, parts[0], running, tools)
        if copy is not None:
            parts.append(copy)
            pages = pages if pages is not None else copied_pages
        notes.append(why)
    if pages is None:
        pages = draft.said_pages
    elif draft.said_pages not in {None, pages}:
        notes.append(f"案件记录写 {draft.said_pages} 页")
    if pages is None and draft.sources:
        notes.append("页数待查")
    return Material(
        seq=seq,
        title=draft.title,
        group=draft.group,
        number=draft.number,
        responsible=draft.responsible,
        date=draft.date,
        secrecy=draft.secrecy,
        pages=pages,
        first_page=page,
        original=draft.original,
        remark="；".join(note.rstrip("。") for note in notes if note),
        parts=tuple(parts),
    )


def _copy(filed: Filed, original: Part, running: int, tools: Tools) -> tuple[Part | None, int | None, str]:
    """A copy for reading of an attachment and its pages, or why there is none."""
    source = filed.draft.sources[0]
    made = access_copy(source.path, examine(source.path), tools, filed.draft.title)
    if made.pdf is None:
        return None, None, made.why
    found = examine(made.pdf)
    copy = Part(
        path=_ACCESS / safe_name(f"{running:03}-{PurePosixPath(source.name).stem}.pdf"),
        source=made.pdf,
        role=Role.ACCESS,
        format=found.format,
        size=len(made.pdf),
        sha256=hashlib.sha256(made.pdf).hexdigest(),
        copy_of=original.path,
    )
    return copy, page_count(made.pdf, found), ""


def _parts(filed: Filed, running: int) -> Iterator[Part]:
    first: PurePosixPath | None = None
    for source, seen in zip(filed.draft.sources, filed.seen, strict=True):
        folder = "附件" if filed.draft.attached else "文书"
        path = ORIGINAL / folder / safe_name(f"{running:03}-{PurePosixPath(source.name).name}")
        role = _ROLES[source.format.value] if source.format is not None else Role.ATTACHMENT
        yield Part(
            path=path,
            source=source.path,
            role=role,
            format=seen.format,
            size=source.path.stat().st_size,
            sha256=seen.sha256,
            name=source.name,
            copy_of=first if role is Role.EDITABLE else None,
            note=seen.note,
        )
        first = first or path
