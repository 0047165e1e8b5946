"""Text → Document: the elements of an official document in their places, whatever it is about."""

from __future__ import annotations

import datetime as dt

from xfdocs.document.catalogue import Kind
from xfdocs.document.model import RED_HEADED, Colophon, Document
from xfdocs.document.wording import Text
from xfdocs.office import Office, Organ

FORMS = frozenset({"form", "wide", "label"})
"""Layouts of what nobody signs and dates as a letter."""
_BLANK = "\u3000\u3000"
"""Where a draft's number will stand."""


def assemble(
    kind: Kind,
    text: Text,
    organ: Organ,
    day: dt.date,
    *,
    case: str,
    number: str = "",
    secrecy: str = "",
    urgency: str = "",
    draft: bool,
) -> Document:
    """The document that a wording says, as *organ* issues it on a day.

    *case* is what it is about: the 编号 of a case, or the period of a report.
    """
    layout = kind.layout
    red = layout in RED_HEADED
    return Document(
        kind=kind.slug,
        kind_title=kind.title,
        layout=layout,
        case=case,
        issuer=organ.name,
        title=text.one("标题") or kind.title,
        number=number,
        head=_head(layout, organ, text.one("发文机关标志")),
        secrecy=secrecy,
        urgency=urgency,
        signer=text.one("签发人"),
        addressees=text.all("主送"),
        body=text.body,
        attachments=text.all("附件"),
        signatory="" if layout in FORMS else text.one("署名") or organ.name,
        date=None if layout in FORMS else day,
        note=text.one("附注"),
        colophon=Colophon(
            copies_to=text.all("抄送"),
            printer=(text.one("印发机关") or organ.name) if red else "",
            printed=day if red else None,
        ),
        draft=draft,
    )


def number_form(kind: Kind, organ: Organ, office: Office) -> str:
    """The form of a number with ``{year}`` and ``{n}``; empty for a kind without numbers (GB/T 9704 7.2.5)."""
    own = office.setting(kind.slug).number or office.numbers.get(kind.series, "")
    if own and organ is office.organ:
        return own
    return f"{organ.code}{kind.series}字〔{{year}}〕{{n}}号" if kind.series and organ.code else ""


def blank_number(kind: Kind, organ: Organ, office: Office, day: dt.date) -> str:
    """The number of a draft: its series and year, with room for the rest."""
    return number_form(kind, organ, office).replace("{year}", str(day.year)).replace("{n}", _BLANK)


def _head(layout: str, organ: Organ, own: str) -> str:
    if own:
        return own
    if layout == "letter":
        return organ.head or organ.name
    return f"{organ.head or organ.name}文件" if layout in RED_HEADED else ""
