"""Documents: XF-3xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class DocumentFault(XfdocsError):
    """{message}"""

    code = "XF-300"


class NotCalledFor(DocumentFault):
    """{case} 的办理过程中没有“{event}”，不需要制作{kind}。"""

    code = "XF-301"


class DocumentRefused(DocumentFault):
    """{case} 的{kind}不予生成：{why}"""

    code = "XF-302"


class WordingInvalid(DocumentFault):
    """文书种类“{kind}”的文稿 {file}{place}有误：{what}"""

    code = "XF-303"
    exit_code = ExitCode.USAGE


class FieldMissing(DocumentFault):
    """{case} 的{kind}用到“{field}”，但案件记录里没有。{hint}"""

    code = "XF-304"


class KindInvalid(DocumentFault):
    """文书种类 {file} 有误：{what}"""

    code = "XF-305"
    exit_code = ExitCode.USAGE


class DocumentXmlInvalid(DocumentFault):
    """这不是本程序写出的文书 XML：{what}"""

    code = "XF-306"
