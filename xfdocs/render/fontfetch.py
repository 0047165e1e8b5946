"""Getting the open fonts where there are none: from Debian's packages, without installing these.

TeX's Chinese package is large and drags TeX along; we want six files of it.  The package is
downloaded by apt (which checks its signature), and the files the catalogue names are taken out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from xfdocs.errors import FontsMissing
from xfdocs.files import write_whole
from xfdocs.render.fontfiles import Role, catalogue, font_folder, search_folders, survey

Say = Callable[[str], None]


def fetch_fonts(say: Say = print) -> None:
    """Put the open fonts this machine lacks into the user's font folder.

    Raises `FontsMissing`, naming the command that failed, if they cannot be had.
    """
    lacking = _lacking_packages()
    if not lacking:
        return
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise FontsMissing(
                role="开放", mend=f"这台机器没有 {tool}。请自行把 {_files(lacking)} 放进 {font_folder()}。"
            )
    font_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xfdocs-fonts-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt downloads as its own user where it can
        for package in lacking:
            say(f"正在下载开放字体 {package}……")
            _download(package, folder)
            archive = next(folder.glob(f"{package}_*.deb"))
            _take(archive, catalogue().packages[package])
            archive.unlink()


def _lacking_packages() -> list[str]:
    found = survey(search_folders()).found
    have = {face.family for role in Role for face in found[role]}
    wanted = {face.package for face in catalogue().faces.values() if face.package and face.family not in have}
    return [package for package in catalogue().packages if package in wanted]


def _download(package: str, folder: Path) -> None:
    command = ["apt-get", "-q", "download", package]
    if _run(command, folder).returncode:
        # A fresh image has no package lists.
        update = _as_root(["apt-get", "-q", "update"])
        if update:
            _run(update, folder)
        outcome = _run(command, folder)
        if outcome.returncode:
            raise FontsMissing(
                role="开放",
                mend=f"`{' '.join(command)}` 没有成功：{_last_line(outcome.stderr)} 请联网（或配置软件源）后再试，"
                f"或自行把 {_files([package])} 放进 {font_folder()}。",
            )


def _as_root(command: list[str]) -> list[str]:
    if os.geteuid() == 0:
        return command
    return ["sudo", "-n", *command] if shutil.which("sudo") else []


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(  # noqa: S603  # our own commands
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _take(archive: Path, files: Sequence[str]) -> None:
    """Copy the members of the package named *files* into the user's font folder."""
    command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    lacking = set(files)
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as unpacking,  # noqa: S603
        tarfile.open(fileobj=unpacking.stdout, mode="r|") as members,
    ):
        for member in members:
            name = Path(member.name).name
            content = members.extractfile(member) if name in lacking and member.isreg() else None
            if content is not None:
                write_whole(font_folder() / name, content.read())
                lacking.discard(name)
    if unpacking.returncode or lacking:
        raise FontsMissing(
            role="开放", mend=f"`{' '.join(command)}` 中没有 {'、'.join(sorted(lacking)) or '完整的内容'}。"
        )


def _files(packages: Sequence[str]) -> str:
    return "、".join(file for package in packages for file in catalogue().packages[package])


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["没有说明原因。"])[-1]
