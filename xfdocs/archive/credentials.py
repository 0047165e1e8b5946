"""With what the office signs, and whom it trusts: ``[archive.signing]`` in its settings.

The private key lies in a PKCS#12 file or in a token spoken to through PKCS#11.  Its password stands in no
file of the office: the settings name an environment variable, or somebody is asked; it is in no error and
in no log.  pyHanko, which signs, is an extra: nothing here imports it before somebody signs or checks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from xfdocs.errors import CertificateUnusable, LibraryMissing, PasswordMissing, SigningUnset

if TYPE_CHECKING:
    from asn1crypto import x509
    from cryptography.x509 import Certificate
    from pyhanko.sign.signers import Signer as Hand
    from pyhanko.sign.timestamps import TimeStamper

    from xfdocs.tables import Table

CHINESE_ARC = bytes.fromhex("2a811ccf55")
"""DER of 1.2.156.10197, the arc of 国密 (GM/T 0006): SM2, SM3 and their containers stand below it."""
CHINESE_WORDS = "用的是国密算法（SM2/SM3），本程序不支持，请用单位的签章系统"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSetting:
    """What an office settles about signing; all of it may be absent. Files are relative to the office folder."""

    pkcs12: str = ""
    """A PKCS#12 file (.p12, .pfx) with the certificate and its private key."""
    pkcs11_module: str = ""
    """The program library of a token, as its maker supplies it (PKCS#11)."""
    token: str = ""
    """Label of the token; empty if only one is plugged in."""
    key: str = ""
    """Label of the certificate and the key inside the token."""
    password_from: str = ""
    """The environment variable that holds the password or PIN; empty: somebody is asked."""
    tsa: str = ""
    """URL of an RFC 3161 time stamp server; empty for none."""
    trust: tuple[str, ...] = ()
    """Files with root certificates (PEM, DER) that signatures are checked against; none: trust is not checked."""
    chain: tuple[str, ...] = ()
    """Files with intermediate certificates: they go into our signatures and help to check those of others."""
    crls: tuple[str, ...] = ()
    """Files with revocation lists (PEM, DER); nothing is ever fetched."""

    @classmethod
    def read(cls, table: Table) -> Self:
        """The setting in ``[archive.signing]``; raises the table's own error for what cannot be meant."""
        if any(
            re.search("password$|passphrase|pin$|口令|密码", name, re.IGNORECASE) for name in table.names()
        ):
            raise table.wrong(
                "密码不写在配置文件里：请用 password_from 写明存放密码的环境变量的名字，或者不写，签名时再问"
            )
        password_from = table.take("password_from", object, "")
        if not isinstance(password_from, str) or not _VARIABLE.fullmatch(password_from):
            # What stands there may be the password itself: it is not repeated.
            raise table.wrong(
                "password_from 应为环境变量的名字，由大写字母、数字和下划线组成，如 XFDOCS_SIGN_PASSWORD"
            )
        setting = cls(
            pkcs12=table.take("pkcs12", str, ""),
            pkcs11_module=table.take("pkcs11_module", str, ""),
            token=table.take("token", str, ""),
            key=table.take("key", str, ""),
            password_from=password_from,
            tsa=table.take("tsa", str, ""),
            trust=table.texts("trust", []),
            chain=table.texts("chain", []),
            crls=table.texts("crls", []),
        )
        if setting.pkcs12 and setting.pkcs11_module:
            raise table.wrong("pkcs12 与 pkcs11_module 只用一个")
        if bool(setting.pkcs11_module) != bool(setting.key) or (setting.token and not setting.pkcs11_module):
            raise table.wrong(
                "用密码钥匙签名，pkcs11_module（程序库）和 key（证书的标签）两项都要写；token 只与它们同用"
            )
        if setting.tsa and not _is_plain_url(setting.tsa):
            raise table.wrong("tsa 应为时间戳服务器的网址，以 http:// 或 https:// 开头，不带用户名和密码")
        table.close()
        return setting

    @property
    def can_sign(self) -> bool:
        """Whether a certificate to sign with is named at all."""
        return bool(self.pkcs12 or self.pkcs11_module)

    def password(self, environment: Mapping[str, str], ask: Callable[[], str] | None = None) -> str:
        """The password or PIN: of the environment variable the setting names, or else what *ask* answers.

        Raises `PasswordMissing` if there is neither.
        """
        if self.password_from and self.password_from in environment:
            return environment[self.password_from]
        if ask is None:
            raise PasswordMissing
        return ask()


