"""Checking signatures: those the office made, and those on papers it received.

Three questions that have nothing to do with each other: are the signed bytes what they were, does the signature cover
the whole file, and is the certificate one the office trusts.  What could not be found out is None or
``not-checked``, never yes.  Nothing is fetched from anywhere: a revocation list is a file the office names.

pyHanko does the work (an extra: ``pip install 'xfdocs[sign]'``); a PDF without a signature needs it not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xfdocs.archive.credentials import need_pyhanko

if TYPE_CHECKING:
    from xfdocs.archive.credentials import Trust


class Trusted(StrEnum):
    """Whether a certificate leads to one of the office's roots and was good when it signed."""

    YES = "yes"
    NO = "no"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFound:
    """What one signature, or one time stamp on a document, says and whether it holds."""

    by: str
    """Whose certificate it is; empty if it cannot be read."""
    at: dt.datetime | None
    """When: by the time stamp if *stamped*, else what the signer's machine said."""
    stamped: bool = False
    """Whether *at* is the time of an RFC 3161 time stamp that belongs to this signature."""
    intact: bool | None
    """Whether what was signed is what it was; None if that cannot be found out here, which is no yes."""
    covers_whole: bool | None
    """Whether all of the file was signed; False once something was added after it, even another signature."""
    trusted: Trusted
    """Only ever yes if it is intact and the office has named roots."""
    detail: str
    """In Chinese: everything above in words, and why."""


_RANGE = b"/ByteRange"
"""Stands plainly in every signed PDF: its offsets are known only when the file is written."""


def check_pdf_signatures(data: bytes, trust: Trust | None, on: dt.datetime) -> tuple[SignatureFound, ...]:
    """Every signature of a PDF, in the order they were made; none if it has none.

    *on* is the day (with time zone) for which certificates are judged; a signature with a trusted time stamp
    is judged for the time of the stamp. Without *trust* no certificate is judged at all.

    Raises:
        SignaturesUnreadable: there are signatures, but the PDF cannot be read.
        LibraryMissing: there are signatures, and pyHanko is not installed.
    """
    if _RANGE not in data:
        return ()
    need_pyhanko("核对签名")
    from xfdocs.archive.signature_judge import pdf_signatures

    return pdf_signatures(data, trust, on)


def check_manifest_signature(
    tagmanifest: bytes, signature: bytes, trust: Trust | None, on: dt.datetime
) -> SignatureFound:
    """The detached signature of a package, against its tag manifest as it lies there.

    Raises `LibraryMissing` if pyHanko is not installed.
    """
    need_pyhanko("核对签名")
    from xfdocs.archive.signature_judge import detached_signature

    return detached_signature(tagmanifest, signature, trust, on)
