"""四性检测 of packages in every state of ruin: nothing is raised, nothing unchecked passes, nothing personal is told."""

from __future__ import annotations

import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.archive.checked import (
    DAT46,
    INDEX,
    METS,
    ON,
    PREMIS,
    RECORD,
    Bench,
    a_copy,
    a_pdf,
    checked,
    failures,
    part,
    rebagged,
    results,
    retagged,
    the_package,
)
from xfdocs.archive.bag import Bag, Container
from xfdocs.archive.checks import running
from xfdocs.archive.checks.items import checklist, read_checklist
from xfdocs.archive.checks.model import By, Known, Result, Terms, Verdict
from xfdocs.archive.checks.running import verify_package
from xfdocs.archive.model import Material, Role
from xfdocs.errors import ChecksInvalid, LibraryMissing
from xfdocs.resources import shipped

PERSONAL = ("上官云舟", "船台路27号", "19900001036", "修理铺", "老船厂", "秦世安", "崔浩然")
"""What stands in the record and in titles, and in no detail."""


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    return Bench().written(tmp_path_factory.mktemp("good"))


def details(found) -> str:
    return "\n".join(one.detail for one in found.checks)


# --- ruin -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [DAT46, METS, PREMIS, RECORD, INDEX])
@pytest.mark.parametrize("seed", range(12))
def test_a_document_that_is_garbled_is_told_and_nothing_is_raised(good, tmp_path, name, seed):
    """Its digests are made to match: whoever checks must look at what stands there."""
    chance = random.Random(f"{name} {seed}")
    bag = a_copy(good, tmp_path)
    path = bag / "data" / name
    data = bytearray(path.read_bytes())
    match seed % 4:
        case 0:
            data = data[: chance.randrange(len(data))]
        case 1:
            for _ in range(20):
                data[chance.randrange(len(data))] = chance.randrange(256)
        case 2:
            at, to = sorted(chance.randrange(len(data)) for _ in range(2))
            del data[at:to]
        case _:
            values = [m.span(1) for m in re.finditer(rb">([^<>\s][^<>]*)<", bytes(data))] or [(0, 1)]
            for begin, end in sorted(chance.sample(values, min(4, len(values))), reverse=True):
                data[begin:end] = chance.choice(
                    [b"", b"\xe6\x97\xa0", b"-1", b"99999999999999999999", b"x" * 999]
                )
    path.write_bytes(bytes(data))
    found = checked(rebagged(bag))
    assert "没有预料到" not in details(found)
    assert not [word for word in PERSONAL if word in details(found)]
    assert found.verdict is not Verdict.INTACT


@pytest.mark.parametrize(
    "name", ["METS.xml", "metadata/descriptive/dat46.xml", "metadata/preservation/premis.xml"]
)
def test_a_package_without_its_metadata_is_broken(good, tmp_path, name):
    bag = a_copy(good, tmp_path)
    (bag / "data" / name).unlink()
    found = checked(rebagged(bag))
    assert {"KY-01", "WZ-16"} <= failures(found)
    assert "没有预料到" not in details(found)


