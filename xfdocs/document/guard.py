"""What no document may do: reach those a petitioner has reported, or betray who reported them.

条例22 30·3, 46(五): 不得将信访人的检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位.  The check looks at the
finished Document, so that no wording, layout or override can get round it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xfdocs.document.catalogue import ARCHIVE, PETITIONER, Kind
from xfdocs.document.model import Document
from xfdocs.document.words import all_text
from xfdocs.errors import DocumentRefused
from xfdocs.record.events import Event, Service
from xfdocs.record.model import Case
from xfdocs.record.rules.accusations import accusation_conflicts, secret_claims
from xfdocs.record.rules.bodies import reaches
from xfdocs.record.rules.matter import CaseView


def refuse_if_harmful(document: Document, kind: Kind, case: Case, event: Event | None) -> None:
    """Raise `DocumentRefused` if the document would break 条例22 30·3."""
    if kind.recipient == ARCHIVE:
        return
    for why in _harms(document, kind, CaseView(case), event):
        raise DocumentRefused(case=case.id, kind=kind.title, why=why)


def _harms(document: Document, kind: Kind, view: CaseView, event: Event | None) -> Iterator[str]:
    if not view.protected:
        return
    yield from (hit.message for hit in accusation_conflicts(view.case))
    secret = secret_claims(view, event) if event is not None else view.protected
    for recipient in (*document.addressees, *document.colophon.copies_to):
        if any(reaches(recipient, reported) for reported in view.respondents(secret)):
            yield (
                f"检举控告事项不得发给被反映的单位或者人员（收件方“{recipient}”）。"
                "依据《信访工作条例》第三十条第三款、第四十六条第五项；请改送有管理权限的机关。"
            )
    told_to_themselves = kind.recipient == PETITIONER and (
        not isinstance(event, Service) or event.recipient in view.names
    )
    confidential = view.case.confidentiality
    if secret and not told_to_themselves and not (confidential is not None and confidential.named):
        text = all_text(document)
        if any(identity in text for _, identity in view.identities):
            yield (
                "检举控告的转送、交办文书只写内容摘要，不写检举控告人的姓名、住址和联系方式（R15）。"
                "请修改摘要；本人书面同意实名转送的，在记录中注明“实名转送”。"
            )
