"""What every test lives with: no network but this machine's, the wall's clock again afterwards, PostgreSQL on demand.

Tests that need something this machine lacks are *left out* when it is theirs to lack (the mail corpora, the long
marathons) and *skipped with a reason* when it should be here (PostgreSQL, Chromium). CI fails on any skip.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import make_url

import addon.clock
from addon.domain.access import Database
from tests import databases, network_guard, postgres_server
from tests.compiled_once import remembered
from tests.serving import PAGE_PATIENCE

ROOT = Path(__file__).parent.parent
CORPORA = Path(os.environ.get("CORPORA", ROOT.parent / "shared" / "corpora"))
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

LONG_WAYS = ("tests/journeys/", "tests/clients/", "tests/test_wheel.py", "tests/sandbox/demo/", "tests/bench/")
"""They come first: begun last, one of them would be waited for when all else is done."""

pytest_plugins = ("tests.discovery_checked",)

on_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
runtime_folder = pytest.StashKey[str]()
runtime_folder_before = pytest.StashKey[str | None]()

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if on_ci else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the soak and kill marathons (marked `long`)")


def pytest_configure(config: pytest.Config) -> None:
    network_guard.install()
    if not hasattr(config, "workerinput"):
        _make_runtime_folder(config)


def _make_runtime_folder(config: pytest.Config) -> None:
    """One of the run's own. PostgreSQL's wheel warns of one that is missing or somebody else's: warnings are errors.

    Its lock lies in the folder made here or, without it, in /tmp, where that of another user may lie.
    """
    made = Path(tempfile.mkdtemp(prefix="dealthread-tests-"))
    (made / "python_PostgresServer").mkdir()
    config.stash[runtime_folder] = str(made)
    config.stash[runtime_folder_before] = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(made)


def pytest_unconfigure(config: pytest.Config) -> None:
    if made := config.stash.get(runtime_folder, None):
        shutil.rmtree(made, ignore_errors=True)
        before = config.stash[runtime_folder_before]
        os.environ.pop("XDG_RUNTIME_DIR") if before is None else os.environ.update(XDG_RUNTIME_DIR=before)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if _is_left_out(item, config)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_WAYS))


def pytest_collection_finish() -> None:
    """What stands after the collection stays to the end: the search for garbage need not walk through it each time."""
    gc.collect()
    gc.freeze()


def _is_left_out(item: pytest.Item, config: pytest.Config) -> bool:
    too_long = item.get_closest_marker("long") is not None and not config.getoption("--long")
    without_mail = "corpora" in getattr(item, "fixturenames", ()) and not CORPORA.is_dir()
    return too_long or without_mail


# ---- what a run says at its end ------------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that CI skips is a test that nobody runs: make it a failure."""
    if on_ci and _skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    say = terminalreporter.write_line
    skips = _skips(config)
    for name, reason in skips:
        say(f"SKIPPED {name}: {reason}")
    if skips and on_ci:
        say(f"CI fails: {len(skips)} tests were skipped.", red=True)
    if not CORPORA.is_dir():
        say(f"Left out: the tests on collected mail, for there is no {CORPORA} (CORPORA=folder names one).")
    if not config.getoption("--long"):
        say("Left out: the long marathons (--long runs them).")


def _skips(config: pytest.Config) -> list[tuple[str, str]]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [(report.nodeid, str(report.longrepr[2])) for report in reports]


# ---- fixtures ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nobody_phones_home() -> Iterator[None]:
    """Fail a test that tried to leave this machine, also where the code under test swallowed the refusal."""
    network_guard.refused.clear()
    yield
    assert not network_guard.refused, f"tried to leave this machine: {network_guard.refused}"


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    with remembered():
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[ModuleType]:
    """The clock, to be set at will (`clock.set_world(...)`); it shows the wall's time again after the test."""
    yield addon.clock
    addon.clock.follow(None)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty PostgreSQL database, one for each test process; made anew at the run's start."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    if given := os.environ.get("TEST_DATABASE_URL"):
        url = make_url(given).set(drivername="postgresql+psycopg")
        name = f"{url.database}_tests_{worker or 'alone'}"
        postgres_server.recreate(url, name)
        yield url.set(database=name).render_as_string(hide_password=False)
        return
    if not postgres_server.is_available():
        pytest.skip(postgres_server.NO_SERVER)
    run = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    with postgres_server.database(run, f"tests_{worker or 'alone'}") as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for the browser tests (CHROMIUM=path, or the one on PATH)."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        pytest.skip("no Chromium: install it, or name one in CHROMIUM (python3 run.py test looks for one)")
    return found


@pytest.fixture(scope="session", autouse=True)
def _patience_with_pages() -> None:
    """A busy machine draws late; what never comes is still told."""
    expect.set_options(timeout=PAGE_PATIENCE)


@pytest.fixture(scope="session")
def chrome(chromium: str) -> Iterator[Browser]:
    """A Chromium that starts once for all tests of this process; each test opens a window of its own in it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of collected mail; tests that ask for it are left out where it is absent."""
    return CORPORA


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database, shared by the tests of this process; `database` empties it."""
    with databases.on_postgres(postgres_url) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database; each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        with databases.on_sqlite(tmp_path) as made:
            yield made
        return
    shared: Database = request.getfixturevalue("postgres")
    databases.forget_rows(shared)
    yield shared


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database, for tests to which the kind of database says nothing."""
    with databases.on_sqlite(tmp_path) as made:
        yield made
