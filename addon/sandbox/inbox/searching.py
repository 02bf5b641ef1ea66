"""The search options: from the fields of the form to the words that Gmail's search box understands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

SPANS = {"1d": 1, "3d": 3, "1w": 7, "2w": 14, "1m": 31, "2m": 61, "6m": 183, "1y": 366}
"""How many days before and after the date a search may reach, by the form's value."""


def query_of(fields: Mapping[str, str], *, today: date) -> str:
    """What to put into the search box; empty where nothing was filled in. Days without a date end today.

    >>> query_of({"from": "rina@contoh.example", "subject": "price list", "files": "yes"}, today=date(2026, 11, 24))
    'from:rina@contoh.example subject:(price list) has:attachment'
    """
    said = [f"{name}:{_grouped(value)}" for name in ("from", "to", "subject") if (value := _plain(fields, name))]
    said += [words] if (words := " ".join(fields.get("words", "").split())) else []
    said += [f"-{_grouped(without)}"] if (without := _plain(fields, "without")) else []
    said += ["has:attachment"] if fields.get("files") else []
    said += [where] if (where := _where(fields.get("in", ""))) else []
    said += _within(fields.get("within", ""), fields.get("date", ""), today)
    return " ".join(said)


def _plain(fields: Mapping[str, str], name: str) -> str:
    """Without the brackets that would end its group."""
    return " ".join(fields.get(name, "").translate(_BRACKETS).split())


_BRACKETS = str.maketrans("(){}", "    ")


def _grouped(words: str) -> str:
    return f"({words})" if " " in words and not (words[0] == words[-1] == '"') else words


def _where(place: str) -> str:
    if place.startswith("label:"):
        return "label:" + "-".join(place.removeprefix("label:").replace("/", " ").split()).lower()
    return f"in:{place}" if place in ("inbox", "sent", "drafts", "spam", "trash", "anywhere") else ""


def _within(span: str, day: str, today: date) -> list[str]:
    if span not in SPANS:
        return []
    try:
        middle = date.fromisoformat(day) if day else today
    except ValueError:
        middle = today
    reach = timedelta(days=SPANS[span])
    ends = [f"before:{middle + reach + timedelta(days=1):%Y/%m/%d}"] if day else []
    return [f"after:{middle - reach:%Y/%m/%d}", *ends]
