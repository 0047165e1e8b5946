"""The tag files of a bag as text: bagit.txt, bag-info.txt and the manifests (RFC 8493 2.1, 2.2).

Writing knows one spelling; reading takes what the standard allows, so that what is read and written
again shows whether it was ours to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xfdocs.archive.bag.findings import BagFinding, BagFlaw, broken

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
FETCH = "fetch.txt"
SIGNATURE = "tagmanifest-sha256.txt.p7s"
"""The signature over the tag manifest, if there is one; it lies beside it. No manifest can list it, for it is made last."""
PAYLOAD = "data/"
VERSION = "1.0"
EARLIER = frozenset({"0.93", "0.94", "0.95", "0.96", "0.97"})
"""Drafts of it that are still written by others; what they say is checked in the same way."""
ENCODING = "UTF-8"

AGENT = ("Bag-Software-Agent", "xfdocs; form 1")
"""Who wrote the bag and in which form: that form is compared byte by byte. A change of what `write_bag` makes is another form."""
OXUM = "Payload-Oxum"
BAGGED = "Bagging-Date"
RESERVED = frozenset({AGENT[0].lower(), OXUM.lower(), BAGGED.lower()})
"""Labels that the writer fills."""

DIGESTS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""Algorithms that can be checked, and how many hexadecimal digits they have."""
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9-]+)\.txt")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_ENDS = re.compile(r"\r\n|\r|\n")
_HIDDEN = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_CODED = re.compile("%(25|0D|0A)", re.IGNORECASE)


def manifest_name(algorithm: str, *, tags: bool = False) -> str:
    """``manifest-sha256.txt``, or that of the tag files."""
    return f"{'tag' * tags}manifest-{algorithm}.txt"


def manifest_kind(name: str) -> tuple[bool, str] | None:
    """Whether a file at the top of a bag is a manifest: of the tag files or not, and its algorithm."""
    match = _MANIFEST.fullmatch(name)
    return (match[1] is not None, match[2].lower().replace("-", "")) if match else None


def declaration() -> bytes:
    """bagit.txt."""
    return f"BagIt-Version: {VERSION}\nTag-File-Character-Encoding: {ENCODING}\n".encode()


def manifest(digests: Mapping[str, str]) -> bytes:
    """A manifest of these paths and digests, sorted by path; ``sha256sum -c`` reads it too."""
    return "".join(f"{digests[path]}  {path.translate(_HIDDEN)}\n" for path in sorted(digests)).encode()


def information(pairs: Iterable[tuple[str, str]]) -> bytes:
    """bag-info.txt; a line break inside a value becomes a blank, for a value is one line."""
    lines = ((label, " ".join(line.strip() for line in value.splitlines())) for label, value in pairs)
    return "".join(f"{label}: {value}\n" for label, value in lines).encode()


def oxum(sizes: Sequence[int]) -> str:
    """Payload-Oxum: bytes and count of the payload (RFC 8493 2.2.2)."""
    return f"{sum(sizes)}.{len(sizes)}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read."""

    name: str
    algorithm: str
    digests: Mapping[str, str]
    """Path → digest, lower case."""
    flaws: tuple[BagFinding, ...] = ()


def read_manifest(name: str, data: bytes) -> Manifest:
    """A manifest; lines that are none are findings, and the others are kept."""
    _, algorithm = manifest_kind(name) or (False, "")
    text, flaws = _decoded(name, data)
    digests: dict[str, str] = {}
    for number, line in enumerate(_ENDS.split(text), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None or len(match[1]) != DIGESTS.get(algorithm, len(match[1])):
            flaws.append(
                broken(BagFlaw.MANIFEST_GARBLED, f"清单第 {number} 行不是“摘要 路径”，可能损坏", name)
            )
            continue
        path = _CODED.sub(lambda code: chr(int(code[1], 16)), match[2])
        path = path.removeprefix("./")
        if path in digests:
            flaws.append(broken(BagFlaw.MANIFEST_DUPLICATE, f"清单第 {number} 行重复列出同一个文件", name))
        digests[path] = match[1].lower()
    return Manifest(name, algorithm, digests, tuple(flaws))


def read_tags(name: str, data: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[BagFinding, ...]]:
    """The labels and values of bagit.txt or bag-info.txt in their order; a line that begins with a blank continues the last."""
    text, flaws = _decoded(name, data)
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(_ENDS.split(text), 1):
        if not line.strip():
            continue
        if line[0] in " \t" and pairs:
            label, value = pairs[-1]
            pairs[-1] = (label, f"{value} {line.strip()}")
            continue
        label, colon, value = line.partition(":")
        if colon and label.strip():
            pairs.append((label.strip(), value.strip()))
        else:
            flaws.append(broken(BagFlaw.MANIFEST_GARBLED, f"第 {number} 行不是“名称: 值”，可能损坏", name))
    return tuple(pairs), tuple(flaws)


def value_of(pairs: Iterable[tuple[str, str]], label: str) -> str | None:
    """The first value of a label, whatever its capitals."""
    return next((value for key, value in pairs if key.lower() == label.lower()), None)


def _decoded(name: str, data: bytes) -> tuple[str, list[BagFinding]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        flaw = broken(BagFlaw.ENCODING, f"不是 UTF-8 文本（第 {error.start + 1} 个字节起），可能损坏", name)
        return data.decode("utf-8", "backslashreplace"), [flaw]
    if text.startswith("\ufeff"):
        return text[1:], [broken(BagFlaw.ENCODING, "文件开头有字节顺序标记（BOM），标准不允许", name)]
    return text, []
