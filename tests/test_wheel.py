"""The built wheel, installed elsewhere, is whole: pages, manifest and texts travel with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path

import pytest

from addon.sidebar.deployment import deployment

ROOT = Path(__file__).parent.parent
PUBLIC_URL = "https://sales.example.com"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), folder=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment far from this checkout, with the wheel in it; it borrows the libraries it depends on."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile")
    run(sys.executable, "-m", "pip", "--python", str(python), "install", *quiet, str(wheel))
    # A .pth file lends these libraries, but not the checkout: a .pth file inside them is not read again.
    [site] = home.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(get_path("purelib"))
    return home


def run(*command: str, folder: Path | None = None, **settings: str) -> str:
    """What a command prints; its complaint is the failure."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DEALTHREAD_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=folder or Path("/"), env=clean | settings, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped_files() -> set[str]:
    """What must travel, by its place in the wheel."""
    inside = {"addon": "addon", "templates": "addon/_shipped/templates", "manifest": "addon/_shipped/manifest"}
    return {
        f"{place}/{path.relative_to(ROOT / folder)}"
        for folder, place in inside.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".db", ".db-wal", ".db-shm")
    }


def test_nothing_is_left_behind(wheel: Path):
    with zipfile.ZipFile(wheel) as packed:
        travelled = set(packed.namelist())

    assert not shipped_files() - travelled
    assert not [name for name in travelled if name.startswith(("tests/", "bench/", "templates/"))]


def test_the_wheel_elsewhere_is_not_this_checkout(elsewhere: Path):
    where = run(str(elsewhere / "bin" / "python"), "-c", "import addon; print(addon.__file__)")

    assert Path(where.strip()).is_relative_to(elsewhere)


def test_pages_and_texts_are_found_elsewhere(elsewhere: Path):
    question = (
        "from addon.shipped import place; from addon.i18n import Words; "
        "print(place('templates'), place('manifest'), Words()('manifest.not_a_public_address', url='x'))"
    )
    templates, manifest, *_ = run(str(elsewhere / "bin" / "python"), "-c", question).split()

    assert Path(templates).is_relative_to(elsewhere)
    assert Path(manifest).is_relative_to(elsewhere)


def test_it_writes_the_manifest_elsewhere(elsewhere: Path):
    question = (
        f"import json; from addon.sidebar.deployment import deployment; print(json.dumps(deployment('{PUBLIC_URL}')))"
    )
    written = run(str(elsewhere / "bin" / "python"), "-c", question)

    assert json.loads(written) == deployment(PUBLIC_URL)


if find_spec("addon.cli"):  # from the day the command line stands, the command itself writes it

    def test_the_command_writes_the_manifest_elsewhere(elsewhere: Path):
        written = run(str(elsewhere / "bin" / "dealthread"), "manifest", "--public-url", PUBLIC_URL)

        assert json.loads(written) == deployment(PUBLIC_URL)
