"""The wheel, as a user gets it: built, installed into an empty environment, and at work outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.engines import MAKERS, NoPango, printed_by
from tests.tools import needs
from xfdocs.errors import FontsMissing
from xfdocs.pdf_by import PdfBy
from xfdocs.render.fonts import PREPARE, FontBook
from xfdocs.resources import shipped

ROOT = shipped("templates").parent
_OFFLINE = (
    "Temporary failure in name resolution",
    "Max retries exceeded",
    "Could not find a version",
    "Network is unreachable",
)


def run(*words: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A program in a folder, without anything that would lead it back to the checkout."""
    outside = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "XFDOCS_TEST"))
    }
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=outside | more, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip


def pip(python: Path | str, *words: object, cwd: Path) -> None:
    done = run(python, "-m", "pip", "--disable-pip-version-check", *words, cwd=cwd)
    if done.returncode and any(sign in done.stderr for sign in _OFFLINE):
        needs("network", found=False, why="pip cannot reach the package index.")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("xfdocs-*.whl")
    return built


def installed(wheel: Path, folder: Path, extra: str = "") -> Path:
    """An environment with nothing in it but the wheel and what it depends on."""
    venv.create(folder, with_pip=True, symlinks=True)
    pip(folder / "bin" / "python", "install", "--quiet", f"{wheel}{extra}", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    return installed(wheel, tmp_path_factory.mktemp("installed") / "env")


@pytest.fixture(scope="module")
def typst_home(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    return installed(wheel, tmp_path_factory.mktemp("typst") / "env", "[typst]")


def needs_fonts() -> None:
    try:
        FontBook.find()
    except FontsMissing:
        needs("fonts", found=False, why=f"Run {PREPARE} --fetch.")


def test_templates_schemas_and_samples_are_inside(wheel):
    with zipfile.ZipFile(wheel) as file:
        inside = set(file.namelist())
    for top in ("templates", "schemas", "samples"):
        wanted = {
            f"xfdocs/{path.relative_to(ROOT)}"
            for path in (ROOT / top).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted
        assert wanted <= inside
    assert "xfdocs/py.typed" in inside
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "xfdocs").rglob("*.py")}
    assert {name for name in modules if "/migrations/versions/" in name}
    assert modules <= inside, "also scripts that nothing imports: a register is made by them"
    assert not [name for name in inside if name.startswith(("tests", "bench", "docs", "xfdocs/tests"))]
    assert not [name for name in inside if name.endswith((".otf", ".ttf", ".ttc"))], "no font is shipped"


def test_the_installed_package_comes_from_the_wheel(home, tmp_path):
    done = run(home / "bin" / "python", "-c", "import xfdocs; print(xfdocs.__file__)", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(str(home))


def test_importing_is_light_and_warns_of_nothing(home, tmp_path):
    code = "import sys, xfdocs; print(sorted({'lxml', 'weasyprint', 'docx', 'jinja2'} & set(sys.modules)))"
    done = run(home / "bin" / "python", "-W", "error", "-c", code, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_the_demo_runs_outside_the_checkout(home, tmp_path):
    needs_fonts()
    done = run(home / "bin" / "xfdocs", "demo", "试用", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    check_demo(tmp_path / "试用", json.loads(done.stdout))


def check_demo(folder: Path, summary: dict[str, Any]) -> None:
    """A demo made everything it can, and it is as the summary says."""
    assert summary["records"] >= 40
    assert summary["refused"] == 0
    made = [path for path in (folder / "issued").glob("*/*") if path.is_file()]
    assert len(made) == summary["files"] == 2 * sum(summary["documents"].values())
    bags = list((folder / "archive").glob("*/*/tagmanifest-sha256.txt"))
    assert len(bags) == summary["archive"]["packed"] == summary["archive"]["intact"] > 0


def test_with_typst_the_demo_runs_on_a_machine_without_pango(typst_home, home, tmp_path):
    needs_fonts()
    bare = NoPango(tmp_path / "site")
    xfdocs = typst_home / "bin" / "xfdocs"
    done = run(xfdocs, "demo", "--pdf-engine", "typst", "--json", cwd=tmp_path, PYTHONPATH=bare.path)
    assert done.returncode == 0, done.stderr
    assert bare.asked() == set(), "nobody tried to import WeasyPrint, in no process"
    folder = tmp_path / "demo"
    check_demo(folder, json.loads(done.stdout))
    made = [path for place in ("issued", "reports", "archive") for path in (folder / place).rglob("*.pdf")]
    by = {printed_by(path) for path in made if path.parent.name != "附件"}
    assert (len(made) > 400, by) == (True, {PdfBy.TYPST})
    told = run(xfdocs, "register", "list", "--json", "--office", folder, cwd=tmp_path, PYTHONPATH=bare.path)
    numbers = [json.loads(line)["number"] for line in told.stdout.splitlines()]
    number = next(filter(None, numbers))
    told = run(xfdocs, "register", "show", number, "--json", "--office", folder, cwd=tmp_path, PYTHONPATH=bare.path)  # fmt: skip
    assert json.loads(told.stdout)["makers"]["pdf"] == MAKERS[PdfBy.TYPST]


def test_without_pango_and_typst_no_number_is_taken_and_both_ways_out_are_told(home, tmp_path):
    needs_fonts()
    bare = NoPango(tmp_path / "site")
    for words, what in ((("demo", "--json"), "缺少 Pango"), (("demo", "--pdf-engine", "typst", "--json"), "缺少 typst")):  # fmt: skip
        done = run(home / "bin" / "xfdocs", *words, cwd=tmp_path, PYTHONPATH=bare.path)
        assert (done.returncode, done.stdout) == (3, "")
        assert what in done.stderr
        assert "pip install 'xfdocs[typst]'" in done.stderr
        assert not list((tmp_path / "demo" / "issued").glob("*/*"))


def test_the_doctor_of_an_office_with_typst_asks_for_no_library(typst_home, tmp_path):
    needs_fonts()
    bare = NoPango(tmp_path / "site")
    xfdocs = typst_home / "bin" / "xfdocs"
    assert run(xfdocs, "init", "单位", "--name", "云州市信访局", cwd=tmp_path).returncode == 0
    settings = tmp_path / "单位" / "xfdocs.toml"
    for text, code in (("", 3), ('[render]\npdf_engine = "typst"\n', 0)):
        settings.write_text(text + settings.read_text("utf-8"), "utf-8")
        done = run(xfdocs, "doctor", "--json", cwd=settings.parent, PYTHONPATH=bare.path)
        assert done.returncode == code, done.stderr
        checks = {check["subject"]: check for check in json.loads(done.stdout)}
        assert checks["typst"]["good"]
        assert checks["Pango"]["needed"] == (code == 3)


def test_validation_and_its_schemas_work_from_the_wheel(home, tmp_path):
    samples = run(
        home / "bin" / "python",
        "-c",
        "from xfdocs.resources import shipped; print(shipped('samples'))",
        cwd=tmp_path,
    )
    folder = Path(samples.stdout.strip())
    assert folder.is_relative_to(home)
    assert run(home / "bin" / "xfdocs", "validate", folder / "office", cwd=tmp_path).returncode == 0
    assert run(home / "bin" / "xfdocs", "validate", folder / "rejected", cwd=tmp_path).returncode == 1
