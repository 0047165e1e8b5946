"""Packing and verifying a big package against ``cp -r`` and ``sha256sum`` over the same bytes: seconds, medians.

    python -m bench.archive_bag [--megabytes 2048] [--files 20] [--rounds 5] [--place DIR]

Everything takes turns in one run, so that a drift of the disk strikes all alike; the copies of a round
are removed before the next.  ``cp`` leaves its bytes in memory for the system to write some time; a package is
on the disk when it bears its name.  So the peer stands here twice: as people type it, and with ``sync -f`` behind
it, which is what packing promises.  Many a ``sha256sum`` does not use what the processor knows of SHA-256, as Python's
hashlib does; ``openssl`` does, and stands here as the strictest peer.  Goal: packing and verifying together
within 1.5 times ``cp`` and ``sha256sum``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath

from xfdocs.archive.bag import Bag, Container, Written, check_bag, write_bag
from xfdocs.archive.model import Format, Part, Role

MADE = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
BYTES = Format(name="bytes", media="application/octet-stream")
COPY, DURABLE = "cp -r + sha256sum", "cp -r, sync -f + sha256sum"
STRICT = "cp -r, sync -f + openssl"
PEERS = {COPY: (False, "sha256sum"), DURABLE: (True, "sha256sum"), STRICT: (True, "openssl")}
TOOLS = {"sha256sum": ["sha256sum"], "openssl": ["openssl", "dgst", "-sha256"]}


def payload(folder: Path, megabytes: int, files: int) -> list[Part]:
    """Files of random bytes, and what is known of them before they are packed."""
    folder.mkdir()
    parts = []
    for n in range(files):
        path = folder / f"{n:03}-附件.bin"
        known = hashlib.sha256()
        with path.open("wb") as file:
            for _ in range(megabytes // files):
                block = os.urandom(1 << 20)
                known.update(block)
                file.write(block)
        parts.append(
            Part(
                path=PurePosixPath("附件", path.name), source=path, role=Role.ATTACHMENT, format=BYTES,
                size=path.stat().st_size, sha256=known.hexdigest(),
            )
        )  # fmt: skip
    return parts


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def copied(source: Path, target: Path, tool: str, *, durable: bool) -> None:
    """What people do by hand: copy, and hash the copy."""
    subprocess.run(["cp", "-r", source, target], check=True)
    if durable:
        subprocess.run(["sync", "-f", target], check=True)
    summed(target, tool)


def summed(folder: Path, tool: str) -> None:
    """The digest of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    subprocess.run([*TOOLS[tool], *files], check=True, stdout=subprocess.DEVNULL)


def packed(target: Path, parts: list[Part], container: Container, made: list[Written]) -> None:
    """One package, told in *made*."""
    made.append(write_bag(target, parts, [], made=MADE, container=container))


def verified(made: list[Written], jobs: int) -> None:
    """All of it, and nothing wrong."""
    (written,) = made
    with Bag.open(written.path) as bag:
        if check_bag(bag, digest=written.digest, jobs=jobs):
            raise SystemExit(f"{written.path} is not whole")


def turns(place: Path, parts: list[Part], source: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of everything, round by round."""
    took: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        os.sync()  # nobody pays for what another left in memory
        took.setdefault(name, []).append(seconds(work))

    for _ in range(rounds):
        for name, (durable, tool) in PEERS.items():
            note(name, partial(copied, source, place / "copy", tool, durable=durable))
            shutil.rmtree(place / "copy")
        for tool in TOOLS:
            note(tool, partial(summed, source, tool))
        for container in Container:
            made: list[Written] = []
            note(f"pack {container}", partial(packed, place / "包", parts, container, made))
            for jobs in (1, 2):
                note(f"verify {container}, jobs={jobs}", partial(verified, made, jobs))
            shutil.rmtree(made[0].path) if container is Container.FOLDER else made[0].path.unlink()
    return took


def main() -> None:
    """Print one line of a table for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2048)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--place", type=Path, default=None, help="a folder on the disk to measure")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.place) as folder:
        source = Path(folder, "source")
        parts = payload(source, asked.megabytes, asked.files)
        took = turns(Path(folder), parts, source, asked.rounds)
    peers = [statistics.median(took[name]) for name in PEERS]
    print(
        f"{asked.megabytes} MB in {asked.files} files, {asked.rounds} rounds in turns, medians (least–most)\n"
    )
    print(f"| work | seconds | {' | '.join(f'× {name}' for name in PEERS)} |\n|{'---|' * (2 + len(PEERS))}")
    for name, times in took.items():
        middle = statistics.median(times)
        ratios = " | ".join(f"{middle / peer:.2f}" for peer in peers)
        print(f"| {name} | {middle:.2f} ({min(times):.2f}–{max(times):.2f}) | {ratios} |")


if __name__ == "__main__":
    main()
