"""四性检测: for every item a package in which it fails and nothing else does, and one in which it passes."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from tests.archive import files
from tests.archive.certificates import office as certificate
from tests.archive.certificates import signing_as
from tests.archive.checked import (
    ATTACHED,
    DAT46,
    INDEX,
    MADE,
    METS,
    NUMBER,
    PAGE,
    PREMIS,
    RECORD,
    REPLY,
    SHORT,
    Bench,
    a_copy,
    a_pdf,
    checked,
    failures,
    part,
    replaced,
    results,
    retagged,
    the_package,
    the_record,
)
from xfdocs.archive.bag import SIGNATURE, Bag, Container
from xfdocs.archive.checks import metadata as metadata_checks
from xfdocs.archive.checks.items import checklist
from xfdocs.archive.checks.model import By, Known, Result, Verdict
from xfdocs.archive.checks.running import CHECKS
from xfdocs.archive.model import Package, Role
from xfdocs.archive.signing import sign_manifest, sign_pdf
from xfdocs.record.findings import Severity

ITEMS = {item.id: item for item in checklist().items}
OTHER = hashlib.sha256(b"another").hexdigest()


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    return Bench().written(tmp_path_factory.mktemp("good"))


# --- ways to make one thing wrong ---------------------------------------------------------------------------


def material(package: Package, which: int, **more: Any) -> Package:
    """The package with one material changed."""
    volume = package.volumes[0]
    ones = tuple(replace(one, **more) if one.seq == which else one for one in volume.materials)
    return replace(package, volumes=(replace(volume, materials=ones),))


def other(package: Package, path: str, data: bytes, role: Role = Role.PAGE) -> Package:
    """The package with one file more, or one of its other files changed."""
    kept = tuple(one for one in package.others if str(one.path) != path)
    return replace(package, others=(*kept, part(path, data, role)))


def record(change: Any) -> Package:
    """The package with the record changed."""
    return other(the_package(), RECORD, the_record(change), Role.RECORD)


def attachment(seq: int, name: str, data: bytes, before: str, *copies: tuple[str, bytes]) -> Package:
    """The package with an attachment changed, in the record too; *before* was its name."""
    old = hashlib.sha256((ATTACHED / before).read_bytes()).hexdigest()
    package = record(lambda text: text.replace(old, hashlib.sha256(data).hexdigest()))
    one = part(f"{SHORT}/附件/{seq:02}-{name}", data, Role.ATTACHMENT)
    access = tuple(
        part(f"representations/access/data/附件/{path}", copy, Role.ACCESS, copy_of=one.path)
        for path, copy in copies
    )
    return material(package, seq, parts=(one, *access))


def without_file(data: bytes) -> bytes:
    """METS without the explanation."""
    shorter, count = re.subn(rb"<file [^>]*>\s*<FLocat [^>]*documentation/[^>]*/>\s*</file>\s*", b"", data)
    assert count == 1
    return shorter


def undescribed(data: bytes) -> bytes:
    """DA/T 46 without the explanation."""
    shorter, count = re.subn(
        "<电子属性>\\s*<计算机文件名>documentation/.*?</电子属性>\\s*".encode(), b"", data, flags=re.DOTALL
    )
    assert count == 1
    return shorter


def count_info(change: Any) -> Any:
    """A bag whose Payload-Oxum says something else."""

    def damage(bag: Path) -> Path:
        info = bag / "bag-info.txt"
        text = info.read_text("utf-8")
        octets, count = re.search(r"Payload-Oxum: (\d+)\.(\d+)", text).groups()
        info.write_text(text.replace(f"{octets}.{count}", change(int(octets), int(count))), "utf-8")
        return retagged(bag)

    return damage


def flipped(bag: Path) -> Path:
    path = bag / "data/documentation/说明.txt"
    path.write_bytes(path.read_bytes().replace("读".encode(), "看".encode()))
    return bag


def untagged(bag: Path) -> Path:
    with (bag / "bag-info.txt").open("a", encoding="utf-8") as file:
        file.write("Contact-Name: x\n")
    return bag


def linked_out(bag: Path) -> Path:
    (bag / "data" / "link").symlink_to("/etc")
    return bag


def signed_manifest(said: bytes | None = None) -> Any:
    """A bag with a signature beside it, over its tag manifest or over something else."""

    def sign(bag: Path) -> Path:
        manifest = said or (bag / "tagmanifest-sha256.txt").read_bytes()
        with TemporaryDirectory() as room, signing_as(certificate(), Path(room)) as signer:
            (bag / SIGNATURE).write_bytes(sign_manifest(manifest, signer, at=MADE))
        return bag

    return sign


@cache
def a_signed_pdf() -> bytes:
    with TemporaryDirectory() as room, signing_as(certificate(), Path(room)) as signer:
        return sign_pdf(a_pdf(1, "签名"), signer, at=MADE)


def changed_pdf() -> bytes:
    data = a_signed_pdf()
    assert b"595" in data
    return data.replace(b"595", b"596", 1)


SIGNED = f"{SHORT}/附件/09-证明.pdf"
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(64)
PSD = b"8BPS\x00\x01" + bytes(64)
PNG = (ATTACHED / "受损物品.png").read_bytes()
EXTRA = f"{SHORT}/附件/09-附带"


def same_as_first(package: Package) -> Package:
    first = package.volumes[0].materials[0]
    return material(package, 2, title=first.title, number=first.number, date=first.date)


def seen_by_a_guard(package: Package) -> Package:
    """The package with a copy for reading that does not say of what."""
    one = package.volumes[0].materials[3]
    return material(package, 4, parts=(one.parts[0], replace(one.parts[1], copy_of=None)))


def one_page_less(package: Package) -> Package:
    package = material(package, 1, pages=2)
    for one in package.volumes[0].materials[1:]:
        package = material(package, one.seq, first_page=one.first_page - 1)
    return package


def volume(**more: Any) -> Package:
    package = the_package()
    return replace(package, volumes=(replace(package.volumes[0], **more),))


def unserved(text: str) -> str:
    """The record without the day on which the opinion was received."""
    before, found, after = text.rpartition("<收到日期>2026-08-25</收到日期>")
    assert found
    return before + after.lstrip()


GOOD = the_package()
PAGE_WITH = '<p><a href="{}">x</a></p></body>'

Bad = tuple[Bench | None, Any, dict[str, Any], dict[str, Any]]
"""What is put together (None: the good one), what is done to the bag, what it is checked with, what the good one is."""


def bad(bench: Bench | None = None, damage: Any = None, asked: Any = None, rightly: Any = None) -> Bad:
    return bench, damage, asked or {}, rightly or asked or {}


def of(package: Package, **more: Any) -> Bench:
    return Bench(package, **more)


BAD: dict[str, Bad] = {
    "ZS-01": bad(damage=flipped),
    "ZS-02": bad(damage=untagged),
    "ZS-03": bad(asked={"known": Known(identity=OTHER)}, rightly={"known": "itself"}),
    "ZS-04": bad(of(the_package(retention_ground="依" * 301))),
    "ZS-05": bad(Bench(edits=replaced(DAT46, "<格式标识>fmt/", "<格式标识>格式/"))),
    "ZS-06": bad(of(the_package(secrecy="保密"))),
    "ZS-07": bad(of(volume(last=dt.date(2026, 12, 31)))),
    "ZS-08": bad(of(the_package(retention_ground="有处理\ue000结果的"))),
    "ZS-09": bad(of(volume(number="云信档2026第1号"))),
    "ZS-10": bad(Bench(edits=replaced(DAT46, f"{NUMBER}-002<", f"{NUMBER}-001<"))),
    "ZS-11": bad(
        asked={"known": Known(numbers={NUMBER: "YZ-20260101-0001"})},
        rightly={"known": Known(numbers={f"{NUMBER}9": "YZ-20260101-0001"})},
    ),
    "ZS-12": bad(of(same_as_first(GOOD))),
    "ZS-13": bad(Bench(edits=replaced(DAT46, "<格式版本>A-3", "<格式版本>A-2", 99))),
    "ZS-14": bad(Bench(edits=replaced(METS, f'SIZE="{len(PNG)}"', f'SIZE="{len(PNG) + 1}"'))),
    "ZS-15": bad(Bench(edits={METS: without_file})),
    "ZS-16": bad(Bench(edits=replaced(METS, f'OBJID="{NUMBER}"', f'OBJID="{NUMBER}0"'))),
    "ZS-17": bad(of(record(lambda text: text.replace('编号="YZ-20260511-0003"', '编号="YZ-20260511-0004"')))),
    "ZS-18": bad(of(record(lambda text: text.replace("<人数>", "<人数><心情>好</心情>")))),
    "ZS-19": bad(of(record(lambda text: text.replace("青溪区人民政府负责人", "青溪区人民政府信访科科长")))),
    "ZS-20": bad(of(the_package(version=2))),
    "ZS-22": bad(of(attachment(4, "受损物品.jpg", PNG, "受损物品.png"))),
    "ZS-23": bad(damage=signed_manifest(b"another"), rightly={"damage": signed_manifest()}),
    "ZS-24": bad(of(other(GOOD, SIGNED, changed_pdf(), Role.ATTACHMENT))),
    "WZ-01": bad(damage=count_info(lambda octets, count: f"{octets}.{count + 1}")),
    "WZ-02": bad(damage=count_info(lambda octets, count: f"{octets + 1}.{count}")),
    "WZ-03": bad(asked={"known": Known(files=20)}, rightly={"known": "itself"}),
    "WZ-04": bad(of(the_package(fonds_name=""))),
    "WZ-05": bad(Bench(edits=replaced(DAT46, "<全宗名称>云州市信访局<", "<全宗名称><"))),
    "WZ-06": bad(of(record(lambda text: text.replace(hashlib.sha256(REPLY).hexdigest(), OTHER)))),
    "WZ-07": bad(of(record(unserved))),
    "WZ-08": bad(of(the_package(actions=GOOD.actions[1:]))),
    "WZ-09": bad(of(record(lambda text: text.replace(hashlib.sha256(PNG).hexdigest(), OTHER)))),
    "WZ-10": bad(of(material(GOOD, 6, seq=7))),
    "WZ-11": bad(of(material(GOOD, 6, first_page=99))),
    "WZ-12": bad(of(one_page_less(GOOD))),
    "WZ-13": bad(of(GOOD, print_of=one_page_less(GOOD))),
    "WZ-14": bad(of(other(GOOD, "documentation/空.txt", b""))),
    "WZ-15": bad(of(material(GOOD, 6, remark="待查"))),
    "WZ-16": bad(of(replace(GOOD, others=tuple(o for o in GOOD.others if "说明" not in str(o.path))))),
    "WZ-17": bad(Bench(edits={DAT46: undescribed})),
    "KY-01": bad(Bench(edits=replaced(PREMIS, "</premis>", "</premis"))),
    "KY-02": bad(Bench(edits=replaced(PREMIS, "agentType>", "agentKind>", 2))),
    "KY-04": bad(of(attachment(4, "受损物品.psd", PSD, "受损物品.png"))),
    "KY-05": bad(of(attachment(4, "受损物品.png", PNG[:-30], "受损物品.png"))),
    "KY-06": bad(
        of(other(GOOD, f"{EXTRA}.pdf", a_pdf(1, encryption=pikepdf.Encryption(user="x", owner="y"))))
    ),
    "KY-10": bad(
        of(other(GOOD, f"{EXTRA}.pdf", a_pdf(1, encryption=pikepdf.Encryption(user="", owner="y"))))
    ),
    "KY-11": bad(of(other(GOOD, f"{EXTRA}.rar", RAR))),
    "KY-08": bad(
        of(other(GOOD, INDEX, PAGE.replace("</body>", PAGE_WITH.format("https://example.org/")).encode()))
    ),
    "KY-09": bad(of(seen_by_a_guard(GOOD))),
    "AQ-05": bad(of(other(GOOD, f"{EXTRA}.bat", b"echo\r\n"))),
    "AQ-06": bad(of(other(GOOD, f"{EXTRA}.docm", files.DOCM))),
    "AQ-07": bad(damage=linked_out),
}
"""For every item what is wrong, and nothing else."""

APART = {"KY-07"}
"""Packed by a method that cannot be read, a file cannot be compared with its digest either: a test of its own."""


def rightly_asked(good: Path, asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("known") != "itself":
        return asked
    with Bag.open(good) as bag:
        names = [name for name in bag.names() if name.startswith("data/")]
        known = Known(identity=bag.digest, files=len(names), octets=sum(map(bag.size, names)))
    return {**asked, "known": known}


@pytest.mark.parametrize("item", sorted(BAD))
def test_the_one_thing_that_is_wrong_is_found_and_nothing_else(item, good, tmp_path):
    bench, damage, asked, rightly = BAD[item]
    path = bench.written(tmp_path) if bench is not None else a_copy(good, tmp_path)
    found = checked(damage(path) if damage is not None else path, **asked)
    assert failures(found) == {item}
    assert (found.verdict is Verdict.BROKEN) is (ITEMS[item].severity is Severity.ERROR)
    right = {name: value for name, value in rightly.items() if name != "damage"}
    fine = rightly["damage"](a_copy(good, tmp_path, "fine")) if "damage" in rightly else good
    assert results(checked(fine, **rightly_asked(good, right)))[item] is Result.PASS


@pytest.mark.parametrize(
    ("more", "fine"),
    [
        ({"first": dt.date(2025, 12, 31)}, True),  # begun the year before
        ({"first": dt.date(2027, 1, 1), "last": dt.date(2027, 1, 2)}, False),
    ],
)
def test_the_year_of_a_package_is_not_before_its_first_paper(more, fine):
    package = volume(**more)
    subject = SimpleNamespace(
        package=replace(package, made=package.made.replace(year=2028)), on=package.made.replace(year=2029)
    )
    said = list(metadata_checks._implausible(subject))
    assert any("早于所含文件的起始日期" in one for one in said) is not fine


def test_every_item_that_a_program_can_check_has_its_test():
    assert (
        {item.id for item in ITEMS.values() if item.by is not By.PERSON}
        == BAD.keys() | APART
        == CHECKS.keys()
    )


def test_a_package_in_order_fails_nothing_and_passes_what_can_be_passed(good):
    found = checked(good)
    assert failures(found) == set()
    assert found.verdict is Verdict.INTACT
    left = {one.id for one in found.checks if one.result is Result.NOT_CHECKED}
    lacking = {"ZS-03", "ZS-11", "ZS-23", "WZ-03"}
    assert left == {item.id for item in ITEMS.values() if item.by is By.PERSON} | lacking


@pytest.mark.parametrize("container", Container)
def test_a_package_is_the_same_in_a_folder_a_zip_and_a_tar(container, good, tmp_path):
    path = Bench().written(tmp_path, container=container)
    one, other = checked(good), checked(path)
    assert failures(other) == set()
    assert one.identity == other.identity
    assert results(one) == results(other)
    assert (one.files, one.octets, one.case, one.numbers) == (
        other.files,
        other.octets,
        other.case,
        other.numbers,
    )


def test_what_only_a_person_can_check_is_never_passed_and_says_what_to_do(good, tmp_path):
    for path in (good, tmp_path / "nothing"):
        for one in checked(path).checks:
            if ITEMS[one.id].by is By.PERSON:
                assert (one.result, one.detail) == (Result.NOT_CHECKED, ITEMS[one.id].todo)
                assert not one.prevented
    assert {i.id for i in ITEMS.values() if i.by is By.PERSON} >= {"ZS-21", "AQ-01", "AQ-02", "AQ-03"}
