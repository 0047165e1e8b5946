"""`demo`: the sample office, everything it can do once, and a table of what was made."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import click

from xfdocs.cli.base import PATHS, ChineseCommand, json_option, print_json, print_table, quiet_option, say
from xfdocs.cli.documents import report_refusals
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ExitCode, FolderInTheWay
from xfdocs.office import Office
from xfdocs.production.drafting import draft
from xfdocs.production.outcome import Outcome
from xfdocs.progress import terminal_progress
from xfdocs.record.clocks import State, running_clocks
from xfdocs.record.validation import Validator, record_files
from xfdocs.resources import shipped

_MARK = ".xfdocs-demo"
"""Tells that a folder was made by `demo` and may be made anew."""


@click.command("demo", cls=ChineseCommand)
@click.argument("folder", type=PATHS, default=Path("demo"), metavar="[DIR]")
@json_option
@quiet_option
def demo_command(folder: Path, as_json: bool, quiet: bool) -> None:
    """用示例单位走一遍：复制、校验、生成全部文书草稿、列出期限，最后给出汇总。

    DIR 不写时是当前文件夹下的 demo。
    """
    office = _fresh_office(folder)
    cases, drafts = office.folder / office.cases, office.folder / "drafts"
    files = list(record_files([cases]))
    validator = Validator(office)
    examined = [validator.examine(file) for file in files]
    accepted = [case for report, case in examined if case is not None and report.accepted]
    outcomes: list[Outcome] = []
    with terminal_progress("生成文书", len(files), quiet=quiet) as progress:
        outcomes += draft(None, [cases], office, drafts, progress=progress)
    clocks = Counter(row.state for case in accepted for row in running_clocks(case, office, validator.on))
    report_refusals(outcomes, as_json=as_json)
    made = Counter(outcome.kind for outcome in outcomes if outcome.state == "draft")
    written = Counter((outcome.kind, fmt) for outcome in outcomes for fmt in outcome.files)
    if as_json:
        print_json(
            {
                "folder": str(office.folder),
                "records": len(files),
                "refused": len(files) - len(accepted),
                "documents": dict(made),
                "files": sum(len(outcome.files) for outcome in outcomes),
                "clocks": {str(state): clocks[state] for state in State},
            }
        )
    else:
        kinds = catalogue_of(office).kinds.values()
        rows: list[tuple[object, ...]] = [
            (k.code, k.title, made[k.slug], written[k.slug, "docx"], written[k.slug, "pdf"]) for k in kinds
        ]
        total = ("", "合计", *(sum(int(str(row[n])) for row in rows) for n in (2, 3, 4)))
        print_table("生成的文书（草稿）", ("编号", "文种", "份数", "docx", "PDF"), [*rows, total])
    say(f"案件记录 {len(files)} 件，通过校验 {len(accepted)} 件。", as_json=as_json)
    say(
        f"正在走的期限 {clocks.total()} 个，其中已超期 {clocks[State.OVERDUE]} 个；请看 `xfdocs due --office {folder}`。",
        as_json=as_json,
    )
    say(f"文书在 {drafts}，一件一个文件夹。", as_json=as_json)
    failed = len(accepted) < len(files) or any(outcome.state != "draft" for outcome in outcomes)
    raise SystemExit(ExitCode.REFUSED if failed else ExitCode.DONE)


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
