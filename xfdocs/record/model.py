"""The case in Python: frozen dataclasses with English names, the record's own Chinese names in their metadata.

`schemas/case.xsd` is the authority; a test proves that model and schema agree element by element.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xfdocs.record.codes import (
    AttachmentKind,
    Channel,
    Checked,
    FileFormat,
    Gender,
    IdentType,
    Path,
    PetitionerKind,
    Purpose,
    Repeat,
    RespondentKind,
    Retention,
    Salutation,
    SecrecyLevel,
    SourceKind,
    Urgency,
)
from xfdocs.record.events import Event
from xfdocs.record.schema import attribute, element, events


@dataclass(frozen=True, slots=True, kw_only=True)
class Ident:
    """证件: an identity document; kept only where a form requires it (个人信息保护法 6)."""

    type: IdentType = element("类型")
    number: str = element("号码")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """代理: somebody who acts for the petitioner with written authority."""

    name: str = element("姓名")
    relation: str | None = element("关系", default=None)
    scope: str | None = element("权限", default=None)
    until: dt.date | None = element("截止日期", default=None)
    phone: str | None = element("联系电话", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Petitioner:
    """信访人: one who petitions: a citizen, a legal person or another organisation (条例22 17)."""

    representative: bool | None = attribute("代表", default=None)
    name_unclear: bool | None = attribute("姓名不清", default=None)
    address_unclear: bool | None = attribute("住址不清", default=None)
    kind: PetitionerKind = element("类别")
    name: str | None = element("姓名", default=None)
    salutation: Salutation | None = element("称谓", default=None)
    gender: Gender | None = element("性别", default=None)
    address: str | None = element("住址", default=None)
    postcode: str | None = element("邮编", default=None)
    phones: tuple[str, ...] = element("联系电话", default=())
    email: str | None = element("电子邮箱", default=None)
    workplace: str | None = element("工作单位", default=None)
    occupation: str | None = element("职业", default=None)
    legal_representative: str | None = element("法定代表人", default=None)
    ident: Ident | None = element("证件", default=None)
    proxy: Proxy | None = element("代理", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """来源: where the matter was transferred or assigned from."""

    kind: SourceKind = element("类别")
    organ: str = element("机关")
    number: str | None = element("文号", default=None)
    date: dt.date = element("日期")
    received: dt.date | None = element("收到日期", default=None)
    feedback_due: dt.date | None = element("反馈期限", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OralRecord:
    """口头记录: an oral petition, written down faithfully (条例22 19·1)."""

    recorder: str = element("记录人")
    checked: Checked = element("核对")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """登记: how and when the matter arrived, and who registered it (条例22 21–23)."""

    channel: Channel = element("形式")
    subchannel: str | None = element("细分渠道", default=None)
    presented: dt.date | None = element("提出日期", default=None)
    received: dt.date = element("收到日期")
    registered: dt.date | None = element("登记日期", default=None)
    postmark: dt.date | None = element("邮戳日期", default=None)
    opened: dt.date | None = element("拆封日期", default=None)
    organ: str = element("登记机关")
    registrar: str = element("登记人")
    first_handler: str | None = element("首办责任人", default=None)
    subject: str = element("事由")
    first: Repeat = element("初次重复")
    related: tuple[str, ...] = element("关联编号", default=())
    query_code: str | None = element("查询码", default=None)
    urgency: Urgency | None = element("紧急程度", default=None)
    sources: tuple[Source, ...] = element("来源", default=())
    oral: OralRecord | None = element("口头记录", default=None)
    enclosures: tuple[str, ...] = element("随信物品", default=())
    proposal: str | None = element("拟办意见", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """人数: how many people came, are concerned, signed."""

    visitors: int | None = element("来访人数", default=None)
    affected: int | None = element("涉及人数", default=None)
    signatories: int | None = element("联名人数", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """被反映人: the person or unit reported; confidential (条例22 30·3)."""

    kind: RespondentKind = element("类别")
    name: str = element("名称")
    unit: str | None = element("单位", default=None)
    post: str | None = element("职务", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """诉求: one claim: what is asked, on which facts, for which reasons (条例22 19·1)."""

    seq: int = attribute("序号")
    purpose: Purpose = element("目的")
    path: Path | None = element("办理路径", default=None)
    category: str | None = element("内容分类", default=None)
    locus: str | None = element("属地", default=None)
    request: str = element("请求")
    facts: str | None = element("事实", default=None)
    reasons: str | None = element("理由", default=None)
    respondents: tuple[Respondent, ...] = element("被反映人", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """密级: a state-secret marking with its legal ground (保密法 20, 22)."""

    level: SecrecyLevel = element("级别")
    years: int = element("期限")
    ground: str | None = element("依据", default=None)
    officer: str | None = element("定密责任人", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidentiality:
    """保密: what must be kept back, and on which ground."""

    protection: bool | None = element("检举控告保护", default=None)
    named: bool | None = element("实名转送", default=None)
    secret: Secret | None = element("密级", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFile:
    """文件: a file of an issued document."""

    format: FileFormat = attribute("格式")
    name: str = element("名称")
    sha256: str = element("摘要")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """文书: a document that was issued; written by the program."""

    event: int | None = attribute("事件", default=None)
    kind: str = element("种类")
    number: str | None = element("文号", default=None)
    date: dt.date = element("日期")
    copies: int | None = element("份数", default=None)
    signer: str | None = element("签发人", default=None)
    void: str | None = element("作废", default=None)
    files: tuple[IssuedFile, ...] = element("文件", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """附件: a file that belongs to the case."""

    name: str = element("名称")
    kind: AttachmentKind | None = element("类别", default=None)
    file: str | None = element("文件", default=None)
    pages: int | None = element("页数", default=None)
    sha256: str | None = element("摘要", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """归档: the case's place in the archive (DA/T 22)."""

    fonds: str = element("全宗号")
    year: int = element("年度")
    retention: Retention = element("保管期限")
    item: str | None = element("件号", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """信访事项: one petition matter, from arrival to archive: the authority for everything that is printed."""

    id: str = attribute("编号")
    registration: Registration = element("登记")
    petitioners: tuple[Petitioner, ...] = element("信访人", default=())
    counts: Counts | None = element("人数", default=None)
    claims: tuple[Claim, ...] = element("诉求")
    confidentiality: Confidentiality | None = element("保密", default=None)
    events: tuple[Event, ...] = events("办理", default=())
    issued: tuple[Issued, ...] = element("文书", default=())
    attachments: tuple[Attachment, ...] = element("附件", default=())
    archive: Archive | None = element("归档", default=None)
