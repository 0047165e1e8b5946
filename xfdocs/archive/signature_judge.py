"""How a signature is judged, by pyHanko: loaded by who checks (`xfdocs.archive.signatures`)."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from asn1crypto import cms, core, parser, x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import (
    CMSExtractionError,
    extract_certificate_info,
    extract_signer_info,
    find_cms_attribute_iter,
)
from pyhanko.sign.validation import (
    DocumentTimestampStatus,
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_detached_cms,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)

from xfdocs.archive.credentials import CHINESE_ARC, CHINESE_WORDS, Trust, name_of
from xfdocs.archive.signatures import SignatureFound, Trusted
from xfdocs.errors import SignaturesUnreadable

Validate: TypeAlias = Callable[[ValidationContext, ValidationContext], Awaitable[SignatureStatus]]
"""Judges a signature: in which context its own certificate, in which that of its time stamp."""

_BROKEN = (
    ArithmeticError, EOFError, struct.error, zlib.error,
    PdfError, SignatureValidationError, CMSExtractionError,
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
"""What pyHanko and asn1crypto raise over bytes that are not what they should be."""
_CANNOT = (UnsupportedAlgorithm, NotImplementedError)
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
"""Either will do: offices have certificates of both kinds."""
_FOR_EVER = dt.timedelta(days=200 * 365)
"""A list that revokes a certificate goes on doing so, however old it is, and whenever it came; how old is told."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # They write the names of signers to the log; what is found is told by what we return.
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


# --- PDF ------------------------------------------------------------------------------------------------


def pdf_signatures(data: bytes, trust: Trust | None, on: dt.datetime) -> tuple[SignatureFound, ...]:
    """As `check_pdf_signatures`, for a file that has some."""
    try:
        reader = PdfFileReader(io.BytesIO(data))
        if reader.encrypted:
            raise SignaturesUnreadable(why="PDF 加了密")
        fields = [
            (sig.get_object(), field) for _, sig, field in enumerate_sig_fields(reader, filled_status=True)
        ]
    except _BROKEN as error:
        raise SignaturesUnreadable(why="PDF 的结构有误，读不出来") from error
    if not fields:
        return (_unknown("文件里有签名的痕迹，但没有签名域指向它，核对不了"),)
    found = [_one_of_pdf(reader, sig, field, trust, on) for sig, field in fields]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _one_of_pdf(
    reader: PdfFileReader, sig: Any, field: Any, trust: Trust | None, on: dt.datetime
) -> tuple[int, SignatureFound]:
    """One signature with the revision of the file it belongs to, −1 if that is not known."""
    revision = -1
    try:
        kind = sig.get("/SubFilter")
        contents = bytes(sig.raw_get("/Contents").original_bytes)
        if kind not in _KINDS:
            return revision, _unknown(
                CHINESE_WORDS if CHINESE_ARC in contents else f"签名的格式 {kind} 不支持"
            )
        if words := _not_for_us(contents):
            return revision, _unknown(words)
        embedded = EmbeddedPdfSignature(reader, field, "")
        revision = embedded.signed_revision
        spare = contents[_length(contents) :]
        if any(spare):
            return revision, _damaged("签名数据后面藏有别的内容")
        return revision, asyncio.run(_judged_in_pdf(embedded, kind, trust, on))
    except _CANNOT:
        return revision, _unknown("签名的算法不支持")
    except _BROKEN:
        return revision, _damaged("签名数据已损坏或者不合规范，读不出来")


_KINDS = {
    one.value
    for one in (SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES, SigSeedSubFilter.ETSI_RFC3161)
}


async def _judged_in_pdf(
    embedded: EmbeddedPdfSignature, kind: str, trust: Trust | None, on: dt.datetime
) -> SignatureFound:
    async def validate(own: ValidationContext, stamps: ValidationContext) -> SignatureStatus:
        if kind == SigSeedSubFilter.ETSI_RFC3161.value:
            return await async_validate_pdf_timestamp(embedded, own)
        return await async_validate_pdf_signature(embedded, own, stamps, key_usage_settings=_USAGE)

    status, words, trusted = await _judged(validate, trust, on)
    whole = embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not whole:
        words.append(_added(embedded))
    return _found(status, words, trusted, whole=whole)


def _added(embedded: EmbeddedPdfSignature) -> str:
    """What was added to a file after it was signed."""
    if embedded.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return "签名没有盖住它应当盖住的内容"
    result = embedded.diff_result
    level = result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER
    if level == ModificationLevel.LTA_UPDATES:
        return "签名以后文件又加了时间戳或验证资料"
    if level == ModificationLevel.FORM_FILLING:
        return "签名以后文件又加了签名或填了表单"
    return "签名以后文件又被改动，看到的可能不是签名时的样子"


