"""The built wheel, installed elsewhere, is whole: pages, manifest and texts travel with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path

import pytest

from addon.sidebar.deployment import deployment
from tests.visiting import Visitor

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


def clean_environment(**settings: str) -> dict[str, str]:
    """Nothing of this checkout and of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("DEALTHREAD_", "PYTHON"))}
    return own | settings


@pytest.fixture
def demo_elsewhere(elsewhere: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a demo that runs from the installed wheel alone."""
    command = [str(elsewhere / "bin" / "python"), "-m", "addon.sandbox", "--port", "0", "--data", str(tmp_path / "d")]
    brisk = {"DEALTHREAD_TICK_SECONDS": "0.1"}
    with subprocess.Popen(
        command, cwd="/", env=clean_environment(**brisk), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            home = re.search(r"http://localhost:\d+", said)
            assert home is not None, said
            yield home[0]
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def run(*command: str, folder: Path | None = None, **settings: str) -> str:
    """What a command prints; its complaint is the failure."""
    environment = clean_environment(**settings)
    done = subprocess.run(
        command, cwd=folder or Path("/"), env=environment, capture_output=True, text=True, timeout=400
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


def test_it_serves_every_page_elsewhere(demo_elsewhere: str):
    with Visitor(demo_elsewhere) as visitor:
        visitor.sign_in()
        visitor.connect_a_mailbox()
        visitor.write_a_campaign()
        visitor.bring_a_list()
        visitor.walk("/imports/1")
        visitor.take_it_in()
        visitor.ask_as_scripts_do()
        visitor.walk("/", "/campaigns/1", "/campaigns/1/cancel", "/preferences", "/mailboxes", "/mail/who")
        visitor.launch()
        visitor.walk("/campaigns/1", "/mail/", "/mail/?folder=sent", "/signed-out", "/healthz", "/readyz", "/metrics")
        visitor.walk("/addon/logo.png", visitor.unsubscribe_link())

        assert visitor.missing == []
        assert visitor.never_seen() == {
            "web.campaigns.before_sending_again",  # about a mail whose fate is unknown
            "web.boards.more",
            "web.board_many.tags",
            "web.board_many.under_way",  # about an act on more cards than there are here
        }


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
