"""A package gives a case back: the record, its documents and attachments, and the rows of the register."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import pytest

from tests.archive.offices import (
    CLOSED,
    REOPENED,
    archive_office,
    clock_at,
    closed_early,
    faults,
    files_of,
    issued,
    packed,
    record_of,
    reviewed,
    with_settings,
)
from tests.production.desks import entries
from xfdocs.archive.bag import Bag
from xfdocs.archive.packing import Packing
from xfdocs.archive.restoring import newest_first, restore
from xfdocs.archive.shelf import packages_at
from xfdocs.errors import OrderDiffers, PackageUnsafe, RestoreInTheWay
from xfdocs.office import Office
from xfdocs.register.register import Register

BEFORE = "YZ-20260706-0012"
"""With attachments and a 件号 from before this program."""
CASES = (BEFORE, *CLOSED)
KEPT = ("xfdocs.toml", "retention.toml")


def made(folder: Path, archive: str = "") -> Office:
    """An office with packages of all its cases."""
    with clock_at():
        office = archive_office(folder, CASES, archive=archive)
        issued(office)
        assert {one.state for one in packed(office)} == {Packing.PACKED}
    return office


@pytest.fixture(scope="module")
def packed_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("packed") / "office").folder


def wiped(office: Path, folder: Path) -> tuple[Office, Path]:
    """An office that has lost everything but its settings, and its packages somewhere else."""
    folder.mkdir(parents=True)
    for name in KEPT:
        shutil.copy(office / name, folder / name)
    (folder / "cases").mkdir()
    shutil.copytree(office / "archive", folder.parent / "safe")
    return Office.open(folder), folder.parent / "safe"


@pytest.fixture
def lost(packed_office: Path, tmp_path: Path) -> tuple[Office, Path]:
    return wiped(packed_office, tmp_path / "office")


def rows(office: Office) -> list[dict[str, object]]:
    """What the register says, in one order: 登记号 are new."""
    return sorted(entries(office), key=lambda row: (row["case"], row["kind"], row["event"], row["ordinal"]))


def test_an_office_that_has_lost_everything_is_as_it_was(packed_office, lost):
    office, safe = lost
    for package in packages_at([safe]):
        restore(package, office)
    assert files_of(office.folder) == files_of(packed_office)
    assert rows(office) == rows(Office.open(packed_office))
    assert faults(office) == []
    issued(office)
    assert {one.state for one in packed(office)} == {Packing.EXISTING}
    assert files_of(office.folder) == files_of(packed_office)
    assert faults(office) == []


def test_restoring_twice_does_nothing_the_second_time(lost):
    office, safe = lost
    [package] = packages_at([next(safe.rglob("*D30-0001"))])
    first = restore(package, office)
    assert first.case in CLOSED
    assert first.files > 3
    assert first.entries > 1
    before = files_of(office.folder), rows(office)
    second = restore(package, office)
    assert (second.files, second.entries) == (0, 0)
    assert (files_of(office.folder), rows(office)) == before
    third = restore(office.folder / "archive" / "2026" / package.name, office)
    assert (third.files, third.entries) == (0, 0)


def test_packages_come_back_in_any_order_and_the_next_number_is_behind_them(packed_office, lost):
    office, safe = lost
    packages = packages_at([safe])
    random.Random(5).shuffle(packages)
    for package in packages:
        restore(package, office)
    assert rows(office) == rows(Office.open(packed_office))
    assert faults(office) == []
    other = archive_office(office.folder.parent / "other", ["YZ-20260316-0041"])
    shutil.copy(record_of(other, "YZ-20260316-0041"), record_of(office, "YZ-20260316-0041"))
    issued(office)
    [one] = [one for one in packed(office) if one.state is Packing.PACKED]
    last = max(n for row in rows(office) if (n := str(row["number"])).startswith("Y012-ZY·XF·2026·D30-"))
    given = {n for row in rows(Office.open(packed_office)) if (n := str(row["number"]))}
    assert not given & set(one.numbers)
    if "D30" in one.numbers[0]:
        assert one.numbers == (last,) == ("Y012-ZY·XF·2026·D30-0003",)
    assert faults(office) == []


@pytest.mark.parametrize("missing", [0, 1])
def test_what_comes_back_in_part_still_verifies(lost, missing):
    office, safe = lost
    packages = packages_at([safe])
    del packages[missing]
    for package in reversed(packages):
        restore(package, office)
    assert faults(office) == []


@pytest.mark.parametrize("container", ["zip", "tar"])
def test_a_package_in_one_file_gives_everything_back(tmp_path, container):
    before = made(tmp_path / "first" / "office", f'container = "{container}"')
    office, safe = wiped(before.folder, tmp_path / "second" / "office")
    packages = packages_at([safe])
    assert {path.suffix for path in packages} == {f".{container}"}
    for package in packages:
        restore(package, office)
    assert files_of(office.folder) == files_of(before.folder)
    assert rows(office) == rows(before)
    assert faults(office) == []


def test_a_case_of_several_volumes_comes_back_with_all_of_them(tmp_path):
    with clock_at():
        before = archive_office(tmp_path / "first" / "office", [BEFORE, CLOSED[0]], archive="pages = 2")
        issued(before, formats=("pdf",))
        packed(before)
    office, safe = wiped(before.folder, tmp_path / "second" / "office")
    for package in packages_at([safe]):
        restore(package, office)
    assert files_of(office.folder) == files_of(before.folder)
    assert rows(office) == rows(before)
    assert faults(office) == []


# --- what is in the way -----------------------------------------------------------------------------------


def test_a_file_that_differs_stops_it_and_nothing_is_written(packed_office, lost):
    office, safe = lost
    restore(next(safe.rglob("*D30-0002")), office)
    case = CLOSED[0]
    note = f"archive/2026/整理记录/{case}-1.json"
    letter = next((packed_office / "issued" / case).glob("*.docx")).name
    for place in (f"cases/{case}.xml", f"issued/{case}/{letter}", note):
        path = office.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"another")
        before = files_of(office.folder), rows(office)
        with pytest.raises(RestoreInTheWay, match=path.name):
            restore(next(safe.rglob("*D30-0001")), office)
        assert (files_of(office.folder), rows(office)) == before
        path.unlink()
    restore(next(safe.rglob("*D30-0001")), office)
    assert faults(office) == []


def test_another_package_in_its_place_stops_it(packed_office, lost):
    office, safe = lost
    package = next(safe.rglob("*D30-0001"))
    other = next(safe.rglob("*D30-0002"))
    place = office.folder / "archive" / "2026" / package.name
    shutil.copytree(other, place)
    before = files_of(office.folder)
    with pytest.raises(RestoreInTheWay, match="D30-0001"):
        restore(package, office)
    assert files_of(office.folder) == before


def test_a_number_that_another_case_has_stops_it_before_a_file_is_written(packed_office, lost):
    office, safe = lost
    other = archive_office(office.folder.parent / "other", [CLOSED[1]])
    issued(other)
    assert [one.numbers for one in packed(other)] == [("Y012-ZY·XF·2026·D30-0001",)]
    shutil.rmtree(other.folder / "archive")  # the register still knows it
    before = files_of(other.folder), rows(other)
    with pytest.raises(RestoreInTheWay, match=f"D30-0001 在登记库里是 {CLOSED[1]} 的"):
        restore(next(safe.rglob("*D30-0001")), other)
    assert (files_of(other.folder), rows(other)) == before


def test_a_number_beyond_those_in_use_stops_it(lost):
    """Whoever has gone on counting must not be given what comes after."""
    office, safe = lost
    other = archive_office(office.folder.parent / "other", [CLOSED[1]])
    issued(other)
    assert [one.numbers for one in packed(other)] == [("Y012-ZY·XF·2026·D30-0001",)]
    shutil.rmtree(other.folder / "cases")
    shutil.rmtree(other.folder / "issued" / CLOSED[1])
    with Register.open(other) as register:
        for entry in list(register.entries()):
            if entry.kind != "case-volume":
                register.void(entry.id, "重来")
    before = files_of(other.folder)
    with pytest.raises(RestoreInTheWay):
        restore(next(safe.rglob("*D30-0002")), other)
    assert files_of(other.folder) == before


@pytest.mark.parametrize(
    "name", ["data/METS.xml", "manifest-sha256.txt", "data/representations/original/data/案件记录.xml"]
)
def test_a_damaged_package_gives_nothing(lost, name):
    office, safe = lost
    package = next(safe.rglob("*D30-0001"))
    path = package / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    before = files_of(office.folder)
    with pytest.raises(PackageUnsafe):
        restore(package, office)
    assert files_of(office.folder) == before


# --- versions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shuffled", [False, True])
def test_of_a_case_packed_twice_the_last_version_gives_the_record_and_both_lie_there(tmp_path, shuffled):
    with clock_at():
        before = archive_office(tmp_path / "first" / "office", [REOPENED])
        closed_early(before)
        issued(before)
        packed(before)
        reviewed(before)
        issued(before)
        assert packed(before)[0].version == 2
    office, safe = wiped(before.folder, tmp_path / "second" / "office")
    packages = packages_at([safe])
    assert len(packages) == 2
    for package in newest_first(reversed(packages) if shuffled else packages):
        restore(package, office)
    assert files_of(office.folder) == files_of(before.folder)
    assert rows(office) == rows(before)
    assert faults(office) == []
    assert [(one.state, one.version) for one in packed(office)] == [(Packing.EXISTING, 2)]


def test_the_rules_of_the_year_come_back_so_that_it_is_filed_on_in_one_way(lost):
    office, safe = lost
    for package in packages_at([safe]):
        restore(package, office)
    path = record_of(office, CLOSED[0])
    path.write_text(path.read_text("utf-8").replace("补发8个月", "补发9个月"), "utf-8")
    with pytest.raises(OrderDiffers):
        packed(with_settings(office, 'order = "envelope-first"'))


def test_where_a_package_lies_is_no_part_of_it(lost):
    office, safe = lost
    package = next(safe.rglob("*D30-0001"))
    moved = safe.parent / "别的名字"
    package.rename(moved)
    restore(moved, office)
    place = office.folder / "archive" / "2026" / "Y012-ZY·XF·2026·D30-0001"
    assert Bag.open(place).digest == Bag.open(moved).digest
    with Register.open(office) as register:
        proof = next(f for e in register.entries() for f in e.files if f.format == "bag")
    assert hashlib.sha256((office.folder / proof.path).read_bytes()).hexdigest() == proof.sha256
