"""`kinds` and `draft`: which documents there are, and drafts of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    json_option,
    office_for,
    office_option,
    paths_office_option,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
    verbose_option,
)
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ExitCode
from xfdocs.office import Office
from xfdocs.production.drafting import draft, kinds_named
from xfdocs.production.naming import FORMATS
from xfdocs.production.outcome import Outcome
from xfdocs.progress import terminal_progress
from xfdocs.record.files import record_files
from xfdocs.record.findings import Severity
from xfdocs.rules.of_office import law_of


@click.command("kinds", cls=ChineseCommand)
@office_option
@json_option
def kinds_command(office: Office, as_json: bool) -> None:
    """列出全部文书种类。"""
    kinds = catalogue_of(office).kinds.values()
    if as_json:
        print_json(
            [
                {
                    "slug": kind.slug,
                    "title": kind.title,
                    "code": kind.code,
                    "layout": kind.layout,
                    "recipient": kind.recipient,
                    "event": kind.call.event,
                    "report": kind.call.report,
                    "archive": kind.call.archive,
                    "about": kind.about,
                }
                for kind in kinds
            ]
        )
        return
    print_table(
        "文书种类",
        ("编号", "文种", "代号", "版式", "收件方", "由什么引起", "用途"),
        [
            (
                kind.code,
                kind.title,
                kind.slug,
                kind.layout,
                kind.recipient,
                kind.call.cause,
                kind.about,
            )
            for kind in kinds
        ],
    )


@click.command("draft", cls=ChineseCommand)
@click.argument("kind", metavar="文种")
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="路径…")
@click.option(
    "-o", "--output", required=True, type=PATHS, metavar="DIR", help="草稿放在这个文件夹，一件一个子文件夹。"
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="文件格式，可重复；不写时 docx 和 pdf 都要。",
)
@pdf_engine_option
@paths_office_option
@json_option
@quiet_option
@verbose_option
def draft_command(
    kind: str,
    paths: tuple[Path, ...],
    output: Path,
    formats: tuple[str, ...],
    office_dir: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """生成文书草稿：不编文号，每页标明“草稿”。

    文种写名称或者代号（见 `xfdocs kinds`），写 all 表示记录所需要的全部文书。
    """
    office = office_for(office_dir, paths)
    kinds = kinds_named([kind], office)
    total = sum(1 for _ in record_files(paths))
    outcomes: list[Outcome] = []
    with terminal_progress("生成草稿", total, quiet=quiet) as progress:
        for outcome in draft(kinds, paths, office, output, formats=formats or FORMATS, progress=progress):
            outcomes.append(outcome)
            if as_json:
                print_json(outcome.as_json())
            elif verbose and outcome.state == "draft":
                say(f"{outcome.case} {outcome.kind_title}：{'、'.join(map(str, outcome.files.values()))}")
    report_refusals(outcomes, "未生成", as_json=as_json)
    if local := unconfirmed_rules(office):
        say(f"{local}是否仍然有效没有核对过；文书中按它写的期限和条款，请核对后再用。", as_json=as_json)
    made = sum(outcome.state == "draft" for outcome in outcomes)
    say(f"生成草稿 {made} 份，放在 {output}；未生成 {len(outcomes) - made} 份。", as_json=as_json)
    raise SystemExit(ExitCode.REFUSED if made < len(outcomes) else ExitCode.DONE)


def unconfirmed_rules(office: Office) -> str:
    """The local rules in use that nobody has confirmed to be in force, as printed; empty if there are none."""
    local = law_of(office).local
    return "" if local is None or (local.in_force_checked and local.verified) else f"《{local.title}》"


def report_refusals(outcomes: Sequence[Outcome], verb: str, *, as_json: bool) -> None:
    """One line for each document or record that was set aside, and why; *verb* as `refusal_line` has it."""
    for outcome in outcomes:
        if outcome.state == "refused":
            say(refusal_line(outcome, verb), as_json=as_json)


def refusal_line(outcome: Outcome, verb: str) -> str:
    """Why a document, or a whole record, was set aside, in one line; *verb*: 未生成, 未制发."""
    if outcome.kind:
        return f"{verb} {outcome.case} {outcome.kind_title}：{outcome.why}"
    errors = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
    if not errors:
        return f"{verb} {outcome.case} 的文书：{outcome.why or '记录不能确定是否合格。'}"
    file = errors[0].file
    others = f"共 {len(errors)} 处错误，请运行 `xfdocs validate {file}` 查看。" if len(errors) > 1 else ""
    return f"{verb} {outcome.case or file} 的文书，记录没有通过校验：{errors[0].code} {errors[0].message}{others}"


COMMANDS = (kinds_command, draft_command)
