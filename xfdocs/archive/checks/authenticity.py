"""真实性 of the package: fixity, identity, and whether metadata and content speak of the same thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from xfdocs.archive.attachments import EXTENSION
from xfdocs.archive.bag.findings import BagFinding, BagFlaw, Weight
from xfdocs.archive.checks.evidence import Answer, CannotCheck, Checks, NotGiven, failed, judged, passed, some
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.model import Format
from xfdocs.record.findings import Severity, State

CHECKS = Checks()

PAYLOAD_FLAWS = frozenset(
    {BagFlaw.MISSING, BagFlaw.UNLISTED, BagFlaw.DIFFERS, BagFlaw.DISAGREE, BagFlaw.UNREADABLE}
)
"""Flaws of fixity: of a payload file, ZS-01, of any other, ZS-02."""
ELSEWHERE = frozenset(
    {
        BagFlaw.OXUM,
        BagFlaw.IDENTITY,
        BagFlaw.PATH_UNSAFE,
        BagFlaw.PATH_UNFIT,
        BagFlaw.SPELLING,
        BagFlaw.COLLISION,
        BagFlaw.SPECIAL,
        BagFlaw.OVERLAP,
        BagFlaw.SIZE_LIES,
        BagFlaw.DENSE,
        BagFlaw.DUPLICATE,
        BagFlaw.ENCRYPTED,
        BagFlaw.METHOD,
    }
)
"""Flaws that have items of their own; whatever is not named here or above is a flaw of the bag's form, ZS-02."""
_PAYLOAD = "data/"


def told(findings: Iterable[BagFinding]) -> list[str]:
    """Findings as evidence; notes break nothing and are left out."""
    return [str(one) for one in findings if one.weight is Weight.BROKEN]


def flawed(subject: Subject, flaws: Collection[BagFlaw]) -> list[str]:
    """What the bag's own check found of some kinds."""
    return told(one for one in subject.findings if one.flaw in flaws)


@CHECKS.item("ZS-01")
def payload_fixity(subject: Subject) -> Answer:
    """The files are those of the manifest, to the bit."""
    found = told(
        one for one in subject.findings if one.flaw in PAYLOAD_FLAWS and one.path.startswith(_PAYLOAD)
    )
    if not found and not subject.digests:
        raise CannotCheck("没有可用的 manifest-sha256.txt")
    kinds = "、".join(name.upper().replace("SHA", "SHA-") for name in subject.algorithms)
    return judged(found, f"{len(subject.payload)} 个文件，摘要（{kinds}）全部相符")


@CHECKS.item("ZS-02")
def form(subject: Subject) -> Answer:
    """The tag files are those of the tag manifest, and the bag is a bag."""
    found = told(
        one
        for one in subject.findings
        if one.flaw not in ELSEWHERE and not (one.flaw in PAYLOAD_FLAWS and one.path.startswith(_PAYLOAD))
    )
    return judged(found, f"结构符合 RFC 8493；标识 {subject.identity}")


@CHECKS.item("ZS-03")
def as_registered(subject: Subject) -> Answer:
    """It is the package that was registered."""
    wanted = subject.known.identity
    if not wanted:
        raise NotGiven("没有给出登记的标识，没有对照")
    if subject.identity != wanted:
        return failed(f"现在的标识是 {subject.identity}，登记的是 {wanted}")
    return passed(f"标识 {wanted} 与登记的相同")


# --- content and what the metadata say of it --------------------------------------------------------------


@CHECKS.item("ZS-13")
def formats(subject: Subject) -> Answer:
    """Every file is of the format it is said to be of."""
    wrong, unread = [], []
    parts = [
        part for part in subject.package.parts() if str(part.path) in subject.payload
    ]  # of others ZS-15 tells
    for part in parts:
        try:
            seen = subject.looked(str(part.path)).format
        except CannotCheck as trouble:
            unread.append(str(trouble))
            continue
        if (seen.media, seen.version) != (part.format.media, part.format.version):
            wrong.append(f"{part.path}：元数据说是{_spoken(part.format)}，内容是{_spoken(seen)}")
    return judged(wrong, f"{len(parts)} 个文件，内容的格式与元数据相同", unread)


def _spoken(form: Format) -> str:
    return form.name if form.version in form.name else f"{form.name} {form.version}"