_VARIABLE = re.compile(r"(?:[A-Z][A-Z0-9_]*)?")


def _is_plain_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        return (
            url.scheme in {"http", "https"} and bool(url.hostname) and "@" not in url.netloc and url.port != 0
        )
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Against what signatures are checked."""

    anchors: tuple[bytes, ...]
    """Root certificates, DER."""
    others: tuple[bytes, ...] = ()
    """Intermediate certificates, DER."""
    crls: tuple[bytes, ...] = ()
    """Revocation lists, DER."""

    @classmethod
    def of(cls, setting: SigningSetting, folder: Path) -> Self | None:
        """What the office in *folder* trusts; None if it names no root, and then trust is not checked.

        Raises `CertificateUnusable` for a file that is absent or holds no certificate or list.
        """
        if not setting.trust:
            return None
        return cls(
            anchors=tuple(one for name in setting.trust for one in _objects(folder / name, "CERTIFICATE")),
            others=tuple(one for name in setting.chain for one in _objects(folder / name, "CERTIFICATE")),
            crls=tuple(one for name in setting.crls for one in _objects(folder / name, "X509 CRL")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A certificate whose private key is at hand."""

    name: str
    """Whose it is, as the certificate says."""
    first: dt.datetime
    last: dt.datetime
    """Valid from … until."""
    digest: str
    """The digest that suits its key: ``sha256``."""
    hand: Hand = field(repr=False)
    """What makes the signature."""
    stamper: TimeStamper | None = field(repr=False, default=None)
    """What asks for time stamps."""

    def check_valid(self, at: dt.datetime) -> None:
        """Raise `CertificateUnusable` if the certificate is not valid *at* that moment."""
        if not self.first <= at <= self.last:
            when = f"有效期是 {self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}，{at:%Y-%m-%d} 不在其内"
            raise CertificateUnusable(where=self.name, why=when)


def need_pyhanko(what: str) -> None:
    """Raise `LibraryMissing` if pyHanko cannot be imported; *what* cannot be done without it."""
    try:
        import pyhanko.sign  # noqa: F401
    except ImportError as error:
        raise LibraryMissing(
            library="pyHanko", what=what, mend="请运行 `pip install 'xfdocs[sign]'`。"
        ) from error


@contextmanager
def open_signer(setting: SigningSetting, folder: Path, password: str) -> Iterator[Signer]:
    """The office's signer while the block lasts; a token is logged out of at its end.

    Raises:
        SigningUnset: the office names no certificate.
        CertificateUnusable: it cannot be used; why is said, the password never.
        LibraryMissing: pyHanko is not installed.
    """
    if not setting.can_sign:
        raise SigningUnset
    need_pyhanko("签名")
    chain = [one for name in setting.chain for one in _objects(folder / name, "CERTIFICATE")]
    opened = _file_hand if setting.pkcs12 else _token_hand
    with opened(setting, folder, password, chain) as hand:
        yield _signer(hand, setting)


def _signer(hand: Hand, setting: SigningSetting) -> Signer:
    from pyhanko.sign.signers.pdf_cms import select_suitable_signing_md

    from xfdocs.archive.timestamps import Stamper

    certificate: x509.Certificate = hand.signing_cert
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & set(usage.native):
        raise CertificateUnusable(where=name_of(certificate), why="证书的密钥用法里没有数字签名")
    return Signer(
        name=name_of(certificate),
        first=certificate.not_valid_before,
        last=certificate.not_valid_after,
        digest=select_suitable_signing_md(certificate.public_key),
        hand=hand,
        stamper=Stamper(setting.tsa) if setting.tsa else None,
    )


def name_of(certificate: x509.Certificate) -> str:
    """Whose a certificate is: its common name, or else the name of the organisation, or all it says."""
    said = certificate.subject.native
    name = said.get("common_name") or said.get("organization_name") or certificate.subject.human_friendly
    return "、".join(name) if isinstance(name, list) else str(name)


# --- a PKCS#12 file -------------------------------------------------------------------------------------


