"""LibreOffice as a reader of our docx files: many files in one run, with a profile and fonts of its own.

LibreOffice has no 仿宋_GB2312 here; left alone it would take whatever face the machine has.  So each
face a docx names is given to it: the very font our PDFs are printed with, under that name.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

from tests.tools import needs
from xfdocs.render.fonts import FontBook, Role

CACHE = Path(__file__).parent.parent / ".cache"
_SECONDS = 300
_FILTER = "pdf:writer_pdf_Export"


def convert(paths: Sequence[Path], target: Path) -> list[Path]:
    """The PDFs LibreOffice makes of the office files *paths*, in *target*, in the same order.

    The files must differ in their names without suffix. Skips the test (or fails it, where every
    tool must be there) if LibreOffice is absent; raises `RuntimeError` if a file is not converted.
    """
    needs("soffice", why="Install libreoffice-writer-nogui.")
    made = [target / f"{path.stem}.pdf" for path in paths]
    if len(set(made)) != len(made):
        raise ValueError("two files of the same name would become one PDF")
    if not paths:
        return []
    target.mkdir(parents=True, exist_ok=True)
    profile = target / ".libreoffice"
    profile.mkdir(exist_ok=True)
    fonts = profile / "fonts.conf"
    fonts.write_text(font_settings(FontBook.find(), CACHE / "libreoffice-fontconfig"), "utf-8")
    outcome = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            _FILTER,
            "--outdir",
            str(target),
            *map(str, paths),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts), "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    lacking = [path.name for path, pdf in zip(paths, made, strict=True) if not pdf.is_file()]
    if outcome.returncode or lacking:
        raise RuntimeError(f"LibreOffice did not convert {lacking}: {outcome.stdout}{outcome.stderr}")
    return made


def stand_ins(book: FontBook) -> Path:
    """A folder with the fonts of *book* under the names a docx uses, made once.

    LibreOffice takes names from the files themselves, so an alias of fontconfig would not do.
    """
    folder = CACHE / f"libreoffice-fonts-{book.digest[:16]}"
    if folder.is_dir():
        return folder
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        making = Path(name) / "fonts"
        making.mkdir()
        for role in Role:
            if role is Role.RARE:
                for source in {face.source for face in book.chain(role)}:
                    (making / source.name).symlink_to(source)
            else:
                _renamed(book.chain(role)[0].source, book.office_faces(role), making / f"{role.name}.font")
        with contextlib.suppress(OSError):  # another worker was first
            making.rename(folder)
    return folder


def _renamed(source: Path, family: str, target: Path) -> None:
    """A copy of the font *source* that calls itself *family*, upright and of plain weight."""
    with TTFont(source, fontNumber=0, lazy=True, recalcTimestamp=False) as font:
        table = font["name"]
        table.names = []
        for number, text in ((1, family), (2, "Regular"), (4, family), (6, target.stem)):
            table.setName(text, number, 3, 1, 0x409)
        font["OS/2"].usWeightClass, font["OS/2"].fsSelection = 400, 0x40
        font["head"].macStyle = 0
        font.save(target)


def font_settings(book: FontBook, cache: Path) -> str:
    """A fonts.conf by which a program finds `stand_ins` of *book* and nothing else."""
    return (
        "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n<fontconfig>"
        f"<dir>{escape(str(stand_ins(book)))}</dir><cachedir>{escape(str(cache))}</cachedir></fontconfig>\n"
    )
