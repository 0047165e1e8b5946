"""Small offices with cases for the archive, packed on a day on which no clock runs any more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest import mock

from tests.production.desks import office_in
from xfdocs.archive.packing import Outcome, pack
from xfdocs.archive.planning import Plan, plan_of
from xfdocs.archive.retention import retention_table
from xfdocs.office import Office
from xfdocs.production.desk import Order, desk_for, stamp_of
from xfdocs.production.fingerprint import fingerprints
from xfdocs.production.issuing import issue
from xfdocs.register import mark
from xfdocs.register.faults import Fault
from xfdocs.register.register import Register
from xfdocs.register.verify import verify
from xfdocs.resources import shipped

LATER = date(2027, 11, 23)
"""Every right to a 复查 of the samples has lapsed."""
CLOSED = ("YZ-20260226-0008", "YZ-20260309-0021")
"""Closed, two with a 处理意见."""
NOW = "2027-11-23T01:00:00Z"
RETENTION = (shipped("samples", "office", "retention.toml")).read_bytes()


def archive_office(
    folder: Path, cases: Iterable[str] = CLOSED, *, archive: str = "", used: dict[str, int] | None = None
) -> Office:
    """An office with an approved table of retention; *archive* is added to its [archive], *used* is [archive.used]."""
    office = office_in(folder, cases)
    (folder / "retention.toml").write_bytes(RETENTION)
    return with_settings(office, archive, used)


def with_settings(office: Office, archive: str = "", used: dict[str, int] | None = None) -> Office:
    """The office with other settings of its archive."""
    path = office.folder / "xfdocs.toml"
    head, _, rest = path.read_text("utf-8").partition("[archive]\n")
    section, _, rest = rest.partition("\n[")
    new = {line.partition("=")[0].strip() for line in archive.splitlines()}
    kept = [line for line in section.splitlines() if line.partition("=")[0].strip() not in new]
    own = "".join(f'"{key}" = {last}\n' for key, last in (used or {}).items())
    lines = "\n".join(["[archive]", archive.strip(), *kept])
    path.write_text(
        f"{head}{lines}\n[archive.used]\n{own}\n[{rest}" if used else f"{head}{lines}\n\n[{rest}", "utf-8"
    )
    return Office.open(office.folder)


@contextmanager
def clock_at(now: str = NOW) -> Iterator[None]:
    """The register's clock stands still, and runs have the same names."""
    defaults = Register.open.__func__.__kwdefaults__  # type: ignore[attr-defined]
    with mock.patch.dict(defaults, clock=lambda: now):
        yield


def issued(office: Office, *, formats: tuple[str, ...] = ("docx",)) -> None:
    """Everything that the records call for."""
    list(issue(None, [office.folder / office.cases], office, on=LATER, formats=formats))


def packed(office: Office, *, on: date = LATER, jobs: int = 1, paths: Iterable[Path] = ()) -> list[Outcome]:
    """Everything that may go to the archive, packed."""
    return list(pack(list(paths) or [office.folder / office.cases], office, on=on, jobs=jobs))


def planned(office: Office, case: str, on: date = LATER) -> Plan:
    """The plan for one case."""
    order = Order(office.folder, stamp_of(fingerprints(office)), on, None, ("pdf",), office.pdf_by)
    return plan_of(office.folder / office.cases / f"{case}.xml", desk_for(order), retention_table(office))


def record_of(office: Office, case: str) -> Path:
    """The record of a case."""
    return office.folder / office.cases / f"{case}.xml"


def faults(office: Office) -> list[Fault]:
    """What `register verify` says."""
    with Register.open(office) as register:
        return list(verify(register, office))


def files_of(folder: Path) -> dict[str, str]:
    """Every file below a folder and its digest; locks and databases left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != mark.NAME and "register" not in path.relative_to(folder).parts
    }


# --- a case that is opened again --------------------------------------------------------------------------

REOPENED = "YZ-20250512-0016"
_CLOSED_FIRST = """    <结案 序="5" 日期="2025-08-24" 经办人="梁书涵">
      <方式>办结</方式>
    </结案>
"""
_REVIEWED = """    <复查申请 序="6" 日期="2025-08-26" 机关="云州市青溪区人民政府">
      <交邮日期>2025-08-08</交邮日期>
      <请求>请求撤销街道的处理意见。</请求>
      <针对文号>临办信意字〔2025〕6号</针对文号>
    </复查申请>
    <复查 序="7" 日期="2025-09-10" 机关="云州市青溪区人民政府" 经办人="崔浩然">
      <结论>维持</结论>
      <意见>原处理意见认定事实清楚，予以维持。</意见>
      <依据>
        <名称>信访工作条例</名称>
        <条款>第三十五条</条款>
      </依据>
      <文号>青政信复查字〔2025〕2号</文号>
      <复核机关>云州市人民政府</复核机关>
    </复查>
    <送达 序="8" 日期="2025-09-12" 机关="云州市青溪区人民政府" 经办人="崔浩然" 事件="7">
      <受送达人>廖桂芬</受送达人>
      <方式>直接送达</方式>
      <地点>云州市青溪区人民来访接待中心</地点>
      <送达人>崔浩然</送达人>
      <收到日期>2025-09-12</收到日期>
      <签收人>廖桂芬</签收人>
      <关系>本人</关系>
    </送达>
    <结案 序="9" 日期="2026-01-15" 经办人="梁书涵">
      <方式>办结</方式>
    </结案>
"""


def closed_early(office: Office) -> None:
    """The case as it was closed before a 复查 was asked for."""
    path = record_of(office, REOPENED)
    text = path.read_text("utf-8")
    head, _, rest = text.partition('    <复查申请 序="5"')
    path.write_text(head + _CLOSED_FIRST + "  </办理>" + rest.partition("  </办理>")[2], "utf-8")


def reviewed(office: Office) -> None:
    """A 复查 was asked for after the case had been packed, and the case was closed once more, in another year."""
    path = record_of(office, REOPENED)
    text = path.read_text("utf-8")
    path.write_text(text.replace("  </办理>", f"{_REVIEWED}  </办理>", 1), "utf-8")
