"""veraPDF as judge of our PDF files: one Java process per test process, started when first asked.

The library comes from Maven Central and is kept, with our few lines of Java compiled, in `.cache/`
of the checkout; only the first run needs the network.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.tools import STRICT, needs

SOURCE = Path(__file__).parent / "verapdf"
CACHE = Path(__file__).parent.parent / ".cache"
_TOOLS = ("java", "javac", "mvn")


@dataclass(frozen=True)
class Failure:
    """A rule of ISO 19005 that a file breaks, and the first place where."""

    clause: str
    test: int
    message: str
    where: str

    def __str__(self) -> str:
        return f"{self.clause}-{self.test} {self.message} ({self.where})"


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of a file; *assertions* is how many checks it made."""

    path: Path
    compliant: bool
    assertions: int
    failures: tuple[Failure, ...]


def verapdf(paths: Iterable[Path], flavour: str = "3a") -> list[Verdict]:
    """The verdicts on *paths* by the rules of PDF/A *flavour*, in the same order.

    Skips the test (or fails it, where every tool must be there) if Java, Maven or the library cannot be
    had. Raises `RuntimeError` for a file veraPDF cannot read: no verdict is no pass.
    """
    for tool in _TOOLS:
        needs(tool, why="Install default-jdk-headless and maven.")
    judge = _judge()
    return [_ask(judge, path, flavour) for path in paths]


def complaints(paths: Iterable[Path], flavour: str = "3a") -> dict[str, list[str]]:
    """File name → what veraPDF finds wrong, for the files that are not valid; empty is what one wants."""
    verdicts = verapdf(paths, flavour)
    return {
        verdict.path.name: [str(f) for f in verdict.failures] for verdict in verdicts if not verdict.compliant
    }


def _ask(judge: subprocess.Popen[str], path: Path, flavour: str) -> Verdict:
    assert judge.stdin is not None
    assert judge.stdout is not None
    judge.stdin.write(f"{flavour}\t{path.resolve()}\n")
    judge.stdin.flush()
    line = judge.stdout.readline()
    answer = json.loads(line) if line else {"error": "veraPDF has died"}
    if "error" in answer:
        raise RuntimeError(f"veraPDF cannot judge {path}: {answer['error']}")
    failures = tuple(Failure(**failure) for failure in answer["failures"])
    return Verdict(path, answer["compliant"], answer["assertions"], failures)


@cache
def _judge() -> subprocess.Popen[str]:
    classes = f"{_built()}/classes"
    jars = f"{_built()}/lib/*"
    judge = subprocess.Popen(
        ["java", "-XX:+UseSerialGC", "-Xss8m", "-cp", f"{classes}:{jars}", "Judge"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    atexit.register(_dismiss, judge)
    return judge


def _dismiss(judge: subprocess.Popen[str]) -> None:
    judge.communicate()  # end of input is the end of the session


@cache
def _built() -> Path:
    """The folder with the library and the compiled judge; made once."""
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCE.iterdir())))
    folder = CACHE / f"verapdf-{key.hexdigest()[:16]}"
    if not folder.is_dir():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            making = Path(name) / "verapdf"
            shutil.copytree(SOURCE, making)
            _run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], making)
            _run(["javac", "-cp", "lib/*", "-d", "classes", "Judge.java"], making)
            with contextlib.suppress(OSError):  # another worker was first
                making.rename(folder)
    return folder


def _run(command: list[str], folder: Path) -> None:
    outcome = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        reason = f"`{' '.join(command)}` failed: {outcome.stdout[-2000:]}{outcome.stderr[-2000:]}"
        pytest.fail(reason) if STRICT else pytest.skip(reason)


if __name__ == "__main__":
    print(_built())
