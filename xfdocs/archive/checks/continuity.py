"""完整性 of what is counted: 序号, 页号 and 页数 in the metadata, in the files, and on what was printed (R40)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from xfdocs.archive.checks.evidence import Answer, CannotCheck, Checks, judged
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.model import Material, Part, Role, Volume

CHECKS = Checks()
_PDF = "application/pdf"
_MADE = {Role.EDITABLE, Role.ACCESS}
"""Files whose pages are those of another."""


@CHECKS.item("WZ-10")
def seqs(subject: Subject) -> Answer:
    """Volumes and materials count from 1 without a gap."""
    volumes = subject.package.volumes
    wrong = list(_gaps("卷号", [one.seq for one in volumes]))
    for volume in volumes:
        wrong += _gaps(f"第 {volume.seq} 卷的序号", [one.seq for one in volume.materials])
    count = sum(len(one.materials) for one in volumes)
    return judged(wrong, f"{len(volumes)} 卷、{count} 份卷内文件，序号连续")


def _gaps(what: str, seqs: list[int]) -> Iterator[str]:
    for at, seq in enumerate(seqs, 1):
        if seq != at:
            yield f"{what}：第 {at} 个是 {seq}，应当是 {at}"
            return
    if not seqs:
        yield f"{what}：一个也没有"


@CHECKS.item("WZ-11")
def first_pages(subject: Subject) -> Answer:
    """Each material begins on the page after the one before."""
    volumes = subject.package.volumes
    wrong = [trouble for volume in volumes for trouble in _page_gaps(volume)]
    told = "、".join(f"第 {v.seq} 卷{'页数不全' if v.pages is None else f' {v.pages} 页'}" for v in volumes)
    return judged(wrong, f"页号从 1 起，前后相接：{told}")


def _page_gaps(volume: Volume) -> Iterator[str]:
    expected: int | None = 1
    for one in volume.materials:
        where = f"第 {volume.seq} 卷第 {one.seq} 件"
        if one.first_page != expected:
            should = "应当空着（前面有页数不明的）" if expected is None else f"应当从第 {expected} 页开始"
            has = "页号空着" if one.first_page is None else f"从第 {one.first_page} 页开始"
            yield f"{where}{has}，{should}"
        expected = None if expected is None or one.pages is None else expected + one.pages


# --- pages of the files -----------------------------------------------------------------------------------


@CHECKS.item("WZ-12")
def pages_of_files(subject: Subject) -> Answer:
    """The files have as many pages as the metadata say."""
    wrong, unseen = [], []
    counted = uncounted = 0
    for volume in subject.package.volumes:
        for one in volume.materials:
            where = f"第 {volume.seq} 卷第 {one.seq} 件"
            try:
                pages = _pages(subject, one)
            except CannotCheck as trouble:
                unseen.append(f"{where}：{trouble}")
                continue
            if pages is None:
                uncounted += 1
                continue
            counted += 1
            if one.pages is None:
                wrong.append(f"{where}的文件有 {pages} 页，元数据没有页数")
            elif one.pages != pages:
                wrong.append(f"{where}的文件有 {pages} 页，元数据写 {one.pages} 页")
    good = f"{counted} 份的页数与文件相同，{uncounted} 份没有能数页数的文件（纸质、音像等）"
    return judged(wrong, good, unseen)


def _pages(subject: Subject, one: Material) -> int | None:
    """Pages of all files of a material; None if those of one cannot be counted.

    A copy for reading is not counted: how many pages a text has depends on who prints it.
    """
    originals = [part for part in one.parts if part.copy_of is None and part.role not in _MADE]
    counts = [_pages_of(subject, part) for part in originals]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _pages_of(subject: Subject, part: Part) -> int | None:
    looked = subject.looked(str(part.path))
    if looked.pages is None and looked.format.media == _PDF:
        raise CannotCheck(f"{part.path} 数不出页数")
    return looked.pages


# --- what is printed --------------------------------------------------------------------------------------

_SHEET = re.compile(r"共([0-9]+)份文件，(?:其中([0-9]+)份页数不清，其余)?([0-9]+)页")
"""The sentence of a 备考表 (`xfdocs.archive.label_names.state_of`)."""
_TOTAL = re.compile(r"合计([0-9]+)份(?:([0-9]+)(?![0-9])|已计([0-9]+)页)")
"""The last row of a 卷内目录."""
_SPACE = re.compile(r"\s+")


@CHECKS.item("WZ-13")
def printed(subject: Subject) -> Answer:
    """卷内目录 and 备考表 say what the metadata say."""
    texts = {part.path: _text(subject, part) for part in _catalogues(subject)}
    wrong, unseen = [], []
    for volume in subject.package.volumes:
        for name, form in (("目录", _TOTAL), ("备考表", _SHEET)):
            where = f"第 {volume.seq} 卷的{name}"
            text = _about(texts, volume, subject, name)
            if text is None:
                wrong.append(f"{where}不在信息包里")
                continue
            found = form.search(text)
            if found is None:
                unseen.append(f"{where}上没有读出件数和页数")
                continue
            groups = [int(group) for group in found.groups() if group is not None]
            said = (groups[0], groups[-1])
            counted = sum(one.pages or 0 for one in volume.materials)
            if said != (len(volume.materials), counted):
                wrong.append(
                    f"{where}写 {said[0]} 份、{said[1]} 页，元数据是 {len(volume.materials)} 份、{counted} 页"
                )
    return judged(
        wrong, f"{len(subject.package.volumes)} 卷，卷内目录、备考表的件数和页数与元数据相同", unseen
    )


def _catalogues(subject: Subject) -> list[Part]:
    return [
        part
        for part in subject.of_role(Role.CATALOGUE)
        if part.format.media == _PDF and str(part.path) in subject.payload
    ]


def _about(texts: dict[PurePosixPath, str], volume: Volume, subject: Subject, name: str) -> str | None:
    """The text of the sheet of that name about a volume: the one that bears its 档号."""
    mine = _SPACE.sub("", volume.number)
    others = [_SPACE.sub("", one.number) for one in subject.package.volumes if one is not volume]
    for path, text in texts.items():
        if name not in path.stem:
            continue
        longer = [other for other in others if other.startswith(mine) and other in text]
        if mine in text and not longer:
            return text
    return None


def _text(subject: Subject, part: Part) -> str:
    """The characters of a PDF, without blanks and line ends."""
    import pypdfium2

    with subject.local(str(part.path)) as place:
        try:
            document = pypdfium2.PdfDocument(place)
        except pypdfium2.PdfiumError as error:
            raise CannotCheck(f"{part.path} 打不开") from error
        try:
            texts = [_page_text(document, number) for number in range(len(document))]
        finally:
            document.close()
    return _SPACE.sub("", "".join(texts))


def _page_text(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded())
    finally:
        text.close()
        page.close()