# --- detached -------------------------------------------------------------------------------------------


def detached_signature(data: bytes, signature: bytes, trust: Trust | None, on: dt.datetime) -> SignatureFound:
    """As `check_manifest_signature`."""
    try:
        if words := _not_for_us(signature):
            return _unknown(words)
        if _length(signature) != len(signature):
            return _damaged("签名数据后面藏有别的内容")
        signed = cms.ContentInfo.load(signature)["content"]
        if not _well_formed(signed):
            return _damaged("没有被签名保护的字节有改动")

        async def validate(own: ValidationContext, stamps: ValidationContext) -> SignatureStatus:
            return await async_validate_detached_cms(data, signed, own, stamps, key_usage_settings=_USAGE)

        status, words_, trusted = asyncio.run(_judged(validate, trust, on))
        return _found(status, words_, trusted, whole=True)
    except _CANNOT:
        return _unknown("签名的算法不支持")
    except _BROKEN:
        return _damaged("签名数据已损坏或者不合规范，读不出来")


def _well_formed(signed: cms.SignedData) -> bool:
    """Whether what a signature does not protect is as RFC 5652 5.1 and 5.3 want it, in it and in its time stamps.

    Those few bytes prove nothing; but a changed byte of a package is to be found wherever it is.
    """
    signer = signed["signer_infos"][0]
    own = signer["digest_algorithm"]
    listed = [one.dump() for one in signed["digest_algorithms"]]
    plain = cms.DigestAlgorithm({"algorithm": own["algorithm"].native}).dump()
    named = cms.DigestAlgorithm({"algorithm": own["algorithm"].native, "parameters": core.Null()}).dump()
    version = "v1" if signed["encap_content_info"]["content_type"].native == "data" else "v3"
    stamps = find_cms_attribute_iter(signer["unsigned_attrs"], "signature_time_stamp_token")
    return (
        signed["version"].dump() == cms.CMSVersion(version).dump()
        and signer["version"].dump()
        == cms.CMSVersion("v1" if signer["sid"].name == "issuer_and_serial_number" else "v3").dump()
        and own.dump() in listed
        and own.dump() in {plain, named}
        and all(_well_formed(stamp["content"]) for stamp in stamps)
    )


# --- either ---------------------------------------------------------------------------------------------


def _length(der: bytes) -> int:
    length: int = parser.peek(der)
    return length


def _not_for_us(signature: bytes) -> str:
    """Why a signature cannot be judged here, if so; raises one of `_BROKEN` if it cannot be read at all."""
    try:
        info = cms.ContentInfo.load(signature)
        if info["content_type"].native != "signed_data":
            return CHINESE_WORDS if CHINESE_ARC in signature else "签名的格式不支持"
        signed = info["content"]
        if len(signed["signer_infos"]) != 1:
            return f"签名里有 {len(signed['signer_infos'])} 个签名人，只能核对一个签名人的"
        signer = extract_signer_info(signed)
    except _BROKEN:
        if CHINESE_ARC in signature:
            return CHINESE_WORDS
        raise
    try:
        certificate = extract_certificate_info(signed).signer_cert
    except CMSExtractionError:
        return "签名里没有签名人的证书"
    used = (
        signer["digest_algorithm"].dump()
        + signer["signature_algorithm"].dump()
        + certificate.public_key.dump()
    )
    return CHINESE_WORDS if CHINESE_ARC in used else ""


async def _judged(
    validate: Validate, trust: Trust | None, on: dt.datetime
) -> tuple[SignatureStatus, list[str], Trusted]:
    """The status of a signature, what there is to say of its certificate, and whether that is trusted."""
    unchecked = _context(trust, on, revocation=False)
    status = await validate(unchecked, unchecked)
    stamp = getattr(status, "timestamp_validity", None)
    if trust is None or not (status.intact and status.valid):
        return status, [*_stamp_words(stamp, None), *_validity(status.signing_cert, on)], Trusted.NOT_CHECKED
    words = _stamp_words(stamp, trust)
    moment = on
    if stamp is not None and stamp.trusted and stamp.timestamp <= on:
        moment = stamp.timestamp
    status = await validate(_context(trust, moment, revocation=True), unchecked)
    listed = f"截至 {_newest(trust.crls):%Y-%m-%d} 的吊销列表里没有它" if trust.crls else ""
    if not trust.crls or status.trust_problem_indic in _NO_LIST:
        listed = "没有可用的吊销列表，是否吊销没有查"
        status = await validate(_context(trust, moment, revocation=False), unchecked)
    if status.trusted:
        return status, [*words, f"证书可信，{listed}"], Trusted.YES
    return status, [*words, f"证书不可信：{_why_not(status, moment)}"], Trusted.NO


