"""Closed cases become packages, each once, with their numbers; and what was packed stays as it is."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tests.archive.offices import (
    CLOSED,
    LATER,
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
)  # fmt: skip
from tests.engines import take_away
from tests.production.desks import SAMPLES, TODAY, entries
from xfdocs.archive import filing, packing
from xfdocs.archive.bag import Bag, check_bag
from xfdocs.archive.inventory import inventory_of
from xfdocs.archive.packing import Packing
from xfdocs.errors import ArchiveUnset, LibraryMissing, OrderDiffers, RetentionMissing
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.record.schema import qualified
from xfdocs.register.faults import Trouble
from xfdocs.register.register import Register

BEFORE = {"YZ-20180502-0003": "Y012-ZY·XF·2018·D10-0019", "YZ-20260706-0012": "Y012-ZY·XF·2026·D10-0137"}
"""Cases that had their 件号 before this program."""
OPEN = "YZ-20260914-0025"
ALL = (*BEFORE, *CLOSED, OPEN)


@pytest.fixture(scope="module")
def issued_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose documents are issued and nothing is packed."""
    with clock_at():
        office = archive_office(tmp_path_factory.mktemp("issued") / "office", ALL)
        issued(office)
    return office.folder


@pytest.fixture
def office(issued_office: Path, tmp_path: Path) -> Office:
    shutil.copytree(issued_office, tmp_path / "office")
    return Office.open(tmp_path / "office")


def bag_of(office: Office, package: str) -> Bag:
    return Bag.open(office.folder / package)


def numbers(office: Office) -> list[str]:
    return [str(row["number"]) for row in entries(office) if row["kind"] == "case-volume"]


def without_archive(data: bytes) -> bytes:
    """A record as if nothing of the archive were in it, in one form."""
    root = etree.fromstring(data)
    for node in root.findall(qualified("归档")):
        root.remove(node)
    return etree.canonicalize(etree.tostring(root), strip_text=True).encode()


def test_every_closed_case_becomes_a_package_that_is_whole_and_is_told_to_its_record(office):
    records = {case: record_of(office, case).read_bytes() for case in ALL}
    outcomes = {one.case: one for one in packed(office)}
    assert {case: one.state for case, one in outcomes.items()} == {
        **dict.fromkeys((*BEFORE, *CLOSED), Packing.PACKED),
        OPEN: Packing.WAITING,
    }
    for case in (*BEFORE, *CLOSED):
        one = outcomes[case]
        bag = bag_of(office, one.package)
        assert not check_bag(bag)
        assert (bag.digest, one.version) == (one.digest, 1)
        with bag.read("data/representations/original/data/案件记录.xml") as stream:
            assert stream.read() == record_of(office, case).read_bytes()
    assert record_of(office, OPEN).read_bytes() == records[OPEN]
    for case, number in BEFORE.items():
        assert outcomes[case].numbers == (number,)
        assert record_of(office, case).read_bytes() == records[case], "it said so before"
    for case in CLOSED:
        now, before = record_of(office, case).read_bytes(), records[case]
        start = now.index("\n  <归档>".encode())
        end = now.index("</归档>".encode()) + len("</归档>".encode())
        assert now[:start] + now[end:] == before
        assert f"<件号>{outcomes[case].numbers[0][-4:]}</件号>" in now.decode()
    assert faults(office) == []


def test_numbers_are_continuous_and_begin_behind_those_used_before(office):
    office = with_settings(office, used={"Y012-ZY·XF·2026·D30-": 57})
    found = {one.case: one.numbers for one in packed(office) if one.state is Packing.PACKED}
    assert [found[case] for case in CLOSED] == [("Y012-ZY·XF·2026·D30-0058",), ("Y012-ZY·XF·2026·D30-0059",)]
    assert numbers(office).count("") == len(BEFORE)
    assert faults(office) == []


