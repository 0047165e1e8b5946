"""One progress protocol: a bar on the terminal, or nothing.

Long work takes a `Progress` and calls `advance` as things get done; it never knows whether anybody
is looking.  The bar goes to standard error, so standard output stays for results.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Something that is told how far the work has come."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """*steps* more things are done; *note* names the latest."""


class Silent:
    """Tells nobody."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Do nothing."""


@contextmanager
def terminal_progress(title: str, total: int, *, quiet: bool = False) -> Iterator[Progress]:
    """A bar with rate and time left while the block runs; silent when *quiet* or not on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Pace(ProgressColumn):
        """How many are done in a second since the beginning, and how long the rest takes at that pace.

        Things get done in bursts, a chunk at a time: the pace of the last moment says nothing.
        """

        def render(self, task: Task) -> Text:
            if not task.completed or not task.elapsed or task.remaining is None:
                return Text("")
            pace = task.completed / task.elapsed
            minutes, seconds = divmod(round(task.remaining / pace), 60)
            return Text(f"{pace:.1f} 件/秒，剩余 {minutes}:{seconds:02d}")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Pace(),
        TextColumn("{task.fields[note]}"),
    )
    # What is printed meanwhile goes above the bar; but what goes to a file must not be drawn into.
    aside = sys.stdout.isatty()
    with RichProgress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=aside) as bar:
        task = bar.add_task(title, total=total, note="")

        class Bar:
            def advance(self, steps: int = 1, note: str = "") -> None:
                bar.update(task, advance=steps, note=note)

        yield Bar()
