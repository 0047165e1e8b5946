"""安全性, as far as a program can tell: nothing that runs, nothing that leads out of the package."""

from __future__ import annotations

from pathlib import PurePosixPath

from xfdocs.archive.attachments import MACROS, PROGRAM
from xfdocs.archive.bag.findings import BagFlaw
from xfdocs.archive.checks.authenticity import flawed
from xfdocs.archive.checks.evidence import Answer, Checks, judged
from xfdocs.archive.checks.subject import Subject

CHECKS = Checks()

NAMES = frozenset(
    {
        BagFlaw.PATH_UNSAFE,
        BagFlaw.PATH_UNFIT,
        BagFlaw.SPELLING,
        BagFlaw.COLLISION,
        BagFlaw.SPECIAL,
        BagFlaw.OVERLAP,
        BagFlaw.SIZE_LIES,
        BagFlaw.DENSE,
        BagFlaw.DUPLICATE,
    }
)
"""Flaws of names and of what is no file."""


@CHECKS.item("AQ-05")
def no_programs(subject: Subject) -> Answer:
    """Nothing runs when somebody opens it."""
    wrong, unread = subject.said_of(PROGRAM)
    told = {line.partition("：")[0] for line in wrong}
    for path in sorted(set(subject.payload) - told):
        ending = PurePosixPath(path).suffix.lower().removeprefix(".")
        if ending in subject.listed.programs:
            wrong.append(f"{path}：用了程序的扩展名")
    return judged(wrong, f"{len(subject.payload)} 个文件，没有可执行程序", unread)


@CHECKS.item("AQ-06")
def no_macros(subject: Subject) -> Answer:
    """No office file holds macros."""
    wrong, unread = subject.said_of(MACROS)
    return judged(wrong, f"{len(subject.payload)} 个文件，没有宏", unread)


@CHECKS.item("AQ-07")
def inside(subject: Subject) -> Answer:
    """Nothing leads out of the package, and every system takes its names."""
    wrong = flawed(subject, NAMES)
    return judged(wrong, f"{len(subject.bag.names())} 个文件，都是普通文件，名称各种系统都能用")
