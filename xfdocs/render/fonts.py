"""Fonts by role: which face prints which character.

Faces are prepared once (`xfdocs.render.fontsetup`): each source font is cut into small fonts, the
everyday characters first, and no character stands in two of them.  A `FontBook` reads the list of
what was prepared, which takes milliseconds, and answers what the renderers ask: the order of faces
for a role, the CSS for it, and which characters nobody can print.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from xfdocs.errors import FontsMissing
from xfdocs.render.fontfiles import Role, catalogue, font_folder

__all__ = ["PREPARE", "Face", "FontBook", "Role", "manifest_path"]

SQUARE = "国"
"""A character that fills its square evenly: half way up its ink is half way up the square."""
PREPARE = "python -m xfdocs.render.fontsetup"
FORMAT = 1
"""Of the list of prepared faces; another number means: prepare again."""

_NO_GLYPH_NEEDED = frozenset("\n\r\t")


@dataclass(frozen=True)
class Face:
    """One prepared font file.

    Args:
        role: what it is for; `Role.RARE` faces serve every role.
        family: the name people know it by, e.g. “FandolFang” or “方正小标宋简体”.
        file: the prepared font, a file with one face.
        index: face number in *file*.
        glyphs: number of glyphs in *file*.
        official: the face offices are used to, not an open stand-in.
        subset: holds the everyday characters of its source; False: the characters after those.
        css: the CSS family that is this file and no other.
        source: the font it was cut from.
        sha256: of *file*.
        ranges: the code points it prints, as (first, last).
    """

    role: Role
    family: str
    file: Path
    index: int
    glyphs: int
    official: bool
    subset: bool
    css: str
    source: Path
    sha256: str
    ranges: tuple[tuple[int, int], ...] = field(repr=False)

    def covers(self, character: str) -> bool:
        """Whether this face prints *character*."""
        code = ord(character)
        place = bisect_right(self.ranges, (code, 0x110000)) - 1
        return place >= 0 and self.ranges[place][1] >= code

    @property
    def name(self) -> str:
        """The family that stands in *file*: of this file and no other, whatever else was prepared."""
        return self.file.stem

    @cached_property
    def rule(self) -> str:
        """The ``@font-face`` rule."""
        # Pinned to normal: no renderer has a reason to embolden or slant it.
        return (
            f"@font-face{{font-family:{self.css};src:url({self.file.as_uri()});"
            "font-weight:normal;font-style:normal}"
        )


class FontBook:
    """The prepared faces of this machine (and of an office that names fonts of its own)."""

    def __init__(self, faces: Iterable[Face], notes: Sequence[str] = ()) -> None:
        self._faces = tuple(faces)
        self._notes = tuple(notes)

    @classmethod
    def find(cls, extra: Sequence[Path] = ()) -> FontBook:
        """The book for this machine; *extra* are the font files an office names in its xfdocs.toml.

        Read once per process. Raises `FontsMissing` if the faces have not been prepared.
        """
        manifest = manifest_path(extra)
        try:
            stamp = manifest.stat().st_mtime_ns
        except OSError:
            command = " ".join([PREPARE, *(str(path) for path in extra)])
            raise FontsMissing(
                role="已准备好的", mend=f"请运行 `{command}`；没有开放字体时加 --fetch。"
            ) from None
        return _read(manifest, stamp)

    def chain(self, role: Role) -> tuple[Face, ...]:
        """Faces in the order in which a character of *role* is looked up; the rare ones are last.

        Raises `FontsMissing` if the role has no face of its own.
        """
        if role not in self._chains:
            raise FontsMissing(role=role.value, mend=_mend(role))
        return self._chains[role]

    def covers(self, character: str, role: Role) -> bool:
        """Whether some face of the chain prints *character*."""
        return not self.missing(character, role)

    def missing(self, text: str, role: Role) -> tuple[str, ...]:
        """The characters of *text* that no face of the chain has, in order of appearance, each once.

        Line breaks and tabs need no face.
        """
        self.chain(role)
        lacking = set(text) - self._covered[role] - _NO_GLYPH_NEEDED
        if lacking:
            lacking -= self._covered[Role.RARE]
        return tuple(char for char in dict.fromkeys(text) if char in lacking) if lacking else ()

    def needed(self, text: str) -> tuple[Face, ...]:
        """The faces that may be asked for *text*, whatever the roles of its parts.

        The everyday face of every role is always among them. Give them to `css`; loading the many
        slices of the rare faces without need costs a process a fraction of a second.
        """
        letters = set(text) - self._everyday
        return tuple(
            face for face in self._faces if face.subset or any(face.covers(letter) for letter in letters)
        )

    def css(self, faces: Iterable[Face] | None = None) -> str:
        """The ``@font-face`` rules of *faces*, by default of every face; one family is one file."""
        return "\n".join(face.rule for face in (self._faces if faces is None else faces))

    def stack(self, role: Role) -> str:
        """The CSS ``font-family`` list of *role*."""
        return ",".join(face.css for face in self.chain(role))

    @staticmethod
    def office_faces(role: Role) -> str:
        """The face a docx names for *role*: an office has it, whatever this machine has."""
        return catalogue().roles[role].office

    @cached_property
    def digest(self) -> str:
        """Says which faces these are: equal digests print equal bytes."""
        facts = [(face.css, face.sha256) for face in self._faces]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def problems(self) -> list[str]:
        """What is missing or could be better, and how to get it; sentences for `xfdocs doctor`."""
        found = [f"没有{role}字体。{_mend(role)}" for role in Role if role not in self._chains]
        found += [
            f"预制字体 {face.file.name} 不在或不完整，请运行 `{PREPARE}`。"
            for face in self._faces
            if not face.file.is_file() or hashlib.sha256(face.file.read_bytes()).hexdigest() != face.sha256
        ]
        return found + list(self._notes)

    # --- worked out once --------------------------------------------------------------------------

    @cached_property
    def _chains(self) -> dict[Role, tuple[Face, ...]]:
        rare = tuple(face for face in self._faces if face.role is Role.RARE)
        own = {role: tuple(face for face in self._faces if face.role is role) for role in Role}
        return {role: faces if role is Role.RARE else faces + rare for role, faces in own.items() if faces}

    @cached_property
    def _covered(self) -> _Covered:
        return _Covered(self._faces)

    @cached_property
    def _everyday(self) -> frozenset[str]:
        """What the everyday face of every role has: no further face is needed for these."""
        first = [_letters([face]) for face in self._faces if face.subset and face.role is not Role.RARE]
        return frozenset.intersection(*first) if first else frozenset()


class _Covered(dict[Role, frozenset[str]]):
    """Role → the characters its own faces print, worked out when first asked for."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        super().__init__()
        self._faces = faces

    def __missing__(self, role: Role) -> frozenset[str]:
        self[role] = _letters(face for face in self._faces if face.role is role)
        return self[role]


