"""The code lists of a record: what the schema lets an enumerated field say.

Members have English names; values are the words of the record itself.
"""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """信访形式: the form in which the matter arrived (条例22 17)."""

    LETTER = "来信"
    VISIT = "来访"
    ONLINE = "网上"
    CALL = "来电"
    FAX = "传真"


class Repeat(StrEnum):
    """初次重复: first or repeated."""

    FIRST = "初次"
    AGAIN = "重复"


class Urgency(StrEnum):
    """紧急程度: urgency of an official document (公文处理条例 9)."""

    SPECIAL = "特急"
    URGENT = "加急"


class SourceKind(StrEnum):
    """来源类别: how the matter was sent on to this organ."""

    TRANSFER = "转送"
    ASSIGNMENT = "交办"
    SUPERVISION = "督办"


class PetitionerKind(StrEnum):
    """信访人类别: citizen, legal person, other organisation (条例22 17)."""

    CITIZEN = "公民"
    LEGAL_PERSON = "法人"
    ORGANISATION = "其他组织"


class Salutation(StrEnum):
    """称谓: only where the petitioner gave it."""

    MR = "先生"
    MS = "女士"


class Gender(StrEnum):
    """性别: only where a form needs it."""

    MALE = "男"
    FEMALE = "女"


class IdentType(StrEnum):
    """证件类型: type of identity document."""

    RESIDENT = "居民身份证"
    USCC = "统一社会信用代码"
    OFFICER = "军官证"
    PASSPORT = "护照"
    HK_MACAO = "港澳居民来往内地通行证"
    TAIWAN = "台湾居民来往大陆通行证"
    FOREIGNER = "外国人永久居留身份证"
    OTHER = "其他"


class Checked(StrEnum):
    """核对情况: whether the petitioner checked the written record."""

    SIGNED = "已核对签名"
    DECLINED = "拒绝签名"
    READ = "已宣读"


class RespondentKind(StrEnum):
    """被反映人类别: unit or person."""

    UNIT = "单位"
    PERSON = "个人"


class Purpose(StrEnum):
    """信访目的: what the petitioner wants of the organ."""

    CLAIM = "申诉求决"
    REPORT = "检举控告"
    ADVICE = "建议意见"
    INQUIRY = "咨询"
    OTHER = "其他"


class Path(StrEnum):
    """办理路径: the way a claim is dealt with (条例22 29–31)."""

    ADVICE = "29"
    REPORT = "30"
    JUDICIAL = "31-1"
    ARBITRATION = "31-2"
    PARTY = "31-3"
    ADMINISTRATIVE = "31-4"
    DUTY = "31-5"
    PETITION = "31-6"


class SecrecyLevel(StrEnum):
    """密级: levels of state secrets (保密法 14)."""

    TOP = "绝密"
    CONFIDENTIAL = "机密"
    SECRET = "秘密"


class Lead(StrEnum):
    """主协: leading or assisting organ."""

    LEAD = "主办"
    ASSIST = "协办"


class Material(StrEnum):
    """随转材料: what goes along with a transfer."""

    ORIGINAL = "原件"
    COPY = "复印件"
    ABSTRACT = "摘要"


class NoticeManner(StrEnum):
    """告知方式: how the petitioner was told."""

    WRITTEN = "书面"
    ON_THE_SPOT = "当场书面"
    ORAL = "口头"


class Agreement(StrEnum):
    """核实结果: agreed or not."""

    AGREED = "同意"
    NOT_AGREED = "不同意"


class HearingStage(StrEnum):
    """听证阶段: in handling or in the recheck."""

    HANDLING = "办理"
    RECHECK = "复核"


class MediationForm(StrEnum):
    """调解方式: mediation or settlement (条例22 33)."""

    MEDIATION = "调解"
    SETTLEMENT = "和解"


class Conclusion(StrEnum):
    """结论: the three conclusions of 条例22 32, and partial support (北京 43)."""

    SUPPORT = "支持"
    PARTIAL = "部分支持"
    EXPLAIN = "解释说明"
    REJECT = "不支持"


class ReplyKind(StrEnum):
    """答复种类: which reply the law knows for the claim."""

    OPINION = "处理意见"
    REPLY = "答复意见"
    DUTY = "履职答复"
    ADVICE = "建议回复"


WITH_REMEDY = frozenset({ReplyKind.OPINION, ReplyKind.REPLY})
"""Replies that 复查 and 复核 follow upon (条例22 35; 05·34)."""


class ReviewOutcome(StrEnum):
    """复查复核结论: what a review or recheck decides."""

    UPHELD = "维持"
    QUASHED = "撤销"
    CHANGED = "变更"


class SupervisionForm(StrEnum):
    """督办形式: letter or slip."""

    LETTER = "督办函"
    SLIP = "督办单"


class UrgingMethod(StrEnum):
    """催办方式: how a unit was urged."""

    PHONE = "电话"
    LETTER = "函件"
    VISIT = "实地"


class SuggestionKind(StrEnum):
    """建议类别: the three suggestions of 条例22 40."""

    WORK = "改进工作"
    POLICY = "完善政策"
    LIABILITY = "追究责任"


class ServiceMethod(StrEnum):
    """送达方式: by analogy with 民事诉讼法 88–95."""

    DIRECT = "直接送达"
    POST = "邮寄送达"
    LEFT = "留置送达"
    ENTRUSTED = "委托送达"
    ELECTRONIC = "电子送达"
    PUBLIC = "公告送达"


class EvaluationOf(StrEnum):
    """评价对象: who is evaluated."""

    OFFICE = "信访部门"
    UNIT = "责任单位"


class Satisfaction(StrEnum):
    """评价结果: satisfaction."""

    SATISFIED = "满意"
    FAIRLY = "基本满意"
    NOT = "不满意"


class FileFormat(StrEnum):
    """文件格式: format of an issued file."""

    DOCX = "docx"
    PDF = "pdf"


class AttachmentKind(StrEnum):
    """附件类别: what an attachment is."""

    ORIGINAL = "原件"
    COPY = "复印件"
    SCAN = "扫描件"
    PHOTO = "照片"
    RECORDING = "音像"
    OTHER = "其他"


class Retention(StrEnum):
    """保管期限: retention periods (DA/T 22 5.4.3)."""

    PERMANENT = "Y"
    THIRTY = "D30"
    TEN = "D10"
