"""A package that is being checked: everything a check may ask of it, found out once and only when it is asked.

What cannot be found out raises `CannotCheck`, each time it is asked for: the check that needs it stays undone, the others go on.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from lxml import etree

from xfdocs.archive import dat46, mets, premis
from xfdocs.archive.attachments import Looked, look_at
from xfdocs.archive.bag import Bag, BagFinding, Container, check_bag
from xfdocs.archive.checks.described import Thing, Value, things_of, values_of
from xfdocs.archive.checks.evidence import CannotCheck
from xfdocs.archive.checks.items import Checklist
from xfdocs.archive.checks.model import Known, Terms
from xfdocs.archive.formats import Formats
from xfdocs.archive.identify import shipped_formats
from xfdocs.archive.inventory import described_in, listed_in
from xfdocs.archive.model import Package, Part, Role
from xfdocs.archive.xml import PARSER_OPTIONS
from xfdocs.errors import FileTrouble, MetadataBroken, PackageUnreadable, RecordUnreadable
from xfdocs.office import Office
from xfdocs.record.findings import Finding, Report, Severity
from xfdocs.record.model import Case
from xfdocs.record.reader import build_case, parse_tree
from xfdocs.record.schema_messages import troubles
from xfdocs.record.schematron import breaches
from xfdocs.record.steps import FILES
from xfdocs.record.structure import record_schema
from xfdocs.record.validation import Validator

T = TypeVar("T")

_METADATA_LIMIT = 256 << 20
"""Bytes of a document of metadata; 100 000 files take 60 MB."""
_IN_MEMORY = 8 << 20
"""A file inside a zip or tar up to so big is looked at in memory, a bigger one in a temporary file."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PAYLOAD = "data/"


@contextmanager
def opened(
    path: Path,
    listed: Checklist,
    *,
    on: dt.datetime,
    known: Known,
    terms: Terms,
    office: Office | None,
) -> Iterator[Subject]:
    """A package for the length of a ``with``."""
    subject = Subject(path, listed, on, known, terms, office)
    try:
        yield subject
    finally:
        subject.close()


