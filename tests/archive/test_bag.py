"""A bag: the same bytes on any day, whole or absent, and readable by everybody who knows BagIt, zip or tar."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import textwrap
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.bags import INFO, NAME, a_bag, found, parts
from tests.archive.packages import AT, a_part
from xfdocs.archive.bag import Bag, Container, check_bag, extract, is_whole, write_bag
from xfdocs.archive.bag.stores import CHUNK
from xfdocs.archive.bag.writing import Written
from xfdocs.archive.bag.zips import ZipSink, ZipStore, stamp_of
from xfdocs.archive.model import Role
from xfdocs.archive.names import safe_name, same_key
from xfdocs.errors import FolderInTheWay, PackageInTheWay, PackageUnreadable, SourceChanged

every_container = pytest.mark.parametrize("container", list(Container))
packed = pytest.mark.parametrize("container", [Container.ZIP, Container.TAR])


def contents(path: Path) -> dict[str, bytes]:
    """Every file of a bag, by its name below the bag's folder."""
    with Bag.open(path) as bag:
        return {name: bag.read(name).read() for name in bag.names()}


def as_lies(path: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def judged(folder: Path) -> None:
    """The Library of Congress accepts it."""
    bagit.Bag(str(folder)).validate(processes=1)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what it says ---------------------------------------------------------------------------------------


def test_the_library_of_congress_accepts_a_folder_we_write(tmp_path):
    judged(a_bag(tmp_path).path)
    judged(a_bag(tmp_path, name="两种摘要", sha512=True).path)


PIECE = st.text(
    st.one_of(
        st.sampled_from(list("%=#&'~+ ,;[]()【】〔〕·號é\u0301\U0002a6a5")), st.characters(codec="utf-8")
    ),
    min_size=1,
    max_size=30,
).map(safe_name)
TREE = st.lists(
    st.tuples(st.lists(PIECE, min_size=1, max_size=3), st.binary(max_size=2000)),
    min_size=1, max_size=6,
    unique_by=lambda one: same_key(one[0][0]),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(tree=TREE, sha512=st.booleans(), value=st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_the_files_are_called_the_bag_is_right_in_every_container(
    tmp_path_factory, tree, sha512, value
):
    folder = tmp_path_factory.mktemp("bag")
    given = [a_part("/".join(path), data, Role.ATTACHMENT) for path, data in tree]
    known = set()
    for container in Container:
        written = write_bag(
            folder / "包",
            given,
            [("External-Description", value)],
            made=AT,
            container=container,
            sha512=sha512,
        )
        known.add(written.digest)
        assert found(written.path, written.digest) == ()
        read = contents(written.path)
        assert {name[5:]: data for name, data in read.items() if name.startswith("data/")} == {
            str(part.path): part.source for part in given
        }
        with Bag.open(written.path) as bag:
            assert extract(bag, folder / f"取出-{container}").is_dir()
        assert as_lies(folder / f"取出-{container}") == read
        judged(folder / f"取出-{container}")
    assert len(known) == 1
    shutil.rmtree(folder)


def test_the_tag_files_say_what_the_standard_wants(tmp_path):
    read = as_lies(a_bag(tmp_path).path)
    assert read["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    size = sum(part.size for part in parts())
    assert read["bag-info.txt"].decode().splitlines() == [
        "Source-Organization: 云州市信访局",
        f"External-Identifier: {NAME}",
        "Bagging-Date: 2026-11-20",
        f"Payload-Oxum: {size}.{len(parts())}",
        "Bag-Software-Agent: xfdocs; form 1",
    ]
    lines = read["manifest-sha256.txt"].decode().splitlines()
    assert lines == sorted(lines, key=lambda line: line[66:])
    assert {line[66:]: line[:64] for line in lines} == {f"data/{part.path}": part.sha256 for part in parts()}
    assert [line[66:] for line in read["tagmanifest-sha256.txt"].decode().splitlines()] == [
        "bag-info.txt",
        "bagit.txt",
        "manifest-sha256.txt",
    ]


def test_sha256sum_reads_the_manifest(tmp_path):
    path = a_bag(tmp_path).path
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", name], cwd=path, check=True)


def test_a_value_of_several_lines_is_one_line_and_cannot_pass_for_another_label(tmp_path):
    info = [("External-Description", "第一行\nPayload-Oxum: 1.1\r\n\u2028第二行")]
    written = write_bag(tmp_path / "包", parts(), info, made=AT)
    with Bag.open(written.path) as bag:
        assert bag.info[0] == ("External-Description", "第一行 Payload-Oxum: 1.1  第二行")
        assert check_bag(bag) == ()
    judged(written.path)


# --- the same on any day --------------------------------------------------------------------------------


@every_container
def test_the_same_arguments_give_the_same_bytes(tmp_path, container):
    one = a_bag(tmp_path / "甲", container)
    two = a_bag(tmp_path / "乙", container, given=parts()[::-1])
    assert one.digest == two.digest
    if container is Container.FOLDER:
        assert as_lies(one.path) == as_lies(two.path)
        assert {p.stat().st_mtime for p in one.path.rglob("*") if p.is_file()} == {AT.timestamp()}
    else:
        assert one.path.read_bytes() == two.path.read_bytes()


def test_the_bytes_are_those_of_form_1(tmp_path):
    """If this fails, bags written before will be told to be changed: a new form needs a new name (`texts.AGENT`)."""
    known = {
        c: hashlib.sha256(a_bag(tmp_path, c).path.read_bytes()).hexdigest()
        for c in (Container.ZIP, Container.TAR)
    }
    assert known == {
        Container.ZIP: "e108afed2f8fb7169f86acf58fb986715af6b84708f3dd6ec1f490a3ad2055bb",
        Container.TAR: "be9709c85b0e37a0f9f2593c84a5b58b033d38500e6729b3db9936201cfd6b68",
    }


def test_the_zone_and_the_umask_of_the_machine_leave_no_trace(tmp_path):
    script = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from tests.archive.bags import a_bag
        from xfdocs.archive.bag import Container
        os.umask(int(sys.argv[2], 8))
        print(*[a_bag(Path(sys.argv[1]), c).path.read_bytes().hex() for c in (Container.ZIP, Container.TAR)])
        """
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / zone / mask), mask],
            env={**os.environ, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, check=True,
        ).stdout
        for zone, mask in (("Asia/Shanghai", "022"), ("America/New_York", "077"))
    }  # fmt: skip
    assert len(seen) == 1


# --- other programs -------------------------------------------------------------------------------------


def test_zipfile_reads_our_zip(tmp_path):
    written = a_bag(tmp_path, Container.ZIP)
    with zipfile.ZipFile(written.path) as package:
        assert package.testzip() is None
        assert {info.filename: package.read(info) for info in package.infolist()} == {
            f"{NAME}/{name}": data for name, data in contents(written.path).items()
        }
        assert {
            (info.date_time, info.external_attr >> 16, info.compress_type) for info in package.infolist()
        } == {((2026, 11, 20, 9, 30, 0), 0o100644, zipfile.ZIP_STORED)}


def test_tar_reads_our_tar(tmp_path):
    written = a_bag(tmp_path, Container.TAR)
    with tarfile.open(written.path) as package:
        members = package.getmembers()
        read = {one.name: package.extractfile(one).read() for one in members}
        assert read == {f"{NAME}/{name}": data for name, data in contents(written.path).items()}
        assert {(one.mtime, one.mode, one.uid, one.uname) for one in members} == {
            (AT.timestamp(), 0o644, 0, "")
        }
    subprocess.run(
        ["tar", "-xf", written.path, "-C", tmp_path],
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
    )
    judged(tmp_path / NAME)
    assert written.path.stat().st_size % tarfile.RECORDSIZE == 0


@packed
def test_the_tag_files_lie_first(tmp_path, container):
    written = a_bag(tmp_path, container, sha512=True)
    with Bag.open(written.path) as bag:
        names = [one.name.removeprefix(bag.base) for one in bag._store.members]
    assert names[:6] == [
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    ]  # fmt: skip
    assert names[6:] == sorted(names[6:])


def test_a_bag_of_the_library_of_congress_is_read_and_told_to_be_anothers(tmp_path):
    (tmp_path / "别人").mkdir()
    (tmp_path / "别人" / "来信 100%.txt").write_text("信", "utf-8")
    bagit.make_bag(str(tmp_path / "别人"), {"Contact-Name": "某"}, checksums=["md5", "sha512"])
    flaws = found(tmp_path / "别人")
    assert {flaw.code for flaw in flaws} == {"foreign", "version", "manifest-missing"}
    assert is_whole(flaws)
    (tmp_path / "别人" / "data" / "来信 100%.txt").write_text("别的信", "utf-8")
    assert not is_whole(found(tmp_path / "别人"))


# --- whole or absent ------------------------------------------------------------------------------------


@every_container
def test_packing_again_finds_what_is_there(tmp_path, container):
    first = a_bag(tmp_path, container, sha512=True)
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")}
    again = a_bag(tmp_path, container, sha512=True)
    assert again == replace(first, existed=True)
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")} == before


@every_container
def test_what_is_there_and_another_is_not_touched(tmp_path, container):
    written = a_bag(tmp_path, container)
    before = contents(written.path)
    with pytest.raises(PackageInTheWay):
        a_bag(tmp_path, container, made=AT + dt.timedelta(days=1))
    with pytest.raises(PackageInTheWay):
        a_bag(tmp_path, container, given=parts()[1:])
    assert contents(written.path) == before
    assert left(tmp_path) == [written.path.name]


@pytest.mark.parametrize("what", ["empty folder", "dangling link", "pipe", "text"])
def test_something_else_of_that_name_is_not_touched(tmp_path, what):
    place = tmp_path / f"{NAME}.zip"
    {
        "empty folder": place.mkdir,
        "dangling link": lambda: place.symlink_to("nowhere"),
        "pipe": lambda: os.mkfifo(place),
        "text": lambda: place.write_text("x"),
    }[what]()
    before = os.lstat(place)
    with pytest.raises(PackageInTheWay):
        a_bag(tmp_path, Container.ZIP)
    assert os.lstat(place) == before
    assert left(tmp_path) == [place.name]


@every_container
@pytest.mark.parametrize("change", ["longer", "shorter", "other"])
def test_a_file_that_changed_since_it_was_listed_is_not_packed(tmp_path, container, change):
    source = tmp_path / "来信.txt"
    source.write_bytes(b"as received" * 1000)
    part = replace(a_part("来信.txt", source.read_bytes(), Role.ATTACHMENT), source=source)
    source.write_bytes(
        {"longer": b"as received" * 1001, "shorter": b"as", "other": b"as Received" * 1000}[change]
    )
    with pytest.raises(SourceChanged, match="来信"):
        a_bag(tmp_path / "库", container, given=[part])
    assert left(tmp_path / "库") == []


@every_container
def test_of_a_file_that_is_gone_nothing_appears(tmp_path, container):
    part = replace(parts()[0], source=tmp_path / "没有了")
    with pytest.raises(FileNotFoundError):
        a_bag(tmp_path / "库", container, given=[part])
    assert left(tmp_path / "库") == []


@every_container
def test_on_a_full_disk_nothing_appears_and_the_trouble_names_the_package(tmp_path, container, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left") as trouble:
        a_bag(tmp_path, container)
    assert trouble.value.filename == str(tmp_path / f"{NAME}{container.suffix}")
    assert left(tmp_path) == []


def _pack_slowly(folder: str, container: Container, at: str) -> None:
    """Pack, and stop for ever when the file called *at* is being read."""

    class Stop:
        def advance(self, steps: int = 1, note: str = "") -> None:
            if note == at:
                Path(folder, "here").touch()
                time.sleep(60)

    write_bag(Path(folder) / "库" / NAME, parts(), INFO, made=AT, container=container, progress=Stop())


def _killed(folder: Path, container: Container) -> list[str]:
    """What is left in the archive after a process was killed while it packed."""
    child = multiprocessing.get_context("spawn").Process(
        target=_pack_slowly, args=(str(folder), container, "02-信封.jpg")
    )
    child.start()
    while not (folder / "here").exists():
        assert child.is_alive()
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    return left(folder / "库")


@every_container
def test_killed_in_the_middle_nothing_bears_the_name_and_the_next_run_cleans_up(tmp_path, container):
    (remains,) = _killed(tmp_path, container)
    assert remains.startswith(f".{NAME}")
    written = a_bag(tmp_path / "库", container)
    assert left(tmp_path / "库") == [written.path.name]
    assert found(written.path) == ()


@every_container
def test_who_is_still_packing_is_not_swept_away_and_the_first_to_end_wins(tmp_path, container):
    ends: list[Written] = []

    class Second:
        """At the third file of the first, somebody else packs the same."""

        def advance(self, steps: int = 1, note: str = "") -> None:
            if note == "02-信封.jpg":
                ends.append(a_bag(tmp_path, container))

    ends.append(write_bag(tmp_path / NAME, parts(), INFO, made=AT, container=container, progress=Second()))
    assert [one.existed for one in ends] == [False, True]
    assert ends[0].digest == ends[1].digest
    assert left(tmp_path) == [f"{NAME}{container.suffix}"]


@every_container
def test_everything_is_on_the_disk_before_it_bears_its_name(tmp_path, container, monkeypatch):
    orders: list[str] = []
    rename = Path.rename
    monkeypatch.setattr(os, "sync", lambda: orders.append("all"))
    monkeypatch.setattr(os, "fsync", lambda f: orders.append(Path(f"/proc/self/fd/{f}").readlink().name))
    monkeypatch.setattr(Path, "rename", lambda a, b: (orders.append("name"), rename(a, b))[1])
    a_bag(tmp_path, container)
    at = orders.index("name")
    assert orders[:at] == ["all"] if container is Container.FOLDER else orders[0].endswith(".part")
    assert orders[at + 1 :] == [tmp_path.name]


# --- what is refused as a slip of the program -----------------------------------------------------------


@pytest.mark.parametrize("path", ["../x", "a/../../x", "CON", "a\\b", "e\u0301.txt", "a.", "C:x"])
def test_a_path_that_will_not_do_is_no_part(tmp_path, path):
    with pytest.raises(ValueError, match="names"):
        a_bag(tmp_path, given=[a_part(path, b"x", Role.ATTACHMENT)])
    assert left(tmp_path) == []


def test_names_that_collide_are_no_parts(tmp_path):
    for two in (["a.txt", "A.txt"], ["a", "a/b"]):
        with pytest.raises(ValueError, match="names"):
            a_bag(tmp_path, given=[a_part(path, b"x", Role.ATTACHMENT) for path in two])
    with pytest.raises(ValueError, match="one path"):
        a_bag(tmp_path, given=[parts()[0], parts()[0]])


def test_what_the_writer_says_itself_nobody_else_says(tmp_path):
    for label in ("payload-oxum", "Bagging-Date", "Bag-Software-Agent", "a:b", " a", ""):
        with pytest.raises(ValueError, match="labels"):
            write_bag(tmp_path / "包", parts(), [(label, "x")], made=AT)


def test_a_package_has_files_a_name_and_a_moment(tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        a_bag(tmp_path, given=[])
    with pytest.raises(ValueError, match="name"):
        a_bag(tmp_path, name="aux")
    with pytest.raises(ValueError, match="zone"):
        a_bag(tmp_path, made=AT.replace(tzinfo=None))


# --- reading --------------------------------------------------------------------------------------------


@every_container
def test_a_bag_is_read_without_unpacking_it(tmp_path, container):
    written = a_bag(tmp_path, container)
    with Bag.open(written.path) as bag:
        assert bag.container is container
        assert bag.digest == written.digest
        assert dict(bag.info)["External-Identifier"] == NAME
        assert bag.manifests["manifest-sha256.txt"].digests == {f"data/{p.path}": p.sha256 for p in parts()}
        for part in parts():
            name = f"data/{part.path}"
            assert name in bag
            assert bag.size(name) == part.size
            with bag.read(name) as stream:
                assert stream.read(3) + stream.read() == part.source
        with pytest.raises(PackageUnreadable, match="没有这个文件"):
            bag.read("data/没有")
    assert left(tmp_path) == [written.path.name]


def test_reading_a_file_that_is_broken_raises(tmp_path):
    name = f"data/{parts()[0].path}"
    packed, folder = a_bag(tmp_path, Container.ZIP).path, a_bag(tmp_path).path
    packed.write_bytes(packed.read_bytes().replace(b"%PDF-1.7 opinion", b"%PDF-1.7 Opinion"))
    with Bag.open(packed) as bag, bag.read(name) as stream, pytest.raises(PackageUnreadable, match="CRC"):
        stream.read()
    with Bag.open(folder) as bag:
        (folder / name).write_bytes(b"")
        with bag.read(name) as stream, pytest.raises(PackageUnreadable, match="大小变了"):
            stream.read()
        (folder / name).unlink()
        (folder / name).symlink_to("/etc/passwd")
        with bag.read(name) as stream, pytest.raises(PackageUnreadable, match="符号链接"):
            stream.read()


# --- extracting -----------------------------------------------------------------------------------------


@every_container
def test_extracting_gives_the_bag_as_a_folder(tmp_path, container):
    written = a_bag(tmp_path, container)
    with Bag.open(written.path) as bag:
        folder = extract(bag, tmp_path / "取出")
    assert found(folder, written.digest) == ()
    judged(folder)
    assert dt.datetime.fromtimestamp((folder / "bagit.txt").stat().st_mtime, dt.UTC).date() == AT.date()


@every_container
def test_a_changed_file_is_not_extracted_nor_anything_else(tmp_path, container):
    written = a_bag(tmp_path, container)
    victim = written.path / f"data/{parts()[0].path}" if container is Container.FOLDER else written.path
    victim.write_bytes(victim.read_bytes().replace(b"%PDF-1.7 opinion", b"%PDF-1.7 Opinion"))
    with Bag.open(written.path) as bag, pytest.raises(PackageUnreadable):
        extract(bag, tmp_path / "取出")
    assert left(tmp_path) == [written.path.name]


def test_a_folder_that_is_there_is_not_extracted_into(tmp_path):
    (tmp_path / "有人").mkdir()
    with Bag.open(a_bag(tmp_path).path) as bag, pytest.raises(FolderInTheWay):
        extract(bag, tmp_path / "有人")


# --- many and big ---------------------------------------------------------------------------------------


@every_container
def test_ten_thousand_files(tmp_path, container):
    many = [
        a_part(f"附件/{n % 100:02}/{n:05}-来信.txt", f"{n}".encode(), Role.ATTACHMENT) for n in range(10_000)
    ]
    written = a_bag(tmp_path, container, given=many)
    assert written.files == 10_000
    assert found(written.path, written.digest, jobs=2) == ()


def test_a_zip_of_more_files_than_its_old_form_can_count(tmp_path):
    place = tmp_path / "many.zip"
    place.touch()
    names = tuple(f"{n:05}" for n in range(0x10001))
    with ZipSink(place, "包", stamp_of(AT)) as sink:
        for name in names:
            sink.add(name, 0, [])
        sink.finish()
    with zipfile.ZipFile(place) as package:
        assert package.namelist() == [f"包/{name}" for name in names]
    with ZipStore(place) as store:
        assert store.flaws == ()
        assert store.form(tuple(f"包/{name}" for name in names)) == []


BIG = 256 << 20
_MEASURED = """
import sys
from pathlib import Path, PurePosixPath
from tests.archive.packages import AT, PDF
from xfdocs.archive.bag import Bag, Container, check_bag, write_bag
from xfdocs.archive.model import Part, Role
def most():
    # what the system counts for a child (ru_maxrss) includes who started it
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
folder, container, size, digest = Path(sys.argv[1]), Container(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
part = Part(path=PurePosixPath("录像.mp4"), source=folder / "sparse", role=Role.ATTACHMENT, format=PDF, size=size, sha256=digest)
before = most()
written = write_bag(folder / "包", [part], [], made=AT, container=container)
with Bag.open(written.path) as bag:
    assert check_bag(bag, digest=written.digest) == ()
if container is Container.ZIP:  # the end says that the directory is the whole zip
    with written.path.open("r+b") as file:
        file.seek(-10, 2)
        file.write((written.path.stat().st_size - 22).to_bytes(4, "little"))
    with Bag.open(written.path) as bag:
        assert "container-broken" in {one.code for one in check_bag(bag)}
print(before, most())
"""


@packed
def test_a_big_file_takes_no_memory(tmp_path, container):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(BIG)
    known = hashlib.sha256()
    for _ in range(BIG // CHUNK):
        known.update(bytes(CHUNK))
    told = subprocess.run(
        [sys.executable, "-c", _MEASURED, tmp_path, container, str(BIG), known.hexdigest()],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, check=True, text=True,
    ).stdout.split()  # fmt: skip
    before, most = (int(kilobytes) * 1024 for kilobytes in told)
    assert most < 200 << 20
    assert most - before < 16 << 20
    shutil.rmtree(tmp_path)
