"""真实性 of electronic signatures: whether what was signed is what it was. Whom to trust is for people (ZS-21)."""

from __future__ import annotations

from pathlib import Path

from xfdocs.archive.bag import SIGNATURE
from xfdocs.archive.checks.evidence import Answer, CannotCheck, Checks, NotGiven, failed, judged, passed
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.signatures import SignatureFound, check_manifest_signature, check_pdf_signatures
from xfdocs.errors import SignaturesUnreadable

CHECKS = Checks()

_MARK = b"/ByteRange"
"""Stands in every signed PDF (ISO 32000-1 12.8.1); one without is not read whole."""
_LARGEST = 128 << 20
"""Bytes of a signed PDF that are taken into memory."""
_PIECE = 1 << 20


@CHECKS.item("ZS-23")
def package_signature(subject: Subject) -> Answer:
    """The signature of the package is one over its tag manifest."""
    if SIGNATURE not in subject.bag:
        raise NotGiven("信息包没有电子签名")
    manifest, signature = subject.bag.text("tagmanifest-sha256.txt"), subject.bag.text(SIGNATURE)
    if manifest is None or signature is None:
        raise CannotCheck(f"{SIGNATURE} 或者 tagmanifest-sha256.txt 读不出来")
    found = check_manifest_signature(manifest, signature, None, subject.on)
    if found.intact is None:
        raise CannotCheck(f"{SIGNATURE} 不是本程序能核对的签名")
    return passed("电子签名与内容相符") if found.intact else failed("电子签名与内容不符")


@CHECKS.item("ZS-24")
def pdf_signatures(subject: Subject) -> Answer:
    """The signatures inside PDFs hold, and cover all of them."""
    wrong, unseen = [], []
    count = 0
    for path in sorted(subject.payload):
        try:
            found = _signatures(subject, path)
        except (CannotCheck, SignaturesUnreadable) as trouble:
            unseen.append(str(trouble) if isinstance(trouble, CannotCheck) else f"{path} 的签名读不出来")
            continue
        count += len(found)
        for at, one in enumerate(found, 1):
            if one.intact is None:
                unseen.append(f"{path} 第 {at} 个签名不是本程序能核对的")
            elif not one.intact:
                wrong.append(f"{path} 第 {at} 个签名与内容不符")
        if found and found[-1].covers_whole is False and all(one.intact for one in found):
            wrong.append(f"{path} 最后一个签名以后又添加了内容")
    good = f"{count} 个签名，与内容相符" if count else "没有带电子签名的 PDF"
    return judged(wrong, good, unseen)


def _signatures(subject: Subject, path: str) -> tuple[SignatureFound, ...]:
    if subject.looked(path).rule.key != "pdf":
        return ()
    with subject.local(path) as place:
        if not _holds_mark(place):
            return ()
        if subject.payload[path] > _LARGEST:
            raise CannotCheck(f"{path} 有 {subject.payload[path]} 字节，没有核对签名")
        data = place if isinstance(place, bytes) else place.read_bytes()
    return check_pdf_signatures(data, None, subject.on)


def _holds_mark(place: Path | bytes) -> bool:
    if isinstance(place, bytes):
        return _MARK in place
    before = b""
    with place.open("rb") as file:
        while piece := file.read(_PIECE):
            if _MARK in before + piece:
                return True
            before = piece[-len(_MARK) :]
    return False
