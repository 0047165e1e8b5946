"""A package in which everything is right, and the ways to make one thing wrong: each level of it can be changed, and what stands
above is written to match, so that only that thing is wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pikepdf

from xfdocs.archive import dat46, mets, premis
from xfdocs.archive.attachments import look_at
from xfdocs.archive.bag import Container, write_bag
from xfdocs.archive.bag.texts import manifest, oxum
from xfdocs.archive.checks.model import Result, Verified
from xfdocs.archive.checks.running import verify_package
from xfdocs.archive.identify import shipped_formats
from xfdocs.archive.labels import label_document
from xfdocs.archive.metadata import schema_parts, xml_part
from xfdocs.archive.model import Action, Material, Model, Package, Part, Role, Volume
from xfdocs.archive.xml import plain
from xfdocs.office import Office
from xfdocs.production.engines import engine_of
from xfdocs.resources import shipped

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
MADE = dt.datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
ON = dt.datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
CASE = "YZ-20260511-0003"
NUMBER = "J021-ZY·XF·01·2026·D30-0001"
SHORT = "representations/original/data"
CASES = shipped("samples") / "office" / "cases"
RECORD = f"{SHORT}/案件记录.xml"
DAT46, METS, PREMIS = str(dat46.PLACE), str(mets.PLACE), str(premis.PLACE)
INDEX = "index.html"

Edit = Callable[[bytes], bytes]


@cache
def office() -> Office:
    return Office.open(shipped("samples") / "office")


@cache
def a_pdf(pages: int, mark: str = "", **how: Any) -> bytes:
    """A PDF of so many empty pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.docinfo["/Title"] = mark
    out = io.BytesIO()
    made.save(out, deterministic_id=not how, **how)
    return out.getvalue()


def part(path: str, data: bytes, role: Role, **more: Any) -> Part:
    """A file of the package, which says of itself what its content is."""
    looked = look_at(data, PurePosixPath(path).name, shipped_formats())
    return Part(
        path=PurePosixPath(path), source=data, role=role, format=looked.format, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), **more,
    )  # fmt: skip


EXTENSION, REPLY = a_pdf(1, "延期"), a_pdf(3, "处理意见")
ATTACHED = CASES / f"{CASE}-附件"


def the_record(text: Callable[[str], str] = lambda text: text) -> bytes:
    """The sample's record, with two documents issued."""
    issued = "".join(
        f'  <文书 事件="{event}">\n    <种类>{kind}</种类>\n    <文号>{number}</文号>\n    <日期>{day}</日期>\n'
        f'    <文件 格式="pdf">\n      <名称>{name}.pdf</名称>\n'
        f"      <摘要>{hashlib.sha256(data).hexdigest()}</摘要>\n    </文件>\n  </文书>\n"
        for event, kind, number, day, name, data in (
            (
                4,
                "延长办理期限告知书",
                "青信延字〔2026〕1号",
                "2026-07-24",
                "04-延长办理期限告知书",
                EXTENSION,
            ),
            (6, "处理意见书", "青信处字〔2026〕1号", "2026-08-24", "06-处理意见书", REPLY),
        )
    )
    whole = (CASES / f"{CASE}.xml").read_text("utf-8").replace("  <附件>\n", f"{issued}  <附件>\n", 1)
    return text(whole).encode()


