"""Signing PDFs and packages with the office's certificate (an extra: ``pip install 'xfdocs[sign]'``).

A PDF gets a PAdES baseline signature (ETSI EN 319 142-1: B-B; with a time stamp server B-T), a package a
detached CMS signature (RFC 5652; CAdES B-B or B-T, ETSI EN 319 122-1) over its tag manifest, which names
the digest of everything else.  That signature lies beside the tag manifest, unlisted, for it is made last
(RFC 8493 2.2.1: a tag manifest should list every other tag file, but need not).  Neither draws anything on
paper: a seal is never drawn, the office stamps it.

With an RSA key the same data, certificate and time give the same bytes.  What cannot: an ECDSA signature
holds a random number by its nature, and a time stamp is the server's, with its time and numbers.

Whatever was signed is checked before it is given back: a token whose key does not belong to its certificate, or a server
that stamps something else, is found here and not in twenty years.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from xfdocs.archive.signatures import SignatureFound, check_manifest_signature, check_pdf_signatures
from xfdocs.errors import NotSignable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xfdocs.archive.credentials import Signer

T = TypeVar("T")

_PDF = b"%PDF-"
_HEADER = 1024
"""Within so many bytes a PDF says that it is one (ISO 32000-1, annex H 3.4.1)."""


def sign_pdf(data: bytes, signer: Signer, *, at: dt.datetime, reason: str = "", place: str = "") -> bytes:
    """*data* with a signature appended; what it was stays in it byte for byte, and PDF/A stays PDF/A.

    *at* is the time that is written into it, with its time zone; only a time stamp proves it.

    Raises:
        NotSignable: it is no PDF, encrypted, broken, or closed to further signatures.
        CertificateUnusable: the certificate is not valid at that time.
        TimestampRefused: a time stamp server is set and gave none.
    """
    signer.check_valid(at)
    if _PDF not in data[:_HEADER]:
        raise NotSignable(why="这不是 PDF 文件；只有 PDF 和整个归档信息包可以签名，docx 请先转成 PDF")
    from xfdocs.archive import signature_maker

    with _plainly():
        signed = _now(signature_maker.append_signature(data, signer, at, reason, place))
    _must_hold(check_pdf_signatures(signed, None, at)[-1], signer)
    return signed


def sign_manifest(tagmanifest: bytes, signer: Signer, *, at: dt.datetime) -> bytes:
    """The detached signature (CMS, DER) over a package's tag manifest, for the file `xfdocs.archive.bag.SIGNATURE`.

    Raises `CertificateUnusable` and `TimestampRefused` as `sign_pdf`.
    """
    signer.check_valid(at)
    from xfdocs.archive import signature_maker

    with _plainly():
        signature = _now(signature_maker.detached_signature(tagmanifest, signer, at))
    _must_hold(check_manifest_signature(tagmanifest, signature, None, at), signer)
    return signature


def _now(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


@contextmanager
def _plainly() -> Iterator[None]:
    """What pyHanko and a token say, as one error of ours."""
    from xfdocs.archive.signature_maker import COMPLAINTS, why_not

    try:
        yield
    except COMPLAINTS as error:
        raise NotSignable(why=why_not(error)) from error


def _must_hold(found: SignatureFound, signer: Signer) -> None:
    if not (found.intact and found.covers_whole) or (signer.stamper is not None and not found.stamped):
        raise NotSignable(
            why=f"签了名再核对，没有通过（{found.detail}），可能是证书和私钥不相配，或者时间戳服务器有误"
        )
