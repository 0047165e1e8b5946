"""What of a case is personal: the values that no public version may contain, each with what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from xfdocs.record.events import Service
from xfdocs.record.model import Case, Claim, Petitioner


class Sort(Enum):
    """How a value is looked for."""

    WHOLE = "whole"
    """As it is; a name of one character only where it stands alone."""
    RUN = "run"
    """Any run of `RUN` characters of it."""


RUN = 8
"""Characters of a text that nobody writes twice by chance."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value."""

    kind: str
    """What it is, as people say it: 姓名, 联系电话 …"""
    text: str
    sort: Sort = Sort.WHOLE


def personal_values(case: Case) -> Iterator[Personal]:
    """Everything in a case that tells who petitioned, whom he reported, or what he wrote."""
    arrival = case.registration
    yield Personal("信访件编号", case.id)
    for other in arrival.related:
        yield Personal("信访件编号", other)
    yield from _some("查询码", arrival.query_code)
    yield Personal("事由", arrival.subject, Sort.RUN)
    for person in case.petitioners:
        yield from _of_petitioner(person)
    for claim in case.claims:
        yield from _of_claim(claim)
    for event in case.events:
        if isinstance(event, Service):
            yield from _of_service(event)
    for issued in case.issued:
        yield from _some("文号", issued.number)
    for attachment in case.attachments:
        yield Personal("附件名称", attachment.name, Sort.RUN)
        if attachment.file:
            yield Personal("附件文件名", attachment.file.rpartition("/")[2])


def _of_claim(claim: Claim) -> Iterator[Personal]:
    for kind, text in (("请求", claim.request), ("事实", claim.facts), ("理由", claim.reasons)):
        yield from _some(kind, text, Sort.RUN)
    for respondent in claim.respondents:
        yield Personal("被反映人", respondent.name)
        yield from _some("被反映人的单位", respondent.unit)


def _of_service(event: Service) -> Iterator[Personal]:
    yield Personal("受送达人", event.recipient)
    yield from _some("签收人", event.receiver)
    yield from _some("送达地点", event.place, Sort.RUN)
    yield from _some("邮件号", event.tracking)


def _of_petitioner(person: Petitioner) -> Iterator[Personal]:
    yield from _some("信访人姓名", person.name)
    yield from _some("法定代表人", person.legal_representative)
    yield from _some("住址", person.address, Sort.RUN)
    yield from _some("工作单位", person.workplace)
    yield from _some("电子邮箱", person.email)
    for phone in person.phones:
        yield from _phones(phone)
    if person.ident is not None:
        yield Personal("证件号码", person.ident.number)
    if person.proxy is not None:
        yield Personal("代理人姓名", person.proxy.name)
        yield from _phones(person.proxy.phone or "")


def _some(kind: str, text: str | None, sort: Sort = Sort.WHOLE) -> Iterator[Personal]:
    if text:
        yield Personal(kind, text, sort)


_AREA = re.compile(r"^(?:\+?86)?0\d{2,3}[-\s()（）]*(?=\d{7})")


def _phones(phone: str) -> Iterator[Personal]:
    """A telephone number, also without what is dialled before it."""
    yield from _some("联系电话", phone)
    short = _AREA.sub("", phone)
    if short == phone:
        short = re.sub(r"^\+?86[-\s]*(?=1\d{10}$)", "", phone)
    if short != phone:
        yield Personal("联系电话", short)
