"""`issue`: documents that are official the moment they are made."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    json_option,
    office_for,
    paths_office_option,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
    today,
    verbose_option,
)
from xfdocs.cli.documents import refusal_line, unconfirmed_rules
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ExitCode
from xfdocs.garbage import collect_as_usual
from xfdocs.production.drafting import kinds_named
from xfdocs.production.naming import FORMATS
from xfdocs.production.outcome import Outcome
from xfdocs.progress import terminal_progress
from xfdocs.record.files import record_files

_FEW = 10
"""Records up to which every document is named without being asked for."""


def count_option(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    """A whole number from 1, as ``--jobs`` wants it."""
    if value is None:
        return None
    if not re.fullmatch("0*[1-9][0-9]{0,5}", value):
        raise click.BadParameter(f"{value} 不是 1 以上的整数。")
    return int(value)


@click.command("issue", cls=ChineseCommand)
@click.argument("kind", metavar="文种")
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="路径…")
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="文件格式，可重复；不写时 docx 和 pdf 都要。",
)
@click.option("--signer", default="", metavar="姓名", help="签发人，记入登记库和案件记录。")
@click.option("--jobs", callback=count_option, metavar="N", help="同时用几个进程；不写时按处理器的个数。")
@click.option("--dask", metavar="地址", help="交给这个 Dask 集群制作，如 tcp://10.0.0.5:8786。")
@pdf_engine_option
@paths_office_option
@json_option
@quiet_option
@verbose_option
def issue_command(
    kind: str,
    paths: tuple[Path, ...],
    formats: tuple[str, ...],
    signer: str,
    jobs: int | None,
    dask: str | None,
    office_dir: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """正式制发文书：编文号、生成文件、登记、写回案件记录。

    文种写名称或者代号（见 `xfdocs kinds`），写 all 表示记录所需要、还没有的全部文书。已经制发的不会重复
    制发。中途断开的，再运行同一条命令，就从断开的地方接着做。
    """
    from xfdocs.production.issuing import issue

    collect_as_usual()
    office = office_for(office_dir, paths)
    kinds = kinds_named([kind], office)
    count = len(record_files(paths))
    summary = _Summary()
    refusals: list[str] = []
    try:
        with terminal_progress("制发", count, quiet=quiet) as progress:
            outcomes = issue(
                kinds,
                paths,
                office,
                on=today(),
                formats=formats or FORMATS,
                signer=signer,
                jobs=jobs,
                dask=dask,
                progress=progress,
                tell=lambda sentence: say(sentence, as_json=True),
            )
            for outcome in outcomes:
                summary.add(outcome)
                refusals += _said(outcome)
                if as_json:
                    print_json(outcome.as_json())
                elif outcome.state == "issued" and not quiet and (verbose or count <= _FEW):
                    click.echo(_line(outcome))
    except KeyboardInterrupt:
        say(
            f"已中断：这一次制发了 {summary.states['issued']} 份。再运行同一条命令，就从断开的地方接着做。",
            as_json=True,
        )
        raise SystemExit(ExitCode.INTERRUPTED) from None
    for line in refusals:
        say(line, as_json=as_json)
    if local := unconfirmed_rules(office):
        say(f"{local}是否仍然有效没有核对过；文书中按它写的期限和条款，请核对后再用。", as_json=as_json)
    if not as_json and not quiet and count > _FEW:
        summary.show(tuple(catalogue_of(office).kinds))
    say(summary.sentence(), as_json=as_json)
    raise SystemExit(ExitCode.REFUSED if summary.states["refused"] or summary.troubled else ExitCode.DONE)


def _line(outcome: Outcome) -> str:
    name = f"{outcome.number} " if outcome.number else ""
    return f"{name}{outcome.kind_title}（{outcome.case}）：{'、'.join(map(str, outcome.files.values()))}"


def _said(outcome: Outcome) -> Iterator[str]:
    """What a person must know of an outcome beyond its number."""
    if outcome.state == "refused":
        yield refusal_line(outcome, "未制发")
    elif outcome.why:
        yield f"{outcome.case} {outcome.kind_title}{outcome.number}：{outcome.why}"


class _Summary:
    """Counts by kind and state; nothing of single documents is kept, however many there are."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.troubled = 0
        self.strangers = 0
        self.added = 0
        self._kinds: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.states[outcome.state] += 1
        self.troubled += outcome.state != "refused" and bool(outcome.why)
        self.added += bool(outcome.added)
        self.strangers += outcome.state == "existing" and not outcome.files
        self._kinds[outcome.kind, outcome.kind_title or "（整件记录）"][outcome.state] += 1

    def show(self, order: Sequence[str]) -> None:
        """The table of kinds, in the *order* of the catalogue; whole records last."""
        rows = [
            (title, counts["issued"], counts["existing"], counts["refused"])
            for (_, title), counts in sorted(
                self._kinds.items(), key=lambda item: order.index(item[0][0]) if item[0][0] else len(order)
            )
        ]
        states = self.states
        total = ("合计", states["issued"], states["existing"], states["refused"])
        print_table("制发的文书", ("文种", "新制发", "已有", "未制发"), [*rows, total])

    def sentence(self) -> str:
        """The outcome of the run."""
        issued, existing, refused = (self.states[state] for state in ("issued", "existing", "refused"))
        notes = [f"{self.strangers} 份是记录中原有的，不在登记库里"] if self.strangers else []
        notes += [f"{self.added} 份补制了另一种格式"] if self.added else []
        own = f"（其中 {'，'.join(notes)}）" if notes else ""
        done = f"新制发 {issued} 份" if issued else "没有需要新制发的文书"
        return f"{done}，已有 {existing} 份{own}，未制发 {refused} 份。"


COMMANDS = (issue_command,)