class Subject:
    """One package."""

    METS = str(mets.PLACE)
    DAT46 = str(dat46.PLACE)
    PREMIS = str(premis.PLACE)

    def __init__(
        self,
        path: Path,
        listed: Checklist,
        on: dt.datetime,
        known: Known,
        terms: Terms,
        office: Office | None,
    ) -> None:
        self.path = path
        self.listed = listed
        self.on = on
        self.known = known
        self.terms = terms
        self.office = office
        self._room: TemporaryDirectory[str] | None = None
        self._bag: Bag | str | None = None
        self._memory: dict[str, Any] = {}

    def close(self) -> None:
        """Let go of the package."""
        if isinstance(self._bag, Bag):
            self._bag.close()
        if self._room is not None:
            self._room.cleanup()

    @property
    def room(self) -> Path:
        """A folder for copies that goes away with the subject; few packages need one."""
        if self._room is None:
            self._room = TemporaryDirectory(prefix="xfdocs-")
        return Path(self._room.name)

    def _once(self, name: str, find: Callable[[], T]) -> T:
        """What *find* gives, found once; that it cannot be found is remembered too."""
        if name not in self._memory:
            try:
                self._memory[name] = find()
            except CannotCheck as trouble:
                self._memory[name] = trouble
        found = self._memory[name]
        if isinstance(found, CannotCheck):
            raise CannotCheck(*found.args)
        return found  # type: ignore[no-any-return]

    # --- the bag ------------------------------------------------------------------------------------------

    @property
    def bag(self) -> Bag:
        """The package, opened."""
        if self._bag is None:
            try:
                self._bag = Bag.open(self.path)
            except OSError as error:
                self._bag = f"打不开（{error.strerror or type(error).__name__}）"
        if isinstance(self._bag, str):
            raise CannotCheck(self._bag)
        return self._bag

    @property
    def findings(self) -> tuple[BagFinding, ...]:
        """What the bag's own check found: fixity, structure, names."""
        return self._once("findings", lambda: tuple(check_bag(self.bag)))

    @property
    def identity(self) -> str:
        """SHA-256 of the tag manifest."""
        digest = self.bag.digest
        if not digest:
            raise CannotCheck("没有 tagmanifest-sha256.txt，信息包没有标识")
        return digest

    @property
    def payload(self) -> Mapping[str, int]:
        """Every file below ``data/`` and its bytes."""
        return self._once("payload", self._payload)

    def _payload(self) -> dict[str, int]:
        names = (name for name in self.bag.names() if name.startswith(_PAYLOAD))
        return {name.removeprefix(_PAYLOAD): self.bag.size(name) for name in names}

    @property
    def digests(self) -> Mapping[str, str]:
        """Every payload file and its SHA-256 as the manifest has it."""
        return self._once("digests", self._digests)

    def _digests(self) -> dict[str, str]:
        manifest = self.bag.manifests.get("manifest-sha256.txt")
        digests = manifest.digests if manifest is not None else {}
        return {path.removeprefix(_PAYLOAD): digest for path, digest in digests.items()}

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms of the manifests of the payload."""
        return tuple(
            one.algorithm for name, one in self.bag.manifests.items() if name.startswith("manifest-")
        )

    def info(self, label: str) -> str | None:
        """A value of bag-info.txt."""
        return next((value for key, value in self.bag.info if key.lower() == label.lower()), None)

    def read(self, path: str) -> bytes:
        """A file of the payload, whole; for metadata and records, not for attachments."""
        return self._once(f"read {path}", lambda: self._read(path))

    def _read(self, path: str) -> bytes:
        if path not in self.payload:
            raise CannotCheck(f"信息包里没有 {path}")
        if self.payload[path] > _METADATA_LIMIT:
            raise CannotCheck(f"{path} 有 {self.payload[path]} 字节，没有读")
        try:
            with self.bag.read(_PAYLOAD + path) as file:
                return file.read()
        except (PackageUnreadable, OSError) as error:
            raise CannotCheck(f"{path} 读不出来") from error

    @contextmanager
    def local(self, path: str) -> Iterator[Path | bytes]:
        """A file of the payload where it can be looked into: itself, its bytes, or a copy that goes away."""
        if self.bag.container is Container.FOLDER:
            yield self.path / _PAYLOAD / path
            return
        try:
            with self.bag.read(_PAYLOAD + path) as file:
                if self.payload[path] <= _IN_MEMORY:
                    yield file.read()
                    return
                copy = self.room / "copy"
                with copy.open("wb") as target:
                    shutil.copyfileobj(file, target, 1 << 20)
        except (PackageUnreadable, OSError) as error:
            raise CannotCheck(f"{path} 读不出来") from error
        try:
            yield copy
        finally:
            copy.unlink()

    # --- what files are -----------------------------------------------------------------------------------

    @cached_property
    def formats(self) -> Formats:
        """The table of formats that counts."""
        return Formats.load(self.terms.office) if self.terms.office is not None else shipped_formats()

    def looked(self, path: str) -> Looked:
        """What a file is by its content, its pages, and what is to be said of it."""
        return self._once(f"look {path}", lambda: self._look(path))

    def _look(self, path: str) -> Looked:
        try:
            with self.local(path) as place:
                return look_at(place, PurePosixPath(path).name, self.formats)
        except FileTrouble as error:
            raise CannotCheck(f"{path} 读不出来") from error

    def said_of(self, *codes: str) -> tuple[list[str], list[str]]:
        """The files of which one of some things is to be said (`xfdocs.archive.attachments.FINDINGS`), and those that do not open."""
        found, unread = [], []
        for path in sorted(self.payload):
            try:
                looked = self.looked(path)
            except CannotCheck as trouble:
                unread.append(str(trouble))
                continue
            found += [
                f"{path}：{one.message.partition('。')[0]}" for one in looked.findings if one.code in codes
            ]
        return found, unread

    # --- metadata -----------------------------------------------------------------------------------------

    def root(self, path: str) -> etree._Element:
        """A document of metadata, well-formed."""
        return self._once(f"root {path}", lambda: self._root(path))

    def _root(self, path: str) -> etree._Element:
        data = self.read(path)
        try:
            return etree.fromstring(
                data, etree.XMLParser(remove_comments=True, remove_pis=True, **PARSER_OPTIONS)
            )
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
            raise CannotCheck(f"{path} 不是格式良好的 XML（第 {line} 行）") from error

    @property
    def dat46(self) -> etree._Element:
        """The DA/T 46 metadata as they stand."""
        return self.root(self.DAT46)

    @property
    def values(self) -> list[Value]:
        """Every value in the DA/T 46 metadata, as it stands."""
        return self._once("values", lambda: list(values_of(self.dat46)))

    @property
    def things(self) -> list[Thing]:
        """Everything that the DA/T 46 metadata describe."""
        return self._once("things", lambda: list(things_of(self.dat46)))

    @property
    def package(self) -> Package:
        """What the DA/T 46 metadata say."""
        return self._once("package", self._package)

    def _package(self) -> Package:
        self.root(self.DAT46)
        try:
            package = described_in(self.read(self.DAT46))
        except MetadataBroken as error:  # its words may quote a title
            raise CannotCheck(f"{self.DAT46} 不符合结构，见 KY-02") from error
        if not package.volumes:
            raise CannotCheck(f"{self.DAT46} 没有卷")
        return package

    @property
    def mets_files(self) -> Mapping[str, Part]:
        """Every file that METS lists."""
        return self._once("mets", self._mets)

    def _mets(self) -> dict[str, Part]:
        self.root(self.METS)
        try:
            return {str(path): part for path, part in listed_in(self.read(self.METS)).items()}
        except MetadataBroken as error:
            raise CannotCheck(f"{self.METS} 不符合结构，见 KY-02") from error

    @property
    def mets_says(self) -> Iterator[tuple[str, str, str]]:
        """What METS says of the package: name of the item, its value, and what DA/T 46 says."""
        package = self.package
        root = self.root(self.METS)
        yield "标识（OBJID）", root.get("OBJID", ""), premis.package_name(package)
        wanted = {"档号": package.number, "信访件编号": package.case}
        said = {
            node.get("TYPE", ""): node.text or "" for node in root.iter(f"{{{mets.NAMESPACE}}}altRecordID")
        }
        for name, value in wanted.items():
            yield name, said.get(name, ""), value

    @property
    def predecessors(self) -> Iterator[tuple[str, str]]:
        """Where else the version before is named, and as what."""
        name = f"{{{mets.NAMESPACE}}}altRecordID"
        digests = [n.text or "" for n in self.root(self.METS).iter(name) if _DIGEST.fullmatch(n.text or "")]
        yield "METS", "".join(digests)
        found = self.root(self.PREMIS).iter(f"{{{premis.NAMESPACE}}}relatedObjectIdentifierValue")
        yield "PREMIS", "".join(n.text or "" for n in found if _DIGEST.fullmatch(n.text or ""))
        for label, value in self.bag.info:
            if _DIGEST.fullmatch(value):
                yield f"bag-info.txt 的 {label}", value

    @property
    def case_named(self) -> str:
        """信访件编号 as the metadata say it; empty if they cannot be read."""
        return self._or_nothing(lambda: self.package.case, "")

    @property
    def numbers(self) -> tuple[str, ...]:
        """档号 of the volumes; none if the metadata cannot be read."""
        return self._or_nothing(lambda: tuple(one.number for one in self.package.volumes if one.number), ())

    @staticmethod
    def _or_nothing(find: Callable[[], T], nothing: T) -> T:
        try:
            return find()
        except CannotCheck:
            return nothing

    def of_role(self, *roles: Role) -> list[Part]:
        """The files of some roles."""
        return [part for part in self.package.parts() if part.role in roles]

    # --- the record ---------------------------------------------------------------------------------------

    @property
    def record_path(self) -> str:
        """Where the record lies."""
        found = [str(part.path) for part in self.of_role(Role.RECORD)]
        if len(found) != 1:
            raise CannotCheck(f"元数据里有 {len(found)} 份案件记录，应当是一份")
        return found[0]

    @property
    def record_root(self) -> etree._Element:
        """The record, well-formed."""
        return self._once("record", self._record)

    def _record(self) -> etree._Element:
        data = self.read(self.record_path)
        try:
            return parse_tree(data, Path(self.record_path))
        except RecordUnreadable as error:
            raise CannotCheck("案件记录不能解析，见 ZS-18") from error

    @property
    def structure(self) -> Report:
        """What schema and cross rules say of the record."""
        return self._once("structure", self._structure)

    def _structure(self) -> Report:
        path = Path(self.record_path)
        try:
            root = parse_tree(self.read(str(path)), path)
        except RecordUnreadable as error:
            facts = error.facts
            found = [Finding(facts["finding"], Severity.ERROR, path, facts["line"], "", "")]
            return Report(path, "", tuple(found), ())
        schema = record_schema()
        if not schema.validate(root):
            found = [
                Finding(one.code, Severity.ERROR, path, one.place.line, one.place.path, "")
                for one in troubles(root, schema.error_log)
            ]
        else:
            found = [
                Finding(one.assertion.code, one.assertion.severity, path, one.place.line, one.place.path, "")
                for one in breaches(root)
            ]
        return Report(path, root.get("编号", ""), tuple(found), ())

    @property
    def case(self) -> Case:
        """The case, if its record keeps the schema."""
        return self._once("case", self._case)

    def _case(self) -> Case:
        root = self.record_root
        if not record_schema().validate(root):
            raise CannotCheck("案件记录不符合结构，见 ZS-18")
        return build_case(root).case

    def ruled(self, office: Office) -> Report:
        """What the rules of an office say of the record; files beside it are asked for elsewhere (WZ-06, WZ-09)."""
        return self._once("rules", lambda: self._ruled(office))

    def _ruled(self, office: Office) -> Report:
        self.case  # noqa: B018 - raises if there is none to judge
        judge = Validator(office, on=self.on.date())
        nowhere = self.path / "none" / "案件记录.xml"
        report = judge.examine_bytes(self.read(self.record_path), nowhere)[0]
        steps = tuple(step for step in report.steps if step.name != FILES)
        findings = tuple(one for one in report.findings if one.code != "R33")
        return Report(report.file, report.case, findings, steps)
