"""A register that was lost, or restored from a backup older than the documents: it would give their numbers again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from xfdocs.errors import RegisterBroken
from xfdocs.office import Office
from xfdocs.register import mark
from xfdocs.register.database import FOLDER, Database
from xfdocs.register.tables import DOCUMENTS, JOURNAL


def check_absent(office: Office) -> None:
    """Raise `RegisterBroken` if an office whose register is not there has issued documents."""
    if (one := _a_document(office)) is not None:
        raise _lost(office.folder / FOLDER, "它不在了", one)


def check_present(database: Database, office: Office) -> None:
    """Raise `RegisterBroken` if a register is empty, or older than the documents that lie there."""
    issued = office.folder / office.issued
    noted = mark.left(issued)  # before the database: another run may be at work on both
    with database.reading() as connection:
        empty = connection.execute(select(DOCUMENTS.c.id).limit(1)).first() is None
        line = select(JOURNAL.c.hash).where(JOURNAL.c.seq == noted[0]) if noted is not None else None
        there = connection.execute(line).scalar() if line is not None else None
    if empty:
        if (one := _a_document(office)) is not None:
            raise _lost(database.where, "它是空的", one)
        mark.forget(issued)
        return
    if noted is not None and there != noted[1]:
        raise RegisterBroken(
            where=database.where,
            what=f"{issued} 里的文书登记到流水第 {noted[0]} 行，登记库里没有这一行：恢复了旧的备份，或者不是原来的登记库，"
            "再制发就会重号。请恢复与文书同时的备份。",
        )


def _a_document(office: Office) -> Path | None:
    """Some file of a document that lies among the issued ones."""
    issued = office.folder / office.issued
    return next((path for path in issued.glob("*/*") if path.suffix in {".docx", ".pdf"}), None)


def _lost(where: Path | str, how: str, one: Path) -> RegisterBroken:
    return RegisterBroken(
        where=where,
        what=f"{how}，而 {one.parent.parent} 里已经有制发的文书（如 {one.parent.name}/{one.name}）："
        "登记库丢失了，再制发就会重号。请恢复最近的备份。",
    )