_NO_LIST = {AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE, AdESIndeterminate.TRY_LATER}


def _context(trust: Trust | None, moment: dt.datetime, *, revocation: bool) -> ValidationContext:
    """In which certificates are judged: by our roots alone, at that moment, without a network."""
    load = x509.Certificate.load
    return ValidationContext(
        trust_roots=[load(one) for one in trust.anchors] if trust else [],
        other_certs=[load(one) for one in trust.others] if trust else [],
        crls=list(trust.crls) if trust and revocation else None,
        moment=moment,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(
            REQUIRE_REVINFO if trust and revocation and trust.crls else NO_REVOCATION,
            freshness=_FOR_EVER,
            freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
        ),
    )


def _newest(crls: tuple[bytes, ...]) -> dt.datetime:
    from asn1crypto import crl

    issued = [crl.CertificateList.load(one)["tbs_cert_list"]["this_update"].native for one in crls]
    newest: dt.datetime = max(issued)
    return newest


def _why_not(status: SignatureStatus, moment: dt.datetime) -> str:
    reason: AdESSubIndic | None = status.trust_problem_indic
    revoked = status.revocation_details
    if revoked is not None:
        whose = "签发它的机构的证书" if revoked.ca_revoked else "证书"
        return f"{whose}已于 {revoked.revocation_date:%Y-%m-%d} 吊销"
    if said := _validity(status.signing_cert, moment):
        return said[0]
    return _REASONS.get(reason, "证书链核对不通过")


_REASONS: dict[AdESSubIndic | None, str] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "不是单位信任的根证书签发的",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "证书的用法里没有数字签名",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "用的算法已经不安全",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "用的算法已经不安全",
}


def _validity(certificate: x509.Certificate, moment: dt.datetime) -> list[str]:
    if moment > certificate.not_valid_after:
        return [f"证书已于 {certificate.not_valid_after:%Y-%m-%d} 过期"]
    if moment < certificate.not_valid_before:
        return [f"证书要到 {certificate.not_valid_before:%Y-%m-%d} 才生效"]
    return []


def _stamp_words(stamp: SignatureStatus | None, trust: Trust | None) -> list[str]:
    if stamp is None:
        return []
    if not (stamp.intact and stamp.valid):
        return ["时间戳与签名不符"]
    whose = f"时间戳由 {name_of(stamp.signing_cert)} 签发"
    if trust is None:
        return [f"{whose}，是否可信没有核对"]
    return [f"{whose}，可信" if stamp.trusted else f"{whose}，不可信，不作准"]


def _found(status: SignatureStatus, words: list[str], trusted: Trusted, *, whole: bool) -> SignatureFound:
    intact = bool(status.intact and status.valid)
    stamp = getattr(status, "timestamp_validity", None)
    stamped = isinstance(status, DocumentTimestampStatus) or (
        stamp is not None and stamp.intact and stamp.valid
    )
    at: dt.datetime | None = getattr(status, "signer_reported_dt", None)
    if isinstance(status, DocumentTimestampStatus):
        at = status.timestamp
    elif stamp is not None and stamped:
        at = stamp.timestamp
    first = "签名有效，内容没有改动" if intact else "签名无效：内容与签名时不同，或者签名数据有改动"
    if trusted is Trusted.NOT_CHECKED and intact:
        words = [*words, "没有设置信任的根证书，是否可信没有核对"]
    if not stamped and at is not None:
        words = ["签名时间是签名人的电脑写的，没有时间戳证明", *words]
    return SignatureFound(
        by=name_of(status.signing_cert), at=at, stamped=bool(stamped), intact=intact,
        covers_whole=whole, trusted=trusted, detail="；".join([first, *words]),
    )  # fmt: skip


def _unknown(words: str) -> SignatureFound:
    return SignatureFound(
        by="",
        at=None,
        intact=None,
        covers_whole=None,
        trusted=Trusted.NOT_CHECKED,
        detail=f"没有核对：{words}",
    )


def _damaged(words: str) -> SignatureFound:
    return SignatureFound(
        by="",
        at=None,
        intact=False,
        covers_whole=None,
        trusted=Trusted.NOT_CHECKED,
        detail=f"签名无效：{words}",
    )
