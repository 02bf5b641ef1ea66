"""`team add`, `user add`, `mailbox add`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from addon.sandbox.gmail import Gmail, serve

SCOPES = ("https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.compose")


def rows(shell, statement):
    engine = create_engine(f"sqlite:///{shell.folder}/dealthread.db")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


@pytest.fixture
def gmail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Gmail on this machine with two mailboxes, and settings that name it."""
    gmail = Gmail(tmp_path / "gmail.sqlite")
    gmail.accounts.add("ana@halyard.example")
    gmail.accounts.add("ben@halyard.example")
    gmail.clients.add("client", "secret", [])
    with serve(gmail) as server:
        monkeypatch.setenv("DEALTHREAD_GOOGLE_URL", server.url)
        monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_ID", "client")
        monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_SECRET", "secret")
        yield gmail
    gmail.close()


@pytest.fixture
def team(shell):
    shell.done("migrate")
    shell.done("team", "add", "Halyard")
    for name in ("ana", "ben"):
        shell.done("user", "add", f"{name}@halyard.example", "--team", "Halyard", "--role", "rep")
    return shell


def test_a_fresh_team_has_a_pipeline_and_the_rule_that_an_answer_moves_a_deal(team):
    stages = rows(team, "SELECT d.name FROM stage s JOIN stage_definition d ON d.stage_id = s.id ORDER BY s.position")

    assert [name for (name,) in stages] == ["New", "Presentation", "Negotiation", "Won", "Lost"]
    assert rows(team, "SELECT name, active FROM rule") == [("A person answered", 1)]


def test_a_team_is_added_once(team):
    assert "called Halyard already" in team.refused("team", "add", " Halyard ")
    assert rows(team, "SELECT count(*) FROM pipeline") == [(1,)]


def test_a_team_that_was_made_halfway_is_finished(team):
    """A full disk or a kill between the team and its pipeline leaves no team that nobody can complete."""
    engine = create_engine(f"sqlite:///{team.folder}/dealthread.db")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO team (name, currency, zone, created_at) VALUES ('Half','EUR','UTC','2026-11-23')")
        )
    engine.dispose()

    team.done("team", "add", "Half")

    assert rows(team, "SELECT count(*) FROM pipeline") == [(2,)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("user", "add", "cy@x.test", "--team", "Nope", "--role", "rep"), "no team called Nope"),
        (("user", "add", "ana@halyard.example", "--team", "Halyard", "--role", "admin"), "belongs to a team already"),
        (("user", "add", "nonsense", "--team", "Halyard", "--role", "rep"), "not an e-mail address"),
        (("team", "add", " "), "needs a name"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(team, arguments, sentence):
    assert sentence in team.refused(*arguments)


def test_a_mailbox_is_connected_with_a_token_that_opens_it_and_the_token_is_sealed(team, gmail):
    token = gmail.grants.issue("ana@halyard.example", SCOPES)
    file = team.file("token", token + "\n")

    told = team.done("mailbox", "add", "Ana@Halyard.example", "--refresh-token-file", file)

    assert "ana@halyard.example" in told
    [(email, state)] = rows(team, "SELECT email, state FROM mailbox")
    assert (email, state) == ("ana@halyard.example", "connected")
    assert token.encode() not in (team.folder / "dealthread.db").read_bytes()
    assert team.done("mailbox", "add", "ana@halyard.example", "--refresh-token-file", file), "again renews the grant"


def test_a_token_of_somebody_else_connects_nothing(team, gmail):
    token = gmail.grants.issue("ben@halyard.example", SCOPES)

    told = team.refused("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed=token)

    assert "belongs to ben@halyard.example, not to ana@halyard.example" in told
    assert rows(team, "SELECT count(*) FROM mailbox") == [(0,)]


def test_a_token_that_google_does_not_know_connects_nothing(team, gmail):
    told = team.refused("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed="1//made-up")

    assert "does not accept this refresh token" in told
    assert "made-up" not in told


def test_an_installation_that_google_does_not_know_is_told_so(team, gmail, monkeypatch):
    token = gmail.grants.issue("ana@halyard.example", SCOPES)
    monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_SECRET", "wrong")

    told = team.refused("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed=token)

    assert "DEALTHREAD_GOOGLE_CLIENT_SECRET" in told


def test_where_google_does_not_answer_the_token_is_kept_and_that_is_said(team):
    result = team("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed="1//a-token")

    assert result.exit_code == 0
    assert "nobody checked" in result.stderr
    assert rows(team, "SELECT count(*) FROM mailbox") == [(1,)]


def test_a_shared_mailbox_has_an_owner(team, gmail):
    gmail.accounts.add("sales@halyard.example")
    token = gmail.grants.issue("sales@halyard.example", SCOPES)
    add = ("mailbox", "add", "sales@halyard.example", "--refresh-token-file", "-")

    assert "--owner" in team.refused(*add, typed=token)
    team.done(*add, "--owner", "ben@halyard.example", typed=token)
    assert "somebody else" in team.refused(*add, "--owner", "ana@halyard.example", typed=token)
    assert "no refresh token" in team.refused(*add, typed=" \n")
