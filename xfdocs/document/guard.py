"""What no document may do: reach those a petitioner has reported, or betray who reported them.

条例22 30·3, 46(五): 不得将信访人的检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位.  The check looks at the
finished Document, so that no wording, layout or override can get round it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.document.catalogue import PETITIONER, Kind
from xfdocs.document.model import Document
from xfdocs.document.words import all_text
from xfdocs.errors import DocumentRefused
from xfdocs.record.derived import is_accusation, named
from xfdocs.record.events import Event
from xfdocs.record.model import Case

ARCHIVE = "存档"
"""Recipient of the forms that stay in the office; they may name everybody."""


def refuse_if_harmful(document: Document, kind: Kind, case: Case, event: Event | None) -> None:
    """Raise `DocumentRefused` if the document would break 条例22 30·3."""
    if not is_accusation(case) or kind.recipient == ARCHIVE:
        return
    for why in _harms(document, kind, case, event):
        raise DocumentRefused(case=case.id, kind=kind.title, why=why)


def _harms(document: Document, kind: Kind, case: Case, event: Event | None) -> Iterator[str]:
    reported = {
        name
        for claim in case.claims
        for respondent in claim.respondents
        for name in (respondent.name, respondent.unit or "")
        if name
    }
    recipients = [*document.addressees, *document.colophon.copies_to]
    service_recipient = getattr(event, "recipient", None)
    if isinstance(service_recipient, str):
        recipients.append(service_recipient)
    for recipient in recipients:
        if any(same_body(recipient, name) for name in reported):
            yield (
                f"检举控告事项不得发给被反映的单位或者人员（收件方“{recipient}”）。"
                "依据《信访工作条例》第三十条第三款、第四十六条第五项；请改送有管理权限的机关。"
            )
    if kind.recipient != PETITIONER and not _consented(case) and not _to_petitioner(document, case):
        text = all_text(document)
        for person in named(case):
            for secret in (
                person.name,
                *person.phones,
                person.address,
                person.ident.number if person.ident else None,
            ):
                if secret and secret in text:
                    yield (
                        "检举控告的转送、交办文书只写内容摘要，不写检举控告人的姓名、住址和联系方式（R15）。"
                        "请修改摘要；本人书面同意实名转送的，在记录中注明“实名转送”。"
                    )


def same_body(one: str, other: str) -> bool:
    """Whether two names mean the same unit or person: equal, or one is the other with a place before it."""
    one, other = "".join(one.split()), "".join(other.split())
    return one == other or (min(len(one), len(other)) >= 4 and (one.endswith(other) or other.endswith(one)))


def _consented(case: Case) -> bool:
    return case.confidentiality is not None and bool(case.confidentiality.named)


def _to_petitioner(document: Document, case: Case) -> bool:
    """Whether a document goes to the petitioner alone, as a receipt of service does."""
    return bool(document.addressees) and {p.name for p in named(case)} >= set(document.addressees)
