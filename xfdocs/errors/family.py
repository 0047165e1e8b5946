"""The family itself: what every error can do, and what a command tells the shell."""

from __future__ import annotations

import enum
from typing import Any, ClassVar


class ExitCode(enum.IntEnum):
    """What a command tells the shell."""

    DONE = 0
    REFUSED = 1
    """Some input was refused; the findings say why and the rest was done."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    LACKING = 3
    """The machine lacks a library, a font or a tool."""
    BROKEN = 4
    """The register or an archive is not what it was."""
    INTERRUPTED = 130


class XfdocsError(Exception):
    """{message}"""

    code: ClassVar[str] = "XF-000"
    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").format_map(self.facts).split())

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[XfdocsError], facts: dict[str, Any]) -> XfdocsError:
    return kind(**facts)
