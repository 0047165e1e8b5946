"""How a signature is made, by pyHanko: loaded by who signs (`xfdocs.archive.signing`)."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import TYPE_CHECKING, Any

import pkcs11
from asn1crypto import keys, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import CertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from xfdocs.errors import NotSignable

if TYPE_CHECKING:
    from xfdocs.archive.credentials import Signer

COMPLAINTS = (
    SigningError, PdfError, pkcs11.PKCS11Error, UnsupportedAlgorithm, NotImplementedError,
    ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError,
)  # fmt: skip
"""What pyHanko raises over a PDF that is not as it should be, a token or a key."""


def why_not(error: BaseException) -> str:
    """A complaint in our words."""
    if isinstance(error, pkcs11.PKCS11Error):
        return f"密码钥匙没有签成（{type(error).__name__}），请检查是否插好"
    if isinstance(error, (UnsupportedAlgorithm, NotImplementedError)):
        return "证书或密钥的算法不支持"
    if isinstance(error, SigningError):
        return f"这个 PDF 不能再签名（{error}）"
    return "PDF 的结构有误，读不出来"


class FileHand(SimpleSigner):
    """Signs with a key of a file.

    pyHanko's own reads the key anew, and tries it out, for every signature: half of the time a signature takes.
    """

    def __init__(self, key: Any, certificate: x509.Certificate, others: CertificateStore) -> None:
        info = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        super().__init__(signing_cert=certificate, signing_key=info, cert_registry=others)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The bare signature, or as many bytes as it takes at most."""
        method = get_pyca_cryptography_hash(digest_algorithm)
        if isinstance(self._key, rsa.RSAPrivateKey):
            size = self._key.key_size // 8
            return bytes(size) if dry_run else self._key.sign(data, PKCS1v15(), method)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(method))
        return await super().async_sign_raw(data, digest_algorithm, dry_run)


class _Appended(IncrementalPdfFileWriter):
    """Adds to a PDF and leaves the rest alone.

    pyHanko would write the time of day and its own name into the metadata, and a random identifier: ours says what
    it said, and the identifier follows from what the file was and when it was signed.
    """

    def __init__(self, reader: PdfFileReader, seed: bytes) -> None:
        self._seed = seed
        super().__init__(reader.stream, prev=reader)
        first, _ = self._document_id
        self._document_id = generic.ArrayObject(
            [
                first if "/ID" in reader.trailer else generic.ByteStringObject(_digest(b"first", seed)),
                generic.ByteStringObject(_digest(b"second", seed)),
            ]
        )

    def _update_meta(self) -> None:
        """Signing a document is not editing it."""


def _digest(which: bytes, seed: bytes) -> bytes:
    return hashlib.sha256(which + seed).digest()[:16]


async def append_signature(data: bytes, signer: Signer, at: dt.datetime, reason: str, place: str) -> bytes:
    """The PDF with a PAdES signature appended that nobody sees on paper."""
    reader = PdfFileReader(io.BytesIO(data))
    if reader.encrypted:
        raise NotSignable(why="PDF 加了密")
    seed = hashlib.sha256(data).digest() + at.isoformat().encode() + signer.name.encode()
    writer = _Appended(reader, seed)
    session = PdfSigner(
        PdfSignatureMetadata(
            field_name=_free_name(reader),
            md_algorithm=signer.digest,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            location=place or None,
        ),
        signer=signer.hand,
        timestamper=signer.stamper,
    ).init_signing_session(writer)
    session.system_time = at
    size = await session.estimate_signature_container_size(None)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=size)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    return output.getvalue()


def _free_name(reader: PdfFileReader) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(reader)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"Signature{n}") not in taken)


async def detached_signature(data: bytes, signer: Signer, at: dt.datetime) -> bytes:
    """A CMS signature over *data* that does not hold it."""
    signature = await signer.hand.async_sign_general_data(
        data,
        signer.digest,
        detached=True,
        use_cades=True,
        timestamper=signer.stamper,
        signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
    )
    return bytes(signature.dump())
