"""Words for people, by key. The domain returns codes with parameters; entrances ask here for the words.

A catalogue is a folder of TOML files, `locales/<language>/<entrance>.toml`. A text is a format string; one that counts
is a table of plural forms by CLDR category, chosen by the parameter `n`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import parse_pattern

FALLBACK = "en"


class NoText(KeyError):
    """A key that no catalogue has: a bug, caught by a test."""


@functools.cache
def catalogue(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """All texts of a language, keys joined by dots. Empty where the language has none."""
    folder = files("addon.i18n").joinpath("locales", language)
    texts: dict[str, str | Mapping[str, str]] = {}
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                _collect(tomllib.loads(file.read_text(encoding="utf-8")), "", texts)
    return texts


_PLURALS = {"zero", "one", "two", "few", "many", "other"}


def _collect(table: Mapping[str, Any], prefix: str, into: dict[str, str | Mapping[str, str]]) -> None:
    for key, value in table.items():
        if isinstance(value, str) or (value and set(value) <= _PLURALS):
            into[prefix + key] = value
        else:
            _collect(value, f"{prefix}{key}.", into)


def languages() -> list[str]:
    """Those that have a catalogue."""
    return sorted(entry.name for entry in files("addon.i18n").joinpath("locales").iterdir() if entry.is_dir())


@functools.cache
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(FALLBACK)


class Words:
    """The words of one reader: language, and the zone in which their days begin."""

    def __init__(self, locale: str = FALLBACK, zone: str = "UTC") -> None:
        self.locale = _locale(locale or FALLBACK)
        self.zone = ZoneInfo(zone or "UTC")

    @property
    def language(self) -> str:
        return self.locale.language

    def __call__(self, key: str, /, **params: Any) -> str:
        """The text of a key, filled. A missing language falls back to English. Raises NoText."""
        for language in (self.language, FALLBACK):
            found = catalogue(language).get(key)
            if found is not None:
                return self._fill(found, params)
        raise NoText(key)

    def has(self, key: str) -> bool:
        return key in catalogue(self.language) or key in catalogue(FALLBACK)

    def _fill(self, found: str | Mapping[str, str], params: Mapping[str, Any]) -> str:
        if not isinstance(found, str):
            found = found.get(self.locale.plural_form(params["n"]), found["other"])
        return found.format(**params) if params else found.replace("{{", "{").replace("}}", "}")

    def day(self, when: datetime | date, *, today: date) -> str:
        """today · yesterday · Thu 26 Nov · 4 Jan 2027, in the reader's zone."""
        day = when.astimezone(self.zone).date() if isinstance(when, datetime) else when
        if day == today:
            return self("time.today")
        if day == today - timedelta(days=1):
            return self("time.yesterday")
        pattern = "EEE d MMM" if abs((day - today).days) < 180 else "d MMM y"
        return format_date(day, pattern, locale=self.locale)

    def moment(self, when: datetime, *, now: datetime) -> str:
        """today 13:58 · Thu 26 Nov 09:00, in the reader's zone."""
        local = when.astimezone(self.zone)
        return f"{self.day(local, today=self.today(now))} {format_time(local, 'HH:mm', locale=self.locale)}"

    def ago(self, when: datetime, *, now: datetime) -> str:
        """just now · 4 minutes ago · then the moment itself."""
        seconds = (now - when).total_seconds()
        if seconds < 60:
            return self("time.just_now")
        if seconds < 3600:
            return self("time.minutes_ago", n=int(seconds // 60))
        return self.moment(when, now=now)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def money(self, amount: Decimal, currency: str) -> str:
        """With its currency; cents only where there are any: €18,200 · PLN 86,400 · €12.50."""
        pattern = parse_pattern(self.locale.currency_formats["standard"].pattern)
        pattern.frac_prec = (0, 0) if amount == amount.to_integral_value() else (2, 2)
        words: str = pattern.apply(amount, self.locale, currency=currency, currency_digits=False)
        return words.replace(currency, f"{currency}\u00a0") if words.startswith(currency) else words
