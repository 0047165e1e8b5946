"""The archive: XF-9xx."""

from __future__ import annotations

from xfdocs.errors.family import ExitCode, XfdocsError


class ArchiveFault(XfdocsError):
    """{message}"""

    code = "XF-900"


class ArchiveUnset(ArchiveFault):
    """还不能归档：xfdocs.toml 的 [archive] 里没有写全宗号（fonds）。全宗号由档案主管部门给定。"""

    code = "XF-901"
    exit_code = ExitCode.USAGE


class ArchiveSettingInvalid(ArchiveFault):
    """{file} 有误：{what}。"""

    code = "XF-902"
    exit_code = ExitCode.USAGE


class RetentionMissing(ArchiveFault):
    """还不能归档：保管期限表 {where} {what}。保管期限表由本单位编制、报档案主管部门审查；用 `xfdocs archive retention` 可以得到一份样子，改好以后放在单位文件夹。"""

    code = "XF-903"
    exit_code = ExitCode.USAGE


class OrderDiffers(ArchiveFault):
    """{year} 年度已经按“{before}”归档，现在的设置是“{now}”。同一单位同一年度的整理方法应当一致，请把 [archive] 的设置改回来，下一年度再改。"""

    code = "XF-904"
    exit_code = ExitCode.USAGE


class RestoreInTheWay(ArchiveFault):
    """没有恢复：{what}，与信息包里的不同，没有改动。请先查明哪一份是对的。"""

    code = "XF-906"


class NoPackages(ArchiveFault):
    """{where} 里没有归档信息包。请检查路径；还没有归档的，先运行 `xfdocs archive pack`。"""

    code = "XF-907"
    exit_code = ExitCode.USAGE


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
    """证书 {where} 不能用：{why}。"""

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


class SourceChanged(ArchiveFault):
    """归档时，{file} 与登记的内容不一致：{what}。归档包没有生成。请查明这个文件是谁改动的，恢复原件以后再归档。"""

    code = "XF-910"
    exit_code = ExitCode.BROKEN


class PackageInTheWay(ArchiveFault):
    """{where} 已经存在，内容与这次要写的归档包不同，没有改动它。已经归档的不能改写；案件有了新内容，请作为新的版本归档。"""

    code = "XF-911"


class PackageUnreadable(ArchiveFault):
    """{package} 中的 {file} 读不出来：{why}。请先用 `xfdocs archive verify` 检查这个归档包，再从备份中取一份完好的。"""

    code = "XF-912"
    exit_code = ExitCode.BROKEN


class PackageUnsafe(ArchiveFault):
    """{package} 不能取出，没有写出任何文件：{what}。请先用 `xfdocs archive verify` 查看全部问题。"""

    code = "XF-913"
    exit_code = ExitCode.BROKEN


class FormatsInvalid(ArchiveFault):
    """文件格式表 {file} 有误：{what}"""

    code = "XF-940"
    exit_code = ExitCode.USAGE


class PageTemplateInvalid(ArchiveFault):
    """归档浏览页的模板 {file} 有误：{what}。改正以后再归档；不要这个文件，就用本程序自带的。"""

    code = "XF-930"
    exit_code = ExitCode.USAGE
