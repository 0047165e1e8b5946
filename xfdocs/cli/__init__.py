"""The command line: click commands that take options, call the library and print.

`main` is the entry point.  It turns every error of ours into one sentence on standard error and the
exit code that belongs to it (`errors.ExitCode`).
"""

from __future__ import annotations

import sys

import click

from xfdocs.cli.base import ChineseGroup, interrupted_once, trouble_of, usage_message
from xfdocs.errors import ExitCode, XfdocsError
from xfdocs.frames import with_room
from xfdocs.garbage import collect_rarely


@click.group(
    cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(
    package_name="xfdocs", prog_name="xfdocs", message="%(prog)s %(version)s", help="显示版本并退出。"
)
def cli() -> None:
    """信访文书工具包：由经过校验的案件记录生成信访文书（docx 与 PDF/A）。

    初次使用请运行 `xfdocs demo`；单位文件夹用 `xfdocs init` 新建。
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    collect_rarely()
    try:
        with interrupted_once():
            code = with_room(cli, standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.UsageError as error:
        click.echo(usage_message(error), err=True)
        code = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        code = ExitCode.INTERRUPTED
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        code = ExitCode.USAGE
    except XfdocsError as error:
        click.echo(f"{error}（{error.code}）", err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = ExitCode.DONE
    except OSError as error:
        if error.filename is None:
            raise
        trouble = trouble_of(error)
        click.echo(f"{trouble}（{trouble.code}）", err=True)
        code = trouble.exit_code
    sys.exit(int(code or 0))


# The commands register themselves on the group; each file has one subject.
from xfdocs.cli import archive, demo, documents, issue, record, records, register, report, setup  # noqa: E402

for _module in (demo, documents, issue, record, records, register, report, archive, setup):
    for _command in _module.COMMANDS:
        cli.add_command(_command)
