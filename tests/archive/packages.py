"""A small package to write metadata, pages and bags of."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePosixPath

from xfdocs.archive.model import Action, Format, Material, Model, Package, Part, Role, Volume

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PDF = Format(name="PDF/A-3a", media="application/pdf", version="A-3a", puid="fmt/479")
XML = Format(name="XML", media="application/xml", version="1.0", puid="fmt/101")
JPEG = Format(name="JPEG", media="image/jpeg", version="1.01", puid="fmt/43")


def a_part(path: str, data: bytes, role: Role, form: Format = PDF, **more: object) -> Part:
    """A part with these bytes."""
    return Part(
        path=PurePosixPath(path), source=data, role=role, format=form,
        size=len(data), sha256=hashlib.sha256(data).hexdigest(), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def a_package(**more: object) -> Package:
    """One volume of three materials: an opinion, an envelope with an access copy, and a drawing on paper only."""
    opinion = a_part(
        "representations/original/data/文书/01-云建信答字〔2026〕3号.pdf", b"%PDF-1.7 opinion", Role.DOCUMENT
    )
    envelope = a_part(
        "representations/original/data/附件/02-信封.jpg",
        b"\xff\xd8\xff envelope",
        Role.ATTACHMENT,
        JPEG,
        name="信封 .JPG",
    )
    copy = a_part(
        "representations/access/data/附件/02-信封.pdf", b"%PDF-1.7 copy", Role.ACCESS, copy_of=envelope.path
    )
    volume = Volume(
        seq=1, number="J021-ZY·XF·01·2026·D30-0001", title="关于和平路小区供暖问题的信访案卷",
        first=dt.date(2026, 3, 2), last=dt.date(2026, 6, 1),
        materials=(
            Material(seq=1, title="信访事项处理意见书", group="opinion", number="云建信答字〔2026〕3号", responsible="云州市住房和城乡建设局",
                     date=dt.date(2026, 5, 6), pages=2, first_page=1, original="原件", parts=(opinion,)),
            Material(seq=2, title="信封", group="envelope", pages=1, first_page=3, original="原件", parts=(envelope, copy)),
            Material(seq=3, title="现场图", group="other", first_page=4, original="原件", remark="只有纸质，页数待查"),
        ),
    )  # fmt: skip
    values: dict[str, object] = {
        "case": "YZ-20260302-0001", "model": Model.VOLUME, "fonds": "J021", "fonds_name": "云州市信访局", "category": "ZY·XF",
        "year": 2026, "retention": "D30", "retention_ground": "其他有处理结果的", "organ": "云州市信访局", "title": volume.title, "secrecy": "",
        "made": AT, "volumes": (volume,),
        "others": (a_part("representations/original/data/案件记录.xml", b"<x/>", Role.RECORD, XML),),
        "actions": (Action(kind="message digest calculation", at=AT, outcome="success", detail="4 个文件，SHA-256", agent="xfdocs 0.1.0"),),
    }  # fmt: skip
    return Package(**{**values, **more})  # type: ignore[arg-type]
