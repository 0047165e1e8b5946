"""Checking one package: every item of the list gets its result, whatever state the package is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from xfdocs.archive.checks import authenticity, completeness, continuity, metadata, safety, signed, usability
from xfdocs.archive.checks.evidence import Answer, CannotCheck, NotGiven
from xfdocs.archive.checks.items import checklist
from xfdocs.archive.checks.model import By, Check, Item, Known, Result, Terms, Verified
from xfdocs.archive.checks.subject import Subject, opened
from xfdocs.errors import LawFault, MachineLacks
from xfdocs.office import Office

CHECKS: Mapping[str, Callable[[Subject], Answer]] = {
    **authenticity.CHECKS,
    **signed.CHECKS,
    **metadata.CHECKS,
    **completeness.CHECKS,
    **continuity.CHECKS,
    **usability.CHECKS,
    **safety.CHECKS,
}
"""Every check of a program by the id of its item."""


def verify_package(
    path: Path,
    *,
    on: dt.datetime,
    known: Known | None = None,
    terms: Terms | None = None,
    office: Office | None = None,
) -> Verified:
    """Check a package, a folder or one zip or tar, item by item.

    *on* is when it is checked, with time zone.  *known* is what the register says of it, *terms* what the office has settled,
    *office* the office whose rules its record must obey; what they would be compared with stays unchecked without them.
    Nothing is raised about the package: what is wrong with it is the result.
    """
    listed = checklist()
    with opened(
        path, listed, on=on, known=known or Known(), terms=terms or Terms(), office=office
    ) as subject:
        checks = tuple(_checked(item, subject) for item in listed.items)
        return _verified(subject, checks, path, on)


def _verified(subject: Subject, checks: tuple[Check, ...], path: Path, on: dt.datetime) -> Verified:
    found = Verified(package=path, on=on, checks=checks)
    with suppress(CannotCheck):
        payload = subject.payload
        found = Verified(
            package=path,
            on=on,
            checks=checks,
            identity=subject.bag.digest,
            case=subject.case_named,
            numbers=subject.numbers,
            files=len(payload),
            octets=sum(payload.values()),
        )
    return found


def _checked(item: Item, subject: Subject) -> Check:
    if item.by is By.PERSON:
        return _check(item, Answer(Result.NOT_CHECKED, item.todo))
    try:
        return _check(item, CHECKS[item.id](subject))
    except NotGiven as lacking:
        return _check(item, Answer(Result.NOT_CHECKED, str(lacking)))
    except (CannotCheck, LawFault, MachineLacks) as trouble:
        return _check(item, Answer(Result.NOT_CHECKED, f"没有检测成：{trouble}"), prevented=True)
    except Exception as error:  # noqa: BLE001 - a package can be broken in ways nobody thought of; its words may be of the record
        what = (
            f"没有检测成：程序遇到没有预料到的情况（{type(error).__name__}），请把信息包和本报告交维护人员。"
        )
        return _check(item, Answer(Result.NOT_CHECKED, what), prevented=True)


def _check(item: Item, answer: Answer, *, prevented: bool = False) -> Check:
    return Check(item.id, item.nature, item.title, answer.result, answer.detail, item.severity, prevented)
