"""How often a process of ours looks for garbage in circles.

What validation makes has hardly any, and what it keeps (schemas, fonts, the law) is large and is gone through each
time: Python's own settings cost 12 % of validation and 4 % of making documents.  Set for processes that are ours, the command
line and its workers; a program that uses the library decides for itself.
"""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()


def collect_rarely() -> None:
    """Look after 20 000 new containers instead of 700, and at the old ones 4 times as rarely."""
    gc.set_threshold(20_000, 20, 20)


def collect_as_usual() -> None:
    """As Python does by itself: for a process that hands on what others make, whose garbage would pile up."""
    gc.set_threshold(*_USUAL)
