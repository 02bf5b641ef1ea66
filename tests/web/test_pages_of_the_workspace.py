"""What all pages have in common: headers, words, errors, and that looking changes nothing."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from addon.domain.access import Database
from addon.i18n import Words
from addon.models import User

ROOT = Path(__file__).parents[2]
CHANGES_BY_LOOKING = {"/mailboxes/connected"}
"""The return from Google's consent page, one of law 12's two exceptions."""


def test_pages_forbid_what_they_do_not_need(small_world):
    answer = small_world.client().get("/preferences")
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_no_page_carries_a_style_or_a_script_of_its_own(small_world):
    """The policy would refuse them; a template that has one draws a broken page."""
    for template in (ROOT / "templates" / "web").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), template.name
        assert not re.search(r"\son[a-z]+=", text), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name
        assert "<style" not in text, template.name


def test_files_are_kept_under_a_name_that_changes_with_them(small_world):
    page = small_world.client().get("/preferences").text
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    client = small_world.stranger()

    assert len(addresses) >= 4
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_looking_changes_nothing(small_world, monkeypatch):
    deal = small_world.deal("Pilot")
    client = small_world.client()

    @contextmanager
    def refuse(*_):
        raise AssertionError("a GET opened a writing session")
        yield

    monkeypatch.setattr(Database, "writing", refuse)
    looked = 0
    for rule in small_world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.endpoint.startswith("web.") or "path:" in rule.rule:
            continue
        if rule.rule in CHANGES_BY_LOOKING:
            continue
        numbers = {name: deal if name == "deal_id" else 1 for name in rule.arguments}
        with small_world.app.test_request_context():
            address = small_world.app.url_for(rule.endpoint, **numbers)
        assert client.get(address).status_code < 500, address
        looked += 1
    assert looked > 15


def test_every_text_that_a_page_asks_for_is_there(small_world):
    """Keys put together at run time are the tests' of their pages."""
    words, missing = Words(), set()
    endpoints = {rule.endpoint for rule in small_world.app.url_map.iter_rules()}
    for file in [*(ROOT / "templates" / "web").glob("*.html"), *(ROOT / "addon" / "web").rglob("*.py")]:
        for key in re.findall(r"""["'](web\.[a-z0-9_.]+[a-z0-9_])["']""", file.read_text(encoding="utf-8")):
            if key not in endpoints and not words.has(key):
                missing.add(f"{file.name}: {key}")

    assert not missing


def test_no_text_of_the_pages_stands_unused():
    used = "".join(
        file.read_text(encoding="utf-8")
        for file in [*(ROOT / "templates" / "web").glob("*.html"), *(ROOT / "addon" / "web").rglob("*.py")]
    )
    groups = re.findall(r"^\[web\.([a-z_]+)\]", locale(), re.MULTILINE)

    assert [group for group in groups if f"web.{group}" not in used] == []


def locale() -> str:
    return (ROOT / "addon" / "i18n" / "locales" / "en" / "web.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "status", "said"), [("/nope", 404, "There is no such page"), ("/deals/99", 404, "")])
def test_a_page_that_is_not_there_says_so_and_leads_home(small_world, path, status, said):
    answer = small_world.client().get(path)

    assert answer.status_code == status
    assert said in answer.text
    assert "Go to the board" in answer.text


def test_a_fault_of_ours_shows_a_short_number_that_the_log_has_too(small_world, monkeypatch, caplog):
    monkeypatch.setattr("addon.web.boards.board_page.board_view", lambda *_, **__: 1 / 0)

    answer = small_world.client().get(f"/board/{small_world.pipeline.id}")

    number = re.search(r'id="error-number">([0-9A-Z]{2}-[0-9A-Z]{4})<', answer.text)
    assert answer.status_code == 500
    assert number is not None
    assert "ZeroDivisionError" not in answer.text
    assert number[1] in caplog.text


def test_the_log_says_where_a_page_failed_and_not_what_the_error_quotes(small_world, monkeypatch, caplog):
    def fail(*_: object, **__: object) -> None:
        raise ValueError("Failing row contains (jane@acme.example)")

    monkeypatch.setattr("addon.web.boards.board_page.board_view", fail)

    small_world.client().get(f"/board/{small_world.pipeline.id}")

    assert "ValueError at fail:" in caplog.text
    assert "jane@acme.example" not in caplog.text


def test_a_request_that_is_too_large_is_refused_in_words(small_world):
    small_world.app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = small_world.post("/campaigns/list", {"name": "x" * 5000})

    assert answer.status_code == 413
    assert "That file is too large" in answer.text


def test_dark_is_the_persons_choice(small_world):
    client = small_world.client()
    assert 'data-bs-theme="light"' in client.get("/preferences").text

    small_world.post("/preferences", {"dark": "1"})

    assert 'data-bs-theme="dark"' in client.get("/preferences").text
    with small_world.database.reading(small_world.viewer) as session:
        assert session.get_one(User, small_world.anna.id).dark
