"""`migrate`, `settings`, `manifest`, and what stands in their way."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from addon import migrations
from addon.settings import Settings


def test_migrating_makes_the_tables_and_again_changes_nothing(shell):
    assert migrations.newest() in shell.done("migrate")
    before = (shell.folder / "dealthread.db").read_bytes()

    shell.done("migrate")

    with sqlite3.connect(shell.folder / "dealthread.db") as database:
        assert database.execute("SELECT count(*) FROM installation").fetchone() == (1,)
    database.close()
    assert before[:16] == b"SQLite format 3\x00"


def test_the_settings_are_listed_with_secrets_hidden(shell, monkeypatch):
    monkeypatch.setenv("DEALTHREAD_DATABASE_URL", "postgresql://ana:hush@db.example/sales")
    monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_SECRET", "very-hush")

    told = shell.done("settings")

    for name, field in Settings.model_fields.items():
        assert f"DEALTHREAD_{name.upper()} = " in told
        assert str(field.description) in told
    assert "hush" not in told
    assert "ana:***@db.example" in told
    assert shell.folder.name not in told or "hush" not in told


def test_odd_settings_are_refused_one_line_each(shell, monkeypatch):
    monkeypatch.setenv("DEALTHREAD_PUBLIC_URL", "http://sales.example.com")
    monkeypatch.setenv("DEALTHREAD_DAILY_CAP", "many")

    told = shell.refused("settings")

    assert "DEALTHREAD_PUBLIC_URL: must be https" in told
    assert "DEALTHREAD_DAILY_CAP:" in told


def test_the_manifest_is_one_json_document(shell):
    manifest = json.loads(shell.done("manifest", "--public-url", "https://sales.example.com"))

    assert "https://sales.example.com/addon/home" in json.dumps(manifest)
    assert "https" in shell.refused("manifest", "--public-url", "http://sales.example.com")


@pytest.mark.parametrize("command", [("migrate",), ("team", "add", "X"), ("worker", "--until-idle"), ("serve",)])
def test_without_a_key_each_command_says_how_to_make_one(shell, monkeypatch, command):
    monkeypatch.setenv("DEALTHREAD_SECRET_KEYS", "")

    told = shell.refused(*command)

    assert 'python -c "from cryptography.fernet import Fernet' in told
    assert not (shell.folder / "dealthread.db").exists()


@pytest.mark.parametrize("command", [("team", "add", "X"), ("campaign", "status", "1"), ("worker",), ("serve",)])
def test_before_migrate_each_command_says_so_and_makes_no_file(shell, command):
    assert "dealthread migrate" in shell.refused(*command)
    assert not (shell.folder / "dealthread.db").exists()


def test_an_empty_database_is_one_that_nobody_migrated(shell):
    shell.file("dealthread.db", b"")

    assert "dealthread migrate" in shell.refused("team", "add", "X")


def test_a_database_of_a_newer_version_is_left_alone(shell):
    shell.done("migrate")
    with sqlite3.connect(shell.folder / "dealthread.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    assert "newer version" in shell.refused("team", "add", "X")


def test_a_key_that_opens_nothing_is_found_out_before_anything_is_done(office, monkeypatch):
    monkeypatch.setenv("DEALTHREAD_SECRET_KEYS", Fernet.generate_key().decode())

    assert "None of DEALTHREAD_SECRET_KEYS" in office.refused("team", "add", "X")


def test_a_file_that_is_no_database_and_a_server_that_does_not_answer_are_named(shell, monkeypatch):
    shell.file("dealthread.db", "x" * 5000)
    assert "not a Dealthread database" in shell.refused("team", "add", "X")

    monkeypatch.setenv("DEALTHREAD_DATABASE_URL", "postgresql://ana:hush@127.0.0.1:9/sales")
    told = shell.refused("team", "add", "X")

    assert "can't be reached" in told
    assert "hush" not in told


def test_a_full_disk_loses_nothing_and_says_so(office, monkeypatch):
    """SQLite's own limit on a file's size gives the very complaint of a full disk."""
    with sqlite3.connect(office.folder / "dealthread.db") as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.close()
    monkeypatch.setattr("addon.domain.access.sessions.SQLITE_PRAGMAS", {"foreign_keys": "ON", "max_page_count": pages})

    people = "".join(f"p{number}@x.test,P\n" for number in range(400))
    told = office.refused(
        *("campaign", "create", "--mailbox", "ana@halyard.example", "--name", "Spring"),
        *("--subject-file", office.file("s", "Hi"), "--body-file", office.file("b", "Hi")),
        *("--recipients", office.file("r.csv", "email,first_name\n" + people)),
    )

    assert "disk is full" in told
    assert "nothing was lost" in told


def test_what_is_not_understood_ends_with_two(shell):
    for arguments in (["nonsense"], ["team", "add"], ["user", "add", "a@x.test", "--team", "T", "--role", "king"]):
        result = shell(*arguments)
        assert result.exit_code == 2
        assert result.stdout == ""


@pytest.mark.parametrize(
    "command",
    [
        *("", "migrate", "serve", "worker", "settings", "manifest", "team add", "user add", "mailbox add"),
        *("campaign create", "campaign send", "campaign status"),
    ],
)
def test_every_command_explains_itself(shell, command):
    told = shell.done(*command.split(), "--help")

    assert "Usage: dealthread" in told
    assert len(told.splitlines()) > 5
    assert "{" not in told.replace("{{ first_name", "").replace("{{", "")


def test_the_command_is_the_package_too(shell):
    told = subprocess.run(
        [sys.executable, "-m", "addon", "--version"], capture_output=True, text=True, timeout=60, check=True
    )

    assert told.stdout.startswith("Dealthread ")
