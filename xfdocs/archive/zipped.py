"""What a zip is: an office document of either family, OFD, a program, or just a zip."""

from __future__ import annotations

import re

from xfdocs.archive.formats import Formats, Identified, Rule, Trait
from xfdocs.archive.peek import BAD_ZIP, ListTooLong, Members, Peek

_MAIN = re.compile(
    rb"(wordprocessingml|spreadsheetml|presentationml|ms-word|ms-excel|ms-powerpoint)\.[\w.]{1,60}\.main\+xml"
)
"""The content type of the part a document begins with."""
_OOXML = {
    b"wordprocessingml": "docx",
    b"ms-word": "docx",
    b"spreadsheetml": "xlsx",
    b"ms-excel": "xlsx",
    b"presentationml": "pptx",
    b"ms-powerpoint": "pptx",
}
_MACRO_PUIDS = {"docx": "fmt/523", "xlsx": "fmt/445", "pptx": "fmt/487"}
_ODF = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_TYPES = "[Content_Types].xml"


def zipped(file: Peek, formats: Formats, rule: Rule) -> Identified:
    """Which kind of file it is, by its list of contents; of one whose list is gone, by how it begins."""
    try:
        members = Members(file)
    except ListTooLong:
        return Identified(rule, rule.version())
    except BAD_ZIP:
        return Identified(
            _begun(file, formats) or rule, (_begun(file, formats) or rule).version(), frozenset({Trait.CUT})
        )
    return _inside(members, formats, rule)


def _inside(members: Members, formats: Formats, rule: Rule) -> Identified:
    traits = {Trait.ENCRYPTED} if members.locked else set()
    if _TYPES in members:
        return _ooxml(members, formats, traits)
    kind = members.start("mimetype", 128).strip()
    if kind.startswith(b"application/vnd.oasis.opendocument."):
        return _odf(members, formats, kind.removeprefix(b"application/vnd.oasis.opendocument."), traits)
    if "OFD.xml" in members:
        return formats.found("ofd", _ofd_version(members), *traits)
    if "META-INF/MANIFEST.MF" in members or "AndroidManifest.xml" in members:
        return formats.found("apk", "", *traits)
    return Identified(rule, rule.version(), frozenset(traits))


def _begun(file: Peek, formats: Formats) -> Rule | None:
    """What a zip without its end was: the first names stand at its beginning too."""
    head = file.head
    if _TYPES.encode() in head[:2048]:
        for folder, key in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if b"PK\x03\x04" in head and folder in head:
                return formats[key]
        return formats["ooxml"]
    if head[30:38] == b"mimetype":
        found = re.match(
            rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)?", head[38:128]
        )
        return formats[_ODF.get(found[1] or b"", "odf")] if found else None
    return formats["ofd"] if b"OFD.xml" in head[:2048] else None


def _ooxml(members: Members, formats: Formats, traits: set[Trait]) -> Identified:
    said = members.start(_TYPES, 1 << 20)
    found = _MAIN.search(said)
    key = _OOXML[found[1]] if found else "ooxml"
    rule = formats[key]
    if any(name.endswith(("vbaProject.bin", "vbaProject.xml")) for name in members.infos):
        traits = traits | {Trait.MACROS}
        return Identified(
            rule, rule.version(name=f"{rule.name}，带宏", puid=_MACRO_PUIDS.get(key, "")), frozenset(traits)
        )
    puid = "" if b"macroEnabled" in said else None
    return Identified(rule, rule.version(puid=puid), frozenset(traits))


def _odf(members: Members, formats: Formats, kind: bytes, traits: set[Trait]) -> Identified:
    key = _ODF.get(kind.removesuffix(b"-template"), "odf")
    manifest = members.start("META-INF/manifest.xml", 1 << 20)
    if b"encryption-data" in manifest:
        traits = traits | {Trait.ENCRYPTED}
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in members.infos):
        traits = traits | {Trait.MACROS}
    version = re.search(rb"office:version=[\"']([\d.]+)", members.start("content.xml", 8192))
    return formats.found(key, version[1].decode() if version else "", *traits)


def _ofd_version(members: Members) -> str:
    said = members.start("OFD.xml", 4096)
    kind = re.search(rb"DocType\s*=\s*[\"']([\w-]{1,16})", said)
    version = re.search(rb"\sVersion\s*=\s*[\"']([\d.]{1,8})", re.sub(rb"<\?xml[^>]*>", b"", said))
    if kind and kind[1] == b"OFD-A":  # GB/T 42133-2022
        return "OFD-A"
    return version[1].decode() if version else ""
