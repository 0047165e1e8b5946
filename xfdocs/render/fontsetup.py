"""Preparing fonts: once per machine, and again when better ones have been installed.

Every usable font of the catalogue is cut into small fonts (`fontcut`): its everyday characters, the
rest of 通用规范汉字表 and GB 2312, and whatever else it has.  A character goes to the first font of
its role that has it; what no role has goes to the rare faces, cut into slices of code points, so
that one rare name costs one small slice.  What was made is listed for `FontBook`.

    python -m xfdocs.render.fontsetup [--fetch] [--quiet] [an office's own font files …]
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xfdocs.errors import ExitCode, FontsMissing, XfdocsError
from xfdocs.files import write_whole
from xfdocs.render import fontcut
from xfdocs.render.fontfiles import Found, Refused, Role, Survey, catalogue, search_folders, survey
from xfdocs.render.fonts import FORMAT, PREPARE, manifest_path
from xfdocs.resources import shipped

SLICE = 2048
"""Code points in one slice of a rare face: 1–2 MB, about a millisecond for a document that needs it."""
NAMES = "㐂䶮𬭚𠮷"
"""Characters of names outside 通用规范汉字表 that go with it into the first rare face."""
_LEVEL_ONE = 3755
"""Characters in level one of GB 2312."""
_COMMON = 3500
"""Characters in level one of 通用规范汉字表 (国发〔2013〕23号)."""

_SUFFIXES = {".otf", ".font"}
"""Of cut fonts, whichever tables they have; once they were called *.font*."""

Say = Callable[[str], None]


def prepare_fonts(
    source_dirs: Sequence[Path], target: Path, say: Say = print, extra: Sequence[Path] = ()
) -> None:
    """Cut the fonts found in *source_dirs* for *target*, the list of prepared faces.

    *extra* are an office's own font files. The cut fonts lie beside *target*. Does nothing if the
    same fonts were prepared before. Raises `FontsMissing` if a role has no font; then nothing is changed.
    """
    for file in extra:
        if not file.is_file():
            raise FontsMissing(
                role="单位自备的", mend=f"没有文件 {file}。请改正 xfdocs.toml 的 [fonts] 一节。"
            )
    found = _sound(survey(source_dirs, extra))
    for role in Role:
        if not found.found[role]:
            raise FontsMissing(role=role.value, mend=_why(role, found.refused))
    inputs = _inputs(found)
    if _up_to_date(target, inputs):
        return
    parts = list(plan(found))
    say(f"正在准备字体（{len(parts)} 个小字库），只需一次……")
    target.parent.mkdir(parents=True, exist_ok=True)
    entries = _cut_all(parts, target.parent, say)
    texts = list(dict.fromkeys(part.text for part in parts))  # faces of one maker often have the same
    for part, entry in zip(parts, entries, strict=True):
        entry["characters"] = texts.index(part.text)
    listing = {
        "format": FORMAT,
        "inputs": inputs,
        "notes": [f"{refused.file} 没有采用：{refused.why}。" for refused in found.refused],
        "characters": [_runs(text) for text in texts],
        "faces": entries,
    }
    write_whole(target, json.dumps(listing, ensure_ascii=False, separators=(",", ":")).encode())
    _sweep(target.parent)
    for role in Role:
        say(f"  {role.value}：{'、'.join(face.family for face in found.found[role])}")


# --- which characters go where --------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One small font to be: *text* of *face*, for *role*, as CSS family *css*."""

    role: Role
    face: Found
    css: str
    text: str
    subset: bool


def plan(found: Survey) -> Iterator[Part]:
    """How the fonts of *found* are cut. No character of a role stands in two of its parts."""
    common: list[set[str]] = []
    for role in Role:
        if role is not Role.RARE:
            covered: set[str] = set()
            texts = [pair for face in found.found[role] for pair in _of_role(face, covered)]
            yield from _parts(role, texts)
            common.append(covered)
    yield from _parts(Role.RARE, list(_of_rare(found.found[Role.RARE], set.intersection(*common))))


def _of_role(face: Found, covered: set[str]) -> Iterator[tuple[Found, str, bool]]:
    has = fontcut.characters(face.file, face.index) - covered
    covered |= has
    first = not covered - has  # the stand-ins after the best face hold few characters: in one piece
    everyday = "".join(char for char in everyday_order() if char in has)
    second = "".join(char for char in second_order() if char in has)
    rest = "".join(sorted(has.difference(everyday, second)))
    if first:
        yield face, everyday, True
        yield face, second, False
    else:
        yield face, everyday + second, False
    yield face, rest, False