def test_an_empty_folder_a_file_and_nothing_are_no_packages(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.zip").write_bytes(b"PK\x03\x04")
    for name, verdict in (
        ("folder", Verdict.BROKEN),
        ("file.zip", Verdict.BROKEN),
        ("absent", Verdict.UNDETERMINED),
    ):
        found = checked(tmp_path / name)
        assert found.verdict is verdict, name
        assert "没有预料到" not in details(found)
        assert results(found)["ZS-02"] is not Result.PASS


def test_a_truncated_zip_is_broken(tmp_path):
    path = Bench().written(tmp_path, container=Container.ZIP)
    path.write_bytes(path.read_bytes()[:-500])
    found = checked(path)
    assert found.verdict is Verdict.BROKEN
    assert "没有预料到" not in details(found)


def test_a_zip_packed_by_a_method_that_cannot_be_read_fails_that_item(good, tmp_path):
    bag = a_copy(good, tmp_path)
    info = bag / "bag-info.txt"
    info.write_text(info.read_text("utf-8").replace("xfdocs; form 1", "somebody"), "utf-8")
    retagged(bag)
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as made:
        for file in sorted(p for p in bag.rglob("*") if p.is_file()):
            strange = file.name == "说明.txt"
            method = zipfile.ZIP_LZMA if strange else zipfile.ZIP_DEFLATED
            made.write(file, f"package/{file.relative_to(bag).as_posix()}", method)
    found = checked(path)
    assert {"KY-07", "ZS-01"} <= failures(
        found
    )  # what cannot be unpacked cannot be compared, and counts as missing
    assert found.verdict is Verdict.BROKEN
    assert results(checked(good))["KY-07"] is Result.PASS


@pytest.mark.parametrize("container", Container)
def test_any_byte_that_changes_is_found(tmp_path, container):
    chance = random.Random(f"flips {container}")
    path = Bench().written(tmp_path, container=container)
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files * (25 if len(files) == 1 else 1):
        data = file.read_bytes()
        at = chance.randrange(len(data))
        file.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        assert checked(path).verdict is Verdict.BROKEN, (file.name, at)
        file.write_bytes(data)
    assert checked(path).verdict is Verdict.INTACT


def test_a_big_file_inside_a_zip_is_looked_at_in_a_copy_that_goes_away(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("xfdocs.archive.checks.subject._IN_MEMORY", 500)
    path = Bench().written(tmp_path, container=Container.ZIP)
    found = checked(path)
    assert failures(found) == set()
    assert found.verdict is Verdict.INTACT
    assert list((tmp_path / "temporary").iterdir()) == []


# --- what could not be done -------------------------------------------------------------------------------


def test_what_the_machine_lacks_is_told_and_leaves_the_package_undetermined(good, monkeypatch):
    def lacks(subject):
        raise LibraryMissing(library="pypdfium2", what="读 PDF", mend="请安装。")

    monkeypatch.setitem(running.CHECKS, "KY-05", lacks)
    found = checked(good)
    (one,) = [one for one in found.checks if one.id == "KY-05"]
    assert (one.result, one.prevented) == (Result.NOT_CHECKED, True)
    assert "pypdfium2" in one.detail
    assert found.verdict is Verdict.UNDETERMINED


def test_a_slip_of_ours_is_told_without_what_it_quotes_and_the_others_go_on(good, monkeypatch):
    def slips(subject):
        raise ValueError("上官云舟")

    before = len(checked(good).of(Result.PASS))
    monkeypatch.setitem(running.CHECKS, "KY-05", slips)
    found = checked(good)
    (one,) = [one for one in found.checks if one.id == "KY-05"]
    assert (one.result, one.prevented) == (Result.NOT_CHECKED, True)
    assert "上官云舟" not in one.detail
    assert "ValueError" in one.detail
    assert found.verdict is Verdict.UNDETERMINED
    assert len(found.of(Result.PASS)) == before - 1


def test_a_failure_outweighs_what_could_not_be_checked(good, tmp_path, monkeypatch):
    def lacks(subject):
        raise LibraryMissing(library="x", what="y", mend="z")

    monkeypatch.setitem(running.CHECKS, "KY-05", lacks)
    bag = a_copy(good, tmp_path)
    (bag / "data/new.txt").write_bytes(b"x")
    assert checked(bag).verdict is Verdict.BROKEN


def test_without_an_office_its_rules_are_not_asked_and_the_package_is_intact(good):
    found = verify_package(good, on=ON)
    assert results(found)["ZS-19"] is Result.NOT_CHECKED
    assert found.verdict is Verdict.INTACT


# --- many things ------------------------------------------------------------------------------------------


def test_of_many_troubles_twenty_are_named_and_the_rest_counted(good, tmp_path):
    bag = a_copy(good, tmp_path)
    for n in range(57):
        (bag / f"data/new{n:02}.txt").write_bytes(b"")
    (one,) = [one for one in checked(rebagged(bag)).checks if one.id == "WZ-14"]
    assert one.detail.count("是空文件") == 20
    assert one.detail.endswith("另有 37 处")


def test_a_second_version_names_the_first_everywhere(good, tmp_path):
    with Bag.open(good) as first:
        identity = first.digest
    second = the_package(version=2, predecessor=identity)
    path = Bench(second, info={"Previous-Version": identity}).written(tmp_path)
    fine = checked(path, known=Known(previous=identity))
    assert failures(fine) == set()
    assert results(fine)["ZS-20"] is Result.PASS
    assert failures(checked(path, known=Known(previous="0" * 64))) == {"ZS-20"}
    path = Bench(second, info={"Previous-Version": "1" * 64}).written(tmp_path, "other")
    assert failures(checked(path)) == {"ZS-20"}


def test_an_office_may_have_a_form_of_number_of_its_own(good):
    own, stranger = r"J021-ZY·XF·01·[0-9]{4}·D30-[0-9]{4}", r"云信档〔[0-9]{4}〕[0-9]+号"
    assert failures(checked(good, terms=Terms(number=own))) == set()
    assert failures(checked(good, terms=Terms(number=stranger))) == {"ZS-09"}


def test_a_number_that_contradicts_the_metadata_is_found(tmp_path):
    assert failures(checked(Bench(the_package(retention="D10")).written(tmp_path))) == {"ZS-09"}


def test_two_volumes_are_checked_each(tmp_path):
    package = the_package()
    first = package.volumes[0]
    letter = part("representations/original/data/附件/07-来信.pdf", a_pdf(4, "来信"), Role.ATTACHMENT)
    only = Material(
        seq=1, title="来信", group="other", pages=4, first_page=1, original="原件", parts=(letter,)
    )
    second = replace(first, seq=2, number=f"{first.number[:-1]}2", materials=(only,))
    assert failures(checked(Bench(replace(package, volumes=(first, second))).written(tmp_path, "a"))) == set()
    wrong = replace(second, seq=3)
    assert "WZ-10" in failures(
        checked(Bench(replace(package, volumes=(first, wrong))).written(tmp_path, "b"))
    )


# --- the list ---------------------------------------------------------------------------------------------


def test_every_item_says_how_it_is_checked_and_how_far_it_is_verified():
    items = checklist().items
    assert len({item.title for item in items}) == len(items)
    assert all(item.how and item.source and item.verified for item in items)
    assert {item.nature.value for item in items} == {"真实性", "完整性", "可用性", "安全性"}
    prefixes = {"ZS": "真实性", "WZ": "完整性", "KY": "可用性", "AQ": "安全性"}
    assert all(prefixes[item.id[:2]] == item.nature.value for item in items)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('by = "program"', 'by = "magic"', "by"),
        ('id = "ZS-02"', 'id = "ZS-01"', "重复"),
        ("todo = ", "todos = ", "todo"),
        ("patterns = [", "patterns = ['(', ", "正则"),
        ('nature = "真实性"', 'nature = "真实"', "nature"),
    ],
)
def test_a_slip_in_the_list_is_an_error_not_an_item_less(tmp_path, old, new, what):
    text = shipped("schemas", "archive", "checks.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "checks.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ChecksInvalid, match=what):
        read_checklist(file)


def test_json_is_what_the_design_fixed(good):
    found = checked(good).as_json()
    assert found.keys() == {"package", "verdict", "checks"}
    assert found["verdict"] in {"intact", "broken", "undetermined"}
    assert all(one.keys() == {"id", "nature", "result", "detail"} for one in found["checks"])
    assert {one["result"] for one in found["checks"]} <= {"pass", "fail", "not-checked"}
    assert [one["id"] for one in found["checks"]] == [item.id for item in checklist().items]
    assert sum(item.by is By.PERSON for item in checklist().items) == 6
