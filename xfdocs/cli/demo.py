"""`demo`: the sample office, everything it can do once, and a table of what was made."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    as_asked,
    json_option,
    now,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
)
from xfdocs.cli.documents import report_refusals
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ExitCode, FolderInTheWay
from xfdocs.office import Office
from xfdocs.production.outcome import Outcome
from xfdocs.progress import terminal_progress
from xfdocs.record.clocks import State, running_clocks
from xfdocs.record.files import record_files
from xfdocs.record.validation import Validator
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

if TYPE_CHECKING:
    from xfdocs.archive.checks.model import Verdict
    from xfdocs.archive.packing import Packing

_REPORTS = (("monthly-statistics", "2026-09"), ("circular", "2026Q3"), ("annual-report", "2025"))
"""Reports that the samples have something to say about."""
_MARK = ".xfdocs-demo"
"""Tells that a folder was made by `demo` and may be made anew."""


@click.command("demo", cls=ChineseCommand)
@click.argument("folder", type=PATHS, default=Path("demo"), metavar="[DIR]")
@pdf_engine_option
@json_option
@quiet_option
def demo_command(folder: Path, as_json: bool, quiet: bool) -> None:
    """用示例单位走一遍：复制、校验、正式制发全部文书、核对登记库、推算期限、写出月报、通报和年报、归档并检测，最后给出汇总。

    DIR 不写时是当前文件夹下的 demo。
    """
    from xfdocs.archive.checks.model import Verdict
    from xfdocs.archive.packing import Packing
    from xfdocs.production.issuing import issue
    from xfdocs.register.register import Register
    from xfdocs.register.verify import verify

    office = as_asked(_fresh_office(folder))
    cases = office.folder / office.cases
    files = record_files([cases])
    validator = Validator(office)
    examined = [validator.examine(file) for file in files]
    accepted = [case for report, case in examined if case is not None and report.accepted]
    outcomes: list[Outcome] = []
    with terminal_progress("制发", len(files), quiet=quiet) as progress:
        outcomes += issue(None, [cases], office, on=validator.on, jobs=None, progress=progress)
    with Register.open(office, create=False) as register:
        registered, faults = register.count(), list(verify(register, office))
    reports = list(_reports(office, validator.on))
    packed = _packed(office, cases, validator.on, len(files), quiet=quiet)
    verdicts = _verified(office, quiet=quiet)
    clocks = Counter(row.state for case in accepted for row in running_clocks(case, office, validator.on))
    existing = sum(outcome.state == "existing" for outcome in outcomes)
    report_refusals(outcomes, "未制发", as_json=as_json)
    if as_json:
        print_json(
            {
                "folder": str(office.folder),
                "records": len(files),
                "refused": len(files) - len(accepted),
                "documents": dict(_made(outcomes)),
                "existing": existing,
                "files": sum(len(outcome.files) for outcome in outcomes),
                "registered": registered,
                "faults": [fault.as_json() for fault in faults],
                "reports": [str(path) for path in reports],
                "archive": {
                    **{state.value: packed[state] for state in Packing},
                    **{verdict.value: verdicts[verdict] for verdict in Verdict},
                },
                "clocks": {str(state): clocks[state] for state in State},
            }
        )
    else:
        _show_table(outcomes, office)
    kept = f"；另有 {existing} 份是记录中原有的，没有重复制发" if existing else ""
    say(f"案件记录 {len(files)} 件，通过校验 {len(accepted)} 件{kept}。", as_json=as_json)
    for fault in faults:
        say(f"{fault.gravity.zh} {fault.what}", as_json=as_json)
    say(f"核对登记库：{registered} 份文书，{'有不一致' if faults else '没有发现问题'}。", as_json=as_json)
    say(
        f"正在走的期限 {clocks.total()} 个，其中已超期 {clocks[State.OVERDUE]} 个；请看 `xfdocs due --office {folder}`。",
        as_json=as_json,
    )
    issued = office.folder / office.issued
    say(
        f"文书在 {issued}，一件一个文件夹；清单请看 `xfdocs register list --office {folder}`。",
        as_json=as_json,
    )
    say(
        f"统计报表在 {office.folder / 'reports'}：{'、'.join(dict.fromkeys(p.stem for p in reports))}。",
        as_json=as_json,
    )
    say(
        f"归档 {packed[Packing.PACKED]} 件，还不到归档的时候 {packed[Packing.WAITING]} 件，未归档 {packed[Packing.REFUSED]} 件；"
        f"归档信息包在 {office.folder / 'archive'}。",
        as_json=as_json,
    )
    say(
        f"四性检测 {verdicts.total()} 个归档信息包：合格 {verdicts[Verdict.INTACT]} 个，不合格 {verdicts[Verdict.BROKEN]} 个，"
        f"不能确定 {verdicts[Verdict.UNDETERMINED]} 个；逐项请看 `xfdocs archive verify --office {folder}`。",
        as_json=as_json,
    )
    whole = len(accepted) == len(files) and not any(o.state == "refused" or o.why for o in outcomes)
    whole = whole and not packed[Packing.REFUSED] and verdicts.total() == verdicts[Verdict.INTACT]
    if faults or verdicts[Verdict.BROKEN]:
        raise SystemExit(ExitCode.BROKEN)
    raise SystemExit(ExitCode.DONE if whole else ExitCode.REFUSED)


def _reports(office: Office, on: dt.date) -> Iterator[Path]:
    """The reports of the sample office, in every format."""
    from xfdocs.reports.figures import drawn
    from xfdocs.reports.publishing import publish
    from xfdocs.reports.reporting import desk_of, names_for, report_of

    with desk_of(office, on=on) as desk:
        for slug, period in _REPORTS:
            report = report_of(desk, slug, Period.parse(period))
            figures, names = drawn(report, desk), names_for(report, office)
            yield from publish(
                report, office, office.folder / "reports" / period, figures=figures, names=names, day=on
            )


def _packed(office: Office, cases: Path, on: dt.date, count: int, *, quiet: bool) -> Counter[Packing]:
    """What became of the cases when all were to be packed."""
    from xfdocs.archive.packing import pack

    with terminal_progress("归档", count, quiet=quiet) as progress:
        return Counter(one.state for one in pack([cases], office, on=on, jobs=None, progress=progress))


def _verified(office: Office, *, quiet: bool) -> Counter[Verdict]:
    """How the packages came out when they were checked."""
    from xfdocs.archive.checks.many import verify_many
    from xfdocs.archive.checks.model import Terms
    from xfdocs.archive.shelf import FOLDER, known_of, packages_at

    known = known_of(office)
    if not known:  # not one case was ready
        return Counter()
    places = packages_at([office.folder / FOLDER])
    with terminal_progress("检测", len(places), quiet=quiet) as progress:
        found = verify_many(
            places,
            on=now(),
            known=lambda path: known.get(path.resolve()),
            numbers=next(iter(known.values())).numbers,
            terms=Terms(office=office.folder),
            jobs=None,
            progress=progress,
        )
        return Counter(one.verdict for one in found)


def _made(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How many documents of each kind were issued."""
    return Counter(outcome.kind for outcome in outcomes if outcome.state == "issued")


def _show_table(outcomes: Sequence[Outcome], office: Office) -> None:
    made = _made(outcomes)
    written = Counter((outcome.kind, fmt) for outcome in outcomes for fmt in outcome.files)
    rows: list[tuple[object, ...]] = [
        (kind.code, kind.title, made[slug], written[slug, "docx"], written[slug, "pdf"])
        for slug, kind in catalogue_of(office).kinds.items()
        if kind.call.by_record
    ]
    files = Counter(fmt for outcome in outcomes for fmt in outcome.files)
    total = ("", "合计", made.total(), files["docx"], files["pdf"])
    print_table("制发的文书", ("编号", "文种", "份数", "docx", "PDF"), [*rows, total])


def _fresh_office(folder: Path) -> Office:
    """A copy of the sample office in *folder*; an older demo there gives way, anything else is left alone."""
    if folder.exists():
        if not folder.is_dir() or (not (folder / _MARK).is_file() and any(folder.iterdir())):
            raise FolderInTheWay(where=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()  # first: a demo that was interrupted is still one
    shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
    for path in (folder, *folder.rglob("*")):  # the package may lie on a read-only disk
        path.chmod(path.stat().st_mode | 0o200)
    return Office.open(folder)


COMMANDS = (demo_command,)
