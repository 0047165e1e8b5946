"""完整性 of what is inside: counts, documents, attachments, process, content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from xfdocs.archive import premis
from xfdocs.archive.checks.described import Thing, child_of
from xfdocs.archive.checks.evidence import Answer, CannotCheck, Checks, NotGiven, failed, judged, passed
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.model import Role
from xfdocs.record.derived import can_be_told
from xfdocs.record.events import Recheck, Reply, Review
from xfdocs.record.history import quashes, served_on
from xfdocs.record.model import Attachment, Issued

CHECKS = Checks()

# --- counts -----------------------------------------------------------------------------------------------

_OXUM = re.compile(r"([0-9]+)\.([0-9]+)")


def _oxum(subject: Subject) -> tuple[int, int]:
    """Bytes and files of the payload as bag-info.txt has them."""
    found = _OXUM.fullmatch(subject.info("Payload-Oxum") or "")
    if found is None:
        raise CannotCheck("bag-info.txt 没有可用的 Payload-Oxum")
    return int(found[1]), int(found[2])


@CHECKS.item("WZ-01")
def files_counted(subject: Subject) -> Answer:
    """There are as many files as bag-info says."""
    said, there = _oxum(subject)[1], len(subject.payload)
    if said != there:
        return failed(f"bag-info.txt 记载 {said} 个文件，实有 {there} 个")
    return passed(f"{there} 个文件")


@CHECKS.item("WZ-02")
def bytes_counted(subject: Subject) -> Answer:
    """There are as many bytes as bag-info says."""
    said, there = _oxum(subject)[0], sum(subject.payload.values())
    if said != there:
        return failed(f"bag-info.txt 记载 {said} 字节，实有 {there} 字节")
    return passed(f"{there} 字节")


@CHECKS.item("WZ-03")
def as_registered(subject: Subject) -> Answer:
    """There is as much as was registered."""
    known = subject.known
    if known.files is None and known.octets is None:
        raise NotGiven("没有给出登记的个数和字节数，没有对照")
    there = {
        "个文件": (known.files, len(subject.payload)),
        "字节": (known.octets, sum(subject.payload.values())),
    }
    wrong = [
        f"登记 {said} {what}，实有 {held} {what}"
        for what, (said, held) in there.items()
        if said is not None and said != held
    ]
    return judged(wrong, "、".join(f"{held} {what}" for what, (_, held) in there.items()) + "，与登记的相符")


# --- metadata ---------------------------------------------------------------------------------------------


@CHECKS.item("WZ-04")
def elements_there(subject: Subject) -> Answer:
    """No required element is missing."""
    found = subject.things
    missing = (
        f"{one.place} 没有 {path}" for one, path in _required(subject, found) if one.text(path) is None
    )
    return judged(missing, f"{len(found)} 个实体和电子文件，元数据项没有缺少")


@CHECKS.item("WZ-05")
def elements_filled(subject: Subject) -> Answer:
    """No required element is empty."""
    found = subject.things
    empty = (
        f"{one.place} 的 {path} 是空的"
        for one, path in _required(subject, found)
        if (text := one.text(path)) is not None and not text.strip()
    )
    return judged(empty, f"{len(found)} 个实体和电子文件，必填项都已填写")


def _required(subject: Subject, things: list[Thing]) -> Iterator[tuple[Thing, str]]:
    return ((one, path) for one in things for path in subject.listed.elements[one.kind])


# --- process ----------------------------------------------------------------------------------------------


@CHECKS.item("WZ-06")
def documents_inside(subject: Subject) -> Answer:
    """Every document that was issued is inside, unless it was voided."""
    issued = subject.case.issued
    held = set(subject.digests.values())
    numbers = {one.number for volume in subject.package.volumes for one in volume.materials if one.number}
    wrong = [
        f"案件记录第 {at} 份文书{_which(one)}：{trouble}"
        for at, one in enumerate(issued, 1)
        if one.void is None and (trouble := _missing(one, held, numbers))
    ]
    void = sum(one.void is not None for one in issued)
    return judged(wrong, f"案件记录有 {len(issued)} 份文书，{len(issued) - void} 份都在，{void} 份已作废")


def _which(one: Issued) -> str:
    return f"（{one.number}）" if one.number else ""


def _missing(one: Issued, held: set[str], numbers: set[str]) -> str:
    """What is wrong with an issued document; nothing if it is inside."""
    if not one.files:
        return "" if one.number in numbers else "没有电子文件，目录里也没有这个文号"
    pdfs = [file for file in one.files if file.format.value == "pdf"]
    wanted = pdfs or list(one.files)
    if any(file.sha256 in held for file in wanted):
        return ""
    return f"信息包里没有摘要与记录相同的 {wanted[0].format.value} 文件"


@CHECKS.item("WZ-07")
def served(subject: Subject) -> Answer:
    """Every opinion was served, as far as the petitioners can be reached (`xfdocs.archive.closing`)."""
    case = subject.case
    if not can_be_told(case):
        return passed("信访人的姓名或者住址不清，没有需要送达的")
    opinions = [one for one in case.events if isinstance(one, Reply | Review | Recheck) and not quashes(one)]
    wrong = [
        f"第 {one.seq} 个办理事件的意见书没有送达的结果"
        for one in opinions
        if served_on(case.events, one) is None
    ]
    return judged(wrong, f"{len(opinions)} 份意见书，都有送达的结果")


_PREMIS = f"{{{premis.NAMESPACE}}}"


@CHECKS.item("WZ-08")
def events_there(subject: Subject) -> Answer:
    """What was done at packing is told, and nothing of it failed."""
    nodes = list(subject.root(subject.PREMIS).iter(f"{_PREMIS}event"))
    kinds = [_premis(node, "eventType") for node in nodes]
    wrong = [f"没有“{kind}”事件" for kind in subject.listed.events if kind not in kinds]
    wrong += [
        f"第 {at} 个事件（{kind}）以失败告终"
        for at, (node, kind) in enumerate(zip(nodes, kinds, strict=True), 1)
        if _premis(node, "eventOutcomeInformation", "eventOutcome") == "failure"
    ]
    return judged(wrong, f"{len(nodes)} 个归档事件：{'、'.join(dict.fromkeys(kinds))}")


def _premis(node: etree._Element, *path: str) -> str:
    found: etree._Element | None = node
    for name in path:
        found = child_of(found, name) if found is not None else None
    return "" if found is None else found.text or ""


# --- attachments ------------------------------------------------------------------------------------------


@CHECKS.item("WZ-09")
def attachments_inside(subject: Subject) -> Answer:
    """Every attachment that is a file is inside, as it was recorded (R33)."""
    recorded = subject.case.attachments
    held = set(subject.digests.values())
    names = {name for part in subject.of_role(Role.ATTACHMENT) for name in (part.name, part.path.name)}
    wrong, unsure = [], []
    for at, one in enumerate(recorded, 1):
        if one.file is None:
            continue
        if one.sha256 is not None:
            if one.sha256 not in held:
                wrong.append(f"案件记录第 {at} 个附件：信息包里没有摘要与记录相同的文件")
        elif not _named(one, names):
            unsure.append(f"案件记录第 {at} 个附件没有登记摘要，也没有同名的文件，不能确定在不在")
    paper = sum(one.file is None for one in recorded)
    good = f"案件记录有 {len(recorded)} 个附件，{len(recorded) - paper} 个电子文件都在，{paper} 个只有纸质"
    return judged(wrong, good, unsure)


def _named(one: Attachment, names: set[str]) -> bool:
    name = PurePosixPath(one.file or "").name
    return name in names or any(other.endswith(f"-{name}") for other in names)


# --- content ----------------------------------------------------------------------------------------------


@CHECKS.item("WZ-14")
def not_empty(subject: Subject) -> Answer:
    """No file is empty."""
    empty = (f"{path} 是空文件" for path, size in sorted(subject.payload.items()) if not size)
    return judged(empty, f"{len(subject.payload)} 个文件，没有空文件")


_PAPER = "纸质"


@CHECKS.item("WZ-15")
def materials_held(subject: Subject) -> Answer:
    """Every material has its content, or is said to exist on paper only."""
    wrong = []
    held = paper = 0
    for volume in subject.package.volumes:
        for one in volume.materials:
            there = [part for part in one.parts if str(part.path) in subject.payload]
            held += bool(there)
            if not one.parts and _PAPER in one.remark:
                paper += 1
            elif not there:
                what = "电子文件都不在" if one.parts else "没有电子文件，备注也没有写只有纸质"
                wrong.append(f"第 {volume.seq} 卷第 {one.seq} 件{what}")
    return judged(wrong, f"{held} 份卷内文件有电子文件，{paper} 份只有纸质")


@CHECKS.item("WZ-16")
def metadata_there(subject: Subject) -> Answer:
    """Metadata, record, page and explanation are there."""
    wanted = subject.listed.files
    wrong = [f"没有 {path}" for path in wanted if path not in subject.payload]
    unseen = []
    try:
        if not any(str(part.path) in subject.payload for part in subject.of_role(Role.RECORD)):
            wrong.append("没有案件记录")
    except CannotCheck as trouble:
        unseen.append(str(trouble))
    return judged(wrong, f"案件记录和 {len(wanted)} 个说明、元数据文件都在", unseen)


@CHECKS.item("WZ-17")
def contents_there(subject: Subject) -> Answer:
    """The files the metadata describe are those that are inside."""
    said = {str(part.path) for part in subject.package.parts()}
    own = {subject.METS, subject.DAT46, subject.PREMIS}
    there = set(subject.payload) - own
    wrong = (
        [f"DA/T 46 元数据记载 {len(said)} 个文件，信息包里有 {len(there)} 个"]
        if len(said) != len(there)
        else []
    )
    wrong += [f"{path} 有记载，信息包里没有" for path in sorted(said - there)]
    wrong += [f"{path} 在信息包里，没有记载" for path in sorted(there - said)]
    return judged(wrong, f"{len(there)} 个文件，与 DA/T 46 元数据的记载相符（三份元数据自己除外）")
