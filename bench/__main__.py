"""`python -m bench`: measures, and prints a table or one JSON document."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import logging
import os
import platform
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

import structlog

from addon.models import Mailbox
from bench import proofs
from bench.figures import ALONE, FIGURES, NAMES
from bench.measuring import LARGE, TINY, USUAL, Figure, Missing, Size, Spoilt
from bench.world import World, world

_COLUMNS = "{:<21} {:>10} {:>10} {:>8}  {:<12} {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where the run proved worth nothing, 130 where it was broken off."""
    asked = _parser().parse_args(arguments)
    _log_to_standard_error()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    size = TINY if asked.tiny else LARGE if asked.large else USUAL
    if asked.sqlite:
        size = dataclasses.replace(size, on_postgresql=False)
    try:
        _measure(size, asked.only or NAMES, as_json=asked.json)
    except Spoilt as spoilt:
        sys.stderr.write(f"bench: {spoilt}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _measure(size: Size, names: Sequence[str], *, as_json: bool) -> None:
    figures: dict[str, Figure] = {}
    with ExitStack() as stack:
        made = stack.enter_context(world(size)) if any(name in FIGURES for name in names) else None
        head = _head(made)
        if not as_json:
            _say(head)
        looks = _looks(size, made)
        for name in dict.fromkeys(names):
            try:
                figures[name] = looks[name]()
            except Missing as missing:
                sys.stderr.write(f"{name}: left out. {missing}\n")
                continue
            if not as_json:
                _say(_row(name, figures[name]))
    if as_json:
        _say(json.dumps({name: figure.as_json() for name, figure in figures.items()}, indent=2))


def _looks(size: Size, made: World | None) -> Mapping[str, Callable[[], Figure]]:
    """What can be measured: without a world only what needs none."""
    alone = {name: functools.partial(figure, size) for name, figure in ALONE.items()}
    return alone | ({name: functools.partial(figure, made) for name, figure in FIGURES.items()} if made else {})


def _head(made: World | None) -> str:
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    columns = _COLUMNS.format("figure", "ours", "beside", "ratio", "unit", "beside it stands")
    if made is None:
        return f"{machine}\n\n{columns}"
    verified = proofs.verification(made)
    pragmas = ", ".join(f"{name}={value}" for name, value in _pragmas(made).items())
    return (
        f"{machine}; Gmail: one that does no work, in a process of its own\n"
        f"SQLite: {pragmas} (synchronous 2 is FULL: every commit waits for the disk)\n"
        f"Token verification is on: {verified}\n\n{columns}"
    )


def _pragmas(made: World) -> Mapping[str, str | int]:
    """Read back from the connection that the run writes with."""
    with proofs.watched(made.house.database) as seen, made.house.database.writing(made.team.viewer) as session:
        session.get_one(Mailbox, made.team.bens_mailbox)
    return seen.pragmas()


def _row(name: str, figure: Figure) -> str:
    told = figure.as_json()
    line = _COLUMNS.format(name, told["value"], told["beside"], told["ratio"], figure.unit, figure.what_is_beside)
    return "\n".join([line, *(f"{'':<21} {note}" for note in figure.notes)])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Figures, as ratios that hold on any machine.")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
    parser.add_argument("--only", metavar="NAME", choices=NAMES, action="append", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out, where a figure has both")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--large", action="store_true", help="a million deals, and measured for longer")
    sizes.add_argument(
        "--tiny", action="store_true", help="next to nothing: shows that it runs, its figures say nothing"
    )
    return parser


def _log_to_standard_error() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