@contextmanager
def _file_hand(setting: SigningSetting, folder: Path, password: str, chain: list[bytes]) -> Iterator[Hand]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    where = folder / setting.pkcs12
    data = _bytes_of(where)
    try:
        found = pkcs12.load_pkcs12(data, password.encode() or None)
    except UnsupportedAlgorithm as error:
        why = CHINESE_WORDS if "1.2.156.10197" in str(error) else "密钥的算法不支持"
        raise CertificateUnusable(where=where, why=why) from None
    except ValueError as error:
        wrong = "password" in str(error).lower()
        why = "密码不对，或者文件已损坏" if wrong else "不是 PKCS#12 文件（.p12、.pfx），或者文件已损坏"
        raise CertificateUnusable(where=where, why=why) from None
    if found.key is None or found.cert is None:
        raise CertificateUnusable(where=where, why="里面没有私钥和与它相配的证书")
    extra = [one.certificate for one in found.additional_certs]
    yield _hand_of(found.key, found.cert.certificate, extra, chain)


def _hand_of(key: Any, certificate: Certificate, extra: list[Certificate], chain: list[bytes]) -> Hand:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from xfdocs.archive.signature_maker import FileHand

    known = [*(one.public_bytes(Encoding.DER) for one in extra), *chain]
    others = SimpleCertificateStore.from_certs(x509.Certificate.load(one) for one in known)
    return FileHand(key, x509.Certificate.load(certificate.public_bytes(Encoding.DER)), others)


# --- a token --------------------------------------------------------------------------------------------


@contextmanager
def _token_hand(setting: SigningSetting, folder: Path, password: str, chain: list[bytes]) -> Iterator[Hand]:
    import pkcs11
    from asn1crypto import x509
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    where = folder / setting.pkcs11_module
    if not where.is_file():
        raise CertificateUnusable(where=where, why="没有这个程序库")
    called = setting.token or setting.key
    token = TokenCriteria(label=setting.token) if setting.token else None
    try:
        session = open_pkcs11_session(str(where), token_criteria=token, user_pin=password)
    except pkcs11.PKCS11Error as error:  # one attempt only: a token locks itself after a few wrong PINs
        raise CertificateUnusable(where=called, why=_token_words(error)) from None
    with session:
        hand = PKCS11Signer(
            session, cert_label=setting.key, ca_chain={x509.Certificate.load(one) for one in chain}
        )
        try:
            certificate = hand.signing_cert
        except pkcs11.PKCS11Error:
            why = f"里面没有标签是“{setting.key}”的证书和私钥，或者不止一对"
            raise CertificateUnusable(where=called, why=why) from None
        if CHINESE_ARC in certificate.public_key.dump():
            raise CertificateUnusable(where=called, why=CHINESE_WORDS)
        # Few tokens hash for ECDSA themselves; every one signs a digest.
        hand.use_raw_mechanism = certificate.public_key.algorithm == "ec"
        yield hand


def _token_words(error: Exception) -> str:
    """What a token complains of, in our words: its own may repeat what it was given."""
    import pkcs11.exceptions as complaints

    known = (
        (complaints.PinLocked, "PIN 输错次数太多，密码钥匙已锁定，请找发放它的机构解锁"),
        (complaints.PinExpired, "PIN 已过期，请先用它自带的工具修改"),
        (
            (complaints.PinIncorrect, complaints.PinInvalid, complaints.PinLenRange),
            "PIN 不对；连续输错会锁定，没有再试",
        ),
        (complaints.UserPinNotInitialized, "还没有设置 PIN"),
    )
    for kinds, words in known:
        if isinstance(error, kinds):
            return words
    return "找不到这个密码钥匙，或者它的程序库打不开：请检查是否插好、pkcs11_module 和 token 是否写对"


# --- files ----------------------------------------------------------------------------------------------


def _bytes_of(where: Path) -> bytes:
    try:
        return where.read_bytes()
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else f"读不出来（{error.strerror}）"
        raise CertificateUnusable(where=where, why=why) from error


def _objects(where: Path, kind: str) -> list[bytes]:
    """The certificates or revocation lists of a file, DER; *kind* as PEM calls them."""
    need_pyhanko("核对签名")
    from asn1crypto import crl, pem, x509

    data = _bytes_of(where)
    spoken, form = ("证书", x509.Certificate) if kind == "CERTIFICATE" else ("吊销列表", crl.CertificateList)
    try:
        if pem.detect(data):
            found = [der for name, _, der in pem.unarmor(data, multiple=True) if name == kind]
        else:
            found = [data]
        for one in found:
            form.load(one, strict=True).native  # noqa: B018  # all of it can be read
    except (ValueError, TypeError) as error:
        raise CertificateUnusable(where=where, why=f"里面没有可读的{spoken}（PEM 或 DER）") from error
    if not found:
        raise CertificateUnusable(where=where, why=f"里面没有{spoken}")
    return found
