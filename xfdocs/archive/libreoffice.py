"""LibreOffice as a printer of office files: the copy for reading, PDF/A-2b.

It works on a copy in a folder of its own, with settings of its own: macros off, no links followed, nothing fetched from
the network.  What takes too long is ended, with everything it started.  The same file gives the same bytes as long as
LibreOffice and its fonts stay the same: the moment of printing is taken out of what it wrote.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zlib
from pathlib import Path

PROGRAM = "soffice"
_FILTERS = {
    "xlsx": "calc",
    "xls": "calc",
    "ods": "calc",
    "pptx": "impress",
    "ppt": "impress",
    "odp": "impress",
}
_PDF_A_2B = '{"SelectPdfVersion":{"type":"long","value":"2"}}'
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
)
"""Macros are off, links are never followed."""


class NotPrinted(Exception):
    """Why LibreOffice made no PDF: a sentence in Chinese. Inner: `access_copy` returns it."""


def find_soffice() -> Path | None:
    """LibreOffice, if this machine has it on its path."""
    found = shutil.which(PROGRAM)
    return Path(found) if found else None


def print_office(source: Path, key: str, extension: str, soffice: Path, seconds: float) -> bytes:
    """The PDF/A-2b that LibreOffice makes of an office file of format *key*, within *seconds*. Raises `NotPrinted`."""
    with tempfile.TemporaryDirectory(prefix="xfdocs-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_settings(), "utf-8")
        document = folder / f"document.{extension}"
        shutil.copyfile(source, document)
        command = [
            str(soffice), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", f"pdf:{_FILTERS.get(key, 'writer')}_pdf_Export:{_PDF_A_2B}", "--outdir", str(folder / "out"), str(document),
        ]  # fmt: skip
        _run(command, folder, seconds)
        made = folder / "out" / "document.pdf"
        if not made.is_file():
            raise NotPrinted("LibreOffice 打不开这个文件，没有另做阅读副本。")
        with source.open("rb") as file:
            mark = hashlib.file_digest(file, "sha256").hexdigest()
        return settled(made.read_bytes(), mark)


def _run(command: list[str], folder: Path, seconds: float) -> None:
    """Run a program that may start others, and end them all when it is over, in whatever way."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH") if name in os.environ},
        "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "SAL_USE_VCLPLUGIN": "svp",
    }  # fmt: skip
    try:
        process = subprocess.Popen(  # noqa: S603 - a path found by `which`, names of ours
            command, cwd=folder, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise NotPrinted(f"LibreOffice 启动不了（{error.strerror}），没有另做阅读副本。") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(
            f"LibreOffice 用了 {seconds:g} 秒还没有转完，已经停止，没有另做阅读副本。"
        ) from error
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        f' xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )


# --- the same bytes on any day ----------------------------------------------------------------------------

_ISO = re.compile(rb"(<xmp:(?:CreateDate|ModifyDate|MetadataDate)>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_OLD = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}")
_NAMES = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>)")
_CHECK = re.compile(rb"(/DocChecksum\s*/)[0-9A-F]{32}")
_LARGEST_PROFILE = 1 << 20
_END = b"\nendstream\nendobj\n"
_LENGTH = re.compile(rb"/Length (\d+) 0 R")
_TABLE = re.compile(rb"(?s:(xref\n0 \d+\n(?:\d{10} \d{5} [nf] \n)+)(trailer.*?)startxref\n(\d+)\n%%EOF\n?\Z)")
_PLACE = re.compile(rb"(\d{10})(?= \d{5} n \n)")
_PROFILE = re.compile(rb"<</N 3/Length \d+(?: 0 R)?/Filter/FlateDecode>>\nstream\n")


def settled(pdf: bytes, mark: str) -> bytes:
    """A PDF of LibreOffice without the moment at which it was written; its names are made of *mark*, hexadecimal.

    Every change keeps its length, so that the places of the objects stay right.
    """
    name = hashlib.sha256(mark.encode()).hexdigest()[:32].upper().encode()
    pdf = _ISO.sub(rb"\g<1>1980-01-01T00:00:00", pdf)
    pdf = _OLD.sub(rb"\g<1>19800101000000", pdf)
    pdf = _CHECK.sub(rb"\g<1>" + name, pdf)
    trailer = pdf.rfind(b"trailer")
    if trailer >= 0:
        pdf = pdf[:trailer] + _NAMES.sub(name, pdf[trailer:])
    return _settled_profile(pdf)


def _settled_profile(pdf: bytes) -> bytes:
    """The same for the colour profile, which bears the moment it was made at (ICC.1 7.2.8): which changes how long it is."""
    found = _PROFILE.search(pdf)
    if not found:
        return pdf
    begin = found.end()
    unpacking = zlib.decompressobj()
    packed = pdf[begin : begin + _LARGEST_PROFILE]
    try:
        profile = bytearray(unpacking.decompress(packed, _LARGEST_PROFILE))
    except zlib.error:
        return pdf
    if not unpacking.eof or profile[36:40] != b"acsp":
        return pdf
    end = begin + len(packed) - len(unpacking.unused_data) + len(_END)
    if pdf[end - len(_END) : end] != _END:
        return pdf
    profile[24:36] = bytes.fromhex("07BC 0001 0001 0000 0000 0000")
    body = zlib.compress(bytes(profile), 9)
    whole = b"<</N 3/Length %d/Filter/FlateDecode>>\nstream\n%s%s" % (len(body), body, _END)
    return _moved(pdf, found.start(), end, whole)


def _moved(pdf: bytes, begin: int, end: int, new: bytes) -> bytes:
    """A PDF with *new* in the place of an object's content, and its table of places put right.

    How long the profile was depends on the moment in it; so does the object that told its length, which nobody asks any more.
    """
    length = _LENGTH.search(pdf[begin:end])
    table = _TABLE.search(pdf)
    if length is None or table is None:
        return pdf
    told = re.compile(rb"(\n%s 0 obj\n)(\d+)(?=\nendobj)" % length[1])
    by = len(new) - (end - begin)
    places = _PLACE.sub(lambda place: _shifted(place, begin, by), table[1])
    tail = pdf[end : table.start()]
    tail = told.sub(lambda found: found[1] + b"0" * len(found[2]), tail, count=1)
    return pdf[:begin] + new + tail + places + table[2] + b"startxref\n%d\n%%%%EOF\n" % (int(table[3]) + by)


def _shifted(place: re.Match[bytes], begin: int, by: int) -> bytes:
    offset = int(place[1])
    return b"%010d" % (offset + by if offset > begin else offset)
