"""Finding a document by what people call it."""

from __future__ import annotations

import difflib
import re
import unicodedata

from sqlalchemy import ColumnElement, Connection, or_, select

from xfdocs.errors import EntryUnknown
from xfdocs.register.entry import Entry
from xfdocs.register.recorded import report_case, volume_case
from xfdocs.register.rows import entries_where
from xfdocs.register.tables import DOCUMENTS

_BRACKETS = str.maketrans("[]()【】［］（）﹝﹞", "〔〕〔〕〔〕〔〕〔〕〔〕")
_CANDIDATES = 500
"""How many rows are looked at for names that look alike."""


def found(connection: Connection, name: str, place: str) -> list[Entry]:
    """The entries called *name*: a 文号, a 登记号, the 编号 of a case or the period of reports.

    A 文号 may be written with other brackets, wide digits or spaces, or without its 号; a 登记号 with the word
    before it, which tells it from a 编号 of figures alone.

    Raises `EntryUnknown`, with names that look like it.
    """
    typed = "".join(unicodedata.normalize("NFKC", name).split())
    number = typed.translate(_BRACKETS)
    conditions: list[ColumnElement[bool]] = [
        DOCUMENTS.c.case_id.in_([name, typed, report_case(typed.upper()), volume_case(typed)]),
        DOCUMENTS.c.number.in_([name, number, f"{number}号"]) & (DOCUMENTS.c.n > 0),
    ]
    if match := re.fullmatch(r"(?:登记号)?([0-9]{1,9})", typed):
        conditions.append(DOCUMENTS.c.id == int(match[1]))
    if entries := entries_where(connection, or_(*conditions), place):
        return entries
    alike = _alike(connection, number)
    hint = f"是不是 {'、'.join(alike)}？" if alike else ""
    raise EntryUnknown(name=name, hint=hint)


def _alike(connection: Connection, name: str) -> list[str]:
    """Up to three numbers or cases that look like a name, the likeliest first."""
    figures = re.findall(r"[0-9]+", name)
    likely = [
        DOCUMENTS.c.case_id.icontains(name, autoescape=True),
        DOCUMENTS.c.number.contains(name, autoescape=True),
    ]
    if "〕" in name:  # another number of the same series and year
        likely.append(DOCUMENTS.c.number.startswith(name.partition("〕")[0], autoescape=True))
    if figures and len(figures[-1]) <= 9:
        likely.append(DOCUMENTS.c.n == int(figures[-1]))
        likely.append(DOCUMENTS.c.case_id.endswith(figures[-1]))
    question = select(DOCUMENTS.c.number, DOCUMENTS.c.case_id).where(or_(*likely))
    rows = connection.execute(question.order_by(DOCUMENTS.c.id.desc()).limit(_CANDIDATES)).all()
    names = dict.fromkeys(text for row in rows for text in (row.number, row.case_id) if text)
    return difflib.get_close_matches(name, names, n=3, cutoff=0.5)
