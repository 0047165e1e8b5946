"""A bag that is not what it was: everything is found, nothing is trusted, and no damage makes the check fail."""

from __future__ import annotations

import io
import os
import random
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.bags import NAME, a_bag, codes, found, no_disk, parts
from tests.archive.packages import a_part
from xfdocs.archive.bag import Bag, BagFlaw, Container, check_bag, extract, is_whole
from xfdocs.archive.bag.stores import Broken
from xfdocs.archive.model import Role
from xfdocs.errors import PackageUnreadable, PackageUnsafe

every_container = pytest.mark.parametrize("container", list(Container))
packed = pytest.mark.parametrize("container", [Container.ZIP, Container.TAR])
OPINION = f"data/{parts()[0].path}"


def files_of(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())


def changed(data: bytes, at: int, to: int) -> bytes:
    return data[:at] + bytes([to]) + data[at + 1 :]


def refused(path: Path, folder: Path) -> None:
    """It is not unpacked, and nothing is left of trying."""
    before = sorted(folder.rglob("*"))
    with Bag.open(path) as bag, pytest.raises((PackageUnsafe, PackageUnreadable)):
        extract(bag, folder / "取出")
    assert sorted(folder.rglob("*")) == before


# --- bytes ----------------------------------------------------------------------------------------------


@every_container
@pytest.mark.parametrize(("sha512", "times"), [(False, 500), (True, 100)], ids=["sha256", "both"])
def test_any_byte_that_changes_is_found_without_knowing_more_than_the_bag(tmp_path, container, sha512, times):
    """So many single bytes in each, anywhere: in a folder every file is as likely as the largest."""
    chance = random.Random(20261123)
    written = a_bag(tmp_path, container, sha512=sha512)
    assert found(written.path, written.digest) == ()
    missed = []
    for _ in range(times):
        file = chance.choice(files_of(written.path))
        whole = file.read_bytes()
        if not whole:
            continue
        at = chance.randrange(len(whole))
        to = chance.choice(
            [whole[at] ^ 1 << chance.randrange(8), (whole[at] + chance.randrange(1, 256)) % 256]
        )
        file.write_bytes(changed(whole, at, to))
        if is_whole(found(written.path)):
            missed.append((file.name, at, whole[at], to))
        file.write_bytes(whole)
    assert missed == []


def test_every_single_byte_of_the_tag_manifest_counts(tmp_path):
    written = a_bag(tmp_path)
    file = written.path / "tagmanifest-sha256.txt"
    whole = file.read_bytes()
    for at, byte in enumerate(whole):
        for to in {byte ^ 0x20, byte ^ 1, ord("\t" if byte == 0x20 else "\r")} - {byte}:
            file.write_bytes(changed(whole, at, to))
            assert not is_whole(found(written.path)), (at, byte, to)
    for other in (
        whole + b"\n",
        whole[:-1],
        whole.replace(b"\n", b"\r\n"),
        whole.upper(),
        b"\xef\xbb\xbf" + whole,
    ):
        file.write_bytes(other)
        assert not is_whole(found(written.path))


@packed
def test_every_byte_around_the_files_counts(tmp_path, container):
    """Headers, padding, directory: each byte of a small zip and tar, one after the other."""
    path = a_bag(tmp_path, container, given=[a_part("信.txt", b"x", Role.ATTACHMENT)]).path
    whole = path.read_bytes()
    step = 1 if container is Container.ZIP else 17
    for at in range(0, len(whole), step):
        path.write_bytes(changed(whole, at, whole[at] ^ 1))
        assert not is_whole(found(path)), at


def test_the_finding_names_the_file_that_changed(tmp_path):
    for container in Container:
        written = a_bag(tmp_path, container)
        file = written.path / OPINION if container is Container.FOLDER else written.path
        file.write_bytes(file.read_bytes().replace(b"%PDF-1.7 opinion", b"%PDF-1.7 Opinion"))
        assert codes(written.path, written.digest) == {"digest-differs": {OPINION}}


def test_all_findings_are_told_not_the_first(tmp_path):
    path = a_bag(tmp_path, sha512=True).path
    changed_file, gone = path / OPINION, path / "data/representations/original/data/附件/03-空.txt"
    changed_file.write_bytes(changed_file.read_bytes() + b"x")
    gone.unlink()
    (path / "data" / "多.txt").write_bytes(b"x")
    (path / "bag-info.txt").write_bytes(
        (path / "bag-info.txt").read_bytes().replace("云州".encode(), "雲州".encode())
    )
    assert codes(path) == {
        "digest-differs": {changed_file.relative_to(path).as_posix()},
        "file-missing": {gone.relative_to(path).as_posix()},
        "file-unlisted": {"data/多.txt"},
        "tag-differs": {"bag-info.txt"},
        "oxum-differs": {""},
    }


