"""The archive: XF-9xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class ArchiveFault(XfdocsError):
    """{message}"""

    code = "XF-900"


class ChecksInvalid(ArchiveFault):
    """四性检测项目 {file} 有误：{what}"""

    code = "XF-950"
    exit_code = ExitCode.USAGE


class SigningUnset(ArchiveFault):
    """单位没有设置签名用的证书。请在 xfdocs.toml 的 [archive.signing] 里写明 pkcs12（证书文件），或者 pkcs11_module 和 key（密码钥匙）。"""

    code = "XF-960"
    exit_code = ExitCode.USAGE


class PasswordMissing(ArchiveFault):
    """没有签名证书的密码。请设置 [archive.signing] 的 password_from 指名的环境变量，或者在终端里运行，当场输入。"""

    code = "XF-961"
    exit_code = ExitCode.USAGE


class CertificateUnusable(ArchiveFault):
    """证书 {where} 不能用：{why}。没有签名，也没有改动任何文件。"""

    code = "XF-962"
    exit_code = ExitCode.USAGE


class TimestampRefused(ArchiveFault):
    """没有得到时间戳，所以没有签名：{where}：{why}。请稍后再试；不要时间戳的，把 [archive.signing] 的 tsa 去掉。"""

    code = "XF-963"
    exit_code = ExitCode.LACKING


class NotSignable(ArchiveFault):
    """不能签名：{why}。"""

    code = "XF-964"


class SignaturesUnreadable(ArchiveFault):
    """签名没有核对成：{why}。这不说明签名有效，也不说明无效。"""

    code = "XF-965"


class TextUnwritable(ArchiveFault):
    """{where}里有 XML 不能记载的字符（{character}，第 {position} 个字符），没有写出任何文件。请在案件记录里删去它，再归档一次。"""

    code = "XF-920"


class MetadataBroken(ArchiveFault):
    """归档信息包的元数据读不通：{file}：{what}。请用 `xfdocs archive verify` 查看，并换用另一份保存的信息包。"""

    code = "XF-921"
    exit_code = ExitCode.BROKEN


class PartChanged(ArchiveFault):
    """信息包里的文件与登记的不一致，封装包没有做成：{path}：{what}。请用 `xfdocs archive verify` 查看，并换用另一份保存的信息包。"""

    code = "XF-922"
    exit_code = ExitCode.BROKEN
