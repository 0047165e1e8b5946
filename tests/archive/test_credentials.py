"""What an office settles about signing, where its password comes from, and keys in a token."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from tests.archive.certificates import AT, Holder, blank, certified, office, root, signing_as
from tests.tools import needs
from xfdocs.archive.credentials import SigningSetting, Trust, open_signer
from xfdocs.archive.signatures import Trusted, check_manifest_signature, check_pdf_signatures
from xfdocs.archive.signing import sign_manifest, sign_pdf
from xfdocs.errors import CertificateUnusable, NotSignable, OfficeInvalid, PasswordMissing
from xfdocs.tables import Table

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
TOKEN, PIN = "office token", "246810"
MANIFEST = b"3b4c  bagit.txt\n"


def settled(**values: Any) -> SigningSetting:
    table = Table(values, Path("xfdocs.toml"), OfficeInvalid, "archive.signing")
    return SigningSetting.read(table)


# --- settings -------------------------------------------------------------------------------------------


def test_an_office_may_settle_nothing_a_file_or_a_token():
    assert settled() == SigningSetting()
    assert not settled(trust=["root.pem"]).can_sign
    file = settled(
        pkcs12="keys/office.p12", password_from="XFDOCS_SIGN", tsa="https://tsa.example.cn/tsr",
        trust=["root.pem"], chain=["between.pem"], crls=["list.crl"],
    )  # fmt: skip
    assert (file.can_sign, file.trust, file.password_from) == (True, ("root.pem",), "XFDOCS_SIGN")
    assert settled(pkcs11_module="/usr/lib/token.so", token="甲", key="乙").can_sign


@pytest.mark.parametrize(
    "values",
    [
        {"pkcs12": "a.p12", "pkcs11_module": "b.so", "key": "c"},
        {"pkcs11_module": "b.so"},
        {"key": "c"},
        {"pkcs12": "a.p12", "token": "c"},
        {"tsa": "tsa.example.cn"},
        {"tsa": "ftp://tsa.example.cn"},
        {"tsa": "https://[tsa"},
        {"trust": "root.pem"},
        {"certificate": "a.p12"},
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(values):
    with pytest.raises(OfficeInvalid, match=r"archive\.signing"):
        settled(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"password": "geheim42"},
        {"pkcs12_password": "geheim42"},
        {"pin": "geheim42"},
        {"密码": "geheim42"},
        {"password_from": "geheim42"},
        {"password_from": ["geheim42"]},
        {"password_from": {"geheim42": 1}},
        {"tsa": "https://office:geheim42@tsa.example.cn/"},
    ],
)
def test_a_password_in_the_settings_is_refused_and_not_repeated(values):
    with pytest.raises(OfficeInvalid) as refused:
        settled(pkcs12="office.p12", **values)
    assert "geheim42" not in str(refused.value)
    assert "geheim42" not in repr(refused.value.facts)


def test_a_password_comes_from_the_named_variable_or_is_asked_for():
    setting = SigningSetting(pkcs12="office.p12", password_from="XFDOCS_SIGN")
    assert setting.password({"XFDOCS_SIGN": "geheim"}, lambda: "asked") == "geheim"
    assert setting.password({"XFDOCS_SIGN": ""}, lambda: "asked") == ""
    assert setting.password({}, lambda: "asked") == "asked"
    assert SigningSetting(pkcs12="office.p12").password({"": "x"}, lambda: "asked") == "asked"
    with pytest.raises(PasswordMissing) as refused:
        SigningSetting(pkcs12="office.p12", password_from="GEHEIM").password({})
    assert "GEHEIM" not in str(refused.value)  # it may be the password itself, written in the wrong place


# --- a token --------------------------------------------------------------------------------------------


def with_labels(values: dict[Any, Any], label: str) -> dict[Any, Any]:
    return {**values, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True}


def key_of(holder: Holder) -> dict[Any, Any]:
    plain = holder.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    if isinstance(holder.key, rsa.RSAPrivateKey):
        return dict(decode_rsa_private_key(plain))
    assert isinstance(holder.key, ec.EllipticCurvePrivateKey)
    return dict(decode_ec_private_key(plain))


@pytest.fixture(scope="module")
def module(tmp_path_factory) -> str:
    """SoftHSM with a token of two certificates, and one whose key belongs to somebody else."""
    needs("softhsm2-util", why="Install softhsm2.")
    library = next((where for where in MODULES if Path(where).is_file()), None)
    needs("libsofthsm2.so", found=library is not None, why="Install softhsm2.")
    assert library is not None
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "135790"],
        check=True, capture_output=True,
    )  # fmt: skip
    elliptic = certified("云州市信访局", root(), elliptic=True)
    stranger = certified("别人", root())
    token = pkcs11.lib(library).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=PIN) as session:
        for label, certificate, key in (
            ("rsa", office(), office()), ("ec", elliptic, elliptic), ("mixed", office(), stranger),
        ):  # fmt: skip
            session.create_object(with_labels(decode_x509_certificate(certificate.der), label))
            session.create_object(with_labels(key_of(key), label))
    return library


@pytest.mark.parametrize("label", ["rsa", "ec"])
def test_a_key_that_never_leaves_its_token_signs(module, tmp_path, label):
    setting = SigningSetting(pkcs11_module=module, token=TOKEN, key=label)
    trust = Trust(anchors=(root().der,))
    with open_signer(setting, tmp_path, PIN) as signer:
        signature = sign_manifest(MANIFEST, signer, at=AT)
        again = sign_manifest(MANIFEST, signer, at=AT)
    found = check_manifest_signature(MANIFEST, signature, trust, AT)
    assert (found.by, found.intact, found.trusted) == ("云州市信访局", True, Trusted.YES)
    assert (signature == again) is (label == "rsa")


def test_a_token_signs_a_package_with_the_same_bytes_as_a_file_of_the_same_key(module, tmp_path):
    with open_signer(SigningSetting(pkcs11_module=module, token=TOKEN, key="rsa"), tmp_path, PIN) as token:
        by_token = sign_manifest(MANIFEST, token, at=AT)
        (found,) = check_pdf_signatures(sign_pdf(blank(), token, at=AT), None, AT)
    with signing_as(office(), tmp_path) as file:
        assert sign_manifest(MANIFEST, file, at=AT) == by_token
    assert (found.intact, found.covers_whole) == (True, True)


def refused(setting: SigningSetting, folder: Path, pin: str = PIN) -> str:
    with pytest.raises(CertificateUnusable) as why, open_signer(setting, folder, pin):
        pytest.fail("it was opened")
    return str(why.value)


def test_what_is_wrong_with_a_token_is_said_without_its_pin(module, tmp_path):
    said = refused(SigningSetting(pkcs11_module=module, token=TOKEN, key="rsa"), tmp_path, "99999999")
    assert "PIN 不对" in said
    assert "99999999" not in said
    said = refused(SigningSetting(pkcs11_module=module, token=TOKEN, key="nobody"), tmp_path)
    assert "没有标签是“nobody”的证书" in said
    assert "找不到这个密码钥匙" in refused(
        SigningSetting(pkcs11_module=module, token="另一个", key="rsa"), tmp_path
    )
    assert "没有这个程序库" in refused(SigningSetting(pkcs11_module="nowhere.so", key="rsa"), tmp_path)
    (tmp_path / "text.so").write_text("no library")
    assert "程序库打不开" in refused(SigningSetting(pkcs11_module="text.so", key="rsa"), tmp_path)


def test_a_key_that_does_not_belong_to_its_certificate_is_found_at_once(module, tmp_path):
    with (
        open_signer(SigningSetting(pkcs11_module=module, token=TOKEN, key="mixed"), tmp_path, PIN) as signer,
        pytest.raises(NotSignable, match="证书和私钥不相配"),
    ):
        sign_manifest(MANIFEST, signer, at=AT)


def test_a_pem_file_is_no_pkcs12(tmp_path):
    (tmp_path / "office.p12").write_bytes(pem.armor("CERTIFICATE", office().der))
    assert "不是 PKCS#12 文件" in refused(SigningSetting(pkcs12="office.p12"), tmp_path)
