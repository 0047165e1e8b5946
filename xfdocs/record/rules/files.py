"""附件与磁盘上的文件相符 (R33)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from xfdocs.record.model import Attachment
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import ERROR, WARNING, Hit, rule

_SEED = "信访档案管理要求：附件清单与实物相符"


@rule("R33", "附件文件在记录旁边，内容与摘要相符", ERROR, _SEED, disk=True, about=(Attachment,))
def attachments_are_there(m: Matter) -> Iterator[Hit]:
    """Each file exists inside the record's folder, is not empty and has the digest recorded."""
    for attachment in m.case.attachments:
        if attachment.file is None:
            continue
        path = m.folder / attachment.file
        real = path.resolve()
        if not real.is_relative_to(m.folder.resolve()):
            yield Hit(attachment, "文件", f"附件“{attachment.file}”指向记录所在文件夹之外，没有读取。")
        elif not real.is_file():
            yield Hit(
                attachment,
                "文件",
                f"找不到附件文件“{attachment.file}”。请放到记录旁边，或者改正文件名；只有纸质的，删去“文件”。",
            )
        elif real.stat().st_size == 0:
            yield Hit(attachment, "文件", f"附件文件“{attachment.file}”是空的，请重新放入。")
        elif attachment.sha256 is not None and _digest(real) != attachment.sha256:
            yield Hit(
                attachment,
                "摘要",
                f"附件文件“{attachment.file}”与登记的摘要不符：文件换过或者损坏了，请核对。",
            )


@rule("R33", "附件文件登记摘要和页数", WARNING, _SEED, disk=True, about=(Attachment,))
def attachments_are_described(m: Matter) -> Iterator[Hit]:
    """Without a digest nobody can tell later whether it is the same file."""
    seen: set[str] = set()
    for attachment in m.case.attachments:
        if attachment.file is None:
            continue
        lacking = [
            zh for zh, value in (("摘要", attachment.sha256), ("页数", attachment.pages)) if value is None
        ]
        if lacking:
            yield Hit(attachment, "", f"附件“{attachment.name}”没有登记{'和'.join(lacking)}，请补填。")
        if attachment.file in seen:
            yield Hit(attachment, "文件", f"附件文件“{attachment.file}”登记了不止一次，请核对。")
        seen.add(attachment.file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
