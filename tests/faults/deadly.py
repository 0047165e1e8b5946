"""`xfdocs` with a death in it: the process kills itself, as the power would, at a named point of its work.

    DEADLY="write:before:2" python tests/faults/deadly.py issue all cases

The point is a step, *before* or *after* (it has done its work), and the how manyth time.  A worker started by
spawn runs this file again under another name, so the death comes to it too; ``DEADLY_ONCE`` names a file that
is made at the first death, so that whoever comes after lives.  `STEPS` are the named points.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = {
    "begin": "xfdocs.register.register:Register.begin_run",
    "survey": "xfdocs.production.surveying:survey",
    "reserve": "xfdocs.register.register:Register.reserve",
    "render": "xfdocs.production.making:_Making._rendered",
    "write": "xfdocs.files:Staging.put",
    "rename": "xfdocs.files:Staging.commit",
    "register": "xfdocs.register.register:Register.issue",
    "write-back": "xfdocs.production.recording:record_all",
    "confirm": "xfdocs.register.register:Register.confirm",
}
"""The steps of a run, in its order, and the function that is each."""


def arm(point: str, die: Callable[[], None]) -> None:
    """Put a death before or after a step."""
    step, when, nth = point.split(":")
    module, _, names = STEPS[step].partition(":")
    *path, name = names.split(".")
    holder: Any = importlib.import_module(module)
    for part in path:
        holder = getattr(holder, part)
    real = getattr(holder, name)
    left = int(nth)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            die()
        result = real(*args, **kwargs)
        if left == 0 and when == "after":
            die()
        return result

    deadly.__qualname__ = names  # a pool sends functions by name
    deadly.__module__ = module
    deadly.__name__ = name
    setattr(holder, name, deadly)
    for other in [*sys.modules.values()]:  # whoever imported it by name
        if getattr(other, "__name__", "").startswith("xfdocs.") and getattr(other, name, None) is real:
            setattr(other, name, deadly)


def kill_me() -> None:
    """Nothing is flushed, closed or told."""
    if once := os.environ.get("DEADLY_ONCE"):
        try:
            Path(once).touch(exist_ok=False)
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)


def prepare() -> None:
    """Arm this process if it is the one that is to die: the parent, or with DEADLY_WORKER a worker."""
    point = os.environ.get("DEADLY")
    in_worker = __name__ == "__mp_main__"
    if point and in_worker == bool(os.environ.get("DEADLY_WORKER")):
        for module in ("xfdocs.production.issuing", "xfdocs.production.voiding"):
            importlib.import_module(module)
        arm(point, kill_me)


prepare()

if __name__ == "__main__":
    from xfdocs.cli import main

    main()