@CHECKS.item("ZS-14")
def sizes(subject: Subject) -> Answer:
    """Sizes and digests are the same in the manifest and in the metadata."""
    wrong = []
    both = [(path, said) for path, said in subject.mets_files.items() if path in subject.payload]
    for path, said in both:
        if said.size != subject.payload[path]:
            wrong.append(f"{path}：METS 记载 {said.size} 字节，实有 {subject.payload[path]} 字节")
        if said.sha256 != subject.digests.get(path, said.sha256):
            wrong.append(f"{path}：METS 记载的摘要与清单不同")
    for part in subject.package.parts():
        held = subject.mets_files.get(str(part.path))
        if held is not None and (held.size, held.sha256) != (part.size, part.sha256):
            wrong.append(f"{part.path}：METS 与 DA/T 46 元数据记载的大小或者摘要不同")
    return judged(wrong, f"{len(both)} 个文件，字节数和摘要与元数据相同")


@CHECKS.item("ZS-22")
def extensions(subject: Subject) -> Answer:
    """A file's name says what it is."""
    wrong, unread = subject.said_of(EXTENSION)
    return judged(wrong, f"{len(subject.payload)} 个文件，扩展名与内容相符", unread)


@CHECKS.item("ZS-15")
def linked(subject: Subject) -> Answer:
    """What the metadata list is there, and what is there is listed."""
    there, said = set(subject.payload), set(subject.mets_files)
    wrong = [f"{path} 列在 METS 里，信息包里没有" for path in sorted(said - there)]
    wrong += [f"{path} 没有列在 METS 里" for path in sorted(there - said - {subject.METS})]
    return judged(wrong, f"METS 列出 {len(said)} 个文件，与信息包一一对应（METS.xml 自己除外）")


@CHECKS.item("ZS-16")
def agreeing(subject: Subject) -> Answer:
    """METS, DA/T 46 and bag-info speak of one package."""
    package = subject.package
    wrong = []
    for label, value in (
        ("External-Identifier", package.number),
        ("Internal-Sender-Identifier", package.case),
        ("Package-Version", str(package.version)),
    ):
        said = subject.info(label)
        if said is not None and said != value:
            wrong.append(f"bag-info.txt 的 {label} 与 DA/T 46 元数据不同")
    for name, said, value in subject.mets_says:
        if said != value:
            wrong.append(f"METS 的{name}与 DA/T 46 元数据不同")
    return judged(wrong, f"METS、DA/T 46 元数据、bag-info.txt 说的是同一件：{package.number}")


# --- the record -------------------------------------------------------------------------------------------


@CHECKS.item("ZS-17")
def own_record(subject: Subject) -> Answer:
    """The record is of the case the metadata name."""
    said = subject.record_root.get("编号", "")
    if said != subject.package.case:
        return failed("案件记录的信访件编号与元数据不同")
    return passed(f"案件记录是 {said} 的")


@CHECKS.item("ZS-18")
def record_form(subject: Subject) -> Answer:
    """The record is well-formed, and what its schema and its cross rules ask."""
    report = subject.structure
    wrong = [
        f"案件记录第 {one.line} 行 {one.path} 不符合 {one.code}"
        for one in report.findings
        if one.severity is Severity.ERROR
    ]
    return judged(wrong, "案件记录能够解析，符合 case.xsd 和 case.sch")


@CHECKS.item("ZS-19")
def record_rules(subject: Subject) -> Answer:
    """The record breaks no rule of the office."""
    if subject.office is None:
        raise NotGiven("没有指定单位，没有用单位的规则检查案件记录")
    report = subject.ruled(subject.office)
    wrong = [
        f"案件记录第 {one.line} 行 {one.path} 违反 {one.code}"
        for one in report.findings
        if one.severity is Severity.ERROR
    ]
    lacking = [f"{step.name}：{step.why}" for step in report.steps if step.state is State.COULD_NOT_RUN]
    return judged(wrong, "案件记录没有违反办理规则", lacking)


# --- the version before -----------------------------------------------------------------------------------

_DIGEST = re.compile(r"[0-9a-f]{64}")


@CHECKS.item("ZS-20")
def succession(subject: Subject) -> Answer:
    """The first version follows nobody, each later one names the one before."""
    package = subject.package
    before = package.predecessor
    wrong = []
    if package.version == 1 and before:
        wrong.append("是第 1 版，却写了前一版的标识")
    if package.version > 1 and not _DIGEST.fullmatch(before):
        wrong.append(f"是第 {package.version} 版，没有写明前一版的标识（六十四位十六进制数）")
    if before and before == subject.identity:
        wrong.append("把自己写成了前一版")
    wrong += [
        f"{where}写的前一版与 DA/T 46 元数据不同" for where, said in subject.predecessors if said != before
    ]
    known = subject.known.previous
    if known and before and known != before:
        wrong.append(f"前一版写的是 {before}，登记的是 {known}")
    if wrong:
        return failed(some(wrong))
    return passed(f"第 {package.version} 版，前一版 {before}" if before else "第 1 版，没有前一版")
