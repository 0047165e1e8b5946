"""Certificates, revocation lists and a time stamp server, made when a test asks; none is kept."""

from __future__ import annotations

import datetime as dt
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pikepdf
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from xfdocs.archive.credentials import Signer, SigningSetting, open_signer

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
YEAR = dt.timedelta(days=365)
PASSWORD = "口令-Tr0ub4dor"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key a name and test run: making them takes longest."""
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Holder:
    """A certificate, its key and who issued it."""

    name: str
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: Holder | None = None

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def pkcs12(self, password: str = PASSWORD) -> bytes:
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"office", self.key, self.certificate, None, lock)

    def key_der(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def revoking(self, *gone: Holder, on: dt.datetime, issued: dt.datetime | None = None) -> bytes:
        """A revocation list of this authority, good for a month after it was issued, DER."""
        issued = issued or on
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(issued)
            .next_update(issued + dt.timedelta(days=30))
        )
        for one in gone:
            made = made.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(one.certificate.serial_number)
                .revocation_date(on)
                .build()
            )
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def certified(
    name: str,
    issuer: Holder | None = None,
    *,
    authority: bool = False,
    stamps: bool = False,
    elliptic: bool = False,
    signs: bool = True,
    first: dt.datetime = AT - YEAR,
    last: dt.datetime = AT + YEAR,
) -> Holder:
    """A certificate of this name; self-signed without *issuer*. It names addresses that must never be visited."""
    key = ec_key(name) if elliptic or authority else rsa_key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and not authority, content_commitment=False,
                key_encipherment=not signs, data_encipherment=False, key_agreement=False,
                key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if issuer is not None:
        place = x509.UniformResourceIdentifier("http://ca.invalid/list.crl")
        point = x509.DistributionPoint([place], None, None, None)
        known = [
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(where))
            for where in ("http://ocsp.invalid/",)
        ]
        made = made.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        made = made.add_extension(x509.AuthorityInformationAccess(known), critical=False)
    signed = made.sign(issuer.key if issuer else key, hashes.SHA256())
    return Holder(name, key, signed, issuer)


@cache
def root() -> Holder:
    return certified("云州市数字证书根", authority=True, first=AT - 10 * YEAR, last=AT + 20 * YEAR)


@cache
def office() -> Holder:
    return certified("云州市信访局", root())


# --- time stamps ----------------------------------------------------------------------------------------


@cache
def stamping() -> Holder:
    return certified("云州市时间戳服务", root(), stamps=True, first=AT - YEAR, last=AT + 15 * YEAR)


@dataclass
class StampServer:
    """What the server of a test does: at which moment it says it is, and what it spoils."""

    moment: dt.datetime = AT
    spoil: str = ""
    asked: int = 0
    url: str = ""
    holder: Holder = field(default_factory=stamping)

    def answer(self, request: bytes) -> bytes:
        self.asked += 1
        asked = tsp.TimeStampReq.load(request)
        if self.spoil == "nonce":
            asked["nonce"] = 7
        if self.spoil == "digest":
            asked["message_imprint"]["hashed_message"] = bytes(32)
        if self.spoil == "refused":
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        answer = DummyTimeStamper(
            asn1_x509.Certificate.load(self.holder.der),
            keys.PrivateKeyInfo.load(self.holder.key_der()),
            fixed_dt=self.moment,
        ).request_tsa_response(asked)
        return b"no answer" if self.spoil == "garbage" else answer.dump()


@contextmanager
def a_stamp_server(**more: object) -> Iterator[StampServer]:
    """An RFC 3161 server on this machine, by real HTTP."""
    server = StampServer(**more)  # type: ignore[arg-type]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = server.answer(body)
            self.send_response(500 if server.spoil == "status" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Tests are quiet."""

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    server.url = f"http://127.0.0.1:{listening.server_port}/tsa"
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def kept(folder: Path, **files: bytes) -> Path:
    """The folder with these files in it; ``office_p12`` becomes ``office.p12``."""
    for name, data in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(data)
    return folder


# --- what is signed, and by whom ------------------------------------------------------------------------


@contextmanager
def signing_as(holder: Holder, folder: Path, tsa: str = "", chain: tuple[str, ...] = ()) -> Iterator[Signer]:
    kept(folder, office_p12=holder.pkcs12())
    with open_signer(SigningSetting(pkcs12="office.p12", tsa=tsa, chain=chain), folder, PASSWORD) as signer:
        yield signer


@cache
def blank() -> bytes:
    """A PDF of one empty page: what is done to it takes a fraction of what a real one takes."""
    made = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(made, deterministic_id=True)
    return made.getvalue()
