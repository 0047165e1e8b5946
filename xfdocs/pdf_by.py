"""The programs that set PDF, by the names under which an office chooses one of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class PdfBy(StrEnum):
    """What an office prints PDF with: ``[render] pdf_engine``."""

    WEASYPRINT = "weasyprint"
    TYPST = "typst"

    @classmethod
    def of(cls, maker: str) -> Self:
        """The one that made a PDF, by what the register has of its maker (``typst 0.15.2``).

        Empty stands for the time when there was only the first. Raises `ValueError` for a program that is none of them.
        """
        return cls(maker.partition(" ")[0] or cls.WEASYPRINT)