def test_another_package_that_is_whole_is_not_the_one_that_was_asked_for(tmp_path):
    one, other = a_bag(tmp_path / "甲"), a_bag(tmp_path / "乙", given=parts()[1:])
    assert found(one.path, one.digest) == ()
    assert codes(other.path, one.digest) == {"identity-differs": {""}}


def test_who_changes_the_digests_too_is_found_by_the_identity(tmp_path):
    written = a_bag(tmp_path)
    forged = a_bag(
        tmp_path / "伪",
        given=[a_part(str(parts()[0].path), b"%PDF-1.7 Opinion", Role.DOCUMENT), *parts()[1:]],
    )
    assert forged.bytes == written.bytes
    assert found(forged.path) == ()
    assert codes(forged.path, written.digest) == {"identity-differs": {""}}


# --- files that are missing or too many -----------------------------------------------------------------


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The bag, with other files inside its container."""
    with Bag.open(path) as bag:
        files = {name: bag.read(name).read() for name in bag.names()}
        container = bag.container
    change(files)
    if container is Container.FOLDER:
        shutil.rmtree(path)
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    elif container is Container.ZIP:
        with zipfile.ZipFile(path, "w") as package:
            for name, data in files.items():
                package.writestr(f"{NAME}/{name}", data)
    else:
        with tarfile.open(path, "w") as package:
            for name, data in files.items():
                info = tarfile.TarInfo(f"{NAME}/{name}")
                info.size = len(data)
                package.addfile(info, io.BytesIO(data))


@every_container
def test_each_file_that_is_missing_is_found(tmp_path, container):
    written = a_bag(tmp_path, container, sha512=True)
    with Bag.open(written.path) as bag:
        names = bag.names()
    for name in names:
        a_bag(tmp_path / name.replace("/", "_"), container, sha512=True)
        path = tmp_path / name.replace("/", "_") / written.path.name
        rewritten(path, lambda files, name=name: files.pop(name))
        flaws = found(path)
        assert not is_whole(flaws)
        assert any(flaw.path == name for flaw in flaws), name


@every_container
@pytest.mark.parametrize(
    "name",
    [
        "data/多.txt",
        "data/.DS_Store",
        "多.txt",
        "Thumbs.db",
        "manifest-md5.txt",
        "tagmanifest-md5.txt",
        "fetch.txt",
    ],
)
def test_a_file_that_was_added_is_found(tmp_path, container, name):
    path = a_bag(tmp_path, container).path
    rewritten(path, lambda files: files.update({name: b"x"}))
    assert not is_whole(found(path))
    assert any(flaw.path == name for flaw in found(path))


def test_an_empty_folder_that_was_added_is_found(tmp_path):
    path = a_bag(tmp_path).path
    (path / "data" / "空").mkdir()
    assert codes(path) == {"folder-empty": {"data/空"}}


# --- manifests ------------------------------------------------------------------------------------------


def edited(path: Path, name: str, change: Callable[[str], str]) -> dict[str, set[str]]:
    file = path / name
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    return codes(path)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text + text.splitlines(keepends=True)[0], "manifest-duplicate"),
        (lambda text: text + "没有摘要的一行\n", "manifest-garbled"),
        (lambda text: text.replace(text[:64], text[:60]), "manifest-garbled"),
        (lambda text: text + f"{'0' * 64}  ../../etc/passwd\n", "path-unsafe"),
        (lambda text: text + f"{'0' * 64}  /etc/passwd\n", "path-unsafe"),
        (lambda text: text + f"{'0' * 64}  data/%0A\n", "path-unsafe"),
        (lambda text: text + f"{'0' * 64}  bagit.txt\n", "manifest-garbled"),
        (lambda text: text + f"{'0' * 64}  data/没有.txt\n", "file-missing"),
        (lambda text: "".join(text.splitlines(keepends=True)[1:]), "file-unlisted"),
        (lambda text: "", "file-unlisted"),
        (lambda text: text.replace(text[:64], "0" * 64), "digest-differs"),
    ],
)  # fmt: skip
def test_a_manifest_that_was_tampered_with(tmp_path, change, code):
    told = edited(a_bag(tmp_path).path, "manifest-sha256.txt", change)
    assert code in told
    assert told["tag-differs"] == {"manifest-sha256.txt"}


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("bagit.txt", lambda text: text.replace("1.0", "1.1"), "version"),
        ("bagit.txt", lambda text: text.replace("1.0", "0.97"), "version"),
        ("bagit.txt", lambda text: text.replace("UTF-8", "GB18030"), "encoding"),
        ("bagit.txt", lambda text: "\ufeff" + text, "encoding"),
        ("bagit.txt", lambda text: "BagIt", "manifest-garbled"),
        ("bag-info.txt", lambda text: text.replace("Payload-Oxum: ", "Payload-Oxum: 1"), "oxum-differs"),
    ],
)
def test_a_tag_file_that_was_tampered_with(tmp_path, name, change, code):
    told = edited(a_bag(tmp_path).path, name, change)
    assert code in told
    assert told["tag-differs"] == {name}


def test_a_tag_file_in_another_encoding(tmp_path):
    path = a_bag(tmp_path).path
    (path / "bag-info.txt").write_bytes((path / "bag-info.txt").read_text("utf-8").encode("gb18030"))
    assert codes(path)["encoding"] == {"bag-info.txt"}


def test_two_manifests_that_disagree(tmp_path):
    """Whoever changes one of them and its digests is found by the other."""
    path = a_bag(tmp_path, sha512=True).path
    told = edited(path, "manifest-sha512.txt", lambda text: text.replace(text[:128], "0" * 128))
    assert len(told["manifests-disagree"]) == 1
    assert "manifest-sha512.txt" in told["tag-differs"]


def test_a_manifest_that_cannot_be_checked_is_not_passed_over(tmp_path):
    path = a_bag(tmp_path).path
    (path / "manifest-sha256.txt").rename(path / "manifest-sm3.txt")
    (path / "tagmanifest-sha256.txt").unlink()
    told = codes(path)
    assert told["algorithm-unknown"] == {"manifest-sm3.txt"}
    assert {"manifest-sha256.txt", "tagmanifest-sha256.txt"} <= told["manifest-missing"]


@pytest.mark.parametrize(
    "what", ["nothing", "no bagit.txt", "a text", "an empty zip", "an empty file called zip", "a pipe"]
)
def test_what_is_no_bag(tmp_path, what):
    path = tmp_path / ("x.zip" if "zip" in what else "x")
    match what:
        case "nothing":
            path.mkdir()
        case "no bagit.txt":
            a_bag(tmp_path, name="x")
            (path / "bagit.txt").unlink()
        case "a text" | "an empty file called zip":
            path.write_text("" if "empty" in what else "信" * 600)
        case "an empty zip":
            zipfile.ZipFile(path, "w").close()
        case "a pipe":
            os.mkfifo(path)
    assert "not-a-bag" in codes(path)
    assert not is_whole(found(path))


def test_where_nothing_is_opening_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        Bag.open(tmp_path / "没有")


# --- names, links, special files ------------------------------------------------------------------------


def test_links_and_pipes_in_a_folder_are_found_and_never_followed(tmp_path):
    path = a_bag(tmp_path).path
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("x")
    (path / "data" / "link").symlink_to(tmp_path / "outside" / "secret")
    (path / "data" / "folder").symlink_to(tmp_path / "outside")
    os.mkfifo(path / "data" / "pipe")
    assert codes(path) == {"special-file": {"data/link", "data/folder", "data/pipe"}}
    with Bag.open(path) as bag:
        assert "data/link" not in bag
    refused(path, tmp_path)


def test_a_file_that_was_replaced_by_a_link_to_its_copy_is_found(tmp_path):
    path = a_bag(tmp_path).path
    shutil.copy(path / OPINION, tmp_path / "copy")
    (path / OPINION).unlink()
    (path / OPINION).symlink_to(tmp_path / "copy")
    assert codes(path)["special-file"] == {OPINION}


BAD = {
    "../../../逃走.txt": "path-unsafe",
    "/逃走.txt": "path-unsafe",
    "C:/逃走.txt": "path-unsafe",
    f"{NAME}/data\\..\\..\\逃走.txt": "path-unsafe",
    f"{NAME}/data/../../逃走.txt": "path-unsafe",
    f"{NAME}/data/a\nb": "path-unsafe",
    "旁边/逃走.txt": "member-stray",
    f"{NAME}/data/NUL.txt": "path-unfit",
    f"{NAME}/data/METS.XML": "names-collide",
}


@packed
@pytest.mark.parametrize("name", BAD)
def test_a_path_that_leads_out_or_will_not_do_is_found_and_nothing_is_extracted(tmp_path, container, name):
    path = a_bag(tmp_path, container, given=[*parts(), a_part("METS.xml", b"<mets/>", Role.METADATA)]).path
    if container is Container.ZIP:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr(zipfile.ZipInfo(name), b"x")
    else:
        with tarfile.open(path, "a") as package:
            info = tarfile.TarInfo(name)
            info.size = 1
            package.addfile(info, io.BytesIO(b"x"))
    told = codes(path)
    assert BAD[name] in told
    refused(path, tmp_path)
    assert not Path("/逃走.txt").exists()


@every_container
def test_names_that_differ_in_capitals_collide(tmp_path, container):
    path = a_bag(tmp_path, container).path
    upper = OPINION.replace(".pdf", ".PDF")
    rewritten(path, lambda files: files.update({upper: b"x"}))
    assert codes(path)["names-collide"] == {upper}
    refused(path, tmp_path)


@every_container
def test_a_name_in_another_normal_form_is_told_and_its_file_checked(tmp_path, container):
    """macOS gives names back in another form than it was given."""
    given = [*parts(), a_part("caf\u00e9.txt", b"as received", Role.ATTACHMENT)]
    path = a_bag(tmp_path, container, given=given).path

    def respell(files: dict[str, bytes]) -> None:
        files["data/cafe\u0301.txt"] = files.pop("data/caf\u00e9.txt")

    rewritten(path, respell)
    assert codes(path)["name-spelling"] == {"data/cafe\u0301.txt"}
    assert "file-missing" not in codes(path)
    if container is Container.FOLDER:
        assert is_whole(found(path))
        (path / "data/cafe\u0301.txt").write_bytes(b"as Received")
        assert codes(path)["digest-differs"] == {"data/cafe\u0301.txt"}


@packed
def test_links_in_a_container_are_found(tmp_path, container):
    path = a_bag(tmp_path, container).path
    if container is Container.ZIP:
        with zipfile.ZipFile(path, "a") as package:
            info = zipfile.ZipInfo(f"{NAME}/data/link")
            info.external_attr = 0o120777 << 16
            package.writestr(info, "/etc/passwd")
    else:
        with tarfile.open(path, "a") as package:
            for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
                info = tarfile.TarInfo(f"{NAME}/data/link")
                info.type, info.linkname = kind, "/etc/passwd"
                package.addfile(info)
    assert codes(path)["special-file"] == {"data/link"}
    refused(path, tmp_path)


# --- zips and tars that lie -----------------------------------------------------------------------------


@packed
def test_truncated_anywhere_it_is_found(tmp_path, container):
    path = a_bag(tmp_path, container).path
    whole = path.read_bytes()
    chance = random.Random(1)
    for size in sorted({0, 1, 100, 512, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(150))}):
        path.write_bytes(whole[:size])
        assert not is_whole(found(path)), size


@packed
def test_of_half_a_package_it_is_told_which_files_are_whole(tmp_path, container):
    """The tag files lie first: what comes after the cut is missing, what comes before is compared."""
    given = [a_part(f"{n}.txt", bytes([n]) * 3000, Role.ATTACHMENT) for n in range(10)]
    path = a_bag(tmp_path, container, given=given).path
    whole = path.read_bytes()
    cut = whole.index(bytes([7]) * 3000) + 1000
    path.write_bytes(whole[:cut].replace(bytes([3]) * 3000, bytes([3]) * 2999 + b"x"))
    told = codes(path)
    assert told["file-missing"] == {"data/7.txt", "data/8.txt", "data/9.txt"}
    assert told["digest-differs"] == {"data/3.txt"}
    assert "container-broken" in told or "size-lies" in told
    refused(path, tmp_path)


@packed
def test_something_before_or_behind_is_found(tmp_path, container):
    path = a_bag(tmp_path, container).path
    whole = path.read_bytes()
    for other in (whole + b"\0", whole + bytes(512), whole + b"secret" * 200, b"MZ" * 256 + whole):
        path.write_bytes(other)
        assert not is_whole(found(path))


def test_the_same_files_zipped_again_are_no_longer_what_we_wrote(tmp_path):
    path = a_bag(tmp_path, Container.ZIP).path
    rewritten(path, lambda files: None)
    told = codes(path)
    assert set(told) == {"form-changed"}


def _foreign_zip(folder: Path, files: dict[str, bytes], **more: object) -> Path:
    """A zip by another program: compressed, and no bag of ours."""
    path = folder / "别人.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(f"别人/{name}", data)
    return path


@pytest.fixture
def foreign(tmp_path):
    """The files of a bag that the Library of Congress made."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "来信.txt").write_bytes(b"as received " * 5000)
    bagit.make_bag(str(folder), checksums=["sha256"])
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    shutil.rmtree(folder)
    return files


