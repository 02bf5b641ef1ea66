#!/usr/bin/env python3
"""Try, test, check and measure Dealthread; needs nothing but Python 3.11 or newer.

    python3 run.py demo     everything on this machine: a Gmail, people who answer, the sidebar beside the inbox
    python3 run.py test     all tests (--long adds the soak and kill marathons; the rest goes to pytest)
    python3 run.py check    format, lint, types, import contracts, tests: exactly what CI runs
    python3 run.py bench    figures, as ratios that hold on any machine (--json, --only NAME, --large)

The first start makes the folder .venv and installs into it; later starts find it ready. What follows the command
is passed on: `run.py demo --help` and `run.py bench --help` list what these two take.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLDEST_PYTHON = (3, 11)
HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")

RUN_SET = ["-e", HERE]
TEST_TOOLS = ["--group", os.path.join(HERE, "pyproject.toml") + ":dev"]

NO_NETWORK_SIGNS = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Name or service not known",
    "nodename nor servname provided",
    "Network is unreachable",
    "ConnectTimeout",
    "ProxyError",
    "dns error",
    "error sending request",
)


class CannotGoOn(Exception):
    """Why nothing can be run here, and what to do about it."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    if command not in COMMANDS:
        print(f"run.py: there is no command {command!r}. There are: {', '.join(COMMANDS)}. See run.py --help.")
        return 2
    if command in ("test", "check") and rest in (["-h"], ["--help"]):
        print(COMMANDS[command].__doc__)
        return 0
    try:
        return COMMANDS[command](rest)
    except CannotGoOn as reason:
        print(f"run.py: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# ---- the commands ---------------------------------------------------------------------------------------------------


def demo(arguments: list[str]) -> int:
    """Everything on this machine, no account, no other server."""
    prepare(test_tools=False)
    become([PYTHON, "-P", "-m", "addon.sandbox", *arguments])


def test(arguments: list[str]) -> int:
    """run.py test [--long] [what pytest takes]

    Runs all tests, on several cores. --long adds the soak and kill marathons. File names, -k WORDS, -x, -n 0 and
    all else is passed to pytest. Browser tests use Chromium (CHROMIUM=path, or the one on PATH; on Debian as root it is
    installed by apt); TEST_DATABASE_URL names a PostgreSQL to use instead of the one that comes with the test tools.
    """
    prepare(test_tools=True)
    find_chromium()
    become(tests(arguments), folder=HERE)


def check(arguments: list[str]) -> int:
    """run.py check [what pytest takes]

    Format, lint, types, import contracts, tests, each with its seconds; goes on after a failure and says at the end
    what failed. With CI=true a skipped test is a failure.
    """
    prepare(test_tools=True)
    find_chromium()
    steps = {
        "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "lint": [PYTHON, "-m", "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy"],
        "imports": [os.path.join(VENV, "bin", "lint-imports"), "--no-cache"],
        "tests": tests(arguments),
    }
    failed = [name for name, step in steps.items() if not passes(name, step)]
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll is well.")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Figures, as ratios that hold on any machine."""
    prepare(test_tools=False)
    become([PYTHON, "-m", "bench", *arguments], folder=HERE)


COMMANDS = {"demo": demo, "test": test, "check": check, "bench": bench}


def tests(arguments: list[str]) -> list[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(4, 2 * cores)  # browsers, time-outs and other processes are waited for half of the time
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of some hundred processes would compile all of us anew
    return [PYTHON, "-m", "pytest", "-n", str(workers), "--dist", "worksteal", *arguments]


def passes(name: str, step: list[str]) -> bool:
    print(f"== {name}", flush=True)
    begun = time.monotonic()
    code = obey_signals(subprocess.Popen(step, cwd=HERE))
    print(f"-- {name}: {'ok' if code == 0 else 'FAILED'}, {time.monotonic() - begun:.1f} s", flush=True)
    return code == 0


def obey_signals(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child; a SIGTERM meant for us reaches it, and Ctrl-C (which reached it already) ends us after it."""
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.wait()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    if code == -signal.SIGTERM:
        raise CannotGoOn("stopped.")
    return code


def become(command: list[str], folder: str | None = None) -> NoReturn:
    """Let the command take this process over: signals, the terminal and the exit code are then its own."""
    if folder:
        os.chdir(folder)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)


# ---- the folder .venv -----------------------------------------------------------------------------------------------


def prepare(test_tools: bool) -> None:
    """Make .venv hold what is needed. Costs nothing where the stamp says that it does already."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotGoOn(
            f"Dealthread needs Python 3.11 or newer; this is {platform.python_version()}. "
            "Start run.py with a newer one, for example: python3.11 run.py demo"
        )
    if os.name == "nt":
        raise CannotGoOn("Dealthread runs on Linux and macOS; on Windows, use WSL (wsl --install) and start it there.")
    if is_ready(test_tools):
        return
    with one_at_a_time():
        if is_ready(test_tools):
            return
        begun = time.monotonic()
        what = "Dealthread and its test tools" if test_tools else "Dealthread"
        print(f"Installing {what} into .venv (only this once) ...", file=sys.stderr, flush=True)
        install(test_tools)
        with open(STAMP, "w", encoding="utf-8") as stamp:
            json.dump(wanted(test_tools), stamp)
        print(f"... installed in {time.monotonic() - begun:.0f} s.", file=sys.stderr, flush=True)


def wanted(test_tools: bool) -> dict[str, object]:
    with open(os.path.join(HERE, "pyproject.toml"), "rb") as project:
        return {"folder": HERE, "project": hashlib.sha256(project.read()).hexdigest(), "test_tools": test_tools}


def installed() -> dict[str, object]:
    try:
        with open(STAMP, encoding="utf-8") as stamp:
            return dict(json.load(stamp))
    except (OSError, ValueError):
        return {}


def is_ready(test_tools: bool) -> bool:
    found = installed()
    return os.path.exists(PYTHON) and found in ([wanted(True)] if test_tools else [wanted(True), wanted(False)])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts at once install once: the second one waits for the first."""
    import fcntl  # noqa: PLC0415 - Windows has none, and should still read the sentence about WSL

    if not os.access(HERE, os.W_OK):
        raise CannotGoOn(f"cannot write to {HERE}. Clone Dealthread into a folder of your own and start it there.")
    folder = os.open(HERE, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def install(test_tools: bool) -> None:
    """Fill .venv with uv where there is one and it succeeds, with pip otherwise."""
    packages = RUN_SET + (TEST_TOOLS if test_tools or installed().get("test_tools") else [])
    moved = installed().get("folder", HERE) != HERE
    uv = shutil.which("uv")
    if uv and succeeds(lambda: install_with_uv(uv, packages, moved)):
        return
    install_with_pip(packages, moved)


def install_with_uv(uv: str, packages: list[str], moved: bool) -> None:
    if moved or not venv_is_sound():
        run_logged([uv, "venv", "--quiet", "--seed", "--clear", "--python", sys.executable, VENV])
    run_logged([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, *packages])


def install_with_pip(packages: list[str], moved: bool) -> None:
    if moved or not venv_is_sound(needs="pip"):
        make_venv()
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    if "--group" in packages:
        run_logged([*pip, "--upgrade", "pip>=25.1"])  # the pip of Python 3.11 knows no --group
    run_logged([*pip, *packages])


def make_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise CannotGoOn(
            "this Python cannot make virtual environments. "
            "On Debian and Ubuntu, install what is missing as root: apt install python3-venv"
        )
    run_logged([sys.executable, "-m", "venv", "--clear", VENV])


def venv_is_sound(needs: str = "sys") -> bool:
    """Whether .venv's Python starts, is new enough, and can import a module."""
    question = f"import sys, {needs}; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        return subprocess.run([PYTHON, "-c", question], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def succeeds(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except CannotGoOn:
        return False
    return True


def run_logged(command: list[str]) -> None:
    """Run a step of the installation; what it says is only shown when it fails."""
    done = subprocess.run(
        command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace"
    )
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in NO_NETWORK_SIGNS):
        raise CannotGoOn(
            "the packages could not be fetched: there is no network, or a proxy in the way. The first start needs it "
            "(or pip's cache, or wheels named by PIP_FIND_LINKS); later ones do not."
        )
    last_words = "\n".join("  " + line for line in done.stdout.strip().splitlines()[-15:])
    raise CannotGoOn(f"installing failed. The last words of `{' '.join(command[:5])} ...`:\n{last_words}")


# ---- what the tests need --------------------------------------------------------------------------------------------


def find_chromium() -> None:
    """Put a Chromium's path into CHROMIUM for the browser tests; installs Debian's where root may, in CI another."""
    found = os.environ.get("CHROMIUM") or chromium_on_path() or chromium_from_debian() or chromium_from_playwright()
    if found:
        os.environ["CHROMIUM"] = found
    else:
        print("There is no Chromium here: the journeys in a browser will be skipped. CHROMIUM=path names one.")


def chromium_on_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def chromium_from_debian() -> str | None:
    """Debian's package; Ubuntu's of that name is only a door to snap, so it is not taken."""
    with contextlib.suppress(OSError):
        if platform.freedesktop_os_release().get("ID") == "debian" and os.geteuid() == 0 and shutil.which("apt-get"):
            print(
                "Installing Debian's Chromium for the browser tests (only this once) ...", file=sys.stderr, flush=True
            )
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            packages = ["chromium", "fonts-dejavu-core"]
            for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
                subprocess.run(["apt-get", *step], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return chromium_on_path()


def chromium_from_playwright() -> str | None:
    """The build that the test tools' Playwright fetches: for CI alone, where a skipped test is a failure."""
    if not os.environ.get("CI"):
        return None
    where = (
        "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
    )
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        print("Fetching Playwright's Chromium for the browser tests ...", file=sys.stderr, flush=True)
        fetch = [PYTHON, "-m", "playwright", "install", *(["--with-deps"] if os.geteuid() == 0 else []), "chromium"]
        subprocess.run(fetch, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=300)
        asked = subprocess.run([PYTHON, "-c", where], stdout=subprocess.PIPE, text=True, timeout=60)
        return shutil.which(asked.stdout.strip() or "-")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