def _letters(faces: Iterable[Face]) -> frozenset[str]:
    return frozenset(
        chr(code) for face in faces for first, last in face.ranges for code in range(first, last + 1)
    )


def _mend(role: Role) -> str:
    setting = catalogue().roles[role]
    known = [catalogue().faces[family] for family in setting.faces]
    packages = dict.fromkeys(face.package for face in known if face.package)
    return (
        f"可装入{'、'.join(face.family for face in known)}之一"
        f"（开放字体在 Debian 软件包 {'、'.join(packages)} 中），再运行 `{PREPARE} --fetch`。"
    )


def manifest_path(extra: Sequence[Path] = ()) -> Path:
    """The list of prepared faces for this machine with an office's *extra* fonts."""
    if not extra:
        return font_folder() / "prepared" / "fonts.json"
    facts = [(str(path.resolve()), _size_and_time(path)) for path in extra]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return font_folder() / "prepared" / f"fonts-{key}.json"


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@cache
def _read(manifest: Path, stamp: int) -> FontBook:  # noqa: ARG001  # a new stamp is a new book
    data: dict[str, Any] = json.loads(manifest.read_text("utf-8"))
    if data["format"] != FORMAT:
        raise FontsMissing(role="与本版本相配的", mend=f"请运行 `{PREPARE}`。")
    ranges = [_ranges(runs) for runs in data["characters"]]
    faces = [
        Face(
            role=Role(entry["role"]),
            family=entry["family"],
            file=manifest.parent / entry["file"],
            index=0,
            glyphs=entry["glyphs"],
            official=entry["official"],
            subset=entry["subset"],
            css=entry["css"],
            source=Path(entry["source"]),
            sha256=entry["sha256"],
            ranges=ranges[entry["characters"]],
        )
        for entry in data["faces"]
    ]
    return FontBook(faces, data["notes"])


def _ranges(runs: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """(first, last) of each run, from: how many code points are skipped, how many follow, and so on."""
    found = []
    end = 0
    for skipped, length in zip(runs[::2], runs[1::2], strict=True):
        found.append((end + skipped, end + skipped + length - 1))
        end += skipped + length
    return tuple(found)