def test_a_second_run_does_nothing(office):
    first = packed(office)
    before, head = files_of(office.folder), len(entries(office))
    again = packed(office)
    assert [one.state for one in again].count(Packing.EXISTING) == len(BEFORE) + len(CLOSED)
    told = [(one.case, one.numbers, one.package, one.digest, one.version) for one in again]
    assert told == [(one.case, one.numbers, one.package, one.digest, one.version) for one in first]
    assert files_of(office.folder) == before
    assert len(entries(office)) == head


def test_without_what_prints_labels_no_number_is_taken_and_what_is_packed_is_told_all_the_same(
    office, monkeypatch
):
    before = numbers(office)
    with monkeypatch.context() as patch:
        take_away(PdfBy.WEASYPRINT, patch)
        with pytest.raises(LibraryMissing, match="缺少 Pango"):
            packed(Office.open(office.folder))
    assert numbers(office) == before == []
    assert not list((office.folder / "archive").rglob("bagit.txt"))
    packed(office)
    take_away(PdfBy.WEASYPRINT, monkeypatch)
    again = {one.state for one in packed(Office.open(office.folder))}
    assert again == {Packing.EXISTING, Packing.WAITING}


def test_the_same_office_packed_in_two_folders_gives_the_same_bytes_however_many_processes_work(
    issued_office, tmp_path
):
    left = []
    for jobs in (1, 2):
        shutil.copytree(issued_office, tmp_path / f"{jobs}" / "office")
        office = Office.open(tmp_path / f"{jobs}" / "office")
        with clock_at("2027-11-23T02:00:00Z"):
            assert [one.state for one in packed(office, jobs=jobs)].count(Packing.PACKED) == 4
        left.append((files_of(office.folder), entries(office)))
    assert left[0] == left[1]
    assert any(name.endswith("METS.xml") for name in left[0][0])


@pytest.mark.parametrize("container", ["zip", "tar"])
def test_a_package_may_be_one_file_and_has_the_same_identity(office, tmp_path, container):
    shutil.copytree(office.folder, tmp_path / "other")
    single = with_settings(Office.open(tmp_path / "other"), f'container = "{container}"')
    with clock_at():
        one, other = packed(office), packed(single)
    assert [a.digest for a in one] == [b.digest for b in other]
    for a, b in zip(one, other, strict=True):
        if a.state is Packing.PACKED:
            assert b.package == f"{a.package}.{container}"
            assert not check_bag(bag_of(single, b.package))
    assert faults(single) == []
    assert {one.state for one in packed(single)} == {Packing.EXISTING, Packing.WAITING}


def test_digests_by_sha512_are_added_where_the_office_wants_them(office):
    office = with_settings(office, "sha512 = true")
    one = next(one for one in packed(office) if one.state is Packing.PACKED)
    assert {"manifest-sha256.txt", "manifest-sha512.txt"} <= set(bag_of(office, one.package).manifests)
    assert not check_bag(bag_of(office, one.package))


def test_a_case_may_be_one_item_instead_of_a_volume(office):
    office = with_settings(office, 'model = "件"\nunit = "BGS"')
    found = {one.case: one for one in packed(office)}
    one = found[CLOSED[0]]
    assert one.numbers == ("Y012-WS·2026-D30-BGS-0001",)
    with bag_of(office, one.package).read("data/metadata/descriptive/dat46.xml") as stream:
        assert "归档文件目录" in stream.read().decode()
    assert faults(office) == []


