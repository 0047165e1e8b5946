"""Signing PDFs and packages, and checking who signed what."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bagit
import pikepdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.archive.bags import INFO, parts
from tests.archive.certificates import (
    AT,
    PASSWORD,
    YEAR,
    a_stamp_server,
    blank,
    certified,
    kept,
    office,
    root,
    signing_as,
    stamping,
)
from tests.judge import complaints
from tests.render.pdfs import pdf
from tests.tools import needs
from xfdocs.archive.bag import SIGNATURE, Bag, BagFlaw, Container, check_bag, write_bag
from xfdocs.archive.credentials import Signer, SigningSetting, Trust, open_signer
from xfdocs.archive.signatures import SignatureFound, Trusted, check_manifest_signature, check_pdf_signatures
from xfdocs.archive.signing import sign_manifest, sign_pdf
from xfdocs.errors import (
    CertificateUnusable,
    LibraryMissing,
    NotSignable,
    SignaturesUnreadable,
    SigningUnset,
    TimestampRefused,
)

DOCUMENT = "notice"
MANIFEST = b"3b4c  bagit.txt\n5d6e  manifest-sha256.txt\n"
TRUST = Trust(anchors=(root().der,))
ON = AT + dt.timedelta(days=30)


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[Signer]:
    with signing_as(office(), tmp_path) as opened:
        yield opened


def one_of(data: bytes, trust: Trust | None = TRUST, on: dt.datetime = ON) -> SignatureFound:
    (found,) = check_pdf_signatures(data, trust, on)
    return found


def changed(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def with_other_digit(data: bytes, place: int) -> bytes:
    return data[:place] + (b"1" if data[place : place + 1] == b"0" else b"0") + data[place + 1 :]


def contents(data: bytes) -> tuple[int, int]:
    """Where the hexadecimal digits of the (last) signature begin and end."""
    ranges = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", data)
    _, length, second, _ = map(int, ranges[-1])
    return length + 1, second - 1


# --- what was signed holds ------------------------------------------------------------------------------


def test_a_signed_notice_is_whole_intact_and_of_the_office(signer):
    signed = sign_pdf(pdf(DOCUMENT), signer, at=AT, reason="归档", place="云州市")
    found = one_of(signed)
    assert (found.by, found.at, found.stamped) == ("云州市信访局", AT, False)
    assert (found.intact, found.covers_whole, found.trusted) == (True, True, Trusted.YES)
    assert "没有时间戳证明" in found.detail


def test_signing_only_appends_and_shows_nothing_on_paper(signer):
    signed = sign_pdf(pdf(DOCUMENT), signer, at=AT)
    assert signed.startswith(pdf(DOCUMENT))
    with pikepdf.open(io.BytesIO(signed)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert [float(value) for value in field.Rect] == [0, 0, 0, 0]


def test_signing_leaves_the_metadata_as_it_was(signer):
    """Signing is not editing: neither the time of day nor another program enters what the document says of itself."""
    with (
        pikepdf.open(io.BytesIO(pdf(DOCUMENT))) as before,
        pikepdf.open(io.BytesIO(sign_pdf(pdf(DOCUMENT), signer, at=AT))) as after,
    ):
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)
        assert after.trailer.ID[0] == before.trailer.ID[0]
        assert after.trailer.ID[1] != before.trailer.ID[1]


def test_a_signed_notice_is_still_pdf_a_even_with_two_signatures(signer, tmp_path):
    once = tmp_path / "once.pdf"
    twice = tmp_path / "twice.pdf"
    once.write_bytes(sign_pdf(pdf(DOCUMENT), signer, at=AT, reason="归档"))
    twice.write_bytes(sign_pdf(once.read_bytes(), signer, at=AT))
    assert complaints([once, twice]) == {}


def test_the_same_document_certificate_and_time_give_the_same_bytes(tmp_path):
    with signing_as(office(), tmp_path) as first:
        one = sign_pdf(pdf(DOCUMENT), first, at=AT), sign_manifest(MANIFEST, first, at=AT)
    with signing_as(office(), tmp_path) as second:
        two = sign_pdf(pdf(DOCUMENT), second, at=AT), sign_manifest(MANIFEST, second, at=AT)
        later = sign_pdf(pdf(DOCUMENT), second, at=AT + dt.timedelta(seconds=1))
    assert one == two
    assert later != one[0]


def test_a_key_on_an_elliptic_curve_signs_too(tmp_path):
    with signing_as(certified("云州市信访局", root(), elliptic=True), tmp_path) as signer:
        assert one_of(sign_pdf(blank(), signer, at=AT)).trusted is Trusted.YES
        signature = sign_manifest(MANIFEST, signer, at=AT)
    assert check_manifest_signature(MANIFEST, signature, TRUST, ON).trusted is Trusted.YES


def test_a_signed_manifest_holds_and_says_when(signer):
    found = check_manifest_signature(MANIFEST, sign_manifest(MANIFEST, signer, at=AT), TRUST, ON)
    assert (found.by, found.at) == ("云州市信访局", AT)
    assert (found.intact, found.covers_whole, found.trusted) == (True, True, Trusted.YES)


def test_openssl_agrees_about_a_package_and_poppler_about_a_pdf(signer, tmp_path):
    """What an archive has in twenty years need not be this program."""
    needs("openssl")
    needs("pdfsig", why="Install poppler-utils.")
    kept(tmp_path, tag_txt=MANIFEST, tag_p7s=sign_manifest(MANIFEST, signer, at=AT), root_pem=root().pem)
    kept(tmp_path, signed_pdf=sign_pdf(pdf(DOCUMENT), signer, at=AT))
    asked = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "tag.p7s",
        "-content",
        "tag.txt",
    ]
    asked += [
        "-CAfile",
        "root.pem",
        "-purpose",
        "any",
        "-attime",
        str(int(AT.timestamp())),
        "-out",
        os.devnull,
    ]
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    (tmp_path / "tag.txt").write_bytes(changed(MANIFEST, 3))
    assert subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False).returncode
    listed = subprocess.run(
        ["pdfsig", "-nocert", "signed.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in listed
    assert "Total document signed" in listed
    assert "云州市信访局" in listed


# --- what was changed is found --------------------------------------------------------------------------


def test_any_byte_of_a_signed_pdf_changed_is_found(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    begin, end = contents(signed)
    outside = [*range(begin - 1), *range(end + 1, len(signed))]
    assert len(outside) > 1_000
    for place in outside[::7]:
        try:
            found = check_pdf_signatures(changed(signed, place), TRUST, ON)
        except SignaturesUnreadable:
            continue
        assert not any(one.intact and one.covers_whole for one in found), place
        assert not any(one.trusted is Trusted.YES for one in found), place


def test_a_changed_byte_of_the_text_is_called_a_change(signer):
    signed = sign_pdf(pdf(DOCUMENT), signer, at=AT)
    found = one_of(changed(signed, signed.index(b"stream") + 20))
    assert found.intact is False
    assert found.trusted is Trusted.NOT_CHECKED
    assert found.detail.startswith("签名无效")


def test_a_changed_signature_and_anything_hidden_behind_it_is_found(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    begin, end = contents(signed)
    value = cms.ContentInfo.load(bytes.fromhex(signed[begin:end].decode()))["content"]["signer_infos"][0][
        "signature"
    ]
    inside = signed.lower().index(value.native.hex().encode(), begin)
    assert one_of(with_other_digit(signed, inside)).intact is False
    hidden = one_of(with_other_digit(signed, end - 5))
    assert hidden.intact is False
    assert "藏有别的内容" in hidden.detail


def test_a_changed_manifest_or_signature_is_found(signer):
    signature = sign_manifest(MANIFEST, signer, at=AT)
    assert check_manifest_signature(changed(MANIFEST, 0), signature, TRUST, ON).intact is False
    assert (
        check_manifest_signature(MANIFEST, changed(signature, len(signature) - 1), TRUST, ON).intact is False
    )
    assert check_manifest_signature(MANIFEST, signature + b"\0", TRUST, ON).intact is False
    for broken in (b"", b"nothing", signature[:-9]):
        found = check_manifest_signature(MANIFEST, broken, TRUST, ON)
        assert (found.intact, found.trusted) == (False, Trusted.NOT_CHECKED)


def test_any_byte_of_a_signature_of_a_package_changed_is_found(signer):
    """Also those that the signature does not protect: in a folder nothing else watches over them."""
    signature = sign_manifest(MANIFEST, signer, at=AT)
    for place in range(len(signature)):
        spoiled = signature[:place] + bytes([signature[place] ^ 1 << place % 8]) + signature[place + 1 :]
        assert not check_manifest_signature(MANIFEST, spoiled, None, ON).intact, place


@pytest.mark.parametrize("container", Container)
def test_a_signed_package_is_whole_has_the_same_identity_and_carries_its_signature(
    signer, tmp_path, container
):
    plain = write_bag(tmp_path / "plain", parts(), INFO, made=AT, container=container)
    signed = write_bag(
        tmp_path / "signed", parts(), INFO, made=AT, container=container,
        sign=lambda manifest: sign_manifest(manifest, signer, at=AT),
    )  # fmt: skip
    assert signed.digest == plain.digest
    with Bag.open(signed.path) as bag:
        assert check_bag(bag, digest=plain.digest) == ()
        manifest, signature = bag.text("tagmanifest-sha256.txt"), bag.text(SIGNATURE)
    assert manifest is not None
    assert signature is not None
    found = check_manifest_signature(manifest, signature, TRUST, ON)
    assert (found.intact, found.trusted) == (True, Trusted.YES)


def test_only_the_signature_may_lie_unlisted_in_a_package(signer, tmp_path):
    def flaws() -> set[str]:
        with Bag.open(package) as bag:
            return {one.path for one in check_bag(bag) if one.flaw is BagFlaw.UNLISTED}

    package = write_bag(tmp_path / "package", parts(), INFO, made=AT).path
    (package / SIGNATURE).write_bytes(b"added by hand")
    assert flaws() == set()
    bagit.Bag(str(package)).validate()
    for name in ("manifest-sha256.txt.p7s", "tagmanifest-sha512.txt.p7s", f"data/{SIGNATURE}"):
        (package / name).write_bytes(b"added by hand")
        assert flaws() == {name}
        (package / name).unlink()


def test_what_was_added_after_signing_is_told(signer):
    signed = sign_pdf(pdf(DOCUMENT), signer, at=AT)
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = page["/MediaBox"][0]
    writer.update_container(page)
    added = io.BytesIO()
    writer.write(added)
    found = one_of(added.getvalue())
    assert (found.intact, found.covers_whole) == (True, False)
    assert "看到的可能不是签名时的样子" in found.detail


def test_a_second_signature_leaves_the_first_intact_and_is_told_from_it(signer):
    first, second = check_pdf_signatures(
        sign_pdf(sign_pdf(blank(), signer, at=AT), signer, at=AT + dt.timedelta(days=1)), TRUST, ON
    )
    assert (first.at, first.intact, first.covers_whole) == (AT, True, False)
    assert "又加了签名" in first.detail
    assert (second.intact, second.covers_whole) == (True, True)


def test_a_signature_whose_field_was_taken_away_is_not_no_signature(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    del writer.root["/AcroForm"]
    writer.update_root()
    stripped = io.BytesIO()
    writer.write(stripped)
    found = one_of(stripped.getvalue())
    assert (found.intact, found.trusted) == (None, Trusted.NOT_CHECKED)
    assert found.detail.startswith("没有核对")


def test_a_locked_pdf_with_a_signature_is_not_judged(signer):
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(sign_pdf(blank(), signer, at=AT))) as opened:
        lock = pikepdf.Encryption(owner="o", user="u")
        opened.save(locked, encryption=lock, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pytest.raises(SignaturesUnreadable, match="加了密"):
        check_pdf_signatures(locked.getvalue(), TRUST, ON)


def test_a_pdf_without_a_signature_has_none():
    assert check_pdf_signatures(pdf(DOCUMENT), TRUST, ON) == ()


# --- whom the office trusts -----------------------------------------------------------------------------


def test_without_roots_nobody_is_trusted_or_distrusted(signer):
    found = one_of(sign_pdf(blank(), signer, at=AT), None)
    assert (found.intact, found.trusted) == (True, Trusted.NOT_CHECKED)
    assert "没有核对" in found.detail


def test_a_stranger_is_not_trusted(signer):
    other = Trust(anchors=(certified("别处的根", authority=True).der,))
    found = one_of(sign_pdf(blank(), signer, at=AT), other)
    assert (found.intact, found.trusted) == (True, Trusted.NO)
    assert "不是单位信任的根证书签发的" in found.detail


def test_an_intermediate_certificate_travels_with_the_signature(tmp_path):
    between = certified("云州市数字证书二级", root(), authority=True)
    kept(tmp_path, between_pem=between.pem)
    with signing_as(certified("云州市信访局", between), tmp_path, chain=("between.pem",)) as signer:
        signed = sign_pdf(blank(), signer, at=AT)
    assert one_of(signed).trusted is Trusted.YES
    with signing_as(certified("云州市信访局", between), tmp_path) as signer:
        alone = sign_pdf(blank(), signer, at=AT)
    assert one_of(alone).trusted is Trusted.NO
    assert one_of(alone, Trust(anchors=TRUST.anchors, others=(between.der,))).trusted is Trusted.YES


def test_a_certificate_that_has_expired_since_is_said_and_not_trusted(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    after = AT + 2 * YEAR
    found = one_of(signed, on=after)
    assert (found.intact, found.trusted) == (True, Trusted.NO)
    assert f"证书已于 {office().certificate.not_valid_after_utc:%Y-%m-%d} 过期" in found.detail
    assert "过期" in one_of(signed, None, after).detail


def test_a_revoked_certificate_is_not_trusted_however_old_the_list(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    gone = Trust(anchors=TRUST.anchors, crls=(root().revoking(office(), on=AT - dt.timedelta(days=200)),))
    found = one_of(signed, gone)
    assert found.trusted is Trusted.NO
    assert "证书已于 2026-05-04 吊销" in found.detail


def test_a_list_without_it_is_told_with_its_date_and_a_missing_list_too(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    clean = Trust(anchors=TRUST.anchors, crls=(root().revoking(on=ON),))
    assert one_of(signed, clean).trusted is Trusted.YES
    assert "截至 2026-12-20 的吊销列表里没有它" in one_of(signed, clean).detail
    assert "是否吊销没有查" in one_of(signed).detail
    other = certified("别处的根", authority=True)
    foreign = Trust(anchors=TRUST.anchors, crls=(other.revoking(on=ON),))
    assert one_of(signed, foreign).trusted is Trusted.YES
    assert "是否吊销没有查" in one_of(signed, foreign).detail


def test_trust_is_read_from_the_files_the_office_names(tmp_path):
    both = root().pem + certified("另一个根", authority=True).pem
    kept(tmp_path, roots_pem=both, root_cer=root().der, list_crl=root().revoking(on=AT))
    setting = SigningSetting(trust=("roots.pem", "root.cer"), crls=("list.crl",))
    trust = Trust.of(setting, tmp_path)
    assert trust is not None
    assert len(trust.anchors) == 3
    assert Trust.of(SigningSetting(), tmp_path) is None
    kept(tmp_path, roots_pem=b"not a certificate", list_crl=root().der)
    for broken, words in (("roots.pem", "没有可读的证书"), ("nowhere.pem", "没有这个文件")):
        with pytest.raises(CertificateUnusable, match=words):
            Trust.of(SigningSetting(trust=(broken,)), tmp_path)
    with pytest.raises(CertificateUnusable, match="吊销列表"):
        Trust.of(SigningSetting(trust=("root.cer",), crls=("list.crl",)), tmp_path)


# --- time stamps ----------------------------------------------------------------------------------------


def test_a_time_stamp_proves_when_and_outlives_the_certificate(tmp_path):
    moment = AT + dt.timedelta(minutes=2)
    with a_stamp_server(moment=moment) as server, signing_as(office(), tmp_path, server.url) as signer:
        signed = sign_pdf(pdf(DOCUMENT), signer, at=AT)
        signature = sign_manifest(MANIFEST, signer, at=AT)
        assert server.asked == 3  # once for the size of an answer, once for each
    after = AT + 10 * YEAR
    for found in (one_of(signed, on=after), check_manifest_signature(MANIFEST, signature, TRUST, after)):
        assert (found.at, found.stamped) == (moment, True)
        assert (found.intact, found.trusted) == (True, Trusted.YES)
        assert f"时间戳由 {stamping().name} 签发，可信" in found.detail
    file = tmp_path / "stamped.pdf"
    file.write_bytes(signed)
    assert complaints([file]) == {}


def test_a_time_stamp_of_a_stranger_proves_nothing(tmp_path):
    stranger = certified("别处的时间戳", certified("别处的根", authority=True), stamps=True)
    with a_stamp_server(holder=stranger) as server, signing_as(office(), tmp_path, server.url) as signer:
        signed = sign_pdf(blank(), signer, at=AT)
    assert one_of(signed).trusted is Trusted.YES
    assert "不可信，不作准" in one_of(signed).detail
    assert one_of(signed, on=AT + 2 * YEAR).trusted is Trusted.NO


def test_what_was_revoked_after_the_time_stamp_was_good_when_it_signed(tmp_path):
    with a_stamp_server() as server, signing_as(office(), tmp_path, server.url) as signer:
        signed = sign_pdf(blank(), signer, at=AT)
    issued = AT + dt.timedelta(days=9)  # the list came after the stamp: what it says of before holds
    for days, trusted in ((5, Trusted.YES), (-5, Trusted.NO)):
        listed = root().revoking(office(), on=AT + dt.timedelta(days=days), issued=issued)
        found = one_of(signed, Trust(anchors=TRUST.anchors, crls=(listed,)))
        assert found.trusted is trusted
        assert "没有查" not in found.detail


@pytest.mark.parametrize("spoil", ["nonce", "refused", "garbage", "status"])
def test_a_server_that_gives_no_proper_time_stamp_stops_the_signing(tmp_path, spoil):
    with (
        a_stamp_server(spoil=spoil) as server,
        signing_as(office(), tmp_path, server.url) as signer,
        pytest.raises(TimestampRefused, match="没有签名") as refused,
    ):
        sign_pdf(blank(), signer, at=AT)
    assert server.url in str(refused.value)


def test_a_time_stamp_over_something_else_is_found_before_anything_is_given_back(tmp_path):
    with (
        a_stamp_server(spoil="digest") as server,
        signing_as(office(), tmp_path, server.url) as signer,
        pytest.raises(NotSignable, match="时间戳与签名不符"),
    ):
        sign_manifest(MANIFEST, signer, at=AT)


def test_a_server_that_is_not_there_stops_the_signing(tmp_path):
    with a_stamp_server() as server:
        url = server.url
    with signing_as(office(), tmp_path, url) as signer, pytest.raises(TimestampRefused, match="连不上"):
        sign_manifest(MANIFEST, signer, at=AT)


# --- what cannot be signed, or with what ----------------------------------------------------------------


def test_a_docx_is_not_signed_and_a_broken_or_locked_pdf_neither(signer):
    with pytest.raises(NotSignable, match="docx 请先转成 PDF"):
        sign_pdf(b"PK\3\4 word/document.xml", signer, at=AT)
    with pytest.raises(NotSignable, match="结构有误"):
        sign_pdf(b"%PDF-1.7\nthat is all", signer, at=AT)
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank())) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(NotSignable, match="加了密"):
        sign_pdf(locked.getvalue(), signer, at=AT)


@pytest.mark.parametrize("at", [AT - 2 * YEAR, AT + 2 * YEAR])
def test_outside_its_time_a_certificate_signs_nothing(signer, at):
    with pytest.raises(CertificateUnusable, match="有效期"):
        sign_pdf(blank(), signer, at=at)
    with pytest.raises(CertificateUnusable, match="有效期"):
        sign_manifest(MANIFEST, signer, at=at)


def opened(folder: Path, setting: SigningSetting, password: str = PASSWORD) -> str:
    """Why the signer cannot be opened."""
    with pytest.raises(CertificateUnusable) as refused, open_signer(setting, folder, password):
        pytest.fail("it was opened")
    return str(refused.value)


def test_what_is_wrong_with_a_certificate_file_is_said_without_its_password(tmp_path):
    office_file = SigningSetting(pkcs12="office.p12")
    assert "没有这个文件" in opened(tmp_path, office_file)
    kept(tmp_path, office_p12=office().pkcs12())
    for wrong in ("Hunter2-wrong", ""):
        said = opened(tmp_path, office_file, wrong)
        assert "密码不对" in said
        assert not wrong or wrong not in said
    kept(tmp_path, office_p12=b"this is a letter")
    assert "不是 PKCS#12 文件" in opened(tmp_path, office_file)
    kept(tmp_path, office_p12=certified("云州市信访局", root(), signs=False).pkcs12())
    assert "密钥用法里没有数字签名" in opened(tmp_path, office_file)


def test_a_file_without_a_password_and_an_office_without_a_certificate(tmp_path):
    kept(tmp_path, office_p12=office().pkcs12(""))
    with open_signer(SigningSetting(pkcs12="office.p12"), tmp_path, "") as signer:
        assert signer.name == "云州市信访局"
    with pytest.raises(SigningUnset), open_signer(SigningSetting(), tmp_path, ""):
        pytest.fail("it was opened")


def test_neither_key_nor_password_is_in_what_a_signer_shows(signer):
    shown = repr(signer)
    assert "云州市信访局" in shown
    assert "hand" not in shown


# --- SM2 ------------------------------------------------------------------------------------------------


def test_a_certificate_of_sm2_is_refused_with_a_clear_word(tmp_path):
    needs("openssl")
    for command in (
        "ecparam -name SM2 -genkey -noout -out key.pem",
        "req -x509 -new -key key.pem -sm3 -subj /CN=office -days 9 -out cert.pem",
        "pkcs12 -export -inkey key.pem -in cert.pem -passout pass:word -out office.p12",
    ):
        subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    assert "国密算法（SM2/SM3），本程序不支持" in opened(
        tmp_path, SigningSetting(pkcs12="office.p12"), "word"
    )


def test_a_signature_of_sm2_is_not_judged(signer):
    """Digest SM3 (1.2.156.10197.1.401) in the place of SHA-256: such signatures are on papers other organs send."""
    info = cms.ContentInfo.load(sign_manifest(MANIFEST, signer, at=AT))
    info["content"]["signer_infos"][0]["digest_algorithm"] = {"algorithm": "1.2.156.10197.1.401"}
    found = check_manifest_signature(MANIFEST, info.dump(), TRUST, ON)
    assert (found.intact, found.trusted) == (None, Trusted.NOT_CHECKED)
    assert "国密" in found.detail


def test_a_pdf_signed_in_a_way_of_its_own_is_not_judged(signer):
    signed = sign_pdf(blank(), signer, at=AT)
    for kind in (b"/GM.sm2.seal.detache", b"/unknown.one.detach!"):
        found = one_of(signed.replace(b"/ETSI.CAdES.detached", kind[:20]))
        assert (found.intact, found.trusted) == (None, Trusted.NOT_CHECKED)
        assert "不支持" in found.detail


# --- what it never does ---------------------------------------------------------------------------------


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*where, **how):
        pytest.fail(f"the network was asked for: {where}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def test_nothing_goes_to_the_network_though_the_certificates_name_places(signer, no_network):
    assert b"ocsp.invalid" in office().der
    signed = sign_pdf(blank(), signer, at=AT)
    with_list = Trust(anchors=TRUST.anchors, crls=(root().revoking(on=AT),))
    for trust in (None, TRUST, with_list, Trust(anchors=(certified("别处的根", authority=True).der,))):
        assert one_of(signed, trust).intact


def test_the_names_of_signers_are_in_no_log(signer, capfd):
    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    heard: list[str] = []
    listening = Heard(logging.DEBUG)
    logging.getLogger().addHandler(listening)
    try:
        signed = sign_pdf(blank(), signer, at=AT)
        one_of(signed, Trust(anchors=(certified("别处的根", authority=True).der,)), AT + 5 * YEAR)
    finally:
        logging.getLogger().removeHandler(listening)
    assert not [words for words in heard if office().name in words]
    assert capfd.readouterr() == ("", "")


def test_without_the_library_it_says_what_to_install_and_never_pass(signer, tmp_path, monkeypatch):
    signed, signature = sign_pdf(blank(), signer, at=AT), sign_manifest(MANIFEST, signer, at=AT)
    kept(tmp_path, office_p12=office().pkcs12())
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    with pytest.raises(LibraryMissing, match=re.escape("pip install 'xfdocs[sign]'")):
        check_pdf_signatures(signed, TRUST, ON)
    with pytest.raises(LibraryMissing, match="不能核对签名"):
        check_manifest_signature(MANIFEST, signature, TRUST, ON)
    with (
        pytest.raises(LibraryMissing, match="不能签名"),
        open_signer(SigningSetting(pkcs12="office.p12"), tmp_path, PASSWORD),
    ):
        pytest.fail("it was opened")
    assert check_pdf_signatures(blank(), TRUST, ON) == ()


def test_reading_the_modules_does_not_read_pyhanko():
    asked = "import sys, xfdocs.archive.signing, xfdocs.archive.credentials; print('pyhanko' in sys.modules, 'asn1crypto' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]
