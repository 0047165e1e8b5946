"""What `report … --issue` and `--per-unit` add: reports that get numbers and go into the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xfdocs.cli.base import print_json, say
from xfdocs.cli.issue import count_option
from xfdocs.errors import ExitCode, PeriodOpen, UsageFault
from xfdocs.production.naming import FORMATS
from xfdocs.progress import terminal_progress

if TYPE_CHECKING:
    from xfdocs.production.outcome import Outcome
    from xfdocs.reports.keeping import Paper
    from xfdocs.reports.model import Report
    from xfdocs.reports.reporting import Desk

F = TypeVar("F", bound=Callable[..., Any])


def issue_options(*, units: bool) -> Callable[[F], F]:
    """``--issue``, where *units* ``--per-unit`` too, and how it is done."""

    def bind(command: F) -> F:
        options = [
            click.option("--issue", is_flag=True, help="正式制发：编文号、登记，文件放进已发文书的文件夹。"),
            click.option("--signer", default="", metavar="姓名", help="签发人，记入登记库。"),
            click.option(
                "--jobs", callback=count_option, metavar="N", help="同时用几个进程；不写时按处理器的个数。"
            ),
        ]
        if units:
            options.insert(
                1,
                click.option(
                    "--per-unit",
                    is_flag=True,
                    help="另给每个单位单独一份，编文号、登记：它自己的数字、超期的和没有送达的事项。",
                ),
            )
        for option in reversed(options):
            command = option(command)
        return command

    return bind


def wants_numbers(asked: dict[str, Any]) -> bool:
    """Whether anything is to be issued. Raises `UsageFault` for a public version."""
    wanted = bool(asked.get("issue") or asked.get("per_unit"))
    if wanted and asked["public"]:
        raise UsageFault(message="公开版不编文号：请去掉 --public，或者去掉 --issue、--per-unit。")
    return wanted


def papers_of(report: Report, desk: Desk, asked: dict[str, Any]) -> list[Paper]:
    """What is to be issued: the report itself, and the sheets of the units.

    Raises `PeriodOpen` before anything is written.
    """
    from xfdocs.reports.figures import drawn
    from xfdocs.reports.keeping import Paper
    from xfdocs.reports.reporting import names_for
    from xfdocs.reports.units import sheets_of

    if not report.over:
        raise PeriodOpen(period=report.period, last=report.last)
    papers = []
    if asked["issue"]:
        papers.append(Paper(report, "", names_for(report, desk.office), drawn(report, desk)))
    if asked.get("per_unit"):
        found = sheets_of(desk, asked["period"])
        for unit in found.above:
            say(f"{unit}是上级机关，或者是法院、检察院、纪检监察机关，没有给它制作。", as_json=True)
        if not found.sheets:
            say(f"{report.period}没有需要单独通报的单位。", as_json=True)
        papers += [Paper(one.report, one.unit, one.names, {}, one.lists) for one in found.sheets]
    return papers


def issue_papers(papers: list[Paper], asked: dict[str, Any]) -> ExitCode:
    """Issue them, and say what became of each."""
    from xfdocs.reports.issuing import issue_reports

    as_json, quiet = asked["as_json"], asked["quiet"]
    states: Counter[str] = Counter()
    troubled = 0
    with terminal_progress("制发", len(papers), quiet=quiet or as_json) as progress:
        outcomes = issue_reports(
            papers,
            asked["office"],
            on=asked["on"],
            formats=tuple(fmt for fmt in asked["formats"] if fmt in FORMATS) or FORMATS,
            signer=asked["signer"],
            jobs=asked["jobs"],
            progress=progress,
            tell=lambda sentence: say(sentence, as_json=True),
        )
        for paper, outcome in zip(papers, outcomes, strict=True):
            states[outcome.state] += 1
            troubled += bool(outcome.why)
            if as_json:
                print_json({**outcome.as_json(), "period": paper.report.code, "unit": paper.unit})
            elif outcome.state == "issued" and not quiet:
                click.echo(_line(paper, outcome))
            if outcome.why:
                what = (
                    "未制发：" if outcome.state == "refused" else f"{outcome.number or outcome.kind_title}："
                )
                say(f"{what}{outcome.why}", as_json=True)
    issued, existing, refused = (states[state] for state in ("issued", "existing", "refused"))
    say(f"新制发 {issued} 份，已有 {existing} 份，未制发 {refused} 份。", as_json=as_json)
    return ExitCode.REFUSED if refused or troubled else ExitCode.DONE


def _line(paper: Paper, outcome: Outcome) -> str:
    name = f"{outcome.number} " if outcome.number else ""
    unit = f"（{paper.unit}）" if paper.unit else ""
    return f"{name}{outcome.kind_title}{unit}：{'、'.join(map(str, outcome.files.values()))}"