def _of_rare(faces: Sequence[Found], common: Collection[str]) -> Iterator[tuple[Found, str, bool]]:
    covered = set(common)
    new: list[tuple[Found, frozenset[str]]] = []
    for face in faces:
        has = fontcut.characters(face.file, face.index) - covered
        covered |= has
        new.append((face, has))
    order = dict.fromkeys((*everyday_order(), *second_order(), *NAMES))
    for face, has in new:
        yield face, "".join(char for char in order if char in has), False
    for face, has in new:
        rest = sorted(has - order.keys())
        for start in range(0, len(rest), SLICE):
            yield face, "".join(rest[start : start + SLICE]), False


def _parts(role: Role, texts: Sequence[tuple[Found, str, bool]]) -> Iterator[Part]:
    css = catalogue().roles[role].css
    for number, (face, text, subset) in enumerate((entry for entry in texts if entry[1]), start=1):
        yield Part(role, face, css if number == 1 else f"{css}-{number}", text, subset)


@cache
def everyday_order() -> tuple[str, ...]:
    """What nearly every document is made of, the commonest first; level one of 通用规范汉字表 follows."""
    ascii_ = [chr(code) for code in range(0x20, 0x7F)]
    # The blanks must stand in the first face: a shaper makes do with any blank it finds there.
    blanks = "\u00a0\u3000"
    common = "".join(_lines("tongyong-8105"))[:_COMMON]
    return tuple(dict.fromkeys([*ascii_, *blanks, *"".join(_lines("everyday")), *common]))


@cache
def second_order() -> tuple[str, ...]:
    """The rest of 通用规范汉字表 and of GB 2312."""
    everyday = set(everyday_order())
    rest = dict.fromkeys([*"".join(_lines("tongyong-8105"))[_COMMON:], *gb2312()])
    return tuple(char for char in rest if char not in everyday)


@cache
def gb2312() -> tuple[str, ...]:
    """The characters of GB 2312 in its own order; 16 区 on are 6763 Chinese characters."""
    # Python maps the standard's · and — to U+30FB and U+2015; documents write U+00B7 and U+2014.
    found = ["\u00b7", "\u2014"]
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:  # an empty cell
                continue
    return tuple(found)


def _lines(name: str) -> list[str]:
    text = shipped("schemas", "characters", f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("# ")]


def _sound(found: Survey) -> Survey:
    """Without the faces that lack everyday characters: a name is no proof of a whole font."""
    level_one = [char for char in gb2312() if "\u4e00" <= char <= "\u9fff"][:_LEVEL_ONE]
    kept, refused = {}, list(found.refused)
    for role, faces in found.found.items():
        whole = []
        for face in faces:
            lacking = (
                set() if role is Role.RARE else set(level_one) - fontcut.characters(face.file, face.index)
            )
            if lacking:
                refused.append(Refused(face.file, f"缺 GB 2312 一级汉字 {len(lacking)} 个"))
            else:
                whole.append(face)
        kept[role] = tuple(whole)
    return Survey(kept, tuple(refused))


def _why(role: Role, refused: Sequence[Refused]) -> str:
    setting = catalogue().roles[role]
    packages = dict.fromkeys(catalogue().faces[family].package for family in setting.faces)
    notes = "".join(f"{entry.file.name} {entry.why}。" for entry in refused)
    return (
        f"{notes}请运行 `{PREPARE} --fetch` 取得开放字体（Debian 软件包 {'、'.join(filter(None, packages))}），"
        f"或把 {'、'.join(setting.faces)} 之一装入系统字体文件夹。"
    )


# --- making them ------------------------------------------------------------------------------------------


def _cut_all(parts: Sequence[Part], folder: Path, say: Say) -> list[dict[str, Any]]:
    sources = {part.face.file: _sha256(part.face.file) for part in parts}
    names = [_name(part, sources[part.face.file]) for part in parts]
    broken = _damaged(folder)
    todo = [n for n, name in enumerate(names) if name in broken or not (folder / name).is_file()]
    made = _map(_cut_one, [parts[n] for n in todo], [folder / names[n] for n in todo])
    for done, number in enumerate(todo, start=1):
        next(made)
        if done % 10 == 0 or done == len(todo):
            say(f"  {done}/{len(todo)} {parts[number].face.family}")
    return [_entry(part, folder / name) for part, name in zip(parts, names, strict=True)]