def test_a_compressed_bag_of_another_program_is_read(tmp_path, foreign):
    path = _foreign_zip(tmp_path, foreign)
    assert is_whole(found(path))
    assert "foreign" in codes(path)
    with Bag.open(path) as bag:
        assert bag.read("data/来信.txt").read() == foreign["data/来信.txt"]
        extract(bag, tmp_path / "取出")
    bagit.Bag(str(tmp_path / "取出")).validate()


def _patched(path: Path, *, central: dict[int, bytes], local: dict[int, bytes] | None = None) -> None:
    """Overwrite fields of the directory entry, and of the header, of the member that holds the letter."""
    data = bytearray(path.read_bytes())
    name = "别人/data/来信.txt".encode()
    at_central, at_local = data.rindex(name) - 46, data.index(name) - 30
    for base, values in ((at_central, central), (at_local, local or {})):
        for offset, value in values.items():
            data[base + offset : base + offset + len(value)] = value
    path.write_bytes(data)


LETTER = "data/来信.txt"


@pytest.mark.parametrize(
    ("central", "local", "code"),
    [
        ({8: b"\x01\x08"}, {6: b"\x01\x08"}, "member-encrypted"),
        ({}, {6: b"\x01\x08"}, "member-encrypted"),
        ({10: b"\x0e\x00"}, {}, "method-unknown"),
        ({24: struct.pack("<L", 59_999)}, {}, "size-lies"),
        ({24: struct.pack("<L", 60_001)}, {}, "size-lies"),
        ({24: struct.pack("<L", 0xFFFFFFF0)}, {}, "bomb"),
        ({20: struct.pack("<L", 50)}, {}, "size-lies"),
        ({16: b"\0\0\0\0"}, {}, "checksum-differs"),
        ({38: struct.pack("<L", 0o120777 << 16)}, {}, "special-file"),
        ({}, {30: b"X"}, "container-broken"),
        ({42: struct.pack("<L", 7)}, {}, "container-broken"),
    ],
    ids=["encrypted", "encrypted inside", "lzma", "shorter", "longer", "bomb", "packed shorter", "crc", "link", "two names", "elsewhere"],
)  # fmt: skip
def test_a_zip_whose_directory_lies(tmp_path, foreign, central, local, code):
    path = _foreign_zip(tmp_path, foreign)
    _patched(path, central=central, local=local)
    told = codes(path)
    assert LETTER in told[code]
    assert not is_whole(found(path))
    refused(path, tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path, foreign):
    """300 MB of nothing in 300 kB."""
    path = tmp_path / "别人.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in foreign.items():
            package.writestr(f"别人/{name}", data)
        with package.open("别人/data/bomb", "w") as bomb:
            for _ in range(300):
                bomb.write(bytes(1 << 20))
    assert codes(path)["bomb"] == {"data/bomb"}
    refused(path, tmp_path)