def test_a_thick_case_becomes_several_volumes_that_follow_each_other(tmp_path):
    office = archive_office(tmp_path / "office", CLOSED, archive="pages = 2")
    issued(office, formats=("pdf",))
    found = {one.case: one for one in packed(office)}
    first, second = (found[case].numbers for case in CLOSED)
    assert len(first) > 1
    count = len(first) + len(second)
    assert [*first, *second] == [f"Y012-ZY·XF·2026·D30-{n:04}" for n in range(1, count + 1)]
    assert f"<件号>0001-{len(first):04}</件号>" in record_of(office, CLOSED[0]).read_text("utf-8")
    beside = sorted(path.name for path in (office.folder / "archive" / "2026").glob("*D30-0001-*.pdf"))
    assert len(beside) == len(first)
    assert faults(office) == []
    assert {one.state for one in packed(office)} == {Packing.EXISTING}
    with record_of(office, CLOSED[0]).open("r+", encoding="utf-8") as file:
        text = file.read().replace("补发8个月差额2304元", "补发8个月差额2305元")
        file.seek(0)
        file.write(text)
        file.truncate()
    again = packed(office)[0]
    assert (again.version, again.numbers) == (2, first), "it keeps its numbers"
    assert faults(office) == []


# --- what is not packed -----------------------------------------------------------------------------------


def test_what_keeps_a_case_from_being_packed_is_said_and_no_number_is_taken(office):
    (office.folder / "cases" / "YZ-20260706-0012-附件" / "照片1.png").unlink()
    record_of(office, "YZ-20180502-0003").write_text("<信访事项/>", "utf-8")
    path = record_of(office, CLOSED[0])
    document = next((office.folder / "issued" / CLOSED[0]).glob("*.docx"))
    document.write_bytes(document.read_bytes() + b" ")
    found = {one.path.stem: one for one in packed(office)}
    refused = {name for name, one in found.items() if one.state is Packing.REFUSED}
    assert refused == {"YZ-20260706-0012", "YZ-20180502-0003", CLOSED[0]}
    assert "validate" in found["YZ-20260706-0012"].why
    assert "validate" in found["YZ-20180502-0003"].why
    assert f"{document.name} 与记录中的摘要不一致" in found[CLOSED[0]].why
    assert "<归档>" not in path.read_text("utf-8")
    assert numbers(office) == ["Y012-ZY·XF·2026·D30-0001"]


def test_documents_that_are_not_issued_to_the_end_come_first(office):
    with Register.open(office) as register:
        entry = next(one for one in register.entries(case=CLOSED[0]))
        register.void(entry.id, "打印错误")
    [one] = [one for one in packed(office) if one.case == CLOSED[0]]
    assert (one.state, "xfdocs issue all" in one.why) == (Packing.REFUSED, True)


def test_an_office_without_what_it_must_settle_packs_nothing(office):
    retention = office.folder / "retention.toml"
    text = retention.read_text("utf-8")
    retention.write_text(text.replace("approved = true", "approved = false"), "utf-8")
    with pytest.raises(RetentionMissing):
        packed(office)
    retention.unlink()
    with pytest.raises(RetentionMissing):
        packed(office)
    retention.write_text(text, "utf-8")
    with pytest.raises(ArchiveUnset):
        packed(with_settings(office, 'fonds = ""'))
    assert not (office.folder / "archive").exists()


@pytest.mark.parametrize("change", ['order = "envelope-first"', 'model = "件"', 'fonds = "Y013"'])
def test_a_year_is_filed_in_one_way(office, change):
    packed(office, paths=[record_of(office, CLOSED[0])])
    changed = with_settings(office, change)
    with pytest.raises(OrderDiffers):
        packed(changed, paths=[record_of(office, CLOSED[1])])
    assert numbers(office) == ["Y012-ZY·XF·2026·D30-0001"]


# --- what changes meanwhile, or afterwards ----------------------------------------------------------------


def test_a_record_that_somebody_changes_while_it_is_packed_is_not_written_over_and_is_mended_by_the_next_run(
    office, monkeypatch
):
    path = record_of(office, CLOSED[0])
    real = packing.make
    changed = path.read_bytes().replace("评价 ".encode(), "评价  ".encode())

    def make(task):
        made = real(task)
        path.write_bytes(changed)
        return made

    monkeypatch.setattr(packing, "make", make)
    [one] = packed(office, paths=[path])
    assert (one.state, one.version) == (Packing.PACKED, 1)
    assert path.name in one.why
    assert path.read_bytes() == changed
    assert {fault.trouble for fault in faults(office)} == {Trouble.UNCONFIRMED}
    monkeypatch.undo()
    [again] = packed(office, paths=[path])
    assert (again.version, again.why) == (2, "")
    assert "<归档>" in path.read_text("utf-8")
    assert faults(office) == []