def materials() -> tuple[Material, ...]:
    """Five: two documents, two attachments with copies for reading, and one on paper only."""
    pdf, png, txt = (
        f"{SHORT}/附件/{name}" for name in ("03-房屋所有权证.pdf", "04-受损物品.png", "05-情况说明.txt")
    )
    files = {name: (ATTACHED / name[name.rindex("/") + 4 :]).read_bytes() for name in (pdf, png, txt)}
    copies = {
        png: part("representations/access/data/附件/04-受损物品.pdf", a_pdf(1, "照片"), Role.ACCESS, copy_of=PurePosixPath(png)),
        txt: part("representations/access/data/附件/05-情况说明.pdf", a_pdf(2, "说明"), Role.ACCESS, copy_of=PurePosixPath(txt)),
    }  # fmt: skip

    def attached(name: str) -> tuple[Part, ...]:
        found = part(name, files[name], Role.ATTACHMENT)
        return (found, copies[name]) if name in copies else (found,)

    pages = look_at(files[pdf], "a.pdf", shipped_formats()).pages
    assert pages is not None
    common = {"original": "原件", "responsible": "云州市青溪区人民政府"}
    return (
        Material(seq=1, title="处理意见书", group="opinion", number="青信处字〔2026〕1号", date=dt.date(2026, 8, 24), pages=3, first_page=1,
                 parts=(part(f"{SHORT}/文书/01-处理意见书.pdf", REPLY, Role.DOCUMENT),), **common),
        Material(seq=2, title="延长办理期限告知书", group="extension", number="青信延字〔2026〕1号", date=dt.date(2026, 7, 24), pages=1,
                 first_page=4, parts=(part(f"{SHORT}/文书/02-延长办理期限告知书.pdf", EXTENSION, Role.DOCUMENT),), **common),
        Material(seq=3, title="房屋所有权证复印件", group="other", pages=pages, first_page=5, parts=attached(pdf)),
        Material(seq=4, title="院内受损物品照片", group="other", pages=1, first_page=5 + pages, parts=attached(png)),
        Material(seq=5, title="情况说明", group="other", pages=2, first_page=6 + pages, parts=attached(txt)),
        Material(seq=6, title="现场图", group="other", first_page=8 + pages, original="原件", remark="只有纸质，页数待查"),
    )  # fmt: skip


PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>案卷</title></head><body>
<p><a href="representations/original/data/%E6%96%87%E4%B9%A6/01-%E5%A4%84%E7%90%86%E6%84%8F%E8%A7%81%E4%B9%A6.pdf">处理意见书</a></p>
</body></html>
"""


def the_package(**more: Any) -> Package:
    """The package of the sample, before its sheets and metadata."""
    volume = Volume(
        seq=1, number=NUMBER, title="关于老船厂片区房屋征收补偿的信访案卷",
        first=dt.date(2026, 5, 11), last=dt.date(2026, 11, 4), materials=materials(),
    )  # fmt: skip
    others = (
        part(RECORD, the_record(), Role.RECORD),
        part(INDEX, PAGE.encode(), Role.PAGE),
        replace(part("documentation/说明.txt", "怎样读这个信息包".encode(), Role.PAGE)),
    )
    values = {
        "case": CASE, "model": Model.VOLUME, "fonds": "J021", "fonds_name": "云州市信访局", "category": "ZY·XF", "year": 2026,
        "retention": "D30", "retention_ground": "其他有处理结果的", "organ": "云州市信访局", "title": volume.title, "secrecy": "", "made": MADE,
        "volumes": (volume,), "others": others,
        "actions": (
            Action(kind="format identification", at=MADE, outcome="success", detail="9 个文件，全部识别", agent="xfdocs 0.1.0"),
            Action(kind="message digest calculation", at=MADE, outcome="success", detail="9 个文件，SHA-256", agent="xfdocs 0.1.0"),
        ),
    }  # fmt: skip
    return Package(**{**values, **more})


_SHEETS: dict[Any, bytes] = {}


def printed_of(package: Package, volume: Volume) -> tuple[Any, ...]:
    """What the sheets of a volume can tell: two with the same are printed once."""
    bare = tuple(replace(one, parts=()) for one in volume.materials)
    files = tuple((p.role, p.name, p.note) for one in volume.materials for p in one.parts)
    about = (package.case, package.version, package.predecessor, package.model, len(package.volumes))
    actions = tuple(one.outcome for one in package.actions)
    return (*about, actions, repr(replace(volume, materials=bare)), files)


def sheets(package: Package) -> tuple[Part, ...]:
    """卷内目录 and 备考表 of each volume, as they are printed."""
    found = []
    for volume in package.volumes:
        for slug, name in (("volume-catalogue", "卷内目录"), ("reference-sheet", "备考表")):
            key = (slug, *printed_of(package, volume))
            if key not in _SHEETS:
                document = label_document(slug, package, volume, office())
                _SHEETS[key] = engine_of(office(), "pdf").render(document)
            found.append(part(f"{SHORT}/目录/{volume.seq:02}-{name}.pdf", _SHEETS[key], Role.CATALOGUE))
    return tuple(found)


@dataclass(frozen=True)
class Bench:
    """A package on the bench: changed at any level before or after it is put together."""

    package: Package = field(default_factory=the_package)
    print_of: Package | None = None
    """What the printed sheets tell, if not the same."""
    edits: Mapping[str, Edit] = field(default_factory=dict)
    """Of a document of metadata, by its place: what is written instead; the others tell its true size and digest."""
    after: Mapping[str, bytes | None] = field(default_factory=dict)
    """Files that are put in, or (None) left out, when the metadata are written."""
    info: Mapping[str, str] = field(default_factory=dict)

    def written(self, folder: Path, name: str = "package", container: Container = Container.FOLDER) -> Path:
        """The package as a bag that is whole."""
        package = self.package
        package = replace(package, others=(*package.others, *sheets(self.print_of or package)))
        package = plain(package)
        package = replace(package, others=(*package.others, *schema_parts(package)))
        for place, write in (
            (dat46.PLACE, dat46.dat46_xml),
            (premis.PLACE, premis.premis_xml),
            (mets.PLACE, mets.mets_xml),
        ):
            data = self.edits.get(str(place), lambda data: data)(write(package))
            package = replace(package, others=(*package.others, xml_part(place, data)))
        parts = {
            str(one.path): one for one in package.parts() if self.after.get(str(one.path), b"") is not None
        }
        for path, data in self.after.items():
            if data is not None:
                parts[path] = part(path, data, Role.ATTACHMENT)
        pairs = [(label, value) for label, value in {**the_info(package), **self.info}.items() if value]
        return write_bag(folder / name, parts.values(), pairs, made=package.made, container=container).path


def the_info(package: Package) -> dict[str, str]:
    return {
        "Source-Organization": package.organ,
        "External-Identifier": package.number,
        "Internal-Sender-Identifier": package.case,
    }


@cache
def _good(room: str) -> Path:
    return Bench().written(Path(room))


def a_copy(good: Path, folder: Path, name: str = "package") -> Path:
    """A copy of a good package to be damaged."""
    return Path(shutil.copytree(good, folder / name))


def retagged(bag: Path) -> Path:
    """The tag manifest written anew: whoever changes a tag file and knows how bags work does this too."""
    names = [p.name for p in bag.iterdir() if p.is_file() and not p.name.startswith("tagmanifest")]
    digests = {name: hashlib.sha256((bag / name).read_bytes()).hexdigest() for name in names}
    (bag / "tagmanifest-sha256.txt").write_bytes(manifest(digests))
    return bag


def rebagged(bag: Path) -> Path:
    """Everything a bag says of its files written anew."""
    files = sorted(p for p in (bag / "data").rglob("*") if p.is_file() and not p.is_symlink())
    digests = {p.relative_to(bag).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    (bag / "manifest-sha256.txt").write_bytes(manifest(digests))
    lines = (bag / "bag-info.txt").read_text("utf-8").splitlines()
    said = f"Payload-Oxum: {oxum([p.stat().st_size for p in files])}"
    lines = [said if line.startswith("Payload-Oxum:") else line for line in lines]
    (bag / "bag-info.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return retagged(bag)


def replaced(path: str, old: str, new: str, count: int = 1) -> dict[str, Edit]:
    """An edit of a document of metadata; what is replaced must be there."""

    def edit(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), count)

    return {path: edit}


def results(found: Verified) -> dict[str, Result]:
    return {one.id: one.result for one in found.checks}


def failures(found: Verified) -> set[str]:
    return {one.id for one in found.checks if one.result is Result.FAIL}


def checked(path: Path, **more: Any) -> Verified:
    """The package checked on the day of the tests, by the rules of the sample's office."""
    return verify_package(path, **{"on": ON, "office": office(), **more})