def test_a_member_that_unpacks_to_more_than_it_says_is_left_at_once(tmp_path, foreign):
    """The directory says 200 kB; the data would give 200 MB."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(engine.compress(bytes(1 << 20)) for _ in range(200)) + engine.flush()
    path = _foreign_zip(tmp_path, {**foreign, LETTER: os.urandom(len(packed))})
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        info = package.getinfo(f"别人/{LETTER}")
        start = info.header_offset + 30 + len(info.filename.encode())
    path.write_bytes(data[:start] + packed + data[start + len(packed) :])
    with Bag.open(path) as bag:
        with pytest.raises(PackageUnreadable, match="比声明的大"), bag.read(LETTER) as stream:
            stream.read()
        got = []
        with suppress(Broken):
            got.extend(map(len, bag.chunks(LETTER)))
        assert sum(got) <= bag.size(LETTER) == len(packed)


def test_members_that_share_bytes_are_found(tmp_path, foreign):
    """One block of data that shows as many files: the bomb without recursion."""
    path = _foreign_zip(tmp_path, foreign)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        last = max(package.infolist(), key=lambda info: info.header_offset)
    name = last.filename.encode()
    start = data.index(b"PK\x01\x02")
    at = data.rindex(name) - 46
    end = len(data) - 22
    entry = data[at : at + 46 + len(name)]
    count = struct.unpack_from("<H", data, end + 10)[0]
    close = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, end - start + len(entry), start, 0
    )
    path.write_bytes(data[:end] + entry + close)
    assert "members-overlap" in codes(path)
    assert "member-duplicate" in codes(path)
    refused(path, tmp_path)


@packed
def test_two_files_of_one_name_are_found(tmp_path, container):
    path = a_bag(tmp_path, container).path
    if container is Container.ZIP:
        with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
            package.writestr(f"{NAME}/{OPINION}", b"another")
    else:
        with tarfile.open(path, "a") as package:
            info = tarfile.TarInfo(f"{NAME}/{OPINION}")
            package.addfile(info)
    assert codes(path)["member-duplicate"] == {OPINION}
    refused(path, tmp_path)


def test_a_tar_with_a_header_out_of_all_reason(tmp_path):
    path = a_bag(tmp_path, Container.TAR).path
    whole = path.read_bytes()
    info = tarfile.TarInfo("x")
    for kind, size in (
        (tarfile.XHDTYPE, 1 << 40),
        (tarfile.REGTYPE, 1 << 60),
        (tarfile.GNUTYPE_LONGNAME, 1 << 33),
    ):
        info.type, info.size = kind, size
        path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + whole)
        assert not is_whole(found(path))
        refused(path, tmp_path)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), container=st.sampled_from([Container.ZIP, Container.TAR]))
def test_no_damage_makes_the_check_fail(tmp_path_factory, data, container):
    """Whole stretches overwritten, cut out or doubled: always findings, never an exception."""
    folder = tmp_path_factory.mktemp("damage")
    with no_disk():
        path = a_bag(folder, container).path
    whole = path.read_bytes()
    a, b = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    rubbish = data.draw(
        st.one_of(st.binary(max_size=600), st.just(whole[a:b] * 2), st.just(b"\xff" * (b - a)))
    )
    path.write_bytes(whole[:a] + rubbish + whole[b:])
    if path.read_bytes() != whole:
        assert not is_whole(found(path))
    shutil.rmtree(folder)


@settings(max_examples=100, deadline=None)
@given(rubbish=st.binary(max_size=300), name=st.sampled_from(["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"]))  # fmt: skip
def test_no_rubbish_in_a_tag_file_makes_the_check_fail(tmp_path_factory, rubbish, name):
    folder = tmp_path_factory.mktemp("rubbish")
    with no_disk():
        path = a_bag(folder, given=[a_part("信.txt", b"x", Role.ATTACHMENT)], name="包").path
    (path / name).write_bytes(rubbish)
    assert not is_whole(found(path))
    shutil.rmtree(folder)


def test_a_file_the_disk_no_longer_gives_is_found_and_the_others_are_checked(tmp_path, monkeypatch):
    path = a_bag(tmp_path).path
    (path / "data" / "多.txt").write_bytes(b"x")
    read = os.preadv

    def broken(handle: int, buffers: list[memoryview], offset: int) -> int:
        if Path(f"/proc/self/fd/{handle}").readlink().name.endswith("信封.jpg"):
            raise OSError(5, "Input/output error")
        return read(handle, buffers, offset)

    monkeypatch.setattr(os, "preadv", broken)
    told = codes(path)
    assert told["unreadable"] == {f"data/{parts()[1].path}"}
    assert told["file-unlisted"] == {"data/多.txt"}


def test_threads_find_the_same(tmp_path):
    for container in Container:
        path = a_bag(tmp_path, container).path
        for file in files_of(path):
            file.write_bytes(file.read_bytes().replace(b"<x/>", b"<y/>").replace(b"envelope", b"Envelope"))
        assert found(path) == found(path, jobs=4) != ()


def test_every_code_is_written_once_and_told_in_chinese():
    assert len({flaw.value for flaw in BagFlaw}) == len(BagFlaw)
    assert all(flaw.value.replace("-", "").isascii() and flaw.value.islower() for flaw in BagFlaw)


def test_progress_is_told_of_every_file(tmp_path):
    told: list[str] = []

    class Told:
        def advance(self, steps: int = 1, note: str = "") -> None:
            told.append(note)

    with Bag.open(a_bag(tmp_path).path) as bag:
        check_bag(bag, progress=Told(), jobs=2)
        assert tuple(told) == bag.names()