def _map(work: Callable[[Part, Path], None], parts: Sequence[Part], files: Sequence[Path]) -> Iterator[None]:
    """`map` in several processes, or in this one where a sandbox has no room for the semaphores of a pool."""
    if not parts:
        return
    spawn = multiprocessing.get_context("spawn")
    try:
        pool = ProcessPoolExecutor(min(len(parts), os.cpu_count() or 1), mp_context=spawn)
    except OSError:
        yield from map(work, parts, files)
        return
    with pool:
        yield from pool.map(work, parts, files)


def _damaged(folder: Path) -> set[str]:
    """Cut fonts that are no longer what a list says they are."""
    return {
        face["file"]
        for face in _listed(folder)
        if (folder / face["file"]).is_file() and _sha256(folder / face["file"]) != face["sha256"]
    }


def _listed(folder: Path) -> Iterator[dict[str, Any]]:
    """What the lists in *folder* say of every cut font."""
    for listing in sorted(folder.glob("fonts*.json")):
        yield from json.loads(listing.read_text("utf-8"))["faces"]


def _cut_one(part: Part, file: Path) -> None:
    write_whole(file, fontcut.cut(part.face.file, part.face.index, part.text, file.stem))


def _name(part: Part, source: str) -> str:
    """A file name that says what is inside: another *source* (its hash), character or recipe is another name."""
    facts = [fontcut.RECIPE, source, part.face.index, part.text]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return f"{part.css}-{key}.otf"


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _entry(part: Part, file: Path) -> dict[str, Any]:
    return {
        "role": part.role.value,
        "family": part.face.family,
        "file": file.name,
        "glyphs": fontcut.glyph_count(file),
        "official": part.face.official,
        "subset": part.subset,
        "css": part.css,
        "source": str(part.face.file),
        "size": file.stat().st_size,
        "sha256": _sha256(file),
    }


def _runs(text: str) -> list[int]:
    """The code points of *text* as how many are skipped, how many follow, and so on; see `fonts._ranges`."""
    found: list[int] = []
    end = 0
    for code in sorted(map(ord, text)):
        if found and code == end:
            found[-1] += 1
        else:
            found += [code - end, 1]
        end = code + 1
    return found


def _inputs(found: Survey) -> str:
    """Changes when anything changes that decides what is made."""
    facts: list[Any] = [FORMAT, fontcut.RECIPE, SLICE, NAMES, everyday_order(), second_order()]
    for role, faces in found.found.items():
        for face in faces:
            state = face.file.stat()
            facts.append([role, face.family, str(face.file), face.index, state.st_size, state.st_mtime_ns])
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _up_to_date(target: Path, inputs: str) -> bool:
    try:
        listing = json.loads(target.read_text("utf-8"))
        return listing["inputs"] == inputs and all(
            (target.parent / face["file"]).stat().st_size == face["size"] for face in listing["faces"]
        )
    except (OSError, ValueError, KeyError):
        return False


def _sweep(folder: Path) -> None:
    """Take away cut fonts that no list names any more."""
    named = {face["file"] for face in _listed(folder)}
    for file in folder.iterdir():
        if file.suffix in _SUFFIXES and file.name not in named:
            file.unlink()


def main(arguments: Sequence[str]) -> int:
    """The command for users without make."""
    try:
        if "--fetch" in arguments:
            from xfdocs.render.fontfetch import fetch_fonts

            fetch_fonts(print)
        extra = [Path(name) for name in arguments if not name.startswith("-")]
        prepare_fonts(search_folders(), manifest_path(), print)
        if extra:
            prepare_fonts(search_folders(), manifest_path(extra), print, extra)
    except XfdocsError as fault:
        print(fault, file=sys.stderr)  # noqa: T201  # a command
        return int(fault.exit_code)
    except OSError as fault:  # a full or read-only disk
        print(f"字体没有准备好：{fault}。", file=sys.stderr)  # noqa: T201  # a command
        return int(ExitCode.LACKING)
    if "--quiet" not in arguments:
        print(f"字体已就绪：{manifest_path(extra).parent}")  # noqa: T201  # a command
    return int(ExitCode.DONE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