def test_a_record_whose_archive_part_was_taken_out_gets_it_again(office):
    path = record_of(office, CLOSED[0])
    before = path.read_bytes()
    packed(office, paths=[path])
    after = path.read_bytes()
    path.write_bytes(before)
    [one] = packed(office, paths=[path])
    assert (one.state, one.version, path.read_bytes()) == (Packing.EXISTING, 1, after)


def test_a_note_that_was_touched_is_told_and_no_version_is_made_of_a_guess(office):
    path = record_of(office, CLOSED[0])
    packed(office, paths=[path])
    note = next((office.folder / "archive").glob("*/整理记录/*.json"))
    note.write_bytes(note.read_bytes() + b"\n")
    [one] = packed(office, paths=[path])
    assert (one.state, note.name in one.why) == (Packing.REFUSED, True)
    assert len(list((office.folder / "archive" / "2026").glob("*/bagit.txt"))) == 1


def test_a_case_opened_again_gets_a_further_version_that_names_the_one_before(tmp_path):
    office = archive_office(tmp_path / "office", [REOPENED])
    closed_early(office)
    issued(office)
    [first] = packed(office)
    assert (first.state, first.version) == (Packing.PACKED, 1), first.why
    lies = files_of(office.folder / first.package)
    reviewed(office)
    issued(office)
    [second] = packed(office)
    assert (second.state, second.version, second.numbers) == (Packing.PACKED, 2, first.numbers), second.why
    assert second.package == f"{first.package}-v2"
    assert files_of(office.folder / first.package) == lies
    assert ("Predecessor-Tagmanifest-SHA256", first.digest) in bag_of(office, second.package).info
    for one in (first, second):
        bag = bag_of(office, one.package)
        assert (check_bag(bag), bag.digest) == ((), one.digest)
    with bag_of(office, second.package).read("data/representations/original/data/案件记录.xml") as stream:
        assert "复查申请" in stream.read().decode()
    assert faults(office) == []
    [third] = packed(office)
    assert (third.state, third.version, third.digest) == (Packing.EXISTING, 2, second.digest)


def test_the_package_holds_what_the_register_says_without_naming_runs(office):
    [one] = packed(office, paths=[record_of(office, CLOSED[0])])
    with bag_of(office, one.package).read("data/metadata/other/登记.json") as stream:
        extract = json.loads(stream.read())
    assert {row["run"] for row in extract["entries"]} == {""}
    assert [row["number"] for row in extract["entries"]][-1] == one.numbers[0]
    assert extract["filed"]["numbers"] == list(one.numbers)


def test_the_samples_are_what_these_tests_take_them_for():
    assert TODAY < LATER
    assert all((SAMPLES / "cases" / f"{case}.xml").is_file() for case in (*ALL, REOPENED))


def test_a_volume_reaches_from_its_first_paper_to_its_last_even_one_after_the_end_of_the_case(
    office, monkeypatch
):
    """A register form may be made after a case was withdrawn, and 反馈 may follow 结案 into the next year."""
    real = filing._material

    def later(filed, *rest):
        return replace(real(filed, *rest), date=dt.date(2027, 3, 1))

    monkeypatch.setattr(filing, "_material", later)
    assert {one.state for one in packed(office)} <= {Packing.PACKED, Packing.WAITING}
    (folder, *_) = sorted((office.folder / "archive").glob("2026/*/bagit.txt"))
    bag = Bag.open(folder.parent)
    package = inventory_of(lambda name: bag.read(f"data/{name}").read())
    assert [volume.last for volume in package.volumes] == [dt.date(2027, 3, 1)] * len(package.volumes)
