"""The files in which phrases stand: a folder a language, in it a file for each thing that people say, and a few more.

`words.toml` names groups of words, `sentences.toml` holds what turns a sentence's meaning round, `times.toml` how dates
are named, `people.toml` how people are; `language.toml` holds the commonest words of a language that is added whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from addon.domain.verdicts.facts import What
from addon.domain.verdicts.said.dates import KINDS
from addon.domain.verdicts.said.reading import PhraseRefused

Languages = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""By the language's code and the file's name (without its ending), what stands in the file."""

_PLACES = ("anywhere", "opening", "alone", "unless")
_KEYS: dict[str, tuple[str, ...]] = {
    **{what.value: (*_PLACES, "words") for what in What},
    "sentences": ("negations", "negations_behind", "affirmations", "suppositions", "turns", "lead_ins"),
    "people": ("titles", "leads", "trails", "nobody"),
    "language": ("words", "letters"),
    "times": ("months", "weekdays", "quarters", "numbers", *KINDS, "words"),
}
_GROUPS = {"months": 12, "weekdays": 7, "quarters": 4}
"""Of `times.toml`: how many lists of names, in their order."""


@cache
def built_in() -> Languages:
    """The phrases that come with Dealthread."""
    with as_file(files(__package__) / "phrases") as folder:
        return in_folder(folder)


@cache
def in_folder(folder: Path) -> Languages:
    """The phrases in a folder. Raises PhraseRefused, naming the file and what to do."""
    return {
        language.name: {file.stem: _told(file) for file in sorted(language.glob("*.toml"))}
        for language in _languages(folder)
    }


def _languages(folder: Path) -> Iterator[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    except OSError as trouble:
        raise PhraseRefused(f"{folder} cannot be read: {trouble.strerror}.") from None
    for path in found:
        if path.is_dir():
            yield path
        elif path.suffix == ".toml":
            raise PhraseRefused(
                f"{path} stands outside a language. Move it into the folder of its language, such as en/."
            )


def _told(file: Path) -> dict[str, Any]:
    if file.stem not in (*_KEYS, "words"):
        known = ", ".join(sorted((*_KEYS, "words")))
        raise PhraseRefused(f"{file}: no file of that name is known. Call it one of: {known}.")
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise PhraseRefused(
            f"{file} is not read: {trouble}. Every phrase needs quotation marks and a comma behind it."
        ) from None
    except OSError as trouble:
        raise PhraseRefused(f"{file} cannot be read: {trouble.strerror}.") from None
    for key, value in told.items():
        _check(file, key, value)
    return told


def _check(file: Path, key: str, value: Any) -> None:
    known = _KEYS.get(file.stem)
    if known and key not in known:
        raise PhraseRefused(f"{file}: {key!r} is not known there. Use one of: {', '.join(known)}.")
    if file.stem == "times" and key in _GROUPS:
        _check_groups(file, key, value)
    elif file.stem == "times" and key == "numbers":
        _check_numbers(file, value)
    elif file.stem == "language":
        _check_text(file, key, value)
    elif key == "words" and file.stem != "words":
        for name, words in _table(file, key, value).items():
            _check_list(file, name, words)
    else:
        _check_list(file, key, value)


def _check_numbers(file: Path, value: Any) -> None:
    if not all(type(number) is int for number in _table(file, "numbers", value).values()):
        raise PhraseRefused(f"{file}: every line of [numbers] must name a number, like two = 2.")


def _check_text(file: Path, key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise PhraseRefused(f'{file}: {key!r} must be one text, like {key} = "...".')


def _table(file: Path, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PhraseRefused(f"{file}: {key!r} must be a table: a line [{key}], and below it a line for each name.")
    return value


def _check_groups(file: Path, key: str, value: Any) -> None:
    if not isinstance(value, list) or len(value) != _GROUPS[key]:
        raise PhraseRefused(f"{file}: {key!r} must hold {_GROUPS[key]} lists, in their order; a list may be empty: [].")
    for names in value:
        _check_list(file, key, names)


def _check_list(file: Path, key: str, value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        raise PhraseRefused(f'{file}: {key!r} must be a list of phrases, like {key} = ["...", "..."].')


def merged(first: Languages, second: Languages) -> Languages:
    """Both together: lists are added to each other, and so are their members where these are lists themselves."""
    return {code: _joined(first.get(code, {}), second.get(code, {})) for code in {*first, *second}}


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _sum(first.get(key), second.get(key)) for key in {**first, **second}}


def _sum(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return second if first is None else first
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return _joined(first, second)
    if isinstance(first, list) and isinstance(second, list):
        if first and isinstance(first[0], list) and len(first) == len(second):
            return [_sum(one, other) for one, other in zip(first, second, strict=True)]
        return [*first, *second]
    return second
